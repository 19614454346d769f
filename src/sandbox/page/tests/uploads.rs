//! Files that the person sends to the chat on Telegram.

use std::io;

use bytes::Bytes;
use futures::stream;
use reqwest::{Body, RequestBuilder, StatusCode};
use serde_json::json;

use super::{Try, refused};
use crate::sandbox::page::{ChatView as _, REQUEST_LIMIT, upload};

impl Try {
    fn upload(&self, about: &str) -> RequestBuilder {
        self.post("/file").header("x-file", about)
    }
}

#[tokio::test]
async fn an_upload_reaches_the_chat_as_a_file_on_disk() {
    let page = Try::start().await;
    let about = "language=zh-hans&name=..%2Fmy+clip%0A.mp4&mime=video%2Fmp4&caption=%E6%A0%87%E9%A2%98+&as_file=true";
    let chunks = stream::iter(["some ", "bytes"].map(|chunk| io::Result::Ok(Bytes::from_static(chunk.as_bytes()))));
    let sent = page.upload(about).body(Body::wrap_stream(chunks)).send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::OK);
    let (file, bytes) = page.chat.received.borrow()[0].clone();
    assert_eq!(bytes, b"some bytes");
    assert_eq!((file.name.as_str(), file.size, file.as_file), ("my clip.mp4", 10, true));
    assert_eq!((file.mime.as_deref(), file.caption.as_deref()), (Some("video/mp4"), Some("标题")));

    let sample = page.post("/sample").header("x-file", "language=en").send().await.unwrap();
    assert_eq!(sample.status(), StatusCode::OK);
    let (clip, bytes) = page.chat.received.borrow()[1].clone();
    assert_eq!((clip.name.as_str(), clip.size), ("sample.mp4", bytes.len() as u64));
    assert_eq!(&bytes[4..8], b"ftyp", "the sample is an MP4");
    assert!(!file.path.exists() && !clip.path.exists(), "the chat has its own copy");

    page.stop.cancel();
    page.tasks.wait().await;
    assert!(!file.path.parent().unwrap().exists(), "the folder goes away with the page");
}

#[tokio::test]
async fn an_upload_that_is_too_large_empty_or_unexplained_is_refused_and_leaves_nothing() {
    let page = Try::start().await;
    let large = page.upload("language=en&name=a.mp4").header("content-length", upload::FILE_LIMIT + 1);
    assert_eq!(refused(large.body("")).await, (StatusCode::PAYLOAD_TOO_LARGE, "too-large".to_owned()));
    let empty = page.upload("language=en&name=a.mp4").body("");
    assert_eq!(refused(empty).await, (StatusCode::BAD_REQUEST, "empty".to_owned()));
    let caption = format!("language=en&caption={}", "a".repeat(1025));
    assert_eq!(refused(page.upload(&caption).body("x")).await.1, "too-long");
    assert_eq!(refused(page.upload("language=xx").body("x")).await.1, "wrong");
    assert_eq!(refused(page.post("/file").body("x")).await.1, "wrong");
    assert!(page.chat.received.borrow().is_empty());

    let long = page.post("/say").json(&json!({ "language": "en", "text": "长".repeat(4097) }));
    assert_eq!(refused(long).await, (StatusCode::PAYLOAD_TOO_LARGE, "too-long".to_owned()));
    let huge = page.post("/say").json(&json!({ "language": "en", "text": "a".repeat(REQUEST_LIMIT) }));
    assert_eq!(huge.send().await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
    let blank = page.post("/say").json(&json!({ "language": "en", "text": " \n" }));
    assert_eq!(refused(blank).await.1, "wrong");
    assert_eq!(page.chat.shown(), json!([]));
}
