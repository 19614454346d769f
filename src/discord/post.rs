//! What a message of ours is on the wire, and which way it goes.

use serde_json::{Map, Value, json};

use super::back::Back;
use super::components;
use super::draw::draw;
use super::place::{Snowflake, Spot};
use crate::chat::choice::Signer;
use crate::chat::id::{MessageId, PlaceId};
use crate::chat::reply::{Audience, Reply};
use crate::chat::surface::{DeliveryKey, SurfaceError};
use crate::clock::Timestamp;

/// A message's length in UTF-16 units. Discord counts characters, so this can only be too strict.
pub(super) const TEXT_LIMIT: usize = 2000;
/// More messages of one reply than this push everything else out of a channel.
pub(super) const REPLY_MESSAGES: usize = 4;
/// Message flags. Source: Discord's API reference, "Message Flags".
const SUPPRESS_EMBEDS: u64 = 1 << 2;
const EPHEMERAL: u64 = 1 << 6;
/// "thinking…": the acknowledgement of a command that has no text yet.
pub(super) const LOADING: u64 = 1 << 7;
const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
/// Permissions. Source: Discord's API reference, "Permissions".
const VIEW_CHANNEL: u64 = 1 << 10;
const SEND_MESSAGES: u64 = 1 << 11;
const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
/// Snowflakes count milliseconds from the beginning of 2015. Source: Discord's API reference, "Snowflakes".
const EPOCH: u64 = 1_420_070_400_000;
/// From this age on, edits of a message have a limit of their own.
const OLD: std::time::Duration = std::time::Duration::from_hours(1);
/// In front of a message that only its interaction's token reaches.
const BY_TOKEN: char = '~';
/// The answer that was made by the acknowledgement.
pub(super) const ORIGINAL: &str = "@original";

/// A message of ours, by the way that leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ours {
    /// In a channel, by the bot's token.
    Posted(Named),
    /// An answer to an interaction, by that interaction's token: an id, or [`ORIGINAL`].
    Answer(String),
    /// A text below the words of such an answer, by its number.
    Below(String, usize),
}

/// A message in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Itself.
    pub(super) message: Snowflake,
    /// Where it stands, if not in the conversation's own place: in a project's thread.
    pub(super) channel: Option<Snowflake>,
}

impl Ours {
    /// The name under which the core knows it.
    pub(super) fn write(&self) -> MessageId {
        match self {
            Self::Posted(Named { message, channel: None }) => MessageId::new(message.to_string()),
            Self::Posted(Named { message, channel: Some(channel) }) => MessageId::new(format!("{message}@{channel}")),
            Self::Answer(id) => MessageId::new(format!("{BY_TOKEN}{id}")),
            Self::Below(id, number) => MessageId::new(format!("{BY_TOKEN}{id}+{number}")),
        }
    }

    /// Reads what [`Ours::write`] wrote. Letters that could lead to another address are not ours.
    pub(super) fn read(message: &MessageId) -> Option<Self> {
        let Some(id) = message.as_str().strip_prefix(BY_TOKEN) else { return snowflake(message).map(Self::Posted) };
        let (id, number) = id.split_once('+').map_or((id, None), |(id, number)| (id, Some(number)));
        let own = id == ORIGINAL || (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()));
        match number {
            _ if !own => None,
            None => Some(Self::Answer(id.to_owned())),
            Some(number) => {
                number.parse().ok().filter(|number| *number != 0).map(|number| Self::Below(id.to_owned(), number))
            }
        }
    }

    /// Whether its edits are limited as those of old messages are.
    pub(super) fn is_old(&self, now: Timestamp) -> bool {
        match self {
            Self::Posted(Named { message, .. }) => {
                now.since(Timestamp::from_millis((message >> 22).saturating_add(EPOCH))) >= OLD
            }
            Self::Answer(_) | Self::Below(..) => false,
        }
    }
}

/// A message that a person wrote, or one of ours in its channel.
pub(super) fn snowflake(message: &MessageId) -> Option<Named> {
    let number = |digits: &str| digits.parse().ok().filter(|id| *id != 0);
    Some(match message.as_str().split_once('@') {
        Some((message, channel)) => Named { message: number(message)?, channel: Some(number(channel)?) },
        None => Named { message: number(message.as_str())?, channel: None },
    })
}

/// Whether a reply goes by the interaction's token rather than into the channel: where no way leads to the channel, and
/// where only one person may read it.
pub(super) fn goes_by_token(spot: Spot, reply: &Reply, back: Option<&Back>) -> bool {
    !spot.has_route() || back.is_some_and(|back| reply.audience == Audience::Asker || !may_post(spot, back))
}

