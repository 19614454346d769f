//! The flood gate: how much one person may send.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock as _, MonotonicClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

/// People in the gate before idle ones are dropped from it.
const KEPT: usize = 4096;

/// Counts for each person what came lately.
#[derive(Debug)]
pub(super) struct Gate {
    people: RateLimiter<String, DashMapStateStore<String>, MonotonicClock>,
    /// With more people than this, idle ones are looked for: [`KEPT`], or twice as many as were left the last time. So
    /// each update bears a constant share of that, also in a flood by very many.
    limit: AtomicUsize,
}

impl Gate {
    /// Lets everybody send `burst` at once, and `per_minute` after that.
    pub(super) fn new(burst: NonZeroU32, per_minute: NonZeroU32) -> Self {
        let quota = Quota::per_minute(per_minute).allow_burst(burst);
        let people = RateLimiter::new(quota, DashMapStateStore::default(), MonotonicClock);
        Self { people, limit: KEPT.into() }
    }

    /// `Err`: how long until the person's next one passes.
    pub(super) fn pass(&self, person: &str) -> Result<(), Duration> {
        self.tidy();
        let passed = self.people.check_key(&person.to_owned());
        passed.map_err(|early| early.wait_time_from(MonotonicClock.now()))
    }

    /// Drops idle people, if there are many. Whether it looked for them.
    fn tidy(&self) -> bool {
        if self.people.len() <= self.limit.load(Ordering::Relaxed) {
            return false;
        }
        self.people.retain_recent();
        self.people.shrink_to_fit();
        self.limit.store(KEPT.max(2 * self.people.len()), Ordering::Relaxed);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(per_minute: u32) -> Gate {
        Gate::new(NonZeroU32::new(2).unwrap(), NonZeroU32::new(per_minute).unwrap())
    }

    #[test]
    fn a_burst_passes_and_the_next_one_hears_how_long_to_wait() {
        let gate = gate(1);
        assert!(gate.pass("telegram:1").is_ok() && gate.pass("telegram:1").is_ok());
        assert!(gate.pass("telegram:1").is_err_and(|wait| wait > Duration::from_secs(50)));
        assert!(gate.pass("telegram:2").is_ok(), "another person is not meant");
    }

    #[test]
    fn a_flood_by_very_many_is_seldom_looked_through() {
        let gate = gate(1);
        let mut looks = 0;
        for person in 0..4 * KEPT {
            looks += u32::from(gate.tidy());
            assert!(gate.pass(&format!("telegram:{person}")).is_ok());
        }
        assert!(looks <= 3, "{looks} times, all of them each time");
    }

    #[test]
    fn idle_people_are_dropped() {
        // Each is idle again within a millisecond.
        let gate = gate(u32::MAX);
        for person in 0..4 * KEPT {
            assert!(gate.pass(&format!("telegram:{person}")).is_ok());
        }
        assert!(gate.people.len() < 2 * KEPT, "{} are left", gate.people.len());
    }
}
