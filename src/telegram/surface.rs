//! The outbound side: replies become calls, refusals become decisions.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use teloxide::types::{ChatAction, ReactionType};
use tokio::time::{sleep, timeout};
use url::Url;

use super::api::Api;
use super::drafts;
use super::error::CallError;
use super::files;
use super::format::{Rendered, render};
use super::gate::{Closed, Gate, Urgency};
use super::home::message_name;
use super::keyboard::keyboard;
use super::known::Known;
use super::place::Spot;
use super::send::{self, Way};
use super::update::Me;
use crate::chat::choice::Signer;
use crate::chat::id::{MessageId, PlaceId, PreviewId};
use crate::chat::inbound::MediaRef;
use crate::chat::reply::{Button, Reply};
use crate::chat::rich::TextLimit;
use crate::chat::surface::{Capabilities, DeliveryKey, MediaStream, Signal, Surface, SurfaceError, Target};

/// Telegram takes 4096; the rest is for what rendering adds.
const TEXT_LIMIT: usize = 4000;
/// Telegram takes 1024 beside a file; the rest is for what rendering adds.
const CAPTION_LIMIT: usize = 1000;
/// How often a slot is asked for to tell what is told once, and how long apart: half a second in all, since the next
/// message waits.
const ONCE_TRIES: u32 = 6;
const ONCE_PAUSE: Duration = Duration::from_millis(100);
/// The longest text that is sent at all, in UTF-16 units. Source: Bot API, `sendMessage`.
const HARD_TEXT_LIMIT: usize = 4096;
/// A button that leads to the private chat is a courtesy: a message does not wait for it any longer than this.
const NAME_PATIENCE: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug)]
pub(super) struct TelegramSurface {
    pub(super) api: Arc<Api>,
    pub(super) gate: Arc<Gate>,
    pub(super) known: Arc<Known>,
    pub(super) signer: Signer,
    pub(super) local_files: bool,
    /// How often a draft is shown again, where replies grow as drafts.
    pub(super) drafts: Option<Duration>,
}

/// A message that was sent. Source: Bot API, `Message`.
#[derive(Deserialize)]
struct Sent {
    message_id: i64,
    chat: Option<Chat>,
}

/// Source: Bot API, `Chat`.
#[derive(Deserialize)]
struct Chat {
    id: i64,
}

#[async_trait]
impl Surface for TelegramSurface {
    fn capabilities(&self, place: &PlaceId) -> Capabilities {
        let spot = Spot::read(place);
        Capabilities {
            text_limit: TextLimit::Utf16(TEXT_LIMIT),
            caption_limit: TextLimit::Utf16(CAPTION_LIMIT),
            edit_interval: self.gate.interval(spot.map_or(0, |spot| self.known.present(spot.chat))),
            open_limit: if self.local_files { files::LOCAL_LIMIT } else { files::OPEN_LIMIT },
            file_limit: send::file_limit(self.local_files),
            files: 1,
            shared: spot.is_some_and(Spot::shared),
            messages: None,
            threads: false,
            copies: true,
        }
    }

    /// Telegram knows no delivery keys: what is posted again after `Unavailable` may stand there twice.
    async fn post(&self, to: &Target, reply: &Reply, _key: DeliveryKey) -> Result<MessageId, SurfaceError> {
        let sent: Sent = self.deliver(to, reply, None, Urgency::Answer).await?;
        let asked = Spot::read(&to.conversation.place).map_or(0, |spot| spot.chat);
        Ok(message_name(sent.message_id, sent.chat.map_or(asked, |chat| chat.id), asked))
    }

