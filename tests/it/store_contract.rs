//! What every store must do: one contract, held by the one in a file, the one in memory, and Redis.
//!
//! Times are short and by the store's clock. Nothing sleeps: where time must pass, an item is made due at that time
//! and waited for.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use nemo_bot::clock::{Clock, Timestamp};
use nemo_bot::store::redis::{RedisSettings, RedisStore};
use nemo_bot::store::sqlite::SqliteStore;
use nemo_bot::store::{
    Agenda, Batch, Claim, Commit, Expect, Item, Key, Kind, OpenError, Partition, Row, Stir, Store, StoreError,
    StoreKey, Vault, Version, Write,
};
use rstest::rstest;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

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

// ---- the stores ----------------------------------------------------------------------------------------------------

#[derive(Clone, Copy, Debug)]
enum Backend {
    File,
    Memory,
    Redis,
}
use Backend::{File, Memory, Redis};

/// A place where a store is kept, which can be opened more than once.
struct Home {
    directory: TempDir,
    redis: Option<RedisServer>,
    memory: Option<Arc<dyn Store>>,
}

impl Home {
    async fn of(backend: Backend) -> Self {
        let memory: Option<Arc<dyn Store>> = match backend {
            Memory => Some(Arc::new(SqliteStore::memory().await.expect("a store in memory"))),
            File | Redis => None,
        };
        let redis = matches!(backend, Redis).then(RedisServer::start);
        Self { directory: tempfile::tempdir().expect("a directory"), redis, memory }
    }

    /// Opens the store as another instance would; in memory there is only one.
    async fn open(&self) -> Arc<dyn Store> {
        match (&self.memory, &self.redis) {
            (Some(store), _) => Arc::clone(store),
            (_, Some(redis)) => Arc::new(RedisStore::connect(settings(redis)).await.expect("a store on Redis")),
            _ => Arc::new(SqliteStore::open(&self.file()).await.expect("a store in a file")),
        }
    }

    /// Opens the only store of a test and keeps its home until the test ends.
    async fn open_alone(self) -> Lodger {
        Lodger { store: self.open().await, _home: self }
    }

    fn file(&self) -> std::path::PathBuf {
        self.directory.path().join("data/nemo-bot.db")
    }

    /// Where everything that survives is.
    fn disk(&self) -> std::path::PathBuf {
        self.redis.as_ref().map_or_else(|| self.directory.path().join("data"), RedisServer::directory)
    }
}

/// A store together with its home.
struct Lodger {
    store: Arc<dyn Store>,
    _home: Home,
}

impl std::ops::Deref for Lodger {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        &*self.store
    }
}

fn settings(redis: &RedisServer) -> RedisSettings {
    RedisSettings { sweep_every: SWEEP, ..RedisSettings::new(redis.url().into()) }
}

// ---- words ---------------------------------------------------------------------------------------------------------

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

// ---- rows and batches ----------------------------------------------------------------------------------------------

#[rstest]
#[tokio::test]
async fn rows_come_back_in_the_order_of_the_keys_and_oldest_first(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let far = Key::new(Kind::Person, "telegram:43", "telegram:43");
    assert_ne!(far.partition(), record().partition(), "the test wants two partitions");
    let (first, second) = (batch().expect(Expect::Absent(inbox())).write(push("1")), accept(2));
    let versions = [first.id, second.id];
    done(&*store, first).await;
    done(&*store, second).await;
    done(&*store, batch().expect(Expect::Absent(record())).write(put(record(), "a record"))).await;
    let person = Batch::new(far.partition()).expect(Expect::Absent(far.clone())).write(put(far.clone(), "\0\u{ff}"));
    done(&*store, person).await;

    let got = store.get(&[far, seen(9), inbox(), record()]).await.expect("rows");
    let texts: Vec<Vec<_>> = got.iter().map(|rows| rows.iter().map(|row| row.value.as_slice()).collect()).collect();
    assert_eq!(texts, [vec!["\0\u{ff}".as_bytes()], vec![], vec![b"1", b"2"], vec![b"a record"]]);
    assert_eq!(got[2].iter().map(|row| row.version).collect::<Vec<_>>(), versions);
    assert_eq!(store.get(&[]).await, Ok(Vec::new()));
}

