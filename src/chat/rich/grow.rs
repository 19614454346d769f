//! Makes a source that is still arriving fit to be shown.

use super::marks::{self, Pending};
use super::outline::{Kind, Outline};

/// The source with its half-written end closed or held back.
pub(super) fn settle(source: &str) -> String {
    let outline = Outline::of(source);
    let line = last_line(source);
    if let Some(leaf) = outline.leaves.last()
        && leaf.kind == Kind::Fenced
        && leaf.range.end >= source.trim_end().len()
    {
        return fenced(source, leaf.range.start, line).to_owned();
    }
    if is_only_marks(&source[line..]) {
        return settle_words(&source[..line], &Outline::of(&source[..line]));
    }
    settle_words(source, &outline)
}

/// Inside a fence everything is meant as it is, except a closing fence that is half-written.
fn fenced(source: &str, start: usize, line: usize) -> &str {
    let fence = source[start..].chars().next().filter(|c| matches!(c, '`' | '~')).unwrap_or('`');
    let length = source[start..].len() - source[start..].trim_start_matches(fence).len();
    let last = source[line..].trim_start_matches([' ', '\t', '>']);
    let half = line > start && !last.is_empty() && last.len() < length && last.chars().all(|c| c == fence);
    if half { &source[..line] } else { source }
}

fn settle_words(source: &str, outline: &Outline) -> String {
    let Some(leaf) = outline.leaves.last() else { return source.to_owned() };
    let line = last_line(source);
    match leaf.kind {
        Kind::Table if line > leaf.range.start && !source[line..].trim_end().ends_with('|') => {
            source[..line].to_owned()
        }
        // The first line of a table is known as such when the second has come.
        Kind::Words if begins_table(source, leaf.range.start) => source[..leaf.range.start].to_owned(),
        Kind::Words if source[leaf.range.end.min(source.len())..].trim().is_empty() && !source.ends_with("\n\n") => {
            let start = leaf.range.start;
            format!("{}{}", &source[..start], close(source[start..].trim_end(), &source[start..]))
        }
        _ => source.to_owned(),
    }
}

/// Closes what is open at the end of a paragraph and takes out what cannot be shown yet.
fn close(words: &str, with_space: &str) -> String {
    let next = with_space[words.len()..].chars().next();
    let pending = marks::pending(words, next.filter(|c| *c == '\n'));
    closed(words, &pending)
}

/// The words with their open marks closed, without brackets and hidden ends.
fn closed(words: &str, pending: &Pending) -> String {
    let mut end = pending.hidden.unwrap_or(words.len()).min(words.len());
    let mut marks = pending.marks.as_slice();
    loop {
        let trimmed = words[..end].trim_end().len();
        // A mark with nothing behind it waits for its words; a bracket likewise.
        if let Some(bracket) = pending.brackets.iter().find(|bracket| bracket.end == trimmed) {
            end = bracket.start;
        } else if let Some(((at, mark), outer)) = marks.split_last()
            && at + mark.len() >= trimmed
        {
            end = (*at).min(end);
            marks = outer;
        } else {
            end = trimmed;
            break;
        }
    }
    let mut shown = String::with_capacity(end + 8);
    let mut from = 0;
    for bracket in pending.brackets.iter().filter(|bracket| bracket.end <= end) {
        shown.push_str(&words[from..bracket.start.max(from)]);
        from = bracket.end;
    }
    shown.push_str(&words[from.min(end)..end]);
    for (_, mark) in marks.iter().rev() {
        let half = mark.chars().next().filter(|_| mark.len() > 1);
        if let Some(half) = half {
            // `**bold*` has half of its end already.
            let bare = shown.trim_end_matches(half).len();
            if shown.len() - bare < mark.len() {
                shown.truncate(bare);
            }
        }
        shown.push_str(mark);
    }
    shown
}

fn last_line(source: &str) -> usize {
    source.rfind('\n').map_or(0, |newline| newline + 1)
}

/// Whether a line may still become anything: a list item, a heading, a rule, a fence, the second line of a table.
fn is_only_marks(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '>']);
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = match &line[digits..] {
        "" => return true,
        rest if digits > 0 => match rest.strip_prefix(['.', ')']) {
            Some(rest) => rest,
            None => return false,
        },
        rest => rest,
    };
    rest.chars().all(|c| matches!(c, '-' | '=' | '*' | '+' | '#' | '>' | '_' | '~' | '`' | '|' | ':' | ' ' | '\t'))
}

fn begins_table(source: &str, start: usize) -> bool {
    let words = &source[start..];
    words.starts_with('|') && !words.trim_end().contains('\n') && !words.ends_with("\n\n")
}
