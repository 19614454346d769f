//! One connection to the gateway: HELLO, IDENTIFY or RESUME, heartbeats, events; and what breaks it on demand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::sessions::Event;
use super::{Shared, zlib};
use crate::sandbox::lines::Peer;

/// What a connection may send in any minute.
const SENDS: usize = 120;
const MINUTE: Duration = Duration::from_mins(1);
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
    /// The connection ends in good order, without a close frame.
    HangUp,
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
pub(super) enum End {
    Close(u16, &'static str),
    Cut,
    HangUp,
    Gone,
}

/// An open connection.
pub(super) struct Line {
    pub(super) shared: Arc<Shared>,
    socket: WebSocket,
    pub(super) door: Door,
    peer: Peer,
    /// `compress=zlib-stream` in the address; whether something was sent yet.
    stream: Option<bool>,
    pub(super) session: Option<String>,
    /// The number of the last event sent.
    pub(super) sent: u64,
    pub(super) compress: bool,
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
            End::HangUp => ("the server hung up", 0),
            End::Gone => ("the client left", 0),
        };
        let data = json!({ "what": "closed", "code": code });
        self.shared.record("gateway", format!("closed {code}: {words}"), data);
    }

    async fn upset(&mut self, upset: Upset) -> Result<(), End> {
        match upset {
            Upset::Freeze => {
                self.frozen = true;
                self.shared.record("gateway", "frozen", json!({ "what": "frozen" }));
                Ok(())
            }
            Upset::Close(code) => Err(End::Close(code, "on demand")),
            Upset::Reconnect => self.send(7, Value::Null, None).await,
            Upset::Invalid(lives) => {
                if !lives && let Some(id) = self.session.take() {
                    self.shared.state().sessions.forget(&id);
                }
                let data = json!({ "what": "invalid", "resumable": lives });
                self.shared.record("gateway", "the session is invalid", data);
                self.send(9, json!(lives), None).await
            }
            Upset::Cut => Err(End::Cut),
            Upset::HangUp => Err(End::HangUp),
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

    /// Sends what the session has and this connection has not sent.
    pub(super) async fn flush(&mut self) -> Result<(), End> {
        while let Some(id) = self.session.clone().filter(|_| !self.frozen) {
            let event = {
                let mut state = self.shared.state();
                let Some(event) = state.sessions.get(&id).and_then(|session| session.after(self.sent)) else {
                    break;
                };
                let first = !std::mem::replace(&mut event.told, true);
                let event = event.clone();
                self.shared.record_event(&event, first);
                event
            };
            self.sent = event.number;
            self.send(0, Value::clone(&event.data), Some((&event.kind, event.number))).await?;
        }
        Ok(())
    }

    pub(super) async fn send(&mut self, op: u8, data: Value, event: Option<(&str, u64)>) -> Result<(), End> {
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
    /// Writes down that an event went out. What a person did is an `update`, once; the rest is an `event`.
    fn record_event(&self, event: &Event, first: bool) {
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