#[rstest]
#[tokio::test]
async fn a_refused_batch_leaves_nothing_behind(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, batch().expect(Expect::Absent(record())).write(put(record(), "before"))).await;
    let overtaken = batch()
        .expect(Expect::Absent(seen(1)))
        .expect(Expect::At(record(), Version::random()))
        .write(put(seen(1), ""))
        .write(push("1"))
        .write(put(record(), "after"))
        .write(wake());
    assert_eq!(refused(&*store, overtaken).await, 1);
    assert_eq!(values(&*store, record()).await, ["before"]);
    assert!(rows(&*store, inbox()).await.is_empty() && rows(&*store, seen(1)).await.is_empty());
    assert_eq!(claim_now(&*store, LONG).await, None);
}

#[rstest]
#[tokio::test]
async fn each_expectation_refuses_alone_and_is_named(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, accept(1)).await;
    let claim = claim_soon(&*store, LONG).await;
    let kept = batch().expect(Expect::Absent(record())).write(put(record(), "a record"));
    let version = kept.id;
    done(&*store, kept).await;
    let stale = Claim { fence: Version::random(), ..claim.clone() };

    // Pairs of an expectation that holds and its like that does not.
    let pairs = [
        (Expect::Absent(seen(2)), Expect::Absent(seen(1))),
        (Expect::At(record(), version), Expect::At(record(), Version::random())),
        (Expect::Fewer(inbox(), 2), Expect::Fewer(inbox(), 1)),
        (Expect::held(&claim), Expect::held(&stale)),
        (Expect::Fewer(record(), 2), Expect::At(seen(2), version)),
        (Expect::Fewer(seen(2), 1), Expect::Absent(inbox())),
    ];
    for at in 0..pairs.len() {
        let expects = pairs.iter().enumerate();
        let expects = expects.map(|(n, (holds, fails))| if n == at { fails.clone() } else { holds.clone() });
        let refusal = Batch { expects: expects.collect(), ..batch().write(wake()) };
        assert_eq!(refused(&*store, refusal).await, at);
    }
    let all = Batch { expects: pairs.into_iter().map(|(holds, _)| holds).collect(), ..batch().write(wake()) };
    done(&*store, all).await;
}

#[rstest]
#[tokio::test]
async fn the_first_of_several_failed_expectations_is_named(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, accept(1)).await;
    let both =
        batch().expect(Expect::Fewer(inbox(), 5)).expect(Expect::Absent(seen(1))).expect(Expect::Absent(inbox()));
    assert_eq!(refused(&*store, both.write(wake())).await, 1);
}

#[rstest]
#[tokio::test]
async fn an_inbox_holds_twenty_however_many_come_at_once(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let outcomes = join_all((0..30).map(|event| {
        let store = &store;
        async move { store.commit(&accept(event)).await.expect("an answer") }
    }));
    let outcomes = outcomes.await;
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Commit::Done { .. })).count(), 20);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Commit::Refused(1)).count(), 10, "refused as full");
    assert_eq!(rows(&*store, inbox()).await.len(), 20);
}

#[rstest]
#[tokio::test]
async fn a_row_is_taken_out_of_the_middle_of_a_queue(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let accepts = [accept(1), accept(2), accept(3)];
    for accept in &accepts {
        done(&*store, accept.clone()).await;
    }
    let remove = batch().write(Write::Remove { key: inbox(), version: accepts[1].id });
    done(&*store, remove.clone()).await;
    assert_eq!(values(&*store, inbox()).await, ["1", "3"]);
    done(&*store, remove).await;
    assert_eq!(values(&*store, inbox()).await, ["1", "3"], "what is gone is gone");
}

