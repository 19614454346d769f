//! What ends a render without anybody's wish: a fault of ours in the middle of it, and a job that does not open.

use std::time::Duration;

use super::courier::speak::{retry, worded};
use super::courier::{Courier, Errand};
use super::{Ending, Phase, RenderJob};
use crate::chat::choice::{Action, Choice};
use crate::chat::id::ConversationId;
use crate::chat::reply::{Button, ButtonAction, ButtonStyle, Reply};
use crate::chat::rich::RichText;
use crate::chat::surface::{DeliveryKey, SurfaceError, Target};
use crate::conversation::person::Person;
use crate::conversation::record::{Record, Shelf};
use crate::say::{LANGUAGES, Say};
use crate::store::{Claim, Key, Kind};
use crate::telemetry;
use crate::work::held::{self, HeldError};

/// How often the loss of a job is told to a chat that cannot be reached; the log tells it in any case.
const TELL_TRIES: u32 = 5;
/// Between two of them.
const TELL_WAIT: Duration = Duration::from_secs(2);

impl Errand<'_> {
    /// The work on it panicked, and would do so again: it is given up in words.
    pub(super) async fn apologise(&self) -> Result<(), HeldError> {
        let reference = telemetry::panicked("a render");
        let mut job = self.held.read(Clone::clone).await;
        // The result stands in the chat; what was lost is the sound.
        if !matches!(job.phase, Phase::Ringing(_) | Phase::Delivered | Phase::Ended(_)) {
            let reply = Reply::new(worded(&job, &Say::ErrorInternal { reference })).with_buttons(vec![retry(&job)]);
            if !self.put(&mut job, reply).await? {
                let patience = self.patience();
                return self.rest(job, Some(patience)).await;
            }
            job.phase = Phase::Ended(Ending::Failed);
        }
        self.archive(job).await
    }
}

impl Courier {
    /// A job that does not open would be taken up for ever: it is put aside, and its person hears of it where it was
    /// asked for.
    pub(super) async fn lose(&self, claim: &Claim, key: &Key) -> Result<(), HeldError> {
        let reference = telemetry::reference();
        tracing::error!(kind = key.kind().as_str(), rows = 1, reference, "Stored rows do not open; they are put aside");
        let told = self.tell_lost(&claim.item.name, reference).await;
        if let Err(error) = told {
            tracing::warn!(%error, "Nobody could be told of a render that does not open");
        }
        self.vault.mend::<RenderJob>(key, self.keep).await?;
        // What lay aside before may open now, and is taken up then.
        let back = self.vault.load::<RenderJob>(key).await?.map(|_| Duration::ZERO);
        held::let_go(&self.vault, claim, back).await
    }

    async fn tell_lost(&self, item: &str, reference: String) -> Result<(), HeldError> {
        let Some((asker, record)) = self.asker(item).await? else { return Ok(()) };
        let Some(surface) = self.surfaces.get(asker.platform) else { return Ok(()) };
        let Some(language) = record.language.or_else(|| LANGUAGES.first().cloned()) else { return Ok(()) };
        let again = Choice {
            action: Action::Export,
            owner: asker.user.clone(),
            project: record.project.number,
            argument: String::new(),
        };
        let label = Say::BtnExport.text(&language);
        let button = Button { label, does: ButtonAction::Press(again), style: ButtonStyle::Plain };
        let text = RichText::sentence(&Say::ExportLost { reference }.text(&language));
        let (reply, key) = (Reply::new(text).with_buttons(vec![button]), DeliveryKey::random());
        let target = Target { conversation: asker, back: None, thread: None };
        for _ in 0..TELL_TRIES {
            match surface.post(&target, &reply, key.clone()).await {
                Err(SurfaceError::RateLimited { retry_after }) => {
                    tokio::time::sleep(retry_after.min(self.hold / 3)).await;
                }
                Err(SurfaceError::Unreached(_)) => tokio::time::sleep(TELL_WAIT.min(self.hold / 3)).await,
                _ => break,
            }
        }
        Ok(())
    }

    /// Where a job was asked for: the conversation whose newest render it is, else the one that was used last.
    async fn asker(&self, item: &str) -> Result<Option<(ConversationId, Record)>, HeldError> {
        let Some((owner, render)) = item.rsplit_once(':') else { return Ok(None) };
        let key = Key::new(Kind::Person, owner, owner);
        let Some((_, person)) = self.vault.load::<Person>(&key).await? else { return Ok(None) };
        let mut last = None;
        for (place, _) in &person.places {
            let Some(asker) = ConversationId::parse(&format!("{owner}:{place}")) else { continue };
            let key = Shelf::of(&asker).record();
            let Some((_, record)) = self.vault.load::<Record>(&key).await? else { continue };
            let found = record.project.render.as_ref().is_some_and(|known| known.as_str() == render);
            last = Some((asker, record));
            if found {
                break;
            }
        }
        Ok(last)
    }
}
