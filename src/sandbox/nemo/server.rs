//! Addresses, headers, refusals, and who asks.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard};

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::world::{Account, Hub, Session, TOKEN_MARK, Token, World, digest};
use super::{CodeForm, Scenario, accounts, duty, faults, file, render, run, sessions, upload};
use crate::clock::Timestamp;

/// A draft travels in the body of a render request and can be long.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Serves until `stop`, then ends the connections.
pub(super) async fn serve(listener: TcpListener, hub: Arc<Hub>, stop: CancellationToken) {
    // Without this the kernel holds small events back for a moment.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let app = router(hub).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move { stop.cancelled().await });
    // It ends by `stop` alone: axum tries again where accepting fails.
    let _ = server.into_future().await;
}

fn router(hub: Arc<Hub>) -> Router {
    Router::new()
        .route("/api/auth/anonymous-token", post(accounts::anonymous_token))
        .route("/api/auth/claim-token", post(accounts::claim_token))
        .route("/api/credits/balance/simple", get(accounts::balance))
        .route("/api/tasks/me/with-session/nemo_agent", post(sessions::open))
        .route("/api/state/nemo_agent/me/{session}/latest", get(sessions::latest))
        .route(
            "/api/upload-video/nemo_agent/me/{session}",
            post(upload::upload).layer(DefaultBodyLimit::disable()), // it counts for itself
        )
        .route("/run_sse", post(run::run))
        .route("/api/render/proxy/lambda", post(render::submit))
        .route("/api/render/proxy/lambda/{id}", get(render::poll))
        .route("/api/render/proxy/lambda/{id}/cancel", post(render::cancel))
        .route("/api/render/proxy/{id}/download", get(render::download))
        .route("/render-result/{name}", get(file::serve))
        .fallback(|| async { Refusal::detail(StatusCode::NOT_FOUND, "Not Found") })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(hub.clone(), watch))
        .with_state(hub)
}

/// Looks at every request before it is answered.
async fn watch(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    for breach in duty::of_request(request.method(), request.uri(), request.headers()) {
        hub.breach(breach);
    }
    match faults::strike(&hub, request).await {
        Ok(request) => next.run(request).await,
        Err(answer) => answer,
    }
}

/// An answer that is not a success.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    body: Value,
    retry_after: Option<u64>,
}

impl Refusal {
    /// A code of the service, in the form that the settings ask for.
    pub(super) fn code(hub: &Hub, code: u16, message: &str) -> Self {
        let status = match (hub.settings.codes, code) {
            (CodeForm::InBody | CodeForm::InStream, _) => StatusCode::OK,
            (_, 1001) => StatusCode::UNAUTHORIZED,
            (_, 1002) => StatusCode::NOT_FOUND,
            (_, 402 | 2001) => StatusCode::PAYMENT_REQUIRED,
            (_, 403) => StatusCode::FORBIDDEN,
            (_, 429) => StatusCode::TOO_MANY_REQUESTS,
            (_, 4002) => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { status, body: json!({ "code": code, "message": message }), retry_after: None }
    }

    /// Its body, for a stream that carries it.
    pub(super) fn into_body(self) -> Value {
        self.body
    }

    /// A code that is an HTTP status.
    pub(super) fn status(status: StatusCode, message: &str) -> Self {
        Self { status, body: json!({ "code": status.as_u16(), "message": message }), retry_after: None }
    }

    /// The words of the web framework.
    pub(super) fn detail(status: StatusCode, detail: impl Into<Value>) -> Self {
        Self { status, body: json!({ "detail": detail.into() }), retry_after: None }
    }

    /// The words of the render service.
    pub(super) fn render(status: StatusCode, error: &str) -> Self {
        Self { status, body: json!({ "success": false, "error": error }), retry_after: None }
    }

    /// The same, with `Retry-After` in seconds.
    pub(super) fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// `{"code":0,"data":…}`.
pub(super) fn success(data: &Value) -> Json<Value> {
    Json(json!({ "code": 0, "message": "success", "data": data }))
}

/// Says whose token the request carries. A token that nobody issued belongs to a paying account of its own, unless it
/// says itself that it is `invalid`, `expired` or `revoked`.
pub(super) fn account_of(hub: &Hub, headers: &HeaderMap) -> Result<String, Refusal> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| Refusal::detail(StatusCode::UNAUTHORIZED, "Missing authentication token"))?;
    let now = hub.clock.now();
    let mut world = hub.world();
    let expired = || Refusal::code(hub, 1001, "token expired or invalid");
    match world.tokens.get(bearer) {
        Some(token) if token.until > now => return Ok(token.user.clone()),
        Some(_) => return Err(expired()),
        None => {}
    }
    let refused = ["invalid", "expired", "revoked"].iter().any(|word| bearer.contains(word));
    if refused || !bearer.starts_with(TOKEN_MARK) || world.revoked.contains(bearer) {
        return Err(expired());
    }
    let user = format!("user_{}", digest(bearer.as_bytes()));
    let paid = hub.settings.paid_credits;
    world.accounts.entry(user.clone()).or_insert(Account { available: paid, frozen: 0 });
    // Not under `tokens`, so that a scene which revokes it can be followed by one in which it works again.
    Ok(user)
}

