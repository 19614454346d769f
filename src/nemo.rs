//! The client of the NEMO backend: accounts, sessions, turns, uploads, projects, renders.
//!
//! [`Nemo`] sends each request once and says how it ended; what to do then is decided by its callers, for whom every
//! variant of [`NemoError`] is one decision. Only questions, and calls that may be made twice, are repeated here after
//! network trouble. `contract` in these comments is the description of the backend that this client was built from.

use std::fmt;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, Response, redirect, retry};
use tokio::time::sleep;
use url::Url;

mod account;
mod difference;
mod draft;
mod error;
mod frame;
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
pub use difference::{AudioValue, Change, Snapshot, difference};
pub use draft::{Digest, RawDraft, Segment, Timeline, Track, TrackKind};
pub use error::{NemoError, Reason, Refusal, TurnLimit};
pub use frame::{Failure, ToolKind};
pub use project::Project;
pub use render::{RenderId, RenderState, RenderStatus};
pub use stream::{AgentEvent, AgentEvents, BreakKind, StreamError};
pub use transcript::Transcript;
pub use upload::{BoxError, UploadFile, Uploaded, UploadedFile};

use wire::{Call, Reply};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long an ordinary call may take, answer included. The slowest, a submit, hands over a draft.
const CALL_TIMEOUT: Duration = Duration::from_mins(1);
/// Probes an idle connection this often, which finds a peer that is gone and leaves alone one that is silent.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// Connections wait less long for their next call than uvicorn keeps them (5 s): one that it is about to close would
/// fail a call for nothing.
const POOL_IDLE: Duration = Duration::from_secs(4);
/// How much of an error's body is read, in bytes (contract 2.3).
const ERROR_BODY_LIMIT: usize = 64 * 1024;
/// How much of an answer's body is read, in bytes. The largest holds a draft, as the largest frame of a stream does.
const BODY_LIMIT: usize = meter::FRAME_LIMIT;
/// Waits before a question is asked again after network trouble; each is shortened at random by up to half.
const BACKOFF: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
/// The wait before a call is made once more that may be made twice.
const ONCE_MORE: [Duration; 1] = [Duration::from_secs(1)];

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
    memory: std::sync::Arc<meter::Memory>,
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
        let build = |client: ClientBuilder| client.build().map_err(|_| NemoError::Setup("no HTTP client"));
        let calls = build(client(&settings)?.pool_idle_timeout(POOL_IDLE))?;
        let turns = build(client(&settings)?.pool_max_idle_per_host(0).read_timeout(settings.silence_timeout))?;
        Ok(Self { settings, calls, turns, memory: std::sync::Arc::default() })
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

    fn address(&self, path: &[&str]) -> Url {
        joined(&self.settings.api_url, path)
    }

    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        self.calls.request(method, self.address(path))
    }

    /// Makes a call and reads its answer.
    async fn ask(&self, call: Call, token: Option<&Token>, request: RequestBuilder) -> Result<Reply, NemoError> {
        self.ask_within(call, token, request, sleep(CALL_TIMEOUT)).await
    }

    /// Makes a call that is given up when `limit` ends.
    async fn ask_within(
        &self,
        call: Call,
        token: Option<&Token>,
        request: RequestBuilder,
        limit: impl Future<Output = ()>,
    ) -> Result<Reply, NemoError> {
        let answer = async {
            let response = send(request, token).await?;
            read(call, token, response).await
        };
        tokio::select! {
            answer = answer => answer,
            () = limit => Err(NemoError::Unavailable { sent: true }),
        }
    }

    /// For questions: tries again a few times after network trouble.
    async fn with_backoff<F: Future<Output = Result<Reply, NemoError>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<Reply, NemoError> {
        repeated(&BACKOFF, attempt).await
    }

    /// For calls that do no harm if they are made twice.
    async fn once_more<F: Future<Output = Result<Reply, NemoError>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<Reply, NemoError> {
        repeated(&ONCE_MORE, attempt).await
    }
}

/// A client as both kinds need it: HTTP/1.1, since turns would wait unseen for a place on an HTTP/2 connection; no
/// redirects, which turn a POST into a GET and carry the token elsewhere; nothing sent twice.
fn client(settings: &NemoSettings) -> Result<ClientBuilder, NemoError> {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-skill-source", &settings.skill_source),
        ("x-skill-version", &settings.skill_version),
        ("x-skill-platform", &settings.skill_platform),
    ] {
        let value = HeaderValue::from_str(value).map_err(|_| NemoError::Setup("a skill header cannot be sent"))?;
        headers.insert(name, value);
    }
    let client = Client::builder()
        .user_agent(concat!("nemo-bot/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_keepalive(KEEPALIVE);
    let local = match settings.api_url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    // A proxy from the environment cannot reach this machine's own loopback.
    Ok(if local { client.no_proxy() } else { client })
}

async fn repeated<F: Future<Output = Result<Reply, NemoError>>>(
    waits: &[Duration],
    attempt: impl Fn() -> F,
) -> Result<Reply, NemoError> {
    for wait in waits {
        match attempt().await {
            Err(error @ (NemoError::Server(_) | NemoError::Unavailable { .. })) => {
                tracing::debug!(%error, "Asking the backend again");
                sleep(wait.mul_f64(1.0 - rand::random::<f64>() / 2.0)).await;
            }
            settled => return settled,
        }
    }
    attempt().await
}

/// `base` with `path` behind it. Each segment is encoded, so that an id cannot lead elsewhere.
fn joined(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

/// Adds the bearer. A token that no header can hold was never a good one.
fn bearer(request: RequestBuilder, token: &Token) -> Result<RequestBuilder, NemoError> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(|_| NemoError::TokenRefused)?;
    value.set_sensitive(true);
    Ok(request.header(AUTHORIZATION, value))
}

async fn send(request: RequestBuilder, token: Option<&Token>) -> Result<Response, NemoError> {
    let request = match token {
        Some(token) => bearer(request, token)?,
        None => request,
    };
    request.send().await.map_err(|error| unavailable(&error))
}

/// Network trouble, without its address.
fn unavailable(error: &reqwest::Error) -> NemoError {
    NemoError::Unavailable { sent: !error.is_connect() }
}

/// Reads an answer: a refusal, or a body that is left to the caller.
async fn read(call: Call, token: Option<&Token>, response: Response) -> Result<Reply, NemoError> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = if status.is_success() {
        let body = body(response, BODY_LIMIT).await.map_err(|error| unavailable(&error))?;
        if body.len() > BODY_LIMIT {
            return Err(NemoError::NotUnderstood("the answer is too large"));
        }
        String::from_utf8(body).map_err(|_| NemoError::NotUnderstood("the answer is not UTF-8"))?
    } else {
        error_body(response).await
    };
    match refusal::refusal(call, status.as_u16(), &headers, &body, token) {
        Some(error) => Err(error),
        None => Ok(Reply(body)),
    }
}

/// What an error says, as far as it can be read.
async fn error_body(response: Response) -> String {
    let mut body = body(response, ERROR_BODY_LIMIT).await.unwrap_or_default();
    body.truncate(ERROR_BODY_LIMIT);
    String::from_utf8_lossy(&body).into_owned()
}

/// The body, up to the chunk that passes `limit`.
async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while body.len() <= limit
        && let Some(chunk) = response.chunk().await?
    {
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests;
