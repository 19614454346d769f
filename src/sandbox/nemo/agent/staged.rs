//! A script bent as a scenario wants it.

use std::fmt::Write as _;

use axum::body::Bytes;
use serde_json::{Value, json};

use super::super::stream::{self, Event, Shown};
use super::super::{Pace, Scenario};
use super::Step;
use super::words::{self, Language};

/// Over what a client holds of one frame.
const HUGE: usize = 17;
const MEBIBYTE: usize = 1024 * 1024;

/// Bends the script as the scenario wants it.
pub(super) fn staged(mut steps: Vec<Step>, scenario: Scenario, pace: &Pace, language: Language) -> Vec<Step> {
    let first = |wanted: fn(&Step) -> bool, steps: &[Step]| steps.iter().position(wanted);
    match scenario {
        Scenario::SilentEdit | Scenario::SilentUnread | Scenario::StateLag | Scenario::TwoStageSilent => {
            steps.into_iter().filter_map(wordless).collect()
        }
        Scenario::SilentNothing => {
            steps.into_iter().filter(|step| !is_work(step)).filter_map(wordless).map(unchanged).collect()
        }
        Scenario::Slow => {
            let at = first(is_called, &steps).or_else(|| first(is_said, &steps)).map_or(0, |at| at + 1);
            steps.splice(at..at, silence(pace));
            steps
        }
        Scenario::SilentWire => {
            let at = first(is_said, &steps).map_or(0, |at| at + 1);
            steps.insert(at, Step::Wait(pace.slow));
            steps
        }
        Scenario::Dropped | Scenario::DroppedUnread => {
            steps.truncate(first(is_work, &steps).map_or(0, |at| at + 1));
            steps.push(Step::Reset);
            steps
        }
        Scenario::DroppedUndone => {
            steps.truncate(first(is_work, &steps).unwrap_or(0));
            steps.push(Step::Reset);
            steps
        }
        Scenario::CutFrame => {
            steps.truncate(first(is_work, &steps).map_or(0, |at| at + 1));
            let frame = stream::loose("nemo_agent", json!({ "content": said("Título añadido") }));
            let inside = frame.windows(2).position(|pair| pair == "í".as_bytes()).map_or(0, |at| at + 1);
            steps.extend([Step::Raw(frame.slice(..inside)), Step::Wait(pace.event), Step::Reset]);
            steps
        }
        Scenario::HugeFrame => {
            let at = first(is_work, &steps).map_or(0, |at| at + 1);
            let part = Bytes::from(vec![b'x'; MEBIBYTE]);
            let head = Step::Raw(Bytes::from_static(b"data: {\"author\":\"nemo_agent\",\"filler\":\""));
            let frame = [head].into_iter().chain(std::iter::repeat_n(Step::Raw(part), HUGE));
            let frame = frame.chain([Step::Raw(Bytes::from_static(b"\"}\n\n"))]);
            steps.splice(at..at, frame);
            steps
        }
        Scenario::Hang => {
            let at = first(is_said, &steps).map_or(0, |at| at + 1);
            steps.insert(at, Step::Hold);
            steps
        }
        Scenario::LeftOpen => {
            steps.push(Step::Hold);
            steps
        }
        Scenario::EmptyStream => Vec::new(),
        Scenario::LongRunning => long_running(steps),
        Scenario::TextWithCall => with_call(steps),
        Scenario::Thoughts => said_as(steps, thinking),
        Scenario::Authors => authors(steps),
        Scenario::NoContent => said_as(steps, among_nothing),
        Scenario::LineSeparator => {
            said_as(steps, |text| vec![Step::Say(Event::Text(format!("{text}\n\nBefore\u{2028}after.")))])
        }
        Scenario::Heartbeats => {
            let beats = |step| (0..7).map(|n| Step::Say(Event::Heartbeat(n))).chain([step]);
            steps.into_iter().flat_map(beats).collect()
        }
        Scenario::Noise => {
            let noise = "I encountered a temporary issue. Please try again later.".to_owned();
            steps.extend([Step::Wait(pace.event), Step::Say(Event::Text(noise))]);
            steps
        }
        Scenario::LongReply => {
            sections().into_iter().flat_map(|text| [Step::Wait(pace.event), Step::Say(Event::Text(text))]).collect()
        }
        Scenario::ErrorEvent => {
            failing(pace, language, Event::Error { code: "RESOURCE_EXHAUSTED", message: "quota exceeded" })
        }
        Scenario::ErrorCredits => {
            failing(pace, language, Event::Error { code: "2001", message: "insufficient credits" })
        }
        Scenario::ErrorAlone => {
            let error = Event::Error { code: "RESOURCE_EXHAUSTED", message: "quota exceeded" };
            vec![Step::Wait(pace.event), Step::Say(error)]
        }
        Scenario::ErrorAfterEdit => {
            steps.truncate(first(is_work, &steps).map_or(0, |at| at + 1));
            steps.push(Step::Say(Event::Error { code: "MALFORMED_FUNCTION_CALL", message: "tool failed" }));
            steps
        }
        Scenario::CrashFrame => failing(pace, language, crash()),
        Scenario::CrashFirst => vec![Step::Say(crash())],
        Scenario::CrashUnescaped => {
            let frame = b"data: {\"error\": \"tool \"seedance\" said:\nline two\n\nline four\"}\n\n";
            let mut steps = failing(pace, language, crash());
            steps.pop();
            steps.push(Step::Raw(Bytes::from_static(frame)));
            steps
        }
        _ => steps,
    }
}

