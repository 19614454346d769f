use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use serde_json::json;
use tokio_util::task::TaskTracker;

use super::*;
use crate::chat::choice::{Action, Choice, Signer};
use crate::chat::id::{MessageId, PlaceId, Platform, UserId};
use crate::chat::inbound::{Inbound, InboundKind};
use crate::ingress::PlaceNote;
use crate::telegram::testing::{Inbox, KEY, Say, Server};

/// A listener under way. Stops when dropped.
struct Listening {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Listening {
    fn start(ingress: Arc<dyn Ingress>) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let token = stop.child_token();
        tasks.spawn(async move { ingress.listen(token).await });
        tasks.close();
        Self { stop, tasks }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn next(offers: &mut tokio::sync::mpsc::Receiver<Inbound>) -> Inbound {
    tokio::time::timeout(Duration::from_secs(20), offers.recv()).await.expect("nothing was offered").unwrap()
}

fn text(id: i64, text: &str) -> Value {
    json!({"update_id": id, "message": {
        "message_id": id, "chat": {"id": 42, "type": "private"}, "from": {"id": 42, "first_name": "Ada"}, "text": text,
    }})
}

#[tokio::test]
async fn a_listener_introduces_itself_even_if_telegram_is_away_at_first() {
    let server = Server::start().await;
    server.says("getMe", Say::Raw(502, b"<html>".to_vec()));
    let (inbox, _offers) = Inbox::new(0);
    let _listening = Listening::start(server.telegram().ingress(inbox));
    let polls = server.sees("getUpdates", 1).await;
    assert_eq!(polls[0], json!({"limit": 100, "timeout": 25, "allowed_updates": ALLOWED}));
    let names: Vec<String> = server.calls().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["getMe", "getMe", "deleteWebhook", "getUpdates"]);
    assert_eq!(server.sees("deleteWebhook", 1).await[0], json!({"drop_pending_updates": false}));
}

#[tokio::test]
async fn a_menu_is_set_only_where_it_differs() {
    let server = Server::start().await;
    server.says("getMyCommands", Say::Result(json!([{"command": "help", "description": "How it works"}])));
    let menu = |language: Option<&str>, words: &str| Menu {
        language: language.map(str::to_owned),
        commands: vec![("help".to_owned(), words.to_owned())],
    };
    let menus = vec![menu(None, "How it works"), menu(Some("zh"), "使用方法")];
    let (inbox, _offers) = Inbox::new(0);
    let _listening = Listening::start(server.telegram_with(|_| {}, menus).ingress(inbox));
    server.sees("getUpdates", 1).await;
    assert_eq!(server.sees("getMyCommands", 2).await, [json!({}), json!({"language_code": "zh"})]);
    let commands = json!([{"command": "help", "description": "使用方法"}]);
    assert_eq!(server.sees("setMyCommands", 1).await, [json!({"language_code": "zh", "commands": commands})]);
}

#[tokio::test]
async fn an_update_is_confirmed_only_after_it_was_stored() {
    let server = Server::start().await;
    server.says("getUpdates", Say::Result(json!([text(10, "one"), text(11, "two")])));
    let (inbox, mut offers) = Inbox::new(1);
    let _listening = Listening::start(server.telegram().ingress(inbox));
    let mut offered = Vec::new();
    for _ in 0..2 {
        offered.push(next(&mut offers).await.id.to_string());
    }
    assert_eq!(server.calls().iter().filter(|(name, _)| name == "getUpdates").count(), 1, "confirmed too early");
    offered.push(next(&mut offers).await.id.to_string());
    assert_eq!(offered, ["10", "10", "11"]);
    assert_eq!(server.sees("getUpdates", 2).await[1]["offset"], 12);
}

#[tokio::test]
async fn what_cannot_be_understood_is_passed_over_and_loses_nothing_beside_it() {
    let server = Server::start().await;
    let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
    let batch = format!(
        r#"{{"ok": true, "result": [{{"update_id": 10, "message": {deep}}}, {{"update_id": 11, "new_kind": {{}}}}, {}, 7]}}"#,
        text(12, "hello")
    );
    server.says("getUpdates", Say::Raw(200, batch.into_bytes()));
    let (inbox, mut offers) = Inbox::new(0);
    let _listening = Listening::start(server.telegram().ingress(inbox));
    assert_eq!(next(&mut offers).await.id.as_str(), "12");
    assert_eq!(server.sees("getUpdates", 2).await[1]["offset"], 13);
}

#[tokio::test]
async fn an_update_that_is_a_fault_of_ours_is_passed_over_after_three_times() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.says("getUpdates", Say::Result(json!([text(10, "one")])));
    }
    let (inbox, offers) = Inbox::new(0);
    // Whoever offers something now panics.
    drop(offers);
    let ingress = server.telegram().ingress(inbox);
    for _ in 0..2 {
        let panicked = AssertUnwindSafe(ingress.listen(CancellationToken::new())).catch_unwind().await;
        assert!(panicked.is_err(), "whoever leads starts it again");
    }
    let _listening = Listening::start(ingress);
    assert_eq!(server.sees("getUpdates", 4).await[3]["offset"], 11);
}

