//! The connection breaks in every way that it can, and nothing is lost or done twice.

use nemo_bot::sandbox::discord::{DiscordBehaviour, DiscordEmulatorSettings};

use super::{WISH, channel, opened};
use crate::bot::Platform::Discord;
use crate::bot::Stage;

/// A Discord with its odd habits.
fn odd() -> DiscordEmulatorSettings {
    let behaviour = DiscordBehaviour { novelties: true, starter_copy: true, replays_all: true };
    DiscordEmulatorSettings { behaviour, ..DiscordEmulatorSettings::quick() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resumed_session_brings_again_is_done_once() {
    let stage = Stage::with_discord(odd(), &[]).await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(Some(WISH)).await;
    user.sees_button("Export MP4").await;
    stage.discord().cuts_gateway();
    user.says("write a poem about it");
    stage.journal_has("gateway", |entry| entry.data["resumed"] == true).await;
    stage.journal_has("run-end", |_| stage.count("run-end") == 2).await;
    user.rests().await;
    let again = stage.journal.after(0).iter().filter(|entry| entry.data["again"] == true).count();
    assert!(again > 0, "nothing came again\n{}", stage.story());
    assert_eq!((stage.count("run"), stage.count("upload")), (2, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_repeats_its_first_message_is_one_request() {
    let stage = Stage::with_discord(odd(), &[]).await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    user.mentions_with_clip(WISH).await;
    let thread = user.in_the_thread().await;
    thread.sees_button("Export MP4").await;
    // Not heard where the first look at the thread was taken too early and remembered.
    thread.says("add a title that says Urban Dreams");
    stage.journal_has("run-end", |_| stage.count("run-end") == 2).await;
    thread.rests().await;
    assert_eq!((stage.count("run"), stage.count("upload")), (2, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_between_two_sessions_is_read_afterwards() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.discord().refuses_resume(1);
    stage.discord().cuts_gateway();
    // From here until it has introduced itself anew nothing is brought to it.
    stage.journal_has("gateway", |entry| entry.data["resumed"] == false).await;
    user.says("write a poem about it");
    stage.journal_has("run-end", |_| true).await;
    user.rests().await;
    assert_eq!(stage.discord().identified(), 2, "{}", stage.story());
    assert_eq!((stage.count("run"), stage.count("upload")), (1, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_connection_is_noticed_and_what_it_swallowed_is_read() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.discord().freezes();
    stage.journal_has("gateway", |entry| entry.data["what"] == "frozen").await;
    user.says("write a poem about it");
    stage.journal_has("run-end", |_| true).await;
    user.rests().await;
    assert_eq!((stage.count("run"), stage.count("upload")), (1, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
