//! The connection for commands: to one server, or to a cluster whose nodes the client finds by itself.

use std::fmt;
use std::time::Duration;

use futures::future::try_join_all;
use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::cluster::{ClusterClient, ClusterConfig};
use redis::cluster_async::ClusterConnection;
use redis::{
    Client, Cmd, ConnectionInfo, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisFuture, RedisResult, Script,
    ServerErrorKind, ToRedisArgs, Value, from_redis_value,
};

use super::{CONNECT_TIMEOUT, RECONNECT_PAUSE};

/// How long a replica may take to confirm. One that is well does so in a round trip; while one is not, each commit that
/// waits holds up those behind it on its connection.
const REPLICA_PATIENCE: Duration = Duration::from_millis(200);

/// How often a cluster's client follows a call to where its partition has gone. A batch is once, so it may.
const CLUSTER_RETRIES: u32 = 3;
/// Between two of those, at most, in milliseconds.
const CLUSTER_RETRY_WAIT: u64 = 500;

/// A connection that is made again when it breaks. Cheap to clone; clones share it.
#[derive(Clone)]
pub(super) enum Link {
    Server(ConnectionManager),
    Cluster(ClusterConnection),
}

/// A script as servers know it.
#[derive(Debug)]
pub(super) struct Program {
    source: &'static str,
    hash: String,
}

/// A script with the base of its keys and its arguments.
#[derive(Clone, Debug)]
pub(super) struct Call<'a> {
    program: &'a Program,
    arguments: Vec<Vec<u8>>,
}

impl Program {
    pub(super) fn new(source: &'static str) -> Self {
        Self { source, hash: Script::new(source).get_hash().to_owned() }
    }

    /// A call in the partition whose keys begin with `base`.
    pub(super) fn on(&self, base: String) -> Call<'_> {
        Call { program: self, arguments: vec![base.into_bytes()] }
    }
}

impl Call<'_> {
    pub(super) fn arg(&mut self, argument: impl ToRedisArgs) -> &mut Self {
        self.arguments.extend(argument.to_redis_args());
        self
    }

    /// By its hash, or whole for a server that does not know it.
    fn command(&self, whole: bool) -> Cmd {
        let mut command = if whole { redis::cmd("EVAL") } else { redis::cmd("EVALSHA") };
        command.arg(if whole { self.program.source } else { self.program.hash.as_str() }).arg(1).arg(&self.arguments);
        command
    }
}

impl Link {
    /// To the one server at `info`.
    pub(super) async fn server(info: ConnectionInfo, answer_timeout: Duration) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(answer_timeout))
            .set_max_delay(RECONNECT_PAUSE);
        ConnectionManager::new_with_config(Client::open(info)?, config).await.map(Self::Server)
    }

    /// To the cluster that the node at `info` belongs to.
    pub(super) async fn cluster(info: ConnectionInfo, answer_timeout: Duration) -> RedisResult<Self> {
        let client = ClusterClient::builder([info])
            .retries(CLUSTER_RETRIES)
            .max_retry_wait(CLUSTER_RETRY_WAIT)
            .overall_response_timeout(Some(overall(answer_timeout)))
            .build()?;
        let config = ClusterConfig::new().set_connection_timeout(CONNECT_TIMEOUT).set_response_timeout(answer_timeout);
        client.get_async_connection_with_config(config).await.map(Self::Cluster)
    }

    /// How long a call may take here.
    pub(super) fn patience(&self, answer_timeout: Duration) -> Duration {
        match self {
            Self::Server(_) => answer_timeout,
            Self::Cluster(_) => overall(answer_timeout),
        }
    }

    /// Runs a script.
    pub(super) async fn run<T: FromRedisValue>(&mut self, call: &Call<'_>) -> RedisResult<T> {
        let answer = match call.command(false).query_async(self).await {
            Err(err) if is_unknown_script(&err) => call.command(true).query_async(self).await,
            answer => answer,
        };
        self.leave_replica(answer).await
    }

    /// Runs a script and waits for `acks` replicas. Also tells how many there were.
    pub(super) async fn run_confirmed<T: FromRedisValue>(
        &mut self,
        call: &Call<'_>,
        acks: u32,
    ) -> RedisResult<(T, u32)> {
        let answer = match self.wait_behind(call.command(false), acks).await {
            Err(err) if is_unknown_script(&err) => self.wait_behind(call.command(true), acks).await,
            answer => answer,
        };
        self.leave_replica(answer).await
    }

    /// Both go out in one flight; on a cluster, to the node of the script's partition.
    async fn wait_behind<T: FromRedisValue>(&mut self, command: Cmd, acks: u32) -> RedisResult<(T, u32)> {
        let mut flight = Pipeline::with_capacity(2);
        let wait = u64::try_from(REPLICA_PATIENCE.as_millis()).unwrap_or(u64::MAX);
        flight.add_command(command).cmd("WAIT").arg(acks).arg(wait);
        let mut answers = self.req_packed_commands(&flight, 0, 2).await?.into_iter();
        let mut answer = || answers.next().unwrap_or(Value::Nil).extract_error();
        Ok((from_redis_value(answer()?)?, from_redis_value(answer()?)?))
    }

    /// Sends commands of several partitions: in one flight to a server, all at once to a cluster.
    pub(super) async fn fly<T: FromRedisValue>(&mut self, commands: Vec<Cmd>) -> RedisResult<Vec<T>> {
        if let Self::Cluster(_) = self {
            let ask = |command: Cmd| {
                let mut link = self.clone();
                async move { command.query_async(&mut link).await }
            };
            return try_join_all(commands.into_iter().map(ask)).await;
        }
        let mut flight = Pipeline::with_capacity(commands.len());
        for command in commands {
            flight.add_command(command);
        }
        flight.query_async(self).await
    }

    /// A replica takes no writes. Where one answers, its address has come to mean another server: let go, so that the
    /// next connection asks where that is. A cluster's client does that by itself.
    async fn leave_replica<T>(&mut self, answer: RedisResult<T>) -> RedisResult<T> {
        if let (Self::Server(connection), Err(err)) = (self, &answer)
            && is_replica(err)
        {
            let _: RedisResult<Value> = redis::cmd("QUIT").query_async(connection).await;
        }
        answer
    }
}

impl ConnectionLike for Link {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Server(connection) => connection.req_packed_command(cmd),
            Self::Cluster(connection) => connection.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Server(connection) => connection.req_packed_commands(pipeline, offset, count),
            Self::Cluster(connection) => connection.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Server(connection) => connection.get_db(),
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The connection knows the password.
        f.write_str(match self {
            Self::Server(_) => "Server",
            Self::Cluster(_) => "Cluster",
        })
    }
}

/// The calls that a cluster's client repeats, together.
fn overall(answer_timeout: Duration) -> Duration {
    answer_timeout * 5 / 2
}

fn is_unknown_script(err: &RedisError) -> bool {
    err.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

/// The second for scripts on Redis 6, which wraps the error.
pub(super) fn is_replica(err: &RedisError) -> bool {
    err.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly) || err.to_string().contains("-READONLY")
}
