//! What can go wrong between us and the backend: one variant per decision.

use std::fmt;
use std::time::Duration;

use super::account::Token;

/// How much of a reason is kept, in bytes. What says more than this in an error is a page, not a sentence.
const REASON_LIMIT: usize = 1024;
/// How much of a failure's kind is shown, in bytes.
const KIND_LIMIT: usize = 64;

/// Why a call did not do its work. `Display` names the kind alone: no address, no token, none of the backend's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NemoError {
    /// Codes 1001, 1010, 1011 and HTTP 401: heal an anonymous account once, tell the owner of any other token.
    #[error("the account token was refused")]
    TokenRefused,
    /// Code 1002: open a new session and say that the timeline is new.
    #[error("the session is gone")]
    SessionGone,
    /// Code 2001: show the way to more credits.
    #[error("the account is out of credits")]
    OutOfCredits,
    /// Code 4001: name the accepted formats.
    #[error("the file type is not supported")]
    Unsupported,
    /// Code 4002, HTTP 413 on an upload, or a length over [`media::SIZE_LIMIT`](super::media::SIZE_LIMIT), which is
    /// found before anything is sent: suggest to compress or trim.
    #[error("the file is too large")]
    TooLarge,
    /// HTTP or code 402: a matter of the subscription, not of credits. No retry.
    #[error("the plan does not include this")]
    PlanBlocked,
    /// HTTP 403: a scope or the plan is missing. No retry.
    #[error("the account may not do this")]
    Forbidden,
    /// HTTP 400 and 422: a mistake of ours. Log it, apologize.
    #[error("our request was malformed ({0})")]
    Malformed(Refusal),
    /// 429: wait, then one retry. See [`Nemo::wait_after`](super::Nemo::wait_after).
    #[error("too many requests")]
    RateLimited {
        /// What the backend asked us to wait, if it said so.
        retry_after: Option<Duration>,
    },
    /// The backend knows no render of this id.
    #[error("the render is unknown")]
    UnknownRender,
    /// The id of this render was used before: submit under a new one.
    #[error("the render id was used before")]
    DuplicateRender,
    /// The source of an upload gave less or more than it announced, or broke off. The backend has not got the file.
    #[error("the upload broke off ({sent} of {announced} bytes)")]
    Truncated {
        /// Bytes that the source gave until then.
        sent: u64,
        /// Bytes that it had announced.
        announced: u64,
    },
    /// Network trouble.
    #[error("the backend cannot be reached ({})", if *.sent { "after sending" } else { "nothing was sent" })]
    Unavailable {
        /// Something may have arrived there. False only if no connection came about.
        sent: bool,
    },
    /// HTTP 408 and 5xx. Proves nothing about what was done.
    #[error("the backend is in trouble ({0})")]
    Server(Refusal),
    /// A turn gave no answer at all within a limit. It may still run.
    #[error("the turn gave no answer: {0}")]
    Overdue(TurnLimit),
    /// A refusal that the contract does not name. No retry.
    #[error("the backend refused ({0})")]
    Rejected(Refusal),
    /// An answer that says neither yes nor no in any known shape. The work may have been done.
    #[error("the backend's answer was not understood: {0}")]
    NotUnderstood(&'static str),
    /// The client cannot be built from its settings.
    #[error("the settings of the backend's client are unusable: {0}")]
    Setup(&'static str),
}

impl NemoError {
    /// Whether what was asked for may have been done, or may still be under way, in spite of this error.
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Server(_) | Self::Unavailable { sent: true } | Self::Overdue(_) | Self::NotUnderstood(_))
    }

    /// Whether the same question may be answered a moment later: a broken line, a 5xx, a rate limit.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Server(_) | Self::Unavailable { .. } | Self::RateLimited { .. })
    }
}

/// The limit at which we stop waiting for a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TurnLimit {
    /// `nemo.silence_timeout` passed without anything of substance.
    #[error("silent for too long")]
    Silent,
    /// `nemo.turn_timeout` passed since the request was sent.
    #[error("too long in all")]
    Total,
}

