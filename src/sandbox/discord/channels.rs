//! Channels, servers and members by REST; typing, reactions, private chats, addresses.

use serde_json::json;
use tokio::time::Instant;

use super::Shared;
use super::answer::Answer;
use super::call::Call;
use super::messages::{number, open_message};
use super::permissions;
use super::refusal::{ARCHIVED, MISSING_ACCESS, Refusal, UNKNOWN_EMOJI, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_USER};

impl Shared {
    pub(super) fn get_channel(&self, call: &Call) -> Result<Answer, Refusal> {
        let id = call.id(0)?;
        let mut state = self.state();
        let channel = state.visible(id)?.clone();
        Ok(Answer::Json(200, self.channel(&state, &channel)))
    }

    pub(super) fn typing(&self, call: &Call) -> Result<Answer, Refusal> {
        let id = call.id(0)?;
        let until = Instant::now() + self.settings.times.typing;
        let mut state = self.state();
        let channel = state.visible(id)?;
        channel.needs(channel.sending())?;
        channel.typing = Some(until);
        drop(state);
        self.changed();
        self.changed_at(until);
        self.record_call(call, "");
        Ok(Answer::Empty)
    }

    /// Adds or takes away the bot's reaction.
    pub(super) fn react(&self, call: &Call, adds: bool) -> Result<Answer, Refusal> {
        let (channel, id) = (call.id(0)?, call.id(1)?);
        let raw = format!("e={}", call.step(2).replace('+', "%2B"));
        let emoji = url::form_urlencoded::parse(raw.as_bytes()).next().map(|(_, emoji)| emoji.into_owned());
        // Unicode emoji as they are; those of servers have a name and an id.
        let fits = |emoji: &String| !emoji.is_ascii() && !emoji.contains(':');
        let emoji = emoji.filter(fits).ok_or(UNKNOWN_EMOJI)?;
        let me = self.settings.application;
        let mut state = self.state();
        let at = state.visible(channel)?;
        at.needs(permissions::READ_HISTORY)?;
        if at.archived {
            return Err(ARCHIVED.into());
        }
        let may_add = at.needs(permissions::ADD_REACTIONS);
        let message = open_message(&mut state, channel, id)?;
        let who = message.reactions.entry(emoji.clone()).or_default();
        if adds && who.is_empty() {
            may_add?;
        }
        who.retain(|id| *id != me);
        if adds {
            who.push(me);
        }
        message.reactions.retain(|_, who| !who.is_empty());
        drop(state);
        self.changed();
        self.record_call(call, &emoji);
        Ok(Answer::Empty)
    }

    pub(super) fn open_dm(&self, call: &Call) -> Result<Answer, Refusal> {
        let who = number(&call.body["recipient_id"]).unwrap_or_default();
        let mut state = self.state();
        if !state.people.contains_key(&who) {
            return Err(UNKNOWN_USER.into());
        }
        let id = self.dm_of(&mut state, who);
        let channel = state.visible(id)?.clone();
        let wire = self.channel(&state, &channel);
        drop(state);
        self.record_call(call, &format!("private chat {id}"));
        Ok(Answer::Json(200, wire))
    }

    pub(super) fn get_guild(&self, call: &Call) -> Result<Answer, Refusal> {
        let id = call.id(0)?;
        let state = self.state();
        let guild = state.guilds.get(&id).ok_or(UNKNOWN_GUILD)?;
        if !guild.has_bot {
            return Err(MISSING_ACCESS.into());
        }
        let mut wire = self.guild(id, guild);
        if call.asks("with_counts") {
            wire["approximate_member_count"] = json!(guild.members.len() + 1);
            wire["approximate_presence_count"] = json!(1);
        }
        Ok(Answer::Json(200, wire))
    }

    pub(super) fn get_member(&self, call: &Call) -> Result<Answer, Refusal> {
        let (id, user) = (call.id(0)?, call.id(1)?);
        let state = self.state();
        let guild = state.guilds.get(&id).ok_or(UNKNOWN_GUILD)?;
        if !guild.has_bot {
            return Err(MISSING_ACCESS.into());
        }
        if user != self.settings.application && !guild.members.contains(&user) {
            let known = state.people.contains_key(&user);
            return Err(if known { UNKNOWN_MEMBER } else { UNKNOWN_USER }.into());
        }
        Ok(Answer::Json(200, self.full_member(&state, user)))
    }

    /// New addresses for old ones. What nobody can see any more, and ephemeral files, keep what they have.
    pub(super) fn refresh_urls(&self, call: &Call) -> Answer {
        let state = self.state();
        let asked = call.body["attachment_urls"].as_array().into_iter().flatten();
        let fresh = asked.map(|old| {
            let text = old.as_str().unwrap_or_default();
            let path = text.strip_prefix(&self.url()).unwrap_or_default().split('?').next().unwrap_or_default();
            let file = state.files.at(path).filter(|file| !file.ephemeral);
            let new = file.map_or_else(|| text.to_owned(), |file| self.address_of(file));
            json!({ "original": text, "refreshed": new })
        });
        let body = json!({ "refreshed_urls": fresh.collect::<Vec<_>>() });
        drop(state);
        self.record_call(call, "");
        Answer::Json(200, body)
    }
}
