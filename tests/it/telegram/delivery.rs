//! The way of a finished video: the result with its link stands first; then one message rings, at most once.

use std::time::Duration;

use nemo_bot::sandbox::nemo::NemoEmulatorSettings;
use nemo_bot::sandbox::telegram::{FaultAction, FaultRule, FileDetails, FileKind, FileSource, TelegramSizes, UserFile};
use rstest::rstest;

use super::refusal;
use crate::bot::{Stage, User};

const MEBIBYTE: u64 = 1 << 20;
/// What rings where the video does not go.
const PING: &str = "Your MP4 is ready, see above";

/// How the bot has sent videos: `json` is by address, `multipart` with their bytes.
fn videos(stage: &Stage) -> Vec<String> {
    let calls = stage.telegram.calls().into_iter().filter(|call| call["path"] == "/bot<token>/sendVideo");
    calls.map(|call| call["encoding"].as_str().unwrap_or_default().to_owned()).collect()
}

/// A Telegram that hands out files of any size, so that a project can become as large as a story wants it.
async fn stage() -> Stage {
    let sizes = TelegramSizes { download: 100 * MEBIBYTE, ..TelegramSizes::default() };
    let mut stage = Stage::furnished(&[], sizes, NemoEmulatorSettings::quick()).await;
    stage.start();
    stage
}

/// Exports a project whose file has this size: the backend gives back what it got.
async fn exports(user: &User<'_>, size: u64) {
    let path = user.stage.folder.path().join("long.mp4");
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    let mime = Some("video/mp4".to_owned());
    let source = FileSource::Path(path);
    let file = UserFile { name: "long.mp4".to_owned(), mime, kind: FileKind::Video, source, caption: None };
    let details = FileDetails { without_size: true, ..FileDetails::default() };
    user.stage.telegram.sends_file_as(&user.person, user.chat, file, details).await.unwrap();
    user.presses("Export MP4").await;
    user.sees("Download: http").await;
}

/// Whatever follows a ring has come when a later question is answered.
async fn rests(user: &User<'_>) {
    user.says("/cancel");
    user.sees("Nothing is running").await;
    assert_eq!(user.count("Download: http"), 1, "{:#?}", user.texts());
    user.stage.assert_clean();
}

#[rstest]
#[case::by_address(10 * MEBIBYTE, &["json"])]
#[case::with_its_bytes(30 * MEBIBYTE, &["multipart"])]
#[case::not_at_all(60 * MEBIBYTE, &[])]
#[tokio::test(flavor = "multi_thread")]
async fn a_video_goes_the_way_of_its_size(#[case] size: u64, #[case] ways: &[&str]) {
    let stage = stage().await;
    let user = stage.user("en");
    exports(&user, size).await;
    if ways.is_empty() {
        user.sees(PING).await;
    } else {
        let video = user.sees_video().await;
        assert_eq!(video.file.map(|file| file.size), Some(size));
        assert!(!video.text.contains("http") && !video.text.contains('\n'), "one line, no link: {}", video.text);
    }
    rests(&user).await;
    assert_eq!(
        (videos(&stage), user.count(PING)),
        (ways.iter().map(|way| (*way).to_owned()).collect(), usize::from(ways.is_empty()))
    );
}

#[rstest]
#[case::not_fetched(refusal(400, "Bad Request: failed to get HTTP URL content", None), 1, 1)]
#[case::too_large_in_json(refusal(413, "Request Entity Too Large", None), 1, 1)]
#[case::too_large_as_a_page(FaultAction::HtmlError(413), 1, 1)]
#[case::too_large_either_way(FaultAction::HtmlError(413), 2, 0)]
#[case::not_allowed(refusal(400, "Bad Request: not enough rights to send video messages to the chat", None), 1, 0)]
#[tokio::test(flavor = "multi_thread")]
async fn a_definite_refusal_falls_to_the_next_step(#[case] no: FaultAction, #[case] times: u32, #[case] videos: usize) {
    let stage = stage().await;
    let user = stage.user("en");
    stage.telegram.fault(FaultRule::on("sendVideo", no).times(times));
    exports(&user, MEBIBYTE).await;
    if videos == 1 {
        user.sees_video().await;
    } else {
        user.sees(PING).await;
    }
    rests(&user).await;
    let shown = user.bot_messages().iter().filter(|message| message.file.is_some()).count();
    assert_eq!((shown, user.count(PING)), (videos, 1 - videos), "{:#?}", user.texts());
    let refused = stage.journal.after(0).into_iter().filter(|entry| entry.kind == "refused");
    let refused = refused.filter(|entry| entry.data["method"] == "sendVideo").count();
    assert_eq!(refused, usize::try_from(times).unwrap(), "{}", stage.story());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_video_is_on_its_way_a_wish_to_cancel_is_answered() {
    let stage = stage().await;
    let user = stage.user("en");
    stage.telegram.fault(FaultRule::on("sendVideo", FaultAction::Delay(Duration::from_secs(6))));
    exports(&user, MEBIBYTE).await;
    // There is nothing left to stop, and whoever asks hears it.
    rests(&user).await;
    assert_eq!(user.bot_messages().iter().filter(|message| message.file.is_some()).count(), 0, "{}", stage.story());
    user.sees_video().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_while_the_video_is_on_its_way_keeps_the_result() {
    let stage = stage().await;
    let user = stage.user("en");
    stage.telegram.fault(FaultRule::on("sendVideo", FaultAction::Delay(Duration::from_secs(6))));
    exports(&user, MEBIBYTE).await;
    user.says("/forget");
    user.presses("Delete").await;
    user.sees("Deleted:").await;
    assert_eq!((user.count("Export stopped"), user.count("Download: http")), (0, 1), "{:#?}", user.texts());
    stage.assert_clean();
}

#[rstest]
#[case::arrived(FaultAction::DropAnswerAfterCommit, 1)]
#[case::lost(FaultAction::CutConnection, 0)]
#[case::a_page(FaultAction::HtmlError(502), 0)]
#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_knows_whether_the_video_came_nothing_more_is_sent(
    #[case] trouble: FaultAction,
    #[case] shown: usize,
    #[values(MEBIBYTE, 30 * MEBIBYTE)] size: u64,
) {
    let stage = stage().await;
    let user = stage.user("en");
    stage.telegram.fault(FaultRule::on("sendVideo", trouble));
    exports(&user, size).await;
    stage.logs_have("Nobody knows whether the video arrived").await;
    rests(&user).await;
    let videos_shown = user.bot_messages().iter().filter(|message| message.file.is_some()).count();
    assert_eq!((videos(&stage).len(), videos_shown, user.count(PING)), (1, shown, 0), "{}", stage.story());
}
