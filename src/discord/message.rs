//! A message of somebody's, to what the core understands. Pure: a JSON value in, a step out.
//!
//! The gateway's events are read as JSON: typed messages lose what the library does not know yet.

use std::collections::HashSet;

use serde_json::Value;

use super::media::{attachments, snowflake};
use super::place::{Snowflake, Spot};
use super::threads::in_thread;
use crate::chat::command::{Command, NOT_VIDEO};
use crate::chat::id::{ConversationId, EventId, MessageId, Platform, UserId};
use crate::chat::inbound::{Attachment, Inbound, InboundKind};
use crate::chat::media::is_clip;

/// Ordinary messages and replies; all others are notices. Source: Discord's API reference, "Message Types".
const SAID: [u64; 2] = [0, 19];

/// What reading needs to know.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// The bot's user.
    pub(super) me: Snowflake,
    /// Channels in which every clip is taken.
    pub(super) clip_channels: HashSet<Snowflake>,
    /// Whether Discord brings the words of messages that do not mention the bot.
    pub(super) reads_posts: bool,
}

/// What to do about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Give it to the core.
    Accept(Inbound),
    /// Give it to the core if every clip is taken in its place.
    AcceptIfClips(Inbound),
    /// It is not for us.
    Nothing,
}

/// Reads `MESSAGE_CREATE`.
/// `home` is the conversation whose thread it stands in, if it is one.
pub(super) fn created(message: &Value, rules: &Rules, home: Option<&ConversationId>) -> Step {
    read(message, rules, home).unwrap_or(Step::Nothing)
}

/// Where a message stands, and its number. Nothing for what is passed over in any case: a thread announces itself before
/// anybody can know whose it is.
pub(super) fn heard(message: &Value) -> Option<(Spot, Snowflake)> {
    Post::read(message, None).filter(Post::is_said).map(|post| (post.spot, post.id))
}

/// Reads `MESSAGE_UPDATE`. Discord also sends it when a link unfolds; only what its author changed has a time of edit.
pub(super) fn updated(message: &Value, rules: &Rules, home: Option<&ConversationId>) -> Step {
    let read = || {
        let edited = message.get("edited_timestamp")?.as_str()?;
        let post = Post::read(message, home)?;
        let said = post.said(rules);
        let text = said.text.clone();
        let clips = attachments(message, post.spot.channel()).iter().any(is_clip);
        let id = EventId::new(format!("m{}e{edited}", post.id));
        let kind = InboundKind::Edited { message: post.name(), text };
        let inbound = post.inbound(id, kind, rules);
        Some(match (said.to_us, clips) {
            (true, _) => Step::Accept(inbound),
            (false, true) => if_clips(&post, inbound, rules),
            _ => Step::Nothing,
        })
    };
    read().unwrap_or(Step::Nothing)
}

fn read(message: &Value, rules: &Rules, home: Option<&ConversationId>) -> Option<Step> {
    let post = Post::read(message, home).filter(Post::is_said)?;
    let said = post.said(rules);
    let id = EventId::new(format!("m{}", post.id));
    let name = post.name();
    let own = attachments(message, post.spot.channel());
    if !said.to_us {
        if !own.iter().any(is_clip) {
            return None;
        }
        let clips = own.into_iter().filter(is_clip).collect();
        let kind = InboundKind::Message { message: name, text: said.text, attachments: clips };
        return Some(if_clips(&post, post.inbound(id, kind, rules), rules));
    }
    let files = if own.is_empty() { post.answered(rules) } else { own.clone() };
    let kind = match slash(&said.text) {
        Some((Command::Clips, _)) => return None,
        Some((command, argument)) => {
            // Whoever answers a clip with /meta wants to see its card again, not to upload it twice.
            let attachments = if command == Command::Meta { own } else { files };
            InboundKind::Command { message: Some(name), command, argument, attachments }
        }
        // What does not mention the bot comes without its words then; the core says so.
        None if said.text.is_empty() && files.is_empty() && (said.mentioned || !post.server() || rules.reads_posts) => {
            let help = Command::Help;
            // A sticker or a poll is nothing for a bot for clips.
            let some = |field: &str| message.get(field).is_some_and(|held| held.is_object() || !is_empty(held));
            let of_no_use = some("sticker_items") || some("poll");
            let argument = if of_no_use { NOT_VIDEO } else { "" }.to_owned();
            InboundKind::Command { message: Some(name), command: help, argument, attachments: files }
        }
        None => InboundKind::Message { message: name, text: said.text, attachments: files },
    };
    Some(Step::Accept(post.inbound(id, kind, rules)))
}

fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}

fn if_clips(post: &Post<'_>, inbound: Inbound, rules: &Rules) -> Step {
    if rules.clip_channels.contains(&post.spot.channel()) {
        Step::Accept(inbound)
    } else {
        Step::AcceptIfClips(inbound)
    }
}

/// `/name` typed as text, with what follows it. Who types it rather than choosing it means the same.
fn slash(text: &str) -> Option<(Command, String)> {
    let (name, argument) = text.strip_prefix('/')?.split_once(char::is_whitespace).unwrap_or((&text[1..], ""));
    Some((Command::parse(name)?, argument.trim().to_owned()))
}

/// A message, taken apart.
struct Post<'a> {
    message: &'a Value,
    id: Snowflake,
    spot: Spot,
    author: &'a Value,
    user: Snowflake,
    /// The author's conversation whose thread this is.
    home: Option<&'a ConversationId>,
}

/// A message's text, seen from the bot.
struct Said {
    /// Whether it is for the bot.
    to_us: bool,
    /// Whether the bot is mentioned in it.
    mentioned: bool,
    /// The text without a mention of the bot.
    text: String,
}

impl<'a> Post<'a> {
    /// Nothing for what programs post.
    fn read(message: &'a Value, home: Option<&'a ConversationId>) -> Option<Self> {
        let author = message.get("author").filter(|author| author.is_object())?;
        let machine = author.get("bot").and_then(Value::as_bool) == Some(true)
            || message.get("webhook_id").is_some_and(|hook| !hook.is_null());
        if machine {
            return None;
        }
        let channel = snowflake(message.get("channel_id"))?;
        let spot = match snowflake(message.get("guild_id")) {
            Some(guild) => Spot::Server { guild, channel },
            None => Spot::Direct { channel },
        };
        let user = snowflake(author.get("id"))?;
        // What others say in somebody's thread is said by themselves.
        let home = home.filter(|home| home.user.as_str() == user.to_string());
        Some(Self { message, id: snowflake(message.get("id"))?, spot, author, user, home })
    }

    fn name(&self) -> MessageId {
        let name = MessageId::new(self.id.to_string());
        if self.home.is_some() { in_thread(&name, self.spot.channel()) } else { name }
    }

    /// Whether somebody said it. A thread made from a message brings that message once more, under the thread's id.
    fn is_said(&self) -> bool {
        let kind = self.message.get("type").and_then(Value::as_u64).unwrap_or_default();
        SAID.contains(&kind) && self.id != self.spot.channel()
    }

    fn server(&self) -> bool {
        matches!(self.spot, Spot::Server { .. })
    }

    fn said(&self, rules: &Rules) -> Said {
        let content = self.message.get("content").and_then(Value::as_str).unwrap_or_default();
        let (mut text, mut named) = (content.to_owned(), false);
        for mention in [format!("<@{}>", rules.me), format!("<@!{}>", rules.me)] {
            if text.contains(&mention) {
                named = true;
                // With the space after it, so that none is doubled in the middle of a sentence.
                text = text.replace(&format!("{mention} "), "").replace(&mention, "");
            }
        }
        let listed = self.message.get("mentions").and_then(Value::as_array);
        let listed = listed.into_iter().flatten().any(|user| snowflake(user.get("id")) == Some(rules.me));
        let is_reply = self.answers(rules);
        // A reply with its ping on lists the bot without naming it.
        let mentioned = named || listed;
        Said {
            to_us: !self.server() || self.home.is_some() || mentioned || is_reply,
            mentioned,
            text: text.trim().to_owned(),
        }
    }

