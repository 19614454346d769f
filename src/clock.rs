//! Time as a value.
//!
//! Decisions take a [`Timestamp`] as an argument; only the thin code around them reads a [`Clock`]. Stored deadlines
//! are compared with the store's own time (`store::Claim::now`), since the clocks of two instances may differ.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// A moment, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The moment `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// This moment moved by `later`; stays at the end of time rather than wrapping.
    #[must_use]
    pub fn after(self, later: Duration) -> Self {
        Self(self.0.saturating_add(millis(later)))
    }

    /// How long ago `earlier` was; zero if it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// Whole milliseconds of `duration`, capped at what fits.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Wall time that follows tokio's clock, so that a test which pauses tokio moves both.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Instant,
    epoch: Timestamp,
}

impl Clock {
    /// A clock set by the system's wall time; that of a test may be wrong, by the seconds in `NEMO_BOT_CLOCK_SKEW`.
    #[allow(clippy::disallowed_methods, reason = "the one place where wall time is read")]
    pub fn system() -> Self {
        let epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(Timestamp(0), |since| Timestamp(millis(since)));
        #[cfg(feature = "crash-points")]
        let epoch = skewed(epoch);
        Self { started: Instant::now(), epoch }
    }

    /// The moment now.
    pub fn now(&self) -> Timestamp {
        self.epoch.after(self.started.elapsed())
    }
}

/// Clocks may lie; see `tests/it/clocks.rs`.
#[cfg(feature = "crash-points")]
fn skewed(epoch: Timestamp) -> Timestamp {
    let skew = std::env::var("NEMO_BOT_CLOCK_SKEW").ok().and_then(|skew| skew.parse::<i64>().ok()).unwrap_or_default();
    Timestamp(epoch.0.saturating_add_signed(skew.saturating_mul(1_000)))
}
