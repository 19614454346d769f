//! The HTTP side: addresses, tokens, and connections that can be cut.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{Response, StatusCode};
use axum::{Router, serve};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio_util::io::ReaderStream;

use super::Shared;
use super::call::Call;
use super::faults::FaultAction;
use super::methods::Answer;
use super::refusal::Refusal;
use crate::sandbox::lines::{Lines, Peer};

/// Serves until the emulator is stopped; open connections end with it.
pub(super) async fn run(shared: Arc<Shared>, listener: TcpListener) {
    let stop = shared.stop.clone();
    let lines = Lines::new(listener, stop.clone());
    let router = Router::new().fallback(handle).layer(DefaultBodyLimit::disable()).with_state(shared);
    let service = router.into_make_service_with_connect_info::<Peer>();
    tokio::select! {
        // It never ends by itself.
        _ = async { serve(lines, service).await } => {}
        () = stop.cancelled() => {}
    }
}

async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response<Body> {
    let path = request.uri().path().replace("%3A", ":");
    if let Some(rest) = path.strip_prefix("/file/bot") {
        return download(&shared, &peer, rest).await;
    }
    let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
        return say(&Refusal::new(404, "Not Found"));
    };
    if token != shared.settings.token {
        return refuse(&shared, &Call::default(), &Refusal::new(401, "Unauthorized"));
    }
    let mut call = Call::default();
    let read = call.read(&shared, method, request).await;
    shared.state().keep_call(call.record());
    let brief = call.brief();
    // Methods that send files make large futures.
    match Box::pin(shared.answer(call, read)).await {
        Answer::Json(Ok(result)) => answer(StatusCode::OK, &json!({ "ok": true, "result": result })),
        Answer::Json(Err(refusal)) => refuse(&shared, &brief, &refusal),
        Answer::Html(status) => {
            refuse(&shared, &brief, &Refusal::new(status, "a page"));
            page(status)
        }
        Answer::Cut => {
            refuse(&shared, &brief, &Refusal::new(0, "the connection was cut"));
            peer.cut();
            Response::default()
        }
    }
}

async fn download(shared: &Shared, peer: &Peer, rest: &str) -> Response<Body> {
    let Some((_, path)) = rest.split_once('/').filter(|(token, _)| *token == shared.settings.token) else {
        return say(&Refusal::new(401, "Unauthorized"));
    };
    let call = Call { method: "download".to_owned(), ..Call::default() };
    let file = {
        let mut state = shared.state();
        state.keep_call(json!({ "method": "GET", "path": format!("/file/bot<token>/{path}"), "body": {} }));
        state.files.at_path(path).map(|file| (file.path.clone(), file.size))
    };
    let fault = shared.fault_of(&call);
    let (mut cut, mut stalls) = (false, false);
    match fault {
        // There is no message and no chat here.
        None | Some(FaultAction::DeleteFirst | FaultAction::BlockFirst) => {}
        Some(FaultAction::Delay(how_long)) => tokio::time::sleep(how_long).await,
        Some(FaultAction::HtmlError(status)) => return page(status),
        Some(FaultAction::Status { code, description, retry_after }) => {
            return refuse(shared, &call, &Refusal { retry_after, ..Refusal::new(code, description) });
        }
        Some(FaultAction::CutConnection | FaultAction::DropAnswerAfterCommit) => cut = true,
        Some(FaultAction::Stall) => stalls = true,
    }
    // A local server leaves its files on the disk.
    let Some((file, size)) = file.filter(|_| !shared.settings.local) else {
        return refuse(shared, &call, &Refusal::new(404, "Not Found"));
    };
    let Ok(bytes) = tokio::fs::File::open(file).await else {
        return refuse(shared, &call, &Refusal::new(404, "Not Found"));
    };
    shared.record("call", format!("download {path}"), json!({ "method": "download", "path": path }));
    let body = if cut {
        let line = peer.clone();
        let break_off = stream::once(async move {
            // While the body waits, the server sends what it holds; cut at once, the head would be lost too.
            tokio::task::yield_now().await;
            line.cut();
            Err(io::Error::from(io::ErrorKind::ConnectionReset))
        });
        Body::from_stream(ReaderStream::new(bytes.take(size / 2)).chain(break_off))
    } else if stalls {
        Body::from_stream(ReaderStream::new(bytes.take(size / 2)).chain(stream::pending()))
    } else {
        Body::from_stream(ReaderStream::new(bytes))
    };
    let head = Response::builder().header(CONTENT_TYPE, "application/octet-stream").header(CONTENT_LENGTH, size);
    head.body(body).unwrap_or_default()
}

fn refuse(shared: &Shared, call: &Call, refusal: &Refusal) -> Response<Body> {
    shared.record(
        "refused",
        format!("{} {}: {}", call.method, refusal.code, refusal.description),
        json!({
            "method": call.method,
            "chat": call.chat_id(),
            "message_id": call.int("message_id"),
            "text": call.text("text").or_else(|| call.text("caption")),
            "status": refusal.code,
            "description": refusal.description,
            "retry_after": refusal.retry_after,
        }),
    );
    say(refusal)
}

fn say(refusal: &Refusal) -> Response<Body> {
    answer(StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &refusal.body())
}

fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    let head = Response::builder().status(status).header(CONTENT_TYPE, "application/json");
    head.body(Body::from(body.to_string())).unwrap_or_default()
}

fn page(status: u16) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
    let text = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         <hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
    );
    let head = Response::builder().status(status).header(CONTENT_TYPE, "text/html");
    head.body(Body::from(text)).unwrap_or_default()
}
