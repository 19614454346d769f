//! Renders: submit, poll, cancel, download.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::server::{Refusal, account_at, account_in_project, account_of, object, session_of};
use super::world::{Held, Hub};
use super::{NemoEmulatorSettings, Scenario, draft, duty, faults, file};
use crate::clock::Timestamp;

/// One job. Its course is set when it is submitted.
#[derive(Debug)]
pub(super) struct Render {
    user: String,
    pub(super) clip: Option<Arc<Held>>,
    begun: Instant,
    created: Timestamp,
    finished: Option<Timestamp>,
    polls: u32,
    fate: Fate,
    shape: Shape,
    status: Status,
    seconds: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Done,
    /// Done, but the status names no address.
    Unnamed,
    /// Done, and nobody knows where it lies.
    Nowhere,
    /// Done, and the download call sends the file itself.
    Bytes(Breaks),
    /// Done, and its address tells until when it works.
    Signed,
    /// Says what it does in a word of its own.
    Odd,
    Fails,
    /// Waits for many polls, or for a release after this many.
    Slow(u64),
}

/// Whether a file that is sent breaks off in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Breaks {
    Never,
    /// The second time: the first look is only for what it is.
    Once,
    Always,
}

/// The two forms of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// `{"taskId","status","output":{"url"}}`
    Flat,
    /// `{"success","data":{"id","status","outputUrl"}}`
    Wrapped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Pending,
    Processing(u32),
    Completed,
    Failed,
}

impl Render {
    pub(super) fn is_done(&self) -> bool {
        self.status == Status::Completed
    }

    /// Moves on by one poll; true if it has just ended.
    fn move_on(&mut self, settings: &NemoEmulatorSettings, released: u64, now: Timestamp) -> bool {
        if matches!(self.status, Status::Completed | Status::Failed) {
            return false;
        }
        self.polls += 1;
        let pace = &settings.pace;
        let ready = match self.fate {
            Fate::Slow(before) => released > before || self.polls >= pace.slow_polls,
            _ => self.begun.elapsed() >= pace.render && self.polls >= pace.render_polls,
        };
        self.status = match (ready, self.fate) {
            (true, Fate::Fails) => Status::Failed,
            (true, _) => Status::Completed,
            (false, _) if self.polls == 1 => Status::Pending,
            (false, _) => Status::Processing((self.polls * 20).min(90)),
        };
        if ready {
            self.finished = Some(now);
        }
        ready
    }

    fn words(&self) -> (&'static str, u32) {
        match self.status {
            Status::Pending | Status::Processing(_) if self.fate == Fate::Odd => ("Compositing-2", 40),
            Status::Pending => ("pending", 5),
            Status::Processing(percent) => ("processing", percent),
            Status::Completed => ("completed", 100),
            Status::Failed => ("failed", 0),
        }
    }

    fn size(&self) -> u64 {
        self.clip.as_ref().map_or(file::SAMPLE.len() as u64, |held| held.size)
    }

    /// The status in this job's shape.
    fn told(&self, id: &str, url: &str) -> Value {
        let (status, progress) = self.words();
        let until = if self.fate == Fate::Signed { format!("?Expires={SIGNED_UNTIL}") } else { String::new() };
        let url = url.to_owned() + &until;
        let named = self.is_done() && !matches!(self.fate, Fate::Unnamed | Fate::Nowhere | Fate::Bytes(_));
        match self.shape {
            Shape::Flat => {
                let mut told = json!({ "taskId": id, "status": status, "progress": progress });
                if named {
                    told["output"] = json!({ "url": url, "duration": self.seconds, "size": self.size() });
                } else if self.status == Status::Failed {
                    told["error"] = json!({ "message": FAILURE });
                }
                told
            }
            Shape::Wrapped => {
                let mut told = json!({ "id": id, "status": status, "progress": progress,
                    "createdAt": self.created.as_millis() });
                if named {
                    told["outputUrl"] = json!(url);
                } else if self.status == Status::Failed {
                    told["error"] = json!(FAILURE);
                }
                if let Some(finished) = self.finished {
                    told["completedAt"] = json!(finished.as_millis());
                }
                json!({ "success": true, "data": told })
            }
        }
    }
}

