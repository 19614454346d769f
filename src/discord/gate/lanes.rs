//! What is known of each lane: its buckets, what it was penalised with, and who goes next in it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::{Closed, Lane};
use crate::pace::{Bucket, Rate};

/// 50 calls a second for a bot; with the burst no second sees more. Answers to interactions do not count.
const ALL: Rate = Rate { per_second: 35.0, burst: 10.0 };
/// Five new messages in five seconds.
const POSTS: Rate = Rate { per_second: 0.6, burst: 2.0 };
/// Signs of life leave room for each other.
const SIGNS: Rate = Rate { per_second: 0.5, burst: 5.0 };
/// Three edits in six seconds for messages of more than an hour (error 30046), with a little to spare.
pub(super) const OLD_EDITS: Duration = Duration::from_millis(2200);
/// So many refusals within [`REFUSAL_WINDOW`] close everything until it is over. Discord bans the address at 10,000
/// calls of 401, 403 and 429 in ten minutes.
pub(super) const REFUSALS: u32 = 500;
pub(super) const REFUSAL_WINDOW: Duration = Duration::from_mins(10);
/// After a refused token everything is handed back with this wait, until somebody restarts the bot with another.
const STOPPED: Duration = Duration::from_mins(5);
/// Idle lanes are dropped when so many are known; later at twice what was left.
pub(super) const SWEEP_AT: usize = 1024;

#[derive(Debug)]
pub(super) struct State {
    edits: Rate,
    pub(super) all: Bucket,
    pub(super) lanes: HashMap<Lane, Known>,
    sweep_at: usize,
    pub(super) closed_until: Option<Instant>,
    pub(super) stopped: bool,
    refusals: (Instant, u32),
}

#[derive(Debug)]
pub(super) struct Known {
    pub(super) posts: Bucket,
    pub(super) edits: Bucket,
    pub(super) old_edits: Bucket,
    pub(super) signs: Bucket,
    pub(super) blocked_until: Option<Instant>,
    pub(super) hushed_until: Option<Instant>,
    pub(super) over_until: Option<Instant>,
    pub(super) way: Arc<Way>,
}

/// Who goes next in a lane.
#[derive(Debug, Default)]
pub(super) struct Way {
    /// Edits stand here in line; only the head goes on.
    pub(super) line: tokio::sync::Mutex<()>,
    /// Whoever has it is on its way.
    pub(super) seat: Arc<tokio::sync::Mutex<()>>,
    /// How many last edits want it.
    pub(super) last: AtomicUsize,
    pub(super) free: Notify,
}

impl State {
    /// With the smallest gap between two edits in a lane.
    pub(super) fn new(edit_interval: Duration) -> Self {
        Self {
            edits: one_in(edit_interval),
            all: Bucket::full(ALL),
            lanes: HashMap::new(),
            sweep_at: SWEEP_AT,
            closed_until: None,
            stopped: false,
            refusals: (Instant::now(), 0),
        }
    }

    pub(super) fn known(&mut self, lane: Lane) -> &mut Known {
        if self.lanes.len() >= self.sweep_at && !self.lanes.contains_key(&lane) {
            let now = Instant::now();
            self.lanes.retain(|_, known| known.in_use(now));
            self.sweep_at = SWEEP_AT.max(2 * self.lanes.len());
        }
        let edits = self.edits;
        self.lanes.entry(lane).or_insert_with(|| Known {
            posts: Bucket::full(POSTS),
            edits: Bucket::full(edits),
            old_edits: Bucket::full(one_in(OLD_EDITS)),
            signs: Bucket::full(SIGNS),
            blocked_until: None,
            hushed_until: None,
            over_until: None,
            way: Arc::default(),
        })
    }

    pub(super) fn open(&self, lane: Lane, now: Instant) -> Result<(), Closed> {
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
    pub(super) fn shared(&mut self, lane: Lane, now: Instant) -> Duration {
        if matches!(lane, Lane::Channel(_)) { self.all.wait(1.0, now) } else { Duration::ZERO }
    }

    pub(super) fn spend(&mut self, lane: Lane) {
        if matches!(lane, Lane::Channel(_)) {
            self.all.take();
        }
    }

    /// Nothing is sent any more.
    pub(super) fn stop(&mut self) {
        if !std::mem::replace(&mut self.stopped, true) {
            tracing::error!("Discord refuses the token: nothing is sent any more");
        }
    }

    /// Counts a refusal that Discord counts.
    pub(super) fn count(&mut self, now: Instant) {
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
        let closed =
            [self.blocked_until, self.hushed_until, self.over_until].into_iter().flatten().any(|until| until > now);
        let idle = self.posts.is_idle(now) && self.edits.is_idle(now) && self.old_edits.is_idle(now);
        closed || !idle || Arc::strong_count(&self.way) > 1 || Arc::strong_count(&self.way.seat) > 1
    }
}

/// A last edit that waits; withdrawn when it got its slot, or was given up.
pub(super) struct Wanted<'w>(&'w Way);

impl<'w> Wanted<'w> {
    pub(super) fn new(way: &'w Way) -> Self {
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