    /// Text and buttons only. An edit that is not quiet counts as the last one and goes before those that are.
    async fn edit(&self, to: &Target, message: &MessageId, reply: &Reply) -> Result<(), SurfaceError> {
        let urgency = if reply.quiet { Urgency::Edit } else { Urgency::Answer };
        match self.deliver::<IgnoredAny>(to, reply, Some(message), urgency).await {
            Ok(_) | Err(Failure::Call(CallError::Unchanged)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn rebutton(&self, to: &Target, message: &MessageId, buttons: &[Button]) -> Result<(), SurfaceError> {
        let mut spot = self.find(to).await?;
        let message = number(message, to, &mut spot)?;
        let mut body = json!({ "chat_id": spot.chat, "message_id": message });
        if let Some(keyboard) = keyboard(buttons, &self.signer, spot) {
            body["reply_markup"] = keyboard;
        }
        // It answers a press.
        self.gate.pass(Some(spot.chat), Urgency::Answer).await.map_err(closed)?;
        match self.api.call::<IgnoredAny>("editMessageReplyMarkup", &body).await {
            Ok(_) | Err(CallError::Unchanged) => Ok(()),
            Err(error) => Err(self.failed(spot, error).await),
        }
    }

    fn previews(&self, place: &PlaceId) -> Option<Duration> {
        self.drafts.filter(|_| Spot::read(place).is_some_and(drafts::shows))
    }

    async fn preview(&self, to: &Target, id: PreviewId, reply: &Reply) -> Result<(), SurfaceError> {
        self.draft(to, id, reply).await
    }

    async fn remove(&self, to: &Target, message: &MessageId) -> Result<(), SurfaceError> {
        let mut spot = self.find(to).await?;
        let Ok(message) = number(message, to, &mut spot) else { return Ok(()) };
        self.gate.pass(Some(spot.chat), Urgency::Answer).await.map_err(closed)?;
        let body = json!({ "chat_id": spot.chat, "message_id": message });
        match self.api.call::<IgnoredAny>("deleteMessage", &body).await {
            Ok(_) | Err(CallError::Gone) => Ok(()),
            Err(error) => Err(self.failed(spot, error).await),
        }
    }

    /// Left out where the gate has no slot to spare.
    async fn signal(&self, to: &Target, signal: Signal) -> Result<(), SurfaceError> {
        let mut spot = self.find(to).await?;
        let (method, body) = match &signal {
            Signal::Typing => action(spot, ChatAction::Typing),
            Signal::SendingVideo => action(spot, ChatAction::UploadVideo),
            Signal::Seen(message) => reaction(number(message, to, &mut spot)?, spot, "👀"),
            Signal::Done(message, true) => reaction(number(message, to, &mut spot)?, spot, "👍"),
            Signal::Done(message, false) => reaction(number(message, to, &mut spot)?, spot, "😢"),
        };
        if !self.may_sign(spot.chat, &signal).await {
            return Ok(());
        }
        match self.api.call::<IgnoredAny>(method, &body).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.failed(spot, error).await),
        }
    }

    async fn open(&self, media: &MediaRef) -> Result<MediaStream, SurfaceError> {
        files::open(&self.api, self.local_files, media).await
    }

    async fn private_chat(&self, start: &str) -> Option<Url> {
        if self.known.username().is_none() {
            let asked = timeout(NAME_PATIENCE, self.api.call::<Me>("getMe", &json!({}))).await;
            self.known.is_called(&asked.ok()?.ok()?.username);
        }
        // Telegram takes 1 to 64 letters, digits, underscores and hyphens behind `start`.
        let username = self.known.username()?;
        Url::parse_with_params(&format!("https://t.me/{username}"), [("start", start)]).ok()
    }
}

impl TelegramSurface {
    /// Whether the gate has a slot for a sign of life. That a message was seen and how it ended is told only once, so it
    /// waits for a moment where an edit stands in line; all other signs come again.
    async fn may_sign(&self, chat: i64, signal: &Signal) -> bool {
        let tries = if matches!(signal, Signal::Seen(_) | Signal::Done(..)) { ONCE_TRIES } else { 1 };
        for attempt in 0..tries {
            if attempt > 0 {
                sleep(ONCE_PAUSE).await;
            }
            if self.gate.pass(Some(chat), Urgency::Sign).await.is_ok() {
                return true;
            }
        }
        false
    }

    /// Sends a message or edits one. Definite refusals that another form may pass are followed by that form, each at
    /// most once: the group's new id, plain text instead of formatting, an upload instead of an address.
    async fn deliver<T: serde::de::DeserializeOwned>(
        &self,
        to: &Target,
        reply: &Reply,
        message: Option<&MessageId>,
        urgency: Urgency,
    ) -> Result<T, Failure> {
        let mut spot = self.find(to).await?;
        let message = message.map(|message| number(message, to, &mut spot)).transpose()?;
        let mut words = render(&reply.text);
        let mut way = match reply.files.as_slice() {
            [] => None,
            _ if message.is_some() => None,
            [file] => Some(send::way(file, self.local_files)?),
            _ => return Err(CallError::Refused { status: 0, description: "more than one file".to_owned() }.into()),
        };
        let mut moved = false;
        loop {
            self.gate.pass(Some(spot.chat), urgency).await.map_err(closed)?;
            let result = match (&way, reply.files.first()) {
                (Some(way), Some(file)) => {
                    let fields = send::fields(self.base(spot, reply), file, &words)?;
                    send::file(&self.api, file, *way, fields, self.local_files).await
                }
                _ => self.text(spot, message, reply, &words).await,
            };
            match result {
                Err(CallError::Moved(chat)) if !moved => {
                    moved = true;
                    // Where it cannot be noted, the next refusal tells it again.
                    let _ = self.known.moved(spot.chat, chat).await;
                    if message.is_some() {
                        // Its messages did not move along; their numbers mean others there.
                        return Err(CallError::Gone.into());
                    }
                    spot = Spot { chat, ..spot };
                }
                Err(CallError::Formatting) if !words.entities.is_empty() => words.entities.clear(),
                Err(CallError::Unfetched | CallError::TooLarge) if way == Some(Way::Address) => {
                    way = Some(Way::Upload);
                }
                Err(error @ CallError::Throttled(_)) => return Err(Failure::Surface(self.failed(spot, error).await)),
                other => return other.map_err(Failure::Call),
            }
        }
    }

