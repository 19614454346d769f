//! A timeline in words and as a picture, and what changed between two of them.

pub mod picture;

#[cfg(test)]
mod tests;

use std::time::Duration;

use picture::Words;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::chat::rich::RichText;
use crate::language::Language;
use crate::nemo::{AudioValue, Change, Timeline, Track, TrackKind};
use crate::say::Say;

/// Tracks that are listed before "and n more": what a phone's screen holds.
const TRACKS_SHOWN: usize = 12;
/// Segments that are listed of one track.
const SEGMENTS_SHOWN: usize = 8;
/// A picture's text, in UTF-16 units. Sources: Discord's API reference, "Attachment" (1,024); Bot API, `sendPhoto` (1,024).
const ALT_LIMIT: usize = 1_000;
/// Changes that are named before "and n more".
const CHANGES_SHOWN: usize = 5;

/// The tracks, one below the other.
pub fn summary(timeline: &Timeline, language: &Language) -> RichText {
    if timeline.tracks.is_empty() {
        let say = if timeline.opaque { Say::StatusUnreadable } else { Say::StatusEmpty };
        return RichText::sentence(&say.text(language));
    }
    let mut all = vec![Say::StatusTimeline { n: timeline.tracks.len() as u64 }.text(language)];
    all.extend(lines(timeline, language));
    RichText::sentence(&all.join("\n"))
}

/// What is written in a picture of `timeline` that is to show `changes`, and its text for those who do not see it.
pub fn words(timeline: &Timeline, changes: &[Change], language: &Language) -> Words {
    let n = timeline.tracks.len() as u64;
    let lines = lines(timeline, language);
    let (title, alt) = if let Some(duration) = timeline.duration_ms.map(span) {
        let alt = Say::StatusAlt { duration, n, lines: one_line(lines, language) }.text(language);
        (Say::PictureTitle { n, duration }.text(language), alt)
    } else {
        let head = Say::StatusTimeline { n }.text(language).replace("**", "");
        let alt = one_line(std::iter::once(head).chain(lines), language);
        (Say::PictureTitleUntimed { n }.text(language), alt)
    };
    let diff = self::changes(changes, language);
    Words {
        title,
        tracks: timeline.tracks.iter().map(|track| kind(track.kind, language)).collect(),
        more: Say::PictureMore { n: picture::hidden(timeline) as u64 }.text(language),
        changed: (!changes.is_empty()).then(|| Say::PictureChanged { diff }.text(language)),
        alt: alt
            .graphemes(true)
            .scan(0, |length, grapheme| {
                *length += grapheme.encode_utf16().count();
                (*length <= ALT_LIMIT).then_some(grapheme)
            })
            .collect(),
    }
}

fn one_line(lines: impl IntoIterator<Item = String>, language: &Language) -> String {
    let joined = |first, second| Say::JoinedLines { first, second }.text(language);
    lines.into_iter().reduce(joined).unwrap_or_default()
}

fn lines(timeline: &Timeline, language: &Language) -> Vec<String> {
    let mut lines = Vec::new();
    for (track, i) in timeline.tracks.iter().take(TRACKS_SHOWN).zip(1..) {
        let segments = segments(track, language);
        lines.push(Say::StatusLine { i, track: kind(track.kind, language), segments }.text(language));
    }
    if timeline.tracks.len() > TRACKS_SHOWN {
        lines.push(Say::StatusMore { n: (timeline.tracks.len() - TRACKS_SHOWN) as u64 }.text(language));
    }
    lines
}

/// Changes in one line, at most five of them named.
pub fn changes(changes: &[Change], language: &Language) -> String {
    let mut named: Vec<_> = changes.iter().take(CHANGES_SHOWN).map(|change| word(change, language)).collect();
    if changes.len() > CHANGES_SHOWN {
        named.push(Say::StatusMore { n: (changes.len() - CHANGES_SHOWN) as u64 }.text(language));
    }
    named.join(" · ")
}

