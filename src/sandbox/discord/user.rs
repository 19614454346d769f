//! What a person writes. Each deed that a bot learns of makes an event.

use std::io;

use serde_json::{Map, Value};

use super::compose::mentioned;
use super::files::{Stored, UserFile};
use super::message::{Message, REPLY};
use super::world::Person;
use super::{DiscordEmulator, Shared};

/// What a message of a person has besides its words.
#[derive(Default)]
struct More {
    answers: Option<u64>,
    files: Vec<Stored>,
    /// An answer without a ping.
    quiet: bool,
}

impl DiscordEmulator {
    /// Writes.
    pub fn says(&self, who: &Person, channel: u64, text: &str) -> u64 {
        self.shared.writes(who, channel, text, More::default())
    }

    /// Writes with the bot's name before the words.
    pub fn mentions(&self, who: &Person, channel: u64, text: &str) -> u64 {
        self.says(who, channel, &self.shared.addressed(text))
    }

    /// Answers a message; its author is mentioned, as Discord does unless told otherwise.
    pub fn replies(&self, who: &Person, channel: u64, to_message: u64, text: &str) -> u64 {
        self.shared.writes(who, channel, text, More { answers: Some(to_message), ..More::default() })
    }

    /// Answers a message without mentioning its author.
    pub fn replies_quietly(&self, who: &Person, channel: u64, to_message: u64, text: &str) -> u64 {
        self.shared.writes(who, channel, text, More { answers: Some(to_message), quiet: true, ..More::default() })
    }

    /// Sends files in one message; ten at most.
    pub async fn sends_files(&self, who: &Person, channel: u64, files: Vec<UserFile>, text: &str) -> io::Result<u64> {
        self.writes(who, channel, files, text, None, false).await
    }

    /// Writes with everything that a message may have: files, and a message that it answers, with a ping or `quiet`.
    pub async fn writes(
        &self,
        who: &Person,
        channel: u64,
        files: Vec<UserFile>,
        text: &str,
        answers: Option<u64>,
        quiet: bool,
    ) -> io::Result<u64> {
        let mut stored = Vec::new();
        for file in files {
            stored.push(self.shared.take_in(file).await?);
        }
        Ok(self.shared.writes(who, channel, text, More { answers, files: stored, quiet }))
    }

    /// Sends files with the bot's name before the words.
    pub async fn mentions_with_files(
        &self,
        who: &Person,
        channel: u64,
        files: Vec<UserFile>,
        text: &str,
    ) -> io::Result<u64> {
        let text = self.shared.addressed(text);
        self.sends_files(who, channel, files, &text).await
    }

    /// Corrects an own message. `false` if there is none.
    pub fn edits_own(&self, who: &Person, channel: u64, message: u64, text: &str) -> bool {
        let now_ms = self.shared.clock.now().as_millis();
        let mut state = self.shared.state();
        let found = state.channels.get_mut(&channel).and_then(|at| at.messages.get_mut(&message));
        let Some(own) = found.filter(|own| own.author == who.id) else { return false };
        text.clone_into(&mut own.content);
        own.mentions = mentioned(text);
        own.edited_ms = Some(now_ms);
        own.edits += 1;
        self.shared.tell_message(&mut state, "MESSAGE_UPDATE", channel, message);
        true
    }

    /// Deletes a message, of whomever.
    pub fn deletes(&self, channel: u64, message: u64) -> bool {
        let mut state = self.shared.state();
        let found = state.channels.get(&channel).and_then(|at| at.messages.get(&message)).cloned();
        let Some(message) = found else { return false };
        self.shared.remove(&mut state, &message);
        true
    }

    /// Reacts to a message. Bots without that intent hear nothing of it.
    pub fn reacts(&self, who: &Person, channel: u64, message: u64, emoji: &str) {
        let mut state = self.shared.state();
        if let Some(at) = state.channels.get_mut(&channel).and_then(|at| at.messages.get_mut(&message)) {
            at.reactions.entry(emoji.to_owned()).or_default().push(who.id);
        }
        drop(state);
        self.shared.changed();
    }

    /// Hands the bot any event, as every open session gets it.
    pub fn deliver_raw(&self, kind: &str, data: &Value) {
        let mut state = self.shared.state();
        let place = data["channel_id"].as_str().and_then(|id| id.parse().ok());
        self.shared.tell(&mut state, place, kind, data);
    }
}

impl Shared {
    fn addressed(&self, text: &str) -> String {
        format!("<@{}> {text}", self.settings.application)
    }

    fn writes(&self, who: &Person, channel: u64, text: &str, more: More) -> u64 {
        let now_ms = self.clock.now().as_millis();
        let mut guard = self.state();
        let state = &mut *guard;
        state.meet(who, channel);
        let id = state.next_id(now_ms);
        let mut message = Message::new(id, channel, who.id, now_ms);
        text.clone_into(&mut message.content);
        message.mentions = mentioned(text);
        if let Some(original) = more.answers {
            message.kind = REPLY;
            message.answers = Some((channel, original));
            let author = state.channels.get(&channel).and_then(|at| at.messages.get(&original)).map(|at| at.author);
            let named = author.filter(|author| !more.quiet && !message.mentions.contains(author));
            message.mentions.extend(named);
        }
        for mut file in more.files {
            file.id = state.next_id(now_ms);
            file.channel = channel;
            message.files.push(file.id);
            state.files.keep(file);
        }
        if let Some(at) = state.channels.get_mut(&channel) {
            at.archived = false;
            at.put(message);
        }
        self.tell_message(state, "MESSAGE_CREATE", channel, id);
        drop(guard);
        self.changed();
        id
    }

    /// Attachments that belong to no message yet, as interactions carry them.
    pub(super) fn resolved_file(&self, file: &Stored) -> Value {
        let mut all = Map::new();
        all.insert(file.id.to_string(), self.attachment(file));
        Value::Object(all)
    }
}
