//! The bytes of attachments, as long as their address lives.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use bytes::Bytes;
use futures::{StreamExt, stream};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use super::Shared;
use super::call::Call;
use super::faults::FaultAction;
use super::refusal::Refusal;
use super::server::{page, say};
use crate::sandbox::lines::Peer;

/// The piece that a slow source sends at once.
const PIECE: usize = 64 << 10;
/// What the real one says of what it does not have, and of what has expired.
const GONE: &str = "This content is no longer available.";

/// Answers a download, or anything else outside of the API.
pub(super) async fn download(shared: &Shared, peer: &Peer, call: Call) -> Response<Body> {
    let in_cdn = call.path.starts_with("/attachments/") || call.path.starts_with("/ephemeral-attachments/");
    if !in_cdn || call.method != "GET" {
        shared.breach(format!("unknown address {} {}", call.method, call.path));
        return gone();
    }
    let (file, fault) = {
        let mut state = shared.state();
        state.keep_call(call.record());
        let file = state.files.at(&call.path).map(|file| (file.path.clone(), file.size, file.mime.clone()));
        (file, state.fault_for(&call, None))
    };
    let told = |what: &str| json!({ "method": "download", "path": call.path, "what": what });
    if call.authorization.contains(&shared.settings.token) {
        shared.breach("the bot's token was sent along with a download".to_owned());
    }
    let (mut cut, mut stalls, mut pause, mut missing) = (false, false, Duration::ZERO, 0);
    match fault {
        None | Some(FaultAction::Limited { .. } | FaultAction::Meanwhile(_)) => {}
        Some(FaultAction::Delay(how_long)) => tokio::time::sleep(how_long).await,
        Some(FaultAction::Slow(between)) => pause = between,
        Some(FaultAction::Shorter(bytes)) => missing = bytes,
        Some(FaultAction::Elsewhere(address)) => {
            shared.record("refused", "download 302", told("elsewhere"));
            return Response::builder().status(302).header(LOCATION, address).body(Body::empty()).unwrap_or_default();
        }
        Some(FaultAction::Page(status)) => {
            shared.record("refused", format!("download {status}"), told("a page"));
            return page(status, None);
        }
        Some(FaultAction::Status { status, code, message }) => {
            shared.record("refused", format!("download {status}"), told("refused"));
            return say(&Refusal { status, code: Some(code), message, errors: None, limited: None }, None);
        }
        Some(FaultAction::CutConnection | FaultAction::DropAnswerAfterCommit) => cut = true,
        Some(FaultAction::Stall) => stalls = true,
    }
    let Some((path, size, mime)) = file.filter(|_| shared.is_open(&call.path, &call.query)) else {
        shared.record("refused", "download 404", told(GONE));
        return gone();
    };
    let Ok(bytes) = tokio::fs::File::open(path).await else { return gone() };
    let size = size.saturating_sub(missing);
    let bytes = bytes.take(size);
    shared.record("call", format!("download {}", call.path), told("served"));
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
    } else if pause > Duration::ZERO {
        let pieces = ReaderStream::with_capacity(bytes, PIECE).then(move |piece: io::Result<Bytes>| async move {
            tokio::time::sleep(pause).await;
            piece
        });
        Body::from_stream(pieces)
    } else {
        Body::from_stream(ReaderStream::with_capacity(bytes, PIECE))
    };
    let head = Response::builder().header(CONTENT_TYPE, mime).header(CONTENT_LENGTH, size);
    head.body(body).unwrap_or_default()
}

fn gone() -> Response<Body> {
    let head = Response::builder().status(404).header(CONTENT_TYPE, "text/plain;charset=UTF-8");
    head.body(Body::from(GONE)).unwrap_or_default()
}
