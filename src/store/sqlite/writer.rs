//! The thread that owns the writing connection.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Instant;

use super::apply::{self, Name, News};
use super::schema::failure;
use crate::clock::{Clock, Timestamp};
use crate::store::board::Board;
use crate::store::{Agenda, Batch, Claim, Commit, Kind, Row, StoreError, Write};

/// Requests that share one transaction. Beyond this a group only makes the first of them wait longer.
const GROUP_LIMIT: usize = 128;

/// How often we look whether another process has written to the file.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How often, and over how many rows, expired ones are looked for: 360,000 in an hour, without a noticeable pause.
const PURGE_EVERY: Duration = Duration::from_secs(10);
const PURGE_STEP: u32 = 1_000;

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// A request with its place in the channel, which it gives back once it is answered.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) request: Request,
    pub(super) _room: OwnedSemaphorePermit,
}

#[derive(Debug)]
pub(super) enum Request {
    Get { names: Vec<Name>, answer: Answer<Vec<Vec<Row>>> },
    Commit { batch: Batch, answer: Answer<Commit> },
    Claim { agenda: Agenda, hold: Duration, answer: Answer<Option<Claim>> },
}

impl Request {
    /// Whether nobody waits for a claim any more, so that nothing should be held for them. A batch is applied all the
    /// same: its sender may have wanted that.
    fn is_abandoned(&self) -> bool {
        matches!(self, Self::Claim { answer, .. } if answer.is_closed())
    }

    /// Whether it must survive a power cut once it is answered. A claim need not: who holds it ends with the power, and
    /// whatever is written under it takes it to the disk along with itself, since the log is one. So the one crew of an
    /// instance, which claims one item after the other, does not wait for the disk each time.
    fn lasts(&self) -> bool {
        matches!(self, Self::Commit { .. })
    }

    /// Whether a person's row is deleted, since someone wants to be forgotten, or nothing is done but to take an item off
    /// its agenda, which is how those end whose rows went with the person's.
    fn forgets(&self) -> bool {
        let Self::Commit { batch, .. } = self else { return false };
        let deletes = |write: &Write| matches!(write, Write::Delete { key } if key.kind() == Kind::Person);
        let ends = |write: &Write| matches!(write, Write::Rest { again: None, .. });
        batch.writes.iter().any(deletes) || batch.writes.iter().all(ends)
    }

    fn refuse(self, err: StoreError) {
        // Who no longer listens needs no answer.
        match self {
            Self::Get { answer, .. } => drop(answer.send(Err(err))),
            Self::Commit { answer, .. } => drop(answer.send(Err(err))),
            Self::Claim { answer, .. } => drop(answer.send(Err(err))),
        }
    }
}

/// An outcome that is told once it is durable.
enum Outcome {
    Get(Vec<Vec<Row>>),
    Commit(Commit),
    Claim(Option<Claim>),
}

#[derive(Debug)]
pub(super) struct Writer {
    db: Connection,
    board: Arc<Board>,
    clock: Clock,
    /// `PRAGMA data_version` when we last looked: moves when another connection has written.
    seen: i64,
    looked: Instant,
    purged: Instant,
    purge_cursor: i64,
    /// Someone was forgotten, and the log still holds what was deleted.
    empty_log: bool,
    /// Whether a transaction is on the disk before it is answered.
    lasting: bool,
}

impl Writer {
    pub(super) fn new(db: Connection, board: Arc<Board>, clock: Clock) -> Self {
        let now = Instant::now();
        let (seen, purge_cursor, empty_log, lasting) = (0, 0, false, true);
        let mut writer = Self { db, board, clock, seen, looked: now, purged: now, purge_cursor, empty_log, lasting };
        writer.look();
        writer
    }

