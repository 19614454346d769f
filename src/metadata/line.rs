//! The shape of a line: list marks, labels, quotes, rules, times.

use super::labels::{self, Head};

/// A decoration before a heading.
pub(super) fn is_sign(c: char) -> bool {
    let code = c as u32;
    matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}')
        || matches!(code, 0x2190..=0x21ff | 0x2300..=0x23ff | 0x25a0..=0x27bf | 0x2900..=0x297f | 0x2b00..=0x2bff)
        || matches!(code, 0x1f000..=0x1faff | 0xe0020..=0xe007f)
}

/// How a label looks. Two of one look stand on one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "marks that a line has or has not, in any combination")]
pub(super) struct Look {
    pub(super) heading: u8,
    pub(super) bold: bool,
    pub(super) sign: bool,
    pub(super) bracket: bool,
    pub(super) colon: bool,
    pub(super) item: bool,
    /// In capitals, which stand for a heading.
    pub(super) capitals: bool,
}

impl Look {
    /// More than words speak for a label.
    pub(super) fn marked(self) -> bool {
        self.heading > 0 || self.bold || self.sign || self.bracket || self.capitals
    }
}

/// A line that announces something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub(super) head: Head,
    pub(super) look: Look,
    /// Where its value begins in the line; the length of the line where there is none.
    pub(super) value: usize,
}

/// `line` as a label, if it is one.
pub(super) fn label(line: &str) -> Option<Label> {
    let (mut look, head, value) = split(line)?;
    look.capitals = value == line.len() && is_capital(head);
    // Most lines end here, before any word is looked up.
    if !look.colon && !look.marked() {
        return None;
    }
    let head_words = labels::read(head)?;
    let has_value = value < line.len();
    let fine = if head_words.field.is_some() {
        look.colon || look.marked()
    } else if head_words.language.is_some() && head_words.platform.is_none() {
        look.colon || look.heading > 0 || look.bold || look.bracket || (look.sign && !has_value)
    } else {
        // A platform: "X: a story" in running text is none.
        look.marked() || (look.colon && !has_value)
    };
    (fine && (look.colon || look.bracket || !has_value)).then_some(Label { head: head_words, look, value })
}

/// Whether the words are written in capitals, where the script has them.
fn is_capital(head: &str) -> bool {
    let letters = || head.chars().filter(|c| c.is_alphabetic());
    letters().count() >= 4 && letters().all(char::is_uppercase)
}

/// Whether a line has the looks of a heading, whatever it says.
pub(super) fn is_heading(line: &str) -> bool {
    let line = line.trim_start();
    let level = line.bytes().take_while(|b| *b == b'#').count();
    (1..=6).contains(&level) && line[level..].starts_with(' ') && !line[level..].trim().is_empty()
}

