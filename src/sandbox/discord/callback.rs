//! The first answer to an interaction, in time and once.

use serde_json::{Value, json};

use super::Shared;
use super::answer::Answer;
use super::call::Call;
use super::interactions::{COMMAND, COMPLETION, COMPONENT, Interaction};
use super::message::{CONTEXT_COMMAND, EPHEMERAL, LOADING, Message};
use super::refusal::{ACKNOWLEDGED, Refusal, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE};
use super::strict::{Flaws, Purpose, count_components, custom_ids, utf16};
use super::world::State;

/// A message.
const MESSAGE: u8 = 4;
/// "is thinking", and a message later.
const DEFERRED: u8 = 5;
/// Nothing yet; the pressed message may change later.
const DEFERRED_UPDATE: u8 = 6;
/// The pressed message changes.
const UPDATE: u8 = 7;
/// Choices of a completion.
const CHOICES: u8 = 8;
/// A form opens.
const FORM: u8 = 9;
/// Choices that a completion may have.
const MOST_CHOICES: usize = 25;

impl Shared {
    pub(super) fn callback(&self, call: &Call) -> Result<Answer, Refusal> {
        let id = call.id(0)?;
        let mut guard = self.state();
        let state = &mut *guard;
        let known = state.interactions.get(&id).filter(|one| one.token == call.step(1)).cloned();
        let mut interaction = known.ok_or(UNKNOWN_INTERACTION)?;
        if interaction.answer.is_some() {
            return Err(ACKNOWLEDGED.into());
        }
        let waited = interaction.issued.elapsed();
        if waited >= self.settings.times.first_answer {
            return Err(UNKNOWN_INTERACTION.into());
        }
        let kind = u8::try_from(call.body["type"].as_u64().unwrap_or_default()).unwrap_or_default();
        let data = &call.body["data"];
        let fits = match interaction.kind {
            COMPLETION => kind == CHOICES,
            COMMAND => matches!(kind, MESSAGE | DEFERRED | FORM),
            COMPONENT => matches!(kind, MESSAGE | DEFERRED | DEFERRED_UPDATE | UPDATE | FORM),
            _ => matches!(kind, MESSAGE | DEFERRED | DEFERRED_UPDATE | UPDATE),
        };
        if !fits {
            let words = "Value must be one of the types that fit this interaction.";
            return Err(Refusal::form("type", "BASE_TYPE_CHOICES", words));
        }
        let message = match kind {
            MESSAGE | DEFERRED => Some(self.answering(state, call, &interaction, kind == DEFERRED)?),
            UPDATE => {
                let message = pressed(state, &interaction)?;
                Some(self.change(state, call, (data, "data"), message)?.0)
            }
            DEFERRED_UPDATE => {
                if data.as_object().is_some_and(|fields| !fields.is_empty()) {
                    self.breach("data in a deferred update: it takes none".to_owned());
                }
                Some(pressed(state, &interaction)?)
            }
            CHOICES => {
                interaction.choices = self.choices(data)?;
                None
            }
            _ => {
                interaction.form = Some(self.form(data)?);
                None
            }
        };
        interaction.answer = Some((kind, waited));
        interaction.original = message.as_ref().map(|message| message.id);
        state.interactions.insert(id, interaction.clone());
        let response = self.response(state, &interaction, kind, message.as_ref());
        drop(guard);
        self.changed();
        self.tell_of(call, &interaction, kind, message.as_ref());
        Ok(if call.asks("with_response") { Answer::Json(200, response) } else { Answer::Empty })
    }

    /// The message that answers, or the notice that one will come.
    fn answering(
        &self,
        state: &mut State,
        call: &Call,
        interaction: &Interaction,
        deferred: bool,
    ) -> Result<Message, Refusal> {
        let data = &call.body["data"];
        let flags = data["flags"].as_u64().unwrap_or_default();
        let now_ms = self.clock.now().as_millis();
        let mut message = Message::new(state.next_id(now_ms), interaction.channel, self.settings.application, now_ms);
        self.dress(state, &mut message, interaction, flags & EPHEMERAL != 0, false);
        if deferred {
            if flags & !EPHEMERAL != 0 {
                let words = "Only EPHEMERAL may be set on a deferred response.";
                return Err(Refusal::form("data.flags", "BITFIELD_INVALID", words));
            }
            let says = ["content", "embeds", "components", "attachments", "poll"].into_iter();
            for name in
                says.filter(|name| data[*name].as_array().map_or(!data[*name].is_null(), |list| !list.is_empty()))
            {
                self.breach(format!("{name} in a deferred response: it takes flags only"));
            }
            message.flags |= LOADING;
        } else {
            self.compose(state, call, (data, "data"), Purpose::Answer, &mut message)?;
        }
        self.post(state, message.clone());
        Ok(message)
    }

