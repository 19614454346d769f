//! Replies that are longer than a channel bears, and work that is longer than a token lives.

use nemo_bot::sandbox::discord::{DiscordEmulatorSettings, DiscordTimes, SHORT_TOKEN_LIFE};
use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;

use super::{WISH, channel, opened};
use crate::bot::Platform::Discord;
use crate::bot::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_of_more_than_four_messages_ends_with_a_file_that_holds_all_of_it() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    stage.nemo.play(Scenario::LongReply);
    user.says(WISH);
    user.sees_one_of("a file", |seen| seen.file.as_ref().is_some_and(|file| file.name == "reply.md")).await;
    user.rests().await;
    let messages = user.bot_messages();
    let (texts, files): (Vec<_>, Vec<_>) = messages.iter().partition(|message| message.file.is_none());
    let texts: Vec<_> = texts.into_iter().filter(|message| !message.text.contains("ready, see above")).collect();
    assert_eq!((texts.len(), files.len()), (4, 1), "{:#?}", user.texts());
    assert!(texts[3].text.contains("all of it comes as a file below"), "{}", texts[3].text);
    let whole = String::from_utf8(user.downloads(files[0])).unwrap();
    assert!(whole.len() > 20_000, "{}", whole.len());
    let plain = whole.replace(['_', '*', '`'], "");
    for line in texts[..3].iter().flat_map(|message| message.text.lines()).filter(|line| line.len() > 20) {
        assert!(plain.contains(&line.replace(['_', '*', '`'], "")), "{line}");
    }
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[case::in_a_server(true)]
#[case::in_private(false)]
#[tokio::test(flavor = "multi_thread")]
async fn where_the_bot_is_a_member_an_answer_outlives_the_token_of_its_command(#[case] in_a_server: bool) {
    let times = DiscordTimes { token_life: SHORT_TOKEN_LIFE, ..DiscordTimes::quick() };
    let discord = DiscordEmulatorSettings { times, ..DiscordEmulatorSettings::quick() };
    let life = format!("{}s", SHORT_TOKEN_LIFE.as_secs());
    let stage = Stage::with_discord(discord, &[("NEMO_BOT__DISCORD__TOKEN_LIFE", &life)]).await;
    let mut user = stage.user_on(Discord, "en");
    if in_a_server {
        user = user.at(channel(&stage));
    }
    stage.nemo.play(Scenario::Hang);
    let clip = stage.user_on(Discord, "en").at(user.chat).sends_clip(Some("my holidays")).await;
    user.uses_on(clip, "Generate metadata");
    stage.journal_has("run", |entry| entry.line.contains("Write three titles")).await;
    stage.comes("token-end", 1).await;
    stage.nemo.release();
    let place = if in_a_server { user.in_the_thread().await } else { user };
    place.sees("Tags").await;
    place.sees_button("Export MP4").await;
    place.rests().await;
    // In private the clip was a request of its own.
    let runs = if in_a_server { 1 } else { 2 };
    assert_eq!((stage.count("run"), place.count("Get result")), (runs, 0), "{}", stage.story());
    assert_eq!(stage.discord().identified(), 1, "one connection all the time\n{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
