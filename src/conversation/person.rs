//! What is kept of a person across all places, and the person's account at the backend.
//!
//! Anonymous accounts are scarce (one for each client id and ten for each address in seven days), so a person has one
//! for good: asked for in single flight, stored before its first use, never asked for again to get round a limit.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::Shelf;
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
/// An account without an expiry lives this long: the documented life of an anonymous token.
const ACCOUNT_LIFE: Duration = Duration::from_hours(168);

/// Tells this process from those before it.
static PROCESS: LazyLock<u64> = LazyLock::new(rand::random);

/// Who is asking for a person's account.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Asks {
    /// The conversation that needs it.
    conversation: String,
    /// The process that works on it.
    process: u64,
}

/// What is kept of a person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Person {
    /// Whether the notice on data was shown; once, before the first upload.
    pub notice: bool,
    /// The client id under which an anonymous account is asked for. Never changes.
    pub client: Option<Uuid>,
    /// The anonymous account.
    pub account: Option<Anonymous>,
}

/// An anonymous account. Sealed like everything that is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Anonymous {
    /// Its token.
    pub token: Token,
    /// The backend's name for it, for the registration link.
    pub user_id: Option<String>,
    /// When it runs out.
    pub expires: Timestamp,
}

/// The account that a request runs on.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its token.
    pub token: Token,
    /// Whose it is.
    pub kind: AccountKind,
}

/// Whose account it is. Each kind has words of its own when it runs dry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// The operator's, for everyone.
    Operator,
    /// The person's anonymous one; its name at the backend, if known.
    Anonymous(Option<String>),
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The backend gives no anonymous account now.
    #[error("no anonymous account to be had")]
    NoneLeft,
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
    /// How long a person is kept after the last write.
    pub keep: Duration,
    /// The time.
    pub clock: Clock,
}

impl Accounts {
    /// The account of the person to whom `shelf` belongs; asks the backend for one if there is none yet.
    pub async fn find(&self, shelf: &Shelf) -> Result<Account, AccountError> {
        if let Some(token) = &self.operator {
            return Ok(Account { token: token.clone(), kind: AccountKind::Operator });
        }
        match self.stored(shelf, None).await? {
            Some(account) => Ok(account),
            None => self.ask(shelf, None).await,
        }
    }

    /// An account in place of one whose token the backend has just refused. Asks once, with the same client id; never
    /// swaps an operator's account for an anonymous one, since the session belongs to it.
    pub async fn renew(&self, shelf: &Shelf, refused: &Account) -> Result<Account, AccountError> {
        if refused.kind == AccountKind::Operator {
            return Err(AccountError::OperatorRefused);
        }
        match self.stored(shelf, Some(&refused.token)).await? {
            Some(account) => Ok(account),
            None => self.ask(shelf, Some(&refused.token)).await,
        }
    }

    /// The stored account, unless it has run out or is the `refused` one.
    async fn stored(&self, shelf: &Shelf, refused: Option<&Token>) -> Result<Option<Account>, AccountError> {
        let person = self.vault.load::<Person>(&shelf.person()).await?.map(|(_, person)| person).unwrap_or_default();
        let now = self.clock.now();
        Ok(person
            .account
            .filter(|account| {
                account.expires > now && refused.is_none_or(|token| account.token.expose() != token.expose())
            })
            .map(|account| Account { token: account.token, kind: AccountKind::Anonymous(account.user_id) }))
    }

    /// Asks the backend, in single flight for each person across all instances.
    async fn ask(&self, shelf: &Shelf, refused: Option<&Token>) -> Result<Account, AccountError> {
        let patience = tokio::time::Instant::now() + LOCK_PATIENCE;
        let lock = loop {
            if let Some(lock) = self.lock(shelf).await? {
                break lock;
            }
            if tokio::time::Instant::now() > patience {
                return Err(AccountError::NoneLeft);
            }
            tokio::time::sleep(LOCK_LOOK).await;
            if let Some(account) = self.stored(shelf, refused).await? {
                return Ok(account);
            }
        };
        crash::point("account.locked");
        let asked = self.ask_locked(shelf, refused).await;
        // A lock that stays behind runs out by itself.
        let _ = self.vault.commit(&unlock(shelf, lock)).await;
        asked
    }

    async fn lock(&self, shelf: &Shelf) -> Result<Option<Version>, AccountError> {
        let key = shelf.account_lock();
        let asks = Asks { conversation: shelf.item().name, process: *PROCESS };
        let free = match self.vault.load::<Asks>(&key).await? {
            None => Expect::Absent(key.clone()),
            // Whoever asks works on its conversation under a claim, as we do now: that other process has gone away in
            // the middle, and nobody needs to wait for what it left.
            Some((version, left)) if left.conversation == asks.conversation && left.process != asks.process => {
                Expect::At(key.clone(), version)
            }
            Some(_) => return Ok(None),
        };
        let batch = Batch {
            id: Version::random(),
            partition: key.partition(),
            expects: vec![free],
            writes: vec![self.vault.put_write(&key, &asks, Some(LOCK_KEPT))?],
        };
        Ok(match self.vault.commit(&batch).await? {
            Commit::Done { .. } => Some(batch.id),
            Commit::Refused(_) => None,
        })
    }

    async fn ask_locked(&self, shelf: &Shelf, refused: Option<&Token>) -> Result<Account, AccountError> {
        if let Some(account) = self.stored(shelf, refused).await? {
            return Ok(account);
        }
        let mut client = Uuid::new_v4();
        self.vault
            .change(&shelf.person(), Some(self.keep), |person: Option<Person>| {
                let mut person = person.unwrap_or_default();
                client = *person.client.get_or_insert(client);
                Some(person)
            })
            .await?;
        let minted = self.nemo.anonymous_token(&client).await.map_err(|error| match error {
            NemoError::RateLimited { .. } => AccountError::NoneLeft,
            other => AccountError::Nemo(other),
        })?;
        let account = Anonymous {
            token: minted.token,
            user_id: minted.user_id,
            expires: minted.expires.unwrap_or_else(|| self.clock.now().after(ACCOUNT_LIFE)),
        };
        self.vault
            .change(&shelf.person(), Some(self.keep), |person: Option<Person>| {
                let mut person = person.unwrap_or_default();
                person.account = Some(account.clone());
                Some(person)
            })
            .await?;
        Ok(Account { token: account.token, kind: AccountKind::Anonymous(account.user_id) })
    }
}

fn unlock(shelf: &Shelf, lock: Version) -> Batch {
    let key = shelf.account_lock();
    let partition: Partition = key.partition();
    Batch {
        id: Version::random(),
        partition,
        expects: vec![Expect::At(key.clone(), lock)],
        writes: vec![Write::Delete { key }],
    }
}
