use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::nemo::RawDraft;

fn timeline(json: &str) -> Timeline {
    RawDraft::parse(json).unwrap().timeline()
}

fn english() -> Language {
    Language::known("en")
}

const SAMPLE: &str = r#"{ "d": 10000, "m": {"title": "Urban Dreams", "width": 1080, "height": 1920}, "t": [
    {"tt": 0, "sg": [{"d":10000,"s":0,"m":{"title":"city timelapse"}}]},
    {"tt": 1, "sg": [{"d":10000,"s":0,"m":{"title":"Lo-fi","volume":0.35}}]},
    {"tt": 7, "sg": [{"d":3000,"s":0,"m":{"text":"Urban Dreams"}}]},
    {"tt": 11, "sg": [{"d":500}]} ] }"#;

#[test]
fn the_tracks_stand_one_below_the_other() {
    assert_eq!(
        lines(&timeline(SAMPLE), &english()),
        [
            "1. Video: city timelapse (0-10s)",
            "2. BGM: Lo-fi (0-10s, 35%)",
            "3. Title: \"Urban Dreams\" (0-3s)",
            "4. Track 11: Track 11 (0-0.5s)",
        ]
    );
}

#[test]
fn a_change_is_told_in_words_and_no_more_than_five_of_them() {
    let added = Change::TextAdded { text: Some("Urban Dreams".to_owned()), from: 0, to: 3_000 };
    let (before, after) = (AudioValue::Volume(50), AudioValue::Volume(35));
    let music = Change::AudioChanged { name: None, before, after };
    let voice = Change::AudioAdded { name: Some("voice".to_owned()), volume: None, from: 1_000, to: 4_000 };
    assert_eq!(
        changes(&[added, music, voice], &english()),
        "text \"Urban Dreams\" at 0:00–0:03 · BGM: 50% → 35% · voice added (0:01–0:04)"
    );
    let many = vec![Change::Other; 8];
    assert_eq!(changes(&many, &english()).matches(" · ").count(), 5);
    assert!(changes(&many, &english()).ends_with(" · and 3 more"));
}

#[test]
fn a_picture_is_written_in_its_users_language() {
    let english = words(&timeline(SAMPLE), &[Change::Other], &english());
    assert_eq!(english.title, "Timeline · 4 tracks · 0:10");
    assert_eq!(english.tracks, ["Video", "BGM", "Title", "Track 11"]);
    assert_eq!(english.changed.as_deref(), Some("changed: other changes"));
    assert!(
        english.alt.starts_with("Timeline, 0:10, 4 tracks. 1. Video: city timelapse (0-10s); 2. BGM"),
        "{}",
        english.alt
    );
    let chinese = words(&timeline(SAMPLE), &[], &Language::known("zh-Hans"));
    assert_eq!((chinese.title.as_str(), chinese.changed), ("时间线 · 4 条轨道 · 0:10", None));
}

/// Any JSON, with the keys that mean something now and then.
fn strange() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![json!(0), json!(1), json!(7), json!(3_000), json!("都会の夢"), json!("<b>&</b>")]),
    ];
    let keys = ["t", "tt", "sg", "d", "m", "s", "start", "title", "text", "volume", "width", "height"];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(prop::sample::select(keys.to_vec()), inner, 0..8)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_draft_is_too_strange_to_be_told(tracks in prop::collection::vec(strange(), 0..5), whole in strange()) {
        for draft in [json!({"t": tracks.clone(), "d": whole.clone()}), json!({"t": [{"tt": 7, "sg": tracks}]}), whole] {
            let timeline = timeline(&draft.to_string());
            let words = words(&timeline, &[], &english());
            prop_assert_eq!(words.tracks.len(), timeline.tracks.len());
            prop_assert!(words.alt.encode_utf16().count() <= ALT_LIMIT);
            let _ = summary(&timeline, &english());
        }
    }
}
