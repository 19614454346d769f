//! Takes messages off the front of a growing source, each from a bounded window.

use std::ops::Range;

use super::draw::Border;
use super::marks::{self, Pending};
use super::outline::{Kind, Leaf, Outline, Stretch};
use super::split::word_cut;
use super::{RichText, TextLimit};

/// The most bytes that a UTF-8 character has, and so the most for each unit of a limit.
const BYTES_FOR_A_UNIT: usize = 4;
/// Room for what the reader does not see: marks and the addresses of links.
const ROOM_FOR_MARKS: usize = 4096;

/// One message's worth off the front of a growing Markdown source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What to show; within the limit. Empty where the source shows nothing, for example blank lines.
    pub text: RichText,
    /// How many bytes of the source that is; never 0 unless the source is empty. The source's length when everything
    /// fits: then `text` is what [`RichText::growing`] makes of it, and [`RichText::markdown`] fits as well.
    pub used: usize,
    /// What to put in front of the rest, so that what was cut through goes on: `` "```rust\n" ``, `"**"`. Together with
    /// the rest it is always shorter than the source was.
    pub reopen: String,
}

/// Takes one message off the front of a source that may still grow. Unless everything fits, the message is final: no
/// text that arrives later changes it. Looks at no more of the source than a small multiple of the limit.
pub fn take(source: &str, limit: TextLimit) -> Taken {
    let reach = limit.room().saturating_mul(BYTES_FOR_A_UNIT).saturating_add(ROOM_FOR_MARKS);
    let window = &source[..source.floor_char_boundary(reach)];
    if window.len() == source.len() {
        let text = RichText::growing(window);
        if fits(&text, limit) && fits(&RichText::markdown(window), limit) {
            return Taken { text, used: source.len(), reopen: String::new() };
        }
    }
    Cutter::new(window, window.len() == source.len(), limit).cut()
}

fn fits(text: &RichText, limit: TextLimit) -> bool {
    text.length(limit) <= limit.room()
}

#[derive(Debug)]
struct Cutter<'s> {
    window: &'s str,
    /// Whether nothing stands behind the window.
    is_all: bool,
    limit: TextLimit,
    outline: Outline,
    /// The last leaf, if it may go on behind the window, and what is open at its end.
    tail: (Range<usize>, Pending),
    /// Where a cut would go through a mark or an address.
    marked: Places,
    /// Where a cut would go through a link or code.
    firm: Places,
}

impl<'s> Cutter<'s> {
    fn new(window: &'s str, is_all: bool, limit: TextLimit) -> Self {
        let outline = Outline::of(window);
        let tail = tail(window, &outline);
        let (start, end) = (tail.0.start, tail.0.end);
        let marked = outline
            .stretches
            .iter()
            .flat_map(|Stretch { range, inner, .. }| [range.start + 1..inner.start + 1, inner.end..range.end])
            .chain(tail.1.brackets.iter().map(|bracket| start + bracket.start + 1..end + 1))
            .chain(tail.1.marks.iter().map(|(at, mark)| start + at + 1..start + at + mark.len() + 1));
        let marked = Places::new(marked);
        let firm = outline.stretches.iter().filter(|stretch| stretch.firm);
        let firm = Places::new(firm.map(|Stretch { range, .. }| range.start + 1..range.end));
        Self { window, is_all, limit, outline, tail, marked, firm }
    }
}

/// A set of places in a text.
#[derive(Debug)]
struct Places(Vec<Range<usize>>);

impl Places {
    fn new(ranges: impl Iterator<Item = Range<usize>>) -> Self {
        let mut ranges: Vec<Range<usize>> = ranges.filter(|range| !range.is_empty()).collect();
        ranges.sort_unstable_by_key(|range| range.start);
        ranges.dedup_by(|next, range| {
            let touches = next.start <= range.end;
            if touches {
                range.end = range.end.max(next.end);
            }
            touches
        });
        Self(ranges)
    }

    fn holds(&self, at: usize) -> bool {
        let next = self.0.partition_point(|range| range.end <= at);
        self.0.get(next).is_some_and(|range| range.contains(&at))
    }
}

