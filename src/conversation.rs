//! The worker of one conversation: take from the inbox, decide, act, rest.
//!
//! Whichever instance claims a conversation works on it alone until it rests or its claim runs out. While a turn runs
//! the same worker goes on reading the inbox, so that commands and buttons are answered at once.

mod active;
mod answers;
mod card;
mod connect;
mod controls;
pub mod described;
mod export;
mod flood;
mod follow;
mod forget;
pub mod forgotten;
pub mod inbox;
mod languages;
mod line;
mod link;
pub mod live;
mod meta;
mod mints;
pub(crate) mod missing;
mod mydata;
mod notices;
mod orphan;
pub mod person;
pub mod picture;
mod pictured;
mod pressed;
mod private;
mod recheck;
pub mod record;
pub(crate) mod setup;
pub mod shape;
mod shift;
mod spent;
mod stage;
mod stages;
mod turn;
mod upload;
mod voice;
mod web;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::chat::id::Platform;
use crate::chat::surface::Surface;
use crate::clock::Clock;
use crate::crash;
use crate::language::Language;
use crate::nemo::Nemo;
use crate::store::{Claim, Vault};
use crate::work::held;
use person::Accounts;
use picture::Painter;
use shift::Shift;

/// The outbound sides of all platforms.
#[derive(Clone, Debug, Default)]
pub struct Surfaces {
    known: Vec<(Platform, Arc<dyn Surface>)>,
}

impl Surfaces {
    /// Adds a platform.
    #[must_use]
    pub fn with(mut self, platform: Platform, surface: Arc<dyn Surface>) -> Self {
        self.known.push((platform, surface));
        self
    }

    /// The outbound side of `platform`, if it is on.
    pub fn get(&self, platform: Platform) -> Option<Arc<dyn Surface>> {
        self.known.iter().find(|(known, _)| *known == platform).map(|(_, surface)| Arc::clone(surface))
    }
}

/// What a conversation needs to know.
#[derive(Clone, Debug)]
pub struct ConversationSettings {
    /// How long a claim outlives the instance that held it.
    pub hold: Duration,
    /// How long settings and history are kept after their last use.
    pub keep: Duration,
    /// How long the items of an album settle.
    pub album_wait: Duration,
    /// How often a silent turn says that it is still working.
    pub still_working_every: Duration,
    /// Wait before the first state check after a lost stream.
    pub recheck_first: Duration,
    /// Wait before each further one.
    pub recheck_every: Duration,
    /// How many there are.
    pub rechecks: u32,
    /// Wait between state checks after a turn without words.
    pub settle_every: Duration,
    /// How many there are.
    pub settle_reads: u32,
    /// Wait after a 429 that names no time.
    pub rate_limit_wait: Duration,
    /// The language where nothing tells.
    pub default_language: Language,
    /// Below this the balance is mentioned after a job.
    pub credits_low: u32,
    /// Publishing platforms, by their keys in the limits, where a person names none.
    pub platforms: Vec<String>,
    /// The operator's policy.
    pub policy_url: Option<Url>,
}

/// An argument that no button had before, for one that may run once.
pub fn mark() -> String {
    voice::tag(rand::random())
}

/// What every conversation's worker shares.
#[derive(Clone, Debug)]
pub struct Worker {
    /// What is kept.
    pub vault: Vault,
    /// The backend.
    pub nemo: Arc<Nemo>,
    /// Who pays.
    pub accounts: Accounts,
    /// Where answers go.
    pub surfaces: Surfaces,
    /// Draws timelines.
    pub painter: Painter,
    /// Settings.
    pub settings: ConversationSettings,
    /// The time.
    pub clock: Clock,
    /// Cancelled when the program is to stop: nothing new is begun.
    pub stopping: CancellationToken,
    /// Cancelled when running turns have had their time: what still runs is cut, stored and handed over.
    pub drained: CancellationToken,
}

impl Worker {
    /// Works on a claimed conversation until it rests or the claim is lost.
    pub async fn work(self: Arc<Self>, claim: Claim) {
        crash::point("claim.taken");
        let item = claim.item.name.clone();
        if claim.rows.iter().all(Vec::is_empty) {
            // Its rows are gone, with their owner's wish to be forgotten or with time: nothing may write them anew.
            if let Err(error) = held::let_go(&self.vault, &claim, None).await {
                tracing::warn!(conversation = %item, %error, "A conversation could not be let go");
            }
            return;
        }
        let (vault, hold) = (self.vault.clone(), self.settings.hold);
        match Shift::begin(self, &claim) {
            Some(shift) => Box::pin(shift.run()).await,
            None => {
                // Not a holder that vanished: whoever can answer must not take its message for a poisonous one.
                if let Err(error) = held::let_go(&vault, &claim, Some(hold)).await {
                    tracing::warn!(conversation = %item, %error, "A conversation could not be let go");
                }
            }
        }
    }
}
