//! What a person does. Each deed that a bot learns of makes an update.

use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::chats::{Callback, Chat, Draft, Person, quoted};
use super::media::{FileKind, Stored};
use super::scenario::Scenario;
use super::shown::Message;
use super::text::{Composed, cut, typed};
use super::{Shared, TelegramEmulator, keyboard};

/// A file that a person sends.
#[derive(Clone, Debug)]
pub struct UserFile {
    /// Its name on their device.
    pub name: String,
    /// Its media type; `None`: what the name says.
    pub mime: Option<String>,
    /// How they send it.
    pub kind: FileKind,
    /// Its bytes.
    pub source: FileSource,
    /// The words under it.
    pub caption: Option<String>,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub enum FileSource {
    /// Here.
    Bytes(Bytes),
    /// On disk; copied, never held in memory.
    Path(PathBuf),
}

/// What Telegram tells about a file, where it shall differ from what it would tell.
#[derive(Clone, Debug, Default)]
pub struct FileDetails {
    /// Whether `mime_type` is there. `None`: every second clip goes without.
    pub tells_mime: Option<bool>,
    /// No `file_name`.
    pub without_name: bool,
    /// No `file_size`.
    pub without_size: bool,
    /// Another size than the true one; also what `getFile` judges by.
    pub claimed_size: Option<u64>,
    /// Another path than the true one, where a local Bot API server tells paths.
    pub claimed_path: Option<String>,
    /// In pixels, instead of what the file says.
    pub width: Option<u64>,
    /// In pixels, instead of what the file says.
    pub height: Option<u64>,
    /// In seconds, instead of what the file says.
    pub duration: Option<u64>,
}

impl TelegramEmulator {
    /// Writes. Text over 4096 units is cut in several messages, as Telegram's own clients do; the number of the last
    /// one is returned.
    pub fn says(&self, who: &Person, chat: i64, text: &str) -> i64 {
        cut(text).iter().fold(0, |_, part| self.writes(who, chat, part, None))
    }

    /// Answers a message.
    pub fn replies(&self, who: &Person, chat: i64, to_message: i64, text: &str) -> i64 {
        self.writes(who, chat, text, Some(to_message))
    }

    /// Sends a file. Every second clip of a run arrives without `mime_type`.
    pub async fn sends_file(&self, who: &Person, chat: i64, file: UserFile) -> io::Result<i64> {
        if let Some((clips, jitter)) = self.shared.next_album() {
            return self.sends_album_slowly(who, chat, vec![file; clips], jitter).await;
        }
        self.sends_file_as(who, chat, file, self.shared.next_details()).await
    }

    /// Sends a file that Telegram describes in a particular way.
    pub async fn sends_file_as(
        &self,
        who: &Person,
        chat: i64,
        file: UserFile,
        details: FileDetails,
    ) -> io::Result<i64> {
        let caption = file.caption.clone().unwrap_or_default();
        let stored = self.shared.take_in(file, &details).await?;
        Ok(self.shared.post_file(who, chat, stored, &caption, None))
    }

    /// Sends an album: one message for each file, with one `media_group_id`.
    pub async fn sends_album(&self, who: &Person, chat: i64, files: Vec<UserFile>) -> io::Result<Vec<i64>> {
        let mut stored = Vec::new();
        for file in files {
            let caption = file.caption.clone().unwrap_or_default();
            stored.push((self.shared.take_in(file, &FileDetails::default()).await?, caption));
        }
        let album = self.shared.new_album();
        let post = |(file, caption): (Stored, String)| self.shared.post_file(who, chat, file, &caption, Some(&album));
        Ok(stored.into_iter().map(post).collect())
    }

    /// Presses a button, named by its label or its callback data. Returns the id of the query; `None` if the message
    /// shows no such button that asks the bot.
    pub fn presses(&self, who: &Person, chat: i64, message_id: i64, label_or_data: &str) -> Option<String> {
        let mut state = self.shared.state();
        let pressed = state.chats.get(&chat)?.messages.get(&message_id)?.wire.clone();
        let buttons: Vec<_> = keyboard::shown(pressed.get("reply_markup")?).into_iter().flatten().collect();
        let asks = |button: &&super::ShownButton| button.kind == "callback";
        let named = buttons.iter().filter(asks).find(|button| button.text == label_or_data);
        let button = named.or_else(|| buttons.iter().filter(asks).find(|button| button.value == label_or_data))?;
        state.people.insert(who.id, who.clone());
        state.pressed += 1;
        let id = format!("528000000000{:06}", state.pressed);
        // The bot hears the same words of an old query as of an unknown one.
        let life = self.shared.settings.times.callback_life;
        state.callbacks.retain(|_, callback| callback.at.elapsed() < life);
        let callback = Callback { chat, message: message_id, user: who.id, at: Instant::now() };
        state.callbacks.insert(id.clone(), callback);
        state.updates.push(
            "callback_query",
            json!({
                "id": id,
                "from": who.wire(),
                "message": pressed,
                "chat_instance": format!("{}", chat.unsigned_abs().wrapping_mul(7_919)),
                "data": button.value,
            }),
        );
        drop(state);
        self.shared.changed();
        Some(id)
    }

