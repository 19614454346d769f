//! One render job, as a pure state machine: what was seen and the time go in, the next state and what to do come out.
//!
//! The id goes to the store before it goes to the backend, and after a crash the backend is asked before anything is
//! sent again. The status message is edited into the complete result, which may be repeated; then one message rings,
//! at most once.

pub mod courier;
mod link;
mod payer;
mod setback;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

pub use self::payer::Payer;
use crate::chat::id::MessageId;
use crate::chat::reply::Button;
use crate::chat::rich::RichText;
use crate::chat::surface::Target;
use crate::clock::Timestamp;
use crate::language::Language;
use crate::nemo::{RenderId, SessionId};

/// The argument of a **Stop** button that means the render and not the turn.
pub const STOP_RENDER: &str = "render";

/// A first poll comes early: a short clip is done by then.
const FIRST_POLL: Duration = Duration::from_secs(10);
/// A failed render gets one more id, never a third.
const ATTEMPTS: u32 = 2;

/// A render job in the ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenderJob {
    /// Its name in the ledger: the first id.
    pub name: RenderId,
    /// The id that the backend knows it by now.
    pub render: RenderId,
    /// To whom the result goes.
    pub target: Target,
    /// In which language.
    pub language: Language,
    /// On whose account; sealed with the job until it ends.
    pub payer: Payer,
    /// Of which session.
    pub session: SessionId,
    /// Of which project; its buttons carry it.
    pub project: u64,
    /// The message that shows how it stands and becomes the result.
    pub status: Option<MessageId>,
    /// What that message says while it waits: the same is not said twice.
    #[serde(default)]
    pub stands: Option<String>,
    /// What had been written for the clip when it was asked for; stands below the result.
    #[serde(default)]
    pub card: Option<ResultCard>,
    /// Whether its person may open the project in a browser.
    #[serde(default)]
    pub web: bool,
    /// When it was asked for.
    pub requested: Timestamp,
    /// How many ids were used.
    pub attempt: u32,
    /// A submit was refused once because there were too many.
    #[serde(default)]
    pub waited: bool,
    /// How far it is.
    pub phase: Phase,
}

/// Titles, description and tags below a result, with their buttons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultCard {
    /// Its words.
    pub text: RichText,
    /// Its buttons.
    pub buttons: Vec<Button>,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The id is stored; whether it was `sent` is known only if it was not.
    Requested {
        /// The submit went out, or may have.
        sent: bool,
    },
    /// The backend has it.
    Rendering,
    /// It is done; the status message is being edited into the result.
    Delivering(Finished),
    /// The result stands; the message that rings goes out, or went out.
    Ringing(Finished),
    /// All is said.
    Delivered,
    /// It came to nothing, which is to be said.
    Closing(Ending),
    /// It ended without a file.
    Ended(Ending),
}

/// A finished file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Where it lies; fetched without our authorization. `None`: the backend hands it out itself, to its account alone.
    pub url: Option<Url>,
    /// Its size in bytes, if told.
    pub size: Option<u64>,
    /// Its playing time, if told.
    pub duration: Option<Duration>,
    /// Its picture size in pixels, if known.
    pub resolution: Option<(u64, u64)>,
}

/// Why a job ended without a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It failed under two ids.
    Failed,
    /// The plan does not allow it.
    PlanBlocked,
    /// It was not done at the deadline.
    GaveUp,
    /// The user stopped it.
    Stopped,
    /// The project has nothing to render any more.
    Empty,
    /// The credits are used up.
    NoCredits,
    /// The backend does not know the project any more.
    SessionGone,
    /// The person's own token is refused.
    OwnRefused,
    /// The operator's token is refused.
    OperatorRefused,
    /// The anonymous account's token is refused, and there is no other.
    NoAccount,
    /// There were too many requests, twice; the backend asks to wait this long.
    Busy(Duration),
    /// It was refused for a reason that is not the user's.
    Refused,
    /// It has cost several workers their lives.
    Poisoned,
}

impl Ending {
    /// A word for metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::PlanBlocked => "plan_blocked",
            Self::GaveUp => "gave_up",
            Self::Stopped => "stopped",
            Self::Empty => "empty",
            Self::NoCredits => "no_credits",
            Self::SessionGone => "session_gone",
            Self::OwnRefused | Self::OperatorRefused | Self::NoAccount => "no_account",
            Self::Busy(_) => "busy",
            Self::Refused => "refused",
            Self::Poisoned => "poisoned",
        }
    }
}

