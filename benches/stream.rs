//! What one large frame of the agent's stream costs: CPU time of the thread that reads it, over a real connection.
//!
//! `cargo bench --bench stream`. Fails if 8 MiB cost 100 ms or more in ordinary chunks, if the cost grows faster than the
//! size, or if a frame over 16 MiB is not refused.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench prints, and fails where it cannot go on"
)]

use std::fmt::Write as _;
use std::io::{BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use futures::StreamExt;
use nemo_bot::nemo::{AgentEvent, Nemo, NemoSettings, SessionId, StreamError, Token, ToolKind};

const MEBIBYTE: usize = 1024 * 1024;
const SIZES: [usize; 5] = [1, 2, 4, 8, 16];
/// Nothing is promised for what is larger than the largest frame.
const TOO_LARGE: usize = 17;
/// How much shorter than its name a frame is, so that the largest is just taken.
const ROOM: usize = 4096;
/// The middle of so many counts.
const ROUNDS: usize = 9;
/// Promised for 8 MiB.
const LIMIT: Duration = Duration::from_millis(100);
/// From 4 to 16 MiB, four times the size may cost so many times as much: linear, some noise, and memory that no cache
/// holds any more. Quadratic would be 16. Below 4 MiB a count is too short to judge by.
const GROWTH: f64 = 9.0;

/// How the bytes are cut on the wire.
#[derive(Clone, Copy)]
struct Cut {
    name: &'static str,
    /// HTTP chunks of this length; none: as the sockets do it.
    chunk: Option<usize>,
    /// Whether the limit is meant for it. No server writes a megabyte in crumbs.
    promised: bool,
}

const CUTS: [Cut; 3] = [
    Cut { name: "as the sockets cut it", chunk: None, promised: true },
    Cut { name: "in chunks of 16 KiB", chunk: Some(16 * 1024), promised: true },
    Cut { name: "in chunks of 64 bytes", chunk: Some(64), promised: false },
];

fn main() {
    // `cargo test --all-targets` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut bad = Vec::new();
    for (kind, frame) in [("a draft of small segments", draft as fn(usize) -> Vec<u8>), ("one long text", text)] {
        let frames = SIZES.map(|size| frame(size * MEBIBYTE - ROOM));
        for cut in CUTS {
            let name = format!("{kind}, {}", cut.name);
            println!("{name}");
            let costs = frames.each_ref().map(|frame| cost(frame, cut));
            for (size, cost) in SIZES.iter().zip(&costs) {
                let (middle, least) = (in_ms(cost.middle), in_ms(cost.least));
                let per = least / f64::from(u32::try_from(*size).unwrap());
                println!("  {size:2} MiB  {middle:7.1} ms CPU, at least {least:7.1}, which is {per:5.1} for each MiB");
            }
            // Others on the machine only ever add to a count, and more to a short one: the least tell the growth.
            let growth = in_ms(costs[4].least) / in_ms(costs[2].least);
            println!("  16 MiB cost {growth:.1} times as much as 4 MiB");
            if cut.promised && costs[3].middle >= LIMIT {
                bad.push(format!("{name}: 8 MiB cost {:?}, promised are {LIMIT:?}", costs[3].middle));
            }
            if growth > GROWTH {
                bad.push(format!("{name}: grows {growth:.1} times"));
            }
        }
        let (spent, outcome) = once(&frame(TOO_LARGE * MEBIBYTE), CUTS[0]);
        println!("{kind} of {TOO_LARGE} MiB: {outcome:?} after {:.1} ms CPU", in_ms(spent));
        if outcome.is_ok() {
            bad.push(format!("{kind}: {TOO_LARGE} MiB were taken"));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

/// CPU time, out of [`ROUNDS`] counts.
struct Cost {
    middle: Duration,
    least: Duration,
}

fn in_ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// CPU time of this thread for reading a stream with this frame, without the time for an empty one.
fn cost(frame: &[u8], cut: Cut) -> Cost {
    let counts = |frame: &[u8]| {
        let count = |_| {
            let (spent, outcome) = once(frame, cut);
            assert_eq!(outcome, Ok(()), "a stream of {} bytes", frame.len());
            spent
        };
        let mut costs: Vec<Duration> = (0..ROUNDS).map(count).collect();
        costs.sort_unstable();
        Cost { middle: costs[ROUNDS / 2], least: costs[0] }
    };
    let (with, without) = (counts(frame), counts(b""));
    Cost { middle: with.middle.saturating_sub(without.middle), least: with.least.saturating_sub(without.least) }
}

/// Reads a stream with this frame once, and how it ended.
fn once(frame: &[u8], cut: Cut) -> (Duration, Result<(), StreamError>) {
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
        // The other end has a thread, and so a clock, of its own. A reader that has had enough leaves in the middle.
        scope.spawn(|| drop(answer(listener.accept().unwrap().0, frame, cut)));
        let before = on_cpu();
        let outcome = runtime.block_on(async {
            let (token, session) = (Token::new("nmv_usr_bench"), SessionId::new("1"));
            let mut events = nemo.converse(&token, &session, "x").await.unwrap();
            let mut last = None;
            while let Some(event) = events.next().await {
                last = Some(event?);
            }
            assert_eq!(last, Some(AgentEvent::Progress(ToolKind::Edit)), "what stands behind the frame was read too");
            Ok(())
        });
        (on_cpu().saturating_sub(before), outcome)
    })
}

/// Nanoseconds that this thread has been on a CPU, by Linux.
fn on_cpu() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(told.split_whitespace().next().unwrap().parse().unwrap())
}

fn answer(mut stream: TcpStream, frame: &[u8], cut: Cut) -> std::io::Result<()> {
    let mut request = [0; 4096];
    let mut read = 0;
    while !request[..read].ends_with(b"}") {
        read += stream.read(&mut request[read..])?;
    }
    let last = b"data: {\"type\":\"tool_call\",\"name\":\"edit\"}\n\n".as_slice();
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n")?;
    let Some(length) = cut.chunk else {
        stream.write_all(b"\r\n")?;
        stream.write_all(frame)?;
        return stream.write_all(last);
    };
    // Whole packets: the cuts are those of HTTP.
    let mut stream = BufWriter::with_capacity(64 * 1024, stream);
    stream.write_all(b"transfer-encoding: chunked\r\n\r\n")?;
    for chunk in frame.chunks(length).chain([last]) {
        write!(stream, "{:x}\r\n", chunk.len())?;
        stream.write_all(chunk)?;
        stream.write_all(b"\r\n")?;
    }
    stream.write_all(b"0\r\n\r\n")?;
    stream.flush()
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
