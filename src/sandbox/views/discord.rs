//! Discord as the page sees it: a private chat with the bot, a channel of a server, and one of a server that the bot has
//! not joined, where the person brings it along.

use std::fmt;
use std::io;
use std::path::PathBuf;

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::sandbox::discord::{DiscordEmulator, FileSource, Person, UserFile, permissions};
use crate::sandbox::page::{Deed, DiscordView, StagedFile};

/// The person at the page.
const PERSON: u64 = 7_000_000_001;
/// Commands and presses that a window hears of: those that may still wait or have just failed.
const INTERACTIONS: usize = 30;

/// The person at the page on Discord.
pub(in crate::sandbox) struct Community {
    discord: DiscordEmulator,
    dm: u64,
    channel: u64,
    elsewhere: u64,
}

impl fmt::Debug for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Community")
    }
}

impl Community {
    /// Makes the places. The person owns the server: they may do there what an administrator may.
    pub(in crate::sandbox) fn new(discord: DiscordEmulator) -> Self {
        let you = person("en");
        let dm = discord.dm(&you);
        let server = discord.a_server("Sandbox");
        let channel = discord.a_channel(server, "video-help");
        discord.grants(&you, channel, permissions::USUAL | permissions::MANAGE_CHANNELS | permissions::MANAGE_MESSAGES);
        let elsewhere = discord.a_foreign_channel("elsewhere");
        Self { discord, dm, channel, elsewhere }
    }

    /// Channels that the page shows: its own three, and threads as they come.
    fn places(&self) -> Vec<Value> {
        let shown = self.discord.channels().into_iter();
        let own = [self.dm, self.channel, self.elsewhere];
        let here = shown.filter(|place| own.contains(&place.id) || place.kind == "thread");
        let place = |place: crate::sandbox::discord::ShownChannel| {
            json!({
                "id": place.id.to_string(),
                "title": place.title,
                "kind": if place.id == self.elsewhere { "guest" } else { place.kind },
                "parent": place.parent.map(|id| id.to_string()),
                "archived": place.archived,
            })
        };
        here.map(place).collect()
    }

    fn here(&self) -> Vec<u64> {
        self.places().iter().filter_map(|place| place["id"].as_str()?.parse().ok()).collect()
    }
}

/// Whom a language makes of the person.
fn person(language: &str) -> Person {
    Person::new(PERSON, "You").speaking(locale(language))
}

/// Discord's name of a language that the page offers; English where Discord does not have it.
/// Source: Discord's API reference, "Locales".
fn locale(language: &str) -> &str {
    match language {
        "zh-hans" => "zh-CN",
        "zh-hant" => "zh-TW",
        "es" => "es-ES",
        "pt-br" => "pt-BR",
        "fr" | "de" | "it" | "ru" | "ja" | "ko" | "hi" | "id" | "vi" => language,
        _ => "en-US",
    }
}

#[async_trait]
impl DiscordView for Community {
    fn shown(&self) -> Value {
        let you = person("en");
        let mut all: Vec<_> = self.here().into_iter().flat_map(|place| self.discord.shown_to(&you, place)).collect();
        all.sort_by_key(|message| message.message_id);
        let message = |message| {
            let mut message = serde_json::to_value(message).unwrap_or_default();
            for field in ["message_id", "channel_id", "reply_to", "thread", "only_for"] {
                as_text(&mut message[field]);
            }
            message["files"].as_array_mut().into_iter().flatten().for_each(|file| as_text(&mut file["id"]));
            message
        };
        all.into_iter().map(message).collect()
    }

    fn state(&self) -> Value {
        let typing: Vec<_> = self.here().into_iter().filter(|place| self.discord.typing(*place)).collect();
        let interactions = self.discord.interactions();
        let latest = &interactions[interactions.len().saturating_sub(INTERACTIONS)..];
        let told = latest.iter().map(|one| {
            json!({
                "id": one.id.to_string(),
                "kind": one.kind,
                "name": one.name,
                "channel_id": one.channel_id.to_string(),
                "message_id": one.message_id.map(|id| id.to_string()),
                "answered": one.answer.is_some(),
                "failed": one.failed,
            })
        });
        json!({
            "bot": { "id": self.discord.application().to_string(), "name": "NEMO" },
            "places": self.places(),
            "typing": typing.iter().map(u64::to_string).collect::<Vec<_>>(),
            "interactions": told.collect::<Vec<_>>(),
        })
    }

    fn commands(&self) -> Value {
        Value::Array(self.discord.commands())
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.discord.changes()
    }

    async fn does(&self, language: &str, deed: Deed, files: Vec<StagedFile>) -> io::Result<()> {
        let you = person(language);
        let mut files: Vec<_> = files
            .into_iter()
            .map(|file| UserFile { name: file.name, mime: file.mime, source: FileSource::Path(file.path) })
            .collect();
        match deed {
            Deed::Say { channel, text, answers, quiet } => {
                let channel = self.place(&channel)?;
                let answers = answers.map(|id| number(&id)).transpose()?;
                self.discord.writes(&you, channel, files, &text, answers, quiet).await?;
            }
            Deed::Edit { channel, message, text } => {
                let done = self.discord.edits_own(&you, self.place(&channel)?, number(&message)?, &text);
                done.then_some(()).ok_or_else(missing)?;
            }
            Deed::Press { channel, message, button } => {
                let press = self.discord.presses(&you, self.place(&channel)?, number(&message)?, &button);
                press.ok_or_else(missing)?;
            }
            Deed::Use { channel, command, options } => {
                let options: Vec<_> = options.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                self.discord.uses(&you, self.place(&channel)?, &command, &options, files.pop()).await?;
            }
            Deed::UseOn { channel, message, command } => {
                let used = self.discord.uses_on(&you, self.place(&channel)?, number(&message)?, &command);
                used.ok_or_else(missing)?;
            }
        }
        Ok(())
    }

    fn file(&self, id: &str) -> Option<(PathBuf, String)> {
        self.discord.file(id.parse().ok()?)
    }
}

impl Community {
    /// A place by its id, if the page shows it.
    fn place(&self, id: &str) -> io::Result<u64> {
        let id = number(id)?;
        if self.here().contains(&id) { Ok(id) } else { Err(missing()) }
    }
}

fn number(id: &str) -> io::Result<u64> {
    id.parse().map_err(|_| missing())
}

fn missing() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

/// A script would round a number of this size.
fn as_text(id: &mut Value) {
    if let Some(number) = id.as_u64() {
        *id = Value::String(number.to_string());
    }
}