    /// Serves until all senders are gone.
    pub(super) fn run(mut self, asks: &Receiver<Ask>) {
        loop {
            match asks.recv_timeout(LOOK_EVERY) {
                Ok(first) => {
                    let mut group = vec![first];
                    group.extend(asks.try_iter().take(GROUP_LIMIT - 1));
                    self.serve(group);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.looked.elapsed() >= LOOK_EVERY {
                self.looked = Instant::now();
                self.look();
                self.empty_log();
            }
            if self.purged.elapsed() >= PURGE_EVERY {
                self.purged = Instant::now();
                self.purge();
            }
        }
    }

    fn serve(&mut self, group: Vec<Ask>) {
        let group: Vec<Ask> = group.into_iter().filter(|ask| !ask.request.is_abandoned()).collect();
        let mut news = Vec::new();
        match self.transact(&group, &mut news) {
            Ok(outcomes) => {
                self.empty_log |= group.iter().any(|ask| ask.request.forgets());
                self.empty_log();
                // The board first: who is answered may wait for a stir at once.
                self.tell(news);
                for (ask, outcome) in group.into_iter().zip(outcomes) {
                    match (ask.request, outcome) {
                        (Request::Get { answer, .. }, Outcome::Get(rows)) => drop(answer.send(Ok(rows))),
                        (Request::Commit { answer, .. }, Outcome::Commit(commit)) => drop(answer.send(Ok(commit))),
                        (Request::Claim { answer, .. }, Outcome::Claim(claim)) => drop(answer.send(Ok(claim))),
                        (request, _) => request.refuse(StoreError::Failed("answers are out of step".into())),
                    }
                }
            }
            Err(err) => {
                tracing::warn!(error = %err, requests = group.len(), "A group of requests failed; nothing was written.");
                for ask in group {
                    if let Request::Claim { agenda, .. } = &ask.request {
                        self.board.pause(self.board.look_at(*agenda, 0));
                    }
                    ask.request.refuse(err.clone());
                }
            }
        }
    }

    /// All requests of a group in one transaction; an error of one is the answer to all.
    fn transact(&mut self, group: &[Ask], news: &mut Vec<News>) -> Result<Vec<Outcome>, StoreError> {
        let failed = |err: rusqlite::Error| failure(&err);
        let now = self.clock.now();
        self.last(group.iter().any(|ask| ask.request.lasts())).map_err(failed)?;
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let mut outcomes = Vec::with_capacity(group.len());
        for ask in group {
            outcomes.push(perform(&transaction, &ask.request, now, news).map_err(failed)?);
        }
        transaction.commit().map_err(|err| match err.sqlite_error_code() {
            // The disk failed under the COMMIT: what of it was written shows when the log is read again.
            Some(ErrorCode::SystemIoFailure) => StoreError::Unknown(err.to_string()),
            _ => failure(&err),
        })?;
        Ok(outcomes)
    }

    /// Has transactions wait for the disk or not, from here on.
    fn last(&mut self, lasting: bool) -> rusqlite::Result<()> {
        if lasting != self.lasting {
            self.db.pragma_update(None, "synchronous", if lasting { "FULL" } else { "NORMAL" })?;
            self.lasting = lasting;
        }
        Ok(())
    }

    /// Copies the log into the file and cuts it back, after someone was forgotten. A reader in the way: later.
    fn empty_log(&mut self) {
        if self.empty_log {
            let busy = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
            self.empty_log = busy.unwrap_or(true);
        }
    }

    fn tell(&self, news: Vec<News>) {
        let mut touched = [false; Agenda::ALL.len()];
        for piece in news {
            match piece {
                News::Agenda(agenda) => touched[agenda.number()] = true,
                News::Woken(agenda, item, wakes) => self.board.stir(agenda, &item, wakes),
                News::Held(claim, hold) => self.board.hold(&claim, hold),
                News::Prolonged(claim, hold) => self.board.prolong(&claim, hold),
                News::Released(claim) => self.board.release(&claim),
            }
        }
        for agenda in Agenda::ALL.into_iter().filter(|agenda| touched[agenda.number()]) {
            self.look_at(agenda);
        }
    }

    /// Puts the next due time of an agenda on the board. Only this thread does, so the answer is never stale.
    fn look_at(&self, agenda: Agenda) {
        let look = self.board.look_at(agenda, 0);
        match apply::next_due(&self.db, agenda) {
            Ok(due) => self.board.answer(look, due.map(|due| due.since(self.clock.now()))),
            Err(err) => {
                tracing::warn!(error = %err, "The agenda could not be read; looking again in a moment.");
                self.board.pause(look);
            }
        }
    }

    /// Looks at what another process wrote.
    fn look(&mut self) {
        let Ok(seen) = self.db.pragma_query_value(None, "data_version", |row| row.get(0)) else { return };
        if seen == self.seen {
            return;
        }
        self.seen = seen;
        for agenda in Agenda::ALL {
            self.look_at(agenda);
        }
        for piece in apply::woken(&self.db).unwrap_or_default() {
            if let News::Woken(agenda, item, wakes) = piece {
                self.board.stir(agenda, &item, wakes);
            }
        }
    }

    fn purge(&mut self) {
        match apply::purge(&self.db, self.purge_cursor, PURGE_STEP, self.clock.now()) {
            Ok(cursor) => self.purge_cursor = cursor,
            Err(err) => tracing::warn!(error = %err, "Expired rows could not be purged; trying again later."),
        }
    }
}

fn perform(db: &Connection, request: &Request, now: Timestamp, news: &mut Vec<News>) -> rusqlite::Result<Outcome> {
    Ok(match request {
        Request::Get { names, .. } => Outcome::Get(apply::get(db, names, now)?),
        Request::Commit { batch, .. } => Outcome::Commit(apply::commit(db, batch, now, news)?),
        Request::Claim { agenda, hold, .. } => Outcome::Claim(apply::claim(db, *agenda, *hold, now, news)?),
    })
}
