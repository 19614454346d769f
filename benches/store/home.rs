//! Where a store is kept: a file, or a Redis server of the bench's own.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nemo_bot::store::Store;
use nemo_bot::store::redis::{RedisSettings, RedisStore};
use nemo_bot::store::sqlite::SqliteStore;
use tempfile::TempDir;

use crate::process;

/// A port that was free a moment ago may be taken; then another is tried.
const ATTEMPTS: usize = 5;
/// Whether a file's log is gone is looked at this often: nothing tells.
const LOOK: Duration = Duration::from_millis(5);

/// Which store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    /// Redis, which writes to disk each second.
    Everysec,
    /// Redis, which writes to disk before it answers.
    Always,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sqlite => "SQLite",
            Self::Everysec => "Redis, everysec",
            Self::Always => "Redis, always",
        })
    }
}

/// A store's home, empty at first. It goes with what is in it when it is dropped.
#[derive(Debug)]
pub(crate) struct Home {
    folder: TempDir,
    server: Option<Server>,
}

impl Home {
    pub(crate) fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = match kind {
            Kind::Sqlite => None,
            Kind::Everysec => Some(Server::start(folder.path(), "everysec")),
            Kind::Always => Some(Server::start(folder.path(), "always")),
        };
        Self { folder, server }
    }

    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        match &self.server {
            None => Arc::new(SqliteStore::open(&self.folder.path().join("bot.db")).await.unwrap()),
            Some(server) => {
                let url = format!("redis://127.0.0.1:{}", server.port);
                Arc::new(RedisStore::connect(RedisSettings::new(url.into())).await.unwrap())
            }
        }
    }

    /// Returns when a store that was dropped has closed its file.
    pub(crate) fn is_closed(&self) {
        while self.folder.path().join("bot.db-wal").exists() {
            std::thread::sleep(LOOK);
        }
    }

    /// CPU time of this process and of the server.
    pub(crate) fn cpu(&self) -> Duration {
        let server = self.server.as_ref().map(|server| process::cpu(&server.process()));
        process::cpu("self") + server.unwrap_or_default()
    }

    /// The memory of this process, or of the server where there is one, in bytes.
    pub(crate) fn resident(&self) -> u64 {
        process::resident(&self.server.as_ref().map_or_else(|| "self".to_owned(), Server::process))
    }

    /// How much the store has on disk, in bytes.
    pub(crate) fn size(&self) -> u64 {
        size(self.folder.path())
    }
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let about = entry.metadata().unwrap();
            if about.is_dir() { size(&entry.path()) } else { about.len() }
        })
        .sum()
}

#[derive(Debug)]
struct Server {
    child: Child,
    port: u16,
    /// Held open, since a server that cannot log may stop.
    _log: BufReader<ChildStdout>,
}

impl Server {
    fn start(folder: &Path, fsync: &str) -> Self {
        (0..ATTEMPTS).find_map(|_| Self::try_start(folder, fsync)).expect("redis-server starts; is it installed?")
    }

    fn try_start(folder: &Path, fsync: &str) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"])
            // A copy of its process while millions are written would be what is measured.
            .args(["--appendfsync", fsync, "--auto-aof-rewrite-percentage", "0", "--dir"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while log.read_line(&mut line).is_ok_and(|read| read > 0) {
            if line.contains("Ready to accept connections") {
                return Some(Self { child, port, _log: log });
            }
            line.clear();
        }
        drop(child.wait());
        None
    }

    fn process(&self) -> String {
        self.child.id().to_string()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
