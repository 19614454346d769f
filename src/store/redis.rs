//! The store that several instances share: a Redis server, or a Redis Cluster, 6.2 or newer.
//!
//! Every call is one Lua script in one partition, whose hash tag `{p07}` is part of each key, so that all of it is on
//! one node of a cluster. Times are those of the server. Layout, behind a prefix:
//!
//! | key | type | content |
//! |---|---|---|
//! | `{p07}d:<kind>:<id>` | string | 16 bytes of version, then the value |
//! | `{p07}q:<kind>:<id>` | list | the same for each row |
//! | `{p07}a:<agenda>` | sorted set | item → when it is due; for a held item the end of its hold |
//! | `{p07}h:<agenda>` | hash | item → 16 bytes of fence, `until lapses wakes` |
//! | `{p07}w` | string | what replicas confirm where a batch changed nothing |
//! | `stir` | channel | `agenda partition ms-until-claimable wakes item` |

mod fitness;
mod link;
mod listen;
mod server;
mod wire;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use redis::ConnectionInfo;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use self::fitness::Account;
pub use self::fitness::Concern;
use self::link::Link;
use self::listen::Listener;
use self::wire::Layout;
use super::board::Board;
use super::{Agenda, Batch, Claim, Commit, Key, OpenError, Partition, Row, Stir, Store, StoreError, Version};

/// A connection is made, or tried again, within this.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Between two attempts to connect again, at most.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// Connections for commits that replicas confirm: such a commit holds up whatever comes behind it on its connection.
const CONFIRMED_LINKS: usize = 4;

/// Names of keys and of the channel begin with this.
const PREFIX: &str = "nemo-bot:";

/// How to reach the server.
#[derive(Clone, Debug)]
pub struct RedisSettings {
    /// `redis://` or `rediss://`, with the password if there is one.
    pub url: SecretString,
    /// In front of every key; two bots on one server need different ones.
    pub prefix: String,
    /// How often each partition is looked at without a hint. Shorter than a hold.
    pub sweep_every: Duration,
    /// How long an answer may take before the outcome is unknown.
    pub answer_timeout: Duration,
    /// How many replicas must have what [`Batch::confirmed`] asks for; 0 asks for none.
    pub replica_acks: u32,
}

impl RedisSettings {
    /// The usual settings for the server at `url`.
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            prefix: PREFIX.to_owned(),
            sweep_every: Duration::from_secs(10),
            // A server that writes every commit to disk is slower than the client's default of 500 ms expects.
            answer_timeout: Duration::from_secs(2),
            replica_acks: 0,
        }
    }
}

/// A store on a Redis server or cluster. Its listener ends when it is dropped.
pub struct RedisStore {
    link: Link,
    confirmed: Vec<Link>,
    next_confirmed: AtomicUsize,
    layout: Arc<Layout>,
    board: Arc<Board>,
    sweep_every: Duration,
    answer_timeout: Duration,
    replica_acks: u32,
    concerns: Vec<Concern>,
    _listening: DropGuard,
}

impl RedisStore {
    /// Connects, checks that the server is fit, and begins to listen for stirs. The address of any node of a cluster
    /// leads to all of it.
    pub async fn connect(settings: RedisSettings) -> Result<Self, OpenError> {
        let RedisSettings { url, prefix, sweep_every, answer_timeout, replica_acks } = settings;
        let address = server::address(url.expose_secret())?;
        let mut link = in_time(Link::server(address.clone(), answer_timeout)).await?;
        let mut account = Account::of(&mut link, answer_timeout).await?;
        let is_cluster = account.is_cluster();
        if is_cluster {
            link = linked(true, &address, answer_timeout).await?;
            let bound = link.patience(answer_timeout);
            account = Account::of(&mut link, bound).await?;
        }
        let concerns = account.judge(replica_acks)?;
        let mut confirmed = Vec::new();
        for _ in 0..if replica_acks > 0 { CONFIRMED_LINKS } else { 0 } {
            confirmed.push(linked(is_cluster, &address, answer_timeout).await?);
        }

        let (layout, board) = (Arc::new(Layout::new(prefix)), Arc::new(Board::new(Partition::COUNT.into())));
        let stop = CancellationToken::new();
        let listener = Listener {
            address,
            link: link.clone(),
            layout: Arc::clone(&layout),
            board: Arc::clone(&board),
            sweep_every,
            answer_timeout,
        };
        // Subscribed before the first sweep: what changes in between is hinted.
        let stirs = listener.subscribe().await.map_err(|err| server::unreachable(&err))?;
        listener.sweep().await.map_err(|err| OpenError::Unreachable(err.to_string()))?;
        TaskTracker::new().spawn(listener.run(stirs, stop.clone()));

        Ok(Self {
            link,
            confirmed,
            next_confirmed: AtomicUsize::new(0),
            layout,
            board,
            sweep_every,
            answer_timeout,
            replica_acks,
            concerns,
            _listening: stop.drop_guard(),
        })
    }