#[rstest]
#[tokio::test]
async fn the_newest_row_of_a_queue_can_be_expected(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let (older, newer) = (accept(1), accept(2));
    let versions = [older.id, newer.id];
    done(&*store, older).await;
    done(&*store, newer).await;
    let emptied = |version| batch().expect(Expect::At(inbox(), version)).write(Write::Delete { key: inbox() });
    assert_eq!(refused(&*store, emptied(versions[0])).await, 0);
    done(&*store, emptied(versions[1])).await;
    assert!(rows(&*store, inbox()).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn a_value_expires_and_makes_room_for_a_new_one(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let brief = |key, ttl| {
        let write = Write::Put { key, value: b"brief".into(), ttl: Some(ttl) };
        batch().write(write)
    };
    done(&*store, brief(seen(1), SHORT).expect(Expect::Absent(seen(1)))).await;
    done(&*store, brief(seen(2), LONG).expect(Expect::Absent(seen(2)))).await;
    pass(&*store, SHORT * 2).await;
    assert!(rows(&*store, seen(1)).await.is_empty());
    assert_eq!(values(&*store, seen(2)).await, ["brief"]);
    assert_eq!(refused(&*store, batch().expect(Expect::Fewer(seen(2), 1)).write(wake())).await, 0);
    done(&*store, accept(1)).await;
    assert_eq!(values(&*store, seen(1)).await, [""], "without a ttl it stays");
}

#[rstest]
#[tokio::test]
async fn the_same_batch_sent_twice_is_known_and_changes_nothing(#[values(File, Memory, Redis)] backend: Backend) {
    let home = Home::of(backend).await;
    let (one, other) = (home.open().await, home.open().await);
    let accepted = accept(1);
    done(&*one, accepted.clone()).await;
    done(&*other, accepted.clone()).await;
    assert_eq!(values(&*one, inbox()).await, ["1"]);
    assert_eq!(refused(&*one, accept(1)).await, 0, "a new batch for the same event is refused as seen");

    // A copy of a batch that was overtaken must not put the old row back.
    let claim = claim_soon(&*one, LONG).await;
    let dispatch = batch().expect(Expect::held(&claim)).expect(Expect::Absent(record())).write(put(record(), "old"));
    done(&*one, dispatch.clone()).await;
    let (_, woken) = done(&*other, dispatch.clone()).await;
    assert!(!woken);
    done(&*one, batch().expect(Expect::At(record(), dispatch.id)).write(put(record(), "new"))).await;
    assert_eq!(refused(&*other, dispatch).await, 1);
    assert_eq!(values(&*one, record()).await, ["new"]);
}

// ---- agendas and claims --------------------------------------------------------------------------------------------

#[rstest]
#[tokio::test]
async fn a_claim_brings_the_rows_of_its_item_and_the_time(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let before = Clock::system().now();
    let accepted = accept(1).write(put(record(), "a record"));
    let version = accepted.id;
    let (stored, _) = done(&*store, accepted).await;
    let claim = claim_soon(&*store, LONG).await;
    let row = |value: &str| Row { version, value: value.into() };
    assert_eq!((claim.agenda, &claim.item, claim.lapses), (AGENDA, &item(), 0));
    assert_eq!(claim.rows, [vec![row("a record")], vec![row("1")]]);
    assert!(claim.now >= stored);
    assert!(stored.since(before) < PATIENCE && before.since(stored) < PATIENCE, "the store tells the time");

    let job = Item::new(OWNER, "telegram:42:job");
    let job_row = Key::new(Kind::Job, OWNER, "telegram:42:job");
    let wake = Write::Wake { agenda: Agenda::Renders, item: job.clone(), after: Duration::ZERO };
    done(&*store, batch().expect(Expect::Absent(job_row.clone())).write(put(job_row, "a job")).write(wake)).await;
    timeout(PATIENCE, store.stirred(&Stir::Agenda(Agenda::Renders))).await.expect("a stir");
    let claim = store.claim(Agenda::Renders, LONG).await.expect("an answer").expect("a claim");
    assert_eq!((claim.item, claim.rows[0][0].value.as_slice()), (job, b"a job".as_slice()));
}

#[rstest]
#[tokio::test]
async fn a_claim_keeps_others_out_also_after_a_wake_until_its_hold_ends(
    #[values(File, Memory, Redis)] backend: Backend,
) {
    let home = Home::of(backend).await;
    let (one, other) = (home.open().await, home.open().await);
    done(&*one, accept(1)).await;
    // Longer than the few calls below take, shorter than patience.
    let hold = Duration::from_millis(600);
    let claim = claim_soon(&*one, hold).await;
    done(&*other, accept(2)).await;
    assert_eq!(claim_now(&*other, LONG).await, None);
    assert_eq!(claim_now(&*one, LONG).await, None);
    let next = claim_soon(&*other, LONG).await;
    assert_eq!((next.item, next.lapses), (claim.item, 1));
    assert_ne!(next.fence, claim.fence);
    assert!(next.now.since(claim.now) >= hold, "the hold was kept");
}

#[rstest]
#[tokio::test]
async fn lapses_count_holders_that_vanished_since_the_last_rest(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, accept(1)).await;
    for lapses in 0..4 {
        let claim = claim_soon(&*store, SHORT).await;
        assert_eq!(claim.lapses, lapses);
    }
    pass(&*store, SHORT * 2).await;
    // A wake of an item whose holder vanished does not wipe out the count.
    done(&*store, accept(2)).await;
    let claim = claim_soon(&*store, LONG).await;
    assert_eq!(claim.lapses, 4);
    let again = Write::rest(&claim, Some(Duration::ZERO));
    done(&*store, batch().expect(Expect::held(&claim)).write(again)).await;
    assert_eq!(claim_soon(&*store, LONG).await.lapses, 0);
}

#[rstest]
#[tokio::test]
async fn a_stale_claim_can_commit_nothing_not_even_its_own_prolongation(
    #[values(File, Memory, Redis)] backend: Backend,
) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, accept(1)).await;
    let stale = claim_soon(&*store, SHORT).await;
    let claim = claim_soon(&*store, LONG).await;
    for write in [
        Write::hold(&stale, LONG),
        Write::rest(&stale, None),
        Write::Remove { key: inbox(), version: stale.rows[1][0].version },
    ] {
        assert_eq!(refused(&*store, batch().expect(Expect::held(&stale)).write(write)).await, 0);
    }
    let save = batch().expect(Expect::Absent(record())).expect(Expect::held(&stale)).write(put(record(), "stale"));
    assert_eq!(refused(&*store, save).await, 1);
    assert!(rows(&*store, record()).await.is_empty());
    assert_eq!(values(&*store, inbox()).await, ["1"]);
    done(&*store, batch().expect(Expect::held(&claim)).write(Write::rest(&claim, None))).await;
    // After its rest a claim is stale as well.
    assert_eq!(refused(&*store, batch().expect(Expect::held(&claim)).write(Write::hold(&claim, LONG))).await, 0);
}