    /// What every message of an interaction has.
    pub(super) fn dress(
        &self,
        state: &State,
        message: &mut Message,
        interaction: &Interaction,
        ephemeral: bool,
        follows: bool,
    ) {
        message.by_bot = true;
        message.interaction = Some(self.metadata(state, interaction, follows));
        if interaction.kind == COMMAND && !follows {
            message.kind = if interaction.command == 1 { super::message::COMMAND } else { CONTEXT_COMMAND };
        }
        if ephemeral {
            message.flags |= EPHEMERAL;
            message.only_for = Some(interaction.user);
        }
    }

    fn choices(&self, data: &Value) -> Result<Vec<Value>, Refusal> {
        let mut flaws = Flaws::default();
        let choices = data["choices"].as_array().cloned().unwrap_or_default();
        flaws.length("data.choices", 0, MOST_CHOICES, choices.len());
        for (at, choice) in choices.iter().enumerate() {
            let name = choice["name"].as_str().map_or(0, utf16);
            flaws.length(&format!("data.choices.{at}.name"), 1, 100, name);
            if choice["value"].as_str().is_some_and(|value| utf16(value) > 100) || choice["value"].is_null() {
                flaws.length(&format!("data.choices.{at}.value"), 1, 100, usize::MAX);
            }
            let fields = choice.as_object().into_iter().flatten().map(|(name, _)| name);
            for name in fields.filter(|name| !["name", "name_localizations", "value"].contains(&name.as_str())) {
                self.breach(format!("unknown field data.choices.{at}.{name}"));
            }
        }
        self.judge(&flaws.0)?;
        Ok(choices)
    }

    fn form(&self, data: &Value) -> Result<Value, Refusal> {
        let mut flaws = Flaws::default();
        flaws.length("data.title", 1, 45, data["title"].as_str().map_or(0, utf16));
        flaws.length("data.custom_id", 1, 100, data["custom_id"].as_str().map_or(0, utf16));
        flaws.length("data.components", 1, 5, data["components"].as_array().map_or(0, Vec::len));
        if count_components(&data["components"]) > 40
            || custom_ids(&data["components"], "").iter().any(|(_, id)| utf16(id) > 100)
        {
            flaws.length("data.components", 1, 5, 41);
        }
        self.judge(&flaws.0)?;
        Ok(data.clone())
    }

    /// What `with_response` answers.
    fn response(&self, state: &State, interaction: &Interaction, kind: u8, message: Option<&Message>) -> Value {
        let mut response = json!({
            "interaction": {
                "id": interaction.id.to_string(),
                "type": interaction.kind,
                "response_message_id": interaction.original.map(|id| id.to_string()),
                "response_message_loading": kind == DEFERRED,
                "response_message_ephemeral": message.is_some_and(|message| message.only_for.is_some()),
                "channel_id": interaction.channel.to_string(),
            },
        });
        if interaction.original.is_none() {
            response["interaction"].as_object_mut().map(|fields| fields.shift_remove("response_message_id"));
        }
        if let Some(guild) = state.channels.get(&interaction.channel).and_then(|at| at.guild) {
            response["interaction"]["guild_id"] = json!(guild.to_string());
        }
        if let (MESSAGE | DEFERRED | UPDATE, Some(message)) = (kind, message) {
            response["resource"] = json!({ "type": kind, "message": self.message(state, message) });
        }
        response
    }

    /// Notes the first answer.
    fn tell_of(&self, call: &Call, interaction: &Interaction, kind: u8, message: Option<&Message>) {
        let after = interaction.answer.map_or(0, |(_, wait)| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        match (kind, message) {
            (MESSAGE, Some(message)) => self.record_message("sent", &call.label(), message),
            (UPDATE, Some(message)) => self.record_message("edited", &call.label(), message),
            _ => {}
        }
        let data = json!({
            "method": call.label(),
            "chat": interaction.channel,
            "message_id": interaction.original,
            "interaction": interaction.id,
            "answer": kind,
            "after_ms": after,
        });
        self.record("acknowledged", format!("{} with {kind} after {after} ms", interaction.name), data);
    }
}

/// The message of the pressed button.
pub(super) fn pressed(state: &State, interaction: &Interaction) -> Result<Message, Refusal> {
    let channel = state.channels.get(&interaction.channel);
    let message = interaction.message.and_then(|id| channel?.messages.get(&id)).cloned();
    message.ok_or_else(|| UNKNOWN_MESSAGE.into())
}
