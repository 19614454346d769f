//! The embedded store: one `SQLite` file, or memory for a try-out.
//!
//! One thread owns the writing connection. Requests come over a bounded channel; all that wait share one transaction,
//! and answers go out after its COMMIT. Reads have a connection of their own and never wait for a write. Several
//! processes may share a file: a restart without a gap needs no Redis.
//!
//! The clock is the system's as it was when the store was opened, moved on by the monotonic one, so that a step of
//! the system's clock moves nothing until the next start.

mod apply;
mod schema;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, oneshot};

use self::writer::{Ask, Request, Writer};
use super::board::Board;
use super::{Agenda, Batch, Claim, Commit, Key, OpenError, Row, Stir, Store, StoreError};
use crate::clock::Clock;

/// Requests that may wait for the writer. Beyond that callers wait their turn; 32 at once already use the disk best.
const WAITING_LIMIT: usize = 256;

/// The longest wait for an agenda's stir. Another process on the file is noticed sooner; this bounds what was missed.
const STIR_BOUND: Duration = Duration::from_secs(1);

/// A store in one `SQLite` file or in memory. Its thread ends when it is dropped.
#[derive(Debug)]
pub struct SqliteStore {
    asks: mpsc::SyncSender<Ask>,
    room: Arc<Semaphore>,
    /// None in memory: only the writer sees that database.
    reader: Option<Arc<Mutex<Connection>>>,
    board: Arc<Board>,
    clock: Clock,
}

/// Where the database is.
#[derive(Clone, Debug)]
pub(super) enum Home {
    File(PathBuf),
    Memory,
}

impl SqliteStore {
    /// Opens or makes the database file, and the directory that it is in.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        Self::start(Home::File(path.to_owned())).await
    }

    /// An empty store that is gone when it is dropped.
    pub async fn memory() -> Result<Self, OpenError> {
        Self::start(Home::Memory).await
    }

    async fn start(home: Home) -> Result<Self, OpenError> {
        let clock = Clock::system();
        let board = Arc::new(Board::new(1));
        let (asks, asked) = mpsc::sync_channel(WAITING_LIMIT);
        let (opened, is_open) = oneshot::channel();
        let thread_board = Arc::clone(&board);
        let run = move || match schema::open(&home, clock) {
            Ok((writing, reading)) => {
                let writer = Writer::new(writing, thread_board, clock);
                if opened.send(Ok(reading)).is_ok() {
                    writer.run(&asked);
                }
            }
            Err(err) => drop(opened.send(Err(err))),
        };
        let thread = std::thread::Builder::new().name("store".into()).spawn(run);
        thread.map_err(|err| OpenError::Path { path: PathBuf::new(), reason: err.to_string() })?;
        let gone = || OpenError::Path { path: PathBuf::new(), reason: "the store's thread ended".into() };
        let reader = is_open.await.map_err(|_| gone())??.map(|reading| Arc::new(Mutex::new(reading)));
        Ok(Self { asks, room: Arc::new(Semaphore::new(WAITING_LIMIT)), reader, board, clock })
    }

    /// Asks the writer and waits for its answer.
    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Request,
    ) -> Result<T, StoreError> {
        let gone = || StoreError::Failed("the store's thread ended".into());
        let room: OwnedSemaphorePermit = Arc::clone(&self.room).acquire_owned().await.map_err(|_| gone())?;
        let (answer, answered) = oneshot::channel();
        // There is always room: who sends has a permit, and it is given back after the answer.
        self.asks.try_send(Ask { request: request(answer), _room: room }).map_err(|_| gone())?;
        answered.await.map_err(|_| StoreError::Unknown("the store's thread ended".into()))?
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Vec<Row>>, StoreError> {
        let names: Vec<_> = keys.iter().map(apply::Name::from).collect();
        let Some(reader) = &self.reader else {
            return self.ask(|answer| Request::Get { names, answer }).await;
        };
        let reading = Arc::clone(reader).lock_owned().await;
        let now = self.clock.now();
        tokio::task::spawn_blocking(move || apply::read(&reading, &names, now).map_err(|err| schema::failure(&err)))
            .await
            .map_err(|_| StoreError::Failed("the read was cut".into()))?
    }

    async fn commit(&self, batch: &Batch) -> Result<Commit, StoreError> {
        batch.checked()?;
        let batch = batch.clone();
        self.ask(|answer| Request::Commit { batch, answer }).await
    }

    async fn claim(&self, agenda: Agenda, hold: Duration) -> Result<Option<Claim>, StoreError> {
        self.ask(|answer| Request::Claim { agenda, hold, answer }).await
    }

    async fn stirred(&self, what: &Stir) {
        match what {
            Stir::Agenda(agenda) => self.board.wait(*agenda, STIR_BOUND).await,
            Stir::Item(agenda, item) => self.board.wait_for_item(*agenda, item).await,
        }
    }
}
