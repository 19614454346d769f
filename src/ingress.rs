//! How updates come in: what an adapter may ask of the core ([`Inlet`]), and which instance listens to a platform.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::chat::id::{PlaceId, Platform};
use crate::chat::inbound::Inbound;
use crate::clock::Timestamp;

/// What an adapter may ask of the core.
#[async_trait]
pub trait Inlet: fmt::Debug + Send + Sync {
    /// Stores what a user did. Only after `Ok` may the platform be told that the update has arrived.
    async fn accept(&self, inbound: Inbound) -> Result<Accepted, Busy>;

    /// What is known of a place.
    async fn place(&self, platform: Platform, place: &PlaceId) -> Result<PlaceNote, Busy>;

    /// Remembers something of a place.
    async fn note(&self, platform: Platform, place: &PlaceId, note: PlaceNote) -> Result<(), Busy>;
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
    /// The place lives on under another name.
    pub moved_to: Option<PlaceId>,
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
