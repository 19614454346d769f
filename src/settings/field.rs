//! How single values are read. Each function's error is what is allowed, in words, and never the value.
//!
//! Everything is read through its text: a variable has nothing else, and a number must not be rounded on its way.

use std::fmt::Display;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer, Error};
use url::Url;

use super::sections::{Listen, LogFormat, MessageContent, PictureTheme, StoreUrl};
use crate::language::Language;

/// A store key is an `XChaCha20` key.
const STORE_KEY_BYTES: usize = 32;
/// Longer than any token that is known, short enough for a header.
const TOKEN_LIMIT: usize = 4096;
/// Beyond this a list of chats or channels is a mistake.
const IDS_LIMIT: usize = 1000;
/// Publishing platforms. `config/metadata-limits.toml` has the same; a test of the program says so.
pub(crate) const PLATFORMS: [&str; 9] =
    ["youtube", "youtube_shorts", "tiktok", "instagram_reels", "x", "linkedin", "bilibili", "xiaohongshu", "douyin"];

fn read<'de, D: Deserializer<'de>, T>(
    from: D,
    allowed: impl Display,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    let text = String::deserialize(from).map_err(|_| D::Error::custom(&allowed))?;
    parse(text.trim()).ok_or_else(|| D::Error::custom(&allowed))
}

/// Reads an empty text as none.
fn read_any<'de, D: Deserializer<'de>, T>(
    from: D,
    allowed: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    let text = read(from, allowed, |text| Some(text.to_owned()))?;
    if text.is_empty() {
        return Ok(None);
    }
    parse(&text).map(Some).ok_or_else(|| D::Error::custom(allowed))
}

pub(super) fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    read(from, "a time such as 200ms, 30s, 15m, 24h or 90d", parse_time)
}

/// A number, with a fraction if need be, and its unit.
pub(super) fn parse_time(text: &str) -> Option<Duration> {
    let unit_at = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(unit_at);
    let millis = match unit {
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 60e3,
        "h" => 3600e3,
        "d" => 24.0 * 3600e3,
        _ => return None,
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = number.parse().ok().filter(|_| plain)?;
    Duration::try_from_secs_f64((number * millis).round() / 1e3).ok()
}

/// The time as it is written in settings.
pub(super) fn written(time: Duration) -> String {
    let millis = time.as_millis();
    let units = [(24 * 3_600_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
    let fits = units.iter().find(|(unit, _)| millis > 0 && millis.is_multiple_of(*unit));
    fits.map_or_else(|| format!("{millis}ms"), |(unit, name)| format!("{}{name}", millis / unit))
}

pub(super) fn count<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<T, D::Error> {
    read(from, "a whole number of 0 or more", |text| text.parse().ok())
}

pub(super) fn some<'de, D: Deserializer<'de>>(from: D) -> Result<NonZeroU32, D::Error> {
    read(from, "a whole number of 1 or more", |text| text.parse().ok())
}

pub(super) fn switch<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    read(from, "true or false", |text| text.parse().ok())
}

pub(super) fn web_address<'de, D: Deserializer<'de>>(from: D) -> Result<Url, D::Error> {
    read(from, "a web address such as https://example.com, without user, query or fragment", plain_address)
}

pub(super) fn web_address_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    let allowed = "a web address such as https://example.com, without user, query or fragment, or nothing";
    read_any(from, allowed, plain_address)
}

fn plain_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then_some(url)
}

/// It may have a query, which is nobody's secret.
pub(super) fn webhook<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    let allowed = "an address such as https://bot.example.com/telegram, without user or fragment, or nothing";
    read_any(from, allowed, |text| {
        let url = Url::parse(text).ok()?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none();
        plain.then_some(url)
    })
}

/// Source: Bot API, `setWebhook`.
pub(super) fn webhook_secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    read_any(from, "1 to 256 of the letters A-Z, a-z, 0-9, _ and -, or nothing", |text| {
        let fits = (1..=256).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        fits.then(|| SecretString::from(text))
    })
}

/// A page for people: it may have a query and a fragment.
pub(super) fn link<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    read_any(from, "a web address such as https://example.com/privacy, or nothing", |text| {
        Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    })
}

/// What can stand in a header: visible ASCII without space.
fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.len() <= TOKEN_LIMIT && text.bytes().all(|byte| byte.is_ascii_graphic())
}

pub(super) fn header<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    read(from, "letters, digits and signs of ASCII without spaces", |text| is_visible(text).then(|| text.to_owned()))
}

pub(super) fn token<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    read_any(from, "an account token without spaces, or nothing", |text| {
        is_visible(text).then(|| SecretString::from(text))
    })
}

pub(super) fn telegram_token<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    read_any(from, "the token as BotFather gives it, such as 123456:ABC-def, or nothing", |text| {
        let (id, secret) = text.split_once(':')?;
        let is_token = !id.is_empty()
            && id.bytes().all(|byte| byte.is_ascii_digit())
            && !secret.is_empty()
            && text.len() <= TOKEN_LIMIT
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        is_token.then(|| SecretString::from(text))
    })
}