    /// Corrects an own message, or its caption. `false` if there is none.
    pub fn edits_own(&self, who: &Person, chat: i64, message_id: i64, text: &str) -> bool {
        let now = self.shared.clock.now().as_millis() / 1000;
        let mut state = self.shared.state();
        let Some(wire) = state.edit_own(chat, message_id, text, now) else { return false };
        if self.shared.reaches_bot(state.chats.get(&chat), &wire) {
            state.updates.push("edited_message", Value::Object(wire));
        }
        state.people.insert(who.id, who.clone());
        drop(state);
        self.shared.changed();
        true
    }

    /// Deletes a message, of whomever. Telegram tells a bot nothing of it.
    pub fn deletes(&self, chat: i64, message_id: i64) -> bool {
        let mut state = self.shared.state();
        let gone = state.chats.get_mut(&chat).is_some_and(|chat| chat.messages.remove(&message_id).is_some());
        drop(state);
        self.shared.changed();
        gone
    }

    /// Blocks the bot, or takes that back. Until then every call to the chat is refused with 403.
    pub fn blocks(&self, who: &Person, blocked: bool) {
        self.shared.blocks(who, blocked);
    }

    /// Presses Telegram's own Stop button on a draft. `false` if none shows.
    pub fn stops_draft(&self, chat: i64) -> bool {
        let mut state = self.shared.state();
        let Some(open) = state.chats.get_mut(&chat) else { return false };
        let stops = |draft: &&mut Draft| draft.can_stop && draft.until > Instant::now();
        let Some(draft) = open.draft.as_mut().filter(stops) else {
            return false;
        };
        draft.can_stop = false;
        let mut update = json!({ "chat": open.wire, "draft_id": draft.id });
        if let Some(thread) = draft.thread {
            update["message_thread_id"] = json!(thread);
        }
        if !draft.keep_on_stop {
            open.draft = None;
        }
        state.updates.push("stopped_message_generation", update);
        drop(state);
        self.shared.changed();
        true
    }

    /// Hands the bot any update; without `update_id` it gets the next one. A message in it joins its chat, so that it
    /// can be answered, and its topic becomes known.
    pub fn deliver_raw(&self, update: Value) {
        let now = self.shared.clock.now().as_millis();
        let mut state = self.shared.state();
        if let Some(Value::Object(wire)) = update.get("message")
            && let Some(id) = wire.get("message_id").and_then(Value::as_i64)
            && let Some(chat) = wire.get("chat").and_then(|chat| state.open(chat))
        {
            chat.threads.extend(wire.get("message_thread_id").and_then(Value::as_i64));
            let sender = wire.get("from").and_then(|from| from["first_name"].as_str()).unwrap_or_default().to_owned();
            chat.put(id, Message { wire: wire.clone(), sender, date_ms: now, ..Message::default() });
        }
        state.updates.push_raw(update);
        drop(state);
        self.shared.changed();
    }

    fn writes(&self, who: &Person, chat: i64, text: &str, reply_to: Option<i64>) -> i64 {
        let Composed { text, entities } = typed(text);
        let mut content = Map::new();
        content.insert("text".to_owned(), json!(text));
        if !entities.is_empty() {
            content.insert("entities".to_owned(), json!(entities));
        }
        self.shared.post_own(who, chat, content, reply_to, None)
    }
}

impl Shared {
    pub(super) fn blocks(&self, who: &Person, blocked: bool) {
        let now = self.clock.now().as_millis() / 1000;
        let bot = self.bot();
        let mut state = self.state();
        let chat = state.meet(who, who.id);
        chat.blocked = blocked;
        if !blocked {
            state.ends(Scenario::Blocked);
        }
        let chat = state.meet(who, who.id);
        let banned = json!({ "status": "kicked", "user": bot, "until_date": 0 });
        let member = json!({ "status": "member", "user": bot });
        let (old, new) = if blocked { (member, banned) } else { (banned, member) };
        let update = json!({
            "chat": chat.wire,
            "from": who.wire(),
            "date": now,
            "old_chat_member": old,
            "new_chat_member": new,
        });
        state.updates.push("my_chat_member", update);
        drop(state);
        self.changed();
    }

    /// A `media_group_id` that no album had.
    pub(super) fn new_album(&self) -> String {
        let mut state = self.state();
        state.albums += 1;
        format!("1380000000000{:04}", state.albums)
    }

