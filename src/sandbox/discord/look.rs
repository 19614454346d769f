//! What tests and the page see.

use std::path::PathBuf;
use std::sync::PoisonError;

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::world::{Kind, Person};
use super::{DiscordEmulator, ShownChannel, ShownInteraction, ShownMessage};

impl DiscordEmulator {
    /// The channels, threads and private chats.
    pub fn channels(&self) -> Vec<ShownChannel> {
        let state = self.shared.state();
        let shown = state.channels.values().map(|channel| ShownChannel {
            id: channel.id,
            title: channel.name.clone(),
            kind: match channel.kind {
                Kind::Text => "text",
                Kind::Dm => "dm",
                Kind::Group => "group",
                Kind::Thread => "thread",
            },
            server: channel.guild,
            parent: channel.parent,
            archived: channel.archived,
        });
        shown.collect()
    }

    /// The messages of a channel, oldest first, with those that only one person sees.
    pub fn shown(&self, channel: u64) -> Vec<ShownMessage> {
        let state = self.shared.state();
        let messages = state.channels.get(&channel).map(|channel| channel.messages.values());
        messages.into_iter().flatten().map(|message| self.shared.show(&state, message)).collect()
    }

    /// The messages of a channel as this person sees them.
    pub fn shown_to(&self, who: &Person, channel: u64) -> Vec<ShownMessage> {
        let mut shown = self.shown(channel);
        shown.retain(|message| message.only_for.is_none_or(|one| one == who.id));
        shown
    }

    /// A number that grows with each visible change anywhere.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    /// Whether a channel says that the bot is typing.
    pub fn typing(&self, channel: u64) -> bool {
        let state = self.shared.state();
        state.channels.get(&channel).and_then(|channel| channel.typing).is_some_and(|until| until > Instant::now())
    }

    /// What became of commands and presses, oldest first.
    pub fn interactions(&self) -> Vec<ShownInteraction> {
        let state = self.shared.state();
        state.interactions.values().map(|interaction| self.shared.show_interaction(interaction)).collect()
    }

    /// The secrets with which interactions are answered: a test looks for them where they must not be.
    pub fn interaction_tokens(&self) -> Vec<String> {
        self.shared.state().interactions.values().map(|interaction| interaction.token.clone()).collect()
    }

    /// The commands that the bot registered, with their other languages.
    pub fn commands(&self) -> Vec<Value> {
        self.shared.state().commands.clone()
    }

    /// The slash commands and their descriptions that somebody with this language sees.
    pub fn menu(&self, locale: &str) -> Vec<(String, String)> {
        let state = self.shared.state();
        let local = |command: &Value, field: &str| {
            let own = command[format!("{field}_localizations")][locale].as_str();
            own.or(command[field].as_str()).unwrap_or_default().to_owned()
        };
        let slash = state.commands.iter().filter(|command| command["type"] == 1);
        slash.map(|command| (local(command, "name"), local(command, "description"))).collect()
    }

    /// Where the bytes of a shown file lie, and their media type.
    pub fn file(&self, id: u64) -> Option<(PathBuf, String)> {
        self.shared.state().files.get(id).map(|file| (file.path.clone(), file.mime.clone()))
    }

    /// Every call so far, in the format of `check_discord_calls.py`, without tokens.
    pub fn calls(&self) -> Vec<Value> {
        self.shared.state().calls()
    }

    /// What the bot did that no bot may do. A test that ends with any has failed.
    pub fn breaches(&self) -> Vec<String> {
        self.shared.breaches.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