/// The look of a label, its words, and where the value begins.
fn split(line: &str) -> Option<(Look, &str, usize)> {
    let mut look = Look::default();
    let mut at = line.len() - line.trim_start().len();
    loop {
        let rest = &line[at..];
        let c = rest.chars().next()?;
        if c.is_ascii() && rest[1..].trim_start_matches('\u{fe0f}').starts_with('\u{20e3}') {
            // A key such as #️⃣ is a picture.
            look.sign = true;
            at += 1;
        } else if c == '#' && look.heading == 0 && is_heading(rest) {
            look.heading = u8::try_from(rest.bytes().take_while(|b| *b == b'#').count()).unwrap_or(6);
            at += usize::from(look.heading);
        } else if c == '#' {
            // A hashtag.
            return None;
        } else if (c == '*' || c == '_') && rest[1..].starts_with(c) {
            look.bold = true;
            at += 2;
        } else if let Some(mark) = list_mark(rest).filter(|_| !look.item) {
            look.item = true;
            look.sign |= mark == c.len_utf8() && is_sign(c);
            at += mark;
        } else if is_sign(c) {
            look.sign |= c != '\u{fe0f}' && c != '\u{200d}';
            at += c.len_utf8();
        } else if matches!(c, '【' | '「' | '《' | '[' | '〖' | '［') && !look.bracket {
            look.bracket = true;
            at += c.len_utf8();
        } else if c.is_whitespace() || c == '*' || c == '>' {
            at += c.len_utf8();
        } else {
            break;
        }
    }
    let body = &line[at..];
    // The colon that counts is the first one outside of brackets.
    let (mut depth, mut end, mut value) = (0_i32, body.len(), body.len());
    for (offset, c) in body.char_indices() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth -= 1,
            ':' | '：' if depth <= 0 => {
                look.colon = true;
                end = offset;
                value = offset + c.len_utf8();
                break;
            }
            '】' | '」' | '》' | '〗' | ']' | '］' if look.bracket && depth <= 0 => {
                let after = body[offset + c.len_utf8()..].trim_start_matches(['*', ' ']);
                end = offset;
                value = body.len() - after.len();
                if let Some(colon) = after.chars().next().filter(|c| matches!(c, ':' | '：')) {
                    look.colon = true;
                    value += colon.len_utf8();
                }
                break;
            }
            '*' if look.bold && body[offset..].starts_with("**") && depth <= 0 => {
                // `**Title** — value` and `**Title**: value`
                let after = body[offset..].trim_start_matches(['*', ' ']);
                let dash = after.chars().next().filter(|c| matches!(c, '—' | '–' | '-'));
                if let Some(dash) = dash {
                    look.colon = true;
                    end = offset;
                    value = body.len() - after.len() + dash.len_utf8();
                    break;
                }
            }
            _ => {}
        }
    }
    let rest = &body[value..];
    let closing = rest.len() - rest.trim_start_matches(['*', '_', ' ', '\t', '】', '」']).len();
    // Only marks of the label are closed here: a bold value begins with its own.
    let closing =
        if look.bold && rest.starts_with("**") { 2 } else { closing.min(rest.len() - rest.trim_start().len()) };
    let rest = &rest[closing..];
    let value = if rest.trim_matches(['*', '_', ' ', '\t', '#']).is_empty() {
        line.len()
    } else {
        at + value + closing + rest.len() - rest.trim_start().len()
    };
    Some((look, &body[..end], value))
}

/// Bytes of the list mark that `text` begins with.
pub(super) fn list_mark(text: &str) -> Option<usize> {
    let lead = text.len() - text.trim_start().len();
    let rest = &text[lead..];
    let c = rest.chars().next()?;
    let mark = match c {
        '-' | '*' | '+' | '–' | '—' if rest[c.len_utf8()..].starts_with([' ', '\t']) => c.len_utf8(),
        '•' | '・' | '●' | '○' | '◦' | '▪' | '▸' | '►' | '‣' | '➤' | '✔' | '👉' | '🔹' | '🔸' | '➡' => {
            c.len_utf8()
        }
        '①'..='⑳' | '❶'..='❿' | '⓵'..='⓾' | '➀'..='➓' => c.len_utf8(),
        '0'..='9' => numbered(rest)?,
        '(' | '（' => {
            let inner = &rest[c.len_utf8()..];
            let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
            let close = inner[digits..].chars().next().filter(|c| matches!(c, ')' | '）'))?;
            (1..=2).contains(&digits).then_some(c.len_utf8() + digits + close.len_utf8())?
        }
        'A'..='H' if matches!(rest.as_bytes().get(1), Some(b'.' | b')')) && rest[2..].starts_with(' ') => 2,
        'a'..='h' if rest[1..].starts_with(") ") => 2,
        'A'..='H' if rest[1..].starts_with("案：") || rest[1..].starts_with("案:") => {
            1 + rest[1..].chars().take(2).map(char::len_utf8).sum::<usize>()
        }
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' if rest[3..].starts_with('、') => {
            6
        }
        _ => option_mark(rest)?,
    };
    let spaces = rest[mark..].len() - rest[mark..].trim_start_matches([' ', '\t', '\u{fe0f}']).len();
    Some(lead + mark + spaces)
}

