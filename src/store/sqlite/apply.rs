//! One request inside a transaction: what the rules of the store mean in SQL.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use tokio::time::Instant;

use crate::clock::Timestamp;
use crate::store::{Agenda, Batch, Claim, Commit, Expect, Item, Key, Kind, Partition, Row, Version, Write};

type Sql<T> = rusqlite::Result<T>;

/// A moment as the tables know it.
pub(super) fn stored(moment: Timestamp) -> i64 {
    i64::try_from(moment.as_millis()).unwrap_or(i64::MAX)
}

fn moment(stored: i64) -> Timestamp {
    Timestamp::from_millis(u64::try_from(stored).unwrap_or_default())
}

/// A key as the tables know it.
#[derive(Clone, Debug)]
pub(super) struct Name {
    text: String,
    kind: Kind,
}

impl From<&Key> for Name {
    fn from(key: &Key) -> Self {
        Self { text: key.to_string(), kind: key.kind() }
    }
}

/// Something that a waiter may want to hear of, once the transaction is durable.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum News {
    /// The earliest due time of this agenda may have moved.
    Agenda(Agenda),
    /// A held item was woken for the n-th time.
    Woken(Agenda, Item, u32),
    Held(Claim, Duration),
    Prolonged(Claim, Duration),
    Released(Claim),
}

/// Reads keys at one moment.
pub(super) fn read(connection: &Connection, names: &[Name], now: Timestamp) -> Sql<Vec<Vec<Row>>> {
    let snapshot = connection.unchecked_transaction()?;
    let rows = get(&snapshot, names, now)?;
    snapshot.commit()?;
    Ok(rows)
}

/// Reads keys within a transaction.
pub(super) fn get(db: &Connection, names: &[Name], now: Timestamp) -> Sql<Vec<Vec<Row>>> {
    names.iter().map(|name| rows(db, name, now)).collect()
}

fn rows(db: &Connection, name: &Name, now: Timestamp) -> Sql<Vec<Row>> {
    let row = |row: &SqlRow<'_>| Ok(Row { version: Version::from(row.get::<_, [u8; 16]>(0)?), value: row.get(1)? });
    if name.kind.is_queue() {
        let mut select = db.prepare_cached("SELECT version, value FROM queues WHERE key = ? ORDER BY number")?;
        select.query_map([&name.text], row)?.collect()
    } else {
        let mut select =
            db.prepare_cached("SELECT version, value FROM rows WHERE key = ? AND (until IS NULL OR until > ?)")?;
        select.query_map(params![name.text, stored(now)], row)?.collect()
    }
}

/// Applies a batch or refuses it. All expectations are looked at before the first write, so a refusal leaves nothing
/// to undo, and batches can share a transaction.
pub(super) fn commit(db: &Connection, batch: &Batch, now: Timestamp, news: &mut Vec<News>) -> Sql<Commit> {
    let mut woken = false;
    for (at, expect) in batch.expects.iter().enumerate() {
        if !holds(db, expect, now, &mut woken)? {
            return Ok(if is_known(db, batch)? { Commit::Done { now, woken } } else { Commit::Refused(at) });
        }
    }
    for write in &batch.writes {
        apply(db, batch.id, write, now, news)?;
    }
    Ok(Commit::Done { now, woken })
}

fn holds(db: &Connection, expect: &Expect, now: Timestamp, woken: &mut bool) -> Sql<bool> {
    Ok(match expect {
        Expect::Absent(key) => newest(db, key, now)?.is_none(),
        Expect::At(key, version) => newest(db, key, now)? == Some(*version),
        Expect::Fewer(key, limit) => count(db, key, now)? < *limit,
        Expect::Held(claim) => match held(db, claim.agenda, &claim.item)? {
            Some(held) if held.fence == claim.fence => {
                *woken |= held.wakes > 0;
                true
            }
            _ => false,
        },
    })
}

fn newest(db: &Connection, key: &Key, now: Timestamp) -> Sql<Option<Version>> {
    let version = |row: &SqlRow<'_>| row.get::<_, [u8; 16]>(0).map(Version::from);
    if key.kind().is_queue() {
        let sql = "SELECT version FROM queues WHERE key = ? ORDER BY number DESC LIMIT 1";
        db.prepare_cached(sql)?.query_row([key.to_string()], version).optional()
    } else {
        let sql = "SELECT version FROM rows WHERE key = ? AND (until IS NULL OR until > ?)";
        db.prepare_cached(sql)?.query_row(params![key.to_string(), stored(now)], version).optional()
    }
}

