//! The outbound side against a server: exact bodies out, decisions back.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};

use super::files::Held;
use super::testing::{Inbox, KEY, Say, Server, settings, target};
use super::{ProbeError, SetupError, Telegram};
use crate::chat::choice::{Action, Choice, Signer};
use crate::chat::id::{MessageId, PlaceId, Platform, UserId};
use crate::chat::inbound::MediaRef;
use crate::chat::reply::{Button, ButtonAction, ButtonStyle, Reply};
use crate::chat::rich::{RichText, TextLimit};
use crate::chat::surface::{DeliveryKey, Signal, Surface, SurfaceError};
use crate::clock::Clock;

const REFUSED_MARKS: &str = "Bad Request: can't parse entities: ENTITY_BOUNDS_INVALID";

pub(super) fn reply(markdown: &str) -> Reply {
    Reply::new(RichText::markdown(markdown))
}

pub(super) async fn post(surface: &dyn Surface, reply: &Reply) -> Result<MessageId, SurfaceError> {
    surface.post(&target("42"), reply, DeliveryKey::random()).await
}

async fn edit(surface: &dyn Surface, reply: &Reply) -> Result<(), SurfaceError> {
    surface.edit(&target("42"), &MessageId::new("70"), reply).await
}

pub(super) fn held(file: &str, size: Option<u64>) -> MediaRef {
    Held { file: file.to_owned(), size }.write()
}

#[tokio::test]
async fn a_message_goes_out_with_entities_and_without_previews() {
    let server = Server::start().await;
    let id = post(&*server.surface(), &reply("Hello **you**")).await.unwrap();
    assert_eq!(id.as_str(), "70");
    let expected = json!({
        "chat_id": 42,
        "text": "Hello you",
        "entities": [{"type": "bold", "offset": 6, "length": 3}],
        "link_preview_options": {"is_disabled": true},
    });
    assert_eq!(server.only_call(), ("sendMessage".to_owned(), expected));
}

#[tokio::test]
async fn a_quiet_message_in_a_topic_carries_its_buttons() {
    let server = Server::start().await;
    let choice = Choice { action: Action::Stop, owner: UserId::new("42"), project: 3, argument: String::new() };
    let button = |label: &str, does, style| Button { label: label.to_owned(), does, style };
    let stop = button("Stop", ButtonAction::Press(choice.clone()), ButtonStyle::Danger);
    let open = button("Open", ButtonAction::Open("https://a.example/x".parse().unwrap()), ButtonStyle::Primary);
    let copy = button("Copy title", ButtonAction::Copy("A title".to_owned()), ButtonStyle::Plain);
    let reply = Reply { preview: true, ..reply("Hi").quietly().with_buttons(vec![stop, open, copy]) };
    server.surface().post(&target("-500/9"), &reply, DeliveryKey::random()).await.unwrap();
    let data = Signer::new(KEY).write(&choice, Platform::Telegram, &PlaceId::new("-500/9"));
    let expected = json!({
        "chat_id": -500,
        "message_thread_id": 9,
        "disable_notification": true,
        "reply_markup": {"inline_keyboard": [
            [
                {"text": "Stop", "callback_data": data, "style": "danger"},
                {"text": "Open", "url": "https://a.example/x", "style": "primary"},
            ],
            [{"text": "Copy title", "copy_text": {"text": "A title"}}],
        ]},
        "text": "Hi",
    });
    assert_eq!(server.only_call(), ("sendMessage".to_owned(), expected));
}

#[tokio::test]
async fn an_edit_names_its_message_and_takes_the_buttons_away() {
    let server = Server::start().await;
    server.surface().edit(&target("-500/9"), &MessageId::new("70"), &reply("Done").quietly()).await.unwrap();
    let expected =
        json!({"chat_id": -500, "message_id": 70, "text": "Done", "link_preview_options": {"is_disabled": true}});
    assert_eq!(server.only_call(), ("editMessageText".to_owned(), expected));
}

