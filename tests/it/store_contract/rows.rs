//! Rows, queues and batches: all or nothing, and each expectation for itself.

use futures::future::join_all;
use nemo_bot::store::{Batch, Claim, Commit, Expect, Key, Kind, Version, Write};
use rstest::rstest;

use super::home::Backend::{self, Cluster, File, Memory, Redis};
use super::home::Home;
use super::*;

#[rstest]
#[tokio::test]
async fn rows_come_back_in_the_order_of_the_keys_and_oldest_first(
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
) {
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
async fn a_refused_batch_leaves_nothing_behind(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
async fn each_expectation_refuses_alone_and_is_named(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
async fn the_first_of_several_failed_expectations_is_named(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, accept(1)).await;
    let both =
        batch().expect(Expect::Fewer(inbox(), 5)).expect(Expect::Absent(seen(1))).expect(Expect::Absent(inbox()));
    assert_eq!(refused(&*store, both.write(wake())).await, 1);
}

#[rstest]
#[tokio::test]
async fn an_inbox_holds_twenty_however_many_come_at_once(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
async fn a_row_is_taken_out_of_the_middle_of_a_queue(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
async fn the_newest_row_of_a_queue_can_be_expected(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
async fn a_value_expires_and_makes_room_for_a_new_one(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
async fn the_same_batch_sent_twice_is_known_and_changes_nothing(
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
) {
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
