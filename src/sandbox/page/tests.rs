//! The page over real HTTP, with a chat and a backend that do nothing by themselves.

mod discord;
mod uploads;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::{StreamExt, stream};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sse_stream::{Sse, SseStream};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use self::discord::Discord;
use super::{Answer, Backend, ChatView, Scenario, SentFile, Views, asset, serve};
use crate::sandbox::journal::Journal;

#[derive(Debug)]
struct Chat {
    changes: watch::Sender<u64>,
    messages: Mutex<Vec<Value>>,
    answers: Mutex<Vec<(String, Answer)>>,
    received: watch::Sender<Vec<(SentFile, Vec<u8>)>>,
    pressed: watch::Sender<Vec<String>>,
    folder: TempDir,
}

impl Chat {
    fn add(&self, mut message: Value) -> i64 {
        let mut messages = self.messages.lock().unwrap();
        let id = i64::try_from(messages.len() + 1).unwrap();
        message["message_id"] = json!(id);
        messages.push(message);
        drop(messages);
        self.changes.send_modify(|count| *count += 1);
        id
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Value>)) {
        change(&mut self.messages.lock().unwrap());
        self.changes.send_modify(|count| *count += 1);
    }
}

#[async_trait]
impl ChatView for Chat {
    fn says(&self, language: &str, text: &str) -> i64 {
        self.add(json!({ "from": "user", "text": text, "language": language }))
    }

    async fn sends_file(&self, _language: &str, file: SentFile) -> io::Result<i64> {
        let bytes = std::fs::read(&file.path)?;
        self.received.send_modify(|received| received.push((file, bytes)));
        Ok(1)
    }

    fn presses(&self, _language: &str, _message: i64, data: &str) -> Option<String> {
        if data == "missing" {
            return None;
        }
        self.pressed.send_modify(|pressed| pressed.push(data.to_owned()));
        Some(data.to_owned())
    }

    fn answer(&self, press: &str) -> Option<Answer> {
        self.answers.lock().unwrap().iter().find(|(name, _)| name == press).map(|(_, answer)| answer.clone())
    }

    fn shown(&self) -> Value {
        Value::Array(self.messages.lock().unwrap().clone())
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn chat_action(&self) -> Option<String> {
        None
    }

    fn menu(&self, language: &str) -> Vec<(String, String)> {
        vec![("help".to_owned(), language.to_owned())]
    }

    fn file(&self, id: &str) -> Option<(PathBuf, String)> {
        let path = self.folder.path().join(id);
        path.exists().then(|| (path, if id.contains("html") { "text/html" } else { "video/mp4" }.to_owned()))
    }
}

#[derive(Debug, Default)]
struct Steered(Mutex<String>);

impl Backend for Steered {
    fn scenarios(&self) -> Vec<Scenario> {
        vec![Scenario { name: "slow".to_owned(), description: "Takes its time.".to_owned() }]
    }

    fn playing(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    fn play(&self, name: &str) -> bool {
        let known = name == "slow";
        if known {
            name.clone_into(&mut self.0.lock().unwrap());
        }
        known
    }

    fn release(&self) {
        "released".clone_into(&mut self.0.lock().unwrap());
    }
}

struct Try {
    address: SocketAddr,
    client: Client,
    chat: Arc<Chat>,
    discord: Arc<Discord>,
    backend: Arc<Steered>,
    journal: Journal,
    tasks: TaskTracker,
    stop: CancellationToken,
    _stop: DropGuard,
}

impl Try {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let chat = Arc::new(Chat {
            changes: watch::Sender::new(0),
            messages: Mutex::default(),
            answers: Mutex::default(),
            received: watch::Sender::default(),
            pressed: watch::Sender::default(),
            folder: tempfile::tempdir().unwrap(),
        });
        let discord = Arc::new(Discord::new());
        let backend = Arc::new(Steered::default());
        let journal = Journal::default();
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let views =
            Views { chat: chat.clone(), discord: discord.clone(), backend: backend.clone(), journal: journal.clone() };
        tasks.spawn(serve(listener, views, stop.clone()));
        tasks.close();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { address, client, chat, discord, backend, journal, tasks, _stop: stop.clone().drop_guard(), stop }
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("http://{}{path}", self.address))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("http://{}{path}", self.address)).header("x-nemo-sandbox", "1")
    }

    async fn feed(&self) -> Follower {
        let response = self.get("/feed").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Follower { events: SseStream::from_bytes_stream(response.bytes_stream()).boxed() }
    }
}

struct Follower {
    events: stream::BoxStream<'static, Result<Sse, sse_stream::Error>>,
}

impl Follower {
    async fn next(&mut self) -> (String, Value) {
        loop {
            let event = self.events.next().await.expect("the feed goes on").unwrap();
            if let (Some(name), Some(data)) = (event.event, event.data) {
                return (name, serde_json::from_str(&data).unwrap());
            }
        }
    }

