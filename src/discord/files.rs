//! Attachments on their way in. Their addresses are signed and expire; a dead one is made new where Discord still can.

use std::fmt;
use std::time::Duration;

use futures::stream::StreamExt;
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};

use super::api::Api;
use super::error::CallError;
use super::place::Snowflake;
use crate::chat::inbound::MediaRef;
use crate::chat::surface::{MediaStream, SurfaceError, exactly};
use crate::clock::Timestamp;

/// The largest file that a person can send, in bytes: 500 MB. Source: Discord's help, "File Attachments FAQ".
pub(super) const OPEN_LIMIT: u64 = 500 * 1024 * 1024;
/// Where attachments lie. Nothing else is fetched as one, and no redirect is followed. Where another address stands in for
/// Discord's, they lie there and nowhere else.
const HOSTS: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];
/// An address that ends sooner than this is made new first: the transfer has yet to begin.
const SOON: Duration = Duration::from_mins(2);

/// What is needed to open an attachment, now or after its address has expired.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    /// The channel that it was posted in.
    pub(super) channel: Snowflake,
    /// The message that it hangs on; none for one that came with a command, which cannot be read again.
    pub(super) message: Option<Snowflake>,
    /// Itself.
    pub(super) attachment: Snowflake,
    /// Its signed address.
    url: String,
    /// When that ends, in seconds since the Unix epoch.
    ex: Option<u64>,
    /// The announced size in bytes.
    size: Option<u64>,
}

impl Held {
    /// An attachment as it was described in an event.
    pub(super) fn new(
        channel: Snowflake,
        message: Option<Snowflake>,
        attachment: Snowflake,
        url: &str,
        size: Option<u64>,
    ) -> Self {
        Self { channel, message, attachment, url: url.to_owned(), ex: expiry(url), size }
    }

