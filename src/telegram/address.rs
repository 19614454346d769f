//! Whom a text speaks to: a mention of the bot, or a command.

use serde_json::Value;

use super::update::Me;
use crate::chat::command::Command;

/// A command's name is at most 32 letters, digits and underscores. Source: Bot API, `BotCommand`.
const NAME_LIMIT: usize = 32;

/// A text, seen from the bot.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Addressed {
    /// Whether the bot is mentioned in it.
    pub(super) mentioned: bool,
    /// The text without a mention of the bot at its start.
    pub(super) text: String,
}

impl Addressed {
    /// Reads a message's text or caption.
    pub(super) fn read(text: &str, message: &Value, me: &Me) -> Self {
        let (led, rest) = match lead(text.trim(), &me.username) {
            Some(rest) => (true, rest),
            None => (false, text.trim()),
        };
        let mentioned = led || names(text, &me.username) || points_at(message, me.id);
        Self { mentioned, text: rest.to_owned() }
    }
}

/// What a text is as a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Slash {
    /// One of ours, with what follows it.
    Known(Command, String),
    /// A command that we do not have; `to_us` if it names the bot.
    Unknown {
        /// Whether it names the bot.
        to_us: bool,
    },
    /// It names another bot.
    Foreign,
    /// No command, such as a path.
    No,
}

/// Reads `/name@bot argument`.
pub(super) fn slash(text: &str, username: &str) -> Slash {
    let Some(rest) = text.strip_prefix('/') else { return Slash::No };
    let (head, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (name, bot) = match head.split_once('@') {
        Some((name, bot)) => (name, Some(bot)),
        None => (head, None),
    };
    if name.is_empty() || name.len() > NAME_LIMIT || !name.chars().all(of_name) {
        return Slash::No;
    }
    match (bot, Command::parse(name)) {
        (Some(bot), _) if !bot.eq_ignore_ascii_case(username) => Slash::Foreign,
        (_, Some(command)) => Slash::Known(command, argument.trim().to_owned()),
        (bot, None) => Slash::Unknown { to_us: bot.is_some() },
    }
}

fn of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// What follows a mention at the start, if there is one.
fn lead<'a>(text: &'a str, username: &str) -> Option<&'a str> {
    let rest = text.strip_prefix('@')?;
    let name = rest.get(..username.len()).filter(|name| name.eq_ignore_ascii_case(username))?;
    let after = &rest[name.len()..];
    if after.starts_with(of_name) {
        return None;
    }
    Some(after.trim_start_matches(|letter: char| letter.is_whitespace() || ",:;，：、".contains(letter)))
}

/// Whether `@username` stands anywhere as a word of its own. Read from the text rather than from its entities, whose
/// offsets count UTF-16 units and which old forwards lack.
fn names(text: &str, username: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let free =
            text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && !"_/@.".contains(before));
        free && lead(&text[at..], username).is_some()
    })
}

/// A mention of a user by id rather than by name.
fn points_at(message: &Value, id: i64) -> bool {
    ["entities", "caption_entities"]
        .iter()
        .filter_map(|field| message.get(*field)?.as_array())
        .flatten()
        .any(|entity| entity.pointer("/user/id").and_then(Value::as_i64) == Some(id))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn me() -> Me {
        Me { id: 1, username: "nemo_bot".to_owned(), reads_all: true }
    }

    #[rstest]
    #[case("@nemo_bot make it short", true, "make it short")]
    #[case(" @NEMO_bot, make it short ", true, "make it short")]
    #[case("@nemo_bot：做短一点", true, "做短一点")]
    #[case("@nemo_bot", true, "")]
    #[case("hey @nemo_bot cut it", true, "hey @nemo_bot cut it")]
    #[case("@nemo_bots cut it", false, "@nemo_bots cut it")]
    #[case("mail me@nemo_bot", false, "mail me@nemo_bot")]
    #[case("https://t.me/@nemo_bot", false, "https://t.me/@nemo_bot")]
    #[case("@", false, "@")]
    #[case("@né", false, "@né")]
    #[case("nemo_bot", false, "nemo_bot")]
    fn a_mention_is_found_and_a_leading_one_taken_away(#[case] text: &str, #[case] found: bool, #[case] rest: &str) {
        let read = Addressed::read(text, &json!({}), &me());
        assert_eq!((read.mentioned, read.text.as_str()), (found, rest));
    }

    #[test]
    fn a_mention_by_id_counts() {
        let by = |id| json!({"caption_entities": [{"type": "text_mention", "user": {"id": id}}]});
        assert!(Addressed::read("Bot, cut", &by(1), &me()).mentioned);
        assert!(!Addressed::read("Bot, cut", &by(2), &me()).mentioned);
    }

    #[rstest]
    #[case("/export", Slash::Known(Command::Export, String::new()))]
    #[case("/Export@Nemo_Bot", Slash::Known(Command::Export, String::new()))]
    #[case("/upload https://a.example/x.mp4 ", Slash::Known(Command::Upload, "https://a.example/x.mp4".to_owned()))]
    #[case("/start\npayload", Slash::Known(Command::Start, "payload".to_owned()))]
    #[case("/dance", Slash::Unknown { to_us: false })]
    #[case("/dance@nemo_bot", Slash::Unknown { to_us: true })]
    #[case("/export@other_bot", Slash::Foreign)]
    #[case("/home/user/clip.mp4", Slash::No)]
    #[case("/", Slash::No)]
    #[case("/@nemo_bot", Slash::No)]
    #[case("/größer", Slash::No)]
    #[case("export", Slash::No)]
    fn commands_are_told_from_text(#[case] text: &str, #[case] expected: Slash) {
        assert_eq!(slash(text, "nemo_bot"), expected);
    }
}
