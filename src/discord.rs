//! The Discord adapter: the gateway in, a [`Surface`] out.
//!
//! serenity keeps the gateway's connection, knows the routes and holds their limits. What is answered first, what is
//! edited when, and what happens to bytes is ours.
//!
//! ```text
//! in    gateway      the connection and its supervisor        intake       acknowledged first, then to the core
//!       interaction  a command or press → Inbound             message      a message → Inbound
//!       commands     registered where they differ             media        attachments
//!       catch_up     what was posted while nobody listened  order        oldest first in each channel
//! out   surface      replies become calls                     post         a message's body, and its way
//!       answers      by an interaction's token                draw         RichText → Discord's Markdown
//!       follow_ups   what comes where those run out
//!       gate         who may send when                        components   buttons
//!       send         files                                    sizes        how large they may be
//!       threads      one for each project                     permits      what the bot may not do
//! both  api, error   calls and what they end in               files        attachments, in and out
//!       place, back  names that the core keeps for us
//! ```

mod answers;
mod api;
mod back;
mod catch_up;
mod commands;
mod components;
mod draw;
mod error;
mod files;
mod follow_ups;
mod gate;
mod gateway;
mod intake;
mod interaction;
mod media;
mod message;
mod order;
mod permits;
mod place;
mod post;
mod send;
mod sizes;
mod surface;
mod threads;
mod waiting;

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod surface_tests;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use self::api::Api;
use self::follow_ups::FollowUps;
use self::gate::Gate;
pub use self::gateway::AWAY_LIMIT;
use self::gateway::Gateway;
use self::permits::Permits;
use self::sizes::Sizes;
use self::surface::DiscordSurface;
use self::waiting::Waiting;
use crate::chat::choice::Signer;
use crate::chat::surface::{BoxError, Surface};
use crate::clock::Clock;
use crate::ingress::{Ingress, Inlet};
use crate::language::Language;

/// What the adapter needs to be told.
#[derive(Clone, Debug)]
pub struct DiscordSettings {
    /// The bot's token.
    pub token: SecretString,
    /// An address in place of Discord's, which `/api/v10/…` is appended to. serenity's limiter is off then.
    pub api_url: Option<Url>,
    /// Whether to ask for the content of ordinary messages.
    pub message_content: MessageContent,
    /// Channels in which every posted clip is taken, besides those that the inlet notes.
    pub clip_channels: Vec<u64>,
    /// Whether the core may pass the signed address of an attachment on, instead of its bytes.
    pub pass_links: bool,
    /// The smallest gap between two edits in one channel.
    pub edit_interval: Duration,
    /// How long an interaction's token answers.
    pub token_life: Duration,
    /// A connection that nobody lets in for so long is given up, and begun anew; see [`AWAY_LIMIT`].
    pub away_limit: Duration,
    /// The language where nothing tells.
    pub default_language: Language,
}

/// Whether the privileged intent MESSAGE CONTENT is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageContent {
    /// Asked for, and done without where Discord refuses it.
    #[default]
    Auto,
    /// Asked for; a refusal ends the adapter.
    On,
    /// Never asked for.
    Off,
}

/// Why the adapter cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The token cannot be one.
    #[error("the Discord token has letters that no token has")]
    Token,
    /// The HTTP client cannot be built.
    #[error("the HTTP client cannot be built: {0}")]
    Client(#[source] BoxError),
}

/// The adapter: builds the inbound and the outbound side over one client and one gate.
#[derive(Debug)]
pub struct Discord {
    settings: DiscordSettings,
    signer: Signer,
    clock: Clock,
    api: Arc<Api>,
    gate: Arc<Gate>,
    waiting: Arc<Waiting>,
    sizes: Arc<Sizes>,
}

impl Discord {
    /// Builds the adapter. Nothing is sent yet.
    pub fn new(settings: DiscordSettings, signer: Signer, clock: Clock) -> Result<Arc<Self>, SetupError> {
        let token = settings.token.expose_secret();
        if token.is_empty() || !token.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter)) {
            return Err(SetupError::Token);
        }
        let gate = Arc::new(Gate::new(settings.edit_interval));
        let closing = Arc::clone(&gate);
        let api = Api::new(settings.api_url.as_ref(), &settings.token, move |wait| closing.close(wait))
            .map_err(|error| SetupError::Client(Box::new(error.without_url())))?;
        let waiting = Arc::new(Waiting::new(clock));
        Ok(Arc::new(Self { settings, signer, clock, api: Arc::new(api), gate, waiting, sizes: Arc::default() }))
    }

    /// The outbound side.
    pub fn surface(&self) -> Arc<dyn Surface> {
        Arc::new(DiscordSurface {
            api: Arc::clone(&self.api),
            gate: Arc::clone(&self.gate),
            waiting: Arc::clone(&self.waiting),
            follow_ups: FollowUps::new(self.clock),
            sizes: Arc::clone(&self.sizes),
            permits: Permits::default(),
            signer: self.signer.clone(),
            clock: self.clock,
            edit_interval: self.settings.edit_interval,
            pass_links: self.settings.pass_links,
            token_life: self.settings.token_life,
        })
    }

    /// The inbound side.
    pub fn ingress(&self, inlet: Arc<dyn Inlet>) -> Arc<dyn Ingress> {
        Arc::new(Gateway {
            api: Arc::clone(&self.api),
            waiting: Arc::clone(&self.waiting),
            sizes: Arc::clone(&self.sizes),
            inlet,
            signer: self.signer.clone(),
            clock: self.clock,
            message_content: self.settings.message_content,
            away_limit: self.settings.away_limit,
            clip_channels: self.settings.clip_channels.clone(),
            default_language: self.settings.default_language.clone(),
            missed: Arc::default(),
            reads_posts: AtomicBool::new(true),
        })
    }
}
