//! The outbound gate above serenity's limiter, which knows the routes' limits but waits without a word, in order, and
//! only where it is told to.
//!
//! - A lane is a channel, or the answers to one interaction. In each, one edit is on its way at a time; edits take turns
//!   and keep a distance; the last edit of a message goes before all that are not. Messages of more than an hour are
//!   edited more slowly.
//! - A penalty (429) closes its lane, a global one everything. Many refusals close everything too, long before Discord
//!   would close its door to this address. A refused token closes everything for good.
//!
//! In memory, for one instance.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedMutexGuard};
use tokio::time::{Instant, sleep, timeout_at};

use super::error::CallError;
use super::place::Snowflake;
use crate::pace::{Bucket, Rate};

/// 50 calls a second for a bot; with the burst no second sees more. Answers to interactions do not count.
const ALL: Rate = Rate { per_second: 35.0, burst: 10.0 };
/// Five new messages in five seconds.
const POSTS: Rate = Rate { per_second: 0.6, burst: 2.0 };
/// Signs of life leave room for each other.
const SIGNS: Rate = Rate { per_second: 0.5, burst: 3.0 };
/// Three edits in six seconds for messages of more than an hour (error 30046), with a little to spare.
const OLD_EDITS: Duration = Duration::from_millis(2200);
/// A last edit or a message that would wait longer is handed back, with the wait.
const PATIENCE: Duration = Duration::from_mins(1);
/// An edit that would wait longer is out of date by then and is handed back, with the wait.
const EDIT_PATIENCE: Duration = Duration::from_secs(10);
/// So many refusals within [`REFUSAL_WINDOW`] close everything until it is over. Discord bans the address at 10,000
/// calls of 401, 403 and 429 in ten minutes.
const REFUSALS: u32 = 500;
const REFUSAL_WINDOW: Duration = Duration::from_mins(10);
/// After a refused token everything is handed back with this wait, until somebody restarts the bot with another.
const STOPPED: Duration = Duration::from_mins(5);
/// A channel that refuses signs of life is not asked again within this.
const HUSH: Duration = Duration::from_mins(10);
/// Idle lanes are dropped when so many are known; later at twice what was left.
const SWEEP_AT: usize = 1024;

/// What calls share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    /// All that goes to a channel with the bot's token.
    Channel(Snowflake),
    /// All that answers one interaction with its own token.
    Answer(Snowflake),
}

/// How much a call matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// A new message, or the removal of one.
    Post,
    /// The last edit of a message.
    Last,
    /// An edit that a later one replaces.
    Edit,
    /// Typing, or a reaction.
    Sign,
}

/// No slot now: how long until there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Closed {
    /// How long.
    pub(super) wait: Duration,
}

/// The right to make one call. An edit holds its lane until this is dropped.
#[derive(Debug)]
pub(super) struct Pass {
    _seat: Option<OwnedMutexGuard<()>>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Gate {
    edits: Rate,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    all: Bucket,
    lanes: HashMap<Lane, Known>,
    sweep_at: usize,
    closed_until: Option<Instant>,
    stopped: bool,
    refusals: (Instant, u32),
}

#[derive(Debug)]
struct Known {
    posts: Bucket,
    edits: Bucket,
    old_edits: Bucket,
    signs: Bucket,
    blocked_until: Option<Instant>,
    hushed_until: Option<Instant>,
    way: Arc<Way>,
}

/// Who goes next in a lane.
#[derive(Debug, Default)]
struct Way {
    /// Edits stand here in line; only the head goes on.
    line: tokio::sync::Mutex<()>,
    /// Whoever has it is on its way.
    seat: Arc<tokio::sync::Mutex<()>>,
    /// How many last edits want it.
    last: AtomicUsize,
    free: Notify,
}

impl Gate {
    /// A gate with the smallest gap between two edits in a channel.
    pub(super) fn new(edit_interval: Duration) -> Self {
        let state = State {
            all: Bucket::full(ALL),
            lanes: HashMap::new(),
            sweep_at: SWEEP_AT,
            closed_until: None,
            stopped: false,
            refusals: (Instant::now(), 0),
        };
        Self { edits: one_in(edit_interval), state: Mutex::new(state) }
    }

    /// Waits for a slot and takes it. `old`: the message is of more than an hour.
    pub(super) async fn pass(&self, lane: Lane, urgency: Urgency, old: bool) -> Result<Pass, Closed> {
        match urgency {
            Urgency::Post => self.post(lane).await,
            Urgency::Last => self.last(lane, old).await,
            Urgency::Edit => self.edit(lane, old).await,
            Urgency::Sign => self.sign(lane),
        }
    }

