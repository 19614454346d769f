//! The bot's way to its store and back: a message is accepted, claimed, written ahead and finished.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nemo_bot::chat::id::{EventId, MessageId};
use nemo_bot::chat::inbound::{Inbound, InboundKind};
use nemo_bot::clock::Clock;
use nemo_bot::conversation::Surfaces;
use nemo_bot::conversation::inbox::{Inbox, InboxSettings};
use nemo_bot::conversation::record::{Entry, Record, Shelf};
use nemo_bot::ingress::{Accepted, Inlet};
use nemo_bot::language::Language;
use nemo_bot::store::{Agenda, Claim, Store, StoreKey, Vault, Version, Write};
use nemo_bot::work::Crew;
use nemo_bot::work::held::{Also, Held};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::calls::Calls;
use crate::home::Home;
use crate::in_ms;
use crate::seed;
use crate::spread::percentile;

/// `run.hold`.
pub(crate) const HOLD: Duration = Duration::from_secs(15);
/// `privacy.keep`.
pub(crate) const KEEP: Duration = Duration::from_hours(90 * 24);

/// A store in use.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) vault: Vault,
    calls: Arc<Calls>,
    inbox: Arc<Inbox>,
}

/// What messages cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Accepted in a second.
    pub(crate) accepts: f64,
    /// Until one was accepted, in milliseconds: middle and 99th percentile.
    pub(crate) wait: [f64; 2],
    /// From then on through claim, dispatch and rest, in a second.
    pub(crate) rest: f64,
    /// CPU of the bot and the server for one, in milliseconds.
    pub(crate) cpu: f64,
    /// Calls for one.
    pub(crate) calls: f64,
}

impl Desk {
    pub(crate) async fn open(home: &Home, key: &StoreKey) -> Self {
        let calls = Calls::of(home.open().await);
        let vault = Vault::new(Arc::clone(&calls) as Arc<dyn Store>, key, &[]);
        let settings = InboxSettings {
            flood_burst: NonZeroU32::new(30).unwrap(),
            flood_per_minute: NonZeroU32::new(60).unwrap(),
            album_wait: Duration::ZERO,
            keep: KEEP,
            default_language: Language::parse("en").unwrap(),
        };
        let inbox = Inbox::new(vault.clone(), Surfaces::default(), settings, TaskTracker::new(), Clock::system());
        Self { vault, calls, inbox: Arc::new(inbox) }
    }

    /// Stores a message of this person.
    pub(crate) async fn accept(&self, user: u64) {
        accept(&self.inbox, user).await;
    }

    /// Messages, one of each of these people, accepted and then worked on by so many at a time.
    pub(crate) async fn messages(&self, home: &Home, users: Vec<u64>, at_once: usize) -> Cost {
        let (cpu, calls, count) = (home.cpu(), self.calls.count(), users.len() as f64);
        let begun = Instant::now();
        let users = Arc::new(users);
        let next = Arc::new(AtomicU64::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..at_once {
            let (users, next, inbox) = (Arc::clone(&users), Arc::clone(&next), Arc::clone(&self.inbox));
            tasks.spawn(async move {
                let mut waits = Vec::new();
                while let Some(user) = users.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap()) {
                    let begun = Instant::now();
                    accept(&inbox, *user).await;
                    waits.push(in_ms(begun.elapsed()));
                }
                waits
            });
        }
        let mut waits = tasks.join_all().await.concat();
        let accepted = begun.elapsed();
        waits.sort_unstable_by(f64::total_cmp);

        let begun = Instant::now();
        self.work(users.len() as u64, at_once).await;
        let worked = begun.elapsed();
        Cost {
            accepts: count / accepted.as_secs_f64(),
            wait: [percentile(&waits, 50), percentile(&waits, 99)],
            rest: count / worked.as_secs_f64(),
            cpu: in_ms(home.cpu().saturating_sub(cpu)) / count,
            calls: (self.calls.count() - calls) as f64 / count,
        }
    }

    /// Works on one claimed message.
    pub(crate) async fn carry(&self, claim: Claim) {
        carry(&self.vault, claim).await;
    }

    /// Works on so many messages.
    async fn work(&self, count: u64, at_once: usize) {
        let (done, left) = (CancellationToken::new(), Arc::new(AtomicU64::new(count)));
        let (vault, tasks) = (self.vault.clone(), TaskTracker::new());
        let crew = Crew { vault: vault.clone(), agenda: Agenda::Conversations, hold: HOLD, hands: at_once, tasks };
        let finished = done.clone();
        let work = move |claim: Claim| {
            let (vault, left, finished) = (vault.clone(), Arc::clone(&left), finished.clone());
            async move {
                carry(&vault, claim).await;
                if left.fetch_sub(1, Ordering::Relaxed) == 1 {
                    finished.cancel();
                }
            }
        };
        crew.run(done, work).await;
    }
}

async fn accept(inbox: &Inbox, user: u64) {
    let kind = InboundKind::Message {
        message: MessageId::new("1"),
        text: "add a title \"Urban Dreams\" and make the second clip two seconds shorter".to_owned(),
        attachments: Vec::new(),
    };
    let inbound = Inbound {
        id: EventId::new(format!("{:016x}", rand::random::<u64>())),
        from: seed::conversation(user),
        name: "New user".to_owned(),
        locale: Some("en".to_owned()),
        burst: None,
        back: None,
        replies: false,
        kind,
    };
    assert_eq!(inbox.accept(inbound).await.ok(), Some(Accepted::New));
}

/// One message: written ahead, then finished.
async fn carry(vault: &Vault, claim: Claim) {
    let record = vault.open_brought::<Record>(&claim, 0).unwrap().pop();
    let entries = vault.open_brought::<Entry>(&claim, 1).unwrap();
    let (version, record): (Option<Version>, Option<Record>) = record.unzip();
    let (pushed, entry) = entries.into_iter().next().unwrap();
    let shelf = Shelf::of(&entry.inbound.from);
    let request = "add a title".to_owned();
    let held = Held::new(vault.clone(), claim, shelf.record(), version, record.unwrap_or_default(), KEEP, HOLD);
    held.save(|record| record.offer("a1b2c3".to_owned(), request.into()), Also { confirmed: true, ..Also::default() })
        .await
        .unwrap();
    let taken = Write::Remove { key: shelf.inbox(), version: pushed };
    held.rest(|_| (), Also { writes: vec![taken], ..Also::default() }, None).await.unwrap();
}
