//! The gateway's connection and its supervisor.
//!
//! serenity connects, resumes and beats. Here: who we are, what we ask for, what a refusal means, and what is done about
//! each event. Every event runs in a task of its own, so a slow one holds up nobody.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;
use serenity::all::{Context, Event, GatewayIntents, RawEventHandler};
use serenity::client::ClientBuilder;
use serenity::gateway::{ConnectionStage, GatewayError};
use serenity::http::{LightMethod, Route};
use serenity::model::application::Interaction;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::api::Api;
use super::catch_up::Missed;
use super::error::CallError;
use super::intake::Intake;
use super::interaction::{self, Kind};
use super::media::snowflake;
use super::order::Order;
use super::place::Snowflake;
use super::sizes::Sizes;
use super::waiting::Waiting;
use super::{MessageContent, commands, message};
use crate::chat::choice::Signer;
use crate::clock::Clock;
use crate::ingress::{Backoff, Ingress, Inlet};
use crate::language::Language;

/// A refused token stays refused until somebody changes it.
const TOKEN_WAIT: Duration = Duration::from_mins(15);
/// Shards close their connections within this when the listener stops.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);
/// A connection that stood this long was a good one: its end is no further failure in a row.
const STOOD: Duration = Duration::from_mins(1);
/// serenity tries for ever, with what it was told at first. Where Discord asks for more shards by now (4011) or takes
/// none of them (4010, 4012), it would never get in, and nobody would count how often it introduces itself.
pub const AWAY_LIMIT: Duration = Duration::from_mins(2);
/// Shards come in one after the other, this far apart. Source: Discord's API reference, "Session Start Limit Object".
const SHARD_GAP: Duration = Duration::from_secs(5);
/// serenity asks for its first connection within this.
const FIRST_CONNECTION: Duration = Duration::from_millis(20);
/// The least time between two connections of a shard; see [`paced`].
const CONNECTION_GAP: Duration = Duration::from_millis(500);
/// How often it is looked whether all shards are in.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What is listened to besides the content of messages.
const INTENTS: GatewayIntents =
    GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGES).union(GatewayIntents::DIRECT_MESSAGES);

/// See the module.
pub(super) struct Gateway {
    pub(super) api: Arc<Api>,
    pub(super) waiting: Arc<Waiting>,
    pub(super) sizes: Arc<Sizes>,
    pub(super) inlet: Arc<dyn Inlet>,
    pub(super) signer: Signer,
    pub(super) clock: Clock,
    pub(super) message_content: MessageContent,
    pub(super) away_limit: Duration,
    pub(super) clip_channels: Vec<Snowflake>,
    pub(super) default_language: Language,
    /// What is to be read once it can be.
    pub(super) missed: Arc<Missed>,
    /// Whether Discord lets us read what is posted; learned by asking.
    pub(super) reads_posts: AtomicBool,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("api", &self.api).finish_non_exhaustive()
    }
}

/// Where to connect, and how often that may be done. Source: Discord's API reference, "Get Gateway Bot".
#[derive(Deserialize)]
struct Way {
    url: String,
    shards: u32,
    session_start_limit: StartLimit,
}

/// Source: Discord's API reference, "Session Start Limit Object".
#[derive(Deserialize)]
struct StartLimit {
    remaining: u32,
    /// Milliseconds.
    reset_after: u64,
}

/// How a connection ended.
enum Ended {
    /// The token is refused.
    Token,
    /// The content of messages is refused.
    Intent,
    /// What we ask for is nothing that Discord knows.
    Nonsense,
    /// Anything else: connect again.
    Otherwise,
}

#[async_trait]
impl Ingress for Gateway {
    fn name(&self) -> &'static str {
        "discord"
    }

    async fn listen(&self, stop: CancellationToken) -> Option<Duration> {
        let me = stop.run_until_cancelled(self.begin()).await?;
        let Some(me) = me else { return Some(refused()) };
        let asks = self.message_content != MessageContent::Off;
        self.reads_posts.store(asks, Ordering::Relaxed);
        info!("Listening to Discord");
        let mut wait = Backoff::default();
        loop {
            let begun = Instant::now();
            let ended = self.connect(me, &stop).await;
            if begun.elapsed() >= STOOD {
                wait = Backoff::default();
            }
            match ended {
                _ if stop.is_cancelled() => return None,
                Ended::Token => return Some(refused()),
                Ended::Intent if self.message_content == MessageContent::On => {
                    error!(
                        "Discord refused MESSAGE CONTENT INTENT (4014) and `discord.message_content` is `on`: this \
                         adapter stops. Switch it on (Developer Portal → Bot), or set `auto`"
                    );
                    return Some(TOKEN_WAIT);
                }
                Ended::Intent if self.reads_posts.swap(false, Ordering::Relaxed) => warn!(
                    "Discord refused MESSAGE CONTENT INTENT (4014); connected without it, clip channels are off. Fix: \
                     Developer Portal → Bot → switch it on and restart, or set `discord.message_content = \"off\"`"
                ),
                Ended::Nonsense => {
                    error!("Discord refused what this program asks to hear (4013): a newer program is needed");
                    return Some(TOKEN_WAIT);
                }
                Ended::Intent | Ended::Otherwise => {
                    let pause = wait.pause();
                    warn!("The connection to Discord ended; connecting again in {pause:?}");
                    stop.run_until_cancelled(sleep(pause)).await?;
                }
            }
        }
    }
}

