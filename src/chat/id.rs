//! Names of people, places and messages. Opaque outside the adapter that made them.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// A chat platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Discord.
    Discord,
    /// Telegram.
    Telegram,
}

impl Platform {
    /// The name used in keys, logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Telegram => "telegram",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! opaque_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes over a name that an adapter made.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name as its adapter wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

opaque_ids! {
    /// A chat, channel, thread or topic.
    PlaceId;
    /// A person on one platform.
    UserId;
    /// A message in a place.
    MessageId;
    /// What makes an update unique on its platform: Telegram's `update_id`, Discord's message or interaction id.
    EventId;
    /// Ties the items of one album together.
    BurstId;
    /// An adapter's own way back to where something came from, such as an interaction token. Sealed when stored.
    Back;
}

/// Names a preview in its place: a text that is shown and is not a message yet. Telegram's `draft_id`, which may not
/// be 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PreviewId(NonZeroU32);

impl PreviewId {
    /// A name that is not in use, with room for others after it.
    pub fn random() -> Self {
        Self(NonZeroU32::MIN.saturating_add(rand::random::<u32>() >> 1))
    }

    /// Reads a number back; 0 names nothing.
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// The number.
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// The name after it, for the next part of a reply.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// One user in one place: the unit of order, session and privacy.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConversationId {
    /// Where.
    pub platform: Platform,
    /// In which chat, channel, thread or topic.
    pub place: PlaceId,
    /// With whom.
    pub user: UserId,
}

impl ConversationId {
    /// The person across all places: `telegram:42`. Everything that is stored of a person shares a partition by it.
    pub fn owner(&self) -> String {
        format!("{}:{}", self.platform, self.user)
    }

    /// Reads what [`Display`](fmt::Display) wrote: `platform:user:place`.
    pub fn parse(written: &str) -> Option<Self> {
        let (platform, rest) = written.split_once(':')?;
        let platform = [Platform::Discord, Platform::Telegram].into_iter().find(|known| known.as_str() == platform)?;
        let (user, place) = rest.split_once(':')?;
        Some(Self { platform, user: UserId::new(user), place: PlaceId::new(place) })
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.platform, self.user, self.place)
    }
}