    pub(super) async fn take_in(&self, file: UserFile, details: &FileDetails) -> io::Result<Stored> {
        let path = self.new_path();
        match &file.source {
            FileSource::Bytes(bytes) => tokio::fs::write(&path, bytes).await?,
            FileSource::Path(source) => drop(tokio::fs::copy(source, &path).await?),
        }
        let mut stored = self.store(&path, Some(file.name), file.mime, file.kind).await?;
        let picture = &mut stored.picture;
        picture.width = details.width.unwrap_or(picture.width);
        picture.height = details.height.unwrap_or(picture.height);
        picture.duration = details.duration.unwrap_or(picture.duration);
        stored.claimed = details.claimed_size;
        stored.told_path.clone_from(&details.claimed_path);
        stored.tells_name = !details.without_name;
        stored.tells_size = !details.without_size;
        let is_clip = stored.mime.starts_with("video/");
        stored.tells_mime = match details.tells_mime {
            Some(tells) => tells,
            None => !is_clip || self.state().files.next_clip_tells_mime(),
        };
        Ok(stored)
    }

    pub(super) fn post_file(&self, who: &Person, chat: i64, file: Stored, caption: &str, album: Option<&str>) -> i64 {
        let file = self.state().keep_file(file);
        let mut content = file.wire();
        if !caption.is_empty() {
            let Composed { text, entities } = typed(caption);
            content.insert("caption".to_owned(), json!(text));
            if !entities.is_empty() {
                content.insert("caption_entities".to_owned(), json!(entities));
            }
        }
        content.extend(album.map(|album| ("media_group_id".to_owned(), json!(album))));
        self.post_own(who, chat, content, None, Some(file.id))
    }

    fn post_own(
        &self,
        who: &Person,
        chat: i64,
        mut content: Map<String, Value>,
        reply_to: Option<i64>,
        file: Option<String>,
    ) -> i64 {
        let now = self.clock.now().as_millis();
        // Telegram's own client lets nobody write to a bot that they block: first they take that back.
        if chat == who.id && self.state().meet(who, chat).blocked {
            self.blocks(who, false);
        }
        let mut state = self.state();
        let surprise = Self::next_surprise(&mut state);
        let open = state.meet(who, chat);
        let mut wire = Map::new();
        wire.extend(surprise);
        wire.insert("from".to_owned(), who.wire());
        wire.insert("chat".to_owned(), open.wire.clone());
        wire.insert("date".to_owned(), json!(now / 1000));
        if let Some(original) = reply_to.and_then(|id| open.messages.get(&id)) {
            wire.insert("reply_to_message".to_owned(), quoted(&original.wire));
        }
        wire.append(&mut content);
        let id = open.add(Message { wire, sender: who.name.clone(), date_ms: now, file, ..Message::default() });
        let wire = open.messages[&id].wire.clone();
        if self.reaches_bot(state.chats.get(&chat), &wire) {
            state.updates.push("message", Value::Object(wire));
        }
        drop(state);
        self.changed();
        id
    }

    /// Privacy mode: of a group's messages a bot gets commands, mentions and answers to its own messages.
    fn reaches_bot(&self, chat: Option<&Chat>, wire: &Map<String, Value>) -> bool {
        let me = self.bot()["id"].as_i64().unwrap_or_default();
        let administers = |chat: &Chat| chat.members.get(&me) == Some(&"administrator");
        if chat.is_some_and(|chat| chat.kind() != "private" && chat.blocked) {
            return false;
        }
        if self.settings.reads_all_group_messages
            || chat.is_none_or(|chat| chat.kind() == "private" || administers(chat))
        {
            return true;
        }
        if wire.get("reply_to_message").is_some_and(|original| original["from"] == self.bot()) {
            return true;
        }
        let name = format!("@{}", self.settings.username);
        [("text", "entities"), ("caption", "caption_entities")].iter().any(|(text, entities)| {
            let units: Vec<u16> = wire.get(*text).and_then(Value::as_str).unwrap_or_default().encode_utf16().collect();
            let entities = wire.get(*entities).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            entities.iter().any(|entity| {
                let at = |name: &str| entity[name].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or_default();
                let words = units.get(at("offset")..at("offset") + at("length")).unwrap_or_default();
                let words = String::from_utf16_lossy(words);
                match entity["type"].as_str() {
                    Some("mention") => words.eq_ignore_ascii_case(&name),
                    Some("bot_command") => {
                        words.split_once('@').is_none_or(|(_, to)| name[1..].eq_ignore_ascii_case(to))
                    }
                    _ => false,
                }
            })
        })
    }
}

impl super::State {
    fn edit_own(&mut self, chat: i64, message_id: i64, text: &str, now: u64) -> Option<Map<String, Value>> {
        let message = self.chats.get_mut(&chat)?.messages.get_mut(&message_id).filter(|message| !message.from_bot)?;
        let is_text = message.wire.contains_key("text");
        let (field, marks) = if is_text { ("text", "entities") } else { ("caption", "caption_entities") };
        let Composed { text, entities } = typed(text);
        message.wire.insert(field.to_owned(), json!(text));
        message.wire.shift_remove(marks);
        if !entities.is_empty() {
            message.wire.insert(marks.to_owned(), json!(entities));
        }
        message.wire.insert("edit_date".to_owned(), json!(now));
        message.edits += 1;
        Some(message.wire.clone())
    }
}
