//! Calls that fail before the service has looked at them: by a proxy, a limit or a right that is missing.

mod render;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde_json::json;

use super::Scenario;
use super::server::Refusal;
use super::world::Hub;

/// What a proxy shows to browsers.
const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n";

/// A proxy's page of HTML.
pub(super) fn page(status: StatusCode) -> Response {
    (status, axum::response::Html(PAGE)).into_response()
}

/// The answer to a call that the scenario lets fail, or the request back. What a client still sends is read first: who
/// writes does not hear the answer.
pub(super) async fn strike(hub: &Hub, request: Request) -> Result<Request, Response> {
    if render::hangs(hub, request.method(), request.uri().path()) {
        hub.note("render-hangs", "A call of a render gets no answer.", json!({ "path": "render" }));
        hub.stop.cancelled().await;
        return Err(StatusCode::SERVICE_UNAVAILABLE.into_response());
    }
    let Some(answer) = answer(hub, request.method(), request.uri().path()) else { return Ok(request) };
    drain(request.into_body()).await;
    Err(answer)
}

async fn drain(body: Body) {
    let mut chunks = body.into_data_stream();
    while let Some(Ok(_)) = chunks.next().await {}
}

fn answer(hub: &Hub, method: &Method, path: &str) -> Option<Response> {
    let scenario = hub.world().scenario();
    let refused = |what: &str, kind: &'static str, response: Response| {
        hub.note(kind, what, json!({ "refused": true }));
        Some(response)
    };
    if path == "/run_sse" {
        let response = of_run(hub, scenario)?;
        return refused("A message to the agent is refused.", "run-refused", response);
    }
    let too_many = || Refusal::code(hub, 429, "rate limited").into_response();
    let busy = |scenario| {
        let first = hub.world().plays_once(scenario);
        first.then(too_many)
    };
    if path.starts_with("/api/upload-video/") {
        let response = match scenario {
            Scenario::UploadBusy => busy(scenario)?,
            Scenario::UploadBusyAlways => too_many(),
            Scenario::UploadHtml => page(StatusCode::BAD_GATEWAY),
            Scenario::BareTooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Scenario::Unsupported => Refusal::code(hub, 4001, "unsupported file type").into_response(),
            _ => return None,
        };
        return refused("An upload is refused.", "upload-refused", response);
    }
    if path.starts_with("/api/state/") {
        let lost =
            matches!(scenario, Scenario::DroppedUnread | Scenario::SilentUnread) && hub.world().has_struck("work");
        let response = match scenario {
            Scenario::StateBusy => busy(scenario)?,
            Scenario::StateHtml => page(StatusCode::SERVICE_UNAVAILABLE),
            _ if lost => page(StatusCode::BAD_GATEWAY),
            _ => return None,
        };
        return refused("The state is not told.", "state-refused", response);
    }
    if path == "/api/tasks/me/with-session/nemo_agent" && scenario == Scenario::SessionBusy {
        return refused("A session is refused.", "session-refused", busy(scenario)?);
    }
    if path == "/api/credits/balance/simple" && scenario == Scenario::CreditsBusy {
        return refused("The balance is refused.", "credits-refused", busy(scenario)?);
    }
    render::answer(hub, method, path)
}

fn of_run(hub: &Hub, scenario: Scenario) -> Option<Response> {
    let too_many = || Refusal::code(hub, 429, "rate limited").into_response();
    Some(match scenario {
        Scenario::RunHtml => page(StatusCode::BAD_GATEWAY),
        Scenario::NotAStream => axum::Json(json!({ "status": "accepted" })).into_response(),
        Scenario::RunForbidden => Refusal::code(hub, 403, "scope write is missing").into_response(),
        Scenario::RunMalformed => {
            let detail = json!([{ "type": "missing", "loc": ["body", "sessionId"], "msg": "Field required",
                "input": "nmv_usr_leak" }]);
            Refusal::detail(StatusCode::UNPROCESSABLE_ENTITY, detail).into_response()
        }
        Scenario::RateLimitedAlways => too_many(),
        Scenario::RateLimitedBare if hub.world().plays_once(Scenario::RateLimitedBare) => too_many(),
        _ => return None,
    })
}
