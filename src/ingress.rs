//! How updates come in: what an adapter may ask of the core ([`Inlet`]), and which instance listens to a platform.

mod backoff;

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::backoff::Backoff;
use crate::chat::id::{BurstId, ConversationId, EventId, PlaceId, Platform};
use crate::chat::inbound::Inbound;
use crate::chat::permission::Permission;
use crate::clock::Timestamp;
use crate::store::{Agenda, Batch, Claim, Commit, Expect, Item, Key, Kind, StoreError, Vault, Version, Write};
use crate::telemetry;
use crate::work::Crew;
use crate::work::held::{Also, Held};

/// What an adapter may ask of the core.
#[async_trait]
pub trait Inlet: fmt::Debug + Send + Sync {
    /// Stores what a user did. Only after `Ok` may the platform be told that the update has arrived.
    async fn accept(&self, inbound: Inbound) -> Result<Accepted, Busy>;

    /// The store cannot take this now, and it is offered again: tells its person, once until something of that
    /// conversation is stored again.
    async fn put_off(&self, inbound: &Inbound);

    /// An event was not taken for too long, and nobody can bring it again.
    fn lost(&self);

    /// What is known of a place.
    async fn place(&self, platform: Platform, place: &PlaceId) -> Result<PlaceNote, Busy>;

    /// Remembers something of a place.
    async fn note(&self, platform: Platform, place: &PlaceId, note: PlaceNote) -> Result<(), Busy>;

    /// Something was said at a place, and need not be brought again.
    async fn saw(&self, platform: Platform, place: &PlaceId, event: &EventId);

    /// Places where something was said within the last 24 hours, each with its newest event, for a platform that does
    /// not bring again what was missed. From the first call on they are followed.
    async fn active(&self, platform: Platform) -> Result<Vec<(PlaceId, EventId)>, Busy>;
}

/// What became of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Stored; it will be answered.
    New,
    /// A second copy; dropped.
    Seen,
    /// Too many are waiting already. The user has been told, and the update counts as delivered.
    Full,
}

/// The store cannot be written now. Nothing was accepted: do not confirm the update, and bring it again later.
#[derive(Debug, thiserror::Error)]
#[error("the store cannot be written now")]
pub struct Busy;

/// What is known of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceNote {
    /// Every clip posted here is taken.
    pub clips: bool,
    /// A platform's penalty: nothing may be sent here before.
    pub blocked_until: Option<Timestamp>,
    /// The place lives on under another name at its platform. The core goes on calling it by this one.
    pub moved_to: Option<PlaceId>,
    /// What the core calls the place, where that is not its name at the platform any more.
    #[serde(default)]
    pub moved_from: Option<PlaceId>,
    /// It is the thread of a project: what that conversation's person says here belongs there.
    #[serde(default)]
    pub home: Option<ConversationId>,
    /// The album that was last meant for the bot here: its other items say nothing of the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album: Option<BurstId>,
    /// Permissions that are missing here and were named.
    #[serde(default)]
    pub named: Vec<Permission>,
}

impl PlaceNote {
    /// Whether nothing in it was chosen by anybody or tells what the place is: what is gone of it is found out anew.
    pub const fn is_passing(&self) -> bool {
        !self.clips && self.moved_to.is_none() && self.moved_from.is_none() && self.home.is_none()
    }
}

/// A source of updates that one instance at a time listens to.
#[async_trait]
pub trait Ingress: fmt::Debug + Send + Sync {
    /// Its name among the ingresses, such as `telegram`.
    fn name(&self) -> &str;

    /// Listens until `stop`. Returns early only if there is nothing more to try; a returned ingress is started again
    /// after `retry`.
    async fn listen(&self, stop: CancellationToken) -> Option<Duration>;
}

/// What is written with each heartbeat of a leader; the claim itself says who leads.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Leader {}

/// What is kept of an ingress.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Leadership {
    /// How often an instance has announced itself.
    announced: u64,
}

