//! What has waited for too long to be begun: it is answered, and not worked on.
//!
//! A bot that was stopped for days, or whose store was restored from an old copy, finds wishes that nobody waits for any
//! more. Past [`SEEN_KEPT`] it is not even known any more which of them were worked on after that copy was made.

use super::{HeldError, Shift, lock};
use crate::conversation::record::{Entry, SEEN_KEPT};
use crate::say::Say;
use crate::store::Version;

impl Shift {
    /// What stands in line for longer than the platform's events are remembered.
    pub(super) fn late(&self) -> Vec<(Version, Entry)> {
        let now = self.worker.clock.now();
        lock(&self.inbox).iter().filter(|(_, entry)| now.since(entry.at) >= SEEN_KEPT).cloned().collect()
    }

    /// Says so once, and takes it out of the line.
    pub(super) async fn turn_away(&self, late: &[(Version, Entry)]) -> Result<(), HeldError> {
        tracing::warn!(conversation = %self.conversation, messages = late.len(), "Messages waited too long to be begun");
        self.take_in_hand(late).await;
        self.tell(Say::WorkTooOld, Vec::new()).await;
        self.finish(late, |_| (), Vec::new()).await?;
        self.in_hand().clear();
        Ok(())
    }
}
