//! The control lane: what is answered at once while something long runs, and what is told its place in line.

use super::answers::{files_of, wordless};
use super::meta::asks_which;
use super::record::{Entry, Record};
use super::shift::Shift;
use super::voice::{Key, digest_tag};
use crate::chat::choice::{Action, Choice};
use crate::chat::command::Command;
use crate::chat::id::{EventId, MessageId, PreviewId};
use crate::chat::inbound::InboundKind;
use crate::chat::reply::Reply;
use crate::crash;
use crate::intent::{self, Intent};
use crate::render::STOP_RENDER;
use crate::say::Say;
use crate::store::Version;
use crate::work::held::{Also, HeldError};

/// What to do with something that came in while something long runs.
enum Meanwhile {
    /// Stop what runs.
    Cut,
    /// Stop what shows as this preview, if it still runs.
    CutPreview(PreviewId),
    /// Stop the render of this project that runs beside.
    StopRender(u64),
    /// Stop what runs and open another project.
    CutForNew,
    /// Answer it now.
    Command(Command),
    /// Answer a press now.
    Press(Choice),
    /// Stop what runs, and be forgotten before all that waits.
    Forget,
    /// Ask before what runs is stopped.
    AskNew,
    /// Take a waiting request out of the line.
    Drop(String),
    /// Other words for a message.
    Reword,
    /// It belongs to an earlier project.
    Stale,
    /// What it would stop has ended.
    Over,
    /// It came without its words.
    Wordless,
    /// Nothing to do.
    Ignore,
    /// Show what there is by the way that this press has brought.
    Lead,
    /// It waits its turn.
    Queue,
}

impl Shift {
    /// Answers what comes in while the work in hand goes on. Ends only if the claim is lost.
    pub(super) async fn control_lane(&self) -> Result<(), HeldError> {
        let mut busy = self.busy.subscribe();
        let mut looked: Vec<Version> = Vec::new();
        loop {
            // Nobody waits for anything as long as nothing long runs.
            if busy.wait_for(|busy| *busy).await.is_err() {
                return std::future::pending().await;
            }
            // What stops or asks goes before what is only told its place: places are told at the pace of the chat, and
            // a Stop must not wait behind twenty of them.
            let fresh = self.waiting().into_iter().filter(|(version, _)| !looked.contains(version));
            if let Some((version, entry)) = fresh.min_by_key(|(_, entry)| matches!(meanwhile(entry), Meanwhile::Queue))
            {
                looked.push(version);
                let _answering = self.answering.lock().await;
                let back = entry.inbound.back.clone();
                self.answered_by(back, self.answer_aside(version, entry)).await?;
                self.look_again().await;
                continue;
            }
            self.held.stirred().await;
            // Not between the work's end and its commit: what is being taken out would be read once more.
            let _answering = self.answering.lock().await;
            // A wake for nothing may mean that all of it was deleted from elsewhere.
            if self.look_again().await == 0
                && let Err(HeldError::Lost) = self.held.save(|record| self.freshen(record), Also::default()).await
            {
                return Err(HeldError::Lost);
            }
        }
    }

    /// Reads what has come in, and returns how much that is.
    async fn look_again(&self) -> usize {
        match self.look().await {
            Ok(new) => new.len(),
            Err(error) => {
                tracing::warn!(%error, "An inbox could not be read; looking again");
                0
            }
        }
    }

