//! Updates and their one reader: a true long poll, or a webhook (`webhook.rs`). An update is confirmed only by a higher
//! offset; until then it comes again and again.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shared;
use super::call::Call;
use super::refusal::Refusal;
use super::scenario::Scenario;
use super::webhook::{Hook, Tries, queue};

/// Kinds that come only when they are asked for.
const ASKED_FOR: &[&str] = &["chat_member", "message_reaction", "message_reaction_count"];
/// Any number does; the first one of a real bot is of this order.
const FIRST: i64 = 700_000_001;

#[derive(Debug)]
struct Waiting {
    id: i64,
    body: Value,
    since: Instant,
    tries: Tries,
}

/// What waits to be read.
#[derive(Debug)]
pub(super) struct Updates {
    next: i64,
    waiting: VecDeque<Waiting>,
    allowed: Option<BTreeSet<String>>,
    /// Counts the calls of `getUpdates`: a later one ends the one before.
    turn: u64,
    /// Polls up to this turn end empty.
    forgotten: u64,
    hook: Option<Hook>,
}

impl Default for Updates {
    fn default() -> Self {
        Self { next: FIRST, waiting: VecDeque::new(), allowed: None, turn: 0, forgotten: 0, hook: None }
    }
}

impl Updates {
    /// Adds an update, unless the bot does not want its kind.
    pub(super) fn push(&mut self, kind: &str, content: Value) -> Option<i64> {
        let wanted = match &self.allowed {
            Some(allowed) => allowed.contains(kind),
            None => !ASKED_FOR.contains(&kind),
        };
        let body = [("update_id".to_owned(), json!(self.next)), (kind.to_owned(), content)];
        wanted.then(|| self.push_raw(body.into_iter().collect()))
    }

    /// Adds an update as it is; without `update_id` it gets the next one.
    pub(super) fn push_raw(&mut self, mut body: Value) -> i64 {
        let given = body["update_id"].as_i64();
        let id = given.unwrap_or(self.next);
        if given.is_none()
            && let Some(fields) = body.as_object_mut()
        {
            fields.shift_insert(0, "update_id".to_owned(), json!(id));
        }
        self.next = self.next.max(id + 1);
        self.waiting.push_back(Waiting { id, body, since: Instant::now(), tries: Tries::default() });
        id
    }

    /// How many are not confirmed.
    pub(super) fn pending(&self) -> usize {
        self.waiting.len()
    }

    /// Throws all away, as `drop_pending_updates` does.
    pub(super) fn drop_pending(&mut self) {
        self.waiting.clear();
    }

    /// Ends the poll that is held, if any, with nothing.
    pub(super) fn forget_poller(&mut self) {
        self.forgotten = self.turn;
    }

    /// Confirms everything below `offset`; a negative one keeps that many from the end. Returns how many went.
    fn confirm(&mut self, offset: i64) -> usize {
        let before = self.waiting.len();
        if offset < 0 {
            let kept = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            self.waiting.drain(..before.saturating_sub(kept));
        } else {
            self.waiting.retain(|update| update.id >= offset);
        }
        before - self.waiting.len()
    }

    /// Sets or removes the webhook. A held poll ends, and what was held back is due.
    pub(super) fn set_hook(&mut self, hook: Option<Hook>) {
        self.hook = hook;
        self.turn += 1;
        for update in &mut self.waiting {
            update.tries.begin_anew();
        }
    }

    pub(super) fn hook(&self) -> Option<&Hook> {
        self.hook.as_ref()
    }

    pub(super) fn hook_mut(&mut self) -> Option<&mut Hook> {
        self.hook.as_mut()
    }

    /// Which kinds come from now on; none named are all but a few.
    pub(super) fn allow(&mut self, kinds: BTreeSet<String>) {
        self.allowed = Some(kinds).filter(|kinds| !kinds.is_empty());
    }

    pub(super) fn allowed(&self) -> Option<&BTreeSet<String>> {
        self.allowed.as_ref()
    }

    /// What is to be brought to the webhook now, and when there will be more by itself.
    pub(super) fn due(&mut self, life: Duration) -> (Vec<(i64, Value)>, Option<Instant>) {
        let Some(hook) = &self.hook else { return (Vec::new(), None) };
        let now = Instant::now();
        self.waiting.retain(|update| update.since + life > now || update.tries.under_way);
        let mut room =
            hook.connections.saturating_sub(self.waiting.iter().filter(|update| update.tries.under_way).count());
        let (mut due, mut next, mut chats) = (Vec::new(), None, BTreeSet::new());
        for update in &mut self.waiting {
            // Only the first of each chat: the others wait for it.
            if queue(&update.body).is_some_and(|chat| !chats.insert(chat)) || update.tries.under_way {
                continue;
            }
            if update.tries.at > now {
                next = Some(next.map_or(update.tries.at, |next: Instant| next.min(update.tries.at)));
            } else if room > 0 {
                room -= 1;
                update.tries.under_way = true;
                due.push((update.id, update.body.clone()));
            }
        }
        (due, next)
    }

