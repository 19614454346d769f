//! A plain HTTP client against the emulator. Each answer is also checked against the whole description of the API.

mod files;
mod messages;
mod refusals;
mod updates;
mod webhook;

use std::collections::HashMap;
use std::sync::LazyLock;

use bytes::Bytes;

use super::*;

const CHAT: i64 = 42;

static API: LazyLock<(Schema, HashMap<String, String>)> = LazyLock::new(|| {
    let text = include_str!("../../../tests/data/telegram-api.json");
    let whole: Value = serde_json::from_str(text).unwrap();
    let methods = whole["methods"].as_object().unwrap().iter();
    let returns = methods.map(|(name, method)| (name.clone(), method["returns"][0].as_str().unwrap().to_owned()));
    (Schema::read(text).unwrap(), returns.collect())
});

struct Bench {
    emulator: TelegramEmulator,
    journal: Journal,
    client: reqwest::Client,
    user: Person,
}

impl Bench {
    async fn new() -> Self {
        Self::with(|settings| settings.times = TelegramTimes::relaxed()).await
    }

    async fn with(change: impl FnOnce(&mut TelegramEmulatorSettings)) -> Self {
        let mut settings = TelegramEmulatorSettings::default();
        change(&mut settings);
        let journal = Journal::default();
        let emulator = TelegramEmulator::start(settings, journal.clone()).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { emulator, journal, client, user: Person::new(CHAT, "A new user") }
    }

    fn address(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.emulator.url(), self.emulator.token())
    }

    async fn call(&self, method: &str, parameters: Value) -> Result<Value, (u16, String)> {
        let answer = self.client.post(self.address(method)).json(&parameters).send().await.unwrap();
        judge(method, answer).await
    }

    async fn send(&self, text: &str) -> i64 {
        let sent = self.call("sendMessage", json!({ "chat_id": CHAT, "text": text })).await.unwrap();
        sent["message_id"].as_i64().unwrap()
    }

    /// The description of a refusal.
    async fn refused(&self, method: &str, parameters: Value) -> String {
        let (code, description) = self.call(method, parameters).await.unwrap_err();
        assert_eq!(code, 400, "{description}");
        description.strip_prefix("Bad Request: ").unwrap().to_owned()
    }

    /// What waits, without confirming it.
    async fn waiting(&self) -> Vec<Value> {
        self.call("getUpdates", json!({})).await.unwrap().as_array().unwrap().clone()
    }
}

async fn judge(method: &str, answer: reqwest::Response) -> Result<Value, (u16, String)> {
    let status = answer.status().as_u16();
    let mut body: Value = answer.json().await.unwrap();
    if body["ok"] == true {
        let kind = &API.1[method];
        assert_eq!(API.0.check(&body["result"], kind), [], "{method} answers no {kind}: {body}");
        return Ok(body["result"].take());
    }
    assert_eq!(body["error_code"], status);
    Err((status, body["description"].as_str().unwrap().to_owned()))
}

/// The smallest file that is a clip of 640 by 360 and four seconds.
fn clip(size: usize) -> Bytes {
    let boxed = |kind: &[u8; 4], content: &[u8]| {
        let mut out = u32::try_from(content.len() + 8).unwrap().to_be_bytes().to_vec();
        out.extend_from_slice(kind);
        out.extend_from_slice(content);
        out
    };
    let mut mvhd = vec![0; 100];
    mvhd[12..16].copy_from_slice(&1000_u32.to_be_bytes());
    mvhd[16..20].copy_from_slice(&4004_u32.to_be_bytes());
    let mut tkhd = vec![0; 84];
    tkhd[76..80].copy_from_slice(&(640_u32 << 16).to_be_bytes());
    tkhd[80..84].copy_from_slice(&(360_u32 << 16).to_be_bytes());
    let moov = [boxed(b"mvhd", &mvhd), boxed(b"trak", &boxed(b"tkhd", &tkhd))].concat();
    let mut file = boxed(b"ftyp", b"isom\0\0\0\0");
    let padding = size.saturating_sub(file.len() + moov.len() + 16);
    file.extend(boxed(b"mdat", &vec![7; padding]));
    file.extend(boxed(b"moov", &moov));
    file.into()
}

fn user_clip(kind: FileKind, size: usize) -> UserFile {
    let source = FileSource::Bytes(clip(size));
    UserFile { name: "holiday.mp4".to_owned(), mime: None, kind, source, caption: Some("/new with this".to_owned()) }
}
