//! What an operator hears of a Redis before anything is kept there.

use std::process::Command;

use nemo_bot::store::redis::{Concern, RedisSettings, RedisStore};

use super::outages::KEY;
use super::redis_server::{RedisCluster, RedisServer};

async fn concerns(url: String, replica_acks: u32) -> Vec<Concern> {
    let settings = RedisSettings { replica_acks, ..RedisSettings::new(url.into()) };
    RedisStore::connect(settings).await.expect("fit enough").concerns().to_vec()
}

#[tokio::test]
async fn a_careful_server_gives_no_concern() {
    assert_eq!(concerns(RedisServer::start().url(), 0).await, []);
}

#[tokio::test]
async fn what_a_crash_or_a_failover_may_lose_is_told_at_the_start() {
    let quick = RedisServer::start_quick();
    let few = Concern::FewReplicas { had: 0, wanted: 1 };
    assert_eq!(concerns(quick.url(), 1).await, [Concern::NoAppendOnly, few]);
    let late = RedisServer::start_with(&["--appendonly", "yes", "--appendfsync", "everysec"]);
    assert_eq!(concerns(late.url(), 0).await, [Concern::LateSync("everysec".into())]);
    let cluster = RedisCluster::start();
    assert_eq!(concerns(cluster.url(), 0).await, [Concern::NoAppendOnly]);
}

#[tokio::test]
async fn where_the_server_may_not_be_asked_it_is_said_what_is_not_known() {
    let forbidden = ["--appendonly", "yes", "--appendfsync", "always", "--rename-command", "CONFIG", ""];
    let redis = RedisServer::start_with(&forbidden);
    let told = concerns(redis.url(), 0).await;
    assert_eq!(told, [Concern::Unknown { what: "appendfsync", needed: "always" }]);
}

#[tokio::test]
async fn check_prints_a_line_for_each_concern() {
    let redis = RedisServer::start_quick();
    let output = Command::new(env!("CARGO_BIN_EXE_nemo-bot"))
        .arg("check")
        .env_clear()
        .envs([("NEMO_BOT__STORE__URL", redis.url().as_str()), ("NEMO_BOT__STORE__KEY", KEY)])
        .envs([("NEMO_BOT__STORE__REPLICA_ACKS", "2"), ("NEMO_API_URL", "http://127.0.0.1:1")])
        .output()
        .expect("the program");
    let page = String::from_utf8_lossy(&output.stdout);
    let line =
        |words: &str| page.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}:\n{page}"));
    assert!(line("answers").contains("ok"), "{page}");
    for words in ["keeps no append-only file", "has 0 replicas, and 2 have to confirm"] {
        assert!(line(words).contains("warn") && line(words).starts_with("store"), "{page}");
    }
}
