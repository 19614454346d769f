//! Which lines of a reply are the user's to paste.

use std::ops::Range;

use super::words::{WORDS, all, find};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The agent speaks.
    Prose,
    /// An item of a list, which may as well be a title.
    Item,
    /// Never touched.
    Content,
}

/// What the lines before say of the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Under {
    #[default]
    Nothing,
    Fence(char),
    /// Under a label. `begun`: something stands under it, so that an empty line ends it, unless it is a long one.
    Label {
        long: bool,
        begun: bool,
    },
}

/// A label is no longer than this (in characters), with what is said around it.
const LABEL: usize = 60;

/// The lines of a text with what they are, each with its line end.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    pub(super) under: Under,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self::after(text, Under::Nothing)
    }

    /// Those that follow lines which said so of them.
    pub(super) fn after(text: &'a str, under: Under) -> Self {
        Self { text, at: 0, under }
    }

    fn judge(&mut self, line: &str) -> Kind {
        let line = line.trim();
        let fence = ["```", "~~~"].iter().find(|mark| line.starts_with(**mark)).and_then(|mark| mark.chars().next());
        match (self.under, fence) {
            (Under::Fence(open), Some(mark)) if open == mark => {
                self.under = Under::Nothing;
                return Kind::Content;
            }
            (Under::Fence(_), _) => return Kind::Content,
            (_, Some(mark)) => {
                self.under = Under::Fence(mark);
                return Kind::Content;
            }
            _ => {}
        }
        if line.is_empty() {
            if matches!(self.under, Under::Label { long: false, begun: true }) {
                self.under = Under::Nothing;
            }
            return Kind::Content;
        }
        if let Some((long, begun)) = label(line) {
            self.under = Under::Label { long, begun };
            return Kind::Content;
        }
        if line.starts_with('#') || line.len() >= 3 && line.chars().all(|mark| matches!(mark, '-' | '*' | '_')) {
            self.under = Under::Nothing;
            return Kind::Content;
        }
        if let Under::Label { begun, .. } = &mut self.under {
            *begun = true;
            return Kind::Content;
        }
        if line.starts_with(['|', '>']) || is_tags(line) {
            Kind::Content
        } else if is_item(line) {
            Kind::Item
        } else {
            Kind::Prose
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = (Kind, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = self.at + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = self.at..end;
        self.at = end;
        Some((self.judge(&self.text[line.clone()]), line))
    }
}

/// Whether a line is or begins with a label, whether it is a long one, and whether its content begins on the line.
fn label(line: &str) -> Option<(bool, bool)> {
    let marked = line.starts_with(['#', '【', '[']) || line.starts_with("**");
    let bare = line.trim_matches(|mark: char| !mark.is_alphanumeric() && !matches!(mark, ':' | '：'));
    let (head, rest) = match bare.find([':', '：', '】']) {
        Some(at) => (&bare[..at], bare[at..].trim_start_matches(|mark: char| !mark.is_alphanumeric())),
        None => (bare, ""),
    };
    if head.chars().count() > LABEL {
        return None;
    }
    // A label is no sentence and stands behind none: so a growing line that began with one cannot become one.
    let upto = line.find(head).map_or(line, |at| &line[..at + head.len()]);
    if ends_sentence(without_number(upto.trim_start_matches(|mark: char| !mark.is_alphanumeric() && mark != '.'))) {
        return None;
    }
    let colon = head.len() < bare.len();
    let head = head.to_lowercase();
    let mut longest: Option<&str> = None;
    for (_, word) in all(&WORDS.label) {
        let alone = head.trim() == word;
        if (alone || (colon || marked) && find(&head, word).next().is_some())
            && longest.is_none_or(|other| other.len() < word.len())
        {
            longest = Some(word);
        }
    }
    let word = longest?;
    Some((all(&WORDS.long_label).any(|(_, long)| long == word), !rest.is_empty()))
}

/// Without the number of an item.
fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    if rest.len() < text.len() { rest.trim_start_matches(['.', ')', '、']) } else { text }
}

/// Whether a sentence may end inside of `text`.
fn ends_sentence(text: &str) -> bool {
    text.contains(['.', '!', '?', '。', '！', '？'])
}

/// A row of short pieces between commas without the end of a sentence, or of hashtags.
fn is_tags(line: &str) -> bool {
    const PIECES: usize = 4;
    const PIECE: usize = 30;
    let mut words = line.split_whitespace();
    if words.all(|word| word.starts_with('#') && word.len() > 1) {
        return true;
    }
    let pieces: Vec<&str> = line.split([',', '，', '、']).collect();
    pieces.len() >= PIECES && pieces.iter().all(|piece| piece.chars().count() <= PIECE) && !ends_sentence(line)
}

fn is_item(line: &str) -> bool {
    if line.starts_with(['•', '·']) || line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ") {
        return true;
    }
    let rest = line.trim_start_matches(|digit: char| digit.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with(['.', ')', '、'])
}
