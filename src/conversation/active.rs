//! Where something was said lately, for platforms that do not bring again what was missed.
//!
//! Kept in memory by the instance that listens and stored now and then. A lag does no harm: whoever catches up reads a
//! little more than was missed, and what was seen before is dropped.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chat::id::{EventId, PlaceId, Platform};
use crate::clock::{Clock, Timestamp};
use crate::store::{Key, Kind, StoreError, Vault};

/// A conversation that was silent for longer is not caught up with.
const KEPT: Duration = Duration::from_hours(24);
/// Catching up costs a call for each place: beyond this the longest silent go.
const PLACES: usize = 1000;
/// How far the stored list may lag behind. A place that is new in it is stored at once, as long as there is room: in a
/// full list places come and go with each update, and it would be written as often.
const LAG: Duration = Duration::from_secs(10);

/// The newest event of each place.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Places(BTreeMap<String, (EventId, Timestamp)>);

impl Places {
    /// Whether the place was not in it before.
    fn saw(&mut self, place: &PlaceId, event: &EventId, now: Timestamp) -> bool {
        let new = self.0.insert(place.as_str().to_owned(), (event.clone(), now)).is_none();
        if self.0.len() > PLACES {
            self.drop_quiet(now);
        }
        while self.0.len() > PLACES {
            let Some(oldest) = self.0.iter().min_by_key(|(_, (_, at))| *at).map(|(place, _)| place.clone()) else {
                break;
            };
            self.0.remove(&oldest);
        }
        new
    }

    /// Leaves out where nothing was said for a day.
    fn drop_quiet(&mut self, now: Timestamp) {
        self.0.retain(|_, (_, at)| now.since(*at) < KEPT);
    }

