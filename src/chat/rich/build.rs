//! Builds a tree from what opens, closes and is written, in order.

use super::{Block, Inline, Item, parse};

/// Something that can be open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Paragraph,
    Heading(u8),
    Code(Option<String>),
    Quote,
    List(Option<u64>),
    Item { continued: bool },
    Rule,
    Bold,
    Italic,
    Strike,
    Mono,
    Link(String),
}

impl Node {
    /// Whether blocks stand in it, rather than words.
    fn holds_blocks(&self) -> bool {
        matches!(self, Self::Quote | Self::List(_) | Self::Item { .. })
    }

    /// Whether it stands within a line.
    pub(super) fn is_inline(&self) -> bool {
        matches!(self, Self::Bold | Self::Italic | Self::Strike | Self::Mono | Self::Link(_))
    }
}

#[derive(Debug)]
struct Frame {
    node: Node,
    /// A paragraph that nobody opened: words that stood directly in a list item or a quote.
    implied: bool,
    blocks: Vec<Block>,
    items: Vec<Item>,
    inlines: Vec<Inline>,
    text: String,
}

impl Frame {
    fn new(node: Node) -> Self {
        Self { node, implied: false, blocks: vec![], items: vec![], inlines: vec![], text: String::new() }
    }
}

/// A tree in the making. What stays empty is left out.
#[derive(Debug, Default)]
pub(super) struct Builder {
    done: Vec<Block>,
    open: Vec<Frame>,
}

impl Builder {
    /// Opens a node inside whatever is open.
    pub(super) fn open(&mut self, node: Node) {
        if node.is_inline() {
            self.expect_words();
        } else {
            self.end_implied();
        }
        self.open.push(Frame::new(node));
    }

    /// Closes the node that was opened last.
    pub(super) fn close(&mut self) {
        self.end_implied();
        self.pop();
    }

    /// Writes words or code into what is open.
    pub(super) fn text(&mut self, text: &str) {
        self.expect_words();
        let Some(frame) = self.open.last_mut() else { return };
        match frame.node {
            Node::Code(_) | Node::Mono => frame.text.push_str(text),
            _ => push_words(&mut frame.inlines, text),
        }
    }

    /// Breaks the line.
    pub(super) fn line_break(&mut self) {
        self.expect_words();
        if let Some(frame) = self.open.last_mut() {
            match frame.node {
                Node::Code(_) => frame.text.push('\n'),
                Node::Mono => frame.text.push(' '),
                _ => frame.inlines.push(Inline::Break),
            }
        }
    }

    /// Whether a node like this one is open already.
    pub(super) fn has_open(&self, same: impl Fn(&Node) -> bool) -> bool {
        self.open.iter().any(|frame| same(&frame.node))
    }

    /// Whether nothing was written yet into the node that was opened last.
    pub(super) fn is_bare(&self) -> bool {
        self.open.last().is_some_and(|frame| frame.inlines.is_empty())
    }

    /// How many nodes are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes everything, hands over the tree, and opens the same nodes again as continuations.
    pub(super) fn cut(&mut self) -> Vec<Block> {
        let mut again: Vec<Frame> = Vec::with_capacity(self.open.len());
        for frame in &self.open {
            let node = match &frame.node {
                Node::List(Some(start)) => Node::List(Some(start.saturating_add(frame.items.len() as u64))),
                Node::Item { .. } => Node::Item { continued: true },
                other => other.clone(),
            };
            again.push(Frame { implied: frame.implied, ..Frame::new(node) });
        }
        let part = self.finish();
        self.open = again;
        part
    }

    /// Closes everything and hands over the tree.
    pub(super) fn finish(&mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.pop();
        }
        std::mem::take(&mut self.done)
    }

    fn expect_words(&mut self) {
        if self.open.last().is_none_or(|frame| frame.node.holds_blocks()) {
            self.open.push(Frame { implied: true, ..Frame::new(Node::Paragraph) });
        }
    }

    fn end_implied(&mut self) {
        if self.open.last().is_some_and(|frame| frame.implied) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        let Frame { node, blocks, items, inlines, text, .. } = frame;
        match node {
            Node::Paragraph if !inlines.is_empty() => self.block(Block::Paragraph(inlines)),
            Node::Heading(level) if !inlines.is_empty() => self.block(Block::Heading { level, text: inlines }),
            Node::Code(language) => {
                let text = parse::code(&text);
                if !text.is_empty() {
                    self.block(Block::Code { language, text });
                }
            }
            Node::Quote if !blocks.is_empty() => self.block(Block::Quote(blocks)),
            Node::List(start) if !items.is_empty() => self.block(Block::List { start, items }),
            Node::Rule => self.block(Block::Rule),
            Node::Item { continued } => {
                // A continued item without words still takes its number.
                if let Some(list) = self.open.last_mut() {
                    list.items.push(Item { continued, blocks });
                }
            }
            Node::Bold if !inlines.is_empty() => self.inline(Inline::Bold(inlines)),
            Node::Italic if !inlines.is_empty() => self.inline(Inline::Italic(inlines)),
            Node::Strike if !inlines.is_empty() => self.inline(Inline::Strike(inlines)),
            Node::Mono if !text.is_empty() => self.inline(Inline::Code(text)),
            Node::Link(url) if !inlines.is_empty() => self.inline(Inline::Link { text: inlines, url }),
            _ => {}
        }
    }

    fn block(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(frame) => frame.blocks.push(block),
            None => self.done.push(block),
        }
    }

    fn inline(&mut self, inline: Inline) {
        if let Some(frame) = self.open.last_mut() {
            frame.inlines.push(inline);
        }
    }
}

/// Adds words to a line, as one piece with the words before them.
pub(super) fn push_words(line: &mut Vec<Inline>, words: &str) {
    if words.is_empty() {
        return;
    }
    if let Some(Inline::Text(before)) = line.last_mut() {
        before.push_str(words);
    } else {
        line.push(Inline::Text(words.to_owned()));
    }
}
