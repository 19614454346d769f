//! Is an answer a refusal, and which? `code` first, then the HTTP status (contract 7).

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::value::RawValue;

use super::account::Token;
use super::error::{NemoError, Reason, Refusal};
use super::wire::{Call, Fields, list, number, text};

/// The longest wait that a `Retry-After` is believed to mean: the seven days between two anonymous accounts.
const RETRY_AFTER_LIMIT: Duration = Duration::from_hours(7 * 24);
/// Texts that mean the same as code 1001 (contract 7).
const TOKEN_TEXTS: [&str; 6] = [
    "invalid token",
    "missing authentication token",
    "token not found",
    "token has been revoked",
    "token has expired",
    "invalid or expired",
];

/// The refusal in an answer to `call`; none if the answer is no refusal. `token` is the one that the call carried.
pub(super) fn refusal(
    call: Call,
    status: u16,
    headers: &HeaderMap,
    body: &str,
    token: Option<&Token>,
) -> Option<NemoError> {
    let fields = Fields::read(body);
    let code = fields.as_ref().and_then(|fields| fields.raw("code")).and_then(number).and_then(to_code);
    let well = (200..300).contains(&status) && code.unwrap_or(0) == 0 && !fields.as_ref().is_some_and(says_failed);
    if well {
        return None;
    }
    let said = fields.as_ref().and_then(reason).unwrap_or_else(|| format!("HTTP {status}"));
    let refusal = Refusal { status, code, reason: Reason::new(&said, token) };
    // Not the reason: it may quote the user.
    tracing::debug!(?call, http.status = status, code, "The backend refused a call");
    Some(decide(call, refusal, &said.to_lowercase(), retry_after(headers)))
}

/// What to do about a code that came inside a stream, after the run had begun; none where the code tells nothing more
/// than that it failed. Words decide nothing there: they may be a tool's.
pub(super) fn of_code(code: i64) -> Option<NemoError> {
    let refusal = Refusal { status: 200, code: Some(code), reason: Reason::default() };
    let decision = decide(Call::Converse, refusal, "", None);
    let tells = matches!(
        decision,
        NemoError::TokenRefused
            | NemoError::SessionGone
            | NemoError::OutOfCredits
            | NemoError::PlanBlocked
            | NemoError::Forbidden
            | NemoError::Unsupported
            | NemoError::TooLarge
            | NemoError::RateLimited { .. }
    );
    tells.then_some(decision)
}

/// A render's flat status may hold `error` beside `status`; that is a result, not a refusal.
fn says_failed(fields: &Fields<'_>) -> bool {
    fields.flag("success") == Some(false)
        || (fields.has("error") && !["data", "status", "code", "success"].iter().any(|key| fields.has(key)))
}

