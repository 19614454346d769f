//! A checker that never fails proves nothing: each promise is broken once.

use serde_json::{Value, json};

use super::*;

type Story = Vec<(&'static str, Value)>;

fn history(story: &Story) -> Vec<Entry> {
    let entry = |((kind, data), number): (&(&str, Value), u64)| Entry {
        number,
        at_ms: data["at"].as_u64().unwrap_or(number * 1_000),
        source: "test",
        kind: (*kind).to_owned(),
        line: String::new(),
        data: data.clone(),
    };
    story.iter().zip(1..).map(entry).collect()
}

fn says(kind: &'static str, message: i64, text: &str) -> (&'static str, Value) {
    (kind, json!({ "chat": message / 100, "message_id": message, "text": text }))
}

fn update(number: i64, chat: i64, text: &str) -> (&'static str, Value) {
    ("update", json!({ "chat": chat, "update_id": number, "message_id": number, "text": text }))
}

fn run(kind: &'static str, number: u64, session: &str, text: &str) -> (&'static str, Value) {
    (kind, json!({ "number": number, "session": session, "text": text, "change": "title" }))
}

/// Two people, three wishes, a crash.
fn good() -> Story {
    vec![
        update(1, 7, ""),
        says("sent", 700, "Got a.mp4. Uploading…"),
        ("upload", json!({})),
        says("edited", 700, "✅ Uploaded."),
        update(2, 7, "add a title \"one\""),
        update(2, 7, "add a title \"one\""),
        says("sent", 701, "⏳ Working on it…"),
        run("run", 1, "s7", "add a title \"one\""),
        run("state", 1, "s7", ""),
        update(3, 8, "add a title \"two\""),
        says("sent", 801, "⏳ Working on it…"),
        run("run", 2, "s8", "add a title \"two\""),
        says("sent", 802, "⏳ Working on it…"),
        ("gone", json!({})),
        run("run-end", 1, "s7", ""),
        run("run-end", 2, "s8", ""),
        says("edited", 701, "Title added: \"one\""),
        says("edited", 801, "⚠️ The connection broke and the project has not changed."),
        update(4, 7, "add a title \"three\""),
        run("run", 3, "s7", "add a title \"three\""),
        run("state", 3, "s7", ""),
        run("run-end", 3, "s7", ""),
        says("sent", 702, "✅ The connection broke. What changed: text “three”"),
        says("sent", 703, "✅ Your answer is ready, see above."),
    ]
}

#[test]
fn a_history_without_fault_passes() {
    assert_eq!(broken(&history(&good())), Vec::<String>::new());
}

#[test]
fn every_broken_promise_is_found() {
    type Spoil = fn(&mut Story);
    let cases: [(&str, Spoil); 15] = [
        ("the agent got \"one\" 2 times", |story| {
            story.extend([run("run", 9, "s7", "\"one\""), run("run-end", 9, "s7", "")]);
        }),
        ("after what was asked later", |story| {
            story.insert(6, run("run-end", 3, "s7", ""));
            story.insert(6, run("run", 3, "s7", "\"three\""));
            story[9] = run("run", 4, "s7", "\"one\"");
            story[16] = run("run-end", 4, "s7", "");
        }),
        ("two runs at one time", |story| story.insert(8, run("run", 9, "s7", "\"three\""))),
        ("2 updates, 1 outcomes", |story| story.push(update(5, 8, "add a title \"nobody\""))),
        ("1 updates, and 2 outcomes", |story| story.push(says("sent", 803, "⚠️ Something went wrong."))),
        ("\"one\" is told in several messages", |story| {
            story[22] = says("sent", 702, "What changed: \"one\" \"three\"");
        }),
        ("\"two\" was never done, and it is said to be", |story| {
            story[17] = says("edited", 801, "Title added: \"two\"");
        }),
        ("\"one\" was done, and nobody says so", |story| story[16] = says("edited", 701, "⚠️ Nobody knows.")),
        ("nothing changed, and something did", |story| {
            story[16] = says("edited", 701, "⚠️ The connection broke and the project has not changed.");
        }),
        ("unfinished for ever", |story| drop(story.remove(13))),
        ("unfinished for ever", |story| story[13] = ("gone", json!({ "at": 13_000 + UNSTORED + 1 }))),
        ("taken back", |story| story.push(says("edited", 701, "Title\n\n✅ What changed: text \"one\""))),
        ("2 uploads of 1 clips", |story| story.push(("upload", json!({})))),
        ("a rule was broken", |story| story.push(("breach", json!({})))),
        ("nobody says so", |story| story.push(says("deleted", 702, ""))),
    ];
    for (named, harm) in cases {
        let mut story = good();
        harm(&mut story);
        let found = broken(&history(&story));
        assert!(found.iter().any(|found| found.contains(named)), "{named} was not found, but {found:#?}");
    }
}

#[test]
fn a_history_that_lost_its_beginning_is_no_proof() {
    let found = broken(&history(&good())[1..]);
    assert!(found.iter().any(|found| found.contains("lacks")), "{found:?}");
}
