//! Streams as they were recorded, cut anywhere, and over sockets that end in odd ways.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rstest::rstest;

use super::super::peer::{Answer, End, Peer};
use super::*;

/// What a turn came to. Equal turns are equal whatever the network did to them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Turn {
    text: String,
    /// Events that are no text, in order; how often the text changed depends on nothing but the frames.
    events: Vec<AgentEvent>,
    after_tools: bool,
    unanswered: usize,
    error: Option<StreamError>,
}

async fn read(mut events: AgentEvents) -> Turn {
    let mut turn = Turn::default();
    let mut committed = String::new();
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => turn.events.push(event),
            Err(error) => turn.error = Some(error),
        }
        assert!(events.transcript().committed().starts_with(&committed), "committed text changed");
        committed = events.transcript().committed().to_owned();
    }
    assert!(events.next().await.is_none(), "it ended once");
    let transcript = events.into_transcript();
    assert_eq!(transcript.text(), transcript.committed(), "nothing is pending at the end");
    turn.text = transcript.text();
    turn.after_tools = transcript.text_after_tools();
    turn.unanswered = transcript.unanswered().len();
    turn
}

fn events_of(chunks: impl IntoIterator<Item = Vec<u8>, IntoIter: Send + 'static>) -> AgentEvents {
    let limits = Limits { silence: Duration::from_mins(10), turn: Duration::from_mins(15) };
    let bytes = futures::stream::iter(chunks.into_iter().map(|chunk| Ok(Bytes::from(chunk)))).boxed();
    AgentEvents::new(bytes, limits, Instant::now(), Arc::default(), None)
}

thread_local! {
    /// One for all the cuts of a test: each needs a timer, and there are thousands.
    static RUNTIME: tokio::runtime::Runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
}

fn told(chunks: impl IntoIterator<Item = Vec<u8>, IntoIter: Send + 'static>) -> Turn {
    RUNTIME.with(|runtime| runtime.block_on(async { read(events_of(chunks)).await }))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sse")
}

/// Name and body of every recorded stream of both versions.
fn recorded() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for (prefix, folder) in [("", folder()), ("1.22.1/", folder().join("adk-1.22.1"))] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).unwrap_or_default();
            let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            // A note on HTTP chunks has a head like a recording, but no body of one.
            if head.contains("content-type: text/event-stream") && name != "chunking" {
                found.push((format!("{prefix}{name}"), bytes[end + 4..].to_vec()));
            }
        }
    }
    found.sort();
    found
}

fn recording(name: &str) -> Vec<u8> {
    recorded().into_iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("{name}")).1
}

/// One line that says what a turn came to.
fn summary(turn: &Turn) -> String {
    let events = turn.events.iter().map(|event| match event {
        AgentEvent::Progress(kind) => format!("{kind:?}"),
        AgentEvent::Failed(failure) => format!("Failed:{}", failure.kind),
        other => format!("{other:?}"),
    });
    let mut line = format!("{:?} {}", turn.text, events.collect::<Vec<_>>().join(" "));
    if !turn.after_tools {
        line += " -silent";
    }
    if turn.unanswered > 0 {
        line += " -unanswered";
    }
    line + &turn.error.map(|error| format!(" {error:?}")).unwrap_or_default()
}

