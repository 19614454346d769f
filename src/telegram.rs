//! The Telegram adapter: long polling in, a [`Surface`] out.
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

#[cfg(test)]
mod surface_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod transfer_tests;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tracing::info;
use url::Url;

use self::api::Api;
use self::error::CallError;
use self::gate::Gate;
use self::known::Known;
pub use self::menu::Menu;
use self::polling::Poller;
use self::surface::TelegramSurface;
use self::update::Me;
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

    /// The inbound side. From now on the outbound side keeps its notes of places in `inlet` too.
    pub fn ingress(&self, inlet: Arc<dyn Inlet>) -> Arc<dyn Ingress> {
        self.known.keep_in(Arc::clone(&inlet));
        if !self.settings.local_files {
            info!("No local Bot API server configured: Telegram downloads are limited to 20 MB, uploads to 50 MB.");
        }
        Arc::new(Poller {
            api: Arc::clone(&self.api),
            gate: Arc::clone(&self.gate),
            known: Arc::clone(&self.known),
            inlet,
            signer: self.signer.clone(),
            clip_chats: self.settings.clip_chats.clone(),
            strangers: self.settings.strangers.clone(),
            menu: self.menu.clone(),
            poll_timeout: self.settings.poll_timeout,
            stuck: tokio::sync::Notify::new(),
        })
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
