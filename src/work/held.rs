//! One claimed item and its document. Whoever wants to write must hold one of these, so a write without a claim does
//! not compile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::Instant;

use crate::clock::Timestamp;
use crate::crash;
use crate::store::{Batch, Claim, Commit, Expect, Key, Stir, StoreError, Vault, Version, Write};

/// How often it is looked at whether a claim is fresh again.
const FRESH_LOOK: Duration = Duration::from_millis(50);

/// What every commit expects before anything else: the claim, and the document as it was.
const OWN_EXPECTS: usize = 2;

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
    /// See [`Batch::confirmed`].
    pub confirmed: bool,
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
    buried: AtomicBool,
    /// Whether the claim was given up here. What is still said then needs none.
    let_go: AtomicBool,
}

#[derive(Debug)]
struct State<T> {
    claim: Claim,
    version: Option<Version>,
    value: T,
    /// A commit without an answer: it may be applied, now or later. The next one asks after it first.
    unanswered: Option<Batch>,
    /// The document as it was before that one, where something beside it may stand against the commit.
    before: Option<T>,
}

/// How a commit leaves the claim.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    /// Still held.
    Hold,
    /// Let go. The item is due after that time, or at once if a wake came meanwhile.
    Rest(Option<Duration>),
}

impl<T: Clone + Serialize + Send> Held<T> {
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
        let beaten = Mutex::new(claim.asked);
        Self {
            vault,
            key,
            keep,
            hold,
            state: AsyncMutex::new(State { claim, version, value, unanswered: None, before: None }),
            beaten,
            woken: Notify::new(),
            buried: AtomicBool::new(false),
            let_go: AtomicBool::new(false),
        }
    }

    /// Reads the document.
    pub async fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.state.lock().await.value)
    }

    /// Changes the document in memory; the next commit or heartbeat stores it.
    pub async fn note<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state.lock().await;
        // It must outlive a commit that is refused after all.
        state.before = None;
        change(&mut state.value)
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

    /// Lets go for good, and instead of storing the document does what comes `also`, which deletes it. Nothing can be
    /// written under this claim afterwards.
    pub async fn bury(&self, also: Also) -> Result<(), HeldError> {
        let mut state = self.state.lock().await;
        self.ask_after(&mut state).await?;
        let claim = state.claim.proof();
        let mut batch = Batch::new(claim.item.partition).expect(Expect::held(&claim));
        batch.expects.extend(also.expects);
        batch.writes.extend(also.writes);
        match self.vault.commit(&batch.write(Write::rest(&claim, None))).await? {
            Commit::Done { .. } => {
                self.buried.store(true, Ordering::Relaxed);
                self.let_go.store(true, Ordering::Relaxed);
                Ok(())
            }
            Commit::Refused(0) => Err(HeldError::Lost),
            Commit::Refused(index) => Err(HeldError::Refused(index - 1)),
        }
    }

    /// Lets go, and instead of storing the document deletes it. The item is due `again`.
    pub async fn leave(&self, again: Option<Duration>) -> Result<(), HeldError> {
        let mut state = self.state.lock().await;
        self.ask_after(&mut state).await?;
        let claim = state.claim.proof();
        let batch = Batch::new(claim.item.partition).expect(Expect::held(&claim));
        let batch = batch.write(Write::Delete { key: self.key.clone() }).write(Write::rest(&claim, again));
        match self.vault.commit(&batch).await? {
            Commit::Done { .. } => {
                self.let_go.store(true, Ordering::Relaxed);
                Ok(())
            }
            Commit::Refused(_) => Err(HeldError::Lost),
        }
    }

    /// Lets go without storing the document.
    pub async fn release(&self, again: Option<Duration>) -> Result<(), HeldError> {
        let claim = self.state.lock().await.claim.proof();
        let_go(&self.vault, &claim, again).await?;
        self.let_go.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Holds on until the claim is lost: each third of the hold, the document goes to the store, freshened first.
    /// While the store is away it tries on; [`Held::is_fresh`] tells how that stands. A claim that was given up here is
    /// not lost: whoever did so ends by itself, and may have something left to say.
    pub async fn keep(&self, freshen: impl Fn(&mut T)) -> HeldError {
        // Where the claim was answered late, the first beat comes the sooner.
        let since = self.beaten.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        let mut pause = (self.hold / 3).saturating_sub(since);
        loop {
            tokio::time::sleep(pause).await;
            pause = self.hold / 3;
            crash::point("held.beat");
            if self.let_go.load(Ordering::Relaxed) {
                return std::future::pending().await;
            }
            match self.commit_for(&freshen, Also::default(), Then::Hold, self.keep).await {
                // Told by heartbeats alone: it stays true until the rest, and whoever looks for what came commits too.
                Ok((_, true)) => self.woken.notify_one(),
                Ok((_, false)) => {}
                Err(HeldError::Store(error)) => tracing::warn!(%error, "A heartbeat did not reach the store"),
                // It was given up while this beat waited for its turn.
                Err(_) if self.let_go.load(Ordering::Relaxed) => return std::future::pending().await,
                Err(lost) => return lost,
            }
        }
    }

    /// Whether the claim certainly holds: a heartbeat got through within two thirds of the hold. Without it nothing
    /// may be sent to the backend or to a chat.
    pub fn is_fresh(&self) -> bool {
        let beaten = *self.beaten.lock().unwrap_or_else(PoisonError::into_inner);
        // Of what is buried nobody else will ever speak.
        self.buried.load(Ordering::Relaxed) || beaten.elapsed() < self.hold * 2 / 3
    }

    /// Returns once the claim certainly holds. That it is lost is heard by whoever holds on with [`Held::keep`] beside
    /// this.
    pub async fn until_fresh(&self) {
        while !self.is_fresh() {
            tokio::time::sleep(FRESH_LOOK).await;
        }
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

    /// Stores the document with what comes `also`. Where that is refused, the document is as it was: the next heartbeat
    /// must not store half of what belongs together.
    pub async fn commit(&self, change: impl FnOnce(&mut T), also: Also, then: Then) -> Result<Timestamp, HeldError> {
        self.commit_for(change, also, then, self.keep).await.map(|(now, _)| now)
    }

    /// The store's time, and whether something came for the item since it was claimed.
    async fn commit_for(
        &self,
        change: impl FnOnce(&mut T),
        mut also: Also,
        then: Then,
        keep: Duration,
    ) -> Result<(Timestamp, bool), HeldError> {
        let mut state = self.state.lock().await;
        self.ask_after(&mut state).await?;
        state.before = (!also.expects.is_empty()).then(|| state.value.clone());
        change(&mut state.value);
        let claim = state.claim.proof();
        let mut expects = vec![
            Expect::held(&claim),
            state.version.map_or_else(|| Expect::Absent(self.key.clone()), |v| Expect::At(self.key.clone(), v)),
        ];
        debug_assert_eq!(expects.len(), OWN_EXPECTS, "the claim and the document come first");
        expects.append(&mut also.expects);
        let mut writes = vec![self.vault.put_write(&self.key, &state.value, Some(keep))?];
        writes.append(&mut also.writes);
        writes.push(match then {
            Then::Hold => Write::hold(&claim, self.hold),
            Then::Rest(again) => Write::rest(&claim, again),
        });
        let partition = claim.item.partition;
        let batch = Batch { id: Version::random(), partition, expects, writes, confirmed: also.confirmed };
        // Kept until there is an answer, also when whoever waits for it is cut.
        state.unanswered = Some(batch);
        let answered = self.answer(&mut state).await?;
        if matches!(then, Then::Rest(_)) {
            self.let_go.store(true, Ordering::Relaxed);
        }
        Ok(answered)
    }

    /// What became of a commit whose answer is missing. If it was applied, the document has its version.
    async fn ask_after(&self, state: &mut State<T>) -> Result<(), HeldError> {
        if state.unanswered.is_none() {
            return Ok(());
        }
        match self.answer(state).await {
            // It was never applied, since something beside the claim and the document stood against it.
            Ok(_) | Err(HeldError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Sends the open batch, again if need be, until it is answered.
    async fn answer(&self, state: &mut State<T>) -> Result<(Timestamp, bool), HeldError> {
        let Some(batch) = &state.unanswered else { return Err(HeldError::Lost) };
        let sent = Instant::now();
        let answer = self.vault.commit(batch).await;
        let id = batch.id;
        match (&answer, &mut state.unanswered) {
            (Err(StoreError::Unknown(_)), _) => {}
            // Whether it is applied is for the next commit to ask; what it was to be confirmed for is given up.
            (Err(StoreError::Unconfirmed { .. }), Some(batch)) => batch.confirmed = false,
            _ => state.unanswered = None,
        }
        match answer? {
            Commit::Done { now, woken } => {
                (state.version, state.before) = (Some(id), None);
                *self.beaten.lock().unwrap_or_else(PoisonError::into_inner) = sent;
                Ok((now, woken))
            }
            Commit::Refused(index) if index < OWN_EXPECTS => Err(HeldError::Lost),
            Commit::Refused(index) => {
                if let Some(before) = state.before.take() {
                    state.value = before;
                }
                Err(HeldError::Refused(index - OWN_EXPECTS))
            }
        }
    }
}

/// Lets go of a claim without writing anything. The item is due `again`, never if that is absent, and at once if a
/// wake came meanwhile.
pub async fn let_go(vault: &Vault, claim: &Claim, again: Option<Duration>) -> Result<(), HeldError> {
    let batch = Batch::new(claim.item.partition).expect(Expect::held(claim)).write(Write::rest(claim, again));
    match vault.commit(&batch).await? {
        Commit::Done { .. } => Ok(()),
        Commit::Refused(_) => Err(HeldError::Lost),
    }
}

#[cfg(test)]
mod tests;
