//! The client of the NEMO backend: accounts, sessions, turns, uploads, projects, renders.
//!
//! [`Nemo`] sends each request once and says how it ended; what to do then is decided by its callers, for whom every
//! variant of [`NemoError`] is one decision. Only questions, and calls that may be made twice, are repeated here after
//! network trouble. `contract` in these comments is the description of the backend that this client was built from.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use url::Url;

mod account;
mod change;
mod difference;
mod draft;
mod error;
mod frame;
mod http;
pub mod media;
mod meter;
#[cfg(test)]
mod peer;
mod project;
mod refusal;
mod render;
mod stream;
mod transcript;
mod upload;
mod wire;

pub use account::{Amount, AnonymousAccount, ClaimToken, Credits, Session, SessionId, Token};
pub use change::{AudioValue, Change};
pub use difference::{Snapshot, difference};
pub use draft::{Digest, RawDraft, Segment, Timeline, Track, TrackKind};
pub use error::{NemoError, Reason, Refusal, TurnLimit};
pub use frame::{Failure, ToolKind};
pub use project::Project;
pub use render::{Download, RenderFile, RenderId, RenderState, RenderStatus};
pub use stream::{AgentEvent, AgentEvents, BreakKind, StreamError};
pub use transcript::Transcript;
pub use upload::{BoxError, UploadFile, Uploaded, UploadedFile};

use http::{clients, joined};

/// What the client must know.
#[derive(Clone, Debug)]
pub struct NemoSettings {
    /// Where the API is (`nemo.api_url`).
    pub api_url: Url,
    /// Where users register, top up and open projects (`nemo.web_url`).
    pub web_url: Url,
    /// `X-Skill-Source`.
    pub skill_source: String,
    /// `X-Skill-Version`.
    pub skill_version: String,
    /// `X-Skill-Platform`.
    pub skill_platform: String,
    /// The longest turn.
    pub turn_timeout: Duration,
    /// The longest time in a turn without anything of substance.
    pub silence_timeout: Duration,
    /// How long an ordinary call may take, answer included. The slowest, a submit, hands over a draft.
    pub call_timeout: Duration,
    /// How long to wait after a 429 that does not say.
    pub rate_limit_wait: Duration,
}

/// The backend.
pub struct Nemo {
    settings: NemoSettings,
    /// For everything but turns.
    calls: Client,
    /// For turns: every one on a fresh connection, so that a failure to connect means that nothing was sent.
    turns: Client,
    memory: Arc<meter::Memory>,
}

impl fmt::Debug for Nemo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nemo").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Nemo {
    /// A client; connects to nothing yet. `Setup` if an address is no web address or a header cannot be sent.
    pub fn new(settings: NemoSettings) -> Result<Self, NemoError> {
        for url in [&settings.api_url, &settings.web_url] {
            if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
                return Err(NemoError::Setup("an address is not a web address"));
            }
        }
        let (calls, turns) = clients(&settings)?;
        Ok(Self { settings, calls, turns, memory: Arc::default() })
    }

    /// The settings it was built with.
    pub fn settings(&self) -> &NemoSettings {
        &self.settings
    }

    /// Where a user registers; with the id of an anonymous account, its project and credits are kept.
    pub fn register_link(&self, user_id: Option<&str>) -> Url {
        let mut link = joined(&self.settings.web_url, &["register"]);
        if let Some(user_id) = user_id {
            link.query_pairs_mut().append_pair("bind", user_id);
        }
        link
    }

    /// Where a project opens in the browser, by the secret of a [`ClaimToken`]. Never an account's token.
    pub fn claim_link(&self, claim: &str) -> Url {
        let mut link = joined(&self.settings.web_url, &["workspace", "claim"]);
        link.query_pairs_mut().append_pair("ct", claim);
        link
    }

    /// How long to wait before the one retry after a 429; none for any other error.
    pub fn wait_after(&self, error: &NemoError) -> Option<Duration> {
        match error {
            NemoError::RateLimited { retry_after } => Some(retry_after.unwrap_or(self.settings.rate_limit_wait)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
