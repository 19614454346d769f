//! What a picture of a timeline costs: `cargo bench --bench picture`.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods, reason = "prints times")]

use std::time::Instant;

use nemo_bot::nemo::RawDraft;
use nemo_bot::timeline::picture::{Fonts, Scene, Theme, Words, draw};

/// Pictures of each kind.
const ROUNDS: u32 = 50;

fn main() {
    let start = Instant::now();
    let fonts = Fonts::with(Vec::new());
    println!("typefaces: {:?}", start.elapsed());
    let ordinary = r#"{"d":30000,"t":[
        {"tt":0,"sg":[{"s":0,"d":12000,"m":{"title":"city timelapse 城市夜景"}},{"s":12000,"d":18000,"m":{"title":"outro"}}]},
        {"tt":1,"sg":[{"s":0,"d":30000,"m":{"title":"Lo-fi","volume":0.35}}]},
        {"tt":1,"sg":[{"s":4000,"d":18000,"m":{"title":"旁白 voice-over"}}]},
        {"tt":7,"sg":[{"s":0,"d":3000,"m":{"text":"Urban Dreams"}},{"s":24000,"d":4000,"m":{"text":"都会の夢"}}]}]}"#;
    let full = (0..8).map(|track| {
        let segments =
            (0..25).map(|n| format!(r#"{{"s":{},"d":2000,"m":{{"title":"cut {track} 片段 {n}"}}}}"#, n * 5_000));
        format!(r#"{{"tt":{},"sg":[{}]}}"#, track % 3, segments.collect::<Vec<_>>().join(","))
    });
    let full = format!(r#"{{"t":[{}]}}"#, full.collect::<Vec<_>>().join(","));
    for (name, draft) in [("four tracks, six segments", ordinary), ("eight tracks, 200 segments", &full)] {
        let timeline = RawDraft::parse(draft).unwrap().timeline();
        let tracks = timeline.tracks.iter().map(|_| "轨道".to_owned()).collect();
        let words = Words { title: "Timeline · 0:30".to_owned(), tracks, ..Words::default() };
        let scene = Scene { timeline, before: None, words, theme: Theme::Dark };
        let start = Instant::now();
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            bytes = draw(&scene, &fonts).unwrap().png.len();
        }
        println!("{name}: {:?} each, {bytes} bytes", start.elapsed() / ROUNDS);
    }
}
