//! What is kept of one conversation, and where.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::described::ClipMetadata;
use super::shape::Shape;
use crate::chat::id::{Back, ConversationId, EventId, MessageId, PlaceId, PreviewId};
use crate::chat::inbound::Inbound;
use crate::chat::reply::Button;
use crate::chat::rich::RichText;
use crate::clock::Timestamp;
use crate::language::Language;
use crate::nemo::{RenderId, SessionId, Snapshot};
use crate::store::{Agenda, Item, Key, Kind};

/// A button that may run once is remembered this often; older ones belong to an earlier project anyway.
const PRESSED_KEPT: usize = 32;
/// Requests that buttons offer. Who goes further back than that has the words in the chat.
const OFFERS_KEPT: usize = 16;
/// Messages that went out unheard and are still known by their buttons. Each takes an outage at the wrong moment.
const LOST_KEPT: usize = 16;
/// What waits for projects that were left: more than an inbox holds.
const LEFT_KEPT: usize = 64;
/// Renders of so many earlier projects can still be stopped. A render takes a minute or two, so more at once would take
/// a person who opens projects all the time.
const RENDERS_KEPT: usize = 16;

/// Last texts that wait for their chat. More turns than this have seldom ended during one outage, and together they must
/// fit a document; the oldest goes.
const UNSHOWN_KEPT: usize = 12;
/// The first wait before a text that the chat did not take is tried again; doubles up to the longest.
const UNSHOWN_FIRST: Duration = Duration::from_secs(15);
/// Longest such wait.
const UNSHOWN_LONGEST: Duration = Duration::from_mins(10);
/// How long it is tried.
const UNSHOWN_PATIENCE: Duration = Duration::from_hours(168);

/// The document of one conversation: its open project, and what is under way.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// The open project.
    pub project: Project,
    /// The agent turn that is under way, from before its request goes out until its answer has landed.
    pub turn: Option<Turn>,
    /// The upload that is under way.
    pub upload: Option<Upload>,
    /// What goes to the agent when a button is pressed, **Try again** or **Do it**, newest last.
    #[serde(default)]
    pub offers: VecDeque<Offer>,
    /// The agent's last reply as it came, for **Full reply**, where the chat shows something else.
    #[serde(default)]
    pub last_reply: Option<String>,
    /// The language found last in this conversation.
    pub language: Option<Language>,
    /// The platform's idea of the person's language.
    pub locale: Option<String>,
    /// Messages that tell a waiting request its place in line; each becomes the live message of its turn.
    #[serde(default)]
    pub waiting: BTreeMap<EventId, MessageId>,
    /// New words for messages that are still waiting.
    #[serde(default)]
    pub reworded: BTreeMap<MessageId, String>,
    /// Last texts that the chat has not taken yet, oldest first: they are shown when it does.
    #[serde(default)]
    pub unshown: Vec<Unshown>,
    /// Messages whose work was stopped and has not ended yet. Stored before anything is cut, so that whoever goes on
    /// after a crash does not begin it again.
    #[serde(default)]
    pub stopped: Vec<EventId>,
    /// **Start a new one** was pressed: the project changes once the work in hand has ended.
    #[serde(default)]
    pub start_over_after: bool,
    /// What waited when another project was last asked for.
    #[serde(default)]
    pub before_new: Vec<EventId>,
    /// What waits for a project that was left: it is dropped in words when its turn comes. In the new project the agent
    /// would make something else of it, without its clips, and charge for that.
    #[serde(default)]
    pub left: Vec<EventId>,
    /// When the person's row last listed this conversation; both are kept from their last writing.
    #[serde(default)]
    pub listed: Option<Timestamp>,
    /// The newest render of earlier projects, with the project's number, oldest first: their **Stop** still works.
    #[serde(default)]
    pub renders: VecDeque<(u64, RenderId)>,
    /// Marks of posts whose answer was lost, of replies that have ended.
    #[serde(default)]
    pub lost: VecDeque<String>,
    /// So many holders vanished before the message in hand came to its turn: they say nothing about it.
    #[serde(default)]
    pub forgiven: u32,
    /// Arguments of buttons that may run once and have run, each with the press that ran it.
    #[serde(default)]
    pub pressed: VecDeque<(String, EventId)>,
}