#[tokio::test]
async fn an_edit_into_the_same_is_a_success() {
    let server = Server::start().await;
    server.refuses("editMessageText", 400, "Bad Request: message is not modified: exactly the same");
    edit(&*server.surface(), &reply("x")).await.unwrap();
}

#[tokio::test]
async fn a_message_of_number_zero_is_not_edited() {
    let server = Server::start().await;
    let result = server.surface().edit(&target("42"), &MessageId::new("0"), &reply("x")).await;
    assert!(matches!(result, Err(SurfaceError::Gone)));
    assert!(server.calls().is_empty());
}

#[tokio::test]
async fn refused_formatting_goes_once_more_as_plain_words() {
    let server = Server::start().await;
    server.refuses("sendMessage", 400, REFUSED_MARKS);
    post(&*server.surface(), &reply("**bold**")).await.unwrap();
    let bodies = server.sees("sendMessage", 2).await;
    assert!(bodies[0].get("entities").is_some());
    assert_eq!((&bodies[1]["text"], bodies[1].get("entities")), (&json!("bold"), None));

    let server = Server::start().await;
    server.refuses("sendMessage", 400, REFUSED_MARKS).refuses("sendMessage", 400, REFUSED_MARKS);
    assert!(matches!(post(&*server.surface(), &reply("**bold**")).await, Err(SurfaceError::Refused(_))));
    assert_eq!(server.calls().len(), 2);
}

#[rstest]
#[case(403, "Forbidden: bot was blocked by the user", "Forbidden")]
#[case(400, "Bad Request: message to edit not found", "Gone")]
#[case(400, "Bad Request: message can't be edited", "Gone")]
#[case(400, "Bad Request: MESSAGE_TOO_LONG", "TooLarge")]
#[case(400, "Bad Request: BUTTON_URL_INVALID", "Refused")]
#[tokio::test]
async fn each_refusal_is_a_decision(#[case] status: u16, #[case] description: &str, #[case] variant: &str) {
    let server = Server::start().await;
    server.refuses("editMessageText", status, description);
    let error = edit(&*server.surface(), &reply("x")).await.unwrap_err();
    assert!(format!("{error:?}").starts_with(variant), "{error:?}");
    assert_eq!(server.calls().len(), 1, "nothing is tried again");
}

#[rstest]
#[case(413, "TooLarge")]
#[case(502, "Unavailable")]
#[case(200, "Unavailable")]
#[tokio::test]
async fn a_page_of_html_is_read_by_its_status(#[case] status: u16, #[case] variant: &str) {
    let server = Server::start().await;
    server.says("sendMessage", Say::Raw(status, b"<html>nginx</html>".to_vec()));
    let error = post(&*server.surface(), &reply("x")).await.unwrap_err();
    assert!(format!("{error:?}").starts_with(variant), "{error:?}");
    assert_eq!(server.calls().len(), 1, "an ambiguous failure is not repeated");
}

