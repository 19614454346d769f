//! The drawing itself, as SVG.

use std::fmt::Write as _;

use super::fonts::{Line, Ruler};
use super::layout::{Axis, Block, NUMBERED_BELOW, Pill, clock};
use super::theme::{Paint, Palette};
use super::{SEGMENTS_LIMIT, Scene, WIDTHS, hidden, span, tracks};
use crate::nemo::{Segment, Timeline, TrackKind};

const MARGIN: f32 = 36.0;
/// Names of tracks.
const NAMES: f32 = 190.0;
const TITLE: f32 = 28.0;
const TEXT: f32 = 22.0;
/// The smallest there is: it is shown at half this size on a phone.
const SMALL: f32 = 20.0;
/// From one track to the next, and what of it the track fills.
const ROW: f32 = 64.0;
const LANE: f32 = 54.0;
const LINE: f32 = 34.0;
/// The most that the size of the frame takes of the first line, and what is free before it.
const CANVAS: f32 = 260.0;
const CANVAS_GAP: f32 = 24.0;
/// What of a segment is left and right of its name: the seam, the edge and some ground.
const NAME_MARGINS: f32 = 35.0;
/// So much of a longer name tells what is meant.
const NAME: f32 = 220.0;
/// More segments than this in a track have no room for names.
const NAMED_SEGMENTS: usize = 12;
const PILL: f32 = 28.0;
/// Between two labels of the axis, at least.
const LABEL_GAP: f32 = 12.0;
/// Explanations of numbers, in two columns.
const NOTES_LIMIT: usize = 12;
/// Lines that tell what changed.
const CHANGED_LINES: usize = 3;

/// The picture and its size.
pub(super) fn svg(scene: &Scene, ruler: &Ruler<'_>) -> (String, (u32, u32)) {
    let narrow = WIDTHS.into_iter().find(|width| has_room(scene, *width, ruler));
    let width = narrow.unwrap_or(WIDTHS[WIDTHS.len() - 1]);
    let (axis, right) = axis(scene, width);
    let mut sheet = Sheet { body: String::new(), y: MARGIN, ruler, palette: scene.theme.palette(), right };
    sheet.head(scene);
    let notes = sheet.rows(scene, axis);
    sheet.notes(&notes);
    sheet.changed(scene.words.changed.as_deref());
    sheet.finish(width)
}

/// The axis of a picture of that width, and where all ends at the right.
#[allow(clippy::cast_precision_loss, reason = "a small constant")]
fn axis(scene: &Scene, width: u32) -> (Axis, f32) {
    let (left, right) = (MARGIN + NAMES, width as f32 - MARGIN);
    (Axis { left, width: right - left, span: span(&scene.timeline) }, right)
}

/// Whether the title and the name of each segment, or enough of a long one, can be read in a picture of that width.
fn has_room(scene: &Scene, width: u32, ruler: &Ruler<'_>) -> bool {
    let (axis, right) = axis(scene, width);
    let whole = |text: &str, size: f32, room: f32| ruler.fit(text, size, f32::MAX).width <= room;
    let size = if scene.timeline.canvas.is_some() { CANVAS + CANVAS_GAP } else { 0.0 };
    let mut tracks = tracks(&scene.timeline);
    whole(&scene.words.title, TITLE, right - MARGIN - size)
        && tracks.all(|track| {
            let blocks = axis.blocks(track, NAMED_SEGMENTS + 1);
            let named = |block: &Block<'_>| {
                let room = block.width - NAME_MARGINS;
                room >= NAME || whole(&name(block.segment), TEXT, room)
            };
            blocks.len() <= NAMED_SEGMENTS && blocks.iter().all(|block| !block.is_tiny() && named(block))
        })
}

/// A number and what it stands for.
struct Note {
    pill: Pill,
    kind: TrackKind,
    names: String,
    times: String,
}

struct Sheet<'r> {
    body: String,
    /// How far down it is drawn.
    y: f32,
    ruler: &'r Ruler<'r>,
    palette: &'static Palette,
    right: f32,
}

