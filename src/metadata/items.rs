//! Titles and tags out of their lines.

use std::sync::LazyLock;

use regex::Regex;

use super::line;
use super::{Chapter, Set};

/// A title, and which bytes of its line it took.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cleaned {
    pub(super) text: String,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) recommended: bool,
}

const QUOTES: &[(char, char)] = &[
    ('"', '"'),
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
    ('«', '»'),
    ('„', '“'),
    ('„', '”'),
    ('《', '》'),
    ('\'', '\''),
    ('”', '”'),
    ('〝', '〟'),
];
const BEST: &[&str] = &[
    "recommended",
    "recommend",
    "my pick",
    "top pick",
    "best",
    "best pick",
    "推荐",
    "推薦",
    "首选",
    "最推荐",
    "recomendado",
    "recomendada",
    "recommandé",
    "empfohlen",
    "おすすめ",
    "オススメ",
    "推奨",
    "추천",
    "рекомендую",
    "рекомендуется",
    "consigliato",
    "अनुशंसित",
    "مُوصى به",
    "موصى به",
    "editor's pick",
    "favorite",
];

/// What stands behind a title and says how long it is.
static LENGTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let unit = r"(?:chars?\.?|characters|letters|caracteres|caractères|car\.|Zeichen|символ\p{L}*|знак\p{L}*|个?字符?|文字|자|글자|caratteri|अक्षर|حرف\p{L}*|tekens|znak\p{L}*|karakter|ký tự)";
    Regex::new(&format!(
        r"(?i)\s*(?:[\(（\[【]\s*(?:~|≈|约|約|length:?\s*)?\s*\d{{1,4}}\s*(?:/\s*\d{{1,4}}\s*{unit}?|{unit})\s*(?:/\s*\d{{1,4}})?[^\)）\]】]{{0,12}}[\)）\]】]|[—–-]\s*[*_]?(?:~|≈|约|約)?\s*\d{{1,4}}\s*{unit}[*_]?)\s*$"
    ))
    .ok()
});
static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[*_]{0,3}\s*[\(（\[【<]\s*[*_]{0,2}([^()（）\[\]【】<>]{1,24})[\)）\]】>]\s*[*_]{0,3}\s*$").ok()
});
static REMARK_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*[*_]{0,3}\s*[\(（\[【]\s*([^()（）\[\]【】]{1,24})[\)）\]】]\s*[:：]?\s*[*_]{0,3}\s*").ok()
});

/// The title in `raw`, which comes without its list mark.
pub(super) fn title(raw: &str) -> Cleaned {
    let (mut from, mut to, mut recommended) = (0, raw.len(), false);
    // Each round takes off one layer; no title wears more.
    for _ in 0..12 {
        let before = (from, to);
        let text = &raw[from..to];
        from += text.len() - text.trim_start().len();
        to = from + raw[from..to].trim_end().len();
        let text = &raw[from..to];
        if let Some(short) = text.strip_prefix(['⭐', '🌟', '🏆', '✅']) {
            recommended |= text.starts_with(['⭐', '🌟', '🏆']);
            from = to - short.trim_start_matches('\u{fe0f}').len();
        } else if let Some(short) = text.trim_end_matches('\u{fe0f}').strip_suffix(['⭐', '🌟', '✅']) {
            recommended |= !text.trim_end_matches('\u{fe0f}').ends_with('✅');
            to = from + short.len();
        } else if let Some(found) =
            LENGTH.as_ref().and_then(|length| length.find(text)).filter(|found| found.start() > 0)
        {
            to = from + found.start();
        } else if let Some(end) = best(REMARK.as_ref(), text).map(|range| range.start).filter(|start| *start > 0) {
            recommended = true;
            to = from + end;
        } else if let Some(found) = STARRED.as_ref().and_then(|star| star.find(text)).filter(|found| found.start() > 0)
        {
            recommended = true;
            to = from + found.start();
        } else if let Some(start) =
            best(REMARK_BEFORE.as_ref(), text).map(|range| range.end).filter(|end| *end < text.len())
        {
            recommended = true;
            from += start;
        } else if let Some((open, close)) = wrapped(text) {
            from += open;
            to -= close;
        }
        if before == (from, to) {
            break;
        }
    }
    let text = raw[from..to].replace("**", "").replace("\\|", "|");
    Cleaned { text: text.trim().to_owned(), from, to, recommended }
}

/// `★おすすめ`: the word behind a star or an arrow.
static STARRED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = BEST.join("|").replace('\'', "['’]");
    Regex::new(&format!(r"(?i)[\s*_]*(?:[★☆⭐🌟←👈—–✨👍]\x{{fe0f}}?\s*)+[*_]*(?:{words})[\s*_!！]*$")).ok()
});

fn best(remark: Option<&Regex>, text: &str) -> Option<std::ops::Range<usize>> {
    let found = remark?.captures(text)?;
    let words = found.get(1)?.as_str().to_lowercase();
    let words = words.trim_matches(|c: char| c.is_whitespace() || "*_!！".contains(c) || line::is_sign(c));
    BEST.contains(&words).then(|| found.get(0).map(|whole| whole.range())).flatten()
}

