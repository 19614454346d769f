//! A message as a person sees it, whatever the platform.

use nemo_bot::sandbox::{discord, telegram};

/// What stands in a chat.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) message_id: i64,
    /// `user` or `bot`.
    pub(crate) from: &'static str,
    /// Its words, without the marks that the app shows as looks.
    pub(crate) text: String,
    /// Its words as they were sent.
    pub(crate) raw: String,
    pub(crate) buttons: Vec<Vec<SeenButton>>,
    pub(crate) file: Option<SeenFile>,
    /// Of people and of the bot.
    pub(crate) reactions: Vec<String>,
    pub(crate) edits: u32,
    pub(crate) silent: bool,
    /// Shown to one person of several.
    pub(crate) private: bool,
    /// Nothing but "is thinking".
    pub(crate) thinking: bool,
}

/// A button under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeenButton {
    pub(crate) text: String,
    /// `callback`, `url`, `copy` or `other`.
    pub(crate) kind: &'static str,
    /// What the bot gets, or where it leads.
    pub(crate) value: String,
}

/// Its file.
#[derive(Clone, Debug)]
pub(crate) struct SeenFile {
    /// What the emulator takes.
    pub(crate) id: String,
    /// `video`, `document` or another one of Telegram's.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) mime: String,
    pub(crate) size: u64,
    /// What it shows in words, for those who do not see it.
    pub(crate) alt: Option<String>,
}

impl From<telegram::ShownMessage> for Seen {
    fn from(shown: telegram::ShownMessage) -> Self {
        let button =
            |button: telegram::ShownButton| SeenButton { text: button.text, kind: button.kind, value: button.value };
        let alt = Some(shown.text.clone()).filter(|text| !text.is_empty());
        let file = |file: telegram::ShownFile| SeenFile {
            id: file.id,
            kind: file.kind,
            name: file.name,
            mime: file.mime,
            size: file.size,
            alt,
        };
        Self {
            message_id: shown.message_id,
            from: shown.from,
            raw: shown.text.clone(),
            text: shown.text,
            buttons: shown.buttons.into_iter().map(|row| row.into_iter().map(button).collect()).collect(),
            file: shown.file.map(file),
            reactions: shown.reaction.into_iter().collect(),
            edits: shown.edits,
            silent: shown.silent,
            private: false,
            thinking: false,
        }
    }
}

impl From<discord::ShownMessage> for Seen {
    fn from(shown: discord::ShownMessage) -> Self {
        let button = |button: discord::ShownButton| SeenButton {
            text: button.text,
            kind: if button.custom_id.is_some() { "callback" } else { "url" },
            value: button.custom_id.or(button.url).unwrap_or_default(),
        };
        let file = |file: discord::ShownFile| SeenFile {
            id: file.id.to_string(),
            kind: if file.mime.starts_with("video/") { "video" } else { "document" },
            name: file.name,
            mime: file.mime,
            size: file.size,
            alt: file.alt,
        };
        Self {
            message_id: i64::try_from(shown.message_id).unwrap(),
            from: shown.from,
            text: without_marks(&shown.text),
            raw: shown.text,
            buttons: shown.buttons.into_iter().map(|row| row.into_iter().map(button).collect()).collect(),
            file: shown.files.into_iter().next().map(file),
            reactions: shown.reactions,
            edits: shown.edits,
            silent: shown.silent,
            private: shown.only_for.is_some(),
            thinking: shown.thinking,
        }
    }
}

/// Reads Discord's Markdown as its app shows it, as far as the bot writes it.
fn without_marks(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !line.starts_with("```"));
    let lines: Vec<_> = lines.map(line_without_marks).collect();
    lines.join("\n")
}

fn line_without_marks(line: &str) -> String {
    let line = ["### ", "## ", "# ", "-# ", "> "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    let mut read = String::new();
    let (mut letters, mut in_address) = (line.char_indices(), false);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => read.extend(letters.next().map(|(_, escaped)| escaped)),
            '<' if line[at..].starts_with("<http") => in_address = true,
            '>' if in_address => in_address = false,
            '*' | '`' | '\u{200B}' => {}
            letter => read.push(letter),
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::without_marks;

    #[test]
    fn what_the_app_shows_as_looks_is_not_read() {
        let written = "## Titles\n**Bold** a\\*b\n> Download: <http://127.0.0.1:1/x>\n```\ncode\n```";
        assert_eq!(without_marks(written), "Titles\nBold a*b\nDownload: http://127.0.0.1:1/x\ncode");
    }
}
