//! What the service knows: accounts, sessions, renders. One lock, never held across an await.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::{TempDir, TempPath};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::render::Render;
use super::{NemoEmulatorSettings, Scenario, draft};
use crate::clock::{Clock, Timestamp};
use crate::sandbox::journal::Journal;

/// Session ids are digits above 2^53, which an `f64` would change.
const FIRST_SESSION: u64 = 5_529_798_706_024_415_232;
/// A client may send a draft that it read a while ago; older ones than this are not believed.
const DRAFTS_REMEMBERED: usize = 64;
/// Enough to see what is wrong; a client in a loop must not fill the memory.
const BREACHES_KEPT: usize = 1_000;
/// What tokens begin with.
pub(super) const TOKEN_MARK: &str = "nmv_usr_";

/// What all handlers share.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) settings: NemoEmulatorSettings,
    pub(super) journal: Journal,
    pub(super) clock: Clock,
    pub(super) url: String,
    pub(super) stop: CancellationToken,
    /// What reads on behind an answer that was given early.
    pub(super) drains: TaskTracker,
    /// How often what waits has been let go.
    pub(super) released: watch::Sender<u64>,
    /// Rings when a run has ended.
    pub(super) run_ended: Notify,
    pub(super) folder: TempDir,
    /// Bytes of all clips on disk.
    pub(super) stored: Arc<AtomicU64>,
    world: Mutex<World>,
}

impl Hub {
    pub(super) fn new(
        settings: NemoEmulatorSettings,
        journal: Journal,
        url: String,
        stop: CancellationToken,
    ) -> io::Result<Self> {
        Ok(Self {
            settings,
            journal,
            clock: Clock::system(),
            url,
            stop,
            drains: TaskTracker::new(),
            released: watch::Sender::new(0),
            run_ended: Notify::new(),
            folder: tempfile::Builder::new().prefix("nemo-emulator-").tempdir()?,
            stored: Arc::default(),
            world: Mutex::default(),
        })
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a line for the page. Tokens that found their way into it are cut off.
    pub(super) fn note(&self, kind: &'static str, line: impl AsRef<str>, data: Value) {
        self.journal.record("nemo", kind, redact(line.as_ref()), data);
    }

    /// Keeps a broken duty. Takes the lock: call it without one.
    pub(super) fn breach(&self, what: impl AsRef<str>) {
        let what = redact(what.as_ref());
        self.note("breach", &what, json!({ "breach": &what }));
        let mut world = self.world();
        if world.breaches.len() < BREACHES_KEPT {
            world.breaches.push(what);
        }
    }

    /// Notes what an account holds now.
    pub(super) fn note_credits(&self, user: &str) {
        let Some((available, frozen)) = self.world().accounts.get(user).map(|held| (held.available, held.frozen))
        else {
            return;
        };
        let reserved = if frozen == 0 { String::new() } else { format!(", {frozen} reserved") };
        let data = json!({ "user": user, "available": available, "frozen": frozen });
        self.note("credits", format!("{available} credits{reserved}"), data);
    }
}

/// Replaces every token in `text`.
pub(super) fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(TOKEN_MARK) {
        out.push_str(&rest[..at]);
        out.push_str("nmv_usr_…");
        let after = &rest[at + TOKEN_MARK.len()..];
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(after.len());
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// A short digest of `text`, as hex.
pub(super) fn digest(text: &[u8]) -> String {
    hex(&Sha256::digest(text)[..8])
}

/// Bytes as lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[derive(Debug, Default)]
pub(super) struct World {
    scenario: Scenario,
    /// What happens once in the scenario has happened.
    spent: bool,
    /// How often a scenario that counts has struck, by the place where it does.
    struck: HashMap<&'static str, u32>,
    pub(super) breaches: Vec<String>,
    pub(super) allowed_repeats: u32,
    pub(super) accounts: HashMap<String, Account>,
    pub(super) tokens: HashMap<String, Token>,
    /// Free accounts by client id.
    pub(super) clients: HashMap<String, Client>,
    /// When free tokens were given out, by address.
    pub(super) given: HashMap<IpAddr, Vec<Timestamp>>,
    pub(super) revoked: HashSet<String>,
    pub(super) sessions: HashMap<String, Session>,
    pub(super) renders: HashMap<String, Render>,
    opened: u64,
    /// Runs that began, in all sessions.
    pub(super) runs: u64,
}

#[derive(Debug)]
pub(super) struct Account {
    pub(super) available: i64,
    pub(super) frozen: i64,
}

#[derive(Debug)]
pub(super) struct Token {
    pub(super) user: String,
    pub(super) until: Timestamp,
}

#[derive(Debug)]
pub(super) struct Client {
    pub(super) user: String,
    /// No second token before this moment.
    pub(super) again: Timestamp,
}

impl World {
    pub(super) fn play(&mut self, scenario: Scenario) {
        self.scenario = scenario;
        self.spent = false;
        self.struck.clear();
        // An operator's token cannot be renewed through the service; a new scene begins with it valid.
        self.revoked.clear();
    }

    pub(super) fn scenario(&self) -> Scenario {
        self.scenario
    }

    pub(super) fn plays(&self, scenario: Scenario) -> bool {
        self.scenario == scenario
    }

    /// True the first time since this scenario began.
    pub(super) fn plays_once(&mut self, scenario: Scenario) -> bool {
        let first = self.scenario == scenario && !self.spent;
        self.spent |= first;
        first
    }

    /// Counts one more strike of the scenario at `place`, from 1 up.
    pub(super) fn strikes(&mut self, place: &'static str) -> u32 {
        let struck = self.struck.entry(place).or_default();
        *struck += 1;
        *struck
    }

    /// Whether the scenario has struck at `place`.
    pub(super) fn has_struck(&self, place: &'static str) -> bool {
        self.struck.contains_key(place)
    }

    pub(super) fn open_session(&mut self, user: &str, name: &str, language: &str) -> &Session {
        // A gap between ids, as between those of a busy service.
        let id = (FIRST_SESSION + self.opened * 4_097).to_string();
        self.opened += 1;
        let session = Session {
            id: id.clone(),
            task: format!("task_{}", uuid::Uuid::new_v4().simple()),
            user: user.to_owned(),
            name: name.to_owned(),
            language: language.to_owned(),
            draft: draft::empty(),
            video_infos: Vec::new(),
            generated_media: Vec::new(),
            clips: Vec::new(),
            edit_paid: false,
            replies: 0,
            running: 0,
            posted: HashMap::new(),
            drafts: VecDeque::new(),
            lagging: None,
        };
        self.sessions.entry(id).or_insert(session)
    }
}

/// One project of one account.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) task: String,
    pub(super) user: String,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) draft: Value,
    pub(super) video_infos: Vec<Value>,
    pub(super) generated_media: Vec<Value>,
    pub(super) clips: Vec<Clip>,
    /// Editing is charged once per session.
    pub(super) edit_paid: bool,
    /// Metadata replies so far; the next one reads differently.
    pub(super) replies: usize,
    pub(super) running: u32,
    /// Messages whose run began, by digest.
    pub(super) posted: HashMap<String, Posted>,
    /// Digests of the drafts that were given out.
    drafts: VecDeque<String>,
    /// What the next reader still sees instead: draft, clips, generated pieces.
    pub(super) lagging: Option<[Value; 3]>,
}

