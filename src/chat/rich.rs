//! Formatted text as a tree: a subset of CommonMark, split at limits, with half-written marks held back.

use serde::{Deserialize, Serialize};

/// How long a text may be, in the unit that the platform counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextLimit {
    /// UTF-16 code units, as Telegram counts.
    Utf16(usize),
    /// Unicode code points.
    Chars(usize),
}

/// A formatted text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RichText {
    blocks: Vec<Block>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// Words.
    Paragraph(String),
}
