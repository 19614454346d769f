//! An emulator of Discord, as strict as Discord where it is known, stricter where kindness would hide a mistake.
//!
//! The bot talks to it over HTTP at [`DiscordEmulator::url`], which also names its gateway and signs the addresses of
//! attachments. Tests and the page act as people (`user.rs`, `acts.rs`) and look at what shows. Names and sizes in
//! bodies are checked against tables (`strict.rs`), rates are kept (`limits.rs`), failures come on demand
//! ([`FaultRule`], `control.rs`), some by name ([`Scenario`]). Every call is kept in the format of `tests/tools/check_discord_calls.py`.
//!
//! Not emulated: voice, roles, forums, polls, stickers, shards, webhooks but those of interactions,
//! interactions over HTTP, compression with zstd. Ranges of downloads are ignored.
//!
//! What it writes into the [`Journal`], always with source `discord`; `data` has `method`, `chat`, `message_id` and
//! `text` where there are such, ids as numbers:
//!
//! | kind | when |
//! |---|---|
//! | `update` | the bot was told what a person did (`update_id`, `kind`, `again`); again when it comes again |
//! | `event` | the bot was told something else, its own messages included |
//! | `gateway` | a connection identified itself, resumed, was upset or ended (`what`, `code`) |
//! | `sent`, `edited`, `deleted` | a message of the bot |
//! | `acknowledged` | the first answer to an interaction (`interaction`, `answer`, `after_ms`) |
//! | `token-end` | the token of an interaction answers no more (`interaction`) |
//! | `call` | another call that did something; a download |
//! | `refused` | a call was refused (`status`, `code`, `description`, `retry_after`); status 0: the connection was cut |
//! | `breach` | the bot did what no bot may do: an unknown route, field or parameter |

mod acts;
mod answer;
mod apps;
mod call;
mod callback;
mod cdn;
mod channels;
mod compose;
mod control;
mod faults;
mod files;
mod gateway;
mod handshake;
mod interactions;
mod limits;
mod look;
mod message;
mod messages;
pub mod permissions;
mod places;
mod refusal;
mod routes;
mod scenario;
mod server;
mod sessions;
mod settings;
mod shown;
mod strict;
#[cfg(test)]
mod tests;
mod threads;
mod user;
mod webhooks;
mod wire;
mod world;
mod zlib;

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
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::sandbox::journal::Journal;

pub use faults::{FaultAction, FaultRule, LimitKind, Meanwhile};
pub use files::{FileSource, UserFile};
pub use scenario::{SHORT_TOKEN_LIFE, Scenario};
pub use settings::{DiscordBehaviour, DiscordEmulatorSettings, DiscordSizes, DiscordTimes, Rate};
pub use shown::{ShownButton, ShownChannel, ShownFile, ShownInteraction, ShownMessage};
pub use world::Person;

use gateway::{Door, Upset};
use refusal::Refusal;
use world::State;

/// More upsets than this at once are lost; tests make one at a time.
const UPSETS: usize = 64;

/// A running emulator. Cheap to clone; the last clone's drop stops it.
#[derive(Clone)]
pub struct DiscordEmulator {
    shared: Arc<Shared>,
    /// Dropped with the last handle; the server holds `shared` but not this.
    _guard: Arc<tokio_util::sync::DropGuard>,
}

struct Shared {
    settings: DiscordEmulatorSettings,
    tunable: Mutex<Tunable>,
    address: SocketAddr,
    /// Where sessions are resumed, an address of its own.
    resume: SocketAddr,
    /// The name of people that nobody introduced.
    unknown: String,
    journal: Journal,
    clock: Clock,
    directory: TempDir,
    state: Mutex<State>,
    breaches: Mutex<Vec<String>>,
    /// Grows with each visible change.
    changes: watch::Sender<u64>,
    /// Grows when a connection of the gateway has to look again.
    stirred: watch::Sender<u64>,
    upsets: broadcast::Sender<Upset>,
    /// When somebody last identified themselves.
    identified: Mutex<Option<Instant>>,
    files: AtomicU64,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// What may change while the emulator runs.
#[derive(Debug)]
struct Tunable {
    message_content: bool,
    cdn_life: Duration,
    upload: u64,
}

impl DiscordEmulator {
    /// Starts on 127.0.0.1. Fails if the port is taken or there is no room for files.
    pub async fn start(settings: DiscordEmulatorSettings, journal: Journal) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).await?;
        let resume = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let shared = Arc::new(Shared {
            tunable: Mutex::new(Tunable {
                message_content: settings.message_content,
                cdn_life: settings.times.cdn_life,
                upload: settings.sizes.upload,
            }),
            address: listener.local_addr()?,
            resume: resume.local_addr()?,
            unknown: "someone".to_owned(),
            journal,
            clock: Clock::system(),
            directory: tempfile::Builder::new().prefix("nemo-discord-").tempdir()?,
            state: Mutex::default(),
            breaches: Mutex::default(),
            changes: watch::Sender::new(0),
            stirred: watch::Sender::new(0),
            upsets: broadcast::Sender::new(UPSETS),
            identified: Mutex::default(),
            files: AtomicU64::new(0),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            settings,
        });
        shared.tasks.spawn(server::run(Arc::clone(&shared), listener, Door::First));
        shared.tasks.spawn(server::run(Arc::clone(&shared), resume, Door::Resume));
        let guard = Arc::new(shared.stop.clone().drop_guard());
        Ok(Self { shared, _guard: guard })
    }

    /// Where the API is, without a slash at the end: what `discord.api_url` gets. `/api/v10` comes after it.
    pub fn url(&self) -> String {
        self.shared.url()
    }

    /// The token that it accepts.
    pub fn token(&self) -> &str {
        &self.shared.settings.token
    }

    /// The application's id, which is also the bot's.
    pub fn application(&self) -> u64 {
        self.shared.settings.application
    }

    /// Stops: open connections break, the port is free afterwards. What was seen can still be read.
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }
}

impl fmt::Debug for DiscordEmulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiscordEmulator").field("address", &self.shared.address).finish_non_exhaustive()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tunable(&self) -> MutexGuard<'_, Tunable> {
        self.tunable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reads_content(&self) -> bool {
        self.tunable().message_content
    }

    fn cdn_life(&self) -> Duration {
        self.tunable().cdn_life
    }

    /// What one file and all files of a request may hold.
    fn upload_limits(&self) -> (u64, u64) {
        let upload = self.tunable().upload;
        (upload, upload.max(self.settings.sizes.request))
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn gateway_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    fn resume_url(&self) -> String {
        format!("ws://{}", self.resume)
    }

    /// Something that shows has changed.
    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
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

    /// A file name that nobody else has.
    fn new_path(&self) -> PathBuf {
        self.directory.path().join(self.files.fetch_add(1, Ordering::Relaxed).to_string())
    }

    fn count_invalid(&self, refusal: &Refusal) {
        let span = self.settings.times.invalid.span;
        self.state().limits.count_invalid(refusal, span, Instant::now());
    }

    /// The bot did what no bot may do. The state may be locked by the caller: breaches have a place of their own.
    fn breach(&self, what: String) {
        self.record("breach", what.clone(), json!({ "what": what }));
        self.breaches.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    fn record(&self, kind: &'static str, line: impl Into<String>, data: Value) {
        self.journal.record("discord", kind, line, data);
    }
}
