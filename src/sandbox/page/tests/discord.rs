//! Discord on the page: what a window gets of it, and what the person does there.

use std::io;
use std::path::PathBuf;
use std::sync::Mutex;

use async_trait::async_trait;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

use super::{Try, refused};
use crate::sandbox::page::{Deed, DiscordView, StagedFile};

/// A file as it was when the deed was done: name, media type, bytes.
type Sent = (String, Option<String>, Vec<u8>);

/// A Discord that does nothing by itself.
#[derive(Debug)]
pub(super) struct Discord {
    changes: watch::Sender<u64>,
    messages: Mutex<Vec<Value>>,
    done: Mutex<Vec<(String, Deed, Vec<Sent>)>>,
    folder: TempDir,
}

impl Discord {
    pub(super) fn new() -> Self {
        Self {
            changes: watch::Sender::new(0),
            messages: Mutex::default(),
            done: Mutex::default(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Value>)) {
        change(&mut self.messages.lock().unwrap());
        self.changes.send_modify(|count| *count += 1);
    }
}

#[async_trait]
impl DiscordView for Discord {
    fn shown(&self) -> Value {
        Value::Array(self.messages.lock().unwrap().clone())
    }

    fn state(&self) -> Value {
        json!({ "places": [], "count": *self.changes.borrow() })
    }

    fn commands(&self) -> Value {
        json!([{ "name": "help" }])
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    async fn does(&self, language: &str, deed: Deed, files: Vec<StagedFile>) -> io::Result<()> {
        if matches!(&deed, Deed::Press { button, .. } if button == "missing") {
            return Err(io::ErrorKind::NotFound.into());
        }
        let read = |file: StagedFile| (file.name, file.mime, std::fs::read(file.path).unwrap());
        self.done.lock().unwrap().push((language.to_owned(), deed, files.into_iter().map(read).collect()));
        Ok(())
    }

    fn file(&self, id: &str) -> Option<(PathBuf, String)> {
        let path = self.folder.path().join(id);
        path.exists().then(|| (path, "video/mp4".to_owned()))
    }
}

impl Try {
    fn act(&self, act: &Value) -> reqwest::RequestBuilder {
        self.post("/discord").json(act)
    }

    async fn staged(&self, about: &str, bytes: &'static str) -> u64 {
        let sent = self.post("/discord/stage").header("x-file", about).body(bytes).send().await.unwrap();
        sent.json::<Value>().await.unwrap()["file"].as_u64().unwrap()
    }
}

#[tokio::test]
async fn a_window_gets_discord_beside_the_chat_and_an_id_keeps_all_its_digits() {
    let page = Try::start().await;
    let id = "1234567890123456789";
    page.discord.change(|messages| messages.push(json!({ "message_id": id, "text": "one" })));
    let mut feed = page.feed().await;
    let first = feed.next_of("discord").await;
    assert_eq!(first, json!({ "full": true, "messages": [{ "message_id": id, "text": "one" }], "gone": [] }));
    assert_eq!(feed.next_of("places").await["count"], 1);
    assert_eq!(feed.next_of("commands").await, json!({ "commands": [{ "name": "help" }] }));

    page.discord.change(|messages| messages[0]["text"] = json!("one, edited"));
    assert_eq!(feed.next_of("discord").await["messages"][0]["text"], "one, edited");
    assert_eq!(feed.next_of("places").await["count"], 2);
    page.discord.change(Vec::clear);
    assert_eq!(feed.next_of("discord").await, json!({ "full": false, "messages": [], "gone": [id] }));
}

#[tokio::test]
async fn files_wait_until_the_message_that_holds_them_all() {
    let page = Try::start().await;
    let first = page.staged("language=en&name=..%2Fone.mp4&mime=video%2Fmp4", "one").await;
    let second = page.staged("language=en&name=two.txt", "two").await;
    let say =
        |files: &[u64]| json!({ "language": "zh-hans", "does": "say", "channel": "7", "text": " 看 ", "files": files });
    assert_eq!(refused(page.act(&say(&[first, 99]))).await, (StatusCode::NOT_FOUND, "gone".to_owned()));
    assert_eq!(page.act(&say(&[first, second])).send().await.unwrap().status(), StatusCode::OK);
    let (language, deed, files) = page.discord.done.lock().unwrap().remove(0);
    assert_eq!(language, "zh-hans");
    assert_eq!(deed, Deed::Say { channel: "7".into(), text: "看".into(), answers: None, quiet: false });
    let sent = |name: &str, mime: Option<&str>, bytes: &str| {
        (name.to_owned(), mime.map(str::to_owned), bytes.as_bytes().to_vec())
    };
    assert_eq!(files, [sent("one.mp4", Some("video/mp4"), "one"), sent("two.txt", None, "two")]);
    assert_eq!(refused(page.act(&say(&[first]))).await.1, "gone", "a file is sent once");

    let sample = page.post("/discord/sample").header("x-file", "language=en").send().await.unwrap();
    let sample = sample.json::<Value>().await.unwrap()["file"].clone();
    let upload = json!({ "language": "en", "does": "use", "channel": "7", "command": "upload", "files": [sample] });
    assert_eq!(page.act(&upload).send().await.unwrap().status(), StatusCode::OK);
    let (_, _, files) = page.discord.done.lock().unwrap().remove(0);
    assert_eq!((files[0].0.as_str(), &files[0].2[4..8]), ("sample.mp4", &b"ftyp"[..]));
}

#[tokio::test]
async fn what_a_client_would_not_let_a_person_do_is_refused() {
    let page = Try::start().await;
    let say = |text: &str| json!({ "language": "en", "does": "say", "channel": "7", "text": text });
    assert_eq!(refused(page.act(&say("  "))).await.1, "wrong");
    assert_eq!(refused(page.act(&say(&"长".repeat(2001)))).await, (StatusCode::PAYLOAD_TOO_LARGE, "too-long".into()));
    let unknown = json!({ "language": "klingon", "does": "say", "channel": "7", "text": "a" });
    assert_eq!(refused(page.act(&unknown)).await.1, "wrong");
    let press = json!({ "language": "en", "does": "press", "channel": "7", "message": "1", "button": "missing" });
    assert_eq!(refused(page.act(&press)).await, (StatusCode::NOT_FOUND, "gone".to_owned()));
    let mut files = press.clone();
    files["files"] = json!([1]);
    assert_eq!(refused(page.act(&files)).await.1, "wrong", "a press carries no files");
    let stranger = page.act(&say("hello")).header("origin", "http://elsewhere.example");
    assert_eq!(refused(stranger).await, (StatusCode::FORBIDDEN, "stranger".to_owned()));
    assert!(page.discord.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_file_on_discord_is_apart_from_those_of_the_chat() {
    let page = Try::start().await;
    std::fs::write(page.discord.folder.path().join("5"), b"0123456789").unwrap();
    let part = page.get("/discord/file/5").header("range", "bytes=2-4").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.bytes().await.unwrap(), "234");
    assert_eq!(page.get("/file/5").send().await.unwrap().status(), StatusCode::NOT_FOUND);
}
