//! The same for many people, several instances and messages that wait in line. Each wish of theirs holds words in
//! quotation marks that no other has, and asks for these as a title: so each run, each change of a project and each
//! answer tells whose it is.

use std::collections::BTreeMap;

use nemo_bot::sandbox::journal::Entry;

use super::{NOTICE, is_last_word, takings_back};

/// What was shown so shortly before its instance went may not have been stored, in milliseconds: the hold of these
/// stories, and some more on a busy machine. A message then stands unfinished for ever, or a text is taken back.
const UNSTORED: u64 = 2_500;
/// What was on its way when its instance went may still arrive this much later.
const IN_FLIGHT: u64 = 500;
/// What makes a sound or speaks of the store, and answers nothing.
const ASIDE: [&str; 3] = ["✅ Your answer is ready", "⚠️ Your request has ended", "⚠️ One moment"];
/// What is said of a message that has cost several instances their lives.
const GAVE_UP: &str = "I could not process this message";
const UNCHANGED: &str = "the project has not changed";

/// A private chat, as the history tells it.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    /// The words of each update, by its number.
    asked: BTreeMap<i64, Option<String>>,
    /// The bot's messages as they stand, each with when it was posted.
    stands: BTreeMap<i64, (String, u64)>,
}

impl Talk {
    fn take(&mut self, entry: &Entry) {
        let Some(message) = entry.data["message_id"].as_i64() else { return };
        let text = entry.data["text"].as_str().unwrap_or_default();
        match entry.kind.as_str() {
            "update" => {
                let update = entry.data["update_id"].as_i64().unwrap_or_default();
                self.asked.insert(update, words(text).map(str::to_owned));
            }
            "sent" | "edited" => {
                let stands = self.stands.entry(message).or_insert_with(|| (String::new(), entry.at_ms));
                text.clone_into(&mut stands.0);
            }
            "deleted" => drop(self.stands.remove(&message)),
            _ => {}
        }
    }

    /// How many messages are the last word on something.
    pub(crate) fn outcomes(&self) -> usize {
        self.stands.values().filter(|(text, _)| is_outcome(text)).count()
    }

    /// How many updates were handed out.
    pub(crate) fn asked(&self) -> usize {
        self.asked.len()
    }

    /// How many messages tell of these words.
    fn tells(&self, words: &str) -> usize {
        let marked = [format!("\"{words}\""), format!("“{words}”")];
        self.stands.values().filter(|(text, _)| marked.iter().any(|marked| text.contains(marked))).count()
    }

    fn holds(&self, part: &str) -> usize {
        self.stands.values().filter(|(text, _)| text.contains(part)).count()
    }
}

/// All chats, and what the backend did.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    pub(crate) talks: BTreeMap<i64, Talk>,
    runs: Vec<Run>,
    gone: Vec<u64>,
    uploads: usize,
    broken: Vec<String>,
    seen: u64,
}

/// One run of the agent.
#[derive(Debug)]
struct Run {
    number: u64,
    session: String,
    words: String,
    changed: bool,
    over: bool,
}

impl Crowd {
    /// Takes what has happened since the last time.
    pub(crate) fn take(&mut self, history: &[Entry]) {
        let seen = self.seen;
        for entry in history.iter().filter(|entry| entry.number > seen) {
            if let Some(chat) = entry.data["chat"].as_i64() {
                self.talks.entry(chat).or_default().take(entry);
            }
            match entry.kind.as_str() {
                "run" => self.begins(entry),
                "state" | "run-end" => self.goes_on(entry),
                "upload" if entry.data["refused"] != true => self.uploads += 1,
                "gone" => self.gone.push(entry.at_ms),
                "breach" => self.broken.push(format!("a rule was broken: {}", entry.line)),
                _ => {}
            }
        }
        let first = history.first().map_or(self.seen + 1, |entry| entry.number);
        if first > self.seen + 1 {
            self.broken.push(format!("the history lacks what was before number {first}"));
        }
        self.seen = history.last().map_or(self.seen, |entry| entry.number);
    }

    /// The number of the newest entry that was taken.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }

    /// How many runs of the agent there were.
    pub(crate) fn runs(&self) -> usize {
        self.runs.len()
    }

    fn begins(&mut self, entry: &Entry) {
        let session = entry.data["session"].as_str().unwrap_or_default().to_owned();
        if self.runs.iter().any(|run| run.session == session && !run.over) {
            self.broken.push(format!("two runs at one time in session {session}: {}", entry.line));
        }
        let words = words(entry.data["text"].as_str().unwrap_or_default()).unwrap_or_default().to_owned();
        let number = entry.data["number"].as_u64().unwrap_or_default();
        self.runs.push(Run { number, session, words, changed: false, over: false });
    }

