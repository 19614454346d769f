//! The bytes of an event on the wire.
//!
//! The first dialect is what Google ADK's own server 2.13.0 writes, key by key: `data: {json}` and an empty line, raw
//! UTF-8, null fields left out, no heartbeat. Heartbeats are NEMO's, and their bytes are not documented: each comes
//! in another form.

use axum::body::Bytes;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::Timestamp;

/// Something the agent says or does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A complete text.
    Text(String),
    /// A tool is called; a real model often speaks in the same event.
    Call { tool: &'static str, args: Value, text: Option<String> },
    /// What the tool gave back.
    Result { tool: &'static str, response: Value, shown: Shown },
    /// The model failed.
    Error { code: &'static str, message: &'static str },
    /// The server caught an exception: the last frame of a stream.
    Crash { kind: &'static str, message: &'static str },
    /// The n-th sign of life.
    Heartbeat(u64),
}

/// What of the state travels with a tool's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Nothing,
    Draft,
    /// The clip that was generated.
    Media,
}

/// How the stream speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// ADK events, texts complete.
    Adk,
    /// ADK events, texts as words and then complete again.
    AdkDeltas,
    /// ADK events, texts as words alone.
    AdkDeltasOnly,
    /// `{"type":…}`.
    Typed,
}

/// One run's voice.
#[derive(Debug)]
pub(super) struct Voice {
    dialect: Dialect,
    /// The same for the whole request.
    invocation: String,
    /// Of the tool call that is open.
    call: String,
    /// Words came last. Where nothing ends a text, the next one has to bring the empty line between them.
    speaking: bool,
}

impl Voice {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, invocation: format!("e-{}", Uuid::new_v4()), call: String::new(), speaking: false }
    }

    /// The frames of one event, each a chunk of its own. `delta` is the state that travels with it.
    pub(super) fn frames(&mut self, event: &Event, delta: &Value, now: Timestamp) -> Vec<Bytes> {
        if matches!(event, Event::Call { .. }) {
            self.call = format!("adk-{}", Uuid::new_v4());
        }
        let speaks = matches!(event, Event::Text(_));
        let spoke =
            if matches!(event, Event::Heartbeat(_)) { false } else { std::mem::replace(&mut self.speaking, speaks) };
        match event {
            Event::Heartbeat(n) => vec![heartbeat(*n)],
            Event::Crash { kind, message } => vec![crash(kind, message, now)],
            event if self.dialect == Dialect::Typed => typed(event),
            Event::Text(text) if matches!(self.dialect, Dialect::AdkDeltas | Dialect::AdkDeltasOnly) => {
                let id = Uuid::new_v4();
                let part = |text: &str| json!({ "parts": [{ "text": text }], "role": "model" });
                let word = |text| json!({ "content": part(text), "partial": true });
                let whole = json!({ "content": part(text), "partial": false, "turnComplete": true,
                    "finishReason": "STOP" });
                let gap = (spoke && self.dialect == Dialect::AdkDeltasOnly).then_some("\n\n");
                let words = gap.into_iter().chain(words(text)).map(word);
                let whole = (self.dialect == Dialect::AdkDeltas).then_some(whole);
                words.chain(whole).map(|head| self.adk(head, delta, id, now)).collect()
            }
            event => vec![self.adk(self.head(event), delta, Uuid::new_v4(), now)],
        }
    }

    /// The keys before `invocationId`.
    fn head(&self, event: &Event) -> Value {
        match event {
            Event::Text(text) => json!({ "content": { "parts": [{ "text": text }], "role": "model" } }),
            Event::Call { tool, args, text } => {
                let call = json!({ "functionCall": { "id": self.call, "args": args, "name": tool } });
                let parts: Vec<Value> = text.iter().map(|text| json!({ "text": text })).chain([call]).collect();
                json!({ "content": { "parts": parts, "role": "model" }, "longRunningToolIds": [] })
            }
            Event::Result { tool, response, .. } => {
                let given = json!({ "functionResponse": { "id": self.call, "name": tool, "response": response } });
                json!({ "content": { "parts": [given], "role": "user" } })
            }
            Event::Error { code, message } => json!({ "errorCode": code, "errorMessage": message }),
            Event::Crash { .. } | Event::Heartbeat(_) => json!({}),
        }
    }

    /// The rest of an event, in ADK's order of keys.
    fn adk(&self, head: Value, delta: &Value, id: Uuid, now: Timestamp) -> Bytes {
        let mut event = match head {
            Value::Object(head) => head,
            _ => Map::new(),
        };
        let long_running = event.shift_remove("longRunningToolIds");
        event.insert("invocationId".to_owned(), json!(self.invocation));
        event.insert("author".to_owned(), json!("nemo_agent"));
        let actions = json!({ "stateDelta": delta, "artifactDelta": {}, "requestedAuthConfigs": {},
            "requestedToolConfirmations": {} });
        event.insert("actions".to_owned(), actions);
        event.insert("nodeInfo".to_owned(), json!({ "path": "" }));
        if let Some(ids) = long_running {
            event.insert("longRunningToolIds".to_owned(), ids);
        }
        event.insert("id".to_owned(), json!(id.to_string()));
        event.insert("timestamp".to_owned(), seconds(now));
        frame(&Value::Object(event))
    }
}

/// A frame of ADK by any author, with `head` as its first keys.
pub(super) fn loose(author: &str, mut head: Value) -> Bytes {
    head["invocationId"] = json!("e-0b1c2d3e");
    head["author"] = json!(author);
    head["actions"] = json!({ "stateDelta": {}, "artifactDelta": {} });
    head["id"] = json!(Uuid::new_v4().to_string());
    frame(&head)
}

