//! Nothing is lost, nothing panics, nothing takes more than a look at each line.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Piece, Role, account, parse};
use crate::metadata::tests::samples;
use crate::metadata::{Parsed, Set};

type Letters = BTreeMap<char, i64>;

fn letters<'a>(texts: impl IntoIterator<Item = &'a str>) -> Letters {
    let mut found = Letters::new();
    for c in texts.into_iter().flat_map(str::chars).filter(|c| c.is_alphanumeric()) {
        *found.entry(c).or_default() += 1;
    }
    found
}

fn of_role<'a>(reply: &'a str, pieces: &[Piece], role: Role) -> Letters {
    let pieces: Vec<&'a str> =
        pieces.iter().filter(|piece| piece.role == role).map(|piece| &reply[piece.start..piece.end]).collect();
    letters(pieces)
}

fn all(parsed: &Parsed, list: impl Fn(&Set) -> Vec<&str>) -> Letters {
    letters(parsed.sets.iter().flat_map(list).collect::<Vec<_>>())
}

/// Every character of `reply` is in one piece, and each piece is where it says.
fn accounted(reply: &str, parsed: &Parsed, pieces: &[Piece]) -> Result<(), String> {
    let mut at = 0;
    for piece in pieces {
        if piece.start < at || piece.end < piece.start {
            return Err(format!("{piece:?} overlaps what ends at {at}"));
        }
        if !reply[at..piece.start].trim().is_empty() {
            return Err(format!("nobody has {:?}", &reply[at..piece.start]));
        }
        at = piece.end;
    }
    if !reply[at..].trim().is_empty() {
        return Err(format!("nobody has {:?}", &reply[at..]));
    }
    let holds = |role: Role, found: Letters| {
        let wanted = of_role(reply, pieces, role);
        if wanted == found { Ok(()) } else { Err(format!("{role:?}: {wanted:?} is not {found:?}")) }
    };
    if pieces.iter().any(|piece| piece.role == Role::Json) {
        return Ok(());
    }
    let strs = |list: &'static str| {
        move |set: &Set| -> Vec<String> {
            match list {
                "titles" => set.titles.clone(),
                "tags" => {
                    set.tags.iter().chain(set.repeated.iter().filter(|tag| !tag.starts_with('#'))).cloned().collect()
                }
                _ => {
                    set.hashtags.iter().chain(set.repeated.iter().filter(|tag| tag.starts_with('#'))).cloned().collect()
                }
            }
        }
    };
    let sum = |list: &'static str| {
        let texts: Vec<String> = parsed.sets.iter().flat_map(strs(list)).collect();
        letters(texts.iter().map(String::as_str))
    };
    holds(Role::Lead, letters([parsed.leading_text.as_str()]))?;
    holds(Role::Trail, letters([parsed.trailing_text.as_str()]))?;
    holds(Role::Dropped, letters(parsed.dropped.iter().map(String::as_str)))?;
    holds(Role::Title, sum("titles"))?;
    holds(Role::Tags, sum("tags"))?;
    holds(Role::Description, all(parsed, |set| vec![set.description.as_str()]))?;
    // Hashtags may come from tags and descriptions besides; none of a line of them is missing.
    let found = sum("hashtags");
    for (c, count) in of_role(reply, pieces, Role::Hashtags) {
        if found.get(&c).copied().unwrap_or_default() < count {
            return Err(format!("hashtags lost {c:?}"));
        }
    }
    // Marks are list marks, lengths and words of praise, not sentences.
    let longest = pieces
        .iter()
        .filter(|piece| piece.role == Role::Mark)
        .map(|piece| reply[piece.start..piece.end].chars().filter(|c| c.is_alphabetic()).count());
    if longest.max().unwrap_or_default() > 60 {
        return Err("a sentence was taken for a mark".to_owned());
    }
    Ok(())
}

