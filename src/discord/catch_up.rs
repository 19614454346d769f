//! What was posted while nobody listened, or while the store took nothing: after a fresh session, or a second time,
//! Discord brings nothing by itself, so it is read.
//!
//! Only where the bot is active, oldest first, at a low rate: these reads share their limit with the messages of the
//! same channel. What was seen before is dropped by the core. Commands and presses cannot be read; buttons stay valid,
//! and whoever got no answer uses them again.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::id::ChannelId;
use tokio::sync::Notify;
use tokio::time::sleep;
use tracing::{debug, info, warn};

use super::error::CallError;
use super::intake::Intake;
use super::media::snowflake;
use super::place::{Snowflake, Spot};
use crate::chat::id::{EventId, Platform};
use crate::ingress::Backoff;

/// The most messages that Discord gives at once. Source: API reference, "Get Channel Messages".
const PAGE: usize = 100;
/// A channel with more than this while the bot was away is a busy one: what was said last there is left.
const PAGES: usize = 10;
/// Between two reads.
const PACE: Duration = Duration::from_millis(250);
/// Channels that are noted at one time, besides those that the core names.
const NOTED: usize = 1000;

/// What has to be read from Discord. It outlives a connection.
#[derive(Debug, Default)]
pub(super) struct Missed {
    notes: Mutex<Notes>,
    stirred: Notify,
}

#[derive(Debug, Default)]
struct Notes {
    /// All active places are to be read.
    fresh: bool,
    /// Channels, each with the newest message that need not be read.
    after: BTreeMap<Snowflake, (Spot, Snowflake)>,
}

impl Missed {
    /// A fresh session: what was posted before it does not come by itself.
    pub(super) fn all(&self) {
        self.notes().fresh = true;
        self.stirred.notify_one();
    }

    /// A message did not arrive.
    pub(super) fn note(&self, spot: Spot, message: Snowflake) {
        self.note_after(spot, message.saturating_sub(1));
        warn!(message, "A message could not be stored; it is read again once the store answers");
    }

    fn note_after(&self, spot: Spot, after: Snowflake) {
        {
            let mut notes = self.notes();
            if notes.after.len() >= NOTED && !notes.after.contains_key(&spot.channel()) {
                // The core may still know the place.
                notes.fresh = true;
            } else {
                let (_, known) = notes.after.entry(spot.channel()).or_insert((spot, after));
                *known = after.min(*known);
            }
        }
        self.stirred.notify_one();
    }

    /// A channel was read from there on.
    fn done(&self, spot: Spot, after: Snowflake) {
        let mut notes = self.notes();
        if notes.after.get(&spot.channel()).is_some_and(|(_, known)| *known == after) {
            notes.after.remove(&spot.channel());
        }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a channel was not read to its end.
enum Unread {
    /// The bot was removed, or the channel is gone.
    Closed,
    /// Another time.
    Later,
}

impl Intake {
    /// Reads whatever was missed, whenever something was, for as long as there is a connection.
    pub(super) async fn keeps_up(&self) {
        let mut wait = Backoff::default();
        loop {
            self.missed.stirred.notified().await;
            if self.catch_up().await {
                wait = Backoff::default();
            } else {
                sleep(wait.pause()).await;
                self.missed.stirred.notify_one();
            }
        }
    }

    /// Reads what was missed. `false`: something is left to be read.
    pub(super) async fn catch_up(&self) -> bool {
        let fresh = self.missed.notes().fresh;
        let mut places: Vec<(Spot, Snowflake, bool)> = Vec::new();
        if fresh {
            let Ok(active) = self.inlet.active(Platform::Discord).await else { return false };
            let active = active.iter().filter_map(|(place, newest)| Spot::read(place).zip(number(newest)));
            places.extend(active.filter(|(spot, _)| spot.has_route()).map(|(spot, newest)| (spot, newest, false)));
            self.missed.notes().fresh = false;
        }
        places.extend(self.missed.notes().after.values().map(|(spot, after)| (*spot, *after, true)));
        let (mut found, mut all) = (0, true);
        for (spot, after, noted) in places {
            match self.read_after(spot, after).await {
                Ok(count) => found += count,
                Err(Unread::Closed) => {}
                Err(Unread::Later) => {
                    self.missed.note_after(spot, after);
                    all = false;
                    continue;
                }
            }
            if noted {
                self.missed.done(spot, after);
            }
            sleep(PACE).await;
        }
        if found > 0 {
            info!(messages = found, "Caught up with what was posted meanwhile");
        }
        all
    }

    async fn read_after(&self, spot: Spot, mut after: Snowflake) -> Result<usize, Unread> {
        let mut count = 0;
        for _ in 0..PAGES {
            let query = vec![("after", after.to_string()), ("limit", PAGE.to_string())];
            let route = Route::ChannelMessages { channel_id: ChannelId::new(spot.channel()) };
            let page = self.api.ask(LightMethod::Get, route, None, Some(query)).await;
            let mut page: Vec<Value> = page.map_err(|error| match error {
                CallError::Gone | CallError::Forbidden { .. } => Unread::Closed,
                error => {
                    warn!(%error, channel = spot.channel(), "What was missed could not be read; trying again");
                    Unread::Later
                }
            })?;
            page.sort_by_key(|message| snowflake(message.get("id")));
            let Some(newest) = page.last().and_then(|message| snowflake(message.get("id"))) else { break };
            let full = page.len() == PAGE;
            for mut message in page {
                // What is read says neither where nor to which server it belongs.
                if let (Spot::Server { guild, .. }, Some(fields)) = (spot, message.as_object_mut()) {
                    fields.insert("guild_id".to_owned(), guild.to_string().into());
                }
                self.took_post(&message).await.ok_or(Unread::Later)?;
                count += 1;
            }
            if !full {
                break;
            }
            after = newest;
        }
        debug!(channel = spot.channel(), messages = count, "Looked for what was missed");
        Ok(count)
    }
}

/// The snowflake in the name of an event: of a message, an edit or an interaction. All count the same time.
fn number(event: &EventId) -> Option<Snowflake> {
    let digits = event.as_str().get(1..)?;
    digits.split('e').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_its_time() {
        for (event, expected) in
            [("m12", Some(12)), ("i13", Some(13)), ("m12e2026-01-01", Some(12)), ("", None), ("x", None)]
        {
            assert_eq!(number(&EventId::new(event)), expected, "{event}");
        }
    }
}
