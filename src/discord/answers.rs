//! Answers to an interaction, with its own token: past serenity, whose limiter puts those of all interactions into one
//! bucket. They reach one person.

use reqwest::Method;
use reqwest::multipart::Form as Parts;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value, json};

use super::back::Back;
use super::error::CallError;
use super::follow_ups::Words;
use super::gate::{Lane, Pass, Urgency};
use super::place::Spot;
use super::post::{self, Form, LOADING, ORIGINAL, Ours};
use super::send;
use super::surface::{DiscordSurface, Sent, closed, spot};
use super::waiting::Original;
use crate::chat::id::MessageId;
use crate::chat::reply::{Reply, text_file};
use crate::chat::surface::{SurfaceError, Target};

impl DiscordSurface {
    /// An answer with the interaction's token: into the message that waits for one, else a further one.
    pub(super) async fn by_token(&self, to: &Target, back: &Back, reply: &Reply) -> Result<MessageId, SurfaceError> {
        let place = &spot(to)?.at(back.channel).write();
        if self.original_waits(back).await {
            let body = post::body(reply, &Form::Edit, &self.signer, place)?;
            let _pass = self.pass(back).await?;
            self.waiting.taken(back.interaction);
            let sent: Result<Sent, CallError> = if reply.files.is_empty() {
                self.answer(Method::PATCH, back, ORIGINAL, Some(body)).await
            } else {
                let form = send::form(&self.api, body, &reply.files).await;
                match form {
                    Ok(form) => self.upload(Method::PATCH, back, &format!("/messages/{ORIGINAL}"), form).await,
                    Err(error) => Err(error),
                }
            };
            if sent.is_err() {
                self.waiting.waits(back.interaction);
            }
            return Ok(self.answered(back, sent?.number()?.to_string()));
        }
        if let Some(message) = self.follow_ups.last(back.interaction).filter(|last| self.follow_ups.is_full(last)) {
            return self.put_below(to, back, &message, reply).await;
        }
        let body = post::body(reply, &Form::FollowUp, &self.signer, place)?;
        let pass = self.pass(back).await?;
        let sent: Result<Sent, CallError> = if reply.files.is_empty() {
            let path = webhook(back, "?wait=true");
            let lane = Lane::Answer(back.interaction);
            let body = Value::Object(body);
            self.heard(lane, over(self.api.direct(Method::POST, &path, Some(&body), false).await))
        } else {
            let form = send::form(&self.api, body, &reply.files).await?;
            self.upload(Method::POST, back, "?wait=true", form).await
        };
        match sent {
            // Not one more: what would have been the next stands below the newest, or below the answer where a restart
            // has forgotten that.
            Err(CallError::Enough) => {
                drop(pass);
                let message = self.follow_ups.last(back.interaction);
                self.put_below(to, back, message.as_deref().unwrap_or(ORIGINAL), reply).await
            }
            sent => Ok(self.answered(back, sent?.number()?.to_string())),
        }
    }

    fn answered(&self, back: &Back, message: String) -> MessageId {
        self.follow_ups.came(back.interaction, &message);
        Ours::Answer(message).write()
    }

    /// A text below the words of an answer; as a file of that answer where there is no room.
    async fn put_below(
        &self,
        to: &Target,
        back: &Back,
        message: &str,
        reply: &Reply,
    ) -> Result<MessageId, SurfaceError> {
        let mut body = post::body(reply, &Form::Edit, &self.signer, &spot(to)?.at(back.channel).write())?;
        let mut files = reply.files.clone();
        let _pass = self.gate.pass(Lane::Answer(back.interaction), Urgency::Last, false).await.map_err(closed)?;
        let shown: Value = self.answer(Method::GET, back, of(back, message), None).await?;
        let message = shown.get("id").and_then(Value::as_str).ok_or(SurfaceError::Gone)?.to_owned();
        self.follow_ups.came(back.interaction, &message);
        self.follow_ups.fills(&message, Words::of(&shown));
        let words = Words::of(&Value::Object(body.clone()));
        let number = if let Some(number) = self.follow_ups.add(&message, words) {
            number
        } else {
            files.insert(0, text_file(&reply.text.plain_text()));
            self.follow_ups.add(&message, Words::default()).ok_or(SurfaceError::TooLarge)?
        };
        self.follow_ups.complete(&message, &mut body);
        let put: Result<IgnoredAny, CallError> = if files.is_empty() {
            self.answer(Method::PATCH, back, of(back, &message), Some(body)).await
        } else {
            // Its own stay as well.
            let kept = shown.get("attachments").and_then(Value::as_array).into_iter().flatten();
            let kept = kept.filter_map(|file| Some(json!({ "id": file.get("id")? })));
            body.insert("attachments".to_owned(), kept.collect());
            match send::form(&self.api, body, &files).await {
                Ok(form) => self.upload(Method::PATCH, back, &format!("/messages/{}", of(back, &message)), form).await,
                Err(error) => Err(error),
            }
        };
        if let Err(error) = put {
            self.follow_ups.take(&message, number);
            return Err(error.into());
        }
        Ok(Ours::Below(message, number).write())
    }

