//! A plain HTTP and WebSocket client against the emulator. What it expects is written from Discord's documentation.

mod answers;
mod files;
mod gateway;
mod interactions;
mod limits;
mod messages;
mod people;
mod threads;
mod twilight;

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use reqwest::Method;
use reqwest::header::HeaderMap;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::*;

/// `GUILDS`, `GUILD_MESSAGES`, `DIRECT_MESSAGES`, `MESSAGE_CONTENT`, by their documented bits.
const EVERYTHING: u64 = 1 | 1 << 9 | 1 << 12 | 1 << 15;
const NO_CONTENT: u64 = 1 | 1 << 9 | 1 << 12;

struct Answered {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answered {
    /// Status and Discord's code.
    fn refusal(&self) -> (u16, u64) {
        (self.status, self.body["code"].as_u64().unwrap_or_default())
    }

    fn id(&self) -> u64 {
        assert!(self.status < 300, "{} {}", self.status, self.body);
        self.body["id"].as_str().unwrap().parse().unwrap()
    }
}

struct Bench {
    emulator: DiscordEmulator,
    journal: Journal,
    client: reqwest::Client,
    user: Person,
    server: u64,
    channel: u64,
    /// What was answered, as `check_discord_answers.py` reads it.
    answers: Mutex<Vec<Value>>,
}

impl Bench {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut DiscordEmulatorSettings)) -> Self {
        let mut settings = DiscordEmulatorSettings::quick();
        change(&mut settings);
        let journal = Journal::default();
        let emulator = DiscordEmulator::start(settings, journal.clone()).await.unwrap();
        let agent = "DiscordBot (https://example.com, 1.0)";
        let client = reqwest::Client::builder().no_proxy().user_agent(agent).build().unwrap();
        let server = emulator.a_server("A server");
        let channel = emulator.a_channel(server, "clips");
        let user = Person::new(42, "A new user");
        Self { emulator, journal, client, user, server, channel, answers: Mutex::default() }
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let address = format!("{}/api/v10{path}", self.emulator.url());
        let token = format!("Bot {}", self.emulator.token());
        self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), address).header("authorization", token)
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Answered {
        let request = self.request(method, path);
        let request = if body.is_null() { request } else { request.json(&body) };
        self.judge(method, path, request).await
    }

    async fn judge(&self, method: &str, path: &str, request: reqwest::RequestBuilder) -> Answered {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        for name in ["limit", "remaining", "reset", "reset-after", "bucket"] {
            assert!(headers.contains_key(format!("x-ratelimit-{name}")), "{method} {path} {status}: no {name}");
        }
        let text = answer.text().await.unwrap();
        let body: Value = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        let answered = json!({ "method": method, "path": format!("/api/v10{path}"), "status": status, "body": body });
        self.answers.lock().unwrap().push(answered);
        Answered { status, headers, body }
    }

    async fn get(&self, path: &str) -> Answered {
        self.call("GET", path, Value::Null).await
    }

    /// Sends words and nothing else that could ring.
    async fn send(&self, channel: u64, text: &str) -> u64 {
        let body = json!({ "content": text, "allowed_mentions": { "parse": [] } });
        self.call("POST", &messages(channel), body).await.id()
    }

    /// The place and reason of the first fault that a 50035 names.
    async fn flaw(&self, method: &str, path: &str, body: Value) -> String {
        let answered = self.call(method, path, body).await;
        assert_eq!(answered.refusal(), (400, 50035), "{}", answered.body);
        assert_eq!(answered.body["message"], "Invalid Form Body");
        first_flaw(&answered.body["errors"], "").unwrap().trim_start_matches('/').to_owned()
    }

    async fn register(&self, commands: Value) -> Value {
        let path = format!("/applications/{}/commands", self.emulator.application());
        let answered = self.call("PUT", &path, commands).await;
        assert_eq!(answered.status, 200, "{}", answered.body);
        answered.body
    }

    /// Registers a slash command with everything, and a message command.
    async fn register_usual(&self) {
        let video = json!({ "type": 11, "name": "video", "description": "The clip", "file_types": ["video"] });
        let recent = json!({ "type": 3, "name": "recent", "description": "One of before", "autocomplete": true });
        let new = json!({ "name": "new", "description": "Begin", "options": [video, recent] });
        self.register(json!([new, { "type": 3, "name": "Generate metadata" }])).await;
    }

    fn interaction(&self, id: u64) -> ShownInteraction {
        self.emulator.interactions().into_iter().find(|one| one.id == id).unwrap()
    }

    async fn connect(&self, intents: u64) -> Line {
        let mut line = Line::open(&self.gateway()).await;
        line.identify(self.emulator.token(), json!({ "intents": intents })).await;
        assert_eq!(line.event("READY").await["v"], 10);
        line
    }

    fn gateway(&self) -> String {
        format!("{}/?v=10&encoding=json", self.emulator.url().replace("http", "ws"))
    }

    fn no_breach(&self) {
        assert_eq!(self.emulator.breaches(), Vec::<String>::new());
    }
}

