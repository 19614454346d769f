//! The calls over real sockets.

use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use rstest::rstest;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::peer::{Answer, End, Peer, settings};
use super::*;

const CANARY: &str = "nmv_usr_NEMOCANARY";

fn token() -> Token {
    Token::new(CANARY)
}

fn session() -> SessionId {
    SessionId::new("5529798706024415232")
}

fn file(length: u64, chunks: Vec<Result<&'static [u8], &'static str>>) -> UploadFile {
    let bytes = stream::iter(chunks).map(|chunk| chunk.map(bytes::Bytes::from_static).map_err(BoxError::from)).boxed();
    UploadFile { name: "a.mp4".to_owned(), mime: "video/mp4".to_owned(), length, bytes }
}

#[tokio::test]
async fn an_account_is_obtained_without_a_bearer_and_with_the_client_id() {
    let body = r#"{"code":0,"data":{"token":"nmv_usr_x","user_id":"anon_abc123",
        "expires_at":"2026-03-18T00:00:00Z","credits":100}}"#;
    let peer = Peer::new(vec![Answer::json(200, body)]).await;
    let client_id = Uuid::new_v4();
    let account = peer.nemo.anonymous_token(&client_id).await.unwrap();
    assert_eq!(account.token.expose(), "nmv_usr_x");
    assert_eq!(account.user_id.as_deref(), Some("anon_abc123"));
    assert_eq!(account.expires.map(crate::clock::Timestamp::as_millis), Some(1_773_792_000_000));
    assert_eq!(account.credits.unwrap().to_string(), "100");
    let [seen] = &peer.seen()[..] else { panic!() };
    assert_eq!(seen.line(), "POST /base/api/auth/anonymous-token");
    assert_eq!(seen.header("x-client-id"), Some(client_id.to_string().as_str()));
    assert_eq!((seen.header("authorization"), seen.body()), (None, ""));
}

#[tokio::test]
async fn every_call_carries_the_three_attribution_headers_and_its_bearer() {
    let body = r#"{"code":0,"data":{"session_id":5529798706024415233,"available":1,"claim_token":"clm_x",
        "expires_in":604800,"status":"pending"}}"#;
    let peer = Peer::new(vec![Answer::json(200, body)]).await;
    let (nemo, token, session, id) = (&peer.nemo, token(), session(), RenderId::random());
    let opened = nemo.open_session(&token, "zh-CN").await.unwrap();
    assert_eq!(opened.session.as_str(), "5529798706024415233", "digits pass 2^53");
    nemo.converse(&token, &session, "hi").await.unwrap_err();
    nemo.upload(&token, &session, file(3, vec![Ok(b"abc")])).await.unwrap();
    nemo.upload_links(&token, &session, &["https://example.com/v.mp4".parse().unwrap()]).await.unwrap();
    nemo.credits(&token).await.unwrap();
    nemo.project(&token, &session).await.unwrap();
    nemo.submit_render(&token, &session, &id, &RawDraft::parse("{\"t\" : [1.10]}").unwrap()).await.unwrap();
    nemo.render_status(&token, &id).await.unwrap();
    nemo.render_download(&token, &id).await.unwrap();
    nemo.cancel_render(&token, &id).await.unwrap();
    let claim = nemo.claim_token(&token, &session, "task_x").await.unwrap();
    assert_eq!((claim.expose(), claim.expires_in), ("clm_x", Some(Duration::from_hours(7 * 24))));

    let seen = peer.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line().replace(id.as_str(), "ID")).collect();
    assert_eq!(
        lines,
        [
            "POST /base/api/tasks/me/with-session/nemo_agent",
            "POST /base/run_sse",
            "POST /base/api/upload-video/nemo_agent/me/5529798706024415232",
            "POST /base/api/upload-video/nemo_agent/me/5529798706024415232",
            "GET /base/api/credits/balance/simple",
            "GET /base/api/state/nemo_agent/me/5529798706024415232/latest",
            "POST /base/api/render/proxy/lambda",
            "GET /base/api/render/proxy/lambda/ID",
            "GET /base/api/render/proxy/ID/download",
            "POST /base/api/render/proxy/lambda/ID/cancel",
            "POST /base/api/auth/claim-token",
        ]
    );
    for seen in &seen {
        assert_eq!(seen.header("authorization"), Some(format!("Bearer {CANARY}").as_str()), "{}", seen.line());
        assert_eq!(seen.header("x-skill-source"), Some("video-meta-ai"));
        assert_eq!(seen.header("x-skill-version"), Some("1.0.0"));
        assert_eq!(seen.header("x-skill-platform"), Some("unknown"));
        assert!(!seen.line().contains("nmv_"));
    }
    let bodies: Vec<_> = [0, 1, 3, 6, 10].iter().map(|at| seen[*at].body().replace(id.as_str(), "ID")).collect();
    assert_eq!(
        bodies,
        [
            r#"{"task_name":"project","language":"zh-CN"}"#,
            r#"{"app_name":"nemo_agent","user_id":"me","session_id":"5529798706024415232","new_message":{"parts":[{"text":"hi"}]}}"#,
            r#"{"urls":["https://example.com/v.mp4"],"source_type":"url"}"#,
            r#"{"id":"ID","sessionId":"5529798706024415232","draft":{"t" : [1.10]},"output":{"format":"mp4","quality":"high"}}"#,
            r#"{"task_id":"task_x","session_id":"5529798706024415232"}"#,
        ]
    );
    assert!([0, 1, 3, 6, 10].iter().all(|at| seen[*at].header("content-type") == Some("application/json")));
    assert_eq!(seen[1].header("accept"), Some("text/event-stream"));
    assert_eq!(seen[1].header("accept-encoding"), Some("identity"));
}

