//! Typefaces: what they cover, how wide a text is, where it must be cut.
//!
//! In resvg one glyph that is missing turns its *whole* text run into boxes. So a text is split here, into runs that one
//! face covers completely, and each run names its face.

use std::fmt;
use std::sync::Arc;

use resvg::usvg::fontdb::{Database, FaceInfo, Source, Stretch, Style, Weight};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _, Tag};
use unicode_segmentation::UnicodeSegmentation as _;

/// What is read of a text, in characters. A picture shows some eighty at most.
const TEXT_LIMIT: usize = 400;
/// Faces that are taken in all. Each is asked for each character.
const FACES_LIMIT: usize = 32;
/// What stands for a character that no face has, best first.
const UNKNOWN: [&str; 3] = ["□", "?", "."];
const ELLIPSIS: &str = "…";

/// Cut from Noto Sans and Noto Sans CJK by `scripts/subset-fonts.py`; SIL Open Font License, see `assets/fonts/OFL.txt`.
static EMBEDDED: [(&[u8], Use); 3] = [
    (include_bytes!("../../../assets/fonts/latin.ttf"), Use::Always),
    (include_bytes!("../../../assets/fonts/japanese.otf"), Use::Japanese),
    (include_bytes!("../../../assets/fonts/cjk.otf"), Use::Always),
];

/// Which texts a face is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Always,
    /// Texts with kana: China and Japan write many of the same characters differently.
    Japanese,
}

/// Typefaces, in the order in which they are asked for a character. Made once; cheap to clone.
#[derive(Clone)]
pub struct Fonts {
    database: Arc<Database>,
    faces: Arc<[Face]>,
}

struct Face {
    source: Source,
    index: u32,
    /// A name of ours, so that no file can mean another.
    family: String,
    used: Use,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts").field("faces", &self.faces.len()).finish_non_exhaustive()
    }
}

impl Fonts {
    /// The contents of font files, asked in this order, before the embedded ones. What is no font is passed over, and
    /// so are slanted faces, all weights of a family but its most ordinary, and faces without outlines.
    pub fn with(files: Vec<Vec<u8>>) -> Self {
        let given = files
            .into_iter()
            .take(FACES_LIMIT - EMBEDDED.len())
            .map(|file| (Source::Binary(Arc::new(file)), Use::Always));
        let embedded = EMBEDDED.iter().map(|(file, used)| (Source::Binary(Arc::new(*file)), *used));
        Self::of(given.chain(embedded))
    }

    /// No typeface at all: nothing can be drawn.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self::of([])
    }

    /// Whether there are any.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    fn of(files: impl IntoIterator<Item = (Source, Use)>) -> Self {
        let mut found: Vec<(FaceInfo, Use)> = Vec::new();
        for (source, used) in files {
            let mut reader = Database::new();
            reader.load_font_source(source);
            for face in reader.faces().filter(|face| face.style == Style::Normal && has_outlines(face)) {
                let name = |face: &FaceInfo| face.families.first().map(|(name, _)| name.clone());
                match found.iter().position(|(other, _)| name(other) == name(face)) {
                    Some(at) if oddness(face) < oddness(&found[at].0) => found[at].0 = face.clone(),
                    None if found.len() < FACES_LIMIT => found.push((face.clone(), used)),
                    _ => {}
                }
            }
        }
        let mut database = Database::new();
        let mut faces = Vec::new();
        for ((face, used), n) in found.into_iter().zip(1..) {
            let family = format!("f{n}");
            let english = face.families.first().map(|(_, language)| *language);
            let families = english.map(|language| (family.clone(), language)).into_iter().collect();
            let (source, index) = (face.source.clone(), face.index);
            let plain = (Weight::NORMAL, Stretch::Normal);
            database.push_face_info(FaceInfo { families, weight: plain.0, stretch: plain.1, ..face });
            faces.push(Face { source, index, family, used });
        }
        Self { database: Arc::new(database), faces: faces.into() }
    }

    pub(super) fn database(&self) -> Arc<Database> {
        Arc::clone(&self.database)
    }

    /// What reads the faces, for one picture.
    pub(super) fn ruler(&self) -> Ruler<'_> {
        let mut faces = Vec::new();
        for face in self.faces.iter() {
            let Source::Binary(data) = &face.source;
            let Ok(font) = FontRef::from_index((**data).as_ref(), face.index) else { continue };
            let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
            faces.push(Measured { charmap: font.charmap(), metrics, family: &face.family, used: face.used });
        }
        Ruler { faces }
    }
}

