//! One claim's work on one conversation.

mod apology;
mod hand;
mod late;
mod listing;
mod signs;
mod thread;
mod unread;
mod unshown;
mod way;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::listing::Brought;
use super::Worker;
use super::live::Live;
use super::person::Account;
use super::pictured::Moved;
use super::record::{Entry, Record, Shelf};
use super::spent::Spent;
use crate::chat::choice::Action;
use crate::chat::id::{Back, ConversationId, EventId, PlaceId};
use crate::chat::inbound::InboundKind;
use crate::chat::surface::{Signal, Surface};
use crate::language::Language;
use crate::say::Say;
use crate::store::{Claim, Key, Row, Vault, Version};
use crate::work::held::{Also, Held, HeldError};

/// After this many holders vanished over it, a message is given up in words. Fewer prove nothing: a claim whose answer
/// was lost on the way counts as one.
const POISON_LAPSES: u32 = 3;
/// An album is taken at the latest when its oldest item has waited this long.
const BURST_PATIENCE: Duration = Duration::from_secs(4);
/// How long the sign that a request is done may take to go out.
const REACTS_WITHIN: Duration = Duration::from_secs(2);
/// How long the words on a restart may take to go out when the program stops.
const LAST_WORDS: Duration = Duration::from_millis(1_200);

/// One claim's work.
pub(super) struct Shift {
    pub(super) worker: Arc<Worker>,
    pub(super) surface: Arc<dyn Surface>,
    pub(super) conversation: ConversationId,
    pub(super) shelf: Shelf,
    pub(super) held: Held<Record>,
    /// What is known to wait, oldest first, with the entries in hand still in it.
    pub(super) inbox: Mutex<Vec<(Version, Entry)>>,
    /// Rows that the claim brought and that do not open, by their key.
    unread: Mutex<Vec<(Key, Vec<Row>)>>,
    brought: Mutex<Option<Brought>>,
    in_hand: Mutex<Vec<EventId>>,
    live: Mutex<Option<Arc<Live>>>,
    live_changed: Notify,
    /// Whether something long runs, so that what comes in is answered or queued meanwhile.
    pub(super) busy: watch::Sender<bool>,
    /// Cancelled by whoever stops what is in hand.
    cut: Mutex<CancellationToken>,
    back: Mutex<Option<Back>>,
    /// Another way back was brought.
    led: Notify,
    thread: Mutex<Option<PlaceId>>,
    /// The account of the work in hand, once its session is known.
    bound: watch::Sender<Option<Account>>,
    /// Since when the work in hand goes on.
    begun: Mutex<Instant>,
    speaks: Mutex<Language>,
    /// What the person chose with `/language`.
    chosen: Mutex<Option<Language>>,
    pub(super) rested: AtomicBool,
    /// Whether a message of ours or theirs stands below the live message.
    pub(super) below: AtomicBool,
    /// Whether the user has been told of the new project that begins when the work in hand has ended.
    pub(super) told_new: AtomicBool,
    /// Messages whose buttons a press has used up, until those are gone.
    pub(super) spent: Mutex<VecDeque<Spent>>,
    pub(super) spends: Notify,
    /// Held while one of them is changed.
    pub(super) tidying: AsyncMutex<()>,
    /// What to say to whoever has stopped the work in hand, as long as its own words have not said that it is.
    owed: Mutex<Option<Say>>,
    /// Whether what was asked for went well, once that is known.
    verdict: Mutex<Option<bool>>,
    /// What the edit in hand moved, until it is shown.
    pub(super) moved: Mutex<Option<Moved>>,
    /// Held while something is answered beside the work in hand.
    pub(super) answering: AsyncMutex<()>,
    /// How many holders vanished since the conversation last rested.
    pub(super) lapses: u32,
}

/// What to do next.
enum Next {
    Work(Vec<(Version, Entry)>),
    Settle(Duration),
    Nothing,
}

