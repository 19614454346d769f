//! What a courier says in a job's status message: how it stands, the result, or how it ended.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Errand, UNREACHED_LONGEST};
use crate::chat::choice::{Action, Choice};
use crate::chat::id::ConversationId;
use crate::chat::reply::{Button, ButtonAction, ButtonStyle, Reply};
use crate::chat::rich::RichText;
use crate::chat::surface::{DeliveryKey, PARTING, Signal, SurfaceError};
use crate::clock::Timestamp;
use crate::conversation::setup;
use crate::render::{Ending, Finished, RenderJob, STOP_RENDER, Standing, link};
use crate::say::Say;
use crate::work::held::{Also, HeldError};

/// First wait after a platform could not be reached; doubles up to the longest.
pub(super) const UNREACHED_WAIT: Duration = Duration::from_millis(500);
/// A result that nobody lets the bot deliver is given up: its link has run out by then.
const BARRED_PATIENCE: Duration = Duration::from_hours(168);
/// What a new status message holds until the result is edited in.
const PLACEHOLDER: &str = "…";
/// After this many failures the result is left for the next holder.
const SHOW_TRIES: u32 = 20;

impl Errand<'_> {
    /// Says how it stands, unless it is said already. Losing it loses nothing.
    pub(super) async fn stand(&self, job: &mut RenderJob, standing: Standing, elapsed: Duration) {
        let Some(message) = job.status.clone() else { return };
        let say = match standing {
            Standing::Rendering => Say::ExportProgress { elapsed },
            Standing::StillRendering => Say::ExportPatience { elapsed },
            Standing::Unanswered => Say::ExportUnanswered,
            Standing::Busy(when) => Say::WorkBusy { when },
        };
        let stop = Button {
            does: ButtonAction::Press(Choice { argument: STOP_RENDER.to_owned(), ..choice(job, Action::Stop) }),
            ..button(job, &Say::BtnStop, Action::Stop, ButtonStyle::Danger)
        };
        let (mut text, mut keys) = (worded(job, &say), vec![stop]);
        if self.reaches(job).is_some_and(|left| left <= PARTING) {
            text = text.then(worded(job, &Say::WorkGoesOn));
            keys.push(Button {
                does: ButtonAction::Press(Choice { argument: STOP_RENDER.to_owned(), ..choice(job, Action::Result) }),
                ..button(job, &Say::BtnGetResult, Action::Result, ButtonStyle::Primary)
            });
        }
        // The buttons follow from the words.
        let words = Some(text.plain_text());
        if job.stands != words {
            let reply = Reply::new(text).with_buttons(keys).quietly();
            match self.surface.edit(&job.target, &message, &reply).await {
                Ok(()) => job.stands = words,
                Err(error) => tracing::debug!(%error, "A render's progress could not be shown"),
            }
        }
        let _ = self.surface.signal(&job.target, Signal::SendingVideo).await;
    }

    fn reaches(&self, job: &RenderJob) -> Option<Duration> {
        self.surface.reaches(&job.target)
    }

    /// How long until the status message has to say that the way to it ends, if it is to.
    pub(super) fn before_parting(&self, job: &RenderJob) -> Option<Duration> {
        self.reaches(job).and_then(|left| left.checked_sub(PARTING)).filter(|left| !left.is_zero())
    }

    /// Whether the way to the job's messages has ended, so that its person has to bring another.
    fn is_over(&self, job: &RenderJob) -> bool {
        self.reaches(job).is_some_and(|left| left.is_zero())
            && self.courier.clock.now().since(job.requested) < BARRED_PATIENCE
    }

    /// Edits the status message into the complete result; repeating it does no harm. `false`: not now.
    pub(super) async fn show(&self, job: &mut RenderJob, file: &Finished) -> Result<bool, HeldError> {
        let where_it_is = match &file.url {
            Some(url) => match link::works_until(url).filter(|until| *until > self.courier.clock.now()) {
                Some(expiry) => Say::ExportLinkExpiring { expiry, url: url.to_string() },
                None => Say::ExportLink { url: url.to_string() },
            },
            None if self.fits(job, file) => Say::ExportFileNext,
            None => Say::ExportFileTooLarge,
        };
        let result = self.result(job, file, &where_it_is);
        self.put(job, result).await
    }

    /// The complete result: what it is, where it is, and the metadata.
    pub(super) fn result(&self, job: &RenderJob, file: &Finished, where_it_is: &Say) -> Reply {
        let text = done(job, file).then(worded(job, where_it_is));
        let edit = button(job, &Say::BtnEditMore, Action::Edit, ButtonStyle::Plain);
        let mut keys = Vec::new();
        let limit = self.surface.capabilities(&job.target.conversation.place).text_limit;
        // A card that is too long for one message is a press away.
        let below = job.card.as_ref().map(|card| (text.clone().then(card.text.clone()), &card.buttons));
        let text = if let Some((whole, buttons)) = below.filter(|(text, _)| text.length(limit) <= limit.max()) {
            // What copies stands first, in pairs.
            keys.extend(buttons.iter().cloned().chain(std::iter::once(edit)));
            whole
        } else {
            keys.push(edit);
            // What there is is shown; only what there is not is written, and once.
            keys.push(match job.card {
                Some(_) => button(job, &Say::BtnMeta, Action::Meta, ButtonStyle::Plain),
                None => once(job, &Say::BtnMeta, Action::Meta),
            });
            text
        };
        if job.web {
            keys.push(button(job, &Say::BtnOpenWeb, Action::Web, ButtonStyle::Plain));
        }
        if file.url.is_none() {
            keys.insert(0, button(job, &Say::BtnExport, Action::Export, ButtonStyle::Plain));
        }
        Reply::new(text).with_buttons(keys)
    }

    /// Whether the chat takes the file. What has no address is sent with its length, or not at all.
    pub(super) fn fits(&self, job: &RenderJob, file: &Finished) -> bool {
        let limit = self.surface.capabilities(&job.target.conversation.place).file_limit;
        file.size.map_or(file.url.is_some(), |size| size <= limit)
    }

    /// Says how it ended. `false`: not now.
    pub(super) async fn close(&self, job: &mut RenderJob, ending: Ending, now: Timestamp) -> Result<bool, HeldError> {
        let elapsed = now.since(job.requested);
        let of = job.clone();
        let again = || vec![retry(&of)];
        let nemo = &self.courier.nemo;
        let kind = job.payer.account().kind;
        let (say, keys) = match ending {
            Ending::Failed => (Say::ExportFailed, again()),
            Ending::GaveUp => (Say::ExportGaveUp { elapsed }, again()),
            Ending::Stopped => (Say::ExportStopped, Vec::new()),
            Ending::Empty => (Say::ExportNothing, Vec::new()),
            Ending::PlanBlocked => (setup::plan_blocked(nemo, Some(&kind), &job.language), Vec::new()),
            Ending::NoCredits => {
                let shared = self.surface.capabilities(&job.target.conversation.place).shared;
                (setup::out_of_credits(nemo, Some(&kind), shared), Vec::new())
            }
            Ending::SessionGone => (Say::ExportSessionGone, Vec::new()),
            Ending::OwnRefused => (Say::AccountExpired, Vec::new()),
            Ending::OperatorRefused => (setup::operator_down(), Vec::new()),
            Ending::NoAccount => (Say::AccountNoneLeft, again()),
            Ending::Busy(when) => (Say::LimitService { when }, again()),
            Ending::Refused | Ending::Poisoned => {
                let reference = format!("{:08x}", rand::random::<u32>());
                tracing::error!(render = %self.name, reference, ?ending, "A render was given up");
                let refused = ending == Ending::Refused;
                (if refused { Say::ExportRefused { reference } } else { Say::ErrorInternal { reference } }, again())
            }
        };
        tracing::info!(render = %self.name, ?ending, "A render ended without a file");
        let reply = Reply::new(worded(job, &say)).with_buttons(keys);
        self.put(job, reply).await
    }

    /// Puts the last word on a job into its status message. Where that is gone a new one is posted first, with no
    /// more in it than how the job stands, and its name is stored: the result itself is only ever edited in, so that
    /// an answer which was lost on the way cannot double it. `false`: not now.
    pub(in crate::render) async fn put(&self, job: &mut RenderJob, reply: Reply) -> Result<bool, HeldError> {
        let mut wait = UNREACHED_WAIT;
        let mut posted = false;
        for _ in 0..SHOW_TRIES {
            if self.is_over(job) {
                self.barred.store(true, Ordering::Relaxed);
                return Ok(false);
            }
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
                    (job.status, job.stands) = (Some(message), None);
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
                // The way to it ended under our hands: looked at above.
                Err(SurfaceError::Gone) if self.is_over(job) => {}
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
}

fn done(job: &RenderJob, file: &Finished) -> RichText {
    let details = crate::say::file_details(file.duration, file.resolution, file.size, &job.language);
    let say = if details.is_empty() { Say::ExportDonePlain } else { Say::ExportDone { details } };
    worded(job, &say)
}

pub(in crate::render) fn worded(job: &RenderJob, say: &Say) -> RichText {
    RichText::sentence(&say.text(&job.language))
}

fn choice(job: &RenderJob, action: Action) -> Choice {
    let ConversationId { user, .. } = job.target.conversation.clone();
    Choice { action, owner: user, project: job.project, argument: String::new() }
}

/// **Try again**.
pub(in crate::render) fn retry(job: &RenderJob) -> Button {
    once(job, &Say::BtnRetry, Action::Export)
}

/// A button that runs once: a second press finds its mark.
fn once(job: &RenderJob, says: &Say, action: Action) -> Button {
    let choice = Choice { argument: crate::conversation::mark(), ..choice(job, action) };
    Button { does: ButtonAction::Press(choice), ..button(job, says, action, ButtonStyle::Plain) }
}

pub(in crate::render) fn button(job: &RenderJob, says: &Say, action: Action, style: ButtonStyle) -> Button {
    Button { label: says.text(&job.language), does: ButtonAction::Press(choice(job, action)), style }
}
