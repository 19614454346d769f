//! Updates by long polling.
//!
//! Telegram counts an update as delivered when the next poll names a higher offset. So the offset moves only after the
//! core has stored the update, one by one; after a crash what was stored but not confirmed comes again and is known.
//! No offset is kept: Telegram keeps it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

use super::api::Api;
use super::error::CallError;
use super::gate::{Gate, Urgency};
use super::home;
use super::known::Known;
use super::members::Members;
use super::menu::{self, Menu};
use super::place::Spot;
use super::update::{Albums, Me, Rules, Step, steps};
use crate::chat::choice::Signer;
use crate::chat::id::{PlaceId, Platform};
use crate::chat::inbound::{Inbound, InboundKind};
use crate::crash;
use crate::ingress::{Backoff, Busy, Ingress, Inlet};

/// What we want to hear of. By name, so that kinds newer than any library come too; some kinds come only when asked
/// for. Source: Bot API, `Update`.
const ALLOWED: [&str; 5] =
    ["message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation"];
/// The server holds a poll no longer, in seconds; with 0 it would answer at once, and we would ask at once.
const LONGEST_POLL: u64 = 50;
/// The longest answer to a press, in characters. Source: Bot API, `answerCallbackQuery`.
const ANSWER_LETTERS: usize = 200;
/// Most updates in one answer. Source: Bot API, `getUpdates`.
const BATCH: usize = 100;
/// A hundred long messages, each with the one it replies to, their entities and keyboards.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;
/// Another poller has to end by itself; asking more often helps nobody.
const CONFLICT_WAIT: Duration = Duration::from_secs(30);
/// At first it may be an instance that slept while another one began to listen: it asks only once more.
const FIRST_CONFLICT_WAIT: Duration = Duration::from_secs(1);
/// A refused token stays refused until somebody changes it.
const TOKEN_WAIT: Duration = Duration::from_mins(15);
/// Presses being answered at one time; a query is too old after about 15 s.
const ANSWERS: usize = 32;
/// What an operator does where privacy mode hides clips.
const PRIVACY_FIX: &str = "switch it off with BotFather (/setprivacy) or make the bot an administrator there";
/// Updates that could not be understood.
const UNREADABLE: &str = "nemo_bot_telegram_unreadable_updates_total";

/// See the module.
pub(super) struct Poller {
    pub(super) api: Arc<Api>,
    pub(super) gate: Arc<Gate>,
    pub(super) known: Arc<Known>,
    pub(super) inlet: Arc<dyn Inlet>,
    pub(super) signer: Signer,
    pub(super) clip_chats: Vec<i64>,
    pub(super) strangers: String,
    pub(super) menu: Vec<Menu>,
    pub(super) poll_timeout: Duration,
    /// Told when the store takes nothing.
    pub(super) stuck: Notify,
}

impl fmt::Debug for Poller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller").field("api", &self.api).finish_non_exhaustive()
    }
}

#[async_trait]
impl Ingress for Poller {
    fn name(&self) -> &'static str {
        "telegram"
    }

    async fn listen(&self, stop: CancellationToken) -> Option<Duration> {
        // Cut anywhere: what was not confirmed comes again.
        stop.run_until_cancelled(self.run()).await.map(|Refused| TOKEN_WAIT)
    }
}

/// Telegram refuses the token: there is nothing more to try.
struct Refused;

/// Only the id: found even where the rest cannot be read.
#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

impl Poller {
    async fn run(&self) -> Refused {
        let Err(refused) = self.listen_until_refused().await;
        error!("Telegram refuses the token. Check TELEGRAM_BOT_TOKEN; other platforms keep running");
        refused
    }

    async fn listen_until_refused(&self) -> Result<std::convert::Infallible, Refused> {
        let me: Me = self.insist("getMe", &json!({})).await?;
        self.known.is_called(&me.username);
        if !self.clip_chats.is_empty() && !me.reads_all {
            warn!("Telegram's privacy mode hides clips in telegram.clip_chats: {PRIVACY_FIX}");
        }
        // With a webhook set, every poll is a conflict. What waits there stays: it comes with the first poll.
        let _: bool = self.insist("deleteWebhook", &json!({ "drop_pending_updates": false })).await?;
        menu::install(&self.api, &self.menu).await;
        info!(bot = %me.username, "Listening to Telegram");
        let mut intake = Intake { albums: Albums::default(), members: Members::default(), answers: JoinSet::new() };
        let mut offset = None;
        let mut limit = BATCH;
        let mut wait = Backoff::default();
        let mut conflict = false;
        loop {
            match self.poll(offset, limit).await {
                Ok(batch) => {
                    if !batch.is_empty() {
                        crash::point("poll.handed");
                    }
                    (conflict, limit) = (false, BATCH);
                    let before = offset;
                    self.take_all(&batch, &me, &mut intake, &mut offset).await;
                    if batch.is_empty() || offset != before {
                        wait = Backoff::default();
                    } else {
                        // Updates without a number cannot be confirmed, and come again at once.
                        sleep(wait.pause()).await;
                    }
                }
                Err(CallError::Token) => return Err(Refused),
                Err(CallError::Overlong) if limit > 1 => limit /= 2,
                Err(error) => {
                    let pause = pause_after(&mut wait, &error, conflict);
                    match error {
                        // Said once; it goes on until somebody acts.
                        CallError::Conflict if conflict => {}
                        CallError::Conflict => error!(
                            "Another process is polling with this Telegram token (409). Stop it or use a different \
                             token; retrying every {} s.",
                            CONFLICT_WAIT.as_secs()
                        ),
                        _ => warn!(%error, "Telegram could not be polled; trying again in {pause:?}"),
                    }
                    conflict = matches!(error, CallError::Conflict);
                    sleep(pause).await;
                }
            }
        }
    }

