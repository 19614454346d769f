//! Renders that go wrong on the way: what becomes of a submit, a question or a download before it is looked at.

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::super::Scenario;
use super::super::server::Refusal;
use super::super::world::Hub;
use super::page;

/// The calls of a render.
const SUBMITS: &str = "/api/render/proxy/lambda";

/// Which call of a render this is: `submit`, `poll` or `download`.
fn place(method: &Method, path: &str) -> Option<&'static str> {
    let rest = path.strip_prefix("/api/render/proxy/")?;
    match rest.strip_prefix("lambda") {
        Some("") if method == Method::POST => Some("submit"),
        Some(_) if method == Method::GET && path.len() > SUBMITS.len() => Some("poll"),
        None if method == Method::GET && rest.ends_with("/download") => Some("download"),
        _ => None,
    }
}

/// The answer to a call of a render that the scenario lets fail.
pub(super) fn answer(hub: &Hub, method: &Method, path: &str) -> Option<Response> {
    let place = place(method, path)?;
    let too_many = || Refusal::code(hub, 429, "rate limited").into_response();
    let scenario = hub.world().scenario();
    let response = match (scenario, place) {
        (Scenario::RenderDuplicate, "submit") if hub.world().plays_once(scenario) => {
            Refusal::render(StatusCode::CONFLICT, "render id already exists").into_response()
        }
        (Scenario::RenderBusy, "submit") => too_many(),
        (Scenario::RenderRefused, "submit") => {
            let detail = json!([{ "type": "missing", "loc": ["body", "sessionId"], "msg": "Field required" }]);
            Refusal::detail(StatusCode::UNPROCESSABLE_ENTITY, detail).into_response()
        }
        (Scenario::RenderNoCredits, "submit") => Refusal::code(hub, 2001, "insufficient credits").into_response(),
        (Scenario::RenderTrouble, "submit") => match hub.world().strikes(place) {
            1 => too_many(),
            2 => page(StatusCode::BAD_GATEWAY),
            _ => return None,
        },
        (Scenario::RenderTrouble, "download") => match hub.world().strikes(place) {
            1 => page(StatusCode::BAD_GATEWAY),
            2 => page(StatusCode::OK),
            3 => too_many(),
            _ => return None,
        },
        (Scenario::RenderPollErrors, "poll") => match hub.world().strikes(place) {
            1 => page(StatusCode::BAD_GATEWAY),
            2 => Refusal::status(StatusCode::TOO_MANY_REQUESTS, "rate limited").into_response(),
            3 => StatusCode::REQUEST_TIMEOUT.into_response(),
            4 => page(StatusCode::INTERNAL_SERVER_ERROR),
            5 => page(StatusCode::OK),
            _ => return None,
        },
        _ => return None,
    };
    let kind = if place == "submit" { "render-refused" } else { "render-poll" };
    hub.note(kind, format!("A render's {place} fails."), json!({ "refused": true, "place": place }));
    Some(response)
}

/// Whether this call gets no answer at all.
pub(super) fn hangs(hub: &Hub, method: &Method, path: &str) -> bool {
    let Some(place) = place(method, path) else { return false };
    let mut world = hub.world();
    world.plays(Scenario::RenderHangs) && world.strikes(place) == 1
}
