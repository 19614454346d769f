//! Finding a person's account, and asking the backend for one: in single flight across all instances, and so that no
//! token is lost which the backend has given out, since it gives none twice.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::forgotten::Forgotten;
use super::super::mints;
use super::super::record::Shelf;
use super::{Account, AccountKind, Anonymous, Person};
use crate::clock::{Clock, Timestamp};
use crate::crash;
use crate::nemo::{Nemo, NemoError, Token};
use crate::store::{Batch, Commit, Expect, Partition, StoreError, Vault, Version, Write};

/// How long one holder may take to ask for an account before another may try.
const LOCK_KEPT: Duration = Duration::from_mins(1);
/// How often whoever waits for another's single flight looks again.
const LOCK_LOOK: Duration = Duration::from_millis(250);
/// How long anyone waits for another's single flight: the lock's life and a little.
const LOCK_PATIENCE: Duration = Duration::from_secs(65);
/// A 429 is waited out for this long at most: the lock must outlive it.
const MINT_PATIENCE: Duration = Duration::from_secs(45);
/// An account without an expiry lives this long: the documented life of an anonymous token.
const ACCOUNT_LIFE: Duration = Duration::from_hours(168);

/// What is kept in memory of each kind, at most. The service gives an address about ten tokens in seven days.
const LEFT_KEPT: usize = 100;

/// Who was refused after waiting is not kept waiting again for this long: the limits of the service last for days.
const REFUSED_KEPT: Duration = Duration::from_mins(10);

/// Tells this process from those before it.
static PROCESS: LazyLock<u64> = LazyLock::new(rand::random);

/// Who is asking for a person's account.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Asks {
    /// What needs it: the item of a conversation or of a render.
    #[serde(alias = "conversation")]
    by: String,
    /// The process that works on it.
    process: u64,
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The backend gives no anonymous account now, or we must not ask for one.
    #[error("no anonymous account to be had")]
    NoneLeft,
    /// The person's own token is refused.
    #[error("the person's own token is refused")]
    OwnRefused,
    /// The operator's token is refused.
    #[error("the operator's token is refused")]
    OperatorRefused,
    /// The backend failed otherwise.
    #[error(transparent)]
    Nemo(NemoError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds the account of a person.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// What is kept.
    pub vault: Vault,
    /// The backend.
    pub nemo: Arc<Nemo>,
    /// The operator's token, if set: then everyone works on it.
    pub operator: Option<Token>,
    /// Who was forgotten, and gets no new anonymous account for a while.
    pub forgotten: Forgotten,
    /// How long a person is kept after the last write.
    pub keep: Duration,
    /// What could not be stored. Shared by all that ask.
    pub leftovers: Leftovers,
    /// The time.
    pub clock: Clock,
}

impl Accounts {
    /// The account of the person to whom `shelf` belongs, if there is one: the person's own, else the operator's, else the
    /// anonymous one.
    pub async fn find(&self, shelf: &Shelf) -> Result<Option<Account>, StoreError> {
        Ok(self.of(self.person(shelf).await?))
    }

    /// The same for whoever has just read the person's row.
    pub fn of(&self, person: Person) -> Option<Account> {
        self.serving(person, None)
    }

    /// An account for a person who has none. That may take a while, because another asks, or because the service wants
    /// us to wait.
    pub async fn obtain(&self, shelf: &Shelf, waiting: Waiting<'_>) -> Result<Account, AccountError> {
        self.ask(shelf, &shelf.item().name, None, waiting).await
    }

    /// An account in place of one whose token the backend has just refused, for the item `by`. Asks once, with the same
    /// client id; never swaps a person's own account or the operator's for an anonymous one, since the session belongs to
    /// it. What began on an anonymous account stays there, whatever the person has connected meanwhile.
    pub async fn renew(
        &self,
        shelf: &Shelf,
        by: &str,
        refused: &Account,
        waiting: Waiting<'_>,
    ) -> Result<Account, AccountError> {
        match &refused.kind {
            AccountKind::Own => return Err(AccountError::OwnRefused),
            AccountKind::Operator => {
                // Replaced since the work began.
                let other = self.operator.clone().filter(|token| token.expose() != refused.token.expose());
                let account = other.map(|token| Account { token, ..refused.clone() });
                return account.ok_or(AccountError::OperatorRefused);
            }
            AccountKind::Anonymous(_) => {}
        }
        match self.serving(self.person(shelf).await?, Some(refused)) {
            Some(account) => Ok(account),
            None => self.ask(shelf, by, Some(refused), waiting).await,
        }
    }

