//! Reading what the backend sends: lenient in every field, and never a number where there are digits of an id.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::error::NemoError;
use crate::clock::Timestamp;

/// The longest id that is taken, in bytes. They become parts of keys and addresses; real ones have some forty.
const ID_LIMIT: usize = 256;

/// What was asked. The same answer means different things to different questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Anonymous,
    Session,
    Converse,
    Upload,
    Credits,
    Project,
    Submit,
    Poll,
    Download,
    Claim,
    Cancel,
}

/// The fields of a JSON object, unread. A field that is `null` is absent; of two with one name the last counts.
#[derive(Debug)]
pub(super) struct Fields<'a>(HashMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    /// The object in `json`; none if it is anything else.
    pub(super) fn read(json: &'a str) -> Option<Self> {
        serde_json::from_str(json.trim_start_matches('\u{feff}')).ok().map(Self)
    }

    pub(super) fn raw(&self, key: &str) -> Option<&'a RawValue> {
        self.0.get(key).copied().filter(|value| value.get() != "null")
    }

    /// The first of several spellings that is there.
    pub(super) fn any(&self, keys: &[&str]) -> Option<&'a RawValue> {
        keys.iter().find_map(|key| self.raw(key))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.raw(key).is_some()
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.raw(key).and_then(text)
    }

    /// A string, or the digits of a number as they stand; none if empty or over `limit` bytes.
    pub(super) fn id(&self, key: &str, limit: usize) -> Option<String> {
        let raw = self.raw(key)?;
        let digits = || raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| raw.get().to_owned());
        text(raw).or_else(digits).filter(|id| !id.is_empty() && id.len() <= limit)
    }

    /// An id of ordinary length.
    pub(super) fn short(&self, key: &str) -> Option<String> {
        self.id(key, ID_LIMIT)
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.raw(key).and_then(number)
    }

    /// A number that is a count, cut to whole.
    pub(super) fn whole(&self, key: &str) -> Option<u64> {
        self.number(key).and_then(whole)
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.raw(key).and_then(|raw| raw.get().parse().ok())
    }

    pub(super) fn object(&self, key: &str) -> Option<Self> {
        self.raw(key).and_then(|raw| Self::read(raw.get()))
    }

    pub(super) fn list(&self, key: &str) -> Option<Vec<&'a RawValue>> {
        self.raw(key).and_then(list)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries an array or an object has; zero for all else.
    pub(super) fn count(&self, key: &str) -> usize {
        self.list(key).map(|list| list.len()).or_else(|| self.object(key).map(|object| object.0.len())).unwrap_or(0)
    }

    /// A moment written as RFC 3339, or counted from 1970 in seconds or milliseconds.
    pub(super) fn moment(&self, key: &str) -> Option<Timestamp> {
        /// Seconds reach this in the year 5138, milliseconds did in 1973.
        const MILLISECONDS_FROM: f64 = 1e11;
        let raw = self.raw(key)?;
        let millis = if let Some(count) = number(raw) {
            whole(if count < MILLISECONDS_FROM { count * 1000.0 } else { count })
        } else {
            text(raw)?.parse::<jiff::Timestamp>().ok().and_then(|moment| moment.as_millisecond().try_into().ok())
        };
        millis.map(Timestamp::from_millis)
    }
}

pub(super) fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

pub(super) fn list(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

/// A number, or a string that holds one.
pub(super) fn number(raw: &RawValue) -> Option<f64> {
    let read = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match raw.get().as_bytes().first()? {
        b'"' => read(&text(raw)?),
        b'-' | b'0'..=b'9' => read(raw.get()),
        _ => None,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float casts to the nearest that fits")]
pub(super) fn whole(number: f64) -> Option<u64> {
    (number >= 0.0).then_some(number as u64)
}

/// The body of an answer that is no refusal.
#[derive(Debug)]
pub(super) struct Reply(pub(super) String);

impl Reply {
    /// The whole object.
    pub(super) fn fields(&self) -> Result<Fields<'_>, NemoError> {
        Fields::read(&self.0).ok_or(NemoError::NotUnderstood("not a JSON object"))
    }

    /// The object in `data`, or the whole one where the envelope is missing (contract 2.3).
    pub(super) fn data(&self) -> Result<Fields<'_>, NemoError> {
        let fields = self.fields()?;
        Ok(fields.object("data").unwrap_or(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_digits_however_it_comes() {
        let id = |json| Fields::read(json).unwrap().short("id");
        assert_eq!(id(r#"{"id":"5529798706024415232"}"#).as_deref(), Some("5529798706024415232"));
        assert_eq!(id(r#"{"id":5529798706024415233}"#).as_deref(), Some("5529798706024415233"));
        assert_eq!(id(r#"{"id":""}"#), None);
        assert_eq!(id(r#"{"id":null}"#), None);
        assert_eq!(id(r#"{"id":["a"]}"#), None);
        assert_eq!(id(&format!(r#"{{"id":"{}"}}"#, "x".repeat(257))), None);
    }

    #[test]
    fn moments_are_read_in_every_notation() {
        let at = |json| Fields::read(json).unwrap().moment("at").map(Timestamp::as_millis);
        assert_eq!(at(r#"{"at":"2026-03-18T00:00:00Z"}"#), Some(1_773_792_000_000));
        assert_eq!(at(r#"{"at":"2026-03-18T01:00:00.5+01:00"}"#), Some(1_773_792_000_500));
        assert_eq!(at(r#"{"at":1773423613616}"#), Some(1_773_423_613_616));
        assert_eq!(at(r#"{"at":1773423613}"#), Some(1_773_423_613_000));
        assert_eq!(at(r#"{"at":"soon"}"#), None);
        assert_eq!(at(r#"{"at":-5}"#), None);
    }

    #[test]
    fn strange_json_is_never_a_failure() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        for json in ["", "null", "[1]", "{", "{\"a\":1}}", "\u{feff}{\"a\":1}", "{\"a\":1,\"a\":\"2\"}", &deep] {
            if let Some(fields) = Fields::read(json) {
                let _ = (fields.text("a"), fields.number("a"), fields.list("a"), fields.object("a"), fields.count("a"));
            }
        }
        assert_eq!(Fields::read("{\"a\":1,\"a\":\"2\"}").unwrap().number("a"), Some(2.0));
        assert_eq!(Fields::read("\u{feff}{\"a\":1}").unwrap().number("a"), Some(1.0));
    }
}
