use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use async_trait::async_trait;

use super::*;
use crate::store::{Agenda, Item, Kind, Row, Store, StoreKey};

const HOLD: Duration = Duration::from_secs(15);

/// One document under one claim. `silent` commits are applied, and nobody hears of it.
#[derive(Debug, Default)]
struct Deaf {
    silent: AtomicUsize,
    version: Mutex<Option<Version>>,
    rested: AtomicBool,
}

#[async_trait]
impl Store for Deaf {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Vec<Row>>, StoreError> {
        Ok(vec![Vec::new(); keys.len()])
    }

    async fn commit(&self, batch: &Batch) -> Result<Commit, StoreError> {
        {
            let mut version = self.version.lock().unwrap();
            let stands = batch.expects.iter().position(|expect| match expect {
                Expect::Absent(_) => version.is_some(),
                Expect::At(_, at) => *version != Some(*at),
                Expect::Held(_) => self.rested.load(Ordering::SeqCst),
                Expect::Fewer(..) => false,
            });
            match stands {
                Some(_) if *version == Some(batch.id) => {}
                Some(index) => return Ok(Commit::Refused(index)),
                None => *version = Some(batch.id),
            }
            if batch.writes.iter().any(|write| matches!(write, Write::Rest { .. })) {
                self.rested.store(true, Ordering::SeqCst);
            }
        }
        if self.silent.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
            return Err(StoreError::Unknown("timed out".into()));
        }
        Ok(Commit::Done { now: Timestamp::from_millis(0), woken: false })
    }

    async fn claim(&self, _: Agenda, _: Duration) -> Result<Option<Claim>, StoreError> {
        Ok(None)
    }

    async fn stirred(&self, _: &Stir) {}
}

fn held(store: &Arc<Deaf>) -> Held<u32> {
    answered_after(store, Duration::ZERO)
}

/// Whoever asks for the claim hears of it so much later.
fn answered_after(store: &Arc<Deaf>, wait: Duration) -> Held<u32> {
    let vault = Vault::new(Arc::clone(store) as Arc<dyn Store>, &StoreKey::generate(), &[]);
    let item = Item::new("telegram:42", "telegram:42:7");
    let now = Timestamp::from_millis(0);
    let (fence, asked) = (Version::random(), Instant::now() - wait);
    let claim = Claim { agenda: Agenda::Conversations, item, fence, lapses: 0, rows: Vec::new(), now, asked };
    let key = Key::new(Kind::Record, "telegram:42", "telegram:42:7");
    Held::new(vault, claim, key, None, 0, HOLD, HOLD)
}

#[tokio::test(start_paused = true)]
async fn a_store_that_was_away_for_a_while_costs_no_claim() {
    let store = Arc::new(Deaf { silent: 40.into(), ..Deaf::default() });
    let held = held(&store);
    let kept = tokio::time::timeout(Duration::from_mins(5), held.keep(|_| ())).await;
    assert!(kept.is_err(), "nobody else has claimed it, but: {kept:?}");
    assert!(held.is_fresh());
    assert!(held.save(|value| *value += 1, Also::default()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_was_cut_is_asked_after_before_the_next() {
    let store = Arc::new(Deaf { silent: 1.into(), ..Deaf::default() });
    let held = held(&store);
    let cut = held.save(|value| *value += 1, Also::default());
    assert!(tokio::time::timeout(Duration::from_millis(10), cut).await.is_err());
    assert!(held.rest(|value| *value += 1, Also::default(), None).await.is_ok());
    assert_eq!(held.read(|value| *value).await, 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_for_something_beside_it_is_not_stored_with_the_next_heartbeat_either() {
    let held = held(&Arc::new(Deaf::default()));
    assert!(held.save(|value| *value += 1, Also::default()).await.is_ok());
    let other = Key::new(Kind::Person, "telegram:42", "telegram:42");
    let also = Also { expects: vec![Expect::Absent(other)], ..Also::default() };
    let refused = held.save(|value| *value += 10, also).await;
    assert!(matches!(refused, Err(HeldError::Refused(0))), "{refused:?}");
    assert_eq!(held.read(|value| *value).await, 1);
}

#[tokio::test(start_paused = true)]
async fn who_has_let_go_has_lost_nothing_and_ends_in_their_own_time() {
    let held = held(&Arc::new(Deaf::default()));
    assert!(held.rest(|value| *value += 1, Also::default(), None).await.is_ok());
    let kept = tokio::time::timeout(Duration::from_mins(5), held.keep(|_| ())).await;
    assert!(kept.is_err(), "a last sign is cut: {kept:?}");
    assert!(matches!(held.save(|_| (), Also::default()).await, Err(HeldError::Lost)), "nothing more is written");
}

#[tokio::test(start_paused = true)]
async fn a_claim_whose_answer_was_read_late_is_used_only_after_a_heartbeat() {
    tokio::time::advance(HOLD).await;
    let held = answered_after(&Arc::new(Deaf::default()), HOLD * 2 / 3);
    assert!(!held.is_fresh(), "somebody else may hold it by now");
    let fresh = tokio::time::timeout(Duration::from_secs(1), held.until_fresh());
    tokio::select! {
        lost = held.keep(|_| ()) => panic!("nobody else has claimed it, but: {lost:?}"),
        fresh = fresh => fresh.expect("the first heartbeat does not wait"),
    }
}
