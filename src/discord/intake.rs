//! What is done about an event: acknowledged, then given to the core.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::ChannelId;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use super::api::Api;
use super::error::CallError;
use super::interaction::{self, Kind, Then};
use super::message::{self, Step};
use super::place::{Snowflake, Spot};
use super::sizes::Sizes;
use super::threads::{Homes, in_thread};
use super::waiting::Waiting;
use crate::chat::id::{ConversationId, Platform};
use crate::chat::inbound::{Inbound, InboundKind};
use crate::clock::Clock;
use crate::ingress::{Backoff, Busy, Inlet};
use crate::say::Say;

/// How often an event is offered to a store that does not take it: for about two minutes. Discord does not bring it
/// again by itself.
const OFFERS: u32 = 8;

/// See the module.
pub(super) struct Intake {
    pub(super) api: Arc<Api>,
    pub(super) waiting: Arc<Waiting>,
    pub(super) sizes: Arc<Sizes>,
    pub(super) inlet: Arc<dyn Inlet>,
    pub(super) messages: message::Rules,
    pub(super) interactions: interaction::Rules,
    pub(super) homes: Arc<Homes>,
    pub(super) clock: Clock,
    pub(super) stop: CancellationToken,
}

impl Intake {
    /// An interaction. Acknowledged before any other I/O.
    pub(super) async fn acted(&self, kind: Kind, interaction: &Value) {
        let now = self.clock.now();
        let Some(acted) = interaction::read(kind, interaction, now, &self.interactions) else {
            warn!("An interaction on Discord cannot be understood and is passed over");
            return;
        };
        if kind == Kind::Command && acted.answer["type"] == 5 {
            self.waiting.waits(acted.id);
        }
        let path = format!("/interactions/{}/{}/callback", acted.id, acted.token);
        match self.api.direct::<Value>(Method::POST, &path, Some(&acted.answer), false).await {
            Ok(_) => {}
            // Too late, and its user was told so by Discord and may do it again; or a copy that was answered before,
            // which the core knows.
            Err(CallError::Over) => {
                debug!(interaction = acted.id, "An interaction was over before it could be acknowledged");
                self.waiting.taken(acted.id);
                return;
            }
            // It may have arrived.
            Err(error) => warn!(%error, interaction = acted.id, "An interaction could not be acknowledged"),
        }
        match acted.then {
            Then::Nothing => {}
            Then::Accept(inbound) => self.accept(self.brought_home(inbound).await).await,
            Then::Clips { on, inbound } => {
                if let Some(clips) = self.switch_clips(&inbound, on).await {
                    self.accept(with_outcome(inbound, clips)).await;
                }
            }
        }
    }

    /// A message.
    pub(super) async fn posted(&self, posted: &Value) {
        let Some(home) = self.home_of(posted).await else { return };
        self.perform(message::created(posted, &self.messages, home.as_ref())).await;
    }

    /// A message that its author changed.
    pub(super) async fn edited(&self, edited: &Value) {
        let Some(home) = self.home_of(edited).await else { return };
        self.perform(message::updated(edited, &self.messages, home.as_ref())).await;
    }

    /// The conversation whose thread a message stands in. Nothing at all where the store does not tell.
    async fn home_of(&self, message: &Value) -> Option<Option<ConversationId>> {
        let Some(spot) = message::channel_of(message) else { return Some(None) };
        self.insist(message.get("id").and_then(Value::as_str).unwrap_or_default(), || {
            self.homes.of(self.inlet.as_ref(), spot)
        })
        .await
    }

    /// What was done in a project's thread belongs to the conversation of the project.
    async fn brought_home(&self, mut inbound: Inbound) -> Inbound {
        let Some(spot) = Spot::read(&inbound.from.place) else { return inbound };
        let home = self.insist(inbound.id.as_str(), || self.homes.of(self.inlet.as_ref(), spot)).await.flatten();
        if let Some(home) = home.filter(|home| home.user == inbound.from.user) {
            inbound.from = home;
            if let InboundKind::Pressed { message, .. } = &mut inbound.kind {
                *message = in_thread(message, spot.channel());
            }
        }
        inbound
    }

    async fn perform(&self, step: Step) {
        match step {
            Step::Nothing => {}
            Step::Accept(inbound) => self.accept(inbound).await,
            Step::AcceptIfClips(inbound) => {
                if self.switch_clips(&inbound, None).await == Some(true) {
                    self.accept(inbound).await;
                }
            }
            Step::Unread { channel, message } => {
                let sentence = Say::GroupMentionMe.text(&self.interactions.default_language);
                let route = Route::ChannelMessages { channel_id: ChannelId::new(channel) };
                let body = answer_to(message, &sentence);
                if let Err(error) = self.api.call::<Value>(LightMethod::Post, route, Some(&body)).await {
                    debug!(%error, "A reply without its text could not be answered");
                }
            }
        }
    }

    /// Offers an event until the store takes it, within a bound.
    async fn accept(&self, inbound: Inbound) {
        let offered = self.insist(inbound.id.as_str(), || self.inlet.accept(inbound.clone())).await;
        if let Some(accepted) = offered {
            debug!(event = %inbound.id, ?accepted, "Took an event");
        }
    }

    /// Notes whether every clip is taken in a channel, if anything is wished; tells what holds now.
    async fn switch_clips(&self, inbound: &Inbound, on: Option<bool>) -> Option<bool> {
        let place = &inbound.from.place;
        self.insist(inbound.id.as_str(), || async {
            let mut note = self.inlet.place(Platform::Discord, place).await?;
            if let Some(on) = on.filter(|on| *on != note.clips) {
                note.clips = on;
                self.inlet.note(Platform::Discord, place, note.clone()).await?;
            }
            Ok(note.clips)
        })
        .await
    }

    async fn insist<T, F>(&self, event: &str, mut attempt: impl FnMut() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, Busy>>,
    {
        let mut wait = Backoff::default();
        for _ in 0..OFFERS {
            if let Ok(done) = attempt().await {
                return Some(done);
            }
            let pause = wait.pause();
            warn!(event, "An event cannot be stored; trying again in {pause:?}");
            self.stop.run_until_cancelled(sleep(pause)).await?;
        }
        error!(event, "The store did not take an event; it is lost");
        None
    }
}

/// `/clips` with what came of it; see [`Command::Clips`](crate::chat::command::Command::Clips).
fn with_outcome(mut inbound: Inbound, clips: bool) -> Inbound {
    if let InboundKind::Command { argument, .. } = &mut inbound.kind {
        if clips { "on" } else { "off" }.clone_into(argument);
    }
    inbound
}

/// A message of ours that answers another one, outside the core: it is no part of a conversation.
fn answer_to(message: Snowflake, sentence: &str) -> Value {
    json!({
        "content": sentence,
        "message_reference": {"message_id": message.to_string(), "fail_if_not_exists": false},
        "allowed_mentions": {"parse": []},
    })
}
