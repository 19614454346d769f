//! What a person sees: values for the page and for tests.

use serde::Serialize;
use serde_json::Value;

use super::Shared;
use super::files::Stored;
use super::interactions::Interaction;
use super::message::{COMMAND, CONTEXT_COMMAND, LOADING, Message, SILENT, THREAD_CREATED};
use super::strict::attachment_names;
use super::world::State;

/// A message as it shows now.
#[derive(Clone, Debug, Serialize)]
pub struct ShownMessage {
    /// Its id.
    pub message_id: u64,
    /// Its channel.
    pub channel_id: u64,
    /// `user` or `bot`.
    pub from: &'static str,
    /// The sender's name.
    pub name: String,
    /// When it was sent, in milliseconds since 1970.
    pub date_ms: u64,
    /// Its type: 0 a message, 19 a reply, 20 and 23 answers to commands, 18 and 21 about threads.
    pub kind: u8,
    /// Whether it says "(edited)".
    pub edited: bool,
    /// How often it was edited.
    pub edits: u32,
    /// All its words in reading order: content, embeds, text displays, with a blank line between them.
    pub text: String,
    /// The content alone.
    pub content: String,
    /// The embeds as they were sent.
    pub embeds: Vec<Value>,
    /// The components as they were sent.
    pub components: Vec<Value>,
    /// Its buttons, row by row.
    pub buttons: Vec<Vec<ShownButton>>,
    /// Its select menus as they were sent.
    pub selects: Vec<Value>,
    /// Its files.
    pub files: Vec<ShownFile>,
    /// The bot's and people's reactions.
    pub reactions: Vec<String>,
    /// The message that it answers.
    pub reply_to: Option<u64>,
    /// The thread that was opened from it, or that it tells of.
    pub thread: Option<u64>,
    /// Its flags.
    pub flags: u64,
    /// Sent without a sound.
    pub silent: bool,
    /// The bot "is thinking".
    pub thinking: bool,
    /// The one person who sees it.
    pub only_for: Option<u64>,
    /// Whom it rings by name: ids, or `everyone`.
    pub pings: Vec<String>,
    /// The command that it answers.
    pub command: Option<String>,
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownButton {
    /// Its label, with its emoji before it.
    pub text: String,
    /// What the bot gets when it is pressed.
    pub custom_id: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
    /// Whether it cannot be pressed.
    pub disabled: bool,
    /// 1 primary, 2 secondary, 3 success, 4 danger, 5 link.
    pub style: u64,
}

/// A file in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownFile {
    /// What [`DiscordEmulator::file`](super::DiscordEmulator::file) takes.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it shows, for those who do not see it.
    pub alt: Option<String>,
}

/// A channel that the emulator knows.
#[derive(Clone, Debug, Serialize)]
pub struct ShownChannel {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub title: String,
    /// `text`, `dm`, `group` or `thread`.
    pub kind: &'static str,
    /// Its server.
    pub server: Option<u64>,
    /// Of a thread: the channel that it hangs on.
    pub parent: Option<u64>,
    /// Of a thread: closed for now.
    pub archived: bool,
}

/// What became of a command or a press.
#[derive(Clone, Debug, Serialize)]
pub struct ShownInteraction {
    /// Its id.
    pub id: u64,
    /// 2 a command, 3 a press, 4 a completion, 5 a form.
    pub kind: u8,
    /// The command's name or the button's `custom_id`.
    pub name: String,
    /// Who did it.
    pub user_id: u64,
    /// Where.
    pub channel_id: u64,
    /// The message whose button was pressed, or that a command was used on.
    pub message_id: Option<u64>,
    /// The type of the first answer: 4 message, 5 deferred, 6 deferred update, 7 update, 8 choices, 9 form.
    pub answer: Option<u8>,
    /// How long the person waited for it, in milliseconds.
    pub after_ms: Option<u64>,
    /// Discord says "This interaction failed".
    pub failed: bool,
    /// The message that is `@original`.
    pub original: Option<u64>,
    /// The choices of a completion.
    pub choices: Vec<Value>,
    /// The form that opened.
    pub form: Option<Value>,
}

