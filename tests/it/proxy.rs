//! A fault proxy: it stands between the bot and anything that it talks to, and spoils the connection on demand.

#[path = "proxy/tests.rs"]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Read at once.
const CHUNK: usize = 16 * 1024;

/// What the proxy does to the connections that it is meant for, old and new. Places are counted in the answer's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Passes everything on.
    #[default]
    Fair,
    /// Each piece comes so much later, both ways.
    Latency(Duration),
    /// At most so many bytes a second, both ways.
    Rate(u64),
    /// Takes what comes and passes nothing on, both ways.
    Blackhole,
    /// Takes nothing more and says nothing more, and the sockets stay: whoever leaves is not heard either.
    HalfOpen,
    /// Both ends are reset at this byte.
    ResetAt(u64),
    /// Both ends are closed in order at this byte.
    CloseAt(u64),
    /// Passes the answer on byte by byte.
    Split,
    /// Turns this byte into one that stands in no text.
    CorruptAt(u64),
}

/// A proxy in front of one address, on a free port of loopback. It ends with the test.
#[derive(Debug)]
pub(crate) struct Proxy {
    at: SocketAddr,
    mood: watch::Sender<Mood>,
    struck: Arc<AtomicUsize>,
    _serving: JoinSet<()>,
}

impl Proxy {
    /// Stands before `upstream`, an address with or without a scheme.
    pub(crate) async fn before(upstream: &str) -> Self {
        Self::before_calls(upstream, "").await
    }

    /// The same, and spoils only connections whose first words begin so, such as `POST /run_sse`.
    pub(crate) async fn before_calls(upstream: &str, begins: &'static str) -> Self {
        let upstream = upstream.rsplit("://").next().unwrap_or(upstream).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (mood, struck) = (watch::Sender::new(Mood::Fair), Arc::new(AtomicUsize::new(0)));
        let (moods, strikes) = (mood.clone(), Arc::clone(&struck));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (mood, struck, upstream) = (moods.subscribe(), Arc::clone(&strikes), upstream.clone());
                // What has ended is forgotten, so that a long story stays small.
                while open.try_join_next().is_some() {}
                open.spawn(async move {
                    if let Ok(server) = TcpStream::connect(&upstream).await {
                        Line { begins, struck, meant: AtomicBool::new(begins.is_empty()) }
                            .carry(client, server, mood)
                            .await;
                    }
                });
            }
        });
        Self { at, mood, struck, _serving: serving }
    }

    /// Its address for whoever speaks HTTP.
    pub(crate) fn http(&self) -> String {
        format!("http://{}", self.at)
    }

    /// Its address for whoever speaks to Redis.
    pub(crate) fn redis(&self) -> String {
        format!("redis://{}", self.at)
    }

    /// What it does from now on.
    pub(crate) fn turns(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// How many connections it has cut, or spoilt in a byte.
    pub(crate) fn strikes(&self) -> usize {
        self.struck.load(Ordering::Relaxed)
    }
}

/// One connection.
struct Line {
    begins: &'static str,
    /// Whether the faults are for this connection.
    meant: AtomicBool,
    struck: Arc<AtomicUsize>,
}

/// How one direction ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// In order: the other one may go on.
    Closed,
    /// Both are over, so or so.
    Cut,
    Reset,
}

impl Line {
    async fn carry(&self, client: TcpStream, server: TcpStream, mood: watch::Receiver<Mood>) {
        // What is split must stay so.
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let ((from_client, mut to_client), (from_server, mut to_server)) = (client.into_split(), server.into_split());
        let ended = {
            let asks = self.pass(from_client, &mut to_server, mood.clone(), false);
            let answers = self.pass(from_server, &mut to_client, mood, true);
            tokio::pin!(asks, answers);
            // Once the server has said all that it says, it is over.
            tokio::select! {
                ended = &mut asks => if ended == Ended::Closed { answers.await } else { ended },
                ended = &mut answers => ended,
            }
        };
        if ended == Ended::Reset {
            for socket in [to_client, to_server] {
                let _ = socket.as_ref().set_zero_linger();
                // Dropped, it would be closed in order.
                socket.forget();
            }
        }
    }

    async fn pass(
        &self,
        mut from: OwnedReadHalf,
        to: &mut OwnedWriteHalf,
        mut mood: watch::Receiver<Mood>,
        answers: bool,
    ) -> Ended {
        let (mut chunk, mut passed) = (vec![0; CHUNK], 0_u64);
        loop {
            if self.mood(&mut mood) == Mood::HalfOpen {
                changed(&mut mood).await;
                continue;
            }
            let read = tokio::select! {
                read = from.read(&mut chunk) => read,
                () = changed(&mut mood) => continue,
            };
            let read = match read {
                Ok(0) => break,
                Ok(read) => read,
                Err(_) => return Ended::Reset,
            };
            if !answers && passed == 0 && chunk[..read].starts_with(self.begins.as_bytes()) {
                self.meant.store(true, Ordering::Relaxed);
            }
            let mood = self.mood(&mut mood);
            let ended = self.pass_on(&mut chunk[..read], to, mood, answers.then_some(passed)).await;
            passed += read as u64;
            if let Some(ended) = ended {
                return ended;
            }
        }
        // Whoever swallows all swallows the end, too.
        while matches!(self.mood(&mut mood), Mood::Blackhole | Mood::HalfOpen) {
            changed(&mut mood).await;
        }
        let _ = to.shutdown().await;
        Ended::Closed
    }

    /// `passed`: how much of the answer has gone before; `None`: this is not the answer.
    async fn pass_on(
        &self,
        piece: &mut [u8],
        to: &mut OwnedWriteHalf,
        mood: Mood,
        passed: Option<u64>,
    ) -> Option<Ended> {
        let place = |at: u64| {
            let at = usize::try_from(at.checked_sub(passed?)?).ok()?;
            (at < piece.len()).then_some(at)
        };
        let cut = match mood {
            Mood::ResetAt(at) => place(at).map(|at| (at, Ended::Reset)),
            Mood::CloseAt(at) => place(at).map(|at| (at, Ended::Cut)),
            Mood::CorruptAt(at) => {
                if let Some(at) = place(at) {
                    // No text in UTF-8 has it.
                    piece[at] = 0xff;
                    self.struck.fetch_add(1, Ordering::Relaxed);
                }
                None
            }
            Mood::Latency(late) => {
                tokio::time::sleep(late).await;
                None
            }
            Mood::Rate(rate) => {
                tokio::time::sleep(Duration::from_micros(piece.len() as u64 * 1_000_000 / rate)).await;
                None
            }
            Mood::Blackhole => return None,
            Mood::Fair | Mood::HalfOpen | Mood::Split => None,
        };
        let whole = cut.map_or(piece.len(), |(at, _)| at);
        let step = if mood == Mood::Split && passed.is_some() { 1 } else { CHUNK };
        for part in piece[..whole].chunks(step) {
            if to.write_all(part).await.is_err() {
                return Some(Ended::Reset);
            }
            tokio::task::yield_now().await;
        }
        cut.map(|(_, ended)| {
            self.struck.fetch_add(1, Ordering::Relaxed);
            ended
        })
    }

    fn mood(&self, mood: &mut watch::Receiver<Mood>) -> Mood {
        let mood = *mood.borrow_and_update();
        if self.meant.load(Ordering::Relaxed) { mood } else { Mood::Fair }
    }
}

/// Never returns once the proxy is gone.
async fn changed(mood: &mut watch::Receiver<Mood>) {
    if mood.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
