//! The webhook over real sockets, and what Telegram is told of it.

use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::chat::inbound::Inbound;
use crate::telegram::intake::ALLOWED;
use crate::telegram::testing::{Inbox, Say, Server};

const WORD: &str = "a-secret_of_31_letters_and_more";
const URL: &str = "https://bot.example.com/telegram";

/// One instance's side of the webhook, listening. Ends when dropped.
struct Instance {
    address: String,
    _serving: JoinSet<()>,
}

impl Instance {
    async fn start(server: &Server, inbox: Arc<Inbox>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/any/path", listener.local_addr().unwrap());
        let router = server.telegram_with(hooked, Vec::new()).webhook(inbox).unwrap();
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, _serving: serving }
    }

    async fn brings(&self, secret: Option<&str>, body: impl Into<reqwest::Body>) -> reqwest::Response {
        let request = reqwest::Client::new().post(&self.address).body(body);
        let request = match secret {
            Some(secret) => request.header(SECRET, secret),
            None => request,
        };
        request.send().await.unwrap()
    }

    async fn takes(&self, update: &Value) -> u16 {
        self.brings(Some(WORD), update.to_string()).await.status().as_u16()
    }
}

fn hooked(settings: &mut crate::telegram::TelegramSettings) {
    settings.webhook = Some(WebhookSettings { url: URL.parse().unwrap(), secret: WORD.into(), connections: 40 });
}

fn text(id: i64) -> Value {
    json!({"update_id": id, "message": {
        "message_id": id, "chat": {"id": 42, "type": "private"}, "from": {"id": 42, "first_name": "Ada"}, "text": "hi",
    }})
}

async fn next(offers: &mut mpsc::Receiver<Inbound>) -> String {
    let offered = tokio::time::timeout(Duration::from_secs(20), offers.recv()).await;
    offered.expect("nothing was offered").unwrap().id.to_string()
}

#[tokio::test]
async fn only_who_brings_the_secret_is_heard_and_nobody_is_told_more() {
    let server = Server::start().await;
    let (inbox, mut offers) = Inbox::new(0);
    let instance = Instance::start(&server, inbox).await;
    let longer = format!("{WORD}x");
    for wrong in [None, Some(""), Some("a"), Some(&WORD[1..]), Some(longer.as_str())] {
        let answer = instance.brings(wrong, text(10).to_string()).await;
        assert_eq!(answer.status(), 401, "{wrong:?}");
        assert_eq!(answer.text().await.unwrap(), "", "{wrong:?}");
    }
    assert_eq!(server.calls(), [], "a stranger costs nothing");
    let answer = instance.brings(Some(WORD), text(11).to_string()).await;
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap()), (200, String::new()));
    assert_eq!(next(&mut offers).await, "11");
    let looked = reqwest::Client::new().get(&instance.address).header(SECRET, WORD).send().await.unwrap();
    assert_eq!(looked.status(), 405);
}

#[tokio::test]
async fn what_cannot_be_stored_is_asked_for_again_and_tells_when() {
    let server = Server::start().await;
    let (inbox, mut offers) = Inbox::new(1);
    let instance = Instance::start(&server, inbox).await;
    let answer = instance.brings(Some(WORD), text(10).to_string()).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (503, "2"));
    assert_eq!(instance.takes(&text(10)).await, 200);
    assert_eq!((next(&mut offers).await, next(&mut offers).await), ("10".to_owned(), "10".to_owned()));
}

#[tokio::test]
async fn nothing_is_taken_before_it_is_known_who_the_bot_is() {
    let server = Server::start().await;
    server.says("getMe", Say::Raw(502, b"<html>".to_vec()));
    let (inbox, mut offers) = Inbox::new(0);
    let instance = Instance::start(&server, inbox).await;
    assert_eq!(instance.takes(&text(10)).await, 503);
    assert_eq!(instance.takes(&text(10)).await, 200);
    assert_eq!(next(&mut offers).await, "10");
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_what_cannot_be_understood_is_passed_over() {
    let server = Server::start().await;
    let (inbox, mut offers) = Inbox::new(0);
    let instance = Instance::start(&server, inbox).await;
    let mut large = text(10);
    large["message"]["text"] = "x".repeat(UPDATE_LIMIT).into();
    assert_eq!(instance.takes(&large).await, 413);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for poison in ["", "\u{feff}{}", "{\"update_id\": 7", deep.as_str(), "{\"update_id\": 8, \"new_kind\": {}}"] {
        assert_eq!(instance.brings(Some(WORD), poison.to_owned()).await.status(), 200);
    }
    assert_eq!(instance.brings(Some(WORD), vec![b'"', 0xff, b'"']).await.status(), 200);
    assert_eq!(instance.takes(&text(11)).await, 200);
    assert_eq!(next(&mut offers).await, "11");
}

#[tokio::test]
async fn an_update_that_is_a_fault_of_ours_comes_three_times_and_no_more() {
    let server = Server::start().await;
    let (inbox, offers) = Inbox::new(0);
    // Whoever offers something now panics.
    drop(offers);
    let instance = Instance::start(&server, inbox).await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(instance.takes(&text(10)).await);
    }
    assert_eq!(answers, [500, 500, 200]);
    assert_eq!(instance.takes(&text(11)).await, 500, "each has tries of its own");
}

