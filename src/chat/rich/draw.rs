//! Lays a tree out as one text. The only traversal: reading, measuring, splitting and rendering all follow it, so they
//! cannot disagree about an offset.

use std::ops::Range;

use super::build::Node;
use super::{Block, Inline, Item};

/// Stands in front of an item without a number.
const DOT: &str = "•";
/// How far each level of a list moves to the right.
const STEP: usize = 2;
/// A line across.
const LINE: &str = "———";

/// A text as a reader sees it, without white space around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The text.
    pub text: String,
    /// What looks special, outer before inner, in order of their beginnings. No span is empty.
    pub spans: Vec<Span>,
}

/// A stretch of a text that looks special.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// How.
    pub mark: Mark,
}

/// How a stretch of text looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Bold.
    Bold,
    /// Slanted.
    Italic,
    /// Struck.
    Strike,
    /// Fixed width, within a line.
    Code,
    /// Fixed width, lines of its own, with the name of its language.
    Pre(Option<String>),
    /// A quote.
    Quote,
    /// A heading of this level.
    Heading(u8),
    /// A link to this address.
    Link(String),
}

/// A place where a text may be cut, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Border {
    Block,
    Item,
    Line,
}

/// What is told how a text is laid out, in order.
pub(super) trait Page {
    /// A node begins.
    fn open(&mut self, node: Node);
    /// The node that began last ends.
    fn close(&mut self);
    /// Words or code of the tree.
    fn text(&mut self, text: &str);
    /// A line break of the tree, with the indentation of the line that follows.
    fn line_break(&mut self, indentation: &str);
    /// What is not in the tree but follows from it: list marks, blank lines. Never cut.
    fn made(&mut self, text: &str);
    /// The text may well be cut here.
    fn border(&mut self, border: Border);
}

/// Lays blocks out on a page.
pub(super) fn draw(blocks: &[Block], page: &mut impl Page) {
    Pen { page }.blocks(blocks, 0, "\n\n", Border::Block);
}

struct Pen<'p, P: Page> {
    page: &'p mut P,
}

impl<P: Page> Pen<'_, P> {
    fn blocks(&mut self, blocks: &[Block], depth: usize, gap: &str, border: Border) {
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                self.page.made(gap);
                self.page.border(if matches!(blocks[at - 1], Block::Heading { .. }) { Border::Line } else { border });
            }
            self.block(block, depth, at > 0);
        }
    }

    /// Draws a block; `fresh` says that it begins a line and has to bring its own indentation.
    fn block(&mut self, block: &Block, depth: usize, fresh: bool) {
        let indentation = " ".repeat(depth * STEP);
        if fresh && depth > 0 && matches!(block, Block::Paragraph(_) | Block::Heading { .. } | Block::Rule) {
            self.page.made(&indentation);
        }
        match block {
            Block::Paragraph(words) => self.within(Node::Paragraph, |pen| pen.words(words, &indentation)),
            Block::Heading { level, text } => self.within(Node::Heading(*level), |pen| pen.words(text, &indentation)),
            Block::Code { language, text } => self.within(Node::Code(language.clone()), |pen| pen.code(text)),
            Block::Quote(inner) => self.within(Node::Quote, |pen| pen.blocks(inner, 0, "\n\n", Border::Item)),
            Block::List { start, items } => self.within(Node::List(*start), |pen| pen.items(*start, items, depth)),
            Block::Rule => self.within(Node::Rule, |pen| pen.page.made(LINE)),
        }
    }

    fn items(&mut self, start: Option<u64>, items: &[Item], depth: usize) {
        let border = if depth == 0 { Border::Item } else { Border::Line };
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.page.made("\n");
                self.page.border(border);
            }
            self.within(Node::Item { continued: item.continued }, |pen| {
                pen.item(start.map(|first| first.saturating_add(at as u64)), item, depth);
            });
        }
    }

    fn item(&mut self, number: Option<u64>, item: &Item, depth: usize) {
        if item.continued {
            if let Some((first, rest)) = item.blocks.split_first() {
                self.block(first, depth + 1, true);
                self.more(rest, depth + 1);
            }
            return;
        }
        let mark = number.map_or_else(|| DOT.to_owned(), |number| format!("{number}."));
        let indentation = " ".repeat(depth * STEP);
        match item.blocks.split_first() {
            None => self.page.made(&format!("{indentation}{mark}")),
            Some((first @ (Block::Paragraph(_) | Block::Heading { .. }), rest)) => {
                self.page.made(&format!("{indentation}{mark} "));
                self.block(first, depth + 1, false);
                self.more(rest, depth + 1);
            }
            Some(_) => {
                self.page.made(&format!("{indentation}{mark}"));
                self.more(&item.blocks, depth + 1);
            }
        }
    }

    /// Draws further blocks of an item, each on a line of its own.
    fn more(&mut self, blocks: &[Block], depth: usize) {
        for block in blocks {
            self.page.made("\n");
            self.page.border(Border::Line);
            self.block(block, depth, true);
        }
    }

    fn words(&mut self, words: &[Inline], indentation: &str) {
        for word in words {
            match word {
                Inline::Text(text) => self.page.text(text),
                Inline::Bold(inner) => self.within(Node::Bold, |pen| pen.words(inner, indentation)),
                Inline::Italic(inner) => self.within(Node::Italic, |pen| pen.words(inner, indentation)),
                Inline::Strike(inner) => self.within(Node::Strike, |pen| pen.words(inner, indentation)),
                Inline::Code(text) => self.within(Node::Mono, |pen| pen.page.text(text)),
                Inline::Link { text, url } => self.within(Node::Link(url.clone()), |pen| pen.words(text, indentation)),
                Inline::Break => self.page.line_break(indentation),
            }
        }
    }

    fn code(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            self.page.text(line);
            if line.ends_with('\n') {
                self.page.border(Border::Line);
            }
        }
    }

    fn within(&mut self, node: Node, inside: impl FnOnce(&mut Pen<'_, P>)) {
        self.page.open(node);
        inside(&mut Pen { page: self.page });
        self.page.close();
    }
}

