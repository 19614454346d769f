//! Calls of the scripts and their answers, as bytes.

use std::fmt;
use std::time::Duration;

use redis::Cmd;
use tokio::time::Instant;

use super::link::{Call, Program};
use crate::clock::{Timestamp, millis};
use crate::store::board::Board;
use crate::store::{Agenda, Batch, Claim, Commit, Expect, Item, Key, Kind, Partition, Row, StoreError, Version, Write};

const GET: &str = include_str!("get.lua");
const DUE: &str = include_str!("due.lua");

/// Where things are on the server, and the scripts that work there.
pub(super) struct Layout {
    prefix: String,
    commit: Program,
    claim: Program,
}

/// What `get`'s script answers, per call: rows per key.
pub(super) type Got = Vec<Vec<Vec<Vec<u8>>>>;

/// What a claim's script answers: now, ms until the next, lapses, item, rows per key.
pub(super) type ClaimAnswer = (u64, i64, i64, String, Vec<Vec<Vec<u8>>>);

/// A claim, if there was one, and when the partition is due next.
pub(super) struct Claimed {
    pub(super) claim: Option<Claim>,
    pub(super) next: Option<Duration>,
}

/// A hint from the channel.
#[derive(Debug, PartialEq)]
pub(super) struct Hint {
    pub(super) agenda: Agenda,
    pub(super) after: Duration,
    pub(super) wakes: u32,
    pub(super) item: Item,
}

impl Layout {
    pub(super) fn new(prefix: String) -> Self {
        let (commit, claim) = (Program::new(include_str!("commit.lua")), Program::new(include_str!("claim.lua")));
        Self { prefix, commit, claim }
    }

    pub(super) fn channel(&self) -> String {
        format!("{}stir", self.prefix)
    }

    fn base(&self, partition: Partition) -> String {
        format!("{}{{{partition}}}", self.prefix)
    }

    /// One call for each partition, and for each key where its rows are: in which call, at which place.
    pub(super) fn get(&self, keys: &[Key]) -> (Vec<Cmd>, Vec<(usize, usize)>) {
        let mut calls: Vec<(Partition, Vec<String>)> = Vec::new();
        let mut places = vec![None; usize::from(Partition::COUNT)];
        let mut order = Vec::with_capacity(keys.len());
        for key in keys {
            let call = *places[usize::from(key.partition().number())].get_or_insert_with(|| {
                calls.push((key.partition(), Vec::new()));
                calls.len() - 1
            });
            order.push((call, calls[call].1.len()));
            calls[call].1.push(name(key));
        }
        let ask = |(partition, names)| redis::cmd("EVAL").arg(GET).arg(1).arg(self.base(partition)).arg(names).take();
        (calls.into_iter().map(ask).collect(), order)
    }

    /// One call for each partition, in order; each answers ms until the first item of each agenda, or -1.
    pub(super) fn due(&self) -> Vec<Cmd> {
        let agendas = Agenda::ALL.map(Agenda::as_str);
        let ask = |partition| redis::cmd("EVAL").arg(DUE).arg(1).arg(self.base(partition)).arg(&agendas).take();
        Partition::all().map(ask).collect()
    }

    pub(super) fn claim(&self, partition: Partition, agenda: Agenda, hold: Duration, fence: Version) -> Call<'_> {
        let mut call = self.claim.on(self.base(partition));
        call.arg(agenda.as_str()).arg(millis(hold)).arg(fence.as_bytes().as_slice());
        for &kind in agenda.kinds() {
            let whose = if kind.is_of_owner() { "owner" } else { "item" };
            call.arg(format!("{}:{}:", shelf(kind), kind.as_str())).arg(whose);
        }
        call
    }

    pub(super) fn commit(&self, batch: &Batch, confirmed: bool) -> Call<'_> {
        let mut call = self.commit.on(self.base(batch.partition));
        call.arg(batch.id.as_bytes().as_slice()).arg(self.channel()).arg(batch.partition.number());
        call.arg(u8::from(confirmed)).arg(batch.expects.len());
        for expect in &batch.expects {
            match expect {
                Expect::Absent(key) => call.arg("absent").arg(name(key)),
                Expect::At(key, version) => call.arg("at").arg(name(key)).arg(version.as_bytes().as_slice()),
                Expect::Fewer(key, limit) => call.arg("fewer").arg(name(key)).arg(*limit),
                Expect::Held(claim) => on(call.arg("held"), claim).arg(claim.fence.as_bytes().as_slice()),
            };
        }
        for write in &batch.writes {
            match write {
                Write::Put { key, value, ttl } => {
                    // A row that lives for no time at all is not something that Redis knows.
                    let ttl = ttl.map_or_else(|| "-1".to_owned(), |ttl| millis(ttl).max(1).to_string());
                    call.arg("put").arg(name(key)).arg(value.as_slice()).arg(ttl)
                }
                Write::Push { key, value } => call.arg("push").arg(name(key)).arg(value.as_slice()),
                Write::Remove { key, version } => call.arg("remove").arg(name(key)).arg(version.as_bytes().as_slice()),
                Write::Delete { key } => call.arg("delete").arg(name(key)),
                Write::Wake { agenda, item, after } => {
                    call.arg("wake").arg(agenda.as_str()).arg(&item.name).arg(millis(*after))
                }
                Write::Hold { claim, hold } => on(call.arg("hold"), claim).arg(millis(*hold)),
                Write::Rest { claim, again } => {
                    let again = again.map_or_else(|| "-1".to_owned(), |again| millis(again).to_string());
                    on(call.arg("rest"), claim).arg(again)
                }
            };
        }
        call
    }
}