fn refused() -> Duration {
    error!("Discord refused the token. Check DISCORD_TOKEN; Telegram keeps running");
    TOKEN_WAIT
}

impl Gateway {
    /// Who we are, and our commands. Repeated until it works: a bot that is started before its network must not end.
    /// Nothing where the token is refused.
    async fn begin(&self) -> Option<Snowflake> {
        let mut wait = Backoff::default();
        loop {
            let ids = async {
                let me: Value = self.api.call(LightMethod::Get, Route::UserMe, None).await?;
                let app: Value = self.api.call(LightMethod::Get, Route::Oauth2ApplicationCurrent, None).await?;
                let ids = snowflake(me.get("id")).zip(snowflake(app.get("id")));
                ids.ok_or(CallError::nonsense("an answer without an id"))
            };
            match ids.await {
                Ok((me, application)) => {
                    commands::install(&self.api, application).await;
                    return Some(me);
                }
                Err(CallError::Token) => return None,
                Err(error) => {
                    let pause = wait.pause();
                    warn!(%error, "Discord did not answer at the start; trying again in {pause:?}");
                    sleep(pause).await;
                }
            }
        }
    }

    /// One life of serenity's client, from its first connection until it gives up or `stop`.
    async fn connect(&self, me: Snowflake, stop: &CancellationToken) -> Ended {
        let Some(way) = stop.run_until_cancelled(self.way()).await else { return Ended::Otherwise };
        let way = match way {
            Ok(way) => way,
            Err(CallError::Token) => return Ended::Token,
            Err(error) => {
                warn!(%error, "Discord did not tell where to connect");
                return Ended::Otherwise;
            }
        };
        if way.session_start_limit.remaining <= way.shards {
            let pause = Duration::from_millis(way.session_start_limit.reset_after);
            error!("Discord allows no more connections for now; connecting again in {pause:?}");
            stop.run_until_cancelled(sleep(pause)).await;
            return Ended::Otherwise;
        }
        let content = if self.reads_posts.load(Ordering::Relaxed) {
            GatewayIntents::MESSAGE_CONTENT
        } else {
            GatewayIntents::empty()
        };
        let intake = Arc::new(Intake {
            api: Arc::clone(&self.api),
            waiting: Arc::clone(&self.waiting),
            sizes: Arc::clone(&self.sizes),
            inlet: Arc::clone(&self.inlet),
            messages: message::Rules {
                me,
                clip_channels: self.clip_channels.iter().copied().collect(),
                reads_posts: !content.is_empty(),
            },
            interactions: interaction::Rules {
                signer: self.signer.clone(),
                reads_posts: !content.is_empty(),
                default_language: self.default_language.clone(),
            },
            homes: Arc::default(),
            order: Order::default(),
            missed: Arc::clone(&self.missed),
            clock: self.clock,
            stop: stop.clone(),
        });
        let life = stop.child_token();
        let builder = ClientBuilder::new_with_http(self.api.another_http(), INTENTS | content);
        let Ok(mut client) = builder.raw_event_handler(Events(Arc::clone(&intake), life.clone())).await else {
            return Ended::Otherwise;
        };
        // Where it could not ask, serenity would go to Discord whatever address is set.
        *client.ws_url.lock().await = way.url;
        let address = Arc::clone(&client.ws_url);
        let pace = paced(Arc::clone(&address));
        let shards = Arc::clone(&client.shard_manager);
        let runners = Arc::clone(&shards.runners);
        let all_in = || {
            let runners = Arc::clone(&runners);
            async move {
                let runners = runners.lock().await;
                let within = runners.values().filter(|shard| shard.stage == ConnectionStage::Connected).count();
                within >= way.shards.max(1) as usize
            }
        };
        let outcome = tokio::select! {
            outcome = client.start_shards(way.shards.max(1)) => outcome,
            () = intake.keeps_up() => Ok(()),
            () = pace => Ok(()),
            () = away(self.away_limit + SHARD_GAP * way.shards, all_in) => {
                error!(
                    "Discord has not let this program in for {:?}; asking anew where to connect. Look at its \
                     status page, and whether there is a newer program",
                    self.away_limit
                );
                Ok(())
            }
            () = stop.cancelled() => Ok(()),
        };
        if tokio::time::timeout(CLOSE_LIMIT, shards.shutdown_all()).await.is_err() {
            warn!("The connection to Discord did not close in time");
        }
        // A client between two connections does not hear that, and would come in beside the next one. Without the address
        // it connects no more.
        life.cancel();
        std::mem::forget(address.lock_owned().await);
        for shard in shards.runners.lock().await.values() {
            shard.runner_tx.shutdown_clean();
        }
        match outcome {
            Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication)) => Ended::Token,
            Err(serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents)) => Ended::Intent,
            Err(serenity::Error::Gateway(GatewayError::InvalidGatewayIntents)) => Ended::Nonsense,
            _ => Ended::Otherwise,
        }
    }

    async fn way(&self) -> Result<Way, CallError> {
        self.api.call(LightMethod::Get, Route::GatewayBot, None).await
    }
}

