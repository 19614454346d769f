//! Renders formatted text as Telegram wants it: one string, and entities with offsets in UTF-16 code units.
//!
//! Entities need no escaping and cannot be refused for a mark that is not closed.

use std::ops::Range;

use serde::Serialize;

use crate::chat::rich::{Drawn, Mark, RichText, Span};

/// Telegram honours about this many entities in one message and ignores the rest.
const ENTITY_LIMIT: usize = 100;

/// A text as Telegram takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rendered {
    /// The text; the same as [`RichText::plain_text`].
    pub(super) text: String,
    /// What looks special in it.
    pub(super) entities: Vec<Entity>,
}

/// The wire form of `MessageEntity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Entity {
    /// `bold`, `italic`, `strikethrough`, `code`, `pre`, `blockquote` or `text_link`.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// Where it begins, in UTF-16 code units.
    pub(super) offset: usize,
    /// How long it is, in UTF-16 code units; never 0.
    pub(super) length: usize,
    /// Where a `text_link` leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    /// The language of a `pre`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<String>,
}

/// Renders a text.
pub(super) fn render(text: &RichText) -> Rendered {
    let Drawn { text, spans } = text.drawn();
    let mut pieces = arrange(&text, &spans);
    pieces.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    pieces.truncate(ENTITY_LIMIT);
    let offsets = Utf16::new(&text, pieces.iter().flat_map(|(range, _)| [range.start, range.end]));
    let entities = pieces
        .into_iter()
        .map(|(range, mark)| {
            let offset = offsets.at(range.start);
            entity(mark, offset, offsets.at(range.end) - offset)
        })
        .collect();
    Rendered { text, entities }
}

fn entity(mark: &Mark, offset: usize, length: usize) -> Entity {
    let (kind, url, language) = match mark {
        Mark::Bold | Mark::Heading(_) => ("bold", None, None),
        Mark::Italic => ("italic", None, None),
        Mark::Strike => ("strikethrough", None, None),
        Mark::Code => ("code", None, None),
        Mark::Pre(language) => ("pre", None, language.clone()),
        Mark::Quote => ("blockquote", None, None),
        Mark::Link(url) => ("text_link", Some(url.clone()), None),
    };
    Entity { kind, offset, length, url, language }
}

/// Sorts out what Telegram refuses or ignores: code has no other look in or around it, nothing is bold twice.
///
/// Code inside a link or a quote gives way, since the link would lose its address and the quote would fall apart. A code
/// block inside a quote cuts the quote in two. Every other look makes room for code.
fn arrange<'s>(text: &str, spans: &'s [Span]) -> Vec<(Range<usize>, &'s Mark)> {
    let firm: Vec<&Span> = spans.iter().filter(|span| matches!(span.mark, Mark::Link(_) | Mark::Quote)).collect();
    let code: Vec<&Span> = spans
        .iter()
        .filter(|span| match span.mark {
            Mark::Pre(_) => true,
            Mark::Code => !within(&firm, span),
            _ => false,
        })
        .collect();
    let mut bold_until = 0;
    let mut pieces = Vec::new();
    for span in spans {
        match span.mark {
            Mark::Pre(_) => pieces.push((span.range.clone(), &span.mark)),
            Mark::Code => {
                if code.iter().any(|kept| kept.range == span.range) {
                    pieces.push((span.range.clone(), &span.mark));
                }
            }
            Mark::Bold | Mark::Heading(_) if span.range.end <= bold_until => {}
            _ => {
                if matches!(span.mark, Mark::Bold | Mark::Heading(_)) {
                    bold_until = span.range.end;
                }
                pieces.extend(around(text, &span.range, &code).into_iter().map(|range| (range, &span.mark)));
            }
        }
    }
    pieces
}

fn within(outer: &[&Span], inner: &Span) -> bool {
    outer.iter().any(|span| span.range.start <= inner.range.start && inner.range.end <= span.range.end)
}

