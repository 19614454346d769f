//! Telegram's chats and topics as [`PlaceId`]: written and read here alone.

use crate::chat::id::PlaceId;

/// The General topic's id. Telegram answers "message thread not found" when it is named, so it never is.
const GENERAL: i64 = 1;

/// A chat, or a topic in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Spot {
    /// The chat; negative for groups.
    pub(super) chat: i64,
    /// The topic, if it is not General.
    pub(super) thread: Option<i64>,
}

impl Spot {
    /// A chat with, perhaps, a topic.
    pub(super) fn new(chat: i64, thread: Option<i64>) -> Self {
        Self { chat, thread: thread.filter(|thread| *thread != GENERAL) }
    }

    /// Reads `chat` or `chat/thread`.
    pub(super) fn read(place: &PlaceId) -> Option<Self> {
        let (chat, thread) = match place.as_str().split_once('/') {
            Some((chat, thread)) => (chat, Some(thread.parse().ok()?)),
            None => (place.as_str(), None),
        };
        Some(Self::new(chat.parse().ok()?, thread))
    }

    /// The name under which the core knows it.
    pub(super) fn write(self) -> PlaceId {
        PlaceId::new(match self.thread {
            Some(thread) => format!("{}/{thread}", self.chat),
            None => self.chat.to_string(),
        })
    }

    /// The chat as a whole, to which penalties and moves apply.
    pub(super) fn whole(self) -> Self {
        Self { thread: None, ..self }
    }

    /// Whether others can read along.
    pub(super) fn shared(self) -> bool {
        self.chat < 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_was_written() {
        for spot in [Spot::new(42, None), Spot::new(-1_001_234, Some(7)), Spot::new(42, Some(9))] {
            assert_eq!(Spot::read(&spot.write()), Some(spot));
        }
        for junk in ["", "/", "a", "1/", "1/b", "1/2/3"] {
            assert_eq!(Spot::read(&PlaceId::new(junk)), None, "{junk}");
        }
    }

    #[test]
    fn the_general_topic_is_the_chat_itself() {
        assert_eq!(Spot::new(-5, Some(1)).write().as_str(), "-5");
    }
}
