//! With `store.replica_acks` the bot relies on nothing that a failover could forget.

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::{Stage, User};
use super::outages::{ANSWER, KEY, MOMENT};
use super::redis_pair::RedisPair;

const SORRY: &str = "I couldn't store your request safely";

async fn stage(pair: &RedisPair) -> Stage {
    let settings = [
        ("NEMO_BOT__STORE__URL", pair.url()),
        ("NEMO_BOT__STORE__KEY", KEY.to_owned()),
        ("NEMO_BOT__STORE__REPLICA_ACKS", "1".to_owned()),
        ("NEMO_TOKEN", "nmv_usr_replicas".to_owned()),
        // As in real life longer than replicas are waited for.
        ("NEMO_BOT__RUN__HOLD", "15s".to_owned()),
        // Long enough to part both while it lasts.
        ("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "5s".to_owned()),
    ];
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Stage::with(&settings).await
}

/// A user who has been answered once.
async fn regular(stage: &Stage) -> User<'_> {
    let user = stage.user("en");
    user.says("/help");
    user.sees("I take").await;
    // The answer does not wait for what its platform is told.
    stage.logs_have("Took an update").await;
    user
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_no_replica_has_is_not_confirmed_to_its_platform() {
    let pair = RedisPair::start();
    let stage = stage(&pair).await;
    let user = regular(&stage).await;
    pair.part();
    user.says("write a poem");
    user.sees(MOMENT).await;
    stage.logs_have("An update cannot be stored; trying again in 2s").await;
    assert!(stage.telegram.pending() > 0, "it would be lost in a failover\n{}", stage.story());
    // It is there all the same, so somebody has taken it up, and stopped before the agent.
    user.sees(SORRY).await;
    assert_eq!(stage.count("run"), 0, "{}", stage.story());
    pair.join();
    user.presses("Try again").await;
    user.sees(ANSWER).await;
    assert_eq!((stage.count("run"), user.count(MOMENT)), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_no_replica_has_does_not_go_out_and_its_user_hears_so() {
    let pair = RedisPair::start();
    let stage = stage(&pair).await;
    let user = regular(&stage).await;
    stage.nemo.play(Scenario::StateBusy);
    user.says("write a poem");
    user.sees("busy").await;
    pair.part();
    user.sees(SORRY).await;
    assert_eq!(stage.count("run"), 0, "{}", stage.story());
    pair.join();
    user.presses("Try again").await;
    user.sees(ANSWER).await;
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_in_a_conversation_loses_nothing_that_was_confirmed() {
    let mut pair = RedisPair::start();
    let stage = stage(&pair).await;
    let user = regular(&stage).await;
    user.says("write a poem");
    user.sees(ANSWER).await;
    pair.fail_over();
    // Nobody follows it yet, so nothing is confirmed; what is there can be read.
    user.says("write a haiku");
    user.sees(MOMENT).await;
    user.sees(SORRY).await;
    let _heir = pair.heir();
    user.presses("Try again").await;
    user.sees_times(ANSWER, 2).await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_failover_under_load_every_wish_is_sent_at_most_once_and_everybody_hears_of_it() {
    const PEOPLE: usize = 12;
    let mut pair = RedisPair::start();
    let stage = stage(&pair).await;
    let users: Vec<_> = (0..PEOPLE).map(|_| stage.user("en")).collect();
    // Half of them before the replica is cut off, half of them after: of those it never hears.
    let (first, second) = users.split_at(PEOPLE / 2);
    for (number, user) in first.iter().enumerate() {
        user.says(&format!("write poem number {number}."));
    }
    stage.journal_has("run", |_| true).await;
    // As long as one of theirs is not stored, Telegram is asked for no more.
    stage.takes(first.len()).await;
    pair.part();
    for (number, user) in (first.len()..).zip(second) {
        user.says(&format!("write poem number {number}."));
    }
    second[0].sees(MOMENT).await;
    pair.fail_over();
    let _heir = pair.heir();
    for user in &users {
        let heard =
            |said: &str| [ANSWER, SORRY, "did not send your request again"].iter().any(|end| said.contains(end));
        user.sees_one("how it ended", |message| heard(&message.text)).await;
    }
    // Whatever was said about the old primary: what Telegram still had is answered by the new one.
    for user in second {
        user.sees(ANSWER).await;
    }
    let runs: Vec<_> = stage.journal.after(0).into_iter().filter(|entry| entry.kind == "run").collect();
    for number in 0..PEOPLE {
        let wish = format!("poem number {number}.");
        let sent = runs.iter().filter(|run| run.data["text"].as_str().is_some_and(|text| text.contains(&wish)));
        assert!(sent.count() <= 1, "{wish}\n{}", stage.story());
    }
    assert_eq!(stage.telegram.pending(), 0);
    stage.assert_clean();
}
