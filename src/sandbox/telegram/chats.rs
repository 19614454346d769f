//! Everything that the emulator remembers: chats, people, messages.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::budget::Budget;
use super::call::Call;
use super::faults::Faults;
use super::media::Files;
use super::refusal::Refusal;
use super::scenario::Scenario;
use super::shown::{CallbackAnswer, Message};
use super::updates::Updates;

/// Older messages of a chat leave when it holds this many; a long try-out stays small.
const KEPT_MESSAGES: usize = 5000;
/// Older records of calls leave when this many are kept.
const KEPT_CALLS: usize = 20_000;
/// From here down a group is a supergroup.
const SUPERGROUP: i64 = -1_000_000_000_000;

/// Somebody who uses Telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their number, which is also that of their private chat with the bot.
    pub id: i64,
    /// Their first name.
    pub name: String,
    /// Their user name, without `@`.
    pub username: Option<String>,
    /// The language of their Telegram, such as `en` or `zh-hans`.
    pub language: Option<String>,
}

impl Person {
    /// Somebody whose Telegram speaks English.
    pub fn new(id: i64, name: impl Into<String>) -> Self {
        Self { id, name: name.into(), username: None, language: Some("en".to_owned()) }
    }

    /// The same person with a Telegram in another language.
    #[must_use]
    pub fn speaking(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    pub(super) fn wire(&self) -> Value {
        let mut wire = json!({ "id": self.id, "is_bot": false, "first_name": self.name });
        if let Some(username) = &self.username {
            wire["username"] = json!(username);
        }
        if let Some(language) = &self.language {
            wire["language_code"] = json!(language);
        }
        wire
    }
}

/// A draft that streams.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) id: i64,
    pub(super) thread: Option<i64>,
    pub(super) text: String,
    pub(super) entities: Vec<Value>,
    pub(super) can_stop: bool,
    pub(super) keep_on_stop: bool,
    pub(super) until: Instant,
}

/// A chat and its messages.
#[derive(Debug)]
pub(super) struct Chat {
    pub(super) wire: Value,
    pub(super) messages: BTreeMap<i64, Message>,
    pub(super) threads: BTreeSet<i64>,
    pub(super) action: Option<(String, Instant)>,
    pub(super) draft: Option<Draft>,
    /// The person blocked the bot, or the group removed it.
    pub(super) blocked: bool,
    /// The supergroup that it became.
    pub(super) moved_to: Option<i64>,
    /// `status` of members as `getChatMember` tells it.
    pub(super) members: BTreeMap<i64, &'static str>,
    next_message: i64,
}

impl Chat {
    fn new(wire: Value) -> Self {
        Self {
            wire,
            messages: BTreeMap::new(),
            threads: BTreeSet::new(),
            action: None,
            draft: None,
            blocked: false,
            moved_to: None,
            members: BTreeMap::new(),
            next_message: 1,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self.wire["type"].as_str() {
            Some("private") => "private",
            Some("group") => "group",
            _ => "supergroup",
        }
    }

    pub(super) fn title(&self) -> &str {
        self.wire["title"].as_str().or(self.wire["first_name"].as_str()).unwrap_or_default()
    }

    /// Adds a message under the next number. A message of the bot takes the chat action and the draft away.
    pub(super) fn add(&mut self, mut message: Message) -> i64 {
        let id = self.next_message;
        message.wire.shift_insert(0, "message_id".to_owned(), json!(id));
        if message.from_bot {
            self.action = None;
            self.draft = None;
        }
        self.put(id, message);
        id
    }

    /// Adds a message under its own number.
    pub(super) fn put(&mut self, id: i64, message: Message) {
        self.next_message = self.next_message.max(id + 1);
        self.messages.insert(id, message);
        if self.messages.len() > KEPT_MESSAGES {
            self.messages.pop_first();
        }
    }
}

/// A press of a button that the bot may answer.
#[derive(Clone, Debug)]
pub(super) struct Callback {
    pub(super) chat: i64,
    pub(super) message: i64,
    pub(super) user: i64,
    pub(super) at: Instant,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) chats: BTreeMap<i64, Chat>,
    pub(super) people: HashMap<i64, Person>,
    pub(super) updates: Updates,
    pub(super) budget: Budget,
    pub(super) faults: Faults,
    /// The scenario that is played.
    pub(super) playing: Option<Scenario>,
    pub(super) files: Files,
    /// By scope (as JSON) and language.
    pub(super) commands: HashMap<(String, String), Vec<Value>>,
    pub(super) callbacks: HashMap<String, Callback>,
    /// Presses so far.
    pub(super) pressed: u64,
    pub(super) answers: Vec<CallbackAnswer>,
    pub(super) breaches: Vec<String>,
    pub(super) albums: u64,
    calls: VecDeque<Value>,
}

impl State {
    /// Remembers `person` and, where it is new, `chat`.
    pub(super) fn meet(&mut self, person: &Person, chat: i64) -> &mut Chat {
        self.people.insert(person.id, person.clone());
        let wire = || {
            if chat < 0 {
                let kind = if chat <= SUPERGROUP { "supergroup" } else { "group" };
                return json!({ "id": chat, "title": "Group", "type": kind });
            }
            let mut wire = json!({ "id": chat, "first_name": person.name, "type": "private" });
            if let Some(username) = &person.username {
                wire["username"] = json!(username);
            }
            wire
        };
        let chat = self.chats.entry(chat).or_insert_with(|| Chat::new(wire()));
        chat.members.entry(person.id).or_insert("member");
        chat
    }

    /// Remembers a chat by its description.
    pub(super) fn open(&mut self, wire: &Value) -> Option<&mut Chat> {
        let id = wire["id"].as_i64()?;
        Some(self.chats.entry(id).or_insert_with(|| Chat::new(wire.clone())))
    }

    /// The chat of a call, if the bot may talk there.
    pub(super) fn chat_of(&mut self, call: &Call) -> Result<&mut Chat, Refusal> {
        if call.text("chat_id") == Some("") {
            return Err(Refusal::bad("chat_id is empty"));
        }
        let chat = call.chat_id().and_then(|id| self.chats.get_mut(&id));
        let chat = chat.ok_or_else(|| Refusal::bad("chat not found"))?;
        if chat.blocked {
            return Err(Refusal::new(
                403,
                match chat.kind() {
                    "private" => "Forbidden: bot was blocked by the user",
                    "group" => "Forbidden: bot was kicked from the group chat",
                    _ => "Forbidden: bot was kicked from the supergroup chat",
                },
            ));
        }
        if let Some(moved) = chat.moved_to {
            return Err(Refusal::moved(moved));
        }
        match call.int("message_thread_id") {
            // The General topic is 1 and may not be named.
            Some(thread) if thread == 1 || !chat.threads.contains(&thread) => {
                Err(Refusal::bad("message thread not found"))
            }
            _ => Ok(chat),
        }
    }

    /// Whether a call edits a message and puts other buttons under it.
    pub(super) fn changes_buttons(&self, call: &Call) -> bool {
        let chat = call.chat_id().and_then(|id| self.chats.get(&id));
        let message = chat.zip(call.int("message_id")).and_then(|(chat, id)| chat.messages.get(&id));
        message.is_some_and(|message| message.wire.get("reply_markup") != call.parameters.get("reply_markup"))
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

/// A message without what hangs on it, as `reply_to_message` shows it.
pub(super) fn quoted(wire: &Map<String, Value>) -> Value {
    let mut wire = wire.clone();
    wire.shift_remove("reply_to_message");
    Value::Object(wire)
}
