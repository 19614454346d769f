//! Rows that do not open. They would stop their conversation for good, so they are put aside, the user hears of it once,
//! and work goes on.

use std::time::Duration;

use super::{Shift, lock};
use crate::conversation::person::Person;
use crate::conversation::record::Record;
use crate::conversation::voice::Key as Button;
use crate::render::RenderJob;
use crate::say::Say;
use crate::store::{Kind, StoreError, Write};
use crate::telemetry;
use crate::work::held::{Also, HeldError};

impl Shift {
    /// Puts aside what the claim brought and does not open.
    pub(super) async fn set_aside(&self) -> Result<(), HeldError> {
        let unread = std::mem::take(&mut *lock(&self.unread));
        if unread.is_empty() {
            return Ok(());
        }
        let (reference, keep) = (telemetry::reference(), self.worker.settings.keep);
        let (mut writes, mut say, mut back) = (Vec::new(), None, None);
        for (key, rows) in &unread {
            tracing::error!(
                kind = key.kind().as_str(),
                rows = rows.len(),
                reference,
                "Stored rows do not open; they are put aside"
            );
            let reference = reference.clone();
            if key.kind() == Kind::Inbox {
                writes.push(self.worker.vault.set_aside::<()>(key, rows, keep).await?.0);
                writes.extend(rows.iter().map(|row| Write::Remove { key: key.clone(), version: row.version }));
                say.get_or_insert(Say::WorkGaveUp { reference });
            } else {
                let (write, record) = self.worker.vault.set_aside::<Record>(key, rows, keep).await?;
                writes.push(write);
                back = record;
                say = Some(Say::KeptUnreadable { reference });
            }
        }
        // Whoever waits tells in which language.
        let first: Vec<_> = lock(&self.inbox).first().cloned().into_iter().collect();
        self.take_in_hand(&first).await;
        if let Some(say) = say.filter(|_| back.is_none()) {
            self.tell(say, Vec::new()).await;
        }
        self.in_hand().clear();
        let put = |record: &mut Record| {
            if let Some(back) = back {
                *record = back;
            }
        };
        self.held.save(put, Also { writes, ..Also::default() }).await.map(drop)
    }

    /// Something else that this conversation needs does not open: puts it aside, so that the next shift can work.
    pub(super) async fn mend(&self, error: &StoreError) {
        let reference = telemetry::reference();
        tracing::error!(%error, reference, conversation = %self.conversation, "A conversation met a row that does not open");
        if let Err(error) = self.mend_rows(reference).await {
            tracing::warn!(%error, conversation = %self.conversation, "A conversation was left; it will be taken up again");
        }
    }

    async fn mend_rows(&self, reference: String) -> Result<(), HeldError> {
        let (vault, keep) = (&self.worker.vault, self.worker.settings.keep);
        let render = self.held.read(|record| record.project.render.clone()).await;
        let job = match &render {
            Some(render) => vault.mend::<RenderJob>(&self.shelf.job(render), keep).await?,
            None => false,
        };
        let person = vault.mend::<Person>(&self.shelf.person(), keep).await?;
        if person {
            let say = self.worded(&Say::KeptUnreadable { reference });
            match self.live().filter(|live| live.message().is_some()) {
                Some(live) => {
                    live.foot(say, Vec::new());
                    self.land_last(&live).await;
                }
                None => drop(self.post(crate::chat::reply::Reply::new(say)).await),
            }
        } else if job {
            self.tell(Say::ExportLost { reference }, vec![Button::export()]).await;
        }
        if !person && !job {
            // Its claim runs out, and counts as a lapse: in the end the message is given up.
            return Ok(());
        }
        self.held.rest(|_| (), Also::default(), Some(Duration::ZERO)).await.map(drop)
    }
}
