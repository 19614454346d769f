//! One frame of the agent's stream, freed of its dialect (contract 4.3 to 4.6).

use serde_json::value::RawValue;
use sse_stream::Sse;

use super::account::Token;
use super::error::{NemoError, Reason, head, kind_of};
use super::refusal::of_code;
use super::wire::{Fields, list, number, text};

/// How much of the name of an author, a branch or a long-running call is told apart, in bytes.
const NAME_LIMIT: usize = 128;

/// What kind of work a tool does, for the wording of progress. The tool's name itself never reaches the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ToolKind {
    /// Makes a clip.
    Generate,
    /// Makes music or a voice.
    Music,
    /// Changes the timeline.
    Edit,
    /// Looks at a clip.
    Understand,
    /// Anything else.
    Other,
}

impl ToolKind {
    /// Guesses by substrings of the tool's name (contract 4.3), the most telling first.
    fn of(name: &str) -> Self {
        const HINTS: [(ToolKind, &[&str]); 4] = [
            (ToolKind::Generate, &["generate_video", "seedance"]),
            (ToolKind::Music, &["generate_music", "suno", "music", "audio", "voiceover"]),
            (ToolKind::Edit, &["edit", "draft", "multitrack"]),
            (ToolKind::Understand, &["understand", "analyze"]),
        ];
        let name = head(name, NAME_LIMIT).to_ascii_lowercase();
        let hinted = HINTS.iter().find(|(_, hints)| hints.iter().any(|hint| name.contains(hint)));
        hinted.map_or(Self::Other, |(kind, _)| *kind)
    }
}

/// The agent says that the run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// One plain word, such as `RESOURCE_EXHAUSTED` or `RuntimeError`.
    pub kind: String,
    /// What it said.
    pub reason: Reason,
    /// What its code asks for, where that is more than to say that it failed: code 2001 is a lack of credits.
    pub decision: Option<NemoError>,
}

/// A frame in neither dialect's words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A sign of life without content.
    Heartbeat,
    /// The run failed.
    Failure(Failure),
    /// Anything with substance.
    Event(Event),
}

/// What an event carries for us.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Whose text this is: author and branch.
    pub(super) voice: (String, String),
    /// A delta, which a later complete event repeats.
    pub(super) partial: bool,
    /// Visible text; empty if there is none.
    pub(super) text: String,
    /// Tool calls and results, in order.
    pub(super) tools: Vec<Tool>,
    /// Calls that go on after their event.
    pub(super) long_running: Vec<String>,
    /// Something in the project may have changed.
    pub(super) state: bool,
    /// The event says that the run failed.
    pub(super) failure: Option<Failure>,
}

/// A tool at work.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tool {
    pub(super) kind: ToolKind,
    /// The id of the call whose result this is; none for the call itself.
    pub(super) answers: Option<String>,
}

impl Frame {
    /// Reads one frame. `token` is the one that the run was asked with: an error may echo it.
    pub(super) fn read(sse: &Sse, token: Option<&Token>) -> Self {
        let beats = |name: &String| ["heartbeat", "ping"].iter().any(|beat| name.eq_ignore_ascii_case(beat));
        let payload = sse.data.as_deref().unwrap_or_default().trim();
        if payload.is_empty() || sse.event.as_ref().is_some_and(beats) {
            return Self::Heartbeat;
        }
        let Some(fields) = Fields::read(payload) else {
            // ADK 1.22.1 does not escape the text of an exception, and a blank line in it ends the frame.
            let mut words = payload.strip_prefix('{').unwrap_or_default().trim_start();
            let broken = words.starts_with("\"error\"");
            words = words.strip_prefix("\"error\"").unwrap_or(words).trim_start_matches([':', ' ', '"']);
            return if broken { Self::Failure(failure(words, words, None, token)) } else { Self::Heartbeat };
        };
        if fields.object("content").is_some() || fields.has("author") {
            return Self::Event(adk(&fields, token));
        }
        let kind = fields.text("type").unwrap_or_default();
        if (kind.is_empty() || kind == "error")
            && !fields.has("content")
            && let Some(error) = fields.raw("error")
        {
            return Self::Failure(failure_frame(&fields, error, token));
        }
        if kind.is_empty()
            && let Some(code) = code(&fields, &["code"]).filter(|code| *code != 0)
        {
            // An API error inside the stream, in the first shape of contract 2.3.
            let said = fields.text("message").unwrap_or_default();
            return Self::Failure(failure("code", &said, Some(code), token));
        }
        if is_adk(&fields) {
            return Self::Event(adk(&fields, token));
        }
        typed(&kind, &fields, token)
    }
}

