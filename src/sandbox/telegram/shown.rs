//! What a person sees: values for the page and for tests.

use serde::Serialize;
use serde_json::{Map, Value};

use super::keyboard;
use super::media::Files;

/// A message as it shows now.
#[derive(Clone, Debug, Serialize)]
pub struct ShownMessage {
    /// Its number in its chat.
    pub message_id: i64,
    /// Its chat.
    pub chat_id: i64,
    /// `user` or `bot`.
    pub from: &'static str,
    /// The sender's name.
    pub name: String,
    /// When it was sent, in milliseconds since 1970.
    pub date_ms: u64,
    /// Whether it says "edited".
    pub edited: bool,
    /// How often it was edited, changes of its buttons included.
    pub edits: u32,
    /// Its text or caption.
    pub text: String,
    /// Formatting: `type`, `offset` and `length` in UTF-16 units, `url`, `language`.
    pub entities: Vec<Value>,
    /// Its buttons, row by row.
    pub buttons: Vec<Vec<ShownButton>>,
    /// Its file.
    pub file: Option<ShownFile>,
    /// The message that it answers.
    pub reply_to: Option<i64>,
    /// Sent without a sound.
    pub silent: bool,
    /// The bot's reaction to it.
    pub reaction: Option<String>,
    /// The album that it belongs to.
    pub album: Option<String>,
    /// Links show no preview.
    pub preview_disabled: bool,
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownButton {
    /// Its label.
    pub text: String,
    /// `callback`, `url`, `copy` or `other`.
    pub kind: &'static str,
    /// The callback data, the address, or the text to copy.
    pub value: String,
    /// `danger`, `success` or `primary`.
    pub style: Option<String>,
}

/// A file in a message.
#[derive(Clone, Debug, Serialize)]
pub struct ShownFile {
    /// What [`TelegramEmulator::file`](super::TelegramEmulator::file) takes.
    pub id: String,
    /// `video`, `document`, `animation`, `video_note`, `photo` or `audio`.
    pub kind: &'static str,
    /// Its name; made up where the sender gave none.
    pub name: String,
    /// Its true media type, whether the bot was told or not.
    pub mime: String,
    /// Its true size in bytes.
    pub size: u64,
    /// In pixels.
    pub width: Option<u64>,
    /// In pixels.
    pub height: Option<u64>,
    /// In seconds.
    pub duration: Option<u64>,
}

/// A draft as it shows now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownDraft {
    /// Its number.
    pub draft_id: i64,
    /// What it says; empty: the client says "Thinking…".
    pub text: String,
    /// Formatting, as in [`ShownMessage`].
    pub entities: Vec<Value>,
    /// Whether it has a Stop button.
    pub can_stop: bool,
}

/// A chat that somebody opened.
#[derive(Clone, Debug, Serialize)]
pub struct ShownChat {
    /// Its number; of a private chat the person's.
    pub id: i64,
    /// The person's name or the group's title.
    pub title: String,
    /// `private`, `group` or `supergroup`.
    pub kind: &'static str,
}

/// An answer to the press of a button.
#[derive(Clone, Debug, Serialize)]
pub struct CallbackAnswer {
    /// The query that [`TelegramEmulator::presses`](super::TelegramEmulator::presses) returned.
    pub query_id: String,
    /// Where the button was pressed.
    pub chat_id: i64,
    /// The message of the button.
    pub message_id: i64,
    /// Who pressed it.
    pub user_id: i64,
    /// The note that shows for a moment; empty: the button only stops spinning.
    pub text: String,
    /// The note is a window that has to be closed.
    pub alert: bool,
    /// How long the person waited, in milliseconds.
    pub after_ms: u64,
}

/// A message as it is kept: its wire form, and what the wire does not tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) wire: Map<String, Value>,
    pub(super) from_bot: bool,
    pub(super) sender: String,
    pub(super) date_ms: u64,
    pub(super) edits: u32,
    pub(super) silent: bool,
    pub(super) reaction: Option<String>,
    pub(super) file: Option<String>,
}

impl Message {
    pub(super) fn shown(&self, files: &Files) -> ShownMessage {
        let field = |name: &str| self.wire.get(name).unwrap_or(&Value::Null);
        let (text, entities) =
            if self.wire.contains_key("text") { ("text", "entities") } else { ("caption", "caption_entities") };
        ShownMessage {
            message_id: field("message_id").as_i64().unwrap_or_default(),
            chat_id: field("chat")["id"].as_i64().unwrap_or_default(),
            from: if self.from_bot { "bot" } else { "user" },
            name: self.sender.clone(),
            date_ms: self.date_ms,
            edited: self.wire.contains_key("edit_date"),
            edits: self.edits,
            text: field(text).as_str().unwrap_or_default().to_owned(),
            entities: field(entities).as_array().cloned().unwrap_or_default(),
            buttons: keyboard::shown(field("reply_markup")),
            file: self.file.as_deref().and_then(|id| files.get(id)).map(super::media::Stored::shown),
            reply_to: field("reply_to_message")["message_id"].as_i64(),
            silent: self.silent,
            reaction: self.reaction.clone(),
            album: field("media_group_id").as_str().map(str::to_owned),
            preview_disabled: field("link_preview_options")["is_disabled"] == true,
        }
    }
}