    fn goes_on(&mut self, entry: &Entry) {
        let number = entry.data["number"].as_u64();
        if let Some(run) = self.runs.iter_mut().find(|run| Some(run.number) == number) {
            run.changed |= entry.kind == "state";
            run.over |= entry.kind == "run-end";
        }
    }

    /// Every promise that is broken, in a sentence each.
    pub(crate) fn broken(&self, history: &[Entry]) -> Vec<String> {
        let mut broken = self.broken.clone();
        let clips = self.talks.values().flat_map(|talk| talk.asked.values()).filter(|words| words.is_none()).count();
        if self.uploads > clips {
            broken.push(format!("{} uploads of {clips} clips", self.uploads));
        }
        for (chat, talk) in &self.talks {
            let found = [self.of_runs(talk), of_outcomes(talk), self.of_words(talk), self.of_orphans(talk)];
            broken.extend(found.into_iter().flatten().map(|found| format!("chat {chat}: {found}")));
            let taken = takings_back(history, *chat).into_iter().filter(|(shown, _)| !self.lost(*shown));
            broken.extend(taken.map(|(_, found)| format!("chat {chat}: {found}")));
        }
        broken
    }

    fn run_of(&self, words: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.words == words)
    }

    /// Each at most once, and in the order in which they came.
    fn of_runs(&self, talk: &Talk) -> Vec<String> {
        let mut broken = Vec::new();
        let mut last = 0;
        for words in talk.asked.values().flatten() {
            let runs: Vec<_> = self.runs.iter().filter(|run| run.words == *words).map(|run| run.number).collect();
            if runs.len() > 1 {
                broken.push(format!("the agent got {words:?} {} times", runs.len()));
            }
            for number in runs {
                if number < last {
                    broken.push(format!("the agent got {words:?} after what was asked later"));
                }
                last = last.max(number);
            }
        }
        broken
    }

    /// What is told is what happened.
    fn of_words(&self, talk: &Talk) -> Vec<String> {
        let mut broken = Vec::new();
        let (mut unchanged, given_up) = (0, talk.holds(GAVE_UP));
        for words in talk.asked.values().flatten() {
            let changed = self.run_of(words).is_some_and(|run| run.changed);
            unchanged += usize::from(!changed);
            match talk.tells(words) {
                0 if changed && given_up == 0 => broken.push(format!("{words:?} was done, and nobody says so")),
                1.. if !changed => broken.push(format!("{words:?} was never done, and it is said to be")),
                2.. => broken.push(format!("{words:?} is told in several messages")),
                _ => {}
            }
        }
        if talk.holds(UNCHANGED) > unchanged {
            broken.push("it says that nothing changed, and something did".to_owned());
        }
        broken
    }

    /// Whether what was shown then went with its instance before it was stored: a name of a message with the next
    /// commit, a text with the next heartbeat.
    fn lost(&self, at: u64) -> bool {
        self.gone.iter().any(|gone| (at.saturating_sub(IN_FLIGHT)..=at + UNSTORED).contains(gone))
    }

    /// Who posted what was never finished went before it could be stored.
    fn of_orphans(&self, talk: &Talk) -> Vec<String> {
        let open = talk.stands.values().filter(|(text, _)| !text.is_empty() && !is_last_word(text));
        open.filter(|(_, at)| !self.lost(*at))
            .map(|(text, at)| format!("unfinished for ever, since {at} ms: {text:?}"))
            .collect()
    }
}

/// Every update is answered or given up, once.
fn of_outcomes(talk: &Talk) -> Vec<String> {
    let (asked, outcomes) = (talk.asked.len(), talk.outcomes());
    let untold: Vec<_> = talk.asked.values().flatten().filter(|words| talk.tells(words) == 0).collect();
    match outcomes {
        _ if outcomes < asked => vec![format!("{asked} updates, {outcomes} outcomes; nothing tells of {untold:?}")],
        _ if outcomes > asked => vec![format!("{asked} updates, and {outcomes} outcomes")],
        _ => Vec::new(),
    }
}

fn is_outcome(text: &str) -> bool {
    let aside = ASIDE.iter().any(|aside| text.starts_with(aside));
    !text.is_empty() && is_last_word(text) && !text.starts_with(NOTICE) && !aside
}

/// The words in quotation marks.
fn words(text: &str) -> Option<&str> {
    text.split('"').nth(1)
}

/// Every promise that is broken in `history`.
pub(crate) fn broken(history: &[Entry]) -> Vec<String> {
    let mut crowd = Crowd::default();
    crowd.take(history);
    crowd.broken(history)
}

#[cfg(test)]
#[path = "crowd_tests.rs"]
mod tests;
