//! The connection breaks in every way that it can, and nothing is lost or done twice.

use std::time::Duration;

use nemo_bot::sandbox::discord::{DiscordBehaviour, DiscordEmulator, DiscordEmulatorSettings, FaultAction, FaultRule};
use rstest::rstest;

use super::{WHAT_NOW, WISH, calls, channel, opened};
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

/// The gateway breaks, and what happens until a fresh session is lost to it. Returns once that has begun.
async fn loses_its_session(stage: &Stage) {
    let refused = || stage.journal.after(0).iter().filter(|entry| entry.data["resumed"] == false).count();
    let before = refused();
    stage.discord().refuses_resume(1);
    stage.discord().cuts_gateway();
    stage.journal_has("gateway", |_| refused() > before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_in_a_projects_thread_between_two_sessions_is_read_afterwards() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    user.mentions_with_clip("").await;
    let thread = user.in_the_thread().await;
    thread.sees(WHAT_NOW).await;
    // First where nobody has said anything yet, then where somebody has.
    for (runs, words) in [(1, "write a poem about it"), (2, "add a title that says Urban Dreams")] {
        loses_its_session(&stage).await;
        thread.says(words);
        stage.journal_has("run-end", |_| stage.count("run-end") == runs).await;
        thread.rests().await;
    }
    assert_eq!(stage.discord().identified(), 3, "{}", stage.story());
    assert_eq!((stage.count("run"), stage.count("upload")), (2, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_cannot_be_read_at_first_is_read_once_it_can() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    stage.discord().fault(FaultRule::on("GET", "/channels/*/messages", FaultAction::Page(503)).times(2));
    loses_its_session(&stage).await;
    user.says("write a poem about it");
    stage.journal_has("run-end", |_| true).await;
    user.rests().await;
    assert!(calls(&stage, "GET", &format!("/channels/{}/messages", user.chat)).len() >= 3, "{}", stage.story());
    assert_eq!((stage.count("run"), stage.count("upload")), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

/// Each way in which a connection ends by itself and its session lives on.
#[rstest]
#[case::unknown_error(|discord: &DiscordEmulator| discord.closes(4000))]
#[case::asked_to_connect_again(DiscordEmulator::asks_reconnect)]
#[case::invalid_for_now(|discord: &DiscordEmulator| discord.invalidates(true))]
#[case::closed_without_a_code(DiscordEmulator::hangs_up)]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_lives_on_is_taken_up_again(#[case] ends: fn(&DiscordEmulator)) {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    ends(stage.discord());
    user.says("write a poem about it");
    stage.journal_has("run-end", |_| true).await;
    stage.journal_has("gateway", |entry| entry.data["resumed"] == true).await;
    user.rests().await;
    assert_eq!(stage.discord().identified(), 1, "{}", stage.story());
    assert_eq!((stage.count("run"), stage.count("upload")), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[case::timed_out(|discord: &DiscordEmulator| discord.closes(4009))]
#[case::invalid(|discord: &DiscordEmulator| discord.invalidates(false))]
#[tokio::test(flavor = "multi_thread")]
async fn after_a_session_that_is_over_another_one_begins_and_nothing_is_lost(#[case] ends: fn(&DiscordEmulator)) {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    ends(stage.discord());
    user.says("write a poem about it");
    stage.journal_has("run-end", |_| true).await;
    stage.journal_has("gateway", |_| stage.discord().identified() == 2).await;
    user.rests().await;
    assert_eq!((stage.count("run"), stage.count("upload")), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_without_introductions_left_waits_for_the_next_day() {
    let mut stage = Stage::empty_with_discord(DiscordEmulatorSettings::quick(), &[]).await;
    stage.discord().ends_the_day(0, Duration::from_secs(5));
    stage.start();
    stage.logs_have("Discord allows no more connections for now").await;
    assert_eq!(stage.discord().identified(), 0, "{}", stage.story());
    stage.listens().await;
    assert_eq!(stage.discord().identified(), 1, "{}", stage.story());
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    // The emulator takes offence at an introduction beyond those of the day.
    stage.assert_clean();
}
