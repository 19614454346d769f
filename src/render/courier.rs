//! Takes render jobs off their agenda, asks the backend, and delivers.

mod ask;
mod ring;
pub(super) mod speak;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;

use super::{Ending, Phase, RenderJob, RenderTimes, Seen, Todo};
use crate::chat::id::Back;
use crate::chat::surface::Surface;
use crate::clock::{Clock, Timestamp};
use crate::conversation::Surfaces;
use crate::conversation::person::Accounts;
use crate::conversation::record::Shelf;
use crate::crash;
use crate::nemo::{Nemo, RenderId, Token};
use crate::store::{Claim, Expect, Vault};
use crate::telemetry;
use crate::work::held::{self, Also, Held, HeldError};

/// The end of a job is remembered this long, so that a late retry finds it.
const ENDED_KEPT: Duration = Duration::from_hours(48);
/// After this many workers vanished over it, a job is given up in words. Fewer prove nothing: a claim whose answer was
/// lost on the way counts as one.
const POISON_LAPSES: u32 = 3;
/// How long a result rests that a chat could not be reached for.
const UNREACHED_LONGEST: Duration = Duration::from_secs(30);
/// Who blocks the bot is asked again this late; their `/start` wakes the job.
const BARRED_WAIT: Duration = Duration::from_hours(6);

/// Brings renders home.
#[derive(Clone, Debug)]
pub struct Courier {
    /// What is kept.
    pub vault: Vault,
    /// The backend.
    pub nemo: Arc<Nemo>,
    /// Who pays.
    pub accounts: Accounts,
    /// Where results go.
    pub surfaces: Surfaces,
    /// Times.
    pub times: RenderTimes,
    /// How long a claim outlives the instance that held it.
    pub hold: Duration,
    /// How long an unfinished job is kept.
    pub keep: Duration,
    /// The time.
    pub clock: Clock,
    /// Cancelled when the program stops and work has had its time: what is in hand is let go for another instance.
    pub drained: CancellationToken,
}

/// One job in hand.
pub(super) struct Errand<'a> {
    courier: &'a Courier,
    surface: Arc<dyn Surface>,
    pub(super) held: Held<RenderJob>,
    name: String,
    /// The chat does not let the bot speak.
    barred: AtomicBool,
}

impl Courier {
    /// Works on a claimed job until it rests or the claim is lost.
    pub async fn work(self: Arc<Self>, claim: Claim) {
        crash::point("render.claimed");
        let name = claim.item.name.clone();
        if let Err(error) = self.carry(claim).await {
            tracing::warn!(render = %name, %error, "A render was left; it will be taken up again");
        }
    }

    async fn carry(&self, claim: Claim) -> Result<(), HeldError> {
        let name = claim.item.name.clone();
        let now = claim.now;
        let Some(row) = claim.rows.first().and_then(|rows| rows.first()).cloned() else {
            // Its rows are gone, with their owner's wish to be forgotten or with time: off the agenda with it.
            return held::let_go(&self.vault, &claim, None).await;
        };
        let key = claim.agenda.brings(&claim.item).swap_remove(0);
        let Ok(job) = self.vault.open::<RenderJob>(&key, &row) else {
            return self.lose(&claim, &key).await;
        };
        let Some(surface) = self.surfaces.get(job.target.conversation.platform) else {
            // Another instance speaks on that platform.
            return held::let_go(&self.vault, &claim, Some(self.hold)).await;
        };
        let lapses = claim.lapses;
        let held = Held::new(self.vault.clone(), claim, key, Some(row.version), job.clone(), self.keep, self.hold);
        let errand = Errand { courier: self, surface, held, name, barred: AtomicBool::new(false) };
        tokio::select! {
            biased;
            done = AssertUnwindSafe(errand.run(job, now, lapses)).catch_unwind() => match done {
                Ok(done) => done,
                Err(_) => errand.apologise().await,
            },
            // What was about to happen is stored; whoever takes it up asks before anything is repeated.
            () = self.drained.cancelled() => errand.held.release(Some(Duration::ZERO)).await,
            lost = errand.held.keep(|_| ()) => Err(lost),
        }
    }
}

