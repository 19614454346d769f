//! What the page needs from Discord's emulator.

use std::path::PathBuf;
use std::{fmt, io};

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::watch;

use super::StagedFile;

/// Discord as the person at the page sees it: some places, and what they may do there.
///
/// Ids are text: a script cannot hold a number of that size. `language` is as for [`ChatView`](super::ChatView).
#[async_trait]
pub trait DiscordView: fmt::Debug + Send + Sync {
    /// All messages that the person sees, in all places, oldest first: a JSON array of objects with `message_id`,
    /// `channel_id`, `from`, `name`, `date_ms` and more, whose reader is the page's script.
    fn shown(&self) -> Value;

    /// Where the person can be, who the bot is, where it types, and what became of the latest commands and presses: an
    /// object with `bot`, `places`, `typing` and `interactions`.
    fn state(&self) -> Value;

    /// The commands as the bot registered them, with their descriptions in all languages.
    fn commands(&self) -> Value;

    /// Counts up with each change of what is shown.
    fn changes(&self) -> watch::Receiver<u64>;

    /// The person does something. `NotFound` if what it is about is not there (any more).
    async fn does(&self, language: &str, deed: Deed, files: Vec<StagedFile>) -> io::Result<()>;

    /// Where the bytes of a file lie, and their media type.
    fn file(&self, id: &str) -> Option<(PathBuf, String)>;
}

/// What the person does on Discord.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "does", rename_all = "kebab-case")]
pub enum Deed {
    /// Writes a message, with the files that came with the request.
    Say {
        /// In this channel.
        channel: String,
        /// The words; may be empty where there are files.
        text: String,
        /// The message that it answers.
        #[serde(default)]
        answers: Option<String>,
        /// Whether an answer leaves its author in peace.
        #[serde(default)]
        quiet: bool,
    },
    /// Corrects an own message.
    Edit {
        /// In this channel.
        channel: String,
        /// The message.
        message: String,
        /// Its new words.
        text: String,
    },
    /// Presses a button.
    Press {
        /// In this channel.
        channel: String,
        /// The button's message.
        message: String,
        /// The button's `custom_id`.
        button: String,
    },
    /// Uses a slash command; a file that came with the request goes into its attachment option.
    Use {
        /// In this channel.
        channel: String,
        /// Its name, without the slash.
        command: String,
        /// Options that hold text.
        #[serde(default)]
        options: Map<String, Value>,
    },
    /// Uses a command on a message.
    UseOn {
        /// In this channel.
        channel: String,
        /// The message.
        message: String,
        /// The command's name.
        command: String,
    },
}
