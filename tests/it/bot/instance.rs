//! One of several instances of the bot, each a process of its own, over one store.

use std::process::ExitStatus;
use std::time::Duration;

use serde_json::json;
use tokio::process::Child;

use super::{LOOK, PATIENCE, Stage};

/// What stands in the log once an instance works.
const RUNS: &str = "nemo_bot::app: Running";

/// See the module. It ends when it is dropped.
pub(crate) struct Instance<'a> {
    stage: &'a Stage,
    more: Vec<(String, String)>,
    process: Child,
    run: u32,
}

impl<'a> Instance<'a> {
    pub(super) fn start(stage: &'a Stage, more: &[(&str, &str)]) -> Self {
        let (process, run) = stage.spawn_run(more);
        let more = more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Self { stage, more, process, run }
    }

    /// Ends it as a power cut would.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.unwrap();
        self.is_gone("killed");
    }

    /// Starts it again, with a log of its own.
    pub(crate) fn starts(&mut self) {
        let more: Vec<_> = self.more.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        (self.process, self.run) = self.stage.spawn_run(&more);
    }

    /// Asks it to stop.
    pub(crate) fn asks_to_stop(&self) {
        self.signal("-TERM");
    }

    /// Waits until it has ended by itself.
    pub(crate) async fn ends(&mut self) -> ExitStatus {
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        let Ok(ended) = ended else { panic!("it never ends\n{}", self.stage.story()) };
        ended.unwrap()
    }

    /// The same without a bound: for a story that waits for something else beside this, which has one.
    pub(crate) async fn is_over(&mut self) -> ExitStatus {
        self.process.wait().await.unwrap()
    }

    /// Stops it in its tracks: nothing of it goes on, and its connections stay.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
        self.is_gone("frozen");
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    /// What it has logged in this life.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.stage.log_of(self.run)).unwrap_or_default()
    }

    /// Waits until it works.
    pub(crate) async fn runs(&self) {
        self.logs_have(RUNS).await;
    }

    /// Waits until it has logged a line with these words.
    pub(crate) async fn logs_have(&self, words: &str) {
        let logged = async {
            while !self.log().contains(words) {
                tokio::time::sleep(LOOK).await;
            }
        };
        let seen = tokio::time::timeout(PATIENCE, logged).await;
        assert!(seen.is_ok(), "instance {} never said {words:?}\n{}", self.run, self.stage.story());
    }

    /// Waits for the first of several to log a line with these words, and returns which.
    pub(crate) async fn first_to_log(all: &[Self], words: &str) -> usize {
        let mut left = PATIENCE;
        loop {
            if let Some(first) = all.iter().position(|one| one.log().contains(words)) {
                return first;
            }
            assert!(left > Duration::ZERO, "none said {words:?}\n{}", all[0].stage.story());
            tokio::time::sleep(LOOK).await;
            left = left.saturating_sub(LOOK);
        }
    }

    /// It serves nobody from now on, for a while or for ever; the history knows when.
    pub(crate) fn is_gone(&self, how: &str) {
        let line = format!("Instance {} is {how}.", self.run);
        self.stage.journal.record("test", "gone", line, json!({ "run": self.run }));
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args([signal, &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "no {signal} for an instance");
    }
}
