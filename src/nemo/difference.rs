//! What changed in a project between two readings: the answer to a turn that gave none (contract 8).

use serde::{Deserialize, Serialize};

use super::change::{AudioValue, Change};
use super::draft::{Digest, Segment, Timeline, TrackKind};
use super::project::Project;

/// What is kept of a project before a turn, to be compared with it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What can be read of the timeline.
    pub timeline: Timeline,
    /// A fingerprint of all of the draft.
    pub digest: Digest,
    /// How many clips there were.
    pub video_infos: usize,
    /// How many generated pieces there were.
    pub generated_media: usize,
}

impl Snapshot {
    /// What is kept of `project`.
    pub fn of(project: &Project) -> Self {
        let mut timeline = project.draft.timeline();
        timeline.canvas = timeline.canvas.or(project.canvas);
        Self {
            timeline,
            digest: project.draft.digest(),
            video_infos: project.video_infos,
            generated_media: project.generated_media,
        }
    }
}

/// What changed from `before` to `after`: clips, texts, audio, then the whole. Empty if and only if nothing did.
pub fn difference(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let mut changes = Vec::new();
    let (old, new) = (&before.timeline, &after.timeline);
    let mut other = old.cut || new.cut || old.opaque || new.opaque;
    other |= clips(&unmatched(old, new, TrackKind::Video), &mut changes);
    texts(&unmatched(old, new, TrackKind::Text), &mut changes);
    other |= audio(&unmatched(old, new, TrackKind::Audio), &mut changes);
    if let (Some(before), Some(after)) = (old.canvas, new.canvas)
        && before != after
    {
        changes.push(Change::Canvas { before, after });
    }
    if let (Some(before), Some(after)) = (old.duration_ms, new.duration_ms)
        && before != after
    {
        changes.push(Change::Duration { before, after });
    }
    // What is generated may be counted in both lists.
    let videos = after.video_infos.saturating_sub(before.video_infos);
    let media = videos.max(after.generated_media.saturating_sub(before.generated_media));
    if media > 0 {
        changes.push(Change::Media(media));
    }
    let fewer = after.video_infos < before.video_infos || after.generated_media < before.generated_media;
    let drawn = before.digest != after.digest;
    if fewer || (drawn && (other || changes.is_empty() || rest(old).ne(rest(new)))) {
        changes.push(Change::Other);
    }
    changes
}

/// Tracks that have no words of their own.
fn rest(timeline: &Timeline) -> impl Iterator<Item = &super::draft::Track> {
    timeline.tracks.iter().filter(|track| matches!(track.kind, TrackKind::Other(_)))
}

/// Segments of one kind that are only in one of two timelines, in order of their start.
struct Unmatched<'a> {
    old: Vec<&'a Segment>,
    new: Vec<&'a Segment>,
}

fn unmatched<'a>(old: &'a Timeline, new: &'a Timeline, kind: TrackKind) -> Unmatched<'a> {
    let of = |timeline: &'a Timeline| {
        let tracks = timeline.tracks.iter().filter(|track| track.kind == kind);
        let mut segments: Vec<_> = tracks.flat_map(|track| &track.segments).collect();
        segments.sort_by_key(|segment| segment.start_ms);
        segments
    };
    let (mut old, mut new) = (of(old), of(new));
    old.retain(|segment| match new.iter().position(|other| other == segment) {
        Some(at) => {
            new.remove(at);
            false
        }
        None => true,
    });
    Unmatched { old, new }
}

impl<'a> Unmatched<'a> {
    /// Pairs each old segment with a new one: by the first of `alike` that fits, each tried on all before the next.
    /// Gives the pairs and what is left, in order of their start: gone, and new.
    fn pair(&self, alike: &[fn(&Segment, &Segment) -> bool]) -> Pairs<'a> {
        let (mut old, mut new) = (self.old.clone(), self.new.clone());
        let mut both = Vec::new();
        for alike in alike {
            old.retain(|before| match new.iter().position(|after| alike(before, after)) {
                Some(at) => {
                    both.push((*before, new.remove(at)));
                    false
                }
                None => true,
            });
        }
        both.sort_by_key(|(before, _)| before.start_ms);
        Pairs { both, gone: old, new }
    }
}

struct Pairs<'a> {
    both: Vec<(&'a Segment, &'a Segment)>,
    gone: Vec<&'a Segment>,
    new: Vec<&'a Segment>,
}

fn same_label(a: &Segment, b: &Segment) -> bool {
    a.label == b.label
}

fn same_name(a: &Segment, b: &Segment) -> bool {
    a.label.is_some() && same_label(a, b)
}

fn end(segment: &Segment) -> u64 {
    segment.start_ms.saturating_add(segment.duration_ms)
}

