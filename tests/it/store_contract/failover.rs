//! A primary dies before its replica has heard of everything, and the replica stands in for it.

use futures::future::join_all;

use super::super::redis_pair::RedisPair;
use super::*;

/// Messages before the replica is cut off, and after.
const BEFORE: usize = 30;
const AFTER: usize = 20;

async fn connect(pair: &RedisPair, replica_acks: u32) -> RedisStore {
    let wanted = RedisSettings { sweep_every: SWEEP, replica_acks, ..RedisSettings::new(pair.url().into()) };
    RedisStore::connect(wanted).await.expect("a store")
}

fn seen_of(person: usize) -> Key {
    let owner = format!("telegram:{person}");
    Key::new(Kind::Seen, &owner, &format!("{owner}:1"))
}

fn inbox_of(person: usize) -> Key {
    let owner = format!("telegram:{person}");
    Key::new(Kind::Inbox, &owner, &format!("{owner}:7"))
}

/// A message of one of many people, as an ingress stores it.
fn message(person: usize) -> Batch {
    let owner = format!("telegram:{person}");
    let item = Item::new(&owner, &format!("{owner}:7"));
    Batch::new(item.partition)
        .expect(Expect::Absent(seen_of(person)))
        .expect(Expect::Fewer(inbox_of(person), 20))
        .write(put(seen_of(person), ""))
        .write(Write::Push { key: inbox_of(person), value: b"hello".to_vec() })
        .write(Write::Wake { agenda: AGENDA, item, after: Duration::ZERO })
        .to_be_confirmed()
}

/// Sends a batch until it is done. A busy machine's replica may take its time.
async fn settled(store: &RedisStore, batch: &Batch) {
    let settling = async {
        loop {
            match store.commit(batch).await {
                Ok(Commit::Done { .. }) => return,
                Err(StoreError::Unconfirmed { .. }) => {}
                other => panic!("{other:?} to {batch:?}"),
            }
        }
    };
    timeout(PATIENCE, settling).await.expect("a replica that confirms");
}

/// What the platform was told has arrived, and what is sent again; how much of the former is there after a failover.
struct Passage {
    acknowledged: Vec<usize>,
    lost: Vec<usize>,
    store: RedisStore,
    batches: Vec<Batch>,
    pair: RedisPair,
}

async fn through_a_failover(replica_acks: u32) -> Passage {
    let mut pair = RedisPair::start();
    let store = connect(&pair, replica_acks).await;
    let batches: Vec<_> = (0..BEFORE + AFTER).map(message).collect();
    let before = batches[..BEFORE].iter().map(|batch| settled(&store, batch));
    join_all(before).await;
    pair.part();
    let mut acknowledged: Vec<_> = (0..BEFORE).collect();
    let after = batches[BEFORE..].iter().map(|batch| store.commit(batch));
    for (person, outcome) in (BEFORE..).zip(join_all(after).await) {
        match outcome {
            Ok(Commit::Done { .. }) => acknowledged.push(person),
            Err(StoreError::Unconfirmed { had: 0, wanted: 1 }) => {}
            other => panic!("{other:?}"),
        }
    }
    pair.fail_over();
    // The handle finds its way to the one that stands in.
    let keys: Vec<_> = (0..BEFORE + AFTER).map(seen_of).collect();
    let there = timeout(PATIENCE, async {
        loop {
            if let Ok(rows) = store.get(&keys).await {
                return rows;
            }
            tokio::task::yield_now().await;
        }
    });
    let there = there.await.expect("the store again");
    let lost = acknowledged.iter().copied().filter(|person| there[*person].is_empty()).collect();
    // Nobody follows the replica.
    Passage { acknowledged, lost, store: connect(&pair, 0).await, batches, pair }
}

