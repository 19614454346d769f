//! What the page needs from the emulators, as three small traits.

mod discord;

use std::path::PathBuf;
use std::{fmt, io};

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

pub use self::discord::{Deed, DiscordView};

/// The chat on Telegram, and the person in it.
///
/// `language` is the language code that the person's client reports, such as `en` or `zh-hans`.
#[async_trait]
pub trait ChatView: fmt::Debug + Send + Sync {
    /// The person sends a text. Returns the message's id.
    fn says(&self, language: &str, text: &str) -> i64;

    /// The person sends a file. Returns the message's id.
    async fn sends_file(&self, language: &str, file: SentFile) -> io::Result<i64>;

    /// The person presses a button. Returns a name for this press, or `None` if there is no such button (any more).
    fn presses(&self, language: &str, message: i64, data: &str) -> Option<String>;

    /// What the bot answered to a press; `None` until it does. An answer counts as a change.
    fn answer(&self, press: &str) -> Option<Answer>;

    /// All messages, oldest first: a JSON array of objects. The page's script is their reader; it needs `message_id`,
    /// `from` (`user` or `bot`), `date_ms` and `text`, and takes `edited`, `entities` (offsets in UTF-16 units),
    /// `buttons` (rows of `text`, `kind`, `value`, `style`), `file`, `reply_to`, `silent` and `reaction`.
    fn shown(&self) -> Value;

    /// Counts up with each change of what is shown.
    fn changes(&self) -> watch::Receiver<u64>;

    /// What the bot is doing at this moment, such as `typing`.
    fn chat_action(&self) -> Option<String>;

    /// What the bot previews at this moment, if the chat has such a thing: an object with `text`, which may be empty,
    /// `entities` and `can_stop`.
    fn draft(&self) -> Option<Value> {
        None
    }

    /// The person presses the Stop button of that; `false` if there is none.
    fn stops_draft(&self) -> bool {
        false
    }

    /// The commands that the bot offers in this language: names without the slash, and descriptions.
    fn menu(&self, language: &str) -> Vec<(String, String)>;

    /// Where the bytes of a file lie, and their media type.
    fn file(&self, id: &str) -> Option<(PathBuf, String)>;
}

/// A file that the person sends.
#[derive(Clone, Debug)]
pub struct SentFile {
    /// Where its bytes lie until the call returns.
    pub path: PathBuf,
    /// Its name, without folders.
    pub name: String,
    /// Its media type, if the browser knew one.
    pub mime: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// The text that goes with it.
    pub caption: Option<String>,
    /// Whether it goes as a plain file even if it is a video or a picture.
    pub as_file: bool,
}

/// A file that the person sends to Discord.
#[derive(Clone, Debug)]
pub struct StagedFile {
    /// Where its bytes lie until the call returns.
    pub path: PathBuf,
    /// Its name, without folders.
    pub name: String,
    /// Its media type, if the browser knew one.
    pub mime: Option<String>,
}

/// What the bot answered to a press.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// A short text that pops up; often none.
    pub text: Option<String>,
    /// Whether the person has to close it.
    pub alert: bool,
}

/// The scenarios of the emulators, as far as the page steers them.
pub trait Backend: fmt::Debug + Send + Sync {
    /// All scenarios, in the order of the menu.
    fn scenarios(&self) -> Vec<Scenario>;

    /// The name of the one that is played.
    fn playing(&self) -> String;

    /// Plays another; `false` if there is none of that name.
    fn play(&self, name: &str) -> bool;

    /// Lets go what a scenario holds up, so that it comes to its end.
    fn release(&self);
}

/// One way in which an emulator can behave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scenario {
    /// Its name, as on the command line.
    pub name: String,
    /// What it does, in a sentence. The page's script has its own words for those that it knows.
    pub description: String,
}
