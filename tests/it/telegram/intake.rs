//! What comes in: every shape of a clip, albums, corrections, floods, and what nobody knows yet.

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::{FaultAction, FaultRule, FileDetails, FileKind};
use rstest::rstest;
use serde_json::json;

use super::{WISH, calls, file, message, requests};
use crate::bot::{Stage, User};

/// A file that Telegram knows, to be named in made-up messages.
async fn known_file(user: &User<'_>) -> String {
    let id = user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    let shown = user.stage.telegram.shown(user.chat);
    shown.iter().find(|message| message.message_id == id).and_then(|message| message.file.clone()).unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_that_trickles_in_is_one_request() {
    let stage = Stage::with(&[("NEMO_BOT__TELEGRAM__ALBUM_WAIT", "1s")]).await;
    let user = stage.user("en");
    let file = known_file(&user).await;
    for item in 0..4 {
        let mut fields = json!({ "media_group_id": "99", "video": { "file_id": file, "file_unique_id": "u" } });
        if item == 2 {
            fields["caption"] = json!(WISH);
        }
        stage.telegram.deliver_raw(message(&user, 100 + item, fields));
        // The next one comes when this one has been read and confirmed.
        stage.journal_has("poll", |_| stage.telegram.pending() == 0).await;
    }
    user.sees("Tags").await;
    user.sees_button("Export MP4").await;
    assert_eq!((stage.count("upload"), stage.count("run")), (5, 1), "{}", stage.story());
    assert_eq!(user.count("Got 4 files") + user.count("Tags"), 1, "one acknowledgement, which became the answer");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[case::meta("/meta")]
#[case::upload("/upload write titles, a description and tags")]
#[tokio::test(flavor = "multi_thread")]
async fn an_album_under_a_command_comes_in_whole_and_is_asked_about(#[case] caption: &str) {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_album(3, Some(caption)).await;
    user.sees("Tags").await;
    user.rests().await;
    assert_eq!((stage.count("upload"), stage.count("run")), (3, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_over_the_limit_is_refused_with_its_size_before_a_byte_moves() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let claims = FileDetails { claimed_size: Some(25 << 20), ..FileDetails::default() };
    let video = || file(FileKind::Video, "holiday.mp4");
    stage.telegram.sends_file_as(&user.person, user.chat, video(), claims.clone()).await.unwrap();
    let said = user.sees("Telegram lets me download files up to").await.text;
    let (limit, rest) = said.split_once("; this one has ").expect("the limit, then the size");
    let (size, way) = rest.split_once(". ").expect("the size, then the way round");
    assert!(limit.ends_with("up to 20 MB") || limit.ends_with("up to 21 MB"), "the limit: {said}");
    assert!(["25 MB", "26 MB", "26.2 MB"].contains(&size), "the size: {said}");
    assert!(way.contains("Send a link to the file"), "the way round: {said}");
    assert_eq!(calls(&stage, "getFile").len(), 0);
    // The same where Telegram keeps the size to itself.
    let silent = FileDetails { without_size: true, ..claims };
    stage.telegram.sends_file_as(&user.person, user.chat, video(), silent).await.unwrap();
    user.sees("this one is larger").await;
    assert_eq!((calls(&stage, "getFile").len(), stage.count("upload")), (1, 0), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn clips_in_every_shape_are_clips() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let silent = FileDetails { tells_mime: Some(false), ..FileDetails::default() };
    let nameless = FileDetails { without_name: true, without_size: true, ..silent.clone() };
    let shapes = [
        (FileKind::VideoNote, nameless.clone()),
        (FileKind::Animation, silent.clone()),
        (FileKind::Document, silent),
        (FileKind::Video, nameless),
    ];
    for (nth, (kind, details)) in (1..).zip(shapes) {
        stage.telegram.sends_file_as(&user.person, user.chat, file(kind, "clip.mp4"), details).await.unwrap();
        user.sees_times("What should I do with it?", nth).await;
        assert_eq!(stage.count("upload"), nth, "{kind:?}\n{}", stage.story());
    }
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_library_knows_loses_no_message() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.telegram.deliver_raw(json!({ "subscription": { "state": "new" } }));
    stage.telegram.deliver_raw(message(
        &user,
        100,
        json!({
            "text": "/start",
            "entities": [{ "type": "bot_command", "offset": 0, "length": 6 }, { "type": "hologram", "offset": 0, "length": 1 }],
            "external_reply": { "origin": { "type": "elsewhere" }, "surprise": [1, 2] },
            "quote": null,
            "reply_markup": { "inline_keyboard": [[{ "text": "no", "disabled": { "reason": 1 } }]] },
            "rich_message": { "blocks": [] },
            "via_bot": null,
        }),
    ));
    user.sees("Share your video clips").await;
    let unreadable = json!({ "message": { "message_id": 201, "date": 1, "chat": "?" } });
    stage.telegram.deliver_raw(unreadable);
    let huge = json!({ "file_id": "A", "file_size": 5_000_000_000_u64, "mime_type": "", "qualities": [{}] });
    stage.telegram.deliver_raw(message(&user, 300, json!({ "video": huge })));
    user.sees("the limit is").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caption_corrected_in_time_is_what_counts() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about the sea");
    stage.journal_has("run", |_| true).await;
    let sent = user.sends_clip(Some("add a red title")).await;
    user.sees("number 1 in line").await;
    user.corrects(sent, "add a blue title");
    stage.journal_has("update", |entry| entry.data["kind"] == "edited_message").await;
    stage.journal_has("poll", |_| stage.telegram.pending() == 0).await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees_button("Export MP4").await;
    let requests = requests(&stage);
    assert!(requests.len() == 2 && requests[1].starts_with("add a blue title"), "{requests:?}");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_answers_nothing_a_second_time() {
    let mut stage = Stage::open().await;
    let (person, chat) = {
        let user = stage.user("en");
        user.says("/start");
        user.sees("Share your video clips").await;
        user.says("/help");
        user.sees("short, focused clips").await;
        (user.person.clone(), user.chat)
    };
    assert_eq!(stage.stop().await, Some(0));
    stage.start();
    let user = User { stage: &stage, person, chat };
    user.says("/cancel");
    user.sees("Nothing is running").await;
    assert_eq!(user.bot_messages().len(), 3, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn seventy_two_messages_of_one_chat_stop_no_other() {
    let stage = Stage::with(&[("NEMO_BOT__RUN__HOLD", "15s")]).await;
    let (loud, calm) = (stage.user("en"), stage.user("en"));
    loud.sends_clip(None).await;
    loud.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    loud.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    for line in 0..72 {
        loud.says(&format!("and line {line}"));
    }
    calm.says("/start");
    calm.sees("Share your video clips").await;
    loud.sees("requests waiting").await;
    // And what runs can still be stopped.
    let pressed = std::time::Duration::from_millis(stage.journal.after(0).last().unwrap().at_ms);
    loud.presses("Stop").await;
    let ended = stage.journal_has("run-end", |_| true).await;
    let took = std::time::Duration::from_millis(ended.at_ms).saturating_sub(pressed);
    assert!(took.as_secs() < 5, "Stop waited {took:?} behind the line\n{}", stage.story());
    loud.sees("Stopped waiting").await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caption_corrected_while_its_clip_is_on_the_way_is_what_counts() {
    for corrected in ["add a blue title", "export"] {
        let stage = Stage::open().await;
        let user = stage.user("en");
        let wait = std::time::Duration::from_secs(3);
        stage.telegram.fault(FaultRule::on("getFile", FaultAction::Delay(wait)));
        let sent = user.sends_clip(Some("add a red title")).await;
        user.sees_button("Stop").await;
        user.corrects(sent, corrected);
        stage.journal_has("update", |entry| entry.data["kind"] == "edited_message").await;
        if corrected == "export" {
            user.sees_video().await;
            assert_eq!(requests(&stage), [""; 0], "{}", stage.story());
        } else {
            user.sees_button("Export MP4").await;
            let requests = requests(&stage);
            assert!(requests.len() == 1 && requests[0].starts_with("add a blue title"), "{requests:?}");
        }
        assert_eq!(user.count("already working on your first wording"), 0, "{:#?}", user.texts());
        stage.assert_clean();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caption_corrected_too_late_is_answered_in_words() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.nemo.play(Scenario::Hang);
    let sent = user.sends_clip(Some("add a red title")).await;
    stage.journal_has("run", |_| true).await;
    user.corrects(sent, "add a blue title");
    user.sees("already working on your first wording").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees_button("Export MP4").await;
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_item_of_an_album_joins_its_project_with_a_short_note() {
    let stage = Stage::with(&[("NEMO_BOT__TELEGRAM__ALBUM_WAIT", "200ms")]).await;
    let user = stage.user("en");
    let file = known_file(&user).await;
    let item = |id: i64, caption: Option<&str>| {
        let mut fields = json!({ "media_group_id": "99", "video": { "file_id": file, "file_unique_id": "u" } });
        if let Some(caption) = caption {
            fields["caption"] = json!(caption);
        }
        message(&user, id, fields)
    };
    stage.nemo.play(Scenario::Hang);
    stage.telegram.deliver_raw(item(100, Some("add a title that says Urban Dreams")));
    stage.journal_has("run", |_| true).await;
    stage.telegram.deliver_raw(item(101, None));
    stage.journal_has("poll", |_| stage.telegram.pending() == 0).await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees_button("Export MP4").await;
    user.sees_times("What should I do with it?", 2).await;
    assert_eq!((stage.count("upload"), stage.count("run"), stage.count("session")), (3, 1, 1), "{}", stage.story());
    stage.assert_clean();
}
