//! The harness: a stage with both emulators, the built program as a process of its own, and people in chats.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use nemo_bot::sandbox::journal::{Entry, Journal};
use nemo_bot::sandbox::nemo::{CodeForm, NemoEmulator, NemoEmulatorSettings};
use nemo_bot::sandbox::telegram::{
    CallbackAnswer, FileKind, FileSource, Person, ShownMessage, TelegramEmulator, TelegramEmulatorSettings,
    TelegramSizes, TelegramTimes, UserFile,
};
use tokio::process::{Child, Command};

/// Nothing in these stories takes this long; a story that waits in vain ends with what was seen instead.
const PATIENCE: Duration = Duration::from_secs(40);

/// What is taken up again after a crash takes a hold and some seconds more; on a busy machine longer.
const REST_PATIENCE: Duration = Duration::from_secs(45);
/// How often the store is looked at. It belongs to another process, which has no way to call us.
const LOOK: Duration = Duration::from_millis(50);

/// A stage: one Telegram, one backend, one bot, one store.
pub(crate) struct Stage {
    pub(crate) telegram: TelegramEmulator,
    pub(crate) nemo: NemoEmulator,
    pub(crate) journal: Journal,
    pub(crate) folder: tempfile::TempDir,
    bot: Option<Child>,
    environment: Vec<(String, String)>,
    runs: AtomicU32,
}

