//! Previews as Telegram's drafts: `sendMessageDraft`, in private chats only.
//!
//! A draft has no message id, shows for 30 seconds and goes when a message of the bot arrives. Telegram puts its own Stop
//! button on it. Source: Bot API 10.3, `sendMessageDraft`.

use serde::de::IgnoredAny;
use serde_json::json;

use super::error::CallError;
use super::format::render;
use super::gate::Urgency;
use super::place::Spot;
use super::surface::{TelegramSurface, addressed, closed};
use crate::chat::choice::Action;
use crate::chat::id::PreviewId;
use crate::chat::reply::{ButtonAction, Reply};
use crate::chat::surface::{SurfaceError, Target};

impl TelegramSurface {
    /// Shows a draft, or the same with another text. It counts like an edit: what answers goes first.
    pub(super) async fn draft(&self, to: &Target, id: PreviewId, reply: &Reply) -> Result<(), SurfaceError> {
        let spot = self.find(to).await?;
        let mut words = render(&reply.text);
        let stops = reply
            .buttons
            .iter()
            .any(|button| matches!(&button.does, ButtonAction::Press(choice) if choice.action == Action::Stop));
        loop {
            let mut body = addressed(spot);
            body.insert("draft_id".to_owned(), id.number().into());
            // Empty where nothing can be shown yet: the client then says "Thinking…" in its own language.
            body.insert("text".to_owned(), words.text.as_str().into());
            if !words.entities.is_empty() {
                body.insert("entities".to_owned(), json!(words.entities));
            }
            if stops {
                body.insert("can_stop".to_owned(), true.into());
                // What was said stays in sight until it is a message.
                body.insert("keep_on_stop".to_owned(), true.into());
            }
            self.gate.pass(Some(spot.chat), Urgency::Edit).await.map_err(closed)?;
            match self.api.call::<IgnoredAny>("sendMessageDraft", &body).await {
                Ok(_) | Err(CallError::Unchanged) => return Ok(()),
                Err(CallError::Formatting) if !words.entities.is_empty() => words.entities.clear(),
                Err(error) => return Err(self.failed(spot, error).await),
            }
        }
    }
}

/// Whether Telegram shows drafts there.
pub(super) fn shows(spot: Spot) -> bool {
    !spot.shared()
}

#[cfg(test)]
#[path = "drafts_tests.rs"]
mod tests;