    pub(super) async fn interject(&self, version: Version, entry: Entry) -> Result<(), HeldError> {
        let mut meanwhile = meanwhile(&entry);
        let answered = [(version, entry.clone())];
        if let Some(orphan) = self.orphan(&entry).await {
            if orphan.runs {
                self.stop_for(&answered, Say::ButtonDone).await?;
            } else {
                self.tell_asker(Say::ButtonDone, Vec::new()).await;
                self.finish_aside(&answered).await?;
            }
            self.take_away(&orphan).await;
            return Ok(());
        }
        if let InboundKind::Pressed { choice, .. } = &entry.inbound.kind
            && choice.action.of_project()
            // A render outlives its project, and so does its Stop.
            && !matches!(meanwhile, Meanwhile::Queue | Meanwhile::StopRender(_))
            && choice.project != self.held.read(|record| record.project.number).await
        {
            meanwhile = Meanwhile::Stale;
        }
        if let InboundKind::Pressed { message, .. } = &entry.inbound.kind
            && matches!(meanwhile, Meanwhile::Cut)
            && self.is_elsewhere(message)
        {
            meanwhile = Meanwhile::Over;
        }
        let answers =
            matches!(meanwhile, Meanwhile::Press(_) | Meanwhile::Command(_) | Meanwhile::CutForNew | Meanwhile::Ignore);
        if answers {
            let runs = self.runs_now(&entry.inbound).await;
            self.use_up(&entry.inbound);
            if !runs {
                self.tell_asker(Say::ButtonDone, Vec::new()).await;
                return self.finish_aside(&answered).await;
            }
        }
        match meanwhile {
            Meanwhile::Queue if self.has_twin(&entry) => drop(self.tell_asker(Say::ButtonDone, Vec::new()).await),
            Meanwhile::Queue => return self.queue_notice(&entry).await,
            Meanwhile::Forget => {
                // It stays in line, and is the next thing to be done.
                self.cut().cancel();
                return Ok(());
            }
            Meanwhile::Press(choice) => self.answer_press(&choice).await?,
            Meanwhile::Cut => {
                let pressed = matches!(entry.inbound.kind, InboundKind::Pressed { .. });
                return self.stop_for(&answered, if pressed { Say::ButtonDone } else { Say::CancelNothing }).await;
            }
            Meanwhile::CutPreview(preview) => {
                if self.live().is_some_and(|live| live.hush(preview)) {
                    return self.stop_for(&answered, Say::ButtonDone).await;
                }
            }
            Meanwhile::StopRender(project) => {
                if !self.stop_render(Some(project)).await? {
                    self.tell_asker(Say::ButtonDone, Vec::new()).await;
                }
            }
            Meanwhile::Over => drop(self.tell_asker(Say::ButtonDone, Vec::new()).await),
            Meanwhile::Stale => drop(self.tell_asker(Say::ButtonStale, Vec::new()).await),
            Meanwhile::CutForNew => return self.cut_for_new(answered).await,
            Meanwhile::AskNew => {
                let wishes = self.waiting().into_iter().map(|(_, wish)| wish);
                let wishes = wishes.take_while(|wish| wish.inbound.id != entry.inbound.id).filter(is_wish);
                let before_new = wishes.map(|wish| wish.inbound.id).collect();
                self.held.note(|record| record.before_new = before_new).await;
                let keys = vec![Key::new(Say::BtnNew, Action::New), Key::new(Say::BtnWait, Action::Wait)];
                self.tell(Say::NewBusy, keys).await;
            }
            Meanwhile::Command(command) => self.answer(command, &entry.inbound).await?,
            Meanwhile::Drop(argument) => return self.drop_waiting(&argument, answered).await,
            Meanwhile::Reword => self.reword(&entry).await,
            Meanwhile::Wordless => drop(self.tell(wordless(entry.inbound.replies), Vec::new()).await),
            Meanwhile::Lead => self.lead(&entry).await?,
            Meanwhile::Ignore => {}
        }
        self.finish_aside(&answered).await
    }

    /// Whether a press is certainly on another message than the one that shows the work in hand. A reply in several
    /// messages, and names that hold more than a number, prove nothing.
    fn is_elsewhere(&self, pressed: &MessageId) -> bool {
        let is_number = |name: &MessageId| name.as_str().bytes().all(|byte| byte.is_ascii_digit());
        let shown = self.live().filter(|live| live.messages() == 1).and_then(|live| live.message());
        shown.is_some_and(|shown| shown != *pressed && is_number(&shown) && is_number(pressed))
    }

