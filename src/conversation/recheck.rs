//! What became of a turn whose end nobody saw, and of one that ended without words: the project tells.

use std::time::Duration;

use tokio::time::Instant;

use super::live::Live;
use super::setup::Trouble;
use super::shape::Shaped;
use super::shift::Shift;
use super::stages;
use super::turn::Outcome;
use super::voice::Key;
use crate::chat::reply::Button;
use crate::chat::rich::RichText;
use crate::nemo::{self, Change, NemoError, Project, Snapshot};
use crate::say::Say;
use crate::timeline;
use crate::work::held::{Also, HeldError};

/// Why the project has to tell how a turn went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quiet {
    /// The stream closed without words; whether a clip was generated.
    Silent {
        /// Whether a generating tool was at work.
        generated: bool,
    },
    /// The agent reported a failure.
    Failed,
}

/// What one look at the project tells of a turn.
enum Look {
    /// It is not as it was before.
    Changed(Project, Vec<Change>),
    /// It was read, and is as it was.
    Same,
    /// It could not be read: nobody knows.
    Unread,
}

impl Shift {
    /// Takes up a turn that another holder left behind. Its request is never sent again.
    pub(super) async fn resume_turn(&self) -> Result<(), HeldError> {
        let Some(turn) = self.held.read(|record| record.turn.clone()).await else { return Ok(()) };
        let entries: Vec<_> =
            self.waiting().into_iter().filter(|(_, entry)| turn.events.contains(&entry.inbound.id)).collect();
        self.take_in_hand(&entries).await;
        if turn.back.is_some() {
            self.goes_back(turn.back);
        }
        self.busy.send_replace(true);
        if let Some(after_tools) = turn.said {
            let live = self.begin_live(turn.live);
            // Whether a clip was generated went down with the last holder; the words that it had are there.
            let answered = {
                let shaped = Box::new(Shaped { shape: turn.shape, ..Shaped::default() });
                Outcome::Answered { after_tools, generated: false, shaped }
            };
            return self.conclude(&entries, &live, answered, Instant::now()).await;
        }
        tracing::info!(conversation = %self.conversation, "A turn was left unfinished; checking the project");
        let live = self.begin_live(turn.live);
        live.foot(self.worded(&Say::WorkResumed), self.buttons(vec![Key::stop()]).await);
        live.show(self).await;
        let (foot, buttons) = self.recheck(&live, Say::WorkResumed).await?;
        self.conclude(&entries, &live, Outcome::Reported(foot, buttons), Instant::now()).await
    }