/// A connection to the gateway.
struct Line {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    seen: u64,
    session: String,
    resume: String,
}

impl Line {
    /// Connects and takes the HELLO.
    async fn open(address: &str) -> Self {
        let (socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
        let mut line = Self { socket, seen: 0, session: String::new(), resume: String::new() };
        let hello = line.next().await;
        assert_eq!(hello["op"], 10);
        assert!(hello["d"]["heartbeat_interval"].as_u64().unwrap() > 0);
        line
    }

    async fn send(&mut self, frame: Value) {
        self.socket.send(Frame::text(frame.to_string())).await.unwrap();
    }

    async fn identify(&mut self, token: &str, more: Value) {
        let mut data = json!({ "token": token, "properties": { "os": "linux", "browser": "t", "device": "t" } });
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.send(json!({ "op": 2, "d": data })).await;
    }

    /// The next payload; panics where the connection ends.
    async fn next(&mut self) -> Value {
        match self.socket.next().await.expect("the connection is open").expect("a frame") {
            Frame::Text(text) => {
                let payload: Value = serde_json::from_str(&text).unwrap();
                self.seen = payload["s"].as_u64().unwrap_or(self.seen);
                if payload["t"] == "READY" {
                    self.session = payload["d"]["session_id"].as_str().unwrap().to_owned();
                    self.resume = payload["d"]["resume_gateway_url"].as_str().unwrap().to_owned();
                }
                payload
            }
            other => panic!("{other:?}"),
        }
    }

    /// The data of the next event of a kind.
    async fn event(&mut self, kind: &str) -> Value {
        loop {
            let mut payload = self.next().await;
            if payload["t"] == kind {
                return payload["d"].take();
            }
        }
    }

    /// The code with which the server closes.
    async fn closed(mut self) -> u16 {
        loop {
            match self.socket.next().await {
                Some(Ok(Frame::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("no close frame: {other:?}"),
            }
        }
    }

    /// Whether it ends without a close frame.
    async fn breaks(mut self) -> bool {
        loop {
            match self.socket.next().await {
                Some(Ok(Frame::Close(_))) => return false,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return true,
            }
        }
    }

    async fn resume_at(&self, address: &str, token: &str) -> Line {
        let mut line = Line::open(&format!("{}/?v=10&encoding=json", address.trim_end_matches('/'))).await;
        let data = json!({ "token": token, "session_id": self.session, "seq": self.seen });
        line.send(json!({ "op": 6, "d": data })).await;
        line
    }
}

/// What one of the checkers prints about these lines.
fn check(tool: &str, lines: &[Value]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for line in lines {
        writeln!(file, "{line}").unwrap();
    }
    let tool = format!("{}/tests/tools/{tool}", env!("CARGO_MANIFEST_DIR"));
    let run = Command::new("python3").arg(tool).arg(file.path()).stderr(Stdio::inherit()).output().unwrap();
    String::from_utf8(run.stdout).unwrap()
}

fn clip(name: &str, size: usize) -> UserFile {
    UserFile { name: name.to_owned(), mime: None, source: FileSource::Bytes(Bytes::from(vec![7; size])) }
}

/// The path of a channel's messages.
fn messages(channel: u64) -> String {
    format!("/channels/{channel}/messages")
}

/// The place and code of the first reason in a tree of them.
fn first_flaw(at: &Value, path: &str) -> Option<String> {
    at.as_object()?.iter().find_map(|(name, inside)| match name.as_str() {
        "_errors" => Some(format!("{path} {}", inside[0]["code"].as_str()?)),
        _ => first_flaw(inside, &format!("{path}/{name}")),
    })
}

fn row(buttons: &Value) -> Value {
    json!([{ "type": 1, "components": buttons }])
}

fn button(label: &str, id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": label, "custom_id": id })
}
