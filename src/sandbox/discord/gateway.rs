//! One connection to the gateway: HELLO, IDENTIFY or RESUME, heartbeats, events; and what breaks it on demand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::sessions::{ALL_INTENTS, MESSAGE_CONTENT, Session};
use super::{Shared, zlib};
use crate::sandbox::lines::Peer;

/// What a connection may send in any minute.
const SENDS: usize = 120;
const MINUTE: Duration = Duration::from_secs(60);
/// How many IDENTIFYs a day has.
pub(super) const IDENTIFIES: u32 = 1000;

/// What happens to every open connection, on demand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Upset {
    Freeze,
    Close(u16),
    /// op 7.
    Reconnect,
    /// op 9; whether the session lives on.
    Invalid(bool),
    Cut,
    /// op 1: a heartbeat is asked for.
    AskBeat,
}

/// Which address it came in at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    First,
    Resume,
}

/// Why a connection ends.
enum End {
    Close(u16, &'static str),
    Cut,
    Gone,
}

struct Line {
    shared: Arc<Shared>,
    socket: WebSocket,
    door: Door,
    peer: Peer,
    /// `compress=zlib-stream` in the address; whether something was sent yet.
    stream: Option<bool>,
    session: Option<String>,
    /// The number of the last event sent.
    sent: u64,
    compress: bool,
    frozen: bool,
    beat: Instant,
    received: VecDeque<Instant>,
}

/// Serves a connection until it ends.
pub(super) async fn serve(
    shared: Arc<Shared>,
    socket: WebSocket,
    door: Door,
    peer: Peer,
    query: BTreeMap<String, String>,
) {
    let stream = match query.get("compress").map(String::as_str) {
        None => None,
        Some("zlib-stream") => Some(false),
        Some(other) => {
            shared.breach(format!("compression {other} is not emulated"));
            None
        }
    };
    let mut line = Line {
        door,
        peer,
        stream,
        session: None,
        sent: 0,
        compress: false,
        frozen: false,
        beat: Instant::now(),
        received: VecDeque::new(),
        socket,
        shared,
    };
    let end = match (query.get("v").map(String::as_str), query.get("encoding").map(String::as_str)) {
        (Some("10"), None | Some("json")) => line.run().await,
        _ => End::Close(4012, "Invalid API version."),
    };
    line.finish(end).await;
}

impl Line {
    async fn run(&mut self) -> End {
        let (mut upsets, mut stirred) = (self.shared.upsets.subscribe(), self.shared.stirred.subscribe());
        let (stop, interval) = (self.shared.stop.clone(), self.shared.settings.times.heartbeat);
        let hello =
            json!({ "heartbeat_interval": u64::try_from(interval.as_millis()).unwrap_or(u64::MAX), "_trace": [] });
        if let Err(end) = self.send(10, hello, None).await {
            return end;
        }
        loop {
            // Discord waits somewhat longer than one interval.
            let silent = self.beat + interval * 2;
            let step = tokio::select! {
                frame = self.socket.recv() => match frame {
                    Some(Ok(Frame::Text(text))) => self.take(text.as_bytes()).await,
                    Some(Ok(Frame::Binary(bytes))) => self.take(&bytes).await,
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => Err(End::Gone),
                    Some(Ok(_)) => Ok(()),
                },
                upset = upsets.recv() => match upset {
                    Ok(upset) => self.upset(upset).await,
                    Err(_) => Ok(()),
                },
                changed = stirred.changed() => if changed.is_ok() { self.flush().await } else { Err(End::Gone) },
                () = tokio::time::sleep_until(silent), if !self.frozen => Err(End::Close(4009, "Session timed out.")),
                () = self.peer.gone() => Err(End::Cut),
                () = stop.cancelled() => Err(End::Cut),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn finish(&mut self, end: End) {
        let (words, code) = match end {
            End::Close(code, reason) => {
                let frame = CloseFrame { code, reason: reason.into() };
                let _ = self.socket.send(Frame::Close(Some(frame))).await;
                // Until the other side has seen it.
                let _ = tokio::time::timeout(Duration::from_secs(1), async {
                    while let Some(Ok(_)) = self.socket.recv().await {}
                })
                .await;
                (reason, code)
            }
            End::Cut => {
                self.peer.cut();
                ("the connection was cut", 0)
            }
            End::Gone => ("the client left", 0),
        };
        let data = json!({ "what": "closed", "code": code });
        self.shared.record("gateway", format!("closed {code}: {words}"), data);
    }

    async fn upset(&mut self, upset: Upset) -> Result<(), End> {
        match upset {
            Upset::Freeze => {
                self.frozen = true;
                Ok(())
            }
            Upset::Close(code) => Err(End::Close(code, "on demand")),
            Upset::Reconnect => self.send(7, Value::Null, None).await,
            Upset::Invalid(lives) => {
                if !lives && let Some(id) = self.session.take() {
                    self.shared.state().sessions.forget(&id);
                }
                self.send(9, json!(lives), None).await
            }
            Upset::Cut => Err(End::Cut),
            Upset::AskBeat => self.send(1, Value::Null, None).await,
        }
    }

    /// Takes one frame of the client.
    async fn take(&mut self, bytes: &[u8]) -> Result<(), End> {
        if self.frozen {
            return Ok(());
        }
        let now = Instant::now();
        self.received.retain(|at| *at + MINUTE > now);
        self.received.push_back(now);
        if self.received.len() > SENDS {
            return Err(End::Close(4008, "You are being rate limited."));
        }
        let Ok(frame) = serde_json::from_slice::<Value>(bytes) else {
            return Err(End::Close(4002, "Error while decoding payload."));
        };
        let data = &frame["d"];
        match frame["op"].as_u64() {
            Some(1) => {
                self.beat = now;
                self.send(11, Value::Null, None).await
            }
            Some(2) if self.session.is_some() => Err(End::Close(4005, "Already authenticated.")),
            Some(2) => self.identify(data).await,
            Some(6) => self.resume(data).await,
            Some(3 | 4 | 8) if self.session.is_none() => Err(End::Close(4003, "Not authenticated.")),
            Some(3 | 4 | 8) => Ok(()),
            _ => Err(End::Close(4001, "Unknown opcode.")),
        }
    }

    async fn identify(&mut self, data: &Value) -> Result<(), End> {
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
        let id = shared.open_session(intents, self.compress, shard);
        self.session = Some(id);
        self.sent = 0;
        self.flush().await
    }

    async fn resume(&mut self, data: &Value) -> Result<(), End> {
        self.check_token(data)?;
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

    /// Sends what the session has and this connection has not sent.
    async fn flush(&mut self) -> Result<(), End> {
        while let Some(id) = self.session.clone().filter(|_| !self.frozen) {
            let event = {
                let mut state = self.shared.state();
                let Some(event) = state.sessions.get(&id).and_then(|session| session.after(self.sent)) else {
                    break;
                };
                let first = !std::mem::replace(&mut event.told, true);
                (event.clone(), first)
            };
            let (event, first) = event;
            self.sent = event.number;
            self.shared.record_event(&event, first);
            self.send(0, Value::clone(&event.data), Some((&event.kind, event.number))).await?;
        }
        Ok(())
    }

    async fn send(&mut self, op: u8, data: Value, event: Option<(&str, u64)>) -> Result<(), End> {
        let (kind, number) = event.unzip();
        let text = json!({ "t": kind, "s": number, "op": op, "d": data }).to_string();
        let frame = match self.stream {
            Some(begun) => {
                self.stream = Some(true);
                Frame::Binary(zlib::next(text.as_bytes(), !begun).into())
            }
            None if self.compress && op == 0 => Frame::Binary(zlib::whole(text.as_bytes()).into()),
            None => Frame::Text(text.into()),
        };
        self.socket.send(frame).await.map_err(|_| End::Gone)
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
        state.sessions.identified += 1;
        let count = state.sessions.identified;
        drop(state);
        self.record("gateway", format!("IDENTIFY number {count}"), json!({ "what": "identify", "count": count }));
        !soon && count <= IDENTIFIES
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
        if intents & super::sessions::GUILDS != 0 {
            arriving.into_iter().for_each(|guild| session.push("GUILD_CREATE", guild));
        }
        state.sessions.all.push(session);
        id
    }

    /// Writes down that an event went out. What a person did is an `update`, once; the rest is an `event`.
    fn record_event(&self, event: &super::sessions::Event, first: bool) {
        let data = &event.data;
        let number = |value: &Value| value.as_str().and_then(|id| id.parse::<u64>().ok());
        let me = self.settings.application.to_string();
        let by_people = match &*event.kind {
            "MESSAGE_CREATE" => data["author"]["id"] != me,
            "INTERACTION_CREATE" => data["type"] != 4,
            _ => false,
        };
        let kind = if by_people { "update" } else { "event" };
        let particulars = json!({
            "kind": &*event.kind,
            "update_id": number(&data["id"]),
            "chat": number(&data["channel_id"]),
            "message_id": number(&data["id"]),
            "again": !first,
        });
        self.record(kind, format!("{} {}", event.kind, data["id"].as_str().unwrap_or_default()), particulars);
    }
}
