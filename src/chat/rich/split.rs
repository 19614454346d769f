//! Cuts a tree into parts that obey a limit: first the places are chosen on the text as it is drawn, then the tree is
//! taken apart along them in one walk. Linear in the length of the text.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::build::{Builder, Node};
use super::draw::{self, Border, Page};
use super::{Block, Mark, TextLimit, weight};

/// Cuts blocks into parts.
pub(super) fn split(blocks: &[Block], limit: TextLimit) -> Vec<Vec<Block>> {
    let mut plan = Plan::default();
    draw::draw(blocks, &mut plan);
    let cuts = plan.cuts(limit);
    if cuts.is_empty() {
        return vec![blocks.to_vec()];
    }
    let mut knife = Knife { builder: Builder::default(), cuts: cuts.into(), at: 0, parts: vec![] };
    draw::draw(blocks, &mut knife);
    knife.parts.push(knife.builder.finish());
    knife.parts
}

/// The drawn text with the places where it may be cut.
#[derive(Debug, Default)]
struct Plan {
    text: String,
    borders: Vec<(usize, Border)>,
    /// What is made, not written: list marks and indentation. A cut goes before it.
    solid: Vec<Range<usize>>,
    /// How many code blocks and code words are open.
    code: Vec<bool>,
    /// Where white space has a meaning.
    fixed: Vec<Range<usize>>,
    /// What looks special, in order of the beginnings, and what its marks weigh.
    looks: Vec<(Range<usize>, usize)>,
    /// The looks that are open; `None` for a node without one.
    open: Vec<Option<(usize, Mark)>>,
    /// The outermost quotes.
    quotes: Vec<Range<usize>>,
}

impl Page for Plan {
    fn open(&mut self, node: Node) {
        let is_code = matches!(node, Node::Code(_));
        if is_code {
            self.fixed.push(self.text.len()..self.text.len());
        }
        self.code.push(is_code);
        let mark = draw::mark(node);
        let again = mark
            .as_ref()
            .and_then(weight::kind)
            .is_some_and(|kind| self.open.iter().flatten().any(|(_, outer)| weight::kind(outer) == Some(kind)));
        self.open.push(mark.filter(|_| !again).map(|mark| {
            self.looks.push((self.text.len()..self.text.len(), 0));
            (self.looks.len() - 1, mark)
        }));
    }

