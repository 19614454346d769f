//! Interactions: what acknowledges them, and what they mean. Pure: a JSON value in, both out.
//!
//! The acknowledgement is made without asking anybody, so that it can be sent before anything else happens: Discord
//! waits three seconds and then tells the user that the bot failed.

use serde_json::{Value, json};

use super::back::Back;
use super::components;
use super::media::{attachment, attachments, snowflake};
use super::message::called;
use super::place::{Snowflake, Spot};
use crate::chat::choice::Signer;
use crate::chat::command::Command;
use crate::chat::id::{ConversationId, EventId, MessageId, Platform, UserId};
use crate::chat::inbound::{Attachment, Inbound, InboundKind};
use crate::clock::Timestamp;
use crate::language::Language;
use crate::say::Say;

/// The message command, as it is registered.
pub(super) const GENERATE: &str = "Generate metadata";
/// Seen by one person only. Source: Discord's API reference, "Message Flags".
pub(super) const EPHEMERAL: u64 = 1 << 6;
/// Permissions as bits. Source: Discord's API reference, "Bitwise Permission Flags".
const ADMINISTRATOR: u64 = 1 << 3;
pub(super) const MANAGE_CHANNELS: u64 = 1 << 4;
const MANAGE_MESSAGES: u64 = 1 << 13;
/// Kinds of threads. Source: Discord's API reference, "Channel Types".
const THREADS: [u64; 3] = [10, 11, 12];

/// What happened. `type` of an interaction; typed events do not write it back. Source: Discord's API reference,
/// "Interaction Type".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 2: a command.
    Command,
    /// 3: a button.
    Component,
    /// 4: an option is being typed.
    Autocomplete,
}

/// What reading needs to know.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// Checks buttons.
    pub(super) signer: Signer,
    /// Whether posts can be read, which clip channels need.
    pub(super) reads_posts: bool,
    /// The language where nothing tells.
    pub(super) default_language: Language,
}

/// An interaction, read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Acted {
    /// Its id.
    pub(super) id: Snowflake,
    /// What answers it.
    pub(super) token: String,
    /// The first answer, to be sent before anything else.
    pub(super) answer: Value,
    /// What to do after it.
    pub(super) then: Then,
}

/// What an interaction asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Then {
    /// The answer was all.
    Nothing,
    /// Give it to the core.
    Accept(Inbound),
    /// `/clips` by somebody who may: note it, then give it to the core with what came of it.
    Clips {
        /// What is wished; nothing where only the state is asked for.
        on: Option<bool>,
        /// Given to the core.
        inbound: Inbound,
    },
}

impl Then {
    /// Where what the core gets of it was done.
    pub(super) fn place(&self) -> Option<Spot> {
        match self {
            Self::Nothing => None,
            Self::Accept(inbound) | Self::Clips { inbound, .. } => Spot::read(&inbound.from.place),
        }
    }
}

/// Reads an interaction. Nothing where it has no id, token or person, so that nobody can be answered.
pub(super) fn read(kind: Kind, interaction: &Value, now: Timestamp, rules: &Rules) -> Option<Acted> {
    let act = Act::read(interaction, now)?;
    let (answer, then) = match kind {
        Kind::Autocomplete => (json!({"type": 8, "data": {"choices": []}}), Then::Nothing),
        Kind::Command => act.command(rules),
        Kind::Component => act.pressed(rules),
    };
    Some(Acted { id: act.id, token: act.token.to_owned(), answer, then })
}

/// An interaction, taken apart.
struct Act<'a> {
    whole: &'a Value,
    id: Snowflake,
    application: Snowflake,
    token: &'a str,
    spot: Spot,
    user: Snowflake,
    name: String,
    locale: Option<&'a str>,
    now: Timestamp,
}

