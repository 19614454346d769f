//! Takes out of a text what a reader cannot see and what could deceive him.

/// The most marks that sit on one letter. Hebrew with vowels and accents needs four; heaps of them cover the lines around.
const MARKS_ON_A_LETTER: usize = 4;

/// Cleans a text from outside. Line ends become `\n`. Control characters (but `\n` and `\t`), overrides of the writing
/// direction, invisible letters and heaps of combining marks go. Joiners stay between characters that join, so that
/// families of emoji and Persian words stay whole.
pub fn clean(text: &str) -> String {
    let mut seen = text.chars().peekable();
    let mut kept = Vec::with_capacity(text.len().min(1 << 16));
    while let Some(c) = seen.next() {
        match c {
            '\r' => {
                if seen.peek() != Some(&'\n') {
                    kept.push('\n');
                }
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            '\n' | '\t' => kept.push(c),
            _ if c.is_control() || deceives(c) => {}
            _ => kept.push(c),
        }
    }
    join(&kept)
}

/// Keeps joiners, marks and tags only where they have something to sit on.
fn join(chars: &[char]) -> String {
    let mut clean = String::with_capacity(chars.len());
    let mut last = ' ';
    let mut marks = 0;
    let mut flag = false;
    for (at, &c) in chars.iter().enumerate() {
        let keep = if is_joiner(c) {
            joins(last) && chars.get(at + 1).is_some_and(|&next| joins(next))
        } else if is_tag(c) {
            flag
        } else if is_mark(c) {
            marks += 1;
            marks <= MARKS_ON_A_LETTER
        } else {
            true
        };
        if !keep {
            continue;
        }
        if !is_mark(c) && !is_joiner(c) {
            marks = 0;
        }
        // England, Scotland and Wales are a black flag followed by tags; anywhere else tags are hidden text.
        flag = c == '\u{1F3F4}' || (flag && is_tag(c));
        last = c;
        clean.push(c);
    }
    clean
}

/// Whether a reader sees anything of it.
pub(super) fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// Changes the order of what is read, or carries text that nobody sees.
fn deceives(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E001F}' | '\u{E0080}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Only characters beyond ASCII join: letters of some scripts, and emoji.
fn joins(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && !is_joiner(c) && (is_visible(c) || is_mark(c) || is_tag(c))
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0020}'..='\u{E007F}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{6D6}'..='\u{6ED}' | '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}'
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{E0100}'..='\u{E01EF}')
}
