//! The Telegram adapter: long polling or a webhook in, a [`Surface`] out.
//!
//! teloxide gives a few types; intake, pacing, transfers and the reading of updates are ours. Its dispatcher confirms
//! updates before they are handled, its throttle does not count edits, and its typed messages lose what they do not
//! know.

mod address;
mod api;
mod drafts;
mod error;
mod files;
mod format;
mod gate;
mod home;
mod intake;
mod keyboard;
mod known;
mod media;
mod members;
mod menu;
mod place;
mod polling;
mod post;
mod send;
mod surface;
mod update;
mod webhook;

#[cfg(test)]
mod surface_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod transfer_tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::sync::Notify;
use tracing::info;
use url::Url;

use self::api::Api;
use self::error::CallError;
use self::gate::Gate;
use self::intake::{Intake, Patience};
use self::known::Known;
use self::members::Members;
pub use self::menu::Menu;
use self::polling::Poller;
use self::surface::TelegramSurface;
use self::update::Me;
pub use self::webhook::WebhookSettings;
use self::webhook::{Announcer, Webhook};
use crate::chat::choice::Signer;
use crate::chat::surface::{BoxError, Surface};
use crate::clock::Clock;
use crate::ingress::{Ingress, Inlet};

/// What the adapter needs to be told.
#[derive(Clone, Debug)]
pub struct TelegramSettings {
    /// The bot's token, `123:abc`.
    pub token: SecretString,
    /// Where the Bot API is; `/bot<token>/<method>` and `/file/bot<token>/<path>` are appended.
    pub api_url: Url,
    /// Whether that is a local Bot API server, whose files are read from disk.
    pub local_files: bool,
    /// Chats in which every posted clip is taken, besides those that the inlet notes.
    pub clip_chats: Vec<i64>,
    /// The smallest gap between two edits in a private chat.
    pub edit_interval_private: Duration,
    /// The smallest gap between two edits in a group.
    pub edit_interval_group: Duration,
    /// Whether replies in private chats grow as drafts, and then how often one is shown again: they last 30 s.
    pub drafts: Option<Duration>,
    /// How long Telegram holds a poll open: at most 50 s.
    pub poll_timeout: Duration,
    /// Telegram brings updates instead of being polled, and how.
    pub webhook: Option<WebhookSettings>,
    /// The answer to somebody who presses another's button; at most 200 characters.
    pub strangers: String,
}

/// The adapter: builds the inbound and the outbound side over one client and one gate.
#[derive(Debug)]
pub struct Telegram {
    settings: TelegramSettings,
    signer: Signer,
    menu: Vec<Menu>,
    api: Arc<Api>,
    gate: Arc<Gate>,
    known: Arc<Known>,
    /// Told when somebody came to the webhook without its secret.
    stranger: Arc<Notify>,
}

/// A bot's name without its `@`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotName(pub String);

/// Why the adapter cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The token cannot be one.
    #[error("the Telegram token has letters that no token has")]
    Token,
    /// The HTTP client cannot be built.
    #[error("the HTTP client cannot be built: {0}")]
    Client(#[source] BoxError),
}

/// Why a probe failed.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Telegram knows no such bot.
    #[error("Telegram refuses the token")]
    Token,
    /// Telegram did not answer as it should.
    #[error("Telegram cannot be reached: {0}")]
    Unreachable(#[source] BoxError),
}

impl Telegram {
    /// Builds the adapter. Nothing is sent yet.
    pub fn new(
        settings: TelegramSettings,
        signer: Signer,
        clock: Clock,
        menu: Vec<Menu>,
    ) -> Result<Arc<Self>, SetupError> {
        let token = settings.token.expose_secret();
        // A slash or a question mark would make another address of it.
        if token.is_empty() || !token.chars().all(|letter| letter.is_ascii_alphanumeric() || ":_-".contains(letter)) {
            return Err(SetupError::Token);
        }
        let api = Api::new(&settings.api_url, settings.token.clone())
            .map_err(|error| SetupError::Client(Box::new(error.without_url())))?;
        let gate = Gate::new(settings.edit_interval_private, settings.edit_interval_group);
        Ok(Arc::new(Self {
            settings,
            signer,
            menu,
            api: Arc::new(api),
            gate: Arc::new(gate),
            known: Arc::new(Known::new(clock)),
            stranger: Arc::default(),
        }))
    }

    /// The outbound side.
    pub fn surface(&self) -> Arc<dyn Surface> {
        Arc::new(TelegramSurface {
            api: Arc::clone(&self.api),
            gate: Arc::clone(&self.gate),
            known: Arc::clone(&self.known),
            signer: self.signer.clone(),
            local_files: self.settings.local_files,
            drafts: self.settings.drafts,
        })
    }

    /// The part of the inbound side that one instance at a time leads. From now on the outbound side keeps its notes of
    /// places in `inlet` too.
    pub fn ingress(&self, inlet: Arc<dyn Inlet>) -> Arc<dyn Ingress> {
        self.known.keep_in(Arc::clone(&inlet));
        if !self.settings.local_files {
            info!("No local Bot API server configured: Telegram downloads are limited to 20 MB, uploads to 50 MB.");
        }
        let menu = self.menu.clone();
        match self.settings.webhook.clone() {
            Some(wanted) => Arc::new(Announcer {
                intake: self.intake(inlet, Patience::Refuse),
                menu,
                wanted,
                stranger: Arc::clone(&self.stranger),
            }),
            None => Arc::new(Poller {
                intake: self.intake(inlet, Patience::Wait(Notify::new())),
                menu,
                poll_timeout: self.settings.poll_timeout,
            }),
        }
    }

    /// The part of the inbound side that every instance has, where there is one: what answers the webhook.
    pub fn webhook(&self, inlet: Arc<dyn Inlet>) -> Option<Router> {
        let wanted = self.settings.webhook.as_ref()?;
        let webhook = Webhook {
            intake: self.intake(inlet, Patience::Refuse),
            secret: wanted.secret.clone(),
            me: tokio::sync::OnceCell::new(),
            stranger: Arc::clone(&self.stranger),
        };
        Some(webhook.router())
    }

    fn intake(&self, inlet: Arc<dyn Inlet>, patience: Patience) -> Intake {
        Intake {
            api: Arc::clone(&self.api),
            gate: Arc::clone(&self.gate),
            known: Arc::clone(&self.known),
            inlet,
            signer: self.signer.clone(),
            clip_chats: self.settings.clip_chats.clone(),
            strangers: self.settings.strangers.clone(),
            patience,
            members: Members::default(),
            answers: tokio::sync::Mutex::default(),
            faults: std::sync::Mutex::default(),
        }
    }

    /// Asks Telegram once who the bot is.
    pub async fn probe(&self) -> Result<BotName, ProbeError> {
        match self.api.call::<Me>("getMe", &json!({})).await {
            Ok(me) => Ok(BotName(me.username)),
            Err(CallError::Token) => Err(ProbeError::Token),
            Err(error) => Err(ProbeError::Unreachable(Box::new(error))),
        }
    }
}
