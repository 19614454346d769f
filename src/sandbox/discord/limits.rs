//! Discord's rate limits: buckets by route, method and top-level id, one for everything, and the count of invalid calls.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::refusal::{Refusal, Scope};
use super::settings::Rate;

/// Windows that are over are forgotten when this many are kept.
const KEPT: usize = 4096;

#[derive(Clone, Copy, Debug)]
struct Window {
    left: u32,
    resets: Instant,
}

/// What the head of an answer says of its bucket.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    pub(super) limit: u32,
    pub(super) left: u32,
    pub(super) resets_after: Duration,
    /// In seconds since 1970.
    pub(super) resets_at: f64,
    /// The bucket's name: the same for each top-level id, as Discord's is.
    pub(super) bucket: String,
}

/// What was spent so far.
#[derive(Debug, Default)]
pub(super) struct Limits {
    windows: HashMap<String, Window>,
    invalid: VecDeque<Instant>,
}

impl Limits {
    /// Spends one call on the bucket `key`; `Err` holds the time to wait.
    fn spend(&mut self, key: &str, rate: Rate, now: Instant) -> Result<(u32, Duration), Duration> {
        if self.windows.len() >= KEPT {
            self.windows.retain(|_, window| window.resets > now);
        }
        let fresh = Window { left: rate.limit, resets: now + rate.span };
        let window = self.windows.entry(key.to_owned()).or_insert(fresh);
        if window.resets <= now {
            *window = fresh;
        }
        let wait = window.resets - now;
        if window.left == 0 {
            return Err(wait);
        }
        window.left -= 1;
        Ok((window.left, wait))
    }

    /// Spends one call on a route's bucket. What the head of the answer says comes back in both cases.
    pub(super) fn route(
        &mut self,
        bucket: &str,
        top: &str,
        rate: Rate,
        now: Instant,
    ) -> (Standing, Result<(), Refusal>) {
        let spent = self.spend(&format!("{bucket} {top}"), rate, now);
        let (left, resets_after) = match spent {
            Ok((left, wait)) => (left, wait),
            Err(wait) => (0, wait),
        };
        let standing = Standing { limit: rate.limit, left, resets_after, resets_at: 0.0, bucket: bucket.to_owned() };
        (standing, spent.map(drop).map_err(|wait| Refusal::limited(wait, Scope::User, None)))
    }

    /// Spends one call on what all routes share.
    pub(super) fn all(&mut self, rate: Rate, now: Instant) -> Result<(), Refusal> {
        self.spend("all", rate, now).map(drop).map_err(|wait| Refusal::limited(wait, Scope::Global, None))
    }

    /// Spends one edit of an old message.
    pub(super) fn old_edit(&mut self, channel: u64, rate: Rate, now: Instant) -> Result<(), Refusal> {
        let spent = self.spend(&format!("old {channel}"), rate, now);
        spent.map(drop).map_err(|wait| Refusal::limited(wait, Scope::User, Some(30046)))
    }

    /// Closes everything for a while, as a global 429 does.
    pub(super) fn close_all(&mut self, how_long: Duration, now: Instant) {
        self.windows.insert("all".to_owned(), Window { left: 0, resets: now + how_long });
    }

    /// Closes one bucket for a while.
    pub(super) fn close(&mut self, bucket: &str, top: &str, how_long: Duration, now: Instant) {
        self.windows.insert(format!("{bucket} {top}"), Window { left: 0, resets: now + how_long });
    }

    /// Opens what was closed.
    pub(super) fn open(&mut self) {
        self.windows.retain(|_, window| window.left > 0);
    }

    /// Counts an answer that Discord calls invalid.
    pub(super) fn count_invalid(&mut self, refusal: &Refusal, span: Duration, now: Instant) {
        let shared = refusal.limited.is_some_and(|limited| limited.scope == Scope::Shared);
        if matches!(refusal.status, 401 | 403) || refusal.status == 429 && !shared {
            self.invalid.push_back(now);
        }
        self.forget(span, now);
    }

    /// How many invalid calls lie within `span`.
    pub(super) fn invalid(&self, span: Duration, now: Instant) -> usize {
        self.invalid.iter().filter(|at| **at + span > now).count()
    }

    fn forget(&mut self, span: Duration, now: Instant) {
        while self.invalid.front().is_some_and(|at| *at + span <= now) {
            self.invalid.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_opens_again_when_its_window_is_over_and_others_are_not_concerned() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        let rate = Rate::new(2, Duration::from_secs(5));
        for left in [1, 0] {
            let (standing, spent) = limits.route("edits", "1", rate, start);
            assert_eq!((standing.left, standing.limit, spent), (left, 2, Ok(())));
        }
        let (standing, spent) = limits.route("edits", "1", rate, start + Duration::from_secs(1));
        let refused = spent.unwrap_err();
        assert_eq!(refused.body()["retry_after"], 4.0);
        assert_eq!((refused.status, refused.code, standing.left), (429, None, 0));
        assert_eq!(limits.route("edits", "2", rate, start).1, Ok(()), "another channel");
        assert_eq!(limits.route("messages", "1", rate, start).1, Ok(()), "another method");
        assert_eq!(limits.route("edits", "1", rate, start + Duration::from_secs(5)).1, Ok(()));
    }

    #[test]
    fn invalid_calls_are_counted_except_shared_ones() {
        let (mut limits, now, span) = (Limits::default(), Instant::now(), Duration::from_mins(10));
        let wait = Duration::from_secs(1);
        for scope in [Scope::User, Scope::Shared, Scope::Global] {
            limits.count_invalid(&Refusal::limited(wait, scope, None), span, now);
        }
        limits.count_invalid(&super::super::refusal::MISSING_ACCESS.into(), span, now);
        limits.count_invalid(&super::super::refusal::UNKNOWN_MESSAGE.into(), span, now);
        assert_eq!(limits.invalid(span, now), 3);
        assert_eq!(limits.invalid(span, now + span), 0);
    }
}
