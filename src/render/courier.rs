//! Takes render jobs off their agenda, asks the backend, and delivers.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;

use super::{Ending, Finished, Phase, Refusal, RenderJob, RenderTimes, STOP_RENDER, Seen, Standing, Todo};
use crate::chat::choice::{Action, Choice};
use crate::chat::id::ConversationId;
use crate::chat::reply::{Button, ButtonAction, ButtonStyle, FileSource, OutFile, Reply};
use crate::chat::rich::RichText;
use crate::chat::surface::{DeliveryKey, Signal, Surface, SurfaceError};
use crate::clock::{Clock, Timestamp};
use crate::conversation::Surfaces;
use crate::conversation::record::Shelf;
use crate::crash;
use crate::nemo::{Nemo, NemoError, RenderId, RenderState, Token};
use crate::say::Say;
use crate::store::{Claim, Vault};
use crate::telemetry;
use crate::work::held::{self, Also, Held, HeldError};

/// The end of a job is remembered this long, so that a late retry finds it.
const ENDED_KEPT: Duration = Duration::from_hours(48);
/// First wait after a platform could not be reached; doubles up to the longest.
const UNREACHED_WAIT: Duration = Duration::from_millis(500);
/// Longest such wait.
const UNREACHED_LONGEST: Duration = Duration::from_secs(30);
/// Who blocks the bot is asked again this late; their `/start` wakes the job.
const BARRED_WAIT: Duration = Duration::from_hours(6);
/// A result that nobody lets the bot deliver is given up: its link has run out by then.
const BARRED_PATIENCE: Duration = Duration::from_hours(168);
/// What a new status message holds until the result is edited in.
const PLACEHOLDER: &str = "…";
/// After this many failures the result is left for the next holder.
const SHOW_TRIES: u32 = 20;

