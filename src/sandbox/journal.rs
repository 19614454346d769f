//! What the emulators saw, in order: the page's log, and the history that tests assert their invariants on.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

/// Older entries leave when this many are kept; a long try-out stays small.
const KEPT: usize = 20_000;

/// One thing that an emulator saw.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Its number, from 1 up, without gaps.
    pub number: u64,
    /// Milliseconds since the journal began.
    pub at_ms: u64,
    /// Which emulator: `telegram`, `discord` or `nemo`.
    pub source: &'static str,
    /// What kind of thing, such as `run` or `sendMessage`; fixed words that tests look for.
    pub kind: String,
    /// A line for people.
    pub line: String,
    /// The particulars, for tests.
    pub data: Value,
}

/// The shared record of one run of the emulators. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    started: Instant,
    entries: Mutex<VecDeque<Entry>>,
    newest: watch::Sender<u64>,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            shared: Arc::new(Shared {
                started: Instant::now(),
                entries: Mutex::default(),
                newest: watch::Sender::new(0),
            }),
        }
    }
}

impl Journal {
    /// Appends an entry.
    pub fn record(&self, source: &'static str, kind: impl Into<String>, line: impl Into<String>, data: Value) {
        let mut entries = self.entries();
        let number = entries.back().map_or(0, |entry| entry.number) + 1;
        let at_ms = u64::try_from(self.shared.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        entries.push_back(Entry { number, at_ms, source, kind: kind.into(), line: line.into(), data });
        if entries.len() > KEPT {
            entries.pop_front();
        }
        drop(entries);
        self.shared.newest.send_replace(number);
    }

    /// All entries after number `seen`, oldest first.
    pub fn after(&self, seen: u64) -> Vec<Entry> {
        self.entries().iter().filter(|entry| entry.number > seen).cloned().collect()
    }

    /// The number of the newest entry, followed as it changes.
    pub fn newest(&self) -> watch::Receiver<u64> {
        self.shared.newest.subscribe()
    }

    /// Returns the first entry, old or new, that `wanted` accepts.
    pub async fn wait_for(&self, mut wanted: impl FnMut(&Entry) -> bool) -> Entry {
        let mut newest = self.newest();
        let mut seen = 0;
        loop {
            for entry in self.after(seen) {
                seen = entry.number;
                if wanted(&entry) {
                    return entry;
                }
            }
            // The sender lives as long as `self`.
            if newest.wait_for(|number| *number > seen).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.shared.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
