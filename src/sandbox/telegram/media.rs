//! Files: stored on disk, named by `file_id`, described with fields left out as Telegram leaves them out.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use futures::StreamExt;
use serde_json::{Map, Value, json};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::call::Call;
use super::image;
use super::mp4::{self, Picture};
use super::refusal::Refusal;
use super::shown::ShownFile;
use super::{Shared, State};

/// How a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A clip that plays in the chat.
    Video,
    /// Any file, clips "sent as file" included.
    Document,
    /// A clip without sound that loops.
    Animation,
    /// A round clip.
    VideoNote,
    /// A picture, recompressed by Telegram.
    Photo,
    /// Music.
    Audio,
}

impl FileKind {
    /// The field of a message, which is also the parameter of its method.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Document => "document",
            Self::Animation => "animation",
            Self::VideoNote => "video_note",
            Self::Photo => "photo",
            Self::Audio => "audio",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Video => "videos",
            Self::Document => "documents",
            Self::Animation => "animations",
            Self::VideoNote => "video_notes",
            Self::Photo => "photos",
            Self::Audio => "music",
        }
    }
}

/// A stored file.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) id: String,
    pub(super) path: PathBuf,
    pub(super) size: u64,
    /// What the bot is told instead of the true size.
    pub(super) claimed: Option<u64>,
    /// Where a local Bot API server says it lies, instead of the truth.
    pub(super) told_path: Option<String>,
    pub(super) name: Option<String>,
    pub(super) mime: String,
    pub(super) kind: FileKind,
    pub(super) picture: Picture,
    pub(super) tells_mime: bool,
    pub(super) tells_name: bool,
    pub(super) tells_size: bool,
}

impl Stored {
    fn unique_id(&self) -> String {
        format!("AgAD{}", self.id.get(self.id.len().saturating_sub(8)..).unwrap_or_default())
    }

    /// The size as Telegram knows it.
    pub(super) fn known_size(&self) -> u64 {
        self.claimed.unwrap_or(self.size)
    }

    /// The fields of a message that describe the file.
    pub(super) fn wire(&self) -> Map<String, Value> {
        let mut file = json!({ "file_id": self.id, "file_unique_id": self.unique_id() });
        let Picture { width, height, duration } = self.picture;
        match self.kind {
            FileKind::Video | FileKind::Animation => {
                file["width"] = json!(width);
                file["height"] = json!(height);
                file["duration"] = json!(duration);
            }
            FileKind::VideoNote => {
                file["length"] = json!(width.min(height));
                file["duration"] = json!(duration);
            }
            FileKind::Audio => file["duration"] = json!(duration),
            FileKind::Photo => {
                file["width"] = json!(width);
                file["height"] = json!(height);
            }
            FileKind::Document => {}
        }
        let described = !matches!(self.kind, FileKind::VideoNote | FileKind::Photo);
        if let Some(name) = self.name.as_ref().filter(|_| described && self.tells_name) {
            file["file_name"] = json!(name);
        }
        if described && self.tells_mime {
            file["mime_type"] = json!(self.mime);
        }
        if self.tells_size {
            file["file_size"] = json!(self.known_size());
        }
        let mut wire = Map::new();
        match self.kind {
            FileKind::Photo => wire.insert("photo".to_owned(), json!([file])),
            // Telegram sets both "for backward compatibility".
            FileKind::Animation => {
                let mut document = file.clone();
                for field in ["width", "height", "duration"] {
                    document.as_object_mut().map(|document| document.remove(field));
                }
                wire.insert("animation".to_owned(), file);
                wire.insert("document".to_owned(), document)
            }
            kind => wire.insert(kind.field().to_owned(), file),
        };
        wire
    }

    pub(super) fn shown(&self) -> ShownFile {
        let Picture { width, height, duration } = self.picture;
        let known = |value: u64| Some(value).filter(|value| *value > 0);
        ShownFile {
            id: self.id.clone(),
            kind: self.kind.field(),
            name: self.name.clone().unwrap_or_else(|| format!("{}{}", self.kind.field(), extension(&self.mime))),
            mime: self.mime.clone(),
            size: self.size,
            width: known(width),
            height: known(height),
            duration: known(duration),
        }
    }
}

