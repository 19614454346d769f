//! How Telegram says no.

use serde_json::{Value, json};

/// An answer with `ok: false`. The texts are Telegram's own, since clients decide by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// HTTP status and `error_code`; Telegram uses the same number for both.
    pub(super) code: u16,
    /// `description`.
    pub(super) description: String,
    /// `parameters.retry_after`, in seconds.
    pub(super) retry_after: Option<u64>,
    /// `parameters.migrate_to_chat_id`: the supergroup that the group became.
    pub(super) moved_to: Option<i64>,
}

impl Refusal {
    /// 400, with Telegram's prefix.
    pub(super) fn bad(what: impl AsRef<str>) -> Self {
        Self::new(400, format!("Bad Request: {}", what.as_ref()))
    }

    pub(super) fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), retry_after: None, moved_to: None }
    }

    /// 429: nothing may be sent for `seconds`.
    pub(super) fn too_many(seconds: u64) -> Self {
        let description = format!("Too Many Requests: retry after {seconds}");
        Self { retry_after: Some(seconds), ..Self::new(429, description) }
    }

    /// 400: the group lives on as a supergroup.
    pub(super) fn moved(chat: i64) -> Self {
        Self { moved_to: Some(chat), ..Self::bad("group chat was upgraded to a supergroup chat") }
    }

    /// The body of the answer.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "ok": false, "error_code": self.code, "description": self.description });
        if let Some(seconds) = self.retry_after {
            body["parameters"] = json!({ "retry_after": seconds });
        }
        if let Some(chat) = self.moved_to {
            body["parameters"] = json!({ "migrate_to_chat_id": chat });
        }
        body
    }
}
