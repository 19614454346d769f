//! What is kept of a person across all places, and the person's account at the backend.
//!
//! Anonymous accounts are scarce (one for each client id and ten for each address in seven days), so a person has one
//! for good: asked for in single flight, stored before its first use, never asked for again to get round a limit.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::forgotten::Forgotten;
use super::mints;
use super::record::Shelf;
use crate::chat::id::PlaceId;
use crate::clock::{Clock, Timestamp};
use crate::crash;
use crate::nemo::{AnonymousAccount, Nemo, NemoError, RenderId, Token};
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

/// Places of one person that are listed; with more, what is kept of the one used longest ago goes. Nobody talks to a bot
/// in more, and all of them have to be found at once by `/forget`.
const PLACES_KEPT: usize = 500;
/// Jobs of one person that are listed, in the same way. The oldest of so many has long ended.
const JOBS_KEPT: usize = 500;

/// What is kept of a person. It lists everything else that is: nothing can be found by looking for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Person {
    /// Whether the notice on data was shown; once, before the first upload.
    pub notice: bool,
    /// The client id under which an anonymous account is asked for. Never changes.
    pub client: Option<Uuid>,
    /// The anonymous account.
    pub account: Option<Anonymous>,
    /// The token of the person's own account.
    #[serde(default)]
    pub own: Option<Token>,
    /// Counts up with each `/connect` and **Disconnect**: a project that was opened before belongs to another account.
    #[serde(default)]
    pub switches: u32,
    /// Where the person has a conversation, and when that was last noted.
    #[serde(default)]
    pub places: Vec<(PlaceId, Timestamp)>,
    /// The person's render jobs, and when they were asked for.
    #[serde(default)]
    pub jobs: Vec<(RenderId, Timestamp)>,
}

impl Person {
    /// Lists a place as used at `now`. Returns those that go for it, to be deleted in the same batch.
    pub fn list_place(&mut self, place: &PlaceId, now: Timestamp, keep: Duration) -> Vec<PlaceId> {
        list(&mut self.places, place, now, keep, PLACES_KEPT)
    }

    /// Lists a job. Returns those that go for it, to be deleted in the same batch.
    pub fn list_job(&mut self, job: &RenderId, now: Timestamp, keep: Duration) -> Vec<RenderId> {
        list(&mut self.jobs, job, now, keep, JOBS_KEPT)
    }

    /// Takes the person's own account into use. `false`: it was already.
    pub fn connect(&mut self, token: Token) -> bool {
        if self.own.as_ref().is_some_and(|own| own.expose() == token.expose()) {
            return false;
        }
        self.own = Some(token);
        self.switches += 1;
        true
    }

    /// Lets go of the person's own account. `false`: there was none.
    pub fn disconnect(&mut self) -> bool {
        if self.own.take().is_none() {
            return false;
        }
        self.switches += 1;
        true
    }
}

/// Puts `item` at the end of the list, which goes by age, and returns what no longer belongs there.
fn list<T: Clone + PartialEq>(
    items: &mut Vec<(T, Timestamp)>,
    item: &T,
    now: Timestamp,
    keep: Duration,
    limit: usize,
) -> Vec<T> {
    items.retain(|(known, _)| known != item);
    items.push((item.clone(), now));
    let old = items.iter().take_while(|(_, at)| now.since(*at) > keep).count();
    let gone = old.max(items.len().saturating_sub(limit)).min(items.len() - 1);
    items.drain(..gone).map(|(item, _)| item).collect()
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
    /// How often its person had connected or disconnected by then.
    pub switches: u32,
}

/// Whose account it is. Each kind has words of its own when it runs dry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// The person's own.
    Own,
    /// The operator's, for everyone.
    Operator,
    /// The person's anonymous one; its name at the backend, if known.
    Anonymous(Option<String>),
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
    /// The time.
    pub clock: Clock,
}

impl Accounts {
    /// The account of the person to whom `shelf` belongs, if there is one: the person's own, else the operator's, else the
    /// anonymous one.
    pub async fn find(&self, shelf: &Shelf) -> Result<Option<Account>, StoreError> {
        let person = self.person(shelf).await?;
        Ok(self.standing(person, None))
    }

    /// An account for a person who has none. That may take a while, because another asks, or because the service wants
    /// us to wait; `cut` ends it.
    pub async fn obtain(&self, shelf: &Shelf, cut: &CancellationToken) -> Result<Account, AccountError> {
        self.ask(shelf, None, cut).await
    }

    /// An account in place of one whose token the backend has just refused. Asks once, with the same client id; never
    /// swaps a person's own account or the operator's for an anonymous one, since the session belongs to it.
    pub async fn renew(
        &self,
        shelf: &Shelf,
        refused: &Account,
        cut: &CancellationToken,
    ) -> Result<Account, AccountError> {
        match refused.kind {
            AccountKind::Own => return Err(AccountError::OwnRefused),
            AccountKind::Operator => return Err(AccountError::OperatorRefused),
            AccountKind::Anonymous(_) => {}
        }
        let person = self.person(shelf).await?;
        match self.standing(person, Some(&refused.token)) {
            Some(account) if account.switches == refused.switches => Ok(account),
            // Connected meanwhile: the project belongs to the account before.
            Some(_) => Err(AccountError::NoneLeft),
            None => self.ask(shelf, Some(&refused.token), cut).await,
        }
    }

