//! Telegram's flood control. A call too many closes the chat for a while, and each call inside that time lengthens it.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::settings::TelegramTimes;

/// What was spent so far.
#[derive(Debug, Default)]
pub(super) struct Budget {
    all: VecDeque<Instant>,
    groups: HashMap<i64, VecDeque<Instant>>,
    /// When a private chat will have recovered from its last call (a leaky bucket kept as one moment).
    privates: HashMap<i64, Instant>,
    closed: HashMap<i64, Instant>,
}

impl Budget {
    /// Spends one call on `chat`, or says how many seconds to wait.
    pub(super) fn spend(&mut self, times: &TelegramTimes, chat: i64, now: Instant) -> Result<(), u64> {
        if let Some(until) = self.closed.get_mut(&chat).filter(|until| **until > now) {
            *until += times.penalty_growth;
            return Err(seconds(*until - now));
        }
        self.closed.remove(&chat);
        let fits = room(&mut self.all, times.total_span, times.total_limit, now)
            && if chat < 0 {
                room(self.groups.entry(chat).or_default(), times.group_span, times.group_limit, now)
            } else {
                let slack = times.private_interval * times.private_burst.saturating_sub(1);
                self.privates.get(&chat).is_none_or(|recovered| *recovered <= now + slack)
            };
        if !fits {
            self.close(chat, times.penalty, now);
            return Err(seconds(times.penalty));
        }
        self.all.push_back(now);
        if chat < 0 {
            self.groups.entry(chat).or_default().push_back(now);
        } else {
            let recovered = self.privates.entry(chat).or_insert(now);
            *recovered = (*recovered).max(now) + times.private_interval;
        }
        Ok(())
    }

    /// Opens every chat that is closed.
    pub(super) fn open(&mut self) {
        self.closed.clear();
    }

    /// Closes `chat` for `how_long`.
    pub(super) fn close(&mut self, chat: i64, how_long: Duration, now: Instant) {
        self.closed.insert(chat, now + how_long);
    }
}

/// Whether fewer than `limit` calls lie within `span`.
fn room(calls: &mut VecDeque<Instant>, span: Duration, limit: usize, now: Instant) -> bool {
    while calls.front().is_some_and(|call| *call + span <= now) {
        calls.pop_front();
    }
    calls.len() < limit
}

/// Whole seconds, rounded up, as `retry_after` is.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_chat_takes_a_burst_and_then_one_a_second() {
        let (times, mut budget, start) = (TelegramTimes::default(), Budget::default(), Instant::now());
        for _ in 0..times.private_burst {
            assert_eq!(budget.spend(&times, 1, start), Ok(()));
        }
        assert_eq!(budget.spend(&times, 1, start), Err(3));
        assert_eq!(budget.spend(&times, 2, start), Ok(()), "another chat is not concerned");
        assert_eq!(budget.spend(&times, 1, start + Duration::from_secs(1)), Err(3), "and it was lengthened");
        let after = start + Duration::from_secs(4);
        for _ in 0..4 {
            assert_eq!(budget.spend(&times, 1, after), Ok(()));
        }
        assert_eq!(budget.spend(&times, 1, after), Err(3), "only the time that passed was recovered");
    }

    #[test]
    fn a_group_takes_twenty_in_any_minute_and_all_chats_thirty_in_any_second() {
        let (times, mut budget, start) = (TelegramTimes::default(), Budget::default(), Instant::now());
        for at in 0..20 {
            assert_eq!(budget.spend(&times, -5, start + Duration::from_secs(at)), Ok(()));
        }
        assert_eq!(budget.spend(&times, -5, start + Duration::from_secs(56)), Err(3));
        assert_eq!(budget.spend(&times, -5, start + Duration::from_mins(1)), Ok(()), "the first one is forgotten");
        let later = start + Duration::from_secs(100);
        for chat in 1..=30 {
            assert_eq!(budget.spend(&times, chat, later), Ok(()));
        }
        assert_eq!(budget.spend(&times, 31, later), Err(3));
    }
}