/// A face of small pictures, such as emoji, has nothing that could be drawn here, but covers digits.
fn has_outlines(face: &FaceInfo) -> bool {
    let Source::Binary(data) = &face.source;
    let Ok(font) = FontRef::from_index((**data).as_ref(), face.index) else { return false };
    let outlines = [b"glyf", b"CFF ", b"CFF2"].iter().any(|tag| font.table_data(Tag::new(tag)).is_some());
    outlines && font.table_data(Tag::new(b"COLR")).is_none()
}

/// How far a face is from the ordinary one of its family.
fn oddness(face: &FaceInfo) -> u16 {
    face.weight.0.abs_diff(Weight::NORMAL.0) + 1000 * u16::from(face.stretch != Stretch::Normal)
}

/// Faces, ready to measure with.
pub(super) struct Ruler<'f> {
    faces: Vec<Measured<'f>>,
}

struct Measured<'f> {
    charmap: Charmap<'f>,
    metrics: GlyphMetrics<'f>,
    family: &'f str,
    used: Use,
}

/// A text that fits its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Line<'f> {
    /// Pieces that one face covers completely, with its name.
    pub(super) runs: Vec<(&'f str, String)>,
    /// How wide it is.
    pub(super) width: f32,
}

/// A grapheme, or what stands for it: which face has it, and how wide it is at a size of one.
struct Glyph<'t> {
    text: &'t str,
    face: usize,
    width: f32,
}

