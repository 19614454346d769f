//! What one instance knows of when something is due, so that waiting costs nothing and ends in time.
//!
//! The store is the truth; the board is fed by hints, by the answer to every claim, and by looking. Each agenda has
//! slots that are due at a known time or not at all: 64 on Redis, one for each partition, and one on `SQLite`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use super::batch::{Claim, Version};
use super::key::{Agenda, Item};

/// Beyond this many held items, those whose hold ended long ago are looked for and forgotten. An instance rarely runs
/// more conversations at once.
const HELD_LIMIT: usize = 4_096;

/// After a claim failed, its slot is left alone for this long, so that nobody turns in circles.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Board {
    state: Mutex<State>,
    changed: [watch::Sender<()>; Agenda::ALL.len()],
}

#[derive(Debug)]
struct State {
    slots: [Vec<Slot>; Agenda::ALL.len()],
    held: HashMap<(Agenda, Item), Held>,
    held_limit: usize,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    due: Option<Instant>,
    /// Counts hints, so that one that came while a claim was under way beats the claim's answer "nothing due".
    hints: u64,
}

#[derive(Debug)]
struct Held {
    fence: Version,
    until: Instant,
    /// Wakes that the holder was told of.
    wakes: u32,
    /// Keeps a stir until it is heard.
    stir: Arc<Notify>,
}

/// A look at one slot, begun before the store was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    agenda: Agenda,
    slot: usize,
    hints: u64,
}

impl Look {
    pub(super) fn slot(&self) -> usize {
        self.slot
    }
}

impl Board {
    pub(super) fn new(slots: usize) -> Self {
        let slots = std::array::from_fn(|_| vec![Slot::default(); slots]);
        Self {
            state: Mutex::new(State { slots, held: HashMap::new(), held_limit: HELD_LIMIT }),
            changed: std::array::from_fn(|_| watch::Sender::new(())),
        }
    }

    /// Something in the slot is claimable after this.
    pub(super) fn hint(&self, agenda: Agenda, slot: usize, after: Duration) {
        let due = Instant::now() + after;
        if let Some(slot) = self.state().slots[agenda.number()].get_mut(slot) {
            slot.hints += 1;
            slot.due = Some(slot.due.map_or(due, |known| known.min(due)));
        }
        self.changed[agenda.number()].send_replace(());
    }

    /// The slot that has been due longest, if one is due.
    pub(super) fn look_at_due(&self, agenda: Agenda) -> Option<Look> {
        let now = Instant::now();
        let state = self.state();
        let slots = state.slots[agenda.number()].iter().enumerate();
        slots
            .filter_map(|(at, slot)| slot.due.filter(|due| *due <= now).map(|due| (due, at, slot.hints)))
            .min_by_key(|(due, ..)| *due)
            .map(|(_, slot, hints)| Look { agenda, slot, hints })
    }

    /// Begins a look at a slot whether it is due or not.
    pub(super) fn look_at(&self, agenda: Agenda, slot: usize) -> Look {
        let hints = self.state().slots[agenda.number()].get(slot).map_or(0, |slot| slot.hints);
        Look { agenda, slot, hints }
    }

    /// Ends a look: when the store says that the slot is due next.
    pub(super) fn answer(&self, look: Look, next: Option<Duration>) {
        let next = next.map(|after| Instant::now() + after);
        if let Some(slot) = self.state().slots[look.agenda.number()].get_mut(look.slot) {
            slot.due = if slot.hints == look.hints { next } else { slot.due.into_iter().chain(next).min() };
        }
        self.changed[look.agenda.number()].send_replace(());
    }

    /// Ends a look that failed.
    pub(super) fn pause(&self, look: Look) {
        if let Some(slot) = self.state().slots[look.agenda.number()].get_mut(look.slot) {
            slot.due = Some(Instant::now() + PAUSE);
        }
    }

    /// This instance holds an item now.
    pub(super) fn hold(&self, claim: &Claim, hold: Duration) {
        let now = Instant::now();
        let mut state = self.state();
        if state.held.len() >= state.held_limit {
            state.held.retain(|_, held| held.until > now);
            state.held_limit = HELD_LIMIT.max(2 * state.held.len());
        }
        let mine = Held { fence: claim.fence, until: now + hold, wakes: 0, stir: Arc::default() };
        state.held.insert((claim.agenda, claim.item.clone()), mine);
    }

    /// This instance goes on holding, also what was forgotten here because its heartbeat came late.
    pub(super) fn prolong(&self, claim: &Claim, hold: Duration) {
        let until = Instant::now() + hold;
        let mut state = self.state();
        match state.held.get_mut(&(claim.agenda, claim.item.clone())) {
            Some(held) if held.fence == claim.fence => held.until = until,
            Some(_) => {}
            None => {
                let mine = Held { fence: claim.fence, until, wakes: 0, stir: Arc::default() };
                state.held.insert((claim.agenda, claim.item.clone()), mine);
            }
        }
    }