fn count(db: &Connection, key: &Key, now: Timestamp) -> Sql<usize> {
    if key.kind().is_queue() {
        let sql = "SELECT count(*) FROM queues WHERE key = ?";
        db.prepare_cached(sql)?
            .query_row([key.to_string()], |row| row.get(0))
            .map(|n: i64| usize::try_from(n).unwrap_or(usize::MAX))
    } else {
        Ok(newest(db, key, now)?.map_or(0, |_| 1))
    }
}

/// Whether this very batch was applied before: a row that it put still carries its id.
fn is_known(db: &Connection, batch: &Batch) -> Sql<bool> {
    let mut select = db.prepare_cached("SELECT 1 FROM rows WHERE key = ? AND version = ?")?;
    for write in &batch.writes {
        if let Write::Put { key, .. } = write
            && select.exists(params![key.to_string(), batch.id.as_bytes()])?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Hold {
    fence: Version,
    until: Timestamp,
    wakes: u32,
}

/// The newest claim of an item that has not rested, whether its hold has ended or not.
fn held(db: &Connection, agenda: Agenda, item: &Item) -> Sql<Option<Hold>> {
    let sql = "SELECT fence, due, wakes FROM agenda WHERE agenda = ? AND item = ? AND fence IS NOT NULL";
    db.prepare_cached(sql)?
        .query_row(params![agenda.as_str(), item.name], |row| {
            let fence = Version::from(row.get::<_, [u8; 16]>(0)?);
            Ok(Hold { fence, until: moment(row.get(1)?), wakes: row.get(2)? })
        })
        .optional()
}

fn apply(db: &Connection, id: Version, write: &Write, now: Timestamp, news: &mut Vec<News>) -> Sql<()> {
    match write {
        Write::Put { key, value, ttl } => {
            let until = ttl.map(|ttl| stored(now.after(ttl)));
            let sql = "INSERT INTO rows (key, version, until, value) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (key) DO UPDATE SET version = ?2, until = ?3, value = ?4";
            db.prepare_cached(sql)?.execute(params![key.to_string(), id.as_bytes(), until, value])?;
        }
        Write::Push { key, value } => {
            let sql = "INSERT INTO queues (key, version, value) VALUES (?, ?, ?)";
            db.prepare_cached(sql)?.execute(params![key.to_string(), id.as_bytes(), value])?;
        }
        Write::Remove { key, version } => {
            let sql = "DELETE FROM queues WHERE key = ? AND version = ?";
            db.prepare_cached(sql)?.execute(params![key.to_string(), version.as_bytes()])?;
        }
        Write::Delete { key } => {
            let sql = if key.kind().is_queue() {
                "DELETE FROM queues WHERE key = ?"
            } else {
                "DELETE FROM rows WHERE key = ?"
            };
            db.prepare_cached(sql)?.execute([key.to_string()])?;
        }
        Write::Wake { agenda, item, after } => wake(db, *agenda, item, *after, now, news)?,
        Write::Hold { claim, hold } => {
            let sql = "UPDATE agenda SET due = ?, written = ? WHERE agenda = ? AND item = ?";
            let until = stored(now.after(*hold));
            db.prepare_cached(sql)?.execute(params![until, stored(now), claim.agenda.as_str(), claim.item.name])?;
            news.push(News::Prolonged(claim.proof(), *hold));
            news.push(News::Agenda(claim.agenda));
        }
        Write::Rest { claim, again } => rest(db, claim, *again, now, news)?,
    }
    Ok(())
}

fn wake(
    db: &Connection,
    agenda: Agenda,
    item: &Item,
    after: Duration,
    now: Timestamp,
    news: &mut Vec<News>,
) -> Sql<()> {
    if let Some(hold) = held(db, agenda, item)? {
        let sql = "UPDATE agenda SET wakes = wakes + 1 WHERE agenda = ? AND item = ?";
        db.prepare_cached(sql)?.execute(params![agenda.as_str(), item.name])?;
        news.push(News::Woken(agenda, item.clone(), hold.wakes + 1));
        if hold.until <= now {
            // Its holder is late or has vanished: the item is claimable already, and its lapse must be counted.
            news.push(News::Agenda(agenda));
        }
    } else {
        let sql = "INSERT INTO agenda (agenda, item, partition, due, written) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (agenda, item) DO UPDATE SET due = min(due, ?4), written = ?5";
        let due = stored(now.after(after));
        let partition = item.partition.number();
        db.prepare_cached(sql)?.execute(params![agenda.as_str(), item.name, partition, due, stored(now)])?;
        news.push(News::Agenda(agenda));
    }
    Ok(())
}

fn rest(db: &Connection, claim: &Claim, again: Option<Duration>, now: Timestamp, news: &mut Vec<News>) -> Sql<()> {
    let Claim { agenda, item, .. } = claim;
    let woken = held(db, *agenda, item)?.is_some_and(|hold| hold.wakes > 0);
    let due = if woken { Some(now) } else { again.map(|again| now.after(again)) };
    if let Some(due) = due {
        let sql = "UPDATE agenda SET due = ?, written = ?, fence = NULL, lapses = 0, wakes = 0
            WHERE agenda = ? AND item = ?";
        db.prepare_cached(sql)?.execute(params![stored(due), stored(now), agenda.as_str(), item.name])?;
    } else {
        let sql = "DELETE FROM agenda WHERE agenda = ? AND item = ?";
        db.prepare_cached(sql)?.execute(params![agenda.as_str(), item.name])?;
    }
    news.push(News::Released(claim.proof()));
    news.push(News::Agenda(*agenda));
    Ok(())
}

/// Claims what has been due longest.
pub(super) fn claim(
    db: &Connection,
    agenda: Agenda,
    hold: Duration,
    now: Timestamp,
    news: &mut Vec<News>,
) -> Sql<Option<Claim>> {
    let asked = Instant::now();
    news.push(News::Agenda(agenda));
    let sql = "SELECT item, partition, fence IS NOT NULL, lapses FROM agenda
        WHERE agenda = ? AND due <= ? ORDER BY due LIMIT 1";
    let due = db.prepare_cached(sql)?.query_row(params![agenda.as_str(), stored(now)], |row| {
        let partition = Partition::from_number(row.get(1)?).ok_or(rusqlite::Error::IntegralValueOutOfRange(1, 64))?;
        let vanished = u32::from(row.get::<_, bool>(2)?);
        Ok((Item { partition, name: row.get(0)? }, row.get::<_, u32>(3)?.saturating_add(vanished)))
    });
    let Some((item, lapses)) = due.optional()? else { return Ok(None) };
    let fence = Version::random();
    let sql = "UPDATE agenda SET due = ?, written = ?, fence = ?, lapses = ?, wakes = 0 WHERE agenda = ? AND item = ?";
    let until = stored(now.after(hold));
    let name = agenda.as_str();
    db.prepare_cached(sql)?.execute(params![until, stored(now), fence.as_bytes(), lapses, name, item.name])?;
    let rows = agenda.brings(&item).iter().map(|key| rows(db, &Name::from(key), now)).collect::<Sql<_>>()?;
    let claim = Claim { agenda, item, fence, lapses, rows, now, asked };
    news.push(News::Held(claim.proof(), hold));
    Ok(Some(claim))
}

/// When the next item of an agenda is claimable.
pub(super) fn next_due(db: &Connection, agenda: Agenda) -> Sql<Option<Timestamp>> {
    let sql = "SELECT due FROM agenda WHERE agenda = ? ORDER BY due LIMIT 1";
    let due = db.prepare_cached(sql)?.query_row([agenda.as_str()], |row| row.get(0)).optional()?;
    Ok(due.map(moment))
}

/// Held items that were woken, and how often.
pub(super) fn woken(db: &Connection) -> Sql<Vec<News>> {
    let mut select = db.prepare_cached("SELECT agenda, item, partition, wakes FROM agenda WHERE wakes > 0")?;
    let woken = select.query_map([], |row| {
        let agenda = Agenda::named(row.get_ref(0)?.as_str()?);
        let partition = Partition::from_number(row.get(2)?);
        let name = row.get(1)?;
        let wakes = row.get(3)?;
        Ok(agenda.zip(partition).map(|(agenda, partition)| News::Woken(agenda, Item { partition, name }, wakes)))
    })?;
    woken.filter_map(Result::transpose).collect()
}

/// Deletes expired rows among the next `step` in the order of their numbers, from `cursor` on; no index on expiry has
/// to be kept for that. Returns where to go on, 0 after the last.
pub(super) fn purge(db: &Connection, cursor: i64, step: u32, now: Timestamp) -> Sql<i64> {
    let sql = "SELECT max(rowid) FROM (SELECT rowid FROM rows WHERE rowid > ? ORDER BY rowid LIMIT ?)";
    let last: Option<i64> = db.prepare_cached(sql)?.query_row(params![cursor, step], |row| row.get(0))?;
    let Some(last) = last else { return Ok(0) };
    let sql = "DELETE FROM rows WHERE rowid > ? AND rowid <= ? AND until <= ?";
    db.prepare_cached(sql)?.execute(params![cursor, last, stored(now)])?;
    Ok(last)
}
