//! One claim's work on one conversation.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify, watch};
use tokio_util::sync::CancellationToken;

use super::Worker;
use super::live::Live;
use super::person::{Account, Person};
use super::record::{Entry, LiveState, Record, Shelf};
use crate::chat::choice::Action;
use crate::chat::id::{Back, ConversationId, EventId, MessageId, PreviewId};
use crate::chat::inbound::InboundKind;
use crate::chat::surface::{Signal, Surface, Target};
use crate::language::{self, Language, Signs};
use crate::say::Say;
use crate::store::{Claim, Expect, Row, StoreError, Version, Write};
use crate::work::held::{Also, Held, HeldError};

/// After this many holders vanished over it, a message is given up in words. Fewer prove nothing: a claim whose answer
/// was lost on the way counts as one.
const POISON_LAPSES: u32 = 3;
/// An album is taken at the latest when its oldest item has waited this long.
const BURST_PATIENCE: Duration = Duration::from_secs(4);
/// A chat action lasts five seconds on Telegram.
const TYPING_EVERY: Duration = Duration::from_secs(4);
/// How long the sign that a request is done may take to go out.
const REACTS_WITHIN: Duration = Duration::from_secs(2);
/// A conversation in use is listed anew this often at most.
const LIST_EVERY: Duration = Duration::from_hours(24);
/// A person's row is written by few at a time, so losing this many races in a row means a loop somewhere.
const PERSON_TRIES: u32 = 10;
/// How long the words on a restart may take to go out when the program stops.
const LAST_WORDS: Duration = Duration::from_millis(1_500);

/// One claim's work.
pub(super) struct Shift {
    pub(super) worker: Arc<Worker>,
    pub(super) surface: Arc<dyn Surface>,
    pub(super) conversation: ConversationId,
    pub(super) shelf: Shelf,
    pub(super) held: Held<Record>,
    /// What is known to wait, oldest first, with the entries in hand still in it.
    pub(super) inbox: Mutex<Vec<(Version, Entry)>>,
    in_hand: Mutex<Vec<EventId>>,
    live: Mutex<Option<Arc<Live>>>,
    live_changed: Notify,
    /// Whether something long runs, so that what comes in is answered or queued meanwhile.
    pub(super) busy: watch::Sender<bool>,
    /// Cancelled by whoever stops what is in hand.
    cut: Mutex<CancellationToken>,
    back: Mutex<Option<Back>>,
    /// The account of the work in hand, once its session is known.
    bound: Mutex<Option<Account>>,
    speaks: Mutex<Language>,
    pub(super) rested: AtomicBool,
    /// Whether a message of ours or theirs stands below the live message.
    pub(super) below: AtomicBool,
    /// Whether the user has been told of the new project that begins when the work in hand has ended.
    pub(super) told_new: AtomicBool,
    /// Whether what was asked for went well, once that is known.
    verdict: Mutex<Option<bool>>,
    /// Held while something is answered beside the work in hand.
    pub(super) answering: AsyncMutex<()>,
    lapses: u32,
}

/// What to do next.
enum Next {
    Work(Vec<(Version, Entry)>),
    Settle(Duration),
    Nothing,
}