    /// Whether the same button under the same message was pressed before, and that is being done or waits.
    fn has_twin(&self, entry: &Entry) -> bool {
        let InboundKind::Pressed { message, choice, .. } = &entry.inbound.kind else { return false };
        let is_twin = |other: &Entry| matches!(&other.inbound.kind, InboundKind::Pressed { message: m, choice: c, .. } if m == message && c == choice);
        let before = |other: &&(Version, Entry)| other.1.inbound.id != entry.inbound.id;
        self.works_on(is_twin) || self.waiting().iter().take_while(before).any(|(_, other)| is_twin(other))
    }

    /// Stops the work in hand, and takes what asked for that out of the inbox. `late`: what to say if that has ended
    /// already.
    async fn stop_for(&self, asked: &[(Version, Entry)], late: Say) -> Result<(), HeldError> {
        self.note_stop().await;
        self.finish_aside(asked).await?;
        crash::point("stop.stored");
        self.owe_stop(late);
        self.cut().cancel();
        self.heard().await;
        Ok(())
    }

    /// Stops the work in hand for another project. What had waited when that was asked for goes with the old one.
    async fn cut_for_new(&self, press: [(Version, Entry); 1]) -> Result<(), HeldError> {
        let note = |record: &mut Record| {
            record.start_over_after = true;
            let before = record.before_new.clone();
            record.leave(before);
        };
        self.held.note(note).await;
        self.stop_for(&press, Say::NewDone).await
    }

    /// What waits for the open project, and speaks of its clips without bringing its own.
    pub(super) async fn wishes_in_line(&self) -> Vec<EventId> {
        if self.held.read(|record| record.project.clips.is_empty()).await {
            return Vec::new();
        }
        let wishes = self.waiting().into_iter().map(|(_, entry)| entry);
        wishes.filter(|wish| is_wish(wish) && files_of(wish).is_empty()).map(|wish| wish.inbound.id).collect()
    }

    /// Drops what waited for a project that was left. `false`: this did not.
    pub(super) async fn drop_left(&self, entries: &[(Version, Entry)]) -> Result<bool, HeldError> {
        let is_left = |record: &Record| entries.iter().any(|(_, entry)| record.left.contains(&entry.inbound.id));
        let Some((_, entry)) = entries.first().filter(|(_, entry)| is_wish(entry)) else { return Ok(false) };
        if !self.held.read(is_left).await {
            return Ok(false);
        }
        let notice = self.take_notice(entries).await;
        self.tell_dropped(entry, notice).await;
        self.finish(entries, |_| (), Vec::new()).await?;
        Ok(true)
    }

    /// Tells a waiting request its place. The message becomes the live message of its turn.
    async fn queue_notice(&self, entry: &Entry) -> Result<(), HeldError> {
        let event = &entry.inbound.id;
        let (known, place) = {
            let waiting = self.waiting();
            let wishes = waiting.iter().filter(|(_, entry)| matches!(meanwhile(entry), Meanwhile::Queue));
            // The items of an album are one request; its first item speaks for it.
            let mut before: Vec<&Entry> = Vec::new();
            for (_, wish) in wishes.take_while(|(_, wish)| wish.inbound.id != *event) {
                if !before.iter().any(|other| is_one_request(other, wish)) {
                    before.push(wish);
                }
            }
            let told = before.iter().any(|other| is_one_request(other, entry));
            let told = told || self.works_on(|other| is_one_request(other, entry));
            let told = told || self.held.read(|record| record.waiting.contains_key(event)).await;
            (told, before.len() as u64 + 1)
        };
        if known {
            return Ok(());
        }
        let drop = Key { argument: argument_of(event), ..Key::new(Say::BtnDrop, Action::Drop) };
        let buttons = self.buttons(vec![drop]).await;
        let reply = Reply::new(self.worded(&Say::WorkQueued { place })).with_buttons(buttons).quietly();
        if let Some(message) = self.mention(reply).await {
            // Stored at once: whoever goes on after us must not tell it a second time.
            let told = |record: &mut Record| {
                record.waiting.insert(event.clone(), message);
            };
            self.held.save(told, Also::default()).await?;
        }
        Ok(())
    }

