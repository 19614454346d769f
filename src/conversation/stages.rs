//! What stands under an answer: what changed, what a generation added by itself, what one could do next.
//!
//! No event marks the two stages. A change is of the second stage if it came in a turn that generated a clip and is
//! about something else than clips.

use super::record::{Record, Request};
use super::setup;
use super::shape::Shape;
use super::shift::Shift;
use super::voice::{Key, digest_tag};
use crate::chat::choice::Action;
use crate::chat::reply::Button;
use crate::chat::rich::RichText;
use crate::gui;
use crate::nemo::{self, Change, Snapshot, Timeline, TrackKind};
use crate::say::Say;
use crate::timeline;

/// Steps that are suggested beside the export.
const STEPS: usize = 2;

/// The changes of both stages of a turn. Without a generation there is no second one, and what the `request` names
/// word for word was asked for, not added.
pub(super) fn split(changes: Vec<Change>, generated: bool, request: &str) -> (Vec<Change>, Vec<Change>) {
    let request = request.to_lowercase();
    let second = |change: &Change| {
        use Change::{AudioAdded, AudioChanged, Other, TextAdded, TextChanged};
        let named = match change {
            TextAdded { text: words, .. }
            | TextChanged { text: words, .. }
            | AudioAdded { name: words, .. }
            | AudioChanged { name: words, .. } => words.as_deref(),
            _ => None,
        };
        let asked = named.map(|words| words.trim().to_lowercase()).filter(|words| !words.is_empty());
        generated
            && matches!(change, TextAdded { .. } | TextChanged { .. } | AudioAdded { .. } | AudioChanged { .. } | Other)
            && !asked.is_some_and(|words| request.contains(&words))
    };
    let (second, first) = changes.into_iter().partition(second);
    (first, second)
}

impl Shift {
    /// What stands under a complete answer: the card, what changed, if the last words came before the last change, what
    /// the agent pointed to, and the next step.
    pub(super) async fn answered(&self, after_tools: bool, generated: bool, shape: &Shape) -> (RichText, Vec<Button>) {
        let card = self.held.read(|record| record.project.newest_card().cloned()).await.filter(|_| shape.card);
        let (mut foot, mut buttons) = match card {
            Some(card) => self.card(&card).await,
            None => (RichText::default(), Vec::new()),
        };
        if !shape.trail.is_empty() {
            foot = foot.then(RichText::markdown(&shape.trail));
        }
        let (more, keys) = self.below(after_tools, generated, shape).await;
        foot = foot.then(more);
        buttons.extend(keys);
        let mut keys = Vec::new();
        if let Some(edit) = shape.edit.clone() {
            let about = |record: &Record| record.turn.as_ref().map(|turn| turn.request.about.clone());
            let about = self.held.read(about).await.unwrap_or_default();
            keys.push(Key::do_it(Request::about(edit, about)));
        }
        if shape.changed {
            let reply = self.held.read(|record| record.last_reply.as_deref().map(digest_tag)).await;
            let full = |argument| Key { argument, ..Key::new(Say::BtnFullReply, Action::FullReply) };
            keys.extend(reply.map(full));
        }
        buttons.extend(self.buttons(keys).await);
        (foot, buttons)
    }

    /// What changed, and the next step.
    async fn below(&self, after_tools: bool, generated: bool, shape: &Shape) -> (RichText, Vec<Button>) {
        let Some(project) = self.current_project().await else { return (RichText::default(), Vec::new()) };
        let turn = |record: &Record| record.turn.as_ref().map(|turn| (turn.before.clone(), turn.request.text.clone()));
        let (before, request) = self.held.read(turn).await.unzip();
        let now = Snapshot::of(&project);
        let changes = before.as_ref().map(|before| nemo::difference(before, &now)).unwrap_or_default();
        if let Some(before) = before {
            self.note_moved(before.timeline, now.timeline.clone(), &changes);
        }
        let (_, added) = split(changes.clone(), generated, &request.unwrap_or_default());
        if !added.is_empty() {
            return self.second_stage(&added).await;
        }
        // What the service tells may have gaps; what was sent is known.
        let empty = project.draft.is_empty() && project.video_infos + project.generated_media == 0;
        let empty = empty && self.held.read(|record| record.project.clips.is_empty()).await;
        let points = |action| shape.actions.contains(&action);
        if points(gui::Action::Upload) || !shape.actions.is_empty() && empty {
            return (self.worded(&Say::UploadHow), Vec::new());
        }
        let exportable = project.draft.exportable();
        let buttons = self.buttons(if exportable { vec![Key::export()] } else { Vec::new() }).await;
        let mut foot = RichText::default();
        if !after_tools && !changes.is_empty() {
            let diff = timeline::changes(&changes, &self.language());
            foot = self.worded(&Say::WorkSilentDone { diff });
        }
        // Where the service tells of no timeline, the agent's words do.
        if points(gui::Action::State) && !project.draft.is_empty() {
            foot = foot.then(timeline::summary(&project.draft.timeline(), &self.language()));
        }
        if points(gui::Action::Credits) && !self.shared() {
            foot = foot.then(self.balance().await);
        }
        // After metadata the card has buttons of its own, and an edit that is offered is the next step.
        if !changes.is_empty() && exportable && !shape.card && !points(gui::Action::Edit) {
            foot = foot.then(self.next_steps(&now.timeline));
        }
        // Where the agent's words were nothing but the way to the file, the button needs words beside it.
        if foot.is_empty() && !shape.card && exportable && self.live().is_some_and(|live| !live.has_text()) {
            foot = self.worded(&Say::WorkNext { steps: Say::NextExport.text(&self.language()) });
        }
        (foot, buttons)
    }

