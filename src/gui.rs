//! The agent believes that its user sits in front of a window with buttons. Here its instructions become words and
//! actions that fit a chat.
//!
//! A sentence that tells the user to do something to an interface goes, and what it was for is given back as data: our
//! own buttons and commands offer it ([`Action`]). Everything else stays byte for byte. What the user is to paste is
//! never touched: the ranges that the caller names, quotations, code, tables, and what stands under the label of a
//! title, a description or tags.
//!
//! A sentence is judged when it is complete. So the translation of a reply that still grows ([`Growing`]) is the
//! beginning of the translation of the whole, and nothing that was shown is taken back.

use std::ops::Range;

mod growing;
mod lines;
mod sentence;
#[cfg(test)]
mod tests;
mod words;

pub use growing::Growing;
use lines::{Kind, Lines};
use sentence::Judged;

/// What a sentence was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Sending a clip. Words only.
    Upload,
    /// Looking at the project: it is read and appended.
    State,
    /// An edit by hand. Never sent by itself: it costs credits and can loop.
    Edit,
    /// The file: the button is shown.
    Export,
    /// The balance: it is read and appended.
    Credits,
}

/// A reply in words that fit a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translated {
    /// What stays. Empty if the reply was nothing but talk of a window.
    pub text: String,
    /// What to offer instead, each once, in the order of the reply.
    pub actions: Vec<Action>,
    /// Whether the user was sent for the file, be it in one breath with something else: "preview it or click Export".
    pub file: bool,
    /// What **Do it** sends: a plain instruction with the agent's own sentences. There is one if an edit is among the
    /// actions.
    pub edit: Option<String>,
    /// Whether anything was taken out. The original is shown under "Full reply".
    pub was_changed: bool,
}

/// The **Do it** instruction holds no more than this of the agent's sentences (in bytes).
const EDIT_LIMIT: usize = 1_000;

/// Translates a complete reply. Sentences that touch one of the byte ranges `untouched` stay as they are.
pub fn translate(text: &str, untouched: &[Range<usize>]) -> Translated {
    let mut untouched = untouched.to_vec();
    untouched.sort_unstable_by_key(|range| range.start);
    let mut out = Out::default();
    let mut protected = untouched.iter().peekable();
    let mut guarded = 0;
    for (kind, line) in Lines::of(text) {
        if kind == Kind::Content {
            out.keep(&text[line]);
            continue;
        }
        for part in sentence::split(&text[line.clone()], true) {
            let at = line.start + part.start..line.start + part.end;
            while let Some(range) = protected.next_if(|range| range.start < at.end) {
                guarded = guarded.max(range.end);
            }
            if at.start < guarded {
                out.keep(&text[at]);
            } else {
                out.sentence(kind, &text[at]);
            }
        }
    }
    out.end(text)
}

/// The translation as it grows.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts about one pass that say nothing of each other")]
struct Out {
    text: String,
    /// Whether anything was kept.
    begun: bool,
    /// White space behind the last kept piece, written when another piece follows.
    gap: String,
    /// Whether something went since the last kept piece.
    cut: bool,
    actions: Vec<Action>,
    file: bool,
    edit: String,
    was_changed: bool,
}

impl Out {
    /// A line, or what is `ended` of one.
    fn line(&mut self, kind: Kind, line: &str, ended: bool) {
        if kind == Kind::Content {
            return self.keep(line);
        }
        for part in sentence::split(line, ended) {
            self.sentence(kind, &line[part]);
        }
    }

    fn sentence(&mut self, kind: Kind, said: &str) {
        match sentence::judge(said, kind == Kind::Item) {
            None => self.keep(said),
            Some(talk) => self.replace(said, talk),
        }
    }

    fn keep(&mut self, said: &str) {
        let body = said.trim_end();
        if !body.is_empty() {
            // White space before the first piece belonged to what went.
            let first = !std::mem::replace(&mut self.begun, true) && self.cut;
            let gap = std::mem::take(&mut self.gap);
            self.text.push_str(if first { "" } else { &gap });
            self.text.push_str(if first { body.trim_start() } else { body });
            self.cut = false;
        }
        self.pad(&said[body.len()..]);
    }

    fn replace(&mut self, said: &str, talk: Judged<'_>) {
        self.was_changed = true;
        self.cut = true;
        self.file |= talk.file;
        if let Some(rest) = talk.rest {
            self.keep(&rest);
        }
        self.pad(&said[said.trim_end().len()..]);
        if let Some(action) = talk.action {
            if !self.actions.contains(&action) {
                self.actions.push(action);
            }
            if action == Action::Edit && self.edit.len() + said.len() <= EDIT_LIMIT {
                if self.edit.is_empty() {
                    self.edit.push_str(talk.do_it);
                }
                self.edit.push(' ');
                self.edit.push_str(said.trim());
            }
        }
    }

    /// Of the white space around what went, the piece with more lines stays.
    fn pad(&mut self, space: &str) {
        let lines = |space: &str| space.matches('\n').count();
        if !self.cut {
            self.gap.push_str(space);
        } else if self.gap.is_empty() || lines(space) > lines(&self.gap) {
            space.clone_into(&mut self.gap);
        }
    }

    fn end(mut self, text: &str) -> Translated {
        if !self.was_changed {
            text.clone_into(&mut self.text);
        } else if !self.cut {
            self.text.push_str(&self.gap);
        }
        let edit = (!self.edit.is_empty()).then_some(self.edit);
        Translated { text: self.text, actions: self.actions, file: self.file, edit, was_changed: self.was_changed }
    }
}