fn decide(call: Call, refusal: Refusal, said: &str, retry_after: Option<Duration>) -> NemoError {
    let http = match refusal.code {
        Some(1001 | 1010 | 1011) => return NemoError::TokenRefused,
        Some(1002) => return NemoError::SessionGone,
        Some(2001) => return NemoError::OutOfCredits,
        Some(4001) => return NemoError::Unsupported,
        Some(4002) => return NemoError::TooLarge,
        Some(code @ 400..600) => u16::try_from(code).unwrap_or(refusal.status),
        _ => refusal.status,
    };
    // Words decide only where neither the code nor the status does.
    if matches!(http, 200..300 | 400 | 403 | 404) && TOKEN_TEXTS.iter().any(|text| said.contains(text)) {
        return NemoError::TokenRefused;
    }
    if matches!(http, 200..300 | 404) && said.contains("session not found") {
        return NemoError::SessionGone;
    }
    let ours = http < 500 && http != 429;
    match call {
        Call::Poll | Call::Download | Call::Cancel if http == 404 || (ours && said.contains("not found")) => {
            return NemoError::UnknownRender;
        }
        Call::Submit if http == 409 || (ours && (said.contains("duplicate") || said.contains("already exists"))) => {
            return NemoError::DuplicateRender;
        }
        Call::Upload if http == 413 => return NemoError::TooLarge,
        Call::Upload if http == 415 => return NemoError::Unsupported,
        _ => {}
    }
    match http {
        401 => NemoError::TokenRefused,
        402 => NemoError::PlanBlocked,
        403 => NemoError::Forbidden,
        400 | 422 => NemoError::Malformed(refusal),
        429 => NemoError::RateLimited { retry_after },
        408 | 500..600 => NemoError::Server(refusal),
        _ => NemoError::Rejected(refusal),
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a float casts to the nearest that fits")]
fn to_code(number: f64) -> Option<i64> {
    (number.fract() == 0.0).then_some(number as i64)
}

/// The first reason of an error body (contract 2.3). Of a list in `detail` only its types and places: `input` and
/// `msg` may quote the request.
fn reason(fields: &Fields<'_>) -> Option<String> {
    ["reason", "message", "detail", "error"].iter().find_map(|key| {
        let raw = fields.raw(key)?;
        if let Some(said) = text(raw) {
            return (!said.is_empty()).then_some(said);
        }
        if let Some(object) = Fields::read(raw.get()) {
            return object.text("message");
        }
        let details = list(raw)?.into_iter().filter_map(|detail| Fields::read(detail.get())).map(|detail| {
            let place = detail.raw("loc").map(RawValue::get).unwrap_or_default();
            format!("{} {place}", detail.text("type").unwrap_or_default())
        });
        Some(details.collect::<Vec<_>>().join(", ")).filter(|details| !details.is_empty())
    })
}

/// `Retry-After` in seconds or as a date, which is compared with the answer's own `Date`: clocks may differ.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let read = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let date = |text| jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp().as_second());
    let said = read(RETRY_AFTER)?;
    let wait = if let Ok(seconds) = said.parse::<f64>() {
        Duration::try_from_secs_f64(seconds.max(0.0)).ok()?
    } else {
        let gap = date(said)?.saturating_sub(date(read(DATE)?)?);
        Duration::from_secs(u64::try_from(gap).unwrap_or(0))
    };
    Some(wait.min(RETRY_AFTER_LIMIT))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn judge(call: Call, status: u16, body: &str) -> String {
        match refusal(call, status, &HeaderMap::new(), body, None) {
            None => "fine".to_owned(),
            Some(error) => format!("{error:?}").split([' ', '(']).next().unwrap().to_owned(),
        }
    }

    #[rstest]
    #[case(200, r#"{"code":0,"data":{}}"#, "fine")]
    #[case(200, r#"{"success":true,"data":{}}"#, "fine")]
    #[case(200, r#"{"status":"failed","error":"no memory"}"#, "fine")]
    #[case(200, "", "fine")]
    #[case(200, r#"{"code":1001,"message":"expired"}"#, "TokenRefused")]
    #[case(401, r#"{"code":1001}"#, "TokenRefused")]
    #[case(200, r#"{"code":"1010"}"#, "TokenRefused")]
    #[case(400, r#"{"code":1011}"#, "TokenRefused")]
    #[case(401, "<html>", "TokenRefused")]
    #[case(403, r#"{"detail":"Token has been revoked"}"#, "TokenRefused")]
    #[case(200, r#"{"success":false,"error":"Invalid token"}"#, "TokenRefused")]
    #[case(200, r#"{"code":9,"message":"missing authentication token"}"#, "TokenRefused")]
    #[case(500, r#"{"detail":"token has expired"}"#, "Server")]
    #[case(200, r#"{"code":1002}"#, "SessionGone")]
    #[case(400, r#"{"code":1002}"#, "SessionGone")]
    #[case(404, r#"{"detail":"Session not found: nope"}"#, "SessionGone")]
    #[case(404, r#"{"detail":"Session not found"}"#, "SessionGone")]
    #[case(404, r#"{"detail":"Agent not found: x"}"#, "Rejected")]
    #[case(200, r#"{"code":2001}"#, "OutOfCredits")]
    #[case(402, r#"{"code":2001}"#, "OutOfCredits")]
    #[case(200, r#"{"code":4001}"#, "Unsupported")]
    #[case(200, r#"{"code":4002}"#, "TooLarge")]
    #[case(200, r#"{"code":402}"#, "PlanBlocked")]
    #[case(402, "", "PlanBlocked")]
    #[case(403, "", "Forbidden")]
    #[case(200, r#"{"code":400}"#, "Malformed")]
    #[case(422, r#"{"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}"#, "Malformed")]
    #[case(429, "", "RateLimited")]
    #[case(200, r#"{"code":429}"#, "RateLimited")]
    #[case(408, "", "Server")]
    #[case(502, "<html>Bad gateway</html>", "Server")]
    #[case(200, r#"{"code":500}"#, "Server")]
    #[case(200, r#"{"code":77}"#, "Rejected")]
    #[case(200, r#"{"error":"no"}"#, "Rejected")]
    #[case(302, "", "Rejected")]
    #[case(413, "", "Rejected")]
    fn every_refusal_becomes_one_decision(#[case] status: u16, #[case] body: &str, #[case] decision: &str) {
        assert_eq!(judge(Call::Converse, status, body), decision);
    }

    #[rstest]
    #[case(Call::Upload, 413, "<html>", "TooLarge")]
    #[case(Call::Upload, 415, "", "Unsupported")]
    #[case(Call::Poll, 404, "", "UnknownRender")]
    #[case(Call::Poll, 200, r#"{"success":false,"error":"Render not found"}"#, "UnknownRender")]
    #[case(Call::Poll, 200, r#"{"code":1002,"message":"session not found"}"#, "SessionGone")]
    #[case(Call::Poll, 500, r#"{"error":"not found"}"#, "Server")]
    #[case(Call::Cancel, 404, "", "UnknownRender")]
    #[case(Call::Submit, 404, "", "Rejected")]
    #[case(Call::Submit, 409, "", "DuplicateRender")]
    #[case(Call::Submit, 400, r#"{"success":false,"error":"Duplicate render id"}"#, "DuplicateRender")]
    #[case(Call::Submit, 402, "", "PlanBlocked")]
    fn the_question_decides_what_an_answer_means(
        #[case] call: Call,
        #[case] status: u16,
        #[case] body: &str,
        #[case] decision: &str,
    ) {
        assert_eq!(judge(call, status, body), decision);
    }

    #[test]
    fn the_reason_is_the_first_that_is_there_and_never_our_own_words() {
        let said = |body| match refusal(Call::Converse, 500, &HeaderMap::new(), body, None) {
            Some(NemoError::Server(refusal)) => refusal.reason.for_log().to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(said(r#"{"error":"d","detail":"c","message":"b","reason":"a"}"#), "a");
        assert_eq!(said(r#"{"error":"d","detail":"c","message":""}"#), "c");
        assert_eq!(said(r#"{"error":{"message":"d"}}"#), "d");
        assert_eq!(said("<html>"), "HTTP 500");
        let echo = r#"{"detail":[{"type":"extra_forbidden","loc":["body","x"],"msg":"my wish","input":"my wish"}]}"#;
        assert_eq!(said(echo), r#"extra_forbidden ["body","x"]"#);
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let wait = |headers: &[(&'static str, &'static str)]| {
            let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            retry_after(&headers)
        };
        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(wait(&[("retry-after", "0.5")]), Some(Duration::from_millis(500)));
        assert_eq!(wait(&[("retry-after", "-1")]), Some(Duration::ZERO));
        assert_eq!(wait(&[("retry-after", "1e30")]), None);
        assert_eq!(wait(&[("retry-after", "99999999")]), Some(RETRY_AFTER_LIMIT));
        assert_eq!(wait(&[("retry-after", "soon")]), None);
        assert_eq!(wait(&[]), None);
        let (then, now) = ("Sun, 22 Nov 2026 08:50:10 GMT", "Sun, 22 Nov 2026 08:49:40 GMT");
        assert_eq!(wait(&[("retry-after", then), ("date", now)]), Some(Duration::from_secs(30)));
        assert_eq!(wait(&[("retry-after", now), ("date", then)]), Some(Duration::ZERO));
        assert_eq!(wait(&[("retry-after", then)]), None);
    }
}
