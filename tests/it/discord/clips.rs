//! Channels in which every posted clip is taken.

use nemo_bot::sandbox::discord::permissions::MANAGE_MESSAGES;

use super::{WHAT_NOW, channel, flat_channel, opened};
use crate::bot::Platform::Discord;
use crate::bot::{Stage, User};

/// What may be done by who manages a channel.
const MANAGE_CHANNELS: u64 = 1 << 4;

fn admin(stage: &Stage, place: i64) -> User<'_> {
    let admin = stage.user_on(Discord, "en").at(place);
    stage.discord().grants(&admin.person.on_discord(), admin.channel(), MANAGE_CHANNELS | MANAGE_MESSAGES);
    admin
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_clip_channel_every_clip_is_taken_until_it_is_switched_off() {
    let stage = opened().await;
    let place = flat_channel(&stage);
    let (admin, user) = (admin(&stage, place), stage.user_on(Discord, "en").at(place));
    admin.says("/clips on");
    admin.sees("From now on I take every clip that is posted here").await;
    user.says("what a view");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    admin.says("/clips off");
    admin.sees("here I only answer when addressed").await;
    user.sends("portrait.mp4", None).await;
    user.mentions("write a poem about it");
    stage.journal_has("run-end", |_| true).await;
    user.rests().await;
    assert_eq!(stage.count("upload"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_manage_the_channel_may_not_switch_it() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    user.says("/clips on");
    let told = user.sees("Only an administrator can change this").await;
    assert!(told.private, "{told:?}");
    user.sends_clip(None).await;
    user.rests().await;
    assert_eq!(stage.count("upload"), 0, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_intent_clip_channels_are_explained_and_all_else_works() {
    let mut settings = nemo_bot::sandbox::discord::DiscordEmulatorSettings::quick();
    settings.message_content = false;
    let stage = Stage::with_discord(settings, &[]).await;
    stage.logs_have("Discord refused MESSAGE CONTENT INTENT (4014)").await;
    let place = flat_channel(&stage);
    let admin = admin(&stage, place);
    admin.says("/clips on");
    let told = admin.sees("Discord doesn't let this bot read posts here").await;
    assert!(told.private, "{told:?}");
    // A mention and a private chat are read all the same, and a reply that cannot be read says so.
    admin.mentions_with_clip("").await;
    let asked = admin.sees(WHAT_NOW).await;
    let reply = u64::try_from(asked.message_id).unwrap();
    stage.discord().replies_quietly(&admin.person.on_discord(), admin.channel(), reply, "add a title");
    admin.sees("I can't read a reply that doesn't mention me").await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    assert_eq!(stage.count("upload"), 2, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_intent_words_in_a_thread_are_asked_for_with_a_mention_once() {
    let mut settings = nemo_bot::sandbox::discord::DiscordEmulatorSettings::quick();
    settings.message_content = false;
    let stage = Stage::with_discord(settings, &[]).await;
    stage.logs_have("Discord refused MESSAGE CONTENT INTENT (4014)").await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    user.mentions_with_clip("").await;
    let thread = user.in_the_thread().await;
    thread.sees(WHAT_NOW).await;
    thread.says("write a poem about it");
    thread.sees("I can't read messages here that don't mention me").await;
    // A fresh session reads it once more.
    stage.discord().refuses_resume(1);
    stage.discord().cuts_gateway();
    stage.journal_has("gateway", |entry| entry.data["resumed"] == false).await;
    thread.mentions("write a poem about it");
    stage.journal_has("run-end", |_| true).await;
    thread.rests().await;
    assert_eq!(thread.count("I can't read messages here"), 1, "{:#?}", thread.texts());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
