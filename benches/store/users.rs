//! Whether stored people make a start or a message dearer.

use nemo_bot::store::{Agenda, StoreKey};
use tokio::time::Instant;

use crate::desk::{Desk, HOLD};
use crate::home::{Home, Kind};
use crate::{Scale, growth, in_ms, seed};

/// Starts for one figure; the middle is told.
const STARTS: usize = 5;
/// Messages under way at one time.
const AT_ONCE: usize = 32;
/// What is shorter is told apart by noise alone, in milliseconds.
const FLOOR: f64 = 2.0;

/// Returns what does not hold.
pub(crate) async fn measure(scale: Scale) -> Vec<String> {
    let mut bad = Vec::new();
    println!("Stored people; at most {} messages for each line, {AT_ONCE} at a time", scale.messages);
    println!(
        "  {:<16} {:>9} {:>9} {:>9} {:>10} {:>10} {:>9} {:>8} {:>7} {:>9}",
        "store", "people", "seeded", "on disk", "in memory", "first work", "accepts/s", "rest/s", "calls", "CPU"
    );
    for kind in [Kind::Sqlite, Kind::Everysec] {
        let (home, key) = (Home::new(kind), StoreKey::generate());
        let (mut there, mut starts, mut costs) = (0, Vec::new(), Vec::new());
        for &people in scale.users {
            let begun = Instant::now();
            let desk = Desk::open(&home, &key).await;
            seed::users(&desk.vault, there..people).await;
            drop(desk);
            home.is_closed();
            there = people;
            let seeded = begun.elapsed();
            let start = start(&home, &key, people).await;
            let desk = Desk::open(&home, &key).await;
            // One of each: what comes while a conversation waits is no work of its own.
            let count = scale.messages.min(people);
            let users = (0..count).map(|number| number * people / count);
            let mut users: Vec<u64> = users.collect();
            // Neighbours share pages, and people do not come by number.
            users.sort_unstable_by_key(|user| user.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let cost = desk.messages(&home, users, AT_ONCE).await;
            println!(
                "  {kind:<16} {people:>9} {:>7.1} s {:>6.1} MB {:>7.1} MB {start:>7.2} ms {:>9.0} {:>8.0} {:>7.2} {:>6.2} ms",
                seeded.as_secs_f64(),
                home.size() as f64 / 1e6,
                home.resident() as f64 / 1e6,
                cost.accepts,
                cost.rest,
                cost.calls,
                cost.cpu,
            );
            starts.push(start);
            costs.push(cost.cpu);
            drop(desk);
            home.is_closed();
        }
        bad.extend(growth(&format!("{kind}: a start"), &starts, FLOOR));
        bad.extend(growth(&format!("{kind}: CPU of a message"), &costs, 0.0));
    }
    bad
}

/// From a closed store to the first claim, in milliseconds.
async fn start(home: &Home, key: &StoreKey, people: u64) -> f64 {
    let mut times = Vec::new();
    for round in 0..STARTS as u64 {
        let desk = Desk::open(home, key).await;
        desk.accept(round * people / STARTS as u64).await;
        drop(desk);
        home.is_closed();

        let begun = Instant::now();
        let desk = Desk::open(home, key).await;
        let claim = desk.vault.claim(Agenda::Conversations, HOLD).await.unwrap().expect("a message waits");
        times.push(in_ms(begun.elapsed()));
        desk.carry(claim).await;
        drop(desk);
        home.is_closed();
    }
    times.sort_unstable_by(f64::total_cmp);
    times[STARTS / 2]
}
