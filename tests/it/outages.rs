//! A store that stands still under a running bot: nothing is lost, and whoever waits hears of it once.

use nemo_bot::sandbox::telegram::{FaultAction, FaultRule};

use super::bot::Stage;
use super::redis_server::RedisServer;

/// A key for tests, base64.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const ANSWER: &str = "Concrete requests work best";
const MOMENT: &str = "One moment: I can't save messages right now";

/// How often the bot has asked for updates.
fn polls(stage: &Stage) -> usize {
    stage.telegram.calls().iter().filter(|call| call["method"] == "getUpdates").count()
}

async fn outage(strike: impl FnOnce(&RedisServer), mend: impl FnOnce(&mut RedisServer)) {
    let mut redis = RedisServer::start();
    let settings = [
        ("NEMO_BOT__STORE__URL", redis.url()),
        ("NEMO_BOT__STORE__KEY", KEY.to_owned()),
        ("NEMO_TOKEN", "nmv_usr_outages".to_owned()),
    ];
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let stage = Stage::with(&settings).await;
    let users = [stage.user("en"), stage.user("en")];
    for user in &users {
        user.says("/help");
        user.sees("I take").await;
    }
    // Both come in one batch: whoever is not brought yet cannot be told anything.
    let busy = FaultRule::on("getUpdates", FaultAction::HtmlError(502));
    stage.telegram.fault(busy);
    stage.telegram.forget_poller();
    stage.logs_have("Telegram could not be polled; trying again in 1s").await;
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
    users[0].sees_times(ANSWER, 2).await;
    users[1].sees(ANSWER).await;
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
async fn a_store_that_comes_back_from_its_file_loses_nothing_and_is_spoken_of_once() {
    outage(RedisServer::freeze, RedisServer::crash_and_restart).await;
}
