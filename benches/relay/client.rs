//! The client that uploads, between two sockets with threads of their own that keep nothing.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use futures::StreamExt;
use nemo_bot::nemo::{Nemo, NemoSettings, SessionId, Token, UploadFile};
use tokio::time::Instant;

/// "500 MB": the largest clip that the backend takes.
pub(crate) const SIZE: u64 = 500 * crate::MB;
/// The middle of so many is told.
pub(crate) const ROUNDS: usize = 5;
const PIECE: usize = 64 * 1024;

/// What was seen.
pub(crate) struct Seen {
    /// In MB/s.
    pub(crate) rate: f64,
    /// In bytes.
    pub(crate) growth: u64,
}

/// Relays [`ROUNDS`] clips.
pub(crate) fn measure() -> Seen {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let source = TcpListener::bind("127.0.0.1:0").unwrap();
    let sink = TcpListener::bind("127.0.0.1:0").unwrap();
    let (from, to) = (source.local_addr().unwrap(), sink.local_addr().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(|| (0..ROUNDS).for_each(|_| give(source.accept().unwrap().0)));
        scope.spawn(|| (0..ROUNDS).for_each(|_| take(sink.accept().unwrap().0)));
        crate::forget_peak("self");
        let idle = crate::peak("self");
        let mut times: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let begun = Instant::now();
                runtime.block_on(relay(&format!("http://{from}/clip.mp4"), &format!("http://{to}")));
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        Seen { rate: crate::rate(SIZE, times[ROUNDS / 2]), growth: crate::peak("self") - idle }
    })
}

/// As an upload goes: a response's bytes become a part of a form.
async fn relay(from: &str, to: &str) {
    let settings = NemoSettings {
        api_url: to.parse().unwrap(),
        web_url: "https://example.com".parse().unwrap(),
        skill_source: "s".to_owned(),
        skill_version: "1".to_owned(),
        skill_platform: "p".to_owned(),
        turn_timeout: Duration::from_mins(1),
        silence_timeout: Duration::from_mins(1),
        call_timeout: Duration::from_mins(1),
        rate_limit_wait: Duration::ZERO,
    };
    let nemo = Nemo::new(settings).unwrap();
    let opened = reqwest::Client::builder().no_proxy().build().unwrap().get(from).send().await.unwrap();
    let length = opened.content_length().unwrap();
    let bytes = opened.bytes_stream().map(|piece| piece.map_err(Into::into)).boxed();
    let file = UploadFile { name: "clip.mp4".to_owned(), mime: "video/mp4".to_owned(), length, bytes };
    nemo.upload(&Token::new("t"), &SessionId::new("s"), file).await.unwrap();
}

/// A platform: one file, then the end.
fn give(mut line: TcpStream) {
    read_head(&mut line);
    write!(line, "HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\nconnection: close\r\n\r\n").unwrap();
    let piece = vec![7; PIECE];
    let mut left = SIZE;
    while left > 0 {
        let now = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        line.write_all(&piece[..now]).unwrap();
        left -= now as u64;
    }
}

/// A backend: reads as much as was declared, which has to be the whole form, and says yes.
fn take(mut line: TcpStream) {
    let head = read_head(&mut line);
    let length = head.lines().find_map(|field| field.strip_prefix("content-length: ")).unwrap();
    let mut left: u64 = length.trim().parse().unwrap();
    assert!(left > SIZE, "the form holds the whole clip");
    let mut piece = vec![0; PIECE];
    let mut end = Vec::new();
    while left > 0 {
        let now = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let read = line.read(&mut piece[..now]).unwrap();
        assert!(read > 0, "the form broke off");
        left -= read as u64;
        end.extend_from_slice(&piece[read.saturating_sub(8)..read]);
        end.drain(..end.len().saturating_sub(8));
    }
    assert!(end.ends_with(b"--\r\n"), "the declared length is not that of the form");
    let body = r#"{"code":0,"data":{"files":[]}}"#;
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    write!(line, "{head}\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
}

/// Byte by byte, so that nothing of the body is taken along.
fn read_head(line: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        line.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap().to_ascii_lowercase()
}
