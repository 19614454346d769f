//! Streams that bring others down: what cannot be read is passed over or ends its stream, in bounded time and memory.

use std::time::Duration;

use futures::StreamExt;
use rstest::rstest;

use super::super::peer::{Answer, End, Peer};
use super::super::{NemoError, SessionId, Token};
use super::{AgentEvents, BreakKind, StreamError};

const FRAME: &str = "data: {\"type\":\"text\",\"content\":\"Hi\"}\n\n";
/// What the whole takes on a busy machine; another parser needs ten seconds for the long line alone.
const PATIENCE: Duration = Duration::from_secs(8);

async fn told(mut events: AgentEvents) -> (String, Option<StreamError>) {
    let mut error = None;
    while let Some(event) = events.next().await {
        error = event.err();
    }
    (events.into_transcript().text(), error)
}

fn line(bytes: usize) -> String {
    format!("data: {{\"type\":\"noise\",\"content\":\"{}\"}}\n\n", "x".repeat(bytes))
}

fn nested(depth: usize) -> String {
    format!("data: {{\"type\":\"noise\",\"content\":{}{}}}\n\n", "[".repeat(depth), "]".repeat(depth))
}

#[rstest]
#[case::a_byte_order_mark("\u{feff}".to_owned(), "Hi", None)]
#[case::one_before_an_event("\n\n\u{feff}data: x\n\n".to_owned(), "Hi", None)]
#[case::a_line_of_eight_megabytes(line(8 << 20), "Hi", None)]
#[case::a_line_above_the_cap(line(17 << 20), "", Some(StreamError::Broken(BreakKind::FrameTooLarge)))]
#[case::no_json(format!("data: {{\"type\":\n\ndata: }}{{\n\n{}", "data: \u{0}\n\n"), "Hi", None)]
#[case::nested_ten_thousand_deep(nested(10_000), "Hi", None)]
#[case::a_million_empty_lines("\n".repeat(1 << 20), "Hi", None)]
#[tokio::test]
async fn a_poisoned_stream_ends_in_time_and_what_follows_is_read(
    #[case] poison: String,
    #[case] text: &str,
    #[case] error: Option<StreamError>,
) {
    let answers = [Answer::stream(&[&poison, FRAME], End::Close), Answer::stream(&[FRAME], End::Close)];
    let peer = Peer::new(answers.into()).await;
    let (token, session) = (Token::new("nmv_usr_x"), SessionId::new("1"));
    let run = async {
        let poisoned = told(peer.nemo.converse(&token, &session, "hi").await?).await;
        Ok::<_, NemoError>((poisoned, told(peer.nemo.converse(&token, &session, "hello").await?).await))
    };
    let (poisoned, next) = tokio::time::timeout(PATIENCE, run).await.expect("in time").unwrap();
    assert_eq!(poisoned, (text.to_owned(), error));
    assert_eq!(next, ("Hi".to_owned(), None), "the next one is none the worse");
    assert_eq!(peer.seen().len(), 2, "nothing is sent again");
}