impl Shift {
    /// Opens what a claim brought. `None`: there is nothing to do, or nobody here can answer.
    pub(super) fn begin(worker: Arc<Worker>, claim: &Claim) -> Result<Option<Self>, StoreError> {
        let rows = |index: usize| claim.rows.get(index).map(Vec::as_slice).unwrap_or_default();
        let inbox_row = |row: &Row, shelf: &Shelf| -> Result<(Version, Entry), StoreError> {
            Ok((row.version, worker.vault.open(&shelf.inbox(), row)?))
        };
        let Some(conversation) = parse_item(&claim.item.name) else {
            tracing::error!(item = %claim.item.name, "An agenda item names no conversation");
            return Ok(None);
        };
        let shelf = Shelf::of(&conversation);
        let (version, record) = match rows(0).first() {
            Some(row) => (Some(row.version), worker.vault.open(&shelf.record(), row)?),
            None => (None, Record::default()),
        };
        let mut inbox = Vec::new();
        for row in rows(1) {
            inbox.push(inbox_row(row, &shelf)?);
        }
        let Some(surface) = worker.surfaces.get(conversation.platform) else {
            tracing::warn!(%conversation, "This instance does not speak on that platform; another one has to");
            return Ok(None);
        };
        let settings = &worker.settings;
        let speaks = record.language.clone().unwrap_or_else(|| settings.default_language.clone());
        let lapses = claim.lapses;
        let held = Held::new(
            worker.vault.clone(),
            claim.proof(),
            shelf.record(),
            version,
            record,
            settings.keep,
            settings.hold,
        );
        Ok(Some(Self {
            surface,
            conversation,
            shelf,
            held,
            inbox: Mutex::new(inbox),
            in_hand: Mutex::default(),
            live: Mutex::default(),
            live_changed: Notify::new(),
            busy: watch::Sender::new(false),
            cut: Mutex::default(),
            back: Mutex::default(),
            bound: Mutex::default(),
            speaks: Mutex::new(speaks),
            rested: AtomicBool::new(false),
            below: AtomicBool::new(false),
            told_new: AtomicBool::new(false),
            verdict: Mutex::default(),
            answering: AsyncMutex::new(()),
            lapses,
            worker,
        }))
    }

    /// Works until the conversation rests or the claim is lost.
    pub(super) async fn run(self) {
        let outcome = tokio::select! {
            biased;
            outcome = self.serve() => outcome,
            () = self.worker.drained.cancelled() => self.hand_over().await,
            lost = self.held.keep(|record| self.freshen(record)) => Err(lost),
        };
        match outcome {
            Ok(()) => {}
            Err(HeldError::Lost) => tracing::info!(conversation = %self.conversation, "A claim was lost; letting go"),
            Err(error) => {
                tracing::warn!(conversation = %self.conversation, %error, "A conversation was left; it will be taken up again");
            }
        }
    }

    async fn serve(&self) -> Result<(), HeldError> {
        if self.lapses >= POISON_LAPSES {
            self.give_up().await?;
        }
        if self.held.read(|record| record.turn.is_some()).await && !self.has_rested() {
            Box::pin(self.attend(self.resume_turn())).await?;
            self.lay_down();
        }
        self.list().await?;
        while !self.has_rested() {
            if self.worker.stopping.is_cancelled() {
                return self.held.release(Some(Duration::ZERO)).await;
            }
            if lock(&self.inbox).first().is_some_and(|(_, entry)| entry.inbound.burst.is_some()) {
                // Its other items may have come since the last look.
                self.look().await?;
            }
            match self.next() {
                Next::Work(entries) => {
                    self.take_in_hand(&entries).await;
                    Box::pin(self.attend(self.act(entries))).await?;
                    self.lay_down();
                }
                Next::Settle(wait) => return self.held.rest(|_| (), Also::default(), Some(wait)).await.map(drop),
                Next::Nothing => return self.held.rest(|_| (), Also::default(), None).await.map(drop),
            }
        }
        Ok(())
    }

    /// Runs `work` while the live message is kept up to date, the inbox is read on and a sign of life is shown.
    async fn attend(&self, work: impl Future<Output = Result<(), HeldError>>) -> Result<(), HeldError> {
        *lock(&self.cut) = CancellationToken::new();
        self.below.store(false, Ordering::Relaxed);
        let asked = self.asked();
        let outcome = tokio::select! {
            biased;
            outcome = work => outcome,
            outcome = self.control_lane() => outcome,
            () = self.pump() => Ok(()),
            () = self.typing(asked.is_some()) => Ok(()),
            () = self.nod(asked.as_ref()) => Ok(()),
        };
        self.busy.send_replace(false);
        let verdict = lock(&self.verdict).take();
        if let (Some(good), Some(message)) = (verdict, asked) {
            let target = self.target();
            let done = self.surface.signal(&target, Signal::Done(message, good));
            let _ = tokio::time::timeout(REACTS_WITHIN, done).await;
        }
        outcome
    }

