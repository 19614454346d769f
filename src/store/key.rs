//! Names: of rows and queues, of what is on an agenda, and the partition that both carry.

use std::fmt;

/// A 64th of the store. Everything of one owner is in one, so that a batch is atomic on a single server and on a
/// Redis Cluster alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition(u8);

impl Partition {
    /// How many there are. Part of the layout of a Redis store: changing it moves every key.
    pub const COUNT: u8 = 64;

    /// The partition of an owner: a user (`telegram:42`) for nearly everything, else a place or a fixed name.
    pub fn of(owner: &str) -> Self {
        Self(u8::try_from(crc16(owner.as_bytes()) % u16::from(Self::COUNT)).unwrap_or_default())
    }

    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    /// The partition with this number, if there is one.
    pub fn from_number(number: u8) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    /// Its number, from 0.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{:02}", self.0)
    }
}

/// CRC-16/XMODEM, the checksum that Redis Cluster spreads keys by
/// (<https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/>, appendix A).
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8)
            .fold(crc ^ (u16::from(byte) << 8), |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 })
    })
}

/// What a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Row: a user, across places.
    Person,
    /// Row: a conversation.
    Record,
    /// Row: an event that was taken.
    Seen,
    /// Row: a render job.
    Job,
    /// Row: what is known of a place.
    Place,
    /// Row: an ingress.
    Ingress,
    /// Row: anonymous tokens that were obtained.
    Mints,
    /// Row: somebody is getting an account for this user.
    AccountLock,
    /// Row: someone was forgotten. Its id is a keyed hash, so that it names nobody.
    Forgotten,
    /// Row: rows of another key that do not open, as they were.
    Aside,
    /// Queue: what waits for a conversation's worker.
    Inbox,
    /// Queue: the ids of a conversation's render jobs.
    Jobs,
}

impl Kind {
    /// Whether rows of this kind queue up; otherwise there is at most one, and it can expire.
    pub const fn is_queue(self) -> bool {
        matches!(self, Self::Inbox | Self::Jobs)
    }

    /// Whether a row of this kind belongs to an owner rather than to an item, and is named so.
    pub(super) const fn is_of_owner(self) -> bool {
        matches!(self, Self::Person)
    }

    /// The word in front of a key's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Record => "record",
            Self::Seen => "seen",
            Self::Job => "job",
            Self::Place => "place",
            Self::Ingress => "ingress",
            Self::Mints => "mints",
            Self::AccountLock => "account-lock",
            Self::Forgotten => "forgotten",
            Self::Aside => "aside",
            Self::Inbox => "inbox",
            Self::Jobs => "jobs",
        }
    }
}

/// Names a row or a queue. Its text is `<kind>:<id>` and stands open in the store, so an id holds ids of platform,
/// place and user and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    partition: Partition,
    kind: Kind,
    id: String,
}

impl Key {
    /// The key of `kind` with `id`, kept in the partition of `owner`. Ids are unique within a kind across owners:
    /// where it takes the owner to make it so, the id contains the owner.
    pub fn new(kind: Kind, owner: &str, id: &str) -> Self {
        Self::within(Partition::of(owner), kind, id)
    }

    fn within(partition: Partition, kind: Kind, id: &str) -> Self {
        Self { partition, kind, id: id.to_owned() }
    }

    /// Where rows of this key are put that do not open.
    #[must_use]
    pub fn aside(&self) -> Self {
        Self::within(self.partition, Kind::Aside, &self.to_string())
    }

    /// Where it is kept.
    pub const fn partition(&self) -> Partition {
        self.partition
    }

    /// What it names.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its id within the kind.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.id)
    }
}

/// A list of items that have something to do, now or at a known time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agenda {
    /// Conversations with something in the inbox.
    Conversations,
    /// Render jobs to be asked for.
    Renders,
    /// Platforms to be listened to.
    Ingresses,
}

impl Agenda {
    /// All of them, in the order of `Agenda::number`.
    pub const ALL: [Self; 3] = [Self::Conversations, Self::Renders, Self::Ingresses];

    /// The word in keys, logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Renders => "renders",
            Self::Ingresses => "ingresses",
        }
    }

    /// Its number, from 0, for tables in memory.
    pub(super) const fn number(self) -> usize {
        match self {
            Self::Conversations => 0,
            Self::Renders => 1,
            Self::Ingresses => 2,
        }
    }

    /// The agenda of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|agenda| agenda.as_str() == name)
    }

    /// The kinds of what a claim brings.
    pub(super) const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Conversations => &[Kind::Record, Kind::Inbox, Kind::Person],
            Self::Renders => &[Kind::Job],
            Self::Ingresses => &[Kind::Ingress],
        }
    }

    /// The keys whose rows a claim of `item` brings, in the order of [`super::Claim::rows`].
    pub fn brings(self, item: &Item) -> Vec<Key> {
        let id = |kind: Kind| if kind.is_of_owner() { item.owner() } else { &item.name };
        self.kinds().iter().map(|&kind| Key::within(item.partition, kind, id(kind))).collect()
    }
}

/// Something on an agenda: a conversation, a render job, an ingress.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// Where its rows are kept.
    pub partition: Partition,
    /// Its name, which is also the id of the rows that a claim brings.
    pub name: String,
}

impl Item {
    /// The item of that name, in the partition of `owner`.
    pub fn new(owner: &str, name: &str) -> Self {
        Self { partition: Partition::of(owner), name: name.to_owned() }
    }

    /// Whose it is, where its name begins with that, as names of conversations do: `telegram:42` of `telegram:42:7`.
    fn owner(&self) -> &str {
        self.name.match_indices(':').nth(1).map_or(&self.name, |(end, _)| &self.name[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_redis_cluster() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
        assert_eq!(crc16(b""), 0);
    }

    #[test]
    fn owners_spread_over_all_partitions() {
        let used: std::collections::HashSet<_> = (0..2_000).map(|n| Partition::of(&format!("telegram:{n}"))).collect();
        assert_eq!(used.len(), usize::from(Partition::COUNT));
    }

    #[test]
    fn a_claim_brings_rows_of_its_own_partition() {
        let item = Item::new("telegram:42", "telegram:42:7");
        let brings = Agenda::Conversations.brings(&item);
        assert_eq!(
            brings,
            [
                Key::new(Kind::Record, "telegram:42", "telegram:42:7"),
                Key::new(Kind::Inbox, "telegram:42", "telegram:42:7"),
                Key::new(Kind::Person, "telegram:42", "telegram:42"),
            ]
        );
        assert_eq!(brings[1].to_string(), "inbox:telegram:42:7");
    }
}