    /// An update was taken.
    pub(super) fn brought(&mut self, id: i64) {
        self.waiting.retain(|update| update.id != id);
    }

    /// An update was not taken.
    pub(super) fn not_brought(&mut self, id: i64, fail: impl FnOnce(&mut Tries)) {
        if let Some(update) = self.waiting.iter_mut().find(|update| update.id == id) {
            fail(&mut update.tries);
        }
    }

    fn batch(&mut self, limit: usize, life: Duration) -> Vec<(i64, Value)> {
        let now = Instant::now();
        self.waiting.retain(|update| update.since + life > now);
        self.waiting.iter().take(limit).map(|update| (update.id, update.body.clone())).collect()
    }
}

impl Shared {
    /// `getUpdates`.
    pub(super) async fn get_updates(&self, call: &Call) -> Result<Value, Refusal> {
        let limit = usize::try_from(call.int("limit").unwrap_or(100).clamp(1, 100)).unwrap_or(100);
        let timeout = Duration::from_secs(u64::try_from(call.int("timeout").unwrap_or_default()).unwrap_or_default());
        if self.state().updates.hook.is_some() {
            return Err(Refusal::new(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook \
                 first",
            ));
        }
        let deadline = Instant::now() + timeout.min(self.settings.times.poll_limit);
        let mut stirred = self.stirred.subscribe();
        let turn = self.begin_poll(call);
        loop {
            {
                let mut state = self.state();
                let updates = &mut state.updates;
                if updates.turn != turn && updates.hook.is_some() {
                    return Err(Refusal::new(409, "Conflict: terminated by setWebhook request"));
                }
                if updates.turn != turn {
                    return Err(Refusal::new(
                        409,
                        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is \
                         running",
                    ));
                }
                let batch = updates.batch(limit, self.settings.times.update_life);
                if !batch.is_empty() || Instant::now() >= deadline || updates.forgotten >= turn {
                    drop(state);
                    return Ok(self.hand_out(batch));
                }
            }
            tokio::select! {
                _ = stirred.changed() => {}
                () = tokio::time::sleep_until(deadline) => {}
                () = self.stop.cancelled() => return Err(Refusal::new(502, "Bad Gateway")),
            }
        }
    }

    fn begin_poll(&self, call: &Call) -> u64 {
        let mut state = self.state();
        let updates = &mut state.updates;
        let confirmed = call.int("offset").map_or(0, |offset| updates.confirm(offset));
        if let Some(kinds) = call.list("allowed_updates") {
            updates.allow(kinds.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect());
        }
        updates.turn += 1;
        let turn = updates.turn;
        drop(state);
        self.stirred.send_modify(|count| *count += 1);
        // Each poll would fill the journal; one that confirms something is part of the history.
        if confirmed > 0 || turn == 1 {
            let offset = call.int("offset");
            let line = format!("poll from {}", offset.unwrap_or_default());
            self.record("poll", line, json!({ "offset": offset, "confirmed": confirmed }));
        }
        turn
    }

    fn hand_out(&self, batch: Vec<(i64, Value)>) -> Value {
        if !batch.is_empty() {
            self.state().ends(Scenario::SecondPoller);
        }
        for (id, update) in &batch {
            self.note_handed_out(*id, update);
        }
        batch.into_iter().map(|(_, update)| update).collect()
    }

    /// Notes in the journal that the bot was given an update.
    pub(super) fn note_handed_out(&self, id: i64, update: &Value) {
        let kind = update.as_object().and_then(|update| update.keys().find(|key| *key != "update_id"));
        let kind = kind.map(String::as_str).unwrap_or_default();
        let content = &update[kind];
        let message = if kind == "callback_query" { &content["message"] } else { content };
        let text = ["text", "caption", "data"].iter().find_map(|name| content[*name].as_str());
        self.record(
            "update",
            format!("update {id}: {kind}"),
            json!({
                "update_id": id,
                "kind": kind,
                "chat": message["chat"]["id"],
                "message_id": message["message_id"],
                "text": text,
            }),
        );
    }
}
