//! The live message: one message that grows while the agent speaks, and rolls over into the next when it is full.
//!
//! Latest text wins; one edit in flight; paced by the place; a penalty is waited out in full and widens the pace. The
//! text is rendered when the slot opens, never queued. Full parts are closed for good, so only the open tail is ever
//! rendered again and the cost stays linear in the length of the reply; a part is closed only with text that will not
//! change any more. An edit in the middle may fail; the last one must land, now or when the platform answers again.
//!
//! Whoever goes on after a crash must find the parts as the chat shows them. So each part that was posted or closed is
//! stored before the next thing goes out ([`Keeper`]): without that, text of a closed part would be shown twice.
//!
//! Where a place takes only so many messages of one reply, the last of them ends in words that say so, and all of the
//! text follows as a file; where the chat takes no file, the rest goes on in messages.
//!
//! Where the place shows text that is no message yet ([`Surface::previews`]), a reply may grow so instead: no message of
//! it stands before its text, or a full part of it, is complete. What it began with it keeps, unless previews are
//! refused.

mod overrun;
mod preview;
mod send;
mod state;
mod way;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::Instant;

pub use self::overrun::Overflow;
use self::overrun::Overrun;
use self::preview::Preview;
use self::state::{Course, Shut, State, Step};
use super::record::{LiveState, Unshown};
use crate::chat::id::{MessageId, PlaceId, PreviewId};
use crate::chat::reply::Button;
use crate::chat::rich::{RichText, TextLimit};
use crate::chat::surface::{Surface, Target};
use crate::clock::Timestamp;

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
/// Below a foot that leaves less room than this, a text that goes on in a file is left to the file.
const SMALLEST_END: usize = 200;
/// What a new part holds until its text is edited in. If its answer is lost, the orphan is this and not a doubled text.
const PLACEHOLDER: &str = "…";

/// A live message.
#[derive(Debug)]
pub struct Live {
    surface: Arc<dyn Surface>,
    place: PlaceId,
    target: Mutex<Target>,
    state: Mutex<State>,
    changed: Notify,
    /// Held while something is on its way, so that one edit is in flight at a time.
    sending: AsyncMutex<()>,
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

impl Live {
    /// A live message that has not been posted yet, or the one that `kept` describes.
    pub fn new(surface: Arc<dyn Surface>, target: Target, kept: LiveState) -> Self {
        let place = surface.capabilities(&target.conversation.place);
        let (pace, earlier) = (place.edit_interval, kept.earlier);
        let every = surface.previews(&target.conversation.place).filter(|_| kept.open.is_none());
        let preview = kept.preview.zip(every).map(|(id, every)| Preview::new(id, every));
        let state = State {
            open: kept.open,
            closed: kept.closed,
            base: 0,
            reopen: earlier.reopen,
            settled: 0,
            unkept: false,
            at_once: false,
            source: kept.text,
            course: Course::Paused,
            overrun: Overrun::new(place.messages, kept.closed, earlier),
            preview,
            foot: RichText::default(),
            buttons: Vec::new(),
            shown: None,
            slot: Instant::now(),
            pace,
            gap: pace,
            failures: 0,
            silent: None,
            shut: None,
            deleted: false,
            lost: kept.lost,
            parting: None,
        };
        let (place, target) = (target.conversation.place.clone(), Mutex::new(target));
        Self { surface, place, target, state: Mutex::new(state), changed: Notify::new(), sending: AsyncMutex::new(()) }
    }

    /// What to say below a text that goes on in a file, where the place takes only so many messages of one reply.
    #[must_use]
    pub fn overflowing(self, overflow: Overflow) -> Self {
        self.state().overrun.says = overflow;
        self
    }

    /// Its first message is stored before anything else goes out, as later ones are.
    #[must_use]
    pub fn stored_at_once(self) -> Self {
        self.state().at_once = true;
        self
    }

    /// How many messages it takes.
    pub fn messages(&self) -> usize {
        let state = self.state();
        state.closed + usize::from(state.open.is_some())
    }

    /// Replaces what stands below the text, and the buttons. Of a foot that no message could hold, the first part.
    pub fn foot(&self, foot: RichText, buttons: Vec<Button>) {
        let limit = self.surface.capabilities(&self.place).text_limit;
        let foot = if foot.length(limit) > limit.max() { foot.split(limit).into_iter().next() } else { Some(foot) };
        let mut state = self.state();
        state.foot = foot.unwrap_or_default();
        state.buttons = buttons;
        drop(state);
        self.changed.notify_one();
    }

    /// What stands below the text, and the buttons.
    pub fn standing(&self) -> (RichText, Vec<Button>) {
        let state = self.state();
        (state.foot.clone(), state.buttons.clone())
    }

