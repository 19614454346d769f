//! The harness: a stage with the emulators, the built program as a process of its own, and people in chats.

#[path = "bot/instance.rs"]
mod instance;
#[path = "bot/logs.rs"]
mod logs;
#[path = "bot/person.rs"]
mod person;
#[path = "bot/seen.rs"]
mod seen;
#[path = "bot/user.rs"]
mod user;

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use nemo_bot::sandbox::discord::{DiscordEmulator, DiscordEmulatorSettings};
use nemo_bot::sandbox::journal::{Entry, Journal};
use nemo_bot::sandbox::nemo::{CodeForm, NemoEmulator, NemoEmulatorSettings};
use nemo_bot::sandbox::telegram::{TelegramEmulator, TelegramEmulatorSettings, TelegramSizes, TelegramTimes};
use serde_json::Value;
use tokio::process::{Child, Command};
use tokio::time::Instant;

pub(crate) use instance::Instance;
pub(crate) use person::{Platform, Who};
pub(crate) use seen::{Seen, SeenButton, SeenFile};
pub(crate) use user::{User, attachment_of, clip, file_of};

/// Nothing in these stories takes this long; a story that waits in vain ends with what was seen instead.
const PATIENCE: Duration = Duration::from_secs(40);

/// What is taken up again after a crash takes a hold and some seconds more; on a busy machine longer.
const REST_PATIENCE: Duration = Duration::from_secs(45);
/// How often the store and the log are looked at. They belong to another process, which has no way to call us.
const LOOK: Duration = Duration::from_millis(50);

/// A stage: one Telegram, one backend, one bot, one store, and a Discord where it is asked for.
pub(crate) struct Stage {
    pub(crate) telegram: TelegramEmulator,
    discord: Option<DiscordEmulator>,
    pub(crate) nemo: NemoEmulator,
    pub(crate) journal: Journal,
    pub(crate) folder: tempfile::TempDir,
    bot: Option<Child>,
    environment: Vec<(String, String)>,
    /// What the bot is started by, with the bot itself as its last argument; nothing: it is started as it is.
    starter: Vec<String>,
    runs: AtomicU32,
    /// The newest entry of the journal when the bot was last started.
    started_at: AtomicU64,
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

    /// A bot that is used on this platform.
    pub(crate) async fn on(platform: Platform) -> Self {
        Self::on_with(platform, &[]).await
    }

    /// The same with settings of its own.
    pub(crate) async fn on_with(platform: Platform, settings: &[(&str, &str)]) -> Self {
        let mut stage = Self::empty_on(platform, settings).await;
        stage.start();
        stage.listens().await;
        stage
    }

    /// A bot in a Discord of its own kind, and in Telegram.
    pub(crate) async fn with_discord(discord: DiscordEmulatorSettings, settings: &[(&str, &str)]) -> Self {
        let mut stage = Self::empty_with_discord(discord, settings).await;
        stage.start();
        stage.listens().await;
        stage
    }

    /// The same with another backend.
    pub(crate) async fn with_discord_and(
        discord: DiscordEmulatorSettings,
        backend: NemoEmulatorSettings,
        settings: &[(&str, &str)],
    ) -> Self {
        let mut stage = Self::set(settings, quick_telegram(), backend).await;
        stage.add_discord(discord).await;
        stage.start();
        stage.listens().await;
        stage
    }

    /// The emulators alone, with a Discord of its own kind.
    pub(crate) async fn empty_with_discord(discord: DiscordEmulatorSettings, settings: &[(&str, &str)]) -> Self {
        let mut stage = Self::empty(settings).await;
        stage.add_discord(discord).await;
        stage
    }

    /// The emulators alone, with that of this platform.
    pub(crate) async fn empty_on(platform: Platform, settings: &[(&str, &str)]) -> Self {
        match platform {
            Platform::Telegram => Self::empty(settings).await,
            Platform::Discord => Self::empty_with_discord(DiscordEmulatorSettings::quick(), settings).await,
        }
    }

    /// A bot in a Telegram of its own kind.
    pub(crate) async fn with_telegram(telegram: TelegramEmulatorSettings, settings: &[(&str, &str)]) -> Self {
        let mut stage = Self::set(settings, telegram, NemoEmulatorSettings::quick()).await;
        stage.start();
        stage
    }

    /// The emulators alone, with a Telegram of its own kind.
    pub(crate) async fn empty_with_telegram(telegram: TelegramEmulatorSettings, settings: &[(&str, &str)]) -> Self {
        Self::set(settings, telegram, NemoEmulatorSettings::quick()).await
    }

    /// A bot with another backend.
    pub(crate) async fn on_backend(on: Platform, backend: NemoEmulatorSettings, settings: &[(&str, &str)]) -> Self {
        let mut stage = Self::set(settings, quick_telegram(), backend).await;
        if on == Platform::Discord {
            stage.add_discord(DiscordEmulatorSettings::quick()).await;
        }
        stage.start();
        stage.listens().await;
        stage
    }

