//! What a live message is about to do next, and what it makes of the answer. No I/O.

use std::time::Duration;

use tokio::time::Instant;

use super::overrun::Overrun;
use super::preview::Preview;
use super::{PLACEHOLDER, SMALLEST_END, UNREACHED_WAIT, WIDEST_GAP};
use crate::chat::id::{MessageId, PreviewId};
use crate::chat::reply::{Button, Reply};
use crate::chat::rich::{self, RichText, TextLimit};
use crate::chat::surface::SurfaceError;
use crate::conversation::record::LiveState;

/// See the module.
#[derive(Debug)]
pub(super) struct State {
    pub(super) open: Option<MessageId>,
    pub(super) closed: usize,
    /// Markdown of the open part: `reopen`, then the visible text from `base` on.
    pub(super) source: String,
    pub(super) reopen: usize,
    pub(super) base: usize,
    /// Up to here the visible text will not change any more.
    pub(super) settled: usize,
    pub(super) course: Course,
    /// A part was posted or closed and is not stored yet; nothing goes out before it is.
    pub(super) unkept: bool,
    /// The first part counts as well.
    pub(super) at_once: bool,
    /// What becomes of a text that is too long for the place.
    pub(super) overrun: Overrun,
    /// Where the text grows as a preview: no message shows it before it is complete.
    pub(super) preview: Option<Preview>,
    pub(super) foot: RichText,
    pub(super) buttons: Vec<Button>,
    pub(super) shown: Option<(RichText, Vec<Button>)>,
    pub(super) slot: Instant,
    /// The pace of the place, and what it has widened to.
    pub(super) pace: Duration,
    pub(super) gap: Duration,
    pub(super) failures: u32,
    /// Since when the platform has not answered.
    pub(super) silent: Option<Instant>,
    /// Why nothing goes out any more, if so.
    pub(super) shut: Option<Shut>,
    /// Somebody deleted the open message: the next one begins with what it should show.
    pub(super) deleted: bool,
    /// Marks of posts whose answer was lost: their message may stand in the chat, and nobody knows its name.
    pub(super) lost: Vec<String>,
    /// What is said below, with its buttons, while the way is about to end.
    pub(super) parting: Option<(RichText, Vec<Button>)>,
}

/// Why nothing goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shut {
    /// The place refuses for good; nothing more is tried.
    Refused,
    /// It refuses because the bot was blocked or put out.
    Barred,
    /// The way to the message has ended: it waits for another.
    Away,
}

/// How far the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// More of it comes, so its end may be held back.
    Growing,
    /// It is shown to its last mark; more may come.
    Paused,
    /// All of its words are known, and what stands below them is not: what shows stays until both go out in one edit.
    Complete,
    /// Nothing comes any more: what has only been previewed is posted.
    Ended,
}

/// What to do next so that the chat shows what it should.
pub(super) enum Plan {
    Nothing,
    Post(Reply),
    Edit(MessageId, Reply),
    /// Show a text that is in no message yet.
    Preview(PreviewId, Reply),
    /// The open part is full: give it its final text, or post it if it was only previewed, then go on in a new message.
    Close(Option<MessageId>, Reply, rich::Taken),
    /// The reply is longer than its messages: send all of it as a file.
    File,
}

/// How one step went.
pub(super) enum Step {
    Idle,
    Sent,
    Wait,
}

/// What of the text goes into the open message.
enum Fit {
    /// All of it.
    Open(RichText),
    /// As much as a message holds.
    Full(RichText, rich::Taken),
    /// As much as the last message of the reply holds; a file holds all of it.
    Over(RichText),
}

impl State {
    /// How it stands, with at most so many bytes of its open text.
    pub(super) fn kept(&self, most: usize) -> LiveState {
        LiveState {
            earlier: self.overrun.kept(self.reopen, self.source.len(), most),
            open: self.open.clone(),
            closed: self.closed,
            text: self.source[..self.source.floor_char_boundary(most)].to_owned(),
            preview: self.preview.as_ref().filter(|_| self.open.is_none()).map(|preview| preview.id),
            lost: self.lost.clone(),
        }
    }