impl Errand<'_> {
    async fn run(&self, mut job: RenderJob, claimed: Timestamp, lapses: u32) -> Result<(), HeldError> {
        let mut now = claimed;
        let stop = Shelf::of(&job.target.conversation).render_stop(&job.name);
        let stopped = self.courier.vault.load::<()>(&stop).await?.is_some();
        let way = Shelf::of(&job.target.conversation).render_way(&job.name);
        if let Some((_, back)) = self.courier.vault.load::<Back>(&way).await? {
            job.target.back = Some(back);
        }
        let mut seen = match (lapses, stopped) {
            (POISON_LAPSES.., _) => Seen::Poisoned,
            (_, true) => Seen::Stopped,
            (_, false) => Seen::Claimed,
        };
        loop {
            let before = job.clone();
            let (next, todo) = job.next(seen, now, &self.courier.times, RenderId::random());
            job = next;
            // The intention is stored before anything is done about it.
            if job.differs(&before) && !matches!(todo, Todo::Wait { .. } | Todo::Leave) {
                let stored = job.clone();
                // A stop was promised as long as the store said that it can be: it goes before a file that is done.
                let unstopped = before.can_stop() && matches!(job.phase, Phase::Delivering(_));
                let expects = unstopped.then(|| Expect::Absent(stop.clone())).into_iter().collect();
                now = match self.held.save(|kept| *kept = stored, Also { expects, ..Also::default() }).await {
                    Err(HeldError::Refused(_)) => {
                        (job, seen) = (before, Seen::Stopped);
                        continue;
                    }
                    saved => saved?,
                };
                match &job.phase {
                    Phase::Delivering(_) => crash::point("render.completed"),
                    Phase::Ringing(_) => crash::point("render.ringing"),
                    _ => {}
                }
            }
            // Whoever slept may not be the owner any more: then the next heartbeat ends this.
            self.held.until_fresh().await;
            seen = match todo {
                Todo::Submit => {
                    crash::point("render.submitting");
                    let seen = self.submit(&mut job).await?;
                    crash::point("render.submitted");
                    seen
                }
                Todo::Ask => {
                    let seen = self.ask(&mut job).await?;
                    crash::point("render.polled");
                    seen
                }
                Todo::Show(file) => {
                    if !self.show(&mut job, &file).await? {
                        return self.rest(job, Some(self.patience())).await;
                    }
                    crash::point("render.shown");
                    Seen::Shown
                }
                Todo::Ring(file) => {
                    self.ring(&mut job, &file).await?;
                    crash::point("render.rang");
                    Seen::Rang
                }
                Todo::Wait { say, rest } => {
                    let elapsed = now.since(job.requested);
                    self.stand(&mut job, say, elapsed).await;
                    let rest = self.before_parting(&job).map_or(rest, |left| rest.min(left));
                    return self.rest(job, Some(rest)).await;
                }
                Todo::Close(ending) => {
                    if ending == Ending::Stopped {
                        // Best effort: what comes back is not documented.
                        self.courier.nemo.cancel_render(&job.payer.token, &job.render).await.ok();
                    }
                    if !self.close(&mut job, ending, now).await? {
                        // It has not been said yet: whoever takes it up next says it.
                        return self.rest(job, Some(self.patience())).await;
                    }
                    Seen::Said
                }
                Todo::Leave => {
                    let outcome = match (&before.phase, &job.phase) {
                        (Phase::Ringing(_), _) => Some("delivered"),
                        (Phase::Closing(_), Phase::Ended(ending)) => Some(ending.word()),
                        _ => None,
                    };
                    if let Some(outcome) = outcome {
                        metrics::counter!(telemetry::RENDERS, "outcome" => outcome).increment(1);
                    }
                    return self.archive(job).await;
                }
            };
        }
    }

    /// How long a job rests whose result could not be shown.
    pub(super) fn patience(&self) -> Duration {
        if self.barred.load(Ordering::Relaxed) { BARRED_WAIT } else { UNREACHED_LONGEST }
    }

    /// Stores an ended job for the last time, without the token of who paid.
    pub(super) async fn archive(&self, mut job: RenderJob) -> Result<(), HeldError> {
        job.payer.token = Token::new("");
        self.held.close(|kept| *kept = job, ENDED_KEPT).await
    }

    pub(super) async fn rest(&self, job: RenderJob, again: Option<Duration>) -> Result<(), HeldError> {
        tracing::debug!(render = %self.name, phase = job.phase.word(), "A render rests");
        self.held.rest(|kept| *kept = job, Also::default(), again).await.map(drop)
    }
}
