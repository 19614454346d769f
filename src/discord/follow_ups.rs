//! Where the bot is a guest, Discord takes five follow-ups of an interaction. What comes after them stands below the
//! words of the last one, and each text still changes by itself.
//!
//! In memory, and only of messages that hold more than their own words. After a restart the answer itself takes what
//! comes, and what stood below a message is edited no more.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::back::TOKEN_LIFE;
use super::place::Snowflake;
use super::post::TEXT_LIMIT;
use crate::clock::{Clock, Timestamp};

/// Interactions and full messages that are remembered, each. Beyond it those go whose token has ended, then all.
const LIMIT: usize = 2_000;
/// Action rows of a message. Source: Discord's API reference, "Action Row".
const ROWS: usize = 5;
/// Between two texts of one message.
const GAP: &str = "\n\n";

/// The words of one text, with its buttons.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Words {
    /// As Discord writes them.
    content: String,
    /// Action rows.
    rows: Vec<Value>,
}

impl Words {
    /// Those of a message, or of a body that makes one.
    pub(super) fn of(message: &Value) -> Self {
        let rows = message.get("components").and_then(Value::as_array).cloned();
        let content = message.get("content").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { content, rows: rows.unwrap_or_default() }
    }
}

/// A message that holds more than its own words.
#[derive(Debug)]
struct Full {
    at: Timestamp,
    own: Words,
    /// In the order in which they came; nothing where one was taken away.
    below: Vec<Option<Words>>,
}

impl Full {
    /// All of it as one message; nothing if that is too long.
    fn whole(&self) -> Option<Words> {
        let texts = || std::iter::once(&self.own).chain(self.below.iter().flatten());
        let contents: Vec<&str> = texts().map(|words| words.content.as_str()).filter(|text| !text.is_empty()).collect();
        let content = contents.join(GAP);
        let mut rows: Vec<Value> = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        for row in texts().flat_map(|words| &words.rows) {
            let keys = row.get("components").and_then(Value::as_array).into_iter().flatten();
            let own: Vec<&str> = keys.filter_map(|key| key.get("custom_id").and_then(Value::as_str)).collect();
            // The same button twice would take the whole message with it.
            if rows.len() < ROWS && !own.iter().any(|name| names.contains(name)) {
                names.extend(own);
                rows.push(row.clone());
            }
        }
        (content.encode_utf16().count() <= TEXT_LIMIT).then_some(Words { content, rows })
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct FollowUps {
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The newest message of each interaction.
    last: HashMap<Snowflake, (Timestamp, String)>,
    full: HashMap<String, Full>,
}

impl FollowUps {
    /// Nothing is known yet.
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, known: Mutex::default() }
    }

    /// An interaction has got another message.
    pub(super) fn came(&self, interaction: Snowflake, message: &str) {
        let now = self.clock.now();
        let mut known = self.known();
        if known.last.len() >= LIMIT {
            known.last.retain(|_, (at, _)| now.since(*at) < TOKEN_LIFE);
        }
        if known.last.len() >= LIMIT {
            known.last.clear();
        }
        known.last.insert(interaction, (now, message.to_owned()));
    }

    /// Its newest message.
    pub(super) fn last(&self, interaction: Snowflake) -> Option<String> {
        self.known().last.get(&interaction).map(|(_, message)| message.clone())
    }

    /// Whether a message takes what comes after the last follow-up.
    pub(super) fn is_full(&self, message: &str) -> bool {
        self.known().full.contains_key(message)
    }

    /// From now on this message does, whose own words these are.
    pub(super) fn fills(&self, message: &str, own: Words) {
        let now = self.clock.now();
        let mut known = self.known();
        if known.full.len() >= LIMIT {
            known.full.retain(|_, full| now.since(full.at) < TOKEN_LIFE);
        }
        if known.full.len() >= LIMIT {
            known.full.clear();
        }
        known.full.entry(message.to_owned()).or_insert_with(|| Full { at: now, own, below: Vec::new() });
    }

    /// Puts words below those of a message, if there is room. Returns their number.
    pub(super) fn add(&self, message: &str, words: Words) -> Option<usize> {
        let mut known = self.known();
        let full = known.full.get_mut(message)?;
        full.below.push(Some(words));
        if full.whole().is_none() {
            full.below.pop();
            return None;
        }
        Some(full.below.len())
    }

    /// Takes the words with this number away.
    pub(super) fn take(&self, message: &str, number: usize) {
        if let Some(words) = self.known().full.get_mut(message).and_then(|full| full.below.get_mut(number - 1)) {
            *words = None;
        }
    }

    /// Changes the words with this number. `false`: nobody knows them, or there is no room for them.
    pub(super) fn change(&self, message: &str, number: usize, words: Words) -> bool {
        let mut known = self.known();
        let Some(full) = known.full.get_mut(message) else { return false };
        let Some(slot @ Some(_)) = full.below.get_mut(number - 1) else { return false };
        let before = slot.replace(words);
        let fits = full.whole().is_some();
        if !fits {
            full.below[number - 1] = before;
        }
        fits
    }

    /// Changes a message's own words, if it is full. What has no room below them any more goes.
    pub(super) fn change_own(&self, message: &str, words: Words) {
        let mut known = self.known();
        let Some(full) = known.full.get_mut(message) else { return };
        full.own = words;
        if full.whole().is_none() {
            full.below.iter_mut().for_each(|below| *below = None);
        }
    }

    /// Whether anything stands below the own words of a message.
    pub(super) fn holds_more(&self, message: &str) -> bool {
        self.known().full.get(message).is_some_and(|full| full.below.iter().any(Option::is_some))
    }

    /// A body that edits a message, with all that the message holds.
    pub(super) fn complete(&self, message: &str, body: &mut Map<String, Value>) {
        let Some(Words { content, rows }) = self.known().full.get(message).and_then(Full::whole) else { return };
        body.insert("content".to_owned(), content.into());
        body.insert("components".to_owned(), rows.into());
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
