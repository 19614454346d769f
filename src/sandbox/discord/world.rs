//! Everything that the emulator remembers: servers, channels, people.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::Value;
use tokio::time::Instant;

use super::faults::Faults;
use super::files::Files;
use super::interactions::Interaction;
use super::limits::Limits;
use super::message::Message;
use super::permissions;
use super::refusal::{MISSING_ACCESS, MISSING_PERMISSIONS, Refusal, UNKNOWN_CHANNEL};
use super::scenario::Scenario;
use super::sessions::Sessions;

/// Older messages of a channel leave when it holds this many; a long try-out stays small.
const KEPT_MESSAGES: usize = 5000;
/// Older records of calls leave when this many are kept.
const KEPT_CALLS: usize = 20_000;
/// Snowflakes count milliseconds from the first second of 2015.
const EPOCH_MS: u64 = 1_420_070_400_000;

/// Somebody who uses Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: u64,
    /// Their name.
    pub name: String,
    /// The language of their Discord, such as `en-US` or `zh-CN`.
    pub locale: String,
}

impl Person {
    /// Somebody whose Discord speaks English.
    pub fn new(id: u64, name: impl Into<String>) -> Self {
        Self { id, name: name.into(), locale: "en-US".to_owned() }
    }

    /// The same person with a Discord in another language.
    #[must_use]
    pub fn speaking(mut self, locale: impl Into<String>) -> Self {
        self.locale = locale.into();
        self
    }
}

/// A server.
#[derive(Clone, Debug)]
pub(super) struct Guild {
    pub(super) name: String,
    /// The bot was installed here; else people bring it along (user install).
    pub(super) has_bot: bool,
    pub(super) owner: u64,
    pub(super) members: BTreeSet<u64>,
    pub(super) premium_tier: u8,
}

/// What kind of place a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text channel of a server.
    Text,
    /// The private chat of one person with the bot.
    Dm,
    /// A private chat among people; the bot is no member.
    Group,
    /// A public thread.
    Thread,
}

impl Kind {
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Text => 0,
            Self::Dm => 1,
            Self::Group => 3,
            Self::Thread => 11,
        }
    }
}

/// A channel, thread or private chat.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) id: u64,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) guild: Option<u64>,
    pub(super) parent: Option<u64>,
    /// Of a thread: who opened it.
    pub(super) owner: u64,
    pub(super) people: BTreeSet<u64>,
    /// What the bot may do here.
    pub(super) allowed: u64,
    /// What a person may do here, where it differs from anybody.
    pub(super) grants: BTreeMap<u64, u64>,
    pub(super) archived: bool,
    pub(super) locked: bool,
    pub(super) opened_ms: u64,
    pub(super) messages: BTreeMap<u64, Message>,
    pub(super) typing: Option<Instant>,
    /// The person takes no messages from the bot.
    pub(super) closed: bool,
}

impl Channel {
    pub(super) fn new(id: u64, kind: Kind, name: &str, guild: Option<u64>, opened_ms: u64) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            guild,
            parent: None,
            owner: 0,
            people: BTreeSet::new(),
            allowed: permissions::USUAL,
            grants: BTreeMap::new(),
            archived: false,
            locked: false,
            opened_ms,
            messages: BTreeMap::new(),
            typing: None,
            closed: false,
        }
    }

    /// Adds a message. One of the bot ends its typing.
    pub(super) fn put(&mut self, message: Message) {
        if message.by_bot {
            self.typing = None;
        }
        self.messages.insert(message.id, message);
        if self.messages.len() > KEPT_MESSAGES {
            self.messages.pop_first();
        }
    }

    /// The permission that sending here takes.
    pub(super) fn sending(&self) -> u64 {
        if self.kind == Kind::Thread { permissions::SEND_IN_THREADS } else { permissions::SEND }
    }

    /// Fails unless the bot has all of `wanted` here.
    pub(super) fn needs(&self, wanted: u64) -> Result<(), Refusal> {
        if self.guild.is_none() || self.allowed & wanted == wanted { Ok(()) } else { Err(MISSING_PERMISSIONS.into()) }
    }
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) people: HashMap<u64, Person>,
    pub(super) guilds: BTreeMap<u64, Guild>,
    pub(super) channels: BTreeMap<u64, Channel>,
    pub(super) interactions: BTreeMap<u64, Interaction>,
    pub(super) commands: Vec<Value>,
    pub(super) files: Files,
    pub(super) faults: Faults,
    pub(super) playing: Option<Scenario>,
    pub(super) limits: Limits,
    pub(super) sessions: Sessions,
    last_id: u64,
    calls: VecDeque<Value>,
}

impl State {
    /// The next snowflake. Each is larger than the one before.
    pub(super) fn next_id(&mut self, now_ms: u64) -> u64 {
        let by_time = now_ms.saturating_sub(EPOCH_MS) << 22;
        self.last_id = by_time.max(self.last_id + 1);
        self.last_id
    }

    /// A channel that the bot can see. Where it is no member every channel is refused alike.
    pub(super) fn visible(&mut self, id: u64) -> Result<&mut Channel, Refusal> {
        let here = |guild: &u64| self.guilds.get(guild).is_some_and(|guild| guild.has_bot);
        let channel = self.channels.get_mut(&id).ok_or(UNKNOWN_CHANNEL)?;
        let inside = match channel.kind {
            Kind::Dm => true,
            Kind::Group => false,
            Kind::Text | Kind::Thread => {
                channel.guild.as_ref().is_some_and(here) && channel.allowed & permissions::VIEW != 0
            }
        };
        if inside { Ok(channel) } else { Err(MISSING_ACCESS.into()) }
    }

    /// Whether the bot is installed where this channel is.
    pub(super) fn has_bot(&self, channel: &Channel) -> bool {
        match channel.kind {
            Kind::Dm => true,
            Kind::Group => false,
            _ => channel.guild.and_then(|guild| self.guilds.get(&guild)).is_some_and(|guild| guild.has_bot),
        }
    }

    pub(super) fn keep_call(&mut self, record: Value) {
        self.calls.push_back(record);
        if self.calls.len() > KEPT_CALLS {
            self.calls.pop_front();
        }
    }

    pub(super) fn calls(&self) -> Vec<Value> {
        self.calls.iter().cloned().collect()
    }
}