fn is_said(step: &Step) -> bool {
    matches!(step, Step::Say(_))
}

fn is_called(step: &Step) -> bool {
    matches!(step, Step::Say(Event::Call { .. }))
}

fn is_work(step: &Step) -> bool {
    matches!(step, Step::Work(_))
}

fn crash() -> Event {
    Event::Crash { kind: "RuntimeError", message: "backend tool \"seedance\" exploded" }
}

fn said(text: &str) -> Value {
    json!({ "parts": [{ "text": text }], "role": "model" })
}

fn wordless(step: Step) -> Option<Step> {
    match step {
        Step::Say(Event::Text(_)) => None,
        Step::Say(Event::Call { tool, args, .. }) => Some(Step::Say(Event::Call { tool, args, text: None })),
        other => Some(other),
    }
}

fn unchanged(step: Step) -> Step {
    match step {
        Step::Say(Event::Result { tool, response, .. }) => {
            Step::Say(Event::Result { tool, response, shown: Shown::Nothing })
        }
        other => other,
    }
}

/// Heartbeats and nothing else for as long as a slow tool takes.
fn silence(pace: &Pace) -> Vec<Step> {
    let beats = pace.slow.as_millis() / pace.heartbeat.as_millis().max(1);
    let beats = u64::try_from(beats).unwrap_or(0).max(1);
    (0..beats).flat_map(|n| [Step::Wait(pace.heartbeat), Step::Say(Event::Heartbeat(n))]).collect()
}

fn failing(pace: &Pace, language: Language, failure: Event) -> Vec<Step> {
    let words = Event::Text(words::looking_on(language));
    vec![Step::Wait(pace.event), Step::Say(words), Step::Wait(pace.event), Step::Say(failure)]
}

/// Each text becomes the steps that `how` makes of it.
fn said_as(steps: Vec<Step>, how: fn(&str) -> Vec<Step>) -> Vec<Step> {
    let each = |step| match step {
        Step::Say(Event::Text(text)) => how(&text),
        other => vec![other],
    };
    steps.into_iter().flat_map(each).collect()
}

/// A call that nobody answers in this stream: it closes, and the work is done all the same.
fn long_running(steps: Vec<Step>) -> Vec<Step> {
    let id = "adk-9f1c2d3e";
    let call = json!({ "functionCall": { "id": id, "args": {}, "name": "edit_multitrack" } });
    let event = json!({ "content": { "parts": [call], "role": "model" }, "longRunningToolIds": [id] });
    let work = steps.into_iter().filter(|step| is_work(step) || matches!(step, Step::Wait(_)));
    [Step::Raw(stream::loose("nemo_agent", event))].into_iter().chain(work).collect()
}

