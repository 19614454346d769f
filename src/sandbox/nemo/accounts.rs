//! Free tokens, credits, and tokens that open a project in a browser.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Scenario;
use super::server::{Refusal, account_of, object, success};
use super::world::{Account, Client, Hub, TOKEN_MARK, Token};
use crate::clock::Timestamp;

/// Any stable string up to this length names a client.
const CLIENT_ID_LIMIT: usize = 64;
/// A claim works for a week, in seconds.
const CLAIM_LIFE: u64 = 604_800;

/// `POST /api/auth/anonymous-token`.
pub(super) async fn anonymous_token(
    State(hub): State<Arc<Hub>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let client = headers.get("x-client-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if client.is_empty() || client.len() > CLIENT_ID_LIMIT {
        hub.breach("POST /api/auth/anonymous-token: X-Client-Id is missing or too long");
        return Err(Refusal::status(StatusCode::BAD_REQUEST, "X-Client-Id header is required"));
    }
    let now = hub.clock.now();
    let given = give_token(&hub, client, address, now);
    let (token, user, until, credits) = given.inspect_err(|_| {
        hub.note("token", "No free token is given out.", json!({ "refused": true }));
    })?;
    if hub.world().plays(Scenario::SlowAccount) {
        let (mut releases, before) = (hub.released.subscribe(), *hub.released.borrow());
        hub.note("token-waits", "A free token waits to be released.", json!({ "user": user }));
        tokio::select! {
            _ = releases.wait_for(|released| *released > before) => {}
            () = hub.stop.cancelled() => {}
        }
    }
    hub.note("token", format!("A free token for {user}"), json!({ "user": user, "credits": credits }));
    Ok(success(&json!({ "token": token, "user_id": user, "expires_at": until, "credits": credits })))
}

/// One token per client id and a few per address, within the life of a token.
fn give_token(
    hub: &Hub,
    client: &str,
    address: SocketAddr,
    now: Timestamp,
) -> Result<(String, String, String, i64), Refusal> {
    let limit = |words| Refusal::status(StatusCode::TOO_MANY_REQUESTS, words);
    let (life, start) = (hub.settings.token_life, hub.settings.free_credits);
    let mut world = hub.world();
    let refused = match world.scenario() {
        Scenario::NoAnonymous | Scenario::ReauthRefused | Scenario::RenderTokenLost => true,
        Scenario::ReauthBusy => world.strikes("token") == 1,
        _ => false,
    };
    if refused {
        return Err(limit("too many anonymous tokens from this address"));
    }
    let known = world.clients.get(client).map(|known| (known.user.clone(), known.again));
    // The same client gets its account back; only a new one counts for its address.
    let user = match known {
        Some((_, again)) if again > now => return Err(limit("a token was already issued for this client")),
        Some((user, _)) => user,
        None => {
            let given = world.given.entry(address.ip()).or_default();
            given.retain(|at| now.since(*at) < life);
            if given.len() >= hub.settings.tokens_per_address as usize {
                return Err(limit("too many anonymous tokens from this address"));
            }
            given.push(now);
            format!("anon_{}", &Uuid::new_v4().simple().to_string()[..12])
        }
    };
    let token = format!("{TOKEN_MARK}{}", Uuid::new_v4().simple());
    let until = now.after(life);
    world.tokens.insert(token.clone(), Token { user: user.clone(), until });
    world.clients.insert(client.to_owned(), Client { user: user.clone(), again: until });
    let account = world.accounts.entry(user.clone()).or_insert(Account { available: start, frozen: 0 });
    let credits = account.available;
    Ok((token, user, rfc3339(until), credits))
}

/// A moment as the service writes it, such as `2026-03-18T00:00:00Z`.
fn rfc3339(moment: Timestamp) -> String {
    let seconds = i64::try_from(moment.as_millis() / 1_000).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |moment| moment.to_string())
}

/// `GET /api/credits/balance/simple`.
pub(super) async fn balance(State(hub): State<Arc<Hub>>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let user = account_of(&hub, &headers)?;
    let (available, frozen) =
        hub.world().accounts.get(&user).map_or((0, 0), |account| (account.available, account.frozen));
    if hub.world().plays(Scenario::OutOfCredits) {
        return Ok(success(&json!({ "available": 0, "frozen": 0, "total": 0 })));
    }
    if hub.world().plays(Scenario::CreditsFloat) {
        let (available, total): (Value, Value) = (json!(12.5), json!(20.75));
        return Ok(success(&json!({ "available": available, "frozen": 8.25, "total": total })));
    }
    Ok(success(&json!({ "available": available, "frozen": frozen, "total": available + frozen })))
}

/// `POST /api/auth/claim-token`.
pub(super) async fn claim_token(
    State(hub): State<Arc<Hub>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let user = account_of(&hub, &headers)?;
    let body = object(&body)?;
    let session = body["session_id"].as_str().unwrap_or_default();
    let belongs = hub
        .world()
        .sessions
        .get(session)
        .is_some_and(|found| found.user == user && Some(found.task.as_str()) == body["task_id"].as_str());
    if !belongs {
        return Err(Refusal::code(&hub, 1002, "session not found"));
    }
    let claim = format!("clm_{}", Uuid::new_v4().simple());
    Ok(success(&json!({ "claim_token": claim, "expires_in": CLAIM_LIFE })))
}
