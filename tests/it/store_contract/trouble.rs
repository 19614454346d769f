//! What goes wrong: crashes, timeouts, strange files and servers.

use std::path::Path;

use nemo_bot::store::OpenError;
use rstest::rstest;

use super::home::Backend::{self, File, Redis};
use super::home::{Home, settings};
use super::*;

#[rstest]
#[tokio::test]
async fn what_was_acknowledged_survives_a_crash(#[values(File, Redis)] backend: Backend) {
    let mut home = Home::of(backend).await;
    let store = home.open().await;
    done(&*store, accept(1).write(put(record(), "a record"))).await;
    if let Some(redis) = &mut home.redis {
        redis.crash_and_restart();
    } else {
        // The files as they are while the store runs are what a crash leaves.
        let crashed = tempfile::tempdir().expect("a directory");
        copy(&home.disk(), &crashed.path().join("data"));
        home.directory = crashed;
    }
    let reopened = home.open().await;
    assert_eq!(values(&*reopened, record()).await, ["a record"]);
    assert_eq!(values(&*reopened, inbox()).await, ["1"]);
    assert_eq!(refused(&*reopened, accept(1)).await, 0);
    assert_eq!(claim_soon(&*reopened, LONG).await.item, item());
    drop(store);
}

#[tokio::test]
async fn a_file_that_was_closed_opens_again() {
    let home = Home::of(File).await;
    done(&*home.open().await, accept(1)).await;
    assert_eq!(values(&*home.open().await, inbox()).await, ["1"]);
}

#[tokio::test]
async fn a_commit_that_timed_out_is_applied_once_however_often_it_is_sent() {
    let redis = RedisServer::start();
    let hasty = RedisSettings { answer_timeout: Duration::from_millis(200), ..settings(&redis) };
    let store = RedisStore::connect(hasty).await.expect("a store");
    // The server knows the script by now, so what waits in its socket is applied as soon as it goes on.
    done(&store, accept(1)).await;
    redis.freeze();
    let accepted = accept(2);
    for _ in 0..2 {
        assert!(matches!(store.commit(&accepted).await, Err(StoreError::Unknown(_))));
    }
    redis.thaw();
    let vault = Vault::new(Arc::new(store), &StoreKey::generate(), &[]);
    assert!(matches!(vault.commit(&accepted).await, Ok(Commit::Done { .. })));
    let [rows] = vault.get(&[inbox()]).await.expect("rows").try_into().expect("one key");
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
async fn stirs_are_heard_again_after_the_server_was_gone() {
    let mut home = Home::of(Redis).await;
    let (one, other) = (home.open().await, home.open().await);
    home.redis.as_mut().expect("a server").crash_and_restart();
    // Both connections of both handles are broken. The first commits may fail; the listener comes back by itself.
    let mut sent = 0;
    let waking = async {
        let vault = Vault::new(Arc::clone(&other), &StoreKey::generate(), &[]);
        for event in 1..=3 {
            sent += 1;
            assert!(matches!(vault.commit(&accept(event)).await, Ok(Commit::Done { .. })));
        }
    };
    let (claim, ()) = tokio::join!(claim_through_trouble(&*one), waking);
    assert_eq!((claim.item, sent), (item(), 3));
}

/// Claims as [`claim_soon`] does, while the server may be away.
async fn claim_through_trouble(store: &dyn Store) -> Claim {
    let claiming = async {
        loop {
            if let Ok(Some(claim)) = store.claim(AGENDA, LONG).await {
                return claim;
            }
            store.stirred(&Stir::Agenda(AGENDA)).await;
        }
    };
    timeout(PATIENCE, claiming).await.expect("something to claim")
}

#[tokio::test]
async fn a_newer_file_is_refused_and_left_alone() {
    let home = Home::of(File).await;
    drop(home.open().await);
    let raw = rusqlite::Connection::open(home.file()).expect("the file");
    raw.pragma_update(None, "user_version", 99).expect("a newer version");
    drop(raw);
    let refused = SqliteStore::open(&home.file()).await.expect_err("a newer file");
    assert!(matches!(refused, OpenError::Newer { theirs: 99, ours: 1 }), "{refused}");
}

#[tokio::test]
async fn a_path_that_cannot_be_used_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let blocker = directory.path().join("a-file");
    std::fs::write(&blocker, "in the way").expect("a file");
    let path = blocker.join("nemo-bot.db");
    match SqliteStore::open(&path).await {
        Err(OpenError::Path { path: named, reason }) => assert!(named == path && !reason.is_empty()),
        other => panic!("{other:?}"),
    }
    let not_a_database = directory.path().join("text");
    std::fs::write(&not_a_database, "not a database, but long enough to look like one ".repeat(40)).expect("a file");
    assert!(matches!(SqliteStore::open(&not_a_database).await, Err(OpenError::Path { .. })));
}

#[tokio::test]
async fn a_server_that_drops_data_or_is_none_is_refused() {
    let redis = RedisServer::start_with(&["--maxmemory-policy", "allkeys-lru"]);
    let refused = RedisStore::connect(settings(&redis)).await.expect_err("it evicts");
    assert!(matches!(refused, OpenError::Evicts { .. }), "{refused}");
    let gone = settings(&redis);
    drop(redis);
    let refused = RedisStore::connect(gone).await.expect_err("it is gone");
    assert!(matches!(refused, OpenError::Unreachable(_)), "{refused}");
    let secret = RedisSettings::new("http://user:NEMOCANARY@127.0.0.1".to_owned().into());
    let refused = RedisStore::connect(secret).await.expect_err("not an address of Redis");
    assert!(!format!("{refused} {refused:?}").contains("NEMOCANARY"));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("the files").map(|entry| entry.expect("a file")) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}
