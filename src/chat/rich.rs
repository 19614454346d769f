//! Formatted text as a tree: a subset of `CommonMark`, split at limits, with half-written marks held back.
//!
//! Agent text is untrusted: it comes in through [`RichText::markdown`], [`RichText::growing`] or [`take()`], which let no
//! HTML, no live mention and no link but `http` and `https` through. Our own sentences come in through
//! [`RichText::sentence`]. An adapter either walks [`RichText::blocks`] or turns [`RichText::drawn`] into what its
//! platform calls formatting. The text of [`RichText::drawn`] is the one whose length counts; where a platform wants the
//! marks within the text, they count too ([`TextLimit::Marked`]).

mod build;
mod clean;
mod draw;
mod grow;
mod marks;
mod outline;
mod parse;
mod split;
mod take;
#[cfg(test)]
mod tests;
mod weight;

use serde::{Deserialize, Serialize};

pub use clean::clean;
pub use draw::{Drawn, Mark, Span};
pub use take::{Taken, take};
pub use weight::{LONGEST_ADDRESS, is_its_address};

/// How long a text may be, in the unit that the platform counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextLimit {
    /// UTF-16 code units, as Telegram counts.
    Utf16(usize),
    /// Unicode code points.
    Chars(usize),
    /// UTF-16 code units of the text written as Markdown, as Discord counts: marks, escapes and addresses included. An
    /// upper bound is measured.
    Marked(usize),
}

/// Room for one list mark and one character. A smaller limit counts as this one: nothing could be split by it.
const SMALLEST_LIMIT: usize = 32;

impl TextLimit {
    /// The length of words in this unit, without the marks around them.
    pub fn measure(&self, text: &str) -> usize {
        text.chars().map(|c| self.width(c)).sum()
    }

    /// The largest length that is allowed, in this unit.
    pub fn max(&self) -> usize {
        match self {
            Self::Utf16(max) | Self::Chars(max) | Self::Marked(max) => *max,
        }
    }

    /// The same limit with `taken` kept free for something else.
    #[must_use]
    pub fn less(self, taken: usize) -> Self {
        match self {
            Self::Utf16(max) => Self::Utf16(max.saturating_sub(taken)),
            Self::Chars(max) => Self::Chars(max.saturating_sub(taken)),
            Self::Marked(max) => Self::Marked(max.saturating_sub(taken)),
        }
    }

    /// The length of one character in this unit.
    fn width(self, c: char) -> usize {
        match self {
            Self::Utf16(_) => c.len_utf16(),
            Self::Chars(_) => 1,
            Self::Marked(_) => weight::of_char(c),
        }
    }

    /// The largest length that splitting obeys.
    fn room(self) -> usize {
        self.max().max(SMALLEST_LIMIT)
    }

    /// Whether the marks around words count.
    fn counts_marks(self) -> bool {
        matches!(self, Self::Marked(_))
    }
}

/// A formatted text: blocks, one below the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RichText {
    blocks: Vec<Block>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// Words.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 for the largest, 6 for the smallest.
        level: u8,
        /// Its words.
        text: Vec<Inline>,
    },
    /// Text that is kept as it is: code, or a table with its columns aligned.
    Code {
        /// The name after the fence, if there was one; `[A-Za-z0-9+#._-]`, short.
        language: Option<String>,
        /// The lines, without a line break at the end.
        text: String,
    },
    /// What somebody else said.
    Quote(Vec<Block>),
    /// A list.
    List {
        /// The number of its first item, or `None` where dots stand in front.
        start: Option<u64>,
        /// Its items.
        items: Vec<Item>,
    },
    /// A line across.
    Rule,
}

/// An item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// It began in the part before, so it shows no mark here. It does take its number.
    pub continued: bool,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    /// Words, without line breaks.
    Text(String),
    /// Bold words.
    Bold(Vec<Inline>),
    /// Slanted words.
    Italic(Vec<Inline>),
    /// Struck words.
    Strike(Vec<Inline>),
    /// Words that are kept as they are.
    Code(String),
    /// A link.
    Link {
        /// The words to press.
        text: Vec<Inline>,
        /// Where it leads: an `http` or `https` address.
        url: String,
    },
    /// A line break.
    Break,
}

impl RichText {
    /// Reads an agent's complete text.
    pub fn markdown(source: &str) -> Self {
        Self { blocks: parse::markdown(&clean(source)) }
    }

    /// Reads an agent's text that is still arriving. A mark that is half-written at its end (`**`, a backtick,
    /// `[text](htt`, a fence, the first line of a table) is closed or held back, so that nothing flickers.
    pub fn growing(source: &str) -> Self {
        Self { blocks: parse::markdown(&grow::settle(&clean(source))) }
    }

    /// Words without any mark; their line breaks are kept.
    pub fn plain(text: &str) -> Self {
        Self::of(parse::lines(&clean(text)))
    }

    /// One of our own sentences: `**bold**` is read, everything else is meant literally. Line breaks are kept and a
    /// blank line begins a paragraph.
    pub fn sentence(text: &str) -> Self {
        Self { blocks: parse::sentence(&clean(text)) }
    }

    /// Bold words; their line breaks are kept.
    pub fn bold(text: &str) -> Self {
        let lines = parse::lines(&clean(text));
        Self::of(if lines.is_empty() { lines } else { vec![Inline::Bold(lines)] })
    }

    /// Text that is kept as it is, for example to be copied.
    pub fn code_block(text: &str, language: Option<&str>) -> Self {
        let text = parse::code(&clean(text));
        if text.is_empty() {
            return Self::default();
        }
        Self { blocks: vec![Block::Code { language: language.and_then(parse::language), text }] }
    }

    /// A list whose items are numbered from 1.
    pub fn numbered(items: impl IntoIterator<Item = Self>) -> Self {
        let items: Vec<_> = items.into_iter().map(|item| Item { continued: false, blocks: item.blocks }).collect();
        Self { blocks: if items.is_empty() { vec![] } else { vec![Block::List { start: Some(1), items }] } }
    }

    fn of(words: Vec<Inline>) -> Self {
        Self { blocks: if words.is_empty() { vec![] } else { vec![Block::Paragraph(words)] } }
    }

    /// Whether a reader would see nothing. Platforms refuse such a text.
    pub fn is_empty(&self) -> bool {
        !self.plain_text().chars().any(clean::is_visible)
    }

    /// Puts another text below this one, with a blank line between.
    pub fn push(&mut self, other: Self) {
        self.blocks.extend(other.blocks);
    }

    /// This text with another one below.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.push(other);
        self
    }

    /// The text as a reader sees it, without white space around it. Its length is the one that counts.
    pub fn plain_text(&self) -> String {
        self.drawn().text
    }

    /// The text as a reader sees it, and which parts of it look special.
    pub fn drawn(&self) -> Drawn {
        draw::drawn(&self.blocks)
    }

    /// How long the text is in the unit of `limit`, with the marks in it where they count.
    pub fn length(&self, limit: TextLimit) -> usize {
        let drawn = self.drawn();
        limit.measure(&drawn.text) + if limit.counts_marks() { weight::of_looks(&drawn) } else { 0 }
    }

    /// Cuts the text into parts that obey the limit: between blocks, else list items, lines, sentences, words, and only
    /// then within a word, but never within a character that a reader sees as one. What a cut goes through is closed
    /// in one part and opened again in the next. No part is empty. Limits below 32 count as 32.
    pub fn split(&self, limit: TextLimit) -> Vec<Self> {
        split::split(&self.blocks, limit)
            .into_iter()
            .map(|blocks| Self { blocks })
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// The blocks.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }
}
