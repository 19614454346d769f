//! What every store must do: one contract, held by the one in a file, the one in memory, a Redis server and a Redis
//! Cluster of three nodes.
//!
//! Times are short and by the store's clock. Nothing sleeps: where time must pass, an item is made due at that time
//! and waited for.

#[path = "store_contract/claims.rs"]
mod claims;
#[path = "store_contract/failover.rs"]
mod failover;
#[path = "store_contract/home.rs"]
mod home;
#[path = "store_contract/instances.rs"]
mod instances;
#[path = "store_contract/rows.rs"]
mod rows;
#[path = "store_contract/trouble.rs"]
mod trouble;
#[path = "store_contract/vault.rs"]
mod vault;

use std::sync::Arc;
use std::time::Duration;

use nemo_bot::clock::Timestamp;
use nemo_bot::store::redis::{RedisSettings, RedisStore};
use nemo_bot::store::sqlite::SqliteStore;
use nemo_bot::store::{
    Agenda, Batch, Claim, Commit, Expect, Item, Key, Kind, Partition, Row, Stir, Store, StoreError, StoreKey, Vault,
    Write,
};
use tokio::time::timeout;

use super::redis_server::RedisServer;

const OWNER: &str = "telegram:42";
const AGENDA: Agenda = Agenda::Conversations;

/// Longer than any test takes.
const LONG: Duration = Duration::from_mins(10);
/// A hold or delay that is waited out.
const SHORT: Duration = Duration::from_millis(60);
/// Waiting for something that must come ends here. Shorter than the sweep of most tests, so that what comes was told.
const PATIENCE: Duration = Duration::from_secs(10);
const SWEEP: Duration = Duration::from_mins(1);

fn item() -> Item {
    Item::new(OWNER, "telegram:42:7")
}

fn record() -> Key {
    Key::new(Kind::Record, OWNER, "telegram:42:7")
}

fn inbox() -> Key {
    Key::new(Kind::Inbox, OWNER, "telegram:42:7")
}

fn seen(event: u32) -> Key {
    Key::new(Kind::Seen, OWNER, &format!("telegram:42:{event}"))
}

fn batch() -> Batch {
    Batch::new(Partition::of(OWNER))
}

fn put(key: Key, value: &str) -> Write {
    Write::Put { key, value: value.into(), ttl: None }
}

fn push(value: &str) -> Write {
    Write::Push { key: inbox(), value: value.into() }
}

fn wake_after(after: Duration) -> Write {
    Write::Wake { agenda: AGENDA, item: item(), after }
}

fn wake() -> Write {
    wake_after(Duration::ZERO)
}

/// What an ingress does with an update.
fn accept(event: u32) -> Batch {
    batch()
        .expect(Expect::Absent(seen(event)))
        .expect(Expect::Fewer(inbox(), 20))
        .write(put(seen(event), ""))
        .write(push(&event.to_string()))
        .write(wake())
}

async fn done(store: &dyn Store, batch: Batch) -> (Timestamp, bool) {
    match store.commit(&batch).await {
        Ok(Commit::Done { now, woken }) => (now, woken),
        other => panic!("{other:?} to {batch:?}"),
    }
}

async fn refused(store: &dyn Store, batch: Batch) -> usize {
    match store.commit(&batch).await {
        Ok(Commit::Refused(at)) => at,
        other => panic!("{other:?} to {batch:?}"),
    }
}

async fn rows(store: &dyn Store, key: Key) -> Vec<Row> {
    store.get(&[key]).await.expect("rows").pop().expect("one key was asked for")
}

async fn values(store: &dyn Store, key: Key) -> Vec<String> {
    rows(store, key).await.into_iter().map(|row| String::from_utf8(row.value).expect("text")).collect()
}

async fn claim_now(store: &dyn Store, hold: Duration) -> Option<Claim> {
    store.claim(AGENDA, hold).await.expect("an answer to a claim")
}

/// Claims as a dispatcher does: when nothing is due, it waits for a stir.
async fn claim_soon(store: &dyn Store, hold: Duration) -> Claim {
    let claiming = async {
        loop {
            match claim_now(store, hold).await {
                Some(claim) => return claim,
                None => store.stirred(&Stir::Agenda(AGENDA)).await,
            }
        }
    };
    timeout(PATIENCE, claiming).await.expect("something to claim")
}

/// Returns when this much time has gone by on the store's clock: another item is made due then.
async fn pass(store: &dyn Store, time: Duration) {
    let agenda = Agenda::Renders;
    let alarm = Item::new(OWNER, "alarm");
    done(store, batch().write(Write::Wake { agenda, item: alarm, after: time })).await;
    let waiting = async {
        loop {
            if let Some(claim) = store.claim(agenda, LONG).await.expect("an answer") {
                break claim;
            }
            store.stirred(&Stir::Agenda(agenda)).await;
        }
    };
    let claim = timeout(PATIENCE, waiting).await.expect("the alarm");
    done(store, batch().expect(Expect::held(&claim)).write(Write::rest(&claim, None))).await;
}