#[tokio::test]
async fn a_penalty_is_obeyed_told_and_noted() {
    let server = Server::start().await;
    let penalty = json!({"description": "Too Many Requests: retry after 238", "parameters": {"retry_after": 238}});
    server.says("editMessageText", Say::Refusal(429, penalty));
    let telegram = server.telegram();
    let (inbox, _offers) = Inbox::new(0);
    let _ingress = telegram.ingress(inbox.clone());
    let surface = telegram.surface();
    let now = Clock::system().now();
    let Err(SurfaceError::RateLimited { retry_after }) = edit(&*surface, &reply("x")).await else { panic!("no wait") };
    assert!((238.0..239.0).contains(&retry_after.as_secs_f64()), "{retry_after:?}");
    for _ in 0..3 {
        assert!(matches!(post(&*surface, &reply("y")).await, Err(SurfaceError::RateLimited { .. })));
    }
    assert_eq!(server.calls().len(), 1, "no call inside the window");
    let until = inbox.notes.lock().unwrap()[&PlaceId::new("42")].blocked_until.unwrap();
    assert!((237..241).contains(&until.since(now).as_secs()));
    assert!(surface.capabilities(&PlaceId::new("42")).edit_interval > Duration::from_secs(2));

    // Another process reads the note before its first message.
    let telegram = server.telegram();
    let _ingress = telegram.ingress(inbox);
    let Err(SurfaceError::RateLimited { retry_after }) = post(&*telegram.surface(), &reply("x")).await else {
        panic!("the penalty was forgotten")
    };
    assert!(retry_after > Duration::from_secs(230));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn a_group_that_moved_is_followed_once_and_remembered() {
    let server = Server::start().await;
    let moved =
        || json!({"description": "Bad Request: group chat was upgraded", "parameters": {"migrate_to_chat_id": -900}});
    server.says("sendMessage", Say::Refusal(400, moved()));
    let telegram = server.telegram();
    let (inbox, _offers) = Inbox::new(0);
    let _ingress = telegram.ingress(inbox.clone());
    let surface = telegram.surface();
    for _ in 0..2 {
        surface.post(&target("-500"), &reply("x"), DeliveryKey::random()).await.unwrap();
    }
    let chats: Vec<Value> = server.calls().iter().map(|(_, body)| body["chat_id"].clone()).collect();
    assert_eq!(chats, [-500, -900, -900]);
    assert_eq!(inbox.notes.lock().unwrap()[&PlaceId::new("-500")].moved_to, Some(PlaceId::new("-900")));

    let server = Server::start().await;
    server.says("sendMessage", Say::Refusal(400, moved())).says("sendMessage", Say::Refusal(400, moved()));
    assert!(server.surface().post(&target("-500"), &reply("x"), DeliveryKey::random()).await.is_err());
    assert_eq!(server.calls().len(), 2);
}

#[tokio::test]
async fn a_message_that_is_gone_already_counts_as_removed() {
    let server = Server::start().await;
    server.refuses("deleteMessage", 400, "Bad Request: message to delete not found");
    server.surface().remove(&target("42"), &MessageId::new("70")).await.unwrap();
    assert_eq!(server.only_call(), ("deleteMessage".to_owned(), json!({"chat_id": 42, "message_id": 70})));
}

#[rstest]
#[case(Signal::Typing, "sendChatAction", json!({"chat_id": -500, "message_thread_id": 9, "action": "typing"}))]
#[case(Signal::SendingVideo, "sendChatAction", json!({"chat_id": -500, "message_thread_id": 9, "action": "upload_video"}))]
#[case(
    Signal::Seen(MessageId::new("7")), "setMessageReaction",
    json!({"chat_id": -500, "message_id": 7, "reaction": [{"type": "emoji", "emoji": "👀"}]})
)]
#[case(
    Signal::Done(MessageId::new("7"), true), "setMessageReaction",
    json!({"chat_id": -500, "message_id": 7, "reaction": [{"type": "emoji", "emoji": "👍"}]})
)]
#[case(
    Signal::Done(MessageId::new("7"), false), "setMessageReaction",
    json!({"chat_id": -500, "message_id": 7, "reaction": [{"type": "emoji", "emoji": "😢"}]})
)]
#[tokio::test]
async fn a_sign_of_life_is_one_call(#[case] signal: Signal, #[case] method: &str, #[case] body: Value) {
    let server = Server::start().await;
    server.surface().signal(&target("-500/9"), signal).await.unwrap();
    assert_eq!(server.only_call(), (method.to_owned(), body));
}

#[tokio::test]
async fn a_sign_without_a_slot_is_left_out() {
    let server = Server::start().await;
    let surface = server.surface();
    for _ in 0..10 {
        surface.signal(&target("42"), Signal::Typing).await.unwrap();
    }
    assert!(server.calls().len() < 5);
}