impl<'f> Ruler<'f> {
    /// Whether there is anything to measure and draw with.
    pub(super) fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// `text` in one line of at most `room`, with an ellipsis where it had to be cut. Empty if not even a letter fits.
    pub(super) fn fit(&self, text: &str, size: f32, room: f32) -> Line<'f> {
        let text = inert(text);
        let glyphs = self.glyphs(&text);
        let whole: f32 = glyphs.iter().map(|glyph| glyph.width * size).sum();
        if whole <= room {
            return self.line(&glyphs, size);
        }
        let mut kept = Vec::new();
        let mut width = 0.0;
        for glyph in glyphs {
            let more = self.ellipsis(glyph.face).map_or(0.0, |ellipsis| ellipsis.width * size);
            if width + glyph.width * size + more > room {
                break;
            }
            width += glyph.width * size;
            kept.push(glyph);
        }
        while kept.last().is_some_and(|glyph| glyph.text == " ") {
            kept.pop();
        }
        let Some(last) = kept.last().map(|glyph| glyph.face) else { return Line::default() };
        kept.extend(self.ellipsis(last));
        self.line(&kept, size)
    }

    /// `text` in as few lines of at most `room` as it takes; what does not fit into `lines` ends in an ellipsis.
    pub(super) fn wrap(&self, text: &str, size: f32, room: f32, lines: usize) -> Vec<Line<'f>> {
        let text = inert(text);
        let mut rest = text.as_str();
        let mut done = Vec::new();
        while !rest.is_empty() {
            let last = done.len() + 1 >= lines;
            let end = if last { rest.len() } else { self.line_end(rest, size, room) };
            done.push(self.fit(rest[..end].trim_end(), size, room));
            rest = if last { "" } else { rest[end..].trim_start() };
        }
        done
    }

    /// Where the first line of `text` ends: behind the last space or ideograph that still fits.
    fn line_end(&self, text: &str, size: f32, room: f32) -> usize {
        let (mut width, mut at, mut end) = (0.0, 0, 0);
        for glyph in self.glyphs(text) {
            width += glyph.width * size;
            if width > room {
                let first = text.graphemes(true).next().map_or(0, str::len);
                return if end == 0 { at.max(first) } else { end };
            }
            // What stands for a character may be of another length than the character.
            at += text[at..].graphemes(true).next().map_or(0, str::len);
            if glyph.text == " " || glyph.text.chars().all(|c| matches!(c, '\u{3001}'..='\u{9fff}' | '\u{ff0c}')) {
                end = at;
            }
        }
        text.len()
    }

    fn line(&self, glyphs: &[Glyph<'_>], size: f32) -> Line<'f> {
        let mut line = Line::default();
        let mut last = None;
        for glyph in glyphs {
            line.width += glyph.width * size;
            match line.runs.last_mut() {
                Some((_, run)) if last == Some(glyph.face) => run.push_str(glyph.text),
                _ => line.runs.push((self.faces[glyph.face].family, glyph.text.to_owned())),
            }
            last = Some(glyph.face);
        }
        line
    }

    fn glyphs<'t>(&self, text: &'t str) -> Vec<Glyph<'t>> {
        let japanese = text.chars().any(|c| matches!(c, '\u{3041}'..='\u{30ff}'));
        let mut glyphs: Vec<Glyph<'t>> = Vec::new();
        for grapheme in text.graphemes(true) {
            // Marks and spaces stay with what is before them, so that quotes are as wide as the script around them.
            let mark = !grapheme.chars().any(char::is_alphanumeric);
            let before = glyphs.last().map(|glyph| glyph.face).filter(|_| mark);
            let faces = before.into_iter().chain(0..self.faces.len());
            let mut able = faces.filter(|face| japanese || self.faces[*face].used == Use::Always);
            let found = able.find_map(|face| self.glyph(grapheme, face));
            glyphs.extend(found.or_else(|| self.unknown()));
        }
        glyphs
    }

    /// None if the face does not have all of it.
    fn glyph<'t>(&self, grapheme: &'t str, face: usize) -> Option<Glyph<'t>> {
        let measured = &self.faces[face];
        let mut width = 0.0;
        for c in grapheme.chars() {
            width += measured.metrics.advance_width(measured.charmap.map(c)?)?;
        }
        Some(Glyph { text: grapheme, face, width })
    }

    /// Whether a face has each character of a run.
    #[cfg(test)]
    pub(super) fn covers(&self, family: &str, run: &str) -> bool {
        let face = self.faces.iter().find(|face| face.family == family);
        face.is_some_and(|face| run.chars().all(|c| face.charmap.map(c).is_some_and(|glyph| glyph.to_u32() != 0)))
    }

    fn unknown(&self) -> Option<Glyph<'static>> {
        let all = || 0..self.faces.len();
        UNKNOWN.iter().find_map(|text| all().find_map(|face| self.glyph(text, face)))
    }

    fn ellipsis(&self, face: usize) -> Option<Glyph<'static>> {
        std::iter::once(face).chain(0..self.faces.len()).find_map(|face| self.glyph(ELLIPSIS, face))
    }
}

/// One line of text without anything that could order, hide or break it: white space becomes one space each, controls
/// and direction marks go.
fn inert(text: &str) -> String {
    let mut inert = String::new();
    for c in text.chars().take(TEXT_LIMIT) {
        if c.is_whitespace() {
            if !inert.is_empty() && !inert.ends_with(' ') {
                inert.push(' ');
            }
        } else if !is_hidden(c) {
            inert.push(c);
        }
    }
    inert.truncate(inert.trim_end().len());
    inert
}

/// Characters without a picture of their own, and those that XML does not take.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'
                ..='\u{202e}'
        )
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}')
        || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}