impl Record {
    /// Notes that a button that may run once has run. `false`: it had, by another press than `event`. The same press
    /// comes again where its holder went away before it was done.
    pub fn press(&mut self, argument: &str, event: &EventId) -> bool {
        if let Some((_, by)) = self.pressed.iter().find(|(known, _)| known == argument) {
            return by == event;
        }
        self.pressed.push_back((argument.to_owned(), event.clone()));
        if self.pressed.len() > PRESSED_KEPT
            && let Some((forgotten, _)) = self.pressed.pop_front()
        {
            // Nobody would know any more that it was done.
            self.offers.retain(|offer| offer.mark != forgotten);
        }
        true
    }

    /// What waits is for a project that is left.
    pub fn leave(&mut self, waiting: Vec<EventId>) {
        self.left.extend(waiting);
        let over = self.left.len().saturating_sub(LEFT_KEPT);
        self.left.drain(..over);
    }

    /// Keeps a request until the button with that mark is pressed.
    pub fn offer(&mut self, mark: String, request: Request) {
        self.offers.push_back(Offer { mark, request });
        if self.offers.len() > OFFERS_KEPT {
            self.offers.pop_front();
        }
    }

    /// The request behind the button with that mark.
    pub fn offered(&self, mark: &str) -> Option<&Request> {
        self.offers.iter().find(|offer| offer.mark == mark).map(|offer| &offer.request)
    }

    /// Remembers marks of posts whose answer was lost: a press tells by them that its message is none of a reply.
    pub fn lose(&mut self, marks: Vec<String>) {
        self.lost.extend(marks);
        let over = self.lost.len().saturating_sub(LOST_KEPT);
        self.lost.drain(..over);
    }

    /// Keeps a last text to be shown later.
    pub fn owe(&mut self, text: Unshown) {
        self.unshown.push(text);
        if self.unshown.len() > UNSHOWN_KEPT {
            tracing::error!("Too many answers wait for their chat; the oldest is dropped");
            self.unshown.remove(0);
        }
    }

    /// How long to rest before what is unshown is tried again, if it is to be.
    pub fn again(&self, now: Timestamp) -> Option<Duration> {
        self.unshown.first().and_then(|text| text.again(now))
    }

    /// Closes the project and opens the next one. Nothing is deleted at the backend.
    pub fn start_over(&mut self) {
        if let Some(render) = self.project.render.take() {
            self.renders.push_back((self.project.number, render));
            if self.renders.len() > RENDERS_KEPT {
                self.renders.pop_front();
            }
        }
        self.project = Project { number: self.project.number + 1, ..Project::default() };
        self.last_reply = None;
        self.before_new.clear();
        self.offers.clear();
        self.pressed.clear();
    }
}

/// A request that a button repeats, or an edit that it orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The button's argument.
    pub mark: String,
    /// What is sent to the agent.
    #[serde(flatten)]
    pub request: Request,
}

/// What is asked of the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The person's words, or a button's.
    #[serde(rename = "request")]
    pub text: String,
    /// The clips that they are about, by their names, where that is known. What the agent writes is kept for the last.
    #[serde(default)]
    pub about: Vec<String>,
    /// The words are a button's or a command's: what they name was not named by the person.
    #[serde(default)]
    pub ours: bool,
}

impl Request {
    /// About these clips.
    pub fn about(text: String, clips: Vec<String>) -> Self {
        Self { text, about: clips, ours: false }
    }

    /// The words of a button or a command, about these clips.
    pub fn worded(text: String, clips: Vec<String>) -> Self {
        Self { ours: true, ..Self::about(text, clips) }
    }

    /// What the person has said themselves.
    pub fn own_words(&self) -> &str {
        if self.ours { "" } else { &self.text }
    }

    /// What the agent is told. It does not act on an upload alone, and takes its newest clip to be meant where none is
    /// named.
    pub fn words(&self) -> String {
        // A name without an extension is a word like any other.
        let is_named = |name: &String| name.contains('.') && self.text.contains(name.as_str());
        if self.about.iter().all(is_named) {
            return self.text.clone();
        }
        format!("{}\n({})", self.text, self.about.join(", "))
    }
}