impl Shared {
    pub(super) fn show(&self, state: &State, message: &Message) -> ShownMessage {
        let mut words = vec![message.content.clone()];
        message.embeds.iter().for_each(|embed| words_of_embed(embed, &mut words));
        let (mut buttons, mut selects) = (Vec::new(), Vec::new());
        message.components.iter().for_each(|part| read(part, &mut words, &mut buttons, &mut selects));
        words.retain(|words| !words.is_empty());
        // In V2 a file shows only where a component shows it.
        let files = message.files.iter().filter_map(|id| state.files.get(*id));
        let named: Vec<_> = message.components.iter().flat_map(attachment_names).collect();
        let person = state.people.get(&message.author).map(|person| person.name.clone());
        let mut pings: Vec<_> = message.mentions.iter().map(u64::to_string).collect();
        if message.mentions_everyone {
            pings.push("everyone".to_owned());
        }
        let opened = message.answers.filter(|_| message.kind == THREAD_CREATED).map(|(thread, _)| thread);
        ShownMessage {
            message_id: message.id,
            channel_id: message.channel,
            from: if message.by_bot { "bot" } else { "user" },
            name: if message.by_bot { self.settings.name.clone() } else { person.unwrap_or_default() },
            date_ms: message.at_ms,
            kind: message.kind,
            edited: message.edited_ms.is_some(),
            edits: message.edits,
            text: words.join("\n\n"),
            content: message.content.clone(),
            embeds: message.embeds.clone(),
            components: message.components.clone(),
            buttons,
            selects,
            files: files.filter(|file| !message.is_v2() || named.contains(&file.name)).map(Stored::shown).collect(),
            reactions: message.reactions.keys().cloned().collect(),
            reply_to: message.answers.map(|(_, original)| original).filter(|_| message.kind != THREAD_CREATED),
            thread: message.thread.or(opened),
            flags: message.flags,
            silent: message.flags & SILENT != 0,
            thinking: message.flags & LOADING != 0,
            only_for: message.only_for,
            pings,
            command: matches!(message.kind, COMMAND | CONTEXT_COMMAND)
                .then(|| message.interaction.as_ref()?["id"].as_str()?.parse().ok())
                .flatten()
                .and_then(|id: u64| Some(state.interactions.get(&id)?.name.clone())),
        }
    }

    pub(super) fn show_interaction(&self, interaction: &Interaction) -> ShownInteraction {
        let late = interaction.issued.elapsed() >= self.settings.times.first_answer;
        let ms = |wait: std::time::Duration| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        ShownInteraction {
            id: interaction.id,
            kind: interaction.kind,
            name: interaction.name.clone(),
            user_id: interaction.user,
            channel_id: interaction.channel,
            message_id: interaction.message,
            answer: interaction.answer.map(|(kind, _)| kind),
            after_ms: interaction.answer.map(|(_, wait)| ms(wait)),
            failed: interaction.answer.is_none() && late,
            original: interaction.original,
            choices: interaction.choices.clone(),
            form: interaction.form.clone(),
        }
    }
}

fn words_of_embed(embed: &Value, words: &mut Vec<String>) {
    let mut say = |value: &Value| words.push(value.as_str().unwrap_or_default().to_owned());
    say(&embed["author"]["name"]);
    say(&embed["title"]);
    say(&embed["description"]);
    for field in embed["fields"].as_array().into_iter().flatten() {
        say(&field["name"]);
        say(&field["value"]);
    }
    say(&embed["footer"]["text"]);
}

/// Reads a component and what is in it, top to bottom.
fn read(part: &Value, words: &mut Vec<String>, buttons: &mut Vec<Vec<ShownButton>>, selects: &mut Vec<Value>) {
    match part["type"].as_u64() {
        Some(1) => {
            let inside = part["components"].as_array().map_or(&[][..], Vec::as_slice);
            let row: Vec<_> = inside.iter().filter(|part| part["type"] == 2).map(button).collect();
            if !row.is_empty() {
                buttons.push(row);
            }
            selects.extend(inside.iter().filter(|part| part["type"] != 2).cloned());
        }
        Some(2) => buttons.push(vec![button(part)]),
        Some(10) => words.push(part["content"].as_str().unwrap_or_default().to_owned()),
        _ => {
            let inside = part["components"].as_array().into_iter().flatten();
            inside.chain(part.get("accessory")).for_each(|part| read(part, words, buttons, selects));
        }
    }
}

fn button(part: &Value) -> ShownButton {
    let text = |name: &str| part[name].as_str().map(str::to_owned);
    let emoji = part["emoji"]["name"].as_str().map(|emoji| format!("{emoji} ")).unwrap_or_default();
    ShownButton {
        text: format!("{emoji}{}", text("label").unwrap_or_default()).trim_end().to_owned(),
        custom_id: text("custom_id"),
        url: text("url"),
        disabled: part["disabled"] == true,
        style: part["style"].as_u64().unwrap_or_default(),
    }
}
