//! How long somebody on Discord waits for the first answer to a command, a press or a message command, while the backend
//! hangs.
//!
//! `cargo bench --bench acknowledge`. The built program stands between the emulators. Some people send a clip each and
//! ask something of the agent, which never answers; then all of them act, several at a time. The time is the emulator's
//! own: from when the gateway has the event to when the callback is there. Fails where the 99th percentile is over what
//! is promised.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench prints, and fails where it cannot go on"
)]

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nemo_bot::sandbox::discord::{
    DiscordEmulator, DiscordEmulatorSettings, FileSource, Person, ShownInteraction, ShownMessage, UserFile,
};
use nemo_bot::sandbox::journal::Journal;
use nemo_bot::sandbox::nemo::{NemoEmulator, NemoEmulatorSettings, Scenario};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Promised for the 99th percentile.
const PROMISED: u64 = 300;
/// People, each of whom does all three.
const PEOPLE: u64 = 34;
/// So many act at one time, each with a command and a message command, or a press.
const AT_ONCE: usize = 2;
/// Nothing here takes this long.
const PATIENCE: Duration = Duration::from_mins(1);
/// Any number that no emulator gives out.
const FIRST: u64 = 7_000_000_001;
const GENERATE: &str = "Generate metadata";

struct Stage {
    discord: DiscordEmulator,
    nemo: NemoEmulator,
    journal: Journal,
    _bot: Child,
}

/// Somebody whose request hangs.
struct User {
    who: Person,
    channel: u64,
    clip: u64,
    /// The message with **Stop**.
    live: u64,
}

fn main() {
    // `cargo test --all-targets` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let waits = runtime.block_on(measure());
    let all: Vec<u64> = waits.iter().flat_map(|(_, waits)| waits.iter().copied()).collect();
    println!(
        "{} interactions, of {AT_ONCE} people at a time, the backend hanging; milliseconds to the acknowledgement",
        all.len()
    );
    println!("  {:<16} {:>6} {:>6} {:>6}", "", "p50", "p99", "most");
    for (name, waits) in &waits {
        told(name, waits);
    }
    told("all", &all);
    assert!(percentile(&all, 99) <= PROMISED, "promised are {PROMISED} ms");
}

fn told(name: &str, waits: &[u64]) {
    println!("  {name:<16} {:>6} {:>6} {:>6}", percentile(waits, 50), percentile(waits, 99), percentile(waits, 100));
}

/// The least wait that so many percent do not exceed.
fn percentile(waits: &[u64], percent: usize) -> u64 {
    let mut sorted = waits.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() * percent).div_ceil(100) - 1]
}

async fn measure() -> Vec<(&'static str, Vec<u64>)> {
    let folder = tempfile::tempdir().unwrap();
    let stage = open(folder.path()).await;
    stage.nemo.play(Scenario::Hang);
    let mut users = Vec::new();
    for number in 0..PEOPLE {
        users.push(stage.asks(number).await);
    }
    let mut issued = Vec::new();
    for some in users.chunks(AT_ONCE) {
        let mut these = Vec::new();
        for user in some {
            let command = stage.discord.uses(&user.who, user.channel, "status", &[], None).await.unwrap();
            let on_clip = stage.discord.uses_on(&user.who, user.channel, user.clip, GENERATE).unwrap();
            these.extend([("a command", command), ("a clip's command", on_clip)]);
        }
        stage.acknowledged().await;
        issued.extend(these);
    }
    for some in users.chunks(AT_ONCE) {
        let press = |user: &User| stage.discord.presses(&user.who, user.channel, user.live, "Stop").unwrap();
        let these: Vec<_> = some.iter().map(|user| ("a press", press(user))).collect();
        stage.acknowledged().await;
        issued.extend(these);
    }
    let breaches = [stage.discord.breaches(), stage.nemo.breaches()].concat();
    assert!(breaches.is_empty(), "{breaches:#?}");
    let acts = stage.discord.interactions();
    let wait = |id: u64| acts.iter().find(|act| act.id == id).and_then(|act| act.after_ms).unwrap();
    let of = |kind: &str| issued.iter().filter(|(name, _)| *name == kind).map(|(_, id)| wait(*id)).collect();
    ["a command", "a clip's command", "a press"].map(|kind| (kind, of(kind))).to_vec()
}