    /// Reads the project until it shows a change, a few times and never fast. Says `first` meanwhile, below whatever
    /// text has come. That nothing has changed is said only where the last look has seen that.
    pub(super) async fn recheck(&self, live: &Live, first: Say) -> Result<(RichText, Vec<Button>), HeldError> {
        let settings = &self.worker.settings;
        // A time limit is said at once and without buttons; they come when the project has been looked at.
        let overdue = matches!(first, Say::WorkTimeout);
        let keys = if overdue { Vec::new() } else { vec![Key::stop()] };
        live.foot(self.worded(&first), self.buttons(keys).await);
        let cut = self.cut();
        let mut done = self.held.read(|record| record.turn.as_ref().map_or(0, |turn| turn.rechecks)).await;
        let unread = loop {
            let wait = if done == 0 { settings.recheck_first } else { settings.recheck_every };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = cut.cancelled() => return Ok(self.stopped().await),
            }
            let look = self.look_since().await;
            if let Look::Changed(project, changes) = look {
                self.judge(true);
                let diff = timeline::changes(&changes, &self.language());
                let keys = if project.draft.exportable() { vec![Key::export()] } else { vec![Key::status()] };
                let say = if overdue { Say::WorkSilentDone { diff } } else { Say::WorkRecovered { diff } };
                let timeline = project.draft.timeline();
                let text = self.worded(&say).then(timeline::summary(&timeline, &self.language()));
                return Ok((text.then(self.next_steps(&timeline)), self.buttons(keys).await));
            }
            done += 1;
            let count = |record: &mut super::record::Record| {
                if let Some(turn) = &mut record.turn {
                    turn.rechecks = done;
                }
            };
            self.held.save(count, Also::default()).await?;
            // Whoever takes up a turn that was looked at to the end looks once more: what was seen then is not kept.
            if done >= settings.rechecks {
                break matches!(look, Look::Unread);
            }
        };
        let say = match first {
            _ if unread => Say::WorkUnread,
            Say::WorkTimeout => Say::WorkTimeout,
            _ => Say::WorkUnknown,
        };
        Ok((self.worded(&say), self.buttons(self.or_again(vec![Key::status()]).await).await))
    }

    /// A stream that closed without words: what changed, looked at a few times, since the state may lag.
    pub(super) async fn settle(&self, quiet: Quiet) -> Result<(RichText, Vec<Button>), HeldError> {
        let failed = quiet == Quiet::Failed;
        let cut = self.cut();
        let mut unread = false;
        for read in 0..=self.worker.settings.settle_reads {
            let wait = if read == 0 { Duration::ZERO } else { self.worker.settings.settle_every };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = cut.cancelled() => return Ok(self.stopped().await),
            }
            let look = self.look_since().await;
            unread = matches!(look, Look::Unread);
            if let Look::Changed(project, changes) = look {
                let language = self.language();
                let request = self.held.read(|record| record.turn.as_ref().map(|turn| turn.request.text.clone())).await;
                let generated = quiet == Quiet::Silent { generated: true };
                let (first, added) = stages::split(changes, generated, &request.unwrap_or_default());
                let diff = timeline::changes(if first.is_empty() { &added } else { &first }, &language);
                let say = if failed { Say::WorkFailedChanged { diff } } else { Say::WorkSilentDone { diff } };
                let timeline = project.draft.timeline();
                let text = self.worded(&say).then(timeline::summary(&timeline, &language));
                if !first.is_empty() && !added.is_empty() {
                    let (more, buttons) = self.second_stage(&added).await;
                    return Ok((text.then(more), buttons));
                }
                let text = text.then(self.next_steps(&timeline));
                let keys = if project.draft.exportable() { vec![Key::export()] } else { Vec::new() };
                return Ok((text, self.buttons(keys).await));
            }
            if failed {
                break;
            }
        }
        if failed {
            let reference = format!("{:08x}", rand::random::<u32>());
            tracing::warn!(reference, "The agent reported a failure");
            return Ok((
                self.worded(&Say::WorkFailed { reference }),
                self.buttons(self.or_again(Vec::new()).await).await,
            ));
        }
        if unread {
            return Ok((self.worded(&Say::WorkUnread), self.buttons(self.or_again(vec![Key::status()]).await).await));
        }
        let example = Say::Example3.text(&self.language());
        Ok((self.worded(&Say::WorkSilentNochange { example }), self.buttons(self.or_again(Vec::new()).await).await))
    }

    /// What is said to whoever stopped it, which settles what that stop is owed; how it ends is a press away.
    pub(super) async fn stopped(&self) -> (RichText, Vec<Button>) {
        self.pay_stop();
        (self.worded(&Say::WorkStopped), self.buttons(vec![Key::status()]).await)
    }

    /// A run that failed for a reason that the service names: what to do about it, and what changed all the same. It had
    /// begun, so it is sent again only by the user.
    pub(super) async fn refused_inside(&self, error: NemoError) -> Result<(RichText, Vec<Button>), HeldError> {
        tracing::warn!(%error, "A run was refused inside its stream");
        let account = self.bound();
        let kind = account.as_ref().map(|account| account.kind.clone());
        let trouble = match (error, account) {
            (NemoError::TokenRefused, Some(account)) => match self.renew(&account).await {
                // The next request will pass.
                Ok(_) => return self.settle(Quiet::Failed).await,
                Err(trouble) => trouble,
            },
            (NemoError::SessionGone, _) => {
                let replaced = self.replace_session().await;
                replaced.err().unwrap_or(Trouble::Nemo(NemoError::SessionGone, kind))
            }
            (error, _) => Trouble::Nemo(error, kind),
        };
        let gone = matches!(trouble, Trouble::Nemo(NemoError::SessionGone, _));
        let (say, remedy) = self.explain(trouble)?;
        let mut text = self.worded(&say);
        if !gone && let Look::Changed(_, changes) = self.look_since().await {
            let diff = timeline::changes(&changes, &self.language());
            text = self.worded(&Say::WorkFailedChanged { diff }).then(text);
        }
        let again = self.or_again(Vec::new()).await.pop();
        Ok((text, self.buttons(remedy.keys(again)).await))
    }

    /// These keys, and **Try again** for the request that was under way.
    pub(super) async fn or_again(&self, mut keys: Vec<Key>) -> Vec<Key> {
        let request = self.held.read(|record| record.turn.as_ref().map(|turn| turn.request.clone())).await;
        keys.extend(request.map(Key::retry));
        keys
    }

    /// Compares the project with what it was before the turn.
    async fn look_since(&self) -> Look {
        let Some(before) = self.held.read(|record| record.turn.as_ref().map(|turn| turn.before.clone())).await else {
            return Look::Unread;
        };
        let Some(project) = self.current_project().await else { return Look::Unread };
        let now = Snapshot::of(&project);
        if before == now {
            return Look::Same;
        }
        let changes = nemo::difference(&before, &now);
        self.note_moved(before.timeline, now.timeline, &changes);
        Look::Changed(project, changes)
    }
}