#[tokio::test]
async fn an_upload_is_multipart_with_a_length() {
    let body = r#"{"code":0,"data":{"files":[{"filename":"a.mp4","file_type":"video","duration":30.5,
        "width":1920,"height":1080,"hash":7}],"session_state_applied":true}}"#;
    let peer = Peer::new(vec![Answer::json(200, body)]).await;
    let uploaded = peer.nemo.upload(&token(), &session(), file(6, vec![Ok(b"abc"), Ok(b"def")])).await.unwrap();
    assert_eq!(uploaded.applied, Some(true));
    assert_eq!(uploaded.files[0].duration, Some(Duration::from_millis(30_500)));
    assert_eq!(uploaded.files[0].size, Some((1920, 1080)));
    let [seen] = &peer.seen()[..] else { panic!() };
    assert!(seen.whole && seen.header("transfer-encoding").is_none());
    assert!(seen.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
    let expected = "Content-Disposition: form-data; name=\"files\"; filename=\"a.mp4\"\r\nContent-Type: video/mp4\r\n\r\nabcdef\r\n";
    assert!(seen.body().contains(expected), "{}", seen.body());
}

#[rstest]
#[case::short(8, vec![Ok(&b"abc"[..])], 3)]
#[case::nothing(8, vec![], 0)]
#[case::long(4, vec![Ok(&b"abc"[..]), Ok(&b"def"[..])], 6)]
#[case::breaks_off(8, vec![Ok(&b"abc"[..]), Err("https://api.example/botTOKEN/file")], 3)]
#[tokio::test]
async fn a_source_of_another_length_is_never_taken_for_the_file(
    #[case] announced: u64,
    #[case] chunks: Vec<Result<&'static [u8], &'static str>>,
    #[case] sent: u64,
) {
    let peer = Peer::new(vec![Answer::json(200, "{}")]).await;
    let error = peer.nemo.upload(&token(), &session(), file(announced, chunks)).await.unwrap_err();
    assert_eq!(error, NemoError::Truncated { sent, announced });
    assert!(peer.seen().iter().all(|seen| !seen.whole));
}

/// Waits for what must happen, and fails rather than hangs if it does not.
async fn within<F: Future>(event: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(10), event).await.expect("it did not happen")
}

/// A file that gives a little, then nothing more: tells when it is read to there, and when it is let go.
fn endless() -> (UploadFile, oneshot::Receiver<()>, oneshot::Receiver<()>) {
    struct Told(Option<oneshot::Sender<()>>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.take().map(|sender| sender.send(()));
        }
    }
    let (read, dropped) = (oneshot::channel(), oneshot::channel());
    let (reading, told) = (Told(Some(read.0)), Told(Some(dropped.0)));
    let rest = stream::once(async move { drop(reading) }).filter_map(|()| async { None }).chain(stream::pending());
    let bytes = stream::iter([Ok(bytes::Bytes::from_static(b"abc"))]).chain(rest).map(move |chunk| {
        let _ = &told;
        chunk
    });
    (UploadFile { bytes: bytes.boxed(), ..file(400_000_000, vec![]) }, read.1, dropped.1)
}

#[rstest]
#[case::answered_politely(End::Close)]
#[case::reset_after_the_answer(End::Reset)]
#[case::left_open(End::Hold)]
#[tokio::test]
async fn an_early_refusal_comes_at_once_and_stops_the_source(#[case] end: End) {
    let mut answer = Answer::json(413, "<html>").at_once();
    answer.end = end;
    let peer = Peer::new(vec![answer]).await;
    let (file, _, dropped) = endless();
    assert_eq!(peer.nemo.upload(&token(), &session(), file).await, Err(NemoError::TooLarge));
    within(dropped).await.unwrap();
}