    /// Repeats a call of the start until it works: a bot that is started before its network must not end.
    async fn insist<T: serde::de::DeserializeOwned>(&self, method: &'static str, body: &Value) -> Result<T, Refused> {
        let mut wait = Backoff::default();
        loop {
            match self.api.call(method, body).await {
                Ok(result) => return Ok(result),
                Err(CallError::Token) => return Err(Refused),
                Err(error) => {
                    let pause = pause_after(&mut wait, &error, false);
                    warn!(%error, method, "Telegram did not answer at the start; trying again in {pause:?}");
                    sleep(pause).await;
                }
            }
        }
    }

    async fn poll(&self, offset: Option<i64>, limit: usize) -> Result<Vec<Box<RawValue>>, CallError> {
        let mut body = json!({
            "limit": limit,
            "timeout": self.poll_timeout.as_secs().clamp(1, LONGEST_POLL),
            "allowed_updates": ALLOWED,
        });
        if let Some(offset) = offset {
            body["offset"] = offset.into();
        }
        self.api.wait("getUpdates", &body, self.poll_timeout, ANSWER_LIMIT).await
    }

    /// Takes a batch in its order. The offset follows each update that was taken.
    async fn take_all(&self, batch: &[Box<RawValue>], me: &Me, intake: &mut Intake, offset: &mut Option<i64>) {
        let updates: Vec<_> = batch.iter().map(|raw| serde_json::from_str::<Value>(raw.get()).ok()).collect();
        for update in updates.iter().flatten() {
            intake.albums.learn(update, me);
        }
        for (raw, (at, update)) in batch.iter().zip(updates.iter().enumerate()) {
            let number = serde_json::from_str::<Numbered>(raw.get()).ok().map(|numbered| numbered.update_id);
            let work = async {
                let todo = match update {
                    Some(update) => self.read(update, me, intake).await,
                    None => vec![Step::Unreadable("not JSON that we can hold")],
                };
                for step in todo {
                    self.perform(step, number, me, intake).await;
                }
            };
            tokio::select! {
                biased;
                () = work => {}
                () = self.put_off(&updates[at..], me) => {}
            }
            if let Some(number) = number {
                crash::point("offset.before");
                *offset = Some(number.saturating_add(1));
                crash::point("offset.moved");
            }
        }
    }

    /// Once the store takes nothing: tells all who wait in this batch, since none of them is looked at before that is over.
    /// Never ends by itself.
    async fn put_off(&self, waiting: &[Option<Value>], me: &Me) {
        self.stuck.notified().await;
        let albums = Albums::default();
        for update in waiting.iter().flatten() {
            for step in steps(update, &self.rules(me, &albums)) {
                if let Step::Accept(inbound) = step {
                    self.inlet.put_off(&inbound).await;
                }
            }
        }
        std::future::pending::<()>().await;
    }

    /// How long to wait for a store that takes nothing.
    fn stuck(&self, wait: &mut Backoff) -> Duration {
        // Nobody listens after the first time, and nothing of it is kept for the next outage.
        self.stuck.notify_waiters();
        wait.pause()
    }

    /// What to do about an update, in the place where its conversation is. Only here the name of that place is known
    /// for certain: the update before may have told of a move.
    async fn read(&self, update: &Value, me: &Me, intake: &Intake) -> Vec<Step> {
        let steps = steps(update, &self.rules(me, &intake.albums));
        let Some(chat) = home::chat(update).filter(|_| !steps.is_empty()) else { return steps };
        let mut wait = Backoff::default();
        let home = loop {
            match self.known.home(chat).await {
                Ok(home) => break home,
                Err(Busy) => sleep(self.stuck(&mut wait)).await,
            }
        };
        steps.into_iter().map(|step| home::brought(step, chat, home)).collect()
    }