impl<'a> Act<'a> {
    fn read(whole: &'a Value, now: Timestamp) -> Option<Self> {
        let words = |field| whole.get(field).and_then(Value::as_str).filter(|words| !words.is_empty());
        let member = whole.get("member").filter(|member| member.is_object());
        let user = member.and_then(|member| member.get("user")).or_else(|| whole.get("user"))?;
        let channel = snowflake(whole.get("channel_id")).or_else(|| snowflake(whole.pointer("/channel/id")))?;
        // Key "0" of the owners is the server that installed the bot, or 0 in the bot's own private chat.
        let by_server = whole.pointer("/authorizing_integration_owners/0").is_some_and(|owner| !owner.is_null());
        let spot = match (snowflake(whole.get("guild_id")), by_server) {
            (Some(guild), true) => Spot::Server { guild, channel },
            (None, _) if whole.get("context").and_then(Value::as_u64) != Some(2) => Spot::Direct { channel },
            _ => Spot::Guest { channel },
        };
        Some(Self {
            whole,
            id: snowflake(whole.get("id"))?,
            application: snowflake(whole.get("application_id"))?,
            token: words("token")?,
            spot,
            user: snowflake(user.get("id"))?,
            name: called(user, member),
            locale: words("locale").or_else(|| words("guild_locale")),
            now,
        })
    }

    fn language(&self, rules: &Rules) -> Language {
        self.locale.and_then(Language::parse).unwrap_or_else(|| rules.default_language.clone())
    }

    fn may(&self, permission: u64) -> bool {
        let bits = self.whole.pointer("/member/permissions").and_then(Value::as_str).and_then(|bits| bits.parse().ok());
        let bits: u64 = bits.unwrap_or_default();
        bits & (permission | ADMINISTRATOR) != 0
    }

    fn command(&self, rules: &Rules) -> (Value, Then) {
        let name = self.whole.pointer("/data/name").and_then(Value::as_str).unwrap_or_default();
        if self.whole.pointer("/data/type").and_then(Value::as_u64) == Some(3) {
            return self.generate(rules);
        }
        // A command of an older version that Discord still shows.
        let command = Command::parse(name).unwrap_or(Command::Help);
        let (mut argument, mut files) = (String::new(), Vec::new());
        let options = self.whole.pointer("/data/options").and_then(Value::as_array);
        for option in options.into_iter().flatten() {
            let value = option.get("value");
            if option.get("type").and_then(Value::as_u64) == Some(11) {
                files.extend(self.chosen(value));
            } else if let Some(words) = value.and_then(Value::as_str) {
                let gap = if argument.is_empty() { "" } else { " " };
                argument = format!("{argument}{gap}{}", words.trim());
            }
        }
        if command == Command::Clips {
            return self.clips(&argument, rules);
        }
        let kind = InboundKind::Command { message: None, command, argument, attachments: files };
        (deferred(), Then::Accept(self.inbound(kind, true)))
    }

    /// The file chosen for an option.
    fn chosen(&self, id: Option<&Value>) -> Option<Attachment> {
        let id = snowflake(id)?;
        let file = self.whole.pointer(&format!("/data/resolved/attachments/{id}"))?;
        attachment(file, self.spot.channel(), None)
    }

    /// The message command: the files of the message that it was used on.
    fn generate(&self, rules: &Rules) -> (Value, Then) {
        let target = snowflake(self.whole.pointer("/data/target_id"));
        let message = target.and_then(|id| self.whole.pointer(&format!("/data/resolved/messages/{id}")));
        let files = message.map(|message| attachments(message, self.spot.channel())).unwrap_or_default();
        if files.is_empty() {
            return (told(&Say::MetaNoClip.text(&self.language(rules))), Then::Nothing);
        }
        // The message is somebody's own: no reaction of ours belongs there.
        let kind =
            InboundKind::Command { message: None, command: Command::Meta, argument: String::new(), attachments: files };
        (deferred(), Then::Accept(self.inbound(kind, true)))
    }