/// `1.` `1)` `1、` `1️⃣`
fn numbered(rest: &str) -> Option<usize> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 2 {
        return None;
    }
    let after = &rest[digits..];
    if let Some(keycap) = after.strip_prefix('\u{fe0f}').unwrap_or(after).strip_prefix('\u{20e3}') {
        return Some(rest.len() - keycap.len());
    }
    let close = after.chars().next().filter(|c| matches!(c, '.' | ')' | '、' | '．' | '）'))?;
    let beyond = &after[close.len_utf8()..];
    // `3.5 tips` is a number.
    // `1.-` as Spanish lists have it.
    let dash = usize::from(close == '.' && beyond.starts_with("- "));
    (close != '.' || !beyond.starts_with(|c: char| c.is_ascii_digit())).then_some(digits + close.len_utf8() + dash)
}

const OPTIONS: &[&str] = &[
    "option",
    "方案",
    "选项",
    "選項",
    "案",
    "版本",
    "version",
    "opción",
    "opcion",
    "opção",
    "variante",
    "вариант",
    "옵션",
    "विकल्प",
    "الخيار",
    "titel",
];

/// `Option A:`
pub(super) fn option_mark(rest: &str) -> Option<usize> {
    let bold = rest.len() - rest.trim_start_matches("**").len();
    let head: String = rest[bold..].chars().take(12).flat_map(char::to_lowercase).collect();
    let word = OPTIONS.iter().find(|word| head.starts_with(**word))?;
    let from = bold + rest[bold..].char_indices().nth(word.chars().count()).map(|(at, _)| at)?;
    let tail = &rest[from..];
    let (at, colon) = tail.char_indices().take(8).find(|(_, c)| matches!(c, ':' | '：' | '.' | ')'))?;
    let counter = tail[..at].trim();
    let short = !counter.is_empty() && counter.chars().count() <= 2 && counter.chars().all(char::is_alphanumeric);
    let end = from + at + colon.len_utf8();
    let end = if bold > 0 && rest[end..].starts_with("**") { end + 2 } else { end };
    short.then_some(end)
}

/// Whether the line only draws a rule.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let Some(first) = line.chars().next() else { return false };
    "-*_=—─━═~⸻".contains(first)
        && line.chars().all(|c| c == first || c == ' ')
        && (line.chars().count() >= 3 || first == '⸻')
}

/// Whether the line opens or closes a fence.
pub(super) fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// Seconds, and where the words begin, of a line that starts with a time.
pub(super) fn time(line: &str) -> Option<(u32, usize)> {
    let mut at = line.len() - line.trim_start().len();
    if let Some(mark) = list_mark(&line[at..])
        .filter(|mark| line[at + mark..].starts_with(|c: char| c.is_ascii_digit() || "([（*".contains(c)))
    {
        at += mark;
    }
    at += line[at..].len() - line[at..].trim_start_matches(['*', '`', '(', '[', '（', '【', ' ']).len();
    let (mut parts, mut begin) = (Vec::new(), at);
    loop {
        let digits = line[begin..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 2 || parts.len() == 3 || (!parts.is_empty() && digits != 2) {
            return None;
        }
        parts.push(line[begin..begin + digits].parse::<u32>().ok()?);
        begin += digits;
        let Some(colon) = line[begin..].chars().next().filter(|c| matches!(c, ':' | '：')) else { break };
        begin += colon.len_utf8();
    }
    if parts.len() < 2 || line[begin..].starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let seconds = parts.iter().fold(0_u32, |sum, part| sum * 60 + part);
    // `0:00–0:42` names an end as well; it is no part of the name.
    let rest = &line[begin..];
    let dashed = rest.trim_start_matches([' ', '-', '–', '—', '~', '～']);
    let span = dashed.bytes().take_while(|b| b.is_ascii_digit() || *b == b':').count();
    let rest = if dashed[..span].contains(':') && dashed.len() < rest.len() { &dashed[span..] } else { rest };
    let words = rest.trim_start_matches(|c: char| c.is_whitespace() || ")]）】*`-–—:：|·~".contains(c));
    Some((seconds, line.len() - words.len()))
}

/// Without `**`, `__` and code marks: platforms show plain text.
pub(super) fn plain(text: &str) -> String {
    text.replace("**", "").replace("__", "").replace('`', "").trim().to_owned()
}