    async fn person(&self, shelf: &Shelf) -> Result<Person, StoreError> {
        Ok(self.vault.load::<Person>(&shelf.person()).await?.map(|(_, person)| person).unwrap_or_default())
    }

    /// The account that is there: in place of a refused one, another token of the same anonymous account.
    fn serving(&self, person: Person, refused: Option<&Account>) -> Option<Account> {
        let switches = person.switches;
        let anonymous = |person: Person, switches| {
            let account = person.account.filter(|account| self.serves(account, refused))?;
            Some(Account { token: account.token, kind: AccountKind::Anonymous(account.user_id), switches })
        };
        if let Some(refused) = refused {
            return anonymous(person, refused.switches);
        }
        if let Some(token) = person.own {
            return Some(Account { token, kind: AccountKind::Own, switches });
        }
        if let Some(token) = &self.operator {
            return Some(Account { token: token.clone(), kind: AccountKind::Operator, switches });
        }
        anonymous(person, switches)
    }

    /// Whether an anonymous account has not run out and is not the refused one.
    fn serves(&self, account: &Anonymous, refused: Option<&Account>) -> bool {
        account.expires > self.clock.now()
            && refused.is_none_or(|refused| account.token.expose() != refused.token.expose())
    }

    /// Asks the backend, in single flight for each person across all instances.
    async fn ask(
        &self,
        shelf: &Shelf,
        by: &str,
        refused: Option<&Account>,
        waiting: Waiting<'_>,
    ) -> Result<Account, AccountError> {
        let patience = tokio::time::Instant::now() + LOCK_PATIENCE;
        let lock = loop {
            if let Some(lock) = self.lock(shelf, by).await? {
                break lock;
            }
            if tokio::time::Instant::now() > patience || waiting.cut.is_cancelled() {
                return Err(AccountError::NoneLeft);
            }
            tokio::time::sleep(LOCK_LOOK).await;
            if let Some(account) = self.serving(self.person(shelf).await?, refused) {
                return Ok(account);
            }
        };
        let mut open = OpenLock { lock, leftovers: &self.leftovers, released: false };
        crash::point("account.locked");
        let asked = self.ask_locked(shelf, refused, waiting).await;
        // A lock that stays behind runs out by itself, and whoever asks next in this process need not wait for that.
        open.released = self.vault.commit(&unlock(shelf, lock)).await.is_ok();
        asked
    }

    async fn lock(&self, shelf: &Shelf, by: &str) -> Result<Option<Version>, AccountError> {
        let key = shelf.account_lock();
        let asks = Asks { by: by.to_owned(), process: *PROCESS };
        let free = match self.vault.load::<Asks>(&key).await? {
            None => Expect::Absent(key.clone()),
            // Whoever asks works on its item under a claim, as we do now: that other process has gone away in the
            // middle, and nobody needs to wait for what it left.
            Some((version, left)) if left.by == asks.by && left.process != asks.process => {
                Expect::At(key.clone(), version)
            }
            Some((version, _)) if self.leftovers.holds(version) => Expect::At(key.clone(), version),
            Some(_) => return Ok(None),
        };
        let batch = Batch {
            id: Version::random(),
            partition: key.partition(),
            expects: vec![free],
            writes: vec![self.vault.put_write(&key, &asks, Some(LOCK_KEPT))?],
            confirmed: false,
        };
        Ok(match self.vault.commit(&batch).await? {
            Commit::Done { .. } => Some(batch.id),
            Commit::Refused(_) => None,
        })
    }

    async fn ask_locked(
        &self,
        shelf: &Shelf,
        refused: Option<&Account>,
        waiting: Waiting<'_>,
    ) -> Result<Account, AccountError> {
        if let Some(account) = self.serving(self.person(shelf).await?, refused) {
            return Ok(account);
        }
        if self.forgotten.holds(&self.vault, shelf).await? {
            return Err(AccountError::NoneLeft);
        }
        let mut client = Uuid::new_v4();
        self.vault
            .change(&shelf.person(), Some(self.keep), |person: Option<Person>| {
                let mut person = person.unwrap_or_default();
                client = *person.client.get_or_insert(client);
                Some(person)
            })
            .await?;
        let minted = match self.leftovers.minted(&client).filter(|left| self.serves(&left.account, refused)) {
            Some(left) => left,
            None => self.mint(&client, waiting).await?,
        };
        let kept = self
            .vault
            .change(&shelf.person(), Some(self.keep), |person: Option<Person>| {
                // Forgotten meanwhile: nothing is written anew.
                let mut person = person?;
                person.account = Some(minted.account.clone());
                Some(person)
            })
            .await?;
        self.leftovers.stored(&client);
        if !minted.counted {
            mints::note(&self.vault, self.clock.now()).await;
        }
        kept.and_then(|person| self.serving(person, refused)).ok_or(AccountError::NoneLeft)
    }