/// All files of a run.
#[derive(Debug, Default)]
pub(super) struct Files {
    by_id: HashMap<String, Stored>,
    by_path: HashMap<String, String>,
    clips: u64,
}

impl Files {
    pub(super) fn get(&self, id: &str) -> Option<&Stored> {
        self.by_id.get(id)
    }

    /// Keeps a file under a new id.
    pub(super) fn keep(&mut self, mut file: Stored) -> Stored {
        // A plausible id: opaque, with characters of base64url, different for each file.
        file.id = format!("BAACAgIAAxkBAAI{:08x}", self.by_id.len() + 0x1c_0de1);
        self.by_id.insert(file.id.clone(), file.clone());
        file
    }

    /// Whether the next clip of a person names its media type: every second does not.
    pub(super) fn next_clip_tells_mime(&mut self) -> bool {
        self.clips += 1;
        self.clips % 2 == 1
    }

    fn open_path(&mut self, id: &str) -> Option<String> {
        let file = self.by_id.get(id)?;
        let known = self.by_path.iter().find(|(_, known)| *known == id).map(|(path, _)| path.clone());
        Some(known.unwrap_or_else(|| {
            let own = file.name.as_deref().and_then(|name| Path::new(name).extension()?.to_str()).map(str::to_owned);
            let ending = own.map_or_else(|| extension(&file.mime).to_owned(), |own| format!(".{own}"));
            let path = format!("{}/file_{}{ending}", file.kind.folder(), self.by_path.len());
            self.by_path.insert(path.clone(), id.to_owned());
            path
        }))
    }

    /// The file behind a path that `getFile` gave.
    pub(super) fn at_path(&self, path: &str) -> Option<&Stored> {
        self.get(self.by_path.get(path)?)
    }
}

impl Shared {
    /// `getFile`.
    pub(super) fn get_file(&self, call: &Call) -> Result<Value, Refusal> {
        let id = call.text("file_id").unwrap_or_default();
        let mut state = self.state();
        let Some(file) = state.files.get(id).cloned() else {
            return Err(Refusal::bad("invalid file_id"));
        };
        if !self.settings.local && file.known_size() > self.settings.sizes.download {
            return Err(Refusal::bad("file is too big"));
        }
        let path = match &file.told_path {
            _ if !self.settings.local => state.files.open_path(id),
            Some(told) => Some(told.clone()),
            None => Some(file.path.display().to_string()),
        };
        Ok(json!({
            "file_id": id,
            "file_unique_id": file.unique_id(),
            "file_size": file.known_size(),
            "file_path": path,
        }))
    }

    /// The file that a call sends: a part, an address, or a file that Telegram has. Not yet kept, unless it was.
    pub(super) async fn take_file(&self, call: &Call, kind: FileKind) -> Result<Stored, Refusal> {
        let parameter = kind.field();
        let named = call.text(parameter).unwrap_or_default();
        let part = match named.strip_prefix("attach://") {
            Some(part) => call.parts.get(part),
            None => call.parts.get(parameter),
        };
        if let Some(part) = part {
            if part.size == 0 {
                return Err(Refusal::bad("file must be non-empty"));
            }
            let mime = part.mime.clone().filter(|mime| mime != "application/octet-stream");
            return self.store(&part.path, part.name.clone(), mime, kind).await.map_err(internal);
        }
        if named.starts_with("http://") || named.starts_with("https://") {
            return self.fetch(named, kind).await;
        }
        match self.state().files.get(named) {
            Some(file) if file.kind == kind => Ok(file.clone()),
            Some(file) => Err(Refusal::bad(format!("can't use file of type {:?} as {kind:?}", file.kind))),
            None => Err(Refusal::bad("wrong file identifier/HTTP URL specified")),
        }
    }

