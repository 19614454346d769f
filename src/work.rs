//! The claim loop for any agenda: take what is due, hold it while working, write only under the claim.

pub mod held;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::crash;
use crate::store::{Agenda, Claim, Stir, Vault};

/// After a failed claim: long enough not to hammer a store that is down, short enough not to be noticed.
const STORE_DOWN_WAIT: Duration = Duration::from_millis(500);

/// Takes items off one agenda until stopped. Each is worked on in a task of its own, so that a panic in one is
/// isolated: its claim runs out by itself and the next holder sees the lapse.
#[derive(Clone, Debug)]
pub struct Crew {
    /// What is kept.
    pub vault: Vault,
    /// Which agenda.
    pub agenda: Agenda,
    /// How long a claim outlives the instance that held it.
    pub hold: Duration,
    /// How many items are worked on at once.
    pub hands: usize,
    /// Where the tasks live.
    pub tasks: TaskTracker,
}

impl Crew {
    /// Claims and works until `stop`. Work in hand goes on in the tracker.
    pub async fn run<F, W>(self, stop: CancellationToken, work: F)
    where
        F: Fn(Claim) -> W + Clone + Send + 'static,
        W: Future<Output = ()> + Send + 'static,
    {
        let hands = Arc::new(Semaphore::new(self.hands));
        let mut down = false;
        loop {
            let hand = tokio::select! {
                () = stop.cancelled() => return,
                hand = Arc::clone(&hands).acquire_owned() => hand,
            };
            let Ok(hand) = hand else { return };
            match self.vault.claim(self.agenda, self.hold).await {
                Ok(Some(claim)) => {
                    crash::point("crew.claimed");
                    down = false;
                    let (agenda, work) = (self.agenda, work.clone());
                    self.tasks.spawn(async move {
                        if AssertUnwindSafe(work(claim)).catch_unwind().await.is_err() {
                            tracing::error!(?agenda, "Work on an item panicked; its claim will run out and be retried");
                            metrics::counter!(crate::telemetry::PANICS).increment(1);
                        }
                        drop(hand);
                    });
                }
                Ok(None) => {
                    down = false;
                    drop(hand);
                    let stir = Stir::Agenda(self.agenda);
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = self.vault.stirred(&stir) => {}
                    }
                }
                Err(error) => {
                    drop(hand);
                    if !std::mem::replace(&mut down, true) {
                        tracing::warn!(agenda = ?self.agenda, %error, "The store gives no work; asking on");
                    }
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(STORE_DOWN_WAIT) => {}
                    }
                }
            }
        }
    }
}