#[test]
fn each_character_of_the_samples_is_accounted_for() {
    for (name, reply, _) in samples("metadata").into_iter().chain(samples("metadata-more")) {
        let Some((parsed, pieces)) = account(&reply, true) else { continue };
        accounted(&reply, &parsed, &pieces).unwrap_or_else(|lost| panic!("{name}: {lost}"));
    }
}

#[test]
fn every_value_of_an_object_of_json_is_in_a_field_or_named() {
    let reply = "Here:\n{\"Title\": \"One\", \"tags\": \"a, b, a\", \"mood\": \"calm\", \"n\": 3, \"tiktok\": {\"caption\": \"c #d\"}}\nBye now";
    let (parsed, _) = account(reply, false).unwrap();
    assert_eq!(parsed.sets[0].titles, ["One"]);
    assert_eq!(parsed.sets[0].repeated, ["a"]);
    assert_eq!((parsed.sets[1].platform.as_str(), parsed.sets[1].description.as_str()), ("tiktok", "c #d"));
    assert_eq!(parsed.dropped, ["mood: calm", "n: 3"]);
    assert_eq!((parsed.leading_text.as_str(), parsed.trailing_text.as_str()), ("Here:", "Bye now"));
}

#[test]
fn a_closing_sentence_ends_a_description_and_what_viewers_are_told_does_not() {
    let read = |reply: &str| {
        let parsed = parse(reply, false).unwrap();
        (parsed.sets[0].description.clone(), parsed.trailing_text)
    };
    let told = |description: &str, trail: &str| (description.to_owned(), trail.to_owned());
    for closing in [
        "Let me know if this works.",
        "Click Export to save it.",
        "¿Quieres otra?",
        "必要であれば直します。",
        "如果满意，请点击“导出”。",
    ] {
        assert_eq!(
            read(&format!("Title: a\nDescription: Words.\n\nMore.\n\n{closing}")),
            told("Words.\n\nMore.", closing)
        );
    }
    for content in ["Let me know in the comments!", "Click the link below.", "Export starts at noon."] {
        assert_eq!(
            read(&format!("Title: a\nDescription: Words.\n\n{content}")),
            told(&format!("Words.\n\n{content}"), "")
        );
    }
}

#[test]
fn labels_wear_keys_and_platforms_head_what_follows() {
    let reply = "# YouTube metadata\n\n🎬 Title\nCats\n\n🏷️ Tags\na, b\n\n#️⃣ Hashtags\n#c #d";
    let set = parse(reply, false).unwrap().sets.remove(0);
    assert_eq!((set.platform.as_str(), &set.titles[..]), ("youtube", &["Cats".to_owned()][..]));
    assert_eq!((set.tags.join(" "), set.hashtags.join(" ")), ("a b".to_owned(), "#c #d".to_owned()));
    // A fence around all of it is no field.
    let parsed = parse("```\nTitle: Cats\nDescription: Watch.\nTags: a, b\n```\nEnjoy!", false).unwrap();
    assert_eq!((parsed.sets[0].description.as_str(), parsed.trailing_text.as_str()), ("Watch.", "Enjoy!"));
    // In a description the same looks are content.
    let reply = "**Title:** Cats\n**Description:**\nWatch.\n📸 Instagram: @cats\n🌱 #shorts\n\n**Tags:** a";
    let set = parse(reply, false).unwrap().sets.remove(0);
    assert_eq!(set.description, "Watch.\n📸 Instagram: @cats\n🌱 #shorts");
}

#[test]
fn talk_is_no_result() {
    for reply in [
        "",
        "Done! I trimmed the clip to 12 seconds.",
        "Summary: I trimmed the clip.",
        "I added the title:\n- Title: Urban Dreams",
        "Here is what I did:\n- cut the end\n- lowered the music",
        "{\"draft\": {\"t\": []}}",
        "```\ncode\n```",
    ] {
        assert_eq!(parse(reply, false), None, "{reply}");
    }
    // Asked for, a list is one of titles.
    let titles = "1. One cat\n2. Two cats";
    assert_eq!(parse(titles, false), None);
    assert_eq!(parse(titles, true).unwrap().sets[0].titles, ["One cat", "Two cats"]);
}

