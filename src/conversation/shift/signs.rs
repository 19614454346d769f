//! What a chat sees while something is in hand: the live message, the reaction, "typing…".

use std::time::Duration;

use super::{Shift, lock};
use crate::chat::id::MessageId;
use crate::chat::inbound::InboundKind;
use crate::chat::surface::Signal;

/// A chat action lasts five seconds on Telegram.
const TYPING_EVERY: Duration = Duration::from_secs(4);
/// How long it may take to take away that a command is being answered.
const HEARD_WITHIN: Duration = Duration::from_secs(2);

impl Shift {
    pub(super) async fn pump(&self) {
        loop {
            let changed = self.live_changed.notified();
            match self.live() {
                Some(live) => tokio::select! {
                    () = changed => {}
                    () = live.pump(self) => {}
                },
                None => changed.await,
            }
        }
    }

    /// The message in hand, where others wonder whether it was heard. Commands are answered at once.
    pub(super) fn asked(&self) -> Option<MessageId> {
        if !self.shared() {
            return None;
        }
        let first = self.in_hand().first().cloned()?;
        lock(&self.inbox).iter().find(|(_, entry)| entry.inbound.id == first).and_then(|(_, entry)| {
            match &entry.inbound.kind {
                InboundKind::Message { message, .. } => Some(message.clone()),
                _ => None,
            }
        })
    }

    /// A command was heard, and what comes of it shows where the work shows: no answer of its own follows.
    pub(in crate::conversation) async fn heard(&self) {
        let _ = tokio::time::timeout(HEARD_WITHIN, self.surface.heard(&self.target())).await;
    }

    /// Shows that a message was seen, and stays.
    pub(super) async fn nod(&self, asked: Option<&MessageId>) {
        if let Some(message) = asked.filter(|_| self.held.is_fresh()) {
            let _ = self.surface.signal(&self.target(), Signal::Seen(message.clone())).await;
        }
        std::future::pending::<()>().await;
    }

    /// Where the message has its reaction there is nothing to add: a group takes twenty calls in a minute.
    pub(super) async fn typing(&self, nodded: bool) {
        if nodded {
            return std::future::pending().await;
        }
        let mut busy = self.busy.subscribe();
        loop {
            if busy.wait_for(|busy| *busy).await.is_err() {
                return std::future::pending().await;
            }
            // Losing a sign of life loses nothing, and whoever slept may not be the one who works any more.
            if self.held.is_fresh() {
                let _ = self.surface.signal(&self.target(), Signal::Typing).await;
            }
            tokio::time::sleep(TYPING_EVERY).await;
        }
    }
}
