//! What is in hand: for whom and in which language, on which account, shown in which live message.

use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Shift, lock};
use crate::chat::id::{Back, EventId, MessageId, PreviewId};
use crate::chat::inbound::InboundKind;
use crate::chat::surface::Target;
use crate::clock::Timestamp;
use crate::conversation::live::{Live, Overflow};
use crate::conversation::person::Account;
use crate::conversation::record::{Entry, LiveState, Record, Upload};
use crate::language::{self, Language, Signs};
use crate::say::Say;
use crate::store::Version;

tokio::task_local! {
    /// The way back of what is answered beside the work in hand. A shift does both in one task, so this belongs to the
    /// future and not to the shift.
    static ASIDE: Option<Back>;
}

impl Shift {
    /// Notes who speaks, in which language and by which way back.
    pub(in crate::conversation) async fn take_in_hand(&self, entries: &[(Version, Entry)]) {
        *self.in_hand() = entries.iter().map(|(_, entry)| entry.inbound.id.clone()).collect();
        let Some((_, last)) = entries.last() else { return };
        let inbound = &last.inbound;
        (*lock(&self.back)).clone_from(&inbound.back);
        self.goes_to(self.held.read(|record| record.project.thread.clone()).await);
        let said = match &inbound.kind {
            InboundKind::Message { text, .. } => text.as_str(),
            InboundKind::Command { command, argument, .. } if command.takes_words() => argument.as_str(),
            InboundKind::Command { .. }
            | InboundKind::Edited { .. }
            | InboundKind::Pressed { .. }
            | InboundKind::Stopped { .. } => "",
        };
        let default = &self.worker.settings.default_language;
        let choice = lock(&self.chosen).clone();
        let language = self
            .held
            .note(|record| {
                if inbound.locale.is_some() {
                    record.locale.clone_from(&inbound.locale);
                }
                let chosen = language::choose(&Signs {
                    chosen: choice.as_ref(),
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

    /// Makes a live message out of `kept` the current one.
    pub(in crate::conversation) fn begin_live(&self, kept: LiveState) -> Arc<Live> {
        let live = Arc::new(self.live_of(kept));
        self.set_live(Some(Arc::clone(&live)));
        live
    }

    /// The live message of an upload: stored as soon as it is posted, since no turn stores it.
    pub(in crate::conversation) fn begin_upload(&self, kept: LiveState) -> Arc<Live> {
        let live = Arc::new(self.live_of(kept).stored_at_once());
        self.set_live(Some(Arc::clone(&live)));
        live
    }

    /// A live message out of `kept`, which is not the current one yet.
    pub(in crate::conversation) fn live_of(&self, kept: LiveState) -> Live {
        let overflow = Overflow { whole: self.worded(&Say::ReplyWhole), part: self.worded(&Say::ReplyPart) };
        Live::new(Arc::clone(&self.surface), self.target(), kept).overflowing(overflow)
    }

    /// The live message of a new reply: the one that stands `open`, else a preview where the place has those. One reply
    /// stays with what it began with.
    pub(in crate::conversation) fn begin_reply(&self, open: Option<MessageId>) -> Arc<Live> {
        let previews = open.is_none() && self.previews();
        self.begin_live(LiveState { open, preview: previews.then(PreviewId::random), ..LiveState::default() })
    }

    /// Whether replies grow as previews here.
    pub(in crate::conversation) fn previews(&self) -> bool {
        self.surface.previews(&self.conversation.place).is_some()
    }

    pub(in crate::conversation) fn set_live(&self, live: Option<Arc<Live>>) {
        *lock(&self.live) = live;
        self.live_changed.notify_one();
    }

    /// The current live message.
    pub(in crate::conversation) fn live(&self) -> Option<Arc<Live>> {
        lock(&self.live).clone()
    }

    /// Brings the record up to date with the live message before it is stored.
    pub(in crate::conversation) fn freshen(&self, record: &mut Record) {
        if let (Some(turn), Some(live)) = (&mut record.turn, self.live()) {
            turn.live = live.kept();
        } else if let (Some(upload @ Upload { message: None, .. }), Some(live)) = (&mut record.upload, self.live()) {
            upload.message = live.message();
        }
    }

    /// Keeps the work in hand on `account`, whatever the person changes now.
    pub(in crate::conversation) fn bind(&self, account: Account) {
        self.bound.send_replace(Some(account));
    }

    /// The account of the work in hand, once its session is known.
    pub(in crate::conversation) fn bound(&self) -> Option<Account> {
        self.bound.borrow().clone()
    }

    /// Whether the work in hand has an account before it has gone on for `patience`: however many ask, a Stop behind
    /// them waits no longer than that.
    pub(in crate::conversation) async fn is_bound_within(&self, patience: Duration) -> bool {
        let (mut bound, until) = (self.bound.subscribe(), *lock(&self.begun) + patience);
        tokio::time::timeout_at(until, bound.wait_for(Option::is_some)).await.is_ok_and(|bound| bound.is_ok())
    }

    /// Notes how what was asked for went.
    pub(in crate::conversation) fn judge(&self, good: bool) {
        *lock(&self.verdict) = Some(good);
    }

    /// Whether it is known to have gone well.
    pub(in crate::conversation) fn went_well(&self) -> bool {
        *lock(&self.verdict) == Some(true)
    }

    /// What ends the work in hand when cancelled.
    pub(in crate::conversation) fn cut(&self) -> CancellationToken {
        lock(&self.cut).clone()
    }

    /// Does `work` for somebody who came beside the work in hand: its answers go by that one's way back.
    pub(in crate::conversation) async fn answered_by<T>(&self, back: Option<Back>, work: impl Future<Output = T>) -> T {
        ASIDE.scope(back, work).await
    }

    /// Since when somebody who asks beside the work in hand has waited for it. `None`: nothing else is in hand.
    pub(in crate::conversation) fn works_since(&self) -> Option<Timestamp> {
        ASIDE.try_with(|_| ()).ok()?;
        let first = self.in_hand().first().cloned()?;
        lock(&self.inbox).iter().find(|(_, entry)| entry.inbound.id == first).map(|(_, entry)| entry.at)
    }

    /// Where answers go.
    pub(in crate::conversation) fn target(&self) -> Target {
        let back = ASIDE.try_with(Clone::clone).unwrap_or_else(|_| lock(&self.back).clone());
        let thread = lock(&self.thread).clone();
        Target { conversation: self.conversation.clone(), back, thread }
    }

    /// Speaks `language` from now on, as the person chose.
    pub(in crate::conversation) fn speaks_as_chosen(&self, language: Language) {
        *lock(&self.chosen) = Some(language.clone());
        *lock(&self.speaks) = language;
    }

    /// The language of this conversation now.
    pub(in crate::conversation) fn language(&self) -> Language {
        lock(&self.speaks).clone()
    }

    pub(in crate::conversation) fn in_hand(&self) -> MutexGuard<'_, Vec<EventId>> {
        lock(&self.in_hand)
    }

    /// Nothing is in hand any more; what comes next gets a live message of its own.
    pub(super) fn lay_down(&self) {
        self.bound.send_replace(None);
        *lock(&self.moved) = None;
        self.set_live(None);
        self.in_hand().clear();
    }

    /// Somebody has stopped the work in hand: it says so itself, or ends before it hears of that and owes these words.
    pub(in crate::conversation) fn owe_stop(&self, late: Say) {
        *lock(&self.owed) = Some(late);
    }

    /// The work in hand says that it was stopped. Returns what it would have owed, if it was.
    pub(in crate::conversation) fn pay_stop(&self) -> Option<Say> {
        lock(&self.owed).take()
    }

    /// Has it stored that the work in hand is stopped, with the next commit. Only then is it cut: whoever goes on after a
    /// crash must not begin it again.
    pub(in crate::conversation) async fn note_stop(&self) {
        let in_hand = self.in_hand().clone();
        self.held.note(|record| record.stopped = in_hand).await;
    }

    /// Whether the work that is taken up now was stopped before.
    pub(super) async fn was_stopped(&self) -> bool {
        let in_hand = self.in_hand().clone();
        let ours = |record: &Record| {
            let turn = record.turn.as_ref().map(|turn| turn.events.as_slice()).unwrap_or_default();
            in_hand.iter().chain(turn).any(|event| record.stopped.contains(event))
        };
        self.held.read(ours).await
    }
}
