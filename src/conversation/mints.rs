//! The ledger of anonymous tokens: how many were obtained by this deployment. The service gives about ten to an address in
//! seven days, so whoever runs the bot must learn in time that they run out.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::store::{Key, Kind, StoreError, Vault};

/// The span that the service counts in (contract 3.1).
const SPAN: Duration = Duration::from_hours(168);
/// More than this many are not told apart. The service gives ten.
const COUNTED: usize = 1_000;
/// Nobody's in particular: the whole deployment's.
const OWNER: &str = "deployment";

#[derive(Default, Serialize, Deserialize)]
struct Mints {
    /// When tokens were obtained, oldest first.
    obtained: VecDeque<Timestamp>,
}

impl Mints {
    fn prune(&mut self, now: Timestamp) {
        while self.obtained.front().is_some_and(|at| now.since(*at) >= SPAN) || self.obtained.len() > COUNTED {
            self.obtained.pop_front();
        }
    }
}

fn key() -> Key {
    Key::new(Kind::Mints, OWNER, "anonymous")
}

/// Notes that a token was obtained. `false`: the store does not take it now.
pub(super) async fn note(vault: &Vault, now: Timestamp) -> bool {
    let noted = vault
        .change(&key(), Some(SPAN), |mints: Option<Mints>| {
            let mut mints = mints.unwrap_or_default();
            mints.obtained.push_back(now);
            mints.prune(now);
            Some(mints)
        })
        .await;
    let counted = noted.is_ok();
    match noted {
        Ok(mints) => {
            let obtained = mints.map_or(0, |mints| mints.obtained.len());
            tracing::info!(
                obtained,
                "An anonymous token was obtained; the service gives about 10 per address in 7 days"
            );
        }
        Err(error) => tracing::warn!(%error, "An anonymous token was obtained and could not be counted"),
    }
    counted
}

/// Tells the operator that there are no more.
pub(super) async fn refused(vault: &Vault, now: Timestamp) {
    let obtained = count(vault, now).await.unwrap_or_default();
    tracing::warn!(
        obtained,
        "The service refused a new anonymous token (429). It allows about 10 per address in 7 days. Set NEMO_TOKEN"
    );
}

/// How many were obtained within the span.
async fn count(vault: &Vault, now: Timestamp) -> Result<usize, StoreError> {
    let mut mints = vault.load::<Mints>(&key()).await?.map(|(_, mints)| mints).unwrap_or_default();
    mints.prune(now);
    Ok(mints.obtained.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_seven_days_no_longer_counts() {
        let day = |day: u64| Timestamp::from_millis(day * 24 * 3_600_000);
        let mut mints = Mints { obtained: [day(1), day(3), day(8)].into() };
        mints.prune(day(8));
        assert_eq!(mints.obtained, [day(3), day(8)]);
    }
}
