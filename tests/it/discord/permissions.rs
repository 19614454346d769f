//! A missing permission fails without a word with other bots. Here it is named, once for each place.

use nemo_bot::sandbox::discord::permissions::{
    ATTACH_FILES, CREATE_THREADS, READ_HISTORY, SEND, SEND_IN_THREADS, USUAL, VIEW,
};
use rstest::rstest;

use super::{WISH, calls, channel, opened};
use crate::bot::Platform::Discord;

/// What a moderator reads in each sentence on a permission.
const ASK: &str = "Ask a moderator";

#[rstest]
#[case::to_see_the_channel(VIEW, "see this channel (View Channel)")]
#[case::to_write(SEND, "write (Send Messages)")]
#[case::to_send_files(ATTACH_FILES, "send files (Attach Files)")]
#[case::to_read_what_was_said(READ_HISTORY, "read earlier messages (Read Message History)")]
#[case::two_in_one_sentence(SEND | ATTACH_FILES, "send files (Attach Files)")]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_uses_a_command_reads_in_private_what_is_missing(#[case] missing: u64, #[case] named: &str) {
    let stage = opened().await;
    let place = channel(&stage);
    let (user, other) = (stage.user_on(Discord, "en").at(place), stage.user_on(Discord, "en").at(place));
    stage.discord().allows(user.channel(), USUAL & !missing);
    user.says("/status");
    let told = user.sees(named).await;
    assert!(told.private && told.text.contains(ASK), "{told:?}");
    assert_eq!(told.text.contains("write (Send Messages)"), missing & SEND != 0, "{told:?}");
    assert_eq!(user.count("Nothing here yet"), 1, "the answer itself: {:#?}", user.texts());
    user.says("/status");
    other.says("/status");
    other.sees_one_of("an answer", |message| !message.text.is_empty()).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!((user.count(ASK), other.count(ASK)), (1, 0), "named again: {:#?}", (user.texts(), other.texts()));
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_files_are_not_allowed_the_link_stands_and_the_reason_once() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    stage.discord().allows(user.channel(), USUAL & !(CREATE_THREADS | ATTACH_FILES));
    user.mentions_with_clip(WISH).await;
    user.sees("open threads (Create Public Threads)").await;
    for exports in 1..=2 {
        user.sees_button("Export MP4").await;
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
        user.mentions("export");
        user.sees_times("Your MP4 is ready", exports).await;
        user.sees("Your video is ready").await;
        user.sees("send files (Attach Files)").await;
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
    }
    assert_eq!((user.count("(Attach Files)"), user.count("(Create Public Threads)")), (1, 1), "{:#?}", user.texts());
    assert!(user.bot_messages().iter().all(|message| message.file.is_none()), "{:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_bot_may_not_write_the_operator_reads_why_once() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    stage.discord().allows(user.channel(), USUAL & !(CREATE_THREADS | SEND));
    let line = "A permission is missing on Discord: Send Messages";
    for _ in 0..2 {
        user.mentions("/status");
        stage.logs_have(line).await;
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
    }
    let logs = stage.logs();
    assert_eq!(logs.matches(line).count(), 1, "{logs}");
    assert!(logs.contains(&user.chat.to_string()), "it says where: {logs}");
    assert_eq!(user.bot_messages().len(), 0, "{:#?}", user.texts());
    let tried = calls(&stage, "POST", &format!("/channels/{}/messages", user.chat)).len();
    assert!(tried <= 2, "one refusal for each answer, not {tried}");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_thread_does_not_take_stands_in_the_channel() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(channel(&stage));
    stage.discord().allows(user.channel(), USUAL & !SEND_IN_THREADS);
    user.mentions_with_clip(WISH).await;
    user.sees("Tags").await;
    user.sees("write in threads (Send Messages in Threads)").await;
    let thread = user.in_the_thread().await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(thread.bot_messages().len(), 0, "{:#?}", thread.texts());
    assert_eq!((user.count("Tags"), user.count(ASK)), (1, 1), "{:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