async fn open(folder: &Path) -> Stage {
    let journal = Journal::default();
    let discord = DiscordEmulator::start(DiscordEmulatorSettings::quick(), journal.clone()).await.unwrap();
    let nemo = NemoEmulator::start(NemoEmulatorSettings::quick(), journal.clone()).await.unwrap();
    let bot = Command::new(env!("CARGO_BIN_EXE_nemo-bot"))
        .arg("run")
        .env_clear()
        .env("DISCORD_TOKEN", discord.token())
        .env("NEMO_BOT__DISCORD__API_URL", discord.url())
        .env("NEMO_BOT__STREAM__EDIT_INTERVAL_DISCORD", "50ms")
        .env("NEMO_API_URL", nemo.url())
        .env("NEMO_TOKEN", "nmv_usr_bench")
        .env("NEMO_BOT__STORE__URL", format!("sqlite:{}", folder.join("bot.db").display()))
        .env("NEMO_BOT__SERVER__LISTEN", "off")
        .current_dir(folder)
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(folder.join("bot.log")).unwrap())
        .spawn()
        .unwrap();
    let ready = journal.wait_for(|entry| entry.data["kind"] == "READY");
    timeout(PATIENCE, ready).await.unwrap();
    Stage { discord, nemo, journal, _bot: bot }
}

impl Stage {
    /// Somebody new sends a clip with a wish, and the agent does not get to its end.
    async fn asks(&self, number: u64) -> User {
        let who = Person::new(FIRST + number, "New user");
        let channel = self.discord.dm(&who);
        let name = "clip.mp4".to_owned();
        let clip = UserFile { name, mime: None, source: FileSource::Bytes(vec![0; 1000].into()) };
        let clip = self.discord.sends_files(&who, channel, vec![clip], "write a poem about it").await.unwrap();
        let mut runs = 0;
        let asked = self.journal.wait_for(|entry| {
            runs += u64::from(entry.kind == "run");
            runs > number
        });
        timeout(PATIENCE, asked).await.unwrap();
        let stops = |message: &ShownMessage| message.buttons.iter().flatten().any(|button| button.text == "Stop");
        let live = self.sees(&who, channel, stops).await.message_id;
        User { who, channel, clip, live }
    }

    async fn sees(&self, who: &Person, channel: u64, wanted: impl Fn(&ShownMessage) -> bool) -> ShownMessage {
        let mut changes = self.discord.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                let shown = self.discord.shown_to(who, channel);
                if let Some(message) = shown.into_iter().find(|message| message.from == "bot" && wanted(message)) {
                    return message;
                }
                changes.changed().await.unwrap();
            }
        };
        let found = timeout(PATIENCE, found).await;
        found.unwrap_or_else(|_| panic!("it never came; the chat: {:#?}", self.discord.shown_to(who, channel)))
    }

    /// Waits until everything that was done has its first answer, or never gets one.
    async fn acknowledged(&self) {
        let mut changes = self.discord.changes();
        let all = async {
            loop {
                changes.borrow_and_update();
                let waits = |act: &ShownInteraction| act.answer.is_none();
                if !self.discord.interactions().iter().any(waits) {
                    return;
                }
                changes.changed().await.unwrap();
            }
        };
        let entries = || self.journal.after(0).into_iter().rev().take(20).collect::<Vec<_>>();
        timeout(PATIENCE, all).await.unwrap_or_else(|_| panic!("never acknowledged; the last: {:#?}", entries()));
    }
}
