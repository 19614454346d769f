//! Where the bot is no member: only a command's own token leads there, and it ends.

use std::time::Duration;

use nemo_bot::sandbox::discord::{DiscordEmulatorSettings, DiscordTimes};
use nemo_bot::sandbox::nemo::Scenario;

use crate::bot::Platform::Discord;
use crate::bot::{Seen, Stage, User};

const GET: &str = "Get result";
const GENERATE: &str = "Generate metadata";
/// So long a token lives in these stories.
const LIFE: Duration = Duration::from_secs(14);
/// What the bot is told: it lets go of a token 15 seconds before its end.
const TOLD: &str = "29s";
/// A sign of time, well before the end of a token.
const STILL: (&str, &str) = ("NEMO_BOT__NEMO__STILL_WORKING_EVERY", "6s");

async fn stage() -> Stage {
    let times = DiscordTimes { token_life: LIFE, ..DiscordTimes::quick() };
    let discord = DiscordEmulatorSettings { times, ..DiscordEmulatorSettings::quick() };
    Stage::with_discord(
        discord,
        &[("NEMO_BOT__DISCORD__TOKEN_LIFE", TOLD), ("NEMO_BOT__NEMO__RENDER_POLL_EVERY", "3s"), STILL],
    )
    .await
}

/// Somebody in a channel without the bot, and a clip that another one posted there.
async fn guest(stage: &Stage) -> (User<'_>, i64) {
    let place = i64::try_from(stage.discord().a_foreign_channel("their clips")).unwrap();
    let user = stage.user_on(Discord, "en").at(place);
    let clip = stage.user_on(Discord, "en").at(place).sends_clip(Some("my holidays")).await;
    (user, clip)
}

/// Waits until a message has no button for what is to come.
async fn has_ended(user: &User<'_>, message: i64) {
    let without = |seen: &Seen| seen.buttons.iter().flatten().all(|button| button.text != GET);
    user.sees_one_of("the end in its message", |seen| seen.message_id == message && without(seen)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_after_the_tokens_end_waits_for_a_press_also_of_a_bot_that_was_restarted() {
    let mut stage = stage().await;
    stage.nemo.play(Scenario::Hang);
    let (user, clip) = guest(&stage).await;
    let (who, place) = (user.person.clone(), user.chat);
    user.uses_on(clip, GENERATE);
    let live = user.sees_button(GET).await;
    assert!(live.text.contains("press Get result"), "{live:#?}");
    stage.comes("token-end", 1).await;
    stage.kill().await;
    stage.start();
    stage.listens().await;
    stage.logs_have("it is kept").await;
    let user = User { stage: &stage, person: who, chat: place };
    user.presses_on(live.message_id, GET);
    has_ended(&user, live.message_id).await;
    assert_eq!(user.count("Let me take a look"), 1, "the same message: {:#?}", user.texts());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_before_the_end_lets_the_answer_go_on_in_its_message() {
    let stage = stage().await;
    stage.nemo.play(Scenario::Hang);
    let (user, clip) = guest(&stage).await;
    user.uses_on(clip, GENERATE);
    let live = user.sees_button(GET).await;
    user.sees("Still working").await;
    user.presses_on(live.message_id, GET);
    // What stands below the answer would make it ring elsewhere; here one person reads it, and knows.
    user.says("/credits");
    user.sees("Credits:").await;
    // The first token does not answer any more; the second does.
    stage.comes("token-end", 1).await;
    stage.nemo.release();
    has_ended(&user, live.message_id).await;
    user.sees("Tags").await;
    user.rests().await;
    assert_eq!(user.count("Your answer is ready"), 0, "nothing rings: {:#?}", user.texts());
    assert_eq!(user.count("Let me take a look"), 1, "the same message: {:#?}", user.texts());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_render_that_ends_after_the_token_is_delivered_at_the_press() {
    let mut stage = stage().await;
    let (user, clip) = guest(&stage).await;
    let (who, place) = (user.person.clone(), user.chat);
    user.uses_on(clip, GENERATE);
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::RenderSlow);
    user.presses("Export MP4").await;
    let status = user.sees_button(GET).await;
    // That of the command, then that of the press.
    stage.comes("token-end", 2).await;
    stage.kill().await;
    stage.nemo.release();
    stage.start();
    stage.listens().await;
    stage.journal_has("render-done", |_| true).await;
    let user = User { stage: &stage, person: who, chat: place };
    user.presses_on(status.message_id, GET);
    user.sees("Your MP4 is ready").await;
    user.sees_video().await;
    assert_eq!(user.count("Download: http"), 1, "{:#?}", user.texts());
    assert_eq!(stage.count("render"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_asker_alone_reads_is_shown_to_all_by_a_press() {
    let stage = stage().await;
    let (user, clip) = guest(&stage).await;
    let other = stage.user_on(Discord, "en").at(user.chat);
    user.uses_on(clip, GENERATE);
    let card = user.sees_button("Share here").await;
    assert!(card.private, "{card:#?}");
    assert_eq!(other.count("Tags"), 0, "{:#?}", other.texts());
    user.presses_on(card.message_id, "Share here");
    let shown = other.sees("Tags").await;
    assert!(!shown.private && shown.buttons.is_empty(), "{shown:#?}");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_notice_on_data_stands_above_a_guests_answer() {
    let stage = stage().await;
    let (user, clip) = guest(&stage).await;
    user.uses_on(clip, GENERATE);
    user.sees("Tags").await;
    let texts = user.texts();
    let at = |words: &str| texts.iter().position(|text| text.contains(words));
    let notice = at("sent to the NEMO video service");
    assert!(notice.is_some() && notice < at("Tags"), "{texts:#?}");
    stage.assert_clean();
}
