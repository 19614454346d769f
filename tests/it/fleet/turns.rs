//! One run at a time per conversation, first come, first served, whoever holds it.

use std::time::Duration;

use nemo_bot::sandbox::nemo::Scenario;

use super::people::People;
use super::{launch, over, rests};
use crate::bot::Instance;
use crate::bot::Platform::Telegram;
use crate::redis_server::RedisServer;

/// What whoever works on a turn has passed.
const STREAMS: &str = "Passed crash point turn.first-event";
/// A chat on Telegram takes a message a second, and an answer some of them: fifty in one chat would take minutes.
const PEOPLE: usize = 5;
const MESSAGES: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_freezes_and_wakes_sends_nothing_and_never_makes_two_runs_at_once() {
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[]).await;
    let instances = launch(&stage, 3).await;
    let mut people = People::with_clips(&stage, 1).await;
    stage.nemo.play(Scenario::Hang);
    people.says(0);
    stage.journal_has("run", |_| true).await;
    let holder = Instance::first_to_log(&instances, STREAMS).await;
    people.says(0);
    instances[holder].freeze();
    // The run ends while nobody is awake who could hear it.
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    stage.journal_has("run-end", |_| true).await;
    // Another one takes it up, tells how it went and goes on.
    people.are_answered().await;
    rests(&stage, &redis).await;
    let before = stage.journal.after(0).last().unwrap().number;
    instances[holder].thaw();
    instances[holder].logs_have("A claim was lost; letting go").await;
    let sent: Vec<_> = stage.journal.after(before).into_iter().filter(|entry| !entry.data["chat"].is_null()).collect();
    assert!(sent.is_empty(), "the woken holder has sent: {sent:#?}\n{}", stage.story());
    // It is as good as the others again.
    people.says(0);
    people.are_answered().await;
    rests(&stage, &redis).await;
    people.assert_whole();
    assert_eq!((people.wishes(), people.crowd.runs()), (3, 3), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn holders_that_freeze_in_the_middle_of_fifty_messages_keep_their_order() {
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[]).await;
    let instances = launch(&stage, 3).await;
    let mut people = People::with_clips(&stage, PEOPLE).await;
    for said in 0..MESSAGES {
        people.look();
        people.says(said / 3 % PEOPLE);
        if said % 10 == 9 {
            let frozen = &instances[said / 10 % 3];
            frozen.freeze();
            // Past its hold and the time after which it may send nothing more.
            tokio::time::sleep(Duration::from_secs(4)).await;
            frozen.thaw();
        }
    }
    people.are_answered().await;
    rests(&stage, &redis).await;
    people.assert_whole();
    assert_eq!(people.wishes(), MESSAGES, "{}", stage.story());
    stage.assert_clean();
}
