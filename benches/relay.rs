//! What files cost on their way through: a clip from a chat to the backend, and a result back into the chat.
//!
//! `cargo bench --bench relay`. The first part drives the client that uploads, between two bare sockets, so that nothing
//! but our own code is measured. The second drives the built program between the emulators, which write to disk and hash:
//! its rates are a floor, its memory is that of the program alone. Fails if the memory in use grows by more than 16 MB.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench prints, and fails where it cannot go on"
)]

#[path = "relay/client.rs"]
mod client;
#[path = "relay/stage.rs"]
mod stage;

use std::time::Duration;

const MB: u64 = 1_000_000;
/// Promised, whatever the size.
const GROWTH_LIMIT: u64 = 16 * MB;

fn main() {
    // `cargo test --all-targets` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let client = client::measure();
    println!("the client alone, {} MB between bare sockets, middle of {}", client::SIZE / MB, client::ROUNDS);
    println!("  {:6.0} MB/s, {:5.1} MB more in use", client.rate, in_mb(client.growth));
    let mut most = client.growth;

    println!("the program between the emulators");
    println!("  {:>6}  {:<11}  {:>16}  {:>16}", "size", "Bot API", "clip in", "result out");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for (size, local) in [(50 * MB, false), (500 * MB, false), (500 * MB, true)] {
        let seen = runtime.block_on(stage::measure(size, local));
        let told = |step: &stage::Step| format!("{:4.0} MB/s +{:4.1} MB", rate(size, step.took), in_mb(step.growth));
        let kind = if local { "local, disk" } else { "over HTTP" };
        println!("  {:>3} MB  {kind:<11}  {:>16}  {:>16}", size / MB, told(&seen.into), told(&seen.back));
        most = most.max(seen.into.growth).max(seen.back.growth);
    }
    assert!(most <= GROWTH_LIMIT, "{:.1} MB more in use, promised are {}", in_mb(most), GROWTH_LIMIT / MB);
}

/// Megabytes in a second.
fn rate(bytes: u64, time: Duration) -> f64 {
    in_mb(bytes) / time.as_secs_f64()
}

#[allow(clippy::cast_precision_loss, reason = "a size in MB")]
fn in_mb(bytes: u64) -> f64 {
    bytes as f64 / MB as f64
}

/// The most memory that a process has had in use since [`forget_peak`], in bytes. Source: `VmHWM` of proc(5).
fn peak(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// From here on the peak is counted anew. Source: `clear_refs` of proc(5).
fn forget_peak(process: &str) {
    std::fs::write(format!("/proc/{process}/clear_refs"), "5").unwrap();
}
