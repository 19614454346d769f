//! From an update to the core, whichever way it came: what polling and the webhook share.

use std::collections::HashMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use serde_json::{Value, json};
use tokio::sync::{Mutex as Turns, Notify};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{debug, error, info, warn};

use super::api::Api;
use super::error::CallError;
use super::gate::{Gate, Urgency};
use super::home;
use super::known::Known;
use super::members::Members;
use super::place::Spot;
use super::update::{Albums, Me, Rules, Step, steps};
use crate::chat::choice::Signer;
use crate::chat::id::{PlaceId, Platform};
use crate::chat::inbound::{Inbound, InboundKind};
use crate::ingress::{Backoff, Busy, Inlet};

/// What we want to hear of. By name, so that kinds newer than any library come too; some kinds come only when asked
/// for. Source: Bot API, `Update`.
pub(super) const ALLOWED: [&str; 5] =
    ["message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation"];
/// The longest answer to a press, in characters. Source: Bot API, `answerCallbackQuery`.
const ANSWER_LETTERS: usize = 200;
/// Another poller has to end by itself; asking more often helps nobody.
const CONFLICT_WAIT: Duration = Duration::from_secs(30);
/// Presses being answered at one time; a query is too old after about 15 s.
const ANSWERS: usize = 32;
/// An update that makes us panic this often is passed over: it would come again for a day, and stop those behind it.
const ATTEMPTS: u8 = 3;
/// Updates that made us panic, remembered at one time. One more, and all begin anew.
const FAULTS_KEPT: usize = 256;
/// What an operator does where privacy mode hides clips.
const PRIVACY_FIX: &str = "switch it off with BotFather (/setprivacy) or make the bot an administrator there";
/// Updates that could not be understood.
const UNREADABLE: &str = "nemo_bot_telegram_unreadable_updates_total";

/// Telegram refuses the token: there is nothing more to try.
pub(super) struct Refused;

/// What to do while the store takes nothing.
pub(super) enum Patience {
    /// To wait for it: nobody brings the update again before. Told each time that it takes nothing.
    Wait(Notify),
    /// To say so at once: the update is brought again.
    Refuse,
}

/// See the module.
pub(super) struct Intake {
    pub(super) api: Arc<Api>,
    pub(super) gate: Arc<Gate>,
    pub(super) known: Arc<Known>,
    pub(super) inlet: Arc<dyn Inlet>,
    pub(super) signer: Signer,
    pub(super) clip_chats: Vec<i64>,
    pub(super) strangers: String,
    pub(super) patience: Patience,
    pub(super) members: Members,
    /// Answers to presses under way. Dropping them cuts them.
    pub(super) answers: Turns<JoinSet<()>>,
    /// How often an update made us panic.
    pub(super) faults: Mutex<HashMap<i64, u8>>,
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake").field("api", &self.api).finish_non_exhaustive()
    }
}

impl Intake {
    /// Asks Telegram who the bot is, until it tells.
    pub(super) async fn introduce(&self) -> Result<Me, Refused> {
        let me: Me = self.insist("getMe", &json!({})).await?;
        self.known.is_called(&me.username);
        if !self.clip_chats.is_empty() && !me.reads_all {
            warn!("Telegram's privacy mode hides clips in telegram.clip_chats: {PRIVACY_FIX}");
        }
        Ok(me)
    }

    /// Repeats a call of the start until it works: a bot that is started before its network must not end.
    pub(super) async fn insist<T: serde::de::DeserializeOwned>(
        &self,
        method: &'static str,
        body: &Value,
    ) -> Result<T, Refused> {
        let mut wait = Backoff::default();
        loop {
            match self.api.call(method, body).await {
                Ok(result) => return Ok(result),
                Err(CallError::Token) => return Err(Refused),
                Err(error) => {
                    let pause = pause_after(&mut wait, &error);
                    warn!(%error, method, "Telegram did not answer at the start; trying again in {pause:?}");
                    sleep(pause).await;
                }
            }
        }
    }

