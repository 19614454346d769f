//! Opening: connections, their settings, the tables and their version.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, params};

use super::Home;
use super::apply::stored;
use crate::clock::Clock;
use crate::store::{OpenError, StoreError};

/// The schema of the file, in `PRAGMA user_version`. Migrations go forward only.
const SCHEMA: u32 = 1;

/// A fault that could corrupt the file when its write-ahead log is reset was fixed in 3.51.3
/// (<https://sqlite.org/wal.html#walresetbug>).
const SQLITE_NEEDED: (i32, &str) = (3_051_003, "3.51.3");

/// Another process may be writing; its transactions take milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages of log before it is copied into the file; `SQLite`'s own default, spelled out since the costs were measured
/// with it.
const CHECKPOINT_PAGES: u32 = 1_000;

/// A log that grew while a reader stood in the way is cut back to this.
const LOG_LIMIT: i64 = 64 * 1_024 * 1_024;

/// A row that was written further in the future than this was written before the clock was set back. Two processes on
/// one machine differ by less.
const CLOCK_SLACK: Duration = Duration::from_secs(1);

/// `until` stands before `value`, so that the purge reads no large values.
const TABLES: &str = "
    CREATE TABLE rows (
        key TEXT PRIMARY KEY, version BLOB NOT NULL, until INTEGER, value BLOB NOT NULL
    );
    CREATE TABLE queues (
        number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, version BLOB NOT NULL, value BLOB NOT NULL
    );
    CREATE INDEX queues_by_key ON queues (key, number);
    CREATE TABLE agenda (
        agenda TEXT NOT NULL, item TEXT NOT NULL, partition INTEGER NOT NULL,
        due INTEGER NOT NULL, written INTEGER NOT NULL,
        fence BLOB, lapses INTEGER NOT NULL DEFAULT 0, wakes INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (agenda, item)
    ) WITHOUT ROWID;
    CREATE INDEX agenda_by_due ON agenda (agenda, due);
    CREATE INDEX agenda_woken ON agenda (agenda, item) WHERE wakes > 0;
";

/// The writing connection, and a reading one where that can see the same database.
pub(super) fn open(home: &Home, clock: Clock) -> Result<(Connection, Option<Connection>), OpenError> {
    if rusqlite::version_number() < SQLITE_NEEDED.0 {
        let found = rusqlite::version().to_owned();
        return Err(OpenError::Outdated { what: "SQLite", found, needed: SQLITE_NEEDED.1 });
    }
    match home {
        Home::Memory => {
            let at = Path::new(":memory:");
            let mut writing = Connection::open_in_memory().map_err(|err| unusable(at, &err))?;
            prepare(&mut writing, clock).map_err(|err| err.at(at))?;
            Ok((writing, None))
        }
        Home::File(path) => {
            if let Some(directory) = path.parent() {
                fs::create_dir_all(directory).map_err(|err| unusable(path, &err))?;
            }
            // Values are sealed, but names of keys hold ids of people. The files of the log get the same mode.
            let private = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
            drop(private.map_err(|err| unusable(path, &err))?);
            let mut writing = Connection::open(path).map_err(|err| unusable(path, &err))?;
            writing.busy_timeout(BUSY_TIMEOUT).map_err(|err| unusable(path, &err))?;
            prepare(&mut writing, clock).map_err(|err| err.at(path))?;
            let reading = open_to_read(path).map_err(|err| unusable(path, &err))?;
            Ok((writing, Some(reading)))
        }
    }
}

fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    // SQLITE_OPEN_READ_ONLY could not rebuild the index of the log after a crash; `query_only` refuses writes as well.
    let reading =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    reading.busy_timeout(BUSY_TIMEOUT)?;
    reading.pragma_update(None, "query_only", true)?;
    Ok(reading)
}

/// What `prepare` can run into.
enum Unprepared {
    Sql(rusqlite::Error),
    Newer(u32),
}

impl From<rusqlite::Error> for Unprepared {
    fn from(err: rusqlite::Error) -> Self {
        Self::Sql(err)
    }
}

impl Unprepared {
    fn at(self, path: &Path) -> OpenError {
        match self {
            Self::Sql(err) => unusable(path, &err),
            Self::Newer(theirs) => OpenError::Newer { theirs, ours: SCHEMA },
        }
    }
}

fn prepare(writing: &mut Connection, clock: Clock) -> Result<(), Unprepared> {
    // Looked at before anything is changed: a newer file stays as it is.
    refuse_newer(writing)?;
    writing.pragma_update(None, "journal_mode", "WAL")?;
    writing.pragma_update(None, "synchronous", "FULL")?;
    writing.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // What is deleted is gone: values are sealed, but names of keys hold ids of people.
    writing.pragma_update(None, "secure_delete", "ON")?;
    writing.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    // Two processes may come here at once: the second waits, and finds the tables.
    let transaction = writing.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if refuse_newer(&transaction)? == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    // After the clock was set back, what was planned by the old time would come late by the whole step: it is due now.
    let now = clock.now();
    transaction.execute(
        "UPDATE agenda SET due = ?1, written = ?1 WHERE written > ?2",
        params![stored(now), stored(now.after(CLOCK_SLACK))],
    )?;
    transaction.commit()?;
    Ok(())
}

fn refuse_newer(connection: &Connection) -> Result<u32, Unprepared> {
    let theirs = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if theirs > SCHEMA { Err(Unprepared::Newer(theirs)) } else { Ok(theirs) }
}

fn unusable(path: &Path, reason: &dyn std::error::Error) -> OpenError {
    OpenError::Path { path: path.to_owned(), reason: reason.to_string() }
}

/// The decision behind an error of a statement or a COMMIT that `SQLite` rolled back.
pub(super) fn failure(err: &rusqlite::Error) -> StoreError {
    match err.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        _ => StoreError::Failed(err.to_string()),
    }
}
