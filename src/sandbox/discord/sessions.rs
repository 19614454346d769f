//! Sessions of the gateway: what each was told, so that a resumed one hears what it missed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shared;
use super::world::{Kind, State};

/// Older events of a session leave when it holds this many.
const KEPT: usize = 5000;
/// How many IDENTIFYs a day has.
pub(super) const IDENTIFIES: u32 = 1000;
const DAY: Duration = Duration::from_hours(24);
/// Older sessions are forgotten when there are this many; a bot has one at a time.
const KEPT_SESSIONS: usize = 8;

pub(super) const GUILDS: u64 = 1;
pub(super) const GUILD_MESSAGES: u64 = 1 << 9;
pub(super) const DIRECT_MESSAGES: u64 = 1 << 12;
pub(super) const MESSAGE_CONTENT: u64 = 1 << 15;
/// Every intent that Discord has.
pub(super) const ALL_INTENTS: u64 = 0b11_0001_1111_1111_1111_1111_1111;

/// An event as one session gets it.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) number: u64,
    pub(super) kind: Arc<str>,
    pub(super) data: Arc<Value>,
    /// Written into the journal once, however often it is sent.
    pub(super) told: bool,
}

/// One session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) intents: u64,
    pub(super) compress: bool,
    pub(super) next: u64,
    pub(super) events: VecDeque<Event>,
}

impl Session {
    pub(super) fn push(&mut self, kind: &str, data: Value) {
        self.events.push_back(Event { number: self.next, kind: kind.into(), data: Arc::new(data), told: false });
        self.next += 1;
        if self.events.len() > KEPT {
            self.events.pop_front();
        }
    }

    /// The event after number `seen`.
    pub(super) fn after(&mut self, seen: u64) -> Option<&mut Event> {
        self.events.iter_mut().find(|event| event.number > seen)
    }
}

/// The sessions of a run. The newest one is that of the bot; with two connections there are two.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    pub(super) all: Vec<Session>,
    /// IDENTIFYs so far.
    pub(super) identified: u32,
    /// Resumes so far.
    pub(super) resumed: u32,
    /// This many RESUMEs are refused.
    pub(super) refusals: u32,
    /// Whoever wants to come in is turned away with this code.
    pub(super) turned_away: Option<u16>,
    /// What is left of the day, and until when.
    pub(super) day: Option<Day>,
}

/// How many IDENTIFYs are left until the count begins anew.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub(super) left: u32,
    pub(super) ends: Instant,
}

impl Sessions {
    /// How many IDENTIFYs are left, and for how long. A day that ended was followed by an empty one.
    pub(super) fn left(&mut self) -> (u32, Duration) {
        self.day = self.day.filter(|day| day.ends > Instant::now());
        match self.day {
            Some(day) => (day.left, day.ends - Instant::now()),
            None => (IDENTIFIES.saturating_sub(self.identified), DAY),
        }
    }

    /// How many events the newest session has not been sent.
    pub(super) fn pending(&self) -> usize {
        self.all.last().map_or(0, |session| session.events.iter().filter(|event| !event.told).count())
    }

    pub(super) fn get(&mut self, id: &str) -> Option<&mut Session> {
        self.all.iter_mut().find(|session| session.id == id)
    }

    pub(super) fn open(&mut self, session: Session) {
        self.all.push(session);
        if self.all.len() > KEPT_SESSIONS {
            self.all.remove(0);
        }
    }

    pub(super) fn forget(&mut self, id: &str) {
        self.all.retain(|session| session.id != id);
    }
}

impl Shared {
    /// Tells every session that asked for it. `place` is where it happened; a private chat has an intent of its own.
    pub(super) fn tell(&self, state: &mut State, place: Option<u64>, kind: &str, data: &Value) {
        let at = place.and_then(|id| state.channels.get(&id));
        let in_private = at.is_some_and(|channel| channel.kind == Kind::Dm);
        let reached = at.is_none_or(|channel| state.visible_to_bot(channel));
        let is_message = kind.starts_with("MESSAGE_");
        if !reached && kind != "INTERACTION_CREATE" {
            return;
        }
        let wanted = match kind {
            _ if is_message && in_private => DIRECT_MESSAGES,
            _ if is_message => GUILD_MESSAGES,
            _ if kind.starts_with("GUILD_") || kind.starts_with("CHANNEL_") || kind.starts_with("THREAD_") => GUILDS,
            // Interactions need no intent.
            _ => 0,
        };
        for session in &mut state.sessions.all {
            if session.intents & wanted != wanted {
                continue;
            }
            let mut data = data.clone();
            if matches!(kind, "MESSAGE_CREATE" | "MESSAGE_UPDATE") && session.intents & MESSAGE_CONTENT == 0 {
                self.blank(&mut data, in_private);
            }
            if self.settings.behaviour.novelties {
                session.push("SOMETHING_OF_TOMORROW", json!({ "id": "1" }));
            }
            session.push(kind, data);
        }
        self.stirred.send_modify(|count| *count += 1);
    }

    /// Tells of a message: with its server and its author's membership, as the gateway adds them.
    pub(super) fn tell_message(&self, state: &mut State, kind: &str, channel: u64, message: u64) {
        let Some(at) = state.channels.get(&channel) else { return };
        let Some(message) = at.messages.get(&message).filter(|message| message.only_for.is_none()) else { return };
        let mut wire = self.message(state, message);
        wire["channel_type"] = json!(at.kind.number());
        if let Some(guild) = at.guild {
            wire["guild_id"] = json!(guild.to_string());
            wire["member"] = self.member();
        }
        self.tell(state, Some(channel), kind, &wire);
        self.changed();
    }
}
