//! What is written, under which conditions, and under whose claim.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::StoreError;
use super::key::{Agenda, Item, Key, Partition};
use crate::clock::Timestamp;

/// Names a batch and every row that it wrote. Random and chosen by us, not a counter: a batch that comes twice is
/// known, and no failover or restored copy can give the same number out again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version([u8; Version::LEN]);

impl Version {
    /// Bytes of a version.
    pub const LEN: usize = 16;

    /// A new one.
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Its bytes, as they stand in front of a value in Redis.
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// Takes a version off the front of what a store kept.
    pub(super) fn split_off(raw: &[u8]) -> Option<(Self, &[u8])> {
        raw.split_first_chunk().map(|(version, rest)| (Self(*version), rest))
    }
}

impl From<[u8; Version::LEN]> for Version {
    fn from(bytes: [u8; Version::LEN]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// A value as the store keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The batch that wrote it.
    pub version: Version,
    /// Sealed, when it was written through a [`super::Vault`].
    pub value: Vec<u8>,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({:?}, {} bytes)", self.version, self.value.len())
    }
}

/// The right to work on an item, until someone else claims it, which can happen once the hold has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The agenda that the item is on.
    pub agenda: Agenda,
    /// The item.
    pub item: Item,
    /// Random, and the proof of every write under this claim.
    pub fence: Version,
    /// Holders that vanished since the last [`Write::Rest`]; from three on the message is poison. One or two can be
    /// a claim whose answer was lost.
    pub lapses: u32,
    /// What [`Agenda::brings`] names, in that order, so that no `get` has to follow.
    pub rows: Vec<Vec<Row>>,
    /// The store's time.
    pub now: Timestamp,
    /// When this instance asked, by its own clock. The hold may have begun then: the answer can have lain unread while
    /// the instance stood still, until after the end of the hold.
    pub asked: Instant,
}

impl Claim {
    /// The same right without the rows, which no proof needs.
    #[must_use]
    pub fn proof(&self) -> Self {
        Self { rows: Vec::new(), item: self.item.clone(), ..*self }
    }

    fn proves(&self, other: &Self) -> bool {
        (self.agenda, &self.item, self.fence) == (other.agenda, &other.item, other.fence)
    }
}

/// What must be true, for a batch to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// No row, or an empty queue.
    Absent(Key),
    /// The row, or the newest row of the queue, has this version.
    At(Key, Version),
    /// Fewer rows than this.
    Fewer(Key, usize),
    /// Nobody claimed the item after this claim, nor has it been rested.
    Held(Claim),
}

impl Expect {
    /// [`Expect::Held`] without a copy of the claim's rows.
    pub fn held(claim: &Claim) -> Self {
        Self::Held(claim.proof())
    }
}

/// What a batch does. Writes are applied in their order.
#[derive(Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets a row.
    Put {
        /// A key of a row.
        key: Key,
        /// The sealed value.
        value: Vec<u8>,
        /// After this it is gone; without, it stays.
        ttl: Option<Duration>,
    },
    /// Appends to a queue. Bound each with [`Expect::Fewer`]: queues are read whole.
    Push {
        /// A key of a queue.
        key: Key,
        /// The sealed value.
        value: Vec<u8>,
    },
    /// Takes what that batch pushed out of a queue, wherever it stands; nothing if it is not there.
    Remove {
        /// A key of a queue.
        key: Key,
        /// The batch that pushed it.
        version: Version,
    },
    /// Removes a row or a whole queue.
    Delete {
        /// The key.
        key: Key,
    },
    /// Makes an item due `after` this, or earlier if it is due earlier already. While the item is held, the wake is
    /// kept for the [`Write::Rest`], and the holder is told.
    Wake {
        /// The agenda.
        agenda: Agenda,
        /// The item.
        item: Item,
        /// The delay, by the store's clock.
        after: Duration,
    },
    /// Goes on holding, from now.
    Hold {
        /// Must also be expected as [`Expect::Held`].
        claim: Claim,
        /// For how long.
        hold: Duration,
    },
    /// Ends the claim. The item is due `again`, never if that is absent, and at once if a wake came meanwhile.
    Rest {
        /// Must also be expected as [`Expect::Held`].
        claim: Claim,
        /// The delay, by the store's clock.
        again: Option<Duration>,
    },
}

impl Write {
    /// [`Write::Hold`] without a copy of the claim's rows.
    pub fn hold(claim: &Claim, hold: Duration) -> Self {
        Self::Hold { claim: claim.proof(), hold }
    }

    /// [`Write::Rest`] without a copy of the claim's rows.
    pub fn rest(claim: &Claim, again: Option<Duration>) -> Self {
        Self::Rest { claim: claim.proof(), again }
    }

    fn partition(&self) -> Partition {
        match self {
            Self::Put { key, .. } | Self::Push { key, .. } | Self::Remove { key, .. } | Self::Delete { key } => {
                key.partition()
            }
            Self::Wake { item, .. } => item.partition,
            Self::Hold { claim, .. } | Self::Rest { claim, .. } => claim.item.partition,
        }
    }