#[tokio::test]
async fn a_press_is_answered_and_handed_on() {
    let server = Server::start().await;
    let choice = Choice { action: Action::Stop, owner: UserId::new("42"), project: 1, argument: String::new() };
    let data = Signer::new(KEY).write(&choice, Platform::Telegram, &PlaceId::new("-5"));
    let press = |id: i64, by: i64| {
        json!({"update_id": id, "callback_query": {
            "id": format!("q{by}"), "from": {"id": by}, "data": data, "message": {"message_id": 70, "chat": {"id": -5}},
        }})
    };
    server.says("getUpdates", Say::Result(json!([press(10, 43), press(11, 42)])));
    let (inbox, mut offers) = Inbox::new(0);
    let _listening = Listening::start(server.telegram().ingress(inbox));
    let inbound = next(&mut offers).await;
    assert_eq!(inbound.id.as_str(), "11");
    assert_eq!(inbound.kind, InboundKind::Pressed { message: MessageId::new("70"), choice, buttons: Vec::new() });
    let mut answers = server.sees("answerCallbackQuery", 2).await;
    answers.sort_by_key(|answer| answer["callback_query_id"].to_string());
    assert_eq!(answers[0], json!({"callback_query_id": "q42"}));
    assert_eq!(answers[1], json!({"callback_query_id": "q43", "text": "Only the owner can use this button."}));
}

#[tokio::test]
async fn a_clip_is_taken_where_an_administrator_said_so() {
    let server = Server::start().await;
    let clip = |id: i64, chat: i64| {
        json!({"update_id": id, "message": {
            "message_id": id, "chat": {"id": chat, "type": "group"}, "from": {"id": 42}, "video": {"file_id": "A"},
        }})
    };
    server.says("getUpdates", Say::Result(json!([clip(10, -5), clip(11, -6), clip(12, -7)])));
    let (inbox, mut offers) = Inbox::new(0);
    let note = PlaceNote { clips: true, ..PlaceNote::default() };
    inbox.notes.lock().unwrap().insert(PlaceId::new("-6"), note);
    let telegram = server.telegram_with(|settings| settings.clip_chats = vec![-7], Vec::new());
    let _listening = Listening::start(telegram.ingress(inbox));
    let taken = [next(&mut offers).await.id.to_string(), next(&mut offers).await.id.to_string()];
    assert_eq!(taken, ["11", "12"]);
    assert_eq!(server.sees("getUpdates", 2).await[1]["offset"], 13);
}

#[tokio::test]
async fn a_group_that_moves_is_noted() {
    let server = Server::start().await;
    let notice = json!({"update_id": 10, "message": {
        "message_id": 1, "chat": {"id": -5, "type": "group"}, "from": {"id": 42}, "migrate_to_chat_id": -1005,
    }});
    let clip = json!({"update_id": 11, "message": {
        "message_id": 3, "chat": {"id": -1005, "type": "supergroup"}, "from": {"id": 42}, "video": {"file_id": "A"},
        "is_topic_message": true, "message_thread_id": 9,
    }});
    server.says("getUpdates", Say::Result(json!([notice, clip])));
    let (inbox, mut offers) = Inbox::new(0);
    let telegram = server.telegram_with(|settings| settings.clip_chats = vec![-5], Vec::new());
    let listening = Listening::start(telegram.ingress(inbox.clone()));
    let came = next(&mut offers).await;
    let InboundKind::Message { message, .. } = &came.kind else { panic!("{came:?}") };
    assert_eq!((came.from.place.as_str(), message.as_str()), ("-5/9", "3@-1005"));
    server.sees("getUpdates", 2).await;
    let note = |chat: &str| inbox.notes.lock().unwrap()[&PlaceId::new(chat)].clone();
    assert_eq!(note("-5").moved_to, Some(PlaceId::new("-1005")));
    assert_eq!(note("-1005").moved_from, Some(PlaceId::new("-5")));
    drop(listening);

    // Another process reads the notes: what comes in is brought home, what goes out finds the new chat and topic.
    let server = Server::start().await;
    let press = json!({"update_id": 12, "message": {
        "message_id": 4, "chat": {"id": -1005, "type": "supergroup"}, "from": {"id": 42}, "text": "/status",
    }});
    server.says("getUpdates", Say::Result(json!([press])));
    let (again, mut offers) = Inbox::new(0);
    again.notes.lock().unwrap().clone_from(&inbox.notes.lock().unwrap());
    let telegram = server.telegram();
    let surface = telegram.surface();
    let _listening = Listening::start(telegram.ingress(again));
    assert_eq!(next(&mut offers).await.from.place.as_str(), "-5");
    let target = crate::telegram::testing::target("-5/9");
    for _ in 0..10 {
        let sign = surface.signal(&target, crate::chat::surface::Signal::Done(MessageId::new("4"), true)).await;
        assert!(matches!(sign, Err(crate::chat::surface::SurfaceError::Gone)), "a number of the old group's: {sign:?}");
    }
    // They took no slot in the new chat.
    surface.signal(&target, crate::chat::surface::Signal::Seen(MessageId::new("4@-1005"))).await.unwrap();
    let expected = json!({"chat_id": -1005, "message_id": 4, "reaction": [{"type": "emoji", "emoji": "👀"}]});
    assert_eq!(server.sees("setMessageReaction", 1).await, [expected]);
    let gone = crate::chat::reply::Reply::new(crate::chat::rich::RichText::plain("x"));
    let edited = surface.edit(&target, &MessageId::new("4"), &gone).await;
    assert!(matches!(edited, Err(crate::chat::surface::SurfaceError::Gone)), "a number of the old group's");
}

