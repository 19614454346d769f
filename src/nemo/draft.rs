//! The timeline as the backend keeps it, and what can be read from it (contract 6.1).

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::error::head;
use super::wire::{Fields, number, text, whole};

/// How many segments of a timeline are read. What is finer shows as "other changes" (contract 8).
const SEGMENTS_LIMIT: usize = 200;
/// How many tracks are read. Editors have a few dozen.
const TRACKS_LIMIT: usize = 100;
/// How much of a label is kept, in bytes.
const LABEL_LIMIT: usize = 200;

/// A draft, byte for byte as it came: it goes back unchanged into a render, and most of it is not ours to understand.
#[derive(Clone, Debug)]
pub struct RawDraft(Box<RawValue>);

impl RawDraft {
    /// The draft of a project that has none.
    pub fn none() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    /// Takes JSON; none if it is not JSON.
    pub fn parse(json: &str) -> Option<Self> {
        RawValue::from_string(json.to_owned()).ok().map(Self)
    }

    /// The JSON as it came.
    pub fn as_json(&self) -> &str {
        self.0.get()
    }

    pub(super) fn raw(&self) -> &RawValue {
        &self.0
    }

    /// Whether there is no timeline at all: nothing, `null`, `{}` or an empty string.
    pub fn is_empty(&self) -> bool {
        let blank = |text: String| text.trim().is_empty();
        match self.as_json().as_bytes().first() {
            Some(b'{') => Fields::read(self.as_json()).is_some_and(|draft| draft.is_empty()),
            Some(b'"') => text(&self.0).is_some_and(blank),
            Some(b'[') => super::wire::list(&self.0).is_some_and(|list| list.is_empty()),
            _ => true,
        }
    }

    /// Whether there is something to render: a track with a segment, or a timeline in a form that we cannot read and
    /// so must leave to the backend to judge.
    pub fn exportable(&self) -> bool {
        if self.as_json().starts_with('"') {
            return !self.is_empty();
        }
        let tracks = Fields::read(self.as_json()).and_then(|draft| draft.list("t")).unwrap_or_default();
        tracks.into_iter().filter_map(|track| Fields::read(track.get())).any(|track| track.count("sg") > 0)
    }

    /// What can be read of the timeline. Never fails: what is strange is left out or stays without a label.
    pub fn timeline(&self) -> Timeline {
        Timeline::read(self.as_json())
    }

    /// A fingerprint of the content. The order of keys and white space do not matter; all empty drafts are alike.
    pub fn digest(&self) -> Digest {
        let mut hash = Sha256::new();
        match serde_json::from_str::<Value>(self.as_json()) {
            _ if self.is_empty() => {}
            Ok(draft) => canonical(&draft, &mut hash),
            // Nested deeper than is read: its bytes must do.
            Err(_) => hash.update(self.as_json()),
        }
        let mut digest = String::new();
        for byte in hash.finalize() {
            let _ = write!(digest, "{byte:02x}");
        }
        Digest(digest)
    }
}

impl From<&RawValue> for RawDraft {
    fn from(raw: &RawValue) -> Self {
        Self(raw.to_owned())
    }
}

/// Feeds `value` to the hash with its keys sorted. Strings are quoted, so that nothing can be mistaken for structure.
fn canonical(value: &Value, hash: &mut Sha256) {
    match value {
        Value::Array(items) => {
            hash.update("[");
            for item in items {
                canonical(item, hash);
                hash.update(",");
            }
            hash.update("]");
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            hash.update("{");
            for (key, value) in fields {
                hash.update(Value::from(key.as_str()).to_string());
                hash.update(":");
                canonical(value, hash);
                hash.update(",");
            }
            hash.update("}");
        }
        plain => hash.update(plain.to_string()),
    }
}

/// A fingerprint of a draft: SHA-256 in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

/// What can be read of a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Its tracks, in order.
    pub tracks: Vec<Track>,
    /// How long it plays, in milliseconds: as it says, else to the end of its last segment.
    pub duration_ms: Option<u64>,
    /// Width and height of the picture in pixels.
    pub canvas: Option<(u64, u64)>,
    /// There is a timeline in a form that cannot be read, such as XML in a string.
    pub opaque: bool,
    /// There was more than is read here.
    pub cut: bool,
}

/// One track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// What it holds.
    pub kind: TrackKind,
    /// Its segments, in order.
    pub segments: Vec<Segment>,
}

/// What a track holds, by `tt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrackKind {
    /// 0.
    Video,
    /// 1: background music and voices.
    Audio,
    /// 7: titles.
    Text,
    /// Effects, stickers and what else there may be; -1 if it does not say.
    Other(i64),
}

