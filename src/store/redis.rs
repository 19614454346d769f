//! The store that several instances share: one Redis server, 6.2 or newer.
//!
//! Every call is one Lua script in one partition, whose hash tag `{p07}` is part of each key, so the layout suits a
//! Redis Cluster as well. Times are those of the server. Layout, behind a prefix:
//!
//! | key | type | content |
//! |---|---|---|
//! | `{p07}d:<kind>:<id>` | string | 16 bytes of version, then the value |
//! | `{p07}q:<kind>:<id>` | list | the same for each row |
//! | `{p07}a:<agenda>` | sorted set | item → when it is due; for a held item the end of its hold |
//! | `{p07}h:<agenda>` | hash | item → 16 bytes of fence, `until lapses wakes` |
//! | `stir` | channel | `agenda partition ms-until-claimable wakes item` |

mod listen;
mod server;
mod wire;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Script};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use self::listen::Listener;
use self::wire::Layout;
use super::board::Board;
use super::{Agenda, Batch, Claim, Commit, Key, OpenError, Partition, Row, Stir, Store, StoreError, Version};

/// A connection is made, or tried again, within this.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Between two attempts to connect again, at most.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

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
        }
    }
}

/// A store on a Redis server. Its listener ends when it is dropped.
pub struct RedisStore {
    connection: ConnectionManager,
    layout: Arc<Layout>,
    commit: Script,
    claim: Script,
    board: Arc<Board>,
    sweep_every: Duration,
    answer_timeout: Duration,
    _listening: DropGuard,
}

impl RedisStore {
    /// Connects, checks that the server is fit, and begins to listen for stirs.
    pub async fn connect(settings: RedisSettings) -> Result<Self, OpenError> {
        let RedisSettings { url, prefix, sweep_every, answer_timeout } = settings;
        let client = server::client(url.expose_secret())?;
        let connection = connect(client.clone(), answer_timeout).await?;
        server::check(&mut connection.clone(), answer_timeout).await?;

        let (layout, board) = (Arc::new(Layout::new(prefix)), Arc::new(Board::new(Partition::COUNT.into())));
        let stop = CancellationToken::new();
        let listener = Listener {
            client,
            connection: connection.clone(),
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
            connection,
            layout,
            commit: Script::new(include_str!("redis/commit.lua")),
            claim: Script::new(include_str!("redis/claim.lua")),
            board,
            sweep_every,
            answer_timeout,
            _listening: stop.drop_guard(),
        })
    }

    async fn claim_in(
        &self,
        partition: Partition,
        agenda: Agenda,
        hold: Duration,
    ) -> Result<wire::Claimed, StoreError> {
        let fence = Version::random();
        let call = self.layout.claim(&self.claim, partition, agenda, hold, fence);
        let mut connection = self.connection.clone();
        let answer = answered(self.answer_timeout, call.invoke_async(&mut connection)).await?;
        wire::claimed(agenda, partition, fence, answer)
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Vec<Row>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let (flight, order) = self.layout.get(keys);
        let mut connection = self.connection.clone();
        let answer: wire::Got = answered(self.answer_timeout, flight.query_async(&mut connection)).await?;
        wire::got(&answer, &order)
    }

    async fn commit(&self, batch: &Batch) -> Result<Commit, StoreError> {
        batch.checked()?;
        let call = self.layout.commit(&self.commit, batch);
        let mut connection = self.connection.clone();
        let (refused, now, woken) = answered(self.answer_timeout, call.invoke_async(&mut connection)).await?;
        let commit = wire::committed(refused, now, woken);
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
            Stir::Item(agenda, item) => self.board.wait_for_item(*agenda, item, self.sweep_every).await,
        }
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The connection knows the password.
        write!(f, "RedisStore({:?})", self.layout)
    }
}

async fn connect(client: Client, answer_timeout: Duration) -> Result<ConnectionManager, OpenError> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(Some(answer_timeout))
        .set_max_delay(RECONNECT_PAUSE);
    let connecting = ConnectionManager::new_with_config(client, config);
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
