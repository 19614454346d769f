//! One sentence: where it ends, whether it is talk of a window, and what it was for.

use std::ops::Range;

use super::Action;
use super::words::{List, WORDS, all, find, has, is_unspaced};

/// Talk of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged<'a> {
    pub(super) action: Option<Action>,
    /// Whether it speaks of the file, be it beside something else.
    pub(super) file: bool,
    /// What of the sentence stands without it.
    pub(super) rest: Option<String>,
    /// How an instruction with this sentence begins.
    pub(super) do_it: &'a str,
}

const QUOTES: [(char, char); 6] = [('"', '"'), ('“', '”'), ('「', '」'), ('『', '』'), ('«', '»'), ('`', '`')];
/// Stands for a quotation that is content: in no word.
const QUOTED: char = '\u{1}';

/// The sentences of a line, with the white space behind them. `ended`: the line is complete; otherwise what may still
/// become part of a sentence is left out.
pub(super) fn split(line: &str, ended: bool) -> Vec<Range<usize>> {
    let letters: Vec<(usize, char)> = line.char_indices().collect();
    let offset = |index: usize| letters.get(index).map_or(line.len(), |(at, _)| *at);
    let quotes = quotes(&letters, ended);
    let mut sentences = Vec::new();
    let (mut start, mut at, mut quote) = (0, 0, 0);
    while at < letters.len() {
        while quotes.get(quote).is_some_and(|quote| quote.end <= at) {
            quote += 1;
        }
        if let Some(quote) = quotes.get(quote).filter(|quote| quote.start == at) {
            at = quote.end;
            continue;
        }
        let letter = letters[at].1;
        let next = letters.get(at + 1).map(|(_, letter)| *letter);
        let ends = match letter {
            '。' | '！' | '？' => true,
            // Not inside a link, a number or a name of a file.
            '.' | '!' | '?' => next.is_none_or(|next| !next.is_alphanumeric() && next != '/' || is_unspaced(next)),
            _ => false,
        } && !is_number(&letters[start..at]);
        at += 1;
        if ends {
            let closes = |letter: char| {
                letter.is_whitespace()
                    || matches!(
                        letter,
                        '.' | '!' | '?' | '。' | '！' | '？' | '”' | '」' | '』' | ')' | '）' | '*' | '"' | '’'
                    )
            };
            while at < letters.len() && closes(letters[at].1) && !quotes.iter().any(|quote| quote.start == at) {
                at += 1;
            }
            if at < letters.len() || ended {
                sentences.push(offset(start)..offset(at));
                start = at;
            }
        }
    }
    if ended && start < letters.len() {
        sentences.push(offset(start)..line.len());
    }
    sentences
}

/// `1.` opens an item, it ends no sentence.
fn is_number(letters: &[(usize, char)]) -> bool {
    let mut said = letters.iter().map(|(_, letter)| letter).skip_while(|letter| letter.is_whitespace()).peekable();
    said.peek().is_some() && said.all(char::is_ascii_digit)
}

/// The quotations of a line, by index. A mark that never closes opens none; in a line that still grows it may, so that
/// everything behind it is one.
fn quotes(letters: &[(usize, char)], ended: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // For each kind the marks that close, from the left.
    let mut closing: Vec<std::iter::Peekable<std::vec::IntoIter<usize>>> = QUOTES
        .iter()
        .map(|(_, close)| {
            let marks = letters.iter().enumerate().filter(|(_, (_, letter))| letter == close).map(|(at, _)| at);
            marks.collect::<Vec<_>>().into_iter().peekable()
        })
        .collect();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at].1;
        let before = at.checked_sub(1).map(|before| letters[before].1);
        // 5" is a measure.
        let kind = QUOTES.iter().position(|(open, _)| *open == letter);
        let opens = kind.filter(|_| letter != '"' || !before.is_some_and(|before| before.is_ascii_digit()));
        let Some(kind) = opens else {
            at += 1;
            continue;
        };
        while closing[kind].next_if(|close| *close <= at).is_some() {}
        match closing[kind].peek() {
            Some(close) => {
                found.push(at..close + 1);
                at = close + 1;
            }
            None if ended => at += 1,
            None => {
                found.push(at..letters.len());
                break;
            }
        }
    }
    found
}

/// Whether `said` is talk of a window. An item of a list must name a verb *and* a thing, since it may be a title.
pub(super) fn judge(said: &str, item: bool) -> Option<Judged<'static>> {
    let text = masked(said);
    if has(&text, &WORDS.viewers) {
        return None;
    }
    let pointer = speaks(&text, &WORDS.pointer, false);
    let view = speaks(&text, &WORDS.view, false);
    let plain = speaks(&text, &WORDS.plain, false);
    let thing = has(&text, &WORDS.noun) || has(&text, &WORDS.action);
    let offer = all(&WORDS.offer).find(|(_, words)| find(&text, words).next().is_some());
    let verb = pointer.or(view).or(plain);
    let (language, at) = match (pointer, verb, offer) {
        (Some(pointer), ..) if !item || thing => pointer,
        (_, Some(verb), _) if thing => verb,
        (_, _, Some((language, words))) if !item => (language, text.find(words).unwrap_or_default()),
        _ => return None,
    };
    let first = verb.map_or(at, |_| first_of(&text, at));
    let idle = all(&WORDS.idle).any(|(_, word)| text[at..].starts_with(word)) && view.is_none();
    let action = if idle && (pointer.is_none() || plain.is_none()) { None } else { purpose(&text) };
    let do_it = WORDS.do_it.get(language).or_else(|| WORDS.do_it.get("en"));
    let do_it = do_it.and_then(|lines| lines.first()).map_or("", String::as_str);
    Some(Judged { action, file: has(&text, &WORDS.to_export), rest: rest(said, &text, first), do_it })
}