impl Shift {
    /// Opens what a claim brought. `None`: there is nothing to do, or nobody here can answer.
    pub(super) fn begin(worker: Arc<Worker>, claim: &Claim) -> Option<Self> {
        let rows = |index: usize| claim.rows.get(index).map(Vec::as_slice).unwrap_or_default();
        let Some(conversation) = ConversationId::parse(&claim.item.name) else {
            tracing::error!(item = %claim.item.name, "An agenda item names no conversation");
            return None;
        };
        let shelf = Shelf::of(&conversation);
        let mut unread = Vec::new();
        let row = rows(0).first();
        let record = row.map(|row| worker.vault.open(&shelf.record(), row)).transpose().unwrap_or_else(|_| {
            unread.push((shelf.record(), rows(0)[..1].to_vec()));
            None
        });
        let (version, record) = (row.map(|row| row.version), record.unwrap_or_default());
        let (inbox, strange) = opened(&worker.vault, &shelf.inbox(), rows(1));
        if !strange.is_empty() {
            unread.push((shelf.inbox(), strange));
        }
        let Some(surface) = worker.surfaces.get(conversation.platform) else {
            tracing::warn!(%conversation, "This instance does not speak on that platform; another one has to");
            return None;
        };
        let (settings, brought) = (&worker.settings, Brought::by(&worker.vault, claim));
        let record: Record = record;
        let locale = || record.locale.as_deref().and_then(Language::parse);
        let speaks = record.language.clone().or_else(locale).unwrap_or_else(|| settings.default_language.clone());
        let thread = record.project.thread.clone();
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
        Some(Self {
            surface,
            conversation,
            shelf,
            held,
            inbox: Mutex::new(inbox),
            unread: Mutex::new(unread),
            brought: Mutex::new(brought),
            in_hand: Mutex::default(),
            live: Mutex::default(),
            live_changed: Notify::new(),
            busy: watch::Sender::new(false),
            cut: Mutex::default(),
            back: Mutex::default(),
            led: Notify::new(),
            thread: Mutex::new(thread),
            bound: watch::Sender::default(),
            begun: Mutex::new(Instant::now()),
            speaks: Mutex::new(speaks),
            chosen: Mutex::default(),
            rested: AtomicBool::new(false),
            below: AtomicBool::new(false),
            told_new: AtomicBool::new(false),
            spent: Mutex::default(),
            spends: Notify::new(),
            tidying: AsyncMutex::new(()),
            owed: Mutex::default(),
            verdict: Mutex::default(),
            moved: Mutex::default(),
            answering: AsyncMutex::new(()),
            lapses,
            worker,
        })
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
            Err(HeldError::Store(error)) if error.is_unreadable() => self.mend(&error).await,
            Err(HeldError::Lost) => tracing::info!(conversation = %self.conversation, "A claim was lost; letting go"),
            Err(error) => {
                tracing::warn!(conversation = %self.conversation, %error, "A conversation was left; it will be taken up again");
            }
        }
    }

    async fn serve(&self) -> Result<(), HeldError> {
        self.set_aside().await?;
        self.read_choice().await?;
        if self.is_poison().await {
            self.give_up().await?;
        }
        if self.held.read(|record| record.turn.is_some()).await && !self.has_rested() {
            Box::pin(self.see_through(self.resume_turn())).await?;
            self.lay_down();
        }
        self.list().await?;
        self.make_up().await?;
        while !self.has_rested() {
            if self.worker.stopping.is_cancelled() {
                return self.held.release(Some(Duration::ZERO)).await;
            }
            if lock(&self.inbox).first().is_some_and(|(_, entry)| entry.inbound.burst.is_some()) {
                // Its other items may have come since the last look.
                self.look().await?;
            }
            let late = self.late();
            if !late.is_empty() {
                self.turn_away(&late).await?;
                continue;
            }
            match self.next() {
                Next::Work(entries) => {
                    self.take_in_hand(&entries).await;
                    Box::pin(self.see_through(self.act(entries))).await?;
                    self.lay_down();
                }
                Next::Settle(wait) => return self.held.rest(|_| (), Also::default(), Some(wait)).await.map(drop),
                Next::Nothing => {
                    let again = self.again().await;
                    return self.held.rest(|_| (), Also::default(), again).await.map(drop);
                }
            }
        }
        Ok(())
    }

    /// Runs `work` while the live message is kept up to date, the inbox is read on and a sign of life is shown.
    async fn attend(&self, work: impl Future<Output = Result<(), HeldError>>) -> Result<(), HeldError> {
        let cut = CancellationToken::new();
        let stopped = self.was_stopped().await;
        if stopped {
            cut.cancel();
        }
        *lock(&self.owed) = stopped.then_some(Say::CancelNothing);
        *lock(&self.cut) = cut;
        *lock(&self.begun) = Instant::now();
        self.below.store(false, Ordering::Relaxed);
        let asked = self.asked();
        let outcome = tokio::select! {
            biased;
            outcome = work => outcome,
            outcome = self.control_lane() => outcome,
            () = self.pump() => Ok(()),
            () = self.part_in_time() => Ok(()),
            () = self.typing(asked.is_some()) => Ok(()),
            () = self.nod(asked.as_ref()) => Ok(()),
            () = self.tidy() => Ok(()),
        };
        self.busy.send_replace(false);
        let verdict = lock(&self.verdict).take();
        if let (Some(good), Some(message)) = (verdict, asked.filter(|_| self.held.is_fresh())) {
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

    /// Whether the first message has cost several holders their lives. One whose answer only has to be shown is tried
    /// for longer: words that it could not be given would stand beside it.
    async fn is_poison(&self) -> bool {
        let (forgiven, said) = self
            .held
            .read(|record| (record.forgiven, record.turn.as_ref().is_some_and(|turn| turn.said.is_some())))
            .await;
        self.lapses.saturating_sub(forgiven) >= if said { 2 * POISON_LAPSES } else { POISON_LAPSES }
    }

    /// Says so, in the message of its turn where there is one, and goes on with the next.
    async fn give_up(&self) -> Result<(), HeldError> {
        let first: Vec<_> = lock(&self.inbox).first().cloned().into_iter().collect();
        let reference = format!("{:08x}", rand::random::<u32>());
        tracing::error!(conversation = %self.conversation, reference, lapses = self.lapses, "A message was given up");
        self.take_in_hand(&first).await;
        let say = Say::WorkGaveUp { reference };
        match self.held.read(|record| record.turn.as_ref().map(|turn| turn.live.clone())).await {
            Some(kept) if kept.open.is_some() => {
                let live = self.begin_live(kept);
                live.foot(self.worded(&say), Vec::new());
                self.land_last(&live).await;
            }
            _ => drop(self.tell(say, Vec::new()).await),
        }
        self.finish(
            &first,
            |record| {
                record.turn = None;
                record.upload = None;
            },
            Vec::new(),
        )
        .await?;
        self.lay_down();
        Ok(())
    }

    /// The program stops: say that the answer was cut here, store what there is, and let another instance go on.
    async fn hand_over(&self) -> Result<(), HeldError> {
        if self.held.read(|record| record.turn.is_some()).await
            && let Some(live) = self.live()
        {
            live.foot(self.worded(&Say::WorkBackSoon), Vec::new());
            // Stored beside the words, which may take all the time that there is. The claim goes after them, or the next
            // holder and they would change the same message.
            let words = tokio::time::timeout(LAST_WORDS, live.show(&|| true));
            if let (Err(HeldError::Lost), _) =
                tokio::join!(self.held.save(|record| self.freshen(record), Also::default()), words)
            {
                return Err(HeldError::Lost);
            }
        }
        let rested = |record: &mut Record| {
            // With the rest alone: it ends the count of the lapses that were forgiven.
            record.forgiven = 0;
            self.freshen(record);
        };
        self.held.rest(rested, Also::default(), Some(Duration::ZERO)).await.map(drop)
    }

    /// Nothing more is written for this conversation.
    pub(super) fn end(&self) {
        self.rested.store(true, Ordering::Relaxed);
    }

    fn has_rested(&self) -> bool {
        self.rested.load(Ordering::Relaxed)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What waits, and the rows that do not open.
pub(super) fn opened(vault: &Vault, inbox: &Key, rows: &[Row]) -> (Vec<(Version, Entry)>, Vec<Row>) {
    let (mut entries, mut strange) = (Vec::new(), Vec::new());
    for row in rows {
        match vault.open(inbox, row) {
            Ok(entry) => entries.push((row.version, entry)),
            Err(_) => strange.push(row.clone()),
        }
    }
    (entries, strange)
}

/// Whether a person confirms here to be forgotten: that goes before all that waits.
fn is_forget(entry: &Entry) -> bool {
    matches!(&entry.inbound.kind, InboundKind::Pressed { choice, .. } if choice.action == Action::Forget)
}
