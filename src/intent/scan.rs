//! A message, read into phrases of the table and residue.

use std::fmt;

use super::normal::{is_unspaced, is_word};
use super::table::{Class, TABLE};

/// A phrase or a piece of residue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Residue has none.
    pub(super) class: Option<Class>,
    pub(super) text: String,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class.map_or("residue", Class::name), self.text)
    }
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) tokens: Vec<Token>,
    /// There was a quotation. It is not among the tokens.
    pub(super) quoted: bool,
    /// The folded message without punctuation around it.
    pub(super) whole: String,
}

/// What a time or a ratio becomes: in no list, so it is residue. Both ask for an edit first.
const RATIO: &str = " aspectratio ";
/// What a link becomes, which is a filler.
const LINK: &str = " <url> ";
const QUOTES: [(char, char); 7] =
    [('“', '”'), ('"', '"'), ('「', '」'), ('『', '』'), ('«', '»'), ('‘', '’'), ('\'', '\'')];

/// Reads `text`, which is short.
pub(super) fn scan(text: &str) -> Scan {
    let (raw, quoted) = without_quotes(&without_ratios(&without_links(text)));
    let folded = addressed(&TABLE.fold.fold(&raw));
    let whole = TABLE.fold.fold(text);
    let whole = whole.trim_matches(|letter: char| !is_word(letter)).to_owned();
    Scan { tokens: read(&folded.chars().collect::<Vec<_>>()), quoted, whole }
}

/// The way through a message from one place on: what it costs, and its first step.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    residue: usize,
    tokens: usize,
    end: usize,
    class: Option<Class>,
    /// Between words.
    skips: bool,
}

/// The reading with the least residue, then the fewest phrases, then the longest first. A negation costs nothing, so
/// that none is hidden in a longer phrase but on purpose. The longest phrase at each place would leave し of
/// 書き出しお願いします, after 書き出しお願い.
fn read(letters: &[char]) -> Vec<Token> {
    let mut ways = vec![Way::default(); letters.len() + 1];
    for at in (0..letters.len()).rev() {
        let step = |end: usize, class: Option<Class>| Way {
            residue: ways[end].residue + usize::from(class.is_none()),
            tokens: ways[end].tokens + usize::from(class != Some(Class::Blocker)),
            end,
            class,
            skips: false,
        };
        let letter = letters[at];
        let other = if is_unspaced(letter) {
            step(at + 1, None)
        } else if is_word(letter) {
            let end = word_end(letters, at);
            step(end, class_of_word(&letters[at..end]))
        } else {
            Way { end: at + 1, class: None, skips: true, ..ways[at + 1] }
        };
        let phrases = TABLE.phrases_at(&letters[at..]).filter(|(length, _)| fits(letters, at, at + length));
        let best = phrases.map(|(length, class)| step(at + length, Some(class))).fold(other, |best, way| {
            if (way.residue, way.tokens) <= (best.residue, best.tokens) || best.skips { way } else { best }
        });
        ways[at] = best;
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let Way { end, class, skips, .. } = ways[at];
        if !skips {
            tokens.push(Token { class, text: letters[at..end].iter().collect() });
        }
        at = end;
    }
    tokens
}

fn word_end(letters: &[char], from: usize) -> usize {
    let rest = letters[from..].iter().take_while(|letter| is_word(**letter) && !is_unspaced(**letter));
    from + rest.count()
}

fn class_of_word(word: &[char]) -> Option<Class> {
    if word.iter().all(|letter| letter.is_numeric()) { Some(Class::Filler) } else { TABLE.slip(word) }
}

/// Whether `from..to` stands on word boundaries, where its script has any.
fn fits(letters: &[char], from: usize, to: usize) -> bool {
    let runs_on = |letter: Option<&char>| letter.is_some_and(|letter| is_word(*letter) && !is_unspaced(*letter));
    let (first, last) = (letters[from], letters[to - 1]);
    let left = is_unspaced(first) || !is_word(first) || !runs_on(from.checked_sub(1).map(|before| &letters[before]));
    let right = is_unspaced(last) || last == '\'' || !is_word(last) || !runs_on(letters.get(to));
    left && right
}

/// Without the slash of a command and the name of the bot that is spoken to.
fn addressed(folded: &str) -> String {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    if let Some(rest) = folded.strip_prefix('/') {
        let end = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
        let (command, rest) = rest.split_at(end);
        let rest = rest.strip_prefix('@').map_or(rest, |bot| bot.trim_start_matches(is_name));
        return format!("{command} {rest}");
    }
    if !folded.starts_with('@') {
        return folded.to_owned();
    }
    let mut parts = folded.split('@');
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push(' ');
        rest.push_str(part.trim_start_matches(is_name));
    }
    rest
}

fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("http") {
        let link = &rest[at..];
        let body = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
        if body.is_some_and(|body| body.starts_with(|letter: char| !letter.is_whitespace())) {
            out.push_str(&rest[..at]);
            out.push_str(LINK);
            rest = &link[link.find(char::is_whitespace).unwrap_or(link.len())..];
        } else {
            out.push_str(&rest[..at + 4]);
            rest = &link[4..];
        }
    }
    out + rest
}

fn without_ratios(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let digits = |from: usize| letters[from..].iter().take_while(|letter| letter.is_numeric()).count();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let inside = at > 0 && letters[at - 1].is_alphanumeric();
        let first = if inside { 0 } else { digits(at) };
        let colon = letters.get(at + first).is_some_and(|letter| matches!(letter, ':' | '：'));
        let second = if first > 0 && colon { digits(at + first + 1) } else { 0 };
        if second > 0 {
            out.push_str(RATIO);
            at += first + 1 + second;
        } else {
            let step = first.max(1);
            out.extend(&letters[at..at + step]);
            at += step;
        }
    }
    out
}

/// Takes quotations out and tells whether there were any. An empty one is none, nor is one that never closes; a
/// straight single mark counts only where it touches no word outside, so that "don't" is none.
fn without_quotes(text: &str) -> (String, bool) {
    let letters: Vec<char> = text.chars().collect();
    let outside = |letter: Option<&char>| letter.is_none_or(|letter| !is_word(*letter) || is_unspaced(*letter));
    // From the right, the nearest mark that closes: one look-up for each opening, so that many marks cost no more.
    let mut closing: Vec<[usize; QUOTES.len()]> = vec![[usize::MAX; QUOTES.len()]; letters.len() + 1];
    for at in (0..letters.len()).rev() {
        closing[at] = closing[at + 1];
        for (kind, (_, close)) in QUOTES.iter().enumerate() {
            if letters[at] == *close && (*close != '\'' || outside(letters.get(at + 1))) {
                closing[at][kind] = at;
            }
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    let mut at = 0;
    while at < letters.len() {
        let kind = QUOTES.iter().position(|(open, _)| letters[at] == *open);
        let opens =
            kind.filter(|kind| QUOTES[*kind].0 != '\'' || outside(at.checked_sub(1).map(|before| &letters[before])));
        let end = opens.map_or(usize::MAX, |kind| closing[at + 1][kind]);
        if end != usize::MAX && end > at + 1 {
            quoted = true;
            out.push(' ');
            at = end + 1;
        } else {
            out.push(letters[at]);
            at += 1;
        }
    }
    (out, quoted)
}
