//! The live message: one message that grows while the agent speaks, and rolls over into the next when it is full.
//!
//! Latest text wins; one edit in flight; paced by the place; a penalty is waited out in full and widens the pace. The
//! text is rendered when the slot opens, never queued. Full parts are closed for good, so only the open tail is ever
//! rendered again and the cost stays linear in the length of the reply. An edit in the middle may fail; the last one
//! must land.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::Instant;

use super::record::LiveState;
use crate::chat::id::MessageId;
use crate::chat::reply::{Button, Reply};
use crate::chat::rich::{self, RichText, TextLimit};
use crate::chat::surface::{DeliveryKey, Surface, SurfaceError, Target};
use crate::crash;

/// The pace of a place that was told to wait widens up to this.
const WIDEST_GAP: Duration = Duration::from_secs(10);
/// First wait after a platform could not be reached; doubles up to [`WIDEST_GAP`].
const UNREACHED_WAIT: Duration = Duration::from_millis(500);
/// While the claim is not known to hold, nothing goes out; how often that is looked at.
const HELD_LOOK: Duration = Duration::from_millis(100);
/// After this many failures in a row a last edit is given up; with the waits above it is about five minutes.
const LAST_TRIES: u32 = 40;
/// At most this much of an open message's text is kept with the turn.
const KEPT_TEXT: usize = 64 * 1024;
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

#[derive(Debug)]
struct State {
    open: Option<MessageId>,
    closed: usize,
    /// Markdown of the open part: `reopen`, then the visible text from `base` on.
    source: String,
    reopen: usize,
    base: usize,
    growing: bool,
    foot: RichText,
    buttons: Vec<Button>,
    shown: Option<(RichText, Vec<Button>)>,
    slot: Instant,
    /// The pace of the place, and what it has widened to.
    pace: Duration,
    gap: Duration,
    failures: u32,
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
            source: kept.text,
            growing: false,
            foot: RichText::default(),
            buttons: Vec::new(),
            shown: None,
            slot: Instant::now(),
            pace,
            gap: pace,
            failures: 0,
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

    /// Replaces the visible text from byte `keep` on with `tail`.
    pub fn write(&self, keep: usize, tail: &str) {
        let mut state = self.state();
        state.write(keep, tail);
        state.growing = true;
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

    /// Whether the place does not let the bot speak.
    pub fn is_barred(&self) -> bool {
        self.state().barred
    }

    /// What another instance needs to go on.
    pub fn kept(&self) -> LiveState {
        let state = self.state();
        let mut end = state.source.len().min(KEPT_TEXT);
        while !state.source.is_char_boundary(end) {
            end -= 1;
        }
        LiveState { open: state.open.clone(), closed: state.closed, text: state.source[..end].to_owned() }
    }

    /// Keeps the chat up to date for as long as it is polled. Sends nothing while `may` says no.
    pub async fn pump(&self, may: impl Fn() -> bool) {
        loop {
            self.changed.notified().await;
            while !matches!(self.step_in_slot(&may).await, Step::Idle) {}
        }
    }

    /// Posts it if it is not posted yet, without waiting for more to show.
    pub async fn open(&self, may: impl Fn() -> bool) {
        if self.message().is_none() {
            self.land(may).await;
        }
    }

    /// Shows the last text and waits until it has landed, penalties included.
    pub async fn land(&self, may: impl Fn() -> bool) {
        self.state().growing = false;
        loop {
            if matches!(self.step_in_slot(&may).await, Step::Idle) {
                return;
            }
            let mut state = self.state();
            if state.failures > LAST_TRIES {
                state.dead = true;
                tracing::error!(place = %self.target.conversation.place, "A last edit could not be delivered");
                return;
            }
        }
    }

    async fn step_in_slot(&self, may: &impl Fn() -> bool) -> Step {
        let _sending = self.sending.lock().await;
        let slot = self.state().slot;
        tokio::time::sleep_until(slot).await;
        while !may() {
            tokio::time::sleep(HELD_LOOK).await;
        }
        self.step().await
    }

    async fn step(&self) -> Step {
        let limit = self.surface.capabilities(&self.target.conversation.place).text_limit;
        let (plan, growing) = {
            let state = self.state();
            (state.plan(limit), state.growing)
        };
        let outcome = match &plan {
            Plan::Nothing => return Step::Idle,
            Plan::Post(reply) => match self.surface.post(&self.target, reply, DeliveryKey::random()).await {
                Ok(message) => {
                    crash::point("live.posted");
                    let mut state = self.state();
                    state.open = Some(message);
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
            if !(all && self.growing) {
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
            self.slot = Instant::now() + self.gap;
            // A widened pace recovers slowly.
            self.gap = (self.gap * 9 / 10).max(self.pace);
            return Step::Sent;
        };
        self.failures += 1;
        match error {
            SurfaceError::RateLimited { retry_after } => {
                self.failures = 0;
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
            SurfaceError::Unavailable(cause) => {
                tracing::debug!(%cause, "A live message could not be sent; trying again");
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