/// What was seen.
#[derive(Clone, Debug)]
pub enum Seen {
    /// Someone took the job up.
    Claimed,
    /// Someone took the job up after several had vanished over it.
    Poisoned,
    /// The user stopped it.
    Stopped,
    /// The backend took the submit.
    Accepted,
    /// The backend has had a submit under this id.
    Duplicate,
    /// The backend refused, for good.
    Refused(Ending),
    /// The backend refused the submit for now, and asks to wait.
    Busy(Duration),
    /// Nobody knows whether the submit arrived.
    Unsure,
    /// It is being worked on.
    Running,
    /// It is done.
    Done(Finished),
    /// It failed.
    Failed,
    /// The backend does not know the id.
    Unknown,
    /// The backend could not be asked; how long it wants to be left alone, if it said so.
    Unreached(Duration),
    /// The result stands in the status message.
    Shown,
    /// The message that rings went out, or nobody knows.
    Rang,
    /// It was said how it ended.
    Said,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Todo {
    /// Submit the project under the job's id.
    Submit,
    /// Ask how it stands.
    Ask,
    /// Say how it stands, and rest.
    Wait {
        /// What to say.
        say: Standing,
        /// For how long.
        rest: Duration,
    },
    /// Edit the status message into the result.
    Show(Finished),
    /// Send the message that rings.
    Ring(Finished),
    /// Say how it ended, and close.
    Close(Ending),
    /// Nothing is left to do.
    Leave,
}

/// How a job stands, for its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It renders.
    Rendering,
    /// It still renders, longer than usual.
    StillRendering,
    /// The backend does not answer, and has not taken it as far as anybody knows.
    Unanswered,
    /// The backend is busy, and has not taken it as far as anybody knows; it is tried again after this long.
    Busy(Duration),
}

/// The times of renders.
#[derive(Clone, Copy, Debug)]
pub struct RenderTimes {
    /// Between polls.
    pub poll_every: Duration,
    /// After this it is said that it takes long.
    pub patience: Duration,
    /// Between polls after that.
    pub slow_poll_every: Duration,
    /// After this it is given up.
    pub deadline: Duration,
}

impl Phase {
    /// A word for logs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Rendering => "rendering",
            Self::Delivering(_) => "delivering",
            Self::Ringing(_) => "ringing",
            Self::Delivered => "delivered",
            Self::Closing(_) => "closing",
            Self::Ended(_) => "ended",
        }
    }
}

impl RenderJob {
    /// A job that was just asked for.
    #[allow(clippy::too_many_arguments, reason = "every field of a new job")]
    pub fn new(
        name: RenderId,
        target: Target,
        language: Language,
        payer: Payer,
        session: SessionId,
        project: u64,
        status: Option<MessageId>,
        requested: Timestamp,
    ) -> Self {
        Self {
            render: name.clone(),
            name,
            target,
            language,
            payer,
            session,
            project,
            status,
            stands: None,
            card: None,
            web: false,
            requested,
            attempt: 1,
            waited: false,
            phase: Phase::Requested { sent: false },
        }
    }

    /// Whether nothing is left to do for it.
    pub fn has_ended(&self) -> bool {
        matches!(self.phase, Phase::Delivered | Phase::Ended(_))
    }

    /// Whether the backend has nothing left to do for it.
    pub fn is_settled(&self) -> bool {
        self.has_ended() || matches!(self.phase, Phase::Closing(_))
    }

    /// Whether it heeds [`Seen::Stopped`]: a file that is done is delivered.
    pub fn can_stop(&self) -> bool {
        matches!(self.phase, Phase::Requested { .. } | Phase::Rendering)
    }

    /// What must be in the store before `todo` is done: anything that goes out under another id or in another phase.
    pub fn differs(&self, stored: &Self) -> bool {
        (&self.phase, &self.render, self.attempt) != (&stored.phase, &stored.render, stored.attempt)
    }