/// The ingresses of this instance. One instance at a time listens to each; the others wait for its claim to end.
#[derive(Clone, Debug)]
pub struct Leaders {
    /// What is kept.
    pub vault: Vault,
    /// How long a claim outlives the instance that held it.
    pub hold: Duration,
    /// The ingresses that this instance can lead.
    pub ingresses: Vec<Arc<dyn Ingress>>,
    /// Where the tasks live.
    pub tasks: TaskTracker,
}

/// All ingresses share a partition, whatever their names.
const OWNER: &str = "ingress";
/// A listener that panicked may do so again at once.
const PANIC_WAIT: Duration = Duration::from_secs(1);
/// Leadership is kept this long after the last sign of it.
const KEPT: Duration = Duration::from_hours(168);

/// A row of the leader's own: announcements of other instances must not break its heartbeat.
fn leader_row(name: &str) -> Key {
    Key::new(Kind::Ingress, OWNER, &format!("{name}:leader"))
}

/// Whether some instance listens now. One that died is noticed when its claim has run out, one that stopped at once.
pub async fn is_led(vault: &Vault, name: &str) -> Result<bool, StoreError> {
    Ok(vault.load::<Leader>(&leader_row(name)).await?.is_some())
}

impl Leaders {
    /// Announces the ingresses and leads whichever it can claim, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        for ingress in &self.ingresses {
            while let Err(error) = self.announce(ingress.name()).await {
                tracing::warn!(%error, ingress = ingress.name(), "An ingress could not be announced; trying again");
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                }
            }
        }
        let crew = Crew {
            vault: self.vault.clone(),
            agenda: Agenda::Ingresses,
            hold: self.hold,
            hands: self.ingresses.len().max(1),
            tasks: self.tasks.clone(),
        };
        let (leaders, stopped) = (Arc::new(self), stop.clone());
        crew.run(stop, move |claim| {
            let (leaders, stop) = (Arc::clone(&leaders), stopped.clone());
            async move { leaders.lead(claim, stop).await }
        })
        .await;
    }

    /// Puts an ingress on the agenda.
    async fn announce(&self, name: &str) -> Result<(), StoreError> {
        let key = Key::new(Kind::Ingress, OWNER, name);
        loop {
            let known = self.vault.load::<Leadership>(&key).await?;
            let version = known.as_ref().map(|(version, _)| *version);
            let announced = known.map_or(0, |(_, leadership)| leadership.announced) + 1;
            let item = Item::new(OWNER, name);
            let batch = Batch {
                id: Version::random(),
                partition: key.partition(),
                expects: vec![version.map_or_else(|| Expect::Absent(key.clone()), |v| Expect::At(key.clone(), v))],
                writes: vec![
                    self.vault.put_write(&key, &Leadership { announced }, Some(KEPT))?,
                    Write::Wake { agenda: Agenda::Ingresses, item, after: Duration::ZERO },
                ],
                confirmed: false,
            };
            if matches!(self.vault.commit(&batch).await?, Commit::Done { .. }) {
                return Ok(());
            }
        }
    }

    async fn lead(&self, claim: Claim, stop: CancellationToken) {
        let name = claim.item.name.clone();
        let row = leader_row(&name);
        let known = match self.vault.load::<Leader>(&row).await {
            Ok(known) => known.map(|(version, _)| version),
            Err(error) => {
                tracing::warn!(%error, ingress = %name, "An ingress could not be led; its claim will run out");
                return;
            }
        };
        // The row lives as long as the claim does: whoever dies is missed as soon as another may follow.
        let held = Held::new(self.vault.clone(), claim, row, known, Leader {}, self.hold, self.hold);
        let Some(ingress) = self.ingresses.iter().find(|ingress| ingress.name() == name) else {
            // Another instance has this platform; leave it the item.
            let _ = held.release(Some(self.hold)).await;
            return;
        };
        let listening = stop.child_token();
        // Others see at once that somebody listens.
        if let Err(error) = held.save(|_| (), Also::default()).await {
            tracing::warn!(ingress = %name, %error, "An ingress could not be led; its claim will run out");
            return;
        }
        tracing::info!(ingress = %name, "This instance listens");
        let listens = metrics::gauge!(telemetry::LISTENING, "platform" => name.clone());
        listens.set(1);
        let again = tokio::select! {
            lost = held.keep(|_| ()) => {
                listening.cancel();
                listens.set(0);
                tracing::warn!(ingress = %name, error = %lost, "Another instance listens now");
                return;
            }
            heard = AssertUnwindSafe(ingress.listen(listening.clone())).catch_unwind() => heard.unwrap_or_else(|_| {
                metrics::counter!(telemetry::PANICS).increment(1);
                tracing::error!(ingress = %name, "An ingress panicked; it is started again");
                Some(PANIC_WAIT)
            }),
        };
        listening.cancel();
        listens.set(0);
        let again = if stop.is_cancelled() { Some(Duration::ZERO) } else { again };
        // Nobody listens from here on, and whoever asks shall see it.
        if let Err(error) = held.leave(again).await {
            tracing::warn!(ingress = %name, %error, "An ingress could not be handed over; its claim will run out");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::store::StoreKey;
    use crate::store::sqlite::SqliteStore;

    const HOLD: Duration = Duration::from_secs(30);

    /// Listens until told otherwise: the first time it ends with a fault, the second time it has nothing more to try.
    #[derive(Debug)]
    struct Once {
        fault: CancellationToken,
        over: CancellationToken,
        times: AtomicU32,
    }

    #[async_trait]
    impl Ingress for Once {
        fn name(&self) -> &'static str {
            "test"
        }

        async fn listen(&self, _: CancellationToken) -> Option<Duration> {
            if self.times.fetch_add(1, Ordering::SeqCst) == 0 {
                self.fault.cancelled().await;
                panic!("a test asked for it");
            }
            self.over.cancelled().await;
            Some(Duration::from_hours(1))
        }
    }

    /// Waits until the store says so.
    async fn until_led(vault: &Vault, led: bool) {
        let looking = async {
            while is_led(vault, "test").await != Ok(led) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(HOLD / 2, looking).await.expect("well within the hold");
    }

    #[test]
    fn a_note_passes_that_holds_nothing_but_what_is_found_out_anew() {
        let penalty = PlaceNote { blocked_until: Some(Timestamp::from_millis(1)), ..PlaceNote::default() };
        assert!(PlaceNote::default().is_passing() && penalty.is_passing());
        let place = || Some(crate::chat::id::PlaceId::new("1"));
        let kept = [
            PlaceNote { clips: true, ..penalty.clone() },
            PlaceNote { moved_to: place(), ..penalty.clone() },
            PlaceNote { moved_from: place(), ..penalty },
        ];
        assert!(kept.iter().all(|note| !note.is_passing()));
    }

    #[tokio::test]
    async fn who_listens_no_more_is_missed_at_once_and_a_fault_starts_it_again() {
        let vault = Vault::new(Arc::new(SqliteStore::memory().await.unwrap()), &StoreKey::generate(), &[]);
        let (fault, over) = (CancellationToken::new(), CancellationToken::new());
        let once = Once { fault: fault.clone(), over: over.clone(), times: AtomicU32::new(0) };
        let once: Arc<dyn Ingress> = Arc::new(once);
        let tasks = TaskTracker::new();
        let leaders = Leaders { vault: vault.clone(), hold: HOLD, ingresses: vec![once], tasks: tasks.clone() };
        let stop = CancellationToken::new();
        tasks.spawn(leaders.run(stop.clone()));
        until_led(&vault, true).await;
        fault.cancel();
        until_led(&vault, false).await;
        until_led(&vault, true).await;
        over.cancel();
        until_led(&vault, false).await;
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    }
}
