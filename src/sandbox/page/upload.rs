//! Files of the person on their way to a chat: written to disk as they come, never whole in memory.
//!
//! Telegram gets each as it comes. For Discord they wait here until the message is sent that holds them all, as there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
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

use super::{Page, Refusal, SentFile, StagedFile, known};

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
/// Files that wait for their message at the same time: those of four full ones.
const STAGED: usize = 40;

/// Where the script puts what it says about the file, form-encoded: `language`, `name`, `mime`, `caption`, `as_file`.
/// A header and not the address, since addresses end in logs.
const ABOUT: &str = "x-file";

/// For newcomers without a clip at hand.
const SAMPLE: &[u8] = include_bytes!("../data/landscape.mp4");

/// Takes a file and sends it into the chat on Telegram.
pub(super) async fn receive(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Refusal> {
    let about = About::read(&headers)?;
    deliver(&page, about, sized(&headers, body)?).await
}

/// Takes a file for Discord, and says under which number it waits.
pub(super) async fn stage(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Refusal> {
    let about = About::read(&headers)?;
    put_by(&page, about, sized(&headers, body)?).await
}

/// The same with the sample clip.
pub(super) async fn stage_sample(State(page): State<Arc<Page>>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    put_by(&page, About::read(&headers)?.of_sample(), sample_bytes()).await
}

/// The body, unless it announces more than there may be.
fn sized(
    headers: &HeaderMap,
    body: Body,
) -> Result<impl Stream<Item = Result<Bytes, Refusal>> + Send + Unpin + use<>, Refusal> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > FILE_LIMIT) {
        return Err(Refusal::TooLarge);
    }
    Ok(body.into_data_stream().map(|chunk| chunk.map_err(|_| Refusal::BrokenOff)))
}

/// Sends the sample clip into the chat on Telegram, as if the person had picked it.
pub(super) async fn sample(State(page): State<Arc<Page>>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    deliver(&page, About::read(&headers)?.of_sample(), sample_bytes()).await
}

fn sample_bytes() -> impl Stream<Item = Result<Bytes, Refusal>> + Send + Unpin {
    stream::iter([Ok(Bytes::from_static(SAMPLE))])
}

async fn put_by(
    page: &Page,
    about: About,
    bytes: impl Stream<Item = Result<Bytes, Refusal>> + Send + Unpin,
) -> Result<Json<Value>, Refusal> {
    let stored = store(page.uploads.path(), &page.uploaded, bytes, FILE_LIMIT).await?;
    let number = page.staged.put(Staged { stored, name: about.name, mime: about.mime });
    Ok(Json(json!({ "file": number })))
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

/// Files that wait for the message that they go with.
#[derive(Debug, Default)]
pub(super) struct Stage {
    files: Mutex<BTreeMap<u64, Staged>>,
    numbers: AtomicU64,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Staged {
    stored: Stored,
    name: String,
    mime: Option<String>,
}

impl Stage {
    fn put(&self, file: Staged) -> u64 {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(number, file);
        // Nobody came for the oldest.
        if files.len() > STAGED {
            files.pop_first();
        }
        number
    }

    /// Takes these away, all or none.
    pub(super) fn take(&self, numbers: &[u64]) -> Result<Vec<Staged>, Refusal> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if !numbers.iter().all(|number| files.contains_key(number)) {
            return Err(Refusal::Gone);
        }
        Ok(numbers.iter().filter_map(|number| files.remove(number)).collect())
    }
}

impl Staged {
    pub(super) fn seen(&self) -> StagedFile {
        StagedFile { path: self.stored.path.to_path_buf(), name: self.name.clone(), mime: self.mime.clone() }
    }

    /// It was sent.
    pub(super) fn count(self) {
        self.stored.count();
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
    fn of_sample(self) -> Self {
        Self { name: "sample.mp4".to_owned(), mime: Some("video/mp4".to_owned()), ..self }
    }

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
