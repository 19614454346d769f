//! Where a conversation is listed: in its person's row, so that all that is kept of a person can be found.

use std::time::Duration;

use tokio::time::Instant;

use super::{Shift, lock};
use crate::chat::id::ConversationId;
use crate::conversation::person::Person;
use crate::conversation::record::{Record, Shelf};
use crate::store::{Claim, Expect, Kind, StoreError, Vault, Version, Write};
use crate::work::held::{Also, HeldError, Then};

/// A conversation in use is listed anew this often at most.
const LIST_EVERY: Duration = Duration::from_hours(24);
/// A person's row is written by few at a time, so losing this many races in a row means a loop somewhere.
const PERSON_TRIES: u32 = 10;

/// What a claim brought of a person is as good as a read for this long: one that is slow takes as much.
const PERSON_FRESH: Duration = Duration::from_secs(2);

/// The person's row as the claim brought it.
#[derive(Debug)]
pub(super) struct Brought {
    at: Instant,
    row: Option<(Version, Person)>,
}

impl Brought {
    /// `None`: it does not open, which a read will tell.
    pub(super) fn by(vault: &Vault, claim: &Claim) -> Option<Self> {
        let at = claim.agenda.brings(&claim.item).iter().position(|key| key.kind() == Kind::Person)?;
        let row = vault.open_brought::<Person>(claim, at).ok()?.pop();
        Some(Self { at: Instant::now(), row })
    }
}

impl Shift {
    /// The person's row: the one that the claim brought while it is fresh, so that a message needs no read of it.
    pub(in crate::conversation) async fn person(&self) -> Result<Option<(Version, Person)>, StoreError> {
        let fresh = {
            let brought = lock(&self.brought);
            brought.as_ref().filter(|brought| brought.at.elapsed() < PERSON_FRESH).map(|brought| brought.row.clone())
        };
        match fresh {
            Some(row) => Ok(row),
            None => self.worker.vault.load(&self.shelf.person()).await,
        }
    }

    /// Has the person's row list this conversation, in the batch that writes the record for the first time, and again now
    /// and then: so it is kept from the last use, too.
    pub(super) async fn list(&self) -> Result<(), HeldError> {
        let (now, keep) = (self.worker.clock.now(), self.worker.settings.keep);
        let due = |record: &Record| record.listed.is_none_or(|listed| now.since(listed) >= LIST_EVERY);
        if !self.held.read(due).await {
            return Ok(());
        }
        let list = |person: &mut Person| {
            let gone = person.list_place(&self.conversation.place, now, keep);
            let conversations = gone.into_iter().map(|place| ConversationId { place, ..self.conversation.clone() });
            let keys = conversations.map(|gone| Shelf::of(&gone)).flat_map(|shelf| [shelf.record(), shelf.inbox()]);
            keys.map(|key| Write::Delete { key }).collect()
        };
        self.save_with_person(list, |record| record.listed = Some(now)).await
    }

    /// Changes the person's row and the record in one batch, with the writes that `change` gives. Both are called again
    /// for each race that was lost.
    pub(in crate::conversation) async fn save_with_person(
        &self,
        change: impl FnMut(&mut Person) -> Vec<Write>,
        note: impl FnMut(&mut Record),
    ) -> Result<(), HeldError> {
        self.write_with_person(change, note, Then::Hold).await
    }

    /// The same, and `then` leaves the claim.
    pub(in crate::conversation) async fn write_with_person(
        &self,
        mut change: impl FnMut(&mut Person) -> Vec<Write>,
        mut note: impl FnMut(&mut Record),
        then: Then,
    ) -> Result<(), HeldError> {
        let (vault, key) = (&self.worker.vault, self.shelf.person());
        let mut tries = 0;
        loop {
            let (version, person) = if tries == 0 { self.person().await? } else { vault.load(&key).await? }.unzip();
            // It is another one from here on.
            lock(&self.brought).take();
            let mut person: Person = person.unwrap_or_default();
            let mut writes = change(&mut person);
            writes.push(vault.put_write(&key, &person, Some(self.worker.settings.keep))?);
            let expect = version.map_or_else(|| Expect::Absent(key.clone()), |v| Expect::At(key.clone(), v));
            let also = Also { expects: vec![expect], writes, ..Also::default() };
            match self.held.commit(&mut note, also, then).await {
                Err(HeldError::Refused(_)) if tries < PERSON_TRIES => tries += 1,
                outcome => return outcome.map(drop),
            }
        }
    }
}
