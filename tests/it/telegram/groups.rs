//! Groups: silent unless spoken to, in the right topic, and nothing private where others read along.

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::FaultRule;
use rstest::rstest;
use serde_json::{Value, json};

use super::{GROUP, WISH, attentive, calls, message, refusal, requests};
use crate::bot::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_it_speaks_when_spoken_to() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let user = stage.user("en").at(GROUP);
    stage.telegram.adds_bot(&user.person, GROUP, "Video friends");
    let hello = user.sees("In this chat I answer commands, mentions, and replies").await;
    user.says("lovely weather");
    user.sends_clip(Some("look at my dog")).await;
    user.says("/status@other_bot");
    user.says("somebody@nemo_sandbox_bots said so");
    user.says("/cancel@nemo_sandbox_bot");
    user.sees("Nothing is running").await;
    assert_eq!(user.bot_messages().len(), 2, "chatter is none of its business: {:#?}", user.texts());
    user.replies(hello.message_id, "add a title");
    user.sees("There is no clip in this project yet").await;
    user.says("write a poem about the sea, @nemo_sandbox_bot");
    user.sees("Concrete requests work best").await;
    assert_eq!(requests(&stage), ["write a poem about the sea, @nemo_sandbox_bot"]);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reaction_hurts_nobody_and_a_failure_is_told_by_another() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let user = stage.user("en").at(GROUP);
    stage.telegram.fault(FaultRule::on("setMessageReaction", refusal(400, "Bad Request: REACTION_INVALID", None)));
    stage.nemo.play(Scenario::OutOfCredits);
    let asked = user.says("@nemo_sandbox_bot write a poem about the sea");
    let said = user.sees("No credits left").await.text;
    assert!(!said.contains("http"), "no personal link where others read: {said}");
    user.sees_reaction(asked, "😢").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[case::a_question("what can you do?", "/export")]