/// Lays blocks out as a text with spans.
pub(super) fn drawn(blocks: &[Block]) -> Drawn {
    let mut sheet = Sheet::default();
    draw(blocks, &mut sheet);
    sheet.trimmed()
}

/// The look of a node.
pub(super) fn mark(node: Node) -> Option<Mark> {
    Some(match node {
        Node::Bold => Mark::Bold,
        Node::Italic => Mark::Italic,
        Node::Strike => Mark::Strike,
        Node::Mono => Mark::Code,
        Node::Code(language) => Mark::Pre(language),
        Node::Quote => Mark::Quote,
        Node::Heading(level) => Mark::Heading(level),
        Node::Link(url) => Mark::Link(url),
        Node::Paragraph | Node::List(_) | Node::Item { .. } | Node::Rule => return None,
    })
}

#[derive(Debug, Default)]
struct Sheet {
    text: String,
    spans: Vec<Span>,
    /// The spans that are open; `None` for a node without a look.
    open: Vec<Option<usize>>,
}

impl Page for Sheet {
    fn open(&mut self, node: Node) {
        let Some(mark) = mark(node) else { return self.open.push(None) };
        self.open.push(Some(self.spans.len()));
        self.spans.push(Span { range: self.text.len()..self.text.len(), mark });
    }

    fn close(&mut self) {
        if let Some(Some(at)) = self.open.pop() {
            self.spans[at].range.end = self.text.len();
        }
    }

    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn line_break(&mut self, indentation: &str) {
        self.text.push('\n');
        self.text.push_str(indentation);
    }

    fn made(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn border(&mut self, _: Border) {}
}

impl Sheet {
    /// Takes the white space off both ends, as Telegram does: at the front no further than to the first code
    /// block, whose indentation has a meaning.
    fn trimmed(mut self) -> Drawn {
        self.text.truncate(self.text.trim_end().len());
        let code = self.spans.iter().find(|span| matches!(span.mark, Mark::Pre(_)));
        let front = (self.text.len() - self.text.trim_start().len())
            .min(code.map_or(usize::MAX, |span| span.range.start))
            .min(self.text.len());
        let text = self.text.split_off(front);
        for span in &mut self.spans {
            let start = span.range.start.saturating_sub(front).min(text.len());
            let end = span.range.end.saturating_sub(front).min(text.len());
            let inner = &text[start..end];
            // White space at the ends of a look is invisible, and platforms drop it.
            let (before, after) = match span.mark {
                Mark::Pre(_) => (0, 0),
                _ => (inner.len() - inner.trim_start().len(), inner.len() - inner.trim_end().len()),
            };
            span.range = start + before..(end - after).max(start + before);
        }
        self.spans.retain(|span| !span.range.is_empty());
        self.spans.sort_by_key(|span| (span.range.start, std::cmp::Reverse(span.range.end)));
        Drawn { text, spans: self.spans }
    }
}
