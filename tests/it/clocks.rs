//! Clocks may lie: one of two instances is ahead, a clock is set back, a token's end comes early.

use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::Scenario;
use serde_json::Value;

use super::bot::{Stage, User, requests};
use super::redis_server::RedisServer;

const ANSWER: &str = "Concrete requests work best";
const OPERATOR: (&str, &str) = ("NEMO_TOKEN", "nmv_usr_clocks");
/// A key for tests, base64.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
/// By how many seconds a clock is wrong.
const SKEW: &str = "NEMO_BOT_CLOCK_SKEW";
const TEN_MINUTES: &str = "600";
const AN_HOUR: &str = "3600";
const EIGHT_DAYS: &str = "691200";

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_whose_clocks_are_twenty_minutes_apart_run_nothing_twice_and_ask_for_renders_in_time() {
    const PEOPLE: usize = 4;
    let redis = RedisServer::start();
    let url = redis.url();
    let store = [("NEMO_BOT__STORE__URL", url.as_str()), ("NEMO_BOT__STORE__KEY", KEY), OPERATOR];
    let pace = [("NEMO_BOT__NEMO__RENDER_POLL_EVERY", "500ms"), ("NEMO_BOT__NEMO__RENDER_PATIENCE", "5m")];
    let stage = Stage::empty(&[&store[..], &pace[..]].concat()).await;
    // The store's clock alone is right.
    let mut ahead = stage.spawn(&[(SKEW, TEN_MINUTES)]);
    let mut behind = stage.spawn(&[(SKEW, "-600")]);
    let users: Vec<_> = (0..PEOPLE).map(|_| stage.user("en")).collect();
    for user in &users {
        user.sends_album(2, Some("add a title that says Urban Dreams")).await;
    }
    for user in &users {
        user.sees_button("Export MP4").await;
        user.says("write poem number 1");
        user.says("write poem number 2");
    }
    stage.nemo.play(Scenario::RenderSlow);
    for user in &users {
        user.sees_times(ANSWER, 2).await;
        user.says("export");
    }
    for user in &users {
        user.sees("Your MP4 is ready").await;
    }
    // Each album is one request, and nothing ran twice; the service would call two runs at once in a project a breach.
    assert_eq!(requests(&stage).len(), PEOPLE * 3, "{:#?}\n{}", requests(&stage), stage.story());
    for user in &users {
        assert_eq!(user.count("Download: http"), 1, "one link: {:#?}", user.texts());
    }
    let late = |entry: &Entry| entry.data["text"].as_str().is_some_and(|text| text.contains("Still rendering after"));
    assert!(!stage.journal.after(0).iter().any(late), "nobody's clock makes it late\n{}", stage.story());
    assert_eq!(stage.count("render"), PEOPLE, "{}", stage.story());
    assert!(asked_in_pace(&stage), "{}", stage.story());
    let worked = (1..=2).filter(|run| stage.logs_of(*run).contains("claim.taken")).count();
    assert_eq!(worked, 2, "one instance did everything");
    for bot in [&mut ahead, &mut behind] {
        bot.kill().await.unwrap();
    }
    stage.assert_clean();
}

/// Whether no question about a render came more than 30 s early or late; the patience of a story is 40 s.
fn asked_in_pace(stage: &Stage) -> bool {
    let polls = |entry: &Entry| entry.kind == "render-poll";
    let asked: Vec<_> = stage.journal.after(0).into_iter().filter(polls).collect();
    let mut renders: Vec<_> = asked.iter().map(|poll| poll.data["render"].clone()).collect();
    renders.sort_unstable_by_key(ToString::to_string);
    renders.dedup();
    let in_pace = |render: &Value| {
        let times = asked.iter().filter(|poll| poll.data["render"] == *render).map(|poll| poll.at_ms);
        let times: Vec<_> = times.collect();
        times.windows(2).all(|pair| pair[1] - pair[0] < 30_000)
    };
    !renders.is_empty() && renders.iter().all(in_pace)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_by_an_hour_holds_nothing_up() {
    let mut stage = Stage::empty(&[OPERATOR]).await;
    let mut ahead = stage.spawn(&[(SKEW, AN_HOUR)]);
    let who = {
        let user = stage.user("en");
        user.sends_clip(Some("add a title that says Urban Dreams")).await;
        user.sees_button("Export MP4").await;
        stage.nemo.play(Scenario::RenderSlow);
        user.says("export");
        stage.journal_has("render-poll", |_| true).await;
        stage.nemo.play(Scenario::Hang);
        user.says("write poem number 1");
        stage.journal_has("run-event", |entry| entry.line.contains("waits to be released")).await;
        user.says("write poem number 2");
        user.sees("number 1 in line").await;
        (user.person.clone(), user.chat)
    };
    ahead.kill().await.unwrap();
    stage.nemo.play(Scenario::Normal);
    stage.start();
    let user = User { stage: &stage, person: who.0, chat: who.1 };
    // The hold of two seconds is over by the monotonic clock; by the stored time it would end in an hour.
    user.sees_button("Try again").await;
    user.sees(ANSWER).await;
    stage.nemo.release();
    user.sees("Your MP4 is ready").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(requests(&stage).len(), 3, "{:#?}", requests(&stage));
    assert_eq!((stage.count("render"), user.count("Download: http")), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_ended_by_our_clock_alone_still_serves() {
    let mut stage = Stage::empty(&[]).await;
    stage.start();
    let who = {
        let user = stage.user("en");
        user.says("write poem number 1");
        user.sees(ANSWER).await;
        (user.person.clone(), user.chat)
    };
    assert_eq!(stage.stop().await, Some(0));
    let given = |stage: &Stage| {
        let all = stage.journal.after(0).into_iter();
        all.filter(|entry| entry.kind == "token" && entry.data["credits"].is_number()).count()
    };
    // An hour makes no difference to a token of seven days. With eight days another one is asked for, which the service
    // does not give as long as the first one lives.
    for skew in [AN_HOUR, EIGHT_DAYS] {
        let mut bot = stage.spawn(&[(SKEW, skew)]);
        let user = User { stage: &stage, person: who.0.clone(), chat: who.1 };
        let answered = user.count(ANSWER);
        user.says(&format!("write poem number {skew}"));
        user.sees_times(ANSWER, answered + 1).await;
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
        assert_eq!(given(&stage), 1, "{}", stage.story());
        bot.kill().await.unwrap();
    }
    assert_eq!(requests(&stage).len(), 3, "{}", stage.story());
    assert!(stage.count("token") > 1, "it was asked for\n{}", stage.story());
    stage.assert_clean();
}
