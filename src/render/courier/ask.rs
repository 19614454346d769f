//! What a courier asks of the backend, and what the answers mean for a job.

use std::time::Duration;

use super::Errand;
use crate::conversation::person::{AccountError, AccountKind, Waiting};
use crate::conversation::record::Shelf;
use crate::nemo::{Download, Nemo, NemoError, RenderState, Token};
use crate::render::{Ending, Finished, Payer, RenderJob, Seen};
use crate::work::held::{Also, HeldError};

/// What a call of a job came to: also that there is no account for it.
type Answer<T> = Result<T, AccountError>;

impl Errand<'_> {
    /// Submits the project under the job's id.
    pub(super) async fn submit(&self, job: &mut RenderJob) -> Result<Seen, HeldError> {
        let nemo = &self.courier.nemo;
        let (session, render) = (&job.session.clone(), &job.render.clone());
        let project = match self.paid(job, |token: Token| async move { nemo.project(&token, session).await }).await? {
            Ok(project) if project.draft.exportable() => project,
            Ok(_) => return Ok(Seen::Refused(Ending::Empty)),
            Err(error) => return Ok(self.not_submitted(job, &error)),
        };
        let draft = &project.draft;
        let submit = |token: Token| async move { nemo.submit_render(&token, session, render, draft).await };
        Ok(match self.paid(job, submit).await? {
            Ok(_) => Seen::Accepted,
            Err(error) => self.not_submitted(job, &error),
        })
    }

    /// Asks how the job stands and, where it is done, for the file.
    pub(super) async fn ask(&self, job: &mut RenderJob) -> Result<Seen, HeldError> {
        let nemo = &self.courier.nemo;
        let render = &job.render.clone();
        let status =
            match self.paid(job, |token: Token| async move { nemo.render_status(&token, render).await }).await? {
                Ok(status) => status,
                Err(error) => return Ok(self.not_asked(job, &error)),
            };
        let (url, size, duration) = match status.state {
            RenderState::Running => return Ok(Seen::Running),
            RenderState::Failed { .. } => return Ok(Seen::Failed),
            RenderState::Completed { url, size, duration } => (url, size, duration),
        };
        let (url, size) = match url {
            Some(url) => (Some(url), size),
            None => {
                match self.paid(job, |token: Token| async move { nemo.render_download(&token, render).await }).await? {
                    Ok(Some(Download::At(url))) => (Some(url), size),
                    // Only looked at here: the bytes are for the chat.
                    Ok(Some(Download::Here(file))) => (None, file.length.or(size)),
                    Ok(None) | Err(AccountError::Nemo(NemoError::UnknownRender)) => {
                        return Ok(Seen::Unreached(Duration::ZERO));
                    }
                    Err(error) => return Ok(self.not_asked(job, &error)),
                }
            }
        };
        // Nice to know, and no more: trouble here leaves the words out.
        let project = nemo.project(&job.payer.token, &job.session).await.ok();
        let resolution = project.and_then(|project| project.canvas.or(project.draft.timeline().canvas));
        Ok(Seen::Done(Finished { url, size, duration, resolution }))
    }

    /// Makes a call on the payer's account. A refused token is renewed where that may be, stored with the job, and the
    /// call made once more: it was refused before anything was done.
    async fn paid<T, F: Future<Output = Result<T, NemoError>>>(
        &self,
        job: &mut RenderJob,
        call: impl Fn(Token) -> F,
    ) -> Result<Answer<T>, HeldError> {
        match call(job.payer.token.clone()).await {
            Err(NemoError::TokenRefused) => {}
            answer => return Ok(answer.map_err(AccountError::Nemo)),
        }
        if let Err(error) = self.renew(job).await? {
            return Ok(Err(error));
        }
        Ok(call(job.payer.token.clone()).await.map_err(AccountError::Nemo))
    }

    /// Another token in place of the job's, which was just refused.
    pub(super) async fn renew(&self, job: &mut RenderJob) -> Result<Answer<()>, HeldError> {
        let courier = self.courier;
        let shelf = Shelf::of(&job.target.conversation);
        let refused = job.payer.account();
        // The status message goes on telling how long it takes.
        let waiting = Waiting { cut: &courier.drained, busy: &|_| () };
        let renewed = courier.accounts.renew(&shelf, &self.name, &refused, waiting).await;
        let account = match renewed {
            Ok(account) => account,
            Err(AccountError::Store(error)) => return Err(error.into()),
            Err(error) => return Ok(Err(error)),
        };
        tracing::info!(render = %self.name, "The account of a render was renewed");
        job.payer = Payer::new(account);
        let payer = job.payer.clone();
        self.held.save(|kept| kept.payer = payer, Also::default()).await?;
        Ok(Ok(()))
    }

    fn not_submitted(&self, job: &RenderJob, error: &AccountError) -> Seen {
        match error {
            AccountError::Nemo(NemoError::DuplicateRender) => Seen::Duplicate,
            AccountError::Nemo(error @ NemoError::RateLimited { .. }) => {
                Seen::Busy(asked_wait(&self.courier.nemo, error))
            }
            AccountError::Nemo(error) if is_unsure(error) => Seen::Unsure,
            error => Seen::Refused(self.refused(job, error)),
        }
    }

    fn not_asked(&self, job: &RenderJob, error: &AccountError) -> Seen {
        match error {
            AccountError::Nemo(NemoError::UnknownRender) => Seen::Unknown,
            AccountError::Nemo(error) if is_unsure(error) => Seen::Unreached(match error {
                NemoError::RateLimited { retry_after: Some(wait) } => *wait,
                _ => Duration::ZERO,
            }),
            error => Seen::Refused(self.refused(job, error)),
        }
    }

    /// How a job ends whose call was refused for good.
    fn refused(&self, job: &RenderJob, error: &AccountError) -> Ending {
        tracing::warn!(render = %self.name, %error, "A render was refused");
        match error {
            AccountError::OwnRefused => Ending::OwnRefused,
            AccountError::OperatorRefused => Ending::OperatorRefused,
            AccountError::NoneLeft => Ending::NoAccount,
            AccountError::Nemo(NemoError::TokenRefused) => match job.payer.account().kind {
                AccountKind::Own => Ending::OwnRefused,
                AccountKind::Operator => Ending::OperatorRefused,
                AccountKind::Anonymous(_) => Ending::NoAccount,
            },
            AccountError::Nemo(NemoError::PlanBlocked | NemoError::Forbidden) => Ending::PlanBlocked,
            AccountError::Nemo(NemoError::OutOfCredits) => Ending::NoCredits,
            AccountError::Nemo(NemoError::SessionGone) => Ending::SessionGone,
            AccountError::Nemo(_) | AccountError::Store(_) => Ending::Refused,
        }
    }
}

fn asked_wait(nemo: &Nemo, error: &NemoError) -> Duration {
    nemo.wait_after(error).unwrap_or_default()
}

/// Whether it may have arrived all the same, or may go through a moment later.
pub(super) fn is_unsure(error: &NemoError) -> bool {
    error.is_passing() || error.is_ambiguous()
}
