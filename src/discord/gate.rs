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

mod lanes;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep, timeout_at};

use self::lanes::{OLD_EDITS, REFUSAL_WINDOW, State, Wanted, Way};
use super::back::TOKEN_LIFE;
use super::error::CallError;
use super::place::Snowflake;

/// A last edit or a message that would wait longer is handed back, with the wait.
const PATIENCE: Duration = Duration::from_mins(1);
/// An edit that would wait longer is out of date by then and is handed back, with the wait.
const EDIT_PATIENCE: Duration = Duration::from_secs(10);
/// A channel that refuses signs of life is not asked again within this.
const HUSH: Duration = Duration::from_mins(10);
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
    /// A reaction in place of another one: two calls.
    Turn,
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
    edit_interval: Duration,
    state: Mutex<State>,
}

impl Gate {
    /// A gate with the smallest gap between two edits in a channel.
    pub(super) fn new(edit_interval: Duration) -> Self {
        Self { edit_interval, state: Mutex::new(State::new(edit_interval)) }
    }

    /// Waits for a slot and takes it. `old`: the message is of more than an hour.
    pub(super) async fn pass(&self, lane: Lane, urgency: Urgency, old: bool) -> Result<Pass, Closed> {
        match urgency {
            Urgency::Post => self.post(lane).await,
            Urgency::Last => self.last(lane, old).await,
            Urgency::Edit => self.edit(lane, old).await,
            Urgency::Sign => self.sign(lane, 1),
            Urgency::Turn => self.sign(lane, 2),
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
                    let known = state.known(lane);
                    known.blocked_until = known.blocked_until.max(until);
                }
                state.count(now);
            }
            CallError::Token if matches!(lane, Lane::Channel(_)) => state.stop(),
            CallError::Over => {
                state.known(lane).over_until = Some(now + TOKEN_LIFE);
                state.count(now);
            }
            CallError::Forbidden { .. } | CallError::Token => state.count(now),
            _ => {}
        }
    }

    /// Closes everything for a while: a global limit that serenity met.
    pub(super) fn close(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        let mut state = self.state();
        state.closed_until = state.closed_until.max(until);
    }

    /// Whether an interaction's token was refused: it will be again.
    pub(super) fn is_over(&self, lane: Lane) -> bool {
        let state = self.state();
        let until = state.lanes.get(&lane).and_then(|known| known.over_until);
        until.is_some_and(|until| until > Instant::now())
    }

    /// No signs of life in a channel that refuses them.
    pub(super) fn hush(&self, lane: Lane) {
        let until = Instant::now() + HUSH;
        self.state().known(lane).hushed_until = Some(until);
    }

    /// Reserves the next slot and sleeps until it comes.
    async fn post(&self, lane: Lane) -> Result<Pass, Closed> {
        let wait = {
            let now = Instant::now();
            let mut state = self.state();
            state.open(lane, now)?;
            let own = state.known(lane).posts.wait(1.0, now);
            let wait = own.max(state.shared(lane, now));
            if wait > PATIENCE {
                return Err(Closed { wait });
            }
            state.known(lane).posts.take();
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

    fn sign(&self, lane: Lane, calls: u32) -> Result<Pass, Closed> {
        let now = Instant::now();
        let mut state = self.state();
        state.open(lane, now)?;
        let shared = state.shared(lane, now);
        let known = state.known(lane);
        let hushed = known.hushed_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let wait = known.signs.wait(f64::from(calls), now).max(shared).max(hushed);
        if !wait.is_zero() {
            return Err(Closed { wait });
        }
        for _ in 0..calls {
            state.known(lane).signs.take();
            state.spend(lane);
        }
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
            let known = state.known(lane);
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
        let known = state.known(lane);
        let old = if old { known.old_edits.wait(1.0, now) } else { Duration::ZERO };
        Ok(known.edits.wait(1.0, now).max(old).max(shared))
    }

    fn gap(&self, old: bool) -> Duration {
        if old { self.edit_interval.max(OLD_EDITS) } else { self.edit_interval }
    }

    fn way(&self, lane: Lane) -> Arc<Way> {
        Arc::clone(&self.state().known(lane).way)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it was held left at most one slot uncounted.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
