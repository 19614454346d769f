//! Permission bits of Discord.

/// Change channels, and with them what the bot does there.
pub const MANAGE_CHANNELS: u64 = 1 << 4;
/// Add reactions.
pub const ADD_REACTIONS: u64 = 1 << 6;
/// View the channel.
pub const VIEW: u64 = 1 << 10;
/// Send messages, outside of threads.
pub const SEND: u64 = 1 << 11;
/// Delete messages of others, and act on their behalf.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// Links and embeds show.
pub const EMBED_LINKS: u64 = 1 << 14;
/// Send files.
pub const ATTACH_FILES: u64 = 1 << 15;
/// Read what was written before.
pub const READ_HISTORY: u64 = 1 << 16;
/// `@everyone` rings.
pub const MENTION_EVERYONE: u64 = 1 << 17;
/// Archive and lock threads.
pub const MANAGE_THREADS: u64 = 1 << 34;
/// Open public threads.
pub const CREATE_THREADS: u64 = 1 << 35;
/// Send messages in threads.
pub const SEND_IN_THREADS: u64 = 1 << 38;
/// What a bot usually gets.
pub const USUAL: u64 =
    ADD_REACTIONS | VIEW | SEND | EMBED_LINKS | ATTACH_FILES | READ_HISTORY | CREATE_THREADS | SEND_IN_THREADS;
