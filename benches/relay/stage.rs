//! The built program between the emulators of Telegram and of the backend: a clip goes in, its export comes back.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nemo_bot::sandbox::journal::{Entry, Journal};
use nemo_bot::sandbox::nemo::{NemoEmulator, NemoEmulatorSettings};
use nemo_bot::sandbox::telegram::{
    FileKind, FileSource, Person, ShownMessage, TelegramEmulator, TelegramEmulatorSettings, TelegramSizes,
    TelegramTimes, UserFile,
};
use tokio::process::{Child, Command};

/// Nothing here takes this long.
const PATIENCE: Duration = Duration::from_mins(2);
const USER: i64 = 7_000_000_001;

/// One file on its way.
pub(crate) struct Step {
    /// From its first byte to the answer of whoever received it.
    pub(crate) took: Duration,
    /// By how much the program's memory grew, in bytes.
    pub(crate) growth: u64,
}

/// Both ways.
pub(crate) struct Seen {
    pub(crate) into: Step,
    pub(crate) back: Step,
}

struct Stage {
    telegram: TelegramEmulator,
    nemo: NemoEmulator,
    journal: Journal,
    bot: Child,
}

/// One clip of `size` bytes in, and its export out. With `local` the Bot API server leaves files on its disk.
pub(crate) async fn measure(size: u64, local: bool) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let stage = open(folder.path(), size, local).await;
    let user = Person { language: Some("en".to_owned()), ..Person::new(USER, "New user") };
    stage.telegram.says(&user, USER, "/start");
    stage.shows(|message| message.text.contains("Share your video clips")).await;

    // It holds nothing but zeros and takes no room on the disk.
    let path = folder.path().join("clip.mp4");
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    let clip = UserFile {
        name: "clip.mp4".to_owned(),
        mime: Some("video/mp4".to_owned()),
        kind: FileKind::Video,
        source: FileSource::Path(path),
        caption: None,
    };
    let idle = stage.rests();
    stage.telegram.sends_file(&user, USER, clip).await.unwrap();
    stage.shows(|message| message.text.contains("What should I do with it?")).await;
    let growth = stage.growth(idle);
    let opened = if local { "getFile" } else { "download" };
    let begun = stage.first(|entry| entry.kind == "call" && entry.data["method"] == opened).await;
    let ended = stage.first(|entry| entry.kind == "upload").await;
    assert_eq!(ended.data["size"], size, "the whole clip arrived");
    let into = Step { took: between(&begun, &ended), growth };

    let idle = stage.rests();
    stage.telegram.says(&user, USER, "export");
    let result = stage.shows(|message| message.file.as_ref().is_some_and(|file| file.kind == "video")).await;
    let growth = stage.growth(idle);
    assert_eq!(result.file.map(|file| file.size), Some(size), "the whole result arrived");
    let begun = stage.first(|entry| entry.kind == "file").await;
    let ended = stage.first(|entry| entry.data["method"] == "sendVideo").await;
    let back = Step { took: between(&begun, &ended), growth };
    let breaches = [stage.telegram.breaches(), stage.nemo.breaches()].concat();
    assert!(breaches.is_empty(), "{breaches:#?}");
    Seen { into, back }
}

async fn open(folder: &Path, size: u64, local: bool) -> Stage {
    let journal = Journal::default();
    // Room for the form around the file.
    let room = size + crate::MB;
    let sizes = TelegramSizes { download: room, upload: room, ..TelegramSizes::default() };
    let times = TelegramTimes::relaxed();
    let telegram = TelegramEmulatorSettings { local, sizes, times, ..TelegramEmulatorSettings::default() };
    let telegram = TelegramEmulator::start(telegram, journal.clone()).await.unwrap();
    let nemo = NemoEmulator::start(NemoEmulatorSettings::quick(), journal.clone()).await.unwrap();
    let bot = Command::new(env!("CARGO_BIN_EXE_nemo-bot"))
        .arg("run")
        .env_clear()
        .env("TELEGRAM_BOT_TOKEN", telegram.token())
        .env("NEMO_BOT__TELEGRAM__API_URL", telegram.url())
        // Without it nothing over Telegram's own limits would be tried.
        .env("NEMO_BOT__TELEGRAM__LOCAL_FILES", "true")
        .env("NEMO_API_URL", nemo.url())
        .env("NEMO_BOT__STORE__URL", format!("sqlite:{}", folder.join("bot.db").display()))
        .env("NEMO_BOT__SERVER__LISTEN", "off")
        .env("NEMO_BOT__NEMO__RENDER_POLL_EVERY", "150ms")
        .current_dir(folder)
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(folder.join("bot.log")).unwrap())
        .spawn()
        .unwrap();
    Stage { telegram, nemo, journal, bot }
}

impl Stage {
    /// Waits until the bot shows such a message.
    async fn shows(&self, wanted: impl Fn(&ShownMessage) -> bool) -> ShownMessage {
        let mut changes = self.telegram.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                let shown = self.telegram.shown(USER);
                if let Some(message) = shown.into_iter().find(|message| message.from == "bot" && wanted(message)) {
                    return message;
                }
                changes.changed().await.unwrap();
            }
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        found.unwrap_or_else(|_| panic!("it never came; the chat: {:#?}", self.telegram.shown(USER)))
    }

    /// The first such entry. What a chat shows is noted a moment later.
    async fn first(&self, wanted: impl Fn(&Entry) -> bool) -> Entry {
        let found = tokio::time::timeout(PATIENCE, self.journal.wait_for(wanted)).await;
        found.unwrap_or_else(|_| panic!("nothing of the kind was noted"))
    }

    fn process(&self) -> String {
        self.bot.id().unwrap().to_string()
    }

    /// What is in use before something begins, in bytes.
    fn rests(&self) -> u64 {
        crate::forget_peak(&self.process());
        crate::peak(&self.process())
    }

    fn growth(&self, idle: u64) -> u64 {
        crate::peak(&self.process()).saturating_sub(idle)
    }
}

fn between(begun: &Entry, ended: &Entry) -> Duration {
    Duration::from_millis(ended.at_ms.saturating_sub(begun.at_ms).max(1))
}
