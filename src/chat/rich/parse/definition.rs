//! Lines that Markdown takes for link definitions and would hide.

use std::collections::HashSet;

use pulldown_cmark::{CowStr, Event, Parser, Tag};

use super::{address, options};

/// Each round of [`spare`] finds all definitions with different names; more rounds are for repeated names.
const ROUNDS: usize = 3;

/// `[Tags]: lamp` is a link definition to Markdown, which shows nothing of it. To a reader it is a line like any other,
/// so definitions that no link uses are escaped.
pub(super) fn spare(source: &str) -> CowStr<'_> {
    let mut source = CowStr::Borrowed(source);
    for _ in 0..ROUNDS {
        let starts = idle(&source);
        if starts.is_empty() {
            break;
        }
        let mut spared = String::with_capacity(source.len() + starts.len());
        let mut from = 0;
        for start in starts {
            spared.push_str(&source[from..start]);
            spared.push('\\');
            from = start;
        }
        spared.push_str(&source[from..]);
        source = spared.into();
    }
    source
}

/// Where the definitions begin that no web link of the text uses, in order.
fn idle(source: &str) -> Vec<usize> {
    let mut parser = Parser::new_ext(source, options());
    let definitions: Vec<(String, usize)> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| (definition.dest.to_string(), definition.span.start))
        .collect();
    if definitions.is_empty() {
        return vec![];
    }
    let used: HashSet<String> = parser
        .by_ref()
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
            _ => None,
        })
        .filter(|target| address::web(target).is_some())
        .collect();
    let unused = definitions.into_iter().filter(|(target, _)| !used.contains(target)).map(|(_, start)| start);
    let mut starts: Vec<usize> = unused.collect();
    starts.sort_unstable();
    starts
}
