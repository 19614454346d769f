//! An emulator of the NEMO backend: its HTTP calls, its agent, its event stream and its renders, on loopback.
//!
//! It speaks the documented wire format and writes every byte of it by hand, so that a wrong field name of the client
//! cannot agree with itself. It also watches the client: what a client owes the service (headers, one run at a time,
//! no message twice, the draft unchanged, no token where it does not belong) is a *duty*, and each one broken is kept
//! as a *breach*.
//!
//! ```text
//! server    addresses, headers, who asks        world     accounts, sessions, renders: what the service knows
//! accounts  free tokens, credits, claims        sessions  open, read                upload  clips to disk (mp4)
//! run       one POST to /run_sse, played        agent     what it says and does     stream  the bytes of an event
//! render    submit, poll, cancel                file      the finished MP4          draft   the timeline
//! scenario  what goes wrong                     duty      what the client owes      faults  calls that never get in
//! wire      what becomes of the bytes
//! ```

mod accounts;
mod agent;
mod draft;
mod duty;
mod faults;
mod file;
mod mp4;
mod render;
mod run;
mod scenario;
mod server;
mod sessions;
mod stream;
mod upload;
mod wire;
mod world;

#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::scenario::Scenario;
use self::world::Hub;
use crate::sandbox::journal::Journal;

/// An upload that is still on its way may hold the server up for this long when it stops.
const STOP_LIMIT: Duration = Duration::from_secs(2);

/// How fast things happen.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Between two events of a run.
    pub event: Duration,
    /// Between two words, where the stream carries words.
    pub word: Duration,
    /// The long tool call of [`Scenario::Slow`].
    pub slow: Duration,
    /// Between two heartbeats during it.
    pub heartbeat: Duration,
    /// How long an upload is looked at before the answer.
    pub upload: Duration,
    /// How long a render takes.
    pub render: Duration,
    /// A render is never finished before this many polls, so that every status is seen.
    pub render_polls: u32,
    /// [`Scenario::RenderSlow`] finishes at this many polls, if nobody releases it before.
    pub slow_polls: u32,
    /// `Retry-After` of [`Scenario::RateLimited`], in seconds.
    pub retry_after: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            event: Duration::from_millis(600),
            word: Duration::from_millis(120),
            slow: Duration::from_secs(25),
            heartbeat: Duration::from_secs(4),
            upload: Duration::from_millis(700),
            render: Duration::from_secs(7),
            render_polls: 2,
            slow_polls: 15,
            retry_after: 4,
        }
    }
}

/// In what form the codes of the service come; the documents leave it open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeForm {
    /// HTTP 200, the code in the body.
    #[default]
    InBody,
    /// The fitting HTTP status, and the code in the body.
    WithStatus,
    /// A message to the agent is answered by a stream whose only frame is the refusal; elsewhere as [`Self::InBody`].
    InStream,
}

/// How the emulator is set up. [`Default`] is pleasant for a person who watches.
#[derive(Clone, Debug)]
pub struct NemoEmulatorSettings {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How fast things happen.
    pub pace: Pace,
    /// Free tokens per address within their life; the service gives ten.
    pub tokens_per_address: u32,
    /// How long a free token works.
    pub token_life: Duration,
    /// What a free account starts with.
    pub free_credits: i64,
    /// What any other account starts with.
    pub paid_credits: i64,
    /// The largest file, in bytes.
    pub upload_limit: u64,
    /// All clips together, in bytes; a try-out must not fill a disk.
    pub disk_limit: u64,
    /// The form of refusals.
    pub codes: CodeForm,
    /// The same message again within this time after its run ended is a breach; later it is taken for the user's wish.
    pub repeat_window: Duration,
}

impl Default for NemoEmulatorSettings {
    fn default() -> Self {
        const DAY: Duration = Duration::from_hours(24);
        Self {
            port: 0,
            pace: Pace::default(),
            tokens_per_address: 10,
            token_life: 7 * DAY,
            free_credits: 100,
            paid_credits: 25_000,
            upload_limit: 500 * 1024 * 1024,
            disk_limit: 4 * 1024 * 1024 * 1024,
            codes: CodeForm::default(),
            repeat_window: Duration::from_secs(3),
        }
    }
}

impl NemoEmulatorSettings {
    /// For tests: milliseconds, and any message that comes twice is a breach unless
    /// [`NemoEmulator::allow_repeat`] was called.
    pub fn quick() -> Self {
        let pace = Pace {
            event: Duration::from_millis(2),
            word: Duration::from_millis(1),
            slow: Duration::from_millis(1_500),
            heartbeat: Duration::from_millis(10),
            upload: Duration::ZERO,
            render: Duration::ZERO,
            render_polls: 3,
            slow_polls: 15,
            retry_after: 0,
        };
        Self { pace, repeat_window: Duration::MAX, ..Self::default() }
    }
}

/// A running emulator. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct NemoEmulator {
    hub: Arc<Hub>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl NemoEmulator {
    /// Listens on 127.0.0.1. Fails if the port is taken or there is no folder for clips.
    pub async fn start(settings: NemoEmulatorSettings, journal: Journal) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", settings.port)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let stop = CancellationToken::new();
        let hub = Arc::new(Hub::new(settings, journal, url, stop.clone())?);
        let tasks = TaskTracker::new();
        tasks.spawn(server::serve(listener, hub.clone(), stop.clone()));
        tasks.close();
        Ok(Self { hub, stop, tasks })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        self.hub.url.clone()
    }

    /// Plays `scenario` from now on. What happens once in it may happen once more; runs and renders that began before
    /// go on as they are.
    pub fn play(&self, scenario: Scenario) {
        let before = {
            let mut world = self.hub.world();
            let before = world.scenario();
            world.play(scenario);
            before
        };
        if scenario != before {
            let data = serde_json::json!({ "scenario": scenario.name(), "about": scenario.about() });
            self.hub.note("scenario", format!("From here on the backend plays {}.", scenario.name()), data);
        }
    }

    /// What is being played.
    pub fn scenario(&self) -> Scenario {
        self.hub.world().scenario()
    }

    /// Lets go what waits: streams of [`Scenario::Hang`] go on to their end, and renders of
    /// [`Scenario::RenderSlow`] finish at their next poll.
    pub fn release(&self) {
        self.hub.released.send_modify(|times| *times += 1);
    }

    /// The next message that comes a second time is the user's own wish ("Try again"), not a breach.
    pub fn allow_repeat(&self) {
        self.hub.world().allowed_repeats += 1;
    }

    /// The duties that the client broke, in order.
    pub fn breaches(&self) -> Vec<String> {
        self.hub.world().breaches.clone()
    }

    /// Cuts what still runs and waits until the server has ended.
    pub async fn stop(self) {
        self.stop.cancel();
        // Past the limit the connection belongs to a client that never ends its request; it goes with the runtime.
        let _ = tokio::time::timeout(STOP_LIMIT, self.tasks.wait()).await;
    }
}

impl Drop for NemoEmulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
