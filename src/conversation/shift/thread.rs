//! A place of a project's own, where the platform has such places.

use super::{Shift, lock};
use crate::chat::id::PlaceId;
use crate::chat::inbound::InboundKind;
use crate::chat::surface::SurfaceError;
use crate::conversation::active::follow;
use crate::conversation::inbox::place_key;
use crate::conversation::person::Person;
use crate::conversation::record::Entry;
use crate::ingress::PlaceNote;
use crate::store::{Batch, Commit, Expect, StoreError, Version, Write};
use crate::work::held::{Also, HeldError};

/// A thread's note is written rarely, so losing this many races in a row means a loop somewhere.
const DISOWN_TRIES: u32 = 10;
/// A title longer than this is cut by every list of threads; where it has words, between two of them.
const TITLE_LETTERS: usize = 60;

impl Shift {
    /// Opens a thread for the project that the first of `entries` begins, unless it has one. Answers go there from now
    /// on. Where that is not allowed they stay where they are.
    pub(in crate::conversation) async fn open_thread(&self, entries: &[(Version, Entry)]) -> Result<(), HeldError> {
        if !self.surface.capabilities(&self.conversation.place).threads {
            return Ok(());
        }
        let settled = self.held.read(|record| record.project.thread.is_some() || record.project.threadless).await;
        let Some((_, entry)) = entries.first().filter(|_| !settled) else { return Ok(()) };
        let message = match &entry.inbound.kind {
            InboundKind::Message { message, .. } => Some(message),
            _ => None,
        };
        match self.surface.open_thread(&self.target(), message, &title(entry)).await {
            Ok(thread) => {
                // First the list, so that what is noted of the thread can be found and forgotten.
                let (now, keep) = (self.worker.clock.now(), self.worker.settings.keep);
                let mut gone = Vec::new();
                let list = |person: &mut Person| {
                    gone = person.list_thread(&thread, now, keep);
                    Vec::new()
                };
                self.save_with_person(list, |_| ()).await?;
                for thread in gone {
                    self.disown(&thread).await?;
                }
                // Then the note, so that whoever writes there is understood; a crash after it finds the same thread again.
                let key = place_key(self.conversation.platform, &thread);
                let home = |note: Option<PlaceNote>| {
                    Some(PlaceNote { home: Some(self.conversation.clone()), ..note.unwrap_or_default() })
                };
                self.worker.vault.change(&key, Some(self.worker.settings.keep), home).await?;
                let (platform, clock) = (self.conversation.platform, self.worker.clock);
                if let Err(error) = follow(&self.worker.vault, platform, &thread, &entry.inbound.id, clock.now()).await
                {
                    tracing::debug!(%error, "A thread could not be put among the active places");
                }
                let kept = thread.clone();
                self.held.save(|record| record.project.thread = Some(kept), Also::default()).await?;
                self.goes_to(Some(thread));
            }
            Err(SurfaceError::Forbidden) => {
                self.held.note(|record| record.project.threadless = true).await;
            }
            // The place itself will do.
            Err(error) => tracing::debug!(%error, "No thread was opened for a project"),
        }
        Ok(())
    }

    /// Takes the note away that leads from a thread to this person. `false`: there was none. The thread lies in another
    /// partition than the person, so this is a batch of its own.
    pub(in crate::conversation) async fn disown(&self, thread: &PlaceId) -> Result<bool, StoreError> {
        let (vault, key) = (&self.worker.vault, place_key(self.conversation.platform, thread));
        for _ in 0..DISOWN_TRIES {
            let Some((version, note)) = vault.load::<PlaceNote>(&key).await? else { return Ok(false) };
            if note.home.as_ref().is_none_or(|home| home.user != self.conversation.user) {
                return Ok(false);
            }
            let rest = PlaceNote { home: None, ..note };
            let write = if rest == PlaceNote::default() {
                Write::Delete { key: key.clone() }
            } else {
                vault.put_write(&key, &rest, Some(self.worker.settings.keep))?
            };
            let expects = vec![Expect::At(key.clone(), version)];
            let batch = Batch {
                id: Version::random(),
                partition: key.partition(),
                expects,
                writes: vec![write],
                confirmed: false,
            };
            if let Commit::Done { .. } = vault.commit(&batch).await? {
                return Ok(true);
            }
        }
        Err(StoreError::Failed("a thread's note changes all the time".to_owned()))
    }

    /// Where answers of the open project go from now on: its thread, or the conversation's place.
    pub(in crate::conversation) fn goes_to(&self, thread: Option<PlaceId>) {
        *lock(&self.thread) = thread;
    }
}

/// What to call a project's thread: its first words, else its first file.
fn title(entry: &Entry) -> String {
    let (words, files) = match &entry.inbound.kind {
        InboundKind::Message { text, attachments, .. } => (text.as_str(), attachments.as_slice()),
        InboundKind::Command { argument, attachments, .. } => (argument.as_str(), attachments.as_slice()),
        _ => ("", [].as_slice()),
    };
    let words = words.split_whitespace().filter(|word| !word.contains("://")).collect::<Vec<_>>().join(" ");
    let named = files.iter().find_map(|file| file.name.clone()).unwrap_or_else(|| entry.inbound.name.clone());
    let title = short(if words.is_empty() { &named } else { &words });
    if title.trim().is_empty() { "NEMO".to_owned() } else { title }
}

/// `title` within [`TITLE_LETTERS`], cut between two words where that leaves most of it.
fn short(title: &str) -> String {
    if title.chars().count() <= TITLE_LETTERS {
        return title.to_owned();
    }
    let cut: String = title.chars().take(TITLE_LETTERS - 1).collect();
    let words = cut.rfind(' ').filter(|at| *at * 2 > cut.len()).map_or(cut.as_str(), |at| &cut[..at]);
    format!("{}…", words.trim_end_matches([' ', ',', '.', ':', ';', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::id::{ConversationId, EventId, MessageId, Platform, UserId};
    use crate::chat::inbound::{Attachment, Inbound, MediaRef};
    use crate::clock::Timestamp;

    fn asked(text: &str) -> Entry {
        let file = Attachment {
            media: MediaRef::Held("1".to_owned()),
            name: Some("desk lamp.mp4".to_owned()),
            mime: None,
            size: None,
            duration: None,
        };
        let message = MessageId::new("1");
        let kind = InboundKind::Message { message, text: text.to_owned(), attachments: vec![file] };
        let (platform, place, user) = (Platform::Discord, PlaceId::new("1"), UserId::new("1"));
        let inbound = Inbound {
            id: EventId::new("1"),
            from: ConversationId { platform, place, user },
            name: "Ana".to_owned(),
            locale: None,
            burst: None,
            back: None,
            replies: false,
            kind,
        };
        Entry { at: Timestamp::from_millis(0), inbound }
    }

    #[test]
    fn a_thread_has_the_persons_words_for_a_name_or_their_file() {
        assert_eq!(title(&asked("Trim the start https://a.example/b")), "Trim the start");
        assert_eq!(title(&asked("")), "desk lamp.mp4");
        let long = "generate titles, descriptions, and tags for the video of my trip";
        assert_eq!(title(&asked(long)), "generate titles, descriptions, and tags for the video of…");
        assert_eq!(title(&asked(&"字".repeat(80))).chars().count(), TITLE_LETTERS);
    }
}