/// Sets serenity's pace. It takes up again what was closed at once and without a pause, also where each connection is
/// closed again: thousands of times, until it misses a heartbeat. Each time it reads the address, in the order of asking,
/// so whoever holds the address and asks for it again lets one pass. The first has no other before it.
async fn paced(address: Arc<Mutex<String>>) {
    let mut gap = FIRST_CONNECTION;
    loop {
        let held = address.lock().await;
        sleep(gap).await;
        drop(held);
        gap = CONNECTION_GAP;
    }
}

/// Comes back once the shards were not all in for so long.
async fn away<F: Future<Output = bool>>(limit: Duration, mut all_in: impl FnMut() -> F) {
    let mut since = Instant::now();
    while since.elapsed() < limit {
        sleep(LOOK_EVERY).await;
        if all_in().await {
            since = Instant::now();
        }
    }
}

/// serenity's events, as JSON where they concern us, for as long as its client lives.
struct Events(Arc<Intake>, CancellationToken);

#[async_trait]
impl RawEventHandler for Events {
    async fn raw_event(&self, _: Context, event: Event) {
        if self.1.is_cancelled() {
            return;
        }
        match &event {
            Event::InteractionCreate(created) => {
                let kind = match &created.interaction {
                    Interaction::Command(_) => Kind::Command,
                    Interaction::Autocomplete(_) => Kind::Autocomplete,
                    Interaction::Component(_) => Kind::Component,
                    _ => return,
                };
                if let Ok(interaction) = serde_json::to_value(&created.interaction) {
                    self.0.acted(kind, &interaction).await;
                }
            }
            Event::MessageCreate(created) => {
                if let Ok(message) = serde_json::to_value(created) {
                    self.0.posted(&message).await;
                }
            }
            Event::MessageUpdate(updated) => {
                if let Ok(message) = serde_json::to_value(updated) {
                    self.0.edited(&message).await;
                }
            }
            Event::GuildCreate(created) => {
                self.0.sizes.boosted(created.guild.id.get(), u8::from(created.guild.premium_tier));
            }
            Event::GuildUpdate(updated) => {
                self.0.sizes.boosted(updated.guild.id.get(), u8::from(updated.guild.premium_tier));
            }
            // Typed reading fails for whole messages with a component that the library does not know.
            Event::Unknown(unknown) => match unknown.kind.as_str() {
                "MESSAGE_CREATE" => self.0.posted(&unknown.value).await,
                "MESSAGE_UPDATE" => self.0.edited(&unknown.value).await,
                "INTERACTION_CREATE" => {
                    let kind = match unknown.value.get("type").and_then(Value::as_u64) {
                        Some(2) => Kind::Command,
                        Some(3) => Kind::Component,
                        Some(4) => Kind::Autocomplete,
                        _ => return,
                    };
                    self.0.acted(kind, &unknown.value).await;
                }
                _ => {}
            },
            // A fresh session: what was posted before it does not come by itself.
            Event::Ready(_) => {
                info!("Connected to Discord");
                self.0.missed.all();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_stays_away_is_given_up_and_one_that_comes_back_in_time_is_not() {
        let begun = Instant::now();
        // In for an hour, away for somewhat less than the limit, in again for a moment, and then for ever away.
        let (left, back) = (Duration::from_hours(1), Duration::from_hours(1) + AWAY_LIMIT.saturating_sub(LOOK_EVERY));
        let all_in = || {
            let at = begun.elapsed();
            std::future::ready(at <= left || (at >= back && at < back + LOOK_EVERY))
        };
        away(AWAY_LIMIT, all_in).await;
        let given_up = begun.elapsed();
        assert!(given_up >= back + AWAY_LIMIT && given_up <= back + AWAY_LIMIT + LOOK_EVERY, "{given_up:?}");
    }
}
