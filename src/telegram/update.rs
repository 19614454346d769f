//! Raw updates to what the core understands. Pure: a JSON value in, steps out.
//!
//! The JSON is read as it comes rather than into typed messages: those drop a whole message for one field that they do
//! not know, a missing media type, or an explicit null. Here each field is looked for, and whatever else is there is
//! left alone.

use std::collections::VecDeque;

use serde_json::Value;

use super::address::{Addressed, Slash, slash};
use super::keyboard;
use super::media;
use super::place::Spot;
use super::post::{Person, Post, spot};
use crate::chat::choice::Signer;
use crate::chat::command::{Command, NOT_VIDEO};
use crate::chat::id::{BurstId, ConversationId, EventId, MessageId, Platform, PreviewId};
use crate::chat::inbound::{Inbound, InboundKind};
use crate::chat::media::is_clip;

/// Contents that a bot for clips cannot use. Where they are for the bot, it says so; other messages without text or file
/// are the chat's own notices and are passed over.
const OF_NO_USE: [&str; 12] = [
    "sticker",
    "contact",
    "location",
    "venue",
    "poll",
    "dice",
    "story",
    "game",
    "checklist",
    "paid_media",
    "rich_message",
    "giveaway",
];
/// Albums of which one item was meant for the bot and others may follow. An album comes within seconds.
const ALBUMS_KEPT: usize = 64;

/// The bot itself. Source: `getMe`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Me {
    /// Its user id.
    pub(super) id: i64,
    /// Its name without the `@`.
    pub(super) username: String,
    /// Whether privacy mode is off: ordinary messages of groups reach it, also where it is no administrator.
    #[serde(default, rename = "can_read_all_group_messages")]
    pub(super) reads_all: bool,
}

/// What reading needs to know.
#[derive(Debug)]
pub(super) struct Rules<'a> {
    /// The bot.
    pub(super) me: &'a Me,
    /// Chats in which every clip is taken.
    pub(super) clip_chats: &'a [i64],
    /// Checks buttons.
    pub(super) signer: &'a Signer,
    /// The answer to a press by somebody else; at most 200 characters.
    pub(super) strangers: &'a str,
    /// Albums that are meant for the bot.
    pub(super) albums: &'a Albums,
}

/// What to do about an update.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Give it to the core.
    Accept(Inbound),
    /// Give it to the core if every clip is taken in its place.
    AcceptIfClips(Inbound),
    /// Answer a press, with words or without.
    Answer {
        /// The query's id.
        query: String,
        /// What its user sees.
        text: Option<String>,
    },
    /// Somebody pressed another's button in a group: administrators may.
    PressForOther {
        /// The query's id.
        query: String,
        /// The group.
        chat: i64,
        /// Who pressed.
        user: i64,
        /// Given to the core if they may.
        inbound: Inbound,
    },
    /// `/clips` in a group: administrators may switch it.
    Clips {
        /// The group.
        chat: i64,
        /// Who asks; nobody where the group speaks in its own name, as anonymous administrators do.
        user: Option<i64>,
        /// What is wished; nothing where only the state is asked for.
        on: Option<bool>,
        /// Given to the core with what came of it.
        inbound: Inbound,
    },
    /// A group became a supergroup.
    Moved {
        /// Its old id.
        from: i64,
        /// Its new id.
        to: i64,
    },
    /// It will never be understood. Count it and go on.
    Unreadable(&'static str),
}

/// Albums with a caption for the bot: the caption is on one item, and the others say nothing of the bot.
#[derive(Debug, Default)]
pub(super) struct Albums(VecDeque<BurstId>);

impl Albums {
    /// Looks at an update before any of its batch is read, since the caption may come on a later item.
    pub(super) fn learn(&mut self, update: &Value, me: &Me) {
        let Some(message) = update.get("message") else { return };
        let Some(post) = Post::read(message) else { return };
        let Some(burst) = post.burst() else { return };
        if !post.private && post.calls(me) && !self.0.contains(&burst) {
            if self.0.len() == ALBUMS_KEPT {
                self.0.pop_front();
            }
            self.0.push_back(burst);
        }
    }

    /// Keeps an album that another instance knows of.
    pub(super) fn keep(&mut self, burst: BurstId) {
        self.0.push_back(burst);
    }

    /// Whether it is one of them.
    pub(super) fn has(&self, burst: &BurstId) -> bool {
        self.0.contains(burst)
    }

    fn holds(&self, post: &Post<'_>) -> bool {
        !self.0.is_empty() && post.burst().is_some_and(|burst| self.0.contains(&burst))
    }
}

