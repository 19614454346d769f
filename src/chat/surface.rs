//! What the core may ask of an adapter.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt};
use serde::{Deserialize, Serialize};
use url::Url;

use super::id::{Back, ConversationId, MessageId, PlaceId, PreviewId};
use super::inbound::MediaRef;
use super::permission::Permission;
use super::reply::{Button, Reply};
use super::rich::TextLimit;

/// A message tells this long before the way to it ends how to get what comes later.
pub const PARTING: Duration = Duration::from_mins(2);

/// An adapter's outbound side. Every call may be slow and may be cut by dropping its future.
#[async_trait]
pub trait Surface: fmt::Debug + Send + Sync {
    /// What this place can do. Cheap: asked before each message.
    fn capabilities(&self, place: &PlaceId) -> Capabilities;

    /// Sends a new message. A text over the limit is the caller's mistake and is refused as `TooLarge`.
    async fn post(&self, to: &Target, reply: &Reply, key: DeliveryKey) -> Result<MessageId, SurfaceError>;

    /// Rewrites a message of ours. Rewriting it into what it already is counts as success.
    async fn edit(&self, to: &Target, message: &MessageId, reply: &Reply) -> Result<(), SurfaceError>;

    /// Leaves a message of ours these buttons and no others; its text stays. Leaving it those that it has counts as
    /// success.
    async fn rebutton(&self, to: &Target, message: &MessageId, buttons: &[Button]) -> Result<(), SurfaceError>;

    /// How often a preview has to be shown again so that it stays, where this place shows text that still grows as
    /// one; `None` where text grows by edits of a message. Cheap.
    fn previews(&self, _place: &PlaceId) -> Option<Duration> {
        None
    }

    /// Shows a text that is not a message yet: it has no [`MessageId`], ends by itself, and any message of ours takes
    /// it away. The same `id` again replaces it. Of the buttons only Stop can show, as the platform's own; a press of
    /// it comes as [`Stopped`](super::inbound::InboundKind::Stopped). A definite error says that this place, or this
    /// platform, shows no previews.
    async fn preview(&self, _to: &Target, _id: PreviewId, _reply: &Reply) -> Result<(), SurfaceError> {
        Err(SurfaceError::Refused("there are no previews".to_owned()))
    }

    /// Takes a message of ours away. One that is gone counts as success.
    async fn remove(&self, to: &Target, message: &MessageId) -> Result<(), SurfaceError>;

    /// Shows a sign of life. Losing it loses nothing.
    async fn signal(&self, to: &Target, signal: Signal) -> Result<(), SurfaceError>;

    /// Opens a held attachment for one pass over its bytes.
    async fn open(&self, media: &MediaRef) -> Result<MediaStream, SurfaceError>;

    /// The address of a held attachment, where it may be passed on to be fetched instead of opened here: a secret for as
    /// long as it works. `None`: open it.
    async fn address(&self, media: &MediaRef) -> Option<Url> {
        let _ = media;
        None
    }

    /// Opens a place for one project, under a message where there is one. Asked again for the same message it gives the
    /// same place. `Forbidden`: the permission for it is missing.
    async fn open_thread(&self, to: &Target, under: Option<&MessageId>, title: &str) -> Result<PlaceId, SurfaceError> {
        let _ = (to, under, title);
        Err(SurfaceError::Refused("there are no threads".to_owned()))
    }

    /// What the bot needs here and may not do, as far as the platform has told by now; nothing where nobody could be told
    /// of it. Cheap.
    fn missing(&self, to: &Target) -> Vec<Permission> {
        let _ = to;
        Vec::new()
    }

    /// How long the way to this target still leads there; `None`: for good. Zero: it is over, and what is to be shown
    /// waits until the person does something that brings another way. Cheap: asked before each message.
    fn reaches(&self, to: &Target) -> Option<Duration> {
        let _ = to;
        None
    }

    /// Takes away the sign that what this target asked for is being answered, where the platform shows one until something
    /// is posted: what came of it shows elsewhere. Its loss costs nothing.
    async fn heard(&self, to: &Target) {
        let _ = to;
    }

    /// An address that opens a private chat with the bot, if the platform has such and it is known now. `start` (letters
    /// and digits, at most 64) comes back as the argument of `/start`.
    async fn private_chat(&self, start: &str) -> Option<Url> {
        let _ = start;
        None
    }
}

