//! Which marks of a line are still open at its end.
//!
//! This follows the rules of `CommonMark` closely enough for a line that is still being written; the parser has the last
//! word when it is complete.

/// A bracket that is open for longer than this is a bracket and no link.
const LINK_WORDS_LIMIT: usize = 256;
/// The longest name of a character that is worth waiting for, as in `&hellip;`.
const ENTITY_LIMIT: usize = 12;

/// Parentheses in an address nest no deeper; `CommonMark` allows 32 as well.
const ADDRESS_DEPTH: usize = 32;
/// More marks are not open at once in anything that is meant; each mark looks through those that are.
const OPEN_LIMIT: usize = 64;

/// What is open at the end of some words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pending {
    /// The marks, outermost first: where they begin and what they are.
    pub(super) marks: Vec<(usize, String)>,
    /// Brackets of links that are half-written, with the exclamation mark of a picture.
    pub(super) brackets: Vec<std::ops::Range<usize>>,
    /// From here on nothing can be shown yet: a link's address, a tag, the name of a character.
    pub(super) hidden: Option<usize>,
}

/// Looks for what is open at the end of `words`; `next` is the character after them, if it is known already.
pub(super) fn pending(words: &str, next: Option<char>) -> Pending {
    let mut scan = Scan { words, next, open: vec![], brackets: vec![], hidden: None };
    let mut at = 0;
    while at < words.len() && scan.hidden.is_none() {
        at = scan.step(at);
    }
    scan.end()
}

#[derive(Debug)]
struct Scan<'w> {
    words: &'w str,
    next: Option<char>,
    open: Vec<(usize, char, usize)>,
    brackets: Vec<std::ops::Range<usize>>,
    hidden: Option<usize>,
}

impl Scan<'_> {
    /// Reads what stands at a place and says where to go on.
    fn step(&mut self, at: usize) -> usize {
        let rest = &self.words[at..];
        let Some(c) = rest.chars().next() else { return at + 1 };
        let after = at + c.len_utf8();
        match c {
            '\\' => self.escape(at, after),
            '`' => self.code(at),
            '*' | '_' | '~' => self.delimiter(at, c),
            '<' => self.tag(at),
            '&' => {
                let name = rest[1..].chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
                if name && rest.len() <= ENTITY_LIMIT {
                    self.hide(at);
                }
                after
            }
            '[' => {
                let picture = usize::from(self.words[..at].ends_with('!'));
                self.brackets.push(at - picture..after);
                after
            }
            ']' => self.bracket(at, after),
            _ => after,
        }
    }

    fn hide(&mut self, at: usize) {
        if self.next.is_none() {
            self.hidden = Some(at);
        }
    }

    fn escape(&mut self, at: usize, after: usize) -> usize {
        match self.words[after..].chars().next() {
            Some(escaped) if escaped.is_ascii_punctuation() => after + 1,
            Some(_) => after,
            None => {
                self.hide(at);
                after
            }
        }
    }

    fn code(&mut self, at: usize) -> usize {
        let length = run(&self.words[at..], '`');
        let mut from = at + length;
        while let Some(found) = self.words[from..].find('`') {
            let closing = run(&self.words[from + found..], '`');
            from += found + closing;
            if closing == length {
                return from;
            }
        }
        // Nothing else counts in code that is open to the end.
        self.open.push((at, '`', length));
        self.words.len()
    }

    fn delimiter(&mut self, at: usize, mark: char) -> usize {
        let length = run(&self.words[at..], mark);
        let end = at + length;
        let before = self.words[..at].chars().next_back();
        let after = self.words[end..].chars().next().or(self.next);
        let opens = after.is_some_and(|c| !c.is_whitespace() && (!is_punctuation(c) || edge(before)));
        let closes = before.is_some_and(|c| !c.is_whitespace() && (!is_punctuation(c) || edge(after)));
        let (opens, closes) = match mark {
            '_' => (opens && (!closes || edge(before)), closes && (!opens || edge(after))),
            '~' if length > 2 => (false, false),
            _ => (opens, closes),
        };
        let mut left = length;
        while closes && left > 0 {
            let fits = |(_, open, size): &(usize, char, usize)| *open == mark && (mark != '~' || *size == left);
            let Some(found) = self.open.iter().rposition(fits) else { break };
            self.open.truncate(found + 1);
            let size = self.open[found].2.min(left).min(2);
            left -= size;
            self.open[found].2 -= size;
            if self.open[found].2 == 0 {
                self.open.pop();
            }
        }
        // At the very end nobody knows yet, except that `_` within a word is a letter.
        if left > 0 && self.open.len() < OPEN_LIMIT && (opens || (after.is_none() && (mark != '_' || edge(before)))) {
            self.open.push((end - left, mark, left));
        }
        end
    }

    fn tag(&mut self, at: usize) -> usize {
        let rest = &self.words[at + 1..];
        let looks = rest.chars().next().is_none_or(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        match rest.find(['>', ' ', '\n', '<']) {
            Some(found) if looks && rest[found..].starts_with('>') => at + 1 + found + 1,
            None if looks => {
                self.hide(at);
                at + 1
            }
            _ => at + 1,
        }
    }

    fn bracket(&mut self, at: usize, after: usize) -> usize {
        let Some(opening) = self.brackets.pop() else { return after };
        match self.words[after..].chars().next().or(self.next) {
            Some('(') => {
                if let Some(end) = link_end(&self.words[after..]) {
                    // Marks that began in a link's words and did not end there are no marks.
                    self.open.retain(|(start, ..)| *start < opening.start);
                    return after + end;
                }
                if self.words[after..].contains('\n') {
                    return after;
                }
                self.brackets.push(opening);
                self.hidden = Some(at);
            }
            None => {
                self.brackets.push(opening);
                self.hidden = Some(at);
            }
            Some(_) => {}
        }
        after
    }

    fn end(self) -> Pending {
        let words = self.words;
        let near = |bracket: &std::ops::Range<usize>| {
            words.len() - bracket.start <= LINK_WORDS_LIMIT && !words[bracket.start..].contains('\n')
        };
        let brackets = if self.hidden.is_some_and(|at| words[at..].starts_with(']')) {
            // The last bracket has found its end already, however long ago it began.
            let (last, others) = self.brackets.split_last().map_or((None, &[][..]), |(last, rest)| (Some(last), rest));
            others.iter().filter(|bracket| near(bracket)).chain(last).cloned().collect()
        } else {
            self.brackets.iter().filter(|bracket| near(bracket)).cloned().collect()
        };
        let marks =
            self.open.iter().map(|(at, mark, length)| (*at, std::iter::repeat_n(*mark, *length).collect())).collect();
        Pending { marks, brackets, hidden: self.hidden }
    }
}

fn run(text: &str, mark: char) -> usize {
    text.len() - text.trim_start_matches(mark).len()
}

fn edge(c: Option<char>) -> bool {
    c.is_none_or(|c| c.is_whitespace() || is_punctuation(c))
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || (!c.is_alphanumeric() && !c.is_whitespace() && !c.is_ascii())
}

/// Where the address of a link ends, behind its closing parenthesis.
fn link_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return None,
            '(' if depth == ADDRESS_DEPTH => return None,
            '(' => depth += 1,
            ')' if depth <= 1 => return Some(at + 1),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}
