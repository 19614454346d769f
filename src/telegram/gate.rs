//! The outbound gate: everything that goes out passes here, edits and signs of life included, since Telegram counts
//! them all.
//!
//! - Token buckets: the whole bot, each private chat, each group.
//! - Answers take the next slot and go first; edits wait in line for a slot that answers leave; signs go at once or
//!   not at all.
//! - A penalty (429) closes its chat in full: a call inside the window would only lengthen it. Two chats penalised
//!   together close the whole bot, since then the bot is meant. A penalised chat is paced more slowly afterwards.
//!
//! In memory, for one instance. Telegram publishes no number for edits, so the published ones for messages are kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep, timeout_at};

use crate::pace::{Bucket, Rate};

/// Telegram allows about 30 messages a second in all; with its burst of 5, no second sees more than that.
const ALL: Rate = Rate { per_second: 25.0, burst: 5.0 };
/// About one a second in a private chat; short bursts pass.
const PRIVATE: Rate = Rate { per_second: 1.0, burst: 3.0 };
/// 20 in any minute in a group: 6 at once, which is a short request from the first sign to the last, and 14 over the
/// minute.
const GROUP: Rate = Rate { per_second: 14.0 / 60.0, burst: 6.0 };
/// Edits and signs leave this for the next answer.
const HELD_BACK: f64 = 1.0;
/// An answer that would wait longer is handed back, with the wait.
const ANSWER_PATIENCE: Duration = Duration::from_mins(1);
/// An edit that would wait longer is out of date by then and is handed back, with the wait.
const EDIT_PATIENCE: Duration = Duration::from_secs(10);
/// The slowest pace of edits after penalties.
const SLOWEST: Duration = Duration::from_secs(10);
/// How much of a widened pace is left after each edit that passed: half of it after 14.
const RECOVERY: f64 = 0.95;
/// Penalties of two chats within this are one penalty of the bot.
const TOGETHER: Duration = Duration::from_mins(1);
/// A chat's widened pace is forgotten this long after its penalty.
const MEMORY: Duration = Duration::from_mins(10);
/// Spread over instances that were penalised together.
const JITTER: Duration = Duration::from_millis(500);
/// Idle chats are dropped when so many are known; later at twice what was left.
const SWEEP_AT: usize = 1024;

/// How much a call matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// A message, the last edit of one, a removal, an answer to a press.
    Answer,
    /// An edit that a later one replaces.
    Edit,
    /// A chat action or a reaction.
    Sign,
}

/// No slot now: how long until there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Closed {
    /// How long.
    pub(super) wait: Duration,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Gate {
    private: Duration,
    group: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    all: Bucket,
    chats: HashMap<i64, Chat>,
    sweep_at: usize,
    closed_until: Option<Instant>,
    last: Option<Penalty>,
}

#[derive(Debug)]
struct Chat {
    bucket: Bucket,
    blocked_until: Option<Instant>,
    /// The widened interval between edits; the ordinary one where it is shorter.
    pace: Duration,
    /// The line of edits. Only its head waits for a slot, so the conversations of one place take turns.
    line: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone, Copy, Debug)]
struct Penalty {
    chat: i64,
    imposed: Instant,
    until: Instant,
}

impl Gate {
    /// A gate with the ordinary intervals between edits in private chats and in groups.
    pub(super) fn new(private: Duration, group: Duration) -> Self {
        let state =
            State { all: Bucket::full(ALL), chats: HashMap::new(), sweep_at: SWEEP_AT, closed_until: None, last: None };
        Self { private, group, state: Mutex::new(state) }
    }

    /// Waits for a slot and takes it. `None` is a call to no chat, such as the answer to a press.
    pub(super) async fn pass(&self, chat: Option<i64>, urgency: Urgency) -> Result<(), Closed> {
        match (urgency, chat) {
            (Urgency::Edit, Some(chat)) => self.edit(chat).await,
            (Urgency::Sign, Some(chat)) => self.sign(chat),
            (_, chat) => self.answer(chat).await,
        }
    }

    /// Closes a chat. Returns the wait from now on, a little longer than the penalty.
    pub(super) fn penalise(&self, chat: i64, retry_after: Duration) -> Duration {
        let now = Instant::now();
        let wait = retry_after.saturating_add(JITTER.mul_f64(rand::random::<f64>()));
        let until = now.checked_add(wait).unwrap_or(now + MEMORY);
        let ordinary = self.ordinary(chat);
        let mut state = self.state();
        let known = state.chat(chat);
        known.blocked_until = known.blocked_until.max(Some(until));
        known.pace = (known.pace.max(ordinary) * 2).min(SLOWEST).max(ordinary);
        known.bucket.slow_to(known.pace, now);
        if let Some(other) = state.last
            && other.chat != chat
            && other.until > now
            && now.duration_since(other.imposed) < TOGETHER
        {
            // The longer of the two may be that chat's own fault.
            state.closed_until = state.closed_until.max(Some(until.min(other.until)));
        }
        state.last = Some(Penalty { chat, imposed: now, until });
        wait
    }

