//! A message as it is kept, and as the wire shows it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shared;
use super::world::{Kind, State};

/// Only one person sees it.
pub(super) const EPHEMERAL: u64 = 1 << 6;
/// The answer to an interaction is still to come.
pub(super) const LOADING: u64 = 1 << 7;
/// A thread was opened from it.
pub(super) const HAS_THREAD: u64 = 1 << 5;
pub(super) const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// It does not ring.
pub(super) const SILENT: u64 = 1 << 12;
/// Its components are all there is.
pub(super) const V2: u64 = 1 << 15;

/// Types of messages.
pub(super) const REPLY: u8 = 19;
pub(super) const COMMAND: u8 = 20;
pub(super) const CONTEXT_COMMAND: u8 = 23;
pub(super) const THREAD_CREATED: u8 = 18;
pub(super) const THREAD_STARTER: u8 = 21;

/// A message. Times are kept twice: for people, and for ages.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: u64,
    pub(super) channel: u64,
    /// The application's id where the bot wrote it.
    pub(super) author: u64,
    pub(super) by_bot: bool,
    pub(super) kind: u8,
    pub(super) content: String,
    pub(super) embeds: Vec<Value>,
    pub(super) components: Vec<Value>,
    /// Ids of files.
    pub(super) files: Vec<u64>,
    pub(super) flags: u64,
    pub(super) mentions: Vec<u64>,
    pub(super) mentions_everyone: bool,
    /// Channel and message that it answers.
    pub(super) answers: Option<(u64, u64)>,
    pub(super) nonce: Option<Value>,
    pub(super) at: Instant,
    pub(super) at_ms: u64,
    pub(super) edited_ms: Option<u64>,
    pub(super) edits: u32,
    pub(super) reactions: BTreeMap<String, Vec<u64>>,
    pub(super) only_for: Option<u64>,
    /// `interaction_metadata`, where an interaction made it.
    pub(super) interaction: Option<Value>,
    pub(super) thread: Option<u64>,
}

impl Message {
    pub(super) fn new(id: u64, channel: u64, author: u64, at_ms: u64) -> Self {
        Self {
            id,
            channel,
            author,
            by_bot: false,
            kind: 0,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            files: Vec::new(),
            flags: 0,
            mentions: Vec::new(),
            mentions_everyone: false,
            answers: None,
            nonce: None,
            at: Instant::now(),
            at_ms,
            edited_ms: None,
            edits: 0,
            reactions: BTreeMap::new(),
            only_for: None,
            interaction: None,
            thread: None,
        }
    }

    pub(super) fn is_v2(&self) -> bool {
        self.flags & V2 != 0
    }
}

impl Shared {
    /// A message as REST and the gateway show it to the bot, with nothing blanked.
    pub(super) fn message(&self, state: &State, message: &Message) -> Value {
        let mut wire = self.bare(state, message);
        if message.kind == REPLY
            && let Some((channel, original)) = message.answers
        {
            let original = state.channels.get(&channel).and_then(|channel| channel.messages.get(&original));
            wire["referenced_message"] = original.map_or(Value::Null, |original| self.bare(state, original));
        }
        if message.kind == THREAD_STARTER
            && let Some((channel, original)) = message.answers
            && let Some(original) = state.channels.get(&channel).and_then(|at| at.messages.get(&original))
        {
            wire["referenced_message"] = self.bare(state, original);
        }
        wire
    }

    fn bare(&self, state: &State, message: &Message) -> Value {
        let people = message.mentions.iter().map(|id| self.user(state, *id));
        let files = message.files.iter().filter_map(|id| state.files.get(*id));
        let mut wire = json!({
            "type": message.kind,
            "content": message.content,
            "mentions": people.collect::<Vec<_>>(),
            "mention_roles": [],
            "attachments": files.map(|file| self.attachment(file)).collect::<Vec<_>>(),
            "embeds": message.embeds,
            "timestamp": written(message.at_ms),
            "edited_timestamp": message.edited_ms.map(written),
            "flags": message.flags,
            "components": self.resolved(state, message),
            "id": message.id.to_string(),
            "channel_id": message.channel.to_string(),
            "author": self.user(state, message.author),
            "pinned": false,
            "mention_everyone": message.mentions_everyone,
            "tts": false,
        });
        if let Some(nonce) = &message.nonce {
            wire["nonce"] = nonce.clone();
        }
        if let Some(metadata) = &message.interaction {
            wire["interaction_metadata"] = metadata.clone();
            wire["application_id"] = json!(self.settings.application.to_string());
            wire["webhook_id"] = json!(self.settings.application.to_string());
        }
        if let Some((channel, original)) = message.answers {
            let mut reference = json!({ "type": 0, "channel_id": channel.to_string() });
            if message.kind != THREAD_CREATED {
                reference["message_id"] = json!(original.to_string());
            }
            if let Some(guild) = state.channels.get(&channel).and_then(|channel| channel.guild) {
                reference["guild_id"] = json!(guild.to_string());
            }
            wire["message_reference"] = reference;
        }
        if let Some(thread) = message.thread.and_then(|id| state.channels.get(&id)) {
            wire["thread"] = self.channel(state, thread);
        }
        if !message.reactions.is_empty() {
            let reactions = message.reactions.iter().map(|(emoji, who)| {
                json!({
                    "emoji": { "id": null, "name": emoji },
                    "count": who.len(),
                    "count_details": { "burst": 0, "normal": who.len() },
                    "burst_colors": [],
                    "me_burst": false,
                    "me": who.contains(&self.settings.application),
                })
            });
            wire["reactions"] = reactions.collect();
        }
        self.add_novelty(&mut wire);
        wire
    }