impl Stage {
    /// Both emulators and the bot, all quick.
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    /// The same with settings of its own, as environment variables.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let mut stage = Self::empty(settings).await;
        stage.start();
        stage
    }

    /// A bot in a Telegram of its own kind.
    pub(crate) async fn with_telegram(telegram: TelegramEmulatorSettings, settings: &[(&str, &str)]) -> Self {
        let mut stage = Self::set(settings, telegram, NemoEmulatorSettings::quick()).await;
        stage.start();
        stage
    }

    /// The same where the backend's codes come in this form.
    pub(crate) async fn with_codes(settings: &[(&str, &str)], codes: CodeForm) -> Self {
        let backend = NemoEmulatorSettings { codes, ..NemoEmulatorSettings::quick() };
        let mut stage = Self::set(settings, quick_telegram(), backend).await;
        stage.start();
        stage
    }

    /// The emulators alone.
    pub(crate) async fn empty(settings: &[(&str, &str)]) -> Self {
        Self::set(settings, quick_telegram(), NemoEmulatorSettings::quick()).await
    }

    /// The emulators alone, with other sizes of files and another backend.
    pub(crate) async fn furnished(settings: &[(&str, &str)], sizes: TelegramSizes, nemo: NemoEmulatorSettings) -> Self {
        Self::set(settings, TelegramEmulatorSettings { sizes, ..quick_telegram() }, nemo).await
    }

    async fn set(settings: &[(&str, &str)], telegram: TelegramEmulatorSettings, backend: NemoEmulatorSettings) -> Self {
        let journal = Journal::default();
        let telegram = TelegramEmulator::start(telegram, journal.clone()).await.unwrap();
        let nemo = NemoEmulator::start(backend, journal.clone()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut environment: Vec<(String, String)> = [
            ("TELEGRAM_BOT_TOKEN", telegram.token()),
            ("NEMO_BOT__TELEGRAM__API_URL", &telegram.url()),
            ("NEMO_API_URL", &nemo.url()),
            ("NEMO_BOT__STORE__URL", &format!("sqlite:{}", folder.path().join("bot.db").display())),
            ("NEMO_BOT__SERVER__LISTEN", "off"),
            ("NEMO_BOT__STREAM__EDIT_INTERVAL_TELEGRAM_PRIVATE", "50ms"),
            ("NEMO_BOT__STREAM__EDIT_INTERVAL_TELEGRAM_GROUP", "50ms"),
            // An album is told from its pieces by time, and a busy machine is slow to store them.
            ("NEMO_BOT__TELEGRAM__ALBUM_WAIT", "2s"),
            ("NEMO_BOT__NEMO__RENDER_POLL_EVERY", "150ms"),
            ("NEMO_BOT__NEMO__RECHECK_FIRST", "200ms"),
            ("NEMO_BOT__NEMO__RECHECK_EVERY", "200ms"),
            ("NEMO_BOT__NEMO__SETTLE_EVERY", "100ms"),
            ("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "200ms"),
            ("NEMO_BOT__RUN__HOLD", "2s"),
            ("NEMO_BOT__STORE__SWEEP_EVERY", "500ms"),
            ("NEMO_BOT__RUN__DRAIN", "1s"),
            ("RUST_LOG", "debug"),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
        environment.extend(settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        Self { telegram, nemo, journal, folder, bot: None, environment, runs: AtomicU32::new(0) }
    }

    /// Sets a variable for the bot's next start.
    pub(crate) fn sets(&mut self, key: &str, value: &str) {
        self.environment.push((key.to_owned(), value.to_owned()));
    }

    /// What the bot's database has on disk, its log included.
    pub(crate) fn disk(&self) -> Vec<u8> {
        let mut kept = Vec::new();
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = file.unwrap().path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("bot.db")) {
                kept.extend(std::fs::read(path).unwrap_or_default());
            }
        }
        kept
    }

    /// Starts the bot.
    pub(crate) fn start(&mut self) {
        self.bot = Some(self.spawn(&[]));
    }

    /// Starts a bot for somebody else to keep, with variables of its own. It ends when it is dropped.
    pub(crate) fn spawn(&self, more: &[(&str, &str)]) -> Child {
        let run = self.runs.fetch_add(1, Ordering::Relaxed) + 1;
        let log = std::fs::File::create(self.log_of(run)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_nemo-bot"));
        command.arg("run").env_clear().current_dir(self.folder.path()).kill_on_drop(true);
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        command.envs(more.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.spawn().unwrap()
    }

    /// Ends the bot as a power cut would.
    pub(crate) async fn kill(&mut self) {
        let mut bot = self.bot.take().unwrap();
        bot.kill().await.unwrap();
    }

    /// Asks the bot to stop, and waits until it has. Returns its exit code.
    pub(crate) async fn stop(&mut self) -> Option<i32> {
        let mut bot = self.bot.take().unwrap();
        let id = bot.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        tokio::time::timeout(PATIENCE, bot.wait()).await.unwrap().unwrap().code()
    }

    /// The most memory that the bot has ever had in use, in bytes. Source: `VmHWM` of proc(5).
    pub(crate) fn peak_memory(&self) -> u64 {
        let id = self.bot.as_ref().and_then(Child::id).unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// What the bot has logged, all its lives together.
    pub(crate) fn logs(&self) -> String {
        (1..=self.runs.load(Ordering::Relaxed))
            .map(|run| std::fs::read_to_string(self.log_of(run)).unwrap_or_default())
            .collect()
    }

    /// A new user in a private chat.
    pub(crate) fn user(&self, language: &str) -> User<'_> {
        static NEXT: AtomicI64 = AtomicI64::new(7_000_000_001);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let person = Person { language: Some(language.to_owned()), ..Person::new(id, "New user") };
        User { stage: self, person, chat: id }
    }

    /// Waits for the first entry of this kind, old or new, that is accepted.
    pub(crate) async fn journal_has(&self, kind: &str, mut wanted: impl FnMut(&Entry) -> bool) -> Entry {
        let found = self.journal.wait_for(|entry| entry.kind == kind && wanted(entry));
        let Ok(entry) = tokio::time::timeout(PATIENCE, found).await else {
            panic!("no entry `{kind}` came\n{}", self.story());
        };
        entry
    }

    /// Waits until the bot has logged a line with these words.
    pub(crate) async fn logs_have(&self, words: &str) {
        let logged = async {
            while !self.logs().contains(words) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let seen = tokio::time::timeout(PATIENCE, logged).await;
        assert!(seen.is_ok(), "the log never said {words:?}\n{}", self.story());
    }

    /// Waits until every update is confirmed, and the bot has nothing left to do about any: what is only put off counts
    /// as left. `Err`: that never comes. For a store in a file.
    pub(crate) async fn rests(&self) -> Result<(), tokio::time::error::Elapsed> {
        let store = self.folder.path().join("bot.db");
        let quiet = async {
            while self.telegram.pending() > 0 || agenda(&store) != Some(0) {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(REST_PATIENCE, quiet).await
    }

    /// How many entries of this kind there are.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.journal.after(0).iter().filter(|entry| entry.kind == kind).count()
    }

    /// What must hold at the end of every story: nobody broke a rule of either platform.
    pub(crate) fn assert_clean(&self) {
        let breaches = [self.telegram.breaches(), self.nemo.breaches()].concat();
        assert!(breaches.is_empty(), "{breaches:#?}\n{}", self.story());
    }

    /// Checks every recorded call with the checker that knows the Bot API.
    pub(crate) fn assert_calls_pass_the_checker(&self) {
        let calls: Vec<_> = self.telegram.calls().iter().map(ToString::to_string).collect();
        let calls = calls.join("\n");
        let file = self.folder.path().join("calls.jsonl");
        std::fs::write(&file, calls).unwrap();
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let output = std::process::Command::new("python3")
            .arg(tests.join("tools/check_telegram_calls.py"))
            .arg("--spec")
            .arg(tests.join("data/telegram-api.json"))
            .arg(&file)
            .output()
            .expect("python3 runs the checker");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }

    /// Everything that happened, for a story that went wrong.
    pub(crate) fn story(&self) -> String {
        let mut story = String::new();
        for entry in self.journal.after(0) {
            let _ = writeln!(story, "{:>7} ms {:<8} {:<12} {}", entry.at_ms, entry.source, entry.kind, entry.line);
        }
        let logs = self.logs();
        let tail: Vec<_> = logs.lines().rev().take(60).collect();
        let _ = writeln!(story, "--- the bot's log");
        for line in tail.into_iter().rev() {
            let _ = writeln!(story, "{line}");
        }
        story
    }

    fn log_of(&self, run: u32) -> PathBuf {
        self.folder.path().join(format!("bot-{run}.log"))
    }
}

/// How many conversations and renders have something to do. `None`: there is no store yet.
fn agenda(store: &Path) -> Option<u32> {
    let store = rusqlite::Connection::open_with_flags(store, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let sql = "SELECT count(*) FROM agenda WHERE agenda IN ('conversations', 'renders')";
    store.query_row(sql, [], |row| row.get(0)).ok()
}

/// A Telegram with generous rates, so that stories are quick.
pub(crate) fn quick_telegram() -> TelegramEmulatorSettings {
    TelegramEmulatorSettings { times: TelegramTimes::relaxed(), ..TelegramEmulatorSettings::default() }
}

/// Someone in a chat.
pub(crate) struct User<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) person: Person,
    pub(crate) chat: i64,
}

impl User<'_> {
    /// The same person in another chat.
    pub(crate) fn at(&self, chat: i64) -> Self {
        Self { stage: self.stage, person: self.person.clone(), chat }
    }

    /// Answers a message.
    pub(crate) fn replies(&self, to: i64, text: &str) -> i64 {
        self.stage.telegram.replies(&self.person, self.chat, to, text)
    }

    /// Presses a button of a message. Returns the query's id.
    pub(crate) fn presses_on(&self, message: i64, label: &str) -> String {
        let pressed = self.stage.telegram.presses(&self.person, self.chat, message, label);
        pressed.unwrap_or_else(|| panic!("no button {label:?}\n{}", self.stage.story()))
    }

    /// Waits for the answer to a press.
    pub(crate) async fn is_answered(&self, query: &str) -> CallbackAnswer {
        let telegram = &self.stage.telegram;
        let answered = || telegram.answers().into_iter().find(|answer| answer.query_id == query);
        let mut changes = telegram.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                if let Some(answer) = answered() {
                    return answer;
                }
                changes.changed().await.unwrap();
            }
        };
        let Ok(answer) = tokio::time::timeout(PATIENCE, found).await else {
            panic!("the button spins\n{}", self.stage.story());
        };
        answer
    }

    /// Waits until the bot has reacted so to a message of a person.
    pub(crate) async fn sees_reaction(&self, message: i64, emoji: &str) {
        let telegram = &self.stage.telegram;
        let mut changes = telegram.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                let shown = telegram.shown(self.chat);
                let reaction = shown.iter().find(|shown| shown.message_id == message).and_then(|s| s.reaction.clone());
                if reaction.as_deref() == Some(emoji) {
                    return;
                }
                changes.changed().await.unwrap();
            }
        };
        let seen = tokio::time::timeout(PATIENCE, found).await;
        assert!(seen.is_ok(), "no {emoji} came\n{}", self.stage.story());
    }

    /// Sends a text.
    pub(crate) fn says(&self, text: &str) -> i64 {
        self.stage.telegram.says(&self.person, self.chat, text)
    }

    /// Sends a real clip.
    pub(crate) async fn sends_clip(&self, caption: Option<&str>) -> i64 {
        self.sends("landscape.mp4", caption).await
    }

    /// Sends a file of `tests/data/clips`.
    pub(crate) async fn sends(&self, name: &str, caption: Option<&str>) -> i64 {
        self.stage.telegram.sends_file(&self.person, self.chat, file_of(name, caption)).await.unwrap()
    }

    /// Sends an album of so many clips; the words stand under the last one.
    pub(crate) async fn sends_album(&self, clips: usize, caption: Option<&str>) {
        let files = (1..=clips).map(|clip| file_of("landscape.mp4", caption.filter(|_| clip == clips)));
        self.stage.telegram.sends_album(&self.person, self.chat, files.collect()).await.unwrap();
    }

    /// Corrects a message.
    pub(crate) fn corrects(&self, message: i64, text: &str) {
        assert!(self.stage.telegram.edits_own(&self.person, self.chat, message, text));
    }

    /// Presses the newest button with this label.
    pub(crate) async fn presses(&self, label: &str) {
        let message = self.sees_button(label).await;
        let pressed = self.stage.telegram.presses(&self.person, self.chat, message.message_id, label);
        assert!(pressed.is_some(), "no button {label:?}\n{}", self.stage.story());
    }

    /// Waits for a message of the bot that holds `words`.
    pub(crate) async fn sees(&self, words: &str) -> ShownMessage {
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
    pub(crate) async fn sees_button(&self, label: &str) -> ShownMessage {
        let has = |message: &ShownMessage| message.buttons.iter().flatten().any(|button| button.text == label);
        self.sees_one(label, has).await
    }

    /// Waits for a video of the bot.
    pub(crate) async fn sees_video(&self) -> ShownMessage {
        self.sees_one("a video", |message| message.file.as_ref().is_some_and(|file| file.kind == "video")).await
    }

    /// Waits until some message of the bot is as wanted.
    pub(crate) async fn sees_one_of(&self, what: &str, wanted: impl Fn(&ShownMessage) -> bool) {
        self.sees_one(what, wanted).await;
    }

    async fn sees_one(&self, what: &str, wanted: impl Fn(&ShownMessage) -> bool) -> ShownMessage {
        let mut changes = self.stage.telegram.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                if let Some(message) = self.bot_messages().into_iter().rev().find(|message| wanted(message)) {
                    return message;
                }
                changes.changed().await.unwrap();
            }
        };
        let Ok(message) = tokio::time::timeout(PATIENCE, found).await else {
            panic!("the user never saw {what:?}\nbut: {:#?}\n{}", self.texts(), self.stage.story());
        };
        message
    }

    /// The bot's messages as they stand now, oldest first.
    pub(crate) fn bot_messages(&self) -> Vec<ShownMessage> {
        self.stage.telegram.shown(self.chat).into_iter().filter(|message| message.from == "bot").collect()
    }

    /// Their texts.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.bot_messages().into_iter().map(|message| message.text).collect()
    }

    /// How many of the bot's messages hold `words`.
    pub(crate) fn count(&self, words: &str) -> usize {
        self.texts().iter().filter(|text| text.contains(words)).count()
    }

    /// The chat as a transcript: what stands there now, with what changes from run to run taken out.
    pub(crate) fn transcript(&self) -> String {
        let mut transcript = String::new();
        for message in self.stage.telegram.shown(self.chat) {
            let who = if message.from == "bot" { "bot" } else { "user" };
            let _ = write!(transcript, "[{who}]");
            if let Some(file) = &message.file {
                let name = if message.from == "bot" { "<rendered>" } else { &file.name };
                let _ = write!(transcript, " ({}: {name})", file.kind);
            }
            let _ = writeln!(transcript, " {}", steady(&message.text));
            for row in &message.buttons {
                let labels: Vec<_> = row.iter().map(|button| format!("[{}]", button.text)).collect();
                let _ = writeln!(transcript, "      {}", labels.join(" "));
            }
        }
        transcript
    }
}

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

/// A clip that the tests keep.
pub(crate) fn clip(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/clips").join(name)
}

/// Takes addresses out of a text, since ports and ids differ from run to run.
fn steady(text: &str) -> String {
    let Some((before, rest)) = text.split_once("http://127.0.0.1") else { return text.to_owned() };
    let after = rest.find(char::is_whitespace).map_or("", |end| &rest[end..]);
    format!("{before}<address>{}", steady(after))
}
