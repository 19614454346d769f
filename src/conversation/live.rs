//! The live message: one message that grows while the agent speaks, and rolls over into the next when it is full.
//!
//! Latest text wins; one edit in flight; paced by the place; a penalty is waited out in full and widens the pace. The
//! text is rendered when the slot opens, never queued. Full parts are closed for good, so only the open tail is ever
//! rendered again and the cost stays linear in the length of the reply. An edit in the middle may fail; the last one
//! must land.
//!
//! Where the place shows text that is no message yet ([`Surface::previews`]), a reply may grow so instead: no message of
//! it stands before its text, or a full part of it, is complete. What it began with it keeps, unless previews are
//! refused.

mod preview;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::Instant;

use self::preview::Preview;
use self::state::{Course, Plan, State, Step};
use super::record::LiveState;
use crate::chat::id::{MessageId, PreviewId};
use crate::chat::reply::{Button, Reply};
use crate::chat::rich::RichText;
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
    parted: Notify,
    /// Held while something is on its way, so that one edit is in flight at a time.
    sending: AsyncMutex<()>,
}

impl Live {
    /// A live message that has not been posted yet, or the one that `kept` describes.
    pub fn new(surface: Arc<dyn Surface>, target: Target, kept: LiveState) -> Self {
        let pace = surface.capabilities(&target.conversation.place).edit_interval;
        let every = surface.previews(&target.conversation.place).filter(|_| kept.open.is_none());
        let preview = kept.preview.zip(every).map(|(id, every)| Preview::new(id, every));
        let state = State {
            open: kept.open,
            closed: kept.closed,
            base: 0,
            reopen: 0,
            source: kept.text,
            course: Course::Paused,
            preview,
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
        let (changed, parted) = (Notify::new(), Notify::new());
        Self { surface, target, state: Mutex::new(state), changed, parted, sending: AsyncMutex::new(()) }
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
        state.course = Course::Growing;
        drop(state);
        self.changed.notify_one();
    }

    /// Waits until a part has gone out as a message of its own.
    pub async fn parted(&self) {
        self.parted.notified().await;
    }

    /// The user has stopped this preview: nothing is shown any more until it lands. `false`: it is none of this reply.
    pub fn hush(&self, id: PreviewId) -> bool {
        let mut state = self.state();
        let closed = state.closed;
        let preview = state.preview.as_mut().filter(|preview| preview.is(id, closed));
        preview.map(|preview| preview.hushed = true).is_some()
    }

    /// A message of ours took the preview away, if there was one: it comes back in the next slot.
    pub fn renew(&self) {
        if let Some(preview) = &mut self.state().preview {
            preview.lost();
        }
        self.changed.notify_one();
    }

    /// Whether it ended in a new message, which makes a sound by itself.
    pub fn rang(&self) -> bool {
        let state = self.state();
        state.preview.is_some() && state.open.is_some()
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
        let state = self.state();
        let mut end = state.source.len().min(KEPT_TEXT);
        while !state.source.is_char_boundary(end) {
            end -= 1;
        }
        LiveState {
            open: state.open.clone(),
            closed: state.closed,
            text: state.source[..end].to_owned(),
            preview: state.preview.as_ref().filter(|_| state.open.is_none()).map(|preview| preview.id),
        }
    }

    /// Keeps the chat up to date for as long as it is polled. Sends nothing while `may` says no.
    pub async fn pump(&self, may: impl Fn() -> bool) {
        loop {
            let due = self.due();
            tokio::select! {
                () = self.changed.notified() => {}
                () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
            }
            while !matches!(self.step_in_slot(&may, true).await, Step::Idle) {}
        }
    }

    /// Posts or previews it if that is not done yet, without waiting for more to show.
    pub async fn open(&self, may: impl Fn() -> bool) {
        if self.message().is_none() {
            self.show(may).await;
        }
    }

    /// Shows the last text and waits until it has landed, penalties included. What was previewed is posted.
    pub async fn land(&self, may: impl Fn() -> bool) {
        self.settle(Course::Ended, may).await;
    }

    /// Shows the text as it stands, all of it, and waits until that is done; more may come.
    pub async fn show(&self, may: impl Fn() -> bool) {
        self.settle(Course::Paused, may).await;
    }

    async fn settle(&self, course: Course, may: impl Fn() -> bool) {
        self.state().course = course;
        loop {
            // What shows has landed; to show it again is for whoever pumps.
            if matches!(self.step_in_slot(&may, false).await, Step::Idle) {
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

    async fn step_in_slot(&self, may: &impl Fn() -> bool, renews: bool) -> Step {
        let _sending = self.sending.lock().await;
        let limit = self.surface.capabilities(&self.target.conversation.place).text_limit;
        let slot = {
            let state = self.state();
            // What has landed does not wait for a slot that it has no use for.
            if matches!(state.plan(limit, renews), Plan::Nothing) {
                return Step::Idle;
            }
            state.slot
        };
        tokio::time::sleep_until(slot).await;
        while !may() {
            tokio::time::sleep(HELD_LOOK).await;
        }
        self.step(renews).await
    }

    async fn step(&self, renews: bool) -> Step {
        let limit = self.surface.capabilities(&self.target.conversation.place).text_limit;
        let now = Instant::now();
        let (plan, growing) = {
            let state = self.state();
            (state.plan(limit, renews), state.is_growing())
        };
        let outcome = match &plan {
            Plan::Nothing => return Step::Idle,
            Plan::Post(reply) => self.post(reply).await.map(|message| {
                let mut state = self.state();
                state.open = Some(message);
                state.shown = Some((reply.text.clone(), reply.buttons.clone()));
            }),
            Plan::Edit(message, reply) => self.surface.edit(&self.target, message, reply).await.inspect(|()| {
                self.state().shown = Some((reply.text.clone(), reply.buttons.clone()));
            }),
            Plan::Preview(id, reply) => self.surface.preview(&self.target, *id, reply).await.inspect(|()| {
                let mut state = self.state();
                state.shown = Some((reply.text.clone(), reply.buttons.clone()));
                if let Some(preview) = &mut state.preview {
                    preview.was_shown(now);
                }
                drop(state);
                // Whoever pumps has to know when it is due.
                self.changed.notify_one();
            }),
            Plan::Close(Some(message), reply, taken) => {
                self.surface.edit(&self.target, message, reply).await.inspect(|()| self.state().close(taken))
            }
            Plan::Close(None, reply, taken) => self.post(reply).await.map(|_| {
                self.state().close(taken);
                self.parted.notify_one();
            }),
        };
        self.state().after(&plan, growing, outcome)
    }

    async fn post(&self, reply: &Reply) -> Result<MessageId, SurfaceError> {
        let message = self.surface.post(&self.target, reply, DeliveryKey::random()).await?;
        crash::point("live.posted");
        Ok(message)
    }

    /// When a preview that shows has to be shown again.
    fn due(&self) -> Option<Instant> {
        let state = self.state();
        let shows = !state.dead && !state.has_ended() && state.open.is_none() && state.shown.is_some();
        state.preview.as_ref().filter(|_| shows).and_then(Preview::due)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
