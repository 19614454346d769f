//! Buttons that outlive what they were made for.

use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_an_earlier_project_leaves_the_turn_of_the_next_alone() {
    let stage = Stage::open().await;
    let user = stage.user("en");
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
    stage.journal_has("run-end", |_| true).await;
    user.says("write a haiku about the sea");
    stage.journal_has("run", |run| run.data["number"] == 2).await;
    user.sees_button("Stop").await;
    // What is pressed meanwhile was made for the project before.
    user.presses_on(asked.message_id, "Start a new one");
    user.sees("belongs to an earlier project").await;
    assert_eq!(stage.count("run-end"), 1, "the turn goes on\n{}", stage.story());
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees("Concrete requests work best").await;
    assert_eq!(user.count("New project."), 1, "{:#?}", user.texts());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_the_agent_leaves_to_its_user_is_done_by_a_press_and_never_by_itself(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.says("give it a film grain effect");
    let answer = user.sees("Effect added: 'Film Grain'.").await;
    assert!(!answer.text.contains("drag the slider"), "{}", answer.text);
    user.sees_button("Do it").await;
    user.rests().await;
    assert_eq!(stage.count("run"), 1, "an edit costs credits\n{}", stage.story());
    user.presses("Do it").await;
    let run = stage.journal_has("run", |run| run.data["number"] == 2).await;
    let ask = run.data["text"].as_str().unwrap();
    assert!(ask.starts_with("Please do this in the project yourself") && ask.contains("drag the slider"), "{ask}");
    user.sees_times("Effect added", 2).await;
    user.rests().await;
    let first = user.messages().into_iter().find(|message| message.message_id == answer.message_id).unwrap();
    assert!(first.buttons.iter().flatten().all(|key| key.text != "Do it"), "pressed once: {first:#?}");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_message_offers_is_what_that_one_was_about(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on_with(on, &[("NEMO_TOKEN", "nmv_usr_buttons")]).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::ErrorAlone);
    user.says("add a title that says First Light");
    let failed = user.sees_button("Try again").await;
    user.says("make it shorter");
    stage.journal_has("run-end", |run| run.data["number"] == 2).await;
    user.rests().await;
    stage.nemo.play(Scenario::Normal);
    user.says("give it a film grain effect");
    let edit = user.sees_button("Do it").await;
    user.says("add some music");
    user.sees("BGM added").await;
    user.rests().await;

    stage.nemo.allow_repeat();
    user.presses_on(failed.message_id, "Try again");
    let run = stage.journal_has("run", |run| run.data["number"] == 5).await;
    assert_eq!(run.data["text"], "add a title that says First Light", "{}", stage.story());
    user.rests().await;
    user.presses_on(edit.message_id, "Do it");
    let run = stage.journal_has("run", |run| run.data["number"] == 6).await;
    assert!(run.data["text"].as_str().unwrap().contains("drag the slider"), "{}", stage.story());
    user.rests().await;
    assert_eq!(stage.count("run"), 6, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn trying_a_question_again_asks_it_again_and_sends_no_request(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(Some("add a title that says First Light")).await;
    user.sees("First Light").await;
    user.rests().await;
    stage.nemo.play(Scenario::ReauthRefused);
    user.says("/status");
    user.sees("no free account left").await;
    user.says("/credits");
    user.sees_times("no free account left", 2).await;
    let asked = user.sees_button("Try again").await;
    stage.nemo.play(Scenario::Normal);
    user.presses_on(asked.message_id, "Try again");
    user.sees("Credits: ").await;
    user.rests().await;
    assert_eq!(stage.count("run"), 1, "nobody asked the agent\n{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_is_tapped_twice_is_done_once(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.presses("Titles + tags").await;
    user.presses("Another language").await;
    let asked = user.sees_button("Español").await;
    stage.nemo.play(Scenario::Hang);
    user.presses_on(asked.message_id, "Español");
    stage.journal_has("run", |run| run.data["number"] == 2).await;
    user.presses_on(asked.message_id, "Español");
    user.sees("That is already done").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.rests().await;
    assert_eq!((stage.count("run"), user.count("in line")), (2, 0), "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_export_begins_by_itself_only_where_the_user_asked_for_the_file(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.says("add some music");
    user.sees("BGM added").await;
    // A chat's pace may hold back whatever else comes of it.
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(stage.count("render"), 0, "the agent's word alone is no wish\n{}", stage.story());
    user.says("put a title on it and export it");
    user.sees("Title added").await;
    user.sees("Your MP4 is ready").await;
    user.rests().await;
    assert_eq!((stage.count("run"), stage.count("render")), (2, 1), "{}", stage.story());
    // One that had begun with the music would be joined.
    assert_eq!(user.count("This render is already running"), 0, "{:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn talk_of_a_window_is_never_seen_not_even_while_the_agent_speaks(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::LeftOpen);
    user.says("add some music");
    let growing = user.sees("BGM added").await;
    assert!(growing.text.contains("Your video is ready!"), "{}", growing.text);
    assert!(!growing.text.contains("click Export"), "{}", growing.text);
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees_button("Full reply").await;
    user.rests().await;
    let calls = match on {
        Telegram => stage.telegram.calls(),
        Discord => stage.discord().calls(),
    };
    let flashed: Vec<_> = calls.iter().filter(|call| call.to_string().contains("click Export")).collect();
    assert!(flashed.is_empty(), "{flashed:#?}");
    user.presses("Full reply").await;
    user.sees("click Export").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_project_opens_in_a_browser_by_a_link_that_is_made_when_it_is_asked_for(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.says("/export");
    let result = user.sees("Your MP4 is ready").await;
    assert!(!format!("{result:?}").contains("clm_"), "a link of the day before would not open: {result:#?}");
    user.presses("Open in web").await;
    let link = user.sees("This link opens the project in a browser").await;
    let key = link.buttons.into_iter().flatten().next().unwrap();
    assert_eq!((key.text.as_str(), key.kind), ("Open in web", "url"));
    assert!(key.value.contains("/workspace/claim?ct=clm_"), "{}", key.value);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_project_of_the_operators_account_opens_in_no_browser(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on_with(on, &[("NEMO_TOKEN", "nmv_usr_operator")]).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.says("/export");
    let result = user.sees("Your MP4 is ready").await;
    let labels: Vec<_> = result.buttons.iter().flatten().map(|key| key.text.as_str()).collect();
    assert!(labels.contains(&"Edit more") && !labels.contains(&"Open in web"), "{labels:?}");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_video_is_answered_so() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.says("/help not-video");
    user.sees("This bot is for video only").await;
    stage.assert_clean();
}