/// What to do about an update. Nothing at all is an answer too: chatter of a group, notices, other bots.
pub(super) fn steps(update: &Value, rules: &Rules<'_>) -> Vec<Step> {
    let Some(id) = update.get("update_id").and_then(Value::as_u64) else {
        return vec![Step::Unreadable("no update_id")];
    };
    let id = EventId::new(id.to_string());
    let of = |kind| update.get(kind).filter(|value| value.is_object());
    if let Some(message) = of("message") {
        new_message(id, message, rules)
    } else if let Some(message) = of("edited_message") {
        edited(id, message, rules)
    } else if let Some(query) = of("callback_query") {
        pressed(id, query, rules)
    } else if let Some(change) = of("my_chat_member") {
        added(id, change).into_iter().collect()
    } else if let Some(stop) = of("stopped_message_generation") {
        stopped(id, stop).into_iter().collect()
    } else {
        vec![Step::Unreadable("unknown kind")]
    }
}

fn new_message(id: EventId, message: &Value, rules: &Rules<'_>) -> Vec<Step> {
    if let (Some(from), Some(to)) =
        (message.pointer("/chat/id").and_then(Value::as_i64), message.get("migrate_to_chat_id").and_then(Value::as_i64))
    {
        return vec![Step::Moved { from, to }];
    }
    // The same, told in the supergroup.
    if let (Some(to), Some(from)) = (
        message.pointer("/chat/id").and_then(Value::as_i64),
        message.get("migrate_from_chat_id").and_then(Value::as_i64),
    ) {
        return vec![Step::Moved { from, to }];
    }
    let Some(post) = Post::read(message) else { return vec![Step::Unreadable("a message without chat, sender or id")] };
    if post.machine {
        return Vec::new();
    }
    let own = media::attachment(message);
    let said = Addressed::read(post.text, message, rules.me);
    let called = post.private || said.mentioned || post.replies_to(rules.me) || rules.albums.holds(&post);
    let kind = match slash(&said.text, &rules.me.username) {
        Slash::Known(Command::Clips, _) if post.private => post.command(Command::Help, String::new(), None),
        Slash::Known(Command::Clips, argument) => {
            let on = match argument.to_ascii_lowercase().as_str() {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            };
            let inbound = post.inbound(id, post.command(Command::Clips, String::new(), None), rules.me);
            return vec![Step::Clips { chat: post.spot.chat, user: post.member(), on, inbound }];
        }
        // Whoever answers a clip with it wants to see its card again, not to upload it twice.
        Slash::Known(Command::Meta, argument) => post.command(Command::Meta, argument, own),
        Slash::Known(command, argument) => post.command(command, argument, own.or_else(|| post.answered(rules.me))),
        Slash::Unknown { to_us } if own.is_none() && (called || to_us) => {
            post.command(Command::Help, String::new(), None)
        }
        Slash::Foreign if !post.private => return Vec::new(),
        _ if called => {
            let attachments: Vec<_> = own.or_else(|| post.answered(rules.me)).into_iter().collect();
            if !said.text.is_empty() || !attachments.is_empty() {
                InboundKind::Message { message: post.id.clone(), text: said.text, attachments }
            } else if OF_NO_USE.iter().any(|kind| message.get(*kind).is_some_and(|value| !value.is_null())) {
                post.command(Command::Help, NOT_VIDEO.to_owned(), None)
            } else if said.mentioned {
                post.command(Command::Help, String::new(), None)
            } else {
                return Vec::new();
            }
        }
        _ => {
            let Some(clip) = own.filter(is_clip) else { return Vec::new() };
            let kind = InboundKind::Message { message: post.id.clone(), text: said.text, attachments: vec![clip] };
            return vec![if_clips(&post, post.inbound(id, kind, rules.me), rules)];
        }
    };
    vec![Step::Accept(post.inbound(id, kind, rules.me))]
}

fn if_clips(post: &Post<'_>, inbound: Inbound, rules: &Rules<'_>) -> Step {
    if rules.clip_chats.contains(&post.spot.chat) { Step::Accept(inbound) } else { Step::AcceptIfClips(inbound) }
}

