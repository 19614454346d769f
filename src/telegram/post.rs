//! The parts of a message that every reading needs: who, where, which, and to whom.

use serde_json::Value;

use super::address::{Addressed, Slash, slash};
use super::media;
use super::place::Spot;
use super::update::Me;
use crate::chat::command::Command;
use crate::chat::id::{BurstId, ConversationId, EventId, MessageId, Platform, UserId};
use crate::chat::inbound::{Attachment, Inbound, InboundKind};

/// A person, or a chat that speaks in its own name.
pub(super) struct Person {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) locale: Option<String>,
}

impl Person {
    pub(super) fn read(user: &Value) -> Option<Self> {
        let words = |field| user.get(field).and_then(Value::as_str).filter(|word| !word.is_empty());
        Some(Self {
            id: UserId::new(user.get("id")?.as_i64()?.to_string()),
            name: words("first_name").or_else(|| words("title")).unwrap_or_default().to_owned(),
            locale: words("language_code").map(str::to_owned),
        })
    }
}

/// A message, taken apart.
pub(super) struct Post<'a> {
    message: &'a Value,
    pub(super) id: MessageId,
    pub(super) spot: Spot,
    pub(super) private: bool,
    /// Another bot, or a channel whose posts are copied here.
    pub(super) machine: bool,
    sender: &'a Value,
    pub(super) text: &'a str,
}

impl<'a> Post<'a> {
    pub(super) fn read(message: &'a Value) -> Option<Self> {
        let spot = spot(message)?;
        // Anonymous administrators share one user id over all groups; the chat they speak for is theirs alone.
        let chat_speaks = message.get("sender_chat").filter(|chat| chat.is_object());
        let sender = chat_speaks.or_else(|| message.get("from"))?;
        sender.get("id")?.as_i64()?;
        let yes = |value: Option<&Value>| value.and_then(Value::as_bool) == Some(true);
        let words = |field| message.get(field).and_then(Value::as_str);
        Some(Self {
            id: MessageId::new(message.get("message_id")?.as_i64()?.to_string()),
            spot,
            private: match message.pointer("/chat/type").and_then(Value::as_str) {
                Some(kind) => kind == "private",
                None => !spot.shared(),
            },
            machine: yes(message.get("is_automatic_forward")) || (chat_speaks.is_none() && yes(sender.get("is_bot"))),
            sender,
            text: words("text").or_else(|| words("caption")).unwrap_or_default(),
            message,
        })
    }

    /// Whether it speaks to the bot, albums aside.
    pub(super) fn calls(&self, me: &Me) -> bool {
        let said = Addressed::read(self.text, self.message, me);
        let commands = match slash(&said.text, &me.username) {
            Slash::Known(..) => true,
            Slash::Unknown { to_us } => to_us,
            Slash::Foreign | Slash::No => false,
        };
        said.mentioned || commands || self.replies_to(me)
    }

    pub(super) fn replies_to(&self, me: &Me) -> bool {
        self.replied().is_some_and(|replied| {
            // Every message of a topic "replies" to the notice that made the topic.
            author(replied) == Some(me.id) && replied.get("forum_topic_created").is_none_or(Value::is_null)
        })
    }

    /// The file of an older message that this one replies to. The bot's own videos are results, not clips.
    pub(super) fn answered(&self, me: &Me) -> Option<Attachment> {
        self.replied()
            .filter(|replied| author(replied) != Some(me.id))
            .or_else(|| self.message.get("external_reply"))
            .and_then(media::attachment)
    }

    fn replied(&self) -> Option<&'a Value> {
        self.message.get("reply_to_message").filter(|replied| replied.is_object())
    }

    /// The sender as a member of the group; nobody where the group speaks in its own name.
    pub(super) fn member(&self) -> Option<i64> {
        self.sender.get("id").and_then(Value::as_i64).filter(|sender| *sender != self.spot.chat)
    }

    pub(super) fn burst(&self) -> Option<BurstId> {
        let group = self.message.get("media_group_id")?.as_str()?;
        Some(BurstId::new(format!("{}/{group}", self.spot.chat)))
    }

    pub(super) fn command(&self, command: Command, argument: String, file: Option<Attachment>) -> InboundKind {
        let attachments = file.into_iter().collect();
        InboundKind::Command { message: Some(self.id.clone()), command, argument, attachments }
    }

    pub(super) fn inbound(&self, id: EventId, kind: InboundKind, me: &Me) -> Inbound {
        let Person { id: user, name, locale } = Person::read(self.sender).unwrap_or_else(|| Person {
            id: UserId::new(self.spot.chat.to_string()),
            name: String::new(),
            locale: None,
        });
        Inbound {
            id,
            from: ConversationId { platform: Platform::Telegram, place: self.spot.write(), user },
            name,
            locale,
            burst: self.burst(),
            back: None,
            replies: self.replies_to(me),
            kind,
        }
    }
}

/// Where a message stands. A plain reply in General carries a thread id that means nothing: only topic messages count.
pub(super) fn spot(message: &Value) -> Option<Spot> {
    let chat = message.pointer("/chat/id")?.as_i64()?;
    let topical = message.get("is_topic_message").and_then(Value::as_bool) == Some(true);
    Some(Spot::new(chat, message.get("message_thread_id").and_then(Value::as_i64).filter(|_| topical)))
}

fn author(message: &Value) -> Option<i64> {
    message.pointer("/from/id").and_then(Value::as_i64)
}
