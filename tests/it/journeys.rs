//! What a user lives through, from first contact to the MP4, and again with the power cut in the middle.

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::{Stage, clip};
use super::redis_server::RedisServer;

/// 32 bytes for tests, base64.
const STORE_KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";

#[tokio::test(flavor = "multi_thread")]
async fn from_first_contact_to_the_mp4() {
    let stage = Stage::open().await;
    let user = stage.user("en");

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

    let (path, _) = stage.telegram.file(&video.file.unwrap().id).unwrap();
    let (sent, original) = (std::fs::read(path).unwrap(), std::fs::read(clip("landscape.mp4")).unwrap());
    assert_eq!(sent.len(), original.len(), "the MP4 is the clip that was uploaded");
    assert!(sent == original, "the MP4 is the clip that was uploaded");
    assert_eq!(stage.count("run"), 1, "one request, one run\n{}", stage.story());
    assert_eq!(stage.count("render"), 1, "one export, one render: {done:?}");
    assert_eq!(user.count("Download: http"), 1, "one link");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
    insta::assert_snapshot!(user.transcript());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_chinese() {
    let stage = Stage::open().await;
    let user = stage.user("zh-hans");
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
    insta::assert_snapshot!(user.transcript());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_without_words_is_followed_by_a_press() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.presses("Titles + tags").await;
    user.sees("Tags").await;
    // A second press of the same button runs nothing twice.
    let upload = user.sees("What should I do with it?").await;
    let data = &upload.buttons[0][0];
    stage.telegram.presses(&user.person, user.chat, upload.message_id, &data.value);
    user.sees("That is already done").await;
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_without_words_is_answered_with_what_changed() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::SilentEdit);
    user.says("add a title that says Urban Dreams");
    user.sees("What changed").await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_changed_nothing_says_so() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::SilentNothing);
    user.says("make it better");
    user.sees("the project did not change").await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_turn_runs_commands_answer_and_wishes_queue() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("/credits");
    user.sees("Credits:").await;
    user.says("and a haiku");
    user.sees("number 1 in line").await;
    user.says("and a limerick");
    user.sees("number 2 in line").await;
    user.presses("Drop it").await;
    user.sees("Dropped: \"and a limerick\"").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    stage.journal_has("run", |entry| entry.data["text"].as_str().is_some_and(|text| text.contains("haiku"))).await;
    stage.journal_has("run-end", |entry| entry.number > 0 && stage.count("run-end") >= 2).await;
    assert_eq!(stage.count("run"), 2, "the dropped wish never ran\n{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_stops_waiting_and_says_so() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.presses("Stop").await;
    user.sees("Stopped waiting").await;
    stage.journal_has("run-end", |_| true).await;
    user.says("/cancel");
    user.sees("Nothing is running").await;
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_streaming_the_turn_is_reconciled_and_never_sent_again() {
    // Long enough for the words in between to pass the pace of edits.
    let mut stage = Stage::with(&[("NEMO_BOT__NEMO__RECHECK_FIRST", "3s")]).await;
    let (person, chat) = {
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::Hang);
        user.says("add a title");
        stage.journal_has("run", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.nemo.play(Scenario::Normal);
    stage.start();
    let user = super::bot::User { stage: &stage, person, chat };
    user.sees("I was restarted while working on this").await;
    user.sees("The connection broke").await;
    assert_eq!(stage.count("run"), 1, "never sent again\n{}", stage.story());
    // The next wish goes through.
    user.says("add music");
    stage.journal_has("run", |entry| entry.data["text"].as_str().is_some_and(|text| text.contains("music"))).await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_rendering_the_mp4_comes_once() {
    let mut stage = Stage::open().await;
    let (person, chat) = {
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::RenderSlow);
        user.presses("Export MP4").await;
        stage.journal_has("render-poll", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.start();
    stage.nemo.release();
    let user = super::bot::User { stage: &stage, person, chat };
    user.sees("Your MP4 is ready").await;
    user.sees_video().await;
    assert_eq!(stage.count("render"), 1, "submitted once\n{}", stage.story());
    assert_eq!(user.count("Download: http"), 1, "one link");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_while_the_bot_is_down_is_answered_when_it_is_back() {
    let mut stage = Stage::open().await;
    let (person, chat) = {
        let user = stage.user("en");
        user.says("/start");
        user.sees("Share your video clips").await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    let user = super::bot::User { stage: &stage, person: person.clone(), chat };
    user.sends_clip(Some(WISH)).await;
    stage.start();
    let user = super::bot::User { stage: &stage, person, chat };
    user.sees_button("Export MP4").await;
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_in_the_middle_it_says_so_and_goes_on_after_the_restart() {
    let mut stage = Stage::open().await;
    let (person, chat) = {
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::Hang);
        user.says("add a title");
        stage.journal_has("run", |_| true).await;
        (user.person.clone(), user.chat)
    };
    assert_eq!(stage.stop().await, Some(0), "an orderly stop\n{}", stage.story());
    let user = super::bot::User { stage: &stage, person: person.clone(), chat };
    user.sees("I'm being restarted").await;
    stage.start();
    let user = super::bot::User { stage: &stage, person, chat };
    user.sees("The connection broke").await;
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_export_is_said_and_nothing_is_rendered() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.says("export");
    user.sees("nothing to export yet").await;
    assert_eq!(stage.count("render"), 0);
    assert_eq!(stage.count("token"), 0, "no account is used up for it");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_clip_is_refused_before_a_byte_moves() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends("README.txt", None).await;
    user.sees("I can't use TXT files").await;
    assert_eq!(stage.count("upload"), 0);
    stage.assert_clean();
}

/// The texts of the runs so far.
fn requests(stage: &Stage) -> Vec<String> {
    let entries = stage.journal.after(0);
    let runs = entries.iter().filter(|entry| entry.kind == "run");
    runs.map(|entry| entry.data["text"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_is_one_request_with_all_of_its_clips() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_album(3, Some(WISH)).await;
    user.sees_button("Export MP4").await;
    assert_eq!(stage.count("upload"), 3, "{}", stage.story());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_turn_of_an_album_no_part_of_it_comes_again() {
    let mut stage = Stage::open().await;
    let (person, chat) = {
        let user = stage.user("en");
        stage.nemo.play(Scenario::Hang);
        user.sends_album(2, Some(WISH)).await;
        stage.journal_has("run", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.nemo.play(Scenario::Normal);
    stage.start();
    let user = super::bot::User { stage: &stage, person, chat };
    user.sees_button("Check status").await;
    user.says("/credits");
    user.sees("Credits:").await;
    assert_eq!(stage.count("run"), 1, "never sent again\n{}", stage.story());
    assert_eq!(stage.count("upload"), 2, "never uploaded again\n{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_on_a_lost_turn_stays_when_the_next_wish_is_answered() {
    let mut stage = Stage::open().await;
    let (person, chat) = {
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::Hang);
        user.says("add a title");
        stage.journal_has("run", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    let user = super::bot::User { stage: &stage, person: person.clone(), chat };
    user.says("add music");
    stage.nemo.play(Scenario::Normal);
    stage.start();
    let user = super::bot::User { stage: &stage, person, chat };
    stage.journal_has("run", |entry| entry.data["text"].as_str().is_some_and(|text| text.contains("music"))).await;
    // Its place in line, if it was told one, becomes its answer.
    user.sees_no_more("number 1 in line").await;
    user.sees_no_more("Working on it").await;
    user.sees("The connection broke").await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_session_is_told_once_and_the_clip_goes_into_the_next() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::SessionGone);
    user.sends_clip(None).await;
    user.sees("Your earlier session expired").await;
    user.sends_clip(None).await;
    stage.journal_has("upload", |_| stage.count("upload") == 2).await;
    user.says("export");
    user.sees_video().await;
    assert_eq!(user.count("Your earlier session expired"), 1, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_corrected_before_its_turn_is_sent_as_corrected() {
    let mut stage = Stage::open().await;
    let (person, chat) = {
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    let user = super::bot::User { stage: &stage, person, chat };
    user.says("write a poem about it");
    let second = user.says("make it red");
    user.corrects(second, "make it blue");
    stage.start();
    stage.journal_has("run-end", |_| stage.count("run-end") == 2).await;
    assert_eq!(requests(&stage), ["write a poem about it", "make it blue"], "{}", stage.story());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_album_is_dropped_whole() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("and a haiku");
    user.sees("number 1 in line").await;
    user.sends_album(2, None).await;
    user.sees("number 2 in line").await;
    user.says("and a limerick");
    user.sees("number 3 in line").await;
    let album = user.sees("number 2 in line").await;
    stage.telegram.presses(&user.person, user.chat, album.message_id, "Drop it").unwrap();
    user.sees("Dropped:").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    stage.journal_has("run", |entry| entry.data["text"].as_str().is_some_and(|text| text.contains("limerick"))).await;
    assert_eq!(stage.count("upload"), 1, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_line_that_became_no_answer_is_taken_away() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("export");
    user.sees("number 1 in line").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees_video().await;
    assert_eq!(user.count("number 1 in line"), 0, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_project_is_begun_out_of_a_running_turn_and_only_once() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("/new");
    let asked = user.sees("still working on the current project").await;
    user.presses("Start a new one").await;
    user.sees("New project.").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sends_clip(None).await;
    stage.journal_has("upload", |_| stage.count("upload") == 2).await;
    // The same button once more must not throw the new project away.
    stage.telegram.presses(&user.person, user.chat, asked.message_id, "Start a new one").unwrap();
    user.sees("belongs to an earlier project").await;
    user.says("/status");
    user.sees("Timeline").await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stop_of_a_turn_that_is_over_does_not_stop_the_render_beside_it() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    let turn = user.sees_button("Stop").await;
    let stop = turn.buttons.iter().flatten().find(|button| button.text == "Stop").unwrap().value.clone();
    stage.nemo.play(Scenario::RenderSlow);
    stage.nemo.release();
    stage.journal_has("run-end", |_| true).await;
    user.says("export");
    stage.journal_has("render-poll", |_| true).await;
    // Pressed just before the button went away.
    let message = serde_json::json!({
        "message_id": turn.message_id, "date": 0, "chat": { "id": user.chat, "type": "private", "first_name": "New" },
    });
    let from = serde_json::json!({ "id": user.chat, "is_bot": false, "first_name": "New user", "language_code": "en" });
    let press = serde_json::json!({
        "id": "77", "from": from, "message": message, "chat_instance": "1", "data": stop,
    });
    stage.telegram.deliver_raw(serde_json::json!({ "callback_query": press }));
    user.sees("That is already done").await;
    stage.nemo.release();
    user.sees("Your MP4 is ready").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_one_account_for_all_projects() {
    let stage = Stage::open().await;
    let user = stage.user("en");
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

#[tokio::test(flavor = "multi_thread")]
async fn on_redis_the_same_with_a_power_cut_while_rendering() {
    let redis = RedisServer::start();
    let mut stage = Stage::empty(&[("NEMO_BOT__STORE__URL", &redis.url()), ("NEMO_BOT__STORE__KEY", STORE_KEY)]).await;
    stage.start();
    let (person, chat) = {
        let user = stage.user("en");
        user.sends_clip(Some(WISH)).await;
        user.sees_button("Export MP4").await;
        stage.nemo.play(Scenario::RenderSlow);
        user.says("export");
        stage.journal_has("render-poll", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.start();
    stage.nemo.release();
    let user = super::bot::User { stage: &stage, person, chat };
    user.sees_video().await;
    assert_eq!((stage.count("run"), stage.count("render")), (1, 1), "{}", stage.story());
    assert_eq!(user.count("Download: http"), 1, "one link");
    stage.assert_clean();
}
