//! The timeline: tracks `t` of type `tt` with segments `sg`, each `d` milliseconds long, and words about them in `m`.
//!
//! Only these five keys are documented. The others are inventions, and some are numbers that an `f64` would change:
//! a client that does not hand the draft back as it came is found out.

use serde_json::{Map, Value, json};

/// Track types; `EFFECT` is one that no document names.
pub(super) const VIDEO: u8 = 0;
pub(super) const AUDIO: u8 = 1;
pub(super) const TITLE: u8 = 7;
pub(super) const EFFECT: u8 = 11;

/// A fresh session has no timeline.
pub(super) fn empty() -> Value {
    json!({})
}

/// True if some track has a segment.
pub(super) fn has_segments(draft: &Value) -> bool {
    tracks(draft).any(|track| segments(track).next().is_some())
}

/// Length of the longest track, in milliseconds.
pub(super) fn length(draft: &Value) -> u64 {
    tracks(draft).map(|track| segments(track).map(duration).sum()).max().unwrap_or(0)
}

/// Adds a clip behind those that are there.
pub(super) fn add_clip(draft: &mut Value, title: &str, url: &str, millis: u64, size: (u32, u32)) {
    if draft.get("t").is_none() {
        *draft = json!({ "d": 0, "m": { "title": title, "width": size.0, "height": size.1, "fps": exact("30.00") },
            "t": [] });
    }
    add(draft, VIDEO, millis, json!({ "title": title, "url": url, "scale": exact("1.50") }));
}

/// Lays music under everything.
pub(super) fn add_music(draft: &mut Value, title: &str) {
    let millis = length(draft).max(3_000);
    remove(draft, &[AUDIO]);
    add(draft, AUDIO, millis, json!({ "title": title, "volume": exact("0.35") }));
}

/// Shows words at the beginning.
pub(super) fn add_title(draft: &mut Value, text: &str) {
    remove(draft, &[TITLE]);
    add(draft, TITLE, 3_000, json!({ "text": text }));
}

/// Lays an effect over everything.
pub(super) fn add_effect(draft: &mut Value, name: &str) {
    let millis = length(draft).max(3_000);
    add(draft, EFFECT, millis, json!({ "name": name }));
}

/// Takes tracks of these types away.
pub(super) fn remove(draft: &mut Value, kinds: &[u8]) {
    if let Some(tracks) = draft.get_mut("t").and_then(Value::as_array_mut) {
        tracks.retain(|track| !kinds.iter().any(|kind| is(track, *kind)));
    }
    measure(draft);
}

/// Cuts every track at `millis`.
pub(super) fn trim(draft: &mut Value, millis: u64) {
    for track in draft.get_mut("t").and_then(Value::as_array_mut).into_iter().flatten() {
        let mut left = millis;
        for segment in track.get_mut("sg").and_then(Value::as_array_mut).into_iter().flatten() {
            let kept = duration(segment).min(left);
            left -= kept;
            segment["d"] = json!(kept);
        }
        if let Some(segments) = track.get_mut("sg").and_then(Value::as_array_mut) {
            segments.retain(|segment| duration(segment) > 0);
        }
    }
    measure(draft);
}

fn add(draft: &mut Value, kind: u8, millis: u64, about: Value) {
    if draft.get("t").is_none() {
        *draft = json!({ "d": 0, "m": { "width": 1920, "height": 1080, "fps": exact("30.00") }, "t": [] });
    }
    let Some(tracks) = draft.get_mut("t").and_then(Value::as_array_mut) else { return };
    let at = tracks.iter().position(|track| is(track, kind)).unwrap_or_else(|| {
        tracks.push(json!({ "tt": kind, "sg": [] }));
        tracks.len() - 1
    });
    let start: u64 = segments(&tracks[at]).map(duration).sum();
    let mut segment = Map::new();
    segment.insert("id".to_owned(), json!(format!("s{kind}-{start}")));
    segment.insert("d".to_owned(), json!(millis));
    segment.insert("s".to_owned(), json!(start));
    segment.insert("ref".to_owned(), exact("55297987060244152320017"));
    segment.insert("m".to_owned(), about);
    if let Some(segments) = tracks[at].get_mut("sg").and_then(Value::as_array_mut) {
        segments.push(Value::Object(segment));
    }
    measure(draft);
}

fn measure(draft: &mut Value) {
    if draft.get("t").is_some() {
        draft["d"] = json!(length(draft));
    }
}

/// A number with exactly these digits.
fn exact(digits: &str) -> Value {
    serde_json::from_str(digits).unwrap_or_default()
}

fn tracks(draft: &Value) -> impl Iterator<Item = &Value> {
    draft.get("t").and_then(Value::as_array).into_iter().flatten()
}

fn segments(track: &Value) -> impl Iterator<Item = &Value> {
    track.get("sg").and_then(Value::as_array).into_iter().flatten()
}

fn duration(segment: &Value) -> u64 {
    segment["d"].as_u64().unwrap_or(0)
}

fn is(track: &Value, kind: u8) -> bool {
    track["tt"].as_u64() == Some(u64::from(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeline_grows_and_is_cut() {
        let mut draft = empty();
        assert!(!has_segments(&draft));
        add_clip(&mut draft, "a", "https://example.com/a.mp4", 4_000, (640, 360));
        add_clip(&mut draft, "b", "https://example.com/b.mp4", 6_000, (640, 360));
        add_music(&mut draft, "Warm Breeze");
        add_title(&mut draft, "Hello");
        assert_eq!((length(&draft), draft["t"].as_array().unwrap().len()), (10_000, 3));
        trim(&mut draft, 5_000);
        assert_eq!((length(&draft), draft["d"].as_u64()), (5_000, Some(5_000)));
        remove(&mut draft, &[AUDIO, TITLE]);
        assert_eq!(draft["t"].as_array().unwrap().len(), 1);
        assert!(draft.to_string().contains("\"scale\":1.50"), "numbers keep their digits");
    }
}
