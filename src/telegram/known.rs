//! What is known of chats beyond this process: penalties that outlive a restart, and groups that moved.
//!
//! A group that becomes a supergroup gets another id. The core goes on calling it by the first one, so that projects,
//! running turns and renders, and what is noted of the place stay where they are; only the way to Telegram and back
//! names the new one ([`Known::find`], [`Known::home`]).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tracing::{debug, warn};

use super::gate::Gate;
use super::place::Spot;
use crate::chat::id::Platform;
use crate::clock::Clock;
use crate::ingress::{Busy, Inlet, PlaceNote};

/// A note is a courtesy: a message does not wait for the store any longer than this.
const NOTE_TIMEOUT: Duration = Duration::from_secs(2);
/// A shorter penalty is over before a restarted bot speaks again.
const WORTH_NOTING: Duration = Duration::from_secs(10);
/// Groups move once in their life. What is forgotten here is read again.
const MOVES_KEPT: usize = 1024;
/// A group that has no other name may have got one by another instance, which was told of its move by a refusal.
const HOME_BELIEVED: Duration = Duration::from_mins(1);

/// See the module.
#[derive(Debug)]
pub(super) struct Known {
    clock: Clock,
    inlet: OnceLock<Arc<dyn Inlet>>,
    username: OnceLock<String>,
    moves: Mutex<Moves>,
}

#[derive(Debug, Default)]
struct Moves {
    /// From the name of a group to the one that it has now.
    to: HashMap<i64, i64>,
    /// From the name that a group has now to what the core calls it, and until when that is believed.
    home: HashMap<i64, (i64, Option<Instant>)>,
}

impl Known {
    /// Knows nothing yet, and notes nothing before it has an inlet.
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, inlet: OnceLock::new(), username: OnceLock::new(), moves: Mutex::default() }
    }

    /// Where notes are kept from now on. The first one stays.
    pub(super) fn keep_in(&self, inlet: Arc<dyn Inlet>) {
        let _ = self.inlet.set(inlet);
    }

    /// The bot's name without its `@`, once somebody has asked Telegram.
    pub(super) fn username(&self) -> Option<&str> {
        self.username.get().map(String::as_str)
    }

    /// Telegram has told the bot's name.
    pub(super) fn is_called(&self, username: &str) {
        let _ = self.username.set(username.to_owned());
    }

    /// The chat that `chat` is now, as far as this process knows.
    pub(super) fn present(&self, chat: i64) -> i64 {
        self.moves().to.get(&chat).copied().unwrap_or(chat)
    }

    /// Where messages for `spot` go now. The first message to a chat in a while reads what is stored of it.
    pub(super) async fn find(&self, spot: Spot, gate: &Gate) -> Spot {
        let mut chat = self.present(spot.chat);
        if let Some(new) = self.look_up(chat, gate).await {
            self.remember(chat, new);
            chat = new;
            self.look_up(chat, gate).await;
        }
        Spot { chat, ..spot }
    }

    /// Reads what is stored of a chat that was not in use lately: a penalty closes it, and its new name is returned.
    async fn look_up(&self, chat: i64, gate: &Gate) -> Option<i64> {
        if gate.knows(chat) {
            return None;
        }
        let note = self.read(chat).await?;
        if let Some(until) = note.blocked_until {
            let left = until.since(self.clock.now());
            if !left.is_zero() {
                gate.block(chat, left);
            }
        }
        note.moved_to.as_ref().and_then(Spot::read).map(|new| new.chat)
    }

    /// What the core calls the chat that an update came from.
    pub(super) async fn home(&self, chat: i64) -> Result<i64, Busy> {
        let now = Instant::now();
        let Some(inlet) = self.inlet.get().filter(|_| Spot::new(chat, None).shared()) else { return Ok(chat) };
        if let Some((home, until)) = self.moves().home.get(&chat)
            && until.is_none_or(|until| until > now)
        {
            return Ok(*home);
        }
        let note = inlet.place(Platform::Telegram, &Spot::new(chat, None).write()).await?;
        let first = note.moved_from.as_ref().and_then(Spot::read).map(|first| first.chat);
        let mut moves = self.moves();
        if moves.home.len() >= MOVES_KEPT {
            moves.home.clear();
        }
        let until = if first.is_some() { None } else { Some(now + HOME_BELIEVED) };
        moves.home.insert(chat, (first.unwrap_or(chat), until));
        Ok(first.unwrap_or(chat))
    }

    /// A group became a supergroup. `Busy`: it is known here, and not yet to others.
    pub(super) async fn moved(&self, from: i64, to: i64) -> Result<(), Busy> {
        self.remember(from, to);
        self.moves().home.insert(to, (from, None));
        let (old, new) = (Spot::new(from, None).write(), Spot::new(to, None).write());
        // First the way in: who reads the way out only finds the new chat, and its messages must not come home to none.
        let back = old.clone();
        self.write(to, move |note| note.moved_from = Some(back)).await?;
        self.write(from, move |note| note.moved_to = Some(new)).await
    }

    /// Telegram asked to leave a chat alone for a while.
    pub(super) async fn penalised(&self, spot: Spot, wait: Duration) {
        let place = spot.whole().write();
        warn!(%place, ?wait, "Telegram asks to wait in a chat");
        if wait >= WORTH_NOTING {
            let until = self.clock.now().after(wait);
            if self.write(spot.chat, |note| note.blocked_until = Some(until)).await.is_err() {
                debug!(%place, "Nothing could be noted of a chat");
            }
        }
    }

    async fn read(&self, chat: i64) -> Option<PlaceNote> {
        let inlet = self.inlet.get()?;
        let place = Spot::new(chat, None).write();
        timeout(NOTE_TIMEOUT, inlet.place(Platform::Telegram, &place)).await.ok()?.ok()
    }

    async fn write(&self, chat: i64, change: impl FnOnce(&mut PlaceNote) + Send) -> Result<(), Busy> {
        let Some(inlet) = self.inlet.get() else { return Ok(()) };
        let place = Spot::new(chat, None).write();
        let write = async {
            let mut note = inlet.place(Platform::Telegram, &place).await?;
            let before = note.clone();
            change(&mut note);
            if note == before {
                return Ok(());
            }
            inlet.note(Platform::Telegram, &place, note).await
        };
        timeout(NOTE_TIMEOUT, write).await.unwrap_or(Err(Busy))
    }

    fn remember(&self, from: i64, to: i64) {
        let mut moves = self.moves();
        if moves.to.len() >= MOVES_KEPT {
            moves.to.clear();
        }
        moves.to.insert(from, to);
    }

    fn moves(&self) -> std::sync::MutexGuard<'_, Moves> {
        self.moves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
