//! Typed documents: the only handle that the core gets on a store.
//!
//! A document is JSON behind one byte of schema, sealed before any store sees it. Unknown fields are ignored and new
//! ones want a default, so the byte moves only when an old reader would do harm.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep};

use super::seal::Sealer;
use super::secret::StoreKey;
use super::{Agenda, Batch, Claim, Commit, Expect, Key, Row, Stir, Store, StoreError, Version, Write};

/// The schema of every document that we write; one with a higher number is refused.
const SCHEMA: u8 = 1;

/// Enough for a record with a reply of some megabytes; every part of a document has a smaller limit of its own.
const DOCUMENT_LIMIT: usize = 8 * 1_024 * 1_024;

/// How long an unknown outcome is asked after. A Redis that fails over is back within that; a hold is longer.
const RESEND_FOR: Duration = Duration::from_secs(10);
/// How long replicas are asked to confirm the same batch: one that is well does so at once, and for one that is away a
/// hold must not run out over it.
const CONFIRM_FOR: Duration = Duration::from_secs(2);
/// The first wait between two copies of a batch; doubles up to the last.
const RESEND_FIRST: Duration = Duration::from_millis(50);
const RESEND_LAST: Duration = Duration::from_secs(1);

/// A person's row is written by few at a time, so losing this many races in a row means a loop somewhere.
const CHANGE_ATTEMPTS: u32 = 10;

/// A store whose every value is sealed. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Vault {
    store: Arc<dyn Store>,
    sealer: Arc<Sealer>,
    resend_for: Duration,
}

impl Vault {
    /// Seals what goes into `store` with `key`. `previous` keys still open what they sealed.
    pub fn new(store: Arc<dyn Store>, key: &StoreKey, previous: &[StoreKey]) -> Self {
        Self { store, sealer: Arc::new(Sealer::new(key, previous)), resend_for: RESEND_FOR }
    }

    /// The document of a row, if there is one.
    pub async fn load<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<(Version, T)>, StoreError> {
        Ok(self.load_all(key).await?.pop())
    }

    /// The documents of a queue, oldest first.
    pub async fn load_all<T: DeserializeOwned>(&self, key: &Key) -> Result<Vec<(Version, T)>, StoreError> {
        let rows = self.get(std::slice::from_ref(key)).await?.pop().unwrap_or_default();
        rows.iter().map(|row| Ok((row.version, self.open(key, row)?))).collect()
    }

    /// The sealed rows of many keys, in one round trip. Keys of one partition are read at one moment.
    pub async fn get(&self, keys: &[Key]) -> Result<Vec<Vec<Row>>, StoreError> {
        self.store.get(keys).await
    }

    /// Opens a row that was read under `key`.
    pub fn open<T: DeserializeOwned>(&self, key: &Key, row: &Row) -> Result<T, StoreError> {
        let misshapen = || StoreError::Misshapen(key.to_string());
        let document = self.sealer.open(key, &row.value)?;
        match document.split_first() {
            Some((&SCHEMA, json)) => serde_json::from_slice(json).map_err(|_| misshapen()),
            Some((&theirs, _)) if theirs > SCHEMA => {
                Err(StoreError::Newer { theirs: theirs.into(), ours: SCHEMA.into() })
            }
            _ => Err(misshapen()),
        }
    }

    /// Opens the rows that a claim brought for the `at`-th key of [`Agenda::brings`].
    pub fn open_brought<T: DeserializeOwned>(&self, claim: &Claim, at: usize) -> Result<Vec<(Version, T)>, StoreError> {
        let keys = claim.agenda.brings(&claim.item);
        let Some((key, rows)) = keys.get(at).zip(claim.rows.get(at)) else { return Ok(Vec::new()) };
        rows.iter().map(|row| Ok((row.version, self.open(key, row)?))).collect()
    }

    /// A write that sets a row to this document.
    pub fn put_write<T: Serialize>(&self, key: &Key, document: &T, ttl: Option<Duration>) -> Result<Write, StoreError> {
        Ok(Write::Put { key: key.clone(), value: self.seal(key, document)?, ttl })
    }

