//! XChaCha20-Poly1305 around every value. A stranger with the database learns who talked where and when, and no more;
//! nor can he move a value to another row, since it is bound to the name of its own.
//!
//! A sealed value is `key id (4 bytes) ‖ nonce (24) ‖ ciphertext and tag`; the additional data is `v1 ‖ key id ‖ name
//! of the key`. The nonce is random and long enough for that, so instances share no counter.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::secret::StoreKey;
use super::{Key, StoreError};

const FORMAT: &[u8] = b"v1";
const NONCE_LEN: usize = 24;

/// Tells keys apart; says nothing of the key.
type KeyId = [u8; 4];

/// Seals with one key, opens with that and with those before it.
pub struct Sealer {
    current: Seal,
    previous: Vec<Seal>,
}

struct Seal {
    id: KeyId,
    cipher: XChaCha20Poly1305,
}

impl Sealer {
    /// A sealer with `key`. `previous` keys only open: after a rotation every value is sealed anew when it is next
    /// written.
    pub fn new(key: &StoreKey, previous: &[StoreKey]) -> Self {
        Self { current: Seal::new(key), previous: previous.iter().map(Seal::new).collect() }
    }

    /// Seals a value for the row of `key`.
    pub fn seal(&self, key: &Key, value: &[u8]) -> Result<Vec<u8>, StoreError> {
        let name = key.to_string();
        let Seal { id, cipher } = &self.current;
        let nonce: [u8; NONCE_LEN] = rand::random();
        let payload = Payload { msg: value, aad: &bound_to(*id, &name) };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::Sealed(name.clone()))?;
        Ok([id.as_slice(), &nonce, &sealed].concat())
    }

    /// Opens what was sealed for the row of `key`.
    pub fn open(&self, key: &Key, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let name = key.to_string();
        self.try_open(&name, sealed).ok_or(StoreError::Sealed(name))
    }

    fn try_open(&self, name: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (id, sealed) = sealed.split_first_chunk()?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let seal = std::iter::once(&self.current).chain(&self.previous).find(|seal| seal.id == *id)?;
        let payload = Payload { msg: sealed, aad: &bound_to(*id, name) };
        seal.cipher.decrypt(&XNonce::from(*nonce), payload).ok()
    }
}

impl Seal {
    fn new(key: &StoreKey) -> Self {
        let [a, b, c, d, ..] = key.derive("nemo-bot key id");
        Self { id: [a, b, c, d], cipher: XChaCha20Poly1305::new(&key.derive("nemo-bot seal").into()) }
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({} previous keys)", self.previous.len())
    }
}

/// The name comes last, so that no two bindings read alike.
fn bound_to(id: KeyId, name: &str) -> Vec<u8> {
    [FORMAT, &id, name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Kind;

    fn key(id: &str) -> Key {
        Key::new(Kind::Person, "telegram:42", id)
    }

    #[test]
    fn a_value_opens_for_its_own_row_only() {
        let ours = Sealer::new(&StoreKey::generate(), &[]);
        let sealed = ours.seal(&key("a"), b"canary").expect("sealed");
        assert_eq!(ours.open(&key("a"), &sealed), Ok(b"canary".to_vec()));
        assert_eq!(ours.open(&key("b"), &sealed), Err(StoreError::Sealed("person:b".into())));
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
    }

    #[test]
    fn no_byte_of_a_sealed_value_can_be_changed_or_left_out() {
        let ours = Sealer::new(&StoreKey::generate(), &[]);
        let sealed = ours.seal(&key("a"), b"canary").expect("sealed");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(ours.open(&key("a"), &changed).is_err(), "byte {at}");
            assert!(ours.open(&key("a"), &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn after_a_rotation_old_values_open_and_new_ones_need_the_new_key() {
        let (old, new) = (StoreKey::generate(), StoreKey::generate());
        let sealed = Sealer::new(&old, &[]).seal(&key("a"), b"before").expect("sealed");
        let rotated = Sealer::new(&new, std::slice::from_ref(&old));
        assert_eq!(rotated.open(&key("a"), &sealed), Ok(b"before".to_vec()));
        let sealed = rotated.seal(&key("a"), b"after").expect("sealed");
        assert_eq!(Sealer::new(&new, &[]).open(&key("a"), &sealed), Ok(b"after".to_vec()));
        assert!(Sealer::new(&old, &[]).open(&key("a"), &sealed).is_err());
    }
}
