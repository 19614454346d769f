//! One POST to `/run_sse`: refused, or played to its end. The stream itself drives the run, so that a client that
//! goes away cancels it where it stands, as ADK does.

mod playing;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::json;
use tokio::time::Instant;

use self::playing::{Run, short};
use super::agent::{self, Heard};
use super::duty::RunRequest;
use super::server::{Refusal, account_in_project, session_of};
use super::stream::{Dialect, Voice};
use super::wire::Wire;
use super::world::{Hub, World, digest, redact};
use super::{CodeForm, Scenario, duty};

/// A run whose client has just gone away is not "still running": the news takes a moment.
const GRACE: Duration = Duration::from_millis(250);
/// What the journal keeps of a message.
const TEXT_KEPT: usize = 4_000;

/// `POST /run_sse`.
pub(super) async fn run(State(hub): State<Arc<Hub>>, headers: HeaderMap, body: Bytes) -> Response {
    let refused = |refusal: Refusal| {
        hub.note("run-refused", "A message to the agent is refused.", json!({}));
        refusal.into_response()
    };
    let user = match account_in_project(&hub, &headers) {
        Ok(user) => user,
        Err(refusal) => return refused(refusal),
    };
    let request = match duty::read_run(&headers, &body) {
        Ok(request) => request,
        Err(malformed) => {
            hub.breach(malformed.breach);
            return refused(malformed.refusal);
        }
    };
    wait_for_ended_run(&hub, &request.session).await;
    match begin(&hub, &user, request) {
        Ok(run) => played(run),
        Err(refusal) if hub.settings.codes == CodeForm::InStream => {
            hub.note("run-refused", "A message to the agent is refused inside the stream.", json!({}));
            let frame = format!("data: {}\n\n", refusal.into_body());
            ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")], frame).into_response()
        }
        Err(refusal) => refused(refusal),
    }
}

async fn wait_for_ended_run(hub: &Hub, session: &str) {
    let ended = async {
        loop {
            let mut rung = std::pin::pin!(hub.run_ended.notified());
            rung.as_mut().enable();
            if hub.world().sessions.get(session).is_none_or(|session| session.running == 0) {
                return;
            }
            rung.await;
        }
    };
    // Past it the run goes on beside this one, as ADK lets it, and the client has broken a duty.
    let _ = tokio::time::timeout(GRACE, ended).await;
}

/// Everything that is decided before the first byte.
fn begin(hub: &Arc<Hub>, user: &str, request: RunRequest) -> Result<Run, Refusal> {
    let gone = || Refusal::detail(StatusCode::NOT_FOUND, format!("Session not found: {}", request.session));
    if request.app != "nemo_agent" {
        let words =
            format!("Agent not found: '{0}'. No matching directory or module exists in 'agents/{0}'.", request.app);
        return Err(Refusal::detail(StatusCode::NOT_FOUND, words));
    }
    if request.user != "me" {
        hub.breach("POST /run_sse: user_id is not me");
        return Err(gone());
    }
    let pace = &hub.settings.pace;
    let mut world = hub.world();
    let world = &mut *world;
    let scenario = world.scenario();
    if world.plays_once(Scenario::SessionLostAdk) {
        world.sessions.remove(&request.session);
    }
    if world.plays_once(Scenario::SessionLostCode) {
        world.sessions.remove(&request.session);
        return Err(Refusal::code(hub, 1002, "session not found"));
    }
    let session = session_of(world, user, &request.session, gone)?;
    let Some(text) = request.text else {
        return Ok(Run::without_message(hub, &request.session));
    };
    let mut plan = agent::plan(&Heard::new(&text, session), scenario, pace);
    if world.plays_once(Scenario::RateLimited) {
        let refusal = Refusal::status(StatusCode::TOO_MANY_REQUESTS, "rate limited");
        return Err(refusal.retry_after(pace.retry_after));
    }
    let available = world.accounts.get(user).map_or(0, |account| account.available);
    if scenario == Scenario::OutOfCredits || available < plan.cost {
        return Err(Refusal::code(hub, 2001, "insufficient credits"));
    }
    let (hash, breaches) = duties(world, &request.session, &text, hub.settings.repeat_window);
    let number = accept(world, user, &request.session, &hash, plan.cost);
    let dialect = match scenario {
        Scenario::TypedDialect => Dialect::Typed,
        Scenario::Deltas => Dialect::AdkDeltas,
        Scenario::DeltasOnly => Dialect::AdkDeltasOnly,
        _ => Dialect::Adk,
    };
    Ok(Run {
        hub: hub.clone(),
        session: request.session,
        user: user.to_owned(),
        number,
        text,
        hash,
        breaches,
        steps: std::mem::take(&mut plan.steps).into(),
        frames: VecDeque::new(),
        voice: Voice::new(dialect),
        wire: Wire::of(scenario),
        cost: plan.cost,
        released: *hub.released.borrow(),
        ended: false,
    })
}

/// What this message breaks, seen from the runs before it.
fn duties(world: &mut World, id: &str, text: &str, window: Duration) -> (String, Vec<String>) {
    let hash = digest(text.as_bytes());
    let mut broken = Vec::new();
    let Some(session) = world.sessions.get(id) else { return (hash, broken) };
    if session.running > 0 {
        broken.push(format!("POST /run_sse: a second run in session {id} while one is going on"));
    }
    let soon = |ended: Option<Instant>| ended.is_none_or(|ended| ended.elapsed() <= window);
    if session.posted.get(&hash).is_some_and(|posted| soon(posted.ended)) {
        if world.allowed_repeats > 0 {
            world.allowed_repeats -= 1;
        } else {
            broken.push(format!("POST /run_sse: a message was sent again in session {id} after its run had begun"));
        }
    }
    if duty::is_bare_export(text) {
        broken.push("POST /run_sse: a wish to export was sent to the agent".to_owned());
    }
    (hash, broken)
}

/// Reserves the credits and counts the run.
fn accept(world: &mut World, user: &str, id: &str, hash: &str, cost: i64) -> u64 {
    if let Some(account) = world.accounts.get_mut(user) {
        account.available -= cost;
        account.frozen += cost;
    }
    if let Some(session) = world.sessions.get_mut(id) {
        session.running += 1;
        let posted = session.posted.entry(hash.to_owned()).or_default();
        posted.times += 1;
        posted.ended = None;
    }
    world.runs += 1;
    world.runs
}

/// Answers with the run as a stream of events.
fn played(mut run: Run) -> Response {
    for breach in std::mem::take(&mut run.breaches) {
        run.hub.breach(breach);
    }
    if run.number > 0 {
        let times = {
            let world = run.hub.world();
            let session = world.sessions.get(&run.session);
            session.and_then(|session| session.posted.get(&run.hash)).map_or(0, |posted| posted.times)
        };
        let text: String = redact(&run.text).chars().take(TEXT_KEPT).collect();
        let data = json!({ "session": run.session, "number": run.number, "text": text, "hash": run.hash,
            "times": times });
        run.hub.note("run", format!("Run {} begins: {}", run.number, short(&text)), data);
        if run.cost > 0 {
            run.hub.note_credits(&run.user);
        }
    }
    let body = Body::from_stream(stream::unfold(run, |mut run| async move {
        let item = run.next().await?;
        Some((item, run))
    }));
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::SERVER, "uvicorn")], body).into_response()
}
