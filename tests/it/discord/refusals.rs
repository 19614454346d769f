//! Discord refuses the bot, and Telegram goes on.

use nemo_bot::sandbox::discord::DiscordEmulatorSettings;

use crate::bot::Platform::Discord;
use crate::bot::Stage;

/// Telegram answers.
async fn telegram_goes_on(stage: &Stage) {
    let user = stage.user("en");
    user.says("/start");
    user.sees("Share your video clips").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_told_with_its_fix_and_telegram_goes_on() {
    let mut stage = Stage::empty_on(Discord, &[]).await;
    stage.sets("DISCORD_TOKEN", "MTAwMDAwMDAwMDAwMDAwMDAx.WRONG.not-a-secret");
    stage.start();
    stage.logs_have("Discord refused the token. Check DISCORD_TOKEN").await;
    telegram_goes_on(&stage).await;
    assert_eq!(stage.discord().identified(), 0);
    assert!(stage.discord().invalid_requests() < 5, "it does not knock on: {}", stage.discord().invalid_requests());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_gateway_refuses_is_told_with_its_fix_and_telegram_goes_on() {
    let stage = Stage::on(Discord).await;
    // As when somebody resets it while the bot is connected.
    stage.discord().closes(4004);
    stage.logs_have("Discord refused the token. Check DISCORD_TOKEN").await;
    telegram_goes_on(&stage).await;
    assert_eq!((stage.discord().identified(), stage.discord().connections()), (1, 0), "{}", stage.story());
    assert_eq!(stage.discord().resumed(), 0, "it does not knock on: {}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_intent_that_must_be_there_is_told_with_its_fix_and_telegram_goes_on() {
    let mut settings = DiscordEmulatorSettings::quick();
    settings.message_content = false;
    let mut stage = Stage::empty_with_discord(settings, &[("NEMO_BOT__DISCORD__MESSAGE_CONTENT", "on")]).await;
    stage.start();
    stage.logs_have("`discord.message_content` is `on`: this adapter stops").await;
    telegram_goes_on(&stage).await;
    assert_eq!(stage.discord().connections(), 0, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_of_telegram_leaves_discord_alone() {
    let mut stage = Stage::empty_on(Discord, &[]).await;
    stage.sets("TELEGRAM_BOT_TOKEN", "1:wrong");
    stage.start();
    stage.listens().await;
    let user = stage.user_on(Discord, "en");
    user.says("/start");
    user.sees("Share your video clips").await;
    stage.assert_clean();
}
