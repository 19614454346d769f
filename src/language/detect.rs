//! The language of a message: by its script where that decides, else by its words where there are enough of them.

use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use super::Language;
use super::han::Vote;

/// A language shows in its first sentences; a message of 4,096 characters need not be read to its end.
const LOOKED_AT: usize = 1_000;
/// Below this the detector is wrong more often than it is worth: on 10 to 19 Latin characters it finds 55 %.
const ENOUGH: usize = 20;
/// What one character weighs against one Latin letter. A Chinese character or a Korean syllable stands for about that
/// many, so that a foreign term or two do not outweigh the sentence around them.
const HAN_WEIGHT: usize = 3;
const HANGUL_WEIGHT: usize = 2;

/// What a text tells of its language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Its script is written by one language only, for us.
    Script(Language),
    /// Chinese characters alone; Japanese where the person is known to be.
    Han(Vote),
    /// Its words are like those of this language.
    Words(Language),
}

/// What `text` tells; nothing if it is too short or too mixed.
pub(super) fn look(text: &str) -> Option<Found> {
    let text: String = text.chars().take(LOOKED_AT).collect();
    let own = own_words(&text);
    // A text that is one quotation speaks for itself.
    let own = if own.chars().any(char::is_alphabetic) { own } else { text };
    by_script(&own).or_else(|| by_words(&own))
}

fn by_script(text: &str) -> Option<Found> {
    let count = Count::of(text);
    let kana = count.kana + count.no;
    let east = (kana + count.han) * HAN_WEIGHT;
    let candidates = [
        (Script::East, east),
        (Script::Hangul, count.hangul * HANGUL_WEIGHT),
        (Script::Devanagari, count.devanagari),
        (Script::Arabic, count.arabic),
        (Script::Thai, count.thai),
    ];
    let (script, weight) = candidates.into_iter().max_by_key(|(_, weight)| *weight)?;
    if weight == 0 || weight < count.alphabetic {
        return None;
    }
    let language = match script {
        Script::East => {
            let vote = Vote::of(text);
            // の alone adorns Chinese shop signs and titles.
            if kana == 0 || (count.kana == 0 && vote.not_japanese) {
                return Some(Found::Han(vote));
            }
            Language::known("ja")
        }
        Script::Hangul => Language::known("ko"),
        Script::Devanagari => Language::known("hi"),
        Script::Arabic => Language::known("ar"),
        Script::Thai => Language::known("th"),
    };
    Some(Found::Script(language))
}

fn by_words(text: &str) -> Option<Found> {
    /// Those that people wrote to us in. With fewer to choose from, the detector errs less.
    const CANDIDATES: [Lang; 13] = [
        Lang::Eng,
        Lang::Spa,
        Lang::Por,
        Lang::Fra,
        Lang::Deu,
        Lang::Ita,
        Lang::Nld,
        Lang::Pol,
        Lang::Rus,
        Lang::Ukr,
        Lang::Tur,
        Lang::Vie,
        Lang::Ind,
    ];
    static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::with_allowlist(CANDIDATES.to_vec()));

    let text = text.trim();
    if text.chars().count() < ENOUGH {
        return None;
    }
    let info = DETECTOR.detect(text).filter(whatlang::Info::is_reliable)?;
    let tag = match info.lang() {
        Lang::Eng => "en",
        Lang::Spa => "es",
        Lang::Por => "pt-BR",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
        Lang::Ind => "id",
        _ => return None,
    };
    Some(Found::Words(Language::known(tag)))
}

#[derive(Clone, Copy, Debug)]
enum Script {
    /// Kana and Chinese characters.
    East,
    Hangul,
    Devanagari,
    Arabic,
    Thai,
}

/// Letters by script.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    han: usize,
    /// Kana but の.
    kana: usize,
    /// The one kana that is seen in Chinese.
    no: usize,
    hangul: usize,
    devanagari: usize,
    arabic: usize,
    thai: usize,
    /// Latin, Cyrillic and the like, outside of names such as `MP4` and `BGM`.
    alphabetic: usize,
}

impl Count {
    fn of(text: &str) -> Self {
        let mut count = Self::default();
        let mut word = Word::default();
        for letter in text.chars() {
            let script = match letter {
                'の' => &mut count.no,
                '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{FF66}'..='\u{FF9D}' => &mut count.kana,
                '\u{3400}'..='\u{4DBF}'
                | '\u{4E00}'..='\u{9FFF}'
                | '\u{F900}'..='\u{FAFF}'
                | '\u{20000}'..='\u{323AF}' => &mut count.han,
                '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7AF}' => &mut count.hangul,
                '\u{0900}'..='\u{097F}' => &mut count.devanagari,
                '\u{0600}'..='\u{06FF}'
                | '\u{0750}'..='\u{077F}'
                | '\u{FB50}'..='\u{FDFF}'
                | '\u{FE70}'..='\u{FEFC}'
                    if letter.is_alphabetic() =>
                {
                    &mut count.arabic
                }
                '\u{0E01}'..='\u{0E4E}' => &mut count.thai,
                other => {
                    count.alphabetic += word.take(other);
                    continue;
                }
            };
            *script += 1;
            count.alphabetic += word.end();
        }
        count.alphabetic += word.end();
        count
    }
}

/// A word of an alphabet in the making.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    letters: usize,
    small: bool,
    digit: bool,
}

impl Word {
    /// Adds a character; gives the letters of the word that it ends, if it ends one.
    fn take(&mut self, letter: char) -> usize {
        if !letter.is_alphanumeric() {
            return self.end();
        }
        self.letters += usize::from(letter.is_alphabetic());
        self.small |= letter.is_lowercase();
        self.digit |= letter.is_numeric();
        0
    }

    /// Its letters, unless it is a name of things that all languages call alike: `MP4`, `1080p`, `BGM`.
    fn end(&mut self) -> usize {
        let word = std::mem::take(self);
        if word.digit || !word.small { 0 } else { word.letters }
    }
}

/// `text` without what is not the writer's: addresses, names of people, commands, quotations.
fn own_words(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| {
        !(word.contains("://") || word.starts_with("www.") || word.starts_with('@') || word.starts_with('/'))
    });
    let mut own = String::with_capacity(text.len());
    let mut closing = None;
    let mut quoted = String::new();
    for word in words {
        for letter in word.chars().chain([' ']) {
            match closing {
                Some(end) if letter == end => {
                    closing = None;
                    quoted.clear();
                    own.push(' ');
                }
                Some(_) => quoted.push(letter),
                None => match closing_of(letter) {
                    Some(end) => closing = Some(end),
                    None => own.push(letter),
                },
            }
        }
    }
    // A quotation that never ends was none.
    own + &quoted
}

fn closing_of(opening: char) -> Option<char> {
    Some(match opening {
        '"' => '"',
        '“' | '„' => '”',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '«' => '»',
        '`' => '`',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_addresses_and_names_are_not_the_writers_words() {
        assert_eq!(own_words("/meta put “生日快乐” on https://a.example/视频 @某人 now").trim(), "put   on now");
        assert_eq!(own_words("5\" wide").trim(), "5 wide");
    }

    #[test]
    fn one_long_message_is_read_only_at_its_start() {
        let text = format!("{}{}", "a ".repeat(LOOKED_AT), "你好".repeat(LOOKED_AT));
        assert_eq!(by_script(&text.chars().take(LOOKED_AT).collect::<String>()), None);
        assert!(!matches!(look(&text), Some(Found::Han(_))));
    }
}
