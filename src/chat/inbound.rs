//! What a user did, free of platform types.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::choice::Choice;
use super::command::Command;
use super::id::{Back, BurstId, ConversationId, EventId, MessageId, PreviewId};
use super::reply::Button;

/// Something a user did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// What makes it unique; a second copy is dropped.
    pub id: EventId,
    /// Who did it, where.
    pub from: ConversationId,
    /// What to call the person.
    pub name: String,
    /// The platform's idea of the person's language: a BCP 47 tag as the platform sent it.
    pub locale: Option<String>,
    /// Items of one album arrive one by one and are gathered by it.
    pub burst: Option<BurstId>,
    /// The adapter's way back.
    pub back: Option<Back>,
    /// Whether it answers a message of the bot's.
    #[serde(default)]
    pub replies: bool,
    /// What was done.
    pub kind: InboundKind,
}

/// The kinds of things that a user does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboundKind {
    /// A message, with or without files.
    Message {
        /// Its name, so that an edit finds it.
        message: MessageId,
        /// Text or caption; may be empty.
        text: String,
        /// Files, in their order.
        attachments: Vec<Attachment>,
    },
    /// An earlier message was reworded.
    Edited {
        /// Which one.
        message: MessageId,
        /// Its new text or caption.
        text: String,
    },
    /// A slash command.
    Command {
        /// The message that holds it, if any.
        message: Option<MessageId>,
        /// Which one.
        command: Command,
        /// What follows it on the line; may be empty.
        argument: String,
        /// Files sent with it.
        attachments: Vec<Attachment>,
    },
    /// A button was pressed; its adapter has checked who may.
    Pressed {
        /// The message that holds the button.
        message: MessageId,
        /// What it stands for.
        choice: Choice,
        /// All buttons of that message as the platform showed them, as far as we can make them again.
        #[serde(default)]
        buttons: Vec<Button>,
    },
    /// The platform's own Stop was pressed on a preview.
    Stopped {
        /// Which one.
        preview: PreviewId,
    },
}

/// A file that a user sent. Everything but the way to it may be missing; platforms leave out what they like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where its bytes are.
    pub media: MediaRef,
    /// The file's name.
    pub name: Option<String>,
    /// Its media type, such as `video/mp4`.
    pub mime: Option<String>,
    /// Its announced size in bytes.
    pub size: Option<u64>,
    /// Its announced playing time.
    pub duration: Option<Duration>,
}

/// The way to a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaRef {
    /// A link that the user typed. The bot never fetches it: it goes to the backend as it is.
    Link(Url),
    /// An attachment, opened by the surface that made this name.
    Held(String),
}
