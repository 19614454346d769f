//! The words, read once from `config/gui.toml`, which is part of the program.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Words by language.
pub(super) type List = BTreeMap<String, Vec<String>>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) pointer: List,
    pub(super) view: List,
    pub(super) plain: List,
    pub(super) noun: List,
    pub(super) action: List,
    pub(super) offer: List,
    pub(super) opener: List,
    pub(super) others: List,
    pub(super) report: List,
    pub(super) viewers: List,
    pub(super) control: List,
    pub(super) to_upload: List,
    pub(super) to_state: List,
    pub(super) to_edit: List,
    pub(super) to_export: List,
    pub(super) to_credits: List,
    pub(super) idle: List,
    pub(super) not_state: List,
    pub(super) label: List,
    pub(super) long_label: List,
    pub(super) dangling: List,
    pub(super) do_it: List,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| read().unwrap_or_default());

/// A test holds that it can be read.
pub(super) fn read() -> Result<Words, config::ConfigError> {
    config::Config::builder()
        .add_source(config::File::from_str(include_str!("../../config/gui.toml"), config::FileFormat::Toml))
        .build()?
        .try_deserialize()
}

/// All words of a list, with their language.
pub(super) fn all(list: &List) -> impl Iterator<Item = (&str, &str)> {
    list.iter().flat_map(|(language, words)| words.iter().map(move |word| (language.as_str(), word.as_str())))
}

/// Whether one of `list` stands in `text`, which is in lower case.
pub(super) fn has(text: &str, list: &List) -> bool {
    all(list).any(|(_, word)| find(text, word).next().is_some())
}

/// Where `word` stands in `text` on word boundaries. Scripts without spaces have none.
pub(super) fn find<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let runs_on = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() && !is_unspaced(letter));
    let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() && !is_unspaced(letter));
    let (first, last) = (edge(word.chars().next()), edge(word.chars().next_back()));
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let left = !first || !runs_on(text[..*at].chars().next_back());
        let right = !last || !runs_on(text[at + word.len()..].chars().next());
        left && right
    })
}

/// Scripts that put no spaces between words, and Korean, whose endings stick to them.
pub(super) const fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{0E00}'..='\u{0E7F}')
}
