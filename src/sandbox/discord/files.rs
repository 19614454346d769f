//! Files: stored on disk, described as attachments, named by addresses that are signed and expire.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::Shared;
use super::shown::ShownFile;

/// Keeps signatures of one run apart from those of another kind of server; not secret.
const SEAL: &str = "sandbox";

/// A file that a person sends.
#[derive(Clone, Debug)]
pub struct UserFile {
    /// Its name on their device.
    pub name: String,
    /// Its media type; `None`: what the name says.
    pub mime: Option<String>,
    /// Its bytes.
    pub source: FileSource,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub enum FileSource {
    /// Here.
    Bytes(Bytes),
    /// On disk; copied, never held in memory.
    Path(PathBuf),
    /// These bytes, and then nothing but zeros up to this size, which take no room on the disk.
    Sparse(Bytes, u64),
}

/// A stored file.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) id: u64,
    pub(super) path: PathBuf,
    pub(super) size: u64,
    pub(super) name: String,
    pub(super) mime: String,
    pub(super) description: Option<String>,
    /// The channel in its address.
    pub(super) channel: u64,
    /// Seen by one person only; its address cannot be renewed.
    pub(super) ephemeral: bool,
}

impl Stored {
    /// The path of its address.
    pub(super) fn web_path(&self) -> String {
        let folder = if self.ephemeral { "ephemeral-attachments" } else { "attachments" };
        format!("/{folder}/{}/{}/{}", self.channel, self.id, self.web_name())
    }

    /// Discord keeps letters, digits and a few marks of a name.
    fn web_name(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
        self.name.chars().map(plain).collect()
    }

    pub(super) fn shown(&self) -> ShownFile {
        ShownFile {
            id: self.id,
            name: self.name.clone(),
            mime: self.mime.clone(),
            size: self.size,
            alt: self.description.clone(),
        }
    }
}

/// All files of a run.
#[derive(Debug, Default)]
pub(super) struct Files(BTreeMap<u64, Stored>);

impl Files {
    pub(super) fn get(&self, id: u64) -> Option<&Stored> {
        self.0.get(&id)
    }

    pub(super) fn keep(&mut self, file: Stored) {
        self.0.insert(file.id, file);
    }

    /// The file at the path of an address.
    pub(super) fn at(&self, path: &str) -> Option<&Stored> {
        let id = path.split('/').nth(3)?.parse().ok()?;
        self.get(id).filter(|file| file.web_path() == path)
    }

    pub(super) fn forget(&mut self, id: u64) {
        self.0.remove(&id);
    }
}

impl Shared {
    /// An attachment as Discord describes it, with an address that works from now on for its time.
    pub(super) fn attachment(&self, file: &Stored) -> Value {
        let address = self.address_of(file);
        let mut wire = json!({
            "id": file.id.to_string(),
            "filename": file.web_name(),
            "size": file.size,
            "url": address,
            "proxy_url": address,
        });
        if !self.settings.behaviour.novelties {
            wire["content_type"] = json!(file.mime);
        }
        if file.web_name() != file.name {
            wire["title"] = json!(Path::new(&file.name).file_stem().and_then(|stem| stem.to_str()));
        }
        if let Some(description) = &file.description {
            wire["description"] = json!(description);
        }
        if file.ephemeral {
            wire["ephemeral"] = json!(true);
        }
        wire
    }

    /// A signed address.
    pub(super) fn address_of(&self, file: &Stored) -> String {
        let now = self.clock.now().as_millis() / 1000;
        let life = self.cdn_life().as_secs();
        let (expires, issued) = (format!("{:x}", now + life), format!("{now:x}"));
        let path = file.web_path();
        let seal = seal(&path, &expires, &issued);
        format!("{}{path}?ex={expires}&is={issued}&hm={seal}&", self.url())
    }

    /// Whether an address is signed and not yet expired.
    pub(super) fn is_open(&self, path: &str, query: &BTreeMap<String, String>) -> bool {
        let part = |name| query.get(name).map(String::as_str).unwrap_or_default();
        let expires = u64::from_str_radix(part("ex"), 16).unwrap_or_default();
        seal(path, part("ex"), part("is")) == part("hm") && expires > self.clock.now().as_millis() / 1000
    }

    /// Takes what a person sends; without an id until it is posted.
    pub(super) async fn take_in(&self, file: UserFile) -> io::Result<Stored> {
        let path = self.new_path();
        match &file.source {
            FileSource::Bytes(bytes) => tokio::fs::write(&path, bytes).await?,
            FileSource::Path(source) => drop(tokio::fs::copy(source, &path).await?),
            FileSource::Sparse(start, size) => {
                let mut sparse = tokio::fs::File::create(&path).await?;
                sparse.write_all(start).await?;
                sparse.flush().await?;
                sparse.set_len(*size).await?;
            }
        }
        let size = tokio::fs::metadata(&path).await?.len();
        if size > self.settings.sizes.user_upload {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "nobody may send a file of this size"));
        }
        let mime = file.mime.unwrap_or_else(|| media_type(&file.name).to_owned());
        let (id, channel, description, ephemeral) = (0, 0, None, false);
        Ok(Stored { id, path, size, name: file.name, mime, description, channel, ephemeral })
    }
}

fn seal(path: &str, expires: &str, issued: &str) -> String {
    let digest = Sha256::digest(format!("{SEAL} {path} {expires} {issued}"));
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
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
    (".txt", "text/plain; charset=utf-8"),
    (".md", "text/markdown; charset=utf-8"),
];

pub(super) fn media_type(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let named = TYPES.iter().find(|(ending, _)| name.ends_with(ending));
    named.map_or("application/octet-stream", |(_, mime)| *mime)
}