    /// Takes one update. `Err`: nothing of it may be confirmed, since the store did not take it all.
    ///
    /// # Panics
    ///
    /// As whatever it calls does, but not for one update without end: after some attempts that is passed over.
    pub(super) async fn take(
        &self,
        update: Option<&Value>,
        number: Option<i64>,
        me: &Me,
        albums: &Albums,
    ) -> Result<(), Busy> {
        let work = async {
            let todo = match update {
                Some(update) => self.read(update, me, albums).await?,
                None => vec![Step::Unreadable("not JSON that we can hold")],
            };
            for step in todo {
                self.perform(step, number, me).await?;
            }
            Ok(())
        };
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(taken) => taken,
            Err(_) if number.is_some_and(|number| self.hopeless(number)) => {
                metrics::counter!(UNREADABLE).increment(1);
                error!(update = number, "A Telegram update made us panic {ATTEMPTS} times and is passed over");
                Ok(())
            }
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// Whether an update that has just made us panic has done so too often.
    fn hopeless(&self, number: i64) -> bool {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        if faults.len() >= FAULTS_KEPT {
            faults.clear();
        }
        let times = faults.entry(number).or_default();
        *times += 1;
        *times >= ATTEMPTS
    }

    /// Tells whoever is behind an update that the store takes nothing now.
    pub(super) async fn put_off(&self, update: &Value, me: &Me) {
        let albums = Albums::default();
        for step in steps(update, &self.rules(me, &albums)) {
            if let Step::Accept(inbound) = step {
                self.inlet.put_off(&inbound).await;
            }
        }
    }

    /// How long to wait for a store that takes nothing, if anybody may wait.
    fn pause(&self, wait: &mut Backoff) -> Result<Duration, Busy> {
        match &self.patience {
            Patience::Wait(stuck) => {
                // Nobody listens after the first time, and nothing of it is kept for the next outage.
                stuck.notify_waiters();
                Ok(wait.pause())
            }
            Patience::Refuse => Err(Busy),
        }
    }

    /// What to do about an update, in the place where its conversation is. Only here the name of that place is known
    /// for certain: the update before may have told of a move.
    async fn read(&self, update: &Value, me: &Me, albums: &Albums) -> Result<Vec<Step>, Busy> {
        let steps = steps(update, &self.rules(me, albums));
        let Some(chat) = home::chat(update).filter(|_| !steps.is_empty()) else { return Ok(steps) };
        let mut wait = Backoff::default();
        let home = loop {
            match self.known.home(chat).await {
                Ok(home) => break home,
                Err(Busy) => sleep(self.pause(&mut wait)?).await,
            }
        };
        Ok(steps.into_iter().map(|step| home::brought(step, chat, home)).collect())
    }

    fn rules<'a>(&'a self, me: &'a Me, albums: &'a Albums) -> Rules<'a> {
        Rules { me, clip_chats: &self.clip_chats, signer: &self.signer, strangers: &self.strangers, albums }
    }

    async fn perform(&self, step: Step, number: Option<i64>, me: &Me) -> Result<(), Busy> {
        match step {
            Step::Accept(inbound) => self.accept(inbound).await?,
            Step::AcceptIfClips(inbound) => {
                if self.takes_clips(&inbound).await? {
                    self.accept(inbound).await?;
                }
            }
            Step::Answer { query, text } => self.answer(query, text).await,
            Step::PressForOther { query, chat, user, inbound } => {
                if self.members.administers(&self.api, chat, user).await {
                    self.answer(query, None).await;
                    self.accept(inbound).await?;
                } else {
                    self.answer(query, Some(self.strangers.clone())).await;
                }
            }
            Step::Clips { chat, user, on, inbound } => {
                let may = match user {
                    Some(user) => self.members.administers(&self.api, chat, user).await,
                    None => true,
                };
                let outcome = if !may {
                    "no"
                } else if !self.switch_clips(&inbound.from.place, on).await? {
                    "off"
                } else if !me.reads_all && !self.members.administers(&self.api, chat, me.id).await {
                    "hidden"
                } else {
                    "on"
                };
                self.accept(with_outcome(inbound, outcome)).await?;
            }
            Step::Moved { from, to } => self.follow(from, to).await?,
            Step::Unreadable(reason) => {
                metrics::counter!(UNREADABLE).increment(1);
                warn!(update = number, reason, "A Telegram update cannot be understood and is passed over");
            }
        }
        Ok(())
    }

    /// Offers an update until the store takes it, where one may wait for that. Nothing later is offered, nor anything
    /// confirmed, before.
    async fn accept(&self, inbound: Inbound) -> Result<(), Busy> {
        let mut wait = Backoff::default();
        loop {
            if let Ok(accepted) = self.inlet.accept(inbound.clone()).await {
                debug!(update = %inbound.id, ?accepted, "Took an update");
                return Ok(());
            }
            let pause = self.pause(&mut wait)?;
            warn!(update = %inbound.id, "An update cannot be stored; trying again in {pause:?}");
            sleep(pause).await;
        }
    }

    /// Notes that a group became a supergroup. Waits for the store: what comes from there next must come home.
    async fn follow(&self, from: i64, to: i64) -> Result<(), Busy> {
        let mut wait = Backoff::default();
        while self.known.moved(from, to).await.is_err() {
            sleep(self.pause(&mut wait)?).await;
        }
        info!("A group became a supergroup; its conversations go on there");
        Ok(())
    }

    async fn takes_clips(&self, inbound: &Inbound) -> Result<bool, Busy> {
        let chosen = Spot::read(&inbound.from.place).is_some_and(|spot| self.clip_chats.contains(&spot.chat));
        if chosen { Ok(true) } else { self.switch_clips(&inbound.from.place, None).await }
    }

    /// Notes whether every clip is taken in a group, if anything is wished; tells what holds now. Waits for the store:
    /// nothing later is read before.
    async fn switch_clips(&self, place: &PlaceId, on: Option<bool>) -> Result<bool, Busy> {
        let Some(place) = Spot::read(place).map(|spot| spot.whole().write()) else { return Ok(false) };
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
                Ok(clips) => return Ok(clips),
                Err(Busy) => sleep(self.pause(&mut wait)?).await,
            }
        }
    }

    /// Starts the answer to a press before anything else is done about it, and does not wait for it: one that is slow
    /// must not hold up the others.
    async fn answer(&self, query: String, text: Option<String>) {
        let mut answers = self.answers.lock().await;
        while answers.try_join_next().is_some() {}
        if answers.len() >= ANSWERS {
            answers.join_next().await;
        }
        let mut body = json!({ "callback_query_id": query });
        if let Some(text) = text {
            body["text"] = text.chars().take(ANSWER_LETTERS).collect::<String>().into();
        }
        let (api, gate) = (Arc::clone(&self.api), Arc::clone(&self.gate));
        answers.spawn(async move {
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

/// How long to wait after a call that failed.
pub(super) fn pause_after(wait: &mut Backoff, error: &CallError) -> Duration {
    match error {
        CallError::Throttled(pause) => *pause,
        CallError::Conflict => CONFLICT_WAIT,
        _ => wait.pause(),
    }
}