impl Sheet<'_> {
    fn head(&mut self, scene: &Scene) {
        let (text, quiet) = (self.palette.text, self.palette.quiet);
        let mut room = self.right - MARGIN;
        if let Some((width, height)) = scene.timeline.canvas {
            let size = self.ruler.fit(&format!("{width} × {height}"), SMALL, CANVAS);
            self.line(&size, self.right - size.width, self.y + 24.0, SMALL, quiet, "");
            room -= size.width + CANVAS_GAP;
        }
        let title = self.ruler.fit(&scene.words.title, TITLE, room);
        let bold = format!(r#" stroke="{text}" stroke-width="0.7""#);
        self.line(&title, MARGIN, self.y + 26.0, TITLE, text, &bold);
        self.y += 52.0;
    }

    /// The tracks, with their axis above them.
    fn rows(&mut self, scene: &Scene, axis: Axis) -> Vec<Note> {
        let (lane, rule, quiet) = (self.palette.lane, self.palette.rule, self.palette.quiet);
        let ticks = axis.ticks();
        if !ticks.is_empty() {
            self.y += 34.0;
        }
        let shown = tracks(&scene.timeline).count();
        let bottom = (0..shown).fold(self.y, |y, _| y + ROW) - (ROW - LANE);
        for row in 0..shown {
            let y = (0..row).fold(self.y, |y, _| y + ROW);
            self.rect((axis.left, y, axis.width, LANE), 10.0, lane);
        }
        let mut free = axis.left;
        for (x, time) in ticks {
            let label = self.ruler.fit(&clock(time), SMALL, 120.0);
            // The first and the last stay inside. One that would stand on another is left out.
            let at = (x - label.width / 2.0).clamp(axis.left, self.right - label.width);
            if at >= free {
                self.line(&label, at, self.y - 14.0, SMALL, quiet, "");
                free = at + label.width + LABEL_GAP;
            }
            let (x, y) = (x.min(self.right - 1.0), self.y);
            let _ = write!(self.body, r#"<path d="M{x:.1} {y:.1}V{bottom:.1}" stroke="{rule}" stroke-width="2"/>"#);
        }
        let marks = Marks::of(scene);
        let mut notes: Vec<Note> = Vec::new();
        let (mut room, mut number) = (SEGMENTS_LIMIT, 1);
        for (n, track) in tracks(&scene.timeline).enumerate() {
            let paint = self.palette.paint(track.kind);
            self.name(track.kind, scene.words.tracks.get(n).map_or("", String::as_str), paint);
            let blocks = axis.blocks(track, room);
            room -= blocks.len();
            let pills = axis.pills(&blocks, number);
            for block in &blocks {
                self.block(block, &pills, paint);
            }
            for block in blocks.iter().filter(|block| marks.has(track.kind, block.segment)) {
                self.mark(block);
            }
            for pill in &pills {
                self.pill(pill, pill.x, self.y + (LANE - PILL) / 2.0, paint);
            }
            let tiny: Vec<_> = blocks.iter().filter(|block| block.is_tiny()).collect();
            notes.extend(pills.into_iter().map(|pill| {
                let (first, last) = (pill.numbers.0 - number, pill.numbers.1 - number);
                Note::of(pill, track.kind, &tiny[first..=last])
            }));
            number += tiny.len();
            self.y += ROW;
        }
        self.y -= ROW - LANE;
        if hidden(&scene.timeline) > 0 {
            let more = self.ruler.fit(&scene.words.more, SMALL, self.right - MARGIN);
            self.line(&more, MARGIN, self.y + 36.0, SMALL, quiet, "");
            self.y += 42.0;
        }
        notes
    }

    /// Sign and name of a track: kinds are told apart by more than a colour.
    fn name(&mut self, kind: TrackKind, name: &str, paint: &Paint) {
        let side = 40.0;
        let y = self.y + (LANE - side) / 2.0;
        self.rect((MARGIN, y, side, side), 10.0, paint.fill);
        let sign = match kind {
            TrackKind::Video => "M15 11.5v17a1 1 0 0 0 1.5.9l13.6-8.5a1 1 0 0 0 0-1.8L16.500 10.600a1 1 0 0 0-1.5.9z",
            TrackKind::Audio => {
                "M27 9v3.600l-7 2.200V27a4.600 4.200 0 1 1-2.600-3.800V11.800zM20 23.200a4.600 4.200 0 0 0-5-.3 4.600 4.200 0 0 0 5 .3z"
            }
            TrackKind::Text => "M11 10.500h18v4.200h-6.800V30h-4.400V14.700H11z",
            TrackKind::Other(_) => "M20 9.500l10.500 10.500L20 30.500 9.500 20z",
        };
        let ink = paint.ink;
        let _ = write!(self.body, r#"<path transform="translate({MARGIN} {y:.1})" d="{sign}" fill="{ink}"/>"#);
        let line = self.ruler.fit(name, TEXT, NAMES - side - 24.0);
        self.line(&line, MARGIN + side + 12.0, self.y + LANE / 2.0 + 8.0, TEXT, self.palette.text, "");
    }

    fn block(&mut self, block: &Block<'_>, pills: &[Pill], paint: &Paint) {
        // A seam, so that neighbours are two.
        let seam = if block.width > 12.0 { 1.5 } else { 0.5 };
        let (x, width) = (block.x + seam, (block.width - 2.0 * seam).max(2.0));
        let round = (width / 2.0).min(9.0);
        // A thin one would drown without an edge, and has no room for one.
        let fill = if block.width < 12.0 { paint.edge } else { paint.fill };
        self.rect((x, self.y, width, LANE), round, fill);
        if block.is_tiny() {
            self.frame((x + 1.0, self.y + 1.0, (width - 2.0).max(1.0), LANE - 2.0), round, paint.edge, 2);
            return;
        }
        self.rect((x + 6.0, self.y + 10.0, 4.0, LANE - 20.0), 2.0, paint.edge);
        let (mut from, mut to) = (x + 20.0, x + width - 12.0);
        for pill in pills {
            let (start, end) = (pill.x - 4.0, pill.x + pill.width + 4.0);
            if start <= x && end > from {
                from = end;
            } else if start < to && end >= to {
                to = start;
            }
        }
        let y = self.y + LANE / 2.0 + 8.0;
        let name = name(block.segment);
        let volume = block.segment.volume.map(|percent| format!("{percent}%"));
        let volume = volume.map(|percent| self.ruler.fit(&percent, TEXT, 100.0));
        // A name keeps some room, else the volume goes.
        let volume = volume.filter(|line| to - from - line.width - 16.0 >= NUMBERED_BELOW);
        let room = to - from - volume.as_ref().map_or(0.0, |line| line.width + 16.0);
        let label = self.ruler.fit(&name, TEXT, room);
        self.line(&label, from, y, TEXT, paint.ink, "");
        if let Some(volume) = volume {
            self.line(&volume, from + label.width + 16.0, y, TEXT, paint.ink, "");
        }
    }

    /// A frame and a dot around what changed; the dot stands before the words on it, too.
    fn mark(&mut self, block: &Block<'_>) {
        let (accent, ground) = (self.palette.accent, self.palette.ground);
        let width = (block.width - 3.0).max(2.0);
        self.frame((block.x + 1.5, self.y + 1.5, width, LANE - 3.0), (width / 2.0).min(9.0), accent, 3);
        let (x, y) = ((block.x + block.width - 4.0).max(block.x + block.width / 2.0), self.y + 3.0);
        let _ = write!(
            self.body,
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="8" fill="{accent}" stroke="{ground}" stroke-width="3"/>"#
        );
    }

    fn pill(&mut self, pill: &Pill, x: f32, y: f32, paint: &Paint) {
        let (lane, edge, width) = (self.palette.lane, paint.edge, pill.width);
        let _ = write!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{PILL}" rx="14" fill="{lane}" stroke="{edge}" stroke-width="2"/>"#
        );
        let label = self.ruler.fit(&pill.label(), SMALL, width);
        self.line(&label, x + (width - label.width) / 2.0, y + 21.0, SMALL, self.palette.text, "");
    }

    /// What the numbers stand for.
    fn notes(&mut self, notes: &[Note]) {
        if notes.is_empty() {
            return;
        }
        let (text, quiet) = (self.palette.text, self.palette.quiet);
        self.y += 26.0;
        let (gap, half) = (32.0, (self.right - MARGIN - 32.0) / 2.0);
        // Where some are left out, the last place says how many.
        let shown = if notes.len() > NOTES_LIMIT { NOTES_LIMIT - 1 } else { notes.len() };
        let widest = notes.iter().take(shown).map(|note| note.pill.width).fold(0.0, f32::max);
        for (n, note) in notes.iter().take(shown).enumerate() {
            let x = if n % 2 == 0 { MARGIN } else { MARGIN + half + gap };
            let paint = self.palette.paint(note.kind);
            self.pill(&note.pill, x, self.y, paint);
            let times = self.ruler.fit(&note.times, SMALL, 260.0);
            let from = x + widest + 12.0;
            let names = self.ruler.fit(&note.names, SMALL, x + half - from - times.width - 12.0);
            self.line(&names, from, self.y + 21.0, SMALL, text, "");
            let behind = if names.runs.is_empty() { from } else { from + names.width + 12.0 };
            self.line(&times, behind, self.y + 21.0, SMALL, quiet, "");
            if n % 2 == 1 {
                self.y += PILL + 10.0;
            }
        }
        if notes.len() > shown {
            let more = self.ruler.fit(&format!("+{}", notes.len() - shown), SMALL, half);
            self.line(&more, MARGIN + half + gap, self.y + 21.0, SMALL, quiet, "");
        }
        // A last line that is only half full, by a note or by the rest.
        if shown % 2 == 1 {
            self.y += PILL + 10.0;
        }
        self.y -= 10.0;
    }

    fn changed(&mut self, changed: Option<&str>) {
        let from = MARGIN + 28.0;
        let lines = self.ruler.wrap(changed.unwrap_or_default(), TEXT, self.right - from, CHANGED_LINES);
        if lines.is_empty() {
            return;
        }
        let (rule, accent, text) = (self.palette.rule, self.palette.accent, self.palette.text);
        self.y += 24.0;
        let (y, right) = (self.y, self.right);
        let _ = write!(self.body, r#"<path d="M{MARGIN} {y:.1}H{right}" stroke="{rule}" stroke-width="2"/>"#);
        let (x, y) = (MARGIN + 9.0, self.y + 32.0);
        let _ = write!(self.body, r#"<circle cx="{x}" cy="{y:.1}" r="8" fill="{accent}"/>"#);
        self.y += 6.0;
        for line in lines {
            self.line(&line, from, self.y + LINE, TEXT, text, "");
            self.y += LINE;
        }
        self.y += 4.0;
    }

    fn rect(&mut self, (x, y, width, height): (f32, f32, f32, f32), round: f32, fill: &str) {
        let _ = write!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="{round:.1}" fill="{fill}"/>"#
        );
    }

    fn frame(&mut self, (x, y, width, height): (f32, f32, f32, f32), round: f32, stroke: &str, thick: u8) {
        let _ = write!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="{round:.1}" fill="none" stroke="{stroke}" stroke-width="{thick}"/>"#
        );
    }

    /// A line of text: one piece for each face, by its exact name.
    fn line(&mut self, line: &Line<'_>, x: f32, y: f32, size: f32, fill: &str, more: &str) {
        if line.runs.is_empty() {
            return;
        }
        let _ = write!(
            self.body,
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" fill="{fill}" xml:space="preserve"{more}>"#
        );
        for (family, run) in &line.runs {
            let _ = write!(self.body, r#"<tspan font-family="{family}">{}</tspan>"#, escaped(run));
        }
        self.body.push_str("</text>");
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a height of some hundred pixels")]
    fn finish(self, width: u32) -> (String, (u32, u32)) {
        let height = (self.y + MARGIN).ceil() as u32;
        let (ground, body) = (self.palette.ground, self.body);
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="{width}" height="{height}" fill="{ground}"/>{body}</svg>"#
        );
        (svg, (width, height))
    }
}

impl Note {
    fn of(pill: Pill, kind: TrackKind, blocks: &[&Block<'_>]) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for label in blocks.iter().filter_map(|block| block.segment.label.as_deref()) {
            if names.last() != Some(&label) {
                names.push(label);
            }
        }
        let from = blocks.iter().map(|block| block.segment.start_ms).min().unwrap_or(0);
        let to = blocks.iter().map(|block| end(block.segment)).max().unwrap_or(0);
        Self { pill, kind, names: names.join(", "), times: times(from, to) }
    }
}

/// Which segments get a mark.
struct Marks<'s> {
    before: Option<&'s Timeline>,
}

impl<'s> Marks<'s> {
    /// None where all is new: a mark on everything marks nothing.
    fn of(scene: &'s Scene) -> Self {
        let marks = Self { before: scene.before.as_ref() };
        let all =
            || tracks(&scene.timeline).flat_map(|track| track.segments.iter().map(|segment| (track.kind, segment)));
        if all().all(|(kind, segment)| marks.has(kind, segment)) { Self { before: None } } else { marks }
    }

    fn has(&self, kind: TrackKind, segment: &Segment) -> bool {
        let Some(before) = self.before else { return false };
        let mut alike = before.tracks.iter().filter(|track| track.kind == kind);
        !alike.any(|track| track.segments.iter().take(SEGMENTS_LIMIT).any(|other| other == segment))
    }
}

/// A segment without a label is known by its times.
fn name(segment: &Segment) -> String {
    segment.label.clone().unwrap_or_else(|| times(segment.start_ms, end(segment)))
}

fn times(from: u64, to: u64) -> String {
    if from == to { clock(from) } else { format!("{}–{}", clock(from), clock(to)) }
}

fn end(segment: &Segment) -> u64 {
    segment.start_ms.saturating_add(segment.duration_ms)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
