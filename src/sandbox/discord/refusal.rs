//! How Discord says no.

use std::time::Duration;

use serde_json::{Map, Value, json};

/// HTTP status, `code` and `message` of a refusal that Discord documents. Clients decide by them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known(pub(super) u16, pub(super) u32, pub(super) &'static str);

pub(super) const UNAUTHORIZED: Known = Known(401, 0, "401: Unauthorized");
pub(super) const NOT_FOUND: Known = Known(404, 0, "404: Not Found");
pub(super) const NOT_ALLOWED: Known = Known(405, 0, "405: Method Not Allowed");
pub(super) const UNKNOWN_CHANNEL: Known = Known(404, 10003, "Unknown Channel");
pub(super) const UNKNOWN_GUILD: Known = Known(404, 10004, "Unknown Guild");
pub(super) const UNKNOWN_MEMBER: Known = Known(404, 10007, "Unknown Member");
pub(super) const UNKNOWN_MESSAGE: Known = Known(404, 10008, "Unknown Message");
pub(super) const UNKNOWN_USER: Known = Known(404, 10013, "Unknown User");
pub(super) const UNKNOWN_EMOJI: Known = Known(400, 10014, "Unknown Emoji");
pub(super) const UNKNOWN_WEBHOOK: Known = Known(404, 10015, "Unknown Webhook");
pub(super) const UNKNOWN_APPLICATION: Known = Known(404, 10002, "Unknown Application");
pub(super) const UNKNOWN_INTERACTION: Known = Known(404, 10062, "Unknown interaction");
pub(super) const TOO_LARGE: Known = Known(413, 40005, "Request entity too large");
pub(super) const ACKNOWLEDGED: Known = Known(400, 40060, "Interaction has already been acknowledged.");
pub(super) const TOO_MANY_FOLLOW_UPS: Known =
    Known(400, 40094, "This interaction has hit the maximum number of follow up messages.");
pub(super) const BAD_AGENT: Known = Known(403, 40333, "internal network error");
pub(super) const MISSING_ACCESS: Known = Known(403, 50001, "Missing Access");
pub(super) const NOT_AUTHOR: Known = Known(403, 50005, "Cannot edit a message authored by another user");
pub(super) const EMPTY_MESSAGE: Known = Known(400, 50006, "Cannot send an empty message");
pub(super) const CANNOT_SEND_TO_USER: Known = Known(403, 50007, "Cannot send messages to this user");
pub(super) const MISSING_PERMISSIONS: Known = Known(403, 50013, "Missing Permissions");
pub(super) const WRONG_CHANNEL_TYPE: Known = Known(400, 50024, "Cannot execute action on this channel type");
pub(super) const DEAD_TOKEN: Known = Known(401, 50027, "Invalid Webhook Token");
pub(super) const ARCHIVED: Known = Known(400, 50083, "Thread is archived");
pub(super) const BAD_JSON: Known = Known(400, 50109, "The request body contains invalid JSON.");
pub(super) const THREAD_EXISTS: Known = Known(400, 160_004, "A thread has already been created for this message");

/// An answer that is no success.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: Option<u32>,
    pub(super) message: String,
    pub(super) errors: Option<Box<Value>>,
    /// For 429.
    pub(super) limited: Option<Limited>,
}

/// What a 429 says besides its words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limited {
    pub(super) wait: Duration,
    pub(super) scope: Scope,
    /// Whether the head names the time too.
    pub(super) header: bool,
}

/// Whom a limit concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    User,
    Global,
    Shared,
}

impl Scope {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Global => "global",
            Self::Shared => "shared",
        }
    }
}

impl From<Known> for Refusal {
    fn from(Known(status, code, message): Known) -> Self {
        Self { status, code: Some(code), message: message.to_owned(), errors: None, limited: None }
    }
}

impl Refusal {
    /// 400 with 50035 and one reason at one place of the body, as in `embeds.0.title`.
    pub(super) fn form(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::forms(&[Flaw { path: path.to_owned(), code: code.to_owned(), message: message.into(), unknown: false }])
    }

    /// 400 with 50035 and a tree of reasons.
    pub(super) fn forms(flaws: &[Flaw]) -> Self {
        let mut errors = Value::Object(Map::new());
        for flaw in flaws {
            let mut at = &mut errors;
            for step in flaw.path.split('.').filter(|step| !step.is_empty()) {
                at = &mut at[step];
            }
            let reason = json!({ "code": flaw.code, "message": flaw.message });
            match at.get_mut("_errors").and_then(Value::as_array_mut) {
                Some(reasons) => reasons.push(reason),
                None => at["_errors"] = json!([reason]),
            }
        }
        Self {
            status: 400,
            code: Some(50035),
            message: "Invalid Form Body".to_owned(),
            errors: Some(Box::new(errors)),
            limited: None,
        }
    }

    /// 429. `code` is documented and mostly absent.
    pub(super) fn limited(wait: Duration, scope: Scope, code: Option<u32>) -> Self {
        let message = match code {
            Some(30046) => "Maximum number of edits to messages older than 1 hour reached. Try again later",
            _ => "You are being rate limited.",
        };
        let limited = Some(Limited { wait, scope, header: true });
        Self { status: 429, code, message: message.to_owned(), errors: None, limited }
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "message": self.message });
        if let Some(limited) = self.limited {
            body["retry_after"] = json!(limited.wait.as_secs_f64());
            body["global"] = json!(limited.scope == Scope::Global);
        }
        if let Some(code) = self.code {
            body["code"] = json!(code);
        }
        if let Some(errors) = &self.errors {
            body["errors"] = Value::clone(errors);
        }
        body
    }
}

/// Something in a body that Discord does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// Steps with dots between them.
    pub(super) path: String,
    pub(super) code: String,
    pub(super) message: String,
    /// A name that Discord would ignore, and a test must not.
    pub(super) unknown: bool,
}