#[tokio::test]
async fn the_private_chat_has_an_address_once_the_bot_knows_its_name() {
    let server = Server::start().await;
    let surface = server.surface();
    for _ in 0..2 {
        let address = surface.private_chat("connect").await.unwrap();
        assert_eq!(address.as_str(), "https://t.me/nemo_bot?start=connect");
    }
    assert_eq!(server.only_call().0, "getMe");
    let server = Server::start().await;
    server.says("getMe", Say::Raw(502, Vec::new()));
    assert_eq!(server.surface().private_chat("connect").await, None);
}

#[tokio::test]
async fn a_text_over_the_limit_is_not_tried() {
    let server = Server::start().await;
    let result = post(&*server.surface(), &reply(&"é".repeat(4097))).await;
    assert!(matches!(result, Err(SurfaceError::TooLarge)));
    assert!(server.calls().is_empty());
}

#[tokio::test]
async fn places_tell_what_they_can() {
    let server = Server::start().await;
    let surface = server.surface();
    let private = surface.capabilities(&PlaceId::new("42"));
    let group = surface.capabilities(&PlaceId::new("-500/9"));
    assert_eq!((private.shared, private.edit_interval), (false, Duration::from_millis(1100)));
    assert_eq!((group.shared, group.edit_interval), (true, Duration::from_millis(3100)));
    assert_eq!(private.text_limit, TextLimit::Utf16(4000));
}

#[tokio::test]
async fn a_probe_tells_the_name_or_what_is_wrong() {
    let server = Server::start().await;
    assert_eq!(server.telegram().probe().await.unwrap().0, "nemo_bot");
    server.refuses("getMe", 401, "Unauthorized");
    assert!(matches!(server.telegram().probe().await, Err(ProbeError::Token)));
    server.says("getMe", Say::Raw(502, Vec::new()));
    assert!(matches!(server.telegram().probe().await, Err(ProbeError::Unreachable(_))));
}

#[test]
fn a_token_that_would_change_the_address_is_refused() {
    for token in ["", "12:ab/../x", "12:ab?x", "12:a b"] {
        let mut settings = settings("http://127.0.0.1:9");
        settings.token = token.into();
        let built = Telegram::new(settings, Signer::new(KEY), Clock::system(), Vec::new());
        assert!(matches!(built, Err(SetupError::Token)), "{token}");
    }
}

#[tokio::test]
async fn nothing_that_can_be_printed_holds_the_token() {
    let mut printed = Vec::new();
    let mut print = |error: SurfaceError| {
        let mut source: Option<&dyn std::error::Error> = Some(&error);
        printed.push(format!("{error:?}"));
        while let Some(error) = source {
            printed.push(format!("{error} {error:?}"));
            source = error.source();
        }
    };
    // Nobody listens there.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let build =
        |address: &str| Telegram::new(settings(address), Signer::new(KEY), Clock::system(), Vec::new()).unwrap();
    let deaf = build(&format!("http://{closed}"));
    print(post(&*deaf.surface(), &reply("x")).await.unwrap_err());
    print(deaf.surface().open(&held("A", None)).await.unwrap_err());
    let server = Server::start().await;
    server.says("sendMessage", Say::Raw(200, b"no json".to_vec()));
    print(post(&*server.surface(), &reply("x")).await.unwrap_err());
    server.says("getFile", Say::Result(json!({"file_path": "x y/\u{0}%"})));
    server.serves(500, b"");
    print(server.surface().open(&held("A", None)).await.unwrap_err());
    server.says("getFile", Say::Result(json!({"file_path": "a.mp4", "file_size": 9})));
    server.serves(200, b"short");
    print(server.surface().open(&held("A", None)).await.unwrap_err());
    printed.push(format!("{deaf:?} {:?} {:?}", deaf.surface(), deaf.ingress(Inbox::new(0).0)));
    printed.push(format!("{:?} {:?}", deaf.probe().await, settings("http://127.0.0.1:9")));
    assert!(printed.len() > 10);
    for text in printed {
        assert!(!text.contains("AAsecret") && !text.contains("123456"), "{text}");
    }
}
