//! A plain HTTP client of the emulator.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::super::{NemoEmulator, NemoEmulatorSettings};
use crate::sandbox::journal::{Entry, Journal};

/// What does not come within this time never comes.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client that does what it owes, unless a test makes it do otherwise.
pub(super) struct Guest {
    pub(super) nemo: NemoEmulator,
    pub(super) journal: Journal,
    pub(super) http: Client,
    pub(super) token: String,
    pub(super) session: String,
}

impl Guest {
    /// Starts an emulator without an account.
    pub(super) async fn arrives(settings: NemoEmulatorSettings) -> Self {
        let journal = Journal::default();
        let nemo = NemoEmulator::start(settings, journal.clone()).await.unwrap();
        Self { nemo, journal, http: Client::new(), token: String::new(), session: String::new() }
    }

    /// With a free account and an open session.
    pub(super) async fn settles(settings: NemoEmulatorSettings) -> Self {
        let mut guest = Self::arrives(settings).await;
        guest.token = guest.asks_for_token("a-client").await.json::<Value>().await.unwrap()["data"]["token"]
            .as_str()
            .unwrap()
            .to_owned();
        guest.opens_session().await;
        guest
    }

    /// With an account that pays.
    pub(super) async fn settles_as_customer(settings: NemoEmulatorSettings) -> Self {
        let mut guest = Self::arrives(settings).await;
        guest.token = "nmv_usr_operator".to_owned();
        guest.opens_session().await;
        guest
    }

    pub(super) async fn opens_session(&mut self) {
        let body = json!({ "task_name": "project", "language": "en" });
        let reply = self.posts("/api/tasks/me/with-session/nemo_agent", &body).await;
        self.session = reply["data"]["session_id"].as_str().unwrap().to_owned();
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        Self::attributed(self.http.get(format!("{}{path}", self.nemo.url()))).bearer_auth(&self.token)
    }

    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        Self::attributed(self.http.post(format!("{}{path}", self.nemo.url()))).bearer_auth(&self.token)
    }

    pub(super) fn attributed(request: RequestBuilder) -> RequestBuilder {
        request
            .header("X-Skill-Source", "video-meta-ai")
            .header("X-Skill-Version", "1.0.0")
            .header("X-Skill-Platform", "unknown")
    }

    pub(super) async fn gets(&self, path: &str) -> Value {
        self.get(path).send().await.unwrap().json().await.unwrap()
    }

    pub(super) async fn posts(&self, path: &str, body: &Value) -> Value {
        self.post(path).json(body).send().await.unwrap().json().await.unwrap()
    }

    pub(super) async fn asks_for_token(&self, client: &str) -> Response {
        let path = format!("{}/api/auth/anonymous-token", self.nemo.url());
        Self::attributed(self.http.post(path)).header("X-Client-Id", client).send().await.unwrap()
    }

    pub(super) async fn uploads(&self, name: &str, bytes: Vec<u8>) -> Value {
        let form = Form::new().part("files", Part::bytes(bytes).file_name(name.to_owned()));
        let path = format!("/api/upload-video/nemo_agent/me/{}", self.session);
        self.post(&path).multipart(form).send().await.unwrap().json().await.unwrap()
    }

    pub(super) fn message(&self, text: &str) -> Value {
        json!({ "app_name": "nemo_agent", "user_id": "me", "session_id": self.session,
            "new_message": { "parts": [{ "text": text }] } })
    }

    pub(super) async fn says(&self, text: &str) -> Response {
        self.sends(&self.message(text)).await
    }

    pub(super) async fn sends(&self, body: &Value) -> Response {
        self.post("/run_sse").header(ACCEPT, "text/event-stream").json(body).send().await.unwrap()
    }

    /// The whole stream of a run that ends well.
    pub(super) async fn hears(&self, text: &str) -> String {
        let response = self.says(text).await;
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream; charset=utf-8");
        response.text().await.unwrap()
    }

    pub(super) async fn state(&self) -> Value {
        self.gets(&format!("/api/state/nemo_agent/me/{}/latest", self.session)).await["data"]["state"].clone()
    }

    pub(super) async fn credits(&self) -> (i64, i64) {
        let held = self.gets("/api/credits/balance/simple").await["data"].clone();
        assert_eq!(
            held["total"].as_i64(),
            Some(held["available"].as_i64().unwrap() + held["frozen"].as_i64().unwrap())
        );
        (held["available"].as_i64().unwrap(), held["frozen"].as_i64().unwrap())
    }

    /// Submits with the draft as the state endpoint wrote it, byte for byte.
    pub(super) async fn exports(&self, id: &str) -> Response {
        let path = format!("/api/state/nemo_agent/me/{}/latest", self.session);
        let text = self.get(&path).send().await.unwrap().text().await.unwrap();
        let draft = serde_json::from_str::<Value>(&text).unwrap()["data"]["state"]["draft"].to_string();
        self.exports_draft(id, &draft).await
    }

    pub(super) async fn exports_draft(&self, id: &str, draft: &str) -> Response {
        let draft = RawValue::from_string(draft.to_owned()).unwrap();
        let body = format!(
            r#"{{"id":"{id}","sessionId":"{}","draft":{draft},"output":{{"format":"mp4","quality":"high"}}}}"#,
            self.session
        );
        let request = self.post("/api/render/proxy/lambda").header(CONTENT_TYPE, "application/json");
        request.body(body).send().await.unwrap()
    }

    pub(super) async fn polls(&self, id: &str) -> Value {
        self.gets(&format!("/api/render/proxy/lambda/{id}")).await
    }

    pub(super) async fn polls_to_the_end(&self, id: &str) -> (Vec<String>, Value) {
        let mut statuses = Vec::new();
        loop {
            let told = self.polls(id).await;
            let inner = if told["data"].is_object() { &told["data"] } else { &told };
            let status = inner["status"].as_str().unwrap().to_owned();
            statuses.push(status.clone());
            if ["completed", "failed"].contains(&status.as_str()) {
                return (statuses, inner.clone());
            }
        }
    }

    pub(super) async fn sees(&self, kind: &str) -> Entry {
        let seen = self.journal.wait_for(|entry| entry.kind == kind);
        tokio::time::timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("no entry of kind {kind}"))
    }

    pub(super) fn keeps_its_duties(&self) {
        assert_eq!(self.nemo.breaches(), Vec::<String>::new());
    }

    pub(super) fn breaks(&self, words: &str) {
        let breaches = self.nemo.breaches();
        assert!(matches!(breaches.as_slice(), [only] if only.contains(words)), "{words}: {breaches:?}");
        assert!(self.journal.after(0).iter().any(|entry| entry.kind == "breach"));
    }
}

pub(super) fn quick() -> NemoEmulatorSettings {
    NemoEmulatorSettings::quick()
}

/// The events of a stream in the first dialect.
pub(super) fn events(stream: &str) -> Vec<Value> {
    stream.split("\n\n").filter_map(|frame| serde_json::from_str(frame.strip_prefix("data: ")?).ok()).collect()
}

pub(super) fn texts(stream: &str) -> Vec<String> {
    let parts = events(stream).into_iter().filter_map(|event| event["content"]["parts"].as_array().cloned());
    parts.flatten().filter_map(|part| part["text"].as_str().map(str::to_owned)).collect()
}
