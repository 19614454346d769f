//! What the bot says, free of platform types.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use url::Url;

use super::choice::Choice;
use super::rich::RichText;
use super::surface::{MediaStream, SurfaceError};

/// One message of ours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Its text.
    pub text: RichText,
    /// Its buttons, in reading order; the surface arranges them in rows.
    pub buttons: Vec<Button>,
    /// Its files.
    pub files: Vec<OutFile>,
    /// Who may read it, where the platform can tell people apart.
    pub audience: Audience,
    /// Whether it arrives without a sound. Progress is silent; results ring.
    pub quiet: bool,
    /// Whether a link in it may unfold into a preview. Off while streaming, since a preview is fetched each time.
    pub preview: bool,
}

impl Reply {
    /// A plain reply that rings.
    pub fn new(text: RichText) -> Self {
        Self { text, ..Self::default() }
    }

    /// The same with buttons.
    #[must_use]
    pub fn with_buttons(mut self, buttons: Vec<Button>) -> Self {
        self.buttons = buttons;
        self
    }

    /// The same without a sound.
    #[must_use]
    pub fn quietly(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// The same for the asker's eyes only, where the platform can.
    #[must_use]
    pub fn for_asker(mut self) -> Self {
        self.audience = Audience::Asker;
        self
    }
}

/// Who may read a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// All who are in the place.
    #[default]
    Everyone,
    /// The person who asked, where the platform can hide it from the others.
    Asker,
    /// All who are in the place, also where the asker alone reads what comes: he or she wants it so.
    Shared,
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Its words; at most 24 characters, so that two fit on a phone's row.
    pub label: String,
    /// What it does.
    pub does: ButtonAction,
    /// How it looks, where the platform has looks.
    pub style: ButtonStyle,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ButtonAction {
    /// Comes back to us.
    Press(Choice),
    /// Opens an address.
    Open(Url),
    /// Puts a text on the clipboard; 1 to 256 characters on Telegram.
    Copy(String),
}

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ButtonStyle {
    /// Like any other.
    #[default]
    Plain,
    /// The likely next step.
    Primary,
    /// Stops or deletes something.
    Danger,
}

/// A text of ours or the agent's as a file to read.
pub fn text_file(text: &str) -> OutFile {
    OutFile {
        name: "reply.md".to_owned(),
        mime: "text/markdown".to_owned(),
        size: Some(text.len() as u64),
        source: FileSource::Bytes(Bytes::copy_from_slice(text.as_bytes())),
        resolution: None,
        duration: None,
        alt: None,
    }
}

/// A file that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// Where its bytes are.
    pub source: FileSource,
    /// Its size in bytes, if known.
    pub size: Option<u64>,
    /// Its picture size in pixels, if known.
    pub resolution: Option<(u64, u64)>,
    /// Its playing time, if known.
    pub duration: Option<Duration>,
    /// What a picture shows, for those who do not see it: its description where the platform has such a thing, else its
    /// caption where the reply has no words of its own.
    pub alt: Option<String>,
}

/// Where the bytes of a file are.
#[derive(Clone)]
pub enum FileSource {
    /// At this address: fetched by the platform or streamed by the surface, never held whole.
    Link(Url),
    /// Only the core can open it: piece by piece through the surface, never held whole.
    Opens(Arc<dyn Opens>),
    /// Here. Only for what is small and made by us; the caller bounds it.
    Bytes(Bytes),
}

/// A file that is not to be had by its address alone.
#[async_trait]
pub trait Opens: fmt::Debug + Send + Sync {
    /// Opens it for one pass over its bytes. Each call begins anew.
    async fn open(&self) -> Result<MediaStream, SurfaceError>;
}

/// Two that are opened are the same only if they are one.
impl PartialEq for FileSource {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Link(one), Self::Link(other)) => one == other,
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Opens(one), Self::Opens(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Eq for FileSource {}

/// Shows no content.
impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(_) => f.write_str("Link"),
            Self::Opens(_) => f.write_str("Opens"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}
