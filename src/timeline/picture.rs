//! A timeline as a picture: the tracks one below the other, on one axis of time.
//!
//! All words come in worded. Labels are an agent's and so untrusted: whatever they hold, a picture comes out or an error.

mod fonts;
mod layout;
mod sheet;
mod theme;

#[cfg(test)]
mod tests;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

pub use fonts::Fonts;
pub use theme::Theme;

use crate::nemo::{Segment, Timeline, Track};

/// How wide a picture may be, in pixels. A chat shows each as wide as its bubble, so on a phone the letters of a narrow
/// one are larger: it is as narrow as all its names allow.
pub const WIDTHS: [u32; 3] = [720, 960, 1_200];
/// Tracks that are drawn: what a phone shows without scrolling.
const TRACKS_LIMIT: usize = 8;
/// Segments that are drawn.
const SEGMENTS_LIMIT: usize = 200;
/// No picture is higher. With all tracks, numbers and changes it is some 1,000 pixels high.
const HEIGHT_LIMIT: u32 = 1_600;

/// What a picture shows.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The timeline.
    pub timeline: Timeline,
    /// The timeline before the change that the picture is to show: segments that are not in it get a mark.
    pub before: Option<Timeline>,
    /// All that is written, but for labels of segments and times.
    pub words: Words,
    /// Dark or light.
    pub theme: Theme,
}

/// What is written, in somebody's language.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// `Timeline · 4 tracks · 0:30`.
    pub title: String,
    /// The name of each track, in order.
    pub tracks: Vec<String>,
    /// `+2 tracks`, where there are [`hidden`] ones.
    pub more: String,
    /// `changed: …`, where something is to be said of that.
    pub changed: Option<String>,
    /// The timeline as text.
    pub alt: String,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The PNG file.
    pub png: Vec<u8>,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// What it shows, in words.
    pub alt: String,
}

/// Why there is no picture. The text alone does, each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// There is nothing to see.
    #[error("the timeline has no segment")]
    Empty,
    /// There is nothing to write with.
    #[error("there is no typeface")]
    NoTypeface,
    /// It could not be drawn.
    #[error("the picture cannot be drawn")]
    Drawing,
}

/// How many tracks a picture leaves out.
pub fn hidden(timeline: &Timeline) -> usize {
    timeline.tracks.len().saturating_sub(TRACKS_LIMIT)
}

/// Draws. Takes some 30 ms of a processor, so it belongs on a thread that may block.
pub fn draw(scene: &Scene, fonts: &Fonts) -> Result<Picture, PictureError> {
    if tracks(&scene.timeline).all(|track| track.segments.is_empty()) {
        return Err(PictureError::Empty);
    }
    let ruler = fonts.ruler();
    if ruler.is_empty() {
        return Err(PictureError::NoTypeface);
    }
    let (svg, (width, height)) = sheet::svg(scene, &ruler);
    let options = Options { fontdb: fonts.database(), ..Options::default() };
    let tree = Tree::from_str(&svg, &options).map_err(|_| PictureError::Drawing)?;
    let height = height.clamp(1, HEIGHT_LIMIT);
    let mut pixels = Pixmap::new(width, height).ok_or(PictureError::Drawing)?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    let png = pixels.encode_png().map_err(|_| PictureError::Drawing)?;
    Ok(Picture { png, size: (width, height), alt: scene.words.alt.clone() })
}

/// The tracks that are drawn.
fn tracks(timeline: &Timeline) -> impl Iterator<Item = &Track> {
    timeline.tracks.iter().take(TRACKS_LIMIT)
}

/// What is shown of the time, in milliseconds.
fn span(timeline: &Timeline) -> u64 {
    let end = |segment: &Segment| segment.start_ms.saturating_add(segment.duration_ms);
    let ends = tracks(timeline).flat_map(|track| &track.segments).map(end).max().unwrap_or(0);
    // Where no segment has a length, a length of the whole says nothing of them.
    let timed = tracks(timeline).flat_map(|track| &track.segments).any(|segment| segment.duration_ms > 0);
    if timed { ends.max(timeline.duration_ms.unwrap_or(0)) } else { 0 }
}
