//! Messages of one channel go to the core in the order in which they were written.
//!
//! Every event runs in a task of its own, so that a slow one holds up nobody elsewhere; clips that are sent in a row
//! must not overtake each other for that. Messages are numbered by time.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::place::Snowflake;

/// Nobody waits longer for those before: order is worth less than a message that is stored.
const PATIENCE: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Order(Mutex<HashMap<Snowflake, Lane>>);

/// The messages of a channel that are on their way.
#[derive(Debug, Default)]
struct Lane {
    waiting: BTreeSet<Snowflake>,
    left: Arc<Notify>,
}

/// A message that is on its way until this is dropped.
#[derive(Debug)]
pub(super) struct Turn<'o> {
    order: &'o Order,
    channel: Snowflake,
    message: Snowflake,
}

impl Order {
    /// Waits until no older message of the channel is on its way, within a bound.
    pub(super) async fn turn(&self, channel: Snowflake, message: Snowflake) -> Turn<'_> {
        let left = {
            let mut lanes = self.lanes();
            let lane = lanes.entry(channel).or_default();
            lane.waiting.insert(message);
            Arc::clone(&lane.left)
        };
        let turn = Turn { order: self, channel, message };
        // Those of the same moment say first that they are there.
        tokio::task::yield_now().await;
        let first = async {
            loop {
                let mut somebody = std::pin::pin!(left.notified());
                somebody.as_mut().enable();
                if self.lanes().get(&channel).is_none_or(|lane| lane.waiting.first() >= Some(&message)) {
                    return;
                }
                somebody.await;
            }
        };
        // Late is better than never.
        let _ = timeout(PATIENCE, first).await;
        turn
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Snowflake, Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut lanes = self.order.lanes();
        if let Some(lane) = lanes.get_mut(&self.channel) {
            lane.waiting.remove(&self.message);
            lane.left.notify_waiters();
            if lane.waiting.is_empty() {
                lanes.remove(&self.channel);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_younger_message_waits_for_older_ones_of_its_channel_alone_and_not_for_ever() {
        let order = Order::default();
        let begun = Instant::now();
        let oldest = order.turn(1, 10).await;
        drop(order.turn(2, 12).await);
        let younger = async {
            drop(order.turn(1, 11).await);
            begun.elapsed()
        };
        let leaves = async {
            tokio::time::sleep(PATIENCE / 2).await;
            drop(oldest);
        };
        let (waited, ()) = tokio::join!(younger, leaves);
        assert_eq!(waited, PATIENCE / 2);

        let _stuck = order.turn(1, 20).await;
        let begun = Instant::now();
        drop(order.turn(1, 21).await);
        assert_eq!(begun.elapsed(), PATIENCE);
        drop(order.turn(1, 19).await);
        assert_eq!(begun.elapsed(), PATIENCE, "an older one waits for nobody");
    }

    #[tokio::test]
    async fn those_of_one_moment_go_by_their_numbers() {
        let (order, told) = (Order::default(), Mutex::new(Vec::new()));
        let goes = async |message| {
            let _turn = order.turn(1, message).await;
            told.lock().unwrap().push(message);
        };
        tokio::join!(goes(3), goes(1), goes(2));
        assert_eq!(*told.lock().unwrap(), [1, 2, 3]);
        assert!(order.lanes().is_empty());
    }
}
