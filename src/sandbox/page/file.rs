//! Files of the chats on their way to the browser, whole or in part: a player asks for the parts that it needs.

use std::io::SeekFrom;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::{Page, Refusal};

/// How much of a file is in memory at a time.
const CHUNK: usize = 64 * 1024;

/// Sends a file of the chat on Telegram.
pub(super) async fn of_telegram(
    State(page): State<Arc<Page>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    send(&page, page.views.chat.file(&id), &headers).await
}

/// Sends a file that lies on Discord.
pub(super) async fn of_discord(
    State(page): State<Arc<Page>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    send(&page, page.views.discord.file(&id), &headers).await
}

/// Sends the file, or the part of it that is asked for.
async fn send(page: &Page, file: Option<(PathBuf, String)>, headers: &HeaderMap) -> Result<Response, Refusal> {
    let (path, mime) = file.ok_or(Refusal::Gone)?;
    let mut file = File::open(path).await.map_err(|_| Refusal::Gone)?;
    let length = file.metadata().await.map_err(|_| Refusal::Disk)?.len();
    let wanted = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let (status, first, count) = match part(wanted, length) {
        Part::Whole => (StatusCode::OK, 0, length),
        Part::Some { first, last } => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Part::None => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
    };
    file.seek(SeekFrom::Start(first)).await.map_err(|_| Refusal::Disk)?;
    let bytes = ReaderStream::with_capacity(file.take(count), CHUNK).take_until(page.stop.clone().cancelled_owned());

    let mut response = Response::builder()
        .status(status)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_LENGTH, count)
        .header(header::CONTENT_TYPE, shown_as(&mime))
        // Opened by itself it is a document of this origin; then it may do nothing.
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    if status == StatusCode::PARTIAL_CONTENT {
        response = response.header(header::CONTENT_RANGE, format!("bytes {first}-{}/{length}", first + count - 1));
    }
    if shown_as(&mime) == UNKNOWN {
        response = response.header(header::CONTENT_DISPOSITION, "attachment");
    }
    response.body(Body::from_stream(bytes)).map_err(|_| Refusal::Disk)
}

const UNKNOWN: &str = "application/octet-stream";

/// The media type that the browser hears. It comes from whoever made the file, so only what cannot run is named.
fn shown_as(mime: &str) -> &str {
    let Ok(parsed) = mime.parse::<mime::Mime>() else { return UNKNOWN };
    let picture = parsed.type_() == mime::IMAGE && parsed.suffix().is_none() && parsed.subtype() != mime::SVG;
    if picture || parsed.type_() == mime::VIDEO || parsed.type_() == mime::AUDIO { mime } else { UNKNOWN }
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Some { first: u64, last: u64 },
    None,
}

/// Reads a `Range` header (RFC 9110, 14.2). What we do not understand, and several parts at once, mean the whole.
fn part(range: Option<&str>, length: u64) -> Part {
    let Some((first, last)) =
        range.and_then(|range| range.strip_prefix("bytes=")).and_then(|span| span.split_once('-'))
    else {
        return Part::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let number = |digits: &str| {
        if digits.bytes().all(|digit| digit.is_ascii_digit()) { digits.parse::<u64>().ok() } else { None }
    };
    match (first, number(first), last, number(last)) {
        // The last so many bytes.
        ("", _, _, Some(count)) if count > 0 && length > 0 => {
            Part::Some { first: length.saturating_sub(count), last: length - 1 }
        }
        ("", _, _, Some(_)) => Part::None,
        (_, Some(first), "", _) if first < length => Part::Some { first, last: length - 1 },
        (_, Some(_), "", _) => Part::None,
        (_, Some(first), _, Some(last)) if first <= last && first < length => {
            Part::Some { first, last: last.min(length - 1) }
        }
        (_, Some(first), _, Some(last)) if first <= last => Part::None,
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_player_gets_the_part_that_it_asks_for() {
        let some = |first, last| Part::Some { first, last };
        for (range, wanted) in [
            ("bytes=0-", some(0, 99)),
            ("bytes=0-0", some(0, 0)),
            ("bytes=10-19", some(10, 19)),
            ("bytes=90-1000", some(90, 99)),
            ("bytes=-30", some(70, 99)),
            ("bytes=-1000", some(0, 99)),
            ("bytes=99-", some(99, 99)),
            ("bytes=100-", Part::None),
            ("bytes=100-200", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=19-10", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=99999999999999999999-", Part::Whole),
            ("lines=0-1", Part::Whole),
        ] {
            assert_eq!(part(Some(range), 100), wanted, "{range}");
        }
        assert_eq!(part(None, 100), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 0), Part::None);
        assert_eq!(part(Some("bytes=-5"), 0), Part::None);
    }

    #[test]
    fn a_file_that_could_run_here_is_only_offered_for_download() {
        for mime in ["video/mp4", "audio/mpeg", "image/png"] {
            assert_eq!(shown_as(mime), mime);
        }
        for mime in ["text/html", "image/svg+xml", "image/svg", "application/xhtml+xml", "text/javascript", "?"] {
            assert_eq!(shown_as(mime), UNKNOWN, "{mime}");
        }
    }
}