fn on<'a, 'b>(call: &'b mut Call<'a>, claim: &Claim) -> &'b mut Call<'a> {
    call.arg(claim.agenda.as_str()).arg(&claim.item.name)
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layout({})", self.prefix)
    }
}

fn name(key: &Key) -> String {
    format!("{}:{key}", shelf(key.kind()))
}

fn shelf(kind: Kind) -> char {
    if kind.is_queue() { 'q' } else { 'd' }
}

/// Puts rows back into the order of the keys.
pub(super) fn got(answer: &Got, order: &[(usize, usize)]) -> Result<Vec<Vec<Row>>, StoreError> {
    order
        .iter()
        .map(|&(call, place)| answer.get(call).and_then(|rows| rows.get(place)).ok_or_else(strange))
        .map(|raw| raw?.iter().map(|raw| row(raw)).collect())
        .collect()
}

pub(super) fn claimed(
    agenda: Agenda,
    partition: Partition,
    fence: Version,
    asked: Instant,
    (now, next, lapses, name, rows): ClaimAnswer,
) -> Result<Claimed, StoreError> {
    let claim = match u32::try_from(lapses) {
        Ok(lapses) => {
            let rows = rows.iter().map(|raw| raw.iter().map(|raw| row(raw)).collect()).collect::<Result<_, _>>()?;
            let now = Timestamp::from_millis(now);
            Some(Claim { agenda, item: Item { partition, name }, fence, lapses, rows, now, asked })
        }
        Err(_) => None,
    };
    Ok(Claimed { claim, next: until(next) })
}

/// What a commit's script answers: which expectation was refused or -1, now, whether the held item was woken.
pub(super) type Committed = (i64, u64, bool);

pub(super) fn committed((refused, now, woken): Committed) -> Commit {
    usize::try_from(refused).map_or(Commit::Done { now: Timestamp::from_millis(now), woken }, Commit::Refused)
}

/// Notes on the board what an applied batch did to our own claims; everything else comes as a hint.
pub(super) fn tell(board: &Board, writes: &[Write]) {
    for write in writes {
        match write {
            Write::Hold { claim, hold } => board.prolong(claim, *hold),
            Write::Rest { claim, .. } => board.release(claim),
            _ => {}
        }
    }
}

/// `-1` for never.
pub(super) fn until(ms: i64) -> Option<Duration> {
    u64::try_from(ms).ok().map(Duration::from_millis)
}

/// Reads `agenda partition ms wakes item`; the item may contain anything.
pub(super) fn hint(text: &str) -> Option<Hint> {
    let mut words = text.splitn(5, ' ');
    let agenda = Agenda::named(words.next()?)?;
    let partition = Partition::from_number(words.next()?.parse().ok()?)?;
    let after = Duration::from_millis(words.next()?.parse().ok()?);
    let wakes = words.next()?.parse().ok()?;
    Some(Hint { agenda, after, wakes, item: Item { partition, name: words.next()?.to_owned() } })
}

fn row(raw: &[u8]) -> Result<Row, StoreError> {
    let (version, value) = Version::split_off(raw).ok_or_else(strange)?;
    Ok(Row { version, value: value.to_vec() })
}

fn strange() -> StoreError {
    StoreError::Failed("an answer is not what our scripts give; is the prefix shared with something else?".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_read_whatever_the_item_is_called() {
        let item = Item { partition: Partition::from_number(7).unwrap(), name: "telegram:42:a b".into() };
        let read = hint("conversations 7 1500 2 telegram:42:a b");
        let after = Duration::from_millis(1_500);
        assert_eq!(read, Some(Hint { agenda: Agenda::Conversations, after, wakes: 2, item }));
    }

    #[test]
    fn a_strange_hint_is_ignored() {
        for text in ["", "conversations", "lunch 7 0 0 x", "conversations 64 0 0 x", "conversations 7 -1 0 x"] {
            assert_eq!(hint(text), None, "{text}");
        }
    }

    #[test]
    fn keys_carry_the_hash_tag_of_their_partition() {
        let layout = Layout::new("bot:".into());
        assert_eq!(layout.base(Partition::from_number(7).unwrap()), "bot:{p07}");
    }
}
