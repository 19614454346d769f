//! How long a text is where its looks are written into it as Markdown: an upper bound that is cheap to add up, so that
//! measuring and splitting agree with whatever an adapter writes within it.
//!
//! A character weighs what it may need: itself, and one unit for each sign of ASCII, which may have to be escaped. A look
//! weighs its marks, once where it is nested in itself.

use std::ops::Range;

use super::draw::{Drawn, Mark};

/// The longest address that is written beside the words of a link, in UTF-16 units; a longer one is left out.
pub const LONGEST_ADDRESS: usize = 512;
/// One character that keeps two marks apart.
const APART: usize = 1;

/// The weight of one character.
pub(super) fn of_char(c: char) -> usize {
    if c.is_ascii_punctuation() { 2 } else { c.len_utf16() }
}

/// The weight of the looks of a text.
pub(super) fn of_looks(drawn: &Drawn) -> usize {
    let mut open = Open::default();
    let looks = drawn.spans.iter().filter(|span| open.enters(&span.mark, &span.range));
    looks.map(|span| of_mark(&span.mark, &drawn.text[span.range.clone()])).sum()
}

/// The weight of the marks around `words`. A cut may repeat them, but a part never weighs more than this.
pub(super) fn of_mark(mark: &Mark, words: &str) -> usize {
    APART
        + match mark {
            Mark::Bold | Mark::Strike | Mark::Heading(_) => 4,
            Mark::Code if words.contains('`') => 6,
            Mark::Italic | Mark::Code => 2,
            // Both fences, line breaks before them, and a quote's marks on their lines.
            Mark::Pre(language) => 12 + language.as_ref().map_or(0, String::len),
            Mark::Quote => 2 + QUOTED_LINE * words.matches('\n').count(),
            // In front of the address ` <`, behind it `>`.
            Mark::Link(address) => 3 + of_address(words, address),
        }
}

/// The mark of one more line of a quote.
pub(super) const QUOTED_LINE: usize = 2;

fn of_address(words: &str, address: &str) -> usize {
    if is_its_address(words, address) {
        return address.encode_utf16().count().saturating_sub(words.encode_utf16().count());
    }
    let weight = address.chars().map(of_char).sum();
    if address.encode_utf16().count() > LONGEST_ADDRESS { 0 } else { weight }
}

/// Whether the words of a link are its address already, but for what people leave out.
pub fn is_its_address(words: &str, address: &str) -> bool {
    let bare = |text: &str| {
        let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text).to_owned();
        text.trim_end_matches('/').to_owned()
    };
    bare(words) == bare(address)
}

/// Which looks a place lies in. Looks nest, so the end of the outermost of each kind is enough.
#[derive(Debug, Default)]
pub(super) struct Open([usize; 4]);

impl Open {
    /// Whether a look begins that is not there already. Looks come in order of their beginnings.
    pub(super) fn enters(&mut self, mark: &Mark, range: &Range<usize>) -> bool {
        let Some(kind) = kind(mark) else { return true };
        let new = range.end > self.0[kind];
        self.0[kind] = self.0[kind].max(range.end);
        new
    }
}

/// Looks that make no difference within themselves. A heading is bold.
pub(super) fn kind(mark: &Mark) -> Option<usize> {
    match mark {
        Mark::Bold | Mark::Heading(_) => Some(0),
        Mark::Italic => Some(1),
        Mark::Strike => Some(2),
        Mark::Quote => Some(3),
        Mark::Code | Mark::Pre(_) | Mark::Link(_) => None,
    }
}