#[tokio::test]
async fn an_upload_that_is_dropped_lets_its_source_go_and_is_not_taken_for_whole() {
    let peer = Peer::new(vec![Answer::json(200, "{}")]).await;
    let (file, read, dropped) = endless();
    let (token, session) = (token(), session());
    tokio::select! {
        _ = peer.nemo.upload(&token, &session, file) => panic!("it has no end"),
        read = read => read.unwrap(),
    }
    within(dropped).await.unwrap();
    assert!(peer.seen().iter().all(|seen| !seen.whole));
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_even_sent() {
    let peer = Peer::new(vec![Answer::json(200, "{}")]).await;
    let file = file(media::SIZE_LIMIT + 1, vec![]);
    assert_eq!(peer.nemo.upload(&token(), &session(), file).await, Err(NemoError::TooLarge));
    assert!(peer.seen().is_empty());
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let nemo = Nemo::new(settings(&address)).unwrap();
    let nothing = NemoError::Unavailable { sent: false };
    assert_eq!(nemo.converse(&token(), &session(), "hi").await.unwrap_err(), nothing);
    assert_eq!(nemo.render_status(&token(), &RenderId::random()).await.unwrap_err(), nothing);
    assert!(!nothing.is_ambiguous());
    assert!(!nothing.to_string().contains("127"));
}

#[tokio::test]
async fn questions_are_asked_again_and_orders_are_not() {
    let balance = r#"{"code":0,"data":{"available":12.5}}"#;
    let trouble = Answer::json(503, "<html>");
    let peer = Peer::new(vec![trouble.clone(), Answer::raw("", End::Reset), Answer::json(200, balance)]).await;
    assert_eq!(peer.nemo.credits(&token()).await.unwrap().available.to_string(), "12.5");
    assert_eq!(peer.seen().len(), 3);

    let peer = Peer::new(vec![trouble.clone()]).await;
    let draft = RawDraft::none();
    let submitted = peer.nemo.submit_render(&token(), &session(), &RenderId::random(), &draft).await;
    assert!(matches!(submitted, Err(NemoError::Server(_))));
    peer.nemo.upload(&token(), &session(), file(1, vec![Ok(b"a")])).await.unwrap_err();
    assert_eq!(peer.seen().len(), 2);
    peer.nemo.open_session(&token(), "en").await.unwrap_err();
    assert_eq!(peer.seen().len(), 4, "once more");
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let limited = "HTTP/1.1 429 x\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n";
    let peer = Peer::new(vec![Answer::raw(limited, End::Close), Answer::json(200, r#"{"code":429}"#)]).await;
    for wait in [7, 30] {
        let error = peer.nemo.anonymous_token(&Uuid::new_v4()).await.unwrap_err();
        assert_eq!(peer.nemo.wait_after(&error), Some(Duration::from_secs(wait)));
    }
    assert_eq!(peer.nemo.wait_after(&NemoError::Forbidden), None);
    assert_eq!(peer.seen().len(), 2);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = "HTTP/1.1 307 x\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
    let peer = Peer::new(vec![Answer::raw(moved, End::Close)]).await;
    let error = peer.nemo.converse(&token(), &session(), "hi").await.unwrap_err();
    assert!(matches!(error, NemoError::Rejected(_)), "{error:?}");
    assert_eq!(peer.seen().len(), 1);
}

#[tokio::test]
async fn a_render_that_does_not_say_where_it_is_is_asked_for() {
    let head = |kind: &str| format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: 9000000\r\n\r\nabc");
    let peer = Peer::new(vec![
        Answer::json(200, r#"{"output":{"url":"https://cdn.example.com/o.mp4"},"size":1}"#),
        Answer::raw(head("video/mp4"), End::Hold),
        Answer::raw(
            "HTTP/1.1 302 x\r\nlocation: https://cdn.example.com/p.mp4\r\ncontent-length: 0\r\n\r\n",
            End::Close,
        ),
        Answer::json(404, r#"{"success":false,"error":"gone"}"#),
    ])
    .await;
    let (nemo, id) = (&peer.nemo, RenderId::random());
    let url = |text: &str| Some(text.parse::<Url>().unwrap());
    let at = |download| match download {
        Some(Download::At(url)) => Some(url),
        _ => None,
    };
    assert_eq!(nemo.render_download(&token(), &id).await.map(at), Ok(url("https://cdn.example.com/o.mp4")));
    let Ok(Some(Download::Here(file))) = nemo.render_download(&token(), &id).await else { panic!("no file") };
    assert_eq!(file.length, Some(9_000_000), "known before it is read");
    assert_eq!(nemo.render_download(&token(), &id).await.map(at), Ok(url("https://cdn.example.com/p.mp4")));
    assert_eq!(nemo.render_download(&token(), &id).await.map(at), Err(NemoError::UnknownRender));
}

#[tokio::test]
async fn a_rendered_file_that_breaks_off_or_stands_still_ends_in_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: 6\r\n\r\n";
    for (sent, end, good) in [("abcdef", End::Close, true), ("abc", End::Close, false), ("abc", End::Hold, false)] {
        let answer = Answer::raw(format!("{head}{sent}"), end);
        let peer = Peer::with(vec![answer], |settings| settings.call_timeout = Duration::from_millis(300)).await;
        let Ok(Some(Download::Here(file))) = peer.nemo.render_download(&token(), &RenderId::random()).await else {
            panic!("no file")
        };
        let pieces: Vec<_> = file.bytes.collect().await;
        let bytes: Vec<u8> = pieces.iter().flatten().flat_map(|piece| piece.to_vec()).collect();
        assert_eq!((bytes, pieces.iter().all(Result::is_ok)), (sent.as_bytes().to_vec(), good), "{sent} {end:?}");
    }
}

#[tokio::test]
async fn a_page_of_html_is_no_film_and_an_answer_that_never_comes_is_lost() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>";
    let script = vec![Answer::raw(page, End::Close), Answer::raw("", End::Hold)];
    let peer = Peer::with(script, |settings| settings.call_timeout = Duration::from_millis(300)).await;
    let (nemo, id) = (&peer.nemo, RenderId::random());
    let error = nemo.render_download(&token(), &id).await.unwrap_err();
    assert!(matches!(error, NemoError::NotUnderstood(_)), "{error:?}");
    for error in [
        nemo.render_download(&token(), &id).await.map(drop).unwrap_err(),
        nemo.render_status(&token(), &id).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(error, NemoError::Unavailable { sent: true });
    }
}

#[tokio::test]
async fn an_accepted_render_may_say_nothing_at_all() {
    let ack = r#"{"success":true,"data":{"id":"render_x","status":"pending","progress":5}}"#;
    let peer = Peer::new(vec![Answer::json(200, ""), Answer::json(200, ack), Answer::json(409, "{}")]).await;
    let submit =
        || async { peer.nemo.submit_render(&token(), &session(), &RenderId::random(), &RawDraft::none()).await };
    let running = |progress| Ok(RenderStatus { state: RenderState::Running, progress });
    assert_eq!(submit().await, running(None));
    assert_eq!(submit().await, running(Some(5)));
    assert_eq!(submit().await, Err(NemoError::DuplicateRender));
}

#[tokio::test]
async fn an_error_that_echoes_the_request_gives_no_token_away() {
    let echo = format!(r#"{{"detail":"bad request: authorization: Bearer {CANARY} at https://x.example/{CANARY}"}}"#);
    let peer = Peer::new(vec![Answer::json(500, &echo)]).await;
    let error = peer.nemo.converse(&token(), &session(), "hi").await.unwrap_err();
    let NemoError::Server(refusal) = &error else { panic!("{error:?}") };
    for shown in [error.to_string(), format!("{error:?}"), refusal.reason.for_log().to_owned()] {
        assert!(!shown.contains("CANARY"), "{shown}");
    }
    assert!(refusal.reason.for_log().contains("bad request"));
}

#[tokio::test]
async fn a_token_that_no_header_can_hold_is_refused_before_it_is_sent() {
    let peer = Peer::new(vec![Answer::json(200, "{}")]).await;
    let error = peer.nemo.credits(&Token::new("nmv_usr_a\nb")).await.unwrap_err();
    assert_eq!(error, NemoError::TokenRefused);
    assert!(peer.seen().is_empty());
}

#[test]
fn links_are_built_from_the_web_address_and_escaped() {
    let nemo = Nemo::new(settings("https://api.example")).unwrap();
    assert_eq!(nemo.register_link(None).as_str(), "https://web.example/register");
    assert_eq!(nemo.register_link(Some("anon_a&b")).as_str(), "https://web.example/register?bind=anon_a%26b");
    assert_eq!(nemo.claim_link("clm_x").as_str(), "https://web.example/workspace/claim?ct=clm_x");
    let hostile = nemo.address(&["api", "../..", "a/b?c#d"]);
    assert_eq!(hostile.as_str(), "https://api.example/api/..%2F../a%2Fb%3Fc%23d");
}

#[test]
fn unusable_settings_are_refused() {
    let mut unusable = settings("https://api.example");
    unusable.skill_version = "1.0\n".to_owned();
    assert!(matches!(Nemo::new(unusable), Err(NemoError::Setup(_))));
    assert!(matches!(Nemo::new(settings("mailto:a@b.example")), Err(NemoError::Setup(_))));
}