    /// A write that appends this document to a queue.
    pub fn push_write<T: Serialize>(&self, key: &Key, document: &T) -> Result<Write, StoreError> {
        Ok(Write::Push { key: key.clone(), value: self.seal(key, document)? })
    }

    /// Changes one row by compare-and-set: `change` gets what is there and gives what shall be there, absent for no
    /// row. It is called again for each race that was lost, so it must not act. Returns what is there now.
    pub async fn change<T: Serialize + DeserializeOwned>(
        &self,
        key: &Key,
        ttl: Option<Duration>,
        mut change: impl FnMut(Option<T>) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        for attempt in 0..CHANGE_ATTEMPTS {
            if attempt > 0 {
                sleep(jittered(RESEND_FIRST)).await;
            }
            let (version, before) = self.load(key).await?.unzip();
            let after = change(before);
            let expect = version.map_or(Expect::Absent(key.clone()), |version| Expect::At(key.clone(), version));
            let write = match &after {
                Some(document) => self.put_write(key, document, ttl)?,
                None if version.is_none() => return Ok(None),
                None => Write::Delete { key: key.clone() },
            };
            let batch = Batch::new(key.partition()).expect(expect).write(write);
            if let Commit::Done { .. } = self.commit(&batch).await? {
                return Ok(after);
            }
        }
        Err(StoreError::Contended(key.to_string()))
    }

    /// Applies a batch. Where the outcome is unknown the same batch is sent again for `RESEND_FOR`, and where it is
    /// unconfirmed for `CONFIRM_FOR`; only then is it given back as [`StoreError::Unknown`] or
    /// [`StoreError::Unconfirmed`].
    pub async fn commit(&self, batch: &Batch) -> Result<Commit, StoreError> {
        let started = Instant::now();
        let mut wait = RESEND_FIRST;
        loop {
            let outcome = self.store.commit(batch).await;
            let patience = match &outcome {
                Err(StoreError::Unknown(_)) => self.resend_for,
                Err(StoreError::Unconfirmed { .. }) => CONFIRM_FOR,
                _ => return outcome,
            };
            if started.elapsed() + wait >= patience {
                return outcome;
            }
            tracing::debug!(?outcome, "A commit stands open; the same batch goes out again");
            sleep(jittered(wait)).await;
            wait = RESEND_LAST.min(wait * 2);
        }
    }

    /// See [`Store::claim`].
    pub async fn claim(&self, agenda: Agenda, hold: Duration) -> Result<Option<Claim>, StoreError> {
        self.store.claim(agenda, hold).await
    }

    /// See [`Store::stirred`].
    pub async fn stirred(&self, what: &Stir) {
        self.store.stirred(what).await;
    }

    fn seal<T: Serialize>(&self, key: &Key, document: &T) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![SCHEMA];
        serde_json::to_writer(&mut bytes, document).map_err(|_| StoreError::Misshapen(key.to_string()))?;
        if bytes.len() > DOCUMENT_LIMIT {
            return Err(StoreError::TooLarge { key: key.to_string(), bytes: bytes.len() });
        }
        self.sealer.seal(key, &bytes)
    }
}