/// The earliest place at which any verb speaks to the user.
fn first_of(text: &str, at: usize) -> usize {
    [&WORDS.pointer, &WORDS.view, &WORDS.plain]
        .iter()
        .filter_map(|list| speaks(text, list, false))
        .map(|(_, place)| place)
        .fold(at, usize::min)
}

/// What the sentence is for: upload area before preview and panels, these before edits, export, credits.
fn purpose(text: &str) -> Option<Action> {
    if has(text, &WORDS.to_upload) {
        return Some(Action::Upload);
    }
    let looks = speaks(text, &WORDS.view, true).is_some();
    if looks && has(text, &WORDS.to_state) && !has(text, &WORDS.not_state) {
        return Some(Action::State);
    }
    [(&WORDS.to_edit, Action::Edit), (&WORDS.to_export, Action::Export), (&WORDS.to_credits, Action::Credits)]
        .iter()
        .find(|(list, _)| has(text, list))
        .map(|(_, action)| *action)
}

/// The first word of `list` that speaks to the user: its language and its place. `to`: also in "to see".
fn speaks(text: &str, list: &'static List, to: bool) -> Option<(&'static str, usize)> {
    all(list)
        .filter_map(|(language, word)| {
            let place = find(text, word).find(|at| {
                let (before, after) = (&text[..*at], &text[at + word.len()..]);
                if word.starts_with(is_unspaced) {
                    let own = |list: &'static List| list.get(language).into_iter().flatten();
                    !own(&WORDS.others).any(|other| before.contains(other.as_str()))
                        && !own(&WORDS.report).any(|report| after.starts_with(report.as_str()))
                } else {
                    opens(before, to)
                }
            })?;
            Some((language, place))
        })
        .min_by_key(|(_, place)| *place)
}

/// Whether a verb behind `before` speaks to the user: it opens a clause, or follows a word that lets it.
fn opens(before: &str, to: bool) -> bool {
    let before = before.trim_end_matches([' ', '*', '_', '"', '“', '`']);
    let bare = before.trim_start_matches(|mark: char| !mark.is_alphanumeric());
    if bare.is_empty() || bare.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ')' | ' ')) {
        return true;
    }
    if before.ends_with([',', ';', ':', '(', '–', '—', '>', '，', '；', '：', '、']) || before.ends_with(is_unspaced)
    {
        return true;
    }
    let follows = |word: &str| {
        before
            .strip_suffix(word)
            .is_some_and(|rest| !rest.ends_with(|letter: char| letter.is_alphanumeric() || letter == '\''))
    };
    to && follows("to") || all(&WORDS.opener).any(|(_, word)| follows(word))
}

/// `said` in lower case with the same length as far as words go: quotations are masked, unless they only name a control.
fn masked(said: &str) -> String {
    let letters: Vec<(usize, char)> = said.char_indices().collect();
    let mut out = String::with_capacity(said.len());
    let mut at = 0;
    for quote in quotes(&letters, true) {
        push_lower(&mut out, &letters[at..quote.start]);
        let inside = &letters[quote.start + 1..quote.end - 1];
        let mut name = String::new();
        push_lower(&mut name, inside);
        let name = name.trim_matches(|mark: char| !mark.is_alphanumeric()).to_owned();
        if all(&WORDS.control).any(|(_, control)| control == name) {
            push_lower(&mut out, &letters[quote.clone()]);
        } else {
            out.push(QUOTED);
        }
        at = quote.end;
    }
    push_lower(&mut out, &letters[at..]);
    out
}

fn push_lower(out: &mut String, letters: &[(usize, char)]) {
    out.extend(letters.iter().flat_map(|(_, letter)| {
        if matches!(letter, '*' | '’') {
            if *letter == '*' { ' ' } else { '\'' }.to_lowercase()
        } else {
            letter.to_lowercase()
        }
    }));
}

/// The clauses before the talk, where they stand by themselves: "Your video is ready, click Export." keeps its news.
fn rest(said: &str, text: &str, verb: usize) -> Option<String> {
    const SHORTEST: usize = 4;
    // Where the masked text has another length, the place cannot be carried over.
    if text.len() != said.len() || !said.is_char_boundary(verb) {
        return None;
    }
    let head = &said[..verb];
    let cut = head.rfind([',', ';', '，', '；', '—'])?;
    let kept = head[..cut].trim_end();
    let lower = kept.trim_start_matches(|mark: char| !mark.is_alphanumeric()).to_lowercase();
    let dangles = all(&WORDS.dangling).any(|(_, word)| find(&lower, word).next() == Some(0));
    if dangles || lower.chars().filter(|letter| letter.is_alphanumeric()).count() < SHORTEST {
        return None;
    }
    let stop = if kept.ends_with(is_unspaced) { '。' } else { '.' };
    Some(format!("{kept}{stop}"))
}
