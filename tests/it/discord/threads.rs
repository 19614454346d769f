//! A project's thread: one, whoever opened it; awake while the bot has something to say; reached from the channel.

use nemo_bot::sandbox::discord::{FaultAction, FaultRule, Meanwhile};
use nemo_bot::sandbox::nemo::Scenario;

use super::{WHAT_NOW, WISH, calls, channel, opened};
use crate::bot::Platform::Discord;
use crate::bot::{Stage, User};

fn threads(stage: &Stage) -> usize {
    stage.discord().channels().iter().filter(|channel| channel.kind == "thread").count()
}

/// How often Discord refused something with this code.
fn refused(stage: &Stage, code: u32) -> usize {
    stage.journal.after(0).iter().filter(|entry| entry.kind == "refused" && entry.data["code"] == code).count()
}

/// Waits for the end of the answer, which has the buttons.
async fn has_its_answer(thread: &User<'_>) {
    thread
        .sees_one_of("the whole answer", |message| {
            message.text.contains("Tags") && message.buttons.iter().flatten().any(|button| button.text == "Export MP4")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_somebody_opened_first_is_taken_for_the_project() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    let first = FaultAction::Meanwhile(Meanwhile::OpensThread);
    stage.discord().fault(FaultRule::on("POST", "/channels/*/messages/*/threads", first));
    user.mentions_with_clip(WISH).await;
    let thread = user.in_the_thread().await;
    has_its_answer(&thread).await;
    thread.says("add a title that says Urban Dreams");
    stage.journal_has("run-end", |_| stage.count("run-end") == 2).await;
    thread.rests().await;
    assert_eq!((refused(&stage, 160_004), threads(&stage)), (1, 1), "{}", stage.story());
    assert_eq!(user.bot_messages().len(), 0, "the channel itself stays free: {:#?}", user.texts());
    assert_eq!((stage.count("run"), stage.count("upload")), (2, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_is_archived_under_an_answer_is_opened_again_for_its_end() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    user.mentions_with_clip("").await;
    let thread = user.in_the_thread().await;
    thread.sees(WHAT_NOW).await;
    stage.nemo.play(Scenario::Hang);
    thread.says(WISH);
    stage.journal_has("run", |_| true).await;
    thread.sees_button("Stop").await;
    stage.discord().archives(thread.channel(), false);
    stage.nemo.release();
    has_its_answer(&thread).await;
    thread.rests().await;
    assert!(refused(&stage, 50_083) > 0, "nothing met the archived thread\n{}", stage.story());
    let woken = calls(&stage, "PATCH", &format!("/channels/{}", thread.chat));
    assert_eq!(woken.len(), 1, "{woken:#?}\n{}", stage.story());
    let asleep = stage.discord().channels().into_iter().any(|channel| channel.archived);
    assert!(!asleep && thread.count("Tags") == 1 && threads(&stage) == 1, "{:#?}", thread.texts());
    assert_eq!(user.count("Tags"), 0, "{:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_the_channel_acts_on_the_threads_project_and_points_there() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    user.mentions_with_clip(WISH).await;
    let thread = user.in_the_thread().await;
    has_its_answer(&thread).await;
    user.says("/export");
    user.sees(&format!("↪ <#{}>", thread.chat)).await;
    thread.sees("Your MP4 is ready").await;
    thread.sees_video().await;
    thread.rests().await;
    assert_eq!((stage.count("render"), stage.count("run"), threads(&stage)), (1, 1, 1), "{}", stage.story());
    assert_eq!(user.bot_messages().len(), 1, "in the channel there is the pointer: {:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
