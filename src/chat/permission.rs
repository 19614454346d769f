//! What a platform may withhold from the bot.

use serde::{Deserialize, Serialize};

/// Something that a moderator may allow the bot in a place, and that it needs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// To see the place at all.
    View,
    /// To write.
    Send,
    /// To write in the threads of the place.
    SendInThreads,
    /// To send files: videos, pictures, texts that are too long.
    AttachFiles,
    /// To read what was written while the bot was away.
    ReadHistory,
    /// To open a thread for a project.
    OpenThreads,
}
