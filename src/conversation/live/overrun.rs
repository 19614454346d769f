//! A reply that is longer than its place takes messages of one: it ends with a file that holds all of it.

use crate::chat::reply::{Reply, text_file};
use crate::chat::rich::{self, RichText};
use crate::conversation::record::Earlier;

/// What stands below a text that goes on in a file.
#[derive(Clone, Debug, Default)]
pub struct Overflow {
    /// Where the file holds all of it.
    pub whole: RichText,
    /// Where the end may be missing.
    pub part: RichText,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Overrun {
    /// The most messages of one reply. The last of them is never closed: what it does not hold stands in the file.
    most: Option<usize>,
    /// The text of the closed parts, where there is a most.
    before: String,
    /// Some of the text was not kept.
    cut: bool,
    /// The file has gone out.
    pub(super) filed: bool,
    /// What stands below the last message.
    pub(super) says: Overflow,
}

impl Overrun {
    /// What was kept of a reply of which so many parts are closed.
    pub(super) fn new(most: Option<usize>, closed: usize, kept: Earlier) -> Self {
        // Of parts that were closed and not kept, the text is not known.
        let cut = most.is_some() && (kept.cut || (closed > 0 && kept.text.is_empty()));
        Self { most, before: kept.text, cut, filed: kept.filed, says: Overflow::default() }
    }

    /// What to keep, with at most so many bytes of text, beside an open text of `open` bytes.
    pub(super) fn kept(&self, reopen: usize, open: usize, most: usize) -> Earlier {
        if self.most.is_none() {
            return Earlier::default();
        }
        let text = self.before[..self.before.floor_char_boundary(most)].to_owned();
        let cut = self.cut || self.before.len().max(open) > most;
        Earlier { text, reopen, cut, filed: self.filed }
    }

    /// Whether the part after so many closed ones is the last.
    pub(super) fn ends_at(&self, closed: usize) -> bool {
        self.most.is_some_and(|most| closed + 1 == most)
    }

    /// A part with this text is closed.
    pub(super) fn closes(&mut self, text: &str) {
        if self.most.is_some() {
            self.before.push_str(text);
        }
    }

    /// Any number of messages will do: the chat takes no file.
    pub(super) fn lift(&mut self) {
        self.most = None;
    }

    /// What to say below the last message.
    pub(super) fn says(&self) -> &RichText {
        if self.cut { &self.says.part } else { &self.says.whole }
    }

    /// All of the reply, of which this is open.
    pub(super) fn file(&self, open: &str) -> Reply {
        let all = rich::clean(&format!("{}{open}", self.before));
        Reply { quiet: true, files: vec![text_file(&all)], ..Reply::default() }
    }
}
