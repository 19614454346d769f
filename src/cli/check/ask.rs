//! One question over HTTP: short, bounded, and without its address in any error.

use std::error::Error as _;

use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::{Host, Url};

use super::PATIENCE;

/// More than this no answer to these questions needs.
const BODY_LIMIT: usize = 64 * 1024;
/// More of what a service says does not help.
const WORDS_LIMIT: usize = 160;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// The body, where it is JSON.
    pub(super) json: Value,
}

/// Asks.
#[derive(Debug)]
pub(super) struct Asker(Client);

impl Asker {
    /// For a service at `url`. A proxy from the environment is for others than this machine.
    pub(super) fn of(url: &Url) -> Result<Self, String> {
        let local = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        Self::new(local)
    }

    /// For a service on the open web.
    pub(super) fn of_the_world() -> Result<Self, String> {
        Self::new(false)
    }

    /// For what runs here.
    pub(super) fn of_this_machine() -> Result<Self, String> {
        Self::new(true)
    }

    fn new(local: bool) -> Result<Self, String> {
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("nemo-bot/", env!("CARGO_PKG_VERSION")));
        let client = if local { client.no_proxy() } else { client };
        client.build().map(Self).map_err(reason)
    }

    pub(super) async fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
        let request = self.0.get(url);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Self::send(request).await
    }

    /// Only whether somebody answers: the body is not read.
    pub(super) async fn head(&self, url: &Url) -> Result<StatusCode, String> {
        self.0.request(Method::HEAD, url.clone()).send().await.map(|answer| answer.status()).map_err(reason)
    }

    async fn send(request: RequestBuilder) -> Result<Answer, String> {
        let mut answer = request.send().await.map_err(reason)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(reason)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err("the answer is too long".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: answer.status(), json: serde_json::from_slice(&body).unwrap_or_default() })
    }
}

/// Why nothing came back, in the words of the deepest cause; the address stays out.
fn reason(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {PATIENCE:?}");
    }
    let error = error.without_url();
    let mut deepest: &dyn std::error::Error = &error;
    let mut next = error.source();
    while let Some(cause) = next {
        (deepest, next) = (cause, cause.source());
    }
    quoted(&deepest.to_string(), None)
}

/// What a service says, in one short line and without the secret that it may have repeated.
pub(super) fn quoted(words: &str, secret: Option<&SecretString>) -> String {
    let words = match secret {
        Some(secret) if !secret.expose_secret().is_empty() => words.replace(secret.expose_secret(), "…"),
        _ => words.to_owned(),
    };
    words.chars().take(WORDS_LIMIT).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
