//! Agendas: who may work on what, when, and for how long.

use nemo_bot::clock::Clock;
use rstest::rstest;

use super::home::Backend::{self, Cluster, File, Memory, Redis};
use super::home::Home;
use super::*;

#[rstest]
#[tokio::test]
async fn a_claim_brings_the_rows_of_its_item_and_the_time(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
    let store = Home::of(backend).await.open_alone().await;
    let before = Clock::system().now();
    let person = Key::new(Kind::Person, OWNER, OWNER);
    let accepted = accept(1).write(put(record(), "a record")).write(put(person, "a person"));
    let version = accepted.id;
    let (stored, _) = done(&*store, accepted).await;
    let claim = claim_soon(&*store, LONG).await;
    let row = |value: &str| Row { version, value: value.into() };
    assert_eq!((claim.agenda, &claim.item, claim.lapses), (AGENDA, &item(), 0));
    assert_eq!(claim.rows, [vec![row("a record")], vec![row("1")], vec![row("a person")]]);
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
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
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
async fn lapses_count_holders_that_vanished_since_the_last_rest(
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
) {
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
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
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
async fn a_heartbeat_prolongs_the_hold(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
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
async fn a_wake_after_the_hold_has_run_out_is_kept_when_the_late_holder_rests_after_all(
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
    #[values(true, false)] prolongs: bool,
) {
    let store = Home::of(backend).await.open_alone().await;
    done(&*store, accept(1)).await;
    // A store that stood still answers again: nobody has claimed in between, so the holder may still write.
    let late = claim_soon(&*store, SHORT).await;
    pass(&*store, SHORT * 2).await;
    done(&*store, accept(2)).await;
    if prolongs {
        assert!(done(&*store, batch().expect(Expect::held(&late)).write(Write::hold(&late, LONG))).await.1);
    }
    assert!(done(&*store, batch().expect(Expect::held(&late)).write(Write::rest(&late, None))).await.1);
    let next = claim_soon(&*store, LONG).await;
    assert_eq!((next.lapses, next.rows[1].len()), (0, 2));
}

#[rstest]
#[tokio::test]
async fn a_delay_is_kept_by_the_stores_clock(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
async fn a_wake_pulls_an_item_forward_and_never_pushes_it_back(
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
) {
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
async fn what_has_been_due_longest_comes_first(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
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
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
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
    assert_eq!(claim_soon(&*store, LONG).await.rows, [vec![], vec![], vec![]]);
}
