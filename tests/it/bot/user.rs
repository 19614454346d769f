//! Someone in a chat: what they do, what they see.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use futures::FutureExt as _;
use nemo_bot::sandbox::discord;
use nemo_bot::sandbox::telegram::{CallbackAnswer, FileKind, FileSource, UserFile};
use serde_json::Value;
use tokio::sync::watch;

use super::{PATIENCE, Platform, Seen, Stage, Who};

/// Someone in a chat.
pub(crate) struct User<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) person: Who,
    pub(crate) chat: i64,
}

impl User<'_> {
    /// The same person in another chat.
    pub(crate) fn at(&self, chat: i64) -> Self {
        Self { stage: self.stage, person: self.person.clone(), chat }
    }

    /// The chat as Discord numbers it.
    pub(crate) fn channel(&self) -> u64 {
        u64::try_from(self.chat).expect("a channel of Discord")
    }

    /// Sends a text. On Discord, a command is used from the menu.
    pub(crate) fn says(&self, text: &str) -> i64 {
        match self.person.platform {
            Platform::Telegram => self.stage.telegram.says(&self.person, self.chat, text),
            Platform::Discord => match text.strip_prefix('/') {
                Some(command) => self.uses(command),
                None => signed(self.stage.discord().says(&self.person.on_discord(), self.channel(), text)),
            },
        }
    }

    /// Uses a slash command of Discord, with what follows its name as its option. Returns the interaction.
    fn uses(&self, command: &str) -> i64 {
        let (name, argument) = command.split_once(' ').unwrap_or((command, ""));
        let option = match name {
            "upload" => "link",
            "connect" => "token",
            "clips" => "state",
            "language" => "language",
            _ => "",
        };
        let options = [(option, Value::from(argument))];
        let options = if argument.is_empty() { &[][..] } else { &options };
        let who = self.person.on_discord();
        let used = self.stage.discord().uses(&who, self.channel(), name, options, None);
        let used = used.now_or_never().expect("without a file there is nothing to wait for");
        signed(used.unwrap_or_else(|error| panic!("{error}\n{}", self.stage.story())))
    }

    /// Answers a message.
    pub(crate) fn replies(&self, to: i64, text: &str) -> i64 {
        match self.person.platform {
            Platform::Telegram => self.stage.telegram.replies(&self.person, self.chat, to, text),
            Platform::Discord => {
                let to = u64::try_from(to).unwrap();
                signed(self.stage.discord().replies(&self.person.on_discord(), self.channel(), to, text))
            }
        }
    }

    /// Corrects a message.
    pub(crate) fn corrects(&self, message: i64, text: &str) {
        let corrected = match self.person.platform {
            Platform::Telegram => self.stage.telegram.edits_own(&self.person, self.chat, message, text),
            Platform::Discord => {
                let message = u64::try_from(message).unwrap();
                self.stage.discord().edits_own(&self.person.on_discord(), self.channel(), message, text)
            }
        };
        assert!(corrected, "no such message\n{}", self.stage.story());
    }

    /// Sends a real clip.
    pub(crate) async fn sends_clip(&self, caption: Option<&str>) -> i64 {
        self.sends("landscape.mp4", caption).await
    }

    /// Sends a file of `tests/data/clips`.
    pub(crate) async fn sends(&self, name: &str, caption: Option<&str>) -> i64 {
        match self.person.platform {
            Platform::Telegram => {
                self.stage.telegram.sends_file(&self.person, self.chat, file_of(name, caption)).await.unwrap()
            }
            Platform::Discord => self.sends_attachments(vec![attachment_of(name)], caption).await,
        }
    }

    /// Sends a real clip under another name.
    pub(crate) async fn sends_as(&self, name: &str, caption: Option<&str>) -> i64 {
        match self.person.platform {
            Platform::Telegram => {
                let file = UserFile { name: name.to_owned(), ..file_of("landscape.mp4", caption) };
                self.stage.telegram.sends_file(&self.person, self.chat, file).await.unwrap()
            }
            Platform::Discord => {
                let file = discord::UserFile { name: name.to_owned(), ..attachment_of("landscape.mp4") };
                self.sends_attachments(vec![file], caption).await
            }
        }
    }

    /// Sends an album of so many clips; the words stand under the last one. On Discord one message holds them all.
    pub(crate) async fn sends_album(&self, clips: usize, caption: Option<&str>) {
        match self.person.platform {
            Platform::Telegram => {
                let files = (1..=clips).map(|clip| file_of("landscape.mp4", caption.filter(|_| clip == clips)));
                self.stage.telegram.sends_album(&self.person, self.chat, files.collect()).await.unwrap();
            }
            Platform::Discord => {
                let files = (0..clips).map(|_| attachment_of("landscape.mp4"));
                self.sends_attachments(files.collect(), caption).await;
            }
        }
    }

    /// Sends files in one message of Discord.
    pub(crate) async fn sends_attachments(&self, files: Vec<discord::UserFile>, text: Option<&str>) -> i64 {
        let text = text.unwrap_or_default();
        let sent = self.stage.discord().sends_files(&self.person.on_discord(), self.channel(), files, text).await;
        signed(sent.unwrap())
    }

    /// Presses the newest button with this label.
    pub(crate) async fn presses(&self, label: &str) {
        let message = self.sees_button(label).await;
        self.stage.listens().await;
        self.presses_on(message.message_id, label);
    }

    /// Presses a button of a message, named by its label or what the bot gets. Returns the press's id.
    pub(crate) fn presses_on(&self, message: i64, label: &str) -> String {
        let pressed = match self.person.platform {
            Platform::Telegram => self.stage.telegram.presses(&self.person, self.chat, message, label),
            Platform::Discord => {
                let message = u64::try_from(message).unwrap();
                let pressed = self.stage.discord().presses(&self.person.on_discord(), self.channel(), message, label);
                pressed.map(|id| id.to_string())
            }
        };
        pressed.unwrap_or_else(|| panic!("no button {label:?}\n{}", self.stage.story()))
    }

    /// Waits for Telegram's answer to a press.
    pub(crate) async fn is_answered(&self, query: &str) -> CallbackAnswer {
        let answered = || self.stage.telegram.answers().into_iter().find(|answer| answer.query_id == query);
        let Some(answer) = self.waits_for(answered).await else { panic!("the button spins\n{}", self.stage.story()) };
        answer
    }

    /// Waits until somebody has reacted so to a message.
    pub(crate) async fn sees_reaction(&self, message: i64, emoji: &str) {
        let has =
            |shown: &Seen| shown.message_id == message && shown.reactions.iter().any(|reaction| reaction == emoji);
        let found = self.waits_for(|| self.messages().into_iter().find(has)).await;
        assert!(found.is_some(), "no {emoji} came\n{}", self.stage.story());
    }

    /// Waits for a message of the bot that holds `words`.
    pub(crate) async fn sees(&self, words: &str) -> Seen {
        self.sees_one(words, |message| message.text.contains(words)).await
    }

    /// Waits until `times` messages of the bot hold `words`.
    pub(crate) async fn sees_times(&self, words: &str, times: usize) {
        self.sees_one(words, |message| message.text.contains(words) && self.count(words) >= times).await;
    }

    /// Waits until no message of the bot holds `words`.
    pub(crate) async fn sees_no_more(&self, words: &str) {
        self.sees_one(words, |_| self.count(words) == 0).await;
    }

    /// Waits for a message of the bot with a button of this label, and returns the newest.
    pub(crate) async fn sees_button(&self, label: &str) -> Seen {
        let has = |message: &Seen| message.buttons.iter().flatten().any(|button| button.text == label);
        self.sees_one(label, has).await
    }

    /// Waits for a video of the bot.
    pub(crate) async fn sees_video(&self) -> Seen {
        self.sees_one("a video", |message| message.file.as_ref().is_some_and(|file| file.kind == "video")).await
    }

    /// Waits until some message of the bot is as wanted.
    pub(crate) async fn sees_one_of(&self, what: &str, wanted: impl Fn(&Seen) -> bool) {
        self.sees_one(what, wanted).await;
    }

    /// The same, and returns the newest.
    pub(crate) async fn sees_one(&self, what: &str, wanted: impl Fn(&Seen) -> bool) -> Seen {
        let found = self.waits_for(|| self.bot_messages().into_iter().rev().find(|message| wanted(message))).await;
        let Some(message) = found else {
            panic!("the user never saw {what:?}\nbut: {:#?}\n{}", self.texts(), self.stage.story());
        };
        message
    }

    /// Waits until there is what is looked for; looks again when something has changed.
    pub(crate) async fn waits_for<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let mut changes = self.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = look() {
                    return found;
                }
                changes.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, found).await.ok()
    }

    /// A number that grows with each visible change of the platform.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        match self.person.platform {
            Platform::Telegram => self.stage.telegram.changes(),
            Platform::Discord => self.stage.discord().changes(),
        }
    }

    /// All messages as they stand now, oldest first.
    pub(crate) fn messages(&self) -> Vec<Seen> {
        match self.person.platform {
            Platform::Telegram => self.stage.telegram.shown(self.chat).into_iter().map(Seen::from).collect(),
            Platform::Discord => {
                let shown = self.stage.discord().shown_to(&self.person.on_discord(), self.channel());
                shown.into_iter().map(Seen::from).collect()
            }
        }
    }

    /// Those of the bot that say something.
    pub(crate) fn bot_messages(&self) -> Vec<Seen> {
        self.messages().into_iter().filter(|message| message.from == "bot" && !message.thinking).collect()
    }

    /// Their texts.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.bot_messages().into_iter().map(|message| message.text).collect()
    }

    /// How many of the bot's messages hold `words`.
    pub(crate) fn count(&self, words: &str) -> usize {
        self.texts().iter().filter(|text| text.contains(words)).count()
    }

    /// The bytes of a message's file.
    pub(crate) fn downloads(&self, message: &Seen) -> Vec<u8> {
        let id = &message.file.as_ref().expect("a file").id;
        let found = match self.person.platform {
            Platform::Telegram => self.stage.telegram.file(id),
            Platform::Discord => self.stage.discord().file(id.parse().unwrap()),
        };
        std::fs::read(found.expect("the file is kept").0).unwrap()
    }

    /// The chat as a transcript: what stands there now, with what changes from run to run taken out.
    pub(crate) fn transcript(&self) -> String {
        let mut transcript = String::new();
        for message in self.messages() {
            // How soon a picture is drawn differs from run to run: with its words, or below them without a sound.
            let picture = message.file.as_ref().is_some_and(|file| file.mime == "image/png");
            if picture && message.silent {
                continue;
            }
            let who = if message.from == "bot" { "bot" } else { "user" };
            let _ = write!(transcript, "[{who}]");
            if message.private {
                transcript.push_str(" (only you)");
            }
            if message.thinking {
                transcript.push_str(" (thinking)");
            }
            if let Some(file) = message.file.as_ref().filter(|_| !picture) {
                let name = if message.from == "bot" { "<rendered>" } else { &file.name };
                let _ = write!(transcript, " ({}: {name})", file.kind);
            }
            let _ = writeln!(transcript, " {}", steady(&message.raw));
            for row in &message.buttons {
                let labels: Vec<_> = row.iter().map(|button| format!("[{}]", button.text)).collect();
                let _ = writeln!(transcript, "      {}", labels.join(" "));
            }
        }
        transcript
    }
}

