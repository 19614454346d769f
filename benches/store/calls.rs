//! A store that counts what it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use nemo_bot::store::{Agenda, Batch, Claim, Commit, Key, Row, Stir, Store, StoreError};

/// Each call is one round trip. A claim that finds nothing may be none, where the board knows that nothing is due, and
/// does not count.
#[derive(Debug)]
pub(crate) struct Calls {
    store: Arc<dyn Store>,
    count: AtomicU64,
}

impl Calls {
    pub(crate) fn of(store: Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self { store, count: AtomicU64::new(0) })
    }

    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Store for Calls {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Vec<Row>>, StoreError> {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.store.get(keys).await
    }

    async fn commit(&self, batch: &Batch) -> Result<Commit, StoreError> {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.store.commit(batch).await
    }

    async fn claim(&self, agenda: Agenda, hold: Duration) -> Result<Option<Claim>, StoreError> {
        let claimed = self.store.claim(agenda, hold).await?;
        self.count.fetch_add(claimed.is_some().into(), Ordering::Relaxed);
        Ok(claimed)
    }

    async fn stirred(&self, what: &Stir) {
        self.store.stirred(what).await;
    }
}
