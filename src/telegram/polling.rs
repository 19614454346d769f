//! Updates by long polling.
//!
//! Telegram counts an update as delivered when the next poll names a higher offset. So the offset moves only after the
//! core has stored the update, one by one; after a crash what was stored but not confirmed comes again and is known.
//! No offset is kept: Telegram keeps it.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::error::CallError;
use super::intake::{ALLOWED, CONFLICT_WAIT, Intake, Patience, Refused, pause_after};
use super::menu::{self, Menu};
use super::update::{Albums, Me};
use crate::crash;
use crate::ingress::{Backoff, Ingress};

/// The server holds a poll no longer, in seconds; with 0 it would answer at once, and we would ask at once.
const LONGEST_POLL: u64 = 50;
/// Most updates in one answer. Source: Bot API, `getUpdates`.
const BATCH: usize = 100;
/// A hundred long messages, each with the one it replies to, their entities and keyboards.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;
/// A refused token stays refused until somebody changes it.
pub(super) const TOKEN_WAIT: Duration = Duration::from_mins(15);

/// See the module.
#[derive(Debug)]
pub(super) struct Poller {
    pub(super) intake: Intake,
    pub(super) menu: Vec<Menu>,
    pub(super) poll_timeout: Duration,
}

#[async_trait]
impl Ingress for Poller {
    fn name(&self) -> &'static str {
        "telegram"
    }

    async fn listen(&self, stop: CancellationToken) -> Option<Duration> {
        // Cut anywhere: what was not confirmed comes again.
        stop.run_until_cancelled(self.run()).await.map(|Refused| TOKEN_WAIT)
    }
}

/// Only the id: found even where the rest cannot be read.
#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

impl Poller {
    async fn run(&self) -> Refused {
        let Err(refused) = self.listen_until_refused().await;
        error!("Telegram refuses the token. Check TELEGRAM_BOT_TOKEN; other platforms keep running");
        refused
    }

    async fn listen_until_refused(&self) -> Result<std::convert::Infallible, Refused> {
        let me = self.intake.introduce().await?;
        // With a webhook set, every poll is a conflict. What waits there stays: it comes with the first poll.
        let _: bool = self.intake.insist("deleteWebhook", &json!({ "drop_pending_updates": false })).await?;
        menu::install(&self.intake.api, &self.menu).await;
        info!(bot = %me.username, "Listening to Telegram");
        let mut albums = Albums::default();
        let mut offset = None;
        let mut limit = BATCH;
        let mut wait = Backoff::default();
        let mut conflict = false;
        loop {
            match self.poll(offset, limit).await {
                Ok(batch) => {
                    if !batch.is_empty() {
                        crash::point("poll.handed");
                    }
                    (conflict, limit) = (false, BATCH);
                    let before = offset;
                    self.take_all(&batch, &me, &mut albums, &mut offset).await;
                    if batch.is_empty() || offset != before {
                        wait = Backoff::default();
                    } else {
                        // Updates without a number cannot be confirmed, and come again at once.
                        sleep(wait.pause()).await;
                    }
                }
                Err(CallError::Token) => return Err(Refused),
                Err(CallError::Overlong) if limit > 1 => limit /= 2,
                Err(error) => {
                    let pause = pause_after(&mut wait, &error, conflict);
                    match error {
                        // Said once; it goes on until somebody acts.
                        CallError::Conflict if conflict => {}
                        CallError::Conflict => error!(
                            "Another process is polling with this Telegram token (409). Stop it or use a different \
                             token; retrying every {} s.",
                            CONFLICT_WAIT.as_secs()
                        ),
                        _ => warn!(%error, "Telegram could not be polled; trying again in {pause:?}"),
                    }
                    conflict = matches!(error, CallError::Conflict);
                    sleep(pause).await;
                }
            }
        }
    }

    async fn poll(&self, offset: Option<i64>, limit: usize) -> Result<Vec<Box<RawValue>>, CallError> {
        let mut body = json!({
            "limit": limit,
            "timeout": self.poll_timeout.as_secs().clamp(1, LONGEST_POLL),
            "allowed_updates": ALLOWED,
        });
        if let Some(offset) = offset {
            body["offset"] = offset.into();
        }
        self.intake.api.wait("getUpdates", &body, self.poll_timeout, ANSWER_LIMIT).await
    }

    /// Takes a batch in its order. The offset follows each update that was taken.
    async fn take_all(&self, batch: &[Box<RawValue>], me: &Me, albums: &mut Albums, offset: &mut Option<i64>) {
        let updates: Vec<_> = batch.iter().map(|raw| serde_json::from_str::<Value>(raw.get()).ok()).collect();
        for update in updates.iter().flatten() {
            albums.learn(update, me);
        }
        for (raw, (at, update)) in batch.iter().zip(updates.iter().enumerate()) {
            let number = serde_json::from_str::<Numbered>(raw.get()).ok().map(|numbered| numbered.update_id);
            tokio::select! {
                biased;
                // It waits for the store rather than to be refused.
                _ = self.intake.take(update.as_ref(), number, me, albums) => {}
                () = self.put_off(&updates[at..], me) => {}
            }
            if let Some(number) = number {
                crash::point("offset.before");
                *offset = Some(number.saturating_add(1));
                crash::point("offset.moved");
            }
        }
    }

    /// Once the store takes nothing: tells all who wait in this batch, since none of them is looked at before that is over.
    /// Again after each attempt, for those who could not be told yet. Never ends by itself.
    async fn put_off(&self, waiting: &[Option<Value>], me: &Me) {
        let Patience::Wait(stuck) = &self.intake.patience else { return std::future::pending().await };
        loop {
            stuck.notified().await;
            for update in waiting.iter().flatten() {
                self.intake.put_off(update, me).await;
            }
        }
    }
}

#[cfg(test)]
#[path = "polling_tests.rs"]
mod tests;
