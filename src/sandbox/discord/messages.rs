//! Messages of channels: sent, edited, deleted, listed.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shared;
use super::answer::Answer;
use super::call::Call;
use super::message::{Message, REPLY};
use super::permissions;
use super::refusal::{ARCHIVED, CANNOT_SEND_TO_USER, MISSING_PERMISSIONS, NOT_AUTHOR, Refusal, UNKNOWN_MESSAGE};
use super::strict::Purpose;
use super::world::{Channel, Kind, State};

impl Shared {
    pub(super) fn create_message(&self, call: &Call) -> Result<Answer, Refusal> {
        let id = call.id(0)?;
        let now_ms = self.clock.now().as_millis();
        let mut guard = self.state();
        let state = &mut *guard;
        let channel = state.visible(id)?;
        channel.needs(channel.sending())?;
        if !call.parts.is_empty() {
            channel.needs(permissions::ATTACH_FILES)?;
        }
        if channel.closed {
            return Err(CANNOT_SEND_TO_USER.into());
        }
        if channel.archived && channel.locked {
            return Err(ARCHIVED.into());
        }
        let wakes = std::mem::take(&mut channel.archived);
        if let Some(known) = self.same_nonce(state, id, &call.body) {
            let wire = self.message_by_rest(state, &known);
            drop(guard);
            self.record_call(call, "the nonce is known: no second message");
            return Ok(Answer::Json(200, wire));
        }
        let mut message = Message::new(state.next_id(now_ms), id, self.settings.application, now_ms);
        message.by_bot = true;
        message.nonce = call.body.get("nonce").filter(|nonce| !nonce.is_null()).cloned();
        self.refer(state, &call.body, &mut message)?;
        self.compose(state, call, (&call.body, ""), Purpose::New, &mut message)?;
        if wakes {
            self.tell_channel(state, "THREAD_UPDATE", id);
        }
        let wire = self.post(state, message.clone());
        drop(guard);
        self.record_message("sent", &call.label(), &message);
        Ok(Answer::Json(200, wire))
    }

    /// The message that was sent with this nonce, if the call asks for it.
    fn same_nonce(&self, state: &State, channel: u64, body: &Value) -> Option<Message> {
        let nonce = body.get("nonce").filter(|_| body["enforce_nonce"] == true)?;
        let life = self.settings.times.nonce_life;
        let mut known = state.channels.get(&channel)?.messages.values();
        let same =
            |one: &&Message| one.by_bot && one.at.elapsed() < life && plain(one.nonce.as_ref()) == plain(Some(nonce));
        known.find(same).cloned()
    }