/// What every recording comes to; "1.22.1" has the same unless it stands here itself.
const EXPECTED: [(&str, &str); 34] = [
    ("1.22.1/crash_first_nostream", r#""" Failed:error"#),
    ("1.22.1/crash_nostream", r#""Working on it." Text Failed:error"#),
    ("1.22.1/crash_quotes_nostream", r#""Working on it." Text Failed:error"#),
    ("1.22.1/crash_stream", r#""Working on it." Text Failed:error"#),
    ("artifact_nostream", r#""Poster saved." Text Activity"#),
    ("authors_nostream", r#""Router: handing over.\n\nEditor: cut done.\n\nReviewer: looks good." Text Text Text"#),
    ("camelcase_request", r#""Hello! I can edit your video." Text"#),
    ("crash_first_nostream", r#""" Failed:ValueError"#),
    ("crash_nostream", r#""Working on it." Text Failed:RuntimeError"#),
    ("crash_quotes_nostream", r#""Working on it." Text Failed:RuntimeError"#),
    ("crash_stream", r#""Working on it." Text Failed:RuntimeError"#),
    ("empty_nostream", r#""" "#),
    ("err_no_new_message", r#""" Failed:ValueError"#),
    ("error_event_nostream", r#""Working on it." Text Failed:RESOURCE_EXHAUSTED"#),
    ("error_event_stream", r#""Working on it." Text Failed:RESOURCE_EXHAUSTED"#),
    ("error_only_nostream", r#""" Failed:SAFETY"#),
    ("llm_error_nostream", r#""" Failed:MALFORMED_FUNCTION_CALL"#),
    ("llm_silent_stream", r#""Adding a title." Text Text Other Other Activity -silent"#),
    ("llm_text_nostream", r#""One two three." Text"#),
    ("llm_text_stream", r#""One two three." Text Text Text Text"#),
    ("llm_tool_nostream", r#""Adding a title.\n\nTitle added." Text Other Other Text"#),
    ("llm_tool_stream", r#""Adding a title.\n\nTitle added." Text Text Other Other Text Text Text"#),
    ("longrunning_nostream", r#""" Generate -silent -unanswered"#),
    (
        "multipart_nostream",
        r#""First I will look at the clip. Then I will cut it.\n\nPart A. Part B." Text Understand Understand Text"#,
    ),
    ("noise_nostream", r#""✅ Title added." Text Text"#),
    ("norole_message", r#""Hello! I can edit your video." Text"#),
    ("partial_nostream", r#""I'll generate your video now." Text"#),
    ("partial_stream", r#""I'll generate your video now." Text Text Text Text Text"#),
    ("pause_25s", r#""Done after a long pause." Generate Generate Text"#),
    ("plain", r#""Hello! I can edit your video." Text"#),
    ("silent", r#""" Edit Edit StateChanged -silent"#),
    ("state_only_nostream", r#""" Activity"#),
    ("thought_nostream", r#""Adding music." Text"#),
    ("thought_stream", r#""Adding music." Activity Text Text Text"#),
];
const TOOL: &str = r#""Your video is ready! Preview in Timeline panel or click Export to save it." "#;
const UTF8: &str = r#""好的，正在制作 🎬 — line one\nline two\r\nline three \u{2028} end" Text"#;

fn expected(name: &str) -> String {
    let plain = name.trim_start_matches("1.22.1/");
    let family = plain.trim_end_matches("_nostream").trim_end_matches("_stream");
    match family {
        "tool" => return format!("{TOOL}Generate Generate StateChanged Text"),
        "utf8" => return UTF8.to_owned(),
        _ => {}
    }
    let find = |wanted: &str| EXPECTED.iter().find(|(known, _)| *known == wanted).map(|(_, line)| (*line).to_owned());
    find(name).or_else(|| find(plain)).or_else(|| find(family)).unwrap_or_else(|| panic!("{name} is not in the table"))
}

#[test]
fn every_recorded_stream_comes_to_what_it_shows() {
    let recorded = recorded();
    assert_eq!(recorded.len(), 69, "the recordings are there");
    for (name, body) in recorded {
        assert_eq!(summary(&told([body])), expected(&name), "{name}");
    }
}

#[test]
fn every_recorded_stream_may_come_in_single_bytes() {
    for (name, body) in recorded() {
        let bytes: Vec<_> = body.iter().map(|byte| vec![*byte]).collect();
        assert_eq!(summary(&told(bytes)), expected(&name), "{name}");
    }
}

#[test]
fn every_recorded_stream_may_come_through_a_proxy_that_rewrites_line_ends() {
    for (name, body) in recorded() {
        for line_end in ["\r\n", "\r"] {
            let body = String::from_utf8(body.clone()).unwrap().replace('\n', line_end).into_bytes();
            assert_eq!(summary(&told([body.clone()])), expected(&name), "{name}");
            let mut marked = b"\xef\xbb\xbf".to_vec();
            marked.extend(body);
            assert_eq!(summary(&told(marked.chunks(2).map(<[u8]>::to_vec).collect::<Vec<_>>())), expected(&name));
        }
    }
}

#[rstest]
#[case("utf8_nostream")]
#[case("llm_tool_stream")]
#[case("thought_stream")]
#[case("1.22.1/crash_quotes_nostream")]
#[case("noise_nostream")]
fn a_stream_may_be_cut_in_two_anywhere(#[case] name: &str) {
    let body = recording(name);
    for at in 0..=body.len() {
        let (head, tail) = body.split_at(at);
        assert_eq!(summary(&told([head.to_vec(), tail.to_vec()])), expected(name), "{name} at {at}");
    }
}

#[test]
fn a_last_frame_without_its_blank_line_counts() {
    for (name, body) in recorded().into_iter().filter(|(name, _)| !name.contains("crash_quotes")) {
        let end = body.trim_ascii_end().len();
        for ending in ["", "\n", "\r", "\r\n"] {
            let mut body = body[..end].to_vec();
            body.extend_from_slice(ending.as_bytes());
            assert_eq!(summary(&told([body])), expected(&name), "{name} {ending:?}");
        }
    }
}

/// Frames of both dialects, noise between them, and every heartbeat.
fn frames() -> impl Strategy<Value = String> {
    let pool = [
        "data: {\"type\":\"text\",\"content\":\"I'll generate your 🎬 now...\"}\n\n",
        "data:{\"type\":\"chunk\",\"content\":\"Ad\"}\n\n",
        "data: {\"type\":\"chunk\",\ndata: \"content\":\"ding\"}\n\n",
        "data: {\"type\":\"tool_call\",\"name\":\"generate_video_with_seedance\",\"args\":{}}\n\n",
        "data: {\"type\":\"tool_result\",\"name\":\"generate_video_with_seedance\",\"result\":{}}\n\n",
        "data: {\"author\":\"a\",\"partial\":true,\"content\":{\"parts\":[{\"text\":\"日本\u{2028}\"}]}}\n\n",
        "data: {\"author\":\"a\",\"content\":{\"parts\":[{\"text\":\"日本\u{2028}語\"}]}}\n\n",
        "data: {\"author\":\"b\",\"content\":{\"parts\":[{\"text\":\"I encountered a temporary issue\"}]}}\n\n",
        "data: {\"error\": \"tool \"x\" said:\nline two\n\nline four\"}\n\n",
        "data: {\"type\":\"heartbeat\"}\n\n",
        "data: heartbeat\n\n",
        "data:\n\n",
        "data\n\n",
        "event: ping\n\n",
        "event: heartbeat\ndata: {}\n\n",
        ": x\n\n",
        ": x\n",
        "\n\n",
        "retry: 0\nid: 7\n\n",
        "nonsense\n\n",
    ];
    prop::collection::vec(prop::sample::select(pool.to_vec()), 0..12).prop_map(|frames| frames.concat())
}

proptest! {
    #[test]
    fn where_a_stream_is_cut_does_not_matter(
        stream in frames(),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        sizes in prop::collection::vec(1_usize..40, 1..20),
    ) {
        let stream = stream.replace('\n', line_end).into_bytes();
        let whole = told([stream.clone()]);
        let mut rest = &stream[..];
        let mut chunks = Vec::new();
        for size in sizes.iter().cycle() {
            let (chunk, left) = rest.split_at((*size).min(rest.len()));
            chunks.push(chunk.to_vec());
            rest = left;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(told(chunks), whole);
    }

    #[test]
    fn no_bytes_bring_the_reader_down(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8)) {
        let _ = told(chunks);
    }
}

#[test]
fn every_heartbeat_is_one_and_nothing_else() {
    let beats = ": x\n\ndata:\n\ndata: heartbeat\n\ndata: {\"type\":\"heartbeat\"}\n\ndata: {\"heartbeat\":1}\n\n\
        event: heartbeat\n\nevent: ping\ndata: {}\n\n\n\n";
    let turn = told([beats.as_bytes().to_vec()]);
    assert_eq!((turn.text.as_str(), turn.error), ("", None));
    assert_eq!(turn.events, vec![AgentEvent::Heartbeat; 6]);
}

#[test]
fn a_frame_over_the_limit_ends_the_stream_and_keeps_what_came_before() {
    let before =
        b"data: {\"type\":\"text\",\"content\":\"Hi\"}\n\ndata: {\"type\":\"chunk\",\"content\":\"Ho\"}\n\ndata: "
            .to_vec();
    let flood = std::iter::repeat_n(vec![b'x'; 1024 * 1024], 17);
    let turn = told(std::iter::once(before).chain(flood).collect::<Vec<_>>());
    assert_eq!(turn.text, "Hi\n\nHo");
    assert_eq!(turn.error, Some(StreamError::Broken(BreakKind::FrameTooLarge)));
}

#[test]
fn bytes_that_are_no_text_end_the_stream() {
    let turn = told([b"data: {\"type\":\"text\",\"content\":\"Hi\"}\n\ndata: \xff\xff\n\n".to_vec()]);
    assert_eq!((turn.text.as_str(), turn.error), ("Hi", Some(StreamError::Broken(BreakKind::NotText))));
}

/// A stream that sends `beat` every `every`, for ever.
fn beating(beat: &'static str, every: Duration) -> AgentEvents {
    let limits = Limits { silence: Duration::from_mins(10), turn: Duration::from_mins(15) };
    let beats = futures::stream::unfold((), move |()| async move {
        tokio::time::sleep(every).await;
        Some((Ok(Bytes::from_static(beat.as_bytes())), ()))
    });
    let first = futures::stream::iter([Ok(Bytes::from_static(b"data: {\"type\":\"chunk\",\"content\":\"Hm\"}\n\n"))]);
    AgentEvents::new(first.chain(beats).boxed(), limits, Instant::now(), Arc::default(), None)
}

#[rstest]
#[case::heartbeats("data: heartbeat\n\n", 600, TurnLimit::Silent)]
#[case::comments(": x\n\n", 600, TurnLimit::Silent)]
#[case::strange_objects("data: {\"type\":\"status\"}\n\n", 600, TurnLimit::Silent)]
#[case::substance("data: {\"type\":\"thinking\"}\n\n", 900, TurnLimit::Total)]
#[case::text("data: {\"type\":\"chunk\",\"content\":\"\"}\n\n", 900, TurnLimit::Total)]
#[tokio::test(start_paused = true)]
async fn heartbeats_hold_up_no_limit_and_substance_only_one(
    #[case] beat: &'static str,
    #[case] seconds: u64,
    #[case] limit: TurnLimit,
) {
    let started = Instant::now();
    let turn = read(beating(beat, Duration::from_secs(25))).await;
    assert_eq!(turn.error, Some(StreamError::Overdue(limit)));
    assert_eq!(started.elapsed().as_secs(), seconds);
    assert_eq!(turn.text, "Hm", "what was pending is kept");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_always_ready_cannot_outrun_the_limit() {
    let limits = Limits { silence: Duration::from_mins(10), turn: Duration::from_mins(15) };
    let flood = futures::stream::unfold((), |()| async {
        tokio::time::advance(Duration::from_secs(1)).await;
        Some((Ok(Bytes::from_static(b"data: {\"type\":\"thinking\"}\n\n")), ()))
    });
    let events = AgentEvents::new(flood.boxed(), limits, Instant::now(), Arc::default(), None);
    let turn = read(events).await;
    assert_eq!(turn.error, Some(StreamError::Overdue(TurnLimit::Total)));
}

const FRAME: &str = "data: {\"type\":\"chunk\",\"content\":\"Hi\"}\n\n";

async fn converse(peer: &Peer) -> Result<Turn, NemoError> {
    let events = peer.nemo.converse(&Token::new("nmv_usr_x"), &SessionId::new("1"), "hi").await?;
    Ok(read(events).await)
}

const LOST: Option<StreamError> = Some(StreamError::Broken(BreakKind::Connection));

#[rstest]
#[case::closed(Answer::stream(&[FRAME], End::Close), "Hi", None)]
#[case::no_event(Answer::stream(&[], End::Close), "", None)]
#[case::asked_to_come_back(Answer::stream(&["retry: 0\n\n", FRAME, "id: 7\n\n"], End::Close), "Hi", None)]
#[case::reset_between(Answer::stream(&[FRAME], End::Reset), "Hi", LOST)]
#[case::reset_within(Answer::stream(&[FRAME, "data: {\"type\":\"te"], End::Reset), "Hi", LOST)]
#[case::no_last_chunk(
    Answer::raw(Answer::stream(&[FRAME], End::Hold).bytes, End::Close), "Hi", LOST)]
#[case::close_delimited(
    Answer::raw(format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n{FRAME}"), End::Close), "Hi", None)]
#[tokio::test]
async fn the_end_of_a_stream_never_sends_the_request_again(
    #[case] answer: Answer,
    #[case] text: &str,
    #[case] error: Option<StreamError>,
) {
    let peer = Peer::new(vec![answer]).await;
    let turn = converse(&peer).await.unwrap();
    assert_eq!((turn.text.as_str(), turn.error), (text, error));
    assert_eq!(peer.seen().len(), 1);
}

#[rstest]
#[case::server_error(Answer::json(503, "<html>"))]
#[case::bad_gateway(Answer::json(502, ""))]
#[case::reset_unanswered(Answer::raw("", End::Reset))]
#[case::closed_unanswered(Answer::raw("", End::Close))]
#[case::half_a_head(Answer::raw("HTTP/1.1 200 OK\r\ncont", End::Close))]
#[case::a_page(Answer::raw("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 1\r\n\r\nx", End::Close))]
#[case::an_answer_without_a_stream(Answer::json(200, r#"{"code":0,"data":{}}"#))]
#[tokio::test]
async fn what_proves_nothing_is_ambiguous_and_sent_once(#[case] answer: Answer) {
    let peer = Peer::new(vec![answer]).await;
    let error = converse(&peer).await.unwrap_err();
    assert!(error.is_ambiguous(), "{error:?}");
    assert_eq!(peer.seen().len(), 1);
}

#[rstest]
#[case(Answer::json(200, r#"{"code":2001,"message":"no credits"}"#), NemoError::OutOfCredits)]
#[case(Answer::json(200, r#"{"code":1001}"#), NemoError::TokenRefused)]
#[case(Answer::json(401, "{}"), NemoError::TokenRefused)]
#[case(Answer::json(404, r#"{"detail":"Session not found: 1"}"#), NemoError::SessionGone)]
#[case(Answer::json(429, ""), NemoError::RateLimited { retry_after: None })]
#[tokio::test]
async fn a_refusal_instead_of_a_stream_is_a_decision(#[case] answer: Answer, #[case] decision: NemoError) {
    let peer = Peer::new(vec![answer]).await;
    let error = converse(&peer).await.unwrap_err();
    assert!(!error.is_ambiguous());
    assert_eq!((error, peer.seen().len()), (decision, 1));
}

#[tokio::test]
async fn recorded_refusals_are_understood() {
    for (name, decided) in [
        ("err_missing_session", "SessionGone"),
        ("err_missing_session_stream", "SessionGone"),
        ("err_missing_field_422", "Malformed"),
        ("err_bad_json_422", "Malformed"),
        ("err_wrong_content_type", "Malformed"),
        ("adk-1.22.1/err_missing_session", "SessionGone"),
        ("adk-1.22.1/err_unknown_app", "SessionGone"),
        ("adk-1.22.1/err_no_new_message", "Malformed"),
    ] {
        let bytes = std::fs::read(folder().join(format!("{name}.txt"))).unwrap();
        let peer = Peer::new(vec![Answer::raw(bytes, End::Close)]).await;
        let error = format!("{:?}", converse(&peer).await.unwrap_err());
        assert!(error.starts_with(decided), "{name}: {error}");
    }
}

#[rstest]
#[case::no_headers(Answer::raw("", End::Hold), None)]
#[case::open_after_the_last_event(Answer::stream(&[FRAME], End::Hold), Some("Hi"))]
#[case::open_without_an_event(Answer::stream(&[], End::Hold), Some(""))]
#[tokio::test]
async fn a_silent_connection_ends_at_the_limit_and_is_not_tried_again(
    #[case] answer: Answer,
    #[case] text: Option<&str>,
) {
    let peer = Peer::with(vec![answer], |settings| settings.silence_timeout = Duration::from_millis(300)).await;
    match (converse(&peer).await, text) {
        (Ok(turn), Some(text)) => {
            assert_eq!((turn.text.as_str(), turn.error), (text, Some(StreamError::Overdue(TurnLimit::Silent))));
        }
        (Err(error), None) => assert_eq!(error, NemoError::Overdue(TurnLimit::Silent)),
        (other, _) => panic!("{other:?}"),
    }
    assert_eq!(peer.seen().len(), 1);
}

#[tokio::test]
async fn every_turn_has_a_connection_of_its_own() {
    let peer = Peer::new(vec![Answer::stream(&[FRAME], End::Close)]).await;
    for turns in 1..=3 {
        converse(&peer).await.unwrap();
        assert_eq!(peer.seen().len(), turns, "the peer answers once per connection");
    }
}
