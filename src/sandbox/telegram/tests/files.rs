//! Files in both directions.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use reqwest::multipart::{Form, Part};

use super::*;

#[tokio::test]
async fn a_clip_makes_the_round_trip_and_every_second_one_hides_its_type() {
    let bench = Bench::new().await;
    for kind in [FileKind::Video, FileKind::Document, FileKind::Animation, FileKind::VideoNote, FileKind::Photo] {
        bench.emulator.sends_file(&bench.user, CHAT, user_clip(kind, 100_000)).await.unwrap();
    }
    let updates = bench.waiting().await;
    for update in &updates {
        assert_eq!(API.0.check(update, "Update"), []);
    }
    let video = &updates[0]["message"]["video"];
    assert_eq!((&video["width"], &video["height"], &video["duration"]), (&json!(640), &json!(360), &json!(4)));
    assert_eq!((&video["mime_type"], &video["file_name"]), (&json!("video/mp4"), &json!("holiday.mp4")));
    assert_eq!(updates[0]["message"]["caption_entities"][0]["type"], "bot_command");
    assert!(updates[1]["message"]["document"].get("mime_type").is_none());
    assert_eq!(updates[2]["message"]["animation"]["mime_type"], "video/mp4");
    assert_eq!(updates[2]["message"]["document"]["file_id"], updates[2]["message"]["animation"]["file_id"]);

    let id = video["file_id"].as_str().unwrap();
    let file = bench.call("getFile", json!({ "file_id": id })).await.unwrap();
    assert_eq!(file["file_path"], "videos/file_0.mp4");
    let address = |path: &str| format!("{}/file/bot{}/{path}", bench.emulator.url(), bench.emulator.token());
    let answer = bench.client.get(address("videos/file_0.mp4")).send().await.unwrap();
    assert_eq!(answer.content_length(), Some(100_000));
    assert_eq!(answer.bytes().await.unwrap(), clip(100_000));
    let escaped = bench.client.get(address("videos%2Ffile_0.mp4")).send().await.unwrap();
    assert_eq!(escaped.status(), 404);
    let shown = bench.emulator.shown(CHAT)[1].file.clone().unwrap();
    assert_eq!((shown.mime.as_str(), shown.kind, shown.size), ("video/mp4", "document", 100_000));
    assert!(bench.emulator.file(&shown.id).unwrap().0.exists());

    let details = FileDetails { claimed_size: Some(25 << 20), without_name: true, ..FileDetails::default() };
    bench.emulator.sends_file_as(&bench.user, CHAT, user_clip(FileKind::Video, 500), details).await.unwrap();
    let big = bench.waiting().await[5]["message"]["video"].take();
    assert!(big.get("file_name").is_none() && big["file_size"] == 25 << 20);
    assert_eq!(bench.refused("getFile", json!({ "file_id": big["file_id"] })).await, "file is too big");

    let album = vec![user_clip(FileKind::Video, 500), user_clip(FileKind::Video, 500)];
    bench.emulator.sends_album(&bench.user, CHAT, album).await.unwrap();
    let updates = bench.waiting().await;
    assert_eq!(updates[6]["message"]["media_group_id"], updates[7]["message"]["media_group_id"]);
}

