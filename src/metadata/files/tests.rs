use serde_json::Value;

use super::{ClipMetadata, files, metadata_csv, youtube_snippet};
use crate::metadata::tests::samples;
use crate::metadata::{Parsed, parse};

fn read(reply: &str) -> Parsed {
    parse(reply, false).unwrap()
}

fn clip<'a>(filename: &'a str, parsed: &'a Parsed) -> ClipMetadata<'a> {
    ClipMetadata { filename, parsed, duration_s: None }
}

fn text(parsed: &Parsed, name: &str) -> Option<String> {
    let files = files(clip("a.mp4", parsed), &["youtube".to_owned()]);
    files.into_iter().find(|file| file.name == name).map(|file| String::from_utf8(file.bytes).unwrap())
}

const REPLY: &str = "Titles:\n1. One\n2. Two ⭐\nDescription: See <this>.\n0:00 a\n0:20 b\n1:00:40 c\nTags: x, \"y z\", x\nHashtags: #h";

#[test]
fn each_file_holds_what_pastes() {
    let parsed = read(REPLY);
    assert_eq!(text(&parsed, "titles.txt").unwrap(), "One\nTwo\n");
    assert_eq!(text(&parsed, "description.txt").unwrap(), "See ‹this›.\n0:00 a\n0:20 b\n1:00:40 c\n");
    assert_eq!(text(&parsed, "tags.txt").unwrap(), "x, y z\n");
    assert_eq!(text(&parsed, "chapters.txt").unwrap(), "0:00 a\n0:20 b\n1:00:40 c\n");
    assert_eq!(text(&read("Tags: a, b"), "chapters.txt"), None, "an empty file is left out");
    let json: Value = serde_json::from_str(&text(&parsed, "metadata.json").unwrap()).unwrap();
    assert_eq!(json["sets"][0]["description"], "See <this>.\n0:00 a\n0:20 b\n1:00:40 c", "the agent's words");
    assert_eq!(json["violations"][0]["rule"], "no_angle_brackets");
}

#[test]
fn several_sets_stand_under_their_names() {
    let parsed = read("## YouTube\n**Title:** One\n**Tags:** a\n## TikTok\n**Caption:** two");
    assert_eq!(text(&parsed, "description.txt").unwrap(), "two\n");
    let parsed = read("**Title**\n- 中文：一\n- English: One\n\n**Tags**\n- 中文：甲\n- English: a");
    assert_eq!(text(&parsed, "titles.txt").unwrap(), "[generic (zh)]\n一\n\n[generic (en)]\nOne\n");
}

#[test]
fn the_snippet_is_what_the_data_api_takes() {
    let parsed = read(REPLY);
    let snippet: Value = serde_json::from_slice(&youtube_snippet(clip("a.mp4", &parsed)).unwrap()).unwrap();
    let snippet = &snippet["snippet"];
    assert_eq!((&snippet["title"], &snippet["categoryId"]), (&Value::from("Two"), &Value::from("22")));
    assert_eq!(snippet["tags"], serde_json::json!(["x", "y z"]));
    assert_eq!(snippet["defaultLanguage"], "en");
    // Chapters of their own go where YouTube reads them.
    let parsed = read("## Title\nT\n## Description\nD\n## Chapters\n0:00 a\n0:20 b\n0:40 c");
    let snippet: Value = serde_json::from_slice(&youtube_snippet(clip("a.mp4", &parsed)).unwrap()).unwrap();
    assert_eq!(snippet["snippet"]["description"], "D\n\n0:00 a\n0:20 b\n0:40 c");
    assert_eq!(youtube_snippet(clip("a", &read("## TikTok\n**Caption:** two"))), None);
}

#[test]
fn the_table_has_a_row_for_each_clip_and_platform_that_no_spreadsheet_runs() {
    let (one, two) = (read(REPLY), read("Title: =1+1\nDescription: \"quoted\", and\nnext line\nTags: a, b"));
    let table =
        metadata_csv(&[clip("-a.mp4", &one), clip("b.mp4", &two)], &["youtube".to_owned(), "douyin".to_owned()]);
    assert!(table.starts_with(&[0xef, 0xbb, 0xbf]), "Excel needs the mark");
    let text = String::from_utf8(table[3..].to_vec()).unwrap();
    assert!(text.starts_with("filename,title,description,tags,hashtags,platform,language\r\n'-a.mp4,Two,"), "{text}");
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().unwrap();
    let platforms: Vec<(&str, &str)> = rows.iter().map(|row| (&row[0], &row[5])).collect();
    assert_eq!(platforms, [("'-a.mp4", "youtube"), ("'-a.mp4", "douyin"), ("b.mp4", "youtube"), ("b.mp4", "douyin")]);
    assert_eq!((&rows[2][1], &rows[2][2]), ("'=1+1", "\"quoted\", and\nnext line"));
}

#[test]
fn every_sample_in_json_is_of_the_documented_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../../docs/metadata.schema.json")).unwrap();
    let mut seen = 0;
    for (name, reply, wanted) in samples("metadata") {
        let parsed = parse(&reply, true).unwrap();
        let written: Value = serde_json::from_str(&text(&parsed, "metadata.json").unwrap()).unwrap();
        for document in [&wanted, &written] {
            fits(document, &schema, &schema, &name);
            seen += 1;
        }
    }
    assert_eq!(seen, 24);
    let bad = serde_json::json!({"language": "en"});
    assert!(std::panic::catch_unwind(|| fits(&bad, &schema, &schema, "bad")).is_err(), "the check can fail");
}

/// The few words of JSON Schema that ours uses.
fn fits(value: &Value, schema: &Value, root: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return fits(value, &root["$defs"][name], root, at);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::String(_) => "string",
        Value::Number(_) => "integer",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Bool(_) => "boolean",
    };
    assert!(kinds.is_empty() || kinds.contains(&kind), "{at}: {kind} is not of {kinds:?}");
    for key in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(key.as_str().unwrap()).is_some(), "{at}: {key} is missing");
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let known = schema["properties"].get(key);
        assert!(known.is_some() || schema["properties"].is_null(), "{at}: {key} is not in the schema");
        if let Some(schema) = known {
            fits(value, schema, root, &format!("{at}.{key}"));
        }
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        fits(value, &schema["items"], root, &format!("{at}[{index}]"));
    }
}