    /// Closes a chat for what is left of a penalty that another instance, or an earlier run, was given.
    pub(super) fn block(&self, chat: i64, left: Duration) {
        let now = Instant::now();
        let until = now.checked_add(left).unwrap_or(now + MEMORY);
        let mut state = self.state();
        let known = state.chat(chat);
        known.blocked_until = known.blocked_until.max(Some(until));
    }

    /// Whether the chat was in use lately, so that what is stored of it is known.
    pub(super) fn knows(&self, chat: i64) -> bool {
        self.state().chats.contains_key(&chat)
    }

    /// The interval between edits that the chat can take now.
    pub(super) fn interval(&self, chat: i64) -> Duration {
        let pace = self.state().chats.get(&chat).map_or(Duration::ZERO, |chat| chat.pace);
        pace.max(self.ordinary(chat))
    }

    /// Reserves the next slot, before any edit that waits, and sleeps until it comes.
    async fn answer(&self, chat: Option<i64>) -> Result<(), Closed> {
        let wait = {
            let now = Instant::now();
            let mut state = self.state();
            state.open(chat, now)?;
            let own = chat.map_or(Duration::ZERO, |chat| state.chat(chat).bucket.wait(1.0, now));
            let wait = own.max(state.all.wait(1.0, now));
            if wait > ANSWER_PATIENCE {
                return Err(Closed { wait });
            }
            state.take(chat);
            wait
        };
        if !wait.is_zero() {
            sleep(wait).await;
        }
        self.state().open(chat, Instant::now())
    }

    async fn edit(&self, chat: i64) -> Result<(), Closed> {
        let deadline = Instant::now() + EDIT_PATIENCE;
        let line = Arc::clone(&self.state().chat(chat).line);
        let Ok(_head): Result<OwnedMutexGuard<()>, _> = timeout_at(deadline, line.lock_owned()).await else {
            return Err(Closed { wait: self.interval(chat) });
        };
        loop {
            let now = Instant::now();
            let wait = self.state().attempt(chat, now)?;
            if wait.is_zero() {
                self.recover(chat, now);
                return Ok(());
            }
            if now + wait > deadline {
                return Err(Closed { wait });
            }
            sleep(wait).await;
        }
    }

    fn sign(&self, chat: i64) -> Result<(), Closed> {
        let mut state = self.state();
        let line = Arc::clone(&state.chat(chat).line);
        // A waiting edit is a better sign of life.
        let Ok(_head) = line.try_lock() else {
            return Err(Closed { wait: Duration::ZERO });
        };
        match state.attempt(chat, Instant::now())? {
            Duration::ZERO => Ok(()),
            wait => Err(Closed { wait }),
        }
    }

    fn recover(&self, chat: i64, now: Instant) {
        let ordinary = self.ordinary(chat);
        let mut state = self.state();
        let known = state.chat(chat);
        if known.pace > ordinary {
            known.pace = known.pace.mul_f64(RECOVERY).max(ordinary);
            known.bucket.slow_to(known.pace, now);
        }
    }

    fn ordinary(&self, chat: i64) -> Duration {
        if chat < 0 { self.group } else { self.private }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it was held left at most one slot uncounted.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn chat(&mut self, chat: i64) -> &mut Chat {
        if self.chats.len() >= self.sweep_at && !self.chats.contains_key(&chat) {
            let now = Instant::now();
            self.chats.retain(|_, chat| chat.in_use(now));
            self.sweep_at = SWEEP_AT.max(2 * self.chats.len());
        }
        self.chats.entry(chat).or_insert_with(|| Chat {
            bucket: Bucket::full(if chat < 0 { GROUP } else { PRIVATE }),
            blocked_until: None,
            pace: Duration::ZERO,
            line: Arc::default(),
        })
    }

    fn open(&self, chat: Option<i64>, now: Instant) -> Result<(), Closed> {
        let own = chat.and_then(|chat| self.chats.get(&chat)).and_then(|chat| chat.blocked_until);
        match self.closed_until.max(own) {
            Some(until) if until > now => Err(Closed { wait: until - now }),
            _ => Ok(()),
        }
    }

    /// Takes a slot that leaves something for answers, or tells when there may be one.
    fn attempt(&mut self, chat: i64, now: Instant) -> Result<Duration, Closed> {
        self.open(Some(chat), now)?;
        let need = 1.0 + HELD_BACK;
        let wait = self.chat(chat).bucket.wait(need, now).max(self.all.wait(need, now));
        if wait.is_zero() {
            self.take(Some(chat));
        }
        Ok(wait)
    }

    fn take(&mut self, chat: Option<i64>) {
        self.all.take();
        if let Some(chat) = chat {
            self.chat(chat).bucket.take();
        }
    }
}

impl Chat {
    fn in_use(&mut self, now: Instant) -> bool {
        let remembered = self.blocked_until.is_some_and(|until| until.checked_add(MEMORY).is_none_or(|end| end > now));
        let idle = self.bucket.is_idle(now);
        remembered || !idle || Arc::strong_count(&self.line) > 1
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