#[rstest]
#[tokio::test]
async fn a_heartbeat_prolongs_the_hold(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, accept(1)).await;
    let claim = claim_soon(&*store, SHORT * 5).await;
    let (_, woken) = done(&*store, batch().expect(Expect::held(&claim)).write(Write::hold(&claim, LONG))).await;
    assert!(!woken);
    pass(&*store, SHORT * 6).await;
    assert_eq!(claim_now(&*store, LONG).await, None);
    done(&*store, batch().expect(Expect::held(&claim)).write(Write::rest(&claim, None))).await;
    assert_eq!(claim_now(&*store, LONG).await, None, "rested for good");
}

#[rstest]
#[tokio::test]
async fn a_wake_during_a_claim_is_told_to_the_holder_and_makes_the_rest_due_at_once(
    #[values(File, Memory, Redis)] backend: Backend,
    #[values(None, Some(LONG))] again: Option<Duration>,
) {
    let home = Home::of(backend).await;
    let (one, other) = (home.open().await, home.open().await);
    done(&*one, accept(1)).await;
    let claim = claim_soon(&*one, LONG).await;
    let heartbeat = || batch().expect(Expect::held(&claim)).write(Write::hold(&claim, LONG));
    assert!(!done(&*one, heartbeat()).await.1);
    done(&*other, accept(2)).await;
    assert!(done(&*one, heartbeat()).await.1, "a heartbeat tells of it");
    assert!(done(&*one, heartbeat()).await.1, "and goes on telling");
    let finish = batch().expect(Expect::held(&claim)).write(Write::rest(&claim, again));
    assert!(done(&*one, finish).await.1);
    let next = claim_soon(&*one, LONG).await;
    assert_eq!((next.lapses, next.rows[1].len()), (0, 2));
    let finish = batch().expect(Expect::held(&next)).write(Write::rest(&next, None));
    assert!(!done(&*one, finish).await.1, "one wake, one more turn");
}

