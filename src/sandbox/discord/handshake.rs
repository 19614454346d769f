//! The handshakes of the gateway: who comes in anew, and who goes on where they were.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shared;
use super::gateway::{Door, End, Line};
use super::sessions::{ALL_INTENTS, GUILDS, MESSAGE_CONTENT, Session};

impl Line {
    pub(super) async fn identify(&mut self, data: &Value) -> Result<(), End> {
        let shared = Arc::clone(&self.shared);
        self.check_token(data)?;
        let unknown = |name: &&String| {
            !["token", "properties", "compress", "large_threshold", "shard", "presence", "intents", "capabilities"]
                .contains(&name.as_str())
        };
        for name in data.as_object().into_iter().flatten().map(|(name, _)| name).filter(unknown) {
            shared.breach(format!("unknown field of IDENTIFY: {name}"));
        }
        if !data["properties"].is_object() {
            return Err(End::Close(4002, "Error while decoding payload."));
        }
        let Some(intents) = data["intents"].as_u64().filter(|intents| intents & !ALL_INTENTS == 0) else {
            return Err(End::Close(4013, "Invalid intent(s)."));
        };
        let shard: Option<(u64, u64)> = serde_json::from_value(data["shard"].clone()).ok();
        if shard.is_some_and(|(number, count)| number >= count) {
            return Err(End::Close(4010, "Invalid shard."));
        }
        if intents & MESSAGE_CONTENT != 0 && !shared.reads_content() {
            shared.record("gateway", "IDENTIFY refused: 4014", json!({ "what": "refused", "code": 4014 }));
            return Err(End::Close(4014, "Disallowed intent(s)."));
        }
        self.compress = data["compress"] == true;
        if !shared.may_identify() {
            return self.send(9, json!(false), None).await;
        }
        if let Some(code) = shared.state().sessions.turned_away {
            return Err(End::Close(code, "Turned away."));
        }
        let id = shared.open_session(intents, self.compress, shard);
        self.session = Some(id);
        self.sent = 0;
        self.flush().await
    }

    pub(super) async fn resume(&mut self, data: &Value) -> Result<(), End> {
        self.check_token(data)?;
        if let Some(code) = self.shared.state().sessions.turned_away {
            return Err(End::Close(code, "Turned away."));
        }
        let id = data["session_id"].as_str().unwrap_or_default();
        let seen = data["seq"].as_u64().unwrap_or_default();
        let door = if self.door == Door::Resume { "resume_gateway_url" } else { "the first address" };
        let outcome = {
            let mut state = self.shared.state();
            let refused = state.sessions.refusals > 0;
            if refused {
                state.sessions.refusals -= 1;
                state.sessions.forget(id);
            }
            let outcome = state.sessions.get(id).map(|session| (session.next, session.compress));
            if outcome.is_some_and(|(next, _)| seen < next) {
                state.sessions.resumed += 1;
            }
            outcome
        };
        let words = if outcome.is_some() { "RESUME" } else { "RESUME refused" };
        let what = json!({ "what": "resume", "resumed": outcome.is_some(), "seen": seen, "door": door });
        self.shared.record("gateway", format!("{words} at {door} after {seen}"), what);
        let Some((next, compress)) = outcome else {
            return self.send(9, json!(false), None).await;
        };
        if seen >= next {
            return Err(End::Close(4007, "Invalid seq."));
        }
        self.session = Some(id.to_owned());
        self.compress = compress;
        self.sent = if self.shared.settings.behaviour.replays_all { 1.min(seen) } else { seen };
        if let Some(session) = self.shared.state().sessions.get(id) {
            session.push("RESUMED", json!({ "_trace": [] }));
        }
        self.flush().await
    }

    fn check_token(&self, data: &Value) -> Result<(), End> {
        let token = data["token"].as_str().unwrap_or_default();
        if token.strip_prefix("Bot ").unwrap_or(token) == self.shared.settings.token {
            Ok(())
        } else {
            Err(End::Close(4004, "Authentication failed."))
        }
    }
}

impl Shared {
    /// Counts an IDENTIFY; `false` if it came too soon after the one before.
    fn may_identify(&self) -> bool {
        let now = Instant::now();
        let mut last = self.identified.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let soon = last.is_some_and(|last| last + self.settings.times.identify_every > now);
        *last = Some(now);
        drop(last);
        let mut state = self.state();
        let (left, _) = state.sessions.left();
        if let Some(day) = &mut state.sessions.day {
            day.left = day.left.saturating_sub(1);
        }
        state.sessions.identified += 1;
        let count = state.sessions.identified;
        drop(state);
        if left == 0 {
            self.breach("an IDENTIFY beyond those of the day, for which Discord takes the token away".to_owned());
        }
        self.record("gateway", format!("IDENTIFY number {count}"), json!({ "what": "identify", "count": count }));
        !soon && left > 0
    }

    /// A new session with READY and the servers in it. What happened before it is lost to it.
    fn open_session(&self, intents: u64, compress: bool, shard: Option<(u64, u64)>) -> String {
        let mut state = self.state();
        let id = format!("{:032x}", u128::from(state.sessions.identified) * 0x9e37_79b9_7f4a_7c15);
        let home: Vec<_> = state.guilds.iter().filter(|(_, guild)| guild.has_bot).collect();
        let away = home.iter().map(|(id, _)| json!({ "id": id.to_string(), "unavailable": true }));
        let mut ready = json!({
            "v": 10,
            "user_settings": {},
            "user": self.me(&state),
            "session_type": "normal",
            "session_id": id,
            "resume_gateway_url": self.resume_url(),
            "relationships": [],
            "private_channels": [],
            "presences": [],
            "guilds": away.collect::<Vec<_>>(),
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
            "application": { "id": self.settings.application.to_string(), "flags": self.application_flags() },
            "_trace": [],
        });
        if let Some((number, count)) = shard {
            ready["shard"] = json!([number, count]);
        }
        let arriving: Vec<_> = home.iter().map(|(id, guild)| self.arriving_guild(&state, **id, guild)).collect();
        let mut session = Session { id: id.clone(), intents, compress, next: 1, events: VecDeque::new() };
        session.push("READY", ready);
        if intents & GUILDS != 0 {
            for guild in arriving {
                session.push("GUILD_CREATE", guild);
            }
        }
        state.sessions.open(session);
        id
    }
}