#[case::an_export("export", "There is nothing to export yet")]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_words_is_done_when_it_is_answered(#[case] words: &str, #[case] answer: &str) {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let user = stage.user("en").at(GROUP);
    let asked = user.says(&format!("@nemo_sandbox_bot {words}"));
    user.sees(answer).await;
    user.sees_reaction(asked, "👍").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_say_whether_every_clip_is_taken() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let (member, admin) = (stage.user("en").at(GROUP), stage.user("en").at(GROUP));
    stage.telegram.has_status(&member.person, GROUP, "member");
    stage.telegram.has_status(&admin.person, GROUP, "creator");
    member.says("/clips on");
    member.sees("Only an administrator can change this").await;
    admin.says("/clips on");
    admin.sees("From now on I take every clip").await;
    member.says("no clip, no answer");
    member.sends_clip(None).await;
    member.sees("What should I do with it?").await;
    admin.says("/clips off");
    admin.sees("here I only answer when addressed").await;
    member.sends_clip(None).await;
    member.says("/cancel");
    member.sees("Nothing is running").await;
    assert_eq!(stage.count("upload"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_can_say_where_every_clip_is_taken() {
    let stage = Stage::with_telegram(attentive(), &[("NEMO_BOT__TELEGRAM__CLIP_CHATS", &GROUP.to_string())]).await;
    let user = stage.user("en").at(GROUP);
    let clip = user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    // Where others wonder, the message itself shows that it was heard, and how it ended.
    user.sees_reaction(clip, "👍").await;
    let reactions = calls(&stage, "setMessageReaction");
    let reactions: Vec<_> = reactions.iter().map(|call| call["reaction"][0]["emoji"].clone()).collect();
    assert_eq!(reactions, ["👀", "👍"]);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_clip_is_reached_by_a_reply_to_it() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let (poster, user) = (stage.user("en").at(GROUP), stage.user("en").at(GROUP));
    let clip = poster.sends_clip(None).await;
    user.replies(clip, &format!("@nemo_sandbox_bot {WISH}"));
    user.sees_button("Export MP4").await;
    assert_eq!((stage.count("upload"), stage.count("run")), (1, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_replies_to_anothers_answer_speaks_to_a_project_of_their_own() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let (one, other) = (stage.user("en").at(GROUP), stage.user("en").at(GROUP));
    let clip = one.sends_clip(None).await;
    one.replies(clip, "@nemo_sandbox_bot");
    let offer = one.sees("What should I do with it?").await;
    other.replies(offer.message_id, "add a title");
    other.sees("There is no clip in this project yet").await;
    let sessions = stage.count("session");
    assert_eq!((sessions, stage.count("token"), stage.count("run")), (1, 1, 0), "{}", stage.story());
    let clip = other.sends_clip(None).await;
    other.replies(clip, "@nemo_sandbox_bot");
    other.sees_times("What should I do with it?", 2).await;
    other.replies(offer.message_id, "add a title");
    stage.journal_has("run", |_| true).await;
    assert_eq!((stage.count("session"), stage.count("upload")), (2, 2), "{}", stage.story());
    one.sees_button("Export MP4").await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_stay_in_their_topic_and_general_is_never_named() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let user = stage.user("en").at(GROUP);
    let topic = json!({ "text": "/start", "message_thread_id": 7, "is_topic_message": true });
    stage.telegram.deliver_raw(message(&user, 100, topic));
    user.sees_times("In this chat I answer", 1).await;
    let general = json!({ "text": "/start", "message_thread_id": 1, "is_topic_message": true });
    stage.telegram.deliver_raw(message(&user, 200, general));
    user.sees_times("In this chat I answer", 2).await;
    // A plain reply in General carries a thread that is none.
    stage.telegram.deliver_raw(message(&user, 300, json!({ "text": "/start", "message_thread_id": 33 })));
    user.sees_times("In this chat I answer", 3).await;
    let threads: Vec<_> = calls(&stage, "sendMessage").iter().map(|call| call["message_thread_id"].clone()).collect();
    assert_eq!(threads, [json!(7), Value::Null, Value::Null]);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_private_leads_from_a_group_to_the_private_chat() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let alone = stage.user("en");
    let user = alone.at(GROUP);
    user.says("/connect@nemo_sandbox_bot");
    let said = user.sees("Please do this in a private chat").await;
    let button = said.buttons.concat().pop().unwrap();
    assert_eq!((button.text.as_str(), button.kind), ("Open private chat", "url"));
    assert_eq!(button.value, "https://t.me/nemo_sandbox_bot?start=connect");
    // Which is what Telegram sends when it is followed.
    alone.says("/start connect");
    alone.sees("Send /connect with your NEMO account token").await;
    stage.nemo.play(Scenario::OutOfCredits);
    user.says("@nemo_sandbox_bot write a poem about the sea");
    let said = user.sees("No credits left").await;
    let buttons = said.buttons.concat();
    let labels: Vec<_> = buttons.iter().map(|button| button.text.as_str()).collect();
    assert_eq!(labels, ["Open private chat", "Try again"]);
    assert_eq!(buttons[0].value, "https://t.me/nemo_sandbox_bot?start=register");
    alone.says("/start register");
    let link = alone.sees("Register with this personal link").await;
    assert!(link.text.contains("http"), "{}", link.text);
    alone.says("/start something_else");
    alone.sees("Share your video clips").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_privacy_mode_hides_clips_whoever_wants_them_taken_is_told() {
    let stage = Stage::open().await;
    let admin = stage.user("en").at(GROUP);
    stage.telegram.has_status(&admin.person, GROUP, "creator");
    admin.says("/clips on");
    admin.sees("Telegram hides ordinary posts from me here").await;
    stage.telegram.promotes_bot(&admin.person, GROUP, true);
    admin.says("/clips off");
    admin.sees("here I only answer when addressed").await;
    // What is known of administrators is believed for a minute.
    let other = stage.user("en").at(GROUP - 1);
    stage.telegram.has_status(&other.person, other.chat, "creator");
    stage.telegram.promotes_bot(&other.person, other.chat, true);
    other.says("/clips on");
    other.sees("From now on I take every clip").await;
    other.sends_clip(None).await;
    other.sees("What should I do with it?").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_out_of_a_group_it_goes_quiet_there_and_works_elsewhere() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let alone = stage.user("en");
    let user = alone.at(GROUP);
    stage.nemo.play(Scenario::Hang);
    user.says("@nemo_sandbox_bot write a poem about the sea");
    stage.journal_has("run-event", |entry| entry.line.contains("waits to be released")).await;
    stage.telegram.removes_bot(&user.person, GROUP);
    stage.nemo.release();
    stage.journal_has("run-end", |_| true).await;
    stage.journal_has("refused", |entry| entry.data["status"] == 403).await;
    alone.says("/start");
    alone.sees("Share your video clips").await;
    // Nothing is left to be tried there, now or later.
    assert!(stage.rests().await.is_ok(), "it goes on about the group\n{}", stage.story());
    let refused = super::refusals(&stage, 403);
    assert!(refused <= 4, "it does not knock again and again: {refused}\n{}", stage.story());
    stage.assert_clean();
}
