//! What a chat shows of a result, as data: the core words it.

use super::check::{Checked, check};
use super::{Chapter, GENERIC, Parsed, Set, count};

/// UTF-16 units that Telegram's copy button holds (Bot API, `CopyTextButton`).
pub const COPY_LIMIT: usize = 256;

/// A text, and whether a copy button holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copyable {
    /// With the automatic repairs made.
    pub text: String,
    /// Whether it fits [`COPY_LIMIT`]; an empty text is nothing to copy.
    pub fits_button: bool,
}

/// A title as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleLine {
    /// From 1.
    pub number: usize,
    /// The title.
    pub title: Copyable,
    /// Whether the agent recommends it.
    pub recommended: bool,
}

/// One set as a chat shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Key of the platform, or `generic`.
    pub platform: String,
    /// Only where there are several.
    pub language: Option<String>,
    /// The titles.
    pub titles: Vec<TitleLine>,
    /// Description or caption.
    pub description: Copyable,
    /// Tags with commas, as they paste into a field.
    pub tags: Copyable,
    /// Hashtags with spaces.
    pub hashtags: Copyable,
    /// The chapters.
    pub chapters: Vec<Chapter>,
    /// What each platform makes of it: the line that says what fits where.
    pub checked: Vec<Checked>,
}

/// A result as a chat shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// One for each set.
    pub faces: Vec<Face>,
    /// Noise that was left out.
    pub dropped: Vec<String>,
}

/// Lays out `parsed`. A set of no platform is checked for `platforms`, or for YouTube where the user chose none.
pub fn card(parsed: &Parsed, platforms: &[String], duration_s: Option<u32>) -> Card {
    let mut recommended = parsed.recommended;
    let faces = parsed.sets.iter().map(|set| {
        // The mark counts within the first set that has titles.
        let best = if set.titles.is_empty() { None } else { recommended.take() };
        face(set, best, check_all(set, platforms, duration_s))
    });
    Card { faces: faces.collect(), dropped: parsed.dropped.clone() }
}

/// `set` checked for its own platform, or for those that the user chose.
pub fn check_all(set: &Set, platforms: &[String], duration_s: Option<u32>) -> Vec<Checked> {
    if set.platform != GENERIC {
        return vec![check(set, &set.platform, duration_s)];
    }
    let known = platforms.iter().filter(|platform| super::limits::limits().platform.contains_key(*platform));
    let checked: Vec<Checked> = known.map(|platform| check(set, platform, duration_s)).collect();
    if checked.is_empty() { vec![check(set, "youtube", duration_s)] } else { checked }
}

fn face(set: &Set, recommended: Option<u32>, checked: Vec<Checked>) -> Face {
    // What is copied is repaired for the first platform; the others have their own files.
    let shown = checked.first().map_or_else(|| set.clone(), |first| first.set.clone());
    let titles = shown.titles.into_iter().zip(1..);
    Face {
        platform: set.platform.clone(),
        language: set.language.clone(),
        titles: titles
            .map(|(title, number)| TitleLine {
                number,
                title: copyable(title),
                recommended: recommended.is_some_and(|best| best as usize == number),
            })
            .collect(),
        tags: copyable(shown.tags.join(", ")),
        hashtags: copyable(shown.hashtags.join(" ")),
        description: copyable(shown.description),
        chapters: shown.chapters,
        checked,
    }
}

fn copyable(text: String) -> Copyable {
    let fits_button = !text.is_empty() && count::utf16(&text) <= COPY_LIMIT;
    Copyable { text, fits_button }
}

#[cfg(test)]
mod tests;
