//! Rows that do not open, put where nobody stumbles over them.
//!
//! A row may not open because its key is missing, because a newer version wrote it, or because it is damaged. Reading it
//! again helps nothing, and whoever needs it would stand still for good. So it is put aside, byte for byte, under a key
//! of its own ([`Key::aside`]), and work goes on without it. Nothing is thrown away: should the next row under its key
//! not open either (the old key is back, and it is the rows of the new one that are strange), what lies aside is tried,
//! and comes back if it opens.

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::{Batch, Commit, Expect, Key, Row, StoreError, Vault, Version, Write};

/// Rows that are kept aside for one key; more than a full inbox. The oldest go.
const ROWS: usize = 40;
/// Bytes that are kept aside for one key, as many as a document may have. The oldest go.
const BYTES: usize = 8 * 1_024 * 1_024;
/// The length in front of each row.
const LENGTH: usize = 4;

impl Vault {
    /// The write that puts `rows` of `key` aside for `keep`, and what lay aside before that opens now.
    pub async fn set_aside<T: DeserializeOwned>(
        &self,
        key: &Key,
        rows: &[Row],
        keep: Duration,
    ) -> Result<(Write, Option<T>), StoreError> {
        let aside = key.aside();
        let before = self.get(std::slice::from_ref(&aside)).await?.pop().unwrap_or_default();
        let mut values = before.first().map(|row| unpack(&row.value)).unwrap_or_default();
        let found = values.iter().rposition(|value| self.opens::<T>(key, value).is_ok());
        let back = found.map(|at| values.remove(at)).and_then(|value| self.opens(key, &value).ok());
        values.extend(rows.iter().map(|row| row.value.clone()));
        Ok((Write::Put { key: aside, value: pack(values), ttl: Some(keep) }, back))
    }

    /// Puts the row of `key` aside if it does not open. Whether there was one that did not.
    pub async fn mend<T: DeserializeOwned + serde::Serialize>(
        &self,
        key: &Key,
        keep: Duration,
    ) -> Result<bool, StoreError> {
        let rows = self.get(std::slice::from_ref(key)).await?.pop().unwrap_or_default();
        let Some(row) = rows.first().filter(|row| self.open::<T>(key, row).is_err()) else { return Ok(false) };
        let (aside, back) = self.set_aside::<T>(key, &rows[..1], keep).await?;
        let instead = match back {
            Some(back) => self.put_write(key, &back, Some(keep))?,
            None => Write::Delete { key: key.clone() },
        };
        let batch = Batch::new(key.partition()).expect(Expect::At(key.clone(), row.version));
        // Refused: somebody else has written or mended it meanwhile.
        Ok(matches!(self.commit(&batch.write(aside).write(instead)).await?, Commit::Done { .. }))
    }

    fn opens<T: DeserializeOwned>(&self, key: &Key, value: &[u8]) -> Result<T, StoreError> {
        self.open(key, &Row { version: Version::random(), value: value.to_vec() })
    }
}

/// Rows one behind the other, each with its length in front. They are sealed already, each for its own key.
fn pack(mut values: Vec<Vec<u8>>) -> Vec<u8> {
    let length = |values: &[Vec<u8>]| values.iter().map(|value| value.len() + LENGTH).sum::<usize>();
    while values.len() > ROWS || (values.len() > 1 && length(&values) > BYTES) {
        values.remove(0);
    }
    let mut packed = Vec::with_capacity(length(&values));
    for value in values {
        packed.extend_from_slice(&u32::try_from(value.len()).unwrap_or_default().to_be_bytes());
        packed.extend_from_slice(&value);
    }
    packed
}

fn unpack(mut packed: &[u8]) -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    while let Some((length, rest)) = packed.split_first_chunk::<LENGTH>() {
        let Some((value, rest)) =
            usize::try_from(u32::from_be_bytes(*length)).ok().and_then(|at| rest.split_at_checked(at))
        else {
            break;
        };
        values.push(value.to_vec());
        packed = rest;
    }
    values
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::sqlite::SqliteStore;
    use crate::store::{Kind, StoreKey};

    const KEEP: Duration = Duration::from_hours(1);

    fn key() -> Key {
        Key::new(Kind::Person, "telegram:42", "telegram:42")
    }

    async fn write(vault: &Vault, what: &str) {
        let batch = Batch::new(key().partition()).expect(Expect::Absent(key()));
        let put = vault.put_write(&key(), &what, None).unwrap();
        assert!(matches!(vault.commit(&batch.write(put)).await, Ok(Commit::Done { .. })));
    }

    #[tokio::test]
    async fn what_does_not_open_is_put_aside_and_comes_back_with_its_key() {
        let store = Arc::new(SqliteStore::memory().await.unwrap());
        let (old, new) = (StoreKey::generate(), StoreKey::generate());
        let (old, new) = (Vault::new(store.clone(), &old, &[]), Vault::new(store, &new, &[]));
        write(&old, "first").await;
        assert_eq!(old.mend::<String>(&key(), KEEP).await, Ok(false));
        assert_eq!(new.mend::<String>(&key(), KEEP).await, Ok(true));
        assert_eq!(new.load::<String>(&key()).await, Ok(None));
        write(&new, "second").await;
        assert_eq!(old.mend::<String>(&key(), KEEP).await, Ok(true));
        assert_eq!(old.load::<String>(&key()).await.unwrap().unwrap().1, "first");
        assert_eq!(new.mend::<String>(&key(), KEEP).await, Ok(true));
        assert_eq!(new.load::<String>(&key()).await.unwrap().unwrap().1, "second");
    }

    #[test]
    fn rows_aside_read_back_and_the_oldest_go() {
        let rows: Vec<_> = (0..50_u8).map(|row| vec![row; usize::from(row)]).collect();
        assert_eq!(unpack(&pack(rows.clone())), rows[10..]);
        assert_eq!(unpack(b"\0\0\0\x09short"), Vec::<Vec<u8>>::new());
    }
}