    /// What an operator should know of the server.
    pub fn concerns(&self) -> &[Concern] {
        &self.concerns
    }

    /// Where a batch is confirmed, if that is asked for.
    fn confirmed_link(&self, batch: &Batch) -> Option<Link> {
        let turn = self.next_confirmed.fetch_add(1, Ordering::Relaxed);
        let link = self.confirmed.get(turn.checked_rem(self.confirmed.len())?)?;
        batch.confirmed.then(|| link.clone())
    }

    async fn commit_confirmed(&self, mut link: Link, batch: &Batch) -> Result<wire::Committed, StoreError> {
        let (call, wanted) = (self.layout.commit(batch, true), self.replica_acks);
        let bound = link.patience(self.answer_timeout);
        match answered(bound, link.run_confirmed(&call, wanted)).await? {
            (committed, had) if had >= wanted => Ok(committed),
            (_, had) => Err(StoreError::Unconfirmed { had, wanted }),
        }
    }

    async fn claim_in(
        &self,
        partition: Partition,
        agenda: Agenda,
        hold: Duration,
    ) -> Result<wire::Claimed, StoreError> {
        let fence = Version::random();
        let call = self.layout.claim(partition, agenda, hold, fence);
        let mut link = self.link.clone();
        let asked = Instant::now();
        let answer = answered(link.patience(self.answer_timeout), link.run(&call)).await?;
        wire::claimed(agenda, partition, fence, asked, answer)
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Vec<Row>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let (flight, order) = self.layout.get(keys);
        let mut link = self.link.clone();
        let answer: wire::Got = answered(link.patience(self.answer_timeout), link.fly(flight)).await?;
        wire::got(&answer, &order)
    }

    async fn commit(&self, batch: &Batch) -> Result<Commit, StoreError> {
        batch.checked()?;
        let committed = if let Some(link) = self.confirmed_link(batch) {
            self.commit_confirmed(link, batch).await?
        } else {
            let (call, mut link) = (self.layout.commit(batch, false), self.link.clone());
            answered(link.patience(self.answer_timeout), link.run(&call)).await?
        };
        let commit = wire::committed(committed);
        if matches!(commit, Commit::Done { .. }) {
            wire::tell(&self.board, &batch.writes);
        }
        Ok(commit)
    }

    async fn claim(&self, agenda: Agenda, hold: Duration) -> Result<Option<Claim>, StoreError> {
        // Only partitions that the board calls due are asked. Each answer moves one of them on, so this ends.
        while let Some(look) = self.board.look_at_due(agenda) {
            let Some(partition) = u8::try_from(look.slot()).ok().and_then(Partition::from_number) else { break };
            match self.claim_in(partition, agenda, hold).await {
                Ok(wire::Claimed { claim, next }) => {
                    self.board.answer(look, next);
                    if let Some(claim) = claim {
                        self.board.hold(&claim, hold);
                        return Ok(Some(claim));
                    }
                }
                Err(err) => {
                    self.board.pause(look);
                    return Err(err);
                }
            }
        }
        Ok(None)
    }

    async fn stirred(&self, what: &Stir) {
        match what {
            Stir::Agenda(agenda) => self.board.wait(*agenda, self.sweep_every).await,
            Stir::Item(agenda, item) => self.board.wait_for_item(*agenda, item).await,
        }
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisStore({:?}, {:?})", self.link, self.layout)
    }
}

async fn linked(is_cluster: bool, address: &ConnectionInfo, answer_timeout: Duration) -> Result<Link, OpenError> {
    if is_cluster {
        return in_time(Link::cluster(address.clone(), answer_timeout)).await;
    }
    in_time(Link::server(address.clone(), answer_timeout)).await
}

async fn in_time<T>(connecting: impl Future<Output = redis::RedisResult<T>>) -> Result<T, OpenError> {
    match timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(connected) => connected.map_err(|err| server::unreachable(&err)),
        Err(_) => Err(OpenError::Unreachable("no connection in time".into())),
    }
}

/// Waits for an answer, also while the connection is being made again, which the client's own timeout leaves out.
async fn answered<T>(bound: Duration, answer: impl Future<Output = redis::RedisResult<T>>) -> Result<T, StoreError> {
    match timeout(bound, answer).await {
        Ok(answer) => answer.map_err(|err| server::failure(&err)),
        Err(_) => Err(StoreError::Unknown("no answer in time".into())),
    }
}