    /// Takes over what is newer in another list.
    fn join(&mut self, other: &Self) {
        for (place, (event, at)) in &other.0 {
            if self.0.get(place).is_none_or(|(_, known)| known < at) {
                self.saw(&PlaceId::new(place.clone()), event, *at);
            }
        }
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Active {
    vault: Vault,
    clock: Clock,
    followed: Mutex<HashMap<Platform, Followed>>,
}

#[derive(Debug, Default)]
struct Followed {
    places: Places,
    stored: Option<Timestamp>,
}

impl Active {
    pub(super) fn new(vault: Vault, clock: Clock) -> Self {
        Self { vault, clock, followed: Mutex::default() }
    }

    /// The places of a platform with the newest event of each. From now on the platform is followed here.
    pub(super) async fn of(&self, platform: Platform) -> Result<Vec<(PlaceId, EventId)>, StoreError> {
        let stored = self.vault.load::<Places>(&key(platform)).await?.map(|(_, places)| places).unwrap_or_default();
        let now = self.clock.now();
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let here = followed.entry(platform).or_default();
        here.places.join(&stored);
        here.places.drop_quiet(now);
        let places = here.places.0.iter();
        Ok(places.map(|(place, (event, _))| (PlaceId::new(place.clone()), event.clone())).collect())
    }

    /// Something was said. Losing this loses nothing but a place to look at.
    pub(super) async fn saw(&self, platform: Platform, place: &PlaceId, event: &EventId) {
        let now = self.clock.now();
        let due = {
            let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(here) = followed.get_mut(&platform) else { return };
            let has_room = here.places.0.len() < PLACES;
            let new = here.places.saw(place, event, now) && has_room;
            if !new && here.stored.is_some_and(|stored| now.since(stored) < LAG) {
                return;
            }
            here.stored = Some(now);
            here.places.drop_quiet(now);
            here.places.clone()
        };
        // Others add to it too.
        let join = |stored: Option<Places>| {
            let mut all = stored.unwrap_or_default();
            all.join(&due);
            all.drop_quiet(now);
            Some(all)
        };
        let stored = self.vault.change(&key(platform), Some(KEPT), join).await;
        if let Err(error) = stored {
            tracing::debug!(%error, "The list of active places could not be stored");
        }
    }
}

/// A place was made in which something may be said from now on, where its platform is followed.
pub(super) async fn follow(
    vault: &Vault,
    platform: Platform,
    place: &PlaceId,
    event: &EventId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let add = |stored: Option<Places>| {
        let mut all = stored?;
        all.saw(place, event, now);
        Some(all)
    };
    vault.change(&key(platform), Some(KEPT), add).await.map(drop)
}

/// One row for each platform, with what is known of its ingress.
fn key(platform: Platform) -> Key {
    Key::new(Kind::Ingress, "ingress", &format!("{platform}:active"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::shift::lock;
    use super::*;
    use crate::store::StoreKey;
    use crate::store::sqlite::SqliteStore;

    #[test]
    fn the_longest_silent_places_go_first() {
        let clock = Clock::system();
        let (mut places, start) = (Places::default(), clock.now());
        for number in 0..=PLACES {
            let at = start.after(Duration::from_secs(number as u64));
            assert!(places.saw(&PlaceId::new(number.to_string()), &EventId::new("m1"), at));
        }
        assert_eq!(places.0.len(), PLACES);
        assert!(!places.0.contains_key("0") && places.0.contains_key("1"));
        assert!(!places.saw(&PlaceId::new("1"), &EventId::new("m2"), start.after(KEPT)), "it is known");
    }

    #[tokio::test]
    async fn a_new_place_is_stored_at_once_unless_the_list_is_full() {
        let store = SqliteStore::memory().await.unwrap();
        let vault = Vault::new(Arc::new(store), &StoreKey::generate(), &[]);
        let active = Active::new(vault.clone(), Clock::system());
        for (known, stores) in [(PLACES - 1, true), (PLACES, false)] {
            let now = active.clock.now();
            let mut places = Places::default();
            for number in 0..known {
                places.saw(&PlaceId::new(number.to_string()), &EventId::new("m1"), now);
            }
            lock(&active.followed).insert(Platform::Discord, Followed { places, stored: Some(now) });
            let before = vault.load::<Places>(&key(Platform::Discord)).await.unwrap().map(|(version, _)| version);
            active.saw(Platform::Discord, &PlaceId::new("new"), &EventId::new("m2")).await;
            let after = vault.load::<Places>(&key(Platform::Discord)).await.unwrap().map(|(version, _)| version);
            assert_eq!(before != after, stores, "with {known} places");
        }
    }

    #[tokio::test]
    async fn a_place_that_has_been_quiet_for_a_day_leaves_the_list_whatever_is_said_elsewhere() {
        let store = SqliteStore::memory().await.unwrap();
        let vault = Vault::new(Arc::new(store), &StoreKey::generate(), &[]);
        let active = Active::new(vault.clone(), Clock::system());
        let row = key(Platform::Discord);
        let mut places = Places::default();
        places.saw(&PlaceId::new("quiet"), &EventId::new("m1"), Timestamp::from_millis(1));
        vault.change(&row, None, |_: Option<Places>| Some(places.clone())).await.unwrap();
        lock(&active.followed).insert(Platform::Discord, Followed { places, stored: None });
        active.saw(Platform::Discord, &PlaceId::new("busy"), &EventId::new("m2")).await;
        let stored = vault.load::<Places>(&row).await.unwrap().unwrap().1;
        assert_eq!(stored.0.keys().collect::<Vec<_>>(), ["busy"]);
        assert_eq!(lock(&active.followed)[&Platform::Discord].places.0.len(), 1);
    }

    #[test]
    fn two_lists_become_one_with_the_newest_of_each() {
        let start = Clock::system().now();
        let list = |events: &[(&str, &str, u64)]| {
            let mut places = Places::default();
            for (place, event, after) in events {
                let at = start.after(Duration::from_secs(*after));
                places.saw(&PlaceId::new(*place), &EventId::new(*event), at);
            }
            places
        };
        let mut one = list(&[("a", "m5", 5), ("b", "m1", 1)]);
        one.join(&list(&[("a", "m2", 2), ("b", "m3", 3), ("c", "m4", 4)]));
        let newest: Vec<_> = one.0.iter().map(|(place, (event, _))| (place.as_str(), event.as_str())).collect();
        assert_eq!(newest, [("a", "m5"), ("b", "m3"), ("c", "m4")]);
    }
}
