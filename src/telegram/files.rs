//! Attachments on their way in: `getFile`, then the bytes, from Telegram or from a local Bot API server's disk.
//!
//! The address of a file holds the bot's token. It is made in `api.rs`, used here, and goes nowhere else.

use futures::stream::{BoxStream, StreamExt};
use serde::Deserialize;
use serde_json::json;
use tokio_util::io::ReaderStream;
use tracing::warn;

use super::api::Api;
use super::error::CallError;
use crate::chat::inbound::MediaRef;
use crate::chat::surface::{MediaStream, SurfaceError};

/// What Telegram's own servers let a bot download: 20 << 20 bytes, "20 MB" in the Bot API's documentation of `getFile`.
pub(super) const OPEN_LIMIT: u64 = 20 * 1024 * 1024;
/// What a local Bot API server handles: 2000 MB.
pub(super) const LOCAL_LIMIT: u64 = 2_000_000_000;
/// A piece of a file on disk.
const PIECE: usize = 64 * 1024;

/// What is needed to open an attachment again. Written as `size.file_id`, the size empty where it is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Telegram's `file_id`.
    pub(super) file: String,
    /// The announced size in bytes.
    pub(super) size: Option<u64>,
}

impl Held {
    pub(super) fn write(&self) -> MediaRef {
        let size = self.size.map(|size| size.to_string()).unwrap_or_default();
        MediaRef::Held(format!("{size}.{}", self.file))
    }

    pub(super) fn read(media: &MediaRef) -> Option<Self> {
        let MediaRef::Held(name) = media else { return None };
        let (size, file) = name.split_once('.')?;
        let size = if size.is_empty() { None } else { Some(size.parse().ok()?) };
        (!file.is_empty()).then(|| Self { file: file.to_owned(), size })
    }
}

/// Source: Bot API, `File`.
#[derive(Deserialize)]
struct File {
    file_path: Option<String>,
    file_size: Option<u64>,
}

/// Opens an attachment for one pass. With `local`, an absolute path is read from disk.
pub(super) async fn open(api: &Api, local: bool, media: &MediaRef) -> Result<MediaStream, SurfaceError> {
    let Some(held) = Held::read(media) else {
        return Err(SurfaceError::Refused("not an attachment of Telegram's".to_owned()));
    };
    let limit = if local { LOCAL_LIMIT } else { OPEN_LIMIT };
    if held.size.is_some_and(|size| size > limit) {
        return Err(SurfaceError::TooLarge);
    }
    let file: File = api.call("getFile", &json!({ "file_id": held.file })).await?;
    let Some(path) = file.file_path else { return Err(SurfaceError::Gone) };
    let told = file.file_size.filter(|size| *size != 0).or(held.size);
    if is_absolute(&path) {
        if !local {
            warn!("The Bot API server keeps files on its disk; set telegram.local_files to read them");
            return Err(CallError::nonsense("the file lies on the Bot API server's disk").into());
        }
        return from_disk(&path, told).await;
    }
    download(api, &path, told).await
}

fn is_absolute(path: &str) -> bool {
    let mut letters = path.chars();
    match letters.next() {
        Some('/') => true,
        Some(drive) if drive.is_ascii_alphabetic() => {
            letters.next() == Some(':') && matches!(letters.next(), Some('\\' | '/'))
        }
        _ => false,
    }
}

async fn from_disk(path: &str, told: Option<u64>) -> Result<MediaStream, SurfaceError> {
    let lost = |error: std::io::Error| {
        warn!(%error, "A file of the local Bot API server cannot be read; is its folder mounted here?");
        SurfaceError::Unavailable(Box::new(error))
    };
    // Looked at before it is opened: opening a pipe would wait for whoever writes into it.
    let about = tokio::fs::metadata(path).await.map_err(lost)?;
    if !about.is_file() {
        return Err(lost(std::io::Error::other("it is no ordinary file")));
    }
    let length = about.len();
    let file = tokio::fs::File::open(path).await.map_err(lost)?;
    let pieces = ReaderStream::with_capacity(file, PIECE)
        .map(|piece| piece.map_err(|error| SurfaceError::Unavailable(Box::new(error))));
    measured(Some(length), told, pieces.boxed())
}

