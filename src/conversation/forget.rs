//! `/privacy`, and `/forget` in two steps: the question, and the deletion of everything that is kept of a person.
//!
//! All of a person is in one partition and listed in the person's row, so one batch deletes it, with the claim under
//! which it is done. Whoever works on another of the person's conversations or renders loses the document, and with it
//! the right to write; they are woken to see it, and their claims run out and find nothing.

use std::time::Duration;

use super::inbox::place_key;
use super::person::Person;
use super::record::{Record, Shelf};
use super::shift::Shift;
use super::voice::Key as Button;
use crate::chat::choice::Action;
use crate::chat::id::ConversationId;
use crate::chat::reply::{ButtonStyle, Reply};
use crate::render::{Phase, RenderJob};
use crate::say::Say;
use crate::store::{Agenda, Expect, Key, Kind, Row, Write};
use crate::work::held::{Also, HeldError};

/// A person's row is written by few at a time, so losing this many races in a row means a loop somewhere.
const TRIES: u32 = 10;
/// How long the renders of somebody who was forgotten may take to be cancelled. What is not done by then runs to its
/// end, and nobody asks for it.
const CANCEL_PATIENCE: Duration = Duration::from_secs(5);
/// A day, as policies count.
const DAY: Duration = Duration::from_hours(24);

/// Everything that is kept of a person, in one look.
pub(super) struct Kept {
    /// The keys, and what lay under each.
    pub(super) rows: Vec<(Key, Vec<Row>)>,
    /// Where the person has conversations.
    pub(super) conversations: Vec<ConversationId>,
    /// The person's row.
    pub(super) person: Person,
    expect: Expect,
}

impl Shift {
    /// Says what is kept.
    pub(super) async fn privacy(&self) {
        let settings = &self.worker.settings;
        let mut text = self.worded(&Say::PrivacyText { days: settings.keep.as_secs() / DAY.as_secs() });
        if let Some(url) = &settings.policy_url {
            text = text.then(self.worded(&Say::PrivacyPolicy { url: url.to_string() }));
        }
        let buttons = self.buttons(vec![Button::new(Say::BtnMyData, Action::MyData)]).await;
        self.post(Reply::new(text).with_buttons(buttons).for_asker()).await;
    }

    /// Asks before anything is deleted.
    pub(super) async fn ask_forget(&self) {
        let keys = vec![
            Button::new(Say::BtnDelete, Action::Forget).styled(ButtonStyle::Danger),
            Button::new(Say::BtnKeep, Action::KeepData),
        ];
        self.tell_asker(Say::PrivacyForget, keys).await;
    }

    /// Deletes everything that is kept of the person, and ends this shift.
    pub(super) async fn forget(&self) -> Result<(), HeldError> {
        self.tidy_rest().await;
        let (mut tries, mut threads) = (0, 0);
        let kept = loop {
            let kept = self.kept().await?;
            // They lie elsewhere, and the person's row tells of them: so they go before it. A thread that is opened
            // meanwhile changes that row, and the batch below is refused.
            for (thread, _) in &kept.person.threads {
                threads += u64::from(self.disown(thread).await?);
            }
            let keys = kept.rows.iter().flat_map(|(key, _)| [key.clone(), key.aside()]);
            let mut writes: Vec<_> = keys.map(|key| Write::Delete { key }).collect();
            // Whoever works on the person in another place finds at once that there is nothing left to write.
            let elsewhere = kept.conversations.iter().filter(|other| **other != self.conversation);
            writes.extend(elsewhere.map(|other| Write::Wake {
                agenda: Shelf::AGENDA,
                item: Shelf::of(other).item(),
                after: Duration::ZERO,
            }));
            // A render that rests would stay on its agenda until it is due.
            writes.extend(kept.person.jobs.iter().map(|(job, _)| {
                let item = self.shelf.render_item(job);
                Write::Wake { agenda: Agenda::Renders, item, after: Duration::ZERO }
            }));
            writes.extend(self.worker.accounts.forgotten.mark(&self.worker.vault, &self.shelf)?);
            match self.held.bury(Also { expects: vec![kept.expect.clone()], writes, ..Also::default() }).await {
                Ok(()) => break kept,
                Err(HeldError::Refused(_)) if tries < TRIES => tries += 1,
                Err(error) => return Err(error),
            }
        };
        self.end();
        let n = threads + kept.rows.iter().map(|(_, rows)| rows.len() as u64).sum::<u64>();
        tracing::info!(records = n, "A person was forgotten");
        let waiting = self.held.read(|record: &Record| record.waiting.values().cloned().collect::<Vec<_>>()).await;
        for notice in waiting {
            // Places in a line that is gone. One that stays behind does no harm.
            let _ = self.surface.remove(&self.target(), &notice).await;
        }
        // Best effort: the deletion stands whatever comes of it.
        if tokio::time::timeout(CANCEL_PATIENCE, self.cancel_renders(&kept)).await.is_err() {
            tracing::info!("Renders of somebody who was forgotten could not be cancelled in time");
        }
        self.tell_asker(Say::PrivacyForgotten { n }, Vec::new()).await;
        Ok(())
    }

    async fn cancel_renders(&self, kept: &Kept) {
        for (key, rows) in &kept.rows {
            let Some(row) = rows.first().filter(|_| key.kind() == Kind::Job) else { continue };
            let Ok(job) = self.worker.vault.open::<RenderJob>(key, row) else { continue };
            if job.has_ended() {
                continue;
            }
            let _ = self.worker.nemo.cancel_render(&job.payer.token, &job.render).await;
            // Where only the ring is missing, the message has become the result, and stays it.
            let done = matches!(job.phase, Phase::Ringing(_));
            if let Some(status) = job.status.as_ref().filter(|_| !done) {
                let stopped = Reply::new(self.worded(&Say::ExportStopped));
                let _ = self.surface.edit(&job.target, status, &stopped).await;
            }
        }
    }

    /// Reads all that is kept of the person, at one moment.
    pub(super) async fn kept(&self) -> Result<Kept, HeldError> {
        let vault = &self.worker.vault;
        let key = self.shelf.person();
        let (version, person) = vault.load::<Person>(&key).await?.unzip();
        let person = person.unwrap_or_default();
        let expect = version.map_or_else(|| Expect::Absent(key.clone()), |version| Expect::At(key.clone(), version));
        let mut places: Vec<_> = person.places.iter().map(|(place, _)| place.clone()).collect();
        if !places.contains(&self.conversation.place) {
            places.push(self.conversation.place.clone());
        }
        let conversations: Vec<_> =
            places.into_iter().map(|place| ConversationId { place, ..self.conversation.clone() }).collect();
        let mut keys = vec![key, self.shelf.account_lock()];
        for conversation in &conversations {
            let shelf = Shelf::of(conversation);
            keys.extend([shelf.record(), shelf.inbox()]);
            // What is noted of a private chat is noted of the person.
            let place = place_key(conversation.platform, &conversation.place);
            if place.partition() == self.shelf.person().partition()
                && !self.surface.capabilities(&conversation.place).shared
            {
                keys.push(place);
            }
        }
        for (job, _) in &person.jobs {
            keys.extend([self.shelf.job(job), self.shelf.render_stop(job), self.shelf.render_way(job)]);
        }
        let rows = vault.get(&keys).await?;
        Ok(Kept { rows: keys.into_iter().zip(rows).collect(), conversations, person, expect })
    }
}
