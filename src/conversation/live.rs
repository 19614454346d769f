//! The live message: one message that grows while the agent speaks, and rolls over into the next when it is full.
//!
//! Latest text wins; one edit in flight; paced by the place; a penalty is waited out in full and widens the pace. The
//! text is rendered when the slot opens, never queued. Full parts are closed for good, so only the open tail is ever
//! rendered again and the cost stays linear in the length of the reply; a part is closed only with text that will not
//! change any more. An edit in the middle may fail; the last one must land, now or when the platform answers again.
//!
//! Whoever goes on after a crash must find the parts as the chat shows them. So each part that was posted or closed is
//! stored before the next thing goes out ([`Keeper`]): without that, text of a closed part would be shown twice.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::Instant;

use super::record::{LiveState, Unshown};
use crate::chat::id::MessageId;
use crate::chat::reply::{Button, Reply};
use crate::chat::rich::{self, RichText, TextLimit};
use crate::chat::surface::{DeliveryKey, Surface, SurfaceError, Target};
use crate::clock::Timestamp;
use crate::crash;

/// The pace of a place that was told to wait widens up to this.
const WIDEST_GAP: Duration = Duration::from_secs(10);
/// First wait after a platform could not be reached; doubles up to [`WIDEST_GAP`].
const UNREACHED_WAIT: Duration = Duration::from_millis(500);
/// While the claim is not known to hold, nothing goes out; how often that is looked at.
const HELD_LOOK: Duration = Duration::from_millis(100);
/// How long a platform that does not answer is knocked at for a last text while the conversation waits. Short outages
/// end within it; after it the text is kept and shown later, and the conversation goes on.
const LAND_PATIENCE: Duration = Duration::from_mins(1);
/// A penalty up to this is waited out with the last text in hand; hours have been seen, and are spent resting.
const PENALTY_PATIENCE: Duration = Duration::from_mins(10);
/// How soon storing a part is tried again; the store tries by itself for longer.
const UNKEPT_WAIT: Duration = Duration::from_millis(500);
/// At most this much of an open message's text is kept with the turn: it is stored with each heartbeat.
const KEPT_TEXT: usize = 64 * 1024;
/// At most this much of a last text that the chat has not taken: some of them fit a document together.
const UNSHOWN_TEXT: usize = 256 * 1024;
/// What a new part holds until its text is edited in. If its answer is lost, the orphan is this and not a doubled text.
const PLACEHOLDER: &str = "…";

/// A live message.
#[derive(Debug)]
pub struct Live {
    surface: Arc<dyn Surface>,
    target: Target,
    state: Mutex<State>,
    changed: Notify,
    /// Held while something is on its way, so that one edit is in flight at a time.
    sending: AsyncMutex<()>,
}

#[allow(clippy::struct_excessive_bools, reason = "each is true or false by itself")]
#[derive(Debug)]
struct State {
    open: Option<MessageId>,
    closed: usize,
    /// Markdown of the open part: `reopen`, then the visible text from `base` on.
    source: String,
    reopen: usize,
    base: usize,
    /// Up to here the visible text will not change any more; what follows is a preview.
    settled: usize,
    growing: bool,
    /// A part was posted or closed and is not stored yet; nothing goes out before it is.
    unkept: bool,
    foot: RichText,
    buttons: Vec<Button>,
    shown: Option<(RichText, Vec<Button>)>,
    slot: Instant,
    /// The pace of the place, and what it has widened to.
    pace: Duration,
    gap: Duration,
    failures: u32,
    /// Since when the platform has not answered.
    silent: Option<Instant>,
    /// The place refuses for good; nothing more is tried.
    dead: bool,
    /// It refuses because the bot was blocked or put out.
    barred: bool,
}

/// What to do next so that the chat shows what it should.
enum Plan {
    Nothing,
    Post(Reply),
    Edit(MessageId, Reply),
    /// The open part is full: give it its final text, then go on in a new message.
    Close(MessageId, Reply, rich::Taken),
}

/// Whom a live message belongs to.
pub trait Keeper: Sync {
    /// Whether anything may be sent now.
    fn may(&self) -> bool;

