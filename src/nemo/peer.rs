//! The other end of a socket, for tests: answers by a script of raw bytes and closes as oddly as it is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{Nemo, NemoSettings};

/// How an answer ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// An orderly close.
    Close,
    /// A TCP reset.
    Reset,
    /// The connection stays open and silent.
    Hold,
}

/// When an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    /// After the whole request was read.
    Read,
    /// After the head; the body is left unread.
    Head,
}

#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) end: End,
    pub(super) when: When,
}

impl Answer {
    /// An answer with a body of known length.
    pub(super) fn json(status: u16, body: &str) -> Self {
        let head = format!("HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}", body.len());
        Self::raw(format!("{head}\r\n\r\n{body}"), End::Close)
    }

    /// A stream whose body ends as told, after these chunks; without the last chunk unless it is closed.
    pub(super) fn stream(chunks: &[&str], end: End) -> Self {
        let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n".to_vec();
        bytes.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
        for chunk in chunks {
            bytes.extend_from_slice(format!("{:x}\r\n{chunk}\r\n", chunk.len()).as_bytes());
        }
        if matches!(end, End::Close) {
            bytes.extend_from_slice(b"0\r\n\r\n");
        }
        Self::raw(bytes, end)
    }

    pub(super) fn raw(bytes: impl Into<Vec<u8>>, end: End) -> Self {
        Self { bytes: bytes.into(), end, when: When::Read }
    }

    pub(super) fn at_once(self) -> Self {
        Self { when: When::Head, ..self }
    }
}

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
    /// The body came whole.
    pub(super) whole: bool,
}

impl Seen {
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1")
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    }

    pub(super) fn body(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Listens on loopback; the last answer of the script is given again and again.
pub(super) struct Peer {
    pub(super) nemo: Nemo,
    seen: Arc<Mutex<Vec<Seen>>>,
    _serving: JoinSet<()>,
}

impl Peer {
    pub(super) async fn new(script: Vec<Answer>) -> Self {
        Self::with(script, |_| ()).await
    }

    pub(super) async fn with(script: Vec<Answer>, change: impl FnOnce(&mut NemoSettings)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = settings(&format!("http://{}/base/", listener.local_addr().unwrap()));
        change(&mut settings);
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let mut serving = JoinSet::new();
        let log = Arc::clone(&seen);
        serving.spawn(async move {
            let mut open = JoinSet::new();
            for round in 0.. {
                let (socket, _) = listener.accept().await.unwrap();
                let answer = script[round.min(script.len() - 1)].clone();
                open.spawn(serve(socket, answer, Arc::clone(&log)));
            }
        });
        Self { nemo: Nemo::new(settings).unwrap(), seen, _serving: serving }
    }

    /// What arrived until now.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

pub(super) fn settings(api_url: &str) -> NemoSettings {
    NemoSettings {
        api_url: api_url.parse().unwrap(),
        web_url: "https://web.example".parse().unwrap(),
        skill_source: "video-meta-ai".to_owned(),
        skill_version: "1.0.0".to_owned(),
        skill_platform: "unknown".to_owned(),
        turn_timeout: Duration::from_mins(15),
        silence_timeout: Duration::from_mins(10),
        call_timeout: Duration::from_mins(1),
        rate_limit_wait: Duration::from_secs(30),
    }
}

async fn serve(mut socket: TcpStream, answer: Answer, log: Arc<Mutex<Vec<Seen>>>) {
    let mut seen = Seen::default();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    seen.head = String::from_utf8(head).unwrap();
    let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
    let at = {
        let mut log = log.lock().unwrap();
        log.push(seen.clone());
        log.len() - 1
    };
    if answer.when == When::Read {
        while seen.body.len() < length {
            match socket.read_buf(&mut seen.body).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
    }
    seen.whole = seen.body.len() == length;
    log.lock().unwrap()[at] = seen.clone();
    if !seen.whole && answer.when == When::Read {
        return;
    }
    socket.write_all(&answer.bytes).await.ok();
    match answer.end {
        End::Close => {
            socket.shutdown().await.ok();
            // Reads on until the client closes: a close with unread bytes would be a reset.
            let mut rest = vec![0; 65536];
            while socket.read(&mut rest).await.is_ok_and(|read| read > 0) {}
        }
        End::Reset => socket.set_zero_linger().unwrap(),
        End::Hold => std::future::pending().await,
    }
}
