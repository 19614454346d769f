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
use super::nemo::{NemoEmulator, Scenario};
use super::page::{self, Answer, Backend, ChatView, SentFile};
use super::telegram::{FileKind, FileSource, Person, TelegramEmulator, UserFile};

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

/// The backend's emulator as the page steers it.
pub(super) struct Service {
    nemo: Arc<NemoEmulator>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

impl Service {
    pub(super) fn new(nemo: Arc<NemoEmulator>) -> Self {
        Self { nemo }
    }
}

impl Backend for Service {
    fn scenarios(&self) -> Vec<page::Scenario> {
        let all = Scenario::ALL.iter();
        all.map(|scenario| page::Scenario {
            name: scenario.name().to_owned(),
            description: scenario.about().to_owned(),
        })
        .collect()
    }

    fn playing(&self) -> String {
        self.nemo.scenario().name().to_owned()
    }

    fn play(&self, name: &str) -> bool {
        let Some(scenario) = Scenario::parse(name) else { return false };
        self.nemo.play(scenario);
        // What an earlier scenario holds back goes on, so that no chat stays stuck.
        self.nemo.release();
        true
    }

    fn release(&self) {
        self.nemo.release();
    }
}
