//! Keeps the board true: hints from the channel, and a sweep over all partitions for what no hint told.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use rand::seq::SliceRandom;
use redis::aio::{PubSubSink, PubSubStream};
use redis::{Client, ConnectionInfo, RedisError, RedisResult};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::link::Link;
use super::wire::{self, Layout};
use super::{CONNECT_TIMEOUT, RECONNECT_PAUSE, answered, server};
use crate::store::board::Board;
use crate::store::{Agenda, Partition, StoreError};

pub(super) struct Listener {
    /// Where the server is, or the node that a cluster was found by.
    pub(super) address: ConnectionInfo,
    pub(super) link: Link,
    pub(super) layout: Arc<Layout>,
    pub(super) board: Arc<Board>,
    pub(super) sweep_every: Duration,
    pub(super) answer_timeout: Duration,
}

/// A subscription, on a connection of its own.
pub(super) struct Stirs {
    sink: PubSubSink,
    stream: PubSubStream,
}

impl Listener {
    pub(super) async fn subscribe(&self) -> RedisResult<Stirs> {
        let mut outcome = Err(too_late());
        for address in self.places().await {
            let subscribing = async {
                let (mut sink, stream) = Client::open(address)?.get_async_pubsub().await?.split();
                sink.subscribe(self.layout.channel()).await?;
                Ok(Stirs { sink, stream })
            };
            outcome = timeout(CONNECT_TIMEOUT, subscribing).await.unwrap_or_else(|_| Err(too_late()));
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    /// Where the channel can be heard. In a cluster that is any node: what one publishes goes to all.
    async fn places(&self) -> Vec<ConnectionInfo> {
        let mut link = self.link.clone();
        let Link::Cluster(_) = link else { return vec![self.address.clone()] };
        let nodes = timeout(self.answer_timeout, server::nodes(&mut link, &self.address)).await;
        let mut nodes = nodes.unwrap_or_else(|_| Err(too_late())).unwrap_or_default();
        // Instances spread, and one that lost its node tries another.
        nodes.shuffle(&mut rand::rng());
        nodes.push(self.address.clone());
        nodes
    }

    /// Listens and sweeps until `stop`.
    pub(super) async fn run(self, first: Stirs, stop: CancellationToken) {
        stop.run_until_cancelled(async {
            let mut stirs = first;
            loop {
                self.listen(stirs).await;
                tracing::warn!("The channel of stirs was lost; listening again. Until then work is found by sweeping.");
                stirs = self.subscribe_again().await;
                self.sweep_or_warn().await;
            }
        })
        .await;
    }

    /// Returns when the subscription is lost.
    async fn listen(&self, Stirs { mut sink, mut stream }: Stirs) {
        let mut next_sweep = Instant::now() + self.sweep_pause();
        loop {
            tokio::select! {
                message = stream.next() => match message {
                    Some(message) => self.take(message.get_payload_bytes()),
                    None => return,
                },
                () = tokio::time::sleep_until(next_sweep) => {
                    self.sweep_or_warn().await;
                    // A peer that is gone without a word would leave us deaf for good.
                    match timeout(self.answer_timeout, sink.ping::<redis::Value>()).await {
                        Ok(Ok(_)) => {}
                        _ => return,
                    }
                    next_sweep = Instant::now() + self.sweep_pause();
                }
            }
        }
    }

    async fn subscribe_again(&self) -> Stirs {
        let mut next_sweep = Instant::now() + self.sweep_pause();
        loop {
            match self.subscribe().await {
                Ok(stirs) => return stirs,
                Err(err) => tracing::debug!(error = %err, "No subscription yet; trying again."),
            }
            sleep(RECONNECT_PAUSE.mul_f64(rand::random_range(0.1..=1.0))).await;
            if next_sweep <= Instant::now() {
                self.sweep_or_warn().await;
                next_sweep = Instant::now() + self.sweep_pause();
            }
        }
    }

    fn take(&self, message: &[u8]) {
        let Some(hint) = str::from_utf8(message).ok().and_then(wire::hint) else {
            tracing::debug!(bytes = message.len(), "A stir could not be read; the sweep will tell.");
            return;
        };
        self.board.hint(hint.agenda, hint.item.partition.number().into(), hint.after);
        self.board.stir(hint.agenda, &hint.item, hint.wakes);
    }

    async fn sweep_or_warn(&self) {
        if let Err(err) = self.sweep().await {
            tracing::warn!(error = %err, "The agendas could not be swept; trying again in {:?}.", self.sweep_every);
        }
    }

    /// Asks all partitions, in one flight, when each agenda is due next.
    pub(super) async fn sweep(&self) -> Result<(), StoreError> {
        let looks: Vec<_> = Partition::all()
            .map(|partition| Agenda::ALL.map(|agenda| self.board.look_at(agenda, partition.number().into())))
            .collect();
        let mut link = self.link.clone();
        let bound = link.patience(self.answer_timeout);
        let answer: Vec<Vec<i64>> = answered(bound, link.fly(self.layout.due())).await?;
        for (looks, due) in looks.into_iter().zip(answer) {
            for (look, due) in looks.into_iter().zip(due) {
                self.board.answer(look, wire::until(due));
            }
        }
        Ok(())
    }

    /// Within a tenth of the period, so that instances do not sweep in step.
    fn sweep_pause(&self) -> Duration {
        self.sweep_every.mul_f64(rand::random_range(0.9..=1.1))
    }
}

fn too_late() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}
