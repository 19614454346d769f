//! What waits for a conversation: entries are looked at, worked on, and taken out with the change that they led to.

use std::sync::atomic::Ordering;

use super::person::Person;
use super::record::{Entry, Record};
use super::shift::{Shift, lock, opened};
use crate::chat::id::MessageId;
use crate::chat::inbound::InboundKind;
use crate::crash;
use crate::say::Say;
use crate::store::{StoreError, Version, Write};
use crate::work::held::{Also, HeldError, Then};

impl Shift {
    /// Takes the entries in hand out of the inbox with the change that they led to. Rests if nothing more is known to
    /// wait.
    pub(super) async fn finish(
        &self,
        entries: &[(Version, Entry)],
        change: impl FnOnce(&mut Record),
        writes: Vec<Write>,
    ) -> Result<(), HeldError> {
        self.tidy_rest().await;
        // What is being answered meanwhile is answered to its end, or it would be answered again.
        let _quiet = self.answering.lock().await;
        let over = self.held.read(|record| record.start_over_after).await;
        if let Some(mut late) = self.wind_up(entries).await.filter(|_| !over) {
            // It had ended before it heard of that. What runs beside it was not meant.
            if matches!(late, Say::CancelNothing) && self.any_render().await? {
                late = Say::ButtonDone;
            }
            self.tell_asker(late, Vec::new()).await;
        }
        self.name_missing().await;
        crash::point("finish.before");
        let more = self.take_out(entries);
        let then = if more { Then::Hold } else { Then::Rest(self.again().await) };
        let forgiven = if more { self.lapses } else { 0 };
        let change = |record: &mut Record| end(record, entries, forgiven, change);
        self.held.commit(change, self.removal(entries, writes), then).await?;
        self.rested.store(!more, Ordering::Relaxed);
        crash::point("finish.after");
        Ok(())
    }

    /// The same, for what the person's row lists. `list` hears whether a stop came too late for the work in hand, and is
    /// called again for each race that was lost. All of it is one batch: whoever goes on after a crash finds the entries
    /// gone or nothing begun.
    pub(super) async fn finish_listed(
        &self,
        entries: &[(Version, Entry)],
        change: impl Fn(&mut Record),
        list: impl Fn(&mut Person, bool) -> Vec<Write>,
    ) -> Result<(), HeldError> {
        self.tidy_rest().await;
        let _quiet = self.answering.lock().await;
        let stopped = self.wind_up(entries).await.is_some();
        crash::point("finish.before");
        let more = self.take_out(entries);
        let list = |person: &mut Person| self.removal(entries, list(person, stopped)).writes;
        let forgiven = if more { self.lapses } else { 0 };
        let change = |record: &mut Record| end(record, entries, forgiven, &change);
        let then = if more { Then::Hold } else { Then::Rest(self.again().await) };
        self.write_with_person(list, change, then).await?;
        self.rested.store(!more, Ordering::Relaxed);
        crash::point("finish.after");
        Ok(())
    }

    /// Says what has come up while the work in hand ran, and clears away what told of it. Returns what whoever stopped
    /// the work, or opened another project, is still owed.
    async fn wind_up(&self, entries: &[(Version, Entry)]) -> Option<Say> {
        let told = self.told_new.swap(false, Ordering::Relaxed);
        let late = self.pay_stop();
        let over = self.held.read(|record| record.start_over_after).await;
        if over && !told {
            self.tell(Say::NewDone, Vec::new()).await;
        }
        self.remove_notices(entries).await;
        if let Some(live) = self.live() {
            self.remember_lost(&live).await;
        }
        late
    }

    /// Removes what told `entries` their place in line and did not become an answer. One that stays behind does no harm.
    pub(super) async fn remove_notices(&self, entries: &[(Version, Entry)]) {
        while let Some(notice) = self.take_notice(entries).await {
            let _ = self.surface.remove(&self.target(), &notice).await;
        }
    }

