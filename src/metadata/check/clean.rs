//! What is copied is what is seen: invisible characters go, those that a script or an emoji needs stay, and what ends a
//! line in an unusual way ends it as usual.

/// `text` without what is not seen, and what that was, as `U+XXXX`, each once. Unusual ends of a line become `line_end`:
/// without them two words would become one.
pub(super) fn clean(text: &str, line_end: char) -> (String, Vec<String>) {
    let mut kept = String::with_capacity(text.len());
    let mut removed: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let ends_line = ends_line(c);
        if ends_line || is_hidden(c, before, chars.peek().copied()) {
            let name = format!("U+{:04X}", c as u32);
            // The kinds are few: the list stays short.
            if !removed.contains(&name) {
                removed.push(name);
            }
            if ends_line {
                kept.push(line_end);
                before = Some(line_end);
            }
        } else {
            kept.push(c);
            before = Some(c);
        }
    }
    (kept, removed)
}

/// Line and paragraph separators, next line, vertical tab and form feed: plain fields show none of them as an end.
fn ends_line(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}')
}

fn is_hidden(c: char, before: Option<char>, after: Option<char>) -> bool {
    match c {
        '\n' | '\t' | '\u{200e}' | '\u{200f}' => false,
        '\u{200d}' if before.is_some_and(ends_emoji) && after.is_some_and(is_picture) => false,
        '\u{200c}' | '\u{200d}' => !joins(before, after),
        '\u{fe0e}' | '\u{fe0f}' => !before.is_some_and(|c| is_picture(c) || c.is_ascii_digit() || "#*".contains(c)),
        '\u{e0020}'..='\u{e007f}' => {
            !before.is_some_and(|c| c == '\u{1f3f4}' || ('\u{e0020}'..='\u{e007f}').contains(&c))
        }
        // Soft hyphen, zero-width spaces and joiners, bidirectional overrides and isolates.
        '\u{ad}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0001}' => true,
        c => c.is_control(),
    }
}

/// Inside a word of a script that joins letters: Arabic and its neighbours, the scripts of India.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let needs = |c: char| matches!(c as u32, 0x0600..=0x08ff | 0x0900..=0x0dff | 0x1780..=0x18af | 0xa840..=0xa8ff);
    before.is_some_and(needs) && after.is_some_and(needs)
}

fn ends_emoji(c: char) -> bool {
    is_picture(c) || c == '\u{fe0f}'
}

fn is_picture(c: char) -> bool {
    matches!(c as u32, 0xa9 | 0xae | 0x203c | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21ff | 0x2300..=0x23ff | 0x24c2 | 0x25a0..=0x27bf | 0x2900..=0x2bff
        | 0x3030 | 0x303d | 0x3297 | 0x3299 | 0x1f000..=0x1faff)
}
