//! What a message costs on Redis, in round trips: one to accept it, four in all.

use std::time::Duration;

use futures::StreamExt;
use nemo_bot::sandbox::nemo::Scenario;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::bot::Stage;
use super::outages::{ANSWER, KEY};
use super::redis_server::RedisServer;

/// Nothing more comes of a message when nothing has come for this long. No event tells that.
const QUIET: Duration = Duration::from_secs(2);

/// No message costs so much.
const TOO_MANY: usize = 50;

/// Everything that clients ask of a server, as it comes.
struct Watched {
    calls: mpsc::Receiver<String>,
    _watching: JoinSet<()>,
}

impl Watched {
    async fn on(redis: &RedisServer) -> Self {
        let client = redis::Client::open(redis.url()).expect("a client");
        let mut lines = client.get_async_monitor().await.expect("a monitor").into_on_message::<String>();
        let (send, calls) = mpsc::channel(10_000);
        let mut watching = JoinSet::new();
        watching.spawn(async move {
            while let Some(line) = lines.next().await {
                // What a script does inside is no round trip, and who listens to Telegram is no matter of a message. Nor
                // are sweeps, and the ping of whoever listens for stirs.
                let else_is = |part| line.contains(part);
                let other = [" lua] ", "\"ingresses\"", "When the first item", "\"PING\""].into_iter().any(else_is);
                if !other && send.send(line).await.is_err() {
                    return;
                }
            }
        });
        Self { calls, _watching: watching }
    }

    /// What was asked until it is quiet.
    async fn until_quiet(&mut self) -> Vec<String> {
        let mut calls = Vec::new();
        while let Ok(Some(call)) = timeout(QUIET, self.calls.recv()).await {
            calls.push(call);
            assert!(calls.len() < TOO_MANY, "it does not come to rest: {:#?}", &calls[TOO_MANY - 10..]);
        }
        calls
    }
}

/// A bot whose heartbeats come after any of these stories.
async fn stage(redis: &RedisServer, sweep_every: &str) -> Stage {
    let url = redis.url();
    let settings = [
        ("NEMO_BOT__STORE__URL", url.as_str()),
        ("NEMO_BOT__STORE__KEY", KEY),
        ("NEMO_TOKEN", "nmv_usr_trips"),
        ("NEMO_BOT__RUN__HOLD", "5m"),
        ("NEMO_BOT__STORE__SWEEP_EVERY", sweep_every),
    ];
    Stage::with(&settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_costs_one_round_trip_to_accept_and_four_in_all() {
    let redis = RedisServer::start();
    // No sweep falls into the story.
    let stage = stage(&redis, "4m").await;
    let user = stage.user("en");
    // The first message also opens a project and lists the conversation with its person.
    user.says("write a poem");
    user.sees(ANSWER).await;
    let mut watched = Watched::on(&redis).await;
    watched.until_quiet().await;

    user.says("write a haiku");
    user.sees_times(ANSWER, 2).await;
    let calls = watched.until_quiet().await;
    let scripts = calls.iter().filter(|call| call.contains("EVAL")).count();
    assert_eq!(calls.len(), scripts, "something else than scripts: {calls:#?}");
    assert_eq!(calls.iter().filter(|call| call.contains("\"absent\"") && call.contains("\"push\"")).count(), 1);
    // Accepted, claimed, written ahead, finished; and a heartbeat that comes early, before the last words are shown.
    let heartbeats = 1;
    assert_eq!(calls.len() - heartbeats, 4, "{calls:#?}");

    user.says("/help");
    user.sees("I take").await;
    let calls = watched.until_quiet().await;
    assert_eq!(calls.len(), 3, "accepted, claimed, finished: {calls:#?}");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_stream_costs_nothing_but_its_heartbeats_also_with_a_request_in_line() {
    let redis = RedisServer::start();
    // Many sweeps do fall into the story.
    let stage = stage(&redis, "300ms").await;
    let user = stage.user("en");
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem");
    user.sees_button("Stop").await;
    let mut watched = Watched::on(&redis).await;
    watched.until_quiet().await;

    user.says("write a haiku");
    user.sees("number 1 in line").await;
    watched.until_quiet().await;
    stage.assert_clean();
}