    /// The next state after `seen` at `now`, and what to do. `fresh` is an id that was never used, for a second try.
    #[must_use]
    pub fn next(mut self, seen: Seen, now: Timestamp, times: &RenderTimes, fresh: RenderId) -> (Self, Todo) {
        let todo = match (&self.phase, seen) {
            (Phase::Delivered | Phase::Ended(_), _) => Todo::Leave,
            // Said, or even to say it costs lives.
            (Phase::Closing(ending), Seen::Said) | (Phase::Closing(ending @ Ending::Poisoned), Seen::Poisoned) => {
                self.phase = Phase::Ended(*ending);
                Todo::Leave
            }
            (Phase::Delivering(file), Seen::Shown) => {
                let file = file.clone();
                self.phase = Phase::Ringing(file.clone());
                Todo::Ring(file)
            }
            (Phase::Requested { .. } | Phase::Rendering | Phase::Delivering(_) | Phase::Closing(_), Seen::Poisoned) => {
                self.end(Ending::Poisoned)
            }
            (Phase::Closing(ending), _) => Todo::Close(*ending),
            (Phase::Delivering(file), _) => Todo::Show(file.clone()),
            // Taken up again here means that the message may have gone out: once is enough.
            (Phase::Ringing(_), _) => {
                self.phase = Phase::Delivered;
                Todo::Leave
            }
            (Phase::Requested { .. } | Phase::Rendering, Seen::Stopped) => self.end(Ending::Stopped),
            (Phase::Requested { sent: false }, Seen::Claimed) => {
                // From here on by the store's clock, with which all of its times are compared.
                self.requested = now;
                self.phase = Phase::Requested { sent: true };
                Todo::Submit
            }
            (Phase::Requested { .. } | Phase::Rendering, Seen::Claimed) => Todo::Ask,
            // Nobody else could use the id, so an earlier submit of ours has arrived: ask before anything is sent again.
            (_, Seen::Accepted | Seen::Duplicate) => {
                self.phase = Phase::Rendering;
                Todo::Wait { say: Standing::Rendering, rest: FIRST_POLL.min(times.poll_every) }
            }
            (_, Seen::Refused(ending)) => self.end(ending),
            (_, Seen::Busy(wait)) if self.waited || wait > times.patience => self.end(Ending::Busy(wait)),
            (_, Seen::Busy(wait)) => {
                self.waited = true;
                Todo::Wait { say: Standing::Busy(wait), rest: wait }
            }
            (_, Seen::Failed) | (Phase::Rendering, Seen::Unknown) => self.again(fresh, now, times),
            (Phase::Requested { .. }, Seen::Unknown) if self.is_late(now, times) => self.end(Ending::GaveUp),
            (Phase::Requested { .. }, Seen::Unknown) => Todo::Submit,
            (_, Seen::Done(file)) => {
                self.phase = Phase::Delivering(file.clone());
                Todo::Show(file)
            }
            (_, Seen::Running) => {
                self.phase = Phase::Rendering;
                self.wait(Duration::ZERO, now, times)
            }
            (_, Seen::Unreached(wait)) => self.wait(wait, now, times),
            (_, Seen::Unsure | Seen::Shown | Seen::Rang | Seen::Said) => self.wait(Duration::ZERO, now, times),
        };
        (self, todo)
    }

    /// Rests until the next question, and for `wait` at least.
    fn wait(&mut self, wait: Duration, now: Timestamp, times: &RenderTimes) -> Todo {
        if self.is_late(now, times) {
            return self.end(Ending::GaveUp);
        }
        let (say, rest) = if now.since(self.requested) >= times.patience {
            (Standing::StillRendering, times.slow_poll_every)
        } else {
            (Standing::Rendering, times.poll_every)
        };
        let rest = rest.max(wait.min(times.slow_poll_every));
        // What nobody is known to have taken does not render.
        let say = if self.phase == Phase::Rendering { say } else { Standing::Unanswered };
        Todo::Wait { say, rest }
    }

    fn is_late(&self, now: Timestamp, times: &RenderTimes) -> bool {
        now.since(self.requested) >= times.deadline
    }

    fn again(&mut self, fresh: RenderId, now: Timestamp, times: &RenderTimes) -> Todo {
        if self.attempt >= ATTEMPTS || self.is_late(now, times) {
            return self.end(Ending::Failed);
        }
        self.attempt += 1;
        self.render = fresh;
        self.phase = Phase::Requested { sent: true };
        Todo::Submit
    }

    fn end(&mut self, ending: Ending) -> Todo {
        self.phase = Phase::Closing(ending);
        Todo::Close(ending)
    }
}

#[cfg(test)]
mod tests;
