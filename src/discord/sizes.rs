//! How large a file may be: Discord tells it with each interaction, by server, and moves it. Where it has not told yet, a
//! server's boosts do.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::place::{Snowflake, Spot};

/// What any bot may send anywhere, in bytes, until an interaction tells more: 10 MiB. Whatever is decided by it, Discord
/// has the last word (413, 40005). Source: Discord's API reference, "Uploading Files", August 2026.
const LEAST: u64 = 10 * 1024 * 1024;
/// What a server's boosts add, by its tier: 50 MiB from 2 on, 100 MiB from 3 on. Source: Discord's help, "Server Boosting
/// FAQ".
const BOOSTED: [u64; 4] = [LEAST, LEAST, 50 * 1024 * 1024, 100 * 1024 * 1024];
/// More servers than one bot hears of between two restarts. Beyond it all is forgotten, and heard again.
const LIMIT: usize = 10_000;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Sizes(Mutex<HashMap<Snowflake, Told>>);

/// What is known of a server or channel.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    /// By an interaction.
    limit: Option<u64>,
    /// The tier that the server is boosted to.
    tier: u8,
}

impl Sizes {
    /// Discord told the largest file of a place.
    pub(super) fn learn(&self, spot: Spot, limit: Option<u64>) {
        if limit.is_some() {
            self.note(key(spot), |told| told.limit = limit);
        }
    }

    /// Discord told how far a server is boosted. What an interaction told before is out of date where that has changed.
    pub(super) fn boosted(&self, guild: Snowflake, tier: u8) {
        self.note(guild, |told| {
            if told.tier != tier {
                *told = Told { limit: None, tier };
            }
        });
    }

    /// The largest file that is worth trying.
    pub(super) fn limit(&self, spot: Option<Spot>) -> u64 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let told = spot.and_then(|spot| known.get(&key(spot)).copied()).unwrap_or_default();
        told.limit.unwrap_or(BOOSTED[usize::from(told.tier).min(BOOSTED.len() - 1)])
    }

    fn note(&self, key: Snowflake, note: impl FnOnce(&mut Told)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= LIMIT && !known.contains_key(&key) {
            known.clear();
        }
        note(known.entry(key).or_default());
    }
}

/// A server's channels share their limit.
fn key(spot: Spot) -> Snowflake {
    match spot {
        Spot::Server { guild, .. } => guild,
        Spot::Direct { channel } | Spot::Guest { channel } => channel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interaction_tells_more_than_boosts_until_these_change() {
        let (sizes, spot) = (Sizes::default(), Spot::Server { guild: 7, channel: 1 });
        assert_eq!(sizes.limit(Some(spot)), LEAST);
        assert_eq!(sizes.limit(None), LEAST);
        sizes.boosted(7, 2);
        assert_eq!(sizes.limit(Some(spot.at(2))), 50 << 20);
        sizes.learn(spot, Some(20 << 20));
        sizes.learn(spot, None);
        sizes.boosted(7, 2);
        assert_eq!(sizes.limit(Some(spot)), 20 << 20);
        sizes.boosted(7, 9);
        assert_eq!(sizes.limit(Some(spot)), 100 << 20);
    }
}
