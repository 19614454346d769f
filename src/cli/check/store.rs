//! The store: can it be written, and is there a key?
//!
//! A database file is not opened: a bot may have it open, or may not be meant to be upgraded yet.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{Finding, PATIENCE, State};
use crate::app::redis_settings;
use crate::settings::{Store, StoreUrl};
use crate::store::redis::RedisStore;
use crate::store::{OpenError, StoreKey};

const STORE: &str = "store";
const KEY: &str = "store key";

pub(super) async fn probe(settings: &Store) -> Vec<Finding> {
    let mut findings = Vec::new();
    match &settings.url {
        StoreUrl::Memory => {
            findings.push(Finding::new(STORE, State::Warn, "in memory: everything is lost when the bot stops"));
        }
        StoreUrl::File(path) => findings.push(on_disk(STORE, path.clone(), file).await),
        StoreUrl::Redis(url) => {
            let connected = RedisStore::connect(redis_settings(settings, url));
            let connected = tokio::time::timeout(PATIENCE, Box::pin(connected)).await;
            if let Ok(Ok(store)) = &connected {
                findings.extend(store.concerns().iter().map(|one| Finding::new(STORE, State::Warn, one.to_string())));
            }
            let (state, detail) = match connected {
                Ok(Ok(_)) => (State::Fine, format!("{} answers", settings.url)),
                Ok(Err(error)) => (State::Fail, format!("{}: {}", settings.url, advice(&error))),
                Err(_) => (State::Fail, format!("{}: no answer within {PATIENCE:?}", settings.url)),
            };
            findings.insert(0, Finding::new(STORE, state, detail));
        }
    }
    if let Some(path) = settings.key_path() {
        findings.push(on_disk(KEY, path, key).await);
    }
    findings
}

fn advice(error: &OpenError) -> String {
    match error {
        OpenError::Evicts { policy } => {
            format!("Redis may drop data: maxmemory-policy is {policy}. Set it to noeviction.")
        }
        OpenError::Newer { theirs, ours } => format!(
            "The store was written by a newer version ({theirs}; this one knows {ours}). Start that version, or \
             restore the backup from before the upgrade."
        ),
        other => other.to_string(),
    }
}

/// A look at the disk, which may hang.
async fn on_disk(
    service: &'static str,
    path: PathBuf,
    look: impl FnOnce(&Path) -> (State, String) + Send + 'static,
) -> Finding {
    let looked = tokio::task::spawn_blocking(move || look(&path));
    let (state, detail) = match tokio::time::timeout(PATIENCE, looked).await {
        Ok(Ok(found)) => found,
        _ => (State::Fail, format!("the disk does not answer within {PATIENCE:?}")),
    };
    Finding::new(service, state, detail)
}

fn file(path: &Path) -> (State, String) {
    match writable(path) {
        Ok(()) if path.exists() => (State::Fine, format!("{} can be written", path.display())),
        Ok(()) => (State::Fine, format!("{} can be made", path.display())),
        Err(error) => (State::Fail, refused(path, &error, user())),
    }
}

fn key(path: &Path) -> (State, String) {
    match StoreKey::load(path) {
        Ok(Some(_)) => (State::Fine, format!("{}; back it up apart from the store", path.display())),
        Ok(None) => match writable(path) {
            Ok(()) => (State::Fine, format!("{} is made at the first start", path.display())),
            Err(error) => (State::Fail, refused(path, &error, user())),
        },
        Err(error) => (State::Fail, error.to_string()),
    }
}

/// Whether a file can be written, and others made beside it, as a database needs. Leaves nothing behind.
fn writable(path: &Path) -> io::Result<()> {
    if path.exists() {
        OpenOptions::new().read(true).write(true).open(path)?;
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Directories that are missing will be made inside the nearest one that is there.
    let there = parent.ancestors().find(|directory| directory.exists()).unwrap_or(Path::new("."));
    let trial = there.join(format!(".nemo-bot-check-{:016x}", rand::random::<u64>()));
    OpenOptions::new().write(true).create_new(true).open(&trial)?;
    fs::remove_file(&trial)
}

/// Who runs this.
fn user() -> Option<u32> {
    fs::metadata("/proc/self").map(|process| process.uid()).ok()
}

fn refused(path: &Path, error: &io::Error, user: Option<u32>) -> String {
    let (shown, directory) = (path.display(), path.parent().unwrap_or(Path::new(".")).display());
    match user {
        Some(user) if error.kind() == io::ErrorKind::PermissionDenied => {
            format!("Cannot write {shown} as user {user}. Run: chown {user} {directory}")
        }
        _ => format!("Cannot write {shown}: {error}."),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_file_that_can_be_made_leaves_no_trace_of_the_trial() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/deeper/bot.db");
        assert_eq!(file(&path), (State::Fine, format!("{} can be made", path.display())));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        let path = folder.path().join("bot.db");
        fs::write(&path, "kept").unwrap();
        assert_eq!(file(&path), (State::Fine, format!("{} can be written", path.display())));
        assert_eq!(fs::read(&path).unwrap(), b"kept");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_cannot_be_written_fails() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let (state, detail) = file(&folder.path().join("file/bot.db"));
        assert_eq!(state, State::Fail);
        assert!(detail.starts_with("Cannot write ") && detail.contains("file/bot.db: "), "{detail}");
    }

    #[rstest]
    #[case("/data/bot.db", Some(1000), "Cannot write /data/bot.db as user 1000. Run: chown 1000 /data")]
    #[case("/data/bot.db", None, "Cannot write /data/bot.db: permission denied.")]
    fn a_refusal_names_path_user_and_command(#[case] path: &str, #[case] user: Option<u32>, #[case] sentence: &str) {
        assert_eq!(refused(Path::new(path), &io::ErrorKind::PermissionDenied.into(), user), sentence);
    }

    #[test]
    fn a_key_is_there_or_can_be_made_or_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nemo-bot.key");
        assert_eq!(key(&path), (State::Fine, format!("{} is made at the first start", path.display())));
        assert!(!path.exists());
        StoreKey::load_or_create(&path).unwrap();
        assert_eq!(key(&path).0, State::Fine);
        fs::write(&path, "canary").unwrap();
        let (state, detail) = key(&path);
        assert!(state == State::Fail && detail.contains("base64") && !detail.contains("canary"), "{detail}");
    }
}
