//! Places where a test lets the program die, as a power cut would.
//!
//! [`point`] does nothing unless the program is built with the feature `crash-points`, which no release has. With it,
//! and with `NEMO_BOT_CRASH=turn.written:2` in the environment, the process aborts when it passes that place for the
//! second time: nothing is flushed, nothing is let go. `tests/it/restart.rs` goes through all of them. With
//! `turn.written:2:panic` the task that passes it panics instead, as a fault in our code would.

/// Dies here if a test asked for it.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub const fn point(_name: &str) {}

#[cfg(feature = "crash-points")]
pub use armed::{POINTS, point};

#[cfg(feature = "crash-points")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// All places, in the order in which a message with a clip, a wish and an export pass them.
    pub const POINTS: &[&str] = &[
        "poll.handed",
        "accept.stored",
        "offset.before",
        "offset.moved",
        "claim.taken",
        "live.posted",
        "account.locked",
        "session.opened",
        "upload.before",
        "upload.arrived",
        "upload.stored",
        "turn.written",
        "turn.posting",
        "turn.first-event",
        "turn.mid-stream",
        "turn.last-byte",
        "turn.said",
        "turn.landed",
        "finish.before",
        "finish.after",
        "export.status",
        "export.stored",
        "render.claimed",
        "render.submitting",
        "render.submitted",
        "render.polled",
        "render.completed",
        "render.shown",
        "render.ringing",
        "render.rang",
    ];

    /// Places that such a message may pass, and need not.
    const OTHERS: &[&str] = &["command.answered", "crew.claimed", "held.beat", "live.kept", "stop.stored"];

    /// The place to die at, how often it is still passed before, and whether only its task dies.
    static ARMED: OnceLock<Option<(String, AtomicU32, bool)>> = OnceLock::new();

    /// Dies here if a test asked for it.
    pub fn point(name: &'static str) {
        debug_assert!(POINTS.contains(&name) || OTHERS.contains(&name), "{name} is not among the crash points");
        tracing::debug!(target: "nemo_bot", "Passed crash point {name}.");
        let Some((armed, left, panics)) = ARMED.get_or_init(asked) else { return };
        if armed == name && left.fetch_sub(1, Ordering::Relaxed) == 1 {
            assert!(!panics, "a test asked for it");
            std::process::abort();
        }
    }

    /// Reads `name:occurrence` and `name:occurrence:panic`.
    fn asked() -> Option<(String, AtomicU32, bool)> {
        let asked = std::env::var("NEMO_BOT_CRASH").ok()?;
        let (asked, panics) = asked.strip_suffix(":panic").map_or((asked.as_str(), false), |asked| (asked, true));
        let (name, occurrence) = asked.split_once(':')?;
        Some((name.to_owned(), occurrence.parse().ok().filter(|n| *n > 0).map(AtomicU32::new)?, panics))
    }
}