    async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let (name, data) = self.next().await;
            if name == kind {
                return data;
            }
        }
    }
}

async fn refused(request: RequestBuilder) -> (StatusCode, String) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let body: Value = response.json().await.unwrap();
    (status, body["error"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_says_what_it_is() {
    let page = Try::start().await;
    let response = page.get("/").send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    let html = response.text().await.unwrap();
    assert!(html.contains("nothing leaves this machine"), "the first paint explains the page");
    let linked: Vec<&str> =
        html.split(['"', '\'']).filter(|word| word.starts_with('/') && word.contains('.')).collect();
    assert!(linked.len() >= 4, "{linked:?}");
    for path in linked {
        assert_eq!(page.get(path).send().await.unwrap().status(), StatusCode::OK, "{path}");
    }
    let scripts = asset::paths().filter_map(|path| path.strip_suffix(".js"));
    for script in scripts {
        let script = page.get(&format!("{script}.js")).send().await.unwrap().text().await.unwrap();
        assert!(!script.contains("innerHTML") && !script.contains("://cdn"));
        for import in script.split("from \"./").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert_eq!(page.get(&format!("/{import}")).send().await.unwrap().status(), StatusCode::OK, "{import}");
        }
    }
    assert_eq!(page.get("/page.rs").send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_foreign_web_page_can_neither_read_nor_drive_it() {
    let page = Try::start().await;
    let say = json!({ "language": "en", "text": "hello" });
    let stranger = (StatusCode::FORBIDDEN, "stranger".to_owned());
    for path in ["/", "/feed", "/file/clip", "/people"] {
        assert_eq!(refused(page.get(path).header("host", "rebound.example:80")).await, stranger, "{path}");
    }
    assert_eq!(refused(page.post("/say").json(&say).header("host", "rebound.example")).await, stranger);
    assert_eq!(refused(page.post("/say").json(&say).header("origin", "http://elsewhere.example")).await, stranger);
    let plain = page.client.post(format!("http://{}/say", page.address)).json(&say);
    assert_eq!(refused(plain).await, stranger, "without our header");
    assert_eq!(page.chat.shown(), json!([]));

    let own = format!("http://{}", page.address);
    assert_eq!(page.post("/say").json(&say).header("origin", own).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(page.chat.shown()[0]["text"], "hello");
}

#[tokio::test]
async fn a_window_gets_everything_first_and_then_each_change_in_order() {
    let page = Try::start().await;
    page.chat.add(json!({ "from": "user", "text": "one" }));
    for number in 1..=250 {
        page.journal.record("nemo", "run", format!("call {number}"), json!({}));
    }
    let mut feed = page.feed().await;

    let (name, hello) = feed.next().await;
    assert_eq!((name.as_str(), hello["run"].as_str().unwrap().len()), ("hello", 16));
    let (name, chat) = feed.next().await;
    assert_eq!((name.as_str(), &chat["full"], &chat["messages"][0]["text"]), ("chat", &json!(true), &json!("one")));
    assert_eq!(feed.next().await.0, "discord");
    assert_eq!(feed.next().await, ("action".to_owned(), json!({ "action": null })));
    assert_eq!(feed.next().await, ("draft".to_owned(), json!({ "draft": null })));
    assert_eq!(feed.next().await, ("scenario".to_owned(), json!({ "playing": "" })));
    assert_eq!((feed.next().await.0.as_str(), feed.next().await.0.as_str()), ("places", "commands"));
    let mut numbers = Vec::new();
    while numbers.len() < 250 {
        let (name, journal) = feed.next().await;
        assert_eq!(name, "journal");
        numbers.extend(journal["entries"].as_array().unwrap().iter().map(|entry| entry["number"].as_u64().unwrap()));
    }
    assert!(numbers.iter().copied().eq(1..=250), "{numbers:?}");

    page.chat.add(json!({ "from": "bot", "text": "two" }));
    let chat = feed.next_of("chat").await;
    assert_eq!(chat["full"], false);
    assert_eq!(chat["messages"], json!([{ "from": "bot", "text": "two", "message_id": 2 }]), "only what is new");

    page.chat.change(|messages| messages[0]["text"] = json!("one, edited"));
    assert_eq!(feed.next_of("chat").await["messages"][0]["message_id"], 1);

    page.chat.change(|messages| drop(messages.remove(0)));
    assert_eq!(feed.next_of("chat").await, json!({ "full": false, "messages": [], "gone": [1] }));

    page.journal.record("telegram", "sendMessage", "said something", json!({ "long": "é".repeat(20_000) }));
    let entry = &feed.next_of("journal").await["entries"][0];
    assert_eq!((&entry["number"], &entry["source"]), (&json!(251), &json!("telegram")));
    assert!(entry["data"].as_str().unwrap().len() < 21_000, "long particulars are cut");

    page.post("/scenario").json(&json!({ "name": "slow" })).send().await.unwrap();
    assert_eq!(feed.next_of("scenario").await, json!({ "playing": "slow" }));
    assert_eq!(page.backend.playing(), "slow");
    page.post("/release").send().await.unwrap();
    assert_eq!(feed.next_of("scenario").await, json!({ "playing": "released" }));
    let unknown = page.post("/scenario").json(&json!({ "name": "unheard" }));
    assert_eq!(refused(unknown).await, (StatusCode::NOT_FOUND, "gone".to_owned()));
}

#[tokio::test]
async fn windows_are_counted_and_a_closed_one_makes_room() {
    let page = Try::start().await;
    let mut feeds = Vec::new();
    for _ in 0..super::FEEDS {
        feeds.push(page.feed().await);
    }
    assert_eq!(refused(page.get("/feed")).await.0, StatusCode::SERVICE_UNAVAILABLE);
    drop(feeds.pop());
    // The server notices at its next write.
    let room = async {
        loop {
            page.journal.record("nemo", "run", "a call", Value::Null);
            if page.get("/feed").send().await.unwrap().status() == StatusCode::OK {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), room).await.expect("a place is free again");
}

#[tokio::test]
async fn a_player_reads_a_clip_in_parts() {
    let page = Try::start().await;
    std::fs::write(page.chat.folder.path().join("clip"), b"0123456789").unwrap();
    std::fs::write(page.chat.folder.path().join("html"), b"<script>").unwrap();

    let whole = page.get("/file/clip").send().await.unwrap();
    assert_eq!(whole.status(), StatusCode::OK);
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    assert_eq!(whole.headers()["content-type"], "video/mp4");
    assert_eq!(whole.bytes().await.unwrap(), "0123456789");

    let part = page.get("/file/clip").header("range", "bytes=2-4").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], "bytes 2-4/10");
    assert_eq!(part.headers()["content-length"], "3");
    assert_eq!(part.bytes().await.unwrap(), "234");

    let outside = page.get("/file/clip").header("range", "bytes=10-").send().await.unwrap();
    assert_eq!(outside.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(outside.headers()["content-range"], "bytes */10");

    let foreign = page.get("/file/html").send().await.unwrap();
    assert_eq!(foreign.headers()["content-type"], "application/octet-stream");
    assert_eq!(foreign.headers()["content-disposition"], "attachment");
    assert_eq!(page.get("/file/missing").send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_press_waits_for_the_bots_answer() {
    let page = Try::start().await;
    let press = page.post("/press").json(&json!({ "language": "en", "message_id": 1, "data": "go" }));
    let answering = async {
        page.chat.pressed.subscribe().wait_for(|pressed| !pressed.is_empty()).await.unwrap();
        // A change that is no answer does not end the wait.
        page.chat.add(json!({ "from": "bot", "text": "on it" }));
        let answer = Answer { text: Some("Done".to_owned()), alert: false };
        page.chat.answers.lock().unwrap().push(("go".to_owned(), answer));
        page.chat.changes.send_modify(|count| *count += 1);
    };
    let (response, ()) = tokio::join!(press.send(), answering);
    let body: Value = response.unwrap().json().await.unwrap();
    assert_eq!(body, json!({ "answer": { "text": "Done", "alert": false } }));

    let gone = page.post("/press").json(&json!({ "language": "en", "message_id": 1, "data": "missing" }));
    assert_eq!(refused(gone).await, (StatusCode::NOT_FOUND, "gone".to_owned()));
}

#[tokio::test]
async fn the_page_ends_while_windows_and_presses_are_open() {
    let page = Try::start().await;
    let mut feed = page.feed().await;
    feed.next_of("scenario").await;
    let press = page.post("/press").json(&json!({ "language": "en", "message_id": 1, "data": "never answered" }));
    let stopping = async {
        page.chat.pressed.subscribe().wait_for(|pressed| !pressed.is_empty()).await.unwrap();
        page.stop.cancel();
        tokio::time::timeout(Duration::from_secs(2), page.tasks.wait()).await.expect("the page ends");
    };
    let (response, ()) = tokio::join!(press.send(), stopping);
    assert_eq!(response.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    while let Some(event) = feed.events.next().await {
        event.expect("the feed ends, it does not break");
    }
}

#[tokio::test]
async fn the_menu_is_in_the_persons_language() {
    let page = Try::start().await;
    let menu: Value = page.get("/menu?language=ja").send().await.unwrap().json().await.unwrap();
    assert_eq!(menu, json!([{ "command": "help", "description": "ja" }]));
    assert_eq!(refused(page.get("/menu?language=klingon")).await.1, "wrong");
    let people: Value = page.get("/people").send().await.unwrap().json().await.unwrap();
    assert_eq!(people["languages"][1], json!({ "code": "zh-hans", "name": "简体中文" }));
}
