//! Messages that the bot sends, edits, deletes and reacts to.

use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::call::Call;
use super::chats::{Chat, Draft, quoted};
use super::media::FileKind;
use super::refusal::Refusal;
use super::shown::Message;
use super::text::{Composed, Purpose, compose};
use super::{Shared, image, keyboard};

/// Chat actions that exist.
const ACTIONS: &[&str] = &[
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];
const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the \
                            same as a current content and reply markup of the message";

impl Shared {
    /// `sendMessage`.
    pub(super) fn send_message(&self, call: &Call) -> Result<Value, Refusal> {
        let composed = text_of(call, "text", "entities", Purpose::Text)?;
        let mut content = Map::new();
        put_text(&mut content, "text", "entities", &composed);
        if let Some(options) = preview_of(call)? {
            content.insert("link_preview_options".to_owned(), options);
        }
        self.post(call, content, None)
    }

    /// `sendVideo`, `sendDocument`, `sendPhoto`.
    pub(super) async fn send_file(&self, call: &Call, kind: FileKind) -> Result<Value, Refusal> {
        // Cheap refusals come before a file is fetched.
        let caption = text_of(call, "caption", "caption_entities", Purpose::Caption)?;
        keyboard::check(call.parameters.get("reply_markup"))?;
        self.state().chat_of(call)?;
        let mut file = self.take_file(call, kind).await?;
        if kind == FileKind::Photo {
            image::check(file.picture)?;
        }
        for (name, value) in [
            ("width", &mut file.picture.width),
            ("height", &mut file.picture.height),
            ("duration", &mut file.picture.duration),
        ] {
            if let Some(given) = call.int(name).and_then(|given| u64::try_from(given).ok()) {
                *value = given;
            }
        }
        let file = self.state().keep_file(file);
        let mut content = file.wire();
        put_text(&mut content, "caption", "caption_entities", &caption);
        self.post(call, content, Some(file.id))
    }

    /// Adds a message of the bot.
    fn post(&self, call: &Call, mut content: Map<String, Value>, file: Option<String>) -> Result<Value, Refusal> {
        let markup = keyboard::check(call.parameters.get("reply_markup"))?;
        let now = self.clock.now().as_millis();
        let mut state = self.state();
        let chat = state.chat_of(call)?;
        let mut wire = Map::new();
        wire.insert("from".to_owned(), self.bot());
        wire.insert("chat".to_owned(), chat.wire.clone());
        wire.insert("date".to_owned(), json!(now / 1000));
        if let Some(thread) = call.int("message_thread_id") {
            wire.insert("message_thread_id".to_owned(), json!(thread));
            wire.insert("is_topic_message".to_owned(), json!(true));
        }
        if let Some(reply) = call.parameters.get("reply_parameters") {
            let Some(to) = reply["message_id"].as_i64() else {
                return Err(Refusal::bad("can't find field \"message_id\""));
            };
            match chat.messages.get(&to) {
                Some(message) => {
                    wire.insert("reply_to_message".to_owned(), quoted(&message.wire));
                }
                None if reply["allow_sending_without_reply"] == true => {}
                None => return Err(Refusal::bad("message to be replied not found")),
            }
        }
        wire.append(&mut content);
        wire.extend(markup.map(|markup| ("reply_markup".to_owned(), markup)));
        if call.flag("protect_content") {
            wire.insert("has_protected_content".to_owned(), json!(true));
        }
        let id = chat.add(Message {
            wire,
            from_bot: true,
            sender: self.settings.name.clone(),
            date_ms: now,
            silent: call.flag("disable_notification"),
            file,
            ..Message::default()
        });
        let wire = chat.messages[&id].wire.clone();
        drop(state);
        self.changed();
        self.record_message("sent", call, &wire);
        Ok(Value::Object(wire))
    }

