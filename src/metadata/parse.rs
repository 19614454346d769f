//! The agent's reply as fields, by the rules of how agents write. Nothing of it is lost: each character belongs to a
//! field, a label, a mark, or to the text before, after or dropped ([`account`]).

use super::items;
use super::labels::Field;
use super::line;
use super::prose;
use super::tongue;
use super::{GENERIC, Parsed, Set, json};

mod bare;
mod content;
mod reader;

use reader::Reader;

/// What a part of a reply was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The words that head a field.
    Label,
    /// List marks, quotes, rules, fences, table frames, stated lengths.
    Mark,
    /// A title.
    Title,
    /// Part of a description.
    Description,
    /// A line of tags.
    Tags,
    /// A line of hashtags.
    Hashtags,
    /// A chapter outside of a description.
    Chapters,
    /// An object of JSON; what of it is no field is named in the dropped text.
    Json,
    /// Text before the fields.
    Lead,
    /// Text between and after the fields.
    Trail,
    /// The reason behind one title, and other words beside a value.
    Remark,
    /// Noise.
    Dropped,
}

/// A part of a reply, in bytes. Between two there is only white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// First byte.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it is.
    pub role: Role,
}

/// The fields in `reply`, if it holds any and a record can hold them. Where titles were asked for, a bare list is one of
/// titles.
pub fn parse(reply: &str, asked_for_titles: bool) -> Option<Parsed> {
    account(reply, asked_for_titles).map(|(parsed, _)| parsed).filter(Parsed::is_bounded)
}

/// As [`parse`], without its bound, and with what became of each part of the reply.
pub fn account(reply: &str, asked_for_titles: bool) -> Option<(Parsed, Vec<Piece>)> {
    if let Some(found) = json::read(reply) {
        return Some(from_json(reply, found));
    }
    let mut reader = Reader::new(reply);
    let mut start = 0;
    for whole in reply.split_inclusive('\n') {
        reader.line(start, whole.trim_end_matches(['\n', '\r']));
        start += whole.len();
    }
    reader.finish();
    let Reader { mut pieces, mut drafts, labelled, spoken, .. } = reader;
    if drafts.iter().all(|draft| draft.set.titles.is_empty()) && (labelled || asked_for_titles) {
        pieces = bare::titles(reply, pieces, &mut drafts, labelled, asked_for_titles);
    }
    bare::cut_reasons(reply, &mut pieces, &mut drafts);
    let pieces = without_gaps(reply, pieces);
    drafts.sort_by_key(|draft| draft.first);
    drafts.retain(|draft| !draft.set.is_empty());
    let recommended = drafts.iter().find_map(|draft| draft.recommended);
    let weak = drafts.iter().all(|draft| draft.weak || draft.set.description.is_empty());
    let mut sets: Vec<Set> = drafts.into_iter().map(|draft| draft.set).collect();
    if !is_result(&sets, weak, asked_for_titles) {
        return None;
    }
    let language = languages(&mut sets, &spoken);
    let mut parsed = Parsed { language, sets, recommended, ..Parsed::default() };
    texts(reply, &pieces, &mut parsed);
    Some((parsed, pieces))
}

/// Whether what was found is a result, and not a word about an edit that looks like one.
fn is_result(sets: &[Set], weak: bool, asked: bool) -> bool {
    let titles: usize = sets.iter().map(|set| set.titles.len()).sum();
    let described = sets.iter().any(|set| !set.description.is_empty());
    let tagged = sets.iter().any(|set| set.tags.len() + set.hashtags.len() > 0);
    let chaptered = sets.iter().any(|set| !set.chapters.is_empty());
    let fields = [titles > 0, described, tagged].into_iter().filter(|found| *found).count();
    match fields {
        0 => chaptered,
        1 => asked || titles > 1 || tagged || (described && !weak),
        _ => true,
    }
}

/// Marks which language each set has, if they differ, and tells that of all.
fn languages(sets: &mut [Set], spoken: &[&'static str]) -> String {
    let mut named: Vec<String> = sets.iter().filter_map(|set| set.language.clone()).collect();
    named.sort();
    named.dedup();
    if named.len() > 1 {
        return "mixed".to_owned();
    }
    let mut text = String::new();
    for set in sets {
        set.language = None;
        for part in set.titles.iter().chain([&set.description]).chain(&set.tags) {
            text.push_str(part);
            text.push('\n');
        }
    }
    let label = spoken.first().copied().filter(|first| spoken.iter().all(|tag| tag == first) && !first.is_empty());
    tongue::of(&text, label).to_owned()
}

/// What stands between two pieces, such as the bars of a table, is a mark. Words there would be lost: a test looks.
fn without_gaps(reply: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut whole = Vec::with_capacity(pieces.len());
    let mut at = 0;
    let end = Piece { start: reply.len(), end: reply.len(), role: Role::Mark };
    for piece in pieces.into_iter().chain([end]) {
        let gap = &reply[at..piece.start];
        if !gap.trim().is_empty() && !gap.contains(char::is_alphanumeric) {
            whole.push(Piece { start: at, end: piece.start, role: Role::Mark });
        }
        at = piece.end;
        whole.push(piece);
    }
    whole.pop();
    whole
}

/// Lead, trail and what was dropped, out of their pieces.
fn texts(reply: &str, pieces: &[Piece], parsed: &mut Parsed) {
    let mut ends = [None, None];
    for piece in pieces {
        let text = reply[piece.start..piece.end].trim();
        let (into, last) = match piece.role {
            Role::Lead => (&mut parsed.leading_text, &mut ends[0]),
            Role::Trail => (&mut parsed.trailing_text, &mut ends[1]),
            Role::Dropped => {
                parsed.dropped.push(text.to_owned());
                continue;
            }
            _ => continue,
        };
        if let Some(end) = *last {
            // Lines stay apart as they were, by at most one empty line.
            let gap: &str = &reply[end..piece.start];
            let breaks = gap.matches('\n').count();
            into.push_str(match breaks {
                0 if gap.chars().all(char::is_whitespace) => " ",
                0 | 1 => "\n",
                _ => "\n\n",
            });
        }
        into.push_str(text);
        *last = Some(piece.end);
    }
}

fn from_json(reply: &str, found: json::Found) -> (Parsed, Vec<Piece>) {
    let json::Found { start, end, mut sets, recommended, unknown } = found;
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut put = |from: usize, to: usize, role: Role| {
        let mut at = from;
        for whole in reply[from..to].split_inclusive('\n') {
            let text = whole.trim();
            let begin = at + whole.len() - whole.trim_start().len();
            at += whole.len();
            let role = match text {
                "" => continue,
                _ if line::is_fence(text) || line::is_rule(text) || text.eq_ignore_ascii_case("json") => Role::Mark,
                _ if prose::is_noise(text) => Role::Dropped,
                _ => role,
            };
            pieces.push(Piece { start: begin, end: begin + text.len(), role });
        }
    };
    put(at, start, Role::Lead);
    at = end;
    put(at, reply.len(), Role::Trail);
    let place = pieces.iter().position(|piece| piece.start >= end).unwrap_or(pieces.len());
    pieces.insert(place, Piece { start, end, role: Role::Json });
    for set in &mut sets {
        set.derive();
    }
    let language = languages(&mut sets, &[]);
    let mut parsed = Parsed { language, sets, recommended, ..Parsed::default() };
    texts(reply, &pieces, &mut parsed);
    parsed.dropped.extend(unknown);
    (parsed, pieces)
}

#[cfg(test)]
mod tests;