    /// The message that told `entries` their place in line, for whoever makes something else of it.
    pub(super) async fn take_notice(&self, entries: &[(Version, Entry)]) -> Option<MessageId> {
        self.held.note(|record| entries.iter().find_map(|(_, entry)| record.waiting.remove(&entry.inbound.id))).await
    }

    /// Takes an entry that was answered beside the work in hand out of the inbox, and goes on holding.
    pub(super) async fn finish_aside(&self, entries: &[(Version, Entry)]) -> Result<(), HeldError> {
        self.take_out(entries);
        self.held.save(|record| close(record, entries, |_| ()), self.removal(entries, Vec::new())).await.map(drop)
    }

    /// Whether anything is left once `entries` are gone.
    fn take_out(&self, entries: &[(Version, Entry)]) -> bool {
        let mut inbox = lock(&self.inbox);
        inbox.retain(|(version, _)| !entries.iter().any(|(done, _)| done == version));
        !inbox.is_empty()
    }

    fn removal(&self, entries: &[(Version, Entry)], mut writes: Vec<Write>) -> Also {
        let key = self.shelf.inbox();
        writes.extend(entries.iter().map(|(version, _)| Write::Remove { key: key.clone(), version: *version }));
        Also { writes, ..Also::default() }
    }

    /// Reads what has come in since, and returns it.
    pub(super) async fn look(&self) -> Result<Vec<(Version, Entry)>, StoreError> {
        let rows = self.worker.vault.get(&[self.shelf.inbox()]).await?.pop().unwrap_or_default();
        // What does not open is for the next shift to put aside.
        let (fresh, _) = opened(&self.worker.vault, &self.shelf.inbox(), &rows);
        let mut inbox = lock(&self.inbox);
        let known: Vec<Version> = inbox.iter().map(|(version, _)| *version).collect();
        let new: Vec<_> = fresh.into_iter().filter(|(version, _)| !known.contains(version)).collect();
        inbox.extend(new.iter().cloned());
        Ok(new)
    }

    /// What waits behind the work in hand, oldest first.
    pub(super) fn waiting(&self) -> Vec<(Version, Entry)> {
        let in_hand = self.in_hand().clone();
        lock(&self.inbox).iter().filter(|(_, entry)| !in_hand.contains(&entry.inbound.id)).cloned().collect()
    }

    /// The newest words for a message, among what has come in since.
    pub(super) fn rewording(&self, message: &MessageId) -> Option<String> {
        lock(&self.inbox).iter().rev().find_map(|(_, entry)| match &entry.inbound.kind {
            InboundKind::Edited { message: edited, text } if edited == message => Some(text.clone()),
            _ => None,
        })
    }

    /// Whether the work in hand is about an entry like this.
    pub(super) fn works_on(&self, is_it: impl Fn(&Entry) -> bool) -> bool {
        let in_hand = self.in_hand().clone();
        lock(&self.inbox).iter().any(|(_, entry)| in_hand.contains(&entry.inbound.id) && is_it(entry))
    }
}

/// What is over for `entries` is forgotten with them.
fn close(record: &mut Record, entries: &[(Version, Entry)], change: impl FnOnce(&mut Record)) {
    for (_, entry) in entries {
        record.waiting.remove(&entry.inbound.id);
        record.stopped.retain(|stopped| *stopped != entry.inbound.id);
        record.left.retain(|left| *left != entry.inbound.id);
        if let InboundKind::Message { message, .. } = &entry.inbound.kind {
            record.reworded.remove(message);
        }
    }
    change(record);
}

/// The same at the end of the work in hand. Where a new project was asked for meanwhile, it begins.
fn end(record: &mut Record, entries: &[(Version, Entry)], forgiven: u32, change: impl FnOnce(&mut Record)) {
    // What the next one costs is counted from here on; with a rest the count begins anew.
    record.forgiven = forgiven;
    close(record, entries, change);
    if std::mem::take(&mut record.start_over_after) {
        record.start_over();
    }
}