    /// `editMessageText`. Without `reply_markup` the buttons go, as they do on the real server.
    pub(super) fn edit_text(&self, call: &Call) -> Result<Value, Refusal> {
        if call.parameters.contains_key("rich_message") {
            return Err(Refusal::bad("rich messages are not emulated"));
        }
        if !call.parameters.contains_key("text") {
            return Err(Refusal::bad("message text is empty"));
        }
        let composed = text_of(call, "text", "entities", Purpose::Text)?;
        let preview = preview_of(call)?;
        self.edit(call, |wire| {
            if !wire.contains_key("text") {
                return Err(Refusal::bad("there is no text in the message to edit"));
            }
            put_text(wire, "text", "entities", &composed);
            set(wire, "link_preview_options", preview);
            Ok(())
        })
    }

    /// `editMessageCaption`.
    pub(super) fn edit_caption(&self, call: &Call) -> Result<Value, Refusal> {
        let composed = text_of(call, "caption", "caption_entities", Purpose::Caption)?;
        self.edit(call, |wire| {
            if wire.contains_key("text") {
                return Err(Refusal::bad("there is no caption in the message to edit"));
            }
            put_text(wire, "caption", "caption_entities", &composed);
            Ok(())
        })
    }

    /// `editMessageReplyMarkup`.
    pub(super) fn edit_markup(&self, call: &Call) -> Result<Value, Refusal> {
        self.edit(call, |_| Ok(()))
    }

    fn edit(
        &self,
        call: &Call,
        change: impl FnOnce(&mut Map<String, Value>) -> Result<(), Refusal>,
    ) -> Result<Value, Refusal> {
        let markup = keyboard::check(call.parameters.get("reply_markup"))?;
        let now = self.clock.now().as_millis();
        let mut state = self.state();
        let chat = state.chat_of(call)?;
        let message = message_of(chat, call, "message to edit not found")?;
        if !message.from_bot {
            return Err(Refusal::bad("message can't be edited"));
        }
        let mut wire = message.wire.clone();
        change(&mut wire)?;
        set(&mut wire, "reply_markup", markup);
        if same(&wire, &message.wire) {
            return Err(Refusal::bad(NOT_MODIFIED));
        }
        // A change of the buttons alone does not mark the message as edited.
        if call.method != "editMessageReplyMarkup" {
            wire.insert("edit_date".to_owned(), json!(now / 1000));
        }
        message.wire.clone_from(&wire);
        message.edits += 1;
        drop(state);
        self.changed();
        self.record_message("edited", call, &wire);
        Ok(Value::Object(wire))
    }

    /// `deleteMessage`.
    pub(super) fn delete_message(&self, call: &Call) -> Result<Value, Refusal> {
        let mut state = self.state();
        let chat = state.chat_of(call)?;
        let foreign = chat.kind() != "private";
        let message = message_of(chat, call, "message to delete not found")?;
        if foreign && !message.from_bot {
            return Err(Refusal::bad("message can't be deleted"));
        }
        let wire = message.wire.clone();
        let id = call.int("message_id").unwrap_or_default();
        chat.messages.remove(&id);
        drop(state);
        self.changed();
        self.record_message("deleted", call, &wire);
        Ok(json!(true))
    }

    /// `setMessageReaction`. A bot has one reaction, out of a list.
    pub(super) fn react(&self, call: &Call) -> Result<Value, Refusal> {
        let reactions = call.list("reaction").map_or(&[][..], Vec::as_slice);
        let emoji = match reactions {
            [] => None,
            [one] => {
                let emoji = one["emoji"].as_str().unwrap_or_default().replace('\u{fe0f}', "");
                if !self.schema.reactions.contains(&emoji) {
                    return Err(Refusal::bad("REACTION_INVALID"));
                }
                Some(emoji)
            }
            _ => return Err(Refusal::bad("REACTIONS_TOO_MANY")),
        };
        let mut state = self.state();
        let chat = state.chat_of(call)?;
        message_of(chat, call, "message to react not found")?.reaction = emoji;
        drop(state);
        self.changed();
        self.record_call(call);
        Ok(json!(true))
    }

