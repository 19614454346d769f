//! Opening a session and reading its state.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::Scenario;
use super::server::{Refusal, account_in_project, account_of, object, session_of, success};
use super::world::Hub;

/// `POST /api/tasks/me/with-session/nemo_agent`.
pub(super) async fn open(State(hub): State<Arc<Hub>>, headers: HeaderMap, body: Bytes) -> Result<Json<Value>, Refusal> {
    let user = account_of(&hub, &headers)?;
    let body = object(&body)?;
    let name = body["task_name"].as_str().unwrap_or("My Video Project");
    let language = body["language"].as_str().unwrap_or("en");
    let (id, task) = {
        let mut world = hub.world();
        let session = world.open_session(&user, name, language);
        (session.id.clone(), session.task.clone())
    };
    hub.note(
        "session",
        format!("Session {id} opened ({language})"),
        json!({ "session": id, "user": user, "language": language }),
    );
    Ok(success(&json!({ "task_id": task, "session_id": id, "user_id": user })))
}

/// `GET /api/state/nemo_agent/me/{session}/latest`.
pub(super) async fn latest(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let user = account_in_project(&hub, &headers)?;
    let mut world = hub.world();
    let scenario = world.scenario();
    let session = session_of(&mut world, &user, &id, || Refusal::code(&hub, 1002, "session not found"))?;
    let [draft, video_infos, generated_media] = session.lagging.take().unwrap_or_else(|| session.state());
    let (draft, strange) = match scenario {
        Scenario::StateNulls => (Value::Null, true),
        Scenario::StateString if draft.get("t").is_some() => {
            (json!(format!("<project revision=\"{}\"/>", draft.to_string().len())), false)
        }
        Scenario::StateStrange => (strange(draft), false),
        _ => (draft, false),
    };
    session.remember_draft(&draft);
    hub.note("state-read", format!("The state of {id} is read."), json!({ "session": id }));
    if strange {
        let state = json!({ "draft": draft, "video_infos": null, "generated_media": {} });
        return Ok(success(&json!({ "session_id": session.id, "task_name": null, "state": state })));
    }
    let canvas = &session.draft["m"];
    Ok(success(&json!({
        "session_id": session.id,
        "task_id": session.task,
        "task_name": session.name,
        "user_id": session.user,
        "state": {
            "draft": draft,
            "video_infos": video_infos,
            "generated_media": generated_media,
            "canvas_config": { "width": canvas["width"], "height": canvas["height"] },
            "video_analyses": {},
        },
    })))
}

/// The same timeline with tracks and segments that no document describes.
fn strange(mut draft: Value) -> Value {
    if let Some(tracks) = draft.get_mut("t").and_then(Value::as_array_mut) {
        let odd = [
            json!(null),
            json!("a track"),
            json!({ "tt": "seven", "sg": "none" }),
            json!({ "tt": 7, "sg": [null, 5, "text", [], {}, { "d": "3000", "m": { "text": { "de": "Hallo" } } }] }),
            json!({ "tt": -3, "sg": [{ "d": -1, "s": 1e300, "m": [] }] }),
            json!({ "sg": { "a": 1 } }),
        ];
        tracks.extend(odd);
    }
    draft
}