    /// The balance in words; nothing where it cannot be read.
    async fn balance(&self) -> RichText {
        let Ok(account) = self.account().await else { return RichText::default() };
        match self.worker.nemo.credits(&account.token).await {
            Ok(credits) => self.worded(&Say::CreditsShow {
                available: credits.available.to_string(),
                frozen: credits.frozen.to_string(),
                total: credits.total.to_string(),
            }),
            Err(_) => RichText::default(),
        }
    }

    /// Adds the balance where it is low. Trouble with reading it leaves it out.
    pub(super) async fn with_balance(&self, (foot, buttons): (RichText, Vec<Button>)) -> (RichText, Vec<Button>) {
        let Ok(account) = self.account().await else { return (foot, buttons) };
        match self.worker.nemo.credits(&account.token).await {
            Ok(credits) if credits.available.as_f64() <= 0.0 => {
                let out = setup::out_of_credits(&self.worker.nemo, Some(&account.kind), self.shared());
                (foot.then(self.worded(&out)), buttons)
            }
            Ok(credits) if credits.available.as_f64() < f64::from(self.worker.settings.credits_low) => {
                let low = self.worded(&Say::CreditsLow { available: credits.available.to_string() });
                (foot.then(low), buttons)
            }
            _ => (foot, buttons),
        }
    }

    /// What the service added by itself, to be kept or taken out again.
    pub(super) async fn second_stage(&self, added: &[Change]) -> (RichText, Vec<Button>) {
        let diff = timeline::changes(added, &self.language());
        let only = Key::once(Say::BtnOnlyClip, Action::OnlyClip);
        // One mark: whichever is pressed first is the answer.
        let keep = Key { says: Say::BtnKeep, action: Action::Keep, ..only.clone() };
        let keys = vec![keep, only, Key::export()];
        (self.worded(&Say::WorkSecondStage { diff }), self.buttons(keys).await)
    }

    /// Two or three next steps after an edit.
    pub(super) fn next_steps(&self, timeline: &Timeline) -> RichText {
        let lacks = |kind: TrackKind| timeline.tracks.iter().all(|track| track.kind != kind);
        if timeline.tracks.is_empty() {
            return RichText::default();
        }
        let mut steps = Vec::new();
        if lacks(TrackKind::Text) {
            steps.push(Say::NextTitle);
        }
        if lacks(TrackKind::Audio) {
            steps.push(Say::NextMusic);
        }
        steps.push(Say::NextShorter);
        steps.truncate(STEPS);
        steps.push(Say::NextExport);
        let language = self.language();
        let steps: Vec<_> = steps.iter().map(|step| step.text(&language)).collect();
        self.worded(&Say::WorkNext { steps: steps.join(" · ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_generation_has_a_second_stage() {
        let clip = Change::ClipAdded { at: 0, duration: 10_000 };
        let music = Change::AudioAdded { name: None, volume: None, from: 0, to: 0 };
        let all = vec![clip.clone(), music.clone(), Change::Media(1)];
        assert_eq!(split(all.clone(), false, ""), (all.clone(), Vec::new()));
        assert_eq!(split(all, true, ""), (vec![clip, Change::Media(1)], vec![music]));
    }

    #[test]
    fn what_was_asked_for_by_name_was_not_added_by_itself() {
        let title = |text: &str| Change::TextAdded { text: Some(text.to_owned()), from: 0, to: 3_000 };
        let (asked, other) = (title("Urban Dreams"), title("A day in the city"));
        let unnamed = Change::TextAdded { text: Some(" ".to_owned()), from: 0, to: 1 };
        let all = vec![asked.clone(), other.clone(), unnamed.clone()];
        let request = "Make a clip of the city, with the title “urban dreams”";
        assert_eq!(split(all, true, request), (vec![asked], vec![other, unnamed]));
    }
}
