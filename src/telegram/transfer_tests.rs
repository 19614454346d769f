//! Files both ways: out by the way that fits them, in as they were announced.

use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use rstest::rstest;
use serde_json::json;

use super::surface_tests::{held, post, reply};
use super::testing::{Say, Server, TOKEN};
use crate::chat::id::PlaceId;
use crate::chat::reply::{FileSource, OutFile, Reply};
use crate::chat::surface::{MediaStream, SurfaceError};

fn video(server: &Server, size: Option<u64>) -> Reply {
    let file = OutFile {
        name: "cut.mp4".to_owned(),
        mime: "video/mp4".to_owned(),
        source: FileSource::Link(format!("{}/out/cut.mp4", server.address).parse().unwrap()),
        size,
        resolution: Some((1080, 1920)),
        duration: Some(Duration::from_millis(12_300)),
        alt: None,
    };
    Reply { files: vec![file], ..reply("Your video") }
}

async fn read(stream: MediaStream) -> Result<Vec<u8>, SurfaceError> {
    let pieces: Vec<Bytes> = stream.bytes.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test]
async fn a_small_video_goes_by_its_address() {
    let server = Server::start().await;
    post(&*server.surface(), &video(&server, Some(20_000_000))).await.unwrap();
    let expected = json!({
        "chat_id": 42,
        "caption": "Your video",
        "supports_streaming": true,
        "width": 1080,
        "height": 1920,
        "duration": 13,
        "video": format!("{}/out/cut.mp4", server.address),
    });
    assert_eq!(server.only_call(), ("sendVideo".to_owned(), expected));
}

