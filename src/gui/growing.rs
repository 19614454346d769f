//! The translation of a reply that still grows, at the cost of what is new of it.

use super::Out;
use super::lines::{Kind, Lines, Under};

/// What a chat may show of a reply that grows. What is complete is translated once; of an open line only the complete
/// sentences show.
#[derive(Debug, Default)]
pub struct Growing {
    state: State,
    /// How far the preview has been read that follows.
    ahead: Option<Ahead>,
}

/// What the lines so far say of the next ones.
#[derive(Clone, Debug, Default)]
struct State {
    under: Under,
    /// Without a text of its own: that has gone out.
    out: Out,
}

/// Complete lines of a preview, which only grows as a rule.
#[derive(Debug, Default)]
struct Ahead {
    source: String,
    text: String,
    state: State,
}

impl Growing {
    /// Takes in what comes next of the reply, whole lines that will not change any more, and returns what it adds.
    pub fn take(&mut self, more: &str) -> String {
        if more.is_empty() {
            return String::new();
        }
        self.ahead = None;
        self.state.read(more)
    }

    /// What `preview`, which may still change, adds behind that: up to its last complete sentence.
    pub fn preview(&mut self, preview: &str) -> String {
        let ahead = self.ahead.take().filter(|ahead| preview.starts_with(&ahead.source));
        let mut ahead = ahead.unwrap_or_else(|| Ahead { state: self.state.clone(), ..Ahead::default() });
        let new = &preview[ahead.source.len()..];
        let complete = new.rfind('\n').map_or("", |end| &new[..=end]);
        let more = ahead.state.read(complete);
        ahead.text.push_str(&more);
        ahead.source.push_str(complete);
        let text = ahead.text.clone() + &ahead.state.clone().open(&new[complete.len()..]);
        self.ahead = Some(ahead);
        text
    }
}

impl State {
    fn read(&mut self, text: &str) -> String {
        let mut lines = Lines::after(text, self.under);
        for (kind, line) in &mut lines {
            self.out.line(kind, &text[line], true);
        }
        self.under = lines.under;
        std::mem::take(&mut self.out.text)
    }

    /// What there is of a line that is not complete. What it is shows at its end.
    fn open(mut self, line: &str) -> String {
        for (kind, line) in Lines::after(line, self.under).map(|(kind, at)| (kind, &line[at])) {
            if kind != Kind::Content {
                self.out.line(kind, line, false);
            }
        }
        self.out.text
    }
}