fn edited(id: EventId, message: &Value, rules: &Rules<'_>) -> Vec<Step> {
    let Some(post) = Post::read(message) else { return vec![Step::Unreadable("an edit without chat, sender or id")] };
    let own = media::attachment(message);
    // A live location is "edited" with every step of its sender.
    if post.machine || (post.text.is_empty() && own.is_none()) {
        return Vec::new();
    }
    let said = Addressed::read(post.text, message, rules.me);
    let called = post.private || said.mentioned || post.replies_to(rules.me) || rules.albums.holds(&post);
    let inbound = post.inbound(id, InboundKind::Edited { message: post.id.clone(), text: said.text }, rules.me);
    match own {
        _ if called => vec![Step::Accept(inbound)],
        Some(own) if is_clip(&own) => vec![if_clips(&post, inbound, rules)],
        _ => Vec::new(),
    }
}

/// The bot was added to a group: it introduces itself to whoever did that. A block shows itself by 403 at the next
/// message, and a change of the bot's rights concerns nobody.
fn added(id: EventId, change: &Value) -> Option<Step> {
    let status = |side: &str| change.pointer(&format!("/{side}/status")).and_then(Value::as_str);
    let was_out = matches!(status("old_chat_member"), Some("left" | "kicked"));
    let is_in = matches!(status("new_chat_member"), Some("member" | "administrator" | "restricted"));
    let spot = spot(change).filter(|spot| spot.shared() && was_out && is_in)?;
    if change.pointer("/chat/type").and_then(Value::as_str) == Some("channel") {
        return None;
    }
    let person = Person::read(change.get("from")?)?;
    Some(Step::Accept(Inbound {
        id,
        from: ConversationId { platform: Platform::Telegram, place: spot.write(), user: person.id },
        name: person.name,
        locale: person.locale,
        burst: None,
        back: None,
        replies: false,
        kind: InboundKind::Command {
            message: None,
            command: Command::Start,
            argument: String::new(),
            attachments: Vec::new(),
        },
    }))
}

/// Telegram's own Stop on a draft. Drafts are in private chats, where the chat has its person's number. Source: Bot API
/// 10.3, `MessageGenerationStopped`.
fn stopped(id: EventId, stop: &Value) -> Option<Step> {
    let person = Person::read(stop.get("chat")?)?;
    let chat = stop.pointer("/chat/id").and_then(Value::as_i64)?;
    let spot = Spot::new(chat, stop.get("message_thread_id").and_then(Value::as_i64));
    // A number that we never gave out names nothing of ours.
    let preview = stop.get("draft_id")?.as_u64().and_then(|number| u32::try_from(number).ok());
    let preview = preview.and_then(PreviewId::new).filter(|_| !spot.shared())?;
    Some(Step::Accept(Inbound {
        id,
        from: ConversationId { platform: Platform::Telegram, place: spot.write(), user: person.id },
        name: person.name,
        locale: None,
        burst: None,
        back: None,
        replies: false,
        kind: InboundKind::Stopped { preview },
    }))
}

fn pressed(id: EventId, query: &Value, rules: &Rules<'_>) -> Vec<Step> {
    let Some(name) = query.get("id").and_then(Value::as_str) else {
        return vec![Step::Unreadable("a press without an id")];
    };
    let answer = |text: Option<&str>| Step::Answer { query: name.to_owned(), text: text.map(str::to_owned) };
    let read = || {
        let message = query.get("message")?;
        let spot = spot(message)?;
        let place = spot.write();
        let data = query.get("data")?.as_str()?;
        let choice = rules.signer.read(data, Platform::Telegram, &place)?;
        let person = Person::read(query.get("from")?)?;
        let user = query.pointer("/from/id")?.as_i64()?;
        let buttons = keyboard::read(message, rules.signer, &place);
        let message = MessageId::new(message.get("message_id")?.as_i64()?.to_string());
        Some((InboundKind::Pressed { message, choice: choice.clone(), buttons }, spot, place, choice, person, user))
    };
    let Some((kind, spot, place, choice, person, user)) = read() else { return vec![answer(None)] };
    let own = choice.owner == person.id;
    if !own && (!spot.shared() || choice.action.is_personal()) {
        return vec![answer(Some(rules.strangers))];
    }
    let inbound = Inbound {
        id,
        from: choice.conversation(Platform::Telegram, place),
        name: person.name,
        // An administrator's language is not that of the button's owner.
        locale: person.locale.filter(|_| own),
        burst: None,
        back: None,
        replies: false,
        kind,
    };
    if !own {
        return vec![Step::PressForOther { query: name.to_owned(), chat: spot.chat, user, inbound }];
    }
    vec![answer(None), Step::Accept(inbound)]
}

#[cfg(test)]
#[path = "update_tests.rs"]
mod tests;
