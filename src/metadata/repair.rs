//! The repairs that change words without asking the agent, made when their button is pressed.

use super::check::Fix;
use super::limits::limits;
use super::{Chapter, Set, check, count};

/// What YouTube shows and platforms advise.
const HASHTAGS_KEPT: usize = 5;
/// The mark of what was cut.
const ELLIPSIS: char = '…';

/// `set` with `fix` made for `platform`. A thread is no set; see [`thread`].
pub fn repair(set: &Set, platform: &str, fix: Fix, duration_s: Option<u32>) -> Set {
    let mut set = set.clone();
    let rule = |ids: &[&str]| ids.iter().filter_map(|id| limits().rule(id)).find(|rule| rule.holds_on(platform));
    match fix {
        Fix::ShortenTitle(number) => {
            if let Some(rule) = rule(&["T1", "B1", "R1", "Y1"])
                && let (Some(limit), Some(unit)) = (rule.error_over, rule.count)
                && let Some(title) = number.checked_sub(1).and_then(|at| set.titles.get_mut(at))
            {
                *title = cut(title, |text| count::text(unit, text) <= limit);
            }
        }
        Fix::CutDescription => {
            if let Some(rule) = rule(&["D1", "B4", "R2"])
                && let (Some(limit), Some(unit)) = (rule.error_over, rule.count)
            {
                set.description = paragraphs(&set.description, |text| count::text(unit, text) <= limit);
            }
        }
        Fix::KeepHashtags => {
            let gone = set.hashtags.split_off(set.hashtags.len().min(HASHTAGS_KEPT));
            set.description = without(&set.description, &gone);
        }
        Fix::TrimCaption => {
            let tags = set.hashtags.join(" ");
            set.description = without(&set.description, &set.hashtags.clone());
            if let Some(limit) = rule(&["K1", "I1", "L1"]).and_then(|rule| rule.error_over) {
                // The hashtags come last, after an empty line.
                let room = limit.saturating_sub(count::utf16(&tags) + 2);
                set.description = paragraphs(&set.description, |text| count::utf16(text) <= room);
            }
        }
        Fix::MendChapters => mend(&mut set, duration_s),
        Fix::Thread => {}
    }
    set
}

/// The caption of `set` in posts that X takes, cut between sentences or words.
pub fn thread(set: &Set) -> Vec<String> {
    let limit = limits().rule("X1").and_then(|rule| rule.error_over).unwrap_or(280);
    let (text, mut posts, mut post) = (set.caption(), Vec::new(), String::new());
    for word in text.split_inclusive(char::is_whitespace) {
        let mut rest = word;
        if !post.trim().is_empty() && count::x_weighted(&format!("{post}{}", word.trim_end())) > limit {
            posts.push(std::mem::take(&mut post).trim().to_owned());
        }
        // A text without spaces is cut where it is full.
        while count::x_weighted(rest.trim_end()) > limit {
            let end = longest(rest, |text| count::x_weighted(text) <= limit);
            if end == 0 {
                break;
            }
            posts.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        post.push_str(rest);
    }
    posts.push(post.trim().to_owned());
    posts.retain(|post| !post.is_empty());
    posts
}

/// Bytes of the longest beginning that fits, at the edge of a character that is seen as one.
fn longest(text: &str, fits: impl Fn(&str) -> bool) -> usize {
    use unicode_segmentation::UnicodeSegmentation;
    let ends: Vec<usize> = text.grapheme_indices(true).map(|(at, one)| at + one.len()).collect();
    // More text never counts less by more than a link's worth, so halving finds the edge.
    let fitting = ends.partition_point(|end| fits(&text[..*end]));
    fitting.checked_sub(1).and_then(|at| ends.get(at)).copied().unwrap_or(0)
}

/// Cut at a word, with a mark.
fn cut(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let end = longest(text, |text| fits(&format!("{}{ELLIPSIS}", text.trim_end())));
    let head = &text[..end];
    // A word is given up only if enough stays; scripts without spaces have none to give.
    let word =
        head.rfind(char::is_whitespace).filter(|at| *at * 2 > end && !text[end..].starts_with(char::is_whitespace));
    let kept =
        head[..word.unwrap_or(end)].trim_end_matches(|c: char| c.is_whitespace() || ",;:–—-，、；：".contains(c));
    format!("{kept}{ELLIPSIS}")
}

/// Whole paragraphs that fit; of a single one that does not, as much as does.
fn paragraphs(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let ends: Vec<usize> = text.match_indices("\n\n").map(|(at, _)| at).collect();
    let fitting = ends.partition_point(|end| fits(&text[..*end]));
    match fitting.checked_sub(1).and_then(|at| ends.get(at)) {
        Some(end) => text[..*end].trim_end().to_owned(),
        None => cut(text, fits),
    }
}

fn without(text: &str, hashtags: &[String]) -> String {
    let gone: std::collections::HashSet<&str> = hashtags.iter().map(String::as_str).collect();
    let line = |line: &str| {
        line.split(' ').filter(|word| !gone.contains(word)).collect::<Vec<_>>().join(" ").trim_end().to_owned()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// In order, from 0:00, ten seconds apart, inside the clip; the text follows where it holds the chapters.
fn mend(set: &mut Set, duration_s: Option<u32>) {
    let mut chapters = std::mem::take(&mut set.chapters);
    chapters.sort_by_key(|chapter| chapter.at_s);
    chapters.retain(|chapter| duration_s.is_none_or(|end| chapter.at_s < end));
    if let Some(first) = chapters.first_mut() {
        first.at_s = 0;
    }
    let mut kept: Vec<Chapter> = Vec::with_capacity(chapters.len());
    for chapter in chapters {
        match kept.last() {
            Some(last) if chapter.at_s - last.at_s < check::CHAPTER_GAP_S => {}
            _ => kept.push(chapter),
        }
    }
    let (mut lines, mut put) = (Vec::new(), false);
    for line in set.description.lines() {
        if super::items::chapter(line).is_none() {
            lines.push(line.to_owned());
        } else if !std::mem::replace(&mut put, true) {
            lines.extend(kept.iter().map(chapter_line));
        }
    }
    set.description = lines.join("\n");
    set.chapters = kept;
}

/// A chapter as YouTube reads it.
pub(super) fn chapter_line(chapter: &Chapter) -> String {
    let (hours, minutes, seconds) = (chapter.at_s / 3600, chapter.at_s / 60 % 60, chapter.at_s % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02} {}", chapter.title)
    } else {
        format!("{minutes}:{seconds:02} {}", chapter.title)
    }
}