    async fn text<T: serde::de::DeserializeOwned>(
        &self,
        spot: Spot,
        message: Option<i64>,
        reply: &Reply,
        words: &Rendered,
    ) -> Result<T, CallError> {
        if words.text.encode_utf16().count() > HARD_TEXT_LIMIT {
            return Err(CallError::TooLarge);
        }
        let mut body = self.base(spot, reply);
        let method = match message {
            Some(message) => {
                // An edit stays in its topic and makes no sound by itself.
                body.remove("message_thread_id");
                body.remove("disable_notification");
                body.insert("message_id".to_owned(), message.into());
                "editMessageText"
            }
            None => "sendMessage",
        };
        body.insert("text".to_owned(), words.text.as_str().into());
        if !words.entities.is_empty() {
            body.insert("entities".to_owned(), json!(words.entities));
        }
        if !reply.preview {
            body.insert("link_preview_options".to_owned(), json!({ "is_disabled": true }));
        }
        self.api.call(method, &body).await
    }

    /// What all messages share.
    fn base(&self, spot: Spot, reply: &Reply) -> Map<String, Value> {
        let mut body = addressed(spot);
        if reply.quiet {
            body.insert("disable_notification".to_owned(), true.into());
        }
        if let Some(keyboard) = keyboard(&reply.buttons, &self.signer, spot) {
            body.insert("reply_markup".to_owned(), keyboard);
        }
        body
    }

    pub(super) async fn find(&self, to: &Target) -> Result<Spot, SurfaceError> {
        let spot = Spot::read(&to.conversation.place).ok_or(SurfaceError::Gone)?;
        Ok(self.known.find(spot, &self.gate).await)
    }

    /// A penalty closes the chat before anybody hears of it.
    pub(super) async fn failed(&self, spot: Spot, error: CallError) -> SurfaceError {
        let CallError::Throttled(retry_after) = error else { return error.into() };
        let retry_after: Duration = self.gate.penalise(spot.chat, retry_after);
        self.known.penalised(spot, retry_after).await;
        SurfaceError::RateLimited { retry_after }
    }
}

/// A call that failed, or one that was never made.
enum Failure {
    Call(CallError),
    Surface(SurfaceError),
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<SurfaceError> for Failure {
    fn from(error: SurfaceError) -> Self {
        Self::Surface(error)
    }
}

impl From<Failure> for SurfaceError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Call(error) => error.into(),
            Failure::Surface(error) => error,
        }
    }
}

pub(super) fn addressed(spot: Spot) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("chat_id".to_owned(), spot.chat.into());
    if let Some(thread) = spot.thread {
        body.insert("message_thread_id".to_owned(), thread.into());
    }
    body
}

fn action(spot: Spot, action: ChatAction) -> (&'static str, Value) {
    let mut body = addressed(spot);
    body.insert("action".to_owned(), json!(action));
    ("sendChatAction", Value::Object(body))
}

/// A bot has one reaction to a message, so a later one takes the place of the earlier. Out of Telegram's own list, in
/// which neither ✅ nor ❌ nor ⚠️ is.
fn reaction(message: i64, spot: Spot, emoji: &str) -> (&'static str, Value) {
    let emoji = [ReactionType::Emoji { emoji: emoji.to_owned() }];
    ("setMessageReaction", json!({ "chat_id": spot.chat, "message_id": message, "reaction": emoji }))
}

pub(super) fn closed(closed: Closed) -> SurfaceError {
    SurfaceError::RateLimited { retry_after: closed.wait }
}

/// The number of a message in `spot`. One that Telegram scheduled has the id 0 and cannot be found again. A group that
/// became a supergroup counts anew, so a message from there bears the chat's name too, `number@chat`, and says by it
/// where it is; one from before is gone.
fn number(message: &MessageId, to: &Target, spot: &mut Spot) -> Result<i64, SurfaceError> {
    let (number, chat) = match message.as_str().split_once('@') {
        Some((number, chat)) => (number, chat.parse().ok()),
        None => {
            (message.as_str(), Spot::read(&to.conversation.place).map(|first| first.chat).filter(|c| *c == spot.chat))
        }
    };
    let (number, chat) = number.parse().ok().filter(|number| *number > 0).zip(chat).ok_or(SurfaceError::Gone)?;
    spot.chat = chat;
    Ok(number)
}
