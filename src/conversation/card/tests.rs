use super::*;
use crate::chat::rich::TextLimit;
use crate::metadata;

fn of(reply: &str) -> ClipMetadata {
    ClipMetadata { clip: Some("walk.mp4".to_owned()), parsed: metadata::parse(reply, true).unwrap() }
}

fn english(of: &ClipMetadata) -> Drawn {
    drawn(of, &["youtube".to_owned()], true, &Language::known("en"))
}

const REPLY: &str = "Titles:\n1. City lights\n2. Night walk ⭐\n\nDescription:\nA walk through town.\n\nSecond paragraph with \
    **stars** and _more_.\n\nTags: city, night walk, lights";

#[test]
fn a_card_numbers_its_titles_and_keeps_what_is_pasted_word_for_word() {
    let drawn = english(&of(REPLY));
    let shown = [
        "Titles, description and tags for walk.mp4",
        "1. City lights\n2. Night walk (recommended)",
        "Description",
        "A walk through town.\n\nSecond paragraph with stars and _more_.",
        "Tags",
        "city, night walk, lights",
        "✅ Fits YouTube limits: title 11/100, description 61/5000, tags 24/500.",
    ];
    assert_eq!(drawn.text.plain_text(), shown.join("\n\n"));
    let copied: Vec<_> = drawn.copy_buttons.iter().map(|button| (button.label.clone(), button.does.clone())).collect();
    assert_eq!(copied[0], ("Copy title 1".to_owned(), ButtonAction::Copy("City lights".to_owned())));
    assert_eq!(copied.last().unwrap().1, ButtonAction::Copy("city, night walk, lights".to_owned()));
    assert!(drawn.mends.is_empty());
}

#[test]
fn where_no_button_copies_each_title_stands_in_a_block_of_its_own() {
    let drawn = drawn(&of(REPLY), &["youtube".to_owned()], false, &Language::known("en"));
    let block = |text| RichText::code_block(text, None);
    let shown = RichText::sentence("**Titles, description and tags** for walk.mp4")
        .then(RichText::numbered([block("City lights"), RichText::plain("(recommended)").then(block("Night walk"))]))
        .then(RichText::sentence("**Description**"));
    let (shown, drawn) = (format!("{shown:?}"), (format!("{:?}", drawn.text), drawn.copy_buttons));
    assert!(drawn.0.starts_with(shown.trim_end_matches("] }")), "{}", drawn.0);
    assert!(drawn.1.is_empty());
}

#[test]
fn what_a_platform_does_not_take_has_a_sentence_and_what_would_mend_it() {
    let long = format!("Titles:\n1. {}\n2. Short\n\nTags: a, b", "word ".repeat(30));
    let drawn = english(&of(&long));
    let text = drawn.text.plain_text();
    assert!(text.contains("Title 1 is 149 characters; YouTube allows 100."), "{text}");
    assert_eq!(drawn.mends, [Mend { set: 0, platform: "youtube", fix: Fix::ShortenTitle(1) }]);
}

#[test]
fn what_a_button_mends_reads_back_from_it() {
    let numbered = [1, 9, 30].map(Fix::ShortenTitle);
    let others = [Fix::CutDescription, Fix::KeepHashtags, Fix::TrimCaption, Fix::MendChapters, Fix::Thread];
    for platform in limits().platform.keys() {
        for fix in numbered.into_iter().chain(others) {
            let mend = Mend { set: 3, platform, fix };
            let argument = mend.key('7').unwrap().argument;
            assert_eq!((argument.len(), argument.chars().next(), Mend::read(&argument)), (6, Some('7'), Some(mend)));
        }
    }
    assert!(Mend { set: 0, platform: "youtube", fix: Fix::ShortenTitle(31) }.key('0').is_none(), "no sign for it");
    for junk in ["", "7", "7v", "7v0", "7v0~ab"] {
        assert_eq!(Mend::read(junk), None, "{junk}");
    }
}