/// Cut behind each space, and where there are none, every few characters.
fn words(text: &str) -> Vec<&str> {
    const LONGEST: usize = 12;
    let (mut words, mut from, mut length) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        length += 1;
        if c == ' ' || length == LONGEST {
            let end = at + c.len_utf8();
            words.push(&text[from..end]);
            (from, length) = (end, 0);
        }
    }
    if from < text.len() {
        words.push(&text[from..]);
    }
    words
}

/// The second dialect.
fn typed(event: &Event) -> Vec<Bytes> {
    let text = |text: &str| frame(&json!({ "type": "text", "content": text }));
    match event {
        Event::Text(words) => vec![text(words)],
        Event::Call { tool, args, text: words } => {
            let call = frame(&json!({ "type": "tool_call", "name": tool, "args": args }));
            words.iter().map(|words| text(words)).chain([call]).collect()
        }
        Event::Result { tool, response, .. } => {
            vec![frame(&json!({ "type": "tool_result", "name": tool, "result": response }))]
        }
        Event::Error { code, message } => {
            vec![frame(&json!({ "type": "error", "code": code, "message": message }))]
        }
        Event::Crash { .. } | Event::Heartbeat(_) => Vec::new(),
    }
}

fn frame(json: &Value) -> Bytes {
    Bytes::from(format!("data: {json}\n\n"))
}

/// Every form that a client must take for a sign of life.
fn heartbeat(n: u64) -> Bytes {
    const FORMS: [&str; 7] = [
        ": keep-alive\n\n",
        "data: {\"type\":\"heartbeat\"}\n\n",
        "data:\n\n",
        "data: heartbeat\n\n",
        "event: heartbeat\ndata: {\"heartbeat\":1}\n\n",
        "event: ping\n\n",
        "\n\n",
    ];
    let at = usize::try_from(n).unwrap_or(0) % FORMS.len();
    Bytes::from_static(FORMS[at].as_bytes())
}

/// As Python's `json.dumps` writes it, with a space behind each comma and colon.
fn crash(kind: &str, message: &str, now: Timestamp) -> Bytes {
    let (whole, kind, message) = (json!(format!("{kind}: {message}")), json!(kind), json!(message));
    Bytes::from(format!(
        "data: {{\"error\": {whole}, \"error_details\": {{\"error_type\": {kind}, \"error_message\": {message}, \
         \"timestamp\": {}}}}}\n\n",
        seconds(now)
    ))
}

/// Seconds since the epoch as a decimal number.
fn seconds(now: Timestamp) -> Value {
    let millis = now.as_millis();
    serde_json::from_str(&format!("{}.{:03}", millis / 1_000, millis % 1_000)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_337_348_024);

    /// Ids and times replaced, so that bytes can be compared with those of a recorded run.
    fn plain(frame: &[u8]) -> String {
        let text = std::str::from_utf8(frame).unwrap();
        let mut event: Value = serde_json::from_str(text.strip_prefix("data: ").unwrap().trim_end()).unwrap();
        for key in ["invocationId", "id", "timestamp"] {
            event[key] = json!("x");
        }
        event.to_string()
    }

    #[test]
    fn events_have_the_keys_and_the_order_of_a_recorded_run() {
        let mut voice = Voice::new(Dialect::Adk);
        let text = "Your video is ready! Preview in Timeline panel or click Export to save it.";
        let frames = voice.frames(&Event::Text(text.to_owned()), &json!({}), NOW);
        assert_eq!(
            plain(&frames[0]),
            format!(
                r#"{{"content":{{"parts":[{{"text":"{text}"}}],"role":"model"}},"invocationId":"x","author":"nemo_agent","actions":{{"stateDelta":{{}},"artifactDelta":{{}},"requestedAuthConfigs":{{}},"requestedToolConfirmations":{{}}}},"nodeInfo":{{"path":""}},"id":"x","timestamp":"x"}}"#
            )
        );
        let error = Event::Error { code: "RESOURCE_EXHAUSTED", message: "quota exceeded" };
        assert!(plain(&voice.frames(&error, &json!({}), NOW)[0]).starts_with(
            r#"{"errorCode":"RESOURCE_EXHAUSTED","errorMessage":"quota exceeded","invocationId":"x","author":"#
        ));
    }

    #[test]
    fn a_crash_reads_as_python_writes_it() {
        let bytes = crash("RuntimeError", "backend tool exploded", NOW);
        let want = "data: {\"error\": \"RuntimeError: backend tool exploded\", \"error_details\": {\"error_type\": \
            \"RuntimeError\", \"error_message\": \"backend tool exploded\", \"timestamp\": 1795337348.024}}\n\n";
        assert_eq!(bytes, want);
    }

    #[test]
    fn words_join_to_the_whole_text() {
        let frames = Voice::new(Dialect::AdkDeltas).frames(&Event::Text("one two three".to_owned()), &json!({}), NOW);
        let texts: Vec<String> = frames
            .iter()
            .map(|frame| serde_json::from_slice::<Value>(&frame[6..]).unwrap())
            .map(|event| event["content"]["parts"][0]["text"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(texts, ["one ", "two ", "three", "one two three"]);
        let mut voice = Voice::new(Dialect::AdkDeltasOnly);
        let mut said = |text: &str| voice.frames(&Event::Text(text.to_owned()), &json!({}), NOW).len();
        assert_eq!((said("one"), said("two")), (1, 2), "nothing else parts two texts");
        assert_eq!(words("描述里没有空格，也要一段一段来"), ["描述里没有空格，也要一段", "一段来"]);
    }
}
