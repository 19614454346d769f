//! Calls to Discord's REST API.
//!
//! Whatever goes to a channel goes through serenity and its limiter. What serenity cannot do, or does too late, goes over
//! a client of our own: the acknowledgement of an interaction and the edits of its answer (the limiter puts those of all
//! interactions into one bucket), and whatever carries a file (serenity keeps it twice in memory).

use std::fmt;
use std::time::Duration;

use reqwest::multipart::Form;
use reqwest::{Client, ClientBuilder, Method, Response, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serenity::http::{Http, HttpBuilder, LightMethod, Ratelimiter, Request, Route};

use super::error::{CallError, Refusal};

/// Where Discord is.
const DISCORD: &str = "https://discord.com";
/// The version of the API that all this is written for.
const VERSION: &str = "/api/v10";
/// A host that does not answer within this is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Discord answers ordinary calls within a second or two.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// A transfer may take any time in all, but not this long between two pieces.
const READ_TIMEOUT: Duration = Duration::from_mins(1);
/// The longest answer that is read: a hundred messages of full length with all that hangs on them.
const ANSWER_LIMIT: usize = 4 * 1024 * 1024;
/// A refusal is a short object; a proxy's page may be longer and says nothing to us.
const REFUSAL_LIMIT: usize = 64 * 1024;
/// Discord asks every client to name itself so. Source: API reference, "User Agent".
const USER_AGENT: &str = concat!("DiscordBot (nemo-bot, ", env!("CARGO_PKG_VERSION"), ")");

/// Discord's REST API for one bot.
pub(super) struct Api {
    http: Http,
    base: String,
    token: SecretString,
    calls: Client,
    transfers: Client,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Api {
    /// Clients for one bot. `closed` hears how long everything has to wait when serenity met the limit of the whole
    /// bot: by itself it lets only that call wait.
    pub(super) fn new(
        instead: Option<&Url>,
        token: &SecretString,
        closed: impl Fn(Duration) + Send + Sync + 'static,
    ) -> Result<Self, reqwest::Error> {
        Self::over(Client::builder, instead, token, closed)
    }

    /// The same over clients that begin as `begin` says.
    fn over(
        begin: impl Fn() -> ClientBuilder,
        instead: Option<&Url>,
        token: &SecretString,
        closed: impl Fn(Duration) + Send + Sync + 'static,
    ) -> Result<Self, reqwest::Error> {
        let client = || begin().connect_timeout(CONNECT_TIMEOUT).referer(false).user_agent(USER_AGENT);
        let no_redirects = reqwest::redirect::Policy::none;
        let calls = client().timeout(CALL_TIMEOUT).redirect(no_redirects()).build()?;
        let transfers = client().read_timeout(READ_TIMEOUT).redirect(no_redirects()).build()?;
        let base = instead.map_or(DISCORD, Url::as_str).trim_end_matches('/').to_owned();
        let http = serenitys(&base, token, &calls, closed);
        Ok(Self { http, base, token: token.clone(), calls, transfers })
    }

    /// What serenity's gateway client wants for its own.
    pub(super) fn another_http(&self) -> Http {
        serenitys(&self.base, &self.token, &self.calls, |_| {})
    }

    /// One call through serenity and its limiter.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&Value>,
    ) -> Result<T, CallError> {
        self.ask(method, route, body, None).await
    }

    /// One call through serenity and its limiter, with query parameters.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&Value>,
        query: Option<Vec<(&'static str, String)>>,
    ) -> Result<T, CallError> {
        let body = body.map(|body| body.to_string().into_bytes());
        let request = Request::new(route, method).body(body).params(query);
        read(self.http.request(request).await.map_err(CallError::of)?).await
    }

    /// One call past serenity. `path` begins behind the version. `signed`: with the bot's token; the routes of an
    /// interaction carry a token of their own and take none.
    pub(super) async fn direct<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        signed: bool,
    ) -> Result<T, CallError> {
        let mut request = self.calls.request(method, self.address(path));
        if let Some(body) = body {
            request = request.json(body);
        }
        finish(self.sign(request, signed)).await
    }

    /// One call past serenity that carries files. It may take any time in all.
    pub(super) async fn upload<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        form: Form,
        signed: bool,
    ) -> Result<T, CallError> {
        let request = self.transfers.request(method, self.address(path)).multipart(form);
        finish(self.sign(request, signed)).await
    }

    /// Opens a file elsewhere, with no credentials of any kind. Redirects are not followed.
    pub(super) async fn fetch(&self, link: &Url) -> Result<Response, CallError> {
        self.transfers.get(link.clone()).send().await.map_err(CallError::transport)
    }

    /// Whether this is Discord itself, and nothing in its place.
    pub(super) fn is_discord(&self) -> bool {
        self.base == DISCORD
    }

    /// Where files may be fetched from instead of Discord's own hosts: the address in place of Discord's.
    pub(super) fn trusts(&self, link: &Url) -> bool {
        !self.is_discord()
            && Url::parse(&self.base).is_ok_and(|base| {
                (base.scheme(), base.host_str(), base.port()) == (link.scheme(), link.host_str(), link.port())
            })
    }

    fn sign(&self, request: reqwest::RequestBuilder, signed: bool) -> reqwest::RequestBuilder {
        if signed {
            request.header(reqwest::header::AUTHORIZATION, format!("Bot {}", self.token.expose_secret()))
        } else {
            request
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{}{VERSION}{path}", self.base)
    }
}

/// serenity's client. With an address in place of Discord's its limiter is off: with the limiter on it ignores the
/// address and would call Discord.
fn serenitys(
    base: &str,
    token: &SecretString,
    calls: &Client,
    closed: impl Fn(Duration) + Send + Sync + 'static,
) -> Http {
    let builder = HttpBuilder::new(token.expose_secret()).client(calls.clone());
    if base != DISCORD {
        return builder.proxy(base).ratelimiter_disabled(true).build();
    }
    // It takes the whole header, and does not complete it as the builder does.
    let mut limiter = Ratelimiter::new(calls.clone(), format!("Bot {}", token.expose_secret()));
    limiter.set_ratelimit_callback(Box::new(move |met| {
        if met.global {
            closed(met.timeout);
        }
    }));
    builder.ratelimiter(limiter).build()
}

async fn finish<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, CallError> {
    let response = request.send().await.map_err(CallError::transport)?;
    let status = response.status();
    if status.is_success() {
        return read(response).await;
    }
    let told = response.headers().get(reqwest::header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
    let body = bounded(response, REFUSAL_LIMIT).await.unwrap_or_default();
    let mut refusal: Refusal = serde_json::from_slice(&body).unwrap_or_default();
    refusal.retry_after = refusal.retry_after.or(told);
    Err(CallError::refusal(status.as_u16(), &refusal))
}

/// An empty answer reads as `null`.
async fn read<T: DeserializeOwned>(response: Response) -> Result<T, CallError> {
    let body = bounded(response, ANSWER_LIMIT).await?;
    let body = if body.is_empty() { b"null".as_slice() } else { &body };
    serde_json::from_slice(body).map_err(|_| CallError::nonsense("an answer that cannot be read"))
}

async fn bounded(mut response: Response, limit: usize) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(CallError::transport)? {
        if body.len() + chunk.len() > limit {
            return Err(CallError::Overlong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
