//! What one large frame of the agent's stream costs: CPU time of the thread that reads it, over a real connection.
//!
//! `cargo bench --bench stream`. Fails if 8 MiB cost 100 ms or more, or if the cost grows faster than the size.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench prints, and fails where it cannot go on"
)]

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use futures::StreamExt;
use nemo_bot::nemo::{Nemo, NemoSettings, SessionId, Token};

const MEBIBYTE: usize = 1024 * 1024;
const SIZES: [usize; 4] = [1, 2, 4, 8];
/// The middle of so many counts.
const ROUNDS: usize = 15;
/// Promised for 8 MiB.
const LIMIT: Duration = Duration::from_millis(100);
/// Eight times the size may cost so many times as much; linear and some noise. Quadratic would be 64.
const GROWTH: f64 = 12.0;

fn main() {
    // A harness that only wants to know what there is to run.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    let mut bad = Vec::new();
    for (name, frame) in [("a draft of small segments", draft as fn(usize) -> Vec<u8>), ("one long text", text)] {
        println!("{name}");
        let costs: Vec<Duration> = SIZES.iter().map(|size| cost(&frame(size * MEBIBYTE))).collect();
        for (size, cost) in SIZES.iter().zip(&costs) {
            let per = cost.as_secs_f64() * 1e3 / f64::from(u32::try_from(*size).unwrap());
            println!("  {size} MiB  {:7.1} ms CPU  {per:6.1} ms for each MiB", cost.as_secs_f64() * 1e3);
        }
        let growth = costs[3].as_secs_f64() / costs[0].as_secs_f64();
        println!("  8 MiB cost {growth:.1} times as much as 1 MiB");
        if costs[3] >= LIMIT {
            bad.push(format!("{name}: 8 MiB cost {:?}, promised are {LIMIT:?}", costs[3]));
        }
        if growth > GROWTH {
            bad.push(format!("{name}: grows {growth:.1} times"));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

/// CPU time of this thread for reading a stream with this frame, without the time for an empty one.
fn cost(frame: &[u8]) -> Duration {
    let middle = |frame: &[u8]| {
        let mut costs: Vec<Duration> = (0..ROUNDS).map(|_| once(frame)).collect();
        costs.sort_unstable();
        costs[ROUNDS / 2]
    };
    middle(frame).saturating_sub(middle(b""))
}

fn once(frame: &[u8]) -> Duration {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let settings = NemoSettings {
        api_url: url,
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
    std::thread::scope(|scope| {
        // The other end has a thread, and so a clock, of its own.
        scope.spawn(|| answer(listener.accept().unwrap().0, frame));
        let before = on_cpu();
        runtime.block_on(async {
            let (token, session) = (Token::new("nmv_usr_bench"), SessionId::new("1"));
            let mut events = nemo.converse(&token, &session, "x").await.unwrap();
            while let Some(event) = events.next().await {
                event.unwrap();
            }
            assert!(events.into_transcript().text().ends_with("done"));
        });
        on_cpu().saturating_sub(before)
    })
}

/// Nanoseconds that this thread has been on a CPU, by Linux.
fn on_cpu() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(told.split_whitespace().next().unwrap().parse().unwrap())
}

fn answer(mut stream: TcpStream, frame: &[u8]) {
    let mut request = [0; 4096];
    let mut read = 0;
    while !request[..read].ends_with(b"}") {
        read += stream.read(&mut request[read..]).unwrap();
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n").unwrap();
    stream.write_all(frame).unwrap();
    stream.write_all(b"data: {\"author\":\"a\",\"content\":{\"parts\":[{\"text\":\"done\"}]}}\n\n").unwrap();
}

/// A state delta that holds a draft.
fn draft(size: usize) -> Vec<u8> {
    let mut frame =
        String::from("data: {\"author\":\"a\",\"actions\":{\"stateDelta\":{\"draft\":{\"t\":[{\"tt\":0,\"sg\":[");
    let mut number = 0;
    while frame.len() < size {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            frame,
            "{comma}{{\"id\":\"s{number}\",\"d\":1500,\"m\":{{\"title\":\"segment é {number}\",\"scale\":1.50}}}}"
        );
        number += 1;
    }
    frame.push_str("]}]}}}}\n\n");
    frame.into_bytes()
}

/// A complete event with a text of this length.
fn text(size: usize) -> Vec<u8> {
    let line = "A line of words, with a \\\"quote\\\" and an é. ";
    let text = line.repeat(size / line.len());
    format!("data: {{\"author\":\"a\",\"content\":{{\"parts\":[{{\"text\":\"{text}\"}}]}}}}\n\n").into_bytes()
}