    /// Reads `message_reference`.
    fn refer(&self, state: &State, body: &Value, message: &mut Message) -> Result<(), Refusal> {
        let reference = &body["message_reference"];
        let Some(original) = number(&reference["message_id"]) else { return Ok(()) };
        if reference["type"].as_u64().unwrap_or_default() != 0 {
            self.breach("a forwarded message: not emulated".to_owned());
        }
        let channel = number(&reference["channel_id"]).unwrap_or(message.channel);
        let known = state.channels.get(&message.channel).and_then(|at| at.messages.get(&original));
        if channel == message.channel && known.is_some_and(|original| original.only_for.is_none()) {
            message.kind = REPLY;
            message.answers = Some((channel, original));
        } else if reference["fail_if_not_exists"] != false {
            return Err(Refusal::form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"));
        }
        Ok(())
    }

    /// Puts a message of the bot where it belongs and tells of it.
    pub(super) fn post(&self, state: &mut State, message: Message) -> Value {
        let (channel, id) = (message.channel, message.id);
        let wire = self.message_by_rest(state, &message);
        if let Some(at) = state.channels.get_mut(&channel) {
            at.put(message);
        }
        self.tell_message(state, "MESSAGE_CREATE", channel, id);
        self.changed();
        wire
    }

    pub(super) fn edit_message(&self, call: &Call) -> Result<Answer, Refusal> {
        let (channel, id) = (call.id(0)?, call.id(1)?);
        let mut guard = self.state();
        let state = &mut *guard;
        let message = open_message(state, channel, id)?.clone();
        if !message.by_bot {
            return Err(NOT_AUTHOR.into());
        }
        if state.channels.get(&channel).is_some_and(|at| at.archived) {
            return Err(ARCHIVED.into());
        }
        if message.at.elapsed() >= self.settings.times.old_message {
            state.limits.old_edit(channel, self.settings.times.old_edits, Instant::now())?;
        }
        let (message, wire) = self.change(state, call, (&call.body, ""), message)?;
        drop(guard);
        self.record_message("edited", &call.label(), &message);
        Ok(Answer::Json(200, wire))
    }

    /// Edits a message of the bot, whichever way it is reached. The first words after "is thinking" are no edit.
    pub(super) fn change(
        &self,
        state: &mut State,
        call: &Call,
        body: (&Value, &str),
        mut message: Message,
    ) -> Result<(Message, Value), Refusal> {
        let filled = message.flags & super::message::LOADING != 0;
        let purpose = Purpose::Edit { v2: message.is_v2() };
        self.compose(state, call, body, purpose, &mut message)?;
        if !filled {
            message.edits += 1;
            message.edited_ms = Some(self.clock.now().as_millis());
        }
        let (channel, id) = (message.channel, message.id);
        let wire = self.message_by_rest(state, &message);
        if let Some(at) = state.channels.get_mut(&channel) {
            at.messages.insert(id, message.clone());
        }
        self.tell_message(state, "MESSAGE_UPDATE", channel, id);
        self.changed();
        Ok((message, wire))
    }

    pub(super) fn delete_message(&self, call: &Call) -> Result<Answer, Refusal> {
        let (channel, id) = (call.id(0)?, call.id(1)?);
        let mut guard = self.state();
        let state = &mut *guard;
        let message = open_message(state, channel, id)?.clone();
        let at = state.visible(channel)?;
        if !message.by_bot && (at.guild.is_none() || at.allowed & permissions::MANAGE_MESSAGES == 0) {
            return Err(MISSING_PERMISSIONS.into());
        }
        self.remove(state, &message);
        drop(guard);
        self.record_message("deleted", &call.label(), &message);
        Ok(Answer::Empty)
    }

    /// Takes a message away and tells of it. Its files are gone too.
    pub(super) fn remove(&self, state: &mut State, message: &Message) {
        if let Some(at) = state.channels.get_mut(&message.channel) {
            at.messages.remove(&message.id);
        }
        message.files.iter().for_each(|id| state.files.forget(*id));
        let guild = state.channels.get(&message.channel).and_then(|at| at.guild);
        let mut wire = json!({ "id": message.id.to_string(), "channel_id": message.channel.to_string() });
        if let Some(guild) = guild {
            wire["guild_id"] = json!(guild.to_string());
        }
        if message.only_for.is_none() {
            self.tell(state, Some(message.channel), "MESSAGE_DELETE", &wire);
        }
        self.changed();
    }

    pub(super) fn get_message(&self, call: &Call) -> Result<Answer, Refusal> {
        let (channel, id) = (call.id(0)?, call.id(1)?);
        let mut state = self.state();
        let message = open_message(&mut state, channel, id)?.clone();
        state.visible(channel)?.needs(permissions::READ_HISTORY)?;
        Ok(Answer::Json(200, self.message_by_rest(&state, &message)))
    }

    /// The newest first, whatever was asked for, as Discord lists them.
    pub(super) fn list_messages(&self, call: &Call) -> Result<Answer, Refusal> {
        let id = call.id(0)?;
        let bound = |name: &str| -> Result<Option<u64>, Refusal> {
            let Some(text) = call.query.get(name) else { return Ok(None) };
            let words = || Refusal::form(name, "NUMBER_TYPE_COERCE", format!("Value \"{text}\" is not snowflake."));
            text.parse().map(Some).map_err(|_| words())
        };
        let limit = bound("limit")?.unwrap_or(50);
        if !(1..=100).contains(&limit) {
            let words = "int value should be less than or equal to 100.";
            return Err(Refusal::form("limit", "NUMBER_TYPE_MAX", words));
        }
        let (after, before) = (bound("after")?, bound("before")?);
        if call.query.contains_key("around") {
            self.breach("messages around another one: not emulated".to_owned());
        }
        let mut state = self.state();
        let channel = state.visible(id)?;
        let mut found: Vec<Message> = if channel.guild.is_some() && channel.allowed & permissions::READ_HISTORY == 0 {
            Vec::new()
        } else {
            let fits = |one: &&Message| {
                one.only_for.is_none()
                    && after.is_none_or(|after| one.id > after)
                    && before.is_none_or(|before| one.id < before)
            };
            channel.messages.values().filter(fits).cloned().collect()
        };
        let limit = usize::try_from(limit).unwrap_or(100);
        if after.is_some() {
            found.truncate(limit);
        } else {
            found.drain(..found.len().saturating_sub(limit));
        }
        let wires = found.iter().rev().map(|one| self.message_by_rest(&state, one)).collect();
        drop(state);
        self.record_call(call, &format!("{} messages", found.len()));
        Ok(Answer::Json(200, wires))
    }

    /// Notes what became of a message of the bot.
    pub(super) fn record_message(&self, kind: &'static str, method: &str, message: &Message) {
        let text = self.show(&self.state(), message).text;
        let line = format!("{method}: {}", text.lines().next().unwrap_or_default());
        let data = json!({
            "method": method,
            "chat": message.channel,
            "message_id": message.id,
            "text": text,
            "files": message.files.len(),
            "only_for": message.only_for,
        });
        self.record(kind, line, data);
    }

    /// Tells of a channel or thread.
    pub(super) fn tell_channel(&self, state: &mut State, kind: &str, id: u64) {
        let Some(channel) = state.channels.get(&id) else { return };
        let wire = self.channel(state, channel);
        self.tell(state, Some(id), kind, &wire);
    }
}

/// A message that the bot reaches by its channel: nobody's private one.
pub(super) fn open_message(state: &mut State, channel: u64, id: u64) -> Result<&mut Message, Refusal> {
    let found = state.visible(channel)?.messages.get_mut(&id).filter(|message| message.only_for.is_none());
    found.ok_or_else(|| UNKNOWN_MESSAGE.into())
}

/// A snowflake, as text or as a number.
pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn plain(nonce: Option<&Value>) -> Option<String> {
    nonce.map(|nonce| nonce.as_str().map_or_else(|| nonce.to_string(), str::to_owned))
}

impl State {
    /// Whether the bot hears of what happens here.
    pub(super) fn visible_to_bot(&self, channel: &Channel) -> bool {
        self.has_bot(channel) && (channel.kind == Kind::Dm || channel.allowed & permissions::VIEW != 0)
    }
}
