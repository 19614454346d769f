//! One instance at a time listens to a platform, and another one follows soon.

use std::time::Duration;

use nemo_bot::sandbox::telegram::{FaultAction, FaultRule};
use rstest::rstest;
use tokio::time::Instant;

use super::{launch, over, rests};
use crate::bot::Instance;
use crate::bot::Platform::{self, Discord, Telegram};
use crate::redis_server::RedisServer;

/// What is promised, whatever the hold of the work is.
const TAKEN_OVER_WITHIN: Duration = Duration::from_secs(10);

/// What stands in the log of whoever leads.
fn leads(on: Platform) -> String {
    format!("This instance listens ingress={on}")
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn when_the_listener_dies_another_one_listens_within_ten_seconds(#[values(Telegram, Discord)] on: Platform) {
    let redis = RedisServer::start();
    // The time that is set where nobody sets one.
    let stage = over(&redis, on, &[("NEMO_BOT__RUN__HOLD", "15s"), ("NEMO_BOT__STORE__SWEEP_EVERY", "10s")]).await;
    let mut instances = launch(&stage, 2).await;
    let leader = Instance::first_to_log(&instances, &leads(on)).await;
    instances[leader].kill().await;
    let (died, before) = (Instant::now(), stage.journal.after(0).last().unwrap().number);
    let mut follower = instances.swap_remove(1 - leader);
    follower.logs_have(&leads(on)).await;
    let user = stage.user_on(on, "en");
    // Discord brings nothing of what is said while nobody is there, where nothing was said before.
    if on == Discord {
        stage.journal_has("event", |entry| entry.number > before && entry.data["kind"] == "READY").await;
    }
    user.says("write a poem about the sea");
    user.sees("Concrete requests work best").await;
    assert!(died.elapsed() < TAKEN_OVER_WITHIN, "after {:?}\n{}", died.elapsed(), stage.story());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    follower.kill().await;
    stage.assert_clean();
}

#[cfg(feature = "crash-points")]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_listener_had_in_hand_when_it_died_comes_to_the_next_one() {
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[]).await;
    let mut first = stage.instance(&[("NEMO_BOT_CRASH", "poll.handed:1")]);
    first.logs_have(&leads(Telegram)).await;
    let second = stage.instance(&[]);
    second.runs().await;
    let users = [stage.user("en"), stage.user("en")];
    for user in &users {
        user.says("write a poem about the sea");
    }
    // It has been handed at least one of them, has stored none, and hands nothing over.
    assert!(!first.ends().await.success(), "{}", stage.story());
    for user in &users {
        user.sees("Concrete requests work best").await;
    }
    rests(&stage, &redis).await;
    assert_eq!(stage.count("run"), users.len(), "each once\n{}", stage.story());
    stage.assert_clean();
}

/// As long as Telegram holds the poll of whoever died, it may refuse that of the next one.
#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_the_one_before_left_behind_holds_up_nobody() {
    // Below the pause after a second refusal in a row, above that after the first.
    const SOON: Duration = Duration::from_secs(15);
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[]).await;
    let mut first = stage.instance(&[]);
    first.logs_have(&leads(Telegram)).await;
    stage.listens().await;
    let second = stage.instance(&[]);
    second.runs().await;
    first.kill().await;
    let words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    let status = FaultAction::Status { code: 409, description: words.to_owned(), retry_after: None };
    stage.telegram.fault(FaultRule::on("getUpdates", status));
    second.logs_have(&leads(Telegram)).await;
    let began = Instant::now();
    let user = stage.user("en");
    user.says("write a poem about the sea");
    stage.journal_has("update", |_| true).await;
    assert_eq!(stage.telegram.faults_left(), 0, "it was refused once\n{}", stage.story());
    assert!(began.elapsed() < SOON, "asked again after {:?}\n{}", began.elapsed(), stage.story());
    user.sees("Concrete requests work best").await;
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn when_the_listener_is_asked_to_stop_another_one_listens_at_once(#[values(Telegram, Discord)] on: Platform) {
    let redis = RedisServer::start();
    let stage = over(&redis, on, &[("NEMO_BOT__RUN__HOLD", "60s")]).await;
    let mut instances = launch(&stage, 2).await;
    let leader = Instance::first_to_log(&instances, &leads(on)).await;
    instances[leader].asks_to_stop();
    assert!(instances[leader].ends().await.success(), "{}", stage.story());
    let ended = Instant::now();
    instances[1 - leader].logs_have(&leads(on)).await;
    assert!(ended.elapsed() < Duration::from_secs(2), "after {:?}\n{}", ended.elapsed(), stage.story());
    stage.assert_clean();
}