async fn download(api: &Api, path: &str, told: Option<u64>) -> Result<MediaStream, SurfaceError> {
    let response = api.file(path).await?;
    match response.status().as_u16() {
        200 => {}
        404 | 410 => return Err(SurfaceError::Gone),
        status => return Err(SurfaceError::Unavailable(format!("status {status} for a file").into())),
    }
    let length = response.content_length();
    let pieces = response.bytes_stream().map(|piece| piece.map_err(|error| CallError::transport(error).into()));
    measured(length, told, pieces.boxed())
}

type Pieces = BoxStream<'static, Result<bytes::Bytes, SurfaceError>>;

/// The stream ends in an error unless it is exactly as long as was said.
fn measured(length: Option<u64>, told: Option<u64>, pieces: Pieces) -> Result<MediaStream, SurfaceError> {
    if let (Some(length), Some(told)) = (length, told)
        && length != told
    {
        return Err(CallError::nonsense("the file is not as long as announced").into());
    }
    let Some(length) = length.or(told) else { return Ok(MediaStream { length: None, bytes: pieces }) };
    Ok(MediaStream { length: Some(length), bytes: exactly(length, pieces) })
}

/// Passes pieces on as long as they add up.
pub(super) fn exactly(length: u64, pieces: Pieces) -> Pieces {
    let state = Some((pieces, length));
    futures::stream::unfold(state, |state| async {
        let (mut pieces, left) = state?;
        let wrong = |what| Some((Err(CallError::nonsense(what).into()), None));
        match pieces.next().await {
            None if left == 0 => None,
            None => wrong("the file ended early"),
            Some(Err(error)) => Some((Err(error), None)),
            Some(Ok(piece)) => match left.checked_sub(piece.len() as u64) {
                Some(left) => Some((Ok(piece), Some((pieces, left)))),
                None => wrong("the file is longer than announced"),
            },
        }
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_held_name_reads_back_as_it_was_written() {
        for size in [None, Some(7), Some(u64::MAX)] {
            let held = Held { file: "BAAC-_.x".to_owned(), size };
            assert_eq!(Held::read(&held.write()), Some(held));
        }
        for junk in ["", ".", "7.", "x.y", "abc"] {
            assert_eq!(Held::read(&MediaRef::Held(junk.to_owned())), None, "{junk}");
        }
    }

    #[test]
    fn absolute_paths_are_told_from_relative_ones() {
        assert!(is_absolute("/var/lib/file_0.mp4") && is_absolute("C:\\files\\0.mp4") && is_absolute("d:/files/0.mp4"));
        assert!(!is_absolute("videos/file_0.mp4") && !is_absolute("") && !is_absolute("c:file"));
    }

    #[tokio::test]
    async fn a_stream_that_is_too_short_or_too_long_ends_in_an_error() {
        for (length, good) in [(6, true), (5, false), (7, false)] {
            let pieces = futures::stream::iter([Ok(Bytes::from_static(b"abc")), Ok(Bytes::from_static(b"def"))]);
            let all: Vec<_> = exactly(length, pieces.boxed()).collect().await;
            assert_eq!(all.iter().all(Result::is_ok), good, "{length}");
        }
    }

    #[test]
    fn a_length_that_differs_from_the_announced_one_is_refused() {
        let none = || futures::stream::empty().boxed();
        assert!(measured(Some(5), Some(6), none()).is_err());
        assert_eq!(measured(Some(5), Some(5), none()).unwrap().length, Some(5));
        assert_eq!(measured(None, Some(5), none()).unwrap().length, Some(5));
        assert_eq!(measured(None, None, none()).unwrap().length, None);
    }
}