    /// Stores how the message stands ([`Live::kept`]). `false`: it is not stored, and nothing more may go out.
    fn keep(&self) -> impl Future<Output = bool> + Send;
}

/// Whoever keeps nothing says only whether anything may be sent.
impl<F: Fn() -> bool + Sync> Keeper for F {
    fn may(&self) -> bool {
        self()
    }

    async fn keep(&self) -> bool {
        true
    }
}

/// What became of a last text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landed {
    /// It stands in the chat, or the chat refuses it for good.
    Done,
    /// The platform does not answer, or asks to wait for long: show it later.
    Later,
}

/// How one step went.
enum Step {
    Idle,
    Sent,
    Wait,
}

impl Live {
    /// A live message that has not been posted yet, or the one that `kept` describes.
    pub fn new(surface: Arc<dyn Surface>, target: Target, kept: LiveState) -> Self {
        let pace = surface.capabilities(&target.conversation.place).edit_interval;
        let state = State {
            open: kept.open,
            closed: kept.closed,
            base: 0,
            reopen: 0,
            settled: 0,
            source: kept.text,
            growing: false,
            unkept: false,
            foot: RichText::default(),
            buttons: Vec::new(),
            shown: None,
            slot: Instant::now(),
            pace,
            gap: pace,
            failures: 0,
            silent: None,
            dead: false,
            barred: false,
        };
        Self { surface, target, state: Mutex::new(state), changed: Notify::new(), sending: AsyncMutex::new(()) }
    }

    /// Replaces what stands below the text, and the buttons. Of a foot that no message could hold, the first part.
    pub fn foot(&self, foot: RichText, buttons: Vec<Button>) {
        let limit = self.surface.capabilities(&self.target.conversation.place).text_limit;
        let foot = if foot.length(limit) > limit.max() { foot.split(limit).into_iter().next() } else { Some(foot) };
        let mut state = self.state();
        state.foot = foot.unwrap_or_default();
        state.buttons = buttons;
        drop(state);
        self.changed.notify_one();
    }

    /// Replaces the visible text from byte `keep` on with `tail`, which is a preview: it may be replaced again. What
    /// stands before it stays.
    pub fn write(&self, keep: usize, tail: &str) {
        let mut state = self.state();
        state.write(keep, tail);
        state.settled = state.settled.max(keep);
        state.growing = true;
        drop(state);
        self.changed.notify_one();
    }

    /// The visible text up to byte `to` will not change any more.
    pub fn settle(&self, to: usize) {
        let mut state = self.state();
        state.settled = state.settled.max(to);
        drop(state);
        self.changed.notify_one();
    }

    /// Whether any text of the agent is in it.
    pub fn has_text(&self) -> bool {
        let state = self.state();
        state.closed > 0 || !state.source.trim().is_empty()
    }

    /// The message that still changes, once it is posted.
    pub fn message(&self) -> Option<MessageId> {
        self.state().open.clone()
    }

