//! How an answer arrives: once, whole and in its form.

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::{FaultAction, FaultRule};

use super::{WISH, calls, refusal, refusals};
use crate::bot::Stage;

/// Telegram's longest message, in UTF-16 units.
const LONGEST: usize = 4096;

#[tokio::test(flavor = "multi_thread")]
async fn flood_control_at_the_end_delays_the_answer_in_that_chat_alone_and_doubles_nothing() {
    let stage = Stage::open().await;
    let (user, other) = (stage.user("en"), stage.user("en"));
    other.sends_clip(None).await;
    other.sees("What should I do with it?").await;
    let rule = FaultRule::on("editMessageText", refusal(429, "Too Many Requests: retry after 6", Some(6)));
    stage.telegram.fault(rule.containing("Tags").in_chat(user.chat));
    user.sends_clip(Some(WISH)).await;
    let refused = stage.journal_has("refused", |entry| entry.data["status"] == 429).await;
    other.says("/help");
    other.sees("I take").await;
    let asked = stage.journal_has("update", |entry| entry.number > refused.number).await;
    let told = stage.journal_has("sent", |entry| entry.data["chat"] == other.chat && entry.number > asked.number).await;
    assert!(told.at_ms - asked.at_ms < 1_500, "{} ms\n{}", told.at_ms - asked.at_ms, stage.story());
    assert_eq!(user.count("Tags"), 0, "the other chat waits meanwhile\n{}", stage.story());
    user.sees_button("Export MP4").await;
    assert_eq!(user.count("Tags"), 1, "{:#?}", user.texts());
    assert_eq!(stage.count("run"), 1);
    assert_eq!(refusals(&stage, 429), 1, "nothing was sent inside the window\n{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_whose_answer_was_lost_is_repeated_and_never_becomes_a_second_message() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let lost = |action| FaultRule::on("editMessageText", action).containing("Tags").in_chat(user.chat);
    stage.telegram.fault(lost(FaultAction::DropAnswerAfterCommit).times(2));
    stage.telegram.fault(lost(FaultAction::HtmlError(502)));
    stage.telegram.fault(lost(FaultAction::CutConnection));
    user.sends_clip(Some(WISH)).await;
    user.sees_button("Export MP4").await;
    // What it does about the lost answers comes after they are seen.
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(user.count("Tags"), 1, "{:#?}", user.texts());
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_goes_on_in_further_messages_with_nothing_lost_or_doubled() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::LongReply);
    user.says(WISH);
    user.sees("That is the whole list.").await;
    let texts = user.texts();
    assert!(texts.iter().all(|text| text.encode_utf16().count() <= LONGEST));
    let all = texts.join("\n");
    for line in 1..=810 {
        let words = format!("line {line:04}");
        assert_eq!(all.matches(&words).count(), 1, "{words}");
    }
    assert!(!all.contains("```"), "marks are formatting, also where a message ends");
    let unchanged = stage.journal.after(0).into_iter().filter(|entry| {
        entry.kind == "refused" && entry.data["description"].as_str().is_some_and(|text| text.contains("not modified"))
    });
    assert_eq!(unchanged.count(), 0, "no edit without a change\n{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn formatting_that_is_refused_goes_once_as_plain_text() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.telegram.fault(
        FaultRule::on("editMessageText", refusal(400, "Bad Request: can't parse entities: no end of entity", None))
            .containing("Tags")
            .in_chat(user.chat),
    );
    user.sends_clip(Some(WISH)).await;
    user.sees_button("Export MP4").await;
    assert_eq!(user.count("Tags"), 1, "{:#?}", user.texts());
    assert_eq!(refusals(&stage, 400), 1, "{}", stage.story());
    let with_tags: Vec<_> = calls(&stage, "editMessageText")
        .into_iter()
        .filter(|call| call["text"].as_str().is_some_and(|text| text.contains("Tags")))
        .map(|call| call.get("entities").is_some())
        .collect();
    assert_eq!(with_tags.get(..2), Some(&[true, false][..]), "refused with marks, then without");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_message_the_user_deleted_comes_once_in_a_new_one() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    let live = user.sees_button("Stop").await;
    assert!(stage.telegram.deletes(user.chat, live.message_id));
    stage.nemo.release();
    let answer = user.sees("Concrete requests work best").await;
    assert!(answer.message_id > live.message_id);
    stage.journal_has("run-end", |_| true).await;
    user.says("/credits");
    user.sees("Credits:").await;
    assert_eq!(user.count("Concrete requests work best"), 1, "{:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