#[rstest]
#[case::large(Some(20_000_001), false)]
#[case::not_fetched(Some(6), true)]
#[case::unknown(None, true)]
#[tokio::test]
async fn a_video_that_telegram_does_not_fetch_is_uploaded(#[case] size: Option<u64>, #[case] refused: bool) {
    let server = Server::start().await;
    server.serves(200, b"MOVIE!");
    if refused {
        server.refuses("sendVideo", 400, "Bad Request: failed to get HTTP URL content");
    }
    post(&*server.surface(), &video(&server, size)).await.unwrap();
    let fetches = server.sees("files", 1).await;
    assert_eq!(fetches, [json!({"path": "/out/cut.mp4", "secrets": false})]);
    let uploads = server.sees("sendVideo", 1 + usize::from(refused)).await;
    let form = uploads.last().unwrap()["form"].as_str().unwrap();
    for part in [
        "name=\"chat_id\"\r\n\r\n42\r\n",
        "name=\"supports_streaming\"\r\n\r\ntrue\r\n",
        "name=\"width\"\r\n\r\n1080\r\n",
        "name=\"video\"; filename=\"cut.mp4\"\r\nContent-Type: video/mp4\r\n\r\nMOVIE!\r\n",
    ] {
        assert!(form.contains(part), "{part} in {form}");
    }
    assert_eq!(uploads.last().unwrap()["length"], form.len().to_string(), "the length is declared");
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_tried() {
    let server = Server::start().await;
    let surface = server.surface();
    let result = post(&*surface, &video(&server, Some(50_000_001))).await;
    assert!(matches!(result, Err(SurfaceError::TooLarge)));
    assert!(server.calls().is_empty());
    assert_eq!(surface.capabilities(&PlaceId::new("42")).file_limit, 50_000_000);
}

#[tokio::test]
async fn a_local_server_lifts_the_limit_of_what_goes_out_but_not_of_what_it_fetches() {
    let server = Server::start().await;
    let local = server.telegram_with(|settings| settings.local_files = true, Vec::new()).surface();
    assert_eq!(local.capabilities(&PlaceId::new("42")).file_limit, 2_000_000_000);
    let result = post(&*local, &video(&server, Some(2_000_000_001))).await;
    assert!(matches!(result, Err(SurfaceError::TooLarge)));
    post(&*local, &video(&server, Some(20_000_000))).await.unwrap();
    assert!(server.only_call().1["video"].is_string(), "by its address");
}

#[tokio::test]
async fn a_video_whose_upload_ended_unclear_is_not_sent_again() {
    let server = Server::start().await;
    server.says("sendVideo", Say::Raw(502, b"<html>".to_vec()));
    let result = post(&*server.surface(), &video(&server, Some(5))).await;
    assert!(matches!(result, Err(SurfaceError::Unavailable(_))));
    assert_eq!(server.calls().len(), 1);
}

#[rstest]
#[case::in_trouble(Say::Raw(503, b"<html>".to_vec()))]
#[case::elsewhere(Say::Raw(302, Vec::new()))]
#[tokio::test]
async fn a_file_that_cannot_be_fetched_has_not_arrived_for_certain(#[case] say: Say) {
    let server = Server::start().await;
    server.refuses("sendVideo", 400, "Bad Request: failed to get HTTP URL content");
    server.says("files", say);
    let result = post(&*server.surface(), &video(&server, Some(5))).await;
    assert!(matches!(result, Err(SurfaceError::Gone)), "{result:?}");
    let sent = server.calls().iter().filter(|(method, _)| method == "sendVideo").count();
    assert!(sent <= 2, "{:?}", server.calls());
}

#[tokio::test]
async fn an_attachment_is_opened_with_its_length() {
    let server = Server::start().await;
    server.says("getFile", Say::Result(json!({"file_id": "A", "file_size": 6, "file_path": "videos/file_0.mp4"})));
    server.serves(200, b"MOVIE!");
    let stream = server.surface().open(&held("A", None)).await.unwrap();
    assert_eq!(stream.length, Some(6));
    assert_eq!(read(stream).await.unwrap(), b"MOVIE!");
    let calls = server.calls();
    assert_eq!(calls[0], ("getFile".to_owned(), json!({"file_id": "A"})));
    assert_eq!(calls[1].1["path"], format!("/file/bot{TOKEN}/videos/file_0.mp4"));
}

#[tokio::test]
async fn an_attachment_over_the_limit_is_refused_by_its_size() {
    let server = Server::start().await;
    let surface = server.surface();
    let limit = surface.capabilities(&PlaceId::new("42")).open_limit;
    assert!(matches!(surface.open(&held("A", Some(limit + 1))).await, Err(SurfaceError::TooLarge)));
    assert!(server.calls().is_empty());
    server.refuses("getFile", 400, "Bad Request: file is too big");
    assert!(matches!(surface.open(&held("A", None)).await, Err(SurfaceError::TooLarge)));
}

#[rstest]
#[case::gone(Say::Raw(404, Vec::new()), "Gone")]
#[case::away(Say::Raw(500, Vec::new()), "Unavailable")]
#[case::another_length(Say::Raw(200, b"MOVIE".to_vec()), "Unavailable")]
#[tokio::test]
async fn an_attachment_that_cannot_be_had_says_why(#[case] say: Say, #[case] variant: &str) {
    let server = Server::start().await;
    server.says("getFile", Say::Result(json!({"file_size": 6, "file_path": "videos/file_0.mp4"})));
    server.says("files", say);
    let error = server.surface().open(&held("A", None)).await.unwrap_err();
    assert!(format!("{error:?}").starts_with(variant), "{error:?}");
}

#[tokio::test]
async fn a_local_server_s_file_is_read_from_disk() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clip.mp4");
    std::fs::write(&path, b"MOVIE!").unwrap();
    let told = || Say::Result(json!({"file_size": 6, "file_path": path.to_str().unwrap()}));
    server.says("getFile", told()).says("getFile", told());
    let local = server.telegram_with(|settings| settings.local_files = true, Vec::new()).surface();
    let stream = local.open(&held("A", Some(900_000_000))).await.unwrap();
    assert_eq!(read(stream).await.unwrap(), b"MOVIE!");
    assert_eq!(local.capabilities(&PlaceId::new("42")).open_limit, 2_000_000_000);
    assert!(server.surface().open(&held("A", None)).await.is_err(), "no path is read that nobody allowed");
}
