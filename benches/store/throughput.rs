//! How many messages a store carries, beside what the disk and the server can do at most.

use std::io::Write as _;
use std::time::Duration;

use nemo_bot::store::StoreKey;
use tokio::time::Instant;

use crate::desk::Desk;
use crate::home::{Home, Kind};
use crate::{Scale, in_ms};

/// Messages under way at one time.
const AT_ONCE: [usize; 2] = [1, 32];
/// Promised for one message, heartbeats aside.
const CALLS: f64 = 4.0;
/// Promised of `SQLite`, for one message at a time and for many: accepted messages for each record that the disk takes.
const OF_THE_DISK: [f64; 2] = [0.35, 1.0];
/// What the disk can do is measured for this long.
const PROBED: Duration = Duration::from_secs(1);
/// As much as a stored message has.
const RECORD: usize = 300;

/// Returns what does not hold.
pub(crate) async fn measure(scale: Scale) -> Vec<String> {
    let mut bad = Vec::new();
    let appends = appends();
    println!("Throughput; {} messages for each line", scale.messages);
    println!("  raw append and fdatasync: {appends:.0} in a second");
    println!(
        "  {:<16} {:>7} {:>9} {:>9} {:>9} {:>8} {:>8} {:>7} {:>9}",
        "store", "at once", "accepts/s", "p50", "p99", "/ append", "rest/s", "calls", "CPU"
    );
    for kind in [Kind::Sqlite, Kind::Everysec, Kind::Always] {
        for (at_once, promised) in AT_ONCE.into_iter().zip(OF_THE_DISK) {
            let home = Home::new(kind);
            let desk = Desk::open(&home, &StoreKey::generate()).await;
            let cost = desk.messages(&home, (0..scale.messages).collect(), at_once).await;
            println!(
                "  {kind:<16} {at_once:>7} {:>9.0} {:>6.2} ms {:>6.2} ms {:>8.2} {:>8.0} {:>7.2} {:>6.2} ms",
                cost.accepts,
                cost.wait[0],
                cost.wait[1],
                cost.accepts / appends,
                cost.rest,
                cost.calls,
                cost.cpu,
            );
            if kind == Kind::Sqlite && cost.accepts / appends < promised {
                bad.push(format!("{kind}, {at_once} at once: {:.2} of the disk's rate", cost.accepts / appends));
            }
            if cost.calls > CALLS {
                bad.push(format!("{kind}, {at_once} at once: {} calls for a message", cost.calls));
            }
        }
    }
    bad
}

/// How often in a second a file takes some bytes for good.
fn appends() -> f64 {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < PROBED {
        file.write_all(&[7; RECORD]).unwrap();
        file.as_file().sync_data().unwrap();
        count += 1;
    }
    f64::from(count) * 1e3 / in_ms(begun.elapsed())
}