/// Where a reply goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// To whom, where.
    pub conversation: ConversationId,
    /// The adapter's way back, if it gave one.
    pub back: Option<Back>,
    /// The thread of the project, where it has one: what is said to everybody goes there.
    #[serde(default)]
    pub thread: Option<PlaceId>,
}

/// Names one delivery, so that a platform that can tell does not post it twice. At most 25 characters, as Discord's
/// nonce is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeliveryKey(String);

impl DeliveryKey {
    /// A key that nobody used before.
    pub fn random() -> Self {
        Self(format!("{:022x}", rand::random::<u128>() >> 40))
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a place can do, as data with units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The longest text of one message.
    pub text_limit: TextLimit,
    /// The longest text of a message that brings a file.
    pub caption_limit: TextLimit,
    /// The smallest gap between two edits in this place.
    pub edit_interval: Duration,
    /// The largest attachment that the surface can open, in bytes.
    pub open_limit: u64,
    /// The largest file that the surface can send, in bytes.
    pub file_limit: u64,
    /// The most files of one message.
    pub files: usize,
    /// Whether others can read what is said here.
    pub shared: bool,
    /// The most messages of one reply; what is longer ends with a file that holds all of it.
    pub messages: Option<usize>,
    /// Whether a project can have a place of its own here ([`Surface::open_thread`]).
    pub threads: bool,
    /// Whether a button can put a text on the clipboard.
    pub copies: bool,
}

/// A sign of life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// "typing…"; lasts a few seconds, so it is repeated.
    Typing,
    /// "sending a video…"; likewise.
    SendingVideo,
    /// The message was seen.
    Seen(MessageId),
    /// What the message asked for is done, well or not.
    Done(MessageId, bool),
}

/// The bytes of an attachment, to be read once.
pub struct MediaStream {
    /// Their number. `None` where the source does not tell, and then the file is not relayed.
    pub length: Option<u64>,
    /// The bytes, in chunks of the source's choosing.
    pub bytes: BoxStream<'static, Result<Bytes, SurfaceError>>,
}

impl fmt::Debug for MediaStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaStream").field("length", &self.length).finish_non_exhaustive()
    }
}

/// The bytes of a file, in pieces.
pub type Pieces = BoxStream<'static, Result<Bytes, SurfaceError>>;

/// Passes pieces on as long as they add up: a stream that is not exactly this long ends in an error.
pub fn exactly(length: u64, pieces: Pieces) -> Pieces {
    let state = Some((pieces, length));
    futures::stream::unfold(state, |state| async {
        let (mut pieces, left) = state?;
        let wrong = |what: &'static str| Some((Err(SurfaceError::Unavailable(what.into())), None));
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

/// Anything that went wrong further down, without addresses in it.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Why a platform did not do what it was asked. Each variant is a decision.
#[derive(Debug, thiserror::Error)]
pub enum SurfaceError {
    /// Wait in full, then try again.
    #[error("the platform asks to wait {retry_after:?}")]
    RateLimited {
        /// How long.
        retry_after: Duration,
    },
    /// The message, chat or file is gone. Do not try again.
    #[error("it is gone")]
    Gone,
    /// The bot may not. Do not try again; say which permission.
    #[error("not allowed")]
    Forbidden,
    /// Too large for this platform. Take the next smaller form.
    #[error("too large for the platform")]
    TooLarge,
    /// Refused for what it says. The same bytes will be refused again.
    #[error("refused: {0}")]
    Refused(String),
    /// It was certainly not done: nothing went out. Try again.
    #[error("the platform cannot be reached: {0}")]
    Unreached(#[source] BoxError),
    /// Nobody knows whether it was done. What can be repeated without harm may be tried again; a new message may then
    /// stand there twice.
    #[error("the platform did not answer: {0}")]
    Unavailable(#[source] BoxError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stream_that_is_too_short_or_too_long_ends_in_an_error() {
        for (length, good) in [(6, true), (5, false), (7, false)] {
            let pieces = futures::stream::iter([Ok(Bytes::from_static(b"abc")), Ok(Bytes::from_static(b"def"))]);
            let all: Vec<_> = exactly(length, pieces.boxed()).collect().await;
            assert_eq!(all.iter().all(Result::is_ok), good, "{length}");
        }
    }
}
