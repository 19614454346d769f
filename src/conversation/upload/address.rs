//! Files that the backend fetches by their address: links that a user typed, and attachments whose surface gives one out.

use url::Url;

use super::missed::Missed;
use crate::chat::inbound::MediaRef;
use crate::conversation::link::is_public;
use crate::conversation::live::Live;
use crate::conversation::person::Account;
use crate::conversation::record::Upload;
use crate::conversation::setup::{Remedy, Trouble};
use crate::conversation::shift::Shift;
use crate::conversation::voice::Key;
use crate::nemo::{NemoError, SessionId, Uploaded};
use crate::say::Say;

/// What to do after an attachment's address was handed over.
#[derive(Debug, PartialEq)]
enum Then {
    /// The file is there.
    Done,
    /// It may be there: look, and stream it if it is not.
    Look,
    /// It is not there, and its bytes may still be taken.
    Stream,
    /// Nobody knows, and it may still come.
    Unsure,
    /// Its bytes would end the same way.
    Tell(NemoError),
}

/// The service may refuse an address, or not be able to fetch what is there; neither says anything of the file.
fn then(handed: Result<Uploaded, NemoError>) -> Then {
    match handed {
        Ok(told) if !told.files.is_empty() => Then::Done,
        Ok(_) | Err(NemoError::Server(_) | NemoError::NotUnderstood(_)) => Then::Look,
        Err(NemoError::Unavailable { sent: true }) => Then::Unsure,
        Err(
            error @ (NemoError::TokenRefused
            | NemoError::SessionGone
            | NemoError::OutOfCredits
            | NemoError::PlanBlocked
            | NemoError::RateLimited { .. }
            | NemoError::Unavailable { sent: false }),
        ) => Then::Tell(error),
        Err(_) => Then::Stream,
    }
}

impl Shift {
    /// A link that the user typed: checked by its literal host, then handed over. The bot never fetches it. The first
    /// file of an upload has it shown.
    pub(super) async fn take_link(
        &self,
        live: &Live,
        upload: &mut Upload,
        link: &Url,
        first: bool,
    ) -> Result<String, Missed> {
        if !is_public(link) {
            return Err(Missed::Said(Say::UploadLinkBad, Remedy::None));
        }
        if first {
            self.notice().await;
            live.foot(self.worded(&Say::SetupConnecting), self.buttons(vec![Key::stop()]).await);
        }
        let (mut account, session, project) = self.ready().await?;
        let name = link.path_segments().and_then(|mut s| s.next_back()).filter(|n| !n.is_empty()).unwrap_or("video");
        let name = self.own_name(name).await;
        if self.has_arrived(live, upload, project.video_infos).await? {
            return Ok(name);
        }
        let (mut renewed, mut waited) = (false, false);
        let outcome = loop {
            match self.hand_over_link(&account, &session, link).await? {
                Err(NemoError::TokenRefused) if !renewed => {
                    renewed = true;
                    account = self.renew(&account).await?;
                }
                Err(NemoError::RateLimited { retry_after }) if !waited && self.wait_out(retry_after).await => {
                    waited = true;
                }
                outcome => break outcome,
            }
        };
        match outcome {
            Ok(_) => Ok(name),
            Err(error) if error.is_ambiguous() && self.came_in(&account, &session, upload).await => Ok(name),
            Err(NemoError::Unsupported | NemoError::Malformed(_)) => {
                Err(Missed::Said(Say::UploadLinkBad, Remedy::None))
            }
            Err(error) => Err(Trouble::Nemo(error, Some(account.kind)).into()),
        }
    }

    /// An attachment by its address, where its surface gives one out. `false`: it is to be streamed.
    pub(super) async fn pass_on(
        &self,
        account: &Account,
        session: &SessionId,
        upload: &Upload,
        media: &MediaRef,
    ) -> Result<bool, Missed> {
        let Some(address) = self.surface.address(media).await else { return Ok(false) };
        let handed = self.hand_over_link(account, session, &address).await?;
        let error = handed.as_ref().err().map(ToString::to_string);
        let there = match then(handed) {
            Then::Done => true,
            Then::Stream => false,
            Then::Look => {
                let project = self.worker.nemo.project(&account.token, session).await;
                let known = project.map_err(|_| Missed::Unsure(0))?.video_infos;
                upload.before.is_some_and(|before| known > before)
            }
            Then::Unsure => return Err(Missed::Unsure(0)),
            Then::Tell(error) => return Err(Trouble::Nemo(error, Some(account.kind.clone())).into()),
        };
        if !there {
            tracing::info!(error, "The service did not get an attachment by its address; it is streamed");
        }
        Ok(there)
    }

    async fn hand_over_link(
        &self,
        account: &Account,
        session: &SessionId,
        link: &Url,
    ) -> Result<Result<Uploaded, NemoError>, Missed> {
        let cut = self.cut();
        tokio::select! {
            outcome = self.worker.nemo.upload_links(&account.token, session, std::slice::from_ref(link)) => Ok(outcome),
            () = cut.cancelled() => Err(Missed::Said(Say::UploadCancelled, Remedy::None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nemo::UploadedFile;

    #[test]
    fn bytes_follow_an_address_only_where_they_may_fare_better_and_nothing_stands_twice() {
        let named = Uploaded { files: vec![UploadedFile::default()], applied: None };
        assert_eq!(then(Ok(named)), Then::Done);
        assert_eq!(then(Ok(Uploaded::default())), Then::Look);
        assert_eq!(then(Err(NemoError::NotUnderstood("page"))), Then::Look);
        assert_eq!(then(Err(NemoError::Unsupported)), Then::Stream);
        assert_eq!(then(Err(NemoError::Forbidden)), Then::Stream);
        assert_eq!(then(Err(NemoError::Unavailable { sent: true })), Then::Unsure);
        for error in [NemoError::TokenRefused, NemoError::SessionGone, NemoError::Unavailable { sent: false }] {
            assert_eq!(then(Err(error.clone())), Then::Tell(error));
        }
    }
}
