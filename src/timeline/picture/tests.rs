use proptest::prelude::*;
use resvg::tiny_skia::Pixmap;

use super::*;
use crate::nemo::{RawDraft, TrackKind};

fn scene(json: &str) -> Scene {
    let timeline = RawDraft::parse(json).unwrap().timeline();
    let tracks = timeline.tracks.iter().map(|_| "Track".to_owned()).collect();
    let words = Words { title: "Timeline".to_owned(), tracks, more: "+2 tracks".to_owned(), ..Words::default() };
    Scene { timeline, before: None, words, theme: Theme::Dark }
}

fn labelled(label: &str) -> Scene {
    let mut scene = scene(r#"{"t":[{"tt":0,"sg":[{"d":5000}]}]}"#);
    scene.timeline.tracks[0].segments[0].label = Some(label.to_owned());
    scene
}

fn svg(scene: &Scene) -> String {
    sheet::svg(scene, &Fonts::with(Vec::new()).ruler()).0
}

/// The boxes that a font draws for what it does not have would be glyph 0; a run is asked for each of its characters.
#[test]
fn hangul_kana_han_and_latin_stand_in_one_label_without_boxes() {
    let fonts = Fonts::with(Vec::new());
    let ruler = fonts.ruler();
    let label = "서울 밤 · 都会の夢 · 城市夜景 · 臺灣 · Ночь · Ω · Überblick “x”…—（全角）";
    let line = ruler.fit(label, 22.0, 2_000.0);
    assert_eq!(line.runs.iter().map(|(_, run)| run.as_str()).collect::<String>(), label);
    assert!(line.runs.iter().all(|(family, run)| ruler.covers(family, run)), "{:?}", line.runs);
    assert!(line.runs.len() > 3, "more than one face: {:?}", line.runs);
    // What no face has, is one box for each sign that a reader sees.
    let unknown = ruler.fit("a🎬b👩‍👩‍👧", 22.0, 2_000.0);
    assert_eq!(unknown.runs.iter().map(|(_, run)| run.as_str()).collect::<String>(), "a□b□");
    assert!(unknown.runs.iter().all(|(family, run)| ruler.covers(family, run)));
}

#[test]
fn what_china_and_japan_write_differently_is_written_as_its_reader_does() {
    let fonts = Fonts::with(Vec::new());
    let ruler = fonts.ruler();
    let face = |text: &str| ruler.fit(text, 22.0, 900.0).runs[0].0.to_owned();
    assert_ne!(face("直"), face("直す"));
    assert_eq!(face("直"), face("直接"));
}

#[test]
fn every_label_is_seen_and_none_is_seen_as_another() {
    let fonts = Fonts::with(Vec::new());
    let pixels = |label: &str| draw(&labelled(label), &fonts).unwrap().png;
    let all: Vec<_> = ["", "한국", "日本の", "中文", "Latin", "Кино"].iter().map(|label| pixels(label)).collect();
    for (n, one) in all.iter().enumerate() {
        assert!(all.iter().skip(n + 1).all(|other| other != one));
    }
}

#[test]
fn a_long_label_ends_in_an_ellipsis_before_its_room_does() {
    let fonts = Fonts::with(Vec::new());
    let ruler = fonts.ruler();
    for label in ["A very long name that goes on", "夜骑穿过老城区的最终版本", "서울의 밤거리 산책 최종"]
    {
        for room in 30_u8..180 {
            let line = ruler.fit(label, 22.0, f32::from(room));
            assert!(line.width <= f32::from(room), "{label} in {room}: {line:?}");
            let said: String = line.runs.iter().map(|(_, run)| run.as_str()).collect();
            assert!(said.is_empty() || said.ends_with('…'), "{said}");
            assert!(!said.ends_with(" …"));
        }
    }
}

#[test]
fn a_label_is_text_whatever_it_holds() {
    let hostile = [
        ("</text><image href=\"file:///etc/x\"/>", "&lt;/text&gt;&lt;image href=&quot;file:///etc/x&quot;/&gt;"),
        ("&amp; ]]> \u{0} \u{202e}txt \u{fffe}", "&amp;amp; ]]&gt;"),
    ];
    for (label, shown) in hostile {
        let svg = svg(&labelled(label));
        assert!(!svg.contains("<image") && !svg.contains('\u{202e}') && !svg.contains('\u{0}'), "{svg}");
        assert!(svg.contains(shown), "{svg}");
        assert!(draw(&labelled(label), &Fonts::with(Vec::new())).is_ok());
    }
}

#[test]
fn a_picture_is_as_wide_as_promised_and_as_high_as_it_has_to_be() {
    let fonts = Fonts::with(Vec::new());
    let track = r#"{"tt":0,"sg":[{"d":5000,"m":{"title":"a"}},{"d":5000}]}"#;
    let size = |tracks: usize| {
        let picture = draw(&scene(&format!(r#"{{"t":[{}]}}"#, vec![track; tracks].join(","))), &fonts).unwrap();
        let pixels = Pixmap::decode_png(&picture.png).unwrap();
        assert_eq!((pixels.width(), pixels.height()), picture.size);
        assert_eq!(pixels.width(), WIDTHS[0]);
        pixels.height()
    };
    assert_eq!(size(3) - size(2), 64);
    assert!(size(9) > size(8), "a line says how many more there are");
    assert_eq!(size(20), size(9), "at most eight tracks are drawn");
}

/// On a phone a picture of 1,200 pixels is shown at a quarter of its size.
#[test]
fn a_picture_is_no_wider_than_its_names_ask_for() {
    let fonts = Fonts::with(Vec::new());
    let width = |clip: u64, title: u64, words: &str| {
        let json = format!(
            r#"{{"t":[{{"tt":0,"sg":[{{"d":{clip},"m":{{"title":"a"}}}}]}},{{"tt":7,"sg":[{{"d":{title},"m":{{"title":"x"}}}}]}}]}}"#
        );
        let mut scene = scene(&json);
        scene.timeline.tracks[1].segments[0].label = Some(words.to_owned());
        let picture = draw(&scene, &fonts).unwrap();
        assert!(sheet::svg(&scene, &fonts.ruler()).0.contains(&format!(">{words}<")), "{words} is whole");
        picture.size.0
    };
    assert_eq!(width(4_000, 3_000, "Urban Dreams"), 720);
    assert_eq!(width(10_000, 3_000, "Urban Dreams"), 960);
    assert_eq!(width(12_000, 3_000, "Urban Dreams 2"), 1_200);
}

/// A last time that stands inside the picture must not stand on the one before it.
#[test]
fn times_of_the_axis_do_not_touch() {
    let fonts = Fonts::with(Vec::new());
    for days in [31_u64, 32, 40, 100] {
        let whole = days * 86_400_000;
        let svg = svg(&scene(&format!(r#"{{"t":[{{"tt":0,"sg":[{{"d":{whole}}}]}}]}}"#)));
        let ruler = fonts.ruler();
        let labels: Vec<(f32, f32)> = svg
            .split("<text x=\"")
            .filter(|text| text.contains("font-size=\"20\"") && text.contains(":00<"))
            .map(|text| {
                let x: f32 = text.split('"').next().unwrap().parse().unwrap();
                let said = text.split("\">").nth(2).unwrap().split('<').next().unwrap();
                (x, x + ruler.fit(said, 20.0, 900.0).width)
            })
            .collect();
        assert!(labels.len() > 2, "{svg}");
        assert!(labels.windows(2).all(|pair| pair[0].1 < pair[1].0), "{days}: {labels:?}");
    }
}

#[test]
fn narrow_segments_carry_a_number_that_is_explained() {
    let cuts = (0..9).map(|n| format!(r#"{{"s":{},"d":1000,"m":{{"title":"cut {n}"}}}}"#, n * 10_000));
    let json = format!(r#"{{"d":120000,"t":[{{"tt":0,"sg":[{}]}}]}}"#, cuts.collect::<Vec<_>>().join(","));
    let svg = svg(&scene(&json));
    for n in 1..=9 {
        assert_eq!(svg.matches(&format!(">{n}<")).count(), 2, "on the track and below");
        assert!(svg.contains(&format!(">cut {}<", n - 1)));
    }
}

#[test]
fn only_what_changed_is_marked() {
    let marks = |scene: &Scene| svg(scene).matches("stroke=\"#ffc44d\"").count();
    let before = scene(r#"{"t":[{"tt":0,"sg":[{"d":5000},{"d":9000}]}]}"#);
    let mut after = scene(r#"{"t":[{"tt":0,"sg":[{"d":5000},{"d":8000}]},{"tt":7,"sg":[{"s":0,"d":5000}]}]}"#);
    assert_eq!(marks(&after), 0);
    after.before = Some(before.timeline);
    assert_eq!(marks(&after), 2, "the shorter clip and the title");
    after.before = Some(Timeline::default());
    assert_eq!(marks(&after), 0, "where all is new, nothing stands out");
}

#[test]
fn where_nothing_can_be_drawn_there_is_no_picture() {
    let fonts = Fonts::with(Vec::new());
    for json in ["{}", "\"<xml/>\"", r#"{"t":[{"tt":0,"sg":[]}]}"#] {
        assert_eq!(draw(&scene(json), &fonts).unwrap_err(), PictureError::Empty);
    }
    assert_eq!(draw(&labelled("a"), &Fonts::none()).unwrap_err(), PictureError::NoTypeface);
}

#[test]
fn what_is_no_font_is_passed_over_and_a_font_of_the_operators_goes_first() {
    let faces = |fonts: &Fonts| fonts.ruler().fit("Ab 中", 22.0, 900.0).runs.len();
    let junk = Fonts::with(vec![b"no font".to_vec(), Vec::new()]);
    let own = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/cjk.otf")).unwrap();
    let own = Fonts::with(vec![own]);
    assert!(!junk.is_empty());
    assert_eq!(faces(&junk), 2);
    assert_eq!(faces(&own), 1, "its Latin letters, too");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn every_timeline_becomes_a_picture_of_bounded_size(
        segments in prop::collection::vec((0_usize..12, any::<u32>(), 0_u32..400_000, prop::option::of(".{0,30}")), 1..260),
        whole in prop::option::of(any::<u64>()),
        changed in prop::option::of(".{0,600}"),
    ) {
        let fonts = Fonts::with(Vec::new());
        let kinds = [TrackKind::Video, TrackKind::Audio, TrackKind::Text, TrackKind::Other(-1)];
        let mut timeline = Timeline { duration_ms: whole, ..Timeline::default() };
        timeline.tracks = (0..12).map(|n| Track { kind: kinds[n % 4], segments: Vec::new() }).collect();
        for (track, start, duration, label) in segments {
            let (start_ms, duration_ms) = (start.into(), duration.into());
            timeline.tracks[track % 8].segments.push(Segment { label, start_ms, duration_ms, volume: Some(start) });
        }
        let words = Words { changed, ..Words::default() };
        let scene = Scene { timeline, before: Some(Timeline::default()), words, theme: Theme::Light };
        let picture = draw(&scene, &fonts).unwrap();
        prop_assert!(picture.size.1 < HEIGHT_LIMIT && WIDTHS.contains(&picture.size.0), "{:?}", picture.size);
    }
}