#[rstest]
#[tokio::test]
async fn a_delay_is_kept_by_the_stores_clock(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let delay = Duration::from_millis(300);
    let (woken, _) = done(&*store, batch().write(wake_after(delay))).await;
    assert_eq!(claim_now(&*store, LONG).await, None);
    let claim = claim_soon(&*store, LONG).await;
    assert!(claim.now.since(woken) >= delay);
    let (rested, _) = done(&*store, batch().expect(Expect::held(&claim)).write(Write::rest(&claim, Some(delay)))).await;
    assert_eq!(claim_now(&*store, LONG).await, None);
    let claim = claim_soon(&*store, LONG).await;
    assert!(claim.now.since(rested) >= delay);
}

#[rstest]
#[tokio::test]
async fn a_wake_pulls_an_item_forward_and_never_pushes_it_back(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, batch().write(wake_after(LONG))).await;
    assert_eq!(claim_now(&*store, LONG).await, None);
    done(&*store, batch().write(wake())).await;
    done(&*store, batch().write(wake_after(LONG))).await;
    let claim = claim_soon(&*store, LONG).await;
    let rest = Write::rest(&claim, Some(LONG));
    done(&*store, batch().expect(Expect::held(&claim)).write(rest)).await;
    assert_eq!(claim_now(&*store, LONG).await, None);
    done(&*store, batch().write(wake())).await;
    claim_soon(&*store, LONG).await;
}

#[rstest]
#[tokio::test]
async fn what_has_been_due_longest_comes_first(#[values(File, Memory, Redis)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let wake = |name: &str, after| Write::Wake { agenda: AGENDA, item: Item::new(OWNER, name), after };
    done(&*store, batch().write(wake("late", SHORT)).write(wake("early", SHORT / 2))).await;
    pass(&*store, SHORT * 2).await;
    assert_eq!(claim_soon(&*store, LONG).await.item.name, "early");
    assert_eq!(claim_soon(&*store, LONG).await.item.name, "late");
}

#[rstest]
#[tokio::test]
async fn whoever_holds_a_claim_while_a_user_is_forgotten_can_restore_nothing(
    #[values(File, Memory, Redis)] backend: Backend,
) {
    let store = Home::of(backend).await.open_alone().await;
    let accepted = accept(1).write(put(record(), "a record"));
    let version = accepted.id;
    done(&*store, accepted).await;
    let claim = claim_soon(&*store, LONG).await;
    let forget = batch()
        .expect(Expect::At(record(), version))
        .write(Write::Delete { key: record() })
        .write(Write::Delete { key: inbox() })
        .write(wake());
    done(&*store, forget).await;
    let save = batch().expect(Expect::held(&claim)).expect(Expect::At(record(), version));
    assert_eq!(refused(&*store, save.write(put(record(), "back again"))).await, 1);
    done(&*store, batch().expect(Expect::held(&claim)).write(Write::rest(&claim, None))).await;
    assert_eq!(claim_soon(&*store, LONG).await.rows, [vec![], vec![]]);
}

