//! What the page sees of the emulators: of Telegram and the backend here, of Discord in `discord`.

mod discord;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use tokio::sync::watch;

pub(super) use self::discord::Community;
use super::discord::{self as on_discord, DiscordEmulator};
use super::nemo::{NemoEmulator, Scenario};
use super::page::{self, Answer, Backend, ChatView, SentFile};
use super::telegram::{self, FileKind, FileSource, Person, TelegramEmulator, UserFile};

/// The person at the page; the private chat with the bot has the same number.
const PERSON: i64 = 7_000_000_001;

/// The private chat of the person at the page.
pub(super) struct Private {
    telegram: TelegramEmulator,
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private")
    }
}

impl Private {
    pub(super) fn new(telegram: TelegramEmulator) -> Self {
        Self { telegram }
    }

    fn person(language: &str) -> Person {
        Person { language: Some(language.to_owned()), ..Person::new(PERSON, "You") }
    }
}

#[async_trait]
impl ChatView for Private {
    fn says(&self, language: &str, text: &str) -> i64 {
        self.telegram.says(&Self::person(language), PERSON, text)
    }

    async fn sends_file(&self, language: &str, file: SentFile) -> io::Result<i64> {
        let kind = match file.mime.as_deref().and_then(|mime| mime.split('/').next()) {
            Some("video") if !file.as_file => FileKind::Video,
            Some("image") if !file.as_file => FileKind::Photo,
            _ => FileKind::Document,
        };
        let file = UserFile {
            name: file.name,
            mime: file.mime,
            kind,
            source: FileSource::Path(file.path),
            caption: file.caption,
        };
        self.telegram.sends_file(&Self::person(language), PERSON, file).await
    }

    fn presses(&self, language: &str, message: i64, data: &str) -> Option<String> {
        self.telegram.presses(&Self::person(language), PERSON, message, data)
    }

    fn answer(&self, press: &str) -> Option<Answer> {
        let answer = self.telegram.answers().into_iter().find(|answer| answer.query_id == press)?;
        Some(Answer { text: Some(answer.text).filter(|text| !text.is_empty()), alert: answer.alert })
    }

    fn shown(&self) -> Value {
        serde_json::to_value(self.telegram.shown(PERSON)).unwrap_or_default()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.telegram.changes()
    }

    fn chat_action(&self) -> Option<String> {
        self.telegram.chat_action(PERSON)
    }

    fn draft(&self) -> Option<Value> {
        self.telegram.shown_draft(PERSON).and_then(|draft| serde_json::to_value(draft).ok())
    }

    fn stops_draft(&self) -> bool {
        self.telegram.stops_draft(PERSON)
    }

    fn menu(&self, language: &str) -> Vec<(String, String)> {
        self.telegram.menu(language)
    }

    fn file(&self, id: &str) -> Option<(PathBuf, String)> {
        self.telegram.file(id)
    }
}

/// What is played, as the page and the command line steer it: one scenario at a time, of whichever emulator. The names
/// of Telegram's begin with `telegram-`, those of Discord's with `discord-`.
pub(super) struct Service {
    nemo: Arc<NemoEmulator>,
    telegram: TelegramEmulator,
    discord: DiscordEmulator,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

impl Service {
    pub(super) fn new(nemo: Arc<NemoEmulator>, telegram: TelegramEmulator, discord: DiscordEmulator) -> Self {
        Self { nemo, telegram, discord }
    }

    /// Every scenario's name and what it does, in the order of the menu.
    pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        let backend = Scenario::ALL.iter().map(|scenario| (scenario.name(), scenario.about()));
        let telegram = telegram::Scenario::ALL.iter().map(|scenario| (scenario.name(), scenario.about()));
        let discord = on_discord::Scenario::ALL.iter().map(|scenario| (scenario.name(), scenario.about()));
        backend.chain(telegram).chain(discord)
    }
}

impl Backend for Service {
    fn scenarios(&self) -> Vec<page::Scenario> {
        let owned =
            |(name, about): (&str, &str)| page::Scenario { name: name.to_owned(), description: about.to_owned() };
        Self::all().map(owned).collect()
    }

    fn playing(&self) -> String {
        let telegram = self.telegram.playing().map(telegram::Scenario::name);
        let platform = telegram.or_else(|| self.discord.playing().map(on_discord::Scenario::name));
        platform.unwrap_or_else(|| self.nemo.scenario().name()).to_owned()
    }

    fn play(&self, name: &str) -> bool {
        if Self::all().all(|(known, _)| known != name) {
            return false;
        }
        self.nemo.play(Scenario::parse(name).unwrap_or_default());
        self.telegram.play(telegram::Scenario::parse(name));
        self.discord.play(on_discord::Scenario::parse(name));
        // What an earlier scenario holds back goes on, so that no chat stays stuck.
        self.nemo.release();
        true
    }

    fn release(&self) {
        self.nemo.release();
    }
}
