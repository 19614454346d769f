//! Token buckets over tokio's time.

use std::time::Duration;

use tokio::time::Instant;

/// How fast a bucket fills, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Tokens that come back in a second.
    pub per_second: f64,
    /// Tokens that a full bucket holds.
    pub burst: f64,
}

/// A token bucket. It may owe tokens: whoever took them in advance waits until they are there.
#[derive(Debug)]
pub struct Bucket {
    rate: Rate,
    per_second: f64,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    /// A full one.
    pub fn full(rate: Rate) -> Self {
        Self { rate, per_second: rate.per_second, tokens: rate.burst, at: Instant::now() }
    }

    /// How long until `need` tokens are there. Whole milliseconds, upwards, so that a wait always brings them.
    pub fn wait(&mut self, need: f64, now: Instant) -> Duration {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * self.per_second).min(self.rate.burst);
        self.at = now;
        if self.tokens >= need {
            return Duration::ZERO;
        }
        let seconds = (need - self.tokens) / self.per_second;
        Duration::try_from_secs_f64((seconds * 1000.0).ceil() / 1000.0).unwrap_or(Duration::MAX)
    }

    /// Takes a token, also one that is not there yet.
    pub fn take(&mut self) {
        self.tokens -= 1.0;
    }

    /// Whether it is full again.
    pub fn is_idle(&mut self, now: Instant) -> bool {
        self.wait(self.rate.burst, now).is_zero()
    }

    /// Refills at one token for each `pace`, never faster than its rate.
    pub fn slow_to(&mut self, pace: Duration, now: Instant) {
        self.wait(0.0, now);
        self.per_second = (1.0 / pace.as_secs_f64().max(f64::EPSILON)).min(self.rate.per_second);
    }
}
