//! The settings by section. What each means stands in `config/default.toml`; here are the types.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::field;
use crate::language::Language;

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The video service.
    pub nemo: Nemo,
    /// Discord.
    pub discord: Discord,
    /// Telegram.
    pub telegram: Telegram,
    /// The gate before the store.
    pub flood: Flood,
    /// Languages.
    pub language: LanguageDefault,
    /// Credits.
    pub credits: Credits,
    /// What is kept of a person.
    pub privacy: Privacy,
    /// How fast replies are shown.
    pub stream: Stream,
    /// Titles, descriptions and tags.
    pub metadata: Metadata,
    /// Pictures of timelines.
    pub picture: Picture,
    /// The store.
    pub store: Store,
    /// Claims and stops.
    pub run: Run,
    /// The operator's endpoints.
    pub server: Server,
    /// The log.
    pub log: Log,
}

/// The video service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nemo {
    /// Base address of the API.
    #[serde(deserialize_with = "field::web_address")]
    pub api_url: Url,
    /// Base address of the links for users.
    #[serde(deserialize_with = "field::web_address")]
    pub web_url: Url,
    /// The operator's account.
    #[serde(deserialize_with = "field::token")]
    pub token: Option<SecretString>,
    /// `X-Skill-Source`.
    #[serde(deserialize_with = "field::header")]
    pub skill_source: String,
    /// `X-Skill-Version`.
    #[serde(deserialize_with = "field::header")]
    pub skill_version: String,
    /// `X-Skill-Platform`.
    #[serde(deserialize_with = "field::header")]
    pub skill_platform: String,
    /// The longest turn.
    #[serde(deserialize_with = "field::time")]
    pub turn_timeout: Duration,
    /// The longest time in a turn without anything of substance.
    #[serde(deserialize_with = "field::time")]
    pub silence_timeout: Duration,
    /// The longest ordinary call.
    #[serde(deserialize_with = "field::time")]
    pub call_timeout: Duration,
    /// How often a silent turn says that it is still working.
    #[serde(deserialize_with = "field::time")]
    pub still_working_every: Duration,
    /// Wait before the first state check after a lost stream.
    #[serde(deserialize_with = "field::time")]
    pub recheck_first: Duration,
    /// Wait before each further one.
    #[serde(deserialize_with = "field::time")]
    pub recheck_every: Duration,
    /// How many there are.
    #[serde(deserialize_with = "field::count")]
    pub rechecks: u32,
    /// Wait before each further look at the project after a turn without words.
    #[serde(deserialize_with = "field::time")]
    pub settle_every: Duration,
    /// How many there are at most, besides the one at once.
    #[serde(deserialize_with = "field::count")]
    pub settle_reads: u32,
    /// Between polls of a render.
    #[serde(deserialize_with = "field::time")]
    pub render_poll_every: Duration,
    /// After this it is said that a render takes long.
    #[serde(deserialize_with = "field::time")]
    pub render_patience: Duration,
    /// Between polls after that.
    #[serde(deserialize_with = "field::time")]
    pub render_slow_poll_every: Duration,
    /// After this a render is given up.
    #[serde(deserialize_with = "field::time")]
    pub render_deadline: Duration,
    /// Wait after a 429 that names no time.
    #[serde(deserialize_with = "field::time")]
    pub rate_limit_wait: Duration,
}

/// Discord.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discord {
    /// The bot's token; without it the platform is off.
    #[serde(deserialize_with = "field::discord_token")]
    pub token: Option<SecretString>,
    /// An address in place of Discord's.
    #[serde(deserialize_with = "field::web_address_or_none")]
    pub api_url: Option<Url>,
    /// Whether the content of ordinary messages is asked for.
    #[serde(deserialize_with = "field::message_content")]
    pub message_content: MessageContent,
    /// Channels in which every posted clip is taken.
    #[serde(deserialize_with = "field::channels")]
    pub clip_channels: Vec<u64>,
    /// Whether the backend gets attachments by their signed address instead of their bytes.
    #[serde(deserialize_with = "field::switch")]
    pub pass_links: bool,
    /// How long a command's own token answers it.
    #[serde(deserialize_with = "field::time")]
    pub token_life: Duration,
}

/// Whether the bot asks Discord for the content of ordinary messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageContent {
    /// Asked for, and done without where it is refused.
    Auto,
    /// Asked for; a refusal ends the adapter.
    On,
    /// Never asked for.
    Off,
}

/// Telegram.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telegram {
    /// The bot's token; without it the platform is off.
    #[serde(deserialize_with = "field::telegram_token")]
    pub token: Option<SecretString>,
    /// Where the Bot API is.
    #[serde(deserialize_with = "field::web_address")]
    pub api_url: Url,
    /// Whether that is a local Bot API server.
    #[serde(deserialize_with = "field::switch")]
    pub local_files: bool,
    /// Chats in which every posted clip is taken.
    #[serde(deserialize_with = "field::chats")]
    pub clip_chats: Vec<i64>,
    /// How long the items of an album settle.
    #[serde(deserialize_with = "field::time")]
    pub album_wait: Duration,
    /// Whether replies in private chats grow as drafts instead of edits.
    #[serde(deserialize_with = "field::switch")]
    pub drafts: bool,
    /// How often a draft to which nothing new came is shown again.
    #[serde(deserialize_with = "field::time")]
    pub draft_renewal: Duration,
    /// How long a poll is held open.
    #[serde(deserialize_with = "field::time")]
    pub poll_timeout: Duration,
    /// Where Telegram brings updates; without it, it is polled.
    #[serde(deserialize_with = "field::webhook")]
    pub webhook_url: Option<Url>,
    /// What Telegram says each time that it brings some.
    #[serde(deserialize_with = "field::webhook_secret")]
    pub webhook_secret: Option<SecretString>,
    /// Where they are listened for.
    #[serde(deserialize_with = "field::address")]
    pub webhook_listen: SocketAddr,
    /// How many Telegram may bring at once.
    #[serde(deserialize_with = "field::count")]
    pub webhook_connections: u32,
}

