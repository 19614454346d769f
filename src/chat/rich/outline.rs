//! Where the blocks of a source stand, in bytes of the source.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::draw::Border;
use super::parse;

/// What a leaf holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words with marks.
    Words,
    /// Code between fences.
    Fenced,
    /// Code that stands to the right.
    Indented,
    /// A table.
    Table,
    /// HTML, which is shown as it is.
    Html,
}

/// A block without blocks in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// How many quotes it stands in.
    pub(super) quotes: usize,
    /// Whether it stands in a list.
    pub(super) listed: bool,
}

/// Something within a line that has a beginning and an end of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// With its marks.
    pub(super) range: Range<usize>,
    /// Without them.
    pub(super) inner: Range<usize>,
    /// Whether it reads badly in two halves: code and links.
    pub(super) firm: bool,
}

/// The leaves of a source, where it may be cut, and what must stay whole.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) leaves: Vec<Leaf>,
    /// Beginnings of lines, in order.
    pub(super) borders: Vec<(usize, Border)>,
    /// What has marks around it, in order of the beginnings.
    pub(super) stretches: Vec<Stretch>,
}

impl Outline {
    /// Reads a source.
    pub(super) fn of(source: &str) -> Self {
        let mut outline = Self::default();
        let mut walk = Walk::default();
        for (event, range) in Parser::new_ext(source, parse::options()).into_offset_iter() {
            outline.take(&mut walk, source, &event, range);
        }
        outline
    }

    /// The leaf that a place lies in.
    pub(super) fn leaf(&self, at: usize) -> Option<&Leaf> {
        let next = self.leaves.partition_point(|leaf| leaf.range.end <= at);
        self.leaves.get(next).filter(|leaf| leaf.range.start < at)
    }

    fn take(&mut self, walk: &mut Walk, source: &str, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => self.enter(walk, source, range, |walk| walk.quotes += 1),
            Event::Start(Tag::List(_)) => self.enter(walk, source, range, |walk| walk.lists += 1),
            Event::Start(Tag::Item) => {
                if let Some(start) = line_start(source, range.start) {
                    let border = if walk.lists == 1 && walk.quotes == 0 { Border::Item } else { Border::Line };
                    self.borders.push((start, border));
                }
                self.enter(walk, source, range, |_| {});
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. }) => self.lay(walk, source, range, Kind::Words),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => self.lay(walk, source, range, Kind::Fenced),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => self.lay(walk, source, range, Kind::Indented),
            Event::Start(Tag::Table(_)) => self.lay(walk, source, range, Kind::Table),
            Event::Start(Tag::HtmlBlock) => self.lay(walk, source, range, Kind::Html),
            Event::Start(Tag::TableHead | Tag::TableRow | Tag::TableCell) => walk.open.push(Open::Cell),
            Event::Start(tag) => {
                walk.reached = range.start;
                walk.open.push(Open::Inline(self.stretches.len()));
                self.stretches.push(Stretch {
                    inner: range.start..range.start,
                    firm: matches!(tag, Tag::Link { .. } | Tag::Image { .. }),
                    range: range.clone(),
                });
                self.words(walk, range);
            }
            Event::End(_) => match walk.open.pop() {
                Some(Open::Quote) => {
                    walk.quotes -= 1;
                    walk.loose = false;
                }
                Some(Open::List) => {
                    walk.lists -= 1;
                    walk.loose = false;
                }
                Some(Open::Item) => walk.loose = false,
                Some(Open::Leaf) => walk.leaf = false,
                Some(Open::Inline(at)) => {
                    if let Some(stretch) = self.stretches.get_mut(at) {
                        stretch.inner = inner(source, &range, event, walk.reached);
                    }
                    walk.reached = range.end;
                }
                Some(Open::Cell) | None => {}
            },
            Event::Rule => self.block(walk, source, range.start),
            _ => {
                walk.reached = range.end;
                if matches!(event, Event::Code(_)) {
                    let length = run(&source[range.clone()], '`');
                    let inner = range.start + length..range.end - length;
                    self.stretches.push(Stretch { range: range.clone(), inner, firm: true });
                }
                self.words(walk, range);
            }
        }
        walk.after_heading = match event {
            Event::End(end) => matches!(end, TagEnd::Heading(_)),
            _ => walk.after_heading && walk.open.is_empty(),
        };
    }

    fn enter(&mut self, walk: &mut Walk, source: &str, range: Range<usize>, count: impl FnOnce(&mut Walk)) {
        let before = (walk.quotes, walk.lists);
        self.block(walk, source, range.start);
        count(walk);
        walk.open.push(match (walk.quotes - before.0, walk.lists - before.1) {
            (1, _) => Open::Quote,
            (_, 1) => Open::List,
            _ => Open::Item,
        });
    }

    fn lay(&mut self, walk: &mut Walk, source: &str, range: Range<usize>, kind: Kind) {
        self.block(walk, source, range.start);
        self.leaves.push(Leaf { kind, range, quotes: walk.quotes, listed: walk.lists > 0 });
        walk.open.push(Open::Leaf);
        walk.leaf = true;
    }

    /// A block begins.
    fn block(&mut self, walk: &mut Walk, source: &str, start: usize) {
        walk.loose = false;
        if walk.open.is_empty()
            && let Some(start) = line_start(source, start)
        {
            // A heading stays with what it is the heading of.
            self.borders.push((start, if walk.after_heading { Border::Line } else { Border::Block }));
        }
    }

    /// Words: in the leaf that is open, or directly in a list item.
    fn words(&mut self, walk: &mut Walk, range: Range<usize>) {
        if walk.leaf {
            return;
        }
        match self.leaves.last_mut() {
            Some(leaf) if walk.loose => leaf.range.end = leaf.range.end.max(range.end),
            _ => {
                self.leaves.push(Leaf { kind: Kind::Words, range, quotes: walk.quotes, listed: walk.lists > 0 });
                walk.loose = true;
            }
        }
    }
}

#[derive(Debug, Default)]
struct Walk {
    open: Vec<Open>,
    quotes: usize,
    lists: usize,
    /// A leaf is open.
    leaf: bool,
    /// The last leaf consists of words that stand directly in a list item, and may go on.
    loose: bool,
    after_heading: bool,
    /// Where the last words ended.
    reached: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Quote,
    List,
    Item,
    Leaf,
    Cell,
    Inline(usize),
}

/// What stands between the marks. Only a link of the form `[words](address)` has an inside that can be cut.
fn inner(source: &str, range: &Range<usize>, end: &Event<'_>, reached: usize) -> Range<usize> {
    let text = &source[range.clone()];
    let length = match end {
        Event::End(TagEnd::Strong) => 2,
        Event::End(TagEnd::Emphasis) => 1,
        Event::End(TagEnd::Strikethrough) => run(text, '~').min(2),
        Event::End(TagEnd::Link | TagEnd::Image) if source[reached.min(range.end)..range.end].starts_with("](") => {
            return range.start + 1 + usize::from(text.starts_with('!'))..reached;
        }
        _ => return range.start..range.start,
    };
    range.start + length..range.end.saturating_sub(length)
}

fn run(text: &str, mark: char) -> usize {
    text.len() - text.trim_start_matches(mark).len()
}

/// The beginning of the line, if nothing but white space and quote marks stands before the place.
fn line_start(source: &str, at: usize) -> Option<usize> {
    let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    source[start..at].chars().all(|c| c.is_whitespace() || c == '>').then_some(start)
}