    pub(super) fn write(&mut self, keep: usize, tail: &str) {
        // What lies in closed parts is final; only the rest of a tail that reaches into them is taken.
        let skip = self.base.saturating_sub(keep);
        let at = self.reopen + keep.saturating_sub(self.base);
        self.source.truncate(self.source.floor_char_boundary(at));
        self.source.push_str(&tail[tail.ceil_char_boundary(skip)..]);
    }

    /// What to do now; `renews`: also to show a preview again that would end.
    pub(super) fn plan(&self, limit: TextLimit, renews: bool) -> Plan {
        if self.shut.is_some() || self.course == Course::Complete {
            return Plan::Nothing;
        }
        let Some(message) = self.open.clone() else {
            if let Some(preview) = &self.preview {
                return self.plan_preview(preview, limit, renews);
            }
            let foot = self.below();
            if self.source.is_empty() && foot.is_empty() {
                return Plan::Nothing;
            }
            match self.deleted.then(|| self.fit(limit)) {
                Some(Fit::Full(text, taken)) => return Plan::Close(None, Reply::new(text).quietly(), taken),
                Some(Fit::Open(text) | Fit::Over(text)) if !text.is_empty() => return Plan::Post(self.reply(text)),
                _ => {}
            }
            let first = if self.source.is_empty() { foot } else { RichText::plain(PLACEHOLDER) };
            return Plan::Post(Reply::new(first).with_buttons(self.keys()).quietly());
        };
        match self.fit(limit) {
            Fit::Full(text, taken) => Plan::Close(Some(message), Reply::new(text).quietly(), taken),
            Fit::Over(text) if self.shows(&text) && self.has_ended() && !self.overrun.filed => Plan::File,
            Fit::Open(text) | Fit::Over(text) if text.is_empty() || self.shows(&text) => Plan::Nothing,
            // An edit that is not quiet goes before those that are: the last text of a turn.
            Fit::Open(text) | Fit::Over(text) => Plan::Edit(message, self.reply(text)),
        }
    }

    /// The complete text is posted at once, not put into a placeholder: a reply never uses both transports.
    fn plan_preview(&self, preview: &Preview, limit: TextLimit, renews: bool) -> Plan {
        if self.source.is_empty() && self.foot.is_empty() && self.shown.is_none() {
            return Plan::Nothing;
        }
        match self.fit(limit) {
            Fit::Full(text, taken) => Plan::Close(None, Reply::new(text).quietly(), taken),
            Fit::Open(text) | Fit::Over(text) if self.has_ended() && text.is_empty() => Plan::Nothing,
            Fit::Open(text) | Fit::Over(text) if self.has_ended() => Plan::Post(self.reply(text)),
            Fit::Open(_) | Fit::Over(_) if preview.hushed => Plan::Nothing,
            Fit::Open(text) | Fit::Over(text) if self.shows(&text) && !(renews && preview.is_due()) => Plan::Nothing,
            Fit::Open(text) | Fit::Over(text) => Plan::Preview(preview.id, self.reply(text)),
        }
    }

    fn fit(&self, limit: TextLimit) -> Fit {
        let below = self.below();
        let foot = below.length(limit);
        let room = limit.less(if foot == 0 { 0 } else { foot + 2 });
        let mut text = rich::take(&self.source, room);
        let fits = text.used == self.source.len();
        if !fits {
            text = rich::take(&self.source, limit);
            let all = text.used == self.source.len();
            if self.overrun.ends_at(self.closed) && !(all && self.is_growing()) {
                return Fit::Over(self.end(limit));
            }
            let settled = self.base + text.used.saturating_sub(self.reopen) <= self.settled;
            if !self.is_growing() || (settled && !all) {
                // Nothing is held back in a part that will not change any more.
                let shown = if all { RichText::markdown(&self.source) } else { text.text.clone() };
                return Fit::Full(shown, text);
            }
        }
        // What is complete is shown as it is: only a text that still grows may hold its end back.
        let text = if self.is_growing() { text.text } else { RichText::markdown(&self.source) };
        // Where only the foot does not fit, it waits: a text that still grows is not cut for it.
        Fit::Open(if fits { text.then(below) } else { text })
    }