fn tail(window: &str, outline: &Outline) -> (Range<usize>, Pending) {
    let last = outline.leaves.last().filter(|leaf| {
        leaf.kind == Kind::Words && leaf.range.end >= window.trim_end().len() && !window.ends_with("\n\n")
    });
    last.map_or_else(Default::default, |leaf| {
        (leaf.range.clone(), marks::pending(window[leaf.range.clone()].trim_end(), None))
    })
}

impl Cutter<'_> {
    fn cut(&self) -> Taken {
        let end = self.longest();
        let middle = end / 2;
        let late = |wanted: Border| {
            let borders = self.outline.borders.iter().rev();
            borders.filter(move |(at, border)| *border == wanted && *at > middle && *at <= end).map(|(at, _)| *at)
        };
        let line = self.window[..end].rfind('\n').map(|newline| newline + 1).filter(|at| *at > middle);
        let beside = word_cut(self.window, end, |at| self.marked.holds(at) || self.firm.holds(at));
        let within = word_cut(self.window, end, |at| self.marked.holds(at));
        late(Border::Block)
            .chain(late(Border::Item).take(1))
            .chain(late(Border::Line).take(1))
            .chain(line)
            .chain([beside].into_iter().filter(|at| *at > middle))
            .chain([within, beside])
            .find_map(|at| self.at(at))
            .unwrap_or_else(|| self.bluntly(end))
    }

    /// The longest front part that fits; never everything.
    fn longest(&self) -> usize {
        let first = self.window.chars().next().map_or(0, char::len_utf8);
        let (mut fitting, mut over) = (first, self.window.len() + usize::from(!self.is_all));
        while over - fitting > 1 {
            let probe = self.window.floor_char_boundary(fitting + (over - fitting) / 2);
            let probe = if probe > fitting { probe } else { self.window.ceil_char_boundary(fitting + 1) };
            if probe >= over {
                break;
            }
            if fits(&self.closed(probe), self.limit) {
                fitting = probe;
            } else {
                over = probe;
            }
        }
        fitting
    }

    /// What a cut at a place gives, if it may be made there.
    fn at(&self, at: usize) -> Option<Taken> {
        if at == 0 || self.is_opening_fence(at) || self.marked.holds(at) {
            return None;
        }
        let (used, reopen) = (self.swallow(at), self.reopen(at));
        let everything = self.is_all && used == self.window.len();
        if everything || reopen.len() >= used {
            return None;
        }
        let text = self.closed(at);
        fits(&text, self.limit).then_some(Taken { text, used, reopen })
    }

    /// A cut at any cost, if need be through a mark.
    fn bluntly(&self, end: usize) -> Taken {
        let first = self.window.chars().next().map_or(0, char::len_utf8);
        let mut used = end;
        loop {
            let text = RichText::markdown(&self.window[..used]);
            if used <= first || fits(&text, self.limit) {
                return Taken { text, used, reopen: String::new() };
            }
            used = self.window.floor_char_boundary(used - used.div_ceil(8)).max(first);
        }
    }

    /// The front part up to a place, with what is open there closed.
    fn closed(&self, at: usize) -> RichText {
        let mut front = self.window[..at].to_owned();
        let open = self.open(at);
        if !open.is_empty() {
            front.truncate(front.trim_end().len());
            front.extend(open.iter().rev().map(|(_, close)| *close));
        }
        RichText::markdown(&front)
    }

    fn reopen(&self, at: usize) -> String {
        let Some(leaf) = self.outline.leaf(at) else { return String::new() };
        let inside_line = !self.window[..at].ends_with('\n');
        let quotes = "> ".repeat(leaf.quotes);
        match leaf.kind {
            Kind::Words => quotes + &self.open(at).iter().map(|(open, _)| *open).collect::<String>(),
            Kind::Fenced => self.fence(leaf, inside_line),
            Kind::Indented if inside_line && leaf.quotes == 0 && !leaf.listed => "    ".to_owned(),
            Kind::Table if !inside_line => self.table_head(leaf),
            Kind::Indented | Kind::Table | Kind::Html if inside_line => quotes,
            Kind::Indented | Kind::Table | Kind::Html => String::new(),
        }
    }

    /// The marks that are open at a place, outermost first: what opens them and what closes them.
    fn open(&self, at: usize) -> Vec<(&str, &str)> {
        let stretches =
            self.outline.stretches.iter().filter(|stretch| stretch.inner.start < at && at < stretch.inner.end);
        let mut open: Vec<(usize, &str, &str)> = stretches
            .filter(|stretch| !self.window[stretch.inner.start..at].trim().is_empty())
            .map(|Stretch { range, inner, .. }| {
                (range.start, &self.window[range.start..inner.start], &self.window[inner.end..range.end])
            })
            .collect();
        // What the window leaves open is closed by what is still to come.
        if self.outline.leaf(at).is_some_and(|leaf| leaf.range == self.tail.0) {
            let (start, pending) = (self.tail.0.start, &self.tail.1);
            for (mark, text) in &pending.marks {
                let inside = start + mark + text.len();
                if inside < at && !self.window[inside..at].trim().is_empty() {
                    let text = &self.window[start + mark..inside];
                    open.push((start + mark, text, text));
                }
            }
        }
        open.sort_by_key(|(start, ..)| *start);
        let marks: Vec<(&str, &str)> = open.into_iter().map(|(_, open, close)| (open, close)).collect();
        let line: String = marks.iter().map(|(open, _)| *open).collect();
        // At the beginning of a line these would open a fence.
        if line.starts_with("```") || line.starts_with("~~~") { vec![] } else { marks }
    }

    /// The line that opens a fence again. Its indentation is the old one, since that is taken off each line of code;
    /// one that is too deep for a fence is put into list items, where it belongs.
    fn fence(&self, leaf: &Leaf, inside_line: bool) -> String {
        let line = self.opening(leaf);
        if leaf.quotes > 0 {
            let quotes = "> ".repeat(leaf.quotes);
            return if inside_line { format!("{quotes}{line}{quotes}") } else { format!("{quotes}{line}") };
        }
        let start = self.window[..leaf.range.start].rfind('\n').map_or(0, |newline| newline + 1);
        let column = self.window[start..leaf.range.start].chars().count();
        let items = column.saturating_sub(3).div_ceil(2);
        let list = if items > 0 { format!("{}\n", ["-"].repeat(items).join(" ")) } else { String::new() };
        let indentation = " ".repeat(column);
        let continued = if inside_line { indentation.as_str() } else { "" };
        format!("{list}{indentation}{line}{continued}")
    }

    /// The first line of a leaf, with a line break.
    fn opening(&self, leaf: &Leaf) -> String {
        let text = &self.window[leaf.range.clone()];
        format!("{}\n", text.lines().next().unwrap_or_default())
    }

    /// The first two lines of a table, if they are not too much to repeat.
    fn table_head(&self, leaf: &Leaf) -> String {
        let text = &self.window[leaf.range.clone()];
        let head: String = text.split_inclusive('\n').take(2).collect();
        let plain = leaf.quotes == 0 && !leaf.listed;
        if plain && head.ends_with('\n') && head.len() * 4 < self.limit.room() { head } else { String::new() }
    }

    fn is_opening_fence(&self, at: usize) -> bool {
        self.outline
            .leaf(at)
            .is_some_and(|leaf| leaf.kind == Kind::Fenced && at < leaf.range.start + self.opening(leaf).len())
    }

    /// White space behind a cut goes with the part before, except in code. So do the marks of a quote, since the marks
    /// of words that are opened again have to stand behind them.
    fn swallow(&self, at: usize) -> usize {
        let leaf = self.outline.leaf(at);
        let in_code = leaf.is_some_and(|leaf| matches!(leaf.kind, Kind::Fenced | Kind::Indented));
        let begins_code = self
            .outline
            .leaves
            .iter()
            .find(|leaf| leaf.range.start >= at)
            .is_some_and(|leaf| leaf.kind == Kind::Indented && self.window[at..leaf.range.start].trim().is_empty());
        if in_code || begins_code {
            return at;
        }
        let quoted = leaf.is_some_and(|leaf| leaf.kind == Kind::Words && leaf.quotes > 0);
        let begins_line = self.window[..at].ends_with('\n');
        let rest = &self.window[at..];
        let skipped = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r') || (c == '>' && quoted && begins_line);
        at + rest.len() - rest.trim_start_matches(skipped).len()
    }
}