    async fn person(&self, shelf: &Shelf) -> Result<Person, StoreError> {
        Ok(self.vault.load::<Person>(&shelf.person()).await?.map(|(_, person)| person).unwrap_or_default())
    }

    /// The account that is there, unless it has run out or is the `refused` one.
    fn standing(&self, person: Person, refused: Option<&Token>) -> Option<Account> {
        let switches = person.switches;
        if let Some(token) = person.own {
            return Some(Account { token, kind: AccountKind::Own, switches });
        }
        if let Some(token) = &self.operator {
            return Some(Account { token: token.clone(), kind: AccountKind::Operator, switches });
        }
        let now = self.clock.now();
        let serves = |account: &Anonymous| {
            account.expires > now && refused.is_none_or(|token| account.token.expose() != token.expose())
        };
        let account = person.account.filter(serves)?;
        Some(Account { token: account.token, kind: AccountKind::Anonymous(account.user_id), switches })
    }

    /// Asks the backend, in single flight for each person across all instances.
    async fn ask(
        &self,
        shelf: &Shelf,
        refused: Option<&Token>,
        cut: &CancellationToken,
    ) -> Result<Account, AccountError> {
        let patience = tokio::time::Instant::now() + LOCK_PATIENCE;
        let lock = loop {
            if let Some(lock) = self.lock(shelf).await? {
                break lock;
            }
            if tokio::time::Instant::now() > patience || cut.is_cancelled() {
                return Err(AccountError::NoneLeft);
            }
            tokio::time::sleep(LOCK_LOOK).await;
            if let Some(account) = self.standing(self.person(shelf).await?, refused) {
                return Ok(account);
            }
        };
        crash::point("account.locked");
        let asked = self.ask_locked(shelf, refused, cut).await;
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

    async fn ask_locked(
        &self,
        shelf: &Shelf,
        refused: Option<&Token>,
        cut: &CancellationToken,
    ) -> Result<Account, AccountError> {
        if let Some(account) = self.standing(self.person(shelf).await?, refused) {
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
        let minted = self.mint(&client, cut).await?;
        let account = Anonymous {
            token: minted.token,
            user_id: minted.user_id,
            expires: minted.expires.unwrap_or_else(|| self.clock.now().after(ACCOUNT_LIFE)),
        };
        let kept = self
            .vault
            .change(&shelf.person(), Some(self.keep), |person: Option<Person>| {
                // Forgotten meanwhile: nothing is written anew.
                let mut person = person?;
                person.account = Some(account.clone());
                Some(person)
            })
            .await?;
        kept.and_then(|person| self.standing(person, None)).ok_or(AccountError::NoneLeft)
    }

    /// Obtains a token. A 429 is waited out once, if it does not take long; then there is none.
    async fn mint(&self, client: &Uuid, cut: &CancellationToken) -> Result<AnonymousAccount, AccountError> {
        let mut waited = false;
        loop {
            let error = match self.nemo.anonymous_token(client).await {
                Ok(minted) => {
                    mints::note(&self.vault, self.clock.now()).await;
                    return Ok(minted);
                }
                Err(error) => error,
            };
            let Some(wait) = self.nemo.wait_after(&error) else { return Err(AccountError::Nemo(error)) };
            if waited || wait > MINT_PATIENCE {
                mints::refused(&self.vault, self.clock.now()).await;
                return Err(AccountError::NoneLeft);
            }
            waited = true;
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = cut.cancelled() => return Err(AccountError::NoneLeft),
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: Duration = Duration::from_hours(24);

    fn at(hours: u64) -> Timestamp {
        Timestamp::from_millis(hours * 3_600_000)
    }

    #[test]
    fn a_place_is_listed_once_and_goes_with_time() {
        let mut person = Person::default();
        assert!(person.list_place(&PlaceId::new("1"), at(0), KEEP).is_empty());
        assert!(person.list_place(&PlaceId::new("2"), at(20), KEEP).is_empty());
        assert!(person.list_place(&PlaceId::new("2"), at(21), KEEP).is_empty());
        assert_eq!(person.places.len(), 2);
        assert_eq!(person.list_place(&PlaceId::new("3"), at(30), KEEP), [PlaceId::new("1")]);
        assert_eq!(person.list_place(&PlaceId::new("3"), at(90), KEEP), [PlaceId::new("2")]);
    }

    #[test]
    fn beyond_the_limit_the_oldest_goes_and_never_unlisted() {
        let mut person = Person::default();
        for number in 0..PLACES_KEPT {
            assert!(person.list_place(&PlaceId::new(number.to_string()), at(1), KEEP).is_empty());
        }
        assert_eq!(person.list_place(&PlaceId::new("new"), at(1), KEEP), [PlaceId::new("0")]);
        assert_eq!(person.places.len(), PLACES_KEPT);
    }

    #[test]
    fn each_change_of_account_counts_and_none_that_changes_nothing() {
        let mut person = Person::default();
        assert!(!person.disconnect());
        assert!(person.connect(Token::new("a")) && !person.connect(Token::new("a")) && person.connect(Token::new("b")));
        assert!(person.disconnect() && person.own.is_none());
        assert_eq!(person.switches, 3);
    }
}