    /// Obtains a token. A 429 is waited out once, if it does not take long; then there is none. Whoever asks again soon
    /// after that is answered at once.
    async fn mint(&self, client: &Uuid, waiting: Waiting<'_>) -> Result<Minted, AccountError> {
        let mut waited = self.leftovers.was_refused(client, self.clock.now());
        loop {
            let error = match self.nemo.anonymous_token(client).await {
                Ok(given) => {
                    let expires = given.expires.unwrap_or_else(|| self.clock.now().after(ACCOUNT_LIFE));
                    let account = Anonymous { token: given.token, user_id: given.user_id, expires };
                    let mut minted = Minted { account, counted: false };
                    // Before anything else that may fail or be cut.
                    self.leftovers.keep(client, &minted);
                    minted.counted = mints::note(&self.vault, self.clock.now()).await;
                    self.leftovers.keep(client, &minted);
                    return Ok(minted);
                }
                Err(error) => error,
            };
            let Some(wait) = self.nemo.wait_after(&error) else { return Err(AccountError::Nemo(error)) };
            if waited || wait > MINT_PATIENCE {
                mints::refused(&self.vault, self.clock.now()).await;
                self.leftovers.refused(client, self.clock.now());
                return Err(AccountError::NoneLeft);
            }
            waited = true;
            (waiting.busy)(wait);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = waiting.cut.cancelled() => return Err(AccountError::NoneLeft),
            }
        }
    }
}

/// What goes on beside a wait for an account.
#[derive(Clone, Copy)]
pub struct Waiting<'a> {
    /// Ends it.
    pub cut: &'a CancellationToken,
    /// Hears how long a busy service is waited for.
    pub busy: &'a (dyn Fn(Duration) + Sync),
}

fn unlock(shelf: &Shelf, lock: Version) -> Batch {
    let key = shelf.account_lock();
    let partition: Partition = key.partition();
    Batch {
        id: Version::random(),
        partition,
        expects: vec![Expect::At(key.clone(), lock)],
        writes: vec![Write::Delete { key }],
        confirmed: false,
    }
}

/// A token that the backend has given out, and whether the ledger knows.
#[derive(Clone, Debug)]
struct Minted {
    account: Anonymous,
    counted: bool,
}

/// What this process has in hand while the store does not take it: tokens that were given out, and locks whose holder
/// is gone. The service gives a token once in seven days, so one that is lost here would be missed for long.
#[derive(Clone, Default)]
pub struct Leftovers(Arc<Mutex<Left>>);

#[derive(Default)]
struct Left {
    minted: HashMap<Uuid, Minted>,
    locks: HashSet<Version>,
    refused: HashMap<Uuid, Timestamp>,
}

impl fmt::Debug for Leftovers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Leftovers")
    }
}

impl Leftovers {
    fn keep(&self, client: &Uuid, minted: &Minted) {
        let mut left = self.left();
        if left.minted.len() < LEFT_KEPT || left.minted.contains_key(client) {
            left.minted.insert(*client, minted.clone());
        }
    }

    fn minted(&self, client: &Uuid) -> Option<Minted> {
        self.left().minted.get(client).cloned()
    }

    fn stored(&self, client: &Uuid) {
        self.left().minted.remove(client);
    }

    fn refused(&self, client: &Uuid, now: Timestamp) {
        let refused = &mut self.left().refused;
        if refused.len() >= LEFT_KEPT {
            refused.retain(|_, at| now.since(*at) < REFUSED_KEPT);
        }
        if refused.len() < LEFT_KEPT {
            refused.insert(*client, now);
        }
    }

    fn was_refused(&self, client: &Uuid, now: Timestamp) -> bool {
        self.left().refused.get(client).is_some_and(|at| now.since(*at) < REFUSED_KEPT)
    }

    fn holds(&self, lock: Version) -> bool {
        self.left().locks.contains(&lock)
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lock that its holder has not given back.
struct OpenLock<'a> {
    lock: Version,
    leftovers: &'a Leftovers,
    released: bool,
}

impl Drop for OpenLock<'_> {
    fn drop(&mut self) {
        if !self.released {
            let mut left = self.leftovers.left();
            if left.locks.len() >= LEFT_KEPT {
                // They run out by themselves.
                left.locks.clear();
            }
            left.locks.insert(self.lock);
        }
    }
}
