//! Who was forgotten. One row remains for seven days, whose name is a keyed hash of platform and user: it tells nothing
//! to who reads the store, and that somebody comes back to who knows the key. It means that no new anonymous account is
//! asked for: deleting one's data must not be a way to another free one.

use std::fmt;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::record::Shelf;
use crate::store::{Key, StoreError, StoreKey, Vault, Write};

/// The span in which the service gives one account to a client (contract 3.1).
const KEPT: Duration = Duration::from_hours(168);
/// Its purpose, for a key of its own.
const LABEL: &str = "forgotten";

/// Makes and finds the marks.
#[derive(Clone)]
pub struct Forgotten {
    /// The key in use first; those before it still find the marks that they made.
    keys: Vec<[u8; 32]>,
}

impl fmt::Debug for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Forgotten")
    }
}

impl Forgotten {
    /// Marks made with `key`; those of `previous` keys are found, too.
    pub fn new(key: &StoreKey, previous: &[StoreKey]) -> Self {
        Self { keys: std::iter::once(key).chain(previous).map(|key| key.derive(LABEL)).collect() }
    }

    /// Whether the person of `shelf` was forgotten within the span.
    pub async fn holds(&self, vault: &Vault, shelf: &Shelf) -> Result<bool, StoreError> {
        let keys: Vec<_> = self.marks(shelf).collect();
        Ok(vault.get(&keys).await?.iter().any(|rows| !rows.is_empty()))
    }

    /// The write that leaves the mark.
    pub(super) fn mark(&self, vault: &Vault, shelf: &Shelf) -> Result<Option<Write>, StoreError> {
        self.marks(shelf).next().map(|key| vault.put_write(&key, &(), Some(KEPT))).transpose()
    }

    fn marks<'a>(&'a self, shelf: &'a Shelf) -> impl Iterator<Item = Key> + 'a {
        self.keys.iter().map(|key| {
            #[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key length");
            mac.update(shelf.owner().as_bytes());
            shelf.forgotten(&hex(&mac.finalize().into_bytes()))
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
