//! Titles, descriptions and tags that can be pasted: read from the agent's reply, checked against the limits of each
//! publishing platform, and written as files.
//!
//! Values in, values out. [`parse`] reads a reply, [`check`] counts and repairs one set for one platform, [`card`] lays
//! out what a chat shows, [`files`] writes what it attaches. No sentence of ours is made here: the core words what these
//! values say.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub mod card;
pub mod check;
pub mod count;
pub mod files;
mod items;
mod json;
mod labels;
pub mod limits;
mod line;
mod parse;
mod prose;
pub mod repair;
mod table;
mod tongue;

pub use parse::{Piece, Role, account, parse};

/// The platform of a set whose reply named none.
pub const GENERIC: &str = "generic";
/// More than this is no result of one clip, and a record has to hold it.
pub const MOST_ITEMS: usize = 600;
/// Bytes of all fields together: six times what the longest descriptions of three platforms take.
pub const MOST_BYTES: usize = 96 * 1024;

/// What a reply says about a clip.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parsed {
    /// Primary language tag, or `mixed`.
    pub language: String,
    /// One for each platform and language.
    pub sets: Vec<Set>,
    /// The title that the agent recommends, counted from 1 within its set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended: Option<u32>,
    /// Words before the fields.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub leading_text: String,
    /// Words between and after the fields.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trailing_text: String,
    /// Noise that was left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
}

/// What goes to one platform in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// A key of the limits, or [`GENERIC`].
    pub platform: String,
    /// Only where the reply has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// In the agent's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<String>,
    /// Description or caption.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Without `#`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// With `#`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hashtags: Vec<String>,
    /// In the order of the reply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<Chapter>,
    /// Tags, and hashtags with their `#`, that the reply gave twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<String>,
}

/// Where a part of the clip begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Seconds from the beginning.
    pub at_s: u32,
    /// Its name.
    pub title: String,
}

impl Set {
    /// The one text of platforms that have no fields: the description, then hashtags that are not in it.
    pub fn caption(&self) -> String {
        let inside: std::collections::HashSet<&str> = self.description.split_whitespace().collect();
        let more: Vec<&str> = self.hashtags.iter().map(String::as_str).filter(|tag| !inside.contains(tag)).collect();
        let parts = [self.description.clone(), more.join(" ")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// The tags as they paste into a field for tags.
    pub fn tags_line(&self) -> String {
        self.tags.join(", ")
    }

    /// Takes over what `known` has and this one lacks.
    fn complete(&mut self, known: Self) {
        fn or<T: Default + PartialEq>(mine: &mut T, theirs: T) {
            if *mine == T::default() {
                *mine = theirs;
            }
        }
        or(&mut self.titles, known.titles);
        or(&mut self.description, known.description);
        or(&mut self.tags, known.tags);
        or(&mut self.hashtags, known.hashtags);
        or(&mut self.chapters, known.chapters);
    }

    fn is_empty(&self) -> bool {
        self.titles.is_empty()
            && self.description.is_empty()
            && self.tags.is_empty()
            && self.hashtags.is_empty()
            && self.chapters.is_empty()
    }

    fn items(&self) -> usize {
        self.titles.len() + self.tags.len() + self.hashtags.len() + self.chapters.len() + self.repeated.len()
    }

    fn bytes(&self) -> usize {
        let lists = [&self.titles, &self.tags, &self.hashtags, &self.repeated];
        self.description.len()
            + lists.into_iter().flatten().map(String::len).sum::<usize>()
            + self.chapters.iter().map(|chapter| chapter.title.len()).sum::<usize>()
    }
}

impl Parsed {
    /// Takes over what `known` says of the same clip and this one leaves out: a reply that makes titles shorter need not
    /// repeat the tags. Only within one language and one platform; something else is a set of its own.
    #[must_use]
    pub fn completed(mut self, known: Self) -> Self {
        if let ([mine], Ok([theirs])) = (self.sets.as_mut_slice(), <[Set; 1]>::try_from(known.sets))
            && self.language == known.language
            && mine.platform == theirs.platform
        {
            if mine.titles.is_empty() {
                self.recommended = known.recommended;
            }
            mine.complete(theirs);
        }
        self
    }

    /// Whether a record can hold it.
    fn is_bounded(&self) -> bool {
        let texts = self.leading_text.len()
            + self.trailing_text.len()
            + self.dropped.iter().map(String::len).sum::<usize>()
            + self.sets.iter().map(Set::bytes).sum::<usize>();
        let items = self.dropped.len() + self.sets.len() + self.sets.iter().map(Set::items).sum::<usize>();
        texts <= MOST_BYTES && items <= MOST_ITEMS
    }

    /// In the schema of `docs/metadata.md`, with what the checker found.
    pub fn document(&self, findings: &[check::Finding]) -> Value {
        let sets: Vec<Value> = self.sets.iter().map(set_document).collect();
        let mut document = json!({
            "language": self.language,
            "sets": sets,
            "recommended": self.recommended,
            "leading_text": self.leading_text,
            "trailing_text": self.trailing_text,
            "violations": findings.iter().filter_map(check::Finding::violation).collect::<Vec<_>>(),
        });
        if !self.dropped.is_empty() {
            document["dropped"] = json!(self.dropped);
        }
        document
    }
}

fn set_document(set: &Set) -> Value {
    let mut fields = Map::new();
    fields.insert("platform".to_owned(), json!(set.platform));
    fields.insert("titles".to_owned(), json!(set.titles));
    fields.insert("description".to_owned(), json!(set.description));
    fields.insert("tags".to_owned(), json!(set.tags));
    fields.insert("hashtags".to_owned(), json!(set.hashtags));
    fields.insert("chapters".to_owned(), json!(set.chapters));
    if let Some(language) = &set.language {
        fields.insert("language".to_owned(), json!(language));
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests;
