//! What is decided and said for each thing that comes in.

use std::time::Duration;

use url::Url;

use super::link::clip_link;
use super::record::Entry;
use super::setup::Trouble;
use super::shift::Shift;
use super::voice::Key;
use crate::chat::choice::Action;
use crate::chat::command::{Command, NOT_VIDEO};
use crate::chat::inbound::{Attachment, Inbound, InboundKind, MediaRef};
use crate::crash;
use crate::intent::{self, Intent};
use crate::nemo::{NemoError, Timeline, media};
use crate::say::{self, Say};
use crate::store::Version;
use crate::timeline;
use crate::work::held::HeldError;

/// How long work may have gone on until a question beside it waits no longer for the account that it opens, which
/// takes a second as a rule.
const ACCOUNT_PATIENCE: Duration = Duration::from_secs(3);

impl Shift {
    /// Acts on what was taken in hand: one entry, or the items of an album.
    pub(super) async fn act(&self, entries: Vec<(Version, Entry)>) -> Result<(), HeldError> {
        // Of an album, the item with the command speaks.
        let is_command = |entry: &Entry| matches!(entry.inbound.kind, InboundKind::Command { .. });
        let speaker = entries.iter().find(|(_, entry)| is_command(entry)).or(entries.first());
        let Some((_, first)) = speaker else { return Ok(()) };
        if self.drop_left(&entries).await? {
            return Ok(());
        }
        match first.inbound.kind.clone() {
            InboundKind::Message { .. } => self.message(entries).await,
            InboundKind::Edited { .. } | InboundKind::Stopped { .. } => {
                // Its message is done; a changed wording of the past is no new wish, and there is nothing to stop.
                self.finish(&entries, |_| (), Vec::new()).await
            }
            InboundKind::Command { command, argument, attachments, .. } => {
                self.command(entries, command, argument, attachments).await
            }
            InboundKind::Pressed { choice, .. } => self.pressed(entries, choice).await,
        }
    }

    async fn message(&self, entries: Vec<(Version, Entry)>) -> Result<(), HeldError> {
        let mut files = all_files(&entries);
        let mut text = self.words(&entries).await;
        if files.is_empty()
            && let Some((link, rest)) = clip_link(&text)
        {
            files.push(linked(link));
            text = rest;
        }
        if !files.is_empty() {
            return self.upload_and(entries, files, text).await;
        }
        let intent = intent::of(&text);
        // Others answer the bot too, and speak to a project of their own: without one there is nothing to change.
        let nothing_to_change =
            intent == Intent::Chat && self.shared() && replies(&entries) && !self.has_project().await;
        if intent == Intent::Cancel && self.stop_render(None).await? {
            self.judge(true);
            return self.finish(&entries, |_| (), Vec::new()).await;
        }
        // With nothing running, "no thanks" answers the agent.
        let is_turn = matches!(intent, Intent::Chat | Intent::Cancel | Intent::Language) && !nothing_to_change;
        // What needs no agent is done with its answer. A turn judges for itself.
        if text.is_empty() || !is_turn {
            self.judge(true);
        }
        if text.is_empty() {
            self.tell(wordless(replies(&entries)), Vec::new()).await;
            return self.finish(&entries, |_| (), Vec::new()).await;
        }
        match intent {
            Intent::Chat if nothing_to_change => {
                self.tell(Say::UploadNoneYet, Vec::new()).await;
                self.finish(&entries, |_| (), Vec::new()).await
            }
            Intent::Chat | Intent::Cancel | Intent::Language => self.turn(entries, text).await,
            Intent::Export => self.export(entries).await,
            Intent::Credits => self.answered_with(entries, Command::Credits).await,
            Intent::Status => self.answered_with(entries, Command::Status).await,
            Intent::Upload => self.answered_with(entries, Command::Upload).await,
            Intent::New => self.answered_with(entries, Command::New).await,
            Intent::Help => self.answered_with(entries, Command::Help).await,
            Intent::Privacy => self.answered_with(entries, Command::Privacy).await,
            Intent::Forget => self.answered_with(entries, Command::Forget).await,
            Intent::Connect => self.answered_with(entries, Command::Connect).await,
        }
    }

    /// Files with words: words that are only a command are carried out after the upload.
    async fn upload_and(
        &self,
        entries: Vec<(Version, Entry)>,
        files: Vec<Attachment>,
        text: String,
    ) -> Result<(), HeldError> {
        self.upload(entries, files, request_of(text)).await
    }