/// [`account_of`], for calls inside a project: here [`Scenario::TokenExpired`] strikes.
pub(super) fn account_in_project(hub: &Hub, headers: &HeaderMap) -> Result<String, Refusal> {
    let user = account_of(hub, headers)?;
    let mut world = hub.world();
    let strikes = [Scenario::TokenExpired, Scenario::ReauthRefused, Scenario::ReauthBusy];
    if strikes.into_iter().any(|scenario| world.plays_once(scenario)) {
        return Err(expires(hub, world, &user, headers));
    }
    Ok(user)
}

/// [`account_of`], for uploads and the calls of a render: here [`Scenario::UploadTokenExpired`] strikes, and
/// [`Scenario::RenderTokenExpired`] once at each `place`, and [`Scenario::RenderTokenLost`] at the first question.
pub(super) fn account_at(hub: &Hub, headers: &HeaderMap, place: &'static str) -> Result<String, Refusal> {
    let user = account_of(hub, headers)?;
    let mut world = hub.world();
    let expires_here = match world.scenario() {
        Scenario::UploadTokenExpired => place == "upload" && world.strikes(place) == 1,
        Scenario::RenderTokenExpired => place != "upload" && world.strikes(place) == 1,
        Scenario::RenderTokenLost => place == "poll" && world.strikes(place) == 1,
        _ => false,
    };
    if expires_here {
        return Err(expires(hub, world, &user, headers));
    }
    Ok(user)
}

/// The token of this request ends here.
fn expires(hub: &Hub, mut world: MutexGuard<'_, World>, user: &str, headers: &HeaderMap) -> Refusal {
    revoke(&mut world, user, headers);
    drop(world);
    hub.note("token", "The account's token expires.", json!({ "user": user, "expired": true }));
    Refusal::code(hub, 1001, "token expired or invalid")
}

/// Ends the token of this request, and lets the same client id ask for another one.
fn revoke(world: &mut World, user: &str, headers: &HeaderMap) {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bearer = bearer.strip_prefix("Bearer ").unwrap_or(bearer);
    if let Some(Token { until, .. }) = world.tokens.get_mut(bearer) {
        *until = Timestamp::from_millis(0);
    } else {
        world.revoked.insert(bearer.to_owned());
    }
    for client in world.clients.values_mut().filter(|client| client.user == user) {
        client.again = Timestamp::from_millis(0);
    }
}

/// Finds a session of this account; here [`Scenario::SessionGone`] strikes. `missing` words the refusal.
pub(super) fn session_of<'a>(
    world: &'a mut World,
    user: &str,
    id: &str,
    missing: impl FnOnce() -> Refusal,
) -> Result<&'a mut Session, Refusal> {
    if world.sessions.contains_key(id) && world.plays_once(Scenario::SessionGone) {
        world.sessions.remove(id);
    }
    world.sessions.get_mut(id).filter(|session| session.user == user).ok_or_else(missing)
}

/// A body that must be a JSON object.
pub(super) fn object(body: &[u8]) -> Result<Value, Refusal> {
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        _ => Err(Refusal::detail(StatusCode::UNPROCESSABLE_ENTITY, "a JSON object is expected")),
    }
}
