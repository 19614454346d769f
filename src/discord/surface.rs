//! The outbound side: replies become calls, refusals become decisions.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value, json};
use serenity::http::{LightMethod, Route};
use url::Url;

use super::api::Api;
use super::back::Back;
use super::components;
use super::error::CallError;
use super::files;
use super::follow_ups::FollowUps;
use super::gate::{Closed, Gate, Lane, Urgency};
use super::permits::{self, Permits};
use super::place::{Snowflake, Spot};
use super::post::{self, Form, Named, Ours};
use super::send;
use super::sizes::Sizes;
use super::waiting::Waiting;
use crate::chat::choice::Signer;
use crate::chat::id::{MessageId, PlaceId};
use crate::chat::inbound::MediaRef;
use crate::chat::permission::Permission;
use crate::chat::reply::{Button, Reply};
use crate::chat::rich::TextLimit;
use crate::chat::surface::{Capabilities, DeliveryKey, MediaStream, Signal, Surface, SurfaceError, Target};
use crate::clock::Clock;

/// 👀, ✅ and ⚠️, as they stand in an address.
const SEEN: &str = "%F0%9F%91%80";
const DONE: &str = "%E2%9C%85";
const FAILED: &str = "%E2%9A%A0%EF%B8%8F";

/// See the module.
#[derive(Debug)]
pub(super) struct DiscordSurface {
    pub(super) api: Arc<Api>,
    pub(super) gate: Arc<Gate>,
    pub(super) waiting: Arc<Waiting>,
    pub(super) follow_ups: FollowUps,
    pub(super) sizes: Arc<Sizes>,
    pub(super) permits: Permits,
    pub(super) signer: Signer,
    pub(super) clock: Clock,
    pub(super) edit_interval: Duration,
    pub(super) pass_links: bool,
    pub(super) token_life: Duration,
}

/// A message that was sent, as far as we read it. Source: Discord's API reference, "Message".
#[derive(Deserialize)]
pub(super) struct Sent {
    id: String,
    #[serde(default)]
    pub(super) flags: u64,
}

impl Sent {
    pub(super) fn number(&self) -> Result<Snowflake, CallError> {
        let number = self.id.parse().ok().filter(|id| *id != 0);
        number.ok_or_else(|| CallError::nonsense("a message without an id"))
    }
}

#[async_trait]
impl Surface for DiscordSurface {
    fn capabilities(&self, place: &PlaceId) -> Capabilities {
        let spot = Spot::read(place);
        Capabilities {
            text_limit: TextLimit::Marked(post::TEXT_LIMIT),
            caption_limit: TextLimit::Marked(post::TEXT_LIMIT),
            edit_interval: self.edit_interval,
            open_limit: files::OPEN_LIMIT,
            file_limit: self.sizes.limit(spot),
            files: send::FILES,
            shared: spot.is_some_and(Spot::shared),
            messages: Some(post::REPLY_MESSAGES),
            threads: matches!(spot, Some(Spot::Server { .. })),
            copies: false,
        }
    }

    /// A message without files may be tried again with the same key: Discord makes it once.
    async fn post(&self, to: &Target, reply: &Reply, key: DeliveryKey) -> Result<MessageId, SurfaceError> {
        let spot = self.goal(to)?;
        let back = self.back(to, spot);
        if reply.files.len() > send::FILES {
            return Err(SurfaceError::Refused("more than ten files".to_owned()));
        }
        let mut routed = spot.has_route();
        if !post::goes_by_token(spot, reply, back.as_ref()) {
            match self.to_channel(to, spot, reply, &key).await {
                // What the thread refuses stands beside it.
                Err(SurfaceError::Forbidden) if self.goal(to)? != spot => {
                    return self.post(to, reply, key).await;
                }
                // What the channel refuses, the one who asked may still read.
                Err(SurfaceError::Forbidden) if back.is_some() => routed = false,
                Err(error) => return Err(error),
                Ok(message) => {
                    if let Some(back) = &back {
                        self.take_away(back, spot).await;
                    }
                    return Ok(message);
                }
            }
        }
        match self.by_token(to, &back.ok_or(SurfaceError::Gone)?, reply).await {
            // The token has ended sooner than we thought.
            Err(SurfaceError::Gone) if routed && self.back(to, spot).is_none() => {
                self.to_channel(to, spot, reply, &key).await
            }
            result => result,
        }
    }

