//! What a call to Telegram can end in. One variant per decision; no address, token or message text in any of them.

use std::time::Duration;

use serde::Deserialize;

use crate::chat::surface::{BoxError, SurfaceError};

/// Telegram always says how long to wait. Should it not, this is longer than any ordinary pause.
const UNTOLD_WAIT: Duration = Duration::from_secs(30);
/// A refusal is a short sentence; more would be somebody's page.
const DESCRIPTION_LIMIT: usize = 120;

/// Why a call did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    /// 429: this chat waits in full.
    #[error("flood control asks to wait {0:?}")]
    Throttled(Duration),
    /// The group became a supergroup with this id.
    #[error("the group moved")]
    Moved(i64),
    /// The token is not, or no longer, good.
    #[error("the token is refused")]
    Token,
    /// 409: somebody else polls, or a webhook is set.
    #[error("another process polls")]
    Conflict,
    /// The message already is what it was to become.
    #[error("no change")]
    Unchanged,
    /// The query was answered before, or its time is over.
    #[error("the query is too old")]
    Late,
    /// The message, chat, topic or file is gone.
    #[error("it is gone")]
    Gone,
    /// The bot was blocked, removed or may not.
    #[error("not allowed")]
    Forbidden,
    /// Too long or too large.
    #[error("too large")]
    TooLarge,
    /// The formatting was refused; the words may go without it.
    #[error("the formatting is refused")]
    Formatting,
    /// Telegram could not fetch the address that it was given.
    #[error("Telegram could not fetch the file")]
    Unfetched,
    /// The answer was longer than we read.
    #[error("an answer over its limit")]
    Overlong,
    /// Any other refusal: the same call will be refused again.
    #[error("refused ({status}): {description}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Telegram's sentence, cut.
        description: String,
    },
    /// Nothing went out: there is no connection.
    #[error("Telegram cannot be reached: {0}")]
    Unreached(#[source] BoxError),
    /// Nobody knows whether it was done.
    #[error("Telegram did not answer: {0}")]
    Unavailable(#[source] BoxError),
}

/// Further data of a refusal. Source: Bot API, `ResponseParameters`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Parameters {
    /// Seconds to wait.
    pub(super) retry_after: Option<u64>,
    /// The supergroup that the group became.
    pub(super) migrate_to_chat_id: Option<i64>,
}

impl CallError {
    /// Reads a refusal. Telegram tells its reasons apart by their wording only, and adds to the wordings over time, so
    /// they are looked for inside the sentence.
    pub(super) fn refusal(status: u16, description: &str, parameters: &Parameters) -> Self {
        if let Some(chat) = parameters.migrate_to_chat_id {
            return Self::Moved(chat);
        }
        let text = description.to_ascii_lowercase();
        let says = |known: &[&str]| known.iter().any(|part| text.contains(part));
        match status {
            429 => Self::Throttled(parameters.retry_after.map_or(UNTOLD_WAIT, Duration::from_secs)),
            413 => Self::TooLarge,
            409 => Self::Conflict,
            // A token of the wrong shape names no bot at all: 404 "Not Found".
            401 => Self::Token,
            404 if text == "not found" => Self::Token,
            403 => Self::Forbidden,
            500.. => Self::Unavailable(format!("status {status}").into()),
            _ if says(&["message is not modified", "message_not_modified"]) => Self::Unchanged,
            _ if says(&["query is too old", "query id is invalid"]) => Self::Late,
            _ if says(&["http url", "web page", "webpage_"]) => Self::Unfetched,
            _ if says(&["temporarily unavailable"]) => Self::Unavailable("the file, for the moment".into()),
            _ if says(&GONE) => Self::Gone,
            _ if says(&FORBIDDEN) => Self::Forbidden,
            _ if says(&["is too big", "is too long", "too_long", "entity too large"]) => Self::TooLarge,
            _ if says(&["can't parse entities", "entity", "entities"]) => Self::Formatting,
            _ => Self::Refused { status, description: cut(description) },
        }
    }

    /// A transport error without the address that it happened at: the address holds the token.
    pub(super) fn transport(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if error.is_connect() { Self::Unreached(Box::new(error)) } else { Self::Unavailable(Box::new(error)) }
    }