    /// The oldest of what waits; the items of an album together, once they have settled.
    fn next(&self) -> Next {
        let inbox = lock(&self.inbox);
        if let Some(press) = inbox.iter().find(|(_, entry)| is_forget(entry)) {
            return Next::Work(vec![press.clone()]);
        }
        let Some((_, first)) = inbox.first() else { return Next::Nothing };
        let Some(burst) = &first.inbound.burst else { return Next::Work(inbox[..1].to_vec()) };
        let items: Vec<_> =
            inbox.iter().filter(|(_, entry)| entry.inbound.burst.as_ref() == Some(burst)).cloned().collect();
        let now = self.worker.clock.now();
        let settle = self.worker.settings.album_wait;
        // An item from the future was stored by an instance whose clock is ahead; nobody waits for that to come.
        let age = |entry: &Entry| if entry.at > now.after(settle) { settle } else { now.since(entry.at) };
        let youngest = items.iter().map(|(_, entry)| age(entry)).min().unwrap_or_default();
        let oldest = age(first);
        if youngest >= settle || oldest >= BURST_PATIENCE {
            Next::Work(items)
        } else {
            Next::Settle(settle.saturating_sub(youngest))
        }
    }

    /// Notes who speaks, in which language and by which way back.
    pub(super) async fn take_in_hand(&self, entries: &[(Version, Entry)]) {
        *self.in_hand() = entries.iter().map(|(_, entry)| entry.inbound.id.clone()).collect();
        let Some((_, last)) = entries.last() else { return };
        let inbound = &last.inbound;
        (*lock(&self.back)).clone_from(&inbound.back);
        let said = match &inbound.kind {
            InboundKind::Message { text, .. } => text.as_str(),
            InboundKind::Command { command, argument, .. } if !command.holds_secret() => argument.as_str(),
            InboundKind::Command { .. }
            | InboundKind::Edited { .. }
            | InboundKind::Pressed { .. }
            | InboundKind::Stopped { .. } => "",
        };
        let default = &self.worker.settings.default_language;
        let language = self
            .held
            .note(|record| {
                if inbound.locale.is_some() {
                    record.locale.clone_from(&inbound.locale);
                }
                let chosen = language::choose(&Signs {
                    chosen: None,
                    text: said,
                    last_detected: record.language.as_ref(),
                    locale: record.locale.as_deref(),
                    default,
                });
                let (language, _, detected) = chosen;
                if detected.is_some() {
                    record.language = detected;
                }
                language
            })
            .await;
        *lock(&self.speaks) = language;
    }

    /// The first message has cost several holders their lives: say so and go on with the next.
    async fn give_up(&self) -> Result<(), HeldError> {
        let first: Vec<_> = lock(&self.inbox).first().cloned().into_iter().collect();
        let reference = format!("{:08x}", rand::random::<u32>());
        tracing::error!(conversation = %self.conversation, reference, lapses = self.lapses, "A message was given up");
        self.take_in_hand(&first).await;
        self.tell(Say::WorkGaveUp { reference }, Vec::new()).await;
        self.finish(
            &first,
            |record| {
                record.turn = None;
                record.upload = None;
            },
            Vec::new(),
        )
        .await?;
        self.in_hand().clear();
        Ok(())
    }

    /// The program stops: say that the answer was cut here, store what there is, and let another instance go on.
    async fn hand_over(&self) -> Result<(), HeldError> {
        if self.held.read(|record| record.turn.is_some()).await
            && let Some(live) = self.live()
        {
            live.foot(self.worded(&Say::WorkBackSoon), Vec::new());
            let _ = tokio::time::timeout(LAST_WORDS, live.show(|| true)).await;
        }
        self.held.rest(|record| self.freshen(record), Also::default(), Some(Duration::ZERO)).await.map(drop)
    }