/// Says whether there is more than has words: a volume.
fn clips(segments: &Unmatched<'_>, changes: &mut Vec<Change>) -> bool {
    let mut more = false;
    let Pairs { both, gone, new } = segments.pair(&[
        |a, b| same_label(a, b) && a.start_ms == b.start_ms,
        |a, b| same_label(a, b) && a.duration_ms == b.duration_ms,
        same_name,
    ]);
    for (before, after) in both {
        more |= before.volume != after.volume;
        if before.start_ms != after.start_ms {
            changes.push(Change::ClipMoved { before: before.start_ms, after: after.start_ms });
        }
        if before.duration_ms != after.duration_ms {
            let (at, before, after) = (after.start_ms, before.duration_ms, after.duration_ms);
            changes.push(Change::ClipTrimmed { at, before, after });
        }
    }
    changes.extend(gone.iter().map(|clip| Change::ClipRemoved { at: clip.start_ms }));
    changes.extend(new.iter().map(|clip| Change::ClipAdded { at: clip.start_ms, duration: clip.duration_ms }));
    more
}

fn texts(segments: &Unmatched<'_>, changes: &mut Vec<Change>) {
    let Pairs { both, gone, new } = segments.pair(&[same_name, |a, b| a.start_ms == b.start_ms]);
    changes.extend(both.iter().map(|(_, after)| Change::TextChanged { at: after.start_ms, text: after.label.clone() }));
    changes.extend(gone.iter().map(|text| Change::TextRemoved { at: text.start_ms }));
    changes.extend(new.iter().map(|text| Change::TextAdded {
        text: text.label.clone(),
        from: text.start_ms,
        to: end(text),
    }));
}

