//! Files of the person on their way to the chat: written to disk as they come, never whole in memory.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::{Page, Refusal, SentFile, known};

/// The largest file, in bytes. Far above what a bot can fetch from a platform, so that its refusal can be tried too.
pub(super) const FILE_LIMIT: u64 = 600 * 1024 * 1024;
/// All files of one run together, in bytes. A chat keeps what was sent, and a try-out must not fill the disk.
const ALL_LIMIT: u64 = 4 * 1024 * 1024 * 1024;
/// Between two chunks from the same machine.
const CHUNK_PATIENCE: Duration = Duration::from_mins(1);
/// The longest name that we pass on; file systems stop at 255 bytes.
const NAME_LIMIT: usize = 80;
/// Telegram's limit of a caption, in UTF-16 units.
const CAPTION_LIMIT: usize = 1024;

/// Where the script puts what it says about the file, form-encoded: `language`, `name`, `mime`, `caption`, `as_file`.
/// A header and not the address, since addresses end in logs.
const ABOUT: &str = "x-file";

/// For newcomers without a clip at hand.
const SAMPLE: &[u8] = include_bytes!("../data/landscape.mp4");

/// Takes a file and sends it into the chat.
pub(super) async fn receive(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Refusal> {
    let about = About::read(&headers)?;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > FILE_LIMIT) {
        return Err(Refusal::TooLarge);
    }
    let bytes = body.into_data_stream().map(|chunk| chunk.map_err(|_| Refusal::BrokenOff));
    deliver(&page, about, bytes).await
}

/// Sends the sample clip into the chat, as if the person had picked it.
pub(super) async fn sample(State(page): State<Arc<Page>>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let mut about = About::read(&headers)?;
    "sample.mp4".clone_into(&mut about.name);
    about.mime = Some("video/mp4".to_owned());
    deliver(&page, about, stream::iter([Ok(Bytes::from_static(SAMPLE))])).await
}

async fn deliver(
    page: &Page,
    about: About,
    bytes: impl Stream<Item = Result<Bytes, Refusal>> + Send + Unpin,
) -> Result<Json<Value>, Refusal> {
    let stored = store(page.uploads.path(), &page.uploaded, bytes, FILE_LIMIT).await?;
    let About { language, name, mime, caption, as_file } = about;
    let file = SentFile { path: stored.path.to_path_buf(), name, mime, size: stored.size, caption, as_file };
    let message_id = page.views.chat.sends_file(language, file).await.map_err(|_| Refusal::Disk)?;
    stored.count();
    Ok(Json(json!({ "message_id": message_id })))
}

/// Writes to disk what comes. If it breaks off, or this future is dropped, nothing stays.
async fn store(
    folder: &Path,
    all: &Arc<AtomicU64>,
    mut bytes: impl Stream<Item = Result<Bytes, Refusal>> + Send + Unpin,
    limit: u64,
) -> Result<Stored, Refusal> {
    let (file, path) = tempfile::NamedTempFile::new_in(folder).map_err(|_| Refusal::Disk)?.into_parts();
    let mut stored = Stored { path, size: 0, all: all.clone() };
    let mut file = File::from_std(file);
    loop {
        let chunk = match tokio::time::timeout(CHUNK_PATIENCE, bytes.next()).await {
            Ok(Some(chunk)) => chunk?,
            Ok(None) => break,
            Err(_) => return Err(Refusal::BrokenOff),
        };
        stored.grow(chunk.len() as u64, limit)?;
        file.write_all(&chunk).await.map_err(|_| Refusal::Disk)?;
    }
    if stored.size == 0 {
        return Err(Refusal::Empty);
    }
    file.flush().await.map_err(|_| Refusal::Disk)?;
    Ok(stored)
}

/// A file that lies on disk until this is dropped, and its share of [`ALL_LIMIT`].
#[derive(Debug)]
struct Stored {
    path: TempPath,
    size: u64,
    all: Arc<AtomicU64>,
}

