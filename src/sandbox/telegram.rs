//! An emulator of the Telegram Bot API, as strict as Telegram where it is known, stricter where kindness would hide a
//! mistake.
//!
//! The bot talks to it over HTTP at [`TelegramEmulator::url`]. Tests and the page act as people (`user.rs`) and look at
//! what shows. Names and types of parameters are checked against a description of the API (`strict.rs`), texts and
//! buttons as Telegram checks them, rates are kept (`budget.rs`), failures come on demand ([`FaultRule`]), those that have a name as a [`Scenario`]. Every call is
//! kept in the format of `tests/tools/check_telegram_calls.py`.
//!
//! Not emulated: rich messages, `MarkdownV2`, albums of the bot, channels. Of a local Bot API server only its files.
//!
//! What it writes into the [`Journal`], always with source `telegram`; `data` has `method`, `chat`, `message_id` and
//! `text` where there are such:
//!
//! | kind | when |
//! |---|---|
//! | `update` | an update was handed out (`update_id`, `kind`); again when it comes again |
//! | `brought` | an update was brought to the webhook (`update_id`, `status`; 0: no answer came) |
//! | `poll` | a poll confirmed updates (`offset`, `confirmed`), and the first poll |
//! | `sent`, `edited`, `deleted` | a message of the bot |
//! | `call` | another call that did something; a download |
//! | `refused` | a call was refused (`status`, `description`, `retry_after`); status 0: the connection was cut |
//! | `breach` | the bot did what no bot may do: an unknown method, parameter or kind of update |

mod budget;
mod call;
mod chats;
mod commands;
mod faults;
mod groups;
mod html;
mod image;
mod keyboard;
mod media;
mod messages;
mod methods;
mod mp4;
mod refusal;
mod scenario;
mod server;
mod settings;
mod shown;
mod strict;
#[cfg(test)]
mod tests;
mod text;
mod updates;
mod user;
mod webhook;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::sandbox::journal::Journal;

pub use chats::Person;
pub use faults::{FaultAction, FaultRule};
pub use media::FileKind;
pub use scenario::Scenario;
pub use settings::{TelegramEmulatorSettings, TelegramSizes, TelegramTimes};
pub use shown::{CallbackAnswer, ShownButton, ShownChat, ShownDraft, ShownFile, ShownMessage};
pub use user::{FileDetails, FileSource, UserFile};

use chats::State;
use strict::Schema;

/// The methods that are served and their types.
const METHODS: &str = include_str!("data/telegram-methods.json");
/// How long Telegram's servers wait for an address that a bot names.
const FETCH_TIMEOUT: Duration = Duration::from_secs(20);

/// A running emulator. Cheap to clone; the last clone's drop stops it.
#[derive(Clone)]
pub struct TelegramEmulator {
    shared: Arc<Shared>,
    /// Dropped with the last handle; the server holds `shared` but not this.
    _guard: Arc<tokio_util::sync::DropGuard>,
}

