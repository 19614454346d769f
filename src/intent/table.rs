//! The table of phrases, read once from `config/intents.toml`, which is part of the program.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Intent;
use super::normal::{Fold, is_unspaced, is_word};
use super::scan::Token;

/// What a phrase does to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Class {
    Export,
    Credits,
    Status,
    Upload,
    New,
    Help,
    /// Price, how-to, duration.
    Question,
    /// A negation.
    Blocker,
    /// Changes nothing.
    Filler,
}

impl Class {
    pub(super) const fn intent(self) -> Option<Intent> {
        Some(match self {
            Self::Export => Intent::Export,
            Self::Credits => Intent::Credits,
            Self::Status => Intent::Status,
            Self::Upload => Intent::Upload,
            Self::New => Intent::New,
            Self::Help => Intent::Help,
            Self::Question | Self::Blocker | Self::Filler => return None,
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Credits => "credits",
            Self::Status => "status",
            Self::Upload => "upload",
            Self::New => "new",
            Self::Help => "help",
            Self::Question => "question",
            Self::Blocker => "blocker",
            Self::Filler => "filler",
        }
    }
}

/// What some phrases are besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum List {
    /// Makes credits those of a film.
    Film,
    /// Asks for a number.
    Count,
    /// Asks for a price, whatever of.
    Price,
    /// Names the project.
    Project,
    Show,
    What,
    You,
    Can,
    Do,
    /// Asks how something is, not how it is done.
    How,
    /// A blocker that counts beside what changes something.
    Weak,
}

/// The file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    normal: Normal,
    slips: BTreeMap<Class, Vec<String>>,
    lists: BTreeMap<List, Vec<String>>,
    agent: BTreeMap<String, Vec<String>>,
    pub(super) phrases: BTreeMap<Class, BTreeMap<String, Vec<String>>>,
    pub(super) control: BTreeMap<Intent, BTreeMap<String, Vec<String>>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Normal {
    simplify: Vec<String>,
    alike: Vec<(String, String)>,
}

/// One step of the search tree.
#[derive(Debug, Default)]
pub(super) struct Node {
    next: HashMap<char, usize>,
    /// The class of the phrase that ends here.
    pub(super) ends: Option<Class>,
}

/// The words of `[agent]`, by how they are looked for.
#[derive(Debug, Default)]
struct Agent {
    words: HashSet<String>,
    stems: Vec<String>,
    pieces: Vec<String>,
}

/// The table in a form to search in.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) fold: Fold,
    nodes: Vec<Node>,
    slips: Vec<(Vec<char>, Class)>,
    lists: BTreeMap<List, HashSet<String>>,
    /// Words that keep a message for the agent: whole ones, beginnings of words, and pieces of unspaced scripts.
    agent: Agent,
    control: HashMap<String, Intent>,
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::of(&read().unwrap_or_default()));

/// A test holds that it can be read.
pub(super) fn read() -> Result<File, config::ConfigError> {
    config::Config::builder()
        .add_source(config::File::from_str(include_str!("../../config/intents.toml"), config::FileFormat::Toml))
        .build()?
        .try_deserialize()
}

impl Table {
    fn of(file: &File) -> Self {
        let mut letters = HashMap::new();
        for pair in &file.normal.simplify {
            let mut pair = pair.chars();
            if let (Some(one), Some(other)) = (pair.next(), pair.next()) {
                letters.insert(one, other);
            }
        }
        let fold = Fold { letters, alike: file.normal.alike.clone() };
        let mut table = Self { nodes: vec![Node::default()], ..Self::default() };
        for (class, languages) in &file.phrases {
            for phrase in languages.values().flatten() {
                table.add(&fold.fold(phrase), *class);
            }
        }
        table.slips =
            file.slips.iter().flat_map(|(class, words)| words.iter().map(|w| (w.chars().collect(), *class))).collect();
        let folded = |words: &Vec<String>| words.iter().map(|word| fold.fold(word)).collect();
        table.lists = file.lists.iter().map(|(list, words)| (*list, folded(words))).collect();
        for word in file.agent.values().flatten() {
            let folded = fold.fold(word);
            if folded.starts_with(is_unspaced) {
                table.agent.pieces.push(folded);
            } else if let Some(stem) = folded.strip_suffix('*') {
                table.agent.stems.push(stem.to_owned());
            } else {
                table.agent.words.insert(folded);
            }
        }
        for (intent, languages) in &file.control {
            table.control.extend(languages.values().flatten().map(|phrase| (fold.fold(phrase), *intent)));
        }
        table.fold = fold;
        table
    }

    fn add(&mut self, phrase: &str, class: Class) {
        let mut at = 0;
        for letter in phrase.chars() {
            let fresh = self.nodes.len();
            at = *self.nodes[at].next.entry(letter).or_insert(fresh);
            if at == fresh {
                self.nodes.push(Node::default());
            }
        }
        self.nodes[at].ends = Some(class);
    }

    /// The phrases that begin at the start of `text`, shortest first: how many characters, and their class.
    pub(super) fn phrases_at<'a>(&'a self, text: &'a [char]) -> impl Iterator<Item = (usize, Class)> + 'a {
        let mut at = 0;
        text.iter()
            .enumerate()
            .map_while(move |(read, letter)| {
                at = *self.nodes[at].next.get(letter)?;
                Some(self.nodes[at].ends.map(|class| (read + 1, class)))
            })
            .flatten()
    }

    /// The class of a word that is one slip away from a known one.
    pub(super) fn slip(&self, word: &[char]) -> Option<Class> {
        /// Shorter words are too near to others.
        const LONG: usize = 5;
        if word.len() < LONG || !word.iter().all(char::is_ascii_alphabetic) {
            return None;
        }
        self.slips.iter().find(|(known, _)| is_one_slip(word, known)).map(|(_, class)| *class)
    }

    /// Whether a phrase that is no command by itself is of `list`.
    pub(super) fn is(&self, list: List, token: &Token) -> bool {
        matches!(token.class, Some(Class::Question | Class::Blocker | Class::Filler))
            && self.lists.get(&list).is_some_and(|words| words.contains(&token.text))
    }

    /// The word of `whole`, a folded message, that only the agent has a use for.
    pub(super) fn keeps_for_agent<'a>(&'a self, whole: &'a str) -> Option<&'a str> {
        let Agent { words, stems, pieces } = &self.agent;
        whole
            .split(|letter: char| !is_word(letter) || is_unspaced(letter))
            .find(|word| words.contains(*word) || stems.iter().any(|stem| word.starts_with(stem.as_str())))
            .or_else(|| pieces.iter().map(String::as_str).find(|piece| whole.contains(piece)))
    }

    /// The control phrase that `whole` is, a message without punctuation around it.
    pub(super) fn control(&self, whole: &str) -> Option<Intent> {
        self.control.get(whole).copied()
    }
}

/// Two neighbours swapped, or a letter more or one less; never another letter.
fn is_one_slip(word: &[char], known: &[char]) -> bool {
    let same = word.iter().zip(known).take_while(|(one, other)| one == other).count();
    let (word, known) = (&word[same..], &known[same..]);
    match word.len().checked_sub(known.len()) {
        Some(1) => word[1..] == *known,
        Some(0) => word.len() >= 2 && word[0] == known[1] && word[1] == known[0] && word[2..] == known[2..],
        Some(_) => false,
        None => known.len() - word.len() == 1 && known[1..] == *word,
    }
}