    /// The place lets the bot speak again.
    pub fn revive(&self) {
        let mut state = self.state();
        if std::mem::take(&mut state.barred) {
            (state.dead, state.failures) = (false, 0);
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Whether the place does not let the bot speak.
    pub fn is_barred(&self) -> bool {
        self.state().barred
    }

    /// What another instance needs to go on.
    pub fn kept(&self) -> LiveState {
        self.state().kept(KEPT_TEXT)
    }

    /// All that it takes to show the last text later, from `since` on.
    pub fn unshown(&self, since: Timestamp) -> Unshown {
        let state = self.state();
        Unshown {
            live: state.kept(UNSHOWN_TEXT),
            foot: state.foot.clone(),
            buttons: state.buttons.clone(),
            since,
            tries: 0,
            barred: state.barred,
        }
    }

    /// Keeps the chat up to date for as long as it is polled. Sends nothing while its keeper says no.
    pub async fn pump(&self, keeper: &impl Keeper) {
        loop {
            self.changed.notified().await;
            while !matches!(self.step_in_slot(keeper).await, Step::Idle) {}
        }
    }

    /// Posts it if it is not posted yet, without waiting for anything else.
    pub async fn open(&self, keeper: &impl Keeper) {
        while self.message().is_none() {
            if matches!(self.step_in_slot(keeper).await, Step::Idle) || self.is_held_up(LAND_PATIENCE) {
                return;
            }
        }
    }

    /// Shows the last text and waits until it has landed, ordinary penalties included.
    pub async fn land(&self, keeper: &impl Keeper) -> Landed {
        self.land_within(keeper, LAND_PATIENCE).await
    }

    /// The same for a platform that is known not to answer: no longer than `patience`.
    pub async fn land_within(&self, keeper: &impl Keeper, patience: Duration) -> Landed {
        self.state().growing = false;
        loop {
            if matches!(self.step_in_slot(keeper).await, Step::Idle) {
                return Landed::Done;
            }
            if self.is_held_up(patience) {
                tracing::warn!(place = %self.target.conversation.place, "A last text cannot be shown now; it is kept");
                return Landed::Later;
            }
        }
    }

    /// Whether the platform has not answered for so long, or asks to wait for very long.
    fn is_held_up(&self, patience: Duration) -> bool {
        let (state, now) = (self.state(), Instant::now());
        state.silent.is_some_and(|since| now - since >= patience) || state.slot > now + PENALTY_PATIENCE
    }

    fn limit(&self) -> TextLimit {
        self.surface.capabilities(&self.target.conversation.place).text_limit
    }

    async fn step_in_slot(&self, keeper: &impl Keeper) -> Step {
        let _sending = self.sending.lock().await;
        // Whoever waits for the last text does not wait for a slot that nothing needs.
        if matches!(self.state().plan(self.limit()), Plan::Nothing) {
            return Step::Idle;
        }
        let slot = self.state().slot;
        tokio::time::sleep_until(slot).await;
        while !keeper.may() {
            tokio::time::sleep(HELD_LOOK).await;
        }
        let unkept = self.state().unkept;
        if unkept {
            if !keeper.keep().await {
                self.state().slot = Instant::now() + UNKEPT_WAIT;
                return Step::Wait;
            }
            self.state().unkept = false;
            crash::point("live.kept");
        }
        self.step().await
    }

    async fn step(&self) -> Step {
        let (plan, growing) = {
            let state = self.state();
            (state.plan(self.limit()), state.growing)
        };
        let outcome = match &plan {
            Plan::Nothing => return Step::Idle,
            Plan::Post(reply) => match self.surface.post(&self.target, reply, DeliveryKey::random()).await {
                Ok(message) => {
                    crash::point("live.posted");
                    let mut state = self.state();
                    state.open = Some(message);
                    // A first part is stored with its turn, before the request goes out.
                    state.unkept = state.closed > 0;
                    state.shown = Some((reply.text.clone(), reply.buttons.clone()));
                    Ok(())
                }
                Err(error) => Err(error),
            },
            Plan::Edit(message, reply) => self.surface.edit(&self.target, message, reply).await.inspect(|()| {
                self.state().shown = Some((reply.text.clone(), reply.buttons.clone()));
            }),
            Plan::Close(message, reply, taken) => {
                self.surface.edit(&self.target, message, reply).await.inspect(|()| self.state().close(taken))
            }
        };
        self.state().after(&plan, growing, outcome)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn kept(&self, most: usize) -> LiveState {
        let end = self.source.floor_char_boundary(most);
        LiveState { open: self.open.clone(), closed: self.closed, text: self.source[..end].to_owned() }
    }

    fn write(&mut self, keep: usize, tail: &str) {
        // What lies in closed parts is final; only the rest of a tail that reaches into them is taken.
        let skip = self.base.saturating_sub(keep);
        let at = self.reopen + keep.saturating_sub(self.base);
        self.source.truncate(self.source.floor_char_boundary(at));
        self.source.push_str(&tail[tail.ceil_char_boundary(skip)..]);
    }

    fn plan(&self, limit: TextLimit) -> Plan {
        if self.dead {
            return Plan::Nothing;
        }
        let Some(message) = self.open.clone() else {
            if self.source.is_empty() && self.foot.is_empty() {
                return Plan::Nothing;
            }
            let first = if self.source.is_empty() { self.foot.clone() } else { RichText::plain(PLACEHOLDER) };
            return Plan::Post(Reply::new(first).with_buttons(self.buttons.clone()).quietly());
        };
        let foot = self.foot.length(limit);
        let room = limit.less(if foot == 0 { 0 } else { foot + 2 });
        let mut text = rich::take(&self.source, room);
        let fits = text.used == self.source.len();
        if !fits {
            text = rich::take(&self.source, limit);
            let all = text.used == self.source.len();
            let settled = self.base + text.used.saturating_sub(self.reopen) <= self.settled;
            if !self.growing || (settled && !all) {
                // Nothing is held back in a part that will not change any more.
                let shown = if all { RichText::markdown(&self.source) } else { text.text.clone() };
                return Plan::Close(message, Reply::new(shown).quietly(), text);
            }
        }
        // What is complete is shown as it is: only a text that still grows may hold its end back.
        let text = if self.growing { text.text } else { RichText::markdown(&self.source) };
        // Where only the foot does not fit, it waits: a text that still grows is not cut for it.
        let text = if fits { text.then(self.foot.clone()) } else { text };
        if text.is_empty() || self.shown.as_ref().is_some_and(|(old, keys)| *old == text && *keys == self.buttons) {
            return Plan::Nothing;
        }
        // An edit that is not quiet goes before those that are: the last text of a turn.
        let quiet = self.growing;
        Plan::Edit(message, Reply { quiet, ..Reply::new(text).with_buttons(self.buttons.clone()) })
    }

    fn close(&mut self, taken: &rich::Taken) {
        self.closed += 1;
        self.unkept = true;
        self.open = None;
        self.shown = None;
        self.base += taken.used.saturating_sub(self.reopen);
        // The text may have become shorter while the edit was on its way.
        let used = self.source.floor_char_boundary(taken.used);
        self.source.replace_range(..used, &taken.reopen);
        self.reopen = taken.reopen.len();
    }

    fn after(&mut self, plan: &Plan, growing: bool, outcome: Result<(), SurfaceError>) -> Step {
        let Err(error) = outcome else {
            self.failures = 0;
            self.silent = None;
            self.slot = Instant::now() + self.gap;
            // A widened pace recovers slowly.
            self.gap = (self.gap * 9 / 10).max(self.pace);
            return Step::Sent;
        };
        self.failures += 1;
        match error {
            SurfaceError::RateLimited { retry_after } => {
                self.failures = 0;
                self.silent = None;
                self.gap = (self.gap * 2).min(WIDEST_GAP);
                self.slot = Instant::now() + retry_after;
                Step::Wait
            }
            // The user deleted it: what it should show comes once as a new message.
            SurfaceError::Gone if self.failures <= 2 => {
                self.open = None;
                self.shown = None;
                Step::Wait
            }
            SurfaceError::Unavailable(cause) | SurfaceError::Unreached(cause) => {
                tracing::debug!(%cause, "A live message could not be sent; trying again");
                self.silent.get_or_insert_with(Instant::now);
                let wait = UNREACHED_WAIT * 2u32.saturating_pow(self.failures.min(6));
                self.slot = Instant::now() + wait.min(WIDEST_GAP);
                Step::Wait
            }
            // The text of an edit in the middle may be the fault; the next one has another.
            refused @ (SurfaceError::Refused(_) | SurfaceError::TooLarge)
                if growing && !matches!(plan, Plan::Post(_)) =>
            {
                tracing::warn!(error = %refused, "An edit in the middle was refused");
                self.slot = Instant::now() + self.gap;
                Step::Idle
            }
            refused => {
                tracing::warn!(error = %refused, edit = matches!(plan, Plan::Edit(..)), "A live message was refused");
                self.dead = true;
                self.barred = matches!(refused, SurfaceError::Forbidden);
                Step::Idle
            }
        }
    }
}

#[cfg(test)]
mod tests;