#[tokio::test]
async fn what_a_replica_confirmed_outlives_its_primary_and_nothing_is_doubled() {
    let Passage { acknowledged, lost, store, batches, pair: _pair } = through_a_failover(1).await;
    assert_eq!(acknowledged, (0..BEFORE).collect::<Vec<_>>(), "none that the replica had not heard of");
    assert_eq!(lost, [0_usize; 0], "lost although it was confirmed");
    // The platform brings all again that it was not told has arrived, and whoever timed out sends the same once more.
    for batch in &batches {
        done(&store, batch.clone()).await;
    }
    for person in 0..BEFORE + AFTER {
        assert_eq!(rows(&store, inbox_of(person)).await.len(), 1, "message of {person}");
        assert_eq!(refused(&store, message(person)).await, 0, "message of {person}");
    }
}

/// The negative control of the story above, and the number for operators.
#[tokio::test]
#[allow(clippy::print_stdout, reason = "a measurement")]
async fn without_a_confirmation_a_failover_loses_what_the_replica_had_not_heard_of() {
    let Passage { acknowledged, lost, .. } = through_a_failover(0).await;
    println!("Of {} acknowledged messages a failover lost {}.", acknowledged.len(), lost.len());
    assert!(!lost.is_empty(), "the replica was not cut off, so the other story proves nothing");
}

#[tokio::test]
async fn no_other_connection_and_no_other_answer_takes_the_place_of_a_confirmation() {
    let pair = RedisPair::start();
    let (one, other) = (connect(&pair, 1).await, connect(&pair, 1).await);
    pair.part();
    let accepted = accept(1).to_be_confirmed();
    let unconfirmed = |outcome| matches!(outcome, Err(StoreError::Unconfirmed { had: 0, wanted: 1 }));
    assert!(unconfirmed(one.commit(&accepted).await));
    // What did not write it cannot know that a replica has it: it was written by another connection.
    for store in [&one, &other] {
        assert!(unconfirmed(store.commit(&accepted).await), "the same batch");
        assert!(unconfirmed(store.commit(&accept(1).to_be_confirmed()).await), "an update that was seen");
    }
    // Nobody else has to wait for replicas.
    done(&one, accept(2)).await;
    pair.join();
    settled(&other, &accepted).await;
    let vault = Vault::new(Arc::new(other), &StoreKey::generate(), &[]);
    assert!(matches!(vault.commit(&accept(1).to_be_confirmed()).await, Ok(Commit::Refused(0))));
    assert_eq!(rows(&one, inbox()).await.len(), 2);
}

#[tokio::test]
async fn a_claim_that_a_failover_forgot_gives_no_right() {
    let mut pair = RedisPair::start();
    let store = connect(&pair, 1).await;
    settled(&store, &accept(1).to_be_confirmed()).await;
    pair.part();
    let forgotten = claim_soon(&store, LONG).await;
    pair.fail_over();
    let store = connect(&pair, 0).await;
    let claim = claim_soon(&store, LONG).await;
    assert_eq!((&claim.item, claim.lapses), (&forgotten.item, 0), "nobody remembers that it was claimed");
    let rest = |claim: &Claim| batch().expect(Expect::held(claim)).write(Write::rest(claim, None));
    assert_eq!(refused(&store, rest(&forgotten)).await, 0);
    done(&store, rest(&claim)).await;
}

#[tokio::test]
async fn a_server_that_has_become_a_replica_is_left_for_the_one_that_takes_writes() {
    let pair = RedisPair::start();
    // In maintenance nothing is lost: the replica has it before they change places.
    settled(&connect(&pair, 1).await, &accept(1).to_be_confirmed()).await;
    let store = connect(&pair, 0).await;
    pair.swap();
    let vault = Vault::new(Arc::new(store), &StoreKey::generate(), &[]);
    assert!(matches!(vault.commit(&accept(2)).await, Ok(Commit::Done { .. })));
    let [rows] = vault.get(&[inbox()]).await.expect("rows").try_into().expect("one key");
    assert_eq!(rows.len(), 2);
}
