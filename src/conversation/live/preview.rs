//! A reply that grows as a preview: shown again before it ends, and never after it was stopped.

use std::time::Duration;

use tokio::time::Instant;

use crate::chat::id::PreviewId;

/// See the module.
#[derive(Debug)]
pub(super) struct Preview {
    /// The one of the open part; those of the reply's closed parts come right before it.
    pub(super) id: PreviewId,
    /// How often it has to be shown again.
    every: Duration,
    due: Instant,
    /// The user has stopped it: nothing is shown any more until the reply is posted.
    pub(super) hushed: bool,
}

impl Preview {
    /// One that has not been shown yet, or not by this instance.
    pub(super) fn new(id: PreviewId, every: Duration) -> Self {
        Self { id, every, due: Instant::now(), hushed: false }
    }

    /// Whether `id` is, or was, a preview of this reply, of which so many parts are closed.
    pub(super) fn is(&self, id: PreviewId, closed: usize) -> bool {
        let before = self.id.number().checked_sub(id.number()).and_then(|before| usize::try_from(before).ok());
        before.is_some_and(|before| before <= closed)
    }

    /// Whether it has to be shown again.
    pub(super) fn is_due(&self) -> bool {
        self.due <= Instant::now()
    }

    /// When it has to be shown again, unless it was stopped.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.hushed).then_some(self.due)
    }

    /// It was asked for at `at`, and shows. Counted from before the call, which may have waited long for its turn.
    pub(super) fn was_shown(&mut self, at: Instant) {
        self.due = at + self.every;
    }

    /// Something took it away.
    pub(super) fn lost(&mut self) {
        self.due = Instant::now();
    }
}
