//! The samples: replies with the result that we want.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::check::{Finding, check};
use super::{GENERIC, count, limits, parse};

mod shapes;

pub(super) fn data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder)
}

/// Replies of a folder with the wanted results, by name.
pub(super) fn samples(folder: &str) -> Vec<(String, String, Value)> {
    let Ok(entries) = fs::read_dir(data(folder)) else { return Vec::new() };
    let mut names: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .filter(|path| path.with_extension("json").exists())
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|path| {
            let wanted = fs::read_to_string(path.with_extension("json")).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap(), serde_json::from_str(&wanted).unwrap())
        })
        .collect()
}

/// What the bot makes of a reply, in the form of the samples.
fn document(reply: &str) -> Value {
    let Some(parsed) = parse(reply, true) else { return Value::Null };
    let findings: Vec<Finding> = parsed
        .sets
        .iter()
        .flat_map(|set| check(set, if set.platform == GENERIC { "youtube" } else { &set.platform }, None).findings)
        .collect();
    parsed.document(&findings)
}

/// How many of a folder are right, each of the others with its first difference.
fn figures(folder: &str) -> (usize, usize, Vec<String>) {
    let all = samples(folder);
    let mut wrong = Vec::new();
    for (name, reply, wanted) in &all {
        let found = document(reply);
        if found != *wanted {
            wrong.push(format!("{name}:\n{}", differences(wanted, &found, "")));
        }
    }
    (all.len() - wrong.len(), all.len(), wrong)
}

fn differences(wanted: &Value, found: &Value, path: &str) -> String {
    match (wanted, found) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            keys.map(|key| differences(&wanted[key.as_str()], &found[key.as_str()], &format!("{path}.{key}"))).collect()
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().map(|(at, (a, b))| differences(a, b, &format!("{path}[{at}]"))).collect()
        }
        (a, b) if a == b => String::new(),
        (a, b) => format!("  {path}\n    wanted {a}\n    found  {b}\n"),
    }
}

#[test]
fn each_of_the_twelve_samples_is_read_exactly() {
    let (right, all, wrong) = figures("metadata");
    #[allow(clippy::print_stdout, reason = "the figures are what this test is asked for")]
    {
        println!("metadata samples: {right} of {all}");
    }
    assert_eq!(all, 12);
    assert!(right == all, "{}", wrong.join("\n"));
}

#[test]
fn replies_of_another_hand_are_read_too() {
    let (right, all, wrong) = figures("metadata-more");
    #[allow(clippy::print_stdout, reason = "the figures are what this test is asked for")]
    {
        println!("further metadata replies: {right} of {all}");
        println!("{}", wrong.join("\n"));
    }
    assert!(right * 100 >= all * FLOOR, "{right} of {all} are right\n{}", wrong.join("\n"));
}

/// Percent of the further replies.
const FLOOR: usize = 95;

#[test]
fn counts_are_those_of_the_table() {
    let table: Value = serde_json::from_str(&fs::read_to_string(data("metadata/counts.json")).unwrap()).unwrap();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let mut seen = 0;
    for text in table["texts"].as_array().unwrap() {
        let said = text["text"].as_str().unwrap();
        let counts = [
            ("utf16", count::utf16(said)),
            ("utf8", said.len()),
            ("scalars", said.chars().count()),
            ("x_weighted", count::x_weighted(said)),
            ("xiaohongshu", count::xiaohongshu(said)),
            ("youtube_tag", count::text(limits::Unit::YoutubeTags, said)),
        ];
        for (unit, count) in counts {
            assert_eq!(count, number(&text[unit]), "{} in {unit}", text["name"]);
            seen += 1;
        }
    }
    for list in table["tag_lists"].as_array().unwrap() {
        let tags: Vec<String> = serde_json::from_value(list["tags"].clone()).unwrap();
        assert_eq!(count::tags(&tags), number(&list["youtube"]), "{tags:?}");
        seen += 1;
    }
    for (name, reply, _) in samples("metadata") {
        let parsed = parse(&reply, true).unwrap();
        let wanted = table["samples"][&name].as_array().unwrap();
        assert_eq!(parsed.sets.len(), wanted.len(), "{name}");
        for (set, wanted) in parsed.sets.iter().zip(wanted) {
            let titles: Vec<usize> = set.titles.iter().map(|title| count::utf16(title)).collect();
            let expected: Vec<usize> = wanted["titles_utf16"].as_array().unwrap().iter().map(number).collect();
            assert_eq!(titles, expected, "{name}");
            assert_eq!(count::utf16(&set.description), number(&wanted["description_utf16"]), "{name}");
            assert_eq!(set.description.len(), number(&wanted["description_utf8"]), "{name}");
            assert_eq!(count::tags(&set.tags), number(&wanted["tags_youtube"]), "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 15 * 6 + 5 + 16);
}

#[test]
fn what_a_later_reply_leaves_out_stays_within_its_language_and_platform() {
    let of = |reply: &str| parse(reply, true).unwrap();
    let whole =
        of("## Titles\n1. The City at Night\n2. Lights of the City\n\n## Description\nA long walk through the \
                    city with all of its lights.\n\n## Tags\ncity, night, walk");
    let shorter = of("## Titles\n1. The City\n\n## Description\nA walk through the city.");
    let kept = shorter.completed(whole.clone());
    assert_eq!(kept.sets[0].titles, ["The City"]);
    assert_eq!(kept.sets[0].description, "A walk through the city.");
    assert_eq!(kept.sets[0].tags, ["city", "night", "walk"]);
    for apart in [
        "**Títulos:**\n- La ciudad de noche\n\n**Descripción:**\nUn paseo por la ciudad con todas sus luces.",
        "## TikTok\n\nTitles:\n1. The City\n\nDescription: A walk through the city with all of its lights.",
    ] {
        let apart = of(apart);
        assert!(apart.clone().completed(whole.clone()) == apart, "{apart:#?}");
    }
}