    /// Brings the record up to date with the live message before it is stored.
    fn freshen(&self, record: &mut Record) {
        if let (Some(turn), Some(live)) = (&mut record.turn, self.live()) {
            turn.live = live.kept();
        }
    }

    async fn pump(&self) {
        loop {
            let changed = self.live_changed.notified();
            match self.live() {
                Some(live) => tokio::select! {
                    () = changed => {}
                    () = live.pump(|| self.held.is_fresh()) => {}
                    () = self.keep_parts(&live) => {}
                },
                None => changed.await,
            }
        }
    }

    /// Stores each part of a reply that went out as a message of its own: whoever goes on must not post it again.
    async fn keep_parts(&self, live: &Live) {
        loop {
            live.parted().await;
            if let Err(error) = self.held.save(|record| self.freshen(record), Also::default()).await {
                tracing::warn!(%error, "That a part went out could not be stored");
            }
        }
    }

    /// The message in hand, where others wonder whether it was heard. Commands are answered at once.
    fn asked(&self) -> Option<MessageId> {
        if !self.shared() {
            return None;
        }
        let first = self.in_hand().first().cloned()?;
        lock(&self.inbox).iter().find(|(_, entry)| entry.inbound.id == first).and_then(|(_, entry)| {
            match &entry.inbound.kind {
                InboundKind::Message { message, .. } => Some(message.clone()),
                _ => None,
            }
        })
    }

    /// Shows that a message was seen, and stays.
    async fn nod(&self, asked: Option<&MessageId>) {
        if let Some(message) = asked {
            let _ = self.surface.signal(&self.target(), Signal::Seen(message.clone())).await;
        }
        std::future::pending::<()>().await;
    }

    /// Where the message has its reaction there is nothing to add: a group takes twenty calls in a minute.
    async fn typing(&self, nodded: bool) {
        if nodded {
            return std::future::pending().await;
        }
        let mut busy = self.busy.subscribe();
        loop {
            if busy.wait_for(|busy| *busy).await.is_err() {
                return std::future::pending().await;
            }
            // Losing a sign of life loses nothing.
            let _ = self.surface.signal(&self.target(), Signal::Typing).await;
            tokio::time::sleep(TYPING_EVERY).await;
        }
    }

    /// Makes a live message out of `kept` the current one.
    pub(super) fn begin_live(&self, kept: LiveState) -> Arc<Live> {
        let live = Arc::new(Live::new(Arc::clone(&self.surface), self.target(), kept));
        self.set_live(Some(Arc::clone(&live)));
        live
    }

    /// The live message of a new reply: the one that stands `open`, else a preview where the place has those. One reply
    /// stays with what it began with.
    pub(super) fn begin_reply(&self, open: Option<MessageId>) -> Arc<Live> {
        let previews = open.is_none() && self.previews();
        self.begin_live(LiveState { open, preview: previews.then(PreviewId::random), ..LiveState::default() })
    }

    /// Whether replies grow as previews here.
    pub(super) fn previews(&self) -> bool {
        self.surface.previews(&self.conversation.place).is_some()
    }

    /// Has the person's row list this conversation, in the batch that writes the record for the first time, and again now
    /// and then: so it is kept from the last use, too.
    async fn list(&self) -> Result<(), HeldError> {
        let (now, keep) = (self.worker.clock.now(), self.worker.settings.keep);
        let due = |record: &Record| record.listed.is_none_or(|listed| now.since(listed) >= LIST_EVERY);
        if !self.held.read(due).await {
            return Ok(());
        }
        let list = |person: &mut Person| {
            let gone = person.list_place(&self.conversation.place, now, keep);
            let conversations = gone.into_iter().map(|place| ConversationId { place, ..self.conversation.clone() });
            let keys = conversations.map(|gone| Shelf::of(&gone)).flat_map(|shelf| [shelf.record(), shelf.inbox()]);
            keys.map(|key| Write::Delete { key }).collect()
        };
        self.save_with_person(list, |record| record.listed = Some(now)).await
    }