/// One piece of a track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its title, name or text.
    pub label: Option<String>,
    /// When it begins, in milliseconds.
    pub start_ms: u64,
    /// How long it plays, in milliseconds; zero if it does not say.
    pub duration_ms: u64,
    /// Its volume in percent.
    pub volume: Option<u32>,
}

impl Timeline {
    fn read(json: &str) -> Self {
        let Some(draft) = Fields::read(json) else {
            return Self { opaque: json.starts_with('"') && json.len() > 2, ..Self::default() };
        };
        let mut timeline = Self::default();
        let mut room = SEGMENTS_LIMIT;
        let tracks = draft.list("t").unwrap_or_default();
        timeline.cut = tracks.len() > TRACKS_LIMIT;
        for track in tracks.into_iter().take(TRACKS_LIMIT) {
            let Some(track) = Fields::read(track.get()) else { continue };
            let mut segments = Vec::new();
            let mut end = 0;
            let raw = track.list("sg").unwrap_or_default();
            timeline.cut |= raw.len() > room;
            for segment in raw.into_iter().take(room) {
                let segment = Fields::read(segment.get()).map_or_else(
                    || Segment { label: None, start_ms: end, duration_ms: 0, volume: None },
                    |fields| Segment::read(&fields, end),
                );
                // Where no start is given, the segments follow each other.
                end += segment.duration_ms;
                segments.push(segment);
            }
            room -= segments.len();
            timeline.tracks.push(Track { kind: TrackKind::read(&track), segments });
        }
        let ends = timeline.segments().map(|segment| segment.start_ms.saturating_add(segment.duration_ms));
        timeline.duration_ms = draft.whole("d").map(bounded).or(ends.max()).filter(|duration| *duration > 0);
        let size = draft.object("m").and_then(|meta| meta.whole("width").zip(meta.whole("height")));
        timeline.canvas = size.filter(|(width, height)| *width > 0 && *height > 0);
        timeline
    }

    /// All segments, track by track.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.tracks.iter().flat_map(|track| &track.segments)
    }
}

impl TrackKind {
    #[allow(clippy::cast_possible_truncation, reason = "a float casts to the nearest that fits")]
    fn read(track: &Fields<'_>) -> Self {
        match track.number("tt").map(|kind| kind as i64) {
            Some(0) => Self::Video,
            Some(1) => Self::Audio,
            Some(7) => Self::Text,
            other => Self::Other(other.unwrap_or(-1)),
        }
    }
}

impl Segment {
    /// Reads what is known of it. `end` is where the segment before it ends.
    fn read(fields: &Fields<'_>, end: u64) -> Self {
        let meta = fields.object("m");
        let said = |fields: &Fields<'_>, keys: &[&str]| keys.iter().find_map(|key| fields.text(key));
        let label = meta
            .as_ref()
            .and_then(|meta| said(meta, &["title", "name", "text"]))
            .or_else(|| said(fields, &["title", "name", "text", "content"]));
        let start = ["s", "st", "start"].iter().find_map(|key| fields.raw(key).and_then(number));
        let loud = |fields: &Fields<'_>| ["volume", "vol", "v"].iter().find_map(|key| fields.number(key));
        Self {
            label: label.map(|label| head(label.trim(), LABEL_LIMIT).to_owned()).filter(|label| !label.is_empty()),
            start_ms: start.map_or(end, |start| bounded(whole(start).unwrap_or(0))),
            duration_ms: bounded(fields.whole("d").unwrap_or(0)),
            volume: loud(fields).or_else(|| meta.as_ref().and_then(loud)).and_then(percent),
        }
    }
}

/// Keeps sums of times from overflowing: a month is long for a video.
fn bounded(millis: u64) -> u64 {
    const MONTH: u64 = 31 * 24 * 3600 * 1000;
    millis.min(MONTH)
}

