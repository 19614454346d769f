//! What a live message shows of a reply that still comes.

use super::live::Live;
use crate::gui;
use crate::nemo::AgentEvents;

/// What has been shown of a reply so far. Talk of an interface never is: it is taken out while the text grows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    growing: gui::Growing,
    /// Bytes of the committed text that are in it.
    taken: usize,
    text: String,
    /// Up to here the text will not change any more.
    settled: usize,
}

impl Shown {
    /// Writes what the agent has said into the live message: what is new of the committed text, and the preview behind
    /// it.
    pub(super) fn show(&mut self, live: &Live, events: &AgentEvents) {
        let transcript = events.transcript();
        let committed = transcript.committed();
        let keep = self.settled;
        self.text.truncate(keep);
        self.text.push_str(&self.growing.take(committed.get(self.taken..).unwrap_or_default()));
        self.taken = committed.len();
        self.settled = self.text.len();
        self.text.push_str(&self.growing.preview(&transcript.preview()));
        live.write(keep, &self.text[keep..]);
        live.settle(self.settled);
    }

    /// The reply does not go on: what there is of it shows to its last word.
    pub(super) fn cut(mut self, live: &Live, events: &AgentEvents) {
        self.show(live, events);
        let text = events.transcript().text();
        let said = gui::translate(&text, &[]).text;
        self.end(live, if said.trim().is_empty() { &text } else { &said });
    }

    /// The reply is complete, and this is what stays of it.
    pub(super) fn end(&self, live: &Live, words: &str) {
        if self.text != words {
            live.rewrite(&self.text, words);
        }
    }
}