    /// Takes the request with this button out of the line, together with the press itself.
    pub(super) async fn drop_waiting(&self, argument: &str, press: [(Version, Entry); 1]) -> Result<(), HeldError> {
        let waiting = self.waiting();
        let dropped = waiting.iter().find(|(_, entry)| argument_of(&entry.inbound.id) == argument);
        let Some((_, entry)) = dropped else {
            self.tell_asker(Say::ButtonDone, Vec::new()).await;
            return self.finish_aside(&press).await;
        };
        let notice = self.held.note(|record| record.waiting.remove(&entry.inbound.id)).await;
        let items = waiting.iter().filter(|(_, other)| is_one_request(other, entry)).cloned();
        let all: Vec<_> = press.into_iter().chain(items).collect();
        self.finish_aside(&all).await?;
        self.tell_dropped(entry, notice).await;
        Ok(())
    }

    /// Says that a request was taken out of the line, where its place was told.
    async fn tell_dropped(&self, entry: &Entry, notice: Option<MessageId>) {
        let said = Reply::new(self.worded(&Say::WorkDropped { request: wish_text(entry) })).quietly();
        let Some(message) = notice else { return drop(self.post(said).await) };
        if self.surface.edit(&self.target(), &message, &said).await.is_err() {
            self.post(said).await;
        }
    }

    /// Other words for a message: taken over while it waits, refused in words while it is worked on.
    pub(super) async fn reword(&self, entry: &Entry) {
        let InboundKind::Edited { message, text } = &entry.inbound.kind else { return };
        let is_it =
            |entry: &Entry| matches!(&entry.inbound.kind, InboundKind::Message { message: m, .. } if m == message);
        if self.waiting().iter().any(|(_, entry)| is_it(entry)) {
            let (message, text) = (message.clone(), text.clone());
            self.held.note(|record| record.reworded.insert(message, text)).await;
        } else if self.works_on(is_it) && !self.rewords_upload(entry, is_it).await {
            self.tell(Say::EditTooLate, Vec::new()).await;
        }
    }
}

impl Shift {
    /// Takes other words for a clip that is still on its way. `false`: they come too late.
    async fn rewords_upload(&self, entry: &Entry, is_it: impl Fn(&Entry) -> bool) -> bool {
        let InboundKind::Edited { message, text } = &entry.inbound.kind else { return false };
        if !self.works_on(|entry| is_it(entry) && !files_of(entry).is_empty()) {
            return false;
        }
        let take = |record: &mut Record| {
            let open = record.turn.is_none() && !record.upload.as_ref().is_some_and(|upload| upload.worded);
            if open {
                record.reworded.insert(message.clone(), text.clone());
            }
            open
        };
        self.held.note(take).await
    }
}

