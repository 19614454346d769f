//! What is kept, and who may work on it.
//!
//! A [`Store`] keeps rows and bounded queues under [`Key`]s, and agendas of items that have something to do. Its few
//! primitives carry all that is written once above it: inbox, dedupe, sessions, claims, render ledger, leadership.
//! There are two of them, [`sqlite::SqliteStore`] and [`redis::RedisStore`], held to one contract by
//! `tests/it/store_contract.rs`.
//!
//! The rest of the crate sees a store through a [`Vault`] alone, which seals every value before a store gets it. What
//! stands open in a store are the names of keys and items: a kind, and ids of platform, place and user.
//!
//! ```text
//! Vault        documents as JSON with a schema byte, sealed and bound to their key
//!   Store      get, commit, claim, stirred: each one round trip, atomic within one partition
//!     Sqlite   one writer thread, group commit
//!     Redis    one script per call, hints by pub/sub, a board of what is due when
//! ```

mod aside;
mod batch;
mod board;
pub mod document;
mod key;
pub mod redis;
pub mod seal;
mod secret;
pub mod sqlite;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;

pub use self::batch::{Batch, Claim, Commit, Expect, Row, Version, Write};
pub use self::document::Vault;
pub use self::key::{Agenda, Item, Key, Kind, Partition};
pub use self::secret::{KeyError, StoreKey};

/// Each call is one round trip, atomic within one partition.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// Rows per key, oldest first, in the order of `keys`. Keys of one partition are read at one moment.
    async fn get(&self, keys: &[Key]) -> Result<Vec<Vec<Row>>, StoreError>;

    /// Applies all of a batch or nothing. After [`StoreError::Unknown`] it may be applied, now or later: send *the
    /// same* batch again until there is an answer. See [`Batch::confirmed`] for [`StoreError::Unconfirmed`].
    async fn commit(&self, batch: &Batch) -> Result<Commit, StoreError>;

    /// Claims the item of an agenda that has been due longest, if any is due. A call that is dropped half way may
    /// still claim: the item then comes back after its hold, with one lapse more.
    async fn claim(&self, agenda: Agenda, hold: Duration) -> Result<Option<Claim>, StoreError>;

    /// Returns when there may be work. It is a hint: it may come for nothing, and a lost one only delays. The wait for an
    /// agenda is bounded; a holder is told by its next heartbeat ([`Commit::Done`]).
    async fn stirred(&self, what: &Stir);
}

/// What to wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stir {
    /// An item of this agenda is due. For the one dispatcher of an instance: every waiter is stirred.
    Agenda(Agenda),
    /// Something came for an item that was claimed through this handle, since the last time that its stir was heard.
    /// One waiter at a time.
    Item(Agenda, Item),
}

/// Why the store did not do as it was asked. Texts hold no content and no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No answer came. What was asked may be done, now or later. A batch: send the same one again.
    #[error("the store did not answer: {0}")]
    Unknown(String),
    /// Too few replicas have confirmed the answer to a batch that asks for it. It is applied or refused where it was
    /// sent, and a failover may lose it: do nothing that relies on it. The same batch may be sent again.
    #[error("only {had} of {wanted} replicas have confirmed a write")]
    Unconfirmed {
        /// How many have.
        had: u32,
        /// How many should.
        wanted: u32,
    },
    /// The store refused or failed. Nothing was written; trying again later may help.
    #[error("the store failed: {0}")]
    Failed(String),
    /// No room. Nothing was written; refuse new messages until there is.
    #[error("the store is full")]
    Full,
    /// The value does not open: sealed with a key that we do not have, or for another row, or damaged.
    #[error("the value of {0} does not open with any key that is known")]
    Sealed(String),
    /// Written by a newer version of this program. Leave it alone.
    #[error("a value was written by a newer version ({theirs}; this one knows {ours})")]
    Newer {
        /// The schema of the value.
        theirs: u32,
        /// The newest schema that we read.
        ours: u32,
    },
    /// The value opened, but it is not the document that we expect there.
    #[error("the value of {0} is not what is expected there")]
    Misshapen(String),
    /// The value is larger than any document may be. A fault of ours: all that goes into one is bounded.
    #[error("a value for {key} has {bytes} bytes, more than a document may have")]
    TooLarge {
        /// The key it was meant for.
        key: String,
        /// Its size.
        bytes: usize,
    },
    /// A compare-and-set was overtaken every time. Others write the same row in a loop.
    #[error("{0} changed under every attempt to change it")]
    Contended(String),
    /// The batch breaks a rule of [`Batch`]. A fault of ours; nothing was sent.
    #[error("a batch breaks a rule: {0}")]
    Flawed(&'static str),
}

impl StoreError {
    /// Whether a row is there and does not open. It will not, however often it is read.
    pub const fn is_unreadable(&self) -> bool {
        matches!(self, Self::Sealed(_) | Self::Newer { .. } | Self::Misshapen(_))
    }
}

/// Why a store could not be opened. Each has a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its directory cannot be made, read or written.
    #[error("cannot open {}: {reason}", path.display())]
    Path {
        /// The database file.
        path: PathBuf,
        /// What the system or `SQLite` says.
        reason: String,
    },
    /// The file was written by a newer version of this program.
    #[error("the store was written by a newer version ({theirs}; this one knows {ours})")]
    Newer {
        /// The schema of the file.
        theirs: u32,
        /// The newest schema that we write.
        ours: u32,
    },
    /// The library or server is too old to be safe.
    #[error("{what} {found} is too old; {needed} or newer is needed")]
    Outdated {
        /// `SQLite` or `Redis`.
        what: &'static str,
        /// Its version.
        found: String,
        /// The oldest version that will do.
        needed: &'static str,
    },
    /// The address is not one of a Redis server.
    #[error("the address of the store is not a Redis address")]
    Address,
    /// No answer from the server, or not the one of a Redis server.
    #[error("the Redis server cannot be used: {0}")]
    Unreachable(String),
    /// The server drops rows when memory is short.
    #[error("Redis may drop data: maxmemory-policy is {policy}")]
    Evicts {
        /// Its `maxmemory-policy`.
        policy: String,
    },
}