struct Shared {
    settings: TelegramEmulatorSettings,
    schema: Schema,
    address: SocketAddr,
    journal: Journal,
    clock: Clock,
    directory: TempDir,
    web: reqwest::Client,
    state: Mutex<State>,
    /// Grows with each visible change.
    changes: watch::Sender<u64>,
    /// Grows when a held poll has to look again.
    stirred: watch::Sender<u64>,
    files: AtomicU64,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl TelegramEmulator {
    /// Starts on 127.0.0.1. Fails if the port is taken or there is no room for files.
    pub async fn start(settings: TelegramEmulatorSettings, journal: Journal) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).await?;
        let web = reqwest::Client::builder().no_proxy().timeout(FETCH_TIMEOUT).build().map_err(io::Error::other)?;
        let shared = Arc::new(Shared {
            schema: Schema::read(METHODS).map_err(io::Error::other)?,
            address: listener.local_addr()?,
            journal,
            clock: Clock::system(),
            directory: tempfile::Builder::new().prefix("nemo-telegram-").tempdir()?,
            web,
            state: Mutex::default(),
            changes: watch::Sender::new(0),
            stirred: watch::Sender::new(0),
            files: AtomicU64::new(0),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            settings,
        });
        shared.tasks.spawn(server::run(Arc::clone(&shared), listener));
        shared.tasks.spawn(Arc::clone(&shared).bring_updates());
        let guard = Arc::new(shared.stop.clone().drop_guard());
        Ok(Self { shared, _guard: guard })
    }

    /// Where the Bot API is, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    /// The token that it accepts.
    pub fn token(&self) -> &str {
        &self.shared.settings.token
    }

    /// Stops: open connections break, the port is free afterwards. What was seen can still be read.
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }

    /// The chats that somebody opened.
    pub fn chats(&self) -> Vec<ShownChat> {
        let state = self.shared.state();
        let shown = state.chats.iter().map(|(id, chat)| ShownChat {
            id: *id,
            title: chat.title().to_owned(),
            kind: chat.kind(),
        });
        shown.collect()
    }

    /// The messages of a chat as a person sees them now, oldest first.
    pub fn shown(&self, chat: i64) -> Vec<ShownMessage> {
        let state = self.shared.state();
        let messages = state.chats.get(&chat).map(|chat| chat.messages.values());
        messages.into_iter().flatten().map(|message| message.shown(&state.files)).collect()
    }

    /// A number that grows with each visible change in any chat.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    /// What the chat says that the bot is doing, such as `typing`, while it lasts.
    pub fn chat_action(&self, chat: i64) -> Option<String> {
        let state = self.shared.state();
        let action = state.chats.get(&chat)?.action.as_ref();
        action.filter(|(_, until)| *until > Instant::now()).map(|(action, _)| action.clone())
    }

    /// The text of the draft that streams in a chat.
    pub fn draft(&self, chat: i64) -> Option<String> {
        self.shown_draft(chat).map(|draft| draft.text)
    }

    /// The same with all that shows of it.
    pub fn shown_draft(&self, chat: i64) -> Option<ShownDraft> {
        let state = self.shared.state();
        let draft = state.chats.get(&chat)?.draft.as_ref().filter(|draft| draft.until > Instant::now())?;
        let (text, entities) = (draft.text.clone(), draft.entities.clone());
        Some(ShownDraft { draft_id: draft.id, text, entities, can_stop: draft.can_stop })
    }

    /// The answers to presses of buttons, oldest first.
    pub fn answers(&self) -> Vec<CallbackAnswer> {
        self.shared.state().answers.clone()
    }

    /// The commands and descriptions that somebody with this language sees in their private chat.
    pub fn menu(&self, language: &str) -> Vec<(String, String)> {
        self.shared.state().menu(language)
    }

    /// Where the bytes of a shown file lie, and their media type.
    pub fn file(&self, id: &str) -> Option<(PathBuf, String)> {
        self.shared.state().files.get(id).map(|file| (file.path.clone(), file.mime.clone()))
    }

    /// Every call so far, in the format of `check_telegram_calls.py`, without the token.
    pub fn calls(&self) -> Vec<Value> {
        self.shared.state().calls()
    }

    /// What the bot did that no bot may do. A test that ends with any has failed.
    pub fn breaches(&self) -> Vec<String> {
        self.shared.state().breaches.clone()
    }

    /// How many updates the bot has not confirmed.
    pub fn pending(&self) -> usize {
        self.shared.state().updates.pending()
    }

    /// Adds a failure.
    pub fn fault(&self, rule: FaultRule) {
        self.shared.state().faults.add(rule);
    }

    /// How many failures have not happened yet.
    pub fn faults_left(&self) -> u32 {
        self.shared.state().faults.left()
    }

    /// Ends a held poll with an empty answer.
    pub fn forget_poller(&self) {
        self.shared.state().updates.forget_poller();
        self.shared.stirred.send_modify(|count| *count += 1);
    }
}

impl fmt::Debug for TelegramEmulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelegramEmulator").field("address", &self.shared.address).finish_non_exhaustive()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something that shows has changed; an update may wait.
    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
        self.stirred.send_modify(|count| *count += 1);
    }

    /// Something that shows will change by itself then.
    fn changed_at(&self, when: Instant) {
        let (changes, stop) = (self.changes.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            if stop.run_until_cancelled(tokio::time::sleep_until(when)).await.is_some() {
                changes.send_modify(|count| *count += 1);
            }
        });
    }

    /// The bot as a `User`.
    fn bot(&self) -> Value {
        let (id, _) = self.settings.token.split_once(':').unwrap_or_default();
        json!({
            "id": id.parse::<i64>().unwrap_or_default(),
            "is_bot": true,
            "first_name": self.settings.name,
            "username": self.settings.username,
        })
    }

    /// A file name that nobody else has.
    fn new_path(&self) -> PathBuf {
        self.directory.path().join(self.files.fetch_add(1, Ordering::Relaxed).to_string())
    }

    fn record(&self, kind: &'static str, line: impl Into<String>, data: Value) {
        self.journal.record("telegram", kind, line, data);
    }
}