    fn close(&mut self) {
        if self.code.pop() == Some(true)
            && let Some(range) = self.fixed.last_mut()
        {
            range.end = self.text.len();
        }
        if let Some(Some((at, mark))) = self.open.pop() {
            let (range, weight) = &mut self.looks[at];
            range.end = self.text.len();
            // A quote's lines are weighed one by one, and half a link's words are not its address.
            let words = if matches!(mark, Mark::Quote | Mark::Link(_)) { "" } else { &self.text[range.clone()] };
            *weight = weight::of_mark(&mark, words);
            if mark == Mark::Quote {
                self.quotes.push(range.clone());
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn line_break(&mut self, indentation: &str) {
        self.text.push('\n');
        self.border(Border::Line);
        self.made(indentation);
    }

    fn made(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.solid.push(start..self.text.len());
    }

    fn border(&mut self, border: Border) {
        self.borders.push((self.text.len(), border));
    }
}

impl Plan {
    /// Where to cut, in bytes of the drawn text, in order.
    fn cuts(&self, limit: TextLimit) -> Vec<usize> {
        let mut cuts = Vec::new();
        let mut start = self.skip_blank(0);
        let mut looks = Looks::default();
        while start < self.text.len() {
            let end = self.fitting(start, limit, &mut looks);
            if end == self.text.len() || self.text[end..].trim_end().is_empty() {
                break;
            }
            let cut = self.cut(start, end);
            cuts.push(cut);
            start = self.skip_blank(cut);
        }
        cuts
    }

    /// The end of the longest part from `start` that obeys the limit. Looks little further than that.
    fn fitting(&self, start: usize, limit: TextLimit, looks: &mut Looks) -> usize {
        let mut used = 0;
        if limit.counts_marks() {
            looks.pass(&self.looks, start);
            used = looks.open.iter().map(|at| self.looks[*at].1).sum();
        }
        let mut next = looks.next;
        for (at, c) in self.text[start..].char_indices().map(|(at, c)| (start + at, c)) {
            used += limit.width(c);
            while limit.counts_marks() && self.looks.get(next).is_some_and(|(range, _)| range.start <= at) {
                used += self.looks[next].1;
                next += 1;
            }
            if limit.counts_marks() && c == '\n' && self.is_quoted(at) {
                used += weight::QUOTED_LINE;
            }
            if used > limit.room() {
                return at;
            }
        }
        self.text.len()
    }

    fn is_quoted(&self, at: usize) -> bool {
        let next = self.quotes.partition_point(|range| range.end <= at);
        self.quotes.get(next).is_some_and(|range| range.start <= at)
    }

    /// A part does not begin with white space, except where it has a meaning.
    fn skip_blank(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        let blank = from + rest.len() - rest.trim_start().len();
        let code = self.fixed.partition_point(|range| range.end <= from);
        self.fixed.get(code).map_or(blank, |range| blank.min(range.start.max(from)))
    }

    /// The best place after `start` and not after `end`.
    fn cut(&self, start: usize, end: usize) -> usize {
        let middle = start + (end - start) / 2;
        let from = self.borders.partition_point(|(at, _)| *at <= start);
        let to = self.borders.partition_point(|(at, _)| *at <= end);
        let late = |wanted: Border| {
            let found = self.borders[from..to].iter().rev().find(|(at, border)| *border == wanted && *at > middle);
            found.map(|(at, _)| *at)
        };
        late(Border::Block)
            .or_else(|| late(Border::Item))
            .or_else(|| late(Border::Line))
            .unwrap_or_else(|| start + word_cut(&self.text[start..], end - start, |at| self.is_solid(start + at)))
    }

    fn is_solid(&self, at: usize) -> bool {
        let next = self.solid.partition_point(|range| range.end < at);
        self.solid.get(next).is_some_and(|range| range.start < at)
    }
}

/// Which looks are open where a part begins. Parts come in order, so each look is taken up once.
#[derive(Debug, Default)]
struct Looks {
    open: Vec<usize>,
    /// The first that begins later.
    next: usize,
}

impl Looks {
    fn pass(&mut self, looks: &[(Range<usize>, usize)], start: usize) {
        while looks.get(self.next).is_some_and(|(range, _)| range.start < start) {
            self.open.push(self.next);
            self.next += 1;
        }
        self.open.retain(|at| looks[*at].0.end > start);
    }
}

/// Where to cut a text that has no borders: after the last sentence or word in the second half of its first `end`
/// bytes, else before the last character that is whole. Places that are `solid` are left alone.
pub(super) fn word_cut(text: &str, end: usize, solid: impl Fn(usize) -> bool) -> usize {
    let mut sentence = None;
    let mut word = None;
    let mut grapheme = None;
    let mut last = ' ';
    for (at, piece) in text.grapheme_indices(true) {
        if at > end {
            break;
        }
        if at > 0 && !solid(at) {
            grapheme = Some(at);
            if at > end / 2 {
                let gap = last.is_whitespace() || matches!(last, '。' | '！' | '？' | '，' | '、' | '；' | '：');
                if gap {
                    word = Some(at);
                }
                if matches!(last, '。' | '！' | '？') || (gap && ends_sentence(&text[..at])) {
                    sentence = Some(at);
                }
            }
        }
        last = piece.chars().next_back().unwrap_or(last);
    }
    sentence.or(word).or(grapheme).unwrap_or_else(|| first_character(text, end))
}

fn ends_sentence(before: &str) -> bool {
    before.trim_end().ends_with(['.', '!', '?', '…', '؟', '।'])
}

/// A character of many code points that is longer than a whole part is cut between them.
fn first_character(text: &str, end: usize) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    text.floor_char_boundary(end).max(first)
}

/// Takes the tree apart along the cuts.
#[derive(Debug)]
struct Knife {
    builder: Builder,
    cuts: std::collections::VecDeque<usize>,
    at: usize,
    parts: Vec<Vec<Block>>,
}

impl Knife {
    /// Cuts, if this is the place.
    fn arrive(&mut self) {
        while self.cuts.front().is_some_and(|cut| *cut <= self.at) {
            self.cuts.pop_front();
            self.parts.push(self.builder.cut());
        }
    }

    fn pass(&mut self, length: usize) {
        self.at += length;
    }
}

impl Page for Knife {
    fn open(&mut self, node: Node) {
        self.arrive();
        self.builder.open(node);
    }

    fn close(&mut self) {
        self.builder.close();
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            self.arrive();
            let length = self.cuts.front().map_or(rest.len(), |cut| (cut - self.at).min(rest.len()));
            let (now, later) = rest.split_at(length);
            self.builder.text(now);
            self.pass(length);
            rest = later;
        }
    }

    fn line_break(&mut self, indentation: &str) {
        self.arrive();
        self.builder.line_break();
        self.pass('\n'.len_utf8() + indentation.len());
    }

    fn made(&mut self, text: &str) {
        self.pass(text.len());
    }

    fn border(&mut self, _: Border) {}
}