#[test]
fn a_result_that_no_record_holds_is_none() {
    let reply = format!("Title: a\nDescription: {}", "long ".repeat(40_000));
    assert!(account(&reply, false).is_some());
    assert_eq!(parse(&reply, false), None);
}

#[test]
fn a_reply_of_a_megabyte_takes_one_look_at_each_line() {
    // Each was quadratic in some draft of a parser: objects that do not close, tags that repeat, tables, bare lists.
    let shapes = [
        "{\"a\":[",
        "Tags: a, b, c, a\n",
        "#a#b ",
        "| a | b |\n",
        "**x**: y\n",
        "```\n",
        "> \n",
        "1. one\n",
        "\n\n",
        "- **Title**: x\n",
        "Description: x\n",
        "0:00 a\n",
        "((((",
        "a: b\n",
        "# # #\n",
        "\\|",
        "⭐",
        "【",
        "**",
        "Title",
        "### YouTube\n**Title:** a\n",
        "Tags:\nword\n",
    ];
    // No clock: a debug build does all of these within seconds, a quadratic one would not end in minutes.
    for shape in shapes {
        let reply = shape.repeat(250_000 / shape.len());
        let pieces = account(&reply, true).map_or(0, |(_, pieces)| pieces.len());
        assert!(pieces <= reply.len(), "{shape}");
    }
    let mixed = shapes.concat();
    let mixed = mixed.repeat(1_000_000 / mixed.len());
    assert!(account(&mixed, true).is_some());
    assert_eq!(parse(&mixed, true), None, "and no record holds what it says");
}

/// Pieces of replies, so that chance builds what agents write.
const PARTS: &[&str] = &[
    "Title: ",
    "**Titles:**\n",
    "## Description\n",
    "标题：",
    "【标签】",
    "#one #two",
    "1. ",
    "- ",
    "① ",
    "\n",
    "\n\n",
    "a, b, a",
    "、",
    "word ",
    "Option A: ",
    "```\n",
    "> ",
    "| Title | n |\n|---|---|\n| x \\| y | 3 |\n",
    "---\n",
    "⭐",
    "(recommended)",
    "(12 chars)",
    "\"",
    "“",
    "”",
    "**",
    "0:00 start\n0:42 next\n",
    "YouTube\n",
    "## TikTok\n",
    "中文：",
    "English: ",
    "Let me know.",
    "I encountered a temporary issue.",
    "{\"title\": \"x\"}",
    "{",
    "}",
    ":",
    "：",
    "é",
    "𠮷",
    "\u{202e}",
    "#",
    "*",
    "|",
    "\r\n",
    "\t",
    "Short description (for Shorts):\n",
    "Hashtags: ",
    "Chapters:\n",
    "<br>",
    "★おすすめ",
    " — why",
    "TITLES\n",
    "1️⃣ ",
    "Broad: x, y",
];

fn reply() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![4 => proptest::sample::select(PARTS).prop_map(str::to_owned), 1 => "[ -~]{0,12}", 1 => "\\PC{0,8}"],
        0..40,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_none_of_it_is_lost(reply in reply(), asked in any::<bool>()) {
        if let Some((parsed, pieces)) = account(&reply, asked) {
            let lost = accounted(&reply, &parsed, &pieces);
            prop_assert!(lost.is_ok(), "{}\n{reply:?}\n{parsed:#?}\n{pieces:?}", lost.unwrap_err());
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = account(&text, true);
    }

    #[test]
    fn a_stored_result_comes_back(reply in reply()) {
        if let Some(parsed) = parse(&reply, true) {
            let stored = serde_json::to_string(&parsed).unwrap();
            prop_assert_eq!(serde_json::from_str::<Parsed>(&stored).unwrap(), parsed);
        }
    }
}
