//! The finished MP4: the bytes of the first uploaded video, or a small sample. A public store: no token belongs here.

use std::io::{self, SeekFrom};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::server::Refusal;
use super::world::{Held, Hub};

/// Four seconds, 640 by 360.
pub(super) const SAMPLE: &[u8] = include_bytes!("../data/landscape.mp4");

/// `GET /render-result/{id}.mp4`. Understands `Range`, without which a browser cannot seek in a film.
pub(super) async fn serve(
    State(hub): State<Arc<Hub>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(Refusal::status(StatusCode::FORBIDDEN, "no credentials here"));
    }
    let id = name.strip_suffix(".mp4").unwrap_or_default().to_owned();
    let held = hub.world().renders.get(&id).filter(|render| render.is_done()).map(|render| render.clip.clone());
    let held = held.ok_or_else(|| Refusal::status(StatusCode::NOT_FOUND, "no such file"))?;
    let size = held.as_ref().map_or(SAMPLE.len() as u64, |held| held.size);
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let (status, from, to) = match asked.map(|asked| range(asked, size)) {
        None | Some(Range::Ignored) => (StatusCode::OK, 0, size),
        Some(Range::Part(from, to)) => (StatusCode::PARTIAL_CONTENT, from, to),
        Some(Range::Outside) => {
            let all = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response());
        }
    };
    let body = part(held.as_deref(), from, to).await?;
    hub.note(
        "file",
        format!("The MP4 is fetched ({} kB)", (to - from) / 1_000),
        json!({ "id": id, "from": from, "to": to, "size": size }),
    );
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "video/mp4")
        .header(header::CONTENT_LENGTH, to - from)
        .header(header::ACCEPT_RANGES, "bytes");
    if status == StatusCode::PARTIAL_CONTENT {
        response = response.header(header::CONTENT_RANGE, format!("bytes {from}-{}/{size}", to - 1));
    }
    response.body(body).map_err(|_| Refusal::status(StatusCode::INTERNAL_SERVER_ERROR, "no answer"))
}

/// The whole file, as the answer to the call that asks where it is. `breaks`: the connection ends in its middle.
pub(super) async fn whole(hub: &Hub, id: &str, held: Option<Arc<Held>>, breaks: bool) -> Result<Response, Refusal> {
    let size = held.as_ref().map_or(SAMPLE.len() as u64, |held| held.size);
    let body = part(held.as_deref(), 0, if breaks { size / 2 } else { size }).await?;
    let body = if breaks {
        let end =
            futures::stream::once(async { Err(axum::Error::new(io::Error::from(io::ErrorKind::ConnectionReset))) });
        Body::from_stream(body.into_data_stream().chain(end))
    } else {
        body
    };
    let data = json!({ "id": id, "size": size, "breaks": breaks });
    hub.note("file-sent", format!("The MP4 itself is sent ({} kB).", size / 1_000), data);
    let response = Response::builder().header(header::CONTENT_TYPE, "video/mp4").header(header::CONTENT_LENGTH, size);
    response.body(body).map_err(|_| Refusal::status(StatusCode::INTERNAL_SERVER_ERROR, "no answer"))
}

/// The bytes from the first up to before the second position.
async fn part(held: Option<&Held>, from: u64, to: u64) -> Result<Body, Refusal> {
    let Some(held) = held else { return Ok(sample(from, to)) };
    let mut file = tokio::fs::File::open(&held.path).await.map_err(lost)?;
    file.seek(SeekFrom::Start(from)).await.map_err(lost)?;
    Ok(Body::from_stream(ReaderStream::new(file.take(to - from))))
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn lost(_: std::io::Error) -> Refusal {
    Refusal::status(StatusCode::INTERNAL_SERVER_ERROR, "the file is gone")
}

#[allow(clippy::cast_possible_truncation, reason = "positions inside the sample")]
fn sample(from: u64, to: u64) -> Body {
    Body::from(&SAMPLE[from as usize..to as usize])
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    /// From the first up to before the second.
    Part(u64, u64),
    /// Nothing of it is there.
    Outside,
    /// Several parts, other units, or nonsense: the whole file is a right answer (RFC 9110, 14.2).
    Ignored,
}

fn range(asked: &str, size: u64) -> Range {
    let Some((first, last)) = asked.strip_prefix("bytes=").and_then(|rest| rest.split_once('-')) else {
        return Range::Ignored;
    };
    let (first, last) = (first.trim(), last.trim());
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), _) if first >= size => Range::Outside,
        (Ok(first), Ok(last)) if last >= first => Range::Part(first, last.saturating_add(1).min(size)),
        (Ok(first), Err(_)) if last.is_empty() => Range::Part(first, size),
        (Err(_), Ok(0)) if first.is_empty() => Range::Outside,
        (Err(_), Ok(end)) if first.is_empty() => Range::Part(size.saturating_sub(end), size),
        _ => Range::Ignored,
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, range};

    #[test]
    fn ranges_are_read_as_a_browser_writes_them() {
        assert_eq!(range("bytes=0-", 10), Range::Part(0, 10));
        assert_eq!(range("bytes=2-4", 10), Range::Part(2, 5));
        assert_eq!(range("bytes=8-99", 10), Range::Part(8, 10));
        assert_eq!(range("bytes=-3", 10), Range::Part(7, 10));
        assert_eq!(range("bytes=10-", 10), Range::Outside);
        assert_eq!(range("bytes=1-2,4-5", 10), Range::Ignored);
        assert_eq!(range("bytes=4-2", 10), Range::Ignored);
    }
}
