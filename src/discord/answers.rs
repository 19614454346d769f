//! Answers to an interaction, with its own token: past serenity, whose limiter puts those of all interactions into one
//! bucket. They reach one person.

use reqwest::Method;
use reqwest::multipart::Form as Parts;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

use super::back::Back;
use super::error::CallError;
use super::gate::{Lane, Pass, Urgency};
use super::place::Spot;
use super::post::{self, Form, LOADING, ORIGINAL, Ours};
use super::send;
use super::surface::{DiscordSurface, Sent, closed, spot};
use super::waiting::Original;
use crate::chat::id::MessageId;
use crate::chat::reply::Reply;
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
            return Ok(Ours::Answer(sent?.number()?.to_string()).write());
        }
        let body = post::body(reply, &Form::FollowUp, &self.signer, place)?;
        let _pass = self.pass(back).await?;
        let sent: Sent = if reply.files.is_empty() {
            let path = webhook(back, "?wait=true");
            let lane = Lane::Answer(back.interaction);
            let body = Value::Object(body);
            self.heard(lane, over(self.api.direct(Method::POST, &path, Some(&body), false).await))?
        } else {
            let form = send::form(&self.api, body, &reply.files).await?;
            self.upload(Method::POST, back, "?wait=true", form).await?
        };
        Ok(Ours::Answer(sent.number()?.to_string()).write())
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
                ("allowed_mentions".to_owned(), serde_json::json!({ "parse": [] })),
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

/// A token of an interaction that is refused is over; the bot's own is not meant.
fn over<T>(result: Result<T, CallError>) -> Result<T, CallError> {
    result.map_err(|error| if matches!(error, CallError::Token) { CallError::Over } else { error })
}

fn webhook(back: &Back, path: &str) -> String {
    format!("/webhooks/{}/{}{path}", back.application, back.token)
}
