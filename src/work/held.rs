//! One claimed item and its document. Whoever wants to write must hold one of these, so a write without a claim does
//! not compile.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::Instant;

use crate::clock::Timestamp;
use crate::store::{Batch, Claim, Commit, Expect, Key, Stir, StoreError, Vault, Version, Write};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    /// Someone else holds the item now, or its document was deleted. Stop at once and touch nothing.
    #[error("the claim is lost")]
    Lost,
    /// One of the additional expectations did not hold; its index.
    #[error("expectation {0} did not hold")]
    Refused(usize),
    /// The store failed. Nobody knows whether the write was applied.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What goes into a commit beside the document.
#[derive(Debug, Default)]
pub struct Also {
    /// Further expectations.
    pub expects: Vec<Expect>,
    /// Further writes.
    pub writes: Vec<Write>,
}

/// A claimed item with its document of type `T`.
#[derive(Debug)]
pub struct Held<T> {
    vault: Vault,
    key: Key,
    keep: Duration,
    hold: Duration,
    state: AsyncMutex<State<T>>,
    beaten: Mutex<Instant>,
    woken: Notify,
}

#[derive(Debug)]
struct State<T> {
    claim: Claim,
    version: Option<Version>,
    value: T,
}

/// How a commit leaves the claim.
enum Then {
    Hold,
    Rest(Option<Duration>),
}

impl<T: Serialize + Send> Held<T> {
    /// Holds `claim`, whose document under `key` is `value` at `version` (`None`: not stored yet) and is kept for
    /// `keep` after each write.
    pub fn new(
        vault: Vault,
        claim: Claim,
        key: Key,
        version: Option<Version>,
        value: T,
        keep: Duration,
        hold: Duration,
    ) -> Self {
        Self {
            vault,
            key,
            keep,
            hold,
            state: AsyncMutex::new(State { claim, version, value }),
            beaten: Mutex::new(Instant::now()),
            woken: Notify::new(),
        }
    }

    /// Reads the document.
    pub async fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.state.lock().await.value)
    }

    /// Changes the document in memory; the next commit or heartbeat stores it.
    pub async fn note<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        change(&mut self.state.lock().await.value)
    }

    /// Changes the document and stores it now, with what comes `also`, and goes on holding.
    pub async fn save(&self, change: impl FnOnce(&mut T), also: Also) -> Result<Timestamp, HeldError> {
        self.commit(change, also, Then::Hold).await
    }

    /// Stores the document with what comes `also` and lets go. The item is due `again`, or at once if a wake came
    /// meanwhile.
    pub async fn rest(
        &self,
        change: impl FnOnce(&mut T),
        also: Also,
        again: Option<Duration>,
    ) -> Result<Timestamp, HeldError> {
        self.commit(change, also, Then::Rest(again)).await
    }

    /// Stores the document for the last time, to be kept for `keep`, and lets go for good.
    pub async fn close(&self, change: impl FnOnce(&mut T), keep: Duration) -> Result<(), HeldError> {
        self.commit_for(change, Also::default(), Then::Rest(None), keep).await.map(drop)
    }

    /// Lets go without storing the document.
    pub async fn release(&self, again: Option<Duration>) -> Result<(), HeldError> {
        let claim = self.state.lock().await.claim.proof();
        let batch = Batch {
            id: Version::random(),
            partition: claim.item.partition,
            expects: vec![Expect::held(&claim)],
            writes: vec![Write::rest(&claim, again)],
        };
        match self.vault.commit(&batch).await? {
            Commit::Done { .. } => Ok(()),
            Commit::Refused(_) => Err(HeldError::Lost),
        }
    }

    /// Holds on until the claim is lost: each third of the hold, the document goes to the store, freshened first.
    /// While the store is away it tries on; [`Held::is_fresh`] tells how that stands.
    pub async fn keep(&self, freshen: impl Fn(&mut T)) -> HeldError {
        loop {
            tokio::time::sleep(self.hold / 3).await;
            match self.commit(&freshen, Also::default(), Then::Hold).await {
                Ok(_) => {}
                Err(HeldError::Store(error)) => tracing::warn!(%error, "A heartbeat did not reach the store"),
                Err(lost) => return lost,
            }
        }
    }

    /// Whether the claim certainly holds: a heartbeat got through within two thirds of the hold. Without it nothing
    /// may be sent to the backend or to a chat.
    pub fn is_fresh(&self) -> bool {
        let beaten = *self.beaten.lock().unwrap_or_else(PoisonError::into_inner);
        beaten.elapsed() < self.hold * 2 / 3
    }

    /// Returns when something may have come in for this item.
    pub async fn stirred(&self) {
        let stir = {
            let state = self.state.lock().await;
            Stir::Item(state.claim.agenda, state.claim.item.clone())
        };
        tokio::select! {
            () = self.woken.notified() => {}
            () = self.vault.stirred(&stir) => {}
        }
    }

    async fn commit(&self, change: impl FnOnce(&mut T), also: Also, then: Then) -> Result<Timestamp, HeldError> {
        self.commit_for(change, also, then, self.keep).await
    }

    async fn commit_for(
        &self,
        change: impl FnOnce(&mut T),
        mut also: Also,
        then: Then,
        keep: Duration,
    ) -> Result<Timestamp, HeldError> {
        let mut state = self.state.lock().await;
        change(&mut state.value);
        let claim = state.claim.proof();
        let mut expects = vec![
            Expect::held(&claim),
            state.version.map_or_else(|| Expect::Absent(self.key.clone()), |v| Expect::At(self.key.clone(), v)),
        ];
        let own = expects.len();
        expects.append(&mut also.expects);
        let mut writes = vec![self.vault.put_write(&self.key, &state.value, Some(keep))?];
        writes.append(&mut also.writes);
        writes.push(match then {
            Then::Hold => Write::hold(&claim, self.hold),
            Then::Rest(again) => Write::rest(&claim, again),
        });
        let batch = Batch { id: Version::random(), partition: claim.item.partition, expects, writes };
        let sent = Instant::now();
        match self.vault.commit(&batch).await? {
            Commit::Done { now, woken } => {
                state.version = Some(batch.id);
                *self.beaten.lock().unwrap_or_else(PoisonError::into_inner) = sent;
                if woken {
                    self.woken.notify_one();
                }
                Ok(now)
            }
            Commit::Refused(index) if index < own => Err(HeldError::Lost),
            Commit::Refused(index) => Err(HeldError::Refused(index - own)),
        }
    }
}
