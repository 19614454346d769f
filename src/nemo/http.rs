//! Sending calls and reading their answers, the same way for all of them.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, Response, redirect, retry};
use tokio::time::sleep;
use url::Url;

use super::meter::FRAME_LIMIT;
use super::refusal::refusal;
use super::upload::STALL;
use super::wire::{Call, Reply};
use super::{Nemo, NemoError, NemoSettings, Token};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Probes an idle connection this often, which finds a peer that is gone and leaves alone one that is silent.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// Connections wait less long for their next call than uvicorn keeps them (5 s): one that it is about to close would
/// fail a call for nothing.
const POOL_IDLE: Duration = Duration::from_secs(4);
/// How much of an error's body is read, in bytes (contract 2.3).
const ERROR_BODY_LIMIT: usize = 64 * 1024;
/// How much of an answer's body is read, in bytes. The largest holds a draft, as the largest frame of a stream does.
const BODY_LIMIT: usize = FRAME_LIMIT;
/// Waits before a question is asked again after network trouble; each is shortened at random by up to half.
const BACKOFF: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
/// The wait before a call is made once more that may be made twice.
const ONCE_MORE: [Duration; 1] = [Duration::from_secs(1)];

impl Nemo {
    pub(super) fn address(&self, path: &[&str]) -> Url {
        joined(&self.settings.api_url, path)
    }

    pub(super) fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        self.calls.request(method, self.address(path))
    }

    /// Makes a call and reads its answer, within `nemo.call_timeout`.
    pub(super) async fn ask(
        &self,
        call: Call,
        token: Option<&Token>,
        request: RequestBuilder,
    ) -> Result<Reply, NemoError> {
        self.ask_within(call, token, request, sleep(self.settings.call_timeout)).await
    }

    /// Makes a call that is given up when `limit` ends.
    pub(super) async fn ask_within(
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
    pub(super) async fn with_backoff<F: Future<Output = Result<Reply, NemoError>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<Reply, NemoError> {
        repeated(&BACKOFF, attempt).await
    }

    /// For calls that do no harm if they are made twice.
    pub(super) async fn once_more<F: Future<Output = Result<Reply, NemoError>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<Reply, NemoError> {
        repeated(&ONCE_MORE, attempt).await
    }
}

/// One client for all calls but turns, and one for turns: those get a fresh connection each, so that a failure to
/// connect means that nothing was sent, and may be silent for as long as is allowed.
pub(super) fn clients(settings: &NemoSettings) -> Result<(Client, Client), NemoError> {
    let build = |client: ClientBuilder| client.build().map_err(|_| NemoError::Setup("no HTTP client"));
    let calls = client(settings)?.pool_idle_timeout(POOL_IDLE);
    // By default the system would break off an upload whose receiver does not read for 30 s.
    #[cfg(target_os = "linux")]
    let calls = calls.tcp_user_timeout(STALL);
    let turns = client(settings)?.pool_max_idle_per_host(0).read_timeout(settings.silence_timeout);
    Ok((build(calls)?, build(turns)?))
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
pub(super) fn joined(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

/// Adds the bearer. A token that no header can hold was never a good one.
pub(super) fn bearer(request: RequestBuilder, token: &Token) -> Result<RequestBuilder, NemoError> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(|_| NemoError::TokenRefused)?;
    value.set_sensitive(true);
    Ok(request.header(AUTHORIZATION, value))
}

pub(super) async fn send(request: RequestBuilder, token: Option<&Token>) -> Result<Response, NemoError> {
    let request = match token {
        Some(token) => bearer(request, token)?,
        None => request,
    };
    request.send().await.map_err(|error| unavailable(&error))
}

/// Network trouble, without its address.
pub(super) fn unavailable(error: &reqwest::Error) -> NemoError {
    NemoError::Unavailable { sent: !error.is_connect() }
}

/// Reads an answer: a refusal, or a body that is left to the caller.
pub(super) async fn read(call: Call, token: Option<&Token>, response: Response) -> Result<Reply, NemoError> {
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
    match refusal(call, status.as_u16(), &headers, &body, token) {
        Some(error) => Err(error),
        None => Ok(Reply(body)),
    }
}

/// What an error says, as far as it can be read.
pub(super) async fn error_body(response: Response) -> String {
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
