//! A real Redis server of a test's own, on a free port of loopback. It ends with the test.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::bot::Stage;

/// A port that was free a moment ago may be taken; then another is tried.
const ATTEMPTS: usize = 5;

/// How often a server is asked whether it has got somewhere. It has no way to call us.
const LOOK: Duration = Duration::from_millis(20);

/// Parts of the store. Source: `store::Partition`.
const PARTITIONS: u8 = 64;
/// All that was asked is answered within this, holds and looks at the project included.
pub(super) const REST_PATIENCE: Duration = Duration::from_mins(2);

/// A running `redis-server`, found on the path.
#[derive(Debug)]
pub(super) struct RedisServer {
    directory: TempDir,
    port: u16,
    arguments: Vec<String>,
    process: Process,
}

#[derive(Debug)]
struct Process {
    child: Child,
    /// Held open, since a server that cannot log may stop.
    _log: BufReader<ChildStdout>,
}

impl RedisServer {
    /// Starts a server that writes every commit to disk before it answers.
    pub(super) fn start() -> Self {
        Self::start_with(&["--appendonly", "yes", "--appendfsync", "always"])
    }

    /// Starts a server that keeps nothing on disk, for what is about something else.
    pub(super) fn start_quick() -> Self {
        // Copied at once, not in five seconds, where it is followed.
        Self::start_with(&["--repl-diskless-sync-delay", "0"])
    }

    /// Starts a server with further arguments.
    pub(super) fn start_with(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory for Redis");
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        for _ in 0..ATTEMPTS {
            let port = free_port();
            if let Some(process) = Process::start(port, directory.path(), &arguments) {
                return Self { directory, port, arguments, process };
            }
        }
        panic!("redis-server did not start; is it installed?");
    }

    /// Where it listens.
    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it without warning and starts it again on the same port and files.
    pub(super) fn crash_and_restart(&mut self) {
        self.process.kill();
        // Nobody else is given the port so soon; if somebody is, the test fails rather than passes.
        self.process = Process::start(self.port, self.directory.path(), &self.arguments).expect("redis-server again");
    }

    /// Stops it in its tracks: connections stay, answers do not come.
    pub(super) fn freeze(&self) {
        self.process.signal("-STOP");
    }

    /// Stops it in its tracks for that long.
    pub(super) async fn stall(&self, time: Duration) {
        self.freeze();
        tokio::time::sleep(time).await;
        self.thaw();
    }

    /// Answers nobody for that long, and takes connections: what a host does that is short of everything.
    pub(super) fn pause(&self, time: Duration) {
        self.tell(&["CLIENT", "PAUSE", &time.as_millis().to_string(), "ALL"]);
    }

    /// Copies all that another server has, from here on. Writes nothing of its own.
    pub(super) fn follow(&self, port: u16) {
        self.tell(&["REPLICAOF", "127.0.0.1", &port.to_string()]);
        while !self.tell(&["INFO", "replication"]).contains("master_link_status:up") {
            std::thread::sleep(LOOK);
        }
    }

    /// Returns when whoever follows it hears all that is new.
    pub(super) fn is_followed(&self) {
        while !self.tell(&["INFO", "replication"]).contains("state=online") {
            std::thread::sleep(LOOK);
        }
    }

    /// Stands in for the server that it followed.
    pub(super) fn lead(&self) {
        self.tell(&["REPLICAOF", "NO", "ONE"]);
    }

    /// Ends it without warning, for good.
    pub(super) fn kill(&mut self) {
        self.process.kill();
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// What it answers to a command.
    pub(super) fn tell(&self, command: &[&str]) -> String {
        cli(self.port, command)
    }

    /// Lets it go on.
    pub(super) fn thaw(&self) {
        self.process.signal("-CONT");
    }

    /// Everything that it keeps on disk.
    pub(super) fn directory(&self) -> PathBuf {
        self.directory.path().to_owned()
    }
}

/// Three servers that share the slots of a Redis Cluster, without replicas.
#[derive(Debug)]
pub(super) struct RedisCluster {
    nodes: Vec<RedisServer>,
}

impl RedisCluster {
    pub(super) fn start() -> Self {
        let node = |_| {
            // The usual port of the bus is too high for most free ports.
            let bus = free_port().to_string();
            RedisServer::start_with(&["--cluster-enabled", "yes", "--cluster-port", &bus])
        };
        let nodes: Vec<_> = (0..3).map(node).collect();
        let names: Vec<_> = nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        let made = Command::new("redis-cli").args(["--cluster", "create"]).args(&names).arg("--cluster-yes").output();
        let made = made.expect("redis-cli");
        assert!(made.status.success(), "no cluster: {}", String::from_utf8_lossy(&made.stdout));
        for node in &nodes {
            while !node.tell(&["CLUSTER", "INFO"]).contains("cluster_state:ok") {
                std::thread::sleep(LOOK);
            }
        }
        Self { nodes }
    }

    /// Where one of its nodes is.
    pub(super) fn url(&self) -> String {
        self.nodes[0].url()
    }

    /// How many keys each node has.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let size = |node: &RedisServer| node.tell(&["DBSIZE"]).trim().parse().expect("a number of keys");
        self.nodes.iter().map(size).collect()
    }
}

fn cli(port: u16, command: &[&str]) -> String {
    let said = Command::new("redis-cli").args(["-p", &port.to_string()]).args(command).output().expect("redis-cli");
    assert!(said.status.success(), "{command:?}: {}", String::from_utf8_lossy(&said.stdout));
    String::from_utf8_lossy(&said.stdout).into_owned()
}

impl Process {
    fn start(port: u16, directory: &Path, arguments: &[String]) -> Option<Self> {
        let mut child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"])
            .arg(directory)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut log = BufReader::new(child.stdout.take()?);
        let mut line = String::new();
        while log.read_line(&mut line).is_ok_and(|read| read > 0) {
            if line.contains("Ready to accept connections") {
                return Some(Self { child, _log: log });
            }
            line.clear();
        }
        drop(child.wait());
        None
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(signal).arg(self.child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "no {signal} for redis-server");
    }

    fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// Waits until nobody has anything left to do about any conversation or render.
pub(super) async fn rests(stage: &Stage, redis: &RedisServer) {
    let client = redis::Client::open(redis.url()).unwrap();
    // On a busy machine even a free server takes its time.
    let patient = redis::AsyncConnectionConfig::new()
        .set_connection_timeout(Some(REST_PATIENCE))
        .set_response_timeout(Some(REST_PATIENCE));
    let mut connection = client.get_multiplexed_async_connection_with_config(&patient).await.unwrap();
    let mut flight = redis::pipe();
    for partition in 0..PARTITIONS {
        for agenda in ["conversations", "renders"] {
            flight.cmd("ZCARD").arg(format!("nemo-bot:{{p{partition:02}}}a:{agenda}"));
        }
    }
    let quiet = async {
        loop {
            // First this: what is confirmed is stored, and so it is among what is left.
            let pending = stage.telegram.pending();
            let left: Vec<u32> = flight.query_async(&mut connection).await.unwrap();
            if pending == 0 && left.iter().sum::<u32>() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(REST_PATIENCE, quiet).await.is_ok(), "they never rest\n{}", stage.story());
}
