//! `nemo-bot explain`, as an operator or a translator uses it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn explain(subject: &str, input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_nemo-bot"))
        .args(["explain", subject])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = program.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn asked(texts: &[&str]) -> String {
    texts.iter().map(|text| json!({ "text": text }).to_string() + "\n").collect()
}

#[test]
fn messages_are_explained_one_by_one() {
    let texts =
        ["导出视频", "don't export yet", "how many credits do I have?", "stop", "匯出影片", "show me the timeline"];
    let output = explain("message", &asked(&texts));
    assert!(output.status.success());
    let lines = lines(&output);
    let intents: Vec<_> = lines.iter().map(|line| line["intent"].as_str().unwrap()).collect();
    assert_eq!(intents, ["export", "chat", "credits", "chat", "export", "status"]);
    assert_eq!((&lines[0]["language"], &lines[4]["language"]), (&json!("zh-Hans"), &json!("zh-Hant")));
    assert!(lines.iter().all(|line| line["why"].as_str().is_some_and(|why| !why.is_empty())));
}

#[test]
fn replies_are_explained_with_what_the_user_sees_and_is_offered() {
    let texts = [
        "Your video is ready! Click the Export button in the top-right corner to download it.",
        "Title: Click Here to Learn Excel in 5 Minutes",
    ];
    let output = explain("reply", &asked(&texts));
    assert!(output.status.success());
    let lines = lines(&output);
    assert_eq!(lines[0]["text"], "Your video is ready!");
    assert_eq!(lines[0]["actions"], json!(["export"]));
    assert_eq!((&lines[1]["text"], &lines[1]["actions"]), (&json!(texts[1]), &json!([])));
    assert!(lines.iter().all(|line| line.get("metadata").is_some()));
}

#[test]
fn a_line_that_cannot_be_read_is_told_and_the_next_one_is_read() {
    let long = "x".repeat(300 * 1024);
    let input = format!("nonsense\n\n{}{}{}", asked(&[&long]), asked(&["export"]), json!({"text": "help"}));
    let output = explain("message", &input);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    assert_eq!(lines.len(), 4);
    assert!(lines[0]["error"].is_string() && lines[1]["error"].as_str().unwrap().contains("longer than"));
    assert_eq!((&lines[2]["intent"], &lines[3]["intent"]), (&json!("export"), &json!("help")));
}
