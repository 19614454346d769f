//! A real Redis server of a test's own, on a free port of loopback. It ends with the test.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// A port that was free a moment ago may be taken; then another is tried.
const ATTEMPTS: usize = 5;

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

    /// Lets it go on.
    pub(super) fn thaw(&self) {
        self.process.signal("-CONT");
    }

    /// Everything that it keeps on disk.
    pub(super) fn directory(&self) -> PathBuf {
        self.directory.path().to_owned()
    }
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
