//! Pictures beside words: with the state of a project, and below an answer whose edit moved something. The words never
//! wait for them, and nothing is lost where there are none.

use std::time::Duration;

use tokio::time::timeout;

use super::shift::{Shift, lock};
use crate::chat::reply::{OutFile, Reply};
use crate::chat::rich::RichText;
use crate::nemo::{Change, Timeline};
use crate::timeline;

/// A picture that is drawn within this goes into the same message as its words; nobody notices so short a wait. An
/// ordinary one takes 30 ms.
const READY_WITHIN: Duration = Duration::from_millis(300);
/// How long a message with a picture may take to go out, before its words go without it.
const SENT_WITHIN: Duration = Duration::from_secs(5);
/// So many segments have to change in an edit for a picture of it: of one the words tell everything.
const MOVED: usize = 2;

/// An edit that a picture tells best.
#[derive(Debug)]
pub(super) struct Moved {
    before: Timeline,
    after: Timeline,
    changes: Vec<Change>,
}

impl Moved {
    /// What is to be shown of an edit; `None`: its words do.
    fn of(before: Timeline, after: Timeline, changes: &[Change]) -> Option<Self> {
        let segments = changes.iter().filter(|change| is_of_segment(change)).count();
        (segments >= MOVED).then(|| Self { before, after, changes: changes.to_vec() })
    }
}

fn is_of_segment(change: &Change) -> bool {
    match change {
        Change::ClipAdded { .. }
        | Change::ClipRemoved { .. }
        | Change::ClipTrimmed { .. }
        | Change::ClipMoved { .. }
        | Change::TextAdded { .. }
        | Change::TextChanged { .. }
        | Change::TextRemoved { .. }
        | Change::AudioAdded { .. }
        | Change::AudioChanged { .. }
        | Change::AudioRemoved { .. } => true,
        Change::Canvas { .. } | Change::Duration { .. } | Change::Media(_) | Change::Other => false,
    }
}

impl Shift {
    /// Posts `text` with a picture of `timeline`: in one message where the picture is ready at once and the words fit
    /// beside it; else the words, and then the picture without a sound.
    pub(super) async fn post_pictured(&self, text: RichText, timeline: &Timeline) {
        let language = self.language();
        let paint = self.worker.painter.paint(self.conversation.platform, timeline, None, &[], &language);
        tokio::pin!(paint);
        let ready = timeout(READY_WITHIN, &mut paint).await;
        let limit = self.surface.capabilities(&self.conversation.place).caption_limit;
        if let Ok(Some(picture)) = &ready
            && text.length(limit) <= limit.max()
            && self.show_picture(Reply::new(text.clone()), picture.clone()).await
        {
            return;
        }
        let fits = text.length(limit) <= limit.max();
        self.post(Reply::new(text)).await;
        let picture = match ready {
            // It was refused, or nobody knows whether it went out.
            Ok(Some(_)) if fits => None,
            Ok(picture) => picture,
            Err(_) => paint.await,
        };
        if let Some(picture) = picture {
            let title = self.title(timeline);
            self.show_picture(Reply::new(title).quietly(), picture).await;
        }
    }

    /// What stands beside a picture whose timeline is told in words right above: less than its whole text, which some
    /// platforms show below a picture that has no words.
    fn title(&self, timeline: &Timeline) -> RichText {
        RichText::plain(&timeline::words(timeline, &[], &self.language()).title)
    }

    /// Notes what an edit moved, for [`Shift::show_moved`].
    pub(super) fn note_moved(&self, before: Timeline, after: Timeline, changes: &[Change]) {
        *lock(&self.moved) = Moved::of(before, after, changes);
    }

    /// Shows below an answer what its edit moved, if a picture tells that best: in one message without a sound.
    pub(super) async fn show_moved(&self) {
        let Some(Moved { before, after, changes }) = lock(&self.moved).take() else { return };
        // The few answers that such a way still takes are for words.
        if self.surface.reaches(&self.target()).is_some() {
            return;
        }
        let language = self.language();
        let platform = self.conversation.platform;
        let picture = self.worker.painter.paint(platform, &after, Some(&before), &changes, &language).await;
        if let Some(picture) = picture {
            let told = timeline::summary(&after, &language).plain_text();
            let above = self.live().is_some_and(|live| live.standing().0.plain_text().contains(&told));
            let beside = if above { self.title(&after) } else { RichText::default() };
            self.show_picture(Reply::new(beside).quietly(), picture).await;
        }
    }

    /// Sends a picture once. `false`: it did not go out, as far as is known.
    async fn show_picture(&self, reply: Reply, picture: OutFile) -> bool {
        let reply = Reply { files: vec![picture], ..reply };
        matches!(timeout(SENT_WITHIN, self.mention(reply)).await, Ok(Some(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_for_what_moved_more_than_one_segment() {
        let text = Change::TextAdded { text: None, from: 0, to: 3_000 };
        let music = Change::AudioAdded { name: None, volume: None, from: 0, to: 0 };
        let longer = Change::Duration { before: 0, after: 3_000 };
        let shown = |changes: &[Change]| Moved::of(Timeline::default(), Timeline::default(), changes).is_some();
        assert!(!shown(&[]) && !shown(&[text.clone(), longer, Change::Media(2)]));
        assert!(shown(&[text, music]));
    }
}
