//! A store that stands still under a running bot: nothing is lost, and whoever waits hears of it once.
//!
//! An outage lasts here until everybody was told and the bot has begun to try again: some 15 s, which is longer than a
//! call may take (2 s), than the same batch is sent again (10 s) and than a hold of these stories (2 s). What a longer
//! one adds is more of the last of these.

use std::time::Duration;

use nemo_bot::sandbox::telegram::{FaultAction, FaultRule};

use super::bot::Stage;
use super::redis_server::{RedisServer, rests};

/// A key for tests, base64.
pub(super) const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
pub(super) const ANSWER: &str = "Concrete requests work best";
pub(super) const MOMENT: &str = "One moment: I can't save messages right now";

/// Long enough for all that happens in an outage; a server that was told to pause cannot be told to go on.
const PAUSE: Duration = Duration::from_secs(25);
/// Longer than a call may take.
const STALL: Duration = Duration::from_secs(4);

/// How often the bot has asked for updates.
fn polls(stage: &Stage) -> usize {
    stage.telegram.calls().iter().filter(|call| call["method"] == "getUpdates").count()
}

async fn stage(redis: &RedisServer, hold: &str) -> Stage {
    let settings = [
        ("NEMO_BOT__RUN__HOLD", hold.to_owned()),
        ("NEMO_BOT__STORE__URL", redis.url()),
        ("NEMO_BOT__STORE__KEY", KEY.to_owned()),
        ("NEMO_TOKEN", "nmv_usr_outages".to_owned()),
    ];
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Stage::with(&settings).await
}

/// Has what is said next come in one batch: whoever is not brought yet cannot be told anything.
async fn together(stage: &Stage) {
    let busy = FaultRule::on("getUpdates", FaultAction::HtmlError(502));
    stage.telegram.fault(busy);
    stage.telegram.forget_poller();
    stage.logs_have("Telegram could not be polled; trying again in 1s").await;
}

async fn outage(strike: impl FnOnce(&RedisServer), mend: impl FnOnce(&mut RedisServer)) {
    let mut redis = RedisServer::start();
    // A claim must not run out because the machine is busy.
    let stage = stage(&redis, "5s").await;
    let users = [stage.user("en"), stage.user("en")];
    for user in &users {
        user.says("/help");
        user.sees("I take").await;
    }
    together(&stage).await;
    strike(&redis);
    for (number, user) in users.iter().enumerate() {
        user.says(&format!("write poem number {number}"));
    }
    for user in &users {
        user.sees(MOMENT).await;
    }
    // What comes now waits at Telegram: nothing is asked for, and so nothing is confirmed.
    let before = polls(&stage);
    users[0].says("write a haiku, too");
    stage.logs_have("An update cannot be stored; trying again in 2s").await;
    assert_eq!(polls(&stage), before, "polled while nothing can be stored\n{}", stage.story());
    assert!(stage.telegram.pending() >= 2, "{}", stage.story());
    assert_eq!(stage.count("run"), 0, "{}", stage.story());
    mend(&mut redis);
    // From here on nobody does anything more about what was said.
    rests(&stage, &redis).await;
    for (user, times) in users.iter().zip([2, 1]) {
        assert_eq!(user.count(ANSWER), times, "all is at rest: {:#?}\n{}", user.texts(), stage.story());
    }
    for user in &users {
        user.says("/credits");
        user.sees("Credits:").await;
        assert_eq!(user.count(MOMENT), 1, "said once: {:#?}", user.texts());
    }
    let mut sent: Vec<_> = stage.journal.after(0).into_iter().filter(|entry| entry.kind == "run").collect();
    sent.sort_by_key(|run| run.number);
    let sent: Vec<_> = sent.iter().filter_map(|run| run.data["text"].as_str()).collect();
    assert_eq!(sent.len(), 3, "each once: {sent:?}\n{}", stage.story());
    let place = |text: &str| sent.iter().position(|sent| sent.contains(text));
    assert!(place("poem number 0") < place("haiku") && place("poem number 1").is_some(), "in order: {sent:?}");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_stands_still_loses_nothing_and_is_spoken_of_once() {
    outage(RedisServer::freeze, |redis| redis.thaw()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_waits_for_the_store_is_told_once_also_where_very_many_wait() {
    // More than are told at the same time.
    const PEOPLE: usize = 70;
    let redis = RedisServer::start();
    let stage = stage(&redis, "60s").await;
    let users: Vec<_> = (0..PEOPLE).map(|_| stage.user("en")).collect();
    users[0].says("/help");
    users[0].sees("I take").await;
    together(&stage).await;
    redis.freeze();
    for user in &users {
        user.says("/start");
    }
    for user in &users {
        user.sees(MOMENT).await;
    }
    redis.thaw();
    for user in &users {
        user.sees("Share your video clips").await;
        assert_eq!(user.count(MOMENT), 1, "said once: {:#?}", user.texts());
    }
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_comes_back_from_its_file_loses_nothing_and_is_spoken_of_once() {
    outage(RedisServer::freeze, RedisServer::crash_and_restart).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_takes_calls_and_answers_none_loses_nothing_and_is_spoken_of_once() {
    outage(|redis| redis.pause(PAUSE), |_| ()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_timed_out_and_is_applied_later_sends_no_request_twice() {
    const PEOPLE: usize = 6;
    let redis = RedisServer::start();
    // Claims outlive the stall, as they do with the usual hold: who has lost one reports, and does not send either.
    let stage = stage(&redis, "15s").await;
    let users: Vec<_> = (0..PEOPLE).map(|_| stage.user("en")).collect();
    for (number, user) in users.iter().enumerate() {
        user.says(&format!("write poem number {number}"));
    }
    // Some of what they lead to is on its way, the rest begins meanwhile.
    stage.journal_has("run", |_| true).await;
    redis.stall(STALL).await;
    stage.logs_have("the same batch goes out again").await;
    for (number, user) in users.iter().enumerate() {
        user.says(&format!("write haiku number {number}"));
    }
    for user in &users {
        user.sees_times(ANSWER, 2).await;
    }
    let runs: Vec<_> = stage.journal.after(0).into_iter().filter(|entry| entry.kind == "run").collect();
    let sent: Vec<_> = runs.iter().filter_map(|run| run.data["text"].as_str()).collect();
    for number in 0..PEOPLE {
        for what in ["poem", "haiku"] {
            let wish = format!("{what} number {number}");
            assert_eq!(sent.iter().filter(|sent| sent.contains(&wish)).count(), 1, "{wish}: {sent:?}");
        }
    }
    stage.assert_clean();
}
