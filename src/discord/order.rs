//! What happens in one channel goes to the core in the order in which it happened: messages, commands and presses.
//!
//! Every event runs in a task of its own, so that a slow one holds up nobody elsewhere; clips that are sent in a row
//! must not overtake each other for that. Messages and interactions are numbered by time.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

use super::place::Snowflake;

/// The library runs each event in a task of its own, and the task that was made last may well run first: so long
/// everybody waits for older ones to say that they are there.
const GATHERING: Duration = Duration::from_millis(50);
/// Nobody waits longer for those before: order is worth less than a message that is stored.
const PATIENCE: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Order(Mutex<HashMap<Snowflake, Lane>>);

/// What is on its way in a channel.
#[derive(Debug, Default)]
struct Lane {
    waiting: BTreeSet<Snowflake>,
    left: Arc<Notify>,
}

/// A message or an interaction that is on its way until this is dropped.
#[derive(Debug)]
pub(super) struct Turn<'o> {
    order: &'o Order,
    channel: Snowflake,
    event: Snowflake,
    joined: Instant,
    left: Arc<Notify>,
}

impl Order {
    /// From now on whatever is younger waits for this one.
    pub(super) fn join(&self, channel: Snowflake, event: Snowflake) -> Turn<'_> {
        let mut lanes = self.lanes();
        let lane = lanes.entry(channel).or_default();
        lane.waiting.insert(event);
        Turn { order: self, channel, event, joined: Instant::now(), left: Arc::clone(&lane.left) }
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Snowflake, Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Waits until nothing older of the channel is on its way, within a bound.
    pub(super) async fn comes(&self) {
        sleep_until(self.joined + GATHERING).await;
        let first = async {
            loop {
                let mut somebody = std::pin::pin!(self.left.notified());
                somebody.as_mut().enable();
                let lane_is_ours = |lane: &Lane| lane.waiting.first() >= Some(&self.event);
                if self.order.lanes().get(&self.channel).is_none_or(lane_is_ours) {
                    return;
                }
                somebody.await;
            }
        };
        // Late is better than never.
        let _ = timeout(PATIENCE, first).await;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut lanes = self.order.lanes();
        if let Some(lane) = lanes.get_mut(&self.channel) {
            lane.waiting.remove(&self.event);
            lane.left.notify_waiters();
            if lane.waiting.is_empty() {
                lanes.remove(&self.channel);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn turn(order: &Order, channel: Snowflake, event: Snowflake) -> Turn<'_> {
        let turn = order.join(channel, event);
        turn.comes().await;
        turn
    }

    #[tokio::test(start_paused = true)]
    async fn a_younger_message_waits_for_older_ones_of_its_channel_alone_and_not_for_ever() {
        let order = Order::default();
        let begun = Instant::now();
        let oldest = turn(&order, 1, 10).await;
        drop(turn(&order, 2, 12).await);
        assert_eq!(begun.elapsed(), GATHERING * 2);
        let begun = Instant::now();
        let younger = async {
            drop(turn(&order, 1, 11).await);
            begun.elapsed()
        };
        let leaves = async {
            tokio::time::sleep(PATIENCE / 2).await;
            drop(oldest);
        };
        let (waited, ()) = tokio::join!(younger, leaves);
        assert_eq!(waited, PATIENCE / 2);

        let _stuck = turn(&order, 1, 20).await;
        let begun = Instant::now();
        drop(turn(&order, 1, 21).await);
        assert_eq!(begun.elapsed(), GATHERING + PATIENCE);
        let begun = Instant::now();
        drop(turn(&order, 1, 19).await);
        assert_eq!(begun.elapsed(), GATHERING, "an older one waits for nobody");
    }

    #[tokio::test(start_paused = true)]
    async fn those_of_one_moment_go_by_their_numbers_whichever_runs_first() {
        let (order, told) = (Order::default(), Mutex::new(Vec::new()));
        let goes = async |message, late| {
            tokio::time::sleep(late).await;
            let _turn = turn(&order, 1, message).await;
            told.lock().unwrap().push(message);
        };
        let late = GATHERING / 3;
        tokio::join!(goes(3, Duration::ZERO), goes(2, late), goes(1, late * 2));
        assert_eq!(*told.lock().unwrap(), [1, 2, 3]);
        assert!(order.lanes().is_empty());
    }
}