    /// `sendChatAction`.
    pub(super) fn chat_action(&self, call: &Call) -> Result<Value, Refusal> {
        let action = call.text("action").unwrap_or_default();
        if !ACTIONS.contains(&action) {
            return Err(Refusal::bad("wrong parameter action in request"));
        }
        let until = Instant::now() + self.settings.times.action_life;
        self.state().chat_of(call)?.action = Some((action.to_owned(), until));
        self.changed();
        self.changed_at(until);
        self.record_call(call);
        Ok(json!(true))
    }

    /// `sendMessageDraft`: a preview in a private chat that vanishes by itself.
    pub(super) fn send_draft(&self, call: &Call) -> Result<Value, Refusal> {
        let composed = text_of(call, "text", "entities", Purpose::Draft)?;
        let id = call.int("draft_id").unwrap_or_default();
        let until = Instant::now() + self.settings.times.draft_life;
        let mut state = self.state();
        let chat = state.chat_of(call)?;
        if chat.kind() != "private" {
            return Err(Refusal::bad("TEXTDRAFT_PEER_INVALID"));
        }
        if id == 0 {
            return Err(Refusal::bad("RANDOM_ID_EMPTY"));
        }
        chat.draft = Some(Draft {
            id,
            thread: call.int("message_thread_id"),
            text: composed.text,
            entities: composed.entities,
            can_stop: call.flag("can_stop"),
            keep_on_stop: call.flag("keep_on_stop"),
            until,
        });
        drop(state);
        self.changed();
        self.changed_at(until);
        self.record_call(call);
        Ok(json!(true))
    }

    fn record_message(&self, kind: &'static str, call: &Call, wire: &Map<String, Value>) {
        let text = wire.get("text").or_else(|| wire.get("caption"));
        let shown = text.and_then(Value::as_str).unwrap_or_default();
        let line = format!("{}: {}", call.method, shown.lines().next().unwrap_or_default());
        let (chat, message) = (&wire["chat"]["id"], &wire["message_id"]);
        let data = json!({ "method": call.method, "chat": chat, "message_id": message, "text": text });
        self.record(kind, line, data);
    }
}

/// Preview options count as content only where a link could have a preview.
fn same(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let links = |entity: &Value| entity["type"] == "url" || entity["type"] == "text_link";
    let entities = one.get("entities").and_then(Value::as_array);
    let previews = entities.is_some_and(|entities| entities.iter().any(links));
    one == other
        || !previews && {
            let bare = |wire: &Map<String, Value>| {
                let mut wire = wire.clone();
                wire.shift_remove("link_preview_options");
                wire
            };
            bare(one) == bare(other)
        }
}

fn message_of<'a>(chat: &'a mut Chat, call: &Call, missing: &str) -> Result<&'a mut Message, Refusal> {
    let id = call.int("message_id").ok_or_else(|| Refusal::bad("message identifier is not specified"))?;
    chat.messages.get_mut(&id).ok_or_else(|| Refusal::bad(missing))
}

fn text_of(call: &Call, text: &str, entities: &str, purpose: Purpose) -> Result<Composed, Refusal> {
    compose(call.text(text).unwrap_or_default(), call.text("parse_mode"), call.list(entities), purpose)
}

fn put_text(wire: &mut Map<String, Value>, text: &str, entities: &str, composed: &Composed) {
    set(wire, text, Some(json!(composed.text)).filter(|_| !composed.text.is_empty()));
    set(wire, entities, Some(json!(composed.entities)).filter(|_| !composed.entities.is_empty()));
}

/// Sets a field where it stands, or takes it away: absent fields are absent, not null.
fn set(wire: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => wire.insert(name.to_owned(), value),
        None => wire.shift_remove(name),
    };
}

fn preview_of(call: &Call) -> Result<Option<Value>, Refusal> {
    let options = call.parameters.get("link_preview_options");
    if let Some(address) = options.and_then(|options| options["url"].as_str())
        && super::text::check_address(address).is_err()
    {
        return Err(Refusal::bad("WEBPAGE_URL_INVALID"));
    }
    Ok(options.cloned())
}