    /// Takes note of how a call ended.
    pub(super) fn heard(&self, lane: Lane, error: &CallError) {
        let now = Instant::now();
        let mut state = self.state();
        match error {
            CallError::Throttled { wait, global } => {
                let until = Some(now.checked_add(*wait).unwrap_or(now + REFUSAL_WINDOW));
                if *global {
                    state.closed_until = state.closed_until.max(until);
                } else {
                    let known = self.known(&mut state, lane);
                    known.blocked_until = known.blocked_until.max(until);
                }
                state.count(now);
            }
            CallError::Token if matches!(lane, Lane::Channel(_)) => {
                if !std::mem::replace(&mut state.stopped, true) {
                    tracing::error!("Discord refuses the token: nothing is sent any more");
                }
            }
            CallError::Forbidden { .. } | CallError::Over | CallError::Token => state.count(now),
            _ => {}
        }
    }

    /// Closes everything for a while: a global limit that serenity met.
    pub(super) fn close(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        let mut state = self.state();
        state.closed_until = state.closed_until.max(until);
    }

    /// No signs of life in a channel that refuses them.
    pub(super) fn hush(&self, lane: Lane) {
        let until = Instant::now() + HUSH;
        self.known(&mut self.state(), lane).hushed_until = Some(until);
    }

    /// Reserves the next slot and sleeps until it comes.
    async fn post(&self, lane: Lane) -> Result<Pass, Closed> {
        let wait = {
            let now = Instant::now();
            let mut state = self.state();
            state.open(lane, now)?;
            let own = self.known(&mut state, lane).posts.wait(1.0, now);
            let wait = own.max(state.shared(lane, now));
            if wait > PATIENCE {
                return Err(Closed { wait });
            }
            self.known(&mut state, lane).posts.take();
            state.spend(lane);
            wait
        };
        if !wait.is_zero() {
            sleep(wait).await;
        }
        self.state().open(lane, Instant::now())?;
        Ok(Pass { _seat: None })
    }

    async fn last(&self, lane: Lane, old: bool) -> Result<Pass, Closed> {
        let way = self.way(lane);
        let _wanted = Wanted::new(&way);
        let deadline = Instant::now() + PATIENCE;
        let seat = timeout_at(deadline, Arc::clone(&way.seat).lock_owned()).await;
        let seat = seat.map_err(|_| Closed { wait: self.gap(old) })?;
        self.slot(lane, old, deadline).await?;
        Ok(Pass { _seat: Some(seat) })
    }

    async fn edit(&self, lane: Lane, old: bool) -> Result<Pass, Closed> {
        let way = self.way(lane);
        let late = || Closed { wait: self.gap(old) };
        let deadline = Instant::now() + EDIT_PATIENCE;
        let _head = timeout_at(deadline, way.line.lock()).await.map_err(|_| late())?;
        loop {
            let free = way.free.notified();
            if way.last.load(Ordering::Acquire) > 0 {
                timeout_at(deadline, free).await.map_err(|_| late())?;
                continue;
            }
            let wait = self.state_wait(lane, old)?;
            if !wait.is_zero() {
                if Instant::now() + wait > deadline {
                    return Err(Closed { wait });
                }
                // Without the seat, so that a last edit takes this very slot.
                sleep(wait).await;
                continue;
            }
            let seat = timeout_at(deadline, Arc::clone(&way.seat).lock_owned()).await.map_err(|_| late())?;
            if way.last.load(Ordering::Acquire) == 0 && self.attempt(lane, old)?.is_zero() {
                return Ok(Pass { _seat: Some(seat) });
            }
        }
    }

    fn sign(&self, lane: Lane) -> Result<Pass, Closed> {
        let now = Instant::now();
        let mut state = self.state();
        state.open(lane, now)?;
        let shared = state.shared(lane, now);
        let known = self.known(&mut state, lane);
        let hushed = known.hushed_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let wait = known.signs.wait(1.0, now).max(shared).max(hushed);
        if !wait.is_zero() {
            return Err(Closed { wait });
        }
        known.signs.take();
        state.spend(lane);
        Ok(Pass { _seat: None })
    }

    /// Waits for the slot of an edit that has its lane.
    async fn slot(&self, lane: Lane, old: bool, deadline: Instant) -> Result<(), Closed> {
        loop {
            let wait = self.attempt(lane, old)?;
            if wait.is_zero() {
                return Ok(());
            }
            if Instant::now() + wait > deadline {
                return Err(Closed { wait });
            }
            sleep(wait).await;
        }
    }

