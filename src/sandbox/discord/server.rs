//! The HTTP side: addresses, heads of answers, and connections that can be cut.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use axum::{Router, serve};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::gateway::{self, Door};
use super::limits::Standing;
use super::refusal::{NOT_ALLOWED, NOT_FOUND, Refusal};
use super::routes::ROUTES;
use super::{Shared, cdn};
use crate::sandbox::lines::{Lines, Peer};

/// The largest frame that a client may send to the gateway.
const FRAME_LIMIT: usize = 4096;

/// Serves until the emulator is stopped; open connections end with it.
pub(super) async fn run(shared: Arc<Shared>, listener: TcpListener, door: Door) {
    let stop = shared.stop.clone();
    let lines = Lines::new(listener, stop.clone());
    let router = Router::new().fallback(handle).layer(DefaultBodyLimit::disable()).with_state((shared, door));
    let service = router.into_make_service_with_connect_info::<Peer>();
    tokio::select! {
        // It never ends by itself.
        _ = async { serve(lines, service).await } => {}
        () = stop.cancelled() => {}
    }
}

async fn handle(
    State((shared, door)): State<(Arc<Shared>, Door)>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if path == "/" {
        return open_gateway(shared, door, peer, request).await;
    }
    let Some(rest) = path.strip_prefix("/api/") else {
        return cdn::download(&shared, &peer, Call::new(&request, &path)).await;
    };
    let (version, rest) = rest.split_once('/').unwrap_or((rest, ""));
    if version != "v10" {
        shared.breach(format!("{path}: not version 10 of the API"));
        return say(&NOT_FOUND.into(), None);
    }
    let mut call = Call::new(&request, &format!("/{rest}"));
    let fits = ROUTES.iter().filter_map(|route| Some((route, route.captures(&call.path)?)));
    let fits: Vec<_> = fits.collect();
    // `@me` and other literal steps stand before placeholders.
    let found = fits.iter().find(|(route, _)| route.method == call.method);
    if let Some((route, steps)) = found {
        call.route = Some(*route);
        call.steps.clone_from(steps);
    }
    let read = call.read(&shared, request).await;
    shared.state().keep_call(call.record());
    if call.route.is_none() {
        shared.breach(format!("unknown route {} {}", call.method, call.path));
        let refusal = if fits.is_empty() { NOT_FOUND } else { NOT_ALLOWED };
        return refuse(&shared, &call, &refusal.into(), None);
    }
    // Futures of calls that send files are large.
    let Outcome { answer, standing } = Box::pin(shared.answer(&call, read)).await;
    let standing = standing.as_ref();
    match answer {
        Answer::Json(status, body) => with_body(status, &body, standing),
        Answer::Empty => head(204, standing).body(Body::empty()).unwrap_or_default(),
        Answer::Refused(refusal) => refuse(&shared, &call, &refusal, standing),
        Answer::Page(status) => {
            record_refusal(&shared, &call, status, (None, None), "a page");
            page(status, standing)
        }
        Answer::Cut => {
            record_refusal(&shared, &call, 0, (None, None), "the connection was cut");
            peer.cut();
            Response::default()
        }
    }
}

async fn open_gateway(shared: Arc<Shared>, door: Door, peer: Peer, request: Request) -> Response<Body> {
    let (mut parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let query = url::form_urlencoded::parse(query).into_owned().collect();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade
            .max_message_size(FRAME_LIMIT)
            .on_upgrade(move |socket| gateway::serve(shared, socket, door, peer, query)),
        Err(_) => say(&NOT_FOUND.into(), None),
    }
}

fn refuse(shared: &Shared, call: &Call, refusal: &Refusal, standing: Option<&Standing>) -> Response<Body> {
    let wait = refusal.limited.map(|limited| limited.wait.as_secs_f64());
    shared.count_invalid(refusal);
    let words = match &refusal.errors {
        Some(errors) => format!("{} {errors}", refusal.message),
        None => refusal.message.clone(),
    };
    record_refusal(shared, call, refusal.status, (refusal.code, wait), &words);
    say(refusal, standing)
}

fn record_refusal(shared: &Shared, call: &Call, status: u16, why: (Option<u32>, Option<f64>), words: &str) {
    shared.record(
        "refused",
        format!("{} {status}: {words}", call.label()),
        json!({
            "method": call.label(),
            "chat": shared.channel_of(call),
            "message_id": shared.message_of(call),
            "text": call.body["content"],
            "status": status,
            "code": why.0,
            "description": words,
            "retry_after": why.1,
        }),
    );
}

/// The answer of a refusal.
pub(super) fn say(refusal: &Refusal, standing: Option<&Standing>) -> Response<Body> {
    let mut response = with_body(refusal.status, &refusal.body(), standing);
    if let Some(limited) = refusal.limited {
        let headers = response.headers_mut();
        let seconds = limited.wait.as_secs() + u64::from(limited.wait.subsec_nanos() > 0);
        if limited.header {
            headers.insert("retry-after", HeaderValue::from(seconds));
        }
        headers.insert("x-ratelimit-scope", HeaderValue::from_static(limited.scope.name()));
        if limited.scope == super::refusal::Scope::Global {
            headers.insert("x-ratelimit-global", HeaderValue::from_static("true"));
        }
    }
    response
}

fn with_body(status: u16, body: &Value, standing: Option<&Standing>) -> Response<Body> {
    let head = head(status, standing).header(CONTENT_TYPE, "application/json");
    head.body(Body::from(body.to_string())).unwrap_or_default()
}

/// Every answer tells how its bucket stands.
fn head(status: u16, standing: Option<&Standing>) -> axum::http::response::Builder {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let builder = Response::builder().status(status);
    let Some(standing) = standing else { return builder };
    let name = |name: &'static str| HeaderName::from_static(name);
    builder
        .header(name("x-ratelimit-limit"), standing.limit)
        .header(name("x-ratelimit-remaining"), standing.left)
        .header(name("x-ratelimit-reset"), format!("{:.3}", standing.resets_at))
        .header(name("x-ratelimit-reset-after"), format!("{:.3}", standing.resets_after.as_secs_f64()))
        .header(name("x-ratelimit-bucket"), &standing.bucket)
}

/// A page of the servers in front.
pub(super) fn page(status: u16, standing: Option<&Standing>) -> Response<Body> {
    let title = format!(
        "{status} {}",
        StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default()
    );
    let text = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         <hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
    );
    head(status, standing).header(CONTENT_TYPE, "text/html").body(Body::from(text)).unwrap_or_default()
}