    /// Components as they come back: `attachment://` replaced by addresses.
    fn resolved(&self, state: &State, message: &Message) -> Vec<Value> {
        let mut components = message.components.clone();
        for component in &mut components {
            self.resolve(state, message, component);
        }
        components
    }

    fn resolve(&self, state: &State, message: &Message, part: &mut Value) {
        match part {
            Value::Array(items) => items.iter_mut().for_each(|item| self.resolve(state, message, item)),
            Value::Object(fields) => {
                let named = fields.get("url").and_then(Value::as_str).and_then(|url| url.strip_prefix("attachment://"));
                if let Some(name) = named {
                    let mut files = message.files.iter().filter_map(|id| state.files.get(*id));
                    if let Some(file) = files.find(|file| file.name == name) {
                        let (address, id) = (self.address_of(file), file.id.to_string());
                        fields.insert("url".to_owned(), json!(address));
                        fields.insert("proxy_url".to_owned(), json!(address));
                        fields.insert("attachment_id".to_owned(), json!(id));
                        fields.insert("id".to_owned(), json!(id));
                        fields.insert("content_type".to_owned(), json!(file.mime));
                    }
                }
                let shown = fields.get("file").and_then(|file| file["url"].as_str()?.strip_prefix("attachment://"));
                let mut files = message.files.iter().filter_map(|id| state.files.get(*id));
                if let Some(file) = shown.and_then(|name| files.find(|file| file.name == name)) {
                    fields.insert("name".to_owned(), json!(file.name));
                    fields.insert("size".to_owned(), json!(file.size));
                }
                if let Some(media) = fields.get_mut("media").and_then(Value::as_object_mut) {
                    // Discord fetches what lies elsewhere and serves it itself.
                    let outside = media.get("url").cloned().unwrap_or_default();
                    media.insert("id".to_owned(), json!(message.id.to_string()));
                    media.insert("proxy_url".to_owned(), outside);
                    fields.entry("description").or_insert(Value::Null);
                    fields.entry("spoiler").or_insert(Value::Bool(false));
                }
                fields.values_mut().for_each(|value| self.resolve(state, message, value));
            }
            _ => {}
        }
    }

    /// Takes away what a bot without the message content intent does not see.
    pub(super) fn blank(&self, wire: &mut Value, in_private: bool) {
        let me = self.settings.application.to_string();
        let mentioned = wire["mentions"].as_array().is_some_and(|all| all.iter().any(|user| user["id"] == me));
        if !in_private && !mentioned && wire["author"]["id"] != me {
            wire["content"] = json!("");
            for list in ["embeds", "attachments", "components"] {
                wire[list] = json!([]);
            }
        }
        if wire.get("referenced_message").is_some_and(Value::is_object) {
            self.blank(&mut wire["referenced_message"], in_private);
        }
    }

    /// A message as REST shows it: blanked where the intent was not granted.
    pub(super) fn message_by_rest(&self, state: &State, message: &Message) -> Value {
        let mut wire = self.message(state, message);
        if !self.reads_content() {
            let kind = state.channels.get(&message.channel).map(|channel| channel.kind);
            self.blank(&mut wire, kind == Some(Kind::Dm));
        }
        wire
    }

    /// A field that nobody knows, if the run wants such.
    pub(super) fn add_novelty(&self, wire: &mut Value) {
        if self.settings.behaviour.novelties {
            wire["a_field_of_tomorrow"] = json!({ "of": ["a", 1, null] });
        }
    }
}

/// A time as Discord writes it.
pub(super) fn written(ms: u64) -> String {
    let time = i64::try_from(ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).unwrap_or_default();
    format!("{}+00:00", time.strftime("%Y-%m-%dT%H:%M:%S.%6f"))
}