/// Brings renders home.
#[derive(Clone, Debug)]
pub struct Courier {
    /// What is kept.
    pub vault: Vault,
    /// The backend.
    pub nemo: Arc<Nemo>,
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
        let held = Held::new(self.vault.clone(), claim, key, Some(row.version), job.clone(), self.keep, self.hold);
        let errand = Errand { courier: self, surface, held, name, barred: AtomicBool::new(false) };
        tokio::select! {
            biased;
            done = AssertUnwindSafe(errand.run(job, now)).catch_unwind() => match done {
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
    async fn run(&self, mut job: RenderJob, claimed: Timestamp) -> Result<(), HeldError> {
        let mut now = claimed;
        let stop = Shelf::of(&job.target.conversation).render_stop(&job.name);
        let stopped = self.courier.vault.load::<()>(&stop).await?.is_some();
        let mut seen = if stopped { Seen::Stopped } else { Seen::Claimed };
        loop {
            let before = job.clone();
            let (next, todo) = job.next(seen, now, &self.courier.times, RenderId::random());
            job = next;
            // The intention is stored before anything is done about it.
            if job.differs(&before) && !matches!(todo, Todo::Wait { .. } | Todo::Close(_) | Todo::Leave) {
                let stored = job.clone();
                now = self.held.save(|kept| *kept = stored, Also::default()).await?;
                match &job.phase {
                    Phase::Delivering(_) => crash::point("render.completed"),
                    Phase::Ringing(_) => crash::point("render.ringing"),
                    _ => {}
                }
            }
            seen = match todo {
                Todo::Submit => {
                    crash::point("render.submitting");
                    let seen = self.submit(&job).await;
                    crash::point("render.submitted");
                    seen
                }
                Todo::Ask => {
                    let seen = self.ask(&job).await;
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
                    self.ring(&job, &file).await;
                    crash::point("render.rang");
                    Seen::Rang
                }
                Todo::Wait { say, rest } => {
                    let elapsed = now.since(job.requested);
                    self.stand(&job, say, elapsed).await;
                    return self.rest(job, Some(rest)).await;
                }
                Todo::Close(ending) => {
                    if ending == Ending::Stopped {
                        // Best effort: what comes back is not documented.
                        self.courier.nemo.cancel_render(&job.payer.token, &job.render).await.ok();
                    }
                    if !self.close(&mut job, ending, now).await? {
                        // It has not been said yet: whoever takes it up next comes to the same end.
                        let unsaid = RenderJob { status: job.status, ..before };
                        return self.rest(unsaid, Some(self.patience())).await;
                    }
                    metrics::counter!(telemetry::RENDERS, "outcome" => ending.word()).increment(1);
                    return self.archive(job).await;
                }
                Todo::Leave => {
                    if matches!(before.phase, Phase::Ringing(_)) {
                        metrics::counter!(telemetry::RENDERS, "outcome" => "delivered").increment(1);
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

    async fn submit(&self, job: &RenderJob) -> Seen {
        let nemo = &self.courier.nemo;
        let project = match nemo.project(&job.payer.token, &job.session).await {
            Ok(project) if project.draft.exportable() => project,
            Ok(_) => return Seen::Refused(Refusal::Empty),
            Err(error) if is_unsure(&error) => return Seen::Unsure,
            Err(error) => return refused(&error),
        };
        match nemo.submit_render(&job.payer.token, &job.session, &job.render, &project.draft).await {
            Ok(_) => Seen::Accepted,
            Err(error) if is_unsure(&error) => Seen::Unsure,
            Err(error) => refused(&error),
        }
    }

    async fn ask(&self, job: &RenderJob) -> Seen {
        let nemo = &self.courier.nemo;
        let status = match nemo.render_status(&job.payer.token, &job.render).await {
            Ok(status) => status,
            Err(NemoError::UnknownRender) => return Seen::Unknown,
            Err(error) if is_unsure(&error) => return Seen::Unreached,
            Err(error) => return refused(&error),
        };
        match status.state {
            RenderState::Running => Seen::Running,
            RenderState::Failed { .. } => Seen::Failed,
            RenderState::Completed { url, size, duration } => {
                let url = match url {
                    Some(url) => Some(url),
                    None => nemo.render_download(&job.payer.token, &job.render).await.ok().flatten(),
                };
                let Some(url) = url else { return Seen::Unreached };
                // Nice to know, and no more: trouble here leaves the words out.
                let project = nemo.project(&job.payer.token, &job.session).await.ok();
                let resolution = project.and_then(|project| project.canvas.or(project.draft.timeline().canvas));
                Seen::Done(Finished { url, size, duration, resolution })
            }
        }
    }

    /// Says how it stands. Losing it loses nothing.
    async fn stand(&self, job: &RenderJob, standing: Standing, elapsed: Duration) {
        let Some(message) = &job.status else { return };
        let say = match standing {
            Standing::Rendering => Say::ExportProgress { elapsed },
            Standing::StillRendering => Say::ExportPatience { elapsed },
        };
        let stop = Button {
            does: ButtonAction::Press(Choice { argument: STOP_RENDER.to_owned(), ..choice(job, Action::Stop) }),
            ..button(job, &Say::BtnStop, Action::Stop, ButtonStyle::Danger)
        };
        let reply = Reply::new(worded(job, &say)).with_buttons(vec![stop]).quietly();
        if let Err(error) = self.surface.edit(&job.target, message, &reply).await {
            tracing::debug!(%error, "A render's progress could not be shown");
        }
        let _ = self.surface.signal(&job.target, Signal::SendingVideo).await;
    }

    /// Edits the status message into the complete result; repeating it does no harm. `false`: not now.
    async fn show(&self, job: &mut RenderJob, file: &Finished) -> Result<bool, HeldError> {
        let link = worded(job, &Say::ExportLink { url: file.url.to_string() });
        let text = done(job, file).then(link);
        let keys = vec![
            button(job, &Say::BtnEditMore, Action::Edit, ButtonStyle::Plain),
            Button {
                does: ButtonAction::Press(Choice {
                    argument: crate::conversation::mark(),
                    ..choice(job, Action::Meta)
                }),
                ..button(job, &Say::BtnMeta, Action::Meta, ButtonStyle::Plain)
            },
        ];
        self.put(job, Reply::new(text).with_buttons(keys)).await
    }

    /// Says how it ended. `false`: not now.
    async fn close(&self, job: &mut RenderJob, ending: Ending, now: Timestamp) -> Result<bool, HeldError> {
        let elapsed = now.since(job.requested);
        let of = job.clone();
        let again = || vec![button(&of, &Say::BtnRetry, Action::Export, ButtonStyle::Plain)];
        let (say, keys) = match ending {
            Ending::Failed => (Say::ExportFailed, again()),
            Ending::GaveUp => (Say::ExportGaveUp { elapsed }, again()),
            Ending::Stopped => (Say::ExportStopped, Vec::new()),
            Ending::Empty => (Say::ExportNothing, Vec::new()),
            Ending::PlanBlocked => {
                let web = self.courier.nemo.settings().web_url.to_string();
                let help = Say::ExportPlanHelp { web: web.trim_end_matches('/').to_owned() };
                let plan_help = if job.payer.anonymous.is_some() { help.text(&job.language) } else { String::new() };
                (Say::ExportPlanBlocked { plan_help }, Vec::new())
            }
        };
        tracing::info!(render = %self.name, ?ending, "A render ended without a file");
        let reply = Reply::new(worded(job, &say)).with_buttons(keys);
        self.put(job, reply).await
    }

    /// Puts the last word on a job into its status message. Where that is gone a new one is posted first, with no
    /// more in it than how the job stands, and its name is stored: the result itself is only ever edited in, so that
    /// an answer which was lost on the way cannot double it. `false`: not now.
    pub(super) async fn put(&self, job: &mut RenderJob, reply: Reply) -> Result<bool, HeldError> {
        let mut wait = UNREACHED_WAIT;
        let mut posted = false;
        for _ in 0..SHOW_TRIES {
            let outcome = if let Some(message) = &job.status {
                self.surface.edit(&job.target, message, &reply).await.map(|()| None)
            } else {
                let stands = Reply::new(RichText::plain(PLACEHOLDER)).quietly();
                self.surface.post(&job.target, &stands, DeliveryKey::random()).await.map(Some)
            };
            match outcome {
                Ok(None) => return Ok(true),
                Ok(Some(message)) => {
                    posted = true;
                    job.status = Some(message);
                    let status = job.status.clone();
                    self.held.save(|kept| kept.status = status, Also::default()).await?;
                }
                Err(SurfaceError::RateLimited { retry_after }) => tokio::time::sleep(retry_after).await,
                Err(SurfaceError::Unavailable(cause) | SurfaceError::Unreached(cause)) => {
                    tracing::debug!(%cause, "A render's result could not be shown; trying again");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(UNREACHED_LONGEST);
                }
                Err(SurfaceError::Forbidden) if self.courier.clock.now().since(job.requested) < BARRED_PATIENCE => {
                    self.barred.store(true, Ordering::Relaxed);
                    return Ok(false);
                }
                // A message that is gone, or takes no edit, is followed by one new one.
                Err(_) if job.status.is_some() && !posted => job.status = None,
                Err(refused) => {
                    tracing::warn!(render = %self.name, error = %refused, "A render's result was refused by the chat");
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// One new message, because an edit does not notify: the video itself where it fits, else a line. It holds no
    /// link, so losing it loses nothing; after an answer that nobody got, nothing more is sent.
    async fn ring(&self, job: &RenderJob, file: &Finished) {
        let limit = self.surface.capabilities(&job.target.conversation.place).file_limit;
        let key = DeliveryKey::random();
        if file.size.is_none_or(|size| size <= limit) {
            let video = OutFile {
                name: "video.mp4".to_owned(),
                mime: "video/mp4".to_owned(),
                source: FileSource::Link(file.url.clone()),
                size: file.size,
                resolution: file.resolution,
                duration: file.duration,
            };
            let reply = Reply { files: vec![video], ..Reply::new(done(job, file)) };
            let mut wait = UNREACHED_WAIT;
            loop {
                match self.surface.post(&job.target, &reply, key.clone()).await {
                    Ok(_) => return,
                    // Nothing went out, so trying again cannot double it.
                    Err(SurfaceError::Unreached(_)) if wait < UNREACHED_LONGEST => {
                        tokio::time::sleep(wait).await;
                        wait *= 2;
                    }
                    Err(SurfaceError::RateLimited { retry_after }) => tokio::time::sleep(retry_after).await,
                    Err(SurfaceError::Unavailable(cause) | SurfaceError::Unreached(cause)) => {
                        tracing::warn!(render = %self.name, %cause, "Nobody knows whether the video arrived; not sent again");
                        return;
                    }
                    Err(refused) => {
                        tracing::info!(render = %self.name, error = %refused, "The chat does not take the video; a line instead");
                        break;
                    }
                }
            }
        }
        let reply = Reply::new(worded(job, &Say::ExportPing));
        while let Err(SurfaceError::RateLimited { retry_after }) =
            self.surface.post(&job.target, &reply, key.clone()).await
        {
            tokio::time::sleep(retry_after).await;
        }
    }
}

/// Whether it may have arrived all the same, or may go through a moment later.
fn is_unsure(error: &NemoError) -> bool {
    error.is_passing() || error.is_ambiguous()
}

fn refused(error: &NemoError) -> Seen {
    tracing::warn!(%error, "A render was refused");
    Seen::Refused(match error {
        NemoError::PlanBlocked | NemoError::Forbidden => Refusal::Plan,
        NemoError::DuplicateRender => Refusal::Duplicate,
        _ => Refusal::Other,
    })
}

fn done(job: &RenderJob, file: &Finished) -> RichText {
    let details = crate::say::file_details(file.duration, file.resolution, file.size, &job.language);
    let say = if details.is_empty() { Say::ExportDonePlain } else { Say::ExportDone { details } };
    worded(job, &say)
}

pub(super) fn worded(job: &RenderJob, say: &Say) -> RichText {
    RichText::sentence(&say.text(&job.language))
}

fn choice(job: &RenderJob, action: Action) -> Choice {
    let ConversationId { user, .. } = job.target.conversation.clone();
    Choice { action, owner: user, project: job.project, argument: String::new() }
}

pub(super) fn button(job: &RenderJob, says: &Say, action: Action, style: ButtonStyle) -> Button {
    Button { label: says.text(&job.language), does: ButtonAction::Press(choice(job, action)), style }
}

impl Phase {
    /// A word for logs and tests.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Rendering => "rendering",
            Self::Delivering(_) => "delivering",
            Self::Ringing(_) => "ringing",
            Self::Delivered => "delivered",
            Self::Ended(_) => "ended",
        }
    }
}