impl From<String> for Request {
    fn from(text: String) -> Self {
        Self { text, about: Vec::new(), ours: false }
    }
}

/// One backend session and what we know of it. A conversation has one open project.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Project {
    /// Counts up in its conversation; buttons carry it.
    pub number: u64,
    /// The backend's session, once there is one.
    pub session: Option<SessionId>,
    /// The backend's task, for the link into the web.
    pub task: Option<String>,
    /// It was refused a place of its own, and stays where the conversation is.
    #[serde(default)]
    pub threadless: bool,
    /// Names of the clips, in the order of their arrival.
    #[serde(default)]
    pub clips: Vec<String>,
    /// What was written for its clips, oldest first; of each clip the latest.
    #[serde(default)]
    pub metadata: Vec<ClipMetadata>,
    /// The publishing platforms that its person has named.
    #[serde(default)]
    pub platforms: Vec<String>,
    /// The newest render.
    pub render: Option<RenderId>,
    /// How often the person had changed accounts when the session was opened; after that it is another's session.
    #[serde(default)]
    pub switches: u32,
    /// Its thread, where it has a place of its own.
    #[serde(default)]
    pub thread: Option<PlaceId>,
}

/// An agent turn whose request may have gone out. Stored before it does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Turn {
    /// The messages that asked for it: one, or the items of an album.
    pub events: Vec<EventId>,
    /// What was sent to the agent.
    #[serde(flatten)]
    pub request: Request,
    /// How far it is.
    pub phase: Phase,
    /// The project before it.
    pub before: Snapshot,
    /// When the request went out, by the store's clock.
    pub since: Timestamp,
    /// The live message.
    pub live: LiveState,
    /// State reads that are done after a lost stream.
    pub rechecks: u32,
    /// Set once the agent's words are complete and stored: whether its last tool result had words after it. From here
    /// on nothing has to be looked up to end the turn.
    #[serde(default)]
    pub said: Option<bool>,
    /// What is shown beside those words.
    #[serde(default)]
    pub shape: Shape,
    /// The way back that its person has brought since it began.
    #[serde(default)]
    pub back: Option<Back>,
}

/// How far a turn is. Each step can be taken once, whoever holds what: the gate before the only costly effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The request goes out, or went out. It is never sent again from here.
    Dispatched,
    /// The first request was definitely refused before it ran; the second goes out, or went out. Never a third.
    DispatchedAgain,
}

/// What is kept of a live message, so that another instance can go on with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveState {
    /// The message that still changes.
    pub open: Option<MessageId>,
    /// How many messages of it are full and closed.
    pub closed: usize,
    /// The Markdown that the open message shows.
    pub text: String,
    /// The preview in which the text grows instead of a message: what it shows is in no message yet, and whoever goes
    /// on has to post it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<PreviewId>,
    /// Marks of posts whose answer was lost: a Stop that bears one stands on a message that nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// Where a reply that is too long for its place ends with a file: what it takes to make it.
    #[serde(default, skip_serializing_if = "Earlier::is_empty")]
    pub earlier: Earlier,
}

/// What the full messages of a reply hold, for the file that holds all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Their Markdown.
    pub text: String,
    /// With so many bytes the open message's text only takes up again what a cut went through.
    pub reopen: usize,
    /// Some of the reply was too much to keep, so the file does not hold all of it.
    pub cut: bool,
    /// The file has gone out.
    pub filed: bool,
}

