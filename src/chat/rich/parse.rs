//! Reads Markdown, and our own sentences, into a tree.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::build::{Builder, Node};
use super::{Block, Inline, clean};

pub(super) mod address;
mod definition;
mod mention;
mod table;

use table::Table;

/// Deeper quotes and lists stand at the level above: no phone has room for more, and every walk recurses.
const DEEPEST: usize = 12;
/// A language's name is a word; more is not one.
const LANGUAGE_LIMIT: usize = 24;

/// What of Markdown is read.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

/// Reads a clean source.
pub(super) fn markdown(source: &str) -> Vec<Block> {
    let source = definition::spare(source);
    let mut reader = Reader::default();
    for event in Parser::new_ext(&source, options()) {
        reader.take(event);
    }
    let mut blocks = reader.builder.finish();
    settle(&mut blocks);
    blocks
}

/// Our own words: only `**bold**` is read.
pub(super) fn sentence(text: &str) -> Vec<Block> {
    let mut builder = Builder::default();
    let mut paragraph = String::new();
    for line in text.lines().chain([""]) {
        if !line.trim().is_empty() {
            if !paragraph.is_empty() {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        } else if !paragraph.is_empty() {
            builder.open(Node::Paragraph);
            bold_words(&mut builder, &paragraph);
            builder.close();
            paragraph.clear();
        }
    }
    builder.finish()
}

fn bold_words(builder: &mut Builder, text: &str) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("**") {
        let Some((bold, after)) = after.split_once("**").filter(|(bold, _)| !bold.trim().is_empty()) else { break };
        write_lines(builder, before);
        builder.open(Node::Bold);
        write_lines(builder, bold);
        builder.close();
        rest = after;
    }
    write_lines(builder, rest);
}

/// Words with line breaks and nothing else.
pub(super) fn lines(text: &str) -> Vec<Inline> {
    let mut words = Vec::new();
    for (at, line) in text.trim_end().split('\n').enumerate() {
        if at > 0 {
            words.push(Inline::Break);
        }
        if !line.is_empty() {
            words.push(Inline::Text(line.to_owned()));
        }
    }
    words
}

/// The lines of a code block: without empty ones at its ends.
pub(super) fn code(text: &str) -> String {
    let text = text.trim_end();
    let lead = text.len() - text.trim_start().len();
    let first = text[..lead].rfind('\n').map_or(0, |at| at + 1);
    text[first..].to_owned()
}

/// The name of a language, if it is one.
pub(super) fn language(info: &str) -> Option<String> {
    let name = info.split([' ', '\t', ',', '{']).next()?;
    let fits = !name.is_empty()
        && name.len() <= LANGUAGE_LIMIT
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '.' | '_' | '-'));
    fits.then(|| name.to_owned())
}

