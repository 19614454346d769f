//! In a server: who is meant, who may press, where answers stand.

use nemo_bot::sandbox::discord::permissions::MANAGE_MESSAGES;
use nemo_bot::sandbox::nemo::Scenario;

use super::{WHAT_NOW, WISH, channel, flat_channel, opened};
use crate::bot::Platform::Discord;

#[tokio::test(flavor = "multi_thread")]
async fn a_mention_with_a_clip_gets_a_thread_in_which_no_mention_is_needed() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    user.mentions_with_clip(WISH).await;
    let thread = user.in_the_thread().await;
    thread.sees("Tags").await;
    thread.sees_button("Export MP4").await;
    thread.says("export");
    thread.sees("Your MP4 is ready").await;
    thread.sees_video().await;
    assert_eq!((stage.count("run"), stage.count("render")), (1, 1), "{}", stage.story());
    assert_eq!(user.count("Tags"), 0, "the channel itself stays free: {:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_owns_no_thread_any_more() {
    let stage = opened().await;
    let private = stage.user_on(Discord, "en");
    let user = private.at(channel(&stage));
    user.mentions_with_clip(WISH).await;
    let thread = user.in_the_thread().await;
    thread.sees_button("Export MP4").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(stage.rows_under("place:discord:"), 1, "the thread leads to its project");

    private.says("/privacy");
    private.presses("My data").await;
    private.sees_one_of("a file", |message| message.file.is_some()).await;
    let file = private.bot_messages().into_iter().rev().find(|message| message.file.is_some()).unwrap();
    let data: serde_json::Value = serde_json::from_slice(&private.downloads(&file)).unwrap();
    let known = data["person"]["threads"][0][0].as_str().unwrap_or_default();
    assert!(known.ends_with(&thread.chat.to_string()), "{data:#}");

    private.says("/forget");
    private.presses("Delete").await;
    private.sees("Deleted:").await;
    assert_eq!(stage.rows_under("place:discord:"), 0, "nothing leads to a person who is forgotten");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named_once_and_the_answer_stays_in_place() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(flat_channel(&stage));
    user.mentions_with_clip(WISH).await;
    user.sees("open threads (Create Public Threads)").await;
    let answer = user.sees_button("Export MP4").await;
    user.replies(answer.message_id, "add a title that says Urban Dreams");
    stage.journal_has("run-end", |_| stage.count("run-end") == 2).await;
    user.rests().await;
    user.says("/new");
    user.sees("New project").await;
    user.mentions_with_clip(WISH).await;
    stage.journal_has("run-end", |_| stage.count("run-end") == 3).await;
    user.rests().await;
    assert_eq!(user.count("Create Public Threads"), 1, "{:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_to_each_other_is_theirs() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(flat_channel(&stage));
    user.says("generate titles, anyone?");
    user.sends_clip(Some("look at this")).await;
    user.mentions("write a poem about the sea");
    stage.journal_has("run-end", |_| true).await;
    user.rests().await;
    assert_eq!((stage.count("run"), stage.count("upload")), (1, 0), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_told_off_and_a_moderator_is_heard() {
    let stage = opened().await;
    let place = flat_channel(&stage);
    let owner = stage.user_on(Discord, "en").at(place);
    let stranger = stage.user_on(Discord, "en").at(place);
    let moderator = stage.user_on(Discord, "en").at(place);
    stage.discord().grants(&moderator.person.on_discord(), moderator.channel(), MANAGE_MESSAGES);
    owner.mentions_with_clip("").await;
    owner.sees(WHAT_NOW).await;
    stage.nemo.play(Scenario::Hang);
    owner.mentions("write a poem about it");
    stage.journal_has("run", |_| true).await;
    let live = owner.sees_button("Stop").await;

    stranger.presses_on(live.message_id, "Stop");
    let told = stranger.sees("Only the person who asked or an administrator can use this button").await;
    assert!(told.private, "for the stranger's eyes: {told:?}");
    assert_eq!(owner.count("Only the person who asked"), 0, "{:#?}", owner.texts());
    owner.says("/status");
    owner.sees("Timeline").await;
    assert_eq!(stage.count("run-end"), 0, "it still runs\n{}", stage.story());

    moderator.presses_on(live.message_id, "Stop");
    owner.sees("Stopped waiting").await;

    // What is kept of a person is no work in this channel.
    owner.mentions("/forget");
    let asked = owner.sees_button("Delete").await;
    moderator.presses_on(asked.message_id, "Delete");
    moderator.sees("Only the person who asked or an administrator can use this button").await;
    owner.presses_on(asked.message_id, "Keep");
    owner.sees("Nothing was deleted").await;
    assert_eq!(owner.count("Deleted:"), 0, "{:#?}", owner.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_one_person_is_shown_to_that_person() {
    let stage = opened().await;
    let place = flat_channel(&stage);
    let (user, other) = (stage.user_on(Discord, "en").at(place), stage.user_on(Discord, "en").at(place));
    user.says("/credits");
    let told = user.sees("Credits:").await;
    assert!(told.private, "{told:?}");
    user.says("/export");
    let told = user.sees("nothing to export yet").await;
    assert!(told.private, "{told:?}");
    assert_eq!(other.bot_messages().len(), 0, "{:#?}", other.texts());
    stage.assert_clean();
}