/// The gate before the store, for each person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flood {
    /// Updates at once.
    #[serde(deserialize_with = "field::some")]
    pub burst: NonZeroU32,
    /// Further updates each minute.
    #[serde(deserialize_with = "field::some")]
    pub per_minute: NonZeroU32,
}

/// Languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageDefault {
    /// The language where nothing tells.
    #[serde(deserialize_with = "field::language")]
    pub default: Language,
}

/// Credits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credits {
    /// Below this the balance is mentioned after a job.
    #[serde(deserialize_with = "field::count")]
    pub low: u64,
}

/// What is kept of a person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// How long, after its last use.
    #[serde(deserialize_with = "field::time")]
    pub keep: Duration,
    /// The operator's policy.
    #[serde(deserialize_with = "field::link")]
    pub policy_url: Option<Url>,
}

/// How fast replies are shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The smallest gap between two edits in a private chat on Telegram.
    #[serde(deserialize_with = "field::time")]
    pub edit_interval_telegram_private: Duration,
    /// The smallest gap between two edits in a group on Telegram.
    #[serde(deserialize_with = "field::time")]
    pub edit_interval_telegram_group: Duration,
    /// The smallest gap between two edits in a channel on Discord.
    #[serde(deserialize_with = "field::time")]
    pub edit_interval_discord: Duration,
}

/// Titles, descriptions and tags.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// Keys of the publishing platforms that count where a person names none.
    #[serde(deserialize_with = "field::platforms")]
    pub platforms: Vec<String>,
}

/// Pictures of timelines.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// Dark or light.
    #[serde(deserialize_with = "field::picture_theme")]
    pub theme: PictureTheme,
    /// A folder of font files that go before the embedded ones.
    #[serde(deserialize_with = "field::path")]
    pub fonts: Option<PathBuf>,
}

/// Whether pictures are dark or light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureTheme {
    /// Dark on Discord, light on Telegram: no platform tells what its user has chosen.
    Auto,
    /// Always dark.
    Dark,
    /// Always light.
    Light,
}

/// The store.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// Where it is.
    #[serde(deserialize_with = "field::store_url")]
    pub url: StoreUrl,
    /// The key, as the base64 of 32 bytes.
    #[serde(deserialize_with = "field::store_key")]
    pub key: Option<SecretString>,
    /// Keys before that one, which still open what they sealed.
    #[serde(deserialize_with = "field::store_keys")]
    pub previous_keys: Vec<SecretString>,
    /// A file that holds the key.
    #[serde(deserialize_with = "field::path")]
    pub key_file: Option<PathBuf>,
    /// How often each partition is looked at without a hint.
    #[serde(deserialize_with = "field::time")]
    pub sweep_every: Duration,
    /// Replicas that must confirm a message before it is acknowledged.
    #[serde(deserialize_with = "field::count")]
    pub replica_acks: u32,
}

impl Store {
    /// The name of the key's file beside a database, where nothing else is set.
    pub const KEY_NAME: &str = "nemo-bot.key";

    /// The file that holds the key, or shall hold it: `store.key_file`, else the one beside the database. None if the
    /// key is set itself, or if nothing outlives the process and a key of the moment will do.
    pub fn key_path(&self) -> Option<PathBuf> {
        if self.key.is_some() {
            return None;
        }
        match (&self.key_file, &self.url) {
            (Some(file), _) => Some(file.clone()),
            (None, StoreUrl::File(database)) => Some(database.with_file_name(Self::KEY_NAME)),
            (None, StoreUrl::Memory | StoreUrl::Redis(_)) => None,
        }
    }
}

/// Where the store is.
#[derive(Clone, Debug)]
pub enum StoreUrl {
    /// `sqlite:PATH`.
    File(PathBuf),
    /// `sqlite::memory:`.
    Memory,
    /// `redis://…` or `rediss://…`, which may hold a password.
    Redis(SecretString),
}

/// The address without user, password and parameters.
impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "sqlite:{}", path.display()),
            Self::Memory => f.write_str("sqlite::memory:"),
            Self::Redis(url) => match Url::parse(url.expose_secret()) {
                Ok(url) => {
                    write!(f, "{}://{}", url.scheme(), url.host_str().unwrap_or_default())?;
                    url.port().map_or(Ok(()), |port| write!(f, ":{port}"))?;
                    f.write_str(url.path())
                }
                Err(_) => f.write_str("redis"),
            },
        }
    }
}

/// Claims and stops.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// How long a claim outlives the instance that held it.
    #[serde(deserialize_with = "field::time")]
    pub hold: Duration,
    /// How long turns may go on after a stop signal.
    #[serde(deserialize_with = "field::time")]
    pub drain: Duration,
}

/// The operator's endpoints.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where they are.
    #[serde(deserialize_with = "field::listen")]
    pub listen: Listen,
}

/// Where the operator's endpoints are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// Nowhere.
    Off,
    /// At this address.
    At(SocketAddr),
}

/// The log.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How its lines are written.
    #[serde(deserialize_with = "field::log_format")]
    pub format: LogFormat,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object in each line.
    Json,
}
