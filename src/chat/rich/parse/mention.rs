//! Makes sure that an agent's text pings nobody and opens nothing inside the messenger.
//!
//! Clients turn `@name`, `tg://…` and `t.me/…` into something live by themselves, whatever the sender formats. An
//! invisible word joiner takes the life out of them; a reader sees no difference.

use super::super::Inline;
use super::address::is_inside_telegram;

/// Breaks a word without a gap and without a place to wrap.
const JOINER: char = '\u{2060}';
/// The longest part of a word that is looked back at.
const WORD_LIMIT: usize = 256;

/// Walks a line in reading order, across the borders of its pieces: `@**name**` is a mention too.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// The word that is being read, up to here.
    word: String,
}

impl Breaker {
    /// Breaks whatever would be live. Code is left as it is: it is there to be copied.
    pub(super) fn line(&mut self, words: &mut [Inline]) {
        for word in words {
            match word {
                Inline::Text(text) => *text = self.text(text),
                Inline::Bold(inner) | Inline::Italic(inner) | Inline::Strike(inner) => self.line(inner),
                // A link to the web stays one, whatever its words are.
                Inline::Link { text, .. } => self.line(text),
                Inline::Code(_) | Inline::Break => self.word.clear(),
            }
        }
    }

    fn text(&mut self, text: &str) -> String {
        let mut safe = String::with_capacity(text.len());
        for c in text.chars() {
            if self.goes_live(c) {
                safe.push(JOINER);
            }
            safe.push(c);
            if c.is_whitespace() || self.word.len() > WORD_LIMIT {
                self.word.clear();
            }
            if !c.is_whitespace() {
                self.word.push(c);
            }
        }
        safe
    }

    /// Whether the word becomes live if this character follows it.
    fn goes_live(&self, next: char) -> bool {
        if let Some(before) = self.word.strip_suffix('@') {
            let starts = before.chars().next_back().is_none_or(|c| !is_word(c));
            return starts && is_word(next) && !is_web(before);
        }
        if next == '/' {
            let start = self.word.rfind(|c: char| !(is_word(c) || matches!(c, '.' | '-' | ':' | '/')));
            let tail =
                &self.word[start.map_or(0, |at| at + self.word[at..].chars().next().map_or(1, char::len_utf8))..];
            let host = tail.rsplit('/').next().unwrap_or_default();
            return tail.eq_ignore_ascii_case("tg:") || is_inside_telegram(host);
        }
        false
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a client takes the word so far for an address: then a handle in it (`https://youtube.com/@name`) belongs to
/// the address and pings nobody.
fn is_web(word: &str) -> bool {
    ["https://", "http://"].iter().filter_map(|scheme| word.rfind(scheme).map(|at| &word[at + scheme.len()..])).any(
        |rest| {
            let host = rest.split('/').next().unwrap_or_default();
            rest.contains('/')
                && host.rsplit_once('.').is_some_and(|(name, ending)| {
                    !name.is_empty() && ending.len() >= 2 && ending.chars().all(|c| c.is_ascii_alphabetic())
                })
        },
    )
}
