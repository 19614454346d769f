//! What is done for each button that is pressed.

use super::meta::asks_which;
use super::record::Entry;
use super::shift::Shift;
use crate::chat::choice::{Action, Choice};
use crate::chat::command::Command;
use crate::render::STOP_RENDER;
use crate::say::Say;
use crate::store::Version;
use crate::work::held::HeldError;

impl Shift {
    /// Does what a button stands for, unless it is of an earlier project or was used up.
    pub(super) async fn pressed(&self, entries: Vec<(Version, Entry)>, choice: Choice) -> Result<(), HeldError> {
        let number = self.held.read(|record| record.project.number).await;
        if let Some((_, entry)) = entries.first()
            && let Some(orphan) = self.orphan(entry).await
        {
            self.take_away(&orphan).await;
            self.tell_asker(Say::ButtonDone, Vec::new()).await;
            return self.finish(&entries, |_| (), Vec::new()).await;
        }
        let stale = choice.action.of_project() && choice.project != number;
        // A render outlives its project, and so does its Stop.
        let stops_render = choice.action == Action::Stop && choice.argument == STOP_RENDER;
        let stale = stale && !stops_render;
        if stale {
            self.tell_asker(Say::ButtonStale, Vec::new()).await;
            return self.finish(&entries, |_| (), Vec::new()).await;
        }
        let Some(press) = entries.first().map(|(_, entry)| entry.inbound.clone()) else { return Ok(()) };
        let runs = self.runs_now(&press).await;
        self.use_up(&press);
        if !runs {
            self.tell_asker(Say::ButtonDone, Vec::new()).await;
            return self.finish(&entries, |_| (), Vec::new()).await;
        }
        let language = self.language();
        match choice.action {
            Action::Export => self.export(entries).await,
            // What is kept is shown, with every track.
            Action::Status | Action::Keep => self.answered_with(entries, Command::Status).await,
            Action::OnlyClip => self.turn(entries, Say::AskOnlyClip.text(&language)).await,
            Action::Credits => self.answered_with(entries, Command::Credits).await,
            Action::New => self.answered_with(entries, Command::New).await,
            Action::Meta if choice.argument.is_empty() => self.meta(entries).await,
            Action::Retry | Action::DoIt | Action::Meta => {
                let request = self.held.read(|record| record.offered(&choice.argument).cloned()).await;
                if let Some(request) = request {
                    return self.turn(entries, request).await;
                }
                self.tell_asker(Say::ButtonOld, Vec::new()).await;
                self.finish(&entries, |_| (), Vec::new()).await
            }
            Action::OtherLanguage if asks_which(&choice) => {
                self.answer_press(&choice).await?;
                self.finish(&entries, |_| (), Vec::new()).await
            }
            Action::MoreTitles | Action::Shorter | Action::OtherLanguage | Action::Mend | Action::UseTitle => {
                self.card_pressed(entries, &choice).await
            }
            Action::Example => match choice.argument.as_str() {
                "2" => self.export(entries).await,
                // The agent would make a video out of these words alone, and spend all credits on it.
                _ if self.held.read(|record| record.project.clips.is_empty()).await => {
                    self.tell(Say::UploadNoneYet, Vec::new()).await;
                    self.finish(&entries, |_| (), Vec::new()).await
                }
                "3" => self.turn(entries, Say::Example3.text(&language)).await,
                _ => self.turn(entries, Say::Example1.text(&language)).await,
            },
            // The Stop of a turn that is over is not meant for the render beside it.
            Action::Stop if stops_render && self.stop_render(Some(choice.project)).await? => {
                self.finish(&entries, |_| (), Vec::new()).await
            }
            Action::Stop | Action::Drop => {
                self.tell_asker(Say::ButtonDone, Vec::new()).await;
                self.finish(&entries, |_| (), Vec::new()).await
            }
            Action::Forget => self.forget().await,
            Action::Disconnect
            | Action::MyData
            | Action::KeepData
            | Action::Language
            | Action::Files
            | Action::Share
            | Action::Web
            | Action::FullReply
            | Action::Edit => {
                self.answer_press(&choice).await?;
                self.finish(&entries, |_| (), Vec::new()).await
            }
            Action::Result => {
                if let Some((_, entry)) = entries.first() {
                    self.lead(entry).await?;
                }
                self.make_up().await?;
                self.finish(&entries, |_| (), Vec::new()).await
            }
            Action::Wait => self.finish(&entries, |_| (), Vec::new()).await,
        }
    }

    /// Answers a press that needs no turn. It may run beside one.
    pub(super) async fn answer_press(&self, choice: &Choice) -> Result<(), HeldError> {
        match choice.action {
            Action::Disconnect => self.disconnect().await?,
            Action::MyData => self.my_data().await?,
            Action::Language => self.speak_by(&choice.argument).await?,
            Action::Files => self.send_files(choice).await,
            Action::Share => self.share_card(choice).await,
            Action::Web => self.open_web().await?,
            Action::FullReply => self.show_reply(&choice.argument).await,
            Action::OtherLanguage => self.offer_languages(choice).await,
            Action::Edit => {
                let language = self.language();
                let steps = [Say::NextTitle, Say::NextMusic, Say::NextShorter].map(|step| step.text(&language));
                self.tell(Say::EditAsk { steps: steps.join(" · ") }, Vec::new()).await;
            }
            Action::KeepData => drop(self.tell_asker(Say::PrivacyKept, Vec::new()).await),
            _ => {}
        }
        Ok(())
    }
}