/// All words stand in the first call.
fn with_call(steps: Vec<Step>) -> Vec<Step> {
    let mut words: Vec<String> = Vec::new();
    for step in &steps {
        if let Step::Say(Event::Text(text) | Event::Call { text: Some(text), .. }) = step {
            words.push(text.clone());
        }
    }
    let mut whole = Some(words.join("\n\n"));
    let each = |step| match wordless(step)? {
        Step::Say(Event::Call { tool, args, .. }) => Some(Step::Say(Event::Call { tool, args, text: whole.take() })),
        other => Some(other),
    };
    steps.into_iter().filter_map(each).collect()
}

fn thinking(text: &str) -> Vec<Step> {
    let secret = "SECRET: the user wants something; I must not say this.";
    let thought = json!({ "text": secret, "thought": true });
    let event = |parts: Value, partial: bool| {
        let mut head = json!({ "content": { "parts": parts, "role": "model" } });
        if partial {
            head["partial"] = json!(true);
        }
        Step::Raw(stream::loose("nemo_agent", head))
    };
    vec![
        event(json!([&thought]), true),
        event(json!([&thought]), false),
        event(json!([&thought, { "text": text }]), false),
    ]
}

fn among_nothing(text: &str) -> Vec<Step> {
    let nothing = [
        json!({}),
        json!({ "content": null }),
        json!({ "content": {} }),
        json!({ "content": { "parts": null, "role": "model" } }),
        json!({ "content": { "parts": [], "role": "model" }, "turnComplete": true }),
        json!({ "content": { "parts": [{}], "role": "model" }, "finishReason": "STOP" }),
    ];
    let nothing = nothing.into_iter().map(|head| Step::Raw(stream::loose("nemo_agent", head)));
    nothing.chain([Step::Say(Event::Text(text.to_owned()))]).collect()
}

/// A team: each text by another of its members, and the user's own words first.
fn authors(steps: Vec<Step>) -> Vec<Step> {
    const TEAM: [&str; 3] = ["director", "writer", "nemo_agent"];
    let echo = json!({ "content": { "parts": [{ "text": "ECHO of the user" }], "role": "user" } });
    let mut members = TEAM.iter().cycle();
    let mut speak = |text: &str| {
        Step::Raw(stream::loose(members.next().copied().unwrap_or_default(), json!({ "content": said(text) })))
    };
    let mut all = vec![Step::Raw(stream::loose("user", echo)), speak("The director has read your wish.")];
    for step in steps {
        all.push(match step {
            Step::Say(Event::Text(text)) => speak(&text),
            other => other,
        });
    }
    all
}

/// More than 20,000 characters: numbered lines, so that a reader sees what is missing, and code that is longer than
/// any chat's message.
fn sections() -> Vec<String> {
    const SECTIONS: usize = 8;
    const LINES: usize = 90;
    let mut number = 0;
    let mut section = |at: usize| {
        let mut text = format!("## Part {at}\n\nThis part holds an *edit list*:\n\n");
        let fenced = at % 2 == 1;
        let lines = if at == 1 { LINES * 2 } else { LINES };
        if fenced {
            text.push_str("```text\n");
        }
        for _ in 0..lines {
            number += 1;
            let bullet = if fenced { "" } else { "- " };
            let _ = writeln!(text, "{bullet}line {number:04} cut the clip here 🎬🎬🎬🎬");
        }
        if fenced {
            text.push_str("```\n");
        }
        text
    };
    (1..=SECTIONS).map(&mut section).chain(["That is the whole list.".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_reply_is_long() {
        let text = sections().join("\n\n");
        assert!(text.chars().count() > 20_000 && text.contains("line 0810"), "{}", text.chars().count());
        assert_eq!(text.matches("```").count() % 2, 0);
    }
}
