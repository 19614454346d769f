//! A result as files. `docs/metadata.md` describes them.

use serde_json::{Map, Value, json};

use super::card::check_all;
use super::check::Finding;
use super::repair::chapter_line;
use super::{GENERIC, Parsed, Set};

/// A clip with its metadata.
#[derive(Clone, Copy, Debug)]
pub struct ClipMetadata<'a> {
    /// The clip's file name as its user knows it.
    pub filename: &'a str,
    /// What the agent said about it.
    pub parsed: &'a Parsed,
    /// Its length, where it is known.
    pub duration_s: Option<u32>,
}

/// A file to attach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Excel takes a file for UTF-8 only with this in front.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
const COLUMNS: [&str; 7] = ["filename", "title", "description", "tags", "hashtags", "platform", "language"];
/// Beginnings that a spreadsheet takes for a formula, the last two after it trimmed the cell.
const FORMULAS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// All files of one clip. A file that would be empty is left out.
pub fn files(clip: ClipMetadata<'_>, platforms: &[String]) -> Vec<File> {
    let sets = checked(clip, platforms);
    let all = |write: &dyn Fn(&Set) -> String| sections(&sets, write);
    let text = [
        ("titles.txt", all(&|set| set.titles.join("\n"))),
        ("description.txt", all(&|set| set.description.clone())),
        ("tags.txt", all(&Set::tags_line)),
        ("chapters.txt", all(&|set| set.chapters.iter().map(chapter_line).collect::<Vec<_>>().join("\n"))),
    ];
    let mut files = vec![File { name: "metadata.json", bytes: metadata_json(clip, platforms) }];
    files.extend(youtube_snippet(clip).map(|bytes| File { name: "youtube-snippet.json", bytes }));
    files.push(File { name: "metadata.csv", bytes: metadata_csv(&[clip], platforms) });
    let text = text.into_iter().filter(|(_, text)| !text.is_empty());
    files.extend(text.map(|(name, text)| File { name, bytes: (text + "\n").into_bytes() }));
    files
}

/// Each set once, as the first platform that it goes to takes it.
fn checked(clip: ClipMetadata<'_>, platforms: &[String]) -> Vec<Set> {
    let one = |set: &Set| {
        check_all(set, platforms, clip.duration_s).into_iter().next().map_or_else(|| set.clone(), |checked| checked.set)
    };
    clip.parsed.sets.iter().map(one).collect()
}

/// One set alone without a head, so that it pastes as it is; of several, each under its name.
fn sections(sets: &[Set], write: &dyn Fn(&Set) -> String) -> String {
    let filled: Vec<(&Set, String)> =
        sets.iter().map(|set| (set, write(set))).filter(|(_, text)| !text.is_empty()).collect();
    if let [(_, only)] = &filled[..] {
        return only.clone();
    }
    let parts = filled.into_iter().map(|(set, text)| {
        let language = set.language.as_ref().map(|language| format!(" ({language})")).unwrap_or_default();
        format!("[{}{language}]\n{text}", set.platform)
    });
    parts.collect::<Vec<_>>().join("\n\n")
}

/// Our schema: the agent's words, and what the checker found.
pub fn metadata_json(clip: ClipMetadata<'_>, platforms: &[String]) -> Vec<u8> {
    let checked = clip.parsed.sets.iter().flat_map(|set| check_all(set, platforms, clip.duration_s));
    let findings: Vec<Finding> = checked.flat_map(|checked| checked.findings).collect();
    pretty(&clip.parsed.document(&findings))
}

/// The body for `videos.insert` and `videos.update`, of the set for YouTube, else the first one of no platform.
/// `categoryId` is YouTube's default; an update must send one.
pub fn youtube_snippet(clip: ClipMetadata<'_>) -> Option<Vec<u8>> {
    let of = |platform: &str| clip.parsed.sets.iter().find(|set| set.platform == platform);
    let set = of("youtube").or_else(|| of(GENERIC)).or_else(|| of("youtube_shorts"))?;
    let platform = if set.platform == GENERIC { "youtube" } else { &set.platform };
    let set = super::check::check(set, platform, clip.duration_s).set;
    let at = clip.parsed.recommended.and_then(|best| (best as usize).checked_sub(1)).unwrap_or(0);
    let title = set.titles.get(at).or_else(|| set.titles.first());
    let mut snippet = Map::new();
    snippet.insert("title".to_owned(), json!(title.map(String::as_str).unwrap_or_default()));
    snippet.insert("description".to_owned(), json!(with_chapters(&set)));
    snippet.insert("tags".to_owned(), json!(set.tags));
    snippet.insert("categoryId".to_owned(), json!(DEFAULT_CATEGORY));
    let language = set.language.as_deref().unwrap_or(&clip.parsed.language);
    if language != "mixed" {
        snippet.insert("defaultLanguage".to_owned(), json!(language));
    }
    Some(pretty(&json!({ "snippet": Value::Object(snippet) })))
}

/// "People & Blogs", which YouTube gives to uploads that name none.
const DEFAULT_CATEGORY: &str = "22";

/// YouTube reads chapters in the description only.
fn with_chapters(set: &Set) -> String {
    if set.chapters.is_empty() || set.description.lines().any(|line| super::items::chapter(line).is_some()) {
        return set.description.clone();
    }
    let chapters: Vec<String> = set.chapters.iter().map(chapter_line).collect();
    format!("{}\n\n{}", set.description, chapters.join("\n")).trim().to_owned()
}

/// One row for each clip, set and platform; RFC 4180 with a byte order mark.
pub fn metadata_csv(clips: &[ClipMetadata<'_>], platforms: &[String]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    // Writing into memory does not fail; a row that did would be missing, not half.
    let _ = writer.write_record(COLUMNS);
    for clip in clips {
        for set in &clip.parsed.sets {
            for checked in check_all(set, platforms, clip.duration_s) {
                let language = set.language.as_deref().unwrap_or(&clip.parsed.language);
                let tags = checked.set.tags_line();
                let hashtags = checked.set.hashtags.join(" ");
                let titles = if checked.set.titles.is_empty() { vec![String::new()] } else { checked.set.titles };
                let best = clip.parsed.recommended.and_then(|best| (best as usize).checked_sub(1)).unwrap_or(0);
                let title = titles.get(best).or_else(|| titles.first()).map(String::as_str).unwrap_or_default();
                let cells =
                    [clip.filename, title, &checked.set.description, &tags, &hashtags, &checked.platform, language];
                let _ = writer.write_record(cells.map(guarded));
            }
        }
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that a spreadsheet does not run.
fn guarded(cell: &str) -> String {
    if cell.starts_with(FORMULAS) { format!("'{cell}") } else { cell.to_owned() }
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests;
