//! What is written in any style of the agents is read back the same.

use proptest::prelude::*;

use crate::metadata::{Chapter, GENERIC, Parsed, Set, parse};

#[derive(Clone, Copy, Debug)]
enum Style {
    Headings,
    BoldLabels,
    PlainLabels,
    ChineseBrackets,
    TableAndFence,
    Json,
}

const STYLES: [Style; 6] =
    [Style::Headings, Style::BoldLabels, Style::PlainLabels, Style::ChineseBrackets, Style::TableAndFence, Style::Json];

fn render(set: &Set, recommended: Option<u32>, style: Style) -> String {
    let best = |at: usize| recommended == u32::try_from(at + 1).ok();
    let listed = |mark: &dyn Fn(usize) -> String, close: &str| {
        let line = |(at, title): (usize, &String)| {
            let star = if best(at) { " ⭐" } else { "" };
            format!("{}{title}{close}{star}\n", mark(at))
        };
        set.titles.iter().enumerate().map(line).collect::<String>()
    };
    let (description, tags, hashtags) = (&set.description, set.tags.join(", "), set.hashtags.join(" "));
    let number = |at: usize| format!("{}. ", at + 1);
    match style {
        Style::Headings => format!(
            "## Titles\n\n{}\n## Description\n\n{description}\n\n## Tags\n\n{tags}\n\n## Hashtags\n\n{hashtags}\n",
            listed(&number, "")
        ),
        Style::BoldLabels => format!(
            "**Title Options:**\n{}\n**Description:**\n{description}\n\n**Tags:** {tags}\n\n**Hashtags:** {hashtags}\n",
            listed(&|at| format!("{}. **\"", at + 1), "\"**")
        ),
        Style::PlainLabels => {
            format!(
                "Titles:\n{}\nDescription: {description}\nTags: {tags}\nHashtags: {hashtags}\n",
                listed(&|_| "- ".to_owned(), "")
            )
        }
        Style::ChineseBrackets => format!(
            "🎬【标题】\n{}\n📝【简介】\n{description}\n\n🏷️【标签】\n{}\n\n📣【话题】\n{hashtags}\n",
            listed(&|at| format!("{}、", at + 1), ""),
            set.tags.join("、")
        ),
        Style::TableAndFence => {
            let row = |(at, title): (usize, &String)| {
                let star = if best(at) { " ⭐" } else { "" };
                format!("| {} | {}{star} | {} |\n", at + 1, title.replace('|', "\\|"), title.len())
            };
            let rows: String = set.titles.iter().enumerate().map(row).collect();
            let quoted: String = description.lines().map(|line| format!("> {line}\n")).collect::<Vec<_>>().concat();
            format!(
                "### Titles\n\n| # | Title | Length |\n|---|---|---|\n{rows}\n### Description\n\n{quoted}\n### Tags\n\n```\n{tags}\n```\n\n### Hashtags\n\n{hashtags}\n"
            )
        }
        Style::Json => {
            let object = serde_json::json!({
                "titles": set.titles, "recommended": recommended, "description": set.description, "tags": set.tags,
                "hashtags": set.hashtags,
            });
            format!("```json\n{object:#}\n```\n")
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![6 => "[a-z]{3,8}", 1 => "[äöéñ]{2}[a-z]{2}", 1 => "[一-十番茄阳台]{2,4}", 1 => Just("🌿leaf".to_owned()), 1 => "[0-9]{2}[a-z]"]
}

fn words(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), 2..most).prop_map(|words| words.join(" "))
}

fn unique(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list.dedup_by_key(|item| item.to_lowercase());
    list
}

fn title() -> impl Strategy<Value = String> {
    (words(6), prop_oneof![Just(""), Just(": the why"), Just(" | 4K"), Just(" (60 s cut)"), Just("?")])
        .prop_map(|(words, end)| format!("T{words}{end}"))
}

fn paragraph() -> impl Strategy<Value = String> {
    proptest::collection::vec(words(9), 1..3)
        .prop_map(|lines| lines.into_iter().map(|line| format!("D{line}.")).collect::<Vec<_>>().join("\n"))
}

fn set() -> impl Strategy<Value = (Set, Option<u32>)> {
    (
        proptest::collection::vec(title(), 1..6).prop_map(unique),
        proptest::collection::vec(paragraph(), 1..4),
        any::<bool>(),
        proptest::collection::vec(words(4), 2..8).prop_map(unique),
        proptest::collection::vec("[a-z番茄]{2,8}", 1..5).prop_map(unique),
        any::<proptest::sample::Index>(),
        any::<bool>(),
    )
        .prop_map(|(titles, mut paragraphs, chaptered, tags, hashtags, best, recommends)| {
            let chapters: Vec<Chapter> = if chaptered {
                paragraphs.push("0:00 start\n0:42 then what\n1:02:03 end".to_owned());
                [(0, "start"), (42, "then what"), (3723, "end")]
                    .map(|(at_s, title)| Chapter { at_s, title: title.to_owned() })
                    .to_vec()
            } else {
                Vec::new()
            };
            let recommended = recommends.then(|| u32::try_from(best.index(titles.len()) + 1).unwrap());
            let hashtags = hashtags.into_iter().map(|tag| format!("#{tag}")).collect();
            let description = paragraphs.join("\n\n");
            (
                Set { platform: GENERIC.to_owned(), titles, description, tags, hashtags, chapters, ..Set::default() },
                recommended,
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_in_any_of_six_styles_is_read_back_the_same((set, recommended) in set()) {
        for style in STYLES {
            let reply = render(&set, recommended, style);
            let parsed = parse(&reply, false);
            let wanted = Parsed { sets: vec![set.clone()], recommended, ..Parsed::default() };
            let found = parsed.map(|parsed| Parsed { language: String::new(), ..parsed });
            prop_assert_eq!(found, Some(wanted), "{:?}\n{}", style, reply);
        }
    }
}
