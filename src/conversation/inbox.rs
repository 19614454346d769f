//! The way into a conversation: every update is stored, once, before its platform hears that it has arrived.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::task::TaskTracker;

use super::Surfaces;
use super::active::Active;
use super::flood::Gate;
use super::notices::Notices;
use super::record::{Entry, SEEN_KEPT, Shelf};
use super::shift::lock;
use crate::chat::choice::Action;
use crate::chat::command::Command;
use crate::chat::id::{ConversationId, EventId, PlaceId, Platform};
use crate::chat::inbound::{Inbound, InboundKind};
use crate::clock::Clock;
use crate::crash;
use crate::ingress::{Accepted, Busy, Inlet, PlaceNote};
use crate::language::Language;
use crate::say::Say;
use crate::store::{Agenda, Batch, Commit, Expect, Key, Kind, Vault, Version, Write};
use crate::telemetry;

/// A person rarely sends more before the first answer; beyond this we say so.
pub const INBOX_LIMIT: usize = 20;
/// Commands and buttons find room behind a full inbox, so that it can be stopped.
const CONTROL_ROOM: usize = 10;
/// Chats that were told of an outage; while there are more, no others are told.
const PUT_OFF_KEPT: usize = 1024;

/// What the inbox needs to know.
#[derive(Clone, Debug)]
pub struct InboxSettings {
    /// Updates that one person may send in a burst.
    pub flood_burst: NonZeroU32,
    /// Updates that one person may send each minute after that.
    pub flood_per_minute: NonZeroU32,
    /// How long the items of an album settle before they are taken together.
    pub album_wait: Duration,
    /// How long rows are kept that do not open.
    pub keep: Duration,
    /// The language of notices where nothing tells.
    pub default_language: Language,
}

/// Stores what users do.
pub struct Inbox {
    vault: Vault,
    settings: InboxSettings,
    clock: Clock,
    gate: Gate,
    notices: Notices,
    /// Who was told that nothing can be stored, and has not been stored since.
    put_off: Arc<Mutex<HashSet<ConversationId>>>,
    active: Active,
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbox").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Inbox {
    /// An inbox for all platforms, whose notices go out among these tasks.
    pub fn new(vault: Vault, surfaces: Surfaces, settings: InboxSettings, tasks: TaskTracker, clock: Clock) -> Self {
        let gate = Gate::new(settings.flood_burst, settings.flood_per_minute);
        let active = Active::new(vault.clone(), clock);
        let notices = Notices::new(surfaces, settings.default_language.clone(), tasks);
        Self { vault, settings, clock, gate, notices, put_off: Arc::default(), active }
    }
}

/// The row of what is noted of a place.
pub(super) fn place_key(platform: Platform, place: &PlaceId) -> Key {
    let name = format!("{platform}:{place}");
    Key::new(Kind::Place, &name, &name)
}

/// Whoever has sent too much must still be able to stop it. Full inboxes bound this too.
fn stops(kind: &InboundKind) -> bool {
    match kind {
        InboundKind::Command { command, .. } => *command == Command::Cancel,
        InboundKind::Pressed { choice, .. } => choice.action == Action::Stop,
        InboundKind::Stopped { .. } => true,
        InboundKind::Message { .. } | InboundKind::Edited { .. } => false,
    }
}

