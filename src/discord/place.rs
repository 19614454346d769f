//! Discord's channels as [`PlaceId`]: written and read here alone.
//!
//! What a channel is to us stands in its name, so that nobody has to ask Discord for it: `d1` is a private chat with the
//! bot, `g7.1` a channel or thread of a server, `u1` a place where the bot is a guest of the person and has no route to
//! the channel.

use crate::chat::id::PlaceId;

/// A snowflake. Source: Discord's API reference, "Snowflakes".
pub(super) type Snowflake = u64;

/// A channel, by what the bot is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Spot {
    /// A private chat of one person with the bot.
    Direct {
        /// The channel.
        channel: Snowflake,
    },
    /// A channel or thread of a server where the bot is a member.
    Server {
        /// The server.
        guild: Snowflake,
        /// The channel or thread.
        channel: Snowflake,
    },
    /// A channel without the bot: only an interaction's token leads there.
    Guest {
        /// The channel.
        channel: Snowflake,
    },
}

impl Spot {
    /// Reads what [`Spot::write`] wrote.
    pub(super) fn read(place: &PlaceId) -> Option<Self> {
        let place = place.as_str();
        let (kind, rest) = place.split_at_checked(1)?;
        match kind {
            "d" => Some(Self::Direct { channel: number(rest)? }),
            "u" => Some(Self::Guest { channel: number(rest)? }),
            "g" => {
                let (guild, channel) = rest.split_once('.')?;
                Some(Self::Server { guild: number(guild)?, channel: number(channel)? })
            }
            _ => None,
        }
    }

    /// The name under which the core knows it.
    pub(super) fn write(self) -> PlaceId {
        PlaceId::new(match self {
            Self::Direct { channel } => format!("d{channel}"),
            Self::Server { guild, channel } => format!("g{guild}.{channel}"),
            Self::Guest { channel } => format!("u{channel}"),
        })
    }

    /// The channel or thread.
    pub(super) fn channel(self) -> Snowflake {
        match self {
            Self::Direct { channel } | Self::Server { channel, .. } | Self::Guest { channel } => channel,
        }
    }

    /// Another channel or thread of the same kind of place.
    pub(super) fn at(self, channel: Snowflake) -> Self {
        match self {
            Self::Direct { .. } => Self::Direct { channel },
            Self::Server { guild, .. } => Self::Server { guild, channel },
            Self::Guest { .. } => Self::Guest { channel },
        }
    }

    /// Whether the bot's own token leads there.
    pub(super) fn has_route(self) -> bool {
        !matches!(self, Self::Guest { .. })
    }

    /// Whether others can read along.
    pub(super) fn shared(self) -> bool {
        !matches!(self, Self::Direct { .. })
    }
}

/// Digits only: `u64::from_str` would also take a sign. Zero names nothing.
fn number(digits: &str) -> Option<Snowflake> {
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|number| *number != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_was_written() {
        let spots =
            [Spot::Direct { channel: 1 }, Spot::Server { guild: 7, channel: u64::MAX }, Spot::Guest { channel: 3 }];
        for spot in spots {
            assert_eq!(Spot::read(&spot.write()), Some(spot));
        }
        for junk in ["", "d", "d+1", "d0", "g1", "g1.", "g.1", "x1", "g1.2.3", "1", "é1"] {
            assert_eq!(Spot::read(&PlaceId::new(junk)), None, "{junk}");
        }
    }
}
