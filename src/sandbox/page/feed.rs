//! What happens, as it happens: one stream of server-sent events for each open window.
//!
//! Events, in this order at the start and each again as it changes: `hello` (which run this is), `chat` (messages on
//! Telegram that are new or changed, and ids of those that are gone), `discord` (the same there), `action` (what the bot
//! is doing on Telegram), `draft` (what it previews), `scenario`, `places` (Discord around its messages), `commands`
//! (those of Discord), `journal` (entries in order, without gaps). The first `chat` and `discord` have `full: true` and
//! hold everything; so a window that lost its stream simply opens another.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt, stream};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{Page, Refusal};
use crate::sandbox::journal::Entry;

/// Messages of a platform that a window gets; older ones stay out of it.
const MESSAGES: usize = 500;
/// Entries that a new window gets from the past. The script keeps no more rows than this.
const BACKLOG: u64 = 500;
/// Entries in one event.
const BATCH: usize = 100;
/// The longest particulars of an entry that a window gets, in bytes of JSON; nobody reads more in a browser.
const PARTICULARS: usize = 20_000;
/// How often we look whether the bot's action has run out, which nobody reports.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Follows the chats and the journal until the window or the page closes.
pub(super) async fn follow(
    State(page): State<Arc<Page>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let place = page.feeds.clone().try_acquire_owned().map_err(|_| Refusal::Busy)?;
    let stop = page.stop.clone().cancelled_owned();
    let events = stream::unfold(Feed::open(page, place), |mut feed| async {
        let (name, data) = feed.next().await?;
        let event = Event::default().event(name).json_data(data).ok()?;
        Some((Ok(event), feed))
    });
    // A sign every few seconds shows a closed window.
    let alive = KeepAlive::new().interval(Duration::from_secs(10));
    Ok(Sse::new(events.take_until(stop)).keep_alive(alive))
}

/// One window: what it has been sent, and what it is to get.
struct Feed {
    page: Arc<Page>,
    chat: Followed,
    discord: Followed,
    newest: watch::Receiver<u64>,
    look: Interval,
    /// Events that tell a state, and what they told last.
    told: HashMap<&'static str, Value>,
    seen: u64,
    due: VecDeque<(&'static str, Value)>,
    _place: OwnedSemaphorePermit,
}

impl Feed {
    fn open(page: Arc<Page>, place: OwnedSemaphorePermit) -> Self {
        let chat = Followed::new(page.views.chat.changes());
        let discord = Followed::new(page.views.discord.changes());
        let newest = page.views.journal.newest();
        let seen = newest.borrow().saturating_sub(BACKLOG);
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let due = VecDeque::from([("hello", json!({ "run": page.run }))]);
        Self { page, chat, discord, newest, look, told: HashMap::new(), seen, due, _place: place }
    }

    /// The next event; `None` when the emulators are gone.
    async fn next(&mut self) -> Option<(&'static str, Value)> {
        loop {
            if let Some(event) = self.due.pop_front() {
                return Some(event);
            }
            if self.chat.is_due()? {
                let news = self.chat.news(self.page.views.chat.shown());
                self.due.extend(news.map(|news| ("chat", news)));
            }
            if self.discord.is_due()? {
                let news = self.discord.news(self.page.views.discord.shown());
                self.due.extend(news.map(|news| ("discord", news)));
            }
            self.state();
            if self.newest.has_changed().ok()? || self.seen < *self.newest.borrow() {
                self.newest.mark_unchanged();
                self.journal();
            }
            if self.due.is_empty() {
                tokio::select! {
                    changed = self.chat.changes.changed() => { changed.ok()?; self.chat.changes.mark_changed(); }
                    changed = self.discord.changes.changed() => { changed.ok()?; self.discord.changes.mark_changed(); }
                    changed = self.newest.changed() => { changed.ok()?; self.newest.mark_changed(); }
                    _ = self.look.tick() => {}
                }
            }
        }
    }

    fn state(&mut self) {
        let views = &self.page.views;
        let states = [
            ("action", json!({ "action": views.chat.chat_action() })),
            ("draft", json!({ "draft": views.chat.draft() })),
            ("scenario", json!({ "playing": views.backend.playing() })),
            ("places", views.discord.state()),
            ("commands", json!({ "commands": views.discord.commands() })),
        ];
        for (name, state) in states {
            if self.told.get(name) != Some(&state) {
                self.told.insert(name, state.clone());
                self.due.push_back((name, state));
            }
        }
    }

    fn journal(&mut self) {
        let entries = self.page.views.journal.after(self.seen);
        if let Some(last) = entries.last() {
            self.seen = last.number;
        }
        for batch in entries.chunks(BATCH) {
            let rows: Vec<Row<'_>> = batch.iter().map(Row::of).collect();
            self.due.push_back(("journal", json!({ "entries": rows })));
        }
    }
}

/// The messages of a platform as a window knows them.
struct Followed {
    changes: watch::Receiver<u64>,
    /// By id; the id is a number on Telegram and text on Discord. `None`: it knows nothing yet.
    shown: Option<HashMap<String, Value>>,
}

impl Followed {
    fn new(changes: watch::Receiver<u64>) -> Self {
        Self { changes, shown: None }
    }

    /// Whether they have to be looked at; `None` when the emulator is gone. Marked before they are read: what comes in
    /// between is looked at once more, never missed.
    fn is_due(&mut self) -> Option<bool> {
        let due = self.shown.is_none() || self.changes.has_changed().ok()?;
        self.changes.mark_unchanged();
        Some(due)
    }

    /// What is new, changed or gone, if anything is.
    fn news(&mut self, messages: Value) -> Option<Value> {
        let Value::Array(mut messages) = messages else { return None };
        messages.drain(..messages.len().saturating_sub(MESSAGES));
        let full = self.shown.is_none();
        let shown = self.shown.get_or_insert_default();
        let mut here = HashSet::new();
        let mut changed = Vec::new();
        for message in messages {
            let id = message["message_id"].to_string();
            if shown.get(&id) != Some(&message) {
                shown.insert(id.clone(), message.clone());
                changed.push(message);
            }
            here.insert(id);
        }
        let gone = shown.extract_if(|id, _| !here.contains(id));
        let gone: BTreeMap<String, Value> = gone.map(|(id, message)| (id, message["message_id"].clone())).collect();
        if !full && changed.is_empty() && gone.is_empty() {
            return None;
        }
        Some(json!({ "full": full, "messages": changed, "gone": gone.into_values().collect::<Vec<_>>() }))
    }
}

/// An entry as a window gets it.
#[derive(Serialize)]
struct Row<'a> {
    number: u64,
    at_ms: u64,
    source: &'a str,
    kind: &'a str,
    line: &'a str,
    data: Value,
}

impl<'a> Row<'a> {
    fn of(entry: &'a Entry) -> Self {
        let Entry { number, at_ms, source, kind, line, data } = entry;
        Self { number: *number, at_ms: *at_ms, source, kind, line, data: brief(data) }
    }
}

/// The particulars, or the beginning of their JSON if they are long.
fn brief(data: &Value) -> Value {
    let text = data.to_string();
    if text.len() <= PARTICULARS {
        return data.clone();
    }
    Value::String(format!("{}…", &text[..text.floor_char_boundary(PARTICULARS)]))
}