#[async_trait]
impl Inlet for Inbox {
    async fn accept(&self, inbound: Inbound) -> Result<Accepted, Busy> {
        let shelf = Shelf::of(&inbound.from);
        if !stops(&inbound.kind)
            && let Err(when) = self.gate.pass(&inbound.from.owner())
        {
            metrics::counter!(telemetry::DROPPED, "reason" => "flood").increment(1);
            let n = self.settings.flood_per_minute.get().into();
            self.notices.refuse(&inbound, Say::LimitRate { n, period: Duration::from_mins(1), when });
            return Ok(Accepted::Full);
        }
        let room = match inbound.kind {
            InboundKind::Command { command, .. } if command.queues() => INBOX_LIMIT,
            InboundKind::Command { .. } | InboundKind::Pressed { .. } | InboundKind::Stopped { .. } => {
                INBOX_LIMIT + CONTROL_ROOM
            }
            InboundKind::Message { .. } | InboundKind::Edited { .. } => INBOX_LIMIT,
        };
        let after = if inbound.burst.is_some() { self.settings.album_wait } else { Duration::ZERO };
        let (seen, inbox) = (shelf.seen(&inbound.id), shelf.inbox());
        let entry = Entry { inbound, at: self.clock.now() };
        let writes = self.vault.put_write(&seen, &(), Some(SEEN_KEPT)).and_then(|remember| {
            let push = self.vault.push_write(&inbox, &entry)?;
            Ok(vec![remember, push, Write::Wake { agenda: Agenda::Conversations, item: shelf.item(), after }])
        });
        let batch = Batch {
            id: Version::random(),
            partition: inbox.partition(),
            expects: vec![Expect::Absent(seen), Expect::Fewer(inbox, room)],
            writes: writes.map_err(|error| {
                tracing::error!(%error, "An update could not be written down");
                Busy
            })?,
            confirmed: true,
        };
        match self.vault.commit(&batch).await {
            Ok(Commit::Done { .. }) => {
                crash::point("accept.stored");
                metrics::counter!(telemetry::ACCEPTED).increment(1);
                lock(&self.put_off).remove(&entry.inbound.from);
                Ok(Accepted::New)
            }
            Ok(Commit::Refused(0)) => Ok(Accepted::Seen),
            Ok(Commit::Refused(_)) => {
                metrics::counter!(telemetry::DROPPED, "reason" => "inbox_full").increment(1);
                self.notices.refuse(&entry.inbound, Say::WorkQueueFull { n: INBOX_LIMIT as u64 });
                Ok(Accepted::Full)
            }
            Err(error) => {
                tracing::warn!(%error, "An update could not be stored; it is not confirmed to its platform");
                Err(Busy)
            }
        }
    }

    async fn put_off(&self, inbound: &Inbound) {
        {
            let mut told = lock(&self.put_off);
            if told.len() >= PUT_OFF_KEPT || !told.insert(inbound.from.clone()) {
                return;
            }
        }
        let (told, from) = (Arc::clone(&self.put_off), inbound.from.clone());
        self.notices.say(inbound, Say::StoreDown, move |settled| {
            if !settled {
                // It is offered again.
                lock(&told).remove(&from);
            }
        });
    }

    fn lost(&self) {
        metrics::counter!(telemetry::DROPPED, "reason" => "store").increment(1);
    }

    async fn place(&self, platform: Platform, place: &PlaceId) -> Result<PlaceNote, Busy> {
        let key = place_key(platform, place);
        let mut loaded = self.vault.load::<PlaceNote>(&key).await;
        if let Err(error) = &loaded
            && error.is_unreadable()
        {
            // All updates of the platform would wait for it.
            tracing::error!(kind = key.kind().as_str(), %error, "A stored row does not open; it is put aside");
            loaded = match self.vault.mend::<PlaceNote>(&key, self.settings.keep).await {
                Ok(_) => self.vault.load(&key).await,
                Err(error) => Err(error),
            };
        }
        loaded.map(|note| note.map(|(_, note)| note).unwrap_or_default()).map_err(|error| {
            tracing::warn!(%error, "A place could not be read");
            Busy
        })
    }

    async fn note(&self, platform: Platform, place: &PlaceId, note: PlaceNote) -> Result<(), Busy> {
        self.place(platform, place).await?;
        let key = place_key(platform, place);
        let lapses = note.is_passing().then_some(self.settings.keep);
        let changed = self.vault.change(&key, lapses, |_: Option<PlaceNote>| Some(note.clone())).await;
        changed.map(drop).map_err(|error| {
            tracing::warn!(%error, "A place could not be written");
            Busy
        })
    }

    async fn saw(&self, platform: Platform, place: &PlaceId, event: &EventId) {
        self.active.saw(platform, place, event).await;
    }

    async fn active(&self, platform: Platform) -> Result<Vec<(PlaceId, EventId)>, Busy> {
        self.active.of(platform).await.map_err(|error| {
            tracing::warn!(%error, "The list of active places could not be read");
            Busy
        })
    }
}
