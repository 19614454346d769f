//! A local Bot API server: no limits worth naming, and files on a disk.

use nemo_bot::sandbox::telegram::{FileDetails, FileKind, FileSource, TelegramEmulatorSettings, UserFile};

use super::file;
use crate::bot::{Stage, clip, quick_telegram};

async fn stage() -> Stage {
    let local = TelegramEmulatorSettings { local: true, ..quick_telegram() };
    Stage::with_telegram(local, &[("NEMO_BOT__TELEGRAM__LOCAL_FILES", "true")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_bot_api_server_lifts_the_limit_and_its_files_are_read_from_the_disk() {
    let stage = stage().await;
    let user = stage.user("en");
    let video = file(FileKind::Video, "long.mp4");
    // Larger than Telegram's own servers hand out: a clip with a long silence behind it.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.mp4");
    std::fs::copy(clip("landscape.mp4"), &path).unwrap();
    let grown = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    grown.set_len(30 << 20).unwrap();
    let video = UserFile { source: FileSource::Path(path), ..video };
    stage.telegram.sends_file(&user.person, user.chat, video).await.unwrap();
    user.sees("What should I do with it?").await;
    assert_eq!(stage.count("upload"), 1);
    assert!(!stage.telegram.calls().iter().any(|call| call["method"] == "GET"), "nothing came over HTTP");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_cannot_be_read_is_an_upload_that_broke_off() {
    let stage = stage().await;
    let user = stage.user("en");
    let pipe = stage.folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let paths = [
        stage.folder.path().join("nothing.mp4").display().to_string(),
        stage.folder.path().display().to_string(),
        // Whoever opened it would wait for ever.
        pipe.display().to_string(),
        "C:\\telegram\\videos\\file_0.mp4".to_owned(),
    ];
    for (path, nth) in paths.into_iter().zip(1..) {
        let details = FileDetails { claimed_path: Some(path), ..FileDetails::default() };
        let video = file(FileKind::Video, "clip.mp4");
        stage.telegram.sends_file_as(&user.person, user.chat, video, details).await.unwrap();
        user.sees_times("The upload broke off at 0%", nth).await;
    }
    stage.logs_have("is its folder mounted here?").await;
    assert_eq!(stage.count("upload"), 0, "{}", stage.story());
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_of_any_size_goes_out_with_its_bytes() {
    let stage = stage().await;
    let user = stage.user("en");
    let path = stage.folder.path().join("long.mp4");
    std::fs::File::create(&path).unwrap().set_len(60 << 20).unwrap();
    let video = UserFile { source: FileSource::Path(path), ..file(FileKind::Video, "long.mp4") };
    stage.telegram.sends_file(&user.person, user.chat, video).await.unwrap();
    user.presses("Export MP4").await;
    let video = user.sees_video().await;
    assert_eq!(video.file.map(|file| file.size), Some(60 << 20));
    let sent = stage.telegram.calls().into_iter().filter(|call| call["path"] == "/bot<token>/sendVideo");
    let ways: Vec<_> = sent.map(|call| call["encoding"].clone()).collect();
    assert_eq!(ways, ["multipart"]);
    stage.assert_clean();
}
