//! What a call to Discord can end in. One variant per decision; no address, token or message text in any of them.

use std::time::Duration;

use serde::Deserialize;
use serenity::http::{ErrorResponse, HttpError};

use crate::chat::surface::{BoxError, SurfaceError};

/// A 429 that does not say how long: longer than any ordinary window.
const UNTOLD_WAIT: Duration = Duration::from_secs(30);

/// Why a call did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    /// 429: wait in full.
    #[error("Discord asks to wait {wait:?}")]
    Throttled {
        /// How long.
        wait: Duration,
        /// Whether everything has to wait, and not this route alone.
        global: bool,
    },
    /// The bot's token is not, or no longer, good.
    #[error("the token is refused")]
    Token,
    /// The interaction is unknown, answered, or its token is dead: never again by this way.
    #[error("the interaction is over")]
    Over,
    /// The message, channel or file is gone.
    #[error("it is gone")]
    Gone,
    /// The bot may not.
    #[error("not allowed ({code})")]
    Forbidden {
        /// Discord's code: 50001 no access, 50013 a missing permission.
        code: u64,
    },
    /// The thread is archived; it has to be opened again before an edit.
    #[error("the thread is archived")]
    Archived,
    /// The message has a thread already.
    #[error("there is a thread already")]
    HasThread,
    /// An interaction has had all its follow-ups.
    #[error("no more follow-ups")]
    Enough,
    /// Too long or too large.
    #[error("too large")]
    TooLarge,
    /// The answer was longer than we read.
    #[error("an answer over its limit")]
    Overlong,
    /// Any other refusal: the same call will be refused again.
    #[error("refused ({status}, {code})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Discord's code, 0 where there is none.
        code: u64,
    },
    /// It was certainly not done: nobody took the call.
    #[error("Discord cannot be reached: {0}")]
    Unreached(#[source] BoxError),
    /// Nobody knows whether it was done.
    #[error("Discord did not answer: {0}")]
    Unavailable(#[source] BoxError),
}

/// A refusal's body, as far as we read it. Source: Discord's API reference, "Error Messages" and "Rate Limits".
#[derive(Debug, Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    code: u64,
    pub(super) retry_after: Option<f64>,
    #[serde(default)]
    global: bool,
}

impl CallError {
    /// Reads a refusal by status and code, never by its words.
    pub(super) fn refusal(status: u16, refusal: &Refusal) -> Self {
        match (status, refusal.code) {
            (429, _) => Self::Throttled {
                wait: refusal
                    .retry_after
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                    .unwrap_or(UNTOLD_WAIT),
                global: refusal.global,
            },
            (_, 10015 | 10062 | 40060 | 50027) => Self::Over,
            (_, 10003 | 10008) => Self::Gone,
            (_, 40005) | (413, _) => Self::TooLarge,
            (_, 50083) => Self::Archived,
            (_, 40094) => Self::Enough,
            (_, 160_004) => Self::HasThread,
            (401, _) => Self::Token,
            (403, code) => Self::Forbidden { code },
            (404, _) => Self::Gone,
            (500.., _) => Self::Unavailable(format!("status {status}").into()),
            (status, code) => Self::Refused { status, code },
        }
    }

    /// What serenity says, without the address that it happened at: some hold tokens.
    pub(super) fn of(error: serenity::Error) -> Self {
        match error {
            serenity::Error::Http(HttpError::UnsuccessfulRequest(ErrorResponse { status_code, error, .. })) => {
                let code = u64::try_from(error.code).unwrap_or_default();
                Self::refusal(status_code.as_u16(), &Refusal { code, ..Refusal::default() })
            }
            serenity::Error::Http(HttpError::Request(error)) => Self::transport(error),
            // Their words may quote what was sent.
            _ => Self::Unavailable("the call could not be made".into()),
        }
    }

    /// A transport error without the address that it happened at.
    pub(super) fn transport(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if error.is_connect() { Self::Unreached(Box::new(error)) } else { Self::Unavailable(Box::new(error)) }
    }

    /// An answer that cannot be used.
    pub(super) fn nonsense(what: &'static str) -> Self {
        Self::Unavailable(what.into())
    }
}

impl From<CallError> for SurfaceError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Throttled { wait, .. } => Self::RateLimited { retry_after: wait },
            CallError::Over | CallError::Gone => Self::Gone,
            CallError::Forbidden { .. } | CallError::Token => Self::Forbidden,
            CallError::TooLarge => Self::TooLarge,
            CallError::Unreached(error) => Self::Unreached(error),
            CallError::Unavailable(error) => Self::Unavailable(error),
            other @ (CallError::Archived
            | CallError::HasThread
            | CallError::Enough
            | CallError::Overlong
            | CallError::Refused { .. }) => Self::Refused(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> CallError {
        CallError::refusal(status, &serde_json::from_str(body).unwrap())
    }

    #[test]
    fn a_wait_is_kept_without_a_code_and_never_guessed_short() {
        let wait = |body| match read(429, body) {
            CallError::Throttled { wait, global } => (wait, global),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(r#"{"message":"x","retry_after":1.5,"global":true}"#), (Duration::from_millis(1500), true));
        assert_eq!(wait("{}"), (UNTOLD_WAIT, false));
        assert_eq!(wait(r#"{"retry_after":-1}"#), (UNTOLD_WAIT, false));
    }

    #[test]
    fn codes_decide_before_statuses() {
        assert!(matches!(read(404, r#"{"code":10062}"#), CallError::Over));
        assert!(matches!(read(401, r#"{"code":50027}"#), CallError::Over));
        assert!(matches!(read(401, r#"{"code":0}"#), CallError::Token));
        assert!(matches!(read(400, r#"{"code":40005}"#), CallError::TooLarge));
        assert!(matches!(read(403, r#"{"code":50013}"#), CallError::Forbidden { code: 50013 }));
        assert!(matches!(read(400, r#"{"code":50083}"#), CallError::Archived));
        assert!(matches!(read(400, r#"{"code":50035}"#), CallError::Refused { status: 400, code: 50035 }));
        assert!(matches!(read(502, "{}"), CallError::Unavailable(_)));
    }
}