// ---- several instances ---------------------------------------------------------------------------------------------

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_claim_side_by_side_and_every_item_is_claimed_once(
    #[values(File, Memory, Redis)] backend: Backend,
) {
    const ITEMS: usize = 60;
    let home = Home::of(backend).await;
    let stores = [home.open().await, home.open().await];
    let mut dispatchers = JoinSet::new();
    for worker in 0..6 {
        let store = Arc::clone(&stores[worker % 2]);
        dispatchers.spawn(async move {
            let mut names = Vec::new();
            // Ends by itself when nothing more comes.
            while let Ok(claim) = timeout(Duration::from_secs(2), claim_soon(&*store, LONG)).await {
                names.push(claim.item.name.clone());
                let finish = Batch::new(claim.item.partition).expect(Expect::held(&claim));
                done(&*store, finish.write(Write::rest(&claim, None))).await;
            }
            names
        });
    }
    for n in 0..ITEMS {
        let owner = format!("telegram:{n}");
        let wake = Write::Wake { agenda: AGENDA, item: Item::new(&owner, &owner), after: Duration::ZERO };
        done(&*stores[n % 2], Batch::new(Partition::of(&owner)).write(wake)).await;
    }
    let names: Vec<String> = dispatchers.join_all().await.into_iter().flatten().collect();
    assert_eq!(names.len(), ITEMS);
    assert_eq!(names.into_iter().collect::<HashSet<_>>().len(), ITEMS);
}

#[rstest]
#[tokio::test]
async fn a_stir_from_another_instance_wakes_a_waiting_dispatcher(#[values(File, Memory, Redis)] backend: Backend) {
    let home = Home::of(backend).await;
    let (one, other) = (home.open().await, home.open().await);
    let waiting = claim_soon(&*one, LONG);
    let waking = async {
        tokio::task::yield_now().await;
        done(&*other, accept(1)).await;
    };
    let (claim, ()) = tokio::join!(waiting, waking);
    // Handing over is as quick: nobody waits for a hold to end.
    let taking_over = claim_soon(&*other, LONG);
    let resting = async {
        let rest = Write::rest(&claim, Some(Duration::ZERO));
        done(&*one, batch().expect(Expect::held(&claim)).write(rest)).await;
    };
    let (next, ()) = tokio::join!(taking_over, resting);
    assert_eq!((next.item, next.lapses), (claim.item.clone(), 0));
}

#[rstest]
#[tokio::test]
async fn a_holder_hears_of_a_wake_also_if_it_listens_only_afterwards(#[values(File, Memory, Redis)] backend: Backend) {
    let home = Home::of(backend).await;
    let (one, other) = (home.open().await, home.open().await);
    done(&*one, accept(1)).await;
    claim_soon(&*one, LONG).await;
    let stir = Stir::Item(AGENDA, item());
    for event in 2..4 {
        done(&*other, accept(event)).await;
        // The wait is bounded, so its end proves nothing on Redis unless it comes before patience ends.
        timeout(PATIENCE, one.stirred(&stir)).await.expect("a stir for the holder");
    }
    let (listening, waking) = (timeout(PATIENCE, one.stirred(&stir)), async {
        tokio::task::yield_now().await;
        done(&*other, accept(4)).await
    });
    let (heard, _) = tokio::join!(listening, waking);
    heard.expect("a stir for the holder who listens");
}

