//! How large a file may be: Discord tells it with each interaction, by server, and moves it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::place::{Snowflake, Spot};

/// What any bot may send anywhere, in bytes, until an interaction tells more: 10 MiB. Whatever is decided by it, Discord
/// has the last word (413, 40005). Source: Discord's API reference, "Uploading Files", August 2026.
const LEAST: u64 = 10 * 1024 * 1024;
/// More servers than one bot hears of between two restarts. Beyond it all is forgotten, and heard again.
const LIMIT: usize = 10_000;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Sizes(Mutex<HashMap<Snowflake, u64>>);

impl Sizes {
    /// Discord told the largest file of a place.
    pub(super) fn learn(&self, spot: Spot, limit: Option<u64>) {
        let Some(limit) = limit else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= LIMIT {
            known.clear();
        }
        known.insert(key(spot), limit);
    }

    /// The largest file that is worth trying.
    pub(super) fn limit(&self, spot: Option<Spot>) -> u64 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spot.and_then(|spot| known.get(&key(spot)).copied()).unwrap_or(LEAST)
    }
}

/// A server's channels share their limit.
fn key(spot: Spot) -> Snowflake {
    match spot {
        Spot::Server { guild, .. } => guild,
        Spot::Direct { channel } | Spot::Guest { channel } => channel,
    }
}