const FAILURE: &str = "Lambda composition failed: node lost";

/// `POST /api/render/proxy/lambda`.
pub(super) async fn submit(State(hub): State<Arc<Hub>>, headers: HeaderMap, body: Bytes) -> Result<Response, Refusal> {
    account_in_project(&hub, &headers)?;
    let user = account_at(&hub, &headers, "submit")?;
    let blocked = hub.world().plays(Scenario::PlanBlocked);
    if blocked || !duty::is_attributed(&headers) {
        let words = "export is not available on the free plan";
        hub.note("render-refused", "Export is refused on this plan.", json!({ "refused": true, "place": "submit" }));
        let by_status = || Refusal::status(StatusCode::PAYMENT_REQUIRED, words);
        return Err(if blocked { Refusal::code(&hub, 402, words) } else { by_status() });
    }
    let body = object(&body)?;
    let bad = |words: &str| Refusal::render(StatusCode::BAD_REQUEST, words);
    let id = body["id"].as_str().filter(|id| !id.is_empty()).ok_or_else(|| bad("id is required"))?;
    let session = body["sessionId"].as_str().ok_or_else(|| bad("sessionId is required"))?;
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        return Err(bad("id has characters that are not allowed"));
    }
    let (accepted, breach) = accept(&hub, &user, id, session, &body["draft"]);
    if let Some(breach) = breach {
        hub.breach(breach);
    }
    accepted?;
    let data = json!({ "id": id, "session": session, "user": user, "output": body["output"] });
    hub.note("render", "A render is submitted.", data);
    if hub.world().plays_once(Scenario::RenderSubmitLost) {
        return Ok(faults::page(StatusCode::BAD_GATEWAY));
    }
    Ok(Json(json!({ "success": true, "data": { "id": id, "status": "pending", "progress": 5 } })).into_response())
}

/// Decides about a job under the lock, and what duty it breaks.
fn accept(hub: &Hub, user: &str, id: &str, session: &str, sent: &Value) -> (Result<(), Refusal>, Option<String>) {
    let released = *hub.released.borrow();
    let mut world = hub.world();
    if world.renders.contains_key(id) {
        let refusal = Refusal::render(StatusCode::CONFLICT, "render id already exists");
        return (Err(refusal), Some(format!("POST render: the id {id} was used before")));
    }
    let shape = if world.renders.len().is_multiple_of(2) { Shape::Flat } else { Shape::Wrapped };
    if world.plays_once(Scenario::RenderSessionLost) {
        world.sessions.remove(session);
    }
    let found = session_of(&mut world, user, session, || Refusal::code(hub, 1002, "session not found"));
    let (clip, seconds, breach) = match found {
        Err(refusal) => return (Err(refusal), None),
        Ok(session) => {
            let breach = (!session.gave_draft(sent)).then(|| "POST render: the draft was changed".to_owned());
            (session.first_video(), seconds(draft::length(&session.draft)), breach)
        }
    };
    // A timeline in a string is the service's own to judge.
    if !sent.is_string() && !draft::has_segments(sent) {
        return (Err(Refusal::render(StatusCode::BAD_REQUEST, "draft has no segments")), breach);
    }
    let fate = match world.scenario() {
        Scenario::RenderFails => Fate::Fails,
        Scenario::RenderSlow => Fate::Slow(released),
        Scenario::RenderNoUrl | Scenario::RenderTokenExpired | Scenario::RenderTrouble | Scenario::RenderHangs => {
            Fate::Unnamed
        }
        Scenario::RenderBytes => Fate::Bytes(Breaks::Never),
        Scenario::RenderBytesCut => Fate::Bytes(Breaks::Once),
        Scenario::RenderBytesLost => Fate::Bytes(Breaks::Always),
        Scenario::RenderNowhere => Fate::Nowhere,
        Scenario::RenderOddWord => Fate::Odd,
        Scenario::RenderSigned => Fate::Signed,
        _ if world.plays_once(Scenario::RenderFailsOnce) => Fate::Fails,
        _ => Fate::Done,
    };
    let render = Render {
        user: user.to_owned(),
        clip,
        begun: Instant::now(),
        created: hub.clock.now(),
        finished: None,
        polls: 0,
        fate,
        shape,
        status: Status::Pending,
        seconds,
    };
    world.renders.insert(id.to_owned(), render);
    (Ok(()), breach)
}

