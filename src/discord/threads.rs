//! Threads: opened for a project, and known again when somebody writes in one.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, json};
use serenity::http::{LightMethod, Route};
use tokio::time::Instant;

use super::back::Back;
use super::error::CallError;
use super::permits;
use super::place::{Snowflake, Spot};
use super::post::{self, Named, Ours};
use super::surface::{DiscordSurface, Sent};
use crate::chat::id::{ConversationId, MessageId, PlaceId, Platform};
use crate::chat::permission::Permission;
use crate::chat::surface::{SurfaceError, Target};
use crate::ingress::{Busy, Inlet};

/// A public thread without a message above it. Source: Discord's API reference, "Channel Types".
const PUBLIC_THREAD: u64 = 11;
/// A thread hides after this long without a word, in minutes: the longest that there is.
const HIDES_AFTER: u64 = 10_080;
/// A thread's name, in characters. Source: Discord's API reference, "Start Thread from Message".
const NAME_LIMIT: usize = 100;
/// What a channel is does not change; this bounds how long a thread of another instance is not known here.
const REMEMBERED: Duration = Duration::from_mins(1);
/// Channels remembered at one time; one more and all are asked for again.
const KEPT: usize = 10_000;

impl DiscordSurface {
    /// Opens a thread under the message, or beside all others. Where the message has one, that is it.
    pub(super) async fn begin_thread(
        &self,
        to: &Target,
        under: Option<&MessageId>,
        title: &str,
    ) -> Result<PlaceId, SurfaceError> {
        let Some(spot @ Spot::Server { channel, .. }) = Spot::read(&to.conversation.place) else {
            return Err(SurfaceError::Refused("no threads here".to_owned()));
        };
        // Nobody is to look at a thread that stays empty.
        let told = to.back.as_ref().and_then(Back::read).filter(|back| back.channel == channel && !back.thread);
        let missing = told.map(|back| permits::missing_for_threads(back.permissions)).unwrap_or_default();
        if !missing.is_empty() {
            self.permits.no_thread(channel, missing);
            return Err(SurfaceError::Forbidden);
        }
        let name: String = title.chars().take(NAME_LIMIT).collect();
        let mut body = Map::new();
        body.insert("name".to_owned(), name.into());
        body.insert("auto_archive_duration".to_owned(), HIDES_AFTER.into());
        let above = under.and_then(post::snowflake).filter(|ours| ours.channel.is_none()).map(|ours| ours.message);
        let route = if let Some(message) = above {
            Route::ChannelMessageThreads { channel_id: channel.into(), message_id: message.into() }
        } else {
            body.insert("type".to_owned(), json!(PUBLIC_THREAD));
            Route::ChannelThreads { channel_id: channel.into() }
        };
        let opened: Result<Sent, CallError> = self.call(channel, LightMethod::Post, route, Some(&body)).await;
        let thread = match (opened, above) {
            (Ok(thread), _) => thread.number()?,
            // A thread has the number of the message that it stands under.
            (Err(CallError::HasThread), Some(message)) => message,
            (Err(error), _) => {
                match permits::refused(&error, Permission::OpenThreads) {
                    Some(Permission::OpenThreads) => {
                        self.permits.no_thread(channel, BTreeSet::from([Permission::OpenThreads]));
                    }
                    Some(other) => self.permits.refused(channel, other),
                    None => {}
                }
                return Err(error.into());
            }
        };
        self.permits.has_thread(channel);
        Ok(spot.at(thread).write())
    }
}

/// To which conversation a thread belongs, as the inlet knows; remembered for a moment.
#[derive(Debug, Default)]
pub(super) struct Homes(Mutex<HashMap<Snowflake, (Option<ConversationId>, Instant)>>);

impl Homes {
    /// The conversation whose thread this is.
    pub(super) async fn of(&self, inlet: &dyn Inlet, spot: Spot) -> Result<Option<ConversationId>, Busy> {
        let Spot::Server { channel, .. } = spot else { return Ok(None) };
        let now = Instant::now();
        let known = {
            let homes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            homes.get(&channel).filter(|(_, until)| *until > now).map(|(home, _)| home.clone())
        };
        if let Some(home) = known {
            return Ok(home);
        }
        let home = inlet.place(Platform::Discord, &spot.write()).await?.home;
        let mut homes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if homes.len() >= KEPT {
            homes.clear();
        }
        homes.insert(channel, (home.clone(), now + REMEMBERED));
        Ok(home)
    }
}

/// The name of a message that stands in a thread, for the conversation that the thread belongs to.
pub(super) fn in_thread(message: &MessageId, thread: Snowflake) -> MessageId {
    match post::snowflake(message) {
        Some(Named { message, channel: None }) => Ours::Posted(Named { message, channel: Some(thread) }).write(),
        _ => message.clone(),
    }
}