    /// Changes the person's row and the record in one batch, with the writes that `change` gives. Both are called again
    /// for each race that was lost.
    pub(super) async fn save_with_person(
        &self,
        mut change: impl FnMut(&mut Person) -> Vec<Write>,
        mut note: impl FnMut(&mut Record),
    ) -> Result<(), HeldError> {
        let (vault, key) = (&self.worker.vault, self.shelf.person());
        let mut tries = 0;
        loop {
            let (version, person) = vault.load::<Person>(&key).await?.unzip();
            let mut person = person.unwrap_or_default();
            let mut writes = change(&mut person);
            writes.push(vault.put_write(&key, &person, Some(self.worker.settings.keep))?);
            let expect = version.map_or_else(|| Expect::Absent(key.clone()), |v| Expect::At(key.clone(), v));
            match self.held.save(&mut note, Also { expects: vec![expect], writes }).await {
                Err(HeldError::Refused(_)) if tries < PERSON_TRIES => tries += 1,
                outcome => return outcome.map(drop),
            }
        }
    }

    /// Keeps the work in hand on `account`, whatever the person changes now.
    pub(super) fn bind(&self, account: Account) {
        *lock(&self.bound) = Some(account);
    }

    /// The account of the work in hand, once its session is known.
    pub(super) fn bound(&self) -> Option<Account> {
        lock(&self.bound).clone()
    }

    /// Nothing more is written for this conversation.
    pub(super) fn end(&self) {
        self.rested.store(true, Ordering::Relaxed);
    }

    /// Nothing is in hand any more; what comes next gets a live message of its own.
    fn lay_down(&self) {
        *lock(&self.bound) = None;
        self.set_live(None);
        self.in_hand().clear();
    }

    pub(super) fn set_live(&self, live: Option<Arc<Live>>) {
        *lock(&self.live) = live;
        self.live_changed.notify_one();
    }

    /// The current live message.
    pub(super) fn live(&self) -> Option<Arc<Live>> {
        lock(&self.live).clone()
    }

    /// Notes how what was asked for went.
    pub(super) fn judge(&self, good: bool) {
        *lock(&self.verdict) = Some(good);
    }

    /// Whether it is known to have gone well.
    pub(super) fn went_well(&self) -> bool {
        *lock(&self.verdict) == Some(true)
    }

    /// What ends the work in hand when cancelled.
    pub(super) fn cut(&self) -> CancellationToken {
        lock(&self.cut).clone()
    }

    /// Where answers go.
    pub(super) fn target(&self) -> Target {
        Target { conversation: self.conversation.clone(), back: lock(&self.back).clone() }
    }

    /// The language of this conversation now.
    pub(super) fn language(&self) -> Language {
        lock(&self.speaks).clone()
    }

    pub(super) fn in_hand(&self) -> MutexGuard<'_, Vec<EventId>> {
        lock(&self.in_hand)
    }

    fn has_rested(&self) -> bool {
        self.rested.load(Ordering::Relaxed)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a person confirms here to be forgotten: that goes before all that waits.
fn is_forget(entry: &Entry) -> bool {
    matches!(&entry.inbound.kind, InboundKind::Pressed { choice, .. } if choice.action == Action::Forget)
}

/// Reads an agenda item's name back: `platform:user:place`, as `ConversationId` prints.
fn parse_item(name: &str) -> Option<ConversationId> {
    use crate::chat::id::{PlaceId, Platform, UserId};
    let mut fields = name.splitn(3, ':');
    let platform =
        [Platform::Discord, Platform::Telegram].into_iter().find(|p| Some(p.as_str()) == fields.clone().next())?;
    fields.next();
    Some(ConversationId { platform, user: UserId::new(fields.next()?), place: PlaceId::new(fields.next()?) })
}