    /// The form in which the core keeps it.
    pub(super) fn write(&self) -> MediaRef {
        MediaRef::Held(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads what [`Held::write`] wrote.
    pub(super) fn read(media: &MediaRef) -> Option<Self> {
        let MediaRef::Held(name) = media else { return None };
        let held: Self = serde_json::from_str(name).ok()?;
        (held.channel != 0 && held.message != Some(0)).then_some(held)
    }
}

/// Shows no address.
impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held")
            .field("channel", &self.channel)
            .field("message", &self.message)
            .field("attachment", &self.attachment)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// When a signed address ends: its `ex`, seconds in hexadecimal digits.
fn expiry(url: &str) -> Option<u64> {
    let url = Url::parse(url).ok()?;
    let (_, ex) = url.query_pairs().find(|(name, _)| name == "ex")?;
    u64::from_str_radix(&ex, 16).ok()
}

/// Opens an attachment for one pass.
pub(super) async fn open(api: &Api, now: Timestamp, media: &MediaRef) -> Result<MediaStream, SurfaceError> {
    let held = known(media)?;
    let (mut link, mut renewed) = current(api, now, &held).await?;
    loop {
        let response = api.fetch(&link).await?;
        match response.status().as_u16() {
            200 => return measured(response, held.size),
            403 | 404 | 410 if !renewed => {
                renewed = true;
                link = renew(api, &held).await?;
            }
            403 | 404 | 410 => return Err(SurfaceError::Gone),
            300..400 => return Err(SurfaceError::Refused("an attachment that leads elsewhere".to_owned())),
            status => return Err(SurfaceError::Unavailable(format!("status {status} for a file").into())),
        }
    }
}

/// An address that works from now on for a while, of an attachment that somebody else fetches.
pub(super) async fn address_now(api: &Api, now: Timestamp, media: &MediaRef) -> Result<Url, SurfaceError> {
    current(api, now, &known(media)?).await.map(|(link, _)| link)
}

fn known(media: &MediaRef) -> Result<Held, SurfaceError> {
    let held = Held::read(media).ok_or(SurfaceError::Refused("not an attachment of Discord's".to_owned()))?;
    if held.size.is_some_and(|size| size > OPEN_LIMIT) { Err(SurfaceError::TooLarge) } else { Ok(held) }
}

/// Its address, made new where it ends soon, and whether it was.
async fn current(api: &Api, now: Timestamp, held: &Held) -> Result<(Url, bool), SurfaceError> {
    let soon = now.after(SOON).as_millis() / 1000;
    let renewed = held.ex.is_some_and(|ends| ends <= soon);
    let link = if renewed { renew(api, held).await? } else { address(api, &held.url)? };
    Ok((link, renewed))
}

/// The stream ends in an error unless it is exactly as long as was said.
fn measured(response: reqwest::Response, told: Option<u64>) -> Result<MediaStream, SurfaceError> {
    let length = response.content_length();
    if let (Some(length), Some(told)) = (length, told)
        && length != told
    {
        return Err(CallError::nonsense("the file is not as long as announced").into());
    }
    let length = length.or(told);
    if length.is_some_and(|length| length > OPEN_LIMIT) {
        return Err(SurfaceError::TooLarge);
    }
    let pieces = response.bytes_stream().map(|piece| piece.map_err(|error| CallError::transport(error).into())).boxed();
    let bytes = match length {
        Some(length) => exactly(length, pieces),
        None => pieces,
    };
    Ok(MediaStream { length, bytes })
}

/// An address that attachments may have.
fn address(api: &Api, url: &str) -> Result<Url, SurfaceError> {
    let elsewhere = || SurfaceError::Refused("an attachment that lies elsewhere".to_owned());
    let link = Url::parse(url).map_err(|_| elsewhere())?;
    let own = api.is_discord()
        && link.scheme() == "https"
        && link.port().is_none()
        && link.host_str().is_some_and(|host| HOSTS.contains(&host))
        && link.username().is_empty();
    if own || api.trusts(&link) { Ok(link) } else { Err(elsewhere()) }
}

/// A new address: from the old one, else from the message. One that came with a command or was seen by one person only
/// may have none; then it has to be sent again.
async fn renew(api: &Api, held: &Held) -> Result<Url, SurfaceError> {
    let body = json!({ "attachment_urls": [held.url] });
    let answer = api.direct::<Value>(Method::POST, "/attachments/refresh-urls", Some(&body), true).await;
    let refreshed = match answer {
        Ok(answer) => answer.pointer("/refreshed_urls/0/refreshed").and_then(Value::as_str).map(str::to_owned),
        Err(error @ (CallError::Throttled { .. } | CallError::Unreached(_) | CallError::Unavailable(_))) => {
            return Err(error.into());
        }
        Err(_) => None,
    };
    if let Some(refreshed) = refreshed {
        return address(api, &refreshed);
    }
    let Some(message) = held.message else { return Err(SurfaceError::Gone) };
    let route = Route::ChannelMessage { channel_id: held.channel.into(), message_id: message.into() };
    let message: Value = match api.call(LightMethod::Get, route, None).await {
        Ok(message) => message,
        Err(error @ (CallError::Throttled { .. } | CallError::Unreached(_) | CallError::Unavailable(_))) => {
            return Err(error.into());
        }
        Err(_) => return Err(SurfaceError::Gone),
    };
    let id = held.attachment.to_string();
    let attachments = message.get("attachments").and_then(Value::as_array).into_iter().flatten();
    let mut found = attachments.filter(|attachment| attachment.get("id").and_then(Value::as_str) == Some(&id));
    let url = found.find_map(|attachment| attachment.get("url")?.as_str());
    address(api, url.ok_or(SurfaceError::Gone)?)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use secrecy::SecretString;

    use super::*;

    #[test]
    fn a_held_name_reads_back_as_it_was_written_and_shows_no_address() {
        let url = "https://cdn.discordapp.com/attachments/1/2/a.mp4?ex=65000000&is=64000000&hm=secret&";
        let held = Held::new(1, Some(3), 2, url, Some(7));
        assert_eq!(held.ex, Some(0x6500_0000));
        assert!(!format!("{held:?}").contains("secret"));
        assert_eq!(Held::read(&held.write()), Some(held));
        assert_eq!(Held::read(&MediaRef::Held("{}".to_owned())), None);
        assert_eq!(Held::new(1, None, 2, "https://cdn.discordapp.com/a", None).ex, None);
    }

    #[rstest]
    #[case("https://cdn.discordapp.com/attachments/1/2/a.mp4", true, false)]
    #[case("https://media.discordapp.net/attachments/1/2/a.mp4", true, false)]
    #[case("http://cdn.discordapp.com/attachments/1/2/a.mp4", false, false)]
    #[case("https://cdn.discordapp.com:8443/a.mp4", false, false)]
    #[case("https://cdn.discordapp.com@evil.example/a.mp4", false, false)]
    #[case("https://cdn.discordapp.com.evil.example/a.mp4", false, false)]
    #[case("http://169.254.169.254/latest/meta-data", false, false)]
    #[case("http://127.0.0.1:9/attachments/a.mp4", false, true)]
    #[case("http://127.0.0.1:10/attachments/a.mp4", false, false)]
    #[case("file:///etc/passwd", false, false)]
    fn only_discords_own_hosts_are_attachments_or_what_stands_in_for_them(
        #[case] url: &str,
        #[case] good: bool,
        #[case] stood_in_for: bool,
    ) {
        let instead = "http://127.0.0.1:9".parse().unwrap();
        for (instead, good) in [(None, good), (Some(&instead), stood_in_for)] {
            let api = Api::new(instead, &SecretString::from("t"), |_| {}).unwrap();
            assert_eq!(address(&api, url).is_ok(), good, "{url} {instead:?}");
        }
    }
}