    /// Text and buttons only. An edit that is not quiet counts as the last one and goes before those that are.
    async fn edit(&self, to: &Target, message: &MessageId, reply: &Reply) -> Result<(), SurfaceError> {
        let urgency = if reply.quiet { Urgency::Edit } else { Urgency::Last };
        self.rewrite(to, message, urgency, |place| post::body(reply, &Form::Edit, &self.signer, place)).await
    }

    async fn rebutton(&self, to: &Target, message: &MessageId, buttons: &[Button]) -> Result<(), SurfaceError> {
        let body = |place: &PlaceId| {
            let rows = components::rows(buttons, &self.signer, place);
            Ok(Map::from_iter([("components".to_owned(), Value::from(rows))]))
        };
        self.rewrite(to, message, Urgency::Last, body).await
    }

    async fn heard(&self, to: &Target) {
        if let (Ok(spot), Ok(goal)) = (spot(to), self.goal(to))
            && let Some(back) = self.back(to, spot)
        {
            self.take_away(&back, goal).await;
        }
    }

    async fn remove(&self, to: &Target, message: &MessageId) -> Result<(), SurfaceError> {
        let spot = spot(to)?;
        let gone = match Ours::read(message) {
            None => return Ok(()),
            Some(Ours::Posted(Named { message, channel })) => {
                let channel = routed(spot.at(channel.unwrap_or(spot.channel())))?;
                let _pass = self.gate.pass(Lane::Channel(channel), Urgency::Post, false).await.map_err(closed)?;
                let route = Route::ChannelMessage { channel_id: channel.into(), message_id: message.into() };
                self.call::<IgnoredAny>(channel, LightMethod::Delete, route, None).await
            }
            Some(ours @ (Ours::Answer(_) | Ours::Below(..))) => {
                let Some(back) = self.back(to, spot) else { return Err(SurfaceError::Gone) };
                return self.remove_answer(&back, &ours).await;
            }
        };
        match gone {
            Ok(_) | Err(CallError::Gone) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Left out where the gate has no slot to spare, where no way leads to the channel, and where it was refused lately.
    async fn signal(&self, to: &Target, signal: Signal) -> Result<(), SurfaceError> {
        let (message, reaction, urgency) = match &signal {
            Signal::Typing | Signal::SendingVideo => (None, "", Urgency::Sign),
            Signal::Seen(message) => (Some(message), SEEN, Urgency::Sign),
            Signal::Done(message, true) => (Some(message), DONE, Urgency::Turn),
            Signal::Done(message, false) => (Some(message), FAILED, Urgency::Turn),
        };
        let (spot, method, route) = match message.map(post::snowflake) {
            None => {
                let spot = self.goal(to)?;
                (spot, LightMethod::Post, Route::ChannelTyping { channel_id: spot.channel().into() })
            }
            // What has no message of its own, such as a command, has nothing to react to.
            Some(None) => return Ok(()),
            Some(Some(Named { message, channel })) => {
                let spot = spot(to)?;
                let spot = spot.at(channel.unwrap_or(spot.channel()));
                let (channel_id, message_id) = (spot.channel().into(), message.into());
                (spot, LightMethod::Put, Route::ChannelMessageReactionMe { channel_id, message_id, reaction })
            }
        };
        let channel = spot.channel();
        let lane = Lane::Channel(channel);
        if !spot.has_route() || self.gate.pass(lane, urgency, false).await.is_err() {
            return Ok(());
        }
        let seen = match &route {
            Route::ChannelMessageReactionMe { channel_id, message_id, .. } if urgency == Urgency::Turn => {
                let (channel_id, message_id) = (*channel_id, *message_id);
                Some(Route::ChannelMessageReactionMe { channel_id, message_id, reaction: SEEN })
            }
            _ => None,
        };
        match self.call::<IgnoredAny>(channel, method, route, None).await {
            Ok(_) => {
                if let Some(seen) = seen {
                    // Failing this leaves both, which does no harm.
                    let _ = self.call::<IgnoredAny>(channel, LightMethod::Delete, seen, None).await;
                }
                Ok(())
            }
            Err(error) => {
                if matches!(error, CallError::Forbidden { .. }) {
                    self.gate.hush(lane);
                }
                Err(error.into())
            }
        }
    }

    fn reaches(&self, to: &Target) -> Option<Duration> {
        let spot = Spot::read(&to.conversation.place).filter(|spot| !spot.has_route())?;
        Some(self.back(to, spot).map_or(Duration::ZERO, |back| back.left(self.clock.now(), self.token_life)))
    }

    fn missing(&self, to: &Target) -> Vec<Permission> {
        let Ok(goal @ Spot::Server { channel, .. }) = self.goal(to) else { return Vec::new() };
        let back = self.back(to, goal);
        if back.is_none() && self.permits.is_mute(channel) {
            return Vec::new();
        }
        let places = [Some(&to.conversation.place), to.thread.as_ref()].into_iter().flatten();
        let channels = places.filter_map(Spot::read).map(Spot::channel).chain(back.map(|back| back.channel));
        let missing: BTreeSet<Permission> = channels.flat_map(|channel| self.permits.of(channel)).collect();
        missing.into_iter().collect()
    }

    async fn open(&self, media: &MediaRef) -> Result<MediaStream, SurfaceError> {
        let opened = files::open(&self.api, self.clock.now(), media).await;
        if let (Err(SurfaceError::Forbidden), Some(held)) = (&opened, files::Held::read(media)) {
            // Its message could not be read again for a fresh address.
            self.permits.refused(held.channel, Permission::ReadHistory);
        }
        opened
    }

    async fn address(&self, media: &MediaRef) -> Option<Url> {
        if !self.pass_links {
            return None;
        }
        let link = files::address_now(&self.api, self.clock.now(), media).await;
        link.inspect_err(|error| tracing::debug!(%error, "An attachment's address cannot be passed on")).ok()
    }

    async fn open_thread(&self, to: &Target, under: Option<&MessageId>, title: &str) -> Result<PlaceId, SurfaceError> {
        self.begin_thread(to, under, title).await
    }
}

impl DiscordSurface {
    /// Changes a message of ours, by the way that leads to it. The body is made for the place where it stands.
    async fn rewrite(
        &self,
        to: &Target,
        message: &MessageId,
        urgency: Urgency,
        body: impl Fn(&PlaceId) -> Result<Map<String, Value>, SurfaceError> + Send,
    ) -> Result<(), SurfaceError> {
        let spot = spot(to)?;
        let ours = Ours::read(message).ok_or(SurfaceError::Gone)?;
        match &ours {
            Ours::Posted(Named { message, channel }) => {
                let spot = spot.at(channel.unwrap_or(spot.channel()));
                let channel = routed(spot)?;
                let body = body(&spot.write())?;
                let old = ours.is_old(self.clock.now());
                let _pass = self.gate.pass(Lane::Channel(channel), urgency, old).await.map_err(closed)?;
                let edit = || async {
                    let route = Route::ChannelMessage { channel_id: channel.into(), message_id: (*message).into() };
                    self.call::<IgnoredAny>(channel, LightMethod::Patch, route, Some(&body)).await
                };
                match edit().await {
                    Err(CallError::Archived) => {
                        self.unarchive(channel).await?;
                        edit().await
                    }
                    result => result,
                }?;
            }
            Ours::Answer(_) | Ours::Below(..) => {
                let back = self.back(to, spot).ok_or(SurfaceError::Gone)?;
                let body = body(&spot.at(back.channel).write())?;
                self.edit_answer(&back, &ours, urgency, body).await?;
            }
        }
        Ok(())
    }

    /// An ordinary message, with the bot's token.
    async fn to_channel(
        &self,
        to: &Target,
        spot: Spot,
        reply: &Reply,
        key: &DeliveryKey,
    ) -> Result<MessageId, SurfaceError> {
        let channel = spot.channel();
        let body = post::body(reply, &Form::New(key), &self.signer, &spot.write())?;
        let _pass = self.gate.pass(Lane::Channel(channel), Urgency::Post, false).await.map_err(closed)?;
        let mut unarchived = false;
        let mut again = reply.files.is_empty();
        loop {
            let result: Result<Sent, CallError> = if reply.files.is_empty() {
                let route = Route::ChannelMessages { channel_id: channel.into() };
                self.call(channel, LightMethod::Post, route, Some(&body)).await
            } else {
                let form = send::form(&self.api, body.clone(), &reply.files).await?;
                let path = format!("/channels/{channel}/messages");
                self.heard(Lane::Channel(channel), self.api.upload(Method::POST, &path, form, true).await)
            };
            match result {
                Err(CallError::Archived) if !unarchived => {
                    unarchived = true;
                    self.unarchive(channel).await?;
                }
                Err(CallError::Unreached(_) | CallError::Unavailable(_)) if again => again = false,
                result => {
                    let files = !reply.files.is_empty();
                    let in_thread = to.thread.as_ref().and_then(Spot::read) == Some(spot);
                    let speak = if in_thread { Permission::SendInThreads } else { Permission::Send };
                    let needs = if files { Permission::AttachFiles } else { speak };
                    let result = result.inspect_err(|error| self.lacks(channel, error, needs));
                    let message = result?.number()?;
                    self.permits.granted(channel, &[Permission::Send, Permission::SendInThreads, needs]);
                    let own = Spot::read(&to.conversation.place).is_some_and(|own| own.channel() == channel);
                    return Ok(Ours::Posted(Named { message, channel: (!own).then_some(channel) }).write());
                }
            }
        }
    }

    async fn unarchive(&self, channel: Snowflake) -> Result<(), CallError> {
        let mut body = Map::new();
        body.insert("archived".to_owned(), false.into());
        let route = Route::Channel { channel_id: channel.into() };
        self.call::<IgnoredAny>(channel, LightMethod::Patch, route, Some(&body)).await.map(|_| ())
    }

    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        channel: Snowflake,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&Map<String, Value>>,
    ) -> Result<T, CallError> {
        let body = body.map(|body| json!(body));
        self.heard(Lane::Channel(channel), self.api.call(method, route, body.as_ref()).await)
    }

    /// A penalty closes its lane before anybody hears of it.
    pub(super) fn heard<T>(&self, lane: Lane, result: Result<T, CallError>) -> Result<T, CallError> {
        result.inspect_err(|error| self.gate.heard(lane, error))
    }

    /// A call was refused that needs this permission.
    pub(super) fn lacks(&self, channel: Snowflake, error: &CallError, needs: Permission) {
        if let Some(permission) = permits::refused(error, needs) {
            self.permits.refused(channel, permission);
        }
    }

    /// Where what is new goes: the project's thread, if it has one in which the bot may speak.
    fn goal(&self, to: &Target) -> Result<Spot, SurfaceError> {
        let thread = to.thread.as_ref().and_then(Spot::read).filter(|thread| !self.permits.is_mute(thread.channel()));
        thread.map_or_else(|| spot(to), Ok)
    }

    /// The way back, while it leads anywhere.
    fn back(&self, to: &Target, spot: Spot) -> Option<Back> {
        let back = to.back.as_ref().and_then(Back::read)?;
        self.sizes.learn(spot, back.file_limit);
        if spot.has_route() {
            self.permits.told(back.channel, back.interaction, back.permissions, back.thread);
        }
        let lives = !back.left(self.clock.now(), self.token_life).is_zero()
            && !self.gate.is_over(Lane::Answer(back.interaction));
        lives.then_some(back)
    }
}

pub(super) fn spot(to: &Target) -> Result<Spot, SurfaceError> {
    Spot::read(&to.conversation.place).ok_or(SurfaceError::Gone)
}

fn routed(spot: Spot) -> Result<Snowflake, SurfaceError> {
    if spot.has_route() { Ok(spot.channel()) } else { Err(SurfaceError::Gone) }
}

pub(super) fn closed(closed: Closed) -> SurfaceError {
    SurfaceError::RateLimited { retry_after: closed.wait }
}
