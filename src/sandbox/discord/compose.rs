//! What the bot says: a checked body laid into a message.

use serde_json::{Value, json};

use super::Shared;
use super::call::Call;
use super::files::{Stored, media_type};
use super::message::{EPHEMERAL, LOADING, Message, SILENT, SUPPRESS_EMBEDS, V2};
use super::permissions;
use super::refusal::{EMPTY_MESSAGE, Refusal};
use super::strict::{Flaws, Purpose, attachment_names, check_message};
use super::world::State;

/// A bot learns its mentions from the text; the same marks as Discord's.
const EVERYONE: [&str; 2] = ["@everyone", "@here"];

impl Shared {
    /// Checks `body`, found at `path` of the call, and lays it into `message`. Nothing is kept on a refusal.
    pub(super) fn compose(
        &self,
        state: &mut State,
        call: &Call,
        (body, path): (&Value, &str),
        purpose: Purpose,
        message: &mut Message,
    ) -> Result<(), Refusal> {
        let body = if body.is_null() { &json!({}) } else { body };
        let mut flaws = Flaws::default();
        check_message(&mut flaws, body, purpose, path);
        for name in ["poll", "sticker_ids"] {
            if body[name].as_array().map_or(body[name].is_object(), |list| !list.is_empty()) {
                self.breach(format!("{name} in a message: not emulated"));
            }
        }
        self.judge(&flaws.0)?;
        if let Some(content) = body.get("content") {
            content.as_str().unwrap_or_default().clone_into(&mut message.content);
        }
        if let Some(embeds) = body.get("embeds") {
            message.embeds = embeds.as_array().into_iter().flatten().map(embed).collect();
        }
        if let Some(components) = body.get("components") {
            let mut next = 1;
            let mut parts = components.clone();
            number(&mut parts, &mut next);
            message.components = parts.as_array().cloned().unwrap_or_default();
        }
        let flags = body["flags"].as_u64().unwrap_or_default();
        let mutable = if message.edits == 0 && matches!(purpose, Purpose::New | Purpose::Answer) {
            SUPPRESS_EMBEDS | SILENT | EPHEMERAL | V2
        } else {
            SUPPRESS_EMBEDS | V2
        };
        if body["flags"].is_u64() {
            message.flags = message.flags & !(SUPPRESS_EMBEDS) | flags & mutable;
        }
        message.flags &= !LOADING;
        self.attach(state, call, (body, path), message)?;
        if message.is_v2() && (!message.content.is_empty() || !message.embeds.is_empty()) {
            // What stood there before has to be taken away in words.
            let words = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2";
            return Err(Refusal::form("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words));
        }
        let nothing = message.content.trim().is_empty()
            && message.embeds.is_empty()
            && message.files.is_empty()
            && message.components.is_empty();
        if nothing {
            return Err(EMPTY_MESSAGE.into());
        }
        if body.get("content").is_some() || body.get("components").is_some() {
            ring(state, body, purpose, message);
        }
        Ok(())
    }

    /// Files that come with the call, and those that stay.
    fn attach(
        &self,
        state: &mut State,
        call: &Call,
        (body, path): (&Value, &str),
        message: &mut Message,
    ) -> Result<(), Refusal> {
        let listed = body["attachments"].as_array();
        let place = super::strict::step(path, "attachments");
        let id_of = |entry: &Value| match &entry["id"] {
            Value::String(text) => text.parse::<u64>().ok(),
            id => id.as_u64(),
        };
        let mut kept = Vec::new();
        let mut fresh = Vec::new();
        for (at, entry) in listed.into_iter().flatten().enumerate() {
            let id = id_of(entry).unwrap_or(u64::MAX);
            if message.files.contains(&id) {
                kept.push(id);
            } else if call.parts.contains_key(&format!("files[{id}]")) {
                fresh.push((id, entry));
            } else {
                let words = "Attachment data for attachment with ID was not found in the request";
                return Err(Refusal::form(&format!("{place}.{at}"), "ATTACHMENT_NOT_FOUND", words));
            }
        }
        if listed.is_none() && !body.get("attachments").is_some_and(Value::is_null) {
            kept.clone_from(&message.files);
        }
        for (name, part) in &call.parts {
            let number = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')?.parse::<u64>().ok());
            let Some(number) = number else {
                self.breach(format!("part {name}: files are named files[n]"));
                continue;
            };
            let entry = fresh.iter().find(|(id, _)| *id == number).map(|(_, entry)| *entry);
            if listed.is_some() && entry.is_none() {
                self.breach(format!("part {name} is in no entry of attachments"));
            }
            let own = entry.and_then(|entry| entry["filename"].as_str()).map(str::to_owned);
            let file_name = own.or_else(|| part.name.clone()).unwrap_or_else(|| "file".to_owned());
            let id = state.next_id(self.clock.now().as_millis());
            state.files.keep(Stored {
                id,
                path: part.path.clone(),
                size: part.size,
                mime: part.mime.clone().unwrap_or_else(|| media_type(&file_name).to_owned()),
                name: file_name,
                description: entry.and_then(|entry| entry["description"].as_str()).map(str::to_owned),
                channel: message.channel,
                ephemeral: message.only_for.is_some(),
            });
            kept.push(id);
        }
        message.files = kept;
        let names: Vec<_> = message.files.iter().filter_map(|id| Some(state.files.get(*id)?.name.clone())).collect();
        let used = message.components.iter().chain(&message.embeds).flat_map(attachment_names);
        for name in used {
            if !names.contains(&name) {
                let words = format!("The referenced attachment {name} was not found");
                let code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
                return Err(Refusal::form(&super::strict::step(path, "components"), code, words));
            }
        }
        Ok(())
    }
}

/// An embed as it comes back.
fn embed(sent: &Value) -> Value {
    let mut embed = sent.clone();
    if let Some(fields) = embed.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        fields.insert("type".to_owned(), json!("rich"));
        for field in fields.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
            if field["inline"].is_null() {
                field["inline"] = json!(false);
            }
        }
    }
    embed
}