#[tokio::test]
async fn clips_that_privacy_mode_hides_are_told_of() {
    let me = |reads: bool| Say::Result(json!({"id": 1, "username": "nemo_bot", "can_read_all_group_messages": reads}));
    let ask = |id: i64| {
        json!({"update_id": id, "message": {
            "message_id": 1, "chat": {"id": -5, "type": "group"}, "from": {"id": 42}, "text": "/clips on",
        }})
    };
    for (reads, own, word) in [(false, "member", "hidden"), (false, "administrator", "on"), (true, "member", "on")] {
        let server = Server::start().await;
        server.says("getMe", me(reads)).says("getUpdates", Say::Result(json!([ask(10)])));
        server.says("getChatMember", Say::Result(json!({"status": "creator"})));
        server.says("getChatMember", Say::Result(json!({"status": own})));
        let (inbox, mut offers) = Inbox::new(0);
        let _listening = Listening::start(server.telegram().ingress(inbox));
        let came = next(&mut offers).await;
        let InboundKind::Command { argument, .. } = &came.kind else { panic!("{came:?}") };
        assert_eq!(argument, word, "{reads} {own}");
    }
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_asked_for_in_smaller_pieces() {
    let server = Server::start().await;
    server.says("getUpdates", Say::Raw(200, vec![b' '; ANSWER_LIMIT + 1]));
    let (inbox, _offers) = Inbox::new(0);
    let _listening = Listening::start(server.telegram().ingress(inbox));
    assert_eq!(server.sees("getUpdates", 2).await[1]["limit"], 50);
}

#[tokio::test]
async fn updates_without_a_number_do_not_make_the_poll_race() {
    let server = Server::start().await;
    server.says("getUpdates", Say::Result(json!([{"message": {}}])));
    let (inbox, _offers) = Inbox::new(0);
    let start = tokio::time::Instant::now();
    let _listening = Listening::start(server.telegram().ingress(inbox));
    server.sees("getUpdates", 2).await;
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_refused_token_ends_the_listening_for_long() {
    let server = Server::start().await;
    server.refuses("getUpdates", 401, "Unauthorized");
    let (inbox, _offers) = Inbox::new(0);
    let wait = server.telegram().ingress(inbox).listen(CancellationToken::new()).await;
    assert_eq!(wait, Some(TOKEN_WAIT));
}

#[tokio::test]
async fn a_listener_stops_in_the_middle_of_a_poll_and_of_a_wait() {
    for busy in [0, usize::MAX] {
        let server = Server::start().await;
        server.says("getUpdates", Say::Result(json!([text(10, "one")])));
        let (inbox, mut offers) = Inbox::new(busy);
        let listening = Listening::start(server.telegram().ingress(inbox));
        next(&mut offers).await;
        listening.stop.cancel();
        listening.tasks.wait().await;
    }
}

#[test]
fn another_poller_and_a_penalty_are_waited_out() {
    let mut wait = Backoff::default();
    let penalty = Duration::from_mins(15);
    assert_eq!(pause_after(&mut wait, &CallError::Conflict, false), Duration::from_secs(1));
    assert_eq!(pause_after(&mut wait, &CallError::Conflict, true), Duration::from_secs(30));
    assert_eq!(pause_after(&mut wait, &CallError::Throttled(penalty), false), penalty);
    assert_eq!(pause_after(&mut wait, &CallError::nonsense("x"), false), Duration::from_secs(1));
}
