//! A fault of ours in the middle of something: whoever asked hears of it, and everything else goes on.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;

use super::{Shift, lock};
use crate::chat::reply::Reply;
use crate::conversation::record::{Entry, Record};
use crate::conversation::voice::Key;
use crate::say::Say;
use crate::store::Version;
use crate::telemetry;
use crate::work::held::HeldError;

impl Shift {
    /// Does `work` as [`Shift::attend`] does, and survives its panic: the work is given up at once, since it would end
    /// so again. A second panic, over the apology, ends the shift; its claim then runs out and counts as a lapse.
    pub(super) async fn see_through(&self, work: impl Future<Output = Result<(), HeldError>>) -> Result<(), HeldError> {
        match AssertUnwindSafe(self.attend(work)).catch_unwind().await {
            Ok(outcome) => outcome,
            Err(_) if self.has_rested() => Ok(()),
            Err(_) => self.apologise().await,
        }
    }

    async fn apologise(&self) -> Result<(), HeldError> {
        let reference = telemetry::panicked("a message");
        self.busy.send_replace(false);
        let in_hand = self.in_hand().clone();
        let entries: Vec<_> =
            lock(&self.inbox).iter().filter(|(_, entry)| in_hand.contains(&entry.inbound.id)).cloned().collect();
        // What went to the agent may have run; whether to ask again is for its user to say.
        let sent = self.held.read(|record| record.turn.is_some()).await;
        let keys = if sent { self.or_again(vec![Key::status()]).await } else { Vec::new() };
        self.judge(false);
        let say = Say::ErrorInternal { reference };
        match self.live().filter(|live| live.message().is_some()) {
            Some(live) => {
                live.foot(self.worded(&say), self.buttons(keys).await);
                self.land_last(&live).await;
            }
            None => drop(self.tell(say, keys).await),
        }
        let close = |record: &mut Record| {
            record.turn = None;
            record.upload = None;
        };
        self.finish(&entries, close, Vec::new()).await
    }

    /// The same for something that is answered beside the work in hand, which goes on.
    pub(in crate::conversation) async fn answer_aside(&self, version: Version, entry: Entry) -> Result<(), HeldError> {
        let answered = AssertUnwindSafe(self.interject(version, entry.clone())).catch_unwind().await;
        let Err(_) = answered else { return answered.unwrap_or(Ok(())) };
        let say = Say::ErrorInternal { reference: telemetry::panicked("a message beside another") };
        self.post(Reply::new(self.worded(&say)).for_asker()).await;
        self.finish_aside(&[(version, entry)]).await
    }
}