fn segments(track: &Track, language: &Language) -> String {
    let mut said: Vec<_> = track
        .segments
        .iter()
        .take(SEGMENTS_SHOWN)
        .map(|segment| {
            let name = match (&segment.label, track.kind) {
                (Some(label), TrackKind::Text) => Say::StatusText { text: label.clone() }.text(language),
                (Some(label), _) => label.clone(),
                (None, kind_of) => kind(kind_of, language),
            };
            let volume = segment.volume.map(|percent| Say::StatusVolume { percent: percent.into() }.text(language));
            let (from, to) = (span(segment.start_ms), span(segment.start_ms.saturating_add(segment.duration_ms)));
            Say::StatusSegment { name, from, to, volume: volume.unwrap_or_default() }.text(language)
        })
        .collect();
    if track.segments.len() > SEGMENTS_SHOWN {
        said.push(Say::StatusMore { n: (track.segments.len() - SEGMENTS_SHOWN) as u64 }.text(language));
    }
    let also = |first, second| Say::StatusAlso { first, second }.text(language);
    said.into_iter().reduce(also).unwrap_or_else(|| "–".to_owned())
}

fn kind(kind: TrackKind, language: &Language) -> String {
    let say = match kind {
        TrackKind::Video => Say::TrackVideo,
        TrackKind::Audio => Say::TrackAudio,
        TrackKind::Text => Say::TrackText,
        TrackKind::Other(number) => Say::TrackOther { n: number.unsigned_abs() },
    };
    say.text(language)
}

fn word(change: &Change, language: &Language) -> String {
    let audio = |name: &Option<String>| name.clone().unwrap_or_else(|| kind(TrackKind::Audio, language));
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "…".to_owned());
    let say = match change {
        Change::ClipAdded { at, duration } => Say::DiffClipAdded { at: span(*at), duration: span(*duration) },
        Change::ClipRemoved { at } => Say::DiffClipRemoved { at: span(*at) },
        Change::ClipTrimmed { at, before, after } => {
            Say::DiffClipTrimmed { at: span(*at), before: span(*before), after: span(*after) }
        }
        Change::ClipMoved { before, after } => Say::DiffClipMoved { before: span(*before), after: span(*after) },
        Change::TextAdded { text: said, from, to } => {
            Say::DiffTextAdded { text: text(said), from: span(*from), to: span(*to) }
        }
        Change::TextChanged { at, text: said } => Say::DiffTextChanged { at: span(*at), text: text(said) },
        Change::TextRemoved { at } => Say::DiffTextRemoved { at: span(*at) },
        Change::AudioAdded { name, volume, from, to } => {
            // Where the volume cannot be read, it is told when it plays.
            let volume = volume.map_or(AudioValue::Span { from: *from, to: *to }, AudioValue::Volume);
            Say::DiffAudioAdded { name: audio(name), volume: value(volume) }
        }
        Change::AudioChanged { name, before, after } => {
            Say::DiffAudioChanged { name: audio(name), before: value(*before), after: value(*after) }
        }
        Change::AudioRemoved { name } => Say::DiffAudioRemoved { name: audio(name) },
        Change::Canvas { before, after } => Say::DiffCanvas { before: picture(*before), after: picture(*after) },
        Change::Duration { before, after } => Say::DiffDuration { before: span(*before), after: span(*after) },
        Change::Media(n) => Say::DiffMedia { n: *n as u64 },
        Change::Other => Say::DiffOther,
    };
    say.text(language)
}

fn value(value: AudioValue) -> String {
    let clock = |ms: u64| format!("{}:{:02}", ms / 60_000, ms / 1_000 % 60);
    match value {
        AudioValue::Volume(percent) => format!("{percent}%"),
        AudioValue::Span { from, to } => format!("{}–{}", clock(from), clock(to)),
    }
}

fn picture((width, height): (u64, u64)) -> String {
    format!("{width}x{height}")
}

const fn span(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