    fn clips(&self, argument: &str, rules: &Rules) -> (Value, Then) {
        let on = match argument {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        };
        let command = |command, argument: &str| InboundKind::Command {
            message: None,
            command,
            argument: argument.to_owned(),
            attachments: Vec::new(),
        };
        if !matches!(self.spot, Spot::Server { .. }) {
            return (deferred(), Then::Accept(self.inbound(command(Command::Help, ""), true)));
        }
        if !self.may(MANAGE_CHANNELS) {
            return (deferred(), Then::Accept(self.inbound(command(Command::Clips, "no"), true)));
        }
        if on == Some(true) && !rules.reads_posts {
            return (told(&Say::ClipsNeedIntent.text(&self.language(rules))), Then::Nothing);
        }
        (deferred(), Then::Clips { on, inbound: self.inbound(command(Command::Clips, ""), true) })
    }

    fn pressed(&self, rules: &Rules) -> (Value, Then) {
        let read = || {
            let data = self.whole.pointer("/data/custom_id")?.as_str()?;
            let choice = rules.signer.read(data, Platform::Discord, &self.spot.write())?;
            let message = snowflake(self.whole.pointer("/message/id"))?;
            Some((message, choice))
        };
        // Type 6: it was seen, and the message stays as it is.
        let seen = json!({"type": 6});
        let Some((message, choice)) = read() else { return (seen, Then::Nothing) };
        let own = choice.owner.as_str() == self.user.to_string();
        if !own && (choice.action.is_personal() || !self.may(MANAGE_MESSAGES)) {
            return (told(&Say::GroupNotYoursUnnamed.text(&self.language(rules))), Then::Nothing);
        }
        let from = choice.conversation(Platform::Discord, self.spot.write());
        let flags = self.whole.pointer("/message/flags").and_then(Value::as_u64).unwrap_or_default();
        // A message for one person is reached by an interaction's token alone.
        let mark = if flags & EPHEMERAL == 0 && self.spot.has_route() { "" } else { "~" };
        let message = MessageId::new(format!("{mark}{message}"));
        let shown = self.whole.get("message").unwrap_or(&Value::Null);
        let buttons = components::read(shown, &rules.signer, &self.spot.write());
        let mut inbound = self.inbound(InboundKind::Pressed { message, choice, buttons }, false);
        inbound.from = from;
        // A moderator's language is not that of the button's owner.
        inbound.locale = inbound.locale.filter(|_| own);
        (seen, Then::Accept(inbound))
    }

    fn inbound(&self, kind: InboundKind, waits: bool) -> Inbound {
        let bits = self.whole.get("app_permissions").and_then(Value::as_str).and_then(|bits| bits.parse().ok());
        let channel_kind = self.whole.pointer("/channel/type").and_then(Value::as_u64);
        let back = Back {
            interaction: self.id,
            channel: self.spot.channel(),
            application: self.application,
            token: self.token.to_owned(),
            at: self.now,
            waits,
            // Untold, it is tried.
            permissions: bits.unwrap_or(u64::MAX),
            thread: channel_kind.is_some_and(|kind| THREADS.contains(&kind)),
            pressed: (!waits).then(|| snowflake(self.whole.pointer("/message/id"))).flatten(),
            file_limit: self.whole.get("attachment_size_limit").and_then(Value::as_u64).filter(|limit| *limit != 0),
        };
        Inbound {
            id: EventId::new(format!("i{}", self.id)),
            from: ConversationId {
                platform: Platform::Discord,
                place: self.spot.write(),
                user: UserId::new(self.user.to_string()),
            },
            name: self.name.clone(),
            locale: self.locale.map(str::to_owned),
            burst: None,
            back: back.write(),
            replies: false,
            kind,
        }
    }
}

/// "Thinking…", for the asker's eyes: what is for everybody comes as an ordinary message.
fn deferred() -> Value {
    json!({"type": 5, "data": {"flags": EPHEMERAL}})
}

/// A sentence of ours for the asker's eyes.
fn told(sentence: &str) -> Value {
    json!({"type": 4, "data": {"content": sentence, "flags": EPHEMERAL, "allowed_mentions": {"parse": []}}})
}

#[cfg(test)]
#[path = "interaction_tests.rs"]
mod tests;