    /// Replaces the visible text from byte `keep` on with `tail`, which may be replaced again. What stands before it
    /// stays.
    pub fn write(&self, keep: usize, tail: &str) {
        let mut state = self.state();
        state.write(keep, tail);
        state.settled = state.settled.max(keep);
        state.course = Course::Growing;
        drop(state);
        self.changed.notify_one();
    }

    /// Puts other words in the place of `written`, all that was written. Of a text that fills messages already, only an
    /// end can come or go: what is closed stays. `false`: all of it stands as it was.
    pub fn rewrite(&self, written: &str, words: &str) -> bool {
        let closed = self.state().closed > 0;
        if !closed {
            self.write(0, words);
            self.settle(words.len());
        } else if let Some(more) = words.strip_prefix(written) {
            self.write(written.len(), more);
            self.settle(words.len());
        } else if written.starts_with(words) && !words.trim().is_empty() {
            self.write(words.len(), "");
        } else {
            return false;
        }
        true
    }

    /// Leaves what shows as it is until its last text lands: what stands below that is on its way, and in between there
    /// would be less to read than before.
    pub fn complete(&self) {
        self.state().course = Course::Complete;
    }

    /// The visible text up to byte `to` will not change any more.
    pub fn settle(&self, to: usize) {
        let mut state = self.state();
        state.settled = state.settled.max(to);
        drop(state);
        self.changed.notify_one();
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

    /// Marks of its posts whose answer was lost. A button that bears one stands on a message that is none of it.
    pub fn lost(&self) -> Vec<String> {
        self.state().lost.clone()
    }

    /// The message that still changes, once it is posted.
    pub fn message(&self) -> Option<MessageId> {
        self.state().open.clone()
    }

    /// The place lets the bot speak again.
    pub fn revive(&self) {
        let mut state = self.state();
        if state.shut == Some(Shut::Barred) {
            (state.shut, state.failures) = (None, 0);
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Whether the place does not let the bot speak.
    pub fn is_barred(&self) -> bool {
        self.state().shut == Some(Shut::Barred)
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
            // A way that has ended is as closed as a chat that was blocked: its person opens another.
            barred: matches!(state.shut, Some(Shut::Barred | Shut::Away)),
        }
    }

    /// Keeps the chat up to date for as long as it is polled. Sends nothing while its keeper says no.
    pub async fn pump(&self, keeper: &impl Keeper) {
        loop {
            let due = self.due();
            tokio::select! {
                () = self.changed.notified() => {}
                () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
            }
            while !matches!(self.step_in_slot(keeper, true).await, Step::Idle) {}
        }
    }

    /// Posts or previews it if that is not done yet, without waiting for anything else.
    pub async fn open(&self, keeper: &impl Keeper) {
        while self.message().is_none() {
            if matches!(self.step_in_slot(keeper, false).await, Step::Idle) || self.is_held_up(LAND_PATIENCE) {
                return;
            }
        }
    }

    /// Shows the last text and waits until it has landed, ordinary penalties included. What was previewed is posted.
    pub async fn land(&self, keeper: &impl Keeper) -> Landed {
        self.land_within(keeper, LAND_PATIENCE).await
    }

    /// The same for a platform that is known not to answer: no longer than `patience`.
    pub async fn land_within(&self, keeper: &impl Keeper, patience: Duration) -> Landed {
        let landed = self.bring(Course::Ended, keeper, patience).await;
        if landed == Landed::Later {
            tracing::warn!(place = %self.place, "A last text cannot be shown now; it is kept");
        }
        landed
    }

    /// Shows the text as it stands, all of it, and waits until that is done or takes too long; more may come.
    pub async fn show(&self, keeper: &impl Keeper) {
        self.bring(Course::Paused, keeper, LAND_PATIENCE).await;
    }

    async fn bring(&self, course: Course, keeper: &impl Keeper, patience: Duration) -> Landed {
        self.state().course = course;
        loop {
            // What shows has landed; to show it again is for whoever pumps.
            if matches!(self.step_in_slot(keeper, false).await, Step::Idle) {
                return if self.state().shut == Some(Shut::Away) { Landed::Later } else { Landed::Done };
            }
            if self.is_held_up(patience) {
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
        self.surface.capabilities(&self.place).text_limit
    }

    /// When a preview that shows has to be shown again.
    fn due(&self) -> Option<Instant> {
        let state = self.state();
        let shows = state.shut.is_none() && !state.has_ended() && state.open.is_none() && state.shown.is_some();
        state.preview.as_ref().filter(|_| shows).and_then(Preview::due)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
