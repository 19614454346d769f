//! Why a file did not get into the project, and what is said of it.

use std::sync::atomic::{AtomicU64, Ordering};

use super::formats;
use crate::chat::choice::Action;
use crate::chat::surface::SurfaceError;
use crate::conversation::live::Live;
use crate::conversation::person::AccountKind;
use crate::conversation::record::Entry;
use crate::conversation::setup::Trouble;
use crate::conversation::shift::Shift;
use crate::conversation::voice::Key;
use crate::nemo::NemoError;
use crate::say::Say;
use crate::store::Version;
use crate::work::held::HeldError;

/// Why a file did not get into the project.
pub(super) enum Missed {
    /// There is a sentence for it.
    Said(Say, Vec<Key>),
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
            SurfaceError::TooLarge if size == 0 => Missed::Said(Say::UploadTooLargeUntold { limit }, Vec::new()),
            SurfaceError::TooLarge => Missed::Said(Say::UploadTooLargePlatform { limit, size }, Vec::new()),
            SurfaceError::Gone => Missed::Said(Say::UploadExpired, Vec::new()),
            error => {
                tracing::warn!(%error, "An attachment could not be opened");
                Missed::Said(Say::UploadFailed { pct: 0 }, vec![Key::retry()])
            }
        }
    }

    /// Says why, and closes the upload.
    pub(super) async fn missed(
        &self,
        entries: &[(Version, Entry)],
        live: &Live,
        missed: Missed,
    ) -> Result<(), HeldError> {
        let (say, keys) = match missed {
            Missed::Trouble(trouble) if trouble.is_wait() && self.cut().is_cancelled() => {
                (Say::UploadCancelled, Vec::new())
            }
            Missed::Said(say, keys) => (say, keys),
            Missed::Unsure(pct) => (Say::UploadFailed { pct }, Vec::new()),
            Missed::Trouble(trouble) => self.explain(trouble)?,
        };
        if matches!(say, Say::UploadCancelled) {
            self.pay_stop();
        }
        self.judge(false);
        // What can be tried again needs its request back; a file comes again by being sent again.
        let (retry, keys): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| key.action == Action::Retry);
        let asks = matches!(say, Say::UploadFailed { .. } | Say::SessionRenewed);
        let mut text = self.worded(&say);
        if !(retry.is_empty() || asks) {
            text = text.then(self.worded(&Say::UploadAgain));
        }
        live.foot(text, self.buttons(keys).await);
        self.land_last(live).await;
        self.finish(entries, |record| record.upload = None, Vec::new()).await
    }
}

/// What a refused or broken upload means for the user.
pub(super) fn not_uploaded(error: NemoError, name: &str, moved: &AtomicU64, length: u64, kind: AccountKind) -> Missed {
    let pct = percent(moved.load(Ordering::Relaxed).min(length), length);
    match error {
        NemoError::TooLarge => Missed::Said(Say::UploadRefusedSize { name: name.to_owned(), size: length }, Vec::new()),
        NemoError::Unsupported => {
            Missed::Said(Say::UploadRefusedType { name: name.to_owned(), formats: formats() }, Vec::new())
        }
        NemoError::Truncated { .. } => Missed::Said(Say::UploadFailed { pct }, Vec::new()),
        error if error.is_passing() && !matches!(error, NemoError::RateLimited { .. }) => {
            tracing::warn!(%error, "An upload broke off");
            Missed::Said(Say::UploadFailed { pct }, Vec::new())
        }
        error => Missed::Trouble(Trouble::Nemo(error, Some(kind))),
    }
}

pub(super) fn percent(done: u64, of: u64) -> u64 {
    (done * 100).checked_div(of).unwrap_or(100)
}