    /// What `entries` say, in their newest wording.
    pub(super) async fn words(&self, entries: &[(Version, Entry)]) -> String {
        let mut words = Vec::new();
        for (_, entry) in entries {
            if let InboundKind::Message { message, text, .. } = &entry.inbound.kind {
                let reworded = match self.rewording(message) {
                    Some(text) => Some(text),
                    None => self.held.read(|record| record.reworded.get(message).cloned()).await,
                };
                words.push(reworded.unwrap_or_else(|| text.clone()));
            }
        }
        words.iter().map(|word| word.trim()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("\n")
    }

    async fn has_project(&self) -> bool {
        self.held.read(|record| record.project.session.is_some()).await
    }

    async fn command(
        &self,
        entries: Vec<(Version, Entry)>,
        command: Command,
        argument: String,
        attachments: Vec<Attachment>,
    ) -> Result<(), HeldError> {
        match command {
            Command::Export => self.export(entries).await,
            Command::Meta if !attachments.is_empty() => {
                let files = all_files(&entries);
                let request = self.meta_request(None).await.text;
                self.upload(entries, files, request).await
            }
            Command::Meta => self.meta(entries).await,
            Command::Upload if !attachments.is_empty() => {
                let files = all_files(&entries);
                self.upload(entries, files, argument).await
            }
            Command::Upload if !argument.trim().is_empty() => {
                let argument = argument.trim();
                let (link, rest) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
                if let Ok(link) = Url::parse(link) {
                    self.upload(entries, vec![linked(link)], rest.trim().to_owned()).await
                } else {
                    self.tell(Say::UploadLinkBad, Vec::new()).await;
                    self.finish(&entries, |_| (), Vec::new()).await
                }
            }
            command => self.answered_with(entries, command).await,
        }
    }

    pub(super) async fn answered_with(
        &self,
        entries: Vec<(Version, Entry)>,
        command: Command,
    ) -> Result<(), HeldError> {
        if let Some((_, entry)) = entries.first() {
            self.answer(command, &entry.inbound).await?;
        }
        let new = command == Command::New;
        let change = |record: &mut super::record::Record| {
            if new {
                record.start_over();
            }
        };
        self.finish(&entries, change, Vec::new()).await
    }

    /// Answers a command that needs no turn. It may run beside one.
    pub(super) async fn answer(&self, command: Command, inbound: &Inbound) -> Result<(), HeldError> {
        crash::point("command.answered");
        match command {
            Command::Start => {
                self.catch_up().await?;
                self.started(inbound).await?;
            }
            Command::Help if matches!(&inbound.kind, InboundKind::Command { argument, .. } if argument == NOT_VIDEO) => {
                self.tell(Say::NotVideo, Vec::new()).await;
            }
            Command::Help => self.help().await,
            Command::Upload | Command::Export | Command::Meta => drop(self.tell(Say::UploadHow, Vec::new()).await),
            Command::New => drop(self.tell(Say::NewDone, Vec::new()).await),
            Command::Cancel if self.stop_render(None).await? => self.heard().await,
            Command::Cancel => drop(self.tell(Say::CancelNothing, Vec::new()).await),
            Command::Clips => {
                // Its adapter has checked who may, and noted it.
                let outcome = match &inbound.kind {
                    InboundKind::Command { argument, .. } => argument.as_str(),
                    _ => "",
                };
                match outcome {
                    "on" => self.tell(Say::ClipsOn, Vec::new()).await,
                    "off" => self.tell(Say::ClipsOff, Vec::new()).await,
                    "hidden" => self.tell(Say::ClipsHidden, Vec::new()).await,
                    _ => self.tell_asker(Say::ClipsAdminsOnly, Vec::new()).await,
                };
            }
            Command::Status => self.status().await?,
            Command::Credits => self.credits().await?,
            Command::Connect => self.connect(inbound).await?,
            Command::Language => self.choose_language(inbound).await?,
            Command::Privacy => self.privacy().await,
            Command::Forget => self.ask_forget().await,
        }
        tracing::debug!(conversation = %inbound.from, command = command.name(), "A command was answered");
        Ok(())
    }

    /// Says what could not be said while the user had blocked the bot: an answer, and a render's result.
    async fn catch_up(&self) -> Result<(), HeldError> {
        if let Some(live) = self.live() {
            live.revive();
        }
        self.make_up().await?;
        self.wake_render().await
    }

    pub(super) async fn welcome(&self) {
        let open = self.held.read(|record| record.project.session.is_some()).await;
        if open && let Some(project) = self.current_project().await {
            let timeline = project.draft.timeline();
            if !timeline.tracks.is_empty() {
                let duration = Duration::from_millis(timeline.duration_ms.unwrap_or_default());
                let say = Say::StartReturning { tracks: timeline.tracks.len() as u64, duration };
                self.tell(say, vec![Key::status(), Key::export()]).await;
                return;
            }
        }
        if self.shared() {
            self.tell(Say::GroupIntro, Vec::new()).await;
            return;
        }
        let examples = [Say::ExampleLabel1, Say::ExampleLabel2, Say::ExampleLabel3];
        let keys = examples
            .into_iter()
            .zip(1..)
            .map(|(says, number)| Key { argument: number.to_string(), ..Key::new(says, Action::Example) })
            .collect();
        self.tell(Say::StartWelcome, keys).await;
    }

    async fn help(&self) {
        let language = self.language();
        let limit = self.surface.capabilities(&self.conversation.place).open_limit.min(media::SIZE_LIMIT);
        let commands = say::command_list(&language);
        self.tell(Say::HelpText { formats: super::upload::formats(), limit, commands }, Vec::new()).await;
    }

    async fn status(&self) -> Result<(), HeldError> {
        let language = self.language();
        let turn = self.held.read(|record| record.turn.as_ref().map(|turn| turn.since)).await;
        let running = turn.or_else(|| self.works_since());
        let mut drawn = Timeline::default();
        let mut text = match self.read_project().await {
            Ok(None) => self.worded(&Say::StatusEmpty),
            Ok(Some(project)) => {
                let timeline = project.draft.timeline();
                // The service may make a timeline only when it edits.
                let clips = self.held.read(|record| record.project.clips.len()).await.max(project.video_infos);
                if project.draft.is_empty() && clips > 0 {
                    self.worded(&Say::StatusClips { n: clips as u64 })
                } else {
                    let text = timeline::summary(&timeline, &language);
                    drawn = timeline;
                    text
                }
            }
            Err(trouble) => {
                let (say, _) = self.explain(trouble)?;
                self.worded(&say)
            }
        };
        if let Some(since) = running {
            let elapsed = self.worker.clock.now().since(since);
            let working = self.worded(&Say::StatusWorking { elapsed });
            // Whoever waits has begun already.
            text = if text == self.worded(&Say::StatusEmpty) { working } else { text.then(working) };
        }
        self.post_pictured(text, &drawn).await;
        Ok(())
    }

    /// The open project, if it has a session.
    async fn read_project(&self) -> Result<Option<crate::nemo::Project>, Trouble> {
        if self.held.read(|record| record.project.session.is_none()).await {
            return Ok(None);
        }
        let mut account = self.account().await?;
        let Some(session) = self.held.read(|record| record.project.session.clone()).await else { return Ok(None) };
        // Beside work in hand nobody waits: a Stop would wait behind it.
        if *self.busy.borrow() {
            return self.project(&mut account, &session).await.map(Some);
        }
        self.project_in_time(&mut account, &session).await.map(Some)
    }

    async fn credits(&self) -> Result<(), HeldError> {
        let ask_again = || Key::once(Say::BtnRetry, Action::Credits);
        // Beside work that asks for an account nobody asks for one a second time.
        if *self.busy.borrow()
            && self.worker.accounts.find(&self.shelf).await?.is_none()
            && !self.is_bound_within(ACCOUNT_PATIENCE).await
            && self.worker.accounts.find(&self.shelf).await?.is_none()
        {
            self.tell_asker(Say::CreditsUnknown, vec![ask_again()]).await;
            return Ok(());
        }
        let mut account = match self.account().await {
            Ok(account) => account,
            Err(trouble) => {
                let (say, remedy) = self.explain(trouble)?;
                self.tell_asker(say, remedy.keys(ask_again())).await;
                return Ok(());
            }
        };
        let mut read = self.worker.nemo.credits(&account.token).await;
        if matches!(read, Err(NemoError::TokenRefused)) {
            match self.renew(&account).await {
                Ok(renewed) => account = renewed,
                Err(trouble) => {
                    let (say, remedy) = self.explain(trouble)?;
                    self.tell_asker(say, remedy.keys(ask_again())).await;
                    return Ok(());
                }
            }
            read = self.worker.nemo.credits(&account.token).await;
        }
        if let Err(NemoError::RateLimited { retry_after }) = read
            && !*self.busy.borrow()
            && self.wait_out(retry_after).await
        {
            read = self.worker.nemo.credits(&account.token).await;
        }
        let said = match read {
            Ok(credits) => (
                Say::CreditsShow {
                    available: credits.available.to_string(),
                    frozen: credits.frozen.to_string(),
                    total: credits.total.to_string(),
                },
                Vec::new(),
            ),
            Err(error) => {
                tracing::warn!(%error, "A balance could not be read");
                (Say::CreditsUnknown, vec![ask_again()])
            }
        };
        self.tell_asker(said.0, said.1).await;
        Ok(())
    }
}

/// The request in the words beside files: words that are only a command are none.
pub(super) fn request_of(text: String) -> String {
    match intent::of(&text) {
        Intent::Chat | Intent::Export => text,
        intent if intent.is_control() => text,
        _ => String::new(),
    }
}

/// The files that a message brought.
pub(super) fn files_of(entry: &Entry) -> &[Attachment] {
    match &entry.inbound.kind {
        InboundKind::Message { attachments, .. } | InboundKind::Command { attachments, .. } => attachments,
        _ => &[],
    }
}

/// The files of a message or of all items of an album, in order.
fn all_files(entries: &[(Version, Entry)]) -> Vec<Attachment> {
    entries.iter().flat_map(|(_, entry)| files_of(entry)).cloned().collect()
}

fn replies(entries: &[(Version, Entry)]) -> bool {
    entries.iter().any(|(_, entry)| entry.inbound.replies)
}

/// A message came without its words: the platform keeps those back that do not mention the bot.
pub(super) fn wordless(replies: bool) -> Say {
    if replies { Say::GroupMentionMe } else { Say::ThreadMentionMe }
}

fn linked(link: Url) -> Attachment {
    Attachment { media: MediaRef::Link(link), name: None, mime: None, size: None, duration: None }
}
