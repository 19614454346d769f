//! Colours. Each text stands on its ground with a contrast of 4.5 to 1 at least; the tests compute it.

use crate::nemo::TrackKind;

/// Dark or light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

/// The colours of a theme.
#[derive(Debug)]
pub(super) struct Palette {
    pub(super) ground: &'static str,
    /// A track where nothing plays.
    pub(super) lane: &'static str,
    /// Lines that only guide the eye.
    pub(super) rule: &'static str,
    pub(super) text: &'static str,
    /// Text of less weight.
    pub(super) quiet: &'static str,
    /// What changed.
    pub(super) accent: &'static str,
    video: Paint,
    audio: Paint,
    title: Paint,
    other: Paint,
}

/// How segments of one kind look.
#[derive(Debug)]
pub(super) struct Paint {
    pub(super) fill: &'static str,
    /// Text on the fill.
    pub(super) ink: &'static str,
    /// The bar at the beginning of a segment.
    pub(super) edge: &'static str,
}

const DARK: Palette = Palette {
    ground: "#17181c",
    lane: "#212329",
    rule: "#383b44",
    text: "#f3f4f6",
    quiet: "#a6abb8",
    accent: "#ffc44d",
    video: Paint { fill: "#284f9e", ink: "#ffffff", edge: "#8db4ff" },
    audio: Paint { fill: "#1b6648", ink: "#ffffff", edge: "#62dba8" },
    title: Paint { fill: "#6d3a9c", ink: "#ffffff", edge: "#d5a6ff" },
    other: Paint { fill: "#4a505d", ink: "#ffffff", edge: "#b6bdca" },
};

const LIGHT: Palette = Palette {
    ground: "#ffffff",
    lane: "#f2f4f7",
    rule: "#d9dde4",
    text: "#15171c",
    quiet: "#596070",
    accent: "#b24a00",
    video: Paint { fill: "#c9dbff", ink: "#14306b", edge: "#2f66e0" },
    audio: Paint { fill: "#bcead2", ink: "#0c4328", edge: "#158553" },
    title: Paint { fill: "#e5d2ff", ink: "#481a70", edge: "#8b3fcd" },
    other: Paint { fill: "#d5dae3", ink: "#2c323c", edge: "#697182" },
};

impl Theme {
    pub(super) const fn palette(self) -> &'static Palette {
        match self {
            Self::Dark => &DARK,
            Self::Light => &LIGHT,
        }
    }
}

impl Palette {
    pub(super) const fn paint(&self, kind: TrackKind) -> &Paint {
        match kind {
            TrackKind::Video => &self.video,
            TrackKind::Audio => &self.audio,
            TrackKind::Text => &self.title,
            TrackKind::Other(_) => &self.other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance. Source: WCAG 2.2, "relative luminance".
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_its_ground() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
        for theme in [Theme::Dark, Theme::Light] {
            let palette = theme.palette();
            let mut pairs = vec![
                (palette.text, palette.ground),
                (palette.text, palette.lane),
                (palette.quiet, palette.ground),
                (palette.accent, palette.ground),
            ];
            for kind in [TrackKind::Video, TrackKind::Audio, TrackKind::Text, TrackKind::Other(11)] {
                let paint = palette.paint(kind);
                pairs.push((paint.ink, paint.fill));
            }
            for (text, ground) in pairs {
                assert!(contrast(text, ground) >= 4.5, "{theme:?}: {text} on {ground}: {}", contrast(text, ground));
            }
            // What is no text must still be seen: 3 to 1.
            for kind in [TrackKind::Video, TrackKind::Audio, TrackKind::Text, TrackKind::Other(11)] {
                let paint = palette.paint(kind);
                assert!(contrast(paint.edge, paint.fill) >= 3.0, "{theme:?}: {paint:?}");
            }
        }
    }
}
