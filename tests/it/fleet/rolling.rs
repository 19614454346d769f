//! Instances that are asked to stop, one after the other, while people chat.

use std::time::Duration;

use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::{FaultAction, FaultRule};
use rstest::rstest;
use tokio::time::Instant;

use super::people::People;
use super::{launch, over, rests};
use crate::bot::Platform::Telegram;
use crate::bot::Stage;
use crate::proxy::{Mood, Proxy};
use crate::redis_server::RedisServer;

const INSTANCES: usize = 3;
const PEOPLE: usize = 9;
/// What a reply says that was cut.
const CUT: &str = "I'm being restarted";
const TAKEN_UP: &str = "I was restarted while working on this";
/// A claim that is not handed over runs out after this.
const HOLD: &str = "60s";
/// How long a claim may take from one hand to the next.
const HANDED_OVER_WITHIN: Duration = Duration::from_secs(2);

/// All instances are asked to stop and started again, one by one, while everybody waits for an answer.
async fn rolls(stage: &Stage, redis: &RedisServer, drain: Duration) {
    let mut instances = launch(stage, INSTANCES).await;
    let mut people = People::with_clips(stage, PEOPLE).await;
    stage.nemo.play(Scenario::Slow);
    for instance in &mut instances {
        let runs = stage.count("run");
        people.all_say();
        // The last of them has begun: whoever stops now has some in hand.
        stage.journal_has("run", |_| stage.count("run") >= runs + PEOPLE).await;
        instance.asks_to_stop();
        let asked = Instant::now();
        assert!(instance.ends().await.success(), "{}", stage.story());
        assert!(asked.elapsed() < drain + HANDED_OVER_WITHIN, "after {:?}\n{}", asked.elapsed(), stage.story());
        instance.starts();
        instance.runs().await;
        people.are_answered().await;
    }
    rests(stage, redis).await;
    people.assert_whole();
    assert_eq!(people.crowd.runs(), people.wishes(), "each once\n{}", stage.story());
    stage.assert_clean();
}

fn edits<'a>(history: &'a [Entry], words: &'a str) -> impl Iterator<Item = &'a Entry> {
    let says = move |entry: &&Entry| entry.data["text"].as_str().is_some_and(|text| text.contains(words));
    history.iter().filter(|entry| entry.kind == "edited").filter(says)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_loses_nothing_and_a_cut_reply_says_so_and_is_taken_up_at_once() {
    let redis = RedisServer::start();
    let drain = Duration::from_millis(100);
    let stage = over(&redis, Telegram, &[("NEMO_BOT__RUN__HOLD", HOLD), ("NEMO_BOT__RUN__DRAIN", "100ms")]).await;
    rolls(&stage, &redis, drain).await;
    let history = stage.journal.after(0);
    let cuts: Vec<_> = edits(&history, CUT).collect();
    assert!(!cuts.is_empty(), "nothing was cut\n{}", stage.story());
    for cut in cuts {
        let same = |later: &&Entry| later.number > cut.number && later.data["message_id"] == cut.data["message_id"];
        let taken_up = edits(&history, TAKEN_UP).find(same);
        let Some(taken_up) = taken_up else { panic!("{cut:?} was never taken up\n{}", stage.story()) };
        let after = Duration::from_millis(taken_up.at_ms - cut.at_ms);
        assert!(after < HANDED_OVER_WITHIN, "taken up after {after:?}\n{}", stage.story());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_drain_cuts_no_reply() {
    let redis = RedisServer::start();
    let drain = Duration::from_secs(20);
    let stage = over(&redis, Telegram, &[("NEMO_BOT__RUN__HOLD", HOLD), ("NEMO_BOT__RUN__DRAIN", "20s")]).await;
    rolls(&stage, &redis, drain).await;
    let history = stage.journal.after(0);
    assert_eq!(edits(&history, CUT).count() + edits(&history, TAKEN_UP).count(), 0, "{}", stage.story());
}

/// What it takes to lose a text: the words on the stop take long, and the store goes away while they do.
#[rstest]
#[case::slow_words(true, false)]
#[case::no_store(false, true)]
#[case::slow_words_and_no_store(true, true)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_shown_before_a_stop_is_not_taken_back(#[case] slow_words: bool, #[case] store_goes: bool) {
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[("NEMO_BOT__RUN__HOLD", "15s"), ("NEMO_BOT__RUN__DRAIN", "100ms")]).await;
    let proxy = Proxy::before(&redis.url()).await;
    let mut first = stage.instance(&[("NEMO_BOT__STORE__URL", &proxy.redis())]);
    first.runs().await;
    let mut people = People::with_clips(&stage, 1).await;
    rests(&stage, &redis).await;
    stage.nemo.play(Scenario::Hang);
    people.all_say();
    let says = |entry: &Entry| entry.data["text"].as_str().is_some_and(|text| text.contains("On it."));
    stage.journal_has("edited", says).await;
    if slow_words {
        stage.telegram.fault(FaultRule::on("editMessageText", FaultAction::Stall).containing("being restarted"));
    }
    first.asks_to_stop();
    if store_goes {
        tokio::time::sleep(Duration::from_millis(900)).await;
        proxy.turns(Mood::Blackhole);
    }
    assert!(first.ends().await.success(), "{}", stage.story());
    let second = stage.instance(&[]);
    second.runs().await;
    people.are_answered().await;
    rests(&stage, &redis).await;
    people.assert_whole();
    stage.assert_clean();
}
