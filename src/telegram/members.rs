//! Who administers a group: asked of Telegram, and remembered for a moment.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, timeout};
use tracing::debug;

use super::api::Api;

/// Whoever is appointed or dismissed is believed after this.
const REMEMBERED: Duration = Duration::from_mins(1);
/// People remembered at one time; one more and all are asked for again.
const KEPT: usize = 256;
/// A press is answered within a second: who is not known to be an administrator by then is none.
const PATIENCE: Duration = Duration::from_millis(700);

/// The administrators that were asked for lately.
#[derive(Debug, Default)]
pub(super) struct Members(Mutex<Asked>);

/// What was told of somebody in a chat, and until when that is believed.
type Asked = HashMap<(i64, i64), (bool, Instant)>;

/// Source: Bot API, `ChatMember`.
#[derive(Deserialize)]
struct Member {
    status: String,
}

impl Members {
    /// Whether `user` administers `chat`. Where Telegram does not tell in time, nobody does.
    pub(super) async fn administers(&self, api: &Api, chat: i64, user: i64) -> bool {
        let now = Instant::now();
        if let Some((known, until)) = self.asked().get(&(chat, user)).copied()
            && until > now
        {
            return known;
        }
        let body = json!({ "chat_id": chat, "user_id": user });
        match timeout(PATIENCE, api.call::<Member>("getChatMember", &body)).await {
            Ok(Ok(member)) => {
                let administers = matches!(member.status.as_str(), "creator" | "administrator");
                let mut asked = self.asked();
                if asked.len() >= KEPT {
                    asked.clear();
                }
                asked.insert((chat, user), (administers, now + REMEMBERED));
                administers
            }
            Ok(Err(error)) => {
                debug!(%error, "Telegram does not tell who administers a group");
                false
            }
            Err(_) => false,
        }
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