/// A volume of up to 1 is a share, all else is percent.
fn percent(volume: f64) -> Option<u32> {
    let percent = if volume <= 1.0 { volume * 100.0 } else { volume };
    whole(percent.round()).and_then(|percent| u32::try_from(percent).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) const SAMPLE: &str = r#"{ "d": 10000, "m": {"title": "Urban Dreams", "width": 1080, "height": 1920},
      "t": [
        {"tt": 0, "sg": [{"id":"s1","d":10000,"s":0,"m":{"title":"city timelapse","url":"https://static1.example/v.mp4"}}]},
        {"tt": 1, "sg": [{"id":"s2","d":10000,"s":0,"m":{"title":"Lo-fi","volume":0.35}}]},
        {"tt": 7, "sg": [{"id":"s3","d":3000,"s":0,"m":{"text":"Urban Dreams"}}]} ] }"#;

    fn draft(json: &str) -> RawDraft {
        RawDraft::parse(json).unwrap()
    }

    #[test]
    fn the_sample_is_read() {
        let timeline = draft(SAMPLE).timeline();
        let seen: Vec<_> = timeline
            .tracks
            .iter()
            .flat_map(|track| track.segments.iter().map(|s| (track.kind, s.label.as_deref(), s.duration_ms, s.volume)))
            .collect();
        assert_eq!(
            seen,
            [
                (TrackKind::Video, Some("city timelapse"), 10_000, None),
                (TrackKind::Audio, Some("Lo-fi"), 10_000, Some(35)),
                (TrackKind::Text, Some("Urban Dreams"), 3_000, None),
            ]
        );
        assert_eq!((timeline.duration_ms, timeline.canvas), (Some(10_000), Some((1080, 1920))));
        assert!(!timeline.opaque && !timeline.cut);
    }

    #[test]
    fn strange_drafts_never_fail() {
        for json in [
            "null",
            "{}",
            "[]",
            "7",
            "\"\"",
            r#"{"t":null}"#,
            r#"{"t":{}}"#,
            r#"{"t":[null,7,{"tt":"x"},{"sg":{}},{"tt":3.5,"sg":[null,"a",{"d":-5,"s":"x","m":[]},{"d":1e300}]}]}"#,
            &format!("{{\"t\":{}{}}}", "[".repeat(5000), "]".repeat(5000)),
        ] {
            let draft = draft(json);
            let _ = (draft.timeline(), draft.exportable(), draft.digest(), draft.is_empty());
        }
        let kinds = draft(r#"{"t":[{"tt":"7"},{"tt":11},{}]}"#).timeline();
        let kinds: Vec<_> = kinds.tracks.iter().map(|track| track.kind).collect();
        assert_eq!(kinds, [TrackKind::Text, TrackKind::Other(11), TrackKind::Other(-1)]);
    }

    #[test]
    fn segments_without_a_start_follow_each_other_and_volumes_are_percent() {
        let json = r#"{"t":[{"tt":0,"sg":[{"d":1000},{"d":2000.7,"v":1},{"st":"9000","d":5,"m":{"vol":80}}]}]}"#;
        let timeline = draft(json).timeline();
        let seen: Vec<_> = timeline.segments().map(|s| (s.start_ms, s.duration_ms, s.volume)).collect();
        assert_eq!(seen, [(0, 1000, None), (1000, 2000, Some(100)), (9000, 5, Some(80))]);
        assert_eq!(timeline.duration_ms, Some(9005));
    }

    #[test]
    fn at_most_two_hundred_segments_are_read() {
        let track = format!(r#"{{"tt":0,"sg":[{}]}}"#, vec![r#"{"d":1}"#; 150].join(","));
        let timeline = draft(&format!(r#"{{"t":[{track},{track}]}}"#)).timeline();
        assert_eq!((timeline.segments().count(), timeline.cut), (200, true));
    }

    #[test]
    fn a_draft_can_be_exported_only_with_a_segment_somewhere() {
        assert!(draft(SAMPLE).exportable());
        assert!(draft(r#"{"t":[{"sg":[]},{"sg":[{}]}]}"#).exportable());
        for json in ["null", "{}", r#"{"t":[]}"#, r#"{"t":[{"sg":[]}]}"#, r#"{"t":[{"sg":null}]}"#, r#"{"t":{}}"#, "[]"]
        {
            assert!(!draft(json).exportable(), "{json}");
        }
    }

    #[test]
    fn a_draft_in_a_string_exists_but_is_not_read() {
        let xml = draft("\"<timeline/>\"");
        assert!(xml.timeline().opaque && xml.exportable() && !xml.is_empty());
        let blank = draft("\"\"");
        assert!(!blank.timeline().opaque && !blank.exportable() && blank.is_empty());
    }

    #[test]
    fn a_digest_knows_content_and_not_notation() {
        let digest = |json| draft(json).digest();
        assert_eq!(digest(r#"{"a":1,"b":[2,{"c":"é"}]}"#), digest("{ \"b\":[2,{\"c\":\"\\u00e9\"}],\n\"a\":1}"));
        assert_ne!(digest(r#"{"a":1}"#), digest(r#"{"a":2}"#));
        assert_ne!(digest(r#"{"a":"1"}"#), digest(r#"{"a":1}"#));
        assert_ne!(digest(r#"{"a":[1,2]}"#), digest(r#"{"a":[12]}"#));
        assert_ne!(digest(r#"{"a":[[],1]}"#), digest(r#"{"a":[[1]]}"#));
        assert_ne!(digest(r#"{"a":12345678901234567890}"#), digest(r#"{"a":12345678901234567891}"#));
        assert_eq!(digest("null"), digest("{}"));
        assert_ne!(digest("{}"), digest(r#"{"t":[]}"#));
    }
}