    /// Takes an edit's slot, or tells when there may be one.
    fn attempt(&self, lane: Lane, old: bool) -> Result<Duration, Closed> {
        let wait = self.state_wait(lane, old)?;
        if wait.is_zero() {
            let mut state = self.state();
            let known = self.known(&mut state, lane);
            known.edits.take();
            if old {
                known.old_edits.take();
            }
            state.spend(lane);
        }
        Ok(wait)
    }

    fn state_wait(&self, lane: Lane, old: bool) -> Result<Duration, Closed> {
        let now = Instant::now();
        let mut state = self.state();
        state.open(lane, now)?;
        let shared = state.shared(lane, now);
        let known = self.known(&mut state, lane);
        let old = if old { known.old_edits.wait(1.0, now) } else { Duration::ZERO };
        Ok(known.edits.wait(1.0, now).max(old).max(shared))
    }

    fn gap(&self, old: bool) -> Duration {
        let ordinary = Duration::from_secs_f64(1.0 / self.edits.per_second);
        if old { ordinary.max(OLD_EDITS) } else { ordinary }
    }

    fn way(&self, lane: Lane) -> Arc<Way> {
        Arc::clone(&self.known(&mut self.state(), lane).way)
    }

    fn known<'s>(&self, state: &'s mut State, lane: Lane) -> &'s mut Known {
        if state.lanes.len() >= state.sweep_at && !state.lanes.contains_key(&lane) {
            let now = Instant::now();
            state.lanes.retain(|_, known| known.in_use(now));
            state.sweep_at = SWEEP_AT.max(2 * state.lanes.len());
        }
        state.lanes.entry(lane).or_insert_with(|| Known {
            posts: Bucket::full(POSTS),
            edits: Bucket::full(self.edits),
            old_edits: Bucket::full(one_in(OLD_EDITS)),
            signs: Bucket::full(SIGNS),
            blocked_until: None,
            hushed_until: None,
            way: Arc::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it was held left at most one slot uncounted.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn open(&self, lane: Lane, now: Instant) -> Result<(), Closed> {
        if self.stopped {
            return Err(Closed { wait: STOPPED });
        }
        let own = self.lanes.get(&lane).and_then(|known| known.blocked_until);
        match self.closed_until.max(own) {
            Some(until) if until > now => Err(Closed { wait: until - now }),
            _ => Ok(()),
        }
    }

    /// How long all calls of the bot have to wait.
    fn shared(&mut self, lane: Lane, now: Instant) -> Duration {
        if matches!(lane, Lane::Channel(_)) { self.all.wait(1.0, now) } else { Duration::ZERO }
    }

    fn spend(&mut self, lane: Lane) {
        if matches!(lane, Lane::Channel(_)) {
            self.all.take();
        }
    }

    /// Counts a refusal that Discord counts.
    fn count(&mut self, now: Instant) {
        let (since, count) = self.refusals;
        let over = now.saturating_duration_since(since) >= REFUSAL_WINDOW;
        self.refusals = if over { (now, 1) } else { (since, count + 1) };
        if self.refusals.1 >= REFUSALS {
            let until = self.refusals.0 + REFUSAL_WINDOW;
            tracing::error!(refusals = self.refusals.1, "Discord refuses too much: nothing is sent for a while");
            self.closed_until = self.closed_until.max(Some(until));
        }
    }
}

impl Known {
    fn in_use(&mut self, now: Instant) -> bool {
        let closed = [self.blocked_until, self.hushed_until].into_iter().flatten().any(|until| until > now);
        let idle = self.posts.is_idle(now) && self.edits.is_idle(now) && self.old_edits.is_idle(now);
        closed || !idle || Arc::strong_count(&self.way) > 1 || Arc::strong_count(&self.way.seat) > 1
    }
}

/// A last edit that waits; withdrawn when it got its slot, or was given up.
struct Wanted<'w>(&'w Way);

impl<'w> Wanted<'w> {
    fn new(way: &'w Way) -> Self {
        way.last.fetch_add(1, Ordering::AcqRel);
        Self(way)
    }
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.0.last.fetch_sub(1, Ordering::AcqRel);
        self.0.free.notify_one();
    }
}

fn one_in(interval: Duration) -> Rate {
    Rate { per_second: 1.0 / interval.as_secs_f64().max(f64::EPSILON), burst: 1.0 }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
