//! Takes messages off the front of a growing source, each from a bounded window.

use super::split::word_cut;
use super::{RichText, TextLimit};

/// One message's worth off the front of a growing Markdown source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What to show.
    pub text: RichText,
    /// How many bytes of the source that is; the source's length when everything fits.
    pub used: usize,
    /// What to put in front of the rest, so that what was cut through goes on.
    pub reopen: String,
}

/// Takes one message off the front.
pub fn take(source: &str, limit: TextLimit) -> Taken {
    let text = RichText::growing(source);
    if text.length(limit) <= limit.room() {
        return Taken { text, used: source.len(), reopen: String::new() };
    }
    let used = word_cut(source, limit.fitting(source, limit.room()), |_| false);
    Taken { text: RichText::markdown(&source[..used]), used, reopen: String::new() }
}