#[tokio::test]
async fn a_video_goes_out_by_address_by_multipart_and_by_file_id() {
    let bench = Bench::with(|settings| {
        settings.times = TelegramTimes::relaxed();
        settings.sizes.by_url = 200_000;
        settings.sizes.upload = 300_000;
    })
    .await;
    bench.emulator.says(&bench.user, CHAT, "hello");
    let serve = |kind: &'static str, size| get(move || async move { ([(CONTENT_TYPE, kind)], clip(size)) });
    let routes = Router::new()
        .route("/final.mp4", serve("video/mp4", 100_000))
        .route("/big.mp4", serve("video/mp4", 200_001))
        .route("/page", serve("text/html", 500));
    let web = web(routes).await;
    let video = |address: String| json!({ "chat_id": CHAT, "video": address, "caption": "Done", "width": 1280 });
    let sent = bench.call("sendVideo", video(format!("{web}/final.mp4?signature=a"))).await.unwrap();
    let described = &sent["video"];
    assert_eq!((&described["file_name"], &described["width"]), (&json!("final.mp4"), &json!(1280)));
    assert_eq!((&described["height"], &described["file_size"]), (&json!(360), &json!(100_000)));
    for (path, words) in [
        ("big.mp4", "failed to get HTTP URL content"),
        ("missing", "failed to get HTTP URL content"),
        ("page", "wrong type of the web page content"),
    ] {
        assert_eq!(bench.refused("sendVideo", video(format!("{web}/{path}"))).await, words);
    }

    let part = |size| Part::stream(clip(size)).file_name("my.mp4").mime_str("video/mp4").unwrap();
    let form = Form::new().text("chat_id", "42").text("supports_streaming", "true");
    let form = form.text("video", "attach://clip").part("clip", part(250_000));
    let answer = bench.client.post(bench.address("sendVideo")).multipart(form).send().await.unwrap();
    let uploaded = judge("sendVideo", answer).await.unwrap();
    assert_eq!((&uploaded["video"]["duration"], &uploaded["video"]["file_size"]), (&json!(4), &json!(250_000)));
    let form = Form::new().text("chat_id", "42").part("video", part(300_001));
    let answer = bench.client.post(bench.address("sendVideo")).multipart(form).send().await.unwrap();
    assert_eq!(judge("sendVideo", answer).await.unwrap_err(), (413, "Request Entity Too Large".to_owned()));

    let id = &uploaded["video"]["file_id"];
    let again = bench.call("sendVideo", json!({ "chat_id": CHAT, "video": id })).await.unwrap();
    assert_eq!(&again["video"]["file_id"], id);
    let words = bench.refused("sendDocument", json!({ "chat_id": CHAT, "document": id })).await;
    assert_eq!(words, "can't use file of type Video as Document");
    let edit = json!({ "chat_id": CHAT, "message_id": again["message_id"], "caption": "Here" });
    bench.call("editMessageCaption", edit).await.unwrap();
    let shown = bench.emulator.shown(CHAT);
    assert_eq!(shown.iter().filter(|message| message.file.is_some()).count(), 3);
    assert_eq!(shown[3].text, "Here");
    let (path, mime) = bench.emulator.file(id.as_str().unwrap()).unwrap();
    assert_eq!((std::fs::read(path).unwrap(), mime.as_str()), (clip(250_000).to_vec(), "video/mp4"));
}

#[tokio::test]
async fn a_local_server_takes_large_files_and_tells_their_paths() {
    let bench = Bench::with(|settings| {
        settings.times = TelegramTimes::relaxed();
        settings.sizes.upload = 300_000;
        settings.sizes.download = 300_000;
        settings.local = true;
    })
    .await;
    bench.emulator.sends_file(&bench.user, CHAT, user_clip(FileKind::Video, 400_000)).await.unwrap();
    let told = "C:\\telegram\\file_0.mp4";
    let details = FileDetails { claimed_path: Some(told.to_owned()), ..FileDetails::default() };
    bench.emulator.sends_file_as(&bench.user, CHAT, user_clip(FileKind::Video, 500), details).await.unwrap();
    let updates = bench.waiting().await;
    let path = |at: usize| bench.call("getFile", json!({ "file_id": updates[at]["message"]["video"]["file_id"] }));
    let real = path(0).await.unwrap()["file_path"].take();
    assert_eq!(std::fs::metadata(real.as_str().unwrap()).unwrap().len(), 400_000);
    assert_eq!(path(1).await.unwrap()["file_path"], told);
    let part = Part::stream(clip(400_000)).file_name("my.mp4").mime_str("video/mp4").unwrap();
    let form = Form::new().text("chat_id", "42").part("video", part);
    let answer = bench.client.post(bench.address("sendVideo")).multipart(form).send().await.unwrap();
    assert_eq!(judge("sendVideo", answer).await.unwrap()["video"]["file_size"], 400_000);
}

#[tokio::test]
async fn a_download_can_break_in_its_middle() {
    let bench = Bench::new().await;
    bench.emulator.sends_file(&bench.user, CHAT, user_clip(FileKind::Video, 100_000)).await.unwrap();
    let id = bench.waiting().await[0]["message"]["video"]["file_id"].take();
    let path = bench.call("getFile", json!({ "file_id": id })).await.unwrap()["file_path"].take();
    let address = format!("{}/file/bot{}/{}", bench.emulator.url(), bench.emulator.token(), path.as_str().unwrap());
    bench.emulator.fault(FaultRule::on("download", FaultAction::CutConnection));
    let answer = bench.client.get(&address).send().await.unwrap();
    assert_eq!(answer.content_length(), Some(100_000));
    assert!(answer.bytes().await.is_err());
    assert_eq!(bench.client.get(&address).send().await.unwrap().bytes().await.unwrap().len(), 100_000);
}

/// A web server that lives as long as the test.
async fn web(router: Router) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    TaskTracker::new().spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}