/// Between half of `wait` and all of it, so that instances do not come in step.
fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(rand::random_range(0.5..=1.0))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;

    use super::*;
    use crate::clock::Timestamp;
    use crate::store::Kind;

    /// Answers commits by script, then `Done`; the real stores have a contract of their own.
    #[derive(Debug, Default)]
    struct Scripted {
        unknown: AtomicUsize,
        refused: AtomicUsize,
        ids: Mutex<Vec<Version>>,
    }

    fn one_less(count: &AtomicUsize) -> bool {
        count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }

    #[async_trait]
    impl Store for Scripted {
        async fn get(&self, keys: &[Key]) -> Result<Vec<Vec<Row>>, StoreError> {
            Ok(vec![Vec::new(); keys.len()])
        }

        async fn commit(&self, batch: &Batch) -> Result<Commit, StoreError> {
            self.ids.lock().unwrap().push(batch.id);
            if one_less(&self.unknown) {
                return Err(StoreError::Unknown("timed out".into()));
            }
            let refused = one_less(&self.refused);
            Ok(if refused { Commit::Refused(0) } else { Commit::Done { now: Timestamp::from_millis(1), woken: false } })
        }

        async fn claim(&self, _: Agenda, _: Duration) -> Result<Option<Claim>, StoreError> {
            Ok(None)
        }

        async fn stirred(&self, _: &Stir) {}
    }

    fn vault(unknown: usize, refused: usize) -> (Vault, Arc<Scripted>) {
        let store = Arc::new(Scripted { unknown: unknown.into(), refused: refused.into(), ids: Mutex::default() });
        (Vault::new(Arc::clone(&store) as Arc<dyn Store>, &StoreKey::generate(), &[]), store)
    }

    fn key() -> Key {
        Key::new(Kind::Person, "telegram:42", "telegram:42")
    }

    fn row(write: Write) -> Row {
        let Write::Put { value, .. } = write else { panic!("not a put") };
        Row { version: Version::random(), value }
    }

    #[tokio::test]
    async fn an_unknown_outcome_sends_the_same_batch_again() {
        let (vault, store) = vault(3, 0);
        let write = vault.put_write(&key(), &"hello", None).unwrap();
        let batch = Batch::new(key().partition()).expect(Expect::Absent(key())).write(write);
        assert!(matches!(vault.commit(&batch).await, Ok(Commit::Done { .. })));
        assert_eq!(*store.ids.lock().unwrap(), [batch.id; 4]);
    }

    #[tokio::test]
    async fn a_store_that_stays_silent_is_given_up_in_time() {
        let (mut vault, store) = vault(usize::MAX, 0);
        vault.resend_for = Duration::from_millis(200);
        let batch = Batch::new(key().partition());
        assert!(matches!(vault.commit(&batch).await, Err(StoreError::Unknown(_))));
        assert!(store.ids.lock().unwrap().len() > 1, "it was tried again");
    }

    #[tokio::test]
    async fn a_change_tries_again_with_a_new_batch_and_gives_up_in_the_end() {
        let (vault, store) = vault(0, 2);
        assert_eq!(vault.change(&key(), None, |_: Option<u8>| Some(7)).await, Ok(Some(7)));
        let ids = store.ids.lock().unwrap().clone();
        assert!(ids.len() == 3 && ids[0] != ids[1], "{ids:?}");
        let (vault, _) = super::tests::vault(0, usize::MAX);
        let contended = Err(StoreError::Contended("person:telegram:42".into()));
        assert_eq!(vault.change(&key(), None, |_: Option<u8>| Some(7)).await, contended);
    }

    #[tokio::test]
    async fn a_newer_document_is_refused_and_a_strange_one_named() {
        let (vault, _) = vault(0, 0);
        let sealed =
            |bytes: &[u8]| Row { version: Version::random(), value: vault.sealer.seal(&key(), bytes).unwrap() };
        let newer = StoreError::Newer { theirs: 2, ours: 1 };
        assert_eq!(vault.open::<u8>(&key(), &sealed(b"\x027")), Err(newer));
        let misshapen = Err(StoreError::Misshapen("person:telegram:42".into()));
        assert_eq!(vault.open::<u8>(&key(), &sealed(b"\x01\"text\"")), misshapen);
        assert_eq!(vault.open::<u8>(&key(), &sealed(b"")), misshapen);
        assert_eq!(vault.open::<u8>(&key(), &row(vault.put_write(&key(), &7, None).unwrap())), Ok(7));
    }

    #[tokio::test]
    async fn a_document_above_the_limit_is_refused() {
        let (vault, _) = vault(0, 0);
        let refused = vault.put_write(&key(), &"x".repeat(DOCUMENT_LIMIT), None);
        assert!(matches!(refused, Err(StoreError::TooLarge { .. })));
    }
}
