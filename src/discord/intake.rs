//! What is done about an event: acknowledged, then given to the core.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use super::api::Api;
use super::back::TOKEN_LIFE;
use super::catch_up::Missed;
use super::error::CallError;
use super::interaction::{self, Kind, Then};
use super::message::{self, Step};
use super::order::{Order, Turn};
use super::place::Spot;
use super::sizes::Sizes;
use super::threads::{Homes, in_thread};
use super::waiting::Waiting;
use crate::chat::id::Platform;
use crate::chat::inbound::{Inbound, InboundKind};
use crate::clock::Clock;
use crate::ingress::{Backoff, Busy, Inlet};

/// How long a message is offered to a store that does not take it. After that it is read from Discord again, once the
/// store answers.
const MESSAGE_PATIENCE: Duration = Duration::from_mins(2);
/// How long a command, a press or an edit is: none can be read again. For as long as its token could answer it.
const OTHER_PATIENCE: Duration = TOKEN_LIFE;

/// See the module.
pub(super) struct Intake {
    pub(super) api: Arc<Api>,
    pub(super) waiting: Arc<Waiting>,
    pub(super) sizes: Arc<Sizes>,
    pub(super) inlet: Arc<dyn Inlet>,
    pub(super) messages: message::Rules,
    pub(super) interactions: interaction::Rules,
    pub(super) homes: Arc<Homes>,
    pub(super) order: Order,
    pub(super) missed: Arc<Missed>,
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
        // Whatever comes after it waits for it already while it is acknowledged.
        let turn = acted.then.place().map(|spot| self.order.join(spot.channel(), acted.id));
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
        let done = match acted.then {
            Then::Nothing => Some(()),
            Then::Accept(inbound) => self.took(turn, inbound).await,
            Then::Clips { on, inbound } => match self.switch_clips(&inbound, on, OTHER_PATIENCE).await {
                Some(clips) => self.took(turn, with_outcome(inbound, clips)).await,
                None => None,
            },
        };
        self.counts(done);
    }

    /// A message.
    pub(super) async fn posted(&self, posted: &Value) {
        let Some((spot, id)) = message::heard(posted) else { return };
        let turn = self.order.join(spot.channel(), id);
        turn.comes().await;
        if self.took_post(posted).await.is_none() {
            self.missed.note(spot, id);
        }
    }

    /// The same, unless the store does not take it.
    pub(super) async fn took_post(&self, posted: &Value) -> Option<()> {
        let Some((spot, _)) = message::heard(posted) else { return Some(()) };
        let home = self.insist(name(posted), MESSAGE_PATIENCE, || self.homes.of(self.inlet.as_ref(), spot)).await?;
        self.perform(spot, message::created(posted, &self.messages, home.as_ref()), MESSAGE_PATIENCE).await
    }

    /// A message that its author changed.
    pub(super) async fn edited(&self, edited: &Value) {
        let Some((spot, _)) = message::heard(edited) else { return };
        let home = || self.homes.of(self.inlet.as_ref(), spot);
        let done = match self.insist(name(edited), OTHER_PATIENCE, home).await {
            Some(home) => {
                let step = message::updated(edited, &self.messages, home.as_ref());
                self.perform(spot, step, OTHER_PATIENCE).await
            }
            None => None,
        };
        self.counts(done);
    }

    /// A command or press, brought to the conversation that it belongs to.
    async fn took(&self, turn: Option<Turn<'_>>, mut inbound: Inbound) -> Option<()> {
        let Some(spot) = Spot::read(&inbound.from.place) else { return Some(()) };
        if let Some(turn) = &turn {
            turn.comes().await;
        }
        let home = || self.homes.of(self.inlet.as_ref(), spot);
        let home = self.insist(inbound.id.as_str(), OTHER_PATIENCE, home).await?;
        // What was done in a project's thread belongs to the conversation of the project.
        if let Some(home) = home.filter(|home| home.user == inbound.from.user) {
            inbound.from = home;
            if let InboundKind::Pressed { message, .. } = &mut inbound.kind {
                *message = in_thread(message, spot.channel());
            }
        }
        self.accept(spot, inbound, OTHER_PATIENCE).await
    }

    async fn perform(&self, spot: Spot, step: Step, patience: Duration) -> Option<()> {
        match step {
            Step::Nothing => Some(()),
            Step::Accept(inbound) => self.accept(spot, inbound, patience).await,
            Step::AcceptIfClips(inbound) => {
                if self.switch_clips(&inbound, None, patience).await? {
                    self.accept(spot, inbound, patience).await?;
                }
                Some(())
            }
        }
    }

    /// Offers an event until the store takes it, within a bound.
    async fn accept(&self, spot: Spot, inbound: Inbound, patience: Duration) -> Option<()> {
        let offer = || async {
            let offered = self.inlet.accept(inbound.clone()).await;
            if offered.is_err() {
                self.inlet.put_off(&inbound).await;
            }
            offered
        };
        let accepted = self.insist(inbound.id.as_str(), patience, offer).await?;
        debug!(event = %inbound.id, ?accepted, "Took an event");
        // An edit is of its message's age, and tells nothing of what was said since.
        if spot.has_route() && !matches!(inbound.kind, InboundKind::Edited { .. }) {
            self.inlet.saw(Platform::Discord, &spot.write(), &inbound.id).await;
        }
        Some(())
    }

    /// Notes whether every clip is taken in a channel, if anything is wished; tells what holds now.
    async fn switch_clips(&self, inbound: &Inbound, on: Option<bool>, patience: Duration) -> Option<bool> {
        let place = &inbound.from.place;
        self.insist(inbound.id.as_str(), patience, || async {
            let mut note = self.inlet.place(Platform::Discord, place).await?;
            if let Some(on) = on.filter(|on| *on != note.clips) {
                note.clips = on;
                self.inlet.note(Platform::Discord, place, note.clone()).await?;
            }
            Ok(note.clips)
        })
        .await
    }

    /// Tries until it succeeds, for so long.
    async fn insist<T, F>(&self, event: &str, patience: Duration, mut attempt: impl FnMut() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, Busy>>,
    {
        let (mut wait, begun) = (Backoff::default(), Instant::now());
        loop {
            if let Ok(done) = attempt().await {
                return Some(done);
            }
            if begun.elapsed() >= patience {
                return None;
            }
            let pause = wait.pause();
            warn!(event, "An event cannot be stored; trying again in {pause:?}");
            self.stop.run_until_cancelled(sleep(pause)).await?;
        }
    }

    /// Counts what is lost for good.
    fn counts(&self, done: Option<()>) {
        if done.is_none() && !self.stop.is_cancelled() {
            self.inlet.lost();
            error!("The store did not take an event; it is lost");
        }
    }
}

/// What to call a message in the log.
fn name(message: &Value) -> &str {
    message.get("id").and_then(Value::as_str).unwrap_or_default()
}

/// `/clips` with what came of it; see [`Command::Clips`](crate::chat::command::Command::Clips).
fn with_outcome(mut inbound: Inbound, clips: bool) -> Inbound {
    if let InboundKind::Command { argument, .. } = &mut inbound.kind {
        if clips { "on" } else { "off" }.clone_into(argument);
    }
    inbound
}
