//! What stands under an answer: what changed, what a generation added by itself, what one could do next.
//!
//! No event marks the two stages. A change is of the second stage if it came in a turn that generated a clip and is
//! about something else than clips.

use super::record::Record;
use super::shift::Shift;
use super::voice::Key;
use crate::chat::choice::Action;
use crate::chat::reply::Button;
use crate::chat::rich::RichText;
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
    /// What stands under a complete answer: what changed, if the last words came before the last change, and the next
    /// step. `pointed`: the agent spoke of an interface where one could go on.
    pub(super) async fn answered(&self, after_tools: bool, generated: bool, pointed: bool) -> (RichText, Vec<Button>) {
        let Some(project) = self.current_project().await else { return (RichText::default(), Vec::new()) };
        let turn = |record: &Record| record.turn.as_ref().map(|turn| (turn.before.clone(), turn.request.clone()));
        let (before, request) = self.held.read(turn).await.unzip();
        let now = Snapshot::of(&project);
        let changes = before.map(|before| nemo::difference(&before, &now)).unwrap_or_default();
        let (_, added) = split(changes.clone(), generated, &request.unwrap_or_default());
        if !added.is_empty() {
            return self.second_stage(&added).await;
        }
        // What the service tells may have gaps; what was sent is known.
        let empty = project.draft.is_empty() && project.video_infos + project.generated_media == 0;
        if pointed && empty && self.held.read(|record| record.project.clips.is_empty()).await {
            return (self.worded(&Say::UploadHow), Vec::new());
        }
        let keys = if project.draft.exportable() { vec![Key::export()] } else { Vec::new() };
        let buttons = self.buttons(keys).await;
        if after_tools || changes.is_empty() {
            return (RichText::default(), buttons);
        }
        let diff = timeline::changes(&changes, &self.language());
        (self.worded(&Say::WorkSilentDone { diff }), buttons)
    }

    /// Adds the balance where it is low. Trouble with reading it leaves it out.
    pub(super) async fn with_balance(&self, (foot, buttons): (RichText, Vec<Button>)) -> (RichText, Vec<Button>) {
        let Ok(account) = self.account().await else { return (foot, buttons) };
        match self.worker.nemo.credits(&account.token).await {
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

    /// Two or three next steps after an edit that the agent has not spoken of itself.
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
        let music = Change::AudioAdded { name: None, volume: None };
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