impl Earlier {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A last text that its chat has not taken: the platform does not answer, or the user has blocked the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unshown {
    /// The message, with all of its open text.
    pub live: LiveState,
    /// What stands below the text.
    pub foot: RichText,
    /// Its buttons.
    pub buttons: Vec<Button>,
    /// When it should have been shown.
    pub since: Timestamp,
    /// How often it was tried since then.
    pub tries: u32,
    /// The user has blocked the bot, so only a message of theirs tells that it may speak again.
    pub barred: bool,
}

impl Unshown {
    /// How long to rest before it is tried again; `None`: not before the user writes.
    ///
    /// The waits double, so that an outage of a minute costs a quarter of one, and stop at ten minutes, so that the end
    /// of a long one is noticed while the answer is of use. After a week nobody waits for it: it stays in the record
    /// and is shown when the user comes back.
    pub fn again(&self, now: Timestamp) -> Option<Duration> {
        let over = now.since(self.since) >= UNSHOWN_PATIENCE;
        let wait = UNSHOWN_FIRST * 2u32.saturating_pow(self.tries.min(8));
        (!self.barred && !over).then_some(wait.min(UNSHOWN_LONGEST))
    }
}

/// An upload that is under way or done, whose message has not been finished yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Upload {
    /// The message that brought the files.
    pub event: EventId,
    /// Names of the files that have arrived.
    pub done: Vec<String>,
    /// How many clips the project held before the file that is under way, if one is; a look at it tells whether that
    /// one arrived.
    pub before: Option<usize>,
    /// The message that shows the progress.
    pub message: Option<MessageId>,
    /// Whether its words have gone on to the agent: until then a corrected caption counts.
    #[serde(default)]
    pub worded: bool,
}

/// What waits in a conversation's inbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// What came in.
    pub inbound: Inbound,
    /// When it was stored, by the clock of the instance that stored it.
    pub at: Timestamp,
}

/// Keys and agenda items of one conversation. All of them share its person's partition.
#[derive(Clone, Debug)]
pub struct Shelf {
    owner: String,
    name: String,
}

/// Seen events outlive Telegram's own memory of an update (24 h) by as much again.
pub const SEEN_KEPT: Duration = Duration::from_hours(48);

impl Shelf {
    /// Where the things of `conversation` are.
    pub fn of(conversation: &ConversationId) -> Self {
        Self { owner: conversation.owner(), name: conversation.to_string() }
    }

    /// The conversation's record.
    pub fn record(&self) -> Key {
        Key::new(Kind::Record, &self.owner, &self.name)
    }

    /// What waits for it.
    pub fn inbox(&self) -> Key {
        Key::new(Kind::Inbox, &self.owner, &self.name)
    }

    /// The mark that an event was taken. Events are unique on their platform, so it names no person and may outlive one
    /// who was forgotten.
    pub fn seen(&self, event: &EventId) -> Key {
        let platform = self.owner.split(':').next().unwrap_or_default();
        Key::new(Kind::Seen, &self.owner, &format!("{platform}:{event}"))
    }

    /// What is kept of the person.
    pub fn person(&self) -> Key {
        Key::new(Kind::Person, &self.owner, &self.owner)
    }

    /// The right to ask for the person's anonymous account.
    pub fn account_lock(&self) -> Key {
        Key::new(Kind::AccountLock, &self.owner, &self.owner)
    }

    /// The mark that the person was forgotten, by its keyed hash.
    pub fn forgotten(&self, hash: &str) -> Key {
        Key::new(Kind::Forgotten, &self.owner, hash)
    }

    /// The person across all places: `telegram:42`.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// A render job of the person.
    pub fn job(&self, render: &RenderId) -> Key {
        Key::new(Kind::Job, &self.owner, &self.job_name(render))
    }

    /// The conversation on its agenda.
    pub fn item(&self) -> Item {
        Item::new(&self.owner, &self.name)
    }

    /// The mark that a render is to stop. Its courier holds the job, so nobody else may write there.
    pub fn render_stop(&self, render: &RenderId) -> Key {
        Key::new(Kind::Job, &self.owner, &format!("{}:stop", self.job_name(render)))
    }

    /// The way back that the person has brought since a render was asked for.
    pub fn render_way(&self, render: &RenderId) -> Key {
        Key::new(Kind::Job, &self.owner, &format!("{}:way", self.job_name(render)))
    }

    /// A render job on its agenda.
    pub fn render_item(&self, render: &RenderId) -> Item {
        Item::new(&self.owner, &self.job_name(render))
    }

    /// The agenda on which conversations wait.
    pub const AGENDA: Agenda = Agenda::Conversations;

    fn job_name(&self, render: &RenderId) -> String {
        format!("{}:{}", self.owner, render.as_str())
    }
}
