//! Replies that are longer than a channel bears.

use nemo_bot::sandbox::nemo::Scenario;

use super::{WISH, opened};
use crate::bot::Platform::Discord;

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
