use proptest::collection::vec;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

/// Pieces that agents and attackers write, to be put together at random.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "**", "*", "_", "__", "~~", "`", "``", "```", "```rust\n", "~~~\n", "[", "](", "](https://example.com/a)", ")", "![", "<", ">",
            "<b>", "&amp;", "&#8238;", "\\", "\n", "\n\n", "\n- ", "\n  - ", "\n    - ", "\n1. ", "\n10) ", "\n> ", "\n> > ", "\n# ", "\n---\n",
            "\n===\n", "\n| a | b |\n|---|---|\n| 1 | 2 |\n", "|", "\n    ", "\t", "[x]: y\n", "@", "@name", "tg://x", "t.me/x", "https://", "\r\n",
            "<!--", "\u{0}", "\u{202E}", "\u{2028}",
        ]).prop_map(str::to_owned),
        4 => prop::sample::select(vec![
            "word", " ", "a longer run of words, with a stop. ", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}",
            "🇹🇼", "e\u{301}", "שלום עולם ", "ภาษาไทยไม่มีช่องว่าง", "你好，世界。", "한국어 ", "می\u{200C}خواهم ", "👍🏽", "\u{200D}", "\u{FE0F}", "1", ".",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => any::<String>().prop_map(|text| text.chars().take(12).collect()),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Whole documents that a careful agent would write.
fn documents() -> impl Strategy<Value = String> {
    let words = "[a-z]{1,8}( [a-z]{1,9}){0,40}";
    let line = prop_oneof![
        3 => words.prop_map(|text| text),
        1 => words.prop_map(|text| format!("**{text}** end")),
        1 => words.prop_map(|text| format!("so *{text}*, `{text}`")),
        1 => words.prop_map(|text| format!("see [{text}](https://example.com/a_b)")),
        1 => Just("ภาษาไทยไม่มีช่องว่างระหว่างคำแต่ก็ต้องตัดได้".to_owned()),
        1 => Just("夜骑台北，没有人说话，只有城市的声音。适合戴耳机。".to_owned()),
    ];
    let block = prop_oneof![
        3 => line.clone(),
        1 => line.clone().prop_map(|text| format!("## {text}")),
        1 => vec(line.clone(), 1..6).prop_map(|items| items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n")),
        1 => vec(line.clone(), 1..6).prop_map(|items| items.iter().enumerate().map(|(at, item)| format!("{}. {item}\n   - sub {item}", at + 1)).collect::<Vec<_>>().join("\n")),
        1 => vec(line.clone(), 1..4).prop_map(|lines| lines.iter().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")),
        1 => vec(words, 1..8).prop_map(|lines| format!("```python\n{}\n```", lines.join("\n    "))),
        1 => vec(words, 1..8).prop_map(|lines| format!("~~~~\n{}\n~~~~", lines.join("\n"))),
        1 => Just("---".to_owned()),
    ];
    vec(block, 0..12).prop_map(|blocks| blocks.join("\n\n"))
}

fn limits() -> impl Strategy<Value = TextLimit> {
    prop_oneof![(32usize..400).prop_map(TextLimit::Utf16), (32usize..400).prop_map(TextLimit::Chars)]
}

fn check_split(text: &RichText, limit: TextLimit) -> Result<(), TestCaseError> {
    let whole = text.plain_text();
    let parts = text.split(limit);
    let mut joined = String::new();
    for part in &parts {
        let shown = part.plain_text();
        prop_assert!(limit.measure(&shown) <= limit.max(), "{} over {limit:?}: {shown:?}", limit.measure(&shown));
        prop_assert!(!part.is_empty());
        prop_assert!(whole.contains(&shown), "{shown:?} is not in {whole:?}");
        joined.push_str(&shown);
    }
    prop_assert_eq!(ink(&joined), ink(&whole));
    // Each part ends where a character of the whole ends, unless one alone is longer than a part.
    let ends: std::collections::HashSet<usize> =
        whole.grapheme_indices(true).map(|(at, _)| at).chain([whole.len()]).collect();
    let mut from = 0;
    if whole.graphemes(true).all(|one| limit.measure(one) < 16) {
        for part in &parts {
            let shown = part.plain_text();
            let Some(at) = whole[from..].find(&shown) else {
                return Err(TestCaseError::fail("a part is out of order"));
            };
            from += at + shown.len();
            prop_assert!(ends.contains(&from), "cut within a character: {shown:?}");
        }
    }
    Ok(())
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

fn is_part_of(small: &str, large: &str) -> bool {
    let mut rest = large.chars();
    small.chars().all(|wanted| rest.any(|c| c == wanted))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn cleaning_twice_changes_nothing(text in any::<String>(), mixed in pieces()) {
        for text in [text, mixed] {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }
    }

    #[test]
    fn every_part_is_within_the_limit_and_nothing_is_lost(source in pieces(), limit in limits()) {
        check_split(&RichText::markdown(&source), limit)?;
        check_split(&RichText::growing(&source), limit)?;
        check_split(&RichText::plain(&source), limit)?;
        check_split(&RichText::sentence(&source), limit)?;
        check_split(&RichText::code_block(&source, Some("x")), limit)?;
    }

    #[test]
    fn documents_are_split_within_the_limit_and_nothing_is_lost(source in documents(), limit in limits()) {
        check_split(&RichText::markdown(&source), limit)?;
    }

    #[test]
    fn taking_ends_and_obeys_the_limit_whatever_comes(source in pieces(), limit in limits()) {
        for part in takes(&source, limit) {
            prop_assert!(part.length(limit) <= limit.max());
        }
    }

    #[test]
    fn taking_a_document_to_its_end_loses_no_letter(source in documents(), limit in limits()) {
        let joined: String = takes(&source, limit).iter().map(RichText::plain_text).collect();
        prop_assert_eq!(letters(&joined), letters(&RichText::markdown(&source).plain_text()));
    }

    #[test]
    fn taking_anything_to_its_end_loses_no_letter_that_would_have_been_shown(source in pieces(), limit in limits()) {
        // Tags, fences, tables, links and entities change what the lines behind them are, and a line that was none may
        // be one after a cut. So may a line break that is one only after cleaning.
        let source = clean(&source).replace(['<', '~', '|', '[', '&'], "").replace("``", "");
        let joined: String = takes(&source, limit).iter().map(RichText::plain_text).collect();
        let whole = RichText::markdown(&source).plain_text();
        prop_assert!(is_part_of(&letters(&whole), &letters(&joined)), "{whole:?}\n became \n{joined:?}");
    }

    #[test]
    fn what_is_taken_stays_as_it_is_when_more_arrives(source in documents(), limit in limits(), at in any::<prop::sample::Index>()) {
        let end = source.floor_char_boundary(at.index(source.len() + 1));
        let early = take(&source[..end], limit);
        prop_assert!(early.text.length(limit) <= limit.max());
        prop_assert!(early.used <= end);
    }

    #[test]
    fn a_growing_document_never_shows_half_a_mark(source in documents(), at in any::<prop::sample::Index>()) {
        let end = source.floor_char_boundary(at.index(source.len() + 1));
        let shown = RichText::growing(&source[..end]).plain_text();
        for half in ["*", "`", "](", "[", "~", "#"] {
            prop_assert!(!shown.contains(half), "{half} in {shown:?}");
        }
    }

    #[test]
    fn spans_lie_in_the_text_and_nest(source in pieces()) {
        let drawn = RichText::growing(&source).drawn();
        prop_assert_eq!(drawn.text.trim_end(), drawn.text.as_str());
        let mut open: Vec<usize> = vec![];
        for span in &drawn.spans {
            prop_assert!(drawn.text.get(span.range.clone()).is_some_and(|inner| !inner.is_empty()));
            while open.last().is_some_and(|end| *end <= span.range.start) {
                open.pop();
            }
            prop_assert!(open.last().is_none_or(|end| span.range.end <= *end), "{:?}", drawn.spans);
            open.push(span.range.end);
        }
    }
}