#[test]
fn long_texts_have_no_copy_button_and_still_stand_in_the_card() {
    let long = format!("Titles:\n1. One\n\nDescription:\n{}\n\nTags: a, b", "A sentence of it. ".repeat(40));
    let drawn = english(&of(&long));
    let labels: Vec<_> = drawn.copy_buttons.iter().map(|button| button.label.as_str()).collect();
    assert_eq!(labels, ["Copy title 1", "Copy tags"]);
    assert!(drawn.text.length(TextLimit::Utf16(4_096)) > 700);
}

#[test]
fn every_platform_has_its_line() {
    let platforms: Vec<String> = limits().platform.keys().cloned().collect();
    for platform in platforms {
        let drawn = drawn(&of(REPLY), std::slice::from_ref(&platform), true, &Language::known("en"));
        let name = limits().name(&platform);
        assert!(drawn.text.plain_text().contains(name), "{platform}: {}", drawn.text.plain_text());
    }
}

#[test]
fn a_platform_is_called_as_it_calls_itself_in_the_readers_language() {
    let drawn = |tag| drawn(&of(REPLY), &["xiaohongshu".to_owned()], true, &Language::known(tag)).text.plain_text();
    let chinese = drawn("zh-Hans");
    assert!(chinese.contains("小红书") && !chinese.contains("Xiaohongshu"), "{chinese}");
    assert!(drawn("en").contains("Xiaohongshu"));
}

#[test]
fn what_was_adjusted_is_told_by_kind_and_once() {
    let reply =
        "Titles:\n1. A <b>bold</b> title\n2. Plain\u{200b}\n\nTags: one, two, One, two, three\n\nHashtags: #a-b #fine";
    let text = english(&of(reply)).text.plain_text();
    assert_eq!(text.matches("Adjusted for YouTube: ").count(), 1, "{text}");
    let line = text.lines().find(|line| line.starts_with("Adjusted for YouTube: ")).unwrap();
    for words in [
        "< and > replaced by ‹ and ›",
        "invisible characters removed",
        "repeated, so left out: ",
        "hashtags spelled so that they work: #a-b → #ab",
    ] {
        assert!(line.contains(words), "{words}: {line}");
    }
    assert!(text.contains("1. A ‹b›bold‹/b› title\n2. Plain\n"), "{text}");
    assert!(!english(&of(REPLY)).text.plain_text().contains("Adjusted"));
}

#[test]
fn advice_that_a_button_follows_stands_in_words_and_no_button_stands_where_it_would_mend_nothing() {
    let many = |hashtags: usize| {
        let hashtags: Vec<String> = (0..hashtags).map(|number| format!("#tag{number}")).collect();
        format!("Titles:\n1. One\n\nDescription:\nHello there.\n\nTags: hello\n\nHashtags: {}", hashtags.join(" "))
    };
    let on = |platform: &str, reply: &str| drawn(&of(reply), &[platform.to_owned()], true, &Language::known("en"));
    let warned = on("tiktok", &many(8));
    let text = warned.text.plain_text();
    assert!(text.contains("TikTok advises less: hashtags 8/5."), "{text}");
    let fixes: Vec<_> = warned.mends.iter().map(|mend| mend.fix).collect();
    assert_eq!(fixes, [Fix::KeepHashtags]);
    // Longer than advised and within the limit: cutting it would lose more than it mends.
    let long = format!("Titles:\n1. One\n\nDescription:\n{}\n\nTags: hello", "Hello there. ".repeat(30));
    assert!(on("tiktok", &long).mends.is_empty(), "{}", on("tiktok", &long).text.plain_text());
}

#[test]
fn every_title_that_a_button_brings_has_a_button_that_copies_it() {
    let titles: Vec<String> = (1..=5).map(|n| format!("{n}. Title {n} of the city")).collect();
    let drawn = english(&of(&format!("Titles:\n{}", titles.join("\n"))));
    let copies = drawn.copy_buttons.iter().filter(|button| button.label.starts_with("Copy title")).count();
    assert_eq!(copies, 5, "{:?}", drawn.copy_buttons);
}