    /// An answer that cannot be used.
    pub(super) fn nonsense(what: &'static str) -> Self {
        Self::Unavailable(what.into())
    }
}

/// Wordings that say that there is nothing to work on any more.
const GONE: [&str; 10] = [
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message_id_invalid",
    "message thread not found",
    "chat not found",
    "group is deactivated",
    "invalid file",
    "wrong file_id",
    "topic_deleted",
];
/// Wordings that say that the bot may not.
const FORBIDDEN: [&str; 5] =
    ["not enough rights", "have no rights", "need administrator rights", "_forbidden", "topic_closed"];

/// The first words of Telegram's sentence. What it quotes may be message text, so nothing from a quote on is kept.
fn cut(description: &str) -> String {
    description.split('"').next().unwrap_or_default().chars().take(DESCRIPTION_LIMIT).collect()
}

impl From<CallError> for SurfaceError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Throttled(retry_after) => Self::RateLimited { retry_after },
            CallError::Gone => Self::Gone,
            CallError::Forbidden | CallError::Token => Self::Forbidden,
            CallError::TooLarge => Self::TooLarge,
            CallError::Unreached(source) => Self::Unreached(source),
            CallError::Unavailable(source) => Self::Unavailable(source),
            CallError::Overlong => Self::Unavailable(Box::new(error)),
            CallError::Moved(_)
            | CallError::Conflict
            | CallError::Unchanged
            | CallError::Late
            | CallError::Formatting
            | CallError::Unfetched
            | CallError::Refused { .. } => Self::Refused(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(400, "Bad Request: message is not modified: specified new message content", "Unchanged")]
    #[case(400, "Bad Request: message to edit not found", "Gone")]
    #[case(400, "Bad Request: message can't be edited", "Gone")]
    #[case(400, "Bad Request: message thread not found", "Gone")]
    #[case(400, "Bad Request: chat not found", "Gone")]
    #[case(400, "Bad Request: invalid file_id", "Gone")]
    #[case(400, "Bad Request: message is too long", "TooLarge")]
    #[case(400, "Bad Request: file is too big", "TooLarge")]
    #[case(413, "Request Entity Too Large", "TooLarge")]
    #[case(400, "Bad Request: can't parse entities: Unsupported start tag", "Formatting")]
    #[case(400, "Bad Request: ENTITY_BOUNDS_INVALID", "Formatting")]
    #[case(400, "Bad Request: failed to get HTTP URL content", "Unfetched")]
    #[case(400, "Bad Request: invalid file HTTP URL specified: URL host is empty", "Unfetched")]
    #[case(400, "Bad Request: wrong file_id or the file is temporarily unavailable", "Unavailable")]
    #[case(400, "Bad Request: CHAT_SEND_VIDEOS_FORBIDDEN", "Forbidden")]
    #[case(400, "Bad Request: query is too old and response timeout expired or query id is invalid", "Late")]
    #[case(403, "Forbidden: bot was blocked by the user", "Forbidden")]
    #[case(400, "Bad Request: not enough rights to send text messages to the chat", "Forbidden")]
    #[case(401, "Unauthorized", "Token")]
    #[case(404, "Not Found", "Token")]
    #[case(409, "Conflict: terminated by other getUpdates request", "Conflict")]
    #[case(502, "Bad Gateway", "Unavailable")]
    #[case(400, "Bad Request: REACTION_INVALID", "Refused")]
    fn each_wording_is_a_decision(#[case] status: u16, #[case] description: &str, #[case] variant: &str) {
        let error = CallError::refusal(status, description, &Parameters::default());
        assert!(format!("{error:?}").starts_with(variant), "{error:?}");
    }

    #[test]
    fn a_wait_is_taken_in_full() {
        let parameters = Parameters { retry_after: Some(56_483), migrate_to_chat_id: None };
        let error = CallError::refusal(429, "Too Many Requests: retry after 56483", &parameters);
        let SurfaceError::RateLimited { retry_after } = error.into() else { panic!("not a wait") };
        assert_eq!(retry_after, Duration::from_secs(56_483));
    }

    #[test]
    fn a_refusal_keeps_no_quoted_text() {
        let error = CallError::refusal(400, "Bad Request: strange word \"my secret plan\"", &Parameters::default());
        assert!(!format!("{error:?} {error}").contains("secret"));
    }
}