#[tokio::test]
async fn the_items_of_an_album_are_taken_together_by_whichever_instance() {
    let server = Server::start().await;
    let (inbox, mut offers) = Inbox::new(0);
    let one = Instance::start(&server, Arc::clone(&inbox)).await;
    let other = Instance::start(&server, inbox).await;
    let item = |id: i64, album: &str, caption: &str| {
        json!({"update_id": id, "message": {
            "message_id": id, "chat": {"id": -5, "type": "group"}, "from": {"id": 42}, "video": {"file_id": "A"},
            "media_group_id": album, "caption": caption,
            "caption_entities": if caption.is_empty() { json!([]) } else {
                json!([{"type": "mention", "offset": 0, "length": 9}])
            },
        }})
    };
    for (id, album, caption) in [(10, "a", "@nemo_bot cut"), (11, "a", ""), (12, "b", "")] {
        let instance = if id == 10 { &one } else { &other };
        assert_eq!(instance.takes(&item(id, album, caption)).await, 200);
    }
    assert_eq!(one.takes(&text(13)).await, 200);
    let offered = [next(&mut offers).await, next(&mut offers).await, next(&mut offers).await];
    assert_eq!(offered, ["10", "11", "13"]);
}

/// The part of whoever leads, under way. Stops when dropped.
struct Leading {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Leading {
    fn start(telegram: &Arc<crate::telegram::Telegram>, inbox: Arc<Inbox>) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let (ingress, token) = (telegram.ingress(inbox), stop.child_token());
        tasks.spawn(async move { ingress.listen(token).await });
        tasks.close();
        Self { stop, tasks }
    }

    async fn ends(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Leading {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn info(change: impl FnOnce(&mut Value)) -> Say {
    let mut info = json!({
        "url": URL, "has_custom_certificate": false, "pending_update_count": 0, "max_connections": 40,
        "allowed_updates": ALLOWED,
    });
    change(&mut info);
    Say::Result(info)
}

fn wanted() -> Value {
    json!({"url": URL, "secret_token": WORD, "max_connections": 40, "allowed_updates": ALLOWED})
}

#[tokio::test]
async fn telegram_is_told_where_to_bring_updates_only_where_it_does_not_know() {
    let reversed = |info: &mut Value| info["allowed_updates"].as_array_mut().unwrap().reverse();
    for (known, told) in [
        (info(|_| {}), false),
        (info(reversed), false),
        (info(|info| info["last_error_message"] = "Connection refused".into()), false),
        (info(|info| info["url"] = "".into()), true),
        (info(|info| info["max_connections"] = 41.into()), true),
        (info(|info| info["allowed_updates"] = json!(["message"])), true),
        (info(|info| info["last_error_message"] = "Wrong response from the webhook: 401 Unauthorized".into()), true),
    ] {
        let server = Server::start().await;
        server.says("getWebhookInfo", known);
        let (inbox, _offers) = Inbox::new(0);
        // The menu is seen to last.
        let menus = vec![crate::telegram::Menu { language: None, commands: Vec::new() }];
        let leading = Leading::start(&server.telegram_with(hooked, menus), inbox);
        server.sees("getMyCommands", 1).await;
        leading.ends().await;
        let calls: Vec<_> = server.calls();
        let set: Vec<_> = calls.iter().filter(|(name, _)| name == "setWebhook").map(|(_, body)| body).collect();
        assert_eq!(set, if told { vec![wanted()] } else { vec![] }.iter().collect::<Vec<_>>());
        let names: Vec<_> = calls.iter().map(|(name, _)| name.as_str()).collect();
        assert!(!names.contains(&"deleteWebhook") && !names.contains(&"getUpdates"), "{names:?}");
    }
}

#[tokio::test]
async fn a_secret_that_was_changed_is_told_as_soon_as_the_old_one_comes() {
    let server = Server::start().await;
    let failed = |info: &mut Value| {
        info["last_error_date"] = 1_700_000_000.into();
        info["last_error_message"] = "Wrong response from the webhook: 401 Unauthorized".into();
    };
    server.says("getWebhookInfo", info(|_| {})).says("getWebhookInfo", info(failed));
    let (inbox, _offers) = Inbox::new(0);
    let telegram = server.telegram_with(hooked, Vec::new());
    let leading = Leading::start(&telegram, inbox);
    server.sees("getWebhookInfo", 1).await;
    telegram.stranger.notify_one();
    assert_eq!(server.sees("setWebhook", 1).await, [wanted()]);
    leading.ends().await;
}
