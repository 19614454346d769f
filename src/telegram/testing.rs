//! A Telegram of a few lines, told in advance what to answer. It records each call.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

use super::{Menu, Telegram, TelegramSettings};
use crate::chat::choice::Signer;
use crate::chat::id::{ConversationId, EventId, PlaceId, Platform, UserId};
use crate::chat::inbound::Inbound;
use crate::chat::surface::{Surface, Target};
use crate::clock::Clock;
use crate::ingress::{Accepted, Busy, Inlet, PlaceNote};

pub(super) const TOKEN: &str = "123456:AAsecretsecret";
pub(super) const KEY: [u8; 32] = [9; 32];
const OTHER_PATHS: &str = "files";

/// What to answer once.
pub(super) enum Say {
    Result(Value),
    Refusal(u16, Value),
    Raw(u16, Vec<u8>),
}

#[derive(Default)]
struct Desk {
    script: Mutex<HashMap<String, VecDeque<Say>>>,
    calls: Mutex<Vec<(String, Value)>>,
    called: Notify,
}

pub(super) struct Server {
    desk: Arc<Desk>,
    pub(super) address: String,
    _serving: JoinSet<()>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let desk = Arc::new(Desk::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { desk, address, _serving: serving }
    }

    /// The next call of `method` gets this answer; later ones the next, then the ordinary one.
    pub(super) fn says(&self, method: &str, say: Say) -> &Self {
        self.desk.script.lock().unwrap().entry(method.to_owned()).or_default().push_back(say);
        self
    }

    pub(super) fn refuses(&self, method: &str, status: u16, description: &str) -> &Self {
        self.says(method, Say::Refusal(status, json!({ "description": description })))
    }

    /// The next `GET` of something that is no method gets these bytes.
    pub(super) fn serves(&self, status: u16, bytes: &[u8]) -> &Self {
        self.says(OTHER_PATHS, Say::Raw(status, bytes.to_vec()))
    }

    pub(super) fn calls(&self) -> Vec<(String, Value)> {
        self.desk.calls.lock().unwrap().clone()
    }

    /// The one call since the last time, if it was one.
    pub(super) fn only_call(&self) -> (String, Value) {
        let mut calls = std::mem::take(&mut *self.desk.calls.lock().unwrap());
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls.remove(0)
    }