fn meanwhile(entry: &Entry) -> Meanwhile {
    match &entry.inbound.kind {
        InboundKind::Command { command: Command::Cancel, .. } => Meanwhile::Cut,
        InboundKind::Command { command: Command::New, .. } => Meanwhile::AskNew,
        InboundKind::Command { command, .. } if command.queues() => Meanwhile::Queue,
        InboundKind::Command { command, .. } => Meanwhile::Command(*command),
        InboundKind::Edited { .. } => Meanwhile::Reword,
        InboundKind::Stopped { preview } => Meanwhile::CutPreview(*preview),
        InboundKind::Pressed { choice, .. } => match choice.action {
            Action::Stop if choice.argument == STOP_RENDER => Meanwhile::StopRender(choice.project),
            Action::Stop => Meanwhile::Cut,
            Action::New => Meanwhile::CutForNew,
            Action::Wait => Meanwhile::Ignore,
            Action::Drop => Meanwhile::Drop(choice.argument.clone()),
            Action::Status | Action::Keep => Meanwhile::Command(Command::Status),
            Action::Credits => Meanwhile::Command(Command::Credits),
            Action::Disconnect
            | Action::MyData
            | Action::KeepData
            | Action::Language
            | Action::Files
            | Action::Share
            | Action::Web
            | Action::FullReply
            | Action::Edit => Meanwhile::Press(choice.clone()),
            Action::OtherLanguage if asks_which(choice) => Meanwhile::Press(choice.clone()),
            Action::Forget => Meanwhile::Forget,
            Action::Result => Meanwhile::Lead,
            Action::Retry
            | Action::OnlyClip
            | Action::Export
            | Action::Meta
            | Action::MoreTitles
            | Action::Shorter
            | Action::OtherLanguage
            | Action::DoIt
            | Action::Mend
            | Action::UseTitle
            | Action::Example => Meanwhile::Queue,
        },
        InboundKind::Message { text, attachments, .. } if attachments.is_empty() => match intent::of(text) {
            _ if text.trim().is_empty() => Meanwhile::Wordless,
            Intent::Cancel => Meanwhile::Cut,
            Intent::New => Meanwhile::AskNew,
            Intent::Status => Meanwhile::Command(Command::Status),
            Intent::Credits => Meanwhile::Command(Command::Credits),
            Intent::Help => Meanwhile::Command(Command::Help),
            Intent::Privacy => Meanwhile::Command(Command::Privacy),
            Intent::Connect => Meanwhile::Command(Command::Connect),
            Intent::Forget => Meanwhile::Command(Command::Forget),
            Intent::Export | Intent::Upload | Intent::Language | Intent::Chat => Meanwhile::Queue,
        },
        InboundKind::Message { .. } => Meanwhile::Queue,
    }
}

/// Whether it waits for the project that is open; a press knows its own.
fn is_wish(entry: &Entry) -> bool {
    matches!(meanwhile(entry), Meanwhile::Queue) && !matches!(entry.inbound.kind, InboundKind::Pressed { .. })
}

/// Whether both are the same message or items of the same album.
fn is_one_request(one: &Entry, other: &Entry) -> bool {
    one.inbound.id == other.inbound.id || (one.inbound.burst.is_some() && one.inbound.burst == other.inbound.burst)
}

/// Six letters that name a waiting request on its button.
fn argument_of(event: &EventId) -> String {
    digest_tag(event.as_str())
}

/// The words of a request, short enough to be quoted.
pub(super) fn wish_text(entry: &Entry) -> String {
    const QUOTED: usize = 80;
    let text = match &entry.inbound.kind {
        InboundKind::Message { text, attachments, .. } if text.trim().is_empty() => {
            attachments.iter().find_map(|file| file.name.clone()).unwrap_or_else(|| "📎".to_owned())
        }
        InboundKind::Message { text, .. } | InboundKind::Edited { text, .. } => text.trim().to_owned(),
        InboundKind::Command { command, .. } if command.holds_secret() => format!("/{}", command.name()),
        InboundKind::Command { command, argument, attachments, .. }
            if argument.is_empty() && !attachments.is_empty() =>
        {
            let name = attachments.iter().find_map(|file| file.name.clone()).unwrap_or_else(|| "📎".to_owned());
            format!("/{} {name}", command.name())
        }
        InboundKind::Command { command, argument, .. } => format!("/{} {argument}", command.name()).trim().to_owned(),
        InboundKind::Pressed { .. } | InboundKind::Stopped { .. } => "…".to_owned(),
    };
    if text.chars().count() <= QUOTED {
        return text;
    }
    text.chars().take(QUOTED - 1).chain(['…']).collect()
}
