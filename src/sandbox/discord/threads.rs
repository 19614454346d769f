//! Threads: opened from a message or by themselves, archived, woken.

use serde_json::json;

use super::Shared;
use super::answer::Answer;
use super::call::Call;
use super::message::{HAS_THREAD, Message, THREAD_CREATED, THREAD_STARTER};
use super::messages::open_message;
use super::permissions;
use super::refusal::{ARCHIVED, MISSING_PERMISSIONS, Refusal, THREAD_EXISTS, WRONG_CHANNEL_TYPE};
use super::world::{Channel, Kind, State};

/// A public thread.
const PUBLIC: u64 = 11;
/// How long a thread may stay without words before it is archived, in minutes.
const DURATIONS: [u64; 4] = [60, 1440, 4320, 10_080];

impl Shared {
    pub(super) fn thread_from_message(&self, call: &Call) -> Result<Answer, Refusal> {
        let (channel, id) = (call.id(0)?, call.id(1)?);
        let mut guard = self.state();
        let state = &mut *guard;
        check(state, call, channel)?;
        let original = open_message(state, channel, id)?.clone();
        if original.thread.is_some() || state.channels.contains_key(&id) {
            return Err(THREAD_EXISTS.into());
        }
        let wire = self.open_thread(state, call, channel, id, Some(&original));
        drop(guard);
        self.record_call(call, &format!("thread {id}"));
        Ok(Answer::Json(201, wire))
    }

    pub(super) fn thread(&self, call: &Call) -> Result<Answer, Refusal> {
        let channel = call.id(0)?;
        let mut guard = self.state();
        let state = &mut *guard;
        check(state, call, channel)?;
        if call.body["type"].as_u64() != Some(PUBLIC) {
            // Without a type it is a private one, which takes a permission of its own.
            return Err(MISSING_PERMISSIONS.into());
        }
        let id = state.next_id(self.clock.now().as_millis());
        let wire = self.open_thread(state, call, channel, id, None);
        drop(guard);
        self.record_call(call, &format!("thread {id}"));
        Ok(Answer::Json(201, wire))
    }

    pub(super) fn open_thread(
        &self,
        state: &mut State,
        call: &Call,
        parent: u64,
        id: u64,
        original: Option<&Message>,
    ) -> serde_json::Value {
        let now_ms = self.clock.now().as_millis();
        let name = call.body["name"].as_str().unwrap_or_default();
        let above = state.channels.get(&parent);
        let (guild, allowed) = above.map_or((None, 0), |above| (above.guild, above.allowed));
        let mut thread = Channel::new(id, Kind::Thread, name, guild, now_ms);
        thread.parent = Some(parent);
        thread.owner = self.settings.application;
        thread.allowed = allowed;
        let mut wire = self.channel(state, &thread);
        state.channels.insert(id, thread);
        let mut news = wire.clone();
        news["newly_created"] = json!(true);
        self.tell(state, Some(id), "THREAD_CREATE", &news);
        if let Some(original) = original {
            self.begin_with(state, original, id);
        } else {
            let mut notice = Message::new(state.next_id(now_ms), parent, self.settings.application, now_ms);
            notice.by_bot = true;
            notice.kind = THREAD_CREATED;
            name.clone_into(&mut notice.content);
            notice.answers = Some((id, 0));
            self.post(state, notice);
        }
        wire["member"] = json!({
            "id": id.to_string(),
            "user_id": self.settings.application.to_string(),
            "join_timestamp": super::message::written(now_ms),
            "flags": 0,
        });
        self.changed();
        wire
    }

    /// A thread made from a message begins with a pointer to it; now and then with a copy besides.
    fn begin_with(&self, state: &mut State, original: &Message, thread: u64) {
        let now_ms = self.clock.now().as_millis();
        if let Ok(message) = open_message(state, original.channel, original.id) {
            message.flags |= HAS_THREAD;
            message.thread = Some(thread);
        }
        self.tell_message(state, "MESSAGE_UPDATE", original.channel, original.id);
        let mut starter = Message::new(state.next_id(now_ms), thread, original.author, now_ms);
        starter.by_bot = original.by_bot;
        starter.kind = THREAD_STARTER;
        starter.answers = Some((original.channel, original.id));
        self.post(state, starter);
        if self.settings.behaviour.starter_copy {
            let mut copy = original.clone();
            (copy.channel, copy.thread) = (thread, None);
            let mut wire = self.message(state, &copy);
            let guild = state.channels.get(&thread).and_then(|at| at.guild);
            wire["guild_id"] = json!(guild.map(|guild| guild.to_string()));
            wire["channel_type"] = json!(Kind::Thread.number());
            wire["member"] = self.member();
            self.tell(state, Some(thread), "MESSAGE_CREATE", &wire);
        }
    }

    /// `PATCH` of a channel: of threads only, whose name, sleep and lock change.
    pub(super) fn patch_channel(&self, call: &Call) -> Result<Answer, Refusal> {
        let id = call.id(0)?;
        let mut guard = self.state();
        let state = &mut *guard;
        let channel = state.visible(id)?;
        if channel.kind != Kind::Thread {
            return Err(MISSING_PERMISSIONS.into());
        }
        let manages = channel.allowed & permissions::MANAGE_THREADS != 0;
        let own = channel.owner == self.settings.application;
        let (archived, locked) = (call.body["archived"].as_bool(), call.body["locked"].as_bool());
        let wakes_only = archived == Some(false) && call.body.as_object().is_some_and(|fields| fields.len() == 1);
        if channel.archived && archived != Some(false) {
            return Err(ARCHIVED.into());
        }
        if (locked.is_some() || channel.locked || !own && !wakes_only) && !manages {
            return Err(MISSING_PERMISSIONS.into());
        }
        if wakes_only {
            channel.needs(permissions::SEND_IN_THREADS)?;
        }
        channel.archived = archived.unwrap_or(channel.archived);
        channel.locked = locked.unwrap_or(channel.locked);
        if let Some(name) = call.body["name"].as_str() {
            name.clone_into(&mut channel.name);
        }
        self.tell_channel(state, "THREAD_UPDATE", id);
        let wire = state.channels.get(&id).map(|channel| self.channel(state, channel)).unwrap_or_default();
        drop(guard);
        self.changed();
        self.record_call(call, &call.body.to_string());
        Ok(Answer::Json(200, wire))
    }
}

/// What both ways of opening a thread need.
fn check(state: &mut State, call: &Call, channel: u64) -> Result<(), Refusal> {
    let channel = state.visible(channel)?;
    if channel.kind != Kind::Text {
        return Err(WRONG_CHANNEL_TYPE.into());
    }
    channel.needs(permissions::CREATE_THREADS)?;
    match call.body["auto_archive_duration"].as_u64() {
        Some(minutes) if !DURATIONS.contains(&minutes) => {
            let words = "Value must be one of (60, 1440, 4320, 10080).";
            Err(Refusal::form("auto_archive_duration", "BASE_TYPE_CHOICES", words))
        }
        _ => Ok(()),
    }
}