/// Three parts in the alphabet of base64 with dots between them; what they hold is Discord's business.
pub(super) fn discord_token<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    read_any(
        from,
        "the bot token of the Developer Portal, with neither \"Bot \" before it nor spaces, or nothing",
        |text| {
            let is_token = text.len() <= TOKEN_LIMIT
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
            is_token.then(|| SecretString::from(text))
        },
    )
}

pub(super) fn message_content<'de, D: Deserializer<'de>>(from: D) -> Result<MessageContent, D::Error> {
    read(from, "auto, on or off", |text| match text {
        "auto" => Some(MessageContent::Auto),
        "on" => Some(MessageContent::On),
        "off" => Some(MessageContent::Off),
        _ => None,
    })
}

pub(super) fn picture_theme<'de, D: Deserializer<'de>>(from: D) -> Result<PictureTheme, D::Error> {
    read(from, "auto, dark or light", |text| match text {
        "auto" => Some(PictureTheme::Auto),
        "dark" => Some(PictureTheme::Dark),
        "light" => Some(PictureTheme::Light),
        _ => None,
    })
}

pub(super) fn platforms<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let allowed = || D::Error::custom(format!("a list of {}", PLATFORMS.join(", ")));
    let written = Vec::<String>::deserialize(from).map_err(|_| allowed())?;
    let known = written.len() <= PLATFORMS.len() && written.iter().all(|key| PLATFORMS.contains(&key.as_str()));
    if known && !written.is_empty() { Ok(written) } else { Err(allowed()) }
}

pub(super) fn channels<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
    ids(from, "a list of channel ids such as [\"1234567890123456789\"]")
}

pub(super) fn chats<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<i64>, D::Error> {
    ids(from, "a list of chat ids such as [-1001234567890]")
}

fn ids<'de, D: Deserializer<'de>, T: FromStr>(from: D, allowed: &str) -> Result<Vec<T>, D::Error> {
    let allowed = || D::Error::custom(allowed);
    let written = Vec::<String>::deserialize(from).map_err(|_| allowed())?;
    if written.len() > IDS_LIMIT {
        return Err(allowed());
    }
    written.iter().map(|id| id.trim().parse().map_err(|_| allowed())).collect()
}

pub(super) fn language<'de, D: Deserializer<'de>>(from: D) -> Result<Language, D::Error> {
    read(from, "a language tag such as en, zh-Hans or pt-BR", Language::parse)
}

pub(super) fn path<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PathBuf>, D::Error> {
    read_any(from, "a path, or nothing", |text| Some(PathBuf::from(text)))
}

pub(super) fn store_url<'de, D: Deserializer<'de>>(from: D) -> Result<StoreUrl, D::Error> {
    read(from, "sqlite:PATH, sqlite::memory:, redis://HOST:PORT or rediss://HOST:PORT", |text| {
        let Some(rest) = text.strip_prefix("sqlite:") else {
            let url = Url::parse(text).ok()?;
            let is_redis = matches!(url.scheme(), "redis" | "rediss") && url.has_host();
            return is_redis.then(|| StoreUrl::Redis(text.into()));
        };
        match rest {
            ":memory:" => Some(StoreUrl::Memory),
            // `sqlite://data/x.db` is a habit from elsewhere, where it means `data/x.db` here and `/x.db` there.
            path if path.is_empty() || path.starts_with("//") || path.starts_with(':') || path.ends_with('/') => None,
            path => Some(StoreUrl::File(path.into())),
        }
    })
}

pub(super) fn store_key<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    read_any(from, "32 bytes in base64, as `nemo-bot keygen` prints them, or nothing", |text| {
        is_store_key(text).then(|| SecretString::from(text))
    })
}

/// Beyond this, keys are changed faster than what they sealed.
const KEYS_LIMIT: usize = 16;

pub(super) fn store_keys<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SecretString>, D::Error> {
    let allowed = || D::Error::custom("a list of keys, each 32 bytes in base64, as `nemo-bot keygen` prints them");
    let written = Vec::<String>::deserialize(from).map_err(|_| allowed())?;
    let keys: Vec<&str> = written.iter().map(|key| key.trim()).collect();
    let right = keys.len() <= KEYS_LIMIT && keys.iter().all(|key| is_store_key(key));
    if right { Ok(keys.into_iter().map(SecretString::from).collect()) } else { Err(allowed()) }
}

fn is_store_key(text: &str) -> bool {
    STANDARD.decode(text).is_ok_and(|bytes| bytes.len() == STORE_KEY_BYTES)
}

pub(super) fn listen<'de, D: Deserializer<'de>>(from: D) -> Result<Listen, D::Error> {
    read(from, "an address and a port such as 127.0.0.1:9090, or off", |text| match text {
        "off" => Some(Listen::Off),
        address => address.parse::<SocketAddr>().ok().map(Listen::At),
    })
}

pub(super) fn address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    read(from, "an address and a port such as 127.0.0.1:8443", |text| text.parse().ok())
}

pub(super) fn log_format<'de, D: Deserializer<'de>>(from: D) -> Result<LogFormat, D::Error> {
    read(from, "text or json", |text| match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    })
}
