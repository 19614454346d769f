//! What the bot has logged, and all that happened.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{LOOK, PATIENCE, Stage};

/// What the bot says of what it has taken.
const TAKEN: [&str; 2] = ["Took an update", "Took an event"];

impl Stage {
    /// What the bot has logged, all its lives together.
    pub(crate) fn logs(&self) -> String {
        (1..=self.runs.load(Ordering::Relaxed))
            .map(|run| std::fs::read_to_string(self.log_of(run)).unwrap_or_default())
            .collect()
    }

    /// What the bot has logged in one of its lives, or one of several bots; the first is 1.
    pub(crate) fn logs_of(&self, run: u32) -> String {
        std::fs::read_to_string(self.log_of(run)).unwrap_or_default()
    }

    /// Waits until the bot has logged a line with these words.
    pub(crate) async fn logs_have(&self, words: &str) {
        self.logs_have_within(words, PATIENCE).await;
    }

    /// The same for what takes longer than anything else in these stories.
    pub(crate) async fn logs_have_within(&self, words: &str, patience: Duration) {
        let logged = async {
            while !self.logs().contains(words) {
                tokio::time::sleep(LOOK).await;
            }
        };
        let seen = tokio::time::timeout(patience, logged).await;
        assert!(seen.is_ok(), "the log never said {words:?}\n{}", self.story());
    }

    /// Waits until the bot has taken so many updates of Telegram and events of Discord.
    pub(crate) async fn takes(&self, updates: usize) {
        let taken = async {
            while self.logs().lines().filter(|line| TAKEN.iter().any(|words| line.contains(words))).count() < updates {
                tokio::time::sleep(LOOK).await;
            }
        };
        let seen = tokio::time::timeout(PATIENCE, taken).await;
        assert!(seen.is_ok(), "{updates} updates were never taken\n{}", self.story());
    }

    /// Waits until that run of the bot has logged a line with these words.
    pub(crate) async fn run_logs(&self, run: u32, words: &str) {
        let logged = async {
            while !self.logs_of(run).contains(words) {
                tokio::time::sleep(LOOK).await;
            }
        };
        let seen = tokio::time::timeout(PATIENCE, logged).await;
        assert!(seen.is_ok(), "the log of run {run} never said {words:?}\n{}", self.story());
    }

    /// Everything that happened, for a story that went wrong.
    pub(crate) fn story(&self) -> String {
        let mut story = String::new();
        for entry in self.journal.after(0) {
            let _ = writeln!(story, "{:>7} ms {:<8} {:<12} {}", entry.at_ms, entry.source, entry.kind, entry.line);
        }
        let logs = self.logs();
        // Heartbeats tell nothing and push the rest out.
        let told = |line: &&str| !line.ends_with("Passed crash point held.beat.");
        let tail: Vec<_> = logs.lines().rev().filter(told).take(100).collect();
        let _ = writeln!(story, "--- the bot's log");
        for line in tail.into_iter().rev() {
            let _ = writeln!(story, "{line}");
        }
        story
    }

    pub(super) fn log_of(&self, run: u32) -> PathBuf {
        self.folder.path().join(format!("bot-{run}.log"))
    }
}