    /// Fetches a file from an address, as Telegram's servers do.
    async fn fetch(&self, address: &str, kind: FileKind) -> Result<Stored, Refusal> {
        let failed = || Refusal::bad("failed to get HTTP URL content");
        let answer = self.web.get(address).send().await.ok().filter(|answer| answer.status().is_success());
        let answer = answer.ok_or_else(failed)?;
        let content = answer.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let content = content.split(';').next().unwrap_or_default().trim().to_owned();
        let fits = match kind {
            FileKind::Video | FileKind::Animation => content.starts_with("video/"),
            FileKind::Photo => content.starts_with("image/"),
            _ => true,
        };
        if !fits && content != "application/octet-stream" {
            return Err(Refusal::bad("wrong type of the web page content"));
        }
        let sizes = &self.settings.sizes;
        let limit = if kind == FileKind::Photo { sizes.photo_by_url } else { sizes.by_url };
        let name = answer.url().path_segments().and_then(|mut path| path.next_back()).map(str::to_owned);
        let path = self.new_path();
        let mut file = File::create(&path).await.map_err(internal)?;
        let mut size = 0;
        let mut body = answer.bytes_stream();
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| failed())?;
            size += chunk.len() as u64;
            if size > limit {
                return Err(failed());
            }
            file.write_all(&chunk).await.map_err(internal)?;
        }
        file.flush().await.map_err(internal)?;
        let mime = Some(content).filter(|content| content != "application/octet-stream");
        self.store(&path, name.filter(|name| !name.is_empty()), mime, kind).await.map_err(internal)
    }

    /// Describes a file that lies in the emulator's directory.
    pub(super) async fn store(
        &self,
        path: &Path,
        name: Option<String>,
        mime: Option<String>,
        kind: FileKind,
    ) -> io::Result<Stored> {
        let size = tokio::fs::metadata(path).await?.len();
        let source = path.to_owned();
        let read = tokio::task::spawn_blocking(move || {
            let mut file = std::fs::File::open(source)?;
            if kind == FileKind::Photo { image::read(&mut file) } else { mp4::read(&mut file) }
        });
        let picture = read.await.map_err(io::Error::other)??;
        let mime = mime.unwrap_or_else(|| media_type(name.as_deref().unwrap_or_default(), kind).to_owned());
        Ok(Stored {
            id: String::new(),
            path: path.to_owned(),
            size,
            claimed: None,
            told_path: None,
            name,
            mime,
            kind,
            picture: picture.unwrap_or_default(),
            tells_mime: true,
            tells_name: true,
            tells_size: true,
        })
    }
}

impl State {
    /// Gives a file an id unless it has one.
    pub(super) fn keep_file(&mut self, file: Stored) -> Stored {
        if file.id.is_empty() { self.files.keep(file) } else { file }
    }
}

fn internal(_: io::Error) -> Refusal {
    Refusal::new(500, "Internal Server Error")
}

const TYPES: &[(&str, &str)] = &[
    (".mp4", "video/mp4"),
    (".mov", "video/quicktime"),
    (".mkv", "video/x-matroska"),
    (".webm", "video/webm"),
    (".gif", "image/gif"),
    (".png", "image/png"),
    (".jpg", "image/jpeg"),
    (".jpeg", "image/jpeg"),
    (".webp", "image/webp"),
    (".m4a", "audio/mp4"),
    (".mp3", "audio/mpeg"),
    (".wav", "audio/x-wav"),
    (".pdf", "application/pdf"),
    (".txt", "text/plain"),
    (".srt", "application/x-subrip"),
    (".md", "text/markdown"),
    (".json", "application/json"),
    (".zip", "application/zip"),
];

fn media_type(name: &str, kind: FileKind) -> &'static str {
    let name = name.to_ascii_lowercase();
    let named = TYPES.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, mime)| *mime);
    named.unwrap_or(match kind {
        FileKind::Video | FileKind::Animation | FileKind::VideoNote => "video/mp4",
        FileKind::Photo => "image/jpeg",
        FileKind::Audio => "audio/mpeg",
        FileKind::Document => "application/octet-stream",
    })
}

fn extension(mime: &str) -> &'static str {
    TYPES.iter().find(|(_, known)| *known == mime).map_or("", |(ending, _)| ending)
}
