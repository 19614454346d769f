//! An interaction as the core's [`Back`]: written and read here alone, sealed wherever it is stored.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::place::Snowflake;
use crate::chat::id;
use crate::clock::Timestamp;

/// An interaction's token lives 15 minutes. Source: Discord's API reference, "Interaction Callback".
pub(super) const TOKEN_LIFE: Duration = Duration::from_mins(15);
/// A call that is begun later than this before the end may arrive after it.
const MARGIN: Duration = Duration::from_secs(15);

/// What answers an interaction, and what came with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Back {
    /// The interaction.
    pub(super) interaction: Snowflake,
    /// Where it happened.
    pub(super) channel: Snowflake,
    /// The application that it belongs to.
    pub(super) application: Snowflake,
    /// What answers it. A secret for as long as it lives.
    pub(super) token: String,
    /// When it came, by our clock.
    pub(super) at: Timestamp,
    /// Whether a "thinking…" message of its own waits for its text: after a command. A press leaves none.
    pub(super) waits: bool,
    /// What the bot may do in the channel, as Discord's bit set.
    pub(super) permissions: u64,
    /// Whether that is a thread.
    #[serde(default)]
    pub(super) thread: bool,
    /// The largest file that an answer may carry, in bytes.
    pub(super) file_limit: Option<u64>,
    /// The message whose button was pressed: its token changes that one, as its own answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pressed: Option<Snowflake>,
}

impl Back {
    /// Reads what [`Back::write`] wrote.
    pub(super) fn read(back: &id::Back) -> Option<Self> {
        serde_json::from_str(back.as_str()).ok()
    }

    /// The form in which the core keeps it.
    pub(super) fn write(&self) -> Option<id::Back> {
        serde_json::to_string(self).ok().map(id::Back::new)
    }

    /// How long its token still answers, where tokens live that long.
    pub(super) fn left(&self, now: Timestamp, life: Duration) -> Duration {
        self.at.after(life).since(now.after(MARGIN))
    }
}

/// Shows no token.
impl fmt::Debug for Back {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Back")
            .field("interaction", &self.interaction)
            .field("waits", &self.waits)
            .finish_non_exhaustive()
    }
}