fn signed(id: u64) -> i64 {
    i64::try_from(id).expect("a snowflake has 63 bits")
}

/// A file of `tests/data/clips` for Telegram.
pub(crate) fn file_of(name: &str, caption: Option<&str>) -> UserFile {
    let is_clip = Path::new(name).extension().is_some_and(|extension| extension == "mp4");
    UserFile {
        name: name.to_owned(),
        mime: is_clip.then(|| "video/mp4".to_owned()),
        kind: if is_clip { FileKind::Video } else { FileKind::Document },
        source: FileSource::Path(clip(name)),
        caption: caption.map(str::to_owned),
    }
}

/// The same for Discord.
pub(crate) fn attachment_of(name: &str) -> discord::UserFile {
    discord::UserFile { name: name.to_owned(), mime: None, source: discord::FileSource::Path(clip(name)) }
}

/// A clip that the tests keep.
pub(crate) fn clip(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/clips").join(name)
}

/// Takes addresses out of a text, since ports and ids differ from run to run.
fn steady(text: &str) -> String {
    let Some((before, rest)) = text.split_once("http://127.0.0.1") else { return text.to_owned() };
    let after = rest.find(|c: char| c.is_whitespace() || c == '>').map_or("", |end| &rest[end..]);
    format!("{before}<address>{}", steady(after))
}