    /// Whether it answers a message of the bot.
    fn answers(&self, rules: &Rules) -> bool {
        self.referenced().is_some_and(|message| by(message, rules.me))
    }

    fn referenced(&self) -> Option<&'a Value> {
        self.message.get("referenced_message").filter(|message| message.is_object())
    }

    /// The files of the message that is answered. Our own are results and not sources.
    fn answered(&self, rules: &Rules) -> Vec<Attachment> {
        match self.referenced() {
            Some(message) if !by(message, rules.me) => {
                attachments(message, self.spot.channel()).into_iter().filter(is_clip).collect()
            }
            _ => Vec::new(),
        }
    }

    fn inbound(&self, id: EventId, kind: InboundKind, rules: &Rules) -> Inbound {
        Inbound {
            id,
            from: self.home.cloned().unwrap_or_else(|| ConversationId {
                platform: Platform::Discord,
                place: self.spot.write(),
                user: UserId::new(self.user.to_string()),
            }),
            name: called(self.author, self.message.get("member")),
            locale: None,
            burst: None,
            back: None,
            replies: self.answers(rules),
            kind,
        }
    }
}

fn by(message: &Value, user: Snowflake) -> bool {
    snowflake(message.pointer("/author/id")) == Some(user)
}

/// What to call a person: the name chosen for the server, else the one shown, else the account's.
pub(super) fn called(user: &Value, member: Option<&Value>) -> String {
    let words =
        |of: &Value, field| of.get(field).and_then(Value::as_str).filter(|name| !name.is_empty()).map(str::to_owned);
    member
        .and_then(|member| words(member, "nick"))
        .or_else(|| words(user, "global_name"))
        .or_else(|| words(user, "username"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::chat::id::PlaceId;

    const ME: Snowflake = 1;

    fn rules() -> Rules {
        Rules { me: ME, clip_channels: HashSet::from([50]), reads_posts: true }
    }

    #[allow(clippy::needless_pass_by_value, reason = "written where it is used")]
    fn message(more: Value) -> Value {
        let mut message = json!({
            "id": "900", "channel_id": "40", "type": 0, "content": "", "attachments": [], "mentions": [],
            "author": {"id": "7", "username": "ann", "global_name": "Ann"}
        });
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        message
    }

    fn clip() -> Value {
        json!([{"id": "3", "filename": "a.mp4", "size": 9, "url": "https://cdn.discordapp.com/attachments/1/3/a.mp4?ex=1"}])
    }

    fn accepted(message: &Value) -> Inbound {
        match created(message, &rules(), None) {
            Step::Accept(inbound) => inbound,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_private_chat_is_always_for_us() {
        let inbound = accepted(&message(json!({"content": "hello"})));
        assert_eq!((inbound.id.as_str(), inbound.from.place.as_str(), inbound.name.as_str()), ("m900", "d40", "Ann"));
        assert!(matches!(inbound.kind, InboundKind::Message { text, .. } if text == "hello"));
    }

    #[rstest]
    #[case::mention(json!({"content": "<@1> cut it", "mentions": [{"id": "1"}]}), "cut it")]
    #[case::in_the_middle(json!({"content": "please <@!1> cut it"}), "please cut it")]
    #[case::reply(json!({"content": "cut it", "type": 19, "referenced_message": {"id": "8", "author": {"id": "1"}}}), "cut it")]
    fn in_a_server_a_mention_or_a_reply_is_for_us(#[case] more: Value, #[case] said: &str) {
        let mut more = more;
        more["guild_id"] = "5".into();
        let inbound = accepted(&message(more));
        assert_eq!(inbound.from.place.as_str(), "g5.40");
        assert!(matches!(&inbound.kind, InboundKind::Message { text, .. } if text == said), "{inbound:?}");
    }

    #[test]
    fn what_comes_without_its_words_is_given_on_as_that_and_what_has_none_gets_help() {
        let blind = Rules { reads_posts: false, ..rules() };
        let home = ConversationId { platform: Platform::Discord, place: PlaceId::new("g5.30"), user: UserId::new("7") };
        let reply = json!({"guild_id": "5", "type": 19, "referenced_message": {"id": "8", "author": {"id": "1"}}});
        let mention = json!({"guild_id": "5", "content": "<@1>"});
        let word = json!({"guild_id": "5"});
        for (more, home, rules, read) in [
            (&reply, None, &blind, false),
            (&word, Some(&home), &blind, false),
            (&reply, None, &rules(), true),
            (&word, Some(&home), &rules(), true),
            (&mention, None, &blind, true),
            (&mention, Some(&home), &blind, true),
            (&json!({}), None, &blind, true),
        ] {
            let Step::Accept(inbound) = created(&message(more.clone()), rules, home) else { panic!("{more}") };
            let help = matches!(inbound.kind, InboundKind::Command { command: Command::Help, .. });
            let wordless = matches!(&inbound.kind, InboundKind::Message { text, .. } if text.is_empty());
            assert_eq!((help, wordless), (read, !read), "{more} {home:?}");
        }
    }

    #[test]
    fn a_reply_to_somebodys_clip_takes_the_clip() {
        let reply = json!({
            "guild_id": "5", "type": 19, "content": "<@1> titles",
            "referenced_message": {"id": "8", "author": {"id": "9"}, "attachments": clip()}
        });
        assert!(
            matches!(accepted(&message(reply)).kind, InboundKind::Message { attachments, .. } if attachments.len() == 1)
        );
    }

    #[rstest]
    #[case::chatter(json!({"guild_id": "5", "content": "lol"}))]
    #[case::another_program(json!({"author": {"id": "8", "bot": true}, "content": "x"}))]
    #[case::webhook(json!({"webhook_id": "4", "content": "x"}))]
    #[case::pin(json!({"type": 6}))]
    #[case::thread_starter(json!({"type": 21, "content": "x"}))]
    #[case::thread_starter_again(json!({"id": "40", "content": "x"}))]
    fn what_is_not_for_us_is_passed_over(#[case] more: Value) {
        assert_eq!(created(&message(more), &rules(), None), Step::Nothing);
    }

    #[test]
    fn a_clip_is_taken_in_a_clip_channel_and_asked_about_elsewhere() {
        let posted = |channel: &str| {
            created(&message(json!({"guild_id": "5", "channel_id": channel, "attachments": clip()})), &rules(), None)
        };
        assert!(matches!(posted("50"), Step::Accept(_)));
        assert!(matches!(posted("51"), Step::AcceptIfClips(_)));
    }

    #[test]
    fn an_edit_counts_when_its_author_made_it() {
        let link = message(json!({"content": "https://example.com", "embeds": [{}]}));
        assert_eq!(updated(&link, &rules(), None), Step::Nothing);
        let edit = message(json!({"content": "shorter", "edited_timestamp": "2026-01-01T00:00:00Z"}));
        assert!(matches!(
            updated(&edit, &rules(), None),
            Step::Accept(Inbound { kind: InboundKind::Edited { .. }, .. })
        ));
    }

    #[test]
    fn a_command_typed_as_text_is_a_command() {
        let inbound = accepted(&message(json!({"content": "/connect secret"})));
        assert!(
            matches!(inbound.kind, InboundKind::Command { command: Command::Connect, argument, .. } if argument == "secret")
        );
        assert!(matches!(accepted(&message(json!({"content": "/tmp/x"}))).kind, InboundKind::Message { .. }));
    }

    #[test]
    fn in_a_projects_thread_its_persons_words_need_no_mention() {
        let home = ConversationId { platform: Platform::Discord, place: PlaceId::new("g5.30"), user: UserId::new("7") };
        let said = |author: &str| {
            let more = json!({"guild_id": "5", "content": "shorter", "author": {"id": author, "username": "x"}});
            created(&message(more), &rules(), Some(&home))
        };
        let Step::Accept(inbound) = said("7") else { panic!("it is for us") };
        assert_eq!(inbound.from, home);
        assert!(matches!(&inbound.kind, InboundKind::Message { message, .. } if message.as_str() == "900@40"));
        assert_eq!(said("8"), Step::Nothing, "others speak for themselves");
    }
}