impl Stored {
    fn grow(&mut self, by: u64, limit: u64) -> Result<(), Refusal> {
        self.size += by;
        let all = self.all.fetch_add(by, Ordering::Relaxed) + by;
        if self.size > limit {
            return Err(Refusal::TooLarge);
        }
        if all > ALL_LIMIT { Err(Refusal::Full) } else { Ok(()) }
    }

    /// It was sent: the chat has its own copy now, and its share stays taken.
    fn count(mut self) {
        self.size = 0;
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        self.all.fetch_sub(self.size, Ordering::Relaxed);
    }
}

/// What the script says about a file.
struct About {
    language: &'static str,
    name: String,
    mime: Option<String>,
    caption: Option<String>,
    as_file: bool,
}

impl About {
    fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        let about = headers.get(ABOUT).ok_or(Refusal::Wrong)?;
        let (mut language, mut name, mut mime, mut caption, mut as_file) = (None, None, None, None, false);
        for (key, value) in url::form_urlencoded::parse(about.as_bytes()) {
            match &*key {
                "language" => language = Some(known(&value)?),
                "name" => name = Some(plain_name(&value)),
                "mime" => mime = value.parse::<mime::Mime>().ok().map(|mime| mime.essence_str().to_owned()),
                "caption" => caption = Some(value.trim().to_owned()).filter(|caption| !caption.is_empty()),
                "as_file" => as_file = value == "true",
                _ => {}
            }
        }
        if caption.as_ref().is_some_and(|caption| caption.encode_utf16().count() > CAPTION_LIMIT) {
            return Err(Refusal::TooLong);
        }
        let name = name.unwrap_or_else(|| plain_name(""));
        Ok(Self { language: language.ok_or(Refusal::Wrong)?, name, mime, caption, as_file })
    }
}

/// The name without folders and control characters, not too long; the end stays, for its extension.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: Vec<char> = last.chars().filter(|letter| !letter.is_control()).collect();
    let plain: String = plain.iter().skip(plain.len().saturating_sub(NAME_LIMIT)).collect();
    if plain.trim_matches('.').trim().is_empty() { "file".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_grows_too_large_or_breaks_off_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let all = Arc::new(AtomicU64::new(7));
        let chunks = || [Ok(Bytes::from_static(b"12345")), Ok(Bytes::from_static(b"67890"))];

        let stored = store(folder.path(), &all, stream::iter(chunks()), 10).await.unwrap();
        assert_eq!(std::fs::read(&stored.path).unwrap(), b"1234567890");
        assert_eq!((stored.size, all.load(Ordering::Relaxed)), (10, 17));
        stored.count();
        assert_eq!(all.load(Ordering::Relaxed), 17, "what was sent counts on");

        let large = store(folder.path(), &all, stream::iter(chunks()), 9).await;
        assert_eq!(large.unwrap_err(), Refusal::TooLarge);
        let broken = stream::iter(chunks()).chain(stream::iter([Err(Refusal::BrokenOff)]));
        assert_eq!(store(folder.path(), &all, broken, 100).await.unwrap_err(), Refusal::BrokenOff);
        all.store(ALL_LIMIT - 9, Ordering::Relaxed);
        let full = store(folder.path(), &all, stream::iter(chunks()), 10).await;
        assert_eq!(full.unwrap_err(), Refusal::Full);

        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(all.load(Ordering::Relaxed), ALL_LIMIT - 9);
    }

    #[test]
    fn a_name_has_no_folders_and_keeps_its_end() {
        assert_eq!(plain_name("C:\\clips\\a.mp4"), "a.mp4");
        assert_eq!(plain_name("../../.."), "file");
        assert_eq!(plain_name("a\u{0}\nb.mov"), "ab.mov");
        let long = plain_name(&format!("{}.mp4", "长".repeat(300)));
        assert!(long.ends_with("长.mp4") && long.chars().count() == NAME_LIMIT);
    }
}