    /// Whether a late second copy of this write, under the same expectations, does no harm: a hold or wake too many
    /// costs a moment, and what a batch pushed cannot come back.
    fn may_repeat(&self) -> bool {
        matches!(self, Self::Wake { .. } | Self::Hold { .. } | Self::Remove { .. })
    }
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { key, value, ttl } => write!(f, "Put({key}, {} bytes, {ttl:?})", value.len()),
            Self::Push { key, value } => write!(f, "Push({key}, {} bytes)", value.len()),
            Self::Remove { key, version } => write!(f, "Remove({key}, {version:?})"),
            Self::Delete { key } => write!(f, "Delete({key})"),
            Self::Wake { agenda, item, after } => write!(f, "Wake({agenda:?}, {}, {after:?})", item.name),
            Self::Hold { claim, hold } => write!(f, "Hold({:?}, {}, {hold:?})", claim.agenda, claim.item.name),
            Self::Rest { claim, again } => write!(f, "Rest({:?}, {}, {again:?})", claim.agenda, claim.item.name),
        }
    }
}

/// All or nothing, in one partition.
///
/// **A batch is *once*:** sent again after it was applied, it changes nothing (see [`Batch::is_once`]). That is what
/// makes a write that timed out harmless. An applied batch that comes again is answered `Done` as long as a row that
/// it *put* still carries its id: where that matters, put one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The version of every row that it writes.
    pub id: Version,
    /// Where all of its keys and items are.
    pub partition: Partition,
    /// Looked at in this order; the first that does not hold is named in the refusal.
    pub expects: Vec<Expect>,
    /// Done in this order.
    pub writes: Vec<Write>,
    /// What follows from the answer cannot be taken back (an update is confirmed to its platform, a request goes out),
    /// so there is none before as many replicas stand behind it as the store was told to ask for.
    pub confirmed: bool,
}

impl Batch {
    /// An empty batch with an id of its own.
    pub fn new(partition: Partition) -> Self {
        Self { id: Version::random(), partition, expects: Vec::new(), writes: Vec::new(), confirmed: false }
    }

    /// Asks for the replicas' confirmation of whatever the answer is.
    #[must_use]
    pub fn to_be_confirmed(mut self) -> Self {
        self.confirmed = true;
        self
    }

    /// Adds an expectation.
    #[must_use]
    pub fn expect(mut self, expect: Expect) -> Self {
        self.expects.push(expect);
        self
    }

    /// Adds a write.
    #[must_use]
    pub fn write(mut self, write: Write) -> Self {
        self.writes.push(write);
        self
    }

    /// Whether a second copy changes nothing: one of the expectations is untrue after the batch was applied
    /// (`Absent` + put or push, `At` + put, push, delete or remove of that version, `Held` + rest), or it only holds,
    /// wakes and removes. `Held` alone is not enough: a late copy under the same claim would overwrite a newer row.
    pub fn is_once(&self) -> bool {
        self.writes.iter().all(Write::may_repeat) || self.expects.iter().any(|expect| self.ends(expect))
    }

    /// Whether the writes make `expect` untrue.
    fn ends(&self, expect: &Expect) -> bool {
        self.writes.iter().any(|write| match (expect, write) {
            (Expect::Absent(key), Write::Put { key: written, .. } | Write::Push { key: written, .. })
            | (
                Expect::At(key, _),
                Write::Put { key: written, .. } | Write::Push { key: written, .. } | Write::Delete { key: written },
            ) => key == written,
            (Expect::At(key, newest), Write::Remove { key: written, version }) => key == written && newest == version,
            (Expect::Held(held), Write::Rest { claim, .. }) => held.proves(claim),
            _ => false,
        })
    }

    /// Refuses a batch that breaks a rule, before a store sees it.
    pub(super) fn checked(&self) -> Result<(), StoreError> {
        let flaw = self.flaw();
        debug_assert!(flaw.is_none(), "{} in {self:?}", flaw.unwrap_or_default());
        flaw.map_or(Ok(()), |flaw| Err(StoreError::Flawed(flaw)))
    }

    fn flaw(&self) -> Option<&'static str> {
        let astray = self.expects.iter().any(|expect| expect.partition() != self.partition)
            || self.writes.iter().any(|write| write.partition() != self.partition);
        let unproven = self.writes.iter().any(|write| match write {
            Write::Hold { claim, .. } | Write::Rest { claim, .. } => {
                !self.expects.iter().any(|expect| matches!(expect, Expect::Held(held) if held.proves(claim)))
            }
            _ => false,
        });
        let mismatched = self.writes.iter().any(|write| match write {
            Write::Put { key, .. } => key.kind().is_queue(),
            Write::Push { key, .. } | Write::Remove { key, .. } => !key.kind().is_queue(),
            _ => false,
        });
        match (astray, unproven, mismatched, self.is_once()) {
            (true, ..) => Some("a key or item is in another partition"),
            (_, true, ..) => Some("a hold or rest does not expect its claim"),
            (_, _, true, _) => Some("a queue is written like a row, or a row like a queue"),
            (.., false) => Some("it is not once"),
            _ => None,
        }
    }
}

impl Expect {
    fn partition(&self) -> Partition {
        match self {
            Self::Absent(key) | Self::At(key, _) | Self::Fewer(key, _) => key.partition(),
            Self::Held(claim) => claim.item.partition,
        }
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// It is applied, now or by an earlier copy.
    Done {
        /// The store's time.
        now: Timestamp,
        /// Something came for the held item since it was claimed.
        woken: bool,
    },
    /// Nothing was written. Names the first expectation that did not hold: "seen before" is not "inbox full".
    Refused(usize),
}

#[cfg(test)]
mod tests;