    /// What stands below the text now.
    fn below(&self) -> RichText {
        match &self.parting {
            Some((words, _)) if !self.has_ended() => self.foot.clone().then(words.clone()),
            _ => self.foot.clone(),
        }
    }

    /// The buttons of now.
    fn keys(&self) -> Vec<Button> {
        let parting = self.parting.iter().filter(|_| !self.has_ended()).flat_map(|(_, buttons)| buttons);
        self.buttons.iter().chain(parting).cloned().collect()
    }

    /// The end of what the chat shows of a text that goes on in a file.
    fn end(&self, limit: TextLimit) -> RichText {
        let says = self.overrun.says();
        let foot = self.below();
        let below = if foot.is_empty() { says.clone() } else { says.clone().then(foot.clone()) };
        let taken = below.length(limit) + 2;
        if taken + SMALLEST_END <= limit.max() {
            return rich::take(&self.source, limit.less(taken)).text.then(below);
        }
        // A foot that fills the message by itself leaves no room for more than itself.
        if taken <= limit.max() { below } else { foot }
    }

    /// All of the reply, for a file.
    pub(super) fn file(&self) -> Reply {
        self.overrun.file(self.source.get(self.reopen..).unwrap_or_default())
    }

    pub(super) fn is_growing(&self) -> bool {
        self.course == Course::Growing
    }

    pub(super) fn has_ended(&self) -> bool {
        self.course == Course::Ended
    }

    fn shows(&self, text: &RichText) -> bool {
        self.shown.as_ref().is_some_and(|(old, keys)| old == text && *keys == self.keys())
    }

    fn reply(&self, text: RichText) -> Reply {
        Reply { quiet: self.is_growing(), ..Reply::new(text).with_buttons(self.keys()) }
    }

    pub(super) fn close(&mut self, taken: &rich::Taken) {
        self.closed += 1;
        self.deleted = false;
        self.unkept = true;
        self.open = None;
        self.shown = None;
        if let Some(preview) = &mut self.preview {
            preview.id = preview.id.next();
        }
        self.base += taken.used.saturating_sub(self.reopen);
        // The text may have become shorter while the edit was on its way.
        let used = self.source.floor_char_boundary(taken.used);
        self.overrun.closes(self.source.get(self.reopen..used).unwrap_or_default());
        self.source.replace_range(..used, &taken.reopen);
        self.reopen = taken.reopen.len();
    }

    pub(super) fn after(&mut self, plan: &Plan, growing: bool, outcome: Result<(), SurfaceError>) -> Step {
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
            SurfaceError::Unavailable(cause) | SurfaceError::Unreached(cause) => {
                tracing::debug!(%cause, "A live message could not be sent; trying again");
                self.silent.get_or_insert_with(Instant::now);
                let wait = UNREACHED_WAIT * 2u32.saturating_pow(self.failures.min(6));
                self.slot = Instant::now() + wait.min(WIDEST_GAP);
                Step::Wait
            }
            // There are no previews after all: the rest of the reply grows by edits.
            refused if matches!(plan, Plan::Preview(..)) => {
                tracing::info!(error = %refused, "A preview was refused; this reply goes on by edits");
                self.failures = 0;
                self.preview = None;
                self.shown = None;
                Step::Wait
            }
            // The chat takes no files: the rest follows in messages after all, so that nothing of it is lost.
            refused if matches!(plan, Plan::File) => {
                tracing::info!(error = %refused, "A reply's file was refused; the rest of it follows in messages");
                self.failures = 0;
                self.overrun.lift();
                self.shown = None;
                Step::Wait
            }
            // The user deleted it: what it should show comes once as a new message.
            SurfaceError::Gone if self.failures <= 2 => {
                self.open = None;
                self.shown = None;
                self.deleted = true;
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
                self.shut = Some(if matches!(refused, SurfaceError::Forbidden) { Shut::Barred } else { Shut::Refused });
                Step::Idle
            }
        }
    }
}