/// Turns parser events into a tree.
#[derive(Debug, Default)]
struct Reader {
    builder: Builder,
    /// For each open tag, whether a node stands for it.
    kept: Vec<bool>,
    table: Option<Table>,
    /// Where the link that is open leads: it is shown where there are no words to press.
    target: Option<String>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        if let Some(table) = &mut self.table {
            if matches!(event, Event::End(TagEnd::Table)) {
                let text = table.lay_out();
                self.table = None;
                self.builder.open(Node::Code(None));
                self.builder.text(&text);
                self.builder.close();
            } else {
                table.take(&event);
            }
            return;
        }
        match event {
            Event::Start(Tag::Table(_)) => self.table = Some(Table::default()),
            Event::Start(tag) => self.open(tag),
            Event::End(end) => {
                if self.kept.pop() == Some(true) {
                    if let (TagEnd::Link | TagEnd::Image, Some(target)) = (end, self.target.take())
                        && self.builder.is_bare()
                    {
                        self.builder.text(&target);
                    }
                    self.builder.close();
                }
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => write_lines(&mut self.builder, &text),
            Event::Code(code) => {
                self.builder.open(Node::Mono);
                self.builder.text(&code);
                self.builder.close();
            }
            Event::SoftBreak | Event::HardBreak => self.builder.line_break(),
            Event::Rule => {
                self.builder.open(Node::Rule);
                self.builder.close();
            }
            // Not switched on.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        let shallow = self.builder.depth() < DEEPEST;
        let node = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Some(Node::Paragraph),
            Tag::Heading { level, .. } => Some(Node::Heading(level as u8)),
            Tag::BlockQuote(_) if shallow && !self.builder.has_open(|node| *node == Node::Quote) => Some(Node::Quote),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Some(Node::Code(language(&info))),
            Tag::CodeBlock(CodeBlockKind::Indented) => Some(Node::Code(None)),
            // A list and its items come and go together, so depth is asked where the list begins.
            Tag::List(start) if shallow => Some(Node::List(start)),
            Tag::Item if self.kept.last() == Some(&true) => Some(Node::Item { continued: false }),
            Tag::Strong => self.unless_open(Node::Bold),
            Tag::Emphasis => self.unless_open(Node::Italic),
            Tag::Strikethrough => self.unless_open(Node::Strike),
            Tag::Link { link_type, dest_url, .. } => self.link(link_type, &dest_url),
            Tag::Image { dest_url, .. } => self.link(LinkType::Inline, &dest_url),
            _ => None,
        };
        self.kept.push(node.is_some());
        if let Some(Node::Link(target)) = &node {
            self.target = Some(target.clone());
        }
        if let Some(node) = node {
            self.builder.open(node);
        }
    }

    fn unless_open(&self, node: Node) -> Option<Node> {
        (!self.builder.has_open(|open| *open == node)).then_some(node)
    }

    fn link(&self, kind: LinkType, target: &str) -> Option<Node> {
        let inside = self.builder.has_open(|node| matches!(node, Node::Link(_)));
        let address = address::web(&clean(target)).filter(|_| !inside && kind != LinkType::Email)?;
        Some(Node::Link(address))
    }
}

/// The last touch, once neighbouring words are one piece: what the parser decoded (`&#8238;`) is cleaned again, links
/// say where they lead, mentions are broken, paragraphs lose the breaks at their ends.
fn settle(blocks: &mut Vec<Block>) {
    for block in blocks.iter_mut() {
        match block {
            Block::Paragraph(words) | Block::Heading { text: words, .. } => settle_line(words),
            Block::Code { text, .. } => *text = code(&clean(text)),
            Block::Quote(inner) => settle(inner),
            Block::List { items, .. } => items.iter_mut().for_each(|item| settle(&mut item.blocks)),
            Block::Rule => {}
        }
    }
    blocks.retain(|block| match block {
        Block::Paragraph(words) | Block::Heading { text: words, .. } => !words.is_empty(),
        Block::Code { text, .. } => !text.is_empty(),
        Block::Quote(inner) => !inner.is_empty(),
        Block::List { .. } | Block::Rule => true,
    });
}

fn settle_line(words: &mut Vec<Inline>) {
    clean_words(words);
    address::reveal(words);
    mention::Breaker::default().line(words);
    while matches!(words.last(), Some(Inline::Break)) {
        words.pop();
    }
    let breaks = words.iter().take_while(|word| **word == Inline::Break).count();
    words.drain(..breaks);
}

fn clean_words(words: &mut Vec<Inline>) {
    for word in words.iter_mut() {
        match word {
            Inline::Text(text) | Inline::Code(text) => *text = clean(text),
            Inline::Bold(inner) | Inline::Italic(inner) | Inline::Strike(inner) | Inline::Link { text: inner, .. } => {
                clean_words(inner);
            }
            Inline::Break => {}
        }
    }
    words.retain(|word| match word {
        Inline::Text(text) | Inline::Code(text) => !text.is_empty(),
        Inline::Bold(inner) | Inline::Italic(inner) | Inline::Strike(inner) | Inline::Link { text: inner, .. } => {
            !inner.is_empty()
        }
        Inline::Break => true,
    });
}

fn write_lines(builder: &mut Builder, text: &str) {
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            builder.line_break();
        }
        if !line.is_empty() {
            builder.text(line);
        }
    }
}
