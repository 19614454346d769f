//! What is known of chats beyond this process: penalties that outlive a restart, and groups that moved.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::timeout;
use tracing::{debug, warn};

use super::gate::Gate;
use super::place::Spot;
use crate::chat::id::Platform;
use crate::clock::Clock;
use crate::ingress::{Inlet, PlaceNote};

/// A note is a courtesy: a message does not wait for the store any longer than this.
const NOTE_TIMEOUT: Duration = Duration::from_secs(2);
/// A shorter penalty is over before a restarted bot speaks again.
const WORTH_NOTING: Duration = Duration::from_secs(10);
/// Groups move once in their life. What is forgotten is told again by the next refusal.
const MOVES_KEPT: usize = 1024;

/// See the module.
#[derive(Debug)]
pub(super) struct Known {
    clock: Clock,
    inlet: OnceLock<Arc<dyn Inlet>>,
    moves: Mutex<HashMap<i64, i64>>,
}

impl Known {
    /// Knows nothing yet, and notes nothing before it has an inlet.
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, inlet: OnceLock::new(), moves: Mutex::default() }
    }

    /// Where notes are kept from now on. The first one stays.
    pub(super) fn keep_in(&self, inlet: Arc<dyn Inlet>) {
        let _ = self.inlet.set(inlet);
    }

    /// Where messages for `spot` go now. The first message to a chat in a while reads what is stored of it.
    pub(super) async fn find(&self, spot: Spot, gate: &Gate) -> Spot {
        if !gate.knows(spot.chat)
            && let Some(note) = self.read(spot).await
        {
            if let Some(until) = note.blocked_until {
                let left = until.since(self.clock.now());
                if !left.is_zero() {
                    gate.block(spot.chat, left);
                }
            }
            if let Some(new) = note.moved_to.as_ref().and_then(Spot::read) {
                self.remember(spot.chat, new.chat);
            }
        }
        let chat = self.moves().get(&spot.chat).copied();
        Spot { chat: chat.unwrap_or(spot.chat), ..spot }
    }

    /// A group became a supergroup.
    pub(super) async fn moved(&self, from: i64, to: i64) {
        self.remember(from, to);
        let (old, new) = (Spot::new(from, None), Spot::new(to, None));
        let clips = self.read(old).await.is_some_and(|note| note.clips);
        self.note(old, |note| note.moved_to = Some(new.write())).await;
        if clips {
            self.note(new, |note| note.clips = true).await;
        }
    }

    /// Telegram asked to leave a chat alone for a while.
    pub(super) async fn penalised(&self, spot: Spot, wait: Duration) {
        warn!(place = %spot.whole().write(), ?wait, "Telegram asks to wait in a chat");
        if wait >= WORTH_NOTING {
            let until = self.clock.now().after(wait);
            self.note(spot, |note| note.blocked_until = Some(until)).await;
        }
    }

    async fn read(&self, spot: Spot) -> Option<PlaceNote> {
        let inlet = self.inlet.get()?;
        timeout(NOTE_TIMEOUT, inlet.place(Platform::Telegram, &spot.whole().write())).await.ok()?.ok()
    }

    async fn note(&self, spot: Spot, change: impl FnOnce(&mut PlaceNote) + Send) {
        let Some(inlet) = self.inlet.get() else { return };
        let place = spot.whole().write();
        let write = async {
            let mut note = inlet.place(Platform::Telegram, &place).await?;
            change(&mut note);
            inlet.note(Platform::Telegram, &place, note).await
        };
        if !matches!(timeout(NOTE_TIMEOUT, write).await, Ok(Ok(()))) {
            debug!(%place, "Nothing could be noted of a chat");
        }
    }

    fn remember(&self, from: i64, to: i64) {
        let mut moves = self.moves();
        if moves.len() >= MOVES_KEPT {
            moves.clear();
        }
        moves.insert(from, to);
    }

    fn moves(&self) -> std::sync::MutexGuard<'_, HashMap<i64, i64>> {
        self.moves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
