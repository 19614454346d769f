//! Buttons that a press has used up go from their message: one that runs once, and all answers to a question. Those that
//! can be pressed again stay.

use std::time::Duration;

use super::shift::{Shift, lock};
use crate::chat::id::MessageId;
use crate::chat::inbound::{Inbound, InboundKind};
use crate::chat::reply::{Button, ButtonAction};
use crate::chat::surface::Target;

/// How long work that has ended waits for what is left of that; with its claim the right to speak goes too. A button that stays finds its mark when
/// it is pressed.
const GOES_WITHIN: Duration = Duration::from_secs(3);

/// A message whose buttons are used up.
#[derive(Clone, Debug)]
pub(super) struct Spent {
    target: Target,
    message: MessageId,
    /// The buttons that stay.
    left: Vec<Button>,
}

impl Shift {
    /// Notes a press of a button that runs once. `false`: that was done before, by another press.
    pub(super) async fn runs_now(&self, inbound: &Inbound) -> bool {
        match &inbound.kind {
            InboundKind::Pressed { choice, .. } if choice.is_once() => {
                self.held.note(|record| record.press(&choice.argument, &inbound.id)).await
            }
            _ => true,
        }
    }

    /// Has the buttons taken away that a press has used up, beside what it asked for.
    pub(super) fn use_up(&self, inbound: &Inbound) {
        let InboundKind::Pressed { message, choice, buttons } = &inbound.kind else { return };
        let stays = |button: &&Button| !matches!(&button.does, ButtonAction::Press(other) if choice.uses_up(other));
        let left: Vec<_> = buttons.iter().filter(stays).cloned().collect();
        if left.len() < buttons.len() {
            lock(&self.spent).push_back(Spent { target: self.target(), message: message.clone(), left });
            self.spends.notify_one();
        }
    }

    /// Takes used buttons away for as long as it is polled.
    pub(super) async fn tidy(&self) {
        loop {
            self.tidy_up().await;
            self.spends.notified().await;
        }
    }

    /// Takes away what is left of them before the work ends.
    pub(super) async fn tidy_rest(&self) {
        if tokio::time::timeout(GOES_WITHIN, self.tidy_up()).await.is_err() {
            tracing::debug!(conversation = %self.conversation, "Used buttons stay under their messages");
        }
    }

    async fn tidy_up(&self) {
        let _tidying = self.tidying.lock().await;
        loop {
            // It goes out of the line when it is done: whoever is cut here does it again, which does no harm.
            let Some(Spent { target, message, left }) = lock(&self.spent).front().cloned() else { return };
            if let Err(error) = self.surface.rebutton(&target, &message, &left).await {
                tracing::debug!(conversation = %self.conversation, %error, "A used button stays under its message");
            }
            lock(&self.spent).pop_front();
        }
    }
}