/// Bytes of the marks around the whole text.
fn wrapped(text: &str) -> Option<(usize, usize)> {
    for mark in ["**", "__", "*", "_", "`"] {
        if text.len() > 2 * mark.len()
            && text.starts_with(mark)
            && text.ends_with(mark)
            && (mark.len() == 2 || !text[1..].starts_with(mark))
            && !text[mark.len()..text.len() - mark.len()].contains(mark)
        {
            return Some((mark.len(), mark.len()));
        }
    }
    let (first, last) = (text.chars().next()?, text.chars().next_back()?);
    let (open, close) = QUOTES.iter().find(|pair| **pair == (first, last))?;
    let (open, close) = (open.len_utf8(), close.len_utf8());
    let inner = text.get(open..text.len().checked_sub(close)?)?;
    // 《A》 and 《B》 are two quotes, not one around both.
    (!inner.is_empty() && !inner.contains([first, last])).then_some((open, close))
}

/// Tags of one line, as they stand there.
pub(super) fn tags(line: &str) -> Vec<&str> {
    let marks = line.split_whitespace().filter(|word| word.trim_start_matches(separates).starts_with('#')).count();
    let parts = line.split(separates).filter(|part| !part.trim().is_empty()).count();
    if marks > 0 && marks * 2 >= parts {
        return line.split('#').map(trim).filter(|tag| !tag.is_empty()).collect();
    }
    line.split(separates).map(trim).filter(|tag| !tag.is_empty()).collect()
}

/// Hashtags of one line, without their `#`.
pub(super) fn hashtags(line: &str) -> Vec<&str> {
    if line.contains(['#', '＃']) {
        return line.split(['#', '＃']).map(trim).filter(|tag| !tag.is_empty()).collect();
    }
    if line.contains(separates) {
        return line.split(separates).map(trim).filter(|tag| !tag.is_empty()).collect();
    }
    line.split_whitespace().map(trim).filter(|tag| !tag.is_empty()).collect()
}

fn separates(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | ';' | '；' | '|' | '｜' | '،' | '・' | '\n')
}

fn trim(tag: &str) -> &str {
    let tag = tag.trim().trim_matches(|c: char| separates(c) || c.is_whitespace() || "`\"“”*[]。\\".contains(c));
    // A dot ends the list; one inside belongs to the tag.
    tag.strip_suffix('.').filter(|short| !short.contains('.')).unwrap_or(tag).trim_start_matches(['#', '＃']).trim()
}

impl Set {
    /// Adds tags of one line; a list of hashtags fills both.
    pub(super) fn add_tags(&mut self, line: &str) {
        let found = tags(line);
        let marked = line.split_whitespace().filter(|word| word.starts_with(['#', '＃'])).count() * 2 >= found.len();
        let marked = marked && line.contains('#') && !found.is_empty();
        for tag in found {
            let hashtag = format!("#{}", tag.replace(char::is_whitespace, " "));
            if marked && !holds(&self.hashtags, &hashtag) {
                self.hashtags.push(hashtag);
            }
            if self.repeated.len() <= super::MOST_ITEMS && holds(&self.tags, tag) {
                self.repeated.push(tag.to_owned());
            } else {
                self.tags.push(tag.to_owned());
            }
        }
    }

    /// Adds hashtags of one line.
    pub(super) fn add_hashtags(&mut self, line: &str) {
        for tag in hashtags(line) {
            let hashtag = format!("#{tag}");
            if self.repeated.len() <= super::MOST_ITEMS && holds(&self.hashtags, &hashtag) {
                self.repeated.push(hashtag);
            } else {
                self.hashtags.push(hashtag);
            }
        }
    }

    /// Fills from the description what the reply did not list by itself.
    pub(super) fn derive(&mut self) {
        if self.chapters.is_empty() {
            self.chapters = self.description.lines().filter_map(chapter).collect();
        }
        if self.hashtags.is_empty() {
            for word in self.description.split_whitespace() {
                let tag: String = word
                    .strip_prefix('#')
                    .unwrap_or_default()
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_' || is_mark(*c))
                    .collect();
                let hashtag = format!("#{tag}");
                if !tag.is_empty() && !tag.chars().all(|c| c.is_ascii_digit()) && !holds(&self.hashtags, &hashtag) {
                    self.hashtags.push(hashtag);
                }
            }
        }
    }
}

/// A chapter, if the line is one.
pub(super) fn chapter(line: &str) -> Option<Chapter> {
    let (at_s, from) = line::time(line)?;
    Some(Chapter { at_s, title: line::plain(&line[from..]) })
}

/// Vowel signs and the like, which no word of Hindi or Thai is without.
pub(super) fn is_mark(c: char) -> bool {
    use unicode_normalization::char::is_combining_mark;
    is_combining_mark(c)
}

fn holds(list: &[String], item: &str) -> bool {
    // A longer list is refused as a whole, so the work on one item stays bounded.
    let lower = item.to_lowercase();
    list.len() <= super::MOST_ITEMS && list.iter().any(|known| known.to_lowercase() == lower)
}