/// How the backend said no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The `code` of the body, if there was one.
    pub code: Option<i64>,
    /// What it said.
    pub reason: Reason,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "HTTP {}, code {code}", self.status),
            None => write!(f, "HTTP {}", self.status),
        }
    }
}

/// What the backend said when it failed, scrubbed of tokens and addresses. It may still quote the user, so it is for
/// the operator's log alone, and neither `Debug` nor `Display` shows it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Scrubs `text`. `token` is the one that the failed call carried: an error may echo the request.
    pub(super) fn new(text: &str, token: Option<&Token>) -> Self {
        let mut kept = head(text, REASON_LIMIT);
        if kept.len() < text.len() {
            // The cut may have gone through a token, whose first half would no longer be recognized.
            kept = &kept[..kept.rfind(char::is_whitespace).unwrap_or(0)];
        }
        let known = token.map(Token::expose).filter(|token| !token.is_empty());
        let text = known.map_or_else(|| kept.to_owned(), |known| kept.replace(known, "[token]"));
        let mut after_bearer = false;
        let words = text.split(|c: char| c.is_whitespace() || c.is_control()).map(|word| {
            let secret = after_bearer || word.contains("nmv_");
            after_bearer = word.to_ascii_lowercase().ends_with("bearer");
            match word {
                _ if secret => "[token]",
                _ if word.contains("://") => "[link]",
                _ => word,
            }
        });
        Self(words.collect::<Vec<_>>().join(" "))
    }

    /// The words, for a log that only the operator reads.
    pub fn for_log(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reason({} bytes)", self.0.len())
    }
}

/// The kind of a failure, made safe to show: `RESOURCE_EXHAUSTED`, `RuntimeError`. Anything else becomes `error`.
pub(super) fn kind_of(text: &str) -> String {
    let word = text.split(':').next().unwrap_or_default().trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if word.is_empty() || word.len() > KIND_LIMIT || !word.chars().all(plain) || word.contains("nmv_") {
        return "error".to_owned();
    }
    word.to_owned()
}

/// The first `limit` bytes of `text`, a little less where that would cut a character.
pub(super) fn head(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_holds_no_token_and_no_address() {
        let token = Token::new("CANARY-1");
        let reason = Reason::new(
            "bad header 'Bearer abc.def' for CANARY-1,\nsee https://cdn.example.com/a?sig=1 or nmv_usr_77.",
            Some(&token),
        );
        assert_eq!(reason.for_log(), "bad header 'Bearer [token] for [token], see [link] or [token]");
        assert_eq!(format!("{reason:?}"), format!("Reason({} bytes)", reason.for_log().len()));
    }

    #[test]
    fn a_token_that_the_cut_goes_through_is_dropped() {
        let token = Token::new("CANARY-0123456789");
        let text = format!("{} CANARY-0123456789 and more", "x".repeat(REASON_LIMIT - 8));
        let reason = Reason::new(&text, Some(&token));
        assert!(!reason.for_log().contains("CAN"), "{}", reason.for_log());
        assert_eq!(reason.for_log().len(), REASON_LIMIT - 8);
    }

    #[test]
    fn no_error_shows_what_the_backend_said() {
        let refusal = || Refusal { status: 500, code: Some(7), reason: Reason::new("the user said hello", None) };
        for error in [
            NemoError::Malformed(refusal()),
            NemoError::Server(refusal()),
            NemoError::Rejected(refusal()),
            NemoError::Truncated { sent: 1, announced: 2 },
        ] {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hello"), "{shown}");
        }
        assert_eq!(NemoError::Server(refusal()).to_string(), "the backend is in trouble (HTTP 500, code 7)");
    }

    #[test]
    fn a_kind_is_one_plain_word() {
        assert_eq!(kind_of("RESOURCE_EXHAUSTED"), "RESOURCE_EXHAUSTED");
        assert_eq!(kind_of("RuntimeError: backend tool exploded"), "RuntimeError");
        assert_eq!(kind_of("tool \"seedance\" said"), "error");
        assert_eq!(kind_of(&"x".repeat(65)), "error");
        assert_eq!(kind_of(""), "error");
    }
}
