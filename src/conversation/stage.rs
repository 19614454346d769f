//! The stage of a turn in words, while no text comes: from the kind of tool that is at work, never from what it does.

use std::time::Duration;

use tokio::time::Instant;

use crate::nemo::ToolKind;
use crate::say::Say;

/// The words change this often at most: whoever reads them has to come to their end.
const EVERY: Duration = Duration::from_secs(5);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Stage {
    shown: Option<ToolKind>,
    /// What is at work by now and does not show yet.
    next: Option<ToolKind>,
    /// When the words last changed.
    at: Option<Instant>,
}

impl Stage {
    /// A tool of this kind is at work.
    pub(super) fn works(&mut self, kind: ToolKind) {
        if !words(kind).is_empty() {
            self.next = (self.shown != Some(kind)).then_some(kind);
        }
    }

    /// The agent speaks for itself: words of ours are over.
    pub(super) fn speaks(&mut self) {
        (self.shown, self.next) = (None, None);
    }

    /// When the words change; `None`: they stay.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        self.next.map(|_| self.at.map_or(now, |at| at + EVERY))
    }

    /// Changes the words.
    pub(super) fn turn(&mut self, now: Instant) {
        if let Some(next) = self.next.take() {
            (self.shown, self.at) = (Some(next), Some(now));
        }
    }

    /// What is to be said of it now.
    pub(super) fn says(&self) -> Vec<Say> {
        self.shown.map(words).unwrap_or_default()
    }
}

/// Nothing for what has no words of its own.
fn words(kind: ToolKind) -> Vec<Say> {
    match kind {
        ToolKind::Generate => vec![Say::WorkGenerating, Say::WorkLong],
        ToolKind::Music => vec![Say::WorkMusic],
        ToolKind::Edit => vec![Say::WorkEditing],
        ToolKind::Understand => vec![Say::WorkLooking],
        ToolKind::Other => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_follow_the_tools_and_never_faster_than_they_are_read() {
        let (mut stage, start) = (Stage::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!((stage.due(start), stage.says()), (None, Vec::new()));
        stage.works(ToolKind::Understand);
        assert_eq!(stage.due(start), Some(start), "the first words come at once");
        stage.turn(start);
        assert_eq!((stage.due(start), stage.says()), (None, vec![Say::WorkLooking]));

        stage.works(ToolKind::Other);
        assert_eq!(stage.due(start), None, "what has no words leaves those that stand");
        stage.works(ToolKind::Edit);
        stage.works(ToolKind::Music);
        assert_eq!(stage.due(after(1)), Some(start + EVERY), "the last of them, and later");
        stage.works(ToolKind::Understand);
        assert_eq!(stage.due(after(1)), None, "what shows already is at work again");
        stage.works(ToolKind::Music);
        stage.turn(after(5));
        assert_eq!(stage.says(), [Say::WorkMusic]);
    }

    #[test]
    fn the_agents_own_words_end_ours() {
        let (mut stage, start) = (Stage::default(), Instant::now());
        stage.works(ToolKind::Generate);
        stage.turn(start);
        assert_eq!(stage.says(), [Say::WorkGenerating, Say::WorkLong]);
        stage.works(ToolKind::Edit);
        stage.speaks();
        assert_eq!((stage.due(start), stage.says()), (None, Vec::new()));
        stage.works(ToolKind::Generate);
        assert_eq!(stage.due(start), Some(start + EVERY));
    }
}
