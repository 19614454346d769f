//! What happens around a turn: questions, queues, stops, lost sessions.

use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;

use super::requests;
use crate::bot::Platform::{self, Discord, Telegram};
use crate::bot::Stage;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_without_words_is_answered_with_what_changed(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::SilentEdit);
    user.says("add a title that says Urban Dreams");
    user.sees("What changed").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn while_a_tool_works_its_stage_is_told_and_never_its_content(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("put a film grain effect on it");
    user.sees("Working on the timeline…").await;
    assert_eq!(user.count("Working on it…"), 0, "one in place of the other: {:#?}", user.texts());
    assert_eq!(user.count("multitrack"), 0, "{:#?}", user.texts());
    stage.nemo.release();
    user.sees("Film Grain").await;
    user.sees_no_more("Working on the timeline…").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn after_an_edit_with_words_come_next_steps_and_after_metadata_the_card(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(Some(super::WISH)).await;
    user.sees_button("More titles").await;
    assert_eq!(user.count("Next you could"), 0, "{:#?}", user.texts());
    user.says("add a title that says Urban Dreams");
    let answer = user.sees("Next you could").await;
    let offered = ["add a title", "add music", "make it shorter", "export the MP4"];
    let steps = offered.map(|step| answer.text.contains(&format!(" {step}")));
    assert_eq!(steps, [false, true, true, true], "{}", answer.text);
    user.says("write a poem about it");
    user.sees("Concrete requests work best").await;
    user.rests().await;
    assert_eq!(user.count("Next you could"), 1, "nothing changed, nothing follows: {:#?}", user.texts());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_changed_nothing_says_so(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::SilentNothing);
    user.says("make it better");
    user.sees("the project did not change").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn while_a_turn_runs_commands_answer_and_wishes_queue(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
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

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn stop_stops_waiting_and_says_so(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
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

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_session_is_told_once_and_the_clip_goes_into_the_next(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
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

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_album_is_dropped_whole(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
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
    user.presses_on(album.message_id, "Drop it");
    user.sees("Dropped:").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    stage.journal_has("run", |entry| entry.data["text"].as_str().is_some_and(|text| text.contains("limerick"))).await;
    assert_eq!(stage.count("upload"), 1, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_line_that_became_no_answer_is_taken_away(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
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

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_new_project_is_begun_out_of_a_running_turn_and_only_once(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("/new");
    let asked = user.sees("still working on the current project").await;
    // Asked twice: the button that is pressed goes, the other stays.
    user.says("/new");
    user.sees_times("still working on the current project", 2).await;
    user.presses("Start a new one").await;
    user.sees("New project.").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sends_clip(None).await;
    stage.journal_has("upload", |_| stage.count("upload") == 2).await;
    // The same button once more must not throw the new project away.
    user.presses_on(asked.message_id, "Start a new one");
    user.sees("belongs to an earlier project").await;
    user.says("/status");
    user.sees("Timeline").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_the_old_project_does_not_run_in_the_new_one(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("make it shorter");
    let line = user.sees("number 1 in line").await;
    user.says("/new");
    user.sees("still working on the current project").await;
    // Whoever has asked for a new project means this for it.
    user.sends_clip(Some("add a title that says First Light")).await;
    user.sees("number 2 in line").await;
    stage.nemo.play(Scenario::Normal);
    user.presses("Start a new one").await;
    let dropped = user.sees("Dropped: \"make it shorter\"").await;
    assert_eq!(dropped.message_id, line.message_id, "{:#?}", user.texts());
    user.sees("New project.").await;
    user.sees("First Light").await;
    user.rests().await;
    assert_eq!((stage.count("run"), stage.count("upload"), stage.count("session")), (2, 2, 2), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
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

/// Looking for what has come in and taking out what is done are two steps, and one may fall into the other.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_as_a_turn_ends_brings_no_earlier_request_back(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("and a haiku");
    user.sees("number 1 in line").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees("Your answer is ready, see above").await;
    user.says("and a limerick");
    stage.journal_has("run-end", |_| stage.count("run-end") == 3).await;
    user.rests().await;
    assert_eq!(requests(&stage), ["write a poem about it", "and a haiku", "and a limerick"], "{}", stage.story());
    stage.assert_clean();
}