    fn rules<'a>(&'a self, me: &'a Me, albums: &'a Albums) -> Rules<'a> {
        Rules { me, clip_chats: &self.clip_chats, signer: &self.signer, strangers: &self.strangers, albums }
    }

    async fn perform(&self, step: Step, number: Option<i64>, me: &Me, intake: &mut Intake) {
        match step {
            Step::Accept(inbound) => self.accept(inbound).await,
            Step::AcceptIfClips(inbound) => {
                if self.takes_clips(&inbound).await {
                    self.accept(inbound).await;
                }
            }
            Step::Answer { query, text } => self.answer(query, text, intake).await,
            Step::PressForOther { query, chat, user, inbound } => {
                if intake.members.administers(&self.api, chat, user).await {
                    self.answer(query, None, intake).await;
                    self.accept(inbound).await;
                } else {
                    self.answer(query, Some(self.strangers.clone()), intake).await;
                }
            }
            Step::Clips { chat, user, on, inbound } => {
                let may = match user {
                    Some(user) => intake.members.administers(&self.api, chat, user).await,
                    None => true,
                };
                let outcome = if !may {
                    "no"
                } else if !self.switch_clips(&inbound.from.place, on).await {
                    "off"
                } else if !me.reads_all && !intake.members.administers(&self.api, chat, me.id).await {
                    "hidden"
                } else {
                    "on"
                };
                self.accept(with_outcome(inbound, outcome)).await;
            }
            Step::Moved { from, to } => self.follow(from, to).await,
            Step::Unreadable(reason) => {
                metrics::counter!(UNREADABLE).increment(1);
                warn!(update = number, reason, "A Telegram update cannot be understood and is passed over");
            }
        }
    }

    /// Offers an update until the store takes it. Nothing later is offered, nor anything confirmed, before.
    async fn accept(&self, inbound: Inbound) {
        let mut wait = Backoff::default();
        loop {
            if let Ok(accepted) = self.inlet.accept(inbound.clone()).await {
                debug!(update = %inbound.id, ?accepted, "Took an update");
                return;
            }
            let pause = self.stuck(&mut wait);
            warn!(update = %inbound.id, "An update cannot be stored; trying again in {pause:?}");
            sleep(pause).await;
        }
    }

    /// Notes that a group became a supergroup. Waits for the store: what comes from there next must come home.
    async fn follow(&self, from: i64, to: i64) {
        let mut wait = Backoff::default();
        while self.known.moved(from, to).await.is_err() {
            sleep(self.stuck(&mut wait)).await;
        }
        info!("A group became a supergroup; its conversations go on there");
    }

    async fn takes_clips(&self, inbound: &Inbound) -> bool {
        let chosen = Spot::read(&inbound.from.place).is_some_and(|spot| self.clip_chats.contains(&spot.chat));
        chosen || self.switch_clips(&inbound.from.place, None).await
    }

    /// Notes whether every clip is taken in a group, if anything is wished; tells what holds now. Waits for the store:
    /// nothing later is read before.
    async fn switch_clips(&self, place: &PlaceId, on: Option<bool>) -> bool {
        let Some(place) = Spot::read(place).map(|spot| spot.whole().write()) else { return false };
        let mut wait = Backoff::default();
        loop {
            let noted = async {
                let mut note = self.inlet.place(Platform::Telegram, &place).await?;
                if let Some(on) = on.filter(|on| *on != note.clips) {
                    note.clips = on;
                    self.inlet.note(Platform::Telegram, &place, note.clone()).await?;
                }
                Ok::<_, Busy>(note.clips)
            };
            match noted.await {
                Ok(clips) => return clips,
                Err(Busy) => sleep(self.stuck(&mut wait)).await,
            }
        }
    }

    /// Starts the answer to a press before anything else is done about it, and does not wait for it: one that is slow
    /// must not hold up the others.
    async fn answer(&self, query: String, text: Option<String>, intake: &mut Intake) {
        while intake.answers.try_join_next().is_some() {}
        if intake.answers.len() >= ANSWERS {
            intake.answers.join_next().await;
        }
        let mut body = json!({ "callback_query_id": query });
        if let Some(text) = text {
            body["text"] = text.chars().take(ANSWER_LETTERS).collect::<String>().into();
        }
        let (api, gate) = (Arc::clone(&self.api), Arc::clone(&self.gate));
        intake.answers.spawn(async move {
            if gate.pass(None, Urgency::Answer).await.is_err() {
                return;
            }
            match api.call::<bool>("answerCallbackQuery", &body).await {
                Ok(_) | Err(CallError::Late) => {}
                Err(error) => debug!(%error, "A press could not be answered"),
            }
        });
    }
}

/// `/clips` with what came of it; see [`Command::Clips`](crate::chat::command::Command::Clips).
fn with_outcome(mut inbound: Inbound, outcome: &str) -> Inbound {
    if let InboundKind::Command { argument, .. } = &mut inbound.kind {
        outcome.clone_into(argument);
    }
    inbound
}

/// What a listener remembers between updates. Dropping it cuts the answers under way.
struct Intake {
    albums: Albums,
    members: Members,
    answers: JoinSet<()>,
}

/// How long to wait after a call that failed; `conflict`: as the one before did by another poller.
fn pause_after(wait: &mut Backoff, error: &CallError, conflict: bool) -> Duration {
    match error {
        CallError::Throttled(pause) => *pause,
        CallError::Conflict if conflict => CONFLICT_WAIT,
        CallError::Conflict => FIRST_CONFLICT_WAIT,
        _ => wait.pause(),
    }
}

#[cfg(test)]
#[path = "polling_tests.rs"]
mod tests;
