//! Where things stand, before anything is drawn. Lengths are pixels.

use crate::nemo::{Segment, Track};

/// Narrower segments carry a number that is explained below.
pub(super) const NUMBERED_BELOW: f32 = 60.0;
/// The least that is seen of a segment.
const LEAST: f32 = 4.0;
/// Between two labels of the axis.
const TICK_GAP: f32 = 110.0;
/// A segment of a timeline without times is no wider.
const UNTIMED: f32 = 240.0;
/// A number and the ground around it.
const DIGIT: f32 = 11.5;
const PILL_MARGIN: f32 = 16.0;
/// Between two numbers; closer ones become one.
const PILL_GAP: f32 = 4.0;

/// The time axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// Where it begins.
    pub(super) left: f32,
    /// How wide it is.
    pub(super) width: f32,
    /// What is shown, in milliseconds; zero if no time is known.
    pub(super) span: u64,
}

/// A segment in its place.
#[derive(Debug)]
pub(super) struct Block<'t> {
    pub(super) segment: &'t Segment,
    pub(super) x: f32,
    pub(super) width: f32,
}

impl Block<'_> {
    pub(super) fn is_tiny(&self) -> bool {
        self.width < NUMBERED_BELOW
    }
}

/// The number of a tiny segment, or of several that stand too close for one each.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pill {
    /// The first and the last number.
    pub(super) numbers: (usize, usize),
    /// Where what it stands for begins and ends.
    reach: (f32, f32),
    pub(super) x: f32,
    pub(super) width: f32,
}

impl Axis {
    /// The marks: where, and which time. About eight, at round times.
    pub(super) fn ticks(&self) -> Vec<(f32, u64)> {
        const STEPS: [u64; 20] = [
            100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
            1_800_000, 3_600_000, 7_200_000, 14_400_000, 43_200_000, 86_400_000,
        ];
        if self.span == 0 {
            return Vec::new();
        }
        let wide = |step: &&u64| self.length(**step) >= TICK_GAP;
        // A draft may claim any length: beyond the longest step there are eighths.
        let step = STEPS.iter().find(wide).copied().unwrap_or_else(|| self.span.div_ceil(8));
        (0..=self.span / step).take(12).map(|n| (self.x(n * step), n * step)).collect()
    }

    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "pixels")]
    fn length(&self, millis: u64) -> f32 {
        (millis as f64 / self.span.max(1) as f64).min(1.0) as f32 * self.width
    }

    fn x(&self, millis: u64) -> f32 {
        self.left + self.length(millis)
    }

    fn right(&self) -> f32 {
        self.left + self.width
    }

    /// The first `room` segments of a track, from left to right.
    #[allow(clippy::cast_precision_loss, reason = "at most a few hundred")]
    pub(super) fn blocks<'t>(&self, track: &'t Track, room: usize) -> Vec<Block<'t>> {
        let mut segments: Vec<_> = track.segments.iter().take(room).collect();
        if self.span == 0 {
            let width = (self.width / segments.len().max(1) as f32).min(UNTIMED);
            let place = |(n, segment)| Block { segment, x: self.left + n as f32 * width, width };
            return segments.into_iter().enumerate().map(place).collect();
        }
        segments.sort_by_key(|segment| segment.start_ms);
        let place = |segment: &'t Segment| {
            let x = self.x(segment.start_ms).min(self.right() - LEAST);
            let width = self.length(segment.duration_ms).max(LEAST).min(self.right() - x);
            Block { segment, x, width }
        };
        segments.into_iter().map(place).collect()
    }

    /// The numbers of the tiny ones among `blocks`, beginning with `first`. No two touch.
    pub(super) fn pills(&self, blocks: &[Block<'_>], first: usize) -> Vec<Pill> {
        let mut pills: Vec<Pill> = Vec::new();
        for (block, number) in blocks.iter().filter(|block| block.is_tiny()).zip(first..) {
            let mut pill = self.pill((number, number), (block.x, block.x + block.width));
            while let Some(before) = pills.pop_if(|before| before.x + before.width + PILL_GAP > pill.x) {
                let reach = (before.reach.0, before.reach.1.max(pill.reach.1));
                pill = self.pill((before.numbers.0, number), reach);
            }
            pills.push(pill);
        }
        pills
    }

    #[allow(clippy::cast_precision_loss, reason = "a few letters")]
    fn pill(&self, numbers: (usize, usize), reach: (f32, f32)) -> Pill {
        let width = label(numbers).chars().count() as f32 * DIGIT + PILL_MARGIN;
        let x = f32::midpoint(reach.0, reach.1) - width / 2.0;
        Pill { numbers, reach, x: x.min(self.right() - width).max(self.left), width }
    }
}