/// Whether an object without content and author is an ADK event all the same.
fn is_adk(fields: &Fields<'_>) -> bool {
    ["actions", "errorCode", "error_code", "invocationId", "invocation_id"].iter().any(|key| fields.has(key))
}

fn failure(kind: &str, said: &str, code: Option<i64>, token: Option<&Token>) -> Failure {
    Failure { kind: kind_of(kind), reason: Reason::new(said, token), decision: code.and_then(of_code) }
}

/// The first whole number among the values of `keys`, also one that is written as text.
#[allow(clippy::cast_possible_truncation, reason = "whole numbers alone; others than the service's codes mean nothing")]
fn code(fields: &Fields<'_>, keys: &[&str]) -> Option<i64> {
    let read = |key: &&str| fields.number(key).filter(|code| code.fract() == 0.0).map(|code| code as i64);
    keys.iter().find_map(read)
}

/// `{"error":"RuntimeError: …","error_details":{"error_type",…}}`, or `{"error":{"message"}}`.
fn failure_frame(fields: &Fields<'_>, error: &RawValue, token: Option<&Token>) -> Failure {
    let nested = Fields::read(error.get());
    let said = text(error).or_else(|| nested.as_ref()?.text("message")).unwrap_or_default();
    let kind = fields.object("error_details").and_then(|details| details.text("error_type"));
    let code = code(fields, &["code"]).or_else(|| code(nested.as_ref()?, &["code"]));
    failure(kind.as_deref().unwrap_or(&said), &said, code, token)
}

/// The first dialect: an event of ADK, in camelCase or, through a proxy, in `snake_case`.
fn adk(fields: &Fields<'_>, token: Option<&Token>) -> Event {
    let name = |key| fields.text(key).map(|name| head(&name, NAME_LIMIT).to_owned()).unwrap_or_default();
    let content = fields.object("content");
    let author = name("author");
    let said_by_user = author == "user"
        || content.as_ref().and_then(|content| content.text("role")).is_some_and(|role| role == "user");
    let mut event =
        Event { partial: fields.flag("partial").unwrap_or(false), voice: (author, name("branch")), ..Event::default() };
    let mut called = false;
    for part in content.and_then(|content| content.list("parts")).unwrap_or_default() {
        let Some(part) = Fields::read(part.get()) else { continue };
        if let Some(text) = part.text("text")
            && !said_by_user
            && !part.flag("thought").unwrap_or(false)
        {
            event.text.push_str(&text);
        }
        let tool = |keys: &[&str]| part.any(keys).and_then(|tool| Fields::read(tool.get()));
        let kind = |tool: &Fields<'_>| ToolKind::of(&tool.text("name").unwrap_or_default());
        if let Some(call) = tool(&["functionCall", "function_call"]) {
            called = true;
            event.tools.push(Tool { kind: kind(&call), answers: None });
        }
        if let Some(result) = tool(&["functionResponse", "function_response"]) {
            let id = result.short("id").unwrap_or_default();
            event.tools.push(Tool { kind: kind(&result), answers: Some(head(&id, NAME_LIMIT).to_owned()) });
        }
    }
    let running = fields.any(&["longRunningToolIds", "long_running_tool_ids"]).and_then(list).unwrap_or_default();
    event.long_running = running.into_iter().filter_map(text).map(|id| head(&id, NAME_LIMIT).to_owned()).collect();
    event.state = fields
        .object("actions")
        .and_then(|actions| actions.any(&["stateDelta", "state_delta"]).and_then(|delta| Fields::read(delta.get())))
        .is_some_and(|delta| ["draft", "generated_media", "video_infos"].iter().any(|key| delta.has(key)));
    if !event.partial
        && !called
        && let Some(code) = fields.any(&["errorCode", "error_code"])
    {
        let code = text(code).unwrap_or_else(|| number(code).map(|code| code.to_string()).unwrap_or_default());
        let said = fields.any(&["errorMessage", "error_message"]).and_then(text).unwrap_or_default();
        event.failure = Some(failure(&code, &said, code.trim().parse().ok(), token));
    }
    event
}