/// Every component gets an `id`, as Discord gives it.
fn number(parts: &mut Value, next: &mut u64) {
    for part in parts.as_array_mut().into_iter().flatten() {
        give_id(part, next);
        if part.get("components").is_some() {
            number(&mut part["components"], next);
        }
        if part["accessory"].is_object() {
            give_id(&mut part["accessory"], next);
        }
    }
}

fn give_id(part: &mut Value, next: &mut u64) {
    if let Some(fields) = part.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        if fields.get("id").and_then(Value::as_u64).unwrap_or_default() == 0 {
            fields.insert("id".to_owned(), json!(*next));
        }
        *next += 1;
        complete(fields);
    }
}

/// What Discord fills in.
fn complete(fields: &mut serde_json::Map<String, Value>) {
    let defaults: &[(&str, Value)] = match fields["type"].as_u64() {
        Some(3 | 5..=8) => &[("min_values", json!(1)), ("max_values", json!(1))],
        Some(11) => &[("description", Value::Null), ("spoiler", json!(false))],
        Some(13) => &[("spoiler", json!(false))],
        Some(14) => &[("divider", json!(true)), ("spacing", json!(1))],
        Some(17) => &[("accent_color", Value::Null), ("spoiler", json!(false))],
        _ => &[],
    };
    for (name, value) in defaults {
        fields.entry(*name).or_insert_with(|| value.clone());
    }
}

/// Whom a message rings. Without `allowed_mentions` an ordinary message rings all that it names, an answer the people.
fn ring(state: &State, body: &Value, purpose: Purpose, message: &mut Message) {
    let allowed = &body["allowed_mentions"];
    let parses = |kind: &str| match allowed["parse"].as_array() {
        Some(kinds) => kinds.iter().any(|one| one == kind),
        None => allowed.is_null() && (kind == "users" || purpose != Purpose::Answer),
    };
    let mut text = message.content.clone();
    words_in(&message.components, &mut text);
    let listed: Vec<u64> = allowed["users"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()))
        .collect();
    message.mentions = mentioned(&text).into_iter().filter(|id| parses("users") || listed.contains(id)).collect();
    let replied = allowed["replied_user"].as_bool().unwrap_or(allowed.is_null());
    if let Some((channel, original)) = message.answers.filter(|_| replied) {
        let author = state.channels.get(&channel).and_then(|at| at.messages.get(&original)).map(|at| at.author);
        message.mentions.extend(author.filter(|author| !message.mentions.contains(author)));
    }
    let may = state.channels.get(&message.channel).is_some_and(|at| at.allowed & permissions::MENTION_EVERYONE != 0);
    message.mentions_everyone = may && parses("everyone") && EVERYONE.iter().any(|word| text.contains(word));
}

fn words_in(parts: &[Value], text: &mut String) {
    for part in parts {
        text.push_str(part["content"].as_str().unwrap_or_default());
        words_in(part["components"].as_array().map_or(&[], Vec::as_slice), text);
    }
}

/// The people that a text names, each once.
pub(super) fn mentioned(text: &str) -> Vec<u64> {
    let mut found = Vec::new();
    for rest in text.split("<@").skip(1) {
        let id = rest.split_once('>').and_then(|(id, _)| id.trim_start_matches('!').parse().ok());
        found.extend(id.filter(|id| !found.contains(id)));
    }
    found
}
