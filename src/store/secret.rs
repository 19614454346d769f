//! The one secret that seals what is stored and signs buttons.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

/// A key file larger than this is not a key file.
const FILE_LIMIT: u64 = 1_024;

/// 32 random bytes, written as base64.
pub struct StoreKey(SecretBox<[u8; StoreKey::LEN]>);

/// Why there is no store key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not the base64 of 32 bytes.
    #[error("a store key is 32 bytes in base64, as `nemo-bot keygen` prints it")]
    Malformed,
    /// The key file cannot be read, made or understood.
    #[error("the key file {} cannot be used: {reason}", path.display())]
    File {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl StoreKey {
    const LEN: usize = 32;

    /// A new key.
    pub fn generate() -> Self {
        Self(SecretBox::init_with_mut(|key: &mut [u8; Self::LEN]| rand::fill(key)))
    }

    /// Reads a key from its base64; space around it is ignored.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| KeyError::Malformed)?);
        let key: &[u8; Self::LEN] = bytes.as_slice().try_into().map_err(|_| KeyError::Malformed)?;
        Ok(Self(SecretBox::init_with_mut(|mine: &mut [u8; Self::LEN]| mine.copy_from_slice(key))))
    }

    /// The key as base64, to be shown to its owner or written to a file.
    pub fn to_base64(&self) -> SecretString {
        STANDARD.encode(self.0.expose_secret()).into()
    }

    /// A key for one purpose, from which neither this key nor that of another purpose can be told.
    pub fn derive(&self, label: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::from(self);
        mac.update(label.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Reads the key in `path`, or makes a new one there with mode 0600. `true`: it is new, and wants to be backed up
    /// apart from the database. Two that start at once end up with the same key.
    pub fn load_or_create(path: &Path) -> Result<(Self, bool), KeyError> {
        let wrong = |reason: &dyn fmt::Display| KeyError::File { path: path.to_owned(), reason: reason.to_string() };
        if let Some(key) = Self::load(path)? {
            return Ok((key, false));
        }
        let key = Self::generate();
        match key.write_to_new(path) {
            Ok(()) => Ok((key, true)),
            Err(err) if err.kind() == io::ErrorKind::AlreadyExists => {
                let theirs = Self::load(path)?.ok_or_else(|| wrong(&"it comes and goes"))?;
                Ok((theirs, false))
            }
            Err(err) => Err(wrong(&err)),
        }
    }

    /// Reads the key in `path`, if the file exists.
    pub fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        let wrong = |reason: &dyn fmt::Display| KeyError::File { path: path.to_owned(), reason: reason.to_string() };
        match fs::metadata(path) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(None),
            Ok(file) if file.len() > FILE_LIMIT => return Err(wrong(&KeyError::Malformed)),
            _ => {}
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|err| wrong(&err))?);
        Self::parse(&text).map(Some).map_err(|err| wrong(&err))
    }

    /// The file appears whole or not at all: it is written under another name and then linked, which fails where a
    /// file is already. A crash in between leaves that other file, never an empty key.
    fn write_to_new(&self, path: &Path) -> io::Result<()> {
        let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(directory)?;
        let draft = path.with_added_extension(format!("{:08x}", rand::random::<u32>()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        let linked = file
            .write_all(self.to_base64().expose_secret().as_bytes())
            .and_then(|()| file.write_all(b"\n"))
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::hard_link(&draft, path));
        fs::remove_file(&draft)?;
        linked?;
        // Without this a power cut could take the name of the key and leave what it sealed.
        File::open(directory)?.sync_all()
    }
}

impl From<&StoreKey> for Hmac<Sha256> {
    fn from(key: &StoreKey) -> Self {
        let mut block = hmac::digest::array::Array::default();
        block[..StoreKey::LEN].copy_from_slice(key.0.expose_secret());
        Self::new(&block)
    }
}

impl Clone for StoreKey {
    fn clone(&self) -> Self {
        Self(SecretBox::init_with_mut(|key: &mut [u8; Self::LEN]| key.copy_from_slice(self.0.expose_secret())))
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn text(key: &StoreKey) -> String {
        key.to_base64().expose_secret().to_owned()
    }

    #[test]
    fn a_key_survives_its_text_and_hides_from_debug() {
        let key = StoreKey::generate();
        let read = StoreKey::parse(&format!(" {}\n", text(&key))).expect("our own text");
        assert_eq!(text(&read), text(&key));
        assert!(!format!("{key:?}").contains(&text(&key)[..8]));
    }

    #[test]
    fn a_key_of_the_wrong_length_or_alphabet_is_refused() {
        for wrong in ["", "short", "not base64 at all!", &STANDARD.encode([7; 31]), &STANDARD.encode([7; 33])] {
            assert!(matches!(StoreKey::parse(wrong), Err(KeyError::Malformed)), "{wrong}");
        }
    }

    #[test]
    fn derived_keys_follow_key_and_label_as_hmac_sha_256_does() {
        // Test vector computed with Python: hmac.new(bytes(range(32)), b"buttons", "sha256").
        let key = StoreKey::parse(&STANDARD.encode(std::array::from_fn::<u8, 32, _>(|n| u8::try_from(n).unwrap())));
        let derived = key.expect("32 bytes").derive("buttons");
        assert_eq!(u128::from_be_bytes(*derived.first_chunk().unwrap()), 0x3f3c_7140_0f54_98ed_6f45_8342_467c_bd87);
        assert_eq!(u128::from_be_bytes(*derived.last_chunk().unwrap()), 0x4d7d_51dd_6a0d_822f_249f_9b7d_3c28_e881);
    }

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_reads_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("data/nemo-bot.key");
        let (made, is_new) = StoreKey::load_or_create(&path).expect("a new key");
        assert!(is_new);
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
        let (read, is_new) = StoreKey::load_or_create(&path).expect("the same key");
        assert!(!is_new);
        assert_eq!(text(&read), text(&made));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn many_that_start_at_once_agree_on_one_key() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("nemo-bot.key");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| StoreKey::load_or_create(&path).unwrap())).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert_eq!(keys.iter().filter(|(_, is_new)| *is_new).count(), 1);
        assert!(keys.iter().all(|(key, _)| text(key) == text(&keys[0].0)));
    }

    #[test]
    fn a_broken_key_file_is_named_and_left_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("nemo-bot.key");
        fs::write(&path, "").unwrap();
        let refused = StoreKey::load_or_create(&path).expect_err("an empty file");
        assert!(refused.to_string().contains("nemo-bot.key"));
        assert_eq!(fs::read(&path).unwrap(), b"");
    }
}