/// Says whether there is more than has words: a volume that appeared or went.
fn audio(segments: &Unmatched<'_>, changes: &mut Vec<Change>) -> bool {
    let mut more = false;
    let Pairs { both, gone, new } = segments.pair(&[
        |a, b| same_name(a, b) && a.start_ms == b.start_ms,
        same_name,
        |a, b| same_label(a, b) && a.start_ms == b.start_ms,
    ]);
    for (old, new) in both {
        let name = || new.label.clone();
        match (old.volume, new.volume) {
            (Some(before), Some(after)) if before != after => {
                let (before, after) = (AudioValue::Volume(before), AudioValue::Volume(after));
                changes.push(Change::AudioChanged { name: name(), before, after });
            }
            (before, after) => more |= before != after,
        }
        let span = |segment: &Segment| AudioValue::Span { from: segment.start_ms, to: end(segment) };
        if (old.start_ms, end(old)) != (new.start_ms, end(new)) {
            changes.push(Change::AudioChanged { name: name(), before: span(old), after: span(new) });
        }
    }
    changes.extend(gone.iter().map(|audio| Change::AudioRemoved { name: audio.label.clone() }));
    changes.extend(new.iter().map(|audio| Change::AudioAdded {
        name: audio.label.clone(),
        volume: audio.volume,
        from: audio.start_ms,
        to: end(audio),
    }));
    more
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::nemo::RawDraft;

    fn snapshot(draft: &str, video_infos: usize, generated_media: usize) -> Snapshot {
        let draft = RawDraft::parse(draft).unwrap();
        let (canvas, user_id, task_id) = (None, None, None);
        Snapshot::of(&Project { draft, video_infos, generated_media, canvas, user_id, task_id })
    }

    /// A timeline of one track of each kind.
    fn draft(video: &str, audio: &str, text: &str) -> String {
        format!(r#"{{"t":[{{"tt":0,"sg":[{video}]}},{{"tt":1,"sg":[{audio}]}},{{"tt":7,"sg":[{text}]}}]}}"#)
    }

    const A: &str = r#"{"s":0,"d":5000,"m":{"title":"a"}}"#;
    const B: &str = r#"{"s":5000,"d":5000,"m":{"title":"b"}}"#;

    #[rstest]
    #[case::same([A, "", ""], [A, "", ""], vec![])]
    #[case::clip_added([A, "", ""], [&[A, B].join(",") as &str, "", ""],
        vec![Change::ClipAdded { at: 5000, duration: 5000 }, Change::Duration { before: 5000, after: 10_000 }])]
    #[case::clip_removed([&[A, B].join(",") as &str, "", ""], [B, "", ""], vec![Change::ClipRemoved { at: 0 }])]
    #[case::clip_trimmed([A, B, ""], [r#"{"s":0,"d":3000,"m":{"title":"a"}}"#, B, ""],
        vec![Change::ClipTrimmed { at: 0, before: 5000, after: 3000 }])]
    #[case::clip_moved([A, B, ""], [r#"{"s":2000,"d":5000,"m":{"title":"a"}}"#, B, ""],
        vec![Change::ClipMoved { before: 0, after: 2000 }])]
    #[case::unnamed_trimmed([r#"{"d":5000}"#, B, ""], [r#"{"d":4000}"#, B, ""],
        vec![Change::ClipTrimmed { at: 0, before: 5000, after: 4000 }])]
    #[case::clip_louder([r#"{"d":5,"v":10}"#, "", ""], [r#"{"d":5,"v":20}"#, "", ""], vec![Change::Other])]
    #[case::text_added([A, "", ""], [A, "", r#"{"s":0,"d":3000,"m":{"text":"Hi"}}"#],
        vec![Change::TextAdded { text: Some("Hi".to_owned()), from: 0, to: 3000 }])]
    #[case::text_changed([A, "", r#"{"s":0,"d":3000,"m":{"text":"Hi"}}"#], [A, "", r#"{"s":0,"d":3000,"m":{"text":"Ho"}}"#],
        vec![Change::TextChanged { at: 0, text: Some("Ho".to_owned()) }])]
    #[case::text_moved([A, "", r#"{"s":0,"d":3000,"m":{"text":"Hi"}}"#], [A, "", r#"{"s":900,"d":3000,"m":{"text":"Hi"}}"#],
        vec![Change::TextChanged { at: 900, text: Some("Hi".to_owned()) }])]
    #[case::text_removed([A, "", r#"{"s":70,"d":30}"#], [A, "", ""], vec![Change::TextRemoved { at: 70 }])]
    #[case::audio_added([A, "", ""], [A, r#"{"s":0,"d":9,"m":{"title":"Lo-fi","volume":0.35}}"#, ""],
        vec![Change::AudioAdded { name: Some("Lo-fi".to_owned()), volume: Some(35), from: 0, to: 9 }])]
    #[case::audio_louder([A, r#"{"s":0,"d":9,"v":10,"name":"x"}"#, ""], [A, r#"{"s":0,"d":9,"v":20,"name":"x"}"#, ""],
        vec![Change::AudioChanged { name: Some("x".to_owned()), before: AudioValue::Volume(10), after: AudioValue::Volume(20) }])]
    #[case::audio_moved([A, r#"{"s":0,"d":9,"name":"x"}"#, ""], [A, r#"{"s":1,"d":9,"name":"x"}"#, ""],
        vec![Change::AudioChanged { name: Some("x".to_owned()),
            before: AudioValue::Span { from: 0, to: 9 }, after: AudioValue::Span { from: 1, to: 10 } }])]
    #[case::audio_swapped([A, r#"{"s":0,"d":9,"name":"x"}"#, ""], [A, r#"{"s":0,"d":9,"name":"y"}"#, ""],
        vec![Change::AudioRemoved { name: Some("x".to_owned()) }, Change::AudioAdded { name: Some("y".to_owned()), volume: None, from: 0, to: 9 }])]
    #[case::unreadable([r#"{"d":1,"x":1}"#, "", ""], [r#"{"d":1,"x":2}"#, "", ""], vec![Change::Other])]
    fn a_change_of_the_timeline_has_its_words(
        #[case] before: [&str; 3],
        #[case] after: [&str; 3],
        #[case] changes: Vec<Change>,
    ) {
        let at = |[video, audio, text]: [&str; 3]| snapshot(&draft(video, audio, text), 0, 0);
        assert_eq!(difference(&at(before), &at(after)), changes);
    }

    #[test]
    fn the_whole_is_compared_too() {
        let before = r#"{"d":1000,"m":{"width":1920,"height":1080},"t":[{"tt":11,"sg":[{"d":1}]}]}"#;
        let after = r#"{"d":2000,"m":{"width":1080,"height":1920},"t":[{"tt":11,"sg":[{"d":2}]}]}"#;
        assert_eq!(
            difference(&snapshot(before, 1, 0), &snapshot(after, 3, 1)),
            [
                Change::Canvas { before: (1920, 1080), after: (1080, 1920) },
                Change::Duration { before: 1000, after: 2000 },
                Change::Media(2),
                Change::Other,
            ]
        );
        assert_eq!(difference(&snapshot(before, 1, 0), &snapshot(before, 0, 0)), [Change::Other]);
        assert_eq!(difference(&snapshot("\"<a/>\"", 0, 0), &snapshot("\"<b/>\"", 0, 0)), [Change::Other]);
        assert_eq!(difference(&snapshot("null", 0, 0), &snapshot("{}", 0, 0)), []);
    }

    #[test]
    fn nothing_is_said_to_change_only_if_nothing_did() {
        let all: Vec<_> = ["{}", &draft(A, "", ""), &draft(B, "", ""), &draft(A, B, ""), &draft("", "", A), "\"x\""]
            .iter()
            .flat_map(|draft| [snapshot(draft, 0, 0), snapshot(draft, 1, 2)])
            .collect();
        for before in &all {
            for after in &all {
                assert_eq!(difference(before, after).is_empty(), before == after);
            }
        }
    }

    #[test]
    fn a_snapshot_survives_storage() {
        let before = snapshot(&draft(A, B, A), 1, 2);
        let stored = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Snapshot>(&stored).unwrap(), before);
    }
}
