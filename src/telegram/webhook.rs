//! Updates that Telegram brings, by webhook.
//!
//! Every instance answers them: what is stored gets a 200, and what is not gets a 503, whereupon Telegram brings it
//! again, the updates of one chat always in their order. Nothing is kept here in between. One instance at a time sees to
//! it that Telegram knows where to bring them ([`Announcer`]). TLS is the business of whoever stands before us.

mod announce;
#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use tokio::sync::{Notify, OnceCell};
use tokio::time::timeout;
use tracing::{debug, error, warn};
use url::Url;

pub(super) use self::announce::Announcer;
use super::intake::Intake;
use super::post::Post;
use super::update::{Albums, Me};
use crate::chat::id::Platform;
use crate::ingress::Busy;

/// Where Telegram says that it is Telegram. Source: Bot API, `setWebhook`.
const SECRET: &str = "x-telegram-bot-api-secret-token";
/// The largest update that is read: a long message, the one it replies to, their entities and keyboards are less.
const UPDATE_LIMIT: usize = 1024 * 1024;
/// An update comes in one piece.
const BODY_PATIENCE: Duration = Duration::from_secs(10);
/// Telegram gives up on an answer after a minute; before that it is told to come again.
const PATIENCE: Duration = Duration::from_secs(20);
/// When Telegram shall come again, in seconds. Without it, it doubles its own waits up to two minutes, and is not back
/// when the store is.
const AGAIN: &str = "2";
/// Requests without the secret.
const REFUSED: &str = "nemo_bot_telegram_webhook_refused_total";
/// The number of an update stands first in it.
const NUMBER: &str = "update_id";

/// Where and how Telegram brings updates.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// The address that Telegram is told; it leads to this program.
    pub url: Url,
    /// What Telegram says each time, and nobody else knows: 1 to 256 letters, digits, `_` and `-`.
    pub secret: SecretString,
    /// How many updates Telegram may bring at once: 1 to 100.
    pub connections: u32,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Webhook {
    pub(super) intake: Intake,
    pub(super) secret: SecretString,
    pub(super) me: OnceCell<Me>,
    /// Told when somebody came without the secret: Telegram may know another one.
    pub(super) stranger: Arc<Notify>,
}

/// Why an update gets no 200.
enum Refusal {
    /// The store does not take it, or we do not know yet who we are.
    Busy,
    /// A fault of ours.
    Fault,
}

impl Webhook {
    /// Answers any path: which one Telegram uses is between the operator and the proxy.
    pub(super) fn router(self) -> Router {
        Router::new().fallback(receive).layer(DefaultBodyLimit::max(UPDATE_LIMIT)).with_state(Arc::new(self))
    }

    /// In constant time for all secrets of one length.
    fn knows(&self, headers: &HeaderMap) -> bool {
        let said = headers.get(SECRET).map(HeaderValue::as_bytes).unwrap_or_default();
        said.ct_eq(self.secret.expose_secret().as_bytes()).into()
    }

    async fn take(&self, update: Option<&Value>) -> Result<(), Refusal> {
        let who = async { self.intake.api.call::<Me>("getMe", &json!({})).await };
        let me = self.me.get_or_try_init(|| who).await.map_err(|error| {
            warn!(%error, "An update waits until Telegram tells who the bot is");
            Refusal::Busy
        })?;
        self.intake.known.is_called(&me.username);
        let number = update.and_then(|update| update.get(NUMBER)).and_then(Value::as_i64);
        let work = async {
            let albums = match update {
                Some(update) => self.albums(update, me).await?,
                None => Albums::default(),
            };
            self.intake.take(update, number, me, &albums).await
        };
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Busy)) => {
                debug!(update = number, "An update cannot be stored; Telegram is told to come again");
                if let Some(update) = update {
                    self.intake.put_off(update, me).await;
                }
                Err(Refusal::Busy)
            }
            Err(_) => {
                error!(update = number, "A Telegram update made us panic; it comes again");
                Err(Refusal::Fault)
            }
        }
    }

    /// The album that an update belongs to, if it is meant for the bot. Only one of its items says so, and the others
    /// may come to other instances: they learn it from the store.
    async fn albums(&self, update: &Value, me: &Me) -> Result<Albums, Busy> {
        let mut albums = Albums::default();
        albums.learn(update, me);
        let post = update.get("message").and_then(Post::read).filter(|post| !post.private);
        let Some((post, burst)) = post.and_then(|post| post.burst().map(|burst| (post, burst))) else {
            return Ok(albums);
        };
        let (inlet, place) = (&self.intake.inlet, post.spot.whole().write());
        let mut note = inlet.place(Platform::Telegram, &place).await?;
        let noted = note.album.as_ref() == Some(&burst);
        if noted {
            albums.keep(burst);
        } else if albums.has(&burst) {
            note.album = Some(burst);
            inlet.note(Platform::Telegram, &place, note).await?;
        }
        Ok(albums)
    }
}

async fn receive(State(webhook): State<Arc<Webhook>>, request: Request) -> Response {
    // First, so that a stranger learns nothing more and costs nothing more.
    if !webhook.knows(request.headers()) {
        metrics::counter!(REFUSED).increment(1);
        debug!("A request to the webhook did not bring the secret");
        webhook.stranger.notify_one();
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let body = match timeout(BODY_PATIENCE, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => {
            warn!(status = %error.status(), limit = UPDATE_LIMIT, "What came to the webhook could not be read");
            return error.status().into_response();
        }
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let update = serde_json::from_slice::<Value>(&body).ok();
    drop(body);
    match timeout(PATIENCE, webhook.take(update.as_ref())).await {
        // Without a body: Telegram would take one for a call.
        Ok(Ok(())) => StatusCode::OK.into_response(),
        Ok(Err(Refusal::Fault)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Ok(Err(Refusal::Busy)) | Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, AGAIN)]).into_response()
        }
    }
}