/// The second dialect: `{"type":…}` (contract 4.4).
fn typed(kind: &str, fields: &Fields<'_>, token: Option<&Token>) -> Frame {
    let text = || fields.text("content").or_else(|| fields.text("text")).unwrap_or_default();
    let tool = |answers| {
        let kind = ToolKind::of(&fields.text("name").unwrap_or_default());
        Frame::Event(Event { tools: vec![Tool { kind, answers }], ..Event::default() })
    };
    match kind {
        "text" => Frame::Event(Event { text: text(), ..Event::default() }),
        "chunk" => Frame::Event(Event { text: text(), partial: true, ..Event::default() }),
        "tool_call" | "tool_start" => tool(None),
        "tool_result" | "tool_end" => tool(Some(fields.short("id").unwrap_or_default())),
        "error" => {
            let said = fields.text("message").or_else(|| fields.text("error")).unwrap_or_else(text);
            let code = code(fields, &["code", "error_code", "errorCode"]);
            Frame::Failure(failure(&said, &said, code, token))
        }
        "done" => Frame::Event(Event::default()),
        _ if kind.starts_with("thinking") => Frame::Event(Event::default()),
        // An unknown type may well be a sign of life: it must not hold up the silence limit.
        _ => Frame::Heartbeat,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(data: &str) -> Frame {
        Frame::read(&Sse::default().data(data), None)
    }

    fn event(data: &str) -> Event {
        match read(data) {
            Frame::Event(event) => event,
            other => panic!("{data}: {other:?}"),
        }
    }

    fn kind(data: &str) -> String {
        match read(data) {
            Frame::Failure(failure) => failure.kind,
            other => panic!("{data}: {other:?}"),
        }
    }

    #[rstest]
    #[case("")]
    #[case("  ")]
    #[case("heartbeat")]
    #[case("\"heartbeat\"")]
    #[case(r#"{"type":"heartbeat"}"#)]
    #[case(r#"{"type":"keep-alive"}"#)]
    #[case(r#"{"heartbeat":1}"#)]
    #[case(r#"{"heartbeat":true,"error":null}"#)]
    #[case("{}")]
    #[case("[]")]
    #[case("7")]
    #[case("not json")]
    #[case(r#"{"content":"#)]
    #[case(r#"{"code":0}"#)]
    fn every_form_of_heartbeat_is_one(#[case] data: &str) {
        assert_eq!(read(data), Frame::Heartbeat);
    }

    #[test]
    fn an_event_named_heartbeat_or_ping_is_one() {
        for name in ["heartbeat", "ping", "Ping"] {
            assert_eq!(Frame::read(&Sse::default().event(name), None), Frame::Heartbeat);
            assert_eq!(Frame::read(&Sse::default().event(name).data("{\"type\":\"text\"}"), None), Frame::Heartbeat);
        }
    }

    #[test]
    fn a_failure_is_known_in_every_shape() {
        assert_eq!(kind(r#"{"error":"RuntimeError: exploded","error_details":{"error_type":"Boom"}}"#), "Boom");
        assert_eq!(kind(r#"{"error":"RuntimeError: exploded"}"#), "RuntimeError");
        assert_eq!(kind(r#"{"error":{"message":"Busy: x"}}"#), "Busy");
        assert_eq!(kind("{\"error\": \"tool \"seedance\" said:"), "error");
        assert_eq!(kind("{ \"error\": \"ValueError: a \"b\" c\"}"), "ValueError");
        assert_eq!(kind(r#"{"type":"error","content":"Timeout: x"}"#), "Timeout");
        assert_eq!(kind(r#"{"type":"error","error":"Timeout"}"#), "Timeout");
        assert_eq!(kind(r#"{"code":2001,"message":"out of credits"}"#), "code");
        let failed = event(r#"{"errorCode":"RESOURCE_EXHAUSTED","errorMessage":"quota","author":"a"}"#);
        assert_eq!(failed.failure.unwrap().kind, "RESOURCE_EXHAUSTED");
        assert_eq!(event(r#"{"error_code":"X","author":"a"}"#).failure.unwrap().kind, "X");
    }

    #[rstest]
    #[case(1001, Some(NemoError::TokenRefused))]
    #[case(1010, Some(NemoError::TokenRefused))]
    #[case(1011, Some(NemoError::TokenRefused))]
    #[case(401, Some(NemoError::TokenRefused))]
    #[case(1002, Some(NemoError::SessionGone))]
    #[case(2001, Some(NemoError::OutOfCredits))]
    #[case(4001, Some(NemoError::Unsupported))]
    #[case(4002, Some(NemoError::TooLarge))]
    #[case(402, Some(NemoError::PlanBlocked))]
    #[case(403, Some(NemoError::Forbidden))]
    #[case(429, Some(NemoError::RateLimited { retry_after: None }))]
    #[case(400, None)]
    #[case(422, None)]
    #[case(500, None)]
    #[case(77, None)]
    fn a_code_inside_the_stream_is_a_decision_in_every_shape(#[case] code: i64, #[case] decision: Option<NemoError>) {
        for frame in [
            format!(r#"{{"code":{code},"message":"token not found"}}"#),
            format!(r#"{{"code":"{code}"}}"#),
            format!(r#"{{"error":"no","code":{code}}}"#),
            format!(r#"{{"error":{{"code":{code},"message":"no"}}}}"#),
            format!(r#"{{"type":"error","code":{code},"message":"no"}}"#),
            format!(r#"{{"errorCode":"{code}","errorMessage":"no","author":"a"}}"#),
            format!(r#"{{"error_code":{code},"author":"a"}}"#),
        ] {
            let failure = match read(&frame) {
                Frame::Failure(failure) => failure,
                Frame::Event(event) => event.failure.unwrap_or_else(|| panic!("{frame}")),
                Frame::Heartbeat => panic!("{frame}"),
            };
            assert_eq!(failure.decision, decision, "{frame}");
        }
    }

    #[test]
    fn words_alone_decide_nothing_inside_the_stream() {
        for frame in [r#"{"error":"ValueError: session not found"}"#, r#"{"code":7,"message":"token has expired"}"#] {
            let Frame::Failure(failure) = read(frame) else { panic!("{frame}") };
            assert_eq!(failure.decision, None, "{frame}");
        }
    }

    #[test]
    fn an_error_code_beside_a_call_or_on_a_delta_is_no_failure() {
        let called = r#"{"errorCode":"X","author":"a","content":{"parts":[{"functionCall":{"name":"f"}}]}}"#;
        assert_eq!(event(called).failure, None);
        assert_eq!(event(r#"{"errorCode":"X","author":"a","partial":true}"#).failure, None);
        assert_eq!(event(r#"{"errorCode":null,"author":"a"}"#).failure, None);
    }

    #[test]
    fn thoughts_and_the_users_own_words_are_hidden() {
        let parts = r#"[{"text":"plan","thought":true},{"text":"A"},{"inlineData":{}},{"text":"B"}]"#;
        let content = |role: &str, author: &str| {
            event(&format!(r#"{{"content":{{"role":"{role}","parts":{parts}}},"author":"{author}"}}"#)).text
        };
        assert_eq!(content("model", "agent"), "AB");
        assert_eq!(content("user", "agent"), "");
        assert_eq!(content("model", "user"), "");
    }

    #[test]
    fn snake_case_and_strange_fields_are_read_too() {
        let data = r#"{"author":"a","branch":7,"content":{"parts":[null,3,{"function_call":{"name":"Suno"}},
            {"function_response":{"id":9,"name":"analyze_clip"}}]},"long_running_tool_ids":["c",4],
            "actions":{"state_delta":{"draft":{}}}}"#;
        let event = event(data);
        let tools: Vec<_> = event.tools.iter().map(|tool| (tool.kind, tool.answers.as_deref())).collect();
        assert_eq!(tools, [(ToolKind::Music, None), (ToolKind::Understand, Some("9"))]);
        assert_eq!((event.long_running, event.state), (vec!["c".to_owned()], true));
        assert_eq!(event.voice, ("a".to_owned(), String::new()));
    }

    #[test]
    fn the_second_dialect_is_read() {
        assert_eq!(event(r#"{"type":"text","content":"Hi"}"#).text, "Hi");
        assert_eq!(event(r#"{"type":"text","text":"Hi"}"#).text, "Hi");
        let delta = event(r#"{"type":"chunk","content":"H"}"#);
        assert_eq!((delta.text.as_str(), delta.partial), ("H", true));
        assert_eq!(event(r#"{"type":"tool_call","name":"generate_video_x"}"#).tools[0].kind, ToolKind::Generate);
        let result = event(r#"{"type":"tool_result","name":"edit_multitrack","error":"no","id":"c"}"#);
        assert_eq!(result.tools, [Tool { kind: ToolKind::Edit, answers: Some("c".to_owned()) }]);
        assert_eq!(event(r#"{"type":"thinking_delta","content":"secret"}"#), Event::default());
        assert_eq!(event(r#"{"type":"done"}"#), Event::default());
    }

    #[test]
    fn tools_are_sorted_by_the_most_telling_part_of_their_name() {
        for (name, kind) in [
            ("generate_video_with_seedance", ToolKind::Generate),
            ("edit_audio", ToolKind::Music),
            ("edit_multitrack", ToolKind::Edit),
            ("understand_video", ToolKind::Understand),
            ("add_title", ToolKind::Other),
            ("", ToolKind::Other),
        ] {
            assert_eq!(ToolKind::of(name), kind, "{name}");
        }
    }
}
