//! A message that brings its workers down is given up in words after three of them, and stops nobody else.

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::Stage;

const ANSWER: &str = "Concrete requests work best";
const OPERATOR: (&str, &str) = ("NEMO_TOKEN", "nmv_usr_poison");

#[cfg(feature = "crash-points")]
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_costs_three_lives_is_given_up_in_words_and_nobody_else_waits() {
    let mut stage = Stage::empty(&[OPERATOR]).await;
    let poisoned = stage.user("en").person;
    let mut lives = 0;
    stage.telegram.says(&poisoned, poisoned.id, "write a poem that kills");
    while lives < 3 {
        // Whoever takes it up dies of it.
        let mut bot = stage.instance(&[("NEMO_BOT_CRASH", "claim.taken:1")]);
        assert!(!bot.ends().await.success());
        lives += 1;
    }
    stage.start();
    let (user, other) = (super::bot::User { stage: &stage, chat: poisoned.id, person: poisoned }, stage.user("en"));
    other.says("write a poem about the sea");
    other.sees(ANSWER).await;
    let sorry = user.sees("I could not process this message (reference ").await.text;
    let reference = sorry.split("reference ").nth(1).and_then(|rest| rest.split(')').next()).unwrap().to_owned();
    assert!(stage.logs().contains(&reference), "the operator finds {reference} in the log");
    user.says("write a haiku");
    user.sees(ANSWER).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    let asked = super::bot::requests(&stage);
    assert!(asked.len() == 2 && asked.iter().all(|text| !text.contains("kills")), "{asked:?}");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_above_the_cap_ends_alone() {
    let stage = Stage::with(&[OPERATOR]).await;
    let (user, other) = (stage.user("en"), stage.user("en"));
    for person in [&user, &other] {
        person.sends_clip(None).await;
        person.sees_button("Export MP4").await;
    }
    stage.nemo.play(Scenario::Hang);
    other.says("write a poem about the sea");
    stage.journal_has("run-event", |entry| entry.line.contains("waits to be released")).await;
    stage.nemo.play(Scenario::HugeFrame);
    user.says("add a title \"Urban Dreams\"");
    user.sees("The connection broke, but the edit went through").await;
    stage.nemo.release();
    other.sees(ANSWER).await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
}