#[derive(Debug, Default)]
pub(super) struct Posted {
    pub(super) times: u32,
    /// When its last run ended; `None` while one runs.
    pub(super) ended: Option<Instant>,
}

impl Session {
    /// What a reader sees: draft, clips, generated pieces.
    pub(super) fn state(&self) -> [Value; 3] {
        [self.draft.clone(), self.video_infos.clone().into(), self.generated_media.clone().into()]
    }

    /// This draft is about to be given out.
    pub(super) fn remember_draft(&mut self, draft: &Value) {
        let seen = digest(draft.to_string().as_bytes());
        if self.drafts.contains(&seen) {
            return;
        }
        if self.drafts.len() == DRAFTS_REMEMBERED {
            self.drafts.pop_front();
        }
        self.drafts.push_back(seen);
    }

    /// True if exactly this draft was given out.
    pub(super) fn gave_draft(&self, draft: &Value) -> bool {
        self.drafts.contains(&digest(draft.to_string().as_bytes()))
    }

    /// The first uploaded video whose bytes are here.
    pub(super) fn first_video(&self) -> Option<Arc<Held>> {
        self.clips.iter().filter(|clip| clip.kind == "video").find_map(|clip| clip.held.clone())
    }
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub(super) struct Clip {
    pub(super) name: String,
    /// `video`, `image` or `audio`.
    pub(super) kind: &'static str,
    /// Absent if it came as an address, which is never fetched.
    pub(super) held: Option<Arc<Held>>,
}

/// Bytes on disk; they go when the last owner does.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) path: TempPath,
    pub(super) size: u64,
    stored: Arc<AtomicU64>,
}

impl Held {
    pub(super) fn new(path: TempPath, size: u64, stored: &Arc<AtomicU64>) -> Self {
        stored.fetch_add(size, Ordering::Relaxed);
        Self { path, size, stored: stored.clone() }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.stored.fetch_sub(self.size, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn a_token_never_stays_in_a_line() {
        assert_eq!(redact("use nmv_usr_abc-9_Z now, or nmv_usr_"), "use nmv_usr_… now, or nmv_usr_…");
        assert_eq!(redact("nothing here"), "nothing here");
    }
}
