//! What comes after the first answer: `@original` and messages after it, while the token lives.

use super::Shared;
use super::answer::Answer;
use super::call::Call;
use super::interactions::Interaction;
use super::message::{EPHEMERAL, LOADING, Message};
use super::messages::number;
use super::refusal::{DEAD_TOKEN, Refusal, TOO_MANY_FOLLOW_UPS, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK};
use super::strict::Purpose;
use super::world::State;

/// What an application may send after an answer where it is not installed.
const GUEST_FOLLOW_UPS: u32 = 5;

impl Shared {
    /// The answered interaction of a token that lives.
    fn alive(&self, state: &State, call: &Call) -> Result<Interaction, Refusal> {
        if call.id(0)? != self.settings.application {
            return Err(UNKNOWN_WEBHOOK.into());
        }
        let known = state.interactions.values().find(|one| one.token == call.step(1));
        let interaction = known.ok_or(UNKNOWN_WEBHOOK)?;
        if interaction.issued.elapsed() >= interaction.life {
            return Err(DEAD_TOKEN.into());
        }
        // Before the first answer there is no such webhook.
        if interaction.answer.is_none() { Err(UNKNOWN_WEBHOOK.into()) } else { Ok(interaction.clone()) }
    }

    /// The message that a call names: `@original` or one that followed. A message that was there before its button was
    /// pressed goes by `@original` alone.
    fn named(&self, state: &State, call: &Call) -> Result<Message, Refusal> {
        let interaction = self.alive(state, call)?;
        let id = match call.step(2) {
            "@original" => interaction.original,
            _ => Some(call.id(2)?),
        };
        let channel = state.channels.get(&interaction.channel);
        let message = id.and_then(|id| channel?.messages.get(&id));
        let own = |message: &&Message| {
            let made_by = message.interaction.as_ref().map(|metadata| &metadata["id"]);
            let by_this = made_by.and_then(number) == Some(interaction.id);
            by_this || call.step(2) == "@original"
        };
        message.filter(own).cloned().ok_or_else(|| UNKNOWN_MESSAGE.into())
    }

    pub(super) fn get_answer(&self, call: &Call) -> Result<Answer, Refusal> {
        let state = self.state();
        let message = self.named(&state, call)?;
        Ok(Answer::Json(200, self.message(&state, &message)))
    }

    pub(super) fn edit_answer(&self, call: &Call) -> Result<Answer, Refusal> {
        let mut guard = self.state();
        let state = &mut *guard;
        let message = self.named(state, call)?;
        let (message, _) = self.change(state, call, (&call.body, ""), message)?;
        let wire = self.message(state, &message);
        drop(guard);
        self.record_message("edited", &call.label(), &message);
        Ok(Answer::Json(200, wire))
    }

    pub(super) fn delete_answer(&self, call: &Call) -> Result<Answer, Refusal> {
        let mut guard = self.state();
        let state = &mut *guard;
        let message = self.named(state, call)?;
        self.remove(state, &message);
        drop(guard);
        self.record_message("deleted", &call.label(), &message);
        Ok(Answer::Empty)
    }

    /// A message after the answer. While the answer is still to come, it becomes the answer.
    pub(super) fn follow_up(&self, call: &Call) -> Result<Answer, Refusal> {
        let mut guard = self.state();
        let state = &mut *guard;
        let interaction = self.alive(state, call)?;
        let waiting = interaction.original.and_then(|id| {
            let message = state.channels.get(&interaction.channel)?.messages.get(&id)?;
            Some(message.clone()).filter(|message| message.flags & LOADING != 0)
        });
        if interaction.guest && interaction.follow_ups >= GUEST_FOLLOW_UPS {
            return Err(TOO_MANY_FOLLOW_UPS.into());
        }
        let ephemeral = call.body["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0;
        let (message, kind) = if let Some(mut message) = waiting {
            self.compose(state, call, (&call.body, ""), Purpose::Answer, &mut message)?;
            // Who sees it was settled by the deferral.
            message.flags &= !EPHEMERAL;
            if message.only_for.is_some() {
                message.flags |= EPHEMERAL;
            }
            if let Some(at) = state.channels.get_mut(&message.channel) {
                at.messages.insert(message.id, message.clone());
            }
            self.tell_message(state, "MESSAGE_UPDATE", message.channel, message.id);
            self.changed();
            (message, "edited")
        } else {
            let now_ms = self.clock.now().as_millis();
            let id = state.next_id(now_ms);
            let mut message = Message::new(id, interaction.channel, self.settings.application, now_ms);
            self.dress(state, &mut message, &interaction, ephemeral, true);
            self.compose(state, call, (&call.body, ""), Purpose::Answer, &mut message)?;
            self.post(state, message.clone());
            (message, "sent")
        };
        if let Some(kept) = state.interactions.get_mut(&interaction.id) {
            kept.follow_ups += 1;
        }
        let wire = self.message(state, &message);
        drop(guard);
        self.record_message(kind, &call.label(), &message);
        Ok(Answer::Json(200, wire))
    }
}