#[tokio::test]
async fn another_process_on_the_file_is_noticed_long_before_the_wait_ends() {
    const ROUNDS: u32 = 4;
    let home = Home::of(File).await;
    let (one, other) = (home.open().await, home.open().await);
    done(&*one, accept(0)).await;
    claim_soon(&*one, LONG).await;
    let started = Instant::now();
    for event in 1..=ROUNDS {
        done(&*other, accept(event)).await;
        one.stirred(&Stir::Item(AGENDA, item())).await;
    }
    // Unnoticed, each round would wait for its bound of one second.
    assert!(started.elapsed() < Duration::from_secs(1) * (ROUNDS - 1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_wake_that_no_stir_told_of_is_found_by_the_sweep() {
    let redis = RedisServer::start();
    let quick = RedisSettings { sweep_every: SHORT, prefix: "bot:".into(), ..settings(&redis) };
    let store = RedisStore::connect(quick).await.expect("a store");
    let client = redis::Client::open(redis.url()).expect("a client");
    let mut raw = client.get_multiplexed_async_connection().await.expect("a connection");
    let agenda = format!("bot:{{{}}}a:conversations", Partition::of(OWNER));
    let _: () = redis::cmd("ZADD").arg(agenda).arg(1).arg("telegram:42:7").query_async(&mut raw).await.expect("ZADD");
    assert_eq!(claim_soon(&store, LONG).await.item, item());
}

// ---- what goes wrong -----------------------------------------------------------------------------------------------

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

// ---- the vault -----------------------------------------------------------------------------------------------------

#[rstest]
#[tokio::test]
async fn what_is_on_disk_holds_names_and_no_content(#[values(File, Redis)] backend: Backend) {
    const CANARY: &str = "NEMOCANARY7f3a";
    let home = Home::of(backend).await;
    let vault = Vault::new(home.open().await, &StoreKey::generate(), &[]);
    let inbound = vec![CANARY.to_owned(); 3];
    let accept = batch()
        .expect(Expect::Absent(record()))
        .write(vault.put_write(&record(), &inbound, None).expect("sealed"))
        .write(vault.push_write(&inbox(), &inbound).expect("sealed"))
        .write(wake());
    assert!(matches!(vault.commit(&accept).await, Ok(Commit::Done { .. })));
    let loaded = vault.load::<Vec<String>>(&record()).await.expect("a document");
    assert_eq!(loaded, Some((accept.id, inbound.clone())));
    assert_eq!(vault.load_all::<Vec<String>>(&inbox()).await.expect("documents"), [(accept.id, inbound.clone())]);
    let claim = vault.claim(AGENDA, LONG).await.expect("an answer");
    if let Some(claim) = claim {
        assert_eq!(vault.open_brought::<Vec<String>>(&claim, 1).expect("opened"), [(accept.id, inbound)]);
    }
    if let Some(redis) = &home.redis {
        let client = redis::Client::open(redis.url()).expect("a client");
        let mut raw = client.get_multiplexed_async_connection().await.expect("a connection");
        let _: () = redis::cmd("SAVE").query_async(&mut raw).await.expect("a dump");
    }
    let found = |needle: &str| files(&home.disk()).iter().filter(|bytes| contains(bytes, needle)).count();
    assert!(found("record:telegram:42:7") > 0, "names stand open, so the search works");
    assert_eq!(found(CANARY), 0);
    assert_eq!(found("NEMOCANARY"), 0);
}

#[rstest]
#[tokio::test]
async fn changes_from_two_instances_at_once_are_all_kept(#[values(File, Memory, Redis)] backend: Backend) {
    let home = Home::of(backend).await;
    let key = StoreKey::generate();
    let vaults = [Vault::new(home.open().await, &key, &[]), Vault::new(home.open().await, &key, &[])];
    let person = Key::new(Kind::Person, OWNER, OWNER);
    let changes = (0..6).map(|n| {
        let (vault, person) = (vaults[n % 2].clone(), person.clone());
        async move { vault.change(&person, Some(LONG), |count: Option<u32>| Some(count.unwrap_or(0) + 1)).await }
    });
    for change in join_all(changes).await {
        assert!(change.expect("changed").is_some());
    }
    let count = vaults[0].load::<u32>(&person).await.expect("a document").map(|(_, count)| count);
    assert_eq!(count, Some(6));
    assert_eq!(vaults[1].change(&person, None, |_: Option<u32>| None).await, Ok(None));
    assert_eq!(vaults[0].load::<u32>(&person).await, Ok(None));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("the files").map(|entry| entry.expect("a file")) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}

/// The content of every file below a directory.
fn files(below: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(below).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![std::fs::read(path).expect("a file")] })
        .collect()
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}
