//! Files of the person on their way to the chat: written to disk as they come, never whole in memory.

use std::path::{Path, PathBuf};
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
/// All files of one run together, in bytes: a try-out must not fill the disk.
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
    let (path, size) = store(page.uploads.path(), &page.uploaded, bytes, FILE_LIMIT).await?;
    let file =
        SentFile { path, name: about.name, mime: about.mime, size, caption: about.caption, as_file: about.as_file };
    let message_id = page.views.chat.sends_file(about.language, file).await.map_err(|_| Refusal::Disk)?;
    Ok(Json(json!({ "message_id": message_id })))
}

/// Writes to disk what comes. If it breaks off, or this future is dropped, nothing stays.
async fn store(
    folder: &Path,
    all: &Arc<AtomicU64>,
    mut bytes: impl Stream<Item = Result<Bytes, Refusal>> + Send + Unpin,
    limit: u64,
) -> Result<(PathBuf, u64), Refusal> {
    let (file, path) = tempfile::NamedTempFile::new_in(folder).map_err(|_| Refusal::Disk)?.into_parts();
    let mut kept = Kept { path: Some(path), size: 0, all: all.clone() };
    let mut file = File::from_std(file);
    loop {
        let chunk = match tokio::time::timeout(CHUNK_PATIENCE, bytes.next()).await {
            Ok(Some(chunk)) => chunk?,
            Ok(None) => break,
            Err(_) => return Err(Refusal::BrokenOff),
        };
        kept.grow(chunk.len() as u64, limit)?;
        file.write_all(&chunk).await.map_err(|_| Refusal::Disk)?;
    }
    if kept.size == 0 {
        return Err(Refusal::Empty);
    }
    file.flush().await.map_err(|_| Refusal::Disk)?;
    kept.keep()
}

/// A file that is being written, and its share of what may lie on disk.
struct Kept {
    path: Option<TempPath>,
    size: u64,
    all: Arc<AtomicU64>,
}

impl Kept {
    fn grow(&mut self, by: u64, limit: u64) -> Result<(), Refusal> {
        self.size += by;
        let all = self.all.fetch_add(by, Ordering::Relaxed) + by;
        match () {
            () if self.size > limit => Err(Refusal::TooLarge),
            () if all > ALL_LIMIT => Err(Refusal::Full),
            () => Ok(()),
        }
    }

    fn keep(mut self) -> Result<(PathBuf, u64), Refusal> {
        let path = self.path.take().ok_or(Refusal::Disk)?;
        let path = path.keep().map_err(|_| Refusal::Disk)?;
        let size = std::mem::take(&mut self.size);
        Ok((path, size))
    }
}

impl Drop for Kept {
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

        let (path, size) = store(folder.path(), &all, stream::iter(chunks()), 10).await.unwrap();
        assert_eq!((std::fs::read(&path).unwrap().as_slice(), size), (b"1234567890".as_slice(), 10));
        assert_eq!(all.load(Ordering::Relaxed), 17);

        let large = store(folder.path(), &all, stream::iter(chunks()), 9).await;
        assert_eq!(large.unwrap_err(), Refusal::TooLarge);
        let broken = stream::iter(chunks()).chain(stream::iter([Err(Refusal::BrokenOff)]));
        assert_eq!(store(folder.path(), &all, broken, 100).await.unwrap_err(), Refusal::BrokenOff);
        all.store(ALL_LIMIT - 9, Ordering::Relaxed);
        let full = store(folder.path(), &all, stream::iter(chunks()), 10).await;
        assert_eq!(full.unwrap_err(), Refusal::Full);

        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "only the whole one stays");
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
