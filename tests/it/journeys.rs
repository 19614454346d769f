//! What a user lives through, from first contact to the MP4, on both platforms.

#[path = "journeys/restarts.rs"]
mod restarts;
#[path = "journeys/turns.rs"]
mod turns;

use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Stage, clip};

const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn from_first_contact_to_the_mp4(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");

    user.says("/start");
    user.sees("Share your video clips").await;

    user.sends_clip(Some(WISH)).await;
    user.sees("Tags").await;
    user.sees_button("Export MP4").await;

    user.says("/status");
    user.sees("Timeline").await;
    user.says("/credits");
    user.sees("Credits:").await;

    user.says("export");
    let result = user.sees("Your MP4 is ready").await;
    let video = user.sees_video().await;
    let done = stage.journal_has("render-done", |_| true).await;
    assert!(result.text.contains("Download: http"), "{}", result.text);

    let (sent, original) = (user.downloads(&video), std::fs::read(clip("landscape.mp4")).unwrap());
    assert_eq!(sent.len(), original.len(), "the MP4 is the clip that was uploaded");
    assert!(sent == original, "the MP4 is the clip that was uploaded");
    assert_eq!(stage.count("run"), 1, "one request, one run\n{}", stage.story());
    assert_eq!(stage.count("render"), 1, "one export, one render: {done:?}");
    assert_eq!(user.count("Download: http"), 1, "one link");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
    insta::assert_snapshot!(format!("from_first_contact_to_the_mp4_on_{on}"), user.transcript());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_chinese(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "zh-hans");
    user.says("/start");
    user.sees("发给我视频").await;
    user.sends_clip(Some("为我的YouTube视频生成标题、描述和标签")).await;
    user.sees("标签").await;
    user.sees_button("导出 MP4").await;
    user.says("余额");
    user.sees("积分：可用").await;
    user.says("导出");
    user.sees("MP4 已完成").await;
    user.sees_video().await;
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
    insta::assert_snapshot!(format!("the_same_in_chinese_on_{on}"), user.transcript());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_clip_without_words_is_followed_by_a_press(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    let upload = user.sees_button("Titles + tags").await;
    stage.listens().await;
    // A second press before the button is gone runs nothing twice.
    user.presses_on(upload.message_id, "Titles + tags");
    user.presses_on(upload.message_id, "Titles + tags");
    user.sees("Tags").await;
    user.sees("That is already done").await;
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_export_is_said_and_nothing_is_rendered(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says("export");
    user.sees("nothing to export yet").await;
    assert_eq!(stage.count("render"), 0);
    assert_eq!(stage.count("token"), 0, "no account is used up for it");
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_clip_is_refused_before_a_byte_moves(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends("README.txt", None).await;
    user.sees("I can't use TXT files").await;
    assert_eq!(stage.count("upload"), 0);
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_album_is_one_request_with_all_of_its_clips(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_album(3, Some(WISH)).await;
    user.sees_button("Export MP4").await;
    assert_eq!(stage.count("upload"), 3, "{}", stage.story());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_one_account_for_all_projects(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.says("/new");
    user.sees("New project").await;
    user.sends("portrait.mp4", None).await;
    user.sees_times("What should I do with it?", 2).await;
    user.says("/new");
    user.sees_times("New project", 2).await;
    user.sends("landscape.mp4", None).await;
    stage.journal_has("session", |_| stage.count("session") == 3).await;
    user.says("/credits");
    user.sees("Credits:").await;
    assert_eq!(stage.count("token"), 1, "free accounts are scarce\n{}", stage.story());
    assert_eq!(stage.count("session"), 3, "three projects");
    assert_eq!(user.count("Your clip is sent to the NEMO video service"), 1, "the notice comes once");
    stage.assert_clean();
}

/// The texts of the runs so far.
fn requests(stage: &Stage) -> Vec<String> {
    let entries = stage.journal.after(0);
    let runs = entries.iter().filter(|entry| entry.kind == "run");
    runs.map(|entry| entry.data["text"].as_str().unwrap_or_default().to_owned()).collect()
}