impl Pill {
    /// What it says.
    pub(super) fn label(&self) -> String {
        label(self.numbers)
    }
}

fn label((first, last): (usize, usize)) -> String {
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// A time as a clock shows it, with tenths where it has some.
pub(super) fn clock(millis: u64) -> String {
    let tenths = millis.saturating_add(50) / 100;
    let (h, m, s) = (tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60);
    let whole = if h == 0 { format!("{m}:{s:02}") } else { format!("{h}:{m:02}:{s:02}") };
    if tenths.is_multiple_of(10) { whole } else { format!("{whole}.{}", tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nemo::TrackKind;

    const AXIS: Axis = Axis { left: 200.0, width: 900.0, span: 90_000 };

    fn track(times: &[(u64, u64)]) -> Track {
        let segment = |&(start_ms, duration_ms)| Segment { label: None, start_ms, duration_ms, volume: None };
        Track { kind: TrackKind::Video, segments: times.iter().map(segment).collect() }
    }

    #[test]
    fn marks_stand_at_round_times_with_room_for_their_labels() {
        for span in [1, 250, 900, 3_000, 30_000, 61_000, 600_000, 7_200_000, 31 * 86_400_000, u64::MAX / 4] {
            let axis = Axis { span, ..AXIS };
            let ticks = axis.ticks();
            assert!((1..=12).contains(&ticks.len()), "{span}: {ticks:?}");
            for pair in ticks.windows(2) {
                assert!(pair[1].0 - pair[0].0 >= TICK_GAP - 0.1, "{span}: {ticks:?}");
            }
            assert!(ticks.iter().all(|(x, _)| (AXIS.left..=AXIS.right()).contains(x)));
        }
        assert_eq!(
            Axis { span: 30_000, ..AXIS }.ticks().iter().map(|tick| tick.1).collect::<Vec<_>>()[..3],
            [0, 5_000, 10_000]
        );
        assert!(Axis { span: 0, ..AXIS }.ticks().is_empty());
    }

    #[test]
    fn numbers_that_would_touch_become_one() {
        let close = track(&[(0, 300), (300, 300), (600, 300), (40_000, 2_000), (60_000, 30_000)]);
        let blocks = AXIS.blocks(&close, 200);
        let pills = AXIS.pills(&blocks, 4);
        assert_eq!(pills.iter().map(Pill::label).collect::<Vec<_>>(), ["4–6", "7"]);
        assert!(pills.iter().all(|pill| pill.x >= AXIS.left && pill.x + pill.width <= AXIS.right()));
    }

    #[test]
    fn what_has_no_time_stands_side_by_side() {
        let untimed = track(&[(0, 0), (0, 0), (0, 0)]);
        let blocks = Axis { span: 0, ..AXIS }.blocks(&untimed, 2);
        assert_eq!(
            blocks.iter().map(|block| (block.x, block.width)).collect::<Vec<_>>(),
            [(200.0, 240.0), (440.0, 240.0)]
        );
    }

    #[test]
    fn a_clock_shows_tenths_only_where_there_are_some() {
        for (millis, said) in
            [(0, "0:00"), (3_000, "0:03"), (61_500, "1:01.5"), (3_599_960, "1:00:00"), (7_265_000, "2:01:05")]
        {
            assert_eq!(clock(millis), said);
        }
    }
}
