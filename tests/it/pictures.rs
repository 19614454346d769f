//! Pictures of timelines: with the state of a project and below an edit, and never in the way of words.

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::{discord, telegram};
use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Seen, SeenFile, Stage, User};

/// The picture of a message.
fn picture(message: &Seen) -> Option<&SeenFile> {
    message.file.as_ref().filter(|file| file.mime == "image/png")
}

async fn sees_picture(user: &User<'_>) -> Seen {
    user.sees_one("a picture", |message| picture(message).is_some()).await
}

/// Every picture of a timeline is one, and those who do not see it read what it shows.
fn assert_shows(user: &User<'_>, message: &Seen, shown: &str) {
    assert_eq!(user.downloads(message)[..8], *b"\x89PNG\r\n\x1a\n");
    let alt = picture(message).unwrap().alt.as_deref().unwrap_or_default();
    assert!(alt.contains("Timeline") && alt.contains(shown), "{alt:?}");
    assert!(alt.encode_utf16().count() <= 1_024, "{alt:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_a_project_comes_in_words_with_its_picture(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says("/status");
    user.sees("Nothing here yet").await;
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.says("/status");
    let with_picture = sees_picture(&user).await;
    let words = user.sees("Timeline (").await;
    assert_shows(&user, &with_picture, if with_picture.message_id == words.message_id { "Video" } else { "" });
    let listed = user.texts().iter().filter(|text| text.contains("1. Video")).count();
    assert_eq!(listed, 1, "nobody reads the same list twice: {:#?}", user.texts());
    assert!(!words.silent, "the words are an answer");
    // Where it was not drawn at once, the picture came below them.
    assert!(with_picture.message_id == words.message_id || with_picture.silent, "{with_picture:?}");
    assert_eq!(user.bot_messages().iter().filter(|message| picture(message).is_some()).count(), 1);
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn where_a_picture_is_refused_its_words_stand_alone(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    match on {
        Telegram => {
            let description = "Bad Request: not enough rights to send photos to the chat".to_owned();
            let action = telegram::FaultAction::Status { code: 400, description, retry_after: None };
            stage.telegram.fault(telegram::FaultRule::on("sendPhoto", action).times(9));
        }
        Discord => {
            let message = "Missing Permissions".to_owned();
            let action = discord::FaultAction::Status { status: 403, code: 50_013, message };
            let rule = discord::FaultRule::on("POST", "/channels/*/messages", action);
            stage.discord().fault(rule.with_files().times(9));
        }
    }
    user.says("what's the status?");
    let words = user.sees("Timeline (").await;
    assert!(words.file.is_none());
    user.says("/credits");
    user.sees("Credits:").await;
    assert_eq!(user.count("Timeline ("), 1, "{:#?}", user.texts());
    assert!(user.bot_messages().iter().all(|message| picture(message).is_none()));
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_an_edit_moved_is_shown_below_its_answer_without_a_sound(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;

    stage.nemo.play(Scenario::TwoStageSilent);
    user.says("generate a video of a cat on a boat");
    let answer = user.sees("The service also made changes").await;
    let shown = sees_picture(&user).await;
    assert!(shown.silent && shown.message_id > answer.message_id, "{shown:?}");
    assert!(answer.text.contains("Timeline ("), "{}", answer.text);
    // Where the words of those who see no picture stand below it for all, they are few: the list is right above.
    assert_shows(&user, &shown, if on == Discord { "Lo-fi" } else { "" });
    assert!(shown.text.starts_with("Timeline · ") && !shown.text.contains("Lo-fi"), "{}", shown.text);
    assert_eq!(user.bot_messages().last().map(|message| message.message_id), Some(shown.message_id));
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_single_segment_is_told_in_words_alone(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::SilentEdit);
    user.says("add a title that says Urban Dreams");
    user.sees("What changed").await;
    user.rests().await;
    assert!(user.bot_messages().iter().all(|message| picture(message).is_none()), "{:#?}", user.bot_messages());
    stage.assert_clean();
}