/// Whether the bot may write in the channel, as far as the interaction told. A private chat has no permissions.
fn may_post(spot: Spot, back: &Back) -> bool {
    let has = |permission| back.permissions & permission != 0;
    !matches!(spot, Spot::Server { .. }) || (has(VIEW_CHANNEL) && (has(SEND_MESSAGES) || has(SEND_MESSAGES_IN_THREADS)))
}

/// Whose message a body makes.
pub(super) enum Form<'k> {
    /// A new message in a channel. With the key Discord makes it once, however often it is asked.
    New(&'k DeliveryKey),
    /// A further answer, for one person's eyes.
    FollowUp,
    /// A message gets another text and other buttons.
    Edit,
}

/// The body of a message. It reaches nobody by name, and unfolds only what it may.
pub(super) fn body(
    reply: &Reply,
    form: &Form<'_>,
    signer: &Signer,
    place: &PlaceId,
) -> Result<Map<String, Value>, SurfaceError> {
    let text = draw(&reply.text, reply.preview);
    if text.encode_utf16().count() > TEXT_LIMIT {
        return Err(SurfaceError::TooLarge);
    }
    let edit = matches!(form, Form::Edit);
    let rows = components::rows(&reply.buttons, signer, place);
    let mut body = Map::new();
    if edit || !text.is_empty() {
        body.insert("content".to_owned(), text.into());
    }
    body.insert("allowed_mentions".to_owned(), json!({ "parse": [] }));
    if edit || !rows.is_empty() {
        body.insert("components".to_owned(), rows.into());
    }
    let mut flags = if reply.preview { 0 } else { SUPPRESS_EMBEDS };
    match form {
        Form::New(key) => {
            body.insert("nonce".to_owned(), key.as_str().into());
            body.insert("enforce_nonce".to_owned(), true.into());
            if reply.quiet {
                flags |= SUPPRESS_NOTIFICATIONS;
            }
        }
        Form::FollowUp if reply.audience == Audience::Shared => {}
        Form::FollowUp => flags |= EPHEMERAL,
        Form::Edit => {}
    }
    body.insert("flags".to_owned(), flags.into());
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::rich::RichText;

    #[test]
    fn a_message_reads_back_as_it_was_written() {
        let posted = |channel| Ours::Posted(Named { message: 7, channel });
        for ours in [
            posted(None),
            posted(Some(8)),
            Ours::Answer(ORIGINAL.to_owned()),
            Ours::Answer("7".to_owned()),
            Ours::Below("7".to_owned(), 2),
        ] {
            assert_eq!(Ours::read(&ours.write()), Some(ours));
        }
        for junk in ["~7+0", "~7+", "~+1", "~7+x", "", "0", "x", "~", "~x", "~7/../8", "@original", "-1"] {
            assert_eq!(Ours::read(&MessageId::new(junk)), None, "{junk}");
        }
    }

    #[test]
    fn a_message_is_old_after_an_hour() {
        let made = Timestamp::from_millis(EPOCH + 1_000_000);
        let message = Ours::Posted(Named { message: 1_000_000 << 22, channel: None });
        assert!(!message.is_old(made) && !message.is_old(made.after(OLD / 2)) && message.is_old(made.after(OLD)));
        assert!(!Ours::Answer("1".to_owned()).is_old(made));
    }

    #[test]
    fn a_reply_goes_by_the_token_where_no_other_way_leads() {
        let back = |permissions| Back {
            channel: 1,
            interaction: 1,
            application: 2,
            token: "t".to_owned(),
            at: Timestamp::from_millis(0),
            waits: true,
            permissions,
            thread: false,
            file_limit: None,
            pressed: None,
        };
        let (guest, server) = (Spot::Guest { channel: 1 }, Spot::Server { guild: 7, channel: 1 });
        let (all, asker) = (Reply::default(), Reply::default().for_asker());
        let full = back(VIEW_CHANNEL | SEND_MESSAGES);
        for (spot, reply, back, by_token) in [
            (guest, &all, None, true),
            (server, &all, None, false),
            (server, &asker, None, false),
            (server, &all, Some(&full), false),
            (server, &asker, Some(&full), true),
            (server, &all, Some(&back(VIEW_CHANNEL | SEND_MESSAGES_IN_THREADS)), false),
            (server, &all, Some(&back(VIEW_CHANNEL)), true),
            (server, &all, Some(&back(SEND_MESSAGES)), true),
            (Spot::Direct { channel: 1 }, &all, Some(&back(0)), false),
        ] {
            assert_eq!(goes_by_token(spot, reply, back), by_token, "{spot:?} {back:?}");
        }
    }

    #[test]
    fn a_text_over_the_limit_is_not_tried() {
        let reply = Reply::new(RichText::plain(&"é".repeat(TEXT_LIMIT + 1)));
        let result = body(&reply, &Form::Edit, &Signer::new([1; 32]), &PlaceId::new("d1"));
        assert!(matches!(result, Err(SurfaceError::TooLarge)));
    }
}
