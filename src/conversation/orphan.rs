//! Orphans: messages of a live message whose post was answered by nobody, so that another one was posted. Nobody knows
//! their names, and they never change, until somebody presses their **Stop**: its mark tells which post it was.

use std::time::Duration;

use super::live::Live;
use super::record::Entry;
use super::shift::Shift;
use crate::chat::choice::Action;
use crate::chat::id::MessageId;
use crate::chat::inbound::InboundKind;

/// How long it may take to take one away. One that stays can be pressed again.
const GOES_WITHIN: Duration = Duration::from_secs(2);

/// What a press on an orphan tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Orphan {
    /// Its name.
    pub(super) message: MessageId,
    /// Whether it is one of the work in hand, which is meant to be stopped.
    pub(super) runs: bool,
}

impl Shift {
    /// The orphan that was pressed, if it was one.
    pub(super) async fn orphan(&self, entry: &Entry) -> Option<Orphan> {
        let InboundKind::Pressed { message, choice, .. } = &entry.inbound.kind else { return None };
        if choice.action != Action::Stop || choice.argument.is_empty() {
            return None;
        }
        let runs = self.live().is_some_and(|live| live.lost().contains(&choice.argument));
        let known = runs || self.held.read(|record| record.lost.contains(&choice.argument)).await;
        known.then(|| Orphan { message: message.clone(), runs })
    }

    /// Takes an orphan away: the true message stands beside it.
    pub(super) async fn take_away(&self, orphan: &Orphan) {
        let target = self.target();
        let removed = tokio::time::timeout(GOES_WITHIN, self.surface.remove(&target, &orphan.message)).await;
        if !matches!(removed, Ok(Ok(()))) {
            tracing::info!(conversation = %self.conversation, "A message that went out unheard could not be taken away");
        }
    }

    /// The work in hand has ended, or lets go of a live message: what was lost on its way is remembered.
    pub(super) async fn remember_lost(&self, live: &Live) {
        let lost = live.lost();
        if !lost.is_empty() {
            self.held.note(|record| record.lose(lost)).await;
        }
    }
}
