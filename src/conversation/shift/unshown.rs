//! Last texts that the chat has not taken: kept in the record, and shown when the chat answers again.

use std::time::Duration;

use super::{Shift, lock};
use crate::chat::reply::Reply;
use crate::conversation::live::{Keeper, Landed, Live};
use crate::conversation::record::{Record, Unshown};
use crate::say::Say;
use crate::work::held::{Also, HeldError};

/// How long a platform that did not answer before is knocked at again while other work waits.
const AGAIN_PATIENCE: Duration = Duration::from_secs(5);
/// A last edit that is not held up lands well within this.
const LANDS_WITHIN: Duration = Duration::from_secs(4);

/// The live message of the work in hand is kept with its turn, or with its upload.
impl Keeper for Shift {
    fn may(&self) -> bool {
        self.held.is_fresh()
    }

    async fn keep(&self) -> bool {
        if self.held.read(|record| record.turn.is_none() && record.upload.is_none()).await {
            return true;
        }
        let kept = self.held.save(|record| self.freshen(record), Also::default()).await;
        kept.inspect_err(|error| tracing::debug!(%error, "A message could not be stored yet")).is_ok()
    }
}

/// One that comes late is kept where it waits.
struct Late<'a> {
    shift: &'a Shift,
    live: &'a Live,
}

impl Keeper for Late<'_> {
    fn may(&self) -> bool {
        self.shift.may()
    }

    async fn keep(&self) -> bool {
        let note = |record: &mut Record| {
            if let Some(text) = record.unshown.first_mut() {
                // All of the text that is left, not only what a turn keeps of it.
                text.live = self.live.unshown(text.since).live;
            }
        };
        self.shift.held.save(note, Also::default()).await.is_ok()
    }
}

impl Shift {
    /// Shows the last text. What comes in meanwhile is answered after it, unless the chat makes us wait. `false`: the chat
    /// does not take it now; it is noted, and shown when the chat does.
    pub(in crate::conversation) async fn land_last(&self, live: &Live) -> bool {
        self.busy.send_replace(false);
        let landing = live.land(self);
        tokio::pin!(landing);
        let landed = if let Ok(landed) = tokio::time::timeout(LANDS_WITHIN, &mut landing).await {
            landed
        } else {
            self.busy.send_replace(true);
            landing.await
        };
        // Words of ours alone are of no use to somebody who comes back later; what the agent said is.
        let missed = landed == Landed::Later || (live.is_barred() && live.has_text());
        if missed {
            let text = live.unshown(self.worker.clock.now());
            self.held.note(|record| record.owe(text)).await;
        }
        !missed
    }

    /// Shows what the chat did not take before, oldest first. Where it still does not, other work goes on: the rest
    /// that follows ends when it is to be tried again.
    pub(in crate::conversation) async fn make_up(&self) -> Result<(), HeldError> {
        let (mut silent, asked) = (false, self.goes_by_newest());
        while let Some(text) = self.held.read(|record| record.unshown.first().cloned()).await {
            // Who has blocked the bot writes when it may speak again.
            if text.barred && lock(&self.inbox).is_empty() {
                break;
            }
            let live = self.live_of(text.live.clone());
            live.foot(text.foot.clone(), text.buttons.clone());
            let landed = live.land_within(&Late { shift: self, live: &live }, AGAIN_PATIENCE).await;
            if landed == Landed::Later || live.is_barred() {
                let tried = Unshown { tries: text.tries.saturating_add(1), ..live.unshown(text.since) };
                self.held.save(|record| record.unshown[0] = tried, Also::default()).await?;
                break;
            }
            self.held.save(|record| drop(record.unshown.remove(0)), Also::default()).await?;
            silent |= !live.rang();
        }
        if silent && !asked {
            // An edit makes no sound, and nobody waits any more.
            self.mention(Reply::new(self.worded(&Say::WorkPing))).await;
        }
        Ok(())
    }

    /// How long to rest before that is tried again.
    pub(in crate::conversation) async fn again(&self) -> Option<Duration> {
        let now = self.worker.clock.now();
        self.held.read(|record| record.again(now)).await
    }
}
