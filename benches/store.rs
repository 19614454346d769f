//! What the store costs: how many messages it carries, and whether a million people or a hundred thousand due renders
//! make a start, a message or a look at the agenda dearer.
//!
//! `cargo bench --bench store`; one part of it with `-- throughput`, `-- users` or `-- renders`; on a smaller scale with
//! `-- --quick`. Needs `redis-server`. What is measured is the bot's own way to the store: its inbox, its crew, claims
//! and documents that are sealed. Fails where a message costs more calls than promised, or where a cost grows with what
//! is stored.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a bench prints, and fails where it cannot go on"
)]

#[path = "store/calls.rs"]
mod calls;
#[path = "store/desk.rs"]
mod desk;
#[path = "store/home.rs"]
mod home;
#[path = "gauge/process.rs"]
mod process;
#[path = "store/renders.rs"]
mod renders;
#[path = "store/seed.rs"]
mod seed;
#[path = "gauge/spread.rs"]
mod spread;
#[path = "store/throughput.rs"]
mod throughput;
#[path = "store/users.rs"]
mod users;

use std::time::Duration;

/// How much dearer the largest may be than the smallest: logarithms, memory that no cache holds, and noise. What grew in
/// proportion would be a thousandfold.
const GROWTH: f64 = 5.0;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
struct Scale {
    /// Messages for one figure.
    messages: u64,
    /// Stored people, ascending.
    users: &'static [u64],
    /// Due renders, ascending.
    renders: &'static [u64],
    /// Looks at the agenda for one figure.
    ticks: usize,
}

const WHOLE: Scale =
    Scale { messages: 4_000, users: &[1_000, 30_000, 1_000_000], renders: &[100, 10_000, 100_000], ticks: 2_000 };
const QUICK: Scale = Scale { messages: 500, users: &[1_000, 20_000], renders: &[100, 5_000], ticks: 300 };

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    // `cargo test --all-targets` only wants to know that it builds.
    if !has("--bench") {
        return;
    }
    let scale = if has("--quick") { QUICK } else { WHOLE };
    let all = !["throughput", "users", "renders"].into_iter().any(has);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut bad = Vec::new();
    if all || has("throughput") {
        bad.extend(runtime.block_on(throughput::measure(scale)));
    }
    if all || has("users") {
        bad.extend(runtime.block_on(users::measure(scale)));
    }
    if all || has("renders") {
        bad.extend(runtime.block_on(renders::measure(scale)));
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

fn in_ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Says so where the last of `costs` is out of proportion to the first. Below `floor` nothing is told apart.
fn growth(what: &str, costs: &[f64], floor: f64) -> Option<String> {
    let (first, last) = (costs.first()?.max(floor), costs.last()?);
    (last / first > GROWTH).then(|| format!("{what}: {last:.2} against {first:.2}"))
}