    /// An answer's own words, or those that stand below them, get another text.
    pub(super) async fn edit_answer(
        &self,
        back: &Back,
        ours: &Ours,
        urgency: Urgency,
        mut body: Map<String, Value>,
    ) -> Result<(), SurfaceError> {
        let _pass = self.gate.pass(Lane::Answer(back.interaction), urgency, false).await.map_err(closed)?;
        let words = Words::of(&Value::Object(body.clone()));
        let id = match ours {
            // Buttons alone: of an answer that holds several texts nobody knows whose they are, so they stay.
            Ours::Answer(id) if !body.contains_key("content") => {
                if !self.follow_ups.holds_more(id) {
                    self.answer::<IgnoredAny>(Method::PATCH, back, of(back, id), Some(body)).await?;
                }
                return Ok(());
            }
            Ours::Below(..) if !body.contains_key("content") => return Ok(()),
            Ours::Answer(id) => {
                self.follow_ups.change_own(id, words);
                id
            }
            Ours::Below(id, number) if self.follow_ups.change(id, *number, words) => id,
            Ours::Below(..) | Ours::Posted(_) => return Err(SurfaceError::Gone),
        };
        self.follow_ups.complete(id, &mut body);
        Ok(self.answer::<IgnoredAny>(Method::PATCH, back, of(back, id), Some(body)).await.map(drop)?)
    }

    /// Takes an answer away, or a text below one; of an answer that holds more, its own words.
    pub(super) async fn remove_answer(&self, back: &Back, ours: &Ours) -> Result<(), SurfaceError> {
        let id = match ours {
            Ours::Answer(id) if !self.follow_ups.holds_more(id) => {
                let _pass = self.pass(back).await?;
                return match self.answer::<IgnoredAny>(Method::DELETE, back, id, None).await {
                    Ok(_) | Err(CallError::Gone) => Ok(()),
                    Err(error) => Err(error.into()),
                };
            }
            Ours::Answer(id) => {
                self.follow_ups.change_own(id, Words::default());
                id
            }
            Ours::Below(id, number) => {
                self.follow_ups.take(id, *number);
                id
            }
            Ours::Posted(_) => return Ok(()),
        };
        let mut body = Map::from_iter([("allowed_mentions".to_owned(), json!({ "parse": [] }))]);
        self.follow_ups.complete(id, &mut body);
        if body.len() == 1 {
            // What stood there is forgotten, and so nobody knows what would be left.
            return Ok(());
        }
        let _pass = self.gate.pass(Lane::Answer(back.interaction), Urgency::Last, false).await.map_err(closed)?;
        match self.answer::<IgnoredAny>(Method::PATCH, back, of(back, id), Some(body)).await {
            Ok(_) | Err(CallError::Gone) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the "thinking…" of a command still waits for its text. After a restart only Discord knows.
    async fn original_waits(&self, back: &Back) -> bool {
        if !back.waits {
            return false;
        }
        match self.waiting.ask(back.interaction) {
            Original::Waits => true,
            Original::Taken => false,
            Original::Unknown => {
                let asked = self.answer::<Sent>(Method::GET, back, ORIGINAL, None).await;
                let waits = asked.as_ref().is_ok_and(|sent| sent.flags & LOADING != 0);
                match asked {
                    Ok(_) if waits => self.waiting.waits(back.interaction),
                    Ok(_) | Err(CallError::Gone | CallError::Over) => self.waiting.taken(back.interaction),
                    Err(_) => {}
                }
                waits
            }
        }
    }

    /// Takes a "thinking…" away whose text went to `spot`; where that is elsewhere, it says where. Losing this loses
    /// nothing.
    pub(super) async fn take_away(&self, back: &Back, spot: Spot) {
        if !self.original_waits(back).await {
            return;
        }
        self.waiting.taken(back.interaction);
        let done = if spot.channel() == back.channel {
            self.answer::<IgnoredAny>(Method::DELETE, back, ORIGINAL, None).await
        } else {
            let there = Map::from_iter([
                ("content".to_owned(), format!("↪ <#{}>", spot.channel()).into()),
                ("allowed_mentions".to_owned(), json!({ "parse": [] })),
            ]);
            self.answer::<IgnoredAny>(Method::PATCH, back, ORIGINAL, Some(there)).await
        };
        if let Err(error) = done {
            tracing::debug!(%error, "A command's acknowledgement could not be taken away");
        }
    }

    /// A call for one answer to an interaction.
    pub(super) async fn answer<T: DeserializeOwned>(
        &self,
        method: Method,
        back: &Back,
        message: &str,
        body: Option<Map<String, Value>>,
    ) -> Result<T, CallError> {
        let body = body.map(Value::Object);
        let path = webhook(back, &format!("/messages/{message}"));
        let lane = Lane::Answer(back.interaction);
        self.heard(lane, over(self.api.direct(method, &path, body.as_ref(), false).await))
    }

    async fn upload<T: DeserializeOwned>(
        &self,
        method: Method,
        back: &Back,
        path: &str,
        form: Parts,
    ) -> Result<T, CallError> {
        let result = self.api.upload(method, &webhook(back, path), form, false).await;
        self.heard(Lane::Answer(back.interaction), over(result))
    }

    async fn pass(&self, back: &Back) -> Result<Pass, SurfaceError> {
        self.gate.pass(Lane::Answer(back.interaction), Urgency::Post, false).await.map_err(closed)
    }
}

/// The message as the token knows it: the one whose button was pressed is its answer.
fn of<'i>(back: &Back, id: &'i str) -> &'i str {
    if back.pressed.is_some_and(|pressed| pressed.to_string() == id) { ORIGINAL } else { id }
}

/// A token of an interaction that is refused is over; the bot's own is not meant.
fn over<T>(result: Result<T, CallError>) -> Result<T, CallError> {
    result.map_err(|error| if matches!(error, CallError::Token) { CallError::Over } else { error })
}

fn webhook(back: &Back, path: &str) -> String {
    format!("/webhooks/{}/{}{path}", back.application, back.token)
}
