use proptest::collection::vec;
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::chat::rich::{TextLimit, take};

/// Discord's own limit for a message.
const LIMIT: usize = 2000;

fn drawn(markdown: &str) -> String {
    draw(&RichText::markdown(markdown), false)
}

#[rstest]
#[case::looks("**b** *i* ~~s~~ `c`", "**b** _i_ ~~s~~ `c`")]
#[case::within_words("un*frigging*believable", "un*frigging*believable")]
#[case::nested("***both***", "_**both**_")]
#[case::side_by_side("**a***b*", "**a**\u{200B}_b_")]
#[case::headings("# One\n\n### Three\n\n#### Four", "# One\n\n### Three\n\n**Four**")]
#[case::list("- a\n- b\n\n1. c", "• a\n• b\n\n1\\. c")]
#[case::quote("> a\n> **b\n> c**", "> a\n> **b\n> c**")]
#[case::code("```rust\nlet a = *b;\n```", "```rust\nlet a = *b;\n```")]
#[case::quoted_code("> x\n>\n> ```\n> a\n> b\n> ```", "> x\n> \n> ```\n> a\n> b\n> ```")]
#[case::link("see [the docs](https://example.com/a_b)", "see the docs <https://example.com/a_b>")]
#[case::bare_link("see https://example.com/a_b.", "see <https://example.com/a_b>.")]
#[case::self_link("[https://example.com](https://example.com/)", "<https://example.com/>")]
fn looks_become_discords_marks(#[case] markdown: &str, #[case] expected: &str) {
    assert_eq!(drawn(markdown), expected);
}

#[rstest]
#[case(
    "2 * 3 * 4 = 24, snake_case_name, a ~~~ b, x||y||z",
    "2 \\* 3 \\* 4 = 24, snake\\_case\\_name, a \\~\\~\\~ b, x\\|\\|y\\|\\|z"
)]
#[case(
    "# no heading\n-# small\n- no item\n> no quote\n1. no number",
    "\\# no heading\n\\-# small\n\\- no item\n\\> no quote\n1\\. no number"
)]
#[case("[label](https://evil.example)", "\\[label](<https://evil.example>)")]
#[case(
    "<@1> <@&2> <#3> <:a:4> <a:b:5> </c:6> <t:7> <id:browse>",
    "<\u{200B}@1> <\u{200B}@&2> <\u{200B}#3> <\u{200B}:a:4> <\u{200B}a:b:5> <\u{200B}/c:6> <\u{200B}t:7> <\u{200B}id:browse>"
)]
#[case("@everyone and @here, @Everyone", "@\u{200B}everyone and @\u{200B}here, @\u{200B}Everyone")]
#[case(
    "join discord.gg/abc or https://discord.com/invite/abc",
    "join discord\\.gg/abc or https\\:\\/\\/discord\\.com\\/invite\\/abc"
)]
#[case("`not code`, ```not a fence```", "\\`not code\\`, \\`\\`\\`not a fence\\`\\`\\`")]
#[case("a < b, 1 <2", "a < b, 1 <\u{200B}2")]
#[case("\\*", "\\\\\\*")]
fn words_mean_nothing_but_themselves(#[case] words: &str, #[case] expected: &str) {
    assert_eq!(draw(&RichText::plain(words), false), expected);
}

#[test]
fn code_cannot_end_its_own_fence() {
    let drawn = draw(&RichText::code_block("a ``` b\n````\n@everyone", None), false);
    assert_eq!(drawn.matches("```").count(), 2, "{drawn:?}");
    assert_eq!(drawn, "```\na `\u{200B}`\u{200B}` b\n`\u{200B}`\u{200B}`\u{200B}`\n@everyone\n```");
    let inline = super::draw(&RichText::markdown("``` a`b``c ```"), false);
    assert_eq!(inline.matches("``").count(), 2);
}