/// What is left of a range when the code in it is taken out.
fn around(text: &str, range: &Range<usize>, code: &[&Span]) -> Vec<Range<usize>> {
    let mut left = Vec::new();
    let mut from = range.start;
    let first = code.partition_point(|span| span.range.end <= range.start);
    for hole in code[first..].iter().map(|span| &span.range).take_while(|hole| hole.start < range.end) {
        left.push(from..hole.start.max(from));
        from = hole.end.max(from);
    }
    left.push(from.min(range.end)..range.end);
    left.iter()
        .map(|piece| {
            let inner = &text[piece.clone()];
            let start = piece.start + inner.len() - inner.trim_start().len();
            start..(piece.start + inner.trim_end().len()).max(start)
        })
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// UTF-16 offsets of some places in a text, found in one pass.
struct Utf16 {
    known: Vec<(usize, usize)>,
}

impl Utf16 {
    fn new(text: &str, places: impl Iterator<Item = usize>) -> Self {
        let mut places: Vec<usize> = places.collect();
        places.sort_unstable();
        places.dedup();
        let mut known = Vec::with_capacity(places.len());
        let (mut bytes, mut units) = (0, 0);
        for place in places {
            units += text[bytes..place].encode_utf16().count();
            bytes = place;
            known.push((place, units));
        }
        Self { known }
    }

    fn at(&self, place: usize) -> usize {
        self.known.binary_search_by_key(&place, |(bytes, _)| *bytes).map_or(0, |at| self.known[at].1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(source: &str) -> (String, Vec<(&'static str, String)>) {
        let rendered = render(&RichText::markdown(source));
        let units: Vec<u16> = rendered.text.encode_utf16().collect();
        let entities = rendered
            .entities
            .iter()
            .map(|entity| {
                (entity.kind, String::from_utf16(&units[entity.offset..entity.offset + entity.length]).unwrap())
            })
            .collect();
        (rendered.text, entities)
    }

    fn list(entities: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        entities.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect()
    }

    #[test]
    fn offsets_count_utf16_units() {
        let rendered = render(&RichText::markdown("👨‍👩‍👧 **bold 👍** and _b_"));
        assert_eq!(rendered.text, "👨‍👩‍👧 bold 👍 and b");
        let places: Vec<(usize, usize)> = rendered.entities.iter().map(|one| (one.offset, one.length)).collect();
        assert_eq!(places, [(9, 7), (21, 1)]);
    }

    #[test]
    fn the_wire_form_is_what_telegram_documents() {
        let rendered = render(&RichText::markdown("# H\n\n[x](https://example.com/a)\n\n```rust\ny\n```\n\n> q ~~s~~"));
        assert_eq!(
            serde_json::to_value(&rendered.entities).unwrap(),
            serde_json::json!([
                {"type": "bold", "offset": 0, "length": 1},
                {"type": "text_link", "offset": 3, "length": 1, "url": "https://example.com/a"},
                {"type": "pre", "offset": 6, "length": 1, "language": "rust"},
                {"type": "blockquote", "offset": 9, "length": 3},
                {"type": "strikethrough", "offset": 11, "length": 1},
            ])
        );
        assert_eq!(rendered.text, "H\n\nx\n\ny\n\nq s");
    }

    #[test]
    fn code_has_no_other_look_in_or_around_it() {
        let (_, entities) = seen("**a `b` c**");
        assert_eq!(entities, list(&[("bold", "a"), ("code", "b"), ("bold", "c")]));
        let (_, entities) = seen("[see `b`](https://example.com)");
        assert_eq!(entities, list(&[("text_link", "see b")]));
        let (_, entities) = seen("> a `b`\n>\n> ```\n> c\n> ```\n>\n> d");
        assert_eq!(entities, list(&[("blockquote", "a b"), ("pre", "c"), ("blockquote", "d")]));
    }

    #[test]
    fn nothing_is_bold_twice() {
        assert_eq!(seen("# a **b** c").1, list(&[("bold", "a b c")]));
        assert_eq!(seen("**[a](https://example.com)**").1, list(&[("bold", "a"), ("text_link", "a")]));
    }

    #[test]
    fn lists_and_rules_are_drawn() {
        assert_eq!(seen("1. a\n2. b\n   - **c**\n\n---\n").0, "1. a\n2. b\n  • c\n\n———");
    }

    #[test]
    fn white_space_around_a_text_is_not_sent() {
        let rendered = render(&RichText::plain("\n  a b  \n\n"));
        assert_eq!(rendered.text, "a b");
        let rendered = render(&RichText::code_block("\n    a\n", None));
        assert_eq!((rendered.text.as_str(), rendered.entities[0].length), ("    a", 5));
    }

    #[test]
    fn more_entities_than_telegram_honours_are_dropped_at_the_end() {
        let rendered = render(&RichText::markdown(&"**a** ".repeat(150)));
        assert_eq!(rendered.entities.len(), 100);
        assert_eq!(rendered.entities.last().map(|last| last.offset), Some(198));
    }

    fn check(text: &RichText) -> Result<(), TestCaseError> {
        let Rendered { text: shown, entities } = render(text);
        prop_assert_eq!(&shown, &text.plain_text());
        prop_assert_eq!(shown.trim_end(), shown.as_str());
        prop_assert!(entities.len() <= ENTITY_LIMIT);
        let units: Vec<u16> = shown.encode_utf16().collect();
        let mut open: Vec<(usize, &str)> = vec![];
        for Entity { kind, offset, length, .. } in &entities {
            let end = offset + length;
            prop_assert!(*length > 0 && end <= units.len());
            prop_assert!(String::from_utf16(&units[*offset..end]).is_ok(), "an entity cuts a character");
            open.retain(|(until, _)| until > offset);
            for (until, outer) in &open {
                prop_assert!(end <= *until, "{entities:?} overlap");
                prop_assert!(!["code", "pre"].contains(outer) && !["code", "pre"].contains(kind), "{entities:?}");
                prop_assert!(outer != kind, "{entities:?}");
            }
            open.push((end, kind));
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn entities_are_valid_whatever_comes(
            source in "([*_~`>#| \n-]|\\*\\*|```\n|\n\n|\n> |\n- |\n1\\. |\\[a|\\]\\(https://example\\.com\\)|a |👍🏽|ש|\\PC){0,60}"
        ) {
            check(&RichText::markdown(&source))?;
            check(&RichText::growing(&source))?;
            check(&RichText::plain(&source))?;
        }
    }
}