    /// This instance holds the item no longer; a newer claim of it stays.
    pub(super) fn release(&self, claim: &Claim) {
        let mut state = self.state();
        let item = (claim.agenda, claim.item.clone());
        if state.held.get(&item).is_some_and(|held| held.fence == claim.fence)
            && let Some(held) = state.held.remove(&item)
        {
            // Whoever still waits for it had better look.
            held.stir.notify_one();
        }
    }

    /// Tells the holder, if that is us, that the item has been woken this many times since it was claimed.
    pub(super) fn stir(&self, agenda: Agenda, item: &Item, wakes: u32) {
        if let Some(held) = self.state().held.get_mut(&(agenda, item.clone()))
            && wakes > held.wakes
        {
            held.wakes = wakes;
            held.stir.notify_one();
        }
    }

    /// Returns when something of the agenda may be due, or after `bound`.
    pub(super) async fn wait(&self, agenda: Agenda, bound: Duration) {
        let end = Instant::now() + bound;
        // Subscribed before the first look, so that nothing falls between them.
        let mut changed = self.changed[agenda.number()].subscribe();
        loop {
            let until = self.earliest(agenda).map_or(end, |due| due.min(end));
            if until <= Instant::now() {
                return;
            }
            tokio::select! {
                () = sleep_until(until) => return,
                // The sender lives as long as `self`.
                _ = changed.changed() => {}
            }
        }
    }

    /// Returns when an item that we hold was stirred, also if that was before. Not bounded: thousands of holders who look
    /// now and then would be most of what a store has to do.
    pub(super) async fn wait_for_item(&self, agenda: Agenda, item: &Item) {
        let stir = self.state().held.get(&(agenda, item.clone())).map(|held| Arc::clone(&held.stir));
        stir.unwrap_or_default().notified().await;
    }

    fn earliest(&self, agenda: Agenda) -> Option<Instant> {
        self.state().slots[agenda.number()].iter().filter_map(|slot| slot.due).min()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::clock::Timestamp;

    const AGENDA: Agenda = Agenda::Renders;
    const LONG: Duration = Duration::from_hours(1);

    #[tokio::test]
    async fn a_hint_that_comes_during_a_claim_beats_its_answer() {
        let board = Board::new(64);
        board.hint(AGENDA, 7, Duration::ZERO);
        let look = board.look_at_due(AGENDA).expect("a slot is due");
        board.hint(AGENDA, 7, Duration::ZERO);
        board.answer(look, None);
        assert_eq!(board.look_at_due(AGENDA).map(|look| look.slot), Some(7));
    }

    #[tokio::test]
    async fn an_answer_without_a_hint_in_between_clears_the_slot() {
        let board = Board::new(64);
        board.hint(AGENDA, 7, Duration::ZERO);
        let look = board.look_at_due(AGENDA).expect("a slot is due");
        board.answer(look, None);
        assert!(board.look_at_due(AGENDA).is_none());
    }

    #[tokio::test]
    async fn a_failed_claim_is_not_tried_again_at_once() {
        let board = Board::new(1);
        board.hint(AGENDA, 0, Duration::ZERO);
        board.pause(board.look_at_due(AGENDA).expect("a slot is due"));
        assert!(board.look_at_due(AGENDA).is_none());
        assert!(board.earliest(AGENDA).is_some(), "it is due again later");
    }

    #[tokio::test]
    async fn a_stir_is_kept_until_the_holder_listens_and_told_once() {
        let board = Board::new(1);
        let item = Item::new("telegram:42", "job");
        let (fence, now, asked) = (Version::random(), Timestamp::from_millis(0), Instant::now());
        let claim = Claim { agenda: AGENDA, item: item.clone(), fence, lapses: 0, rows: Vec::new(), now, asked };
        board.hold(&claim, LONG);
        board.stir(AGENDA, &item, 1);
        timeout(LONG, board.wait_for_item(AGENDA, &item)).await.expect("the stir was kept");
        board.stir(AGENDA, &item, 1);
        let again = timeout(Duration::from_millis(5), board.wait_for_item(AGENDA, &item)).await;
        assert!(again.is_err(), "the same wake is not told twice");
    }

    #[tokio::test]
    async fn whoever_goes_on_holding_is_stirred_also_after_a_late_heartbeat() {
        let board = Board::new(1);
        let item = Item::new("telegram:42", "job");
        let (fence, now, asked) = (Version::random(), Timestamp::from_millis(0), Instant::now());
        let claim = Claim { agenda: AGENDA, item: item.clone(), fence, lapses: 0, rows: Vec::new(), now, asked };
        board.hold(&claim, Duration::ZERO);
        board.state().held_limit = 0;
        let other = Claim { item: Item::new("telegram:43", "other"), ..claim.clone() };
        board.hold(&other, LONG);
        board.prolong(&claim, LONG);
        board.stir(AGENDA, &item, 1);
        timeout(LONG, board.wait_for_item(AGENDA, &item)).await.expect("it is held again");
    }
}