#[test]
fn a_link_unfolds_only_where_it_may() {
    let text = RichText::markdown("https://example.com/x");
    assert_eq!(
        (draw(&text, false).as_str(), draw(&text, true).as_str()),
        ("<https://example.com/x>", "https://example.com/x")
    );
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "**", "*", "_", "__", "~~", "||", "`", "``", "```", "```rust\n", "~~~\n", "[", "](", "](https://example.com/a_b?c=%20)",
            "\n", "\n\n", "\n- ", "\n  - ", "\n1. ", "\n> ", "\n> > ", "\n# ", "\n#### ", "\n---\n", "\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            "<@1>", "<#2>", "<:a:1>", "</x:1>", "@everyone", "@here", "discord.gg/abc", "https://discord.gg/abc", "<https://example.com/x>",
            "https://example.com/~a|b*c", "[docs](https://example.com/a)", "[discord.gg](https://discord.gg/x)", "http://", "\\", "-# ", ">>> ",
        ]).prop_map(str::to_owned),
        4 => prop::sample::select(vec![
            "word", " ", "a longer run of words, with a stop. ", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "🇹🇼", "שלום עולם ", "你好，世界。",
            "می\u{200C}خواهم ", "👍🏽", "1", ".", "!!!???...,,,", "((((((((((",
        ]).prop_map(str::to_owned),
    ];
    (vec(piece, 0..60), 1usize..12).prop_map(|(pieces, times)| pieces.concat().repeat(times))
}

/// What a reader reads of a text or of what was drawn of it: letters and emoji, without signs and what nobody sees.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !c.is_ascii_punctuation()
                && !matches!(*c, APART | '•' | '—' | '\u{200C}' | '\u{200D}')
        })
        .collect()
}

fn is_within(small: &str, large: &str) -> bool {
    let mut letters = large.chars();
    small.chars().all(|c| letters.any(|other| other == c))
}

fn check(text: &RichText) -> Result<(), TestCaseError> {
    let drawn = draw(text, false);
    let length = drawn.encode_utf16().count();
    prop_assert!(length <= text.length(TextLimit::Marked(LIMIT)), "{length} is over the measure: {drawn:?}");
    prop_assert!(length <= LIMIT, "{length}: {drawn:?}");
    prop_assert!(
        is_within(&letters(&text.plain_text()), &letters(&drawn)),
        "lost: {:?} in {drawn:?}",
        text.plain_text()
    );
    Ok(())
}

/// What has a meaning in a drawn text: what stands outside of code, without the signs that a backslash takes it from. A
/// run of backticks begins code, the next run of the same length ends it; nothing is escaped within.
fn outside_code(drawn: &str) -> String {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let mut outside = String::new();
    let mut rest = drawn;
    while let Some(first) = rest.chars().next() {
        if first == '\\' {
            let escaped = rest[1..].chars().next().map_or(0, char::len_utf8);
            rest = &rest[1 + escaped..];
            continue;
        }
        let length = run(rest);
        if length == 0 {
            outside.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        rest = &rest[length..];
        loop {
            let next = rest.find('`').unwrap_or_else(|| panic!("code without an end: {drawn:?}"));
            let end = run(&rest[next..]);
            rest = &rest[next + end..];
            if end == length {
                break;
            }
        }
    }
    outside
}

#[test]
fn a_backslash_at_the_end_of_code_leaves_its_sign_alone() {
    assert_eq!(drawn("`<@1>\\` and `<@2>`"), "`<@1>\\ ` and `<@2>`");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_is_split_is_drawn_within_the_limit_and_nothing_is_lost(source in pieces()) {
        let text = RichText::markdown(&source);
        let mut joined = String::new();
        for part in text.split(TextLimit::Marked(LIMIT)) {
            check(&part)?;
            joined += &letters(&part.plain_text());
        }
        prop_assert!(is_within(&letters(&text.plain_text()), &joined));
    }

    #[test]
    fn whatever_is_taken_is_drawn_within_the_limit(source in pieces()) {
        let mut rest = source;
        while !rest.is_empty() {
            let taken = take(&rest, TextLimit::Marked(LIMIT));
            check(&taken.text)?;
            if taken.used == rest.len() {
                break;
            }
            rest = format!("{}{}", taken.reopen, &rest[taken.used..]);
        }
    }

    #[test]
    fn nothing_of_an_agent_reaches_anybody_or_hides_where_it_leads(source in pieces()) {
        let drawn = outside_code(&drawn(&source));
        for live in ["<@", "<#", "<:", "</", "@everyone", "@here", "discord.gg"] {
            prop_assert!(!drawn.contains(live), "{live} in {drawn:?}");
        }
        // A masked link needs a bracket without an escape.
        prop_assert!(!drawn.contains('['), "{drawn:?}");
    }
}
