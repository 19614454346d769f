//! Whether renders that are due make a look at their agenda dearer: one is claimed, and rests at the end of the line.

use std::time::Duration;

use nemo_bot::render::RenderJob;
use nemo_bot::store::{Agenda, StoreKey, Vault};
use nemo_bot::work::held::{Also, Held};
use tokio::time::Instant;

use crate::desk::{Desk, HOLD, KEEP};
use crate::home::{Home, Kind};
use crate::spread::percentile;
use crate::{Scale, growth, in_ms, seed};

/// What is shorter is told apart by noise alone, in milliseconds.
const FLOOR: f64 = 0.05;

/// Returns what does not hold.
pub(crate) async fn measure(scale: Scale) -> Vec<String> {
    let mut bad = Vec::new();
    println!("Renders that are due; {} looks for each line", scale.ticks);
    println!(
        "  {:<16} {:>9} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}",
        "store", "due", "open", "claim p50", "p99", "rest p50", "p99", "CPU/look"
    );
    for kind in [Kind::Sqlite, Kind::Everysec] {
        let (home, key) = (Home::new(kind), StoreKey::generate());
        let (mut there, mut claims, mut costs) = (0, Vec::new(), Vec::new());
        for &due in scale.renders {
            let desk = Desk::open(&home, &key).await;
            seed::renders(&desk.vault, there..due).await;
            there = due;
            drop(desk);
            home.is_closed();
            let begun = Instant::now();
            let desk = Desk::open(&home, &key).await;
            let opened = in_ms(begun.elapsed());
            let cpu = home.cpu();
            let (mut claiming, mut resting) = (Vec::new(), Vec::new());
            for _ in 0..scale.ticks {
                let (claimed, rested) = look(&desk.vault).await;
                claiming.push(claimed);
                resting.push(rested);
            }
            let cpu = in_ms(home.cpu().saturating_sub(cpu)) / scale.ticks as f64;
            claiming.sort_unstable_by(f64::total_cmp);
            resting.sort_unstable_by(f64::total_cmp);
            println!(
                "  {kind:<16} {due:>9} {opened:>7.2} ms {:>7.3} ms {:>7.3} ms {:>7.3} ms {:>7.3} ms {cpu:>7.3} ms",
                percentile(&claiming, 50),
                percentile(&claiming, 99),
                percentile(&resting, 50),
                percentile(&resting, 99),
            );
            claims.push(percentile(&claiming, 50));
            costs.push(cpu);
            drop(desk);
            home.is_closed();
        }
        bad.extend(growth(&format!("{kind}: a claim"), &claims, FLOOR));
        bad.extend(growth(&format!("{kind}: CPU of a look"), &costs, FLOOR));
    }
    bad
}

/// Claims the job that has been due longest and lets it rest as the last one. How long both took, in milliseconds.
async fn look(vault: &Vault) -> (f64, f64) {
    let begun = Instant::now();
    let claim = vault.claim(Agenda::Renders, HOLD).await.unwrap().expect("all of them are due");
    let claimed = in_ms(begun.elapsed());
    let key = claim.agenda.brings(&claim.item).swap_remove(0);
    let (version, job) = vault.open_brought::<RenderJob>(&claim, 0).unwrap().pop().unwrap();
    let begun = Instant::now();
    let held = Held::new(vault.clone(), claim, key, Some(version), job, KEEP, HOLD);
    held.rest(|_| (), Also::default(), Some(Duration::ZERO)).await.unwrap();
    (claimed, in_ms(begun.elapsed()))
}