#[allow(clippy::cast_precision_loss, reason = "a length in milliseconds")]
fn seconds(millis: u64) -> f64 {
    millis as f64 / 1_000.0
}

/// `GET /api/render/proxy/lambda/{id}`.
pub(super) async fn poll(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let user = account_at(&hub, &headers, "poll")?;
    let (now, released) = (hub.clock.now(), *hub.released.borrow());
    let (ended, told, (status, progress)) = {
        let mut world = hub.world();
        let render = find(&mut world.renders, &user, &id)?;
        let ended = render.move_on(&hub.settings, released, now);
        (ended, render.told(&id, &address(&hub, &id)), render.words())
    };
    let data = json!({ "id": id, "status": status, "progress": progress });
    hub.note("render-poll", format!("Render: {status}, {progress} %"), data.clone());
    if ended {
        hub.note("render-done", format!("The render has {status}."), data);
    }
    if ended && hub.world().plays(Scenario::RenderLate) {
        let mut releases = hub.released.subscribe();
        hub.note("render-late", "The answer waits to be released.", json!({ "id": id }));
        tokio::select! {
            _ = releases.wait_for(|at| *at > released) => {}
            () = hub.stop.cancelled() => {}
        }
    }
    Ok(Json(told))
}

/// `GET /api/render/proxy/{id}/download`.
pub(super) async fn download(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let user = account_at(&hub, &headers, "download")?;
    let (clip, breaks) = {
        let mut world = hub.world();
        let render = find(&mut world.renders, &user, &id)?;
        if !render.is_done() {
            return Err(Refusal::render(StatusCode::BAD_REQUEST, "render is not completed"));
        }
        let (fate, size, clip) = (render.fate, render.size(), render.clip.clone());
        match fate {
            Fate::Nowhere => return Err(Refusal::render(StatusCode::NOT_FOUND, "output not found")),
            Fate::Bytes(Breaks::Once) => (clip, world.strikes("bytes") == 2),
            Fate::Bytes(breaks) => (clip, breaks == Breaks::Always),
            _ => {
                let told = json!({ "output": { "url": address(&hub, &id), "size": size } });
                return Ok(Json(told).into_response());
            }
        }
    };
    file::whole(&hub, &id, clip, breaks).await
}

/// `POST /api/render/proxy/lambda/{id}/cancel`.
pub(super) async fn cancel(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let user = account_of(&hub, &headers)?;
    {
        let mut world = hub.world();
        let render = find(&mut world.renders, &user, &id)?;
        if !render.is_done() {
            render.status = Status::Failed;
        }
    }
    hub.note("render-cancel", "The render is cancelled.", json!({ "id": id }));
    Ok(Json(json!({ "success": true, "data": { "id": id, "status": "cancelled" } })))
}

/// A job is tied to its account.
fn find<'a>(
    renders: &'a mut std::collections::HashMap<String, Render>,
    user: &str,
    id: &str,
) -> Result<&'a mut Render, Refusal> {
    let found = renders.get_mut(id).filter(|render| render.user == user);
    found.ok_or_else(|| Refusal::render(StatusCode::NOT_FOUND, "render not found"))
}

/// The first second of 2100, as stores write the end of a signature.
const SIGNED_UNTIL: u64 = 4_102_444_800;

fn address(hub: &Hub, id: &str) -> String {
    format!("{}{}{id}.mp4", hub.url, duty::OUTPUT)
}
