//! What conversations cost that stream at the same time, in one process: memory, CPU, and how late their edits go out.
//!
//! `cargo bench --bench crowd`; with `-- sqlite` or `-- redis` on that store alone, with `-- --quick` on a smaller scale.
//! Three kinds of processes: this one, a backend whose agent speaks in every conversation until it is ended, and for each
//! size a bot of its own, put together as the program is, with an in-process surface in place of a platform: a platform's
//! rates would hold up ten thousand chats for minutes, and its emulator would be what is measured. Requests and streams
//! go over loopback. Needs `redis-server`. Fails where a conversation costs more among many than among few, or where one
//! is starved.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a bench prints, and fails where it cannot go on"
)]

#[path = "crowd/backend.rs"]
mod backend;
#[path = "crowd/bot.rs"]
mod bot;
#[path = "crowd/chats.rs"]
mod chats;
#[allow(dead_code, reason = "the bench of the store uses all of it")]
#[path = "store/home.rs"]
mod home;
#[path = "gauge/process.rs"]
mod process;
#[path = "gauge/spread.rs"]
mod spread;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

use home::Kind;

const SIZES: [usize; 3] = [100, 1_000, 10_000];
const STORES: [(&str, Kind); 2] = [("sqlite", Kind::Sqlite), ("redis", Kind::Everysec)];
const QUICK_SIZES: [usize; 2] = [50, 400];
/// How long the streams are watched, in seconds.
const WINDOW: u64 = 30;
const QUICK_WINDOW: u64 = 6;
/// How much more one of the most conversations may cost than one of ten times fewer. Flat, and what noise adds; a cost
/// that grew with their number would be tenfold.
const GROWTH: f64 = 2.0;

/// What was seen of a number of conversations.
#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    conversations: usize,
    /// Until all of them streamed, in seconds.
    ramp: f64,
    /// CPU of the bot for that, in milliseconds for each conversation.
    begin: f64,
    /// Memory that each takes, in KiB.
    memory: f64,
    /// Edits in a second.
    rate: f64,
    /// CPU of the bot, in milliseconds for each edit, heartbeats and all else included.
    cpu: f64,
    /// How much of one core the bot took, in percent.
    load: f64,
    /// From an event at the backend to its edit, in milliseconds: middle, 99th percentile, longest.
    late: [u64; 3],
    /// The fewest and the most edits of a chat.
    edits: [u32; 2],
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["backend"] => return runtime().block_on(backend::serve()),
        ["bot", store, conversations, window, url] => {
            let (conversations, window) = (conversations.parse().unwrap(), window.parse().unwrap());
            let store = STORES.into_iter().find(|(name, _)| name == store).unwrap().1;
            let seen = runtime().block_on(bot::measure(store, conversations, window, url));
            println!("{}", serde_json::to_string(&seen).unwrap());
            return;
        }
        // `cargo test --all-targets` only wants to know that it builds.
        words if !words.contains(&"--bench") => return,
        _ => {}
    }
    let (sizes, window) =
        if words.contains(&"--quick") { (QUICK_SIZES.as_slice(), QUICK_WINDOW) } else { (SIZES.as_slice(), WINDOW) };
    let mut backend = Part::start(&["backend"]);
    let url = backend.line().unwrap();
    println!("An event in each conversation every {:?}, watched for {window} s", backend::EVERY);
    let head = ["all after", "to begin", "memory", "edits/s", "CPU/edit", "core", "late p50", "p99", "most"];
    println!("{:<6} {:>13} {}", "store", "conversations", head.map(|word| format!("{word:>9}")).join(" "));
    let all = !STORES.iter().any(|(store, _)| words.contains(store));
    let mut bad = Vec::new();
    for (store, _) in STORES.iter().filter(|(store, _)| all || words.contains(store)) {
        let mut seen = Vec::new();
        for size in sizes {
            let mut bot = Part::start(&["bot", store, &size.to_string(), &window.to_string(), &url]);
            // Why it ended stands above, by its own panic.
            let Some(of_size) = bot.line().and_then(|line| serde_json::from_str::<Seen>(&line).ok()) else {
                bad.push(format!("{store}: {size} conversations did not come to stream"));
                break;
            };
            tell(store, &of_size);
            if of_size.edits[0] == 0 {
                bad.push(format!("{store}: of {size} chats one was not edited at all"));
            }
            seen.push(of_size);
        }
        if let [.., few, many] = seen.as_slice() {
            for (what, few, many) in [("memory", few.memory, many.memory), ("CPU of an edit", few.cpu, many.cpu)] {
                if many > few * GROWTH {
                    bad.push(format!("{store}: {what} grows with the conversations, from {few:.2} to {many:.2}"));
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

fn tell(store: &str, seen: &Seen) {
    println!(
        "{store:<6} {:>13} {:>7.1} s {:>6.2} ms {:>5.1} KiB {:>9.1} {:>6.2} ms {:>7.1} % {:>6} ms {:>6} ms {:>6} ms",
        seen.conversations,
        seen.ramp,
        seen.begin,
        seen.memory,
        seen.rate,
        seen.cpu,
        seen.load,
        seen.late[0],
        seen.late[1],
        seen.late[2],
    );
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Another process of this bench. Ends when it is dropped.
struct Part {
    child: Child,
    says: BufReader<std::process::ChildStdout>,
}

impl Part {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        Self { child, says }
    }

    /// What it says next; nothing once it has ended.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.says.read_line(&mut line).unwrap();
        (read > 0).then(|| line.trim().to_owned())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
