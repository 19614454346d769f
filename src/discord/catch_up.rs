//! What was posted while nobody listened: after a fresh session Discord brings nothing again, so it is read.
//!
//! Only where the bot is active, oldest first, at a low rate: these reads share their limit with the messages of the
//! same channel. What was seen before is dropped by the core. Commands and presses cannot be read; buttons stay valid,
//! and whoever got no answer uses them again.

use std::time::Duration;

use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::id::ChannelId;
use tokio::time::sleep;
use tracing::{debug, info, warn};

use super::error::CallError;
use super::intake::Intake;
use super::media::snowflake;
use super::place::{Snowflake, Spot};
use crate::chat::id::{EventId, Platform};

/// The most messages that Discord gives at once. Source: API reference, "Get Channel Messages".
const PAGE: usize = 100;
/// A channel with more than this while the bot was away is a busy one, and its members have gone on.
const PAGES: usize = 3;
/// Between two reads.
const PACE: Duration = Duration::from_millis(250);

impl Intake {
    /// Reads what was missed.
    pub(super) async fn catch_up(&self) {
        let Ok(places) = self.inlet.active(Platform::Discord).await else { return };
        let mut found = 0;
        for (place, newest) in places {
            let (Some(spot), Some(after)) = (Spot::read(&place), number(&newest)) else { continue };
            if !spot.has_route() {
                continue;
            }
            match self.missed(spot, after).await {
                Ok(count) => found += count,
                // The bot was removed, or the channel is gone.
                Err(CallError::Gone | CallError::Forbidden { .. }) => {}
                Err(error) => warn!(%error, channel = spot.channel(), "What was missed could not be read"),
            }
            if self.stop.run_until_cancelled(sleep(PACE)).await.is_none() {
                return;
            }
        }
        if found > 0 {
            info!(messages = found, "Caught up with what was posted meanwhile");
        }
    }

    async fn missed(&self, spot: Spot, mut after: Snowflake) -> Result<usize, CallError> {
        let mut count = 0;
        for _ in 0..PAGES {
            let query = vec![("after", after.to_string()), ("limit", PAGE.to_string())];
            let route = Route::ChannelMessages { channel_id: ChannelId::new(spot.channel()) };
            let mut page: Vec<Value> = self.api.ask(LightMethod::Get, route, None, Some(query)).await?;
            page.sort_by_key(|message| snowflake(message.get("id")));
            let Some(newest) = page.last().and_then(|message| snowflake(message.get("id"))) else { break };
            let full = page.len() == PAGE;
            for mut message in page {
                // What is read says neither where nor to which server it belongs.
                if let (Spot::Server { guild, .. }, Some(fields)) = (spot, message.as_object_mut()) {
                    fields.insert("guild_id".to_owned(), guild.to_string().into());
                }
                self.posted(&message).await;
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