    /// The same where its codes come in this form.
    pub(crate) async fn with_codes_on(on: Platform, settings: &[(&str, &str)], codes: CodeForm) -> Self {
        Self::on_backend(on, NemoEmulatorSettings { codes, ..NemoEmulatorSettings::quick() }, settings).await
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
            // Shorter, and a machine that stands still for a moment loses claims in stories that are about something else.
            ("NEMO_BOT__RUN__HOLD", "4s"),
            ("NEMO_BOT__STORE__SWEEP_EVERY", "500ms"),
            ("NEMO_BOT__RUN__DRAIN", "1s"),
            ("RUST_LOG", "debug"),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
        environment.extend(settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let (runs, started_at) = (AtomicU32::new(0), AtomicU64::new(0));
        let starter = Vec::new();
        Self { telegram, discord: None, nemo, journal, folder, bot: None, environment, starter, runs, started_at }
    }

    async fn add_discord(&mut self, settings: DiscordEmulatorSettings) {
        let discord = DiscordEmulator::start(settings, self.journal.clone()).await.unwrap();
        let more = [
            ("DISCORD_TOKEN", discord.token().to_owned()),
            ("NEMO_BOT__DISCORD__API_URL", discord.url()),
            ("NEMO_BOT__STREAM__EDIT_INTERVAL_DISCORD", "50ms".to_owned()),
        ];
        // What the story has set stands behind, and counts.
        self.environment.splice(0..0, more.map(|(key, value)| (key.to_owned(), value)));
        self.discord = Some(discord);
    }

    /// The stage's Discord.
    pub(crate) fn discord(&self) -> &DiscordEmulator {
        self.discord.as_ref().expect("a stage with Discord")
    }

    /// Waits until the bot hears what happens on Discord: what is done there before is not brought. On Telegram all
    /// waits to be fetched.
    pub(crate) async fn listens(&self) {
        if self.discord.is_some() {
            let since = self.started_at.load(Ordering::Relaxed);
            let ready = |entry: &Entry| entry.number > since && entry.data["kind"] == "READY";
            self.journal_has("event", ready).await;
        }
    }

    /// Sets a variable for the bot's next start.
    pub(crate) fn sets(&mut self, key: &str, value: &str) {
        self.environment.push((key.to_owned(), value.to_owned()));
    }

    /// Has the bot started by another program, which gets it and its arguments as its last ones.
    pub(crate) fn is_started_by(&mut self, starter: &[&str]) {
        self.starter = starter.iter().map(ToString::to_string).collect();
    }

    /// The number of the bot's process.
    pub(crate) fn process(&self) -> u32 {
        self.bot.as_ref().and_then(Child::id).expect("a running bot")
    }

    /// Waits until the bot has ended by itself. Returns its exit code.
    pub(crate) async fn ends(&mut self) -> Option<i32> {
        let mut bot = self.bot.take().unwrap();
        tokio::time::timeout(PATIENCE, bot.wait()).await.unwrap().unwrap().code()
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

    /// How many rows there are whose keys begin so.
    pub(crate) fn rows_under(&self, key: &str) -> u32 {
        let store = rusqlite::Connection::open(self.folder.path().join("bot.db")).unwrap();
        let sql = format!("SELECT count(*) FROM rows WHERE key LIKE '{key}%'");
        store.query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    /// Waits until there is a row whose key begins so.
    pub(crate) async fn has_rows(&self, key: &str) {
        let stored = async {
            while self.rows_under(key) == 0 {
                tokio::time::sleep(LOOK).await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, stored).await;
        assert!(found.is_ok(), "no row {key} was stored\n{}", self.story());
    }

    /// How many messages wait in all lines of a person together.
    pub(crate) fn queued(&self, user: &User<'_>) -> u32 {
        let store = rusqlite::Connection::open(self.folder.path().join("bot.db")).unwrap();
        let sql = format!("SELECT count(*) FROM queues WHERE key LIKE 'inbox:%{}%'", user.person.id);
        store.query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    /// Starts the bot.
    pub(crate) fn start(&mut self) {
        self.bot = Some(self.spawn(&[]));
    }

    /// Starts a bot for somebody else to keep, with variables of its own. It ends when it is dropped.
    pub(crate) fn spawn(&self, more: &[(&str, &str)]) -> Child {
        self.spawn_run(more).0
    }

    /// The same, with the number of its log.
    fn spawn_run(&self, more: &[(&str, &str)]) -> (Child, u32) {
        let run = self.runs.fetch_add(1, Ordering::Relaxed) + 1;
        self.started_at.store(self.journal.after(0).last().map_or(0, |entry| entry.number), Ordering::Relaxed);
        let log = std::fs::File::create(self.log_of(run)).unwrap();
        let bot = env!("CARGO_BIN_EXE_nemo-bot");
        let mut command = Command::new(self.starter.first().map_or(bot, String::as_str));
        command.args(self.starter.iter().skip(1));
        if !self.starter.is_empty() {
            command.arg(bot);
        }
        command.arg("run").env_clear().current_dir(self.folder.path()).kill_on_drop(true);
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        command.envs(more.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        (command.spawn().unwrap(), run)
    }

    /// Starts one of several instances.
    pub(crate) fn instance(&self, more: &[(&str, &str)]) -> Instance<'_> {
        Instance::start(self, more)
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

    /// A new user in a private chat on Telegram.
    pub(crate) fn user(&self, language: &str) -> User<'_> {
        self.user_on(Platform::Telegram, language)
    }

    /// A new user in a private chat.
    pub(crate) fn user_on(&self, platform: Platform, language: &str) -> User<'_> {
        let person = Who::new(platform, language);
        let chat = match platform {
            Platform::Telegram => person.id,
            Platform::Discord => i64::try_from(self.discord().dm(&person.on_discord())).unwrap(),
        };
        User { stage: self, person, chat }
    }

    /// Waits for the first entry of this kind, old or new, that is accepted.
    pub(crate) async fn journal_has(&self, kind: &str, mut wanted: impl FnMut(&Entry) -> bool) -> Entry {
        let found = self.journal.wait_for(|entry| entry.kind == kind && wanted(entry));
        let Ok(entry) = tokio::time::timeout(PATIENCE, found).await else {
            panic!("no entry `{kind}` came\n{}", self.story());
        };
        entry
    }

    /// Waits until every update is confirmed, and the bot has nothing left to do about any: what is only put off counts
    /// as left. `Err`: that never comes. For a store in a file.
    pub(crate) async fn rests(&self) -> Result<(), tokio::time::error::Elapsed> {
        // What does not concern the bot it passes over without a word.
        const PASSED_OVER: Duration = Duration::from_secs(1);
        let store = self.folder.path().join("bot.db");
        let since = Instant::now();
        let on_its_way = || since.elapsed() < PASSED_OVER && self.has_more_from_discord();
        let quiet = async {
            while self.telegram.pending() > 0 || on_its_way() || agenda(&store) != Some(0) {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(REST_PATIENCE, quiet).await
    }

    /// Whether somebody did something on Discord last that the bot has not said to have taken.
    fn has_more_from_discord(&self) -> bool {
        let by_people = |entry: &Entry| entry.source == "discord" && entry.kind == "update";
        let unsent = self.discord.as_ref().is_some_and(|discord| discord.pending() > 0);
        let Some(last) = self.journal.after(0).into_iter().rev().find(by_people) else { return unsent };
        let (id, logs) = (&last.data["update_id"], self.logs());
        unsent || !["m", "i"].iter().any(|kind| logs.contains(&format!("event={kind}{id} ")))
    }

    /// Whether the bot has something to do now or later, as far as a store in a file tells.
    pub(crate) fn is_at_work(&self) -> bool {
        agenda(&self.folder.path().join("bot.db")).is_some_and(|left| left > 0)
    }

    /// How many entries of this kind there are.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.journal.after(0).iter().filter(|entry| entry.kind == kind).count()
    }

    /// What must hold at the end of every story: nobody broke a rule of a platform, and nobody on Discord was left
    /// without an answer to a command or a press.
    pub(crate) fn assert_clean(&self) {
        let on_discord = self.discord.as_ref().map(DiscordEmulator::breaches).unwrap_or_default();
        let breaches = [self.telegram.breaches(), self.nemo.breaches(), on_discord].concat();
        assert!(breaches.is_empty(), "{breaches:#?}\n{}", self.story());
        let acts = self.discord.as_ref().map(DiscordEmulator::interactions).unwrap_or_default();
        let failed: Vec<_> = acts.iter().filter(|act| act.answer.is_none()).collect();
        assert!(failed.is_empty(), "never acknowledged: {failed:#?}\n{}", self.story());
    }

    /// Checks every recorded call with the checkers that know the APIs.
    pub(crate) fn assert_calls_pass_the_checker(&self) {
        self.assert_passes("check_telegram_calls.py", "telegram-api.json", &self.telegram.calls());
        if let Some(discord) = &self.discord {
            self.assert_passes("check_discord_calls.py", "discord-openapi.json", &discord.calls());
        }
    }

    fn assert_passes(&self, checker: &str, spec: &str, calls: &[Value]) {
        let calls: Vec<_> = calls.iter().map(ToString::to_string).collect();
        let file = self.folder.path().join("calls.jsonl");
        std::fs::write(&file, calls.join("\n")).unwrap();
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let output = std::process::Command::new("python3")
            .arg(tests.join("tools").join(checker))
            .arg("--spec")
            .arg(tests.join("data").join(spec))
            .arg(&file)
            .output()
            .expect("python3 runs the checker");
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{checker}: {}", String::from_utf8_lossy(&said));
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

/// The texts of the runs so far, in their order.
pub(crate) fn requests(stage: &Stage) -> Vec<String> {
    let mut runs: Vec<_> = stage.journal.after(0).into_iter().filter(|entry| entry.kind == "run").collect();
    runs.sort_by_key(|run| run.number);
    runs.iter().map(|run| run.data["text"].as_str().unwrap_or_default().to_owned()).collect()
}
