//! What a run of the emulator may choose: who the bot is, times, rates and sizes.

use std::time::Duration;

const MEBIBYTE: u64 = 1 << 20;

/// How the emulator is set up.
#[derive(Clone, Debug)]
pub struct TelegramEmulatorSettings {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The one token that is accepted: the bot's id, a colon, a secret.
    pub token: String,
    /// The bot's user name, without `@`.
    pub username: String,
    /// The bot's display name.
    pub name: String,
    /// Privacy mode off: ordinary messages of groups reach the bot. Telegram's default is `false`.
    pub reads_all_group_messages: bool,
    /// A local Bot API server: files have no limit, and `getFile` names them by their path on this disk.
    pub local: bool,
    /// Times and rates.
    pub times: TelegramTimes,
    /// Largest files.
    pub sizes: TelegramSizes,
}

impl Default for TelegramEmulatorSettings {
    fn default() -> Self {
        Self {
            port: 0,
            token: "123456:SANDBOX-not-a-secret".to_owned(),
            username: "nemo_sandbox_bot".to_owned(),
            name: "NEMO".to_owned(),
            reads_all_group_messages: false,
            local: false,
            times: TelegramTimes::default(),
            sizes: TelegramSizes::default(),
        }
    }
}

/// Telegram's times and rates. The default holds the real numbers, as far as they are published or known by report.
#[derive(Clone, Debug)]
pub struct TelegramTimes {
    /// A private chat takes one call in this time, …
    pub private_interval: Duration,
    /// … and this many at once after a rest. Telegram publishes no number ("short bursts pass").
    pub private_burst: u32,
    /// A group takes this many calls in any [`group_span`](Self::group_span).
    pub group_limit: usize,
    /// The span in which a group's calls are counted.
    pub group_span: Duration,
    /// All chats together take this many calls in any [`total_span`](Self::total_span).
    pub total_limit: usize,
    /// The span in which all calls are counted.
    pub total_span: Duration,
    /// How long a chat is closed after a call too many.
    pub penalty: Duration,
    /// By how much each call inside that time lengthens it.
    pub penalty_growth: Duration,
    /// How long a callback query can be answered.
    pub callback_life: Duration,
    /// How long a chat action shows.
    pub action_life: Duration,
    /// How long a draft shows without being renewed.
    pub draft_life: Duration,
    /// The longest that `getUpdates` is held, whatever its `timeout`.
    pub poll_limit: Duration,
    /// How long an unconfirmed update is kept.
    pub update_life: Duration,
    /// What a second lasts between two tries to bring an update to the webhook.
    pub webhook_second: Duration,
}

impl Default for TelegramTimes {
    fn default() -> Self {
        Self {
            private_interval: Duration::from_secs(1),
            private_burst: 5,
            group_limit: 20,
            group_span: Duration::from_mins(1),
            total_limit: 30,
            total_span: Duration::from_secs(1),
            penalty: Duration::from_secs(3),
            penalty_growth: Duration::from_secs(1),
            callback_life: Duration::from_secs(15),
            action_life: Duration::from_secs(5),
            draft_life: Duration::from_secs(30),
            poll_limit: Duration::from_secs(50),
            update_life: Duration::from_hours(24),
            webhook_second: Duration::from_secs(1),
        }
    }
}

impl TelegramTimes {
    /// The same structure with generous rates: for tests that are not about rates, and for people trying things out.
    /// A storm of calls still meets a 429.
    pub fn relaxed() -> Self {
        Self {
            private_interval: Duration::from_millis(20),
            private_burst: 100,
            group_limit: 1000,
            total_limit: 500,
            penalty: Duration::from_secs(1),
            webhook_second: Duration::from_millis(200),
            ..Self::default()
        }
    }
}

/// The largest files, in bytes.
#[derive(Clone, Debug)]
pub struct TelegramSizes {
    /// What `getFile` hands out.
    pub download: u64,
    /// What a multipart part may hold.
    pub upload: u64,
    /// What a multipart photo may hold.
    pub photo_upload: u64,
    /// What is fetched from an address that the bot names.
    pub by_url: u64,
    /// What is fetched as a photo.
    pub photo_by_url: u64,
}

impl Default for TelegramSizes {
    fn default() -> Self {
        Self {
            download: 20 * MEBIBYTE,
            upload: 50 * MEBIBYTE,
            photo_upload: 10 * MEBIBYTE,
            by_url: 20 * MEBIBYTE,
            photo_by_url: 5 * MEBIBYTE,
        }
    }
}