    /// Waits until `method` was called `times` times.
    pub(super) async fn sees(&self, method: &str, times: usize) -> Vec<Value> {
        let wait = async {
            loop {
                let called = self.desk.called.notified();
                let bodies: Vec<_> =
                    self.calls().into_iter().filter(|(name, _)| name == method).map(|(_, body)| body).collect();
                if bodies.len() >= times {
                    return bodies;
                }
                called.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait)
            .await
            .unwrap_or_else(|_| panic!("no {method}: {:?}", self.calls()))
    }

    pub(super) fn telegram(&self) -> Arc<Telegram> {
        self.telegram_with(|_| {}, Vec::new())
    }

    pub(super) fn telegram_with(&self, change: impl FnOnce(&mut TelegramSettings), menu: Vec<Menu>) -> Arc<Telegram> {
        let mut settings = settings(&self.address);
        change(&mut settings);
        Telegram::new(settings, Signer::new(KEY), Clock::system(), menu).unwrap()
    }

    pub(super) fn surface(&self) -> Arc<dyn Surface> {
        self.telegram().surface()
    }
}

pub(super) fn settings(address: &str) -> TelegramSettings {
    TelegramSettings {
        token: SecretString::from(TOKEN),
        api_url: address.parse().unwrap(),
        local_files: false,
        clip_chats: Vec::new(),
        edit_interval_private: Duration::from_millis(1100),
        edit_interval_group: Duration::from_millis(3100),
        drafts: None,
        poll_timeout: Duration::from_secs(25),
        webhook: None,
        strangers: "Only the owner can use this button.".to_owned(),
    }
}

pub(super) fn target(place: &str) -> Target {
    let conversation =
        ConversationId { platform: Platform::Telegram, place: PlaceId::new(place), user: UserId::new("42") };
    Target { conversation, back: None, thread: None }
}

async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let method = match path.strip_prefix(&format!("/bot{TOKEN}/")) {
        Some(method) => method.to_owned(),
        None => OTHER_PATHS.to_owned(),
    };
    let form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart"));
    let length = request.headers().get(CONTENT_LENGTH).map(|length| length.to_str().unwrap().to_owned());
    let secrets = request.headers().contains_key("authorization") || request.headers().contains_key("referer");
    let bytes: Bytes = axum::body::to_bytes(request.into_body(), 64 * 1024 * 1024).await.unwrap();
    let body = match &method {
        files if files == OTHER_PATHS => json!({ "path": path, "secrets": secrets }),
        _ if form => json!({ "form": String::from_utf8_lossy(&bytes), "length": length }),
        _ => serde_json::from_slice(&bytes).unwrap(),
    };
    desk.calls.lock().unwrap().push((method.clone(), body));
    desk.called.notify_waiters();
    let say = desk.script.lock().unwrap().get_mut(&method).and_then(VecDeque::pop_front);
    let (status, bytes) = match say {
        Some(Say::Result(result)) => (200, json!({ "ok": true, "result": result }).to_string().into_bytes()),
        Some(Say::Refusal(status, mut body)) => {
            body["ok"] = false.into();
            body["error_code"] = status.into();
            (status, body.to_string().into_bytes())
        }
        Some(Say::Raw(status, bytes)) => (status, bytes),
        None if method == "getUpdates" => std::future::pending().await,
        None => (200, ordinary(&method).to_string().into_bytes()),
    };
    Response::builder().status(status).header(CONTENT_LENGTH, bytes.len()).body(Body::from(bytes)).unwrap()
}

fn ordinary(method: &str) -> Value {
    let result = match method {
        "getMe" => json!({ "id": 1, "is_bot": true, "first_name": "NEMO", "username": "nemo_bot" }),
        "getMyCommands" => json!([]),
        _ if method.starts_with("send") && method != "sendChatAction" => json!({ "message_id": 70, "date": 0 }),
        _ => json!(true),
    };
    json!({ "ok": true, "result": result })
}

/// An inlet that says in advance how often it is busy.
#[derive(Debug)]
pub(super) struct Inbox {
    busy: Mutex<usize>,
    offered: mpsc::Sender<Inbound>,
    pub(super) notes: Mutex<HashMap<PlaceId, PlaceNote>>,
}

impl Inbox {
    pub(super) fn new(busy: usize) -> (Arc<Self>, mpsc::Receiver<Inbound>) {
        let (offered, offers) = mpsc::channel(100);
        (Arc::new(Self { busy: Mutex::new(busy), offered, notes: Mutex::default() }), offers)
    }
}

#[async_trait]
impl Inlet for Inbox {
    async fn accept(&self, inbound: Inbound) -> Result<Accepted, Busy> {
        self.offered.send(inbound).await.unwrap();
        let mut busy = self.busy.lock().unwrap();
        if *busy > 0 {
            *busy -= 1;
            return Err(Busy);
        }
        Ok(Accepted::New)
    }

    async fn put_off(&self, _: &Inbound) {}

    fn lost(&self) {}

    async fn place(&self, _platform: Platform, place: &PlaceId) -> Result<PlaceNote, Busy> {
        Ok(self.notes.lock().unwrap().get(place).cloned().unwrap_or_default())
    }

    async fn note(&self, _platform: Platform, place: &PlaceId, note: PlaceNote) -> Result<(), Busy> {
        self.notes.lock().unwrap().insert(place.clone(), note);
        Ok(())
    }

    async fn saw(&self, _: Platform, _: &PlaceId, _: &EventId) {}

    async fn active(&self, _: Platform) -> Result<Vec<(PlaceId, EventId)>, Busy> {
        Ok(Vec::new())
    }
}
