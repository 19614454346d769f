//! Commands and presses: what the bot is told of them.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shared;
use super::permissions;
use super::scenario::Scenario;
use super::wire::person_may;
use super::world::{Kind, State};

/// Older interactions are forgotten when there are this many.
const KEPT: usize = 5000;
/// Kinds of interactions.
pub(super) const COMMAND: u8 = 2;
pub(super) const COMPONENT: u8 = 3;
pub(super) const COMPLETION: u8 = 4;
pub(super) const FORM: u8 = 5;

/// What a person may do with no server between.
const PRIVATE_MAY: u64 = 0x0002_0004_0015_cc40;

/// A command or press, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Interaction {
    pub(super) id: u64,
    pub(super) token: String,
    pub(super) kind: u8,
    pub(super) name: String,
    pub(super) user: u64,
    pub(super) channel: u64,
    /// The message of a pressed button.
    pub(super) message: Option<u64>,
    /// The kind of a command: 1 slash, 3 message.
    pub(super) command: u8,
    pub(super) issued: Instant,
    /// How long its token lives.
    pub(super) life: Duration,
    /// The first answer and how long it took.
    pub(super) answer: Option<(u8, Duration)>,
    /// What `@original` is.
    pub(super) original: Option<u64>,
    pub(super) follow_ups: u32,
    /// The application is not installed in the place.
    pub(super) guest: bool,
    pub(super) choices: Vec<Value>,
    pub(super) form: Option<Value>,
    pub(super) owners: Value,
}

/// What somebody does.
pub(super) struct Act<'a> {
    pub(super) kind: u8,
    pub(super) name: &'a str,
    pub(super) command: u8,
    pub(super) message: Option<u64>,
    pub(super) data: Value,
}

impl Shared {
    /// Makes an interaction and tells the bot. Returns its id; `None` where there is no such channel.
    pub(super) fn interact(&self, state: &mut State, user: u64, place: u64, act: &Act<'_>) -> Option<u64> {
        let channel = state.channels.get(&place)?.clone();
        let id = state.next_id(self.clock.now().as_millis());
        let token = format!("aW50ZXJhY3Rpb246{id:x}{:016x}", id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let guest = !state.has_bot(&channel);
        let owners = match channel.guild {
            _ if guest => json!({ "1": user.to_string() }),
            Some(guild) => json!({ "0": guild.to_string() }),
            None => json!({ "0": "0" }),
        };
        let context = match channel.kind {
            Kind::Dm => 1,
            Kind::Group => 2,
            Kind::Text | Kind::Thread => 0,
        };
        let may = if channel.guild.is_some() { channel.allowed } else { PRIVATE_MAY };
        let mute = state.playing == Some(Scenario::Forbidden);
        let may = if mute { may & !(permissions::SEND | permissions::SEND_IN_THREADS) } else { may };
        let locale = state.people.get(&user).map_or("en-US", |person| person.locale.as_str());
        let mut wire = json!({
            "id": id.to_string(),
            "application_id": self.settings.application.to_string(),
            "type": act.kind,
            "data": act.data,
            "channel": self.partial_channel(state, &channel, user),
            "channel_id": place.to_string(),
            "token": token,
            "version": 1,
            "app_permissions": may.to_string(),
            "locale": locale,
            "entitlements": [],
            "authorizing_integration_owners": owners,
            "context": context,
            "attachment_size_limit": self.upload_limits().0,
        });
        if let Some(guild) = channel.guild {
            wire["guild_id"] = json!(guild.to_string());
            wire["guild"] = json!({ "id": guild.to_string(), "locale": "en-US", "features": [] });
            wire["guild_locale"] = json!("en-US");
            let mut member = self.full_member(state, user);
            member["permissions"] = json!(person_may(&channel, user).to_string());
            wire["member"] = member;
        } else {
            wire["user"] = self.user(state, user);
        }
        if let Some(message) = act.message.and_then(|id| channel.messages.get(&id)) {
            wire["message"] = self.message(state, message);
        }
        self.add_novelty(&mut wire);
        let interaction = Interaction {
            id,
            token,
            kind: act.kind,
            name: act.name.to_owned(),
            user,
            channel: place,
            message: act.message,
            command: act.command,
            issued: Instant::now(),
            life: self.token_life(state),
            answer: None,
            original: None,
            follow_ups: 0,
            guest,
            choices: Vec::new(),
            form: None,
            owners,
        };
        self.ends_with_its_token(&interaction);
        state.interactions.insert(id, interaction);
        if state.interactions.len() > KEPT {
            state.interactions.pop_first();
        }
        self.tell(state, Some(place), "INTERACTION_CREATE", &wire);
        self.changed();
        self.changed_at(Instant::now() + self.settings.times.first_answer);
        Some(id)
    }

    /// Writes down when the token answers no more.
    fn ends_with_its_token(&self, interaction: &Interaction) {
        let (stop, journal, id) = (self.stop.clone(), self.journal.clone(), interaction.id);
        let end = interaction.issued + interaction.life;
        self.tasks.spawn(async move {
            if stop.run_until_cancelled(tokio::time::sleep_until(end)).await.is_some() {
                let line = format!("the token of interaction {id} ended");
                journal.record("discord", "token-end", line, json!({ "interaction": id }));
            }
        });
    }

    /// `interaction_metadata` of a message that an interaction made.
    pub(super) fn metadata(&self, state: &State, interaction: &Interaction, follows: bool) -> Value {
        let mut metadata = json!({
            "id": interaction.id.to_string(),
            "type": interaction.kind,
            "user": self.user(state, interaction.user),
            "authorizing_integration_owners": interaction.owners,
        });
        match (interaction.kind, interaction.message) {
            (COMPONENT | FORM, Some(message)) => metadata["interacted_message_id"] = json!(message.to_string()),
            (COMMAND, Some(target)) if interaction.command == 3 => {
                metadata["target_message_id"] = json!(target.to_string());
            }
            _ => {}
        }
        if let Some(original) = interaction.original.filter(|_| follows) {
            metadata["original_response_message_id"] = json!(original.to_string());
        }
        metadata
    }
}
