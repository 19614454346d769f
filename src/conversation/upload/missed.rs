//! Why a file did not get into the project, and what is said of it.

use std::sync::atomic::{AtomicU64, Ordering};

use super::formats;
use crate::chat::rich::RichText;
use crate::chat::surface::SurfaceError;
use crate::conversation::live::Live;
use crate::conversation::person::AccountKind;
use crate::conversation::record::{Entry, Request};
use crate::conversation::setup::{Remedy, Trouble};
use crate::conversation::shift::Shift;
use crate::conversation::voice::Key;
use crate::intent::{self, Intent};
use crate::nemo::NemoError;
use crate::say::Say;
use crate::store::Version;
use crate::work::held::HeldError;

/// Why a file did not get into the project.
pub(super) enum Missed {
    /// There is a sentence for it.
    Said(Say, Remedy),
    /// Nobody knows whether it did: the answer was lost after so many percent.
    Unsure(u64),
    Trouble(Trouble),
}

impl From<Trouble> for Missed {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<HeldError> for Missed {
    fn from(error: HeldError) -> Self {
        Self::Trouble(error.into())
    }
}

impl Shift {
    pub(super) fn not_opened(&self, error: SurfaceError, size: u64) -> Missed {
        let limit = self.surface.capabilities(&self.conversation.place).open_limit;
        match error {
            SurfaceError::TooLarge if size == 0 => Missed::Said(Say::UploadTooLargeUntold { limit }, Remedy::None),
            SurfaceError::TooLarge => Missed::Said(Say::UploadTooLargePlatform { limit, size }, Remedy::None),
            SurfaceError::Gone => Missed::Said(Say::UploadExpired, Remedy::None),
            error => {
                tracing::warn!(%error, "An attachment could not be opened");
                Missed::Said(Say::UploadFailed { pct: 0 }, Remedy::Again)
            }
        }
    }

    /// Says why, beside what is said of files that could not be used, and closes the upload.
    pub(super) async fn missed(
        &self,
        entries: &[(Version, Entry)],
        live: &Live,
        missed: Missed,
        unfit: &[Say],
    ) -> Result<(), HeldError> {
        let (say, remedy) = match missed {
            Missed::Trouble(trouble) if trouble.is_wait() && self.cut().is_cancelled() => {
                (Say::UploadCancelled, Remedy::None)
            }
            Missed::Said(say, remedy) => (say, remedy),
            Missed::Unsure(pct) => (Say::UploadFailed { pct }, Remedy::None),
            Missed::Trouble(trouble) => self.explain(trouble)?,
        };
        let cancelled = matches!(say, Say::UploadCancelled);
        if cancelled {
            self.pay_stop();
        }
        let partly = self.partly(&self.done().await);
        let say = if cancelled && partly.is_some() { Say::UploadStopped } else { say };
        self.judge(false);
        let asks = matches!(say, Say::UploadFailed { .. } | Say::SessionRenewed);
        let mut text = self.all_worded(unfit).then(self.worded(&say));
        // A file comes again by being sent again.
        if remedy == Remedy::Again && !asks {
            text = text.then(self.worded(&Say::UploadAgain));
        }
        if let Some(partly) = partly {
            text = text.then(self.worded(&partly));
        }
        live.foot(text, self.buttons(remedy.keys(None)).await);
        self.land_last(live).await;
        self.finish(entries, |record| record.upload = None, Vec::new()).await
    }

    /// Files of this message that could not be used were left out, and the others have come in. With fewer clips the
    /// request may not be what was meant, so it is offered.
    pub(super) async fn left_out(
        &self,
        entries: &[(Version, Entry)],
        live: &Live,
        unfit: &[Say],
        request: String,
    ) -> Result<(), HeldError> {
        let done = self.done().await;
        let keys = match intent::of(&request) {
            _ if done.is_empty() => Vec::new(),
            Intent::Export => vec![Key::export()],
            _ if request.trim().is_empty() => self.first_keys(&done).await,
            _ => vec![Key::do_it(Request::about(request, done.clone()))],
        };
        let text = self.all_worded(unfit).then(self.all_worded(&self.partly(&done).into_iter().collect::<Vec<_>>()));
        self.judge(false);
        live.foot(text, self.buttons(keys).await);
        self.land_last(live).await;
        self.finish(entries, |record| record.upload = None, Vec::new()).await
    }

    /// All sentences, each once.
    fn all_worded(&self, says: &[Say]) -> RichText {
        let new = |(at, say): &(usize, &Say)| !says[..*at].contains(say);
        let says = says.iter().enumerate().filter(new);
        says.fold(RichText::default(), |text, (_, say)| text.then(self.worded(say)))
    }

    /// The files of this message that have come in.
    async fn done(&self) -> Vec<String> {
        self.held.read(|record| record.upload.as_ref().map(|upload| upload.done.clone())).await.unwrap_or_default()
    }

    /// Names them, if there are any.
    fn partly(&self, done: &[String]) -> Option<Say> {
        let language = self.language();
        let also = |first, second| Say::StatusAlso { first, second }.text(&language);
        done.iter().cloned().reduce(also).map(|names| Say::UploadPartly { names })
    }
}

/// What a refused or broken upload means for the user.
pub(super) fn not_uploaded(error: NemoError, name: &str, moved: &AtomicU64, length: u64, kind: AccountKind) -> Missed {
    let pct = percent(moved.load(Ordering::Relaxed).min(length), length);
    match error {
        NemoError::TooLarge => {
            Missed::Said(Say::UploadRefusedSize { name: name.to_owned(), size: length }, Remedy::None)
        }
        NemoError::Unsupported => {
            Missed::Said(Say::UploadRefusedType { name: name.to_owned(), formats: formats() }, Remedy::None)
        }
        NemoError::Truncated { .. } => Missed::Said(Say::UploadFailed { pct }, Remedy::None),
        error if error.is_passing() && !matches!(error, NemoError::RateLimited { .. }) => {
            tracing::warn!(%error, "An upload broke off");
            Missed::Said(Say::UploadFailed { pct }, Remedy::None)
        }
        error => Missed::Trouble(Trouble::Nemo(error, Some(kind))),
    }
}

pub(super) fn percent(done: u64, of: u64) -> u64 {
    (done * 100).checked_div(of).unwrap_or(100)
}
