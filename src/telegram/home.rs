//! What comes out of a group that has another name at Telegram than in the core: it is brought home, to the place where
//! its conversations are.

use serde_json::Value;

use super::place::Spot;
use super::update::Step;
use crate::chat::id::MessageId;
use crate::chat::inbound::{Inbound, InboundKind};

/// The chat that an update is from.
pub(super) fn chat(update: &Value) -> Option<i64> {
    let of = |kind: &Value| kind.pointer("/chat/id").or_else(|| kind.pointer("/message/chat/id"))?.as_i64();
    update.as_object()?.values().find_map(of)
}

/// A message's name in the core. A supergroup counts its messages anew, so there the name holds the chat too.
pub(super) fn message_name(number: i64, chat: i64, home: i64) -> MessageId {
    MessageId::new(if chat == home { number.to_string() } else { format!("{number}@{chat}") })
}

/// The same step in the place that the core calls `home`.
pub(super) fn brought(step: Step, from: i64, home: i64) -> Step {
    if from == home {
        return step;
    }
    match step {
        Step::Accept(inbound) => Step::Accept(at(inbound, from, home)),
        Step::AcceptIfClips(inbound) => Step::AcceptIfClips(at(inbound, from, home)),
        Step::PressForOther { query, chat, user, inbound } => {
            Step::PressForOther { query, chat, user, inbound: at(inbound, from, home) }
        }
        Step::Clips { chat, user, on, inbound } => Step::Clips { chat, user, on, inbound: at(inbound, from, home) },
        Step::Answer { .. } | Step::Moved { .. } | Step::Unreadable(_) => step,
    }
}

fn at(mut inbound: Inbound, from: i64, home: i64) -> Inbound {
    if let Some(spot) = Spot::read(&inbound.from.place).filter(|spot| spot.chat == from) {
        inbound.from.place = Spot { chat: home, ..spot }.write();
    }
    let rename = |name: &mut MessageId| *name = MessageId::new(format!("{name}@{from}"));
    match &mut inbound.kind {
        InboundKind::Message { message, .. }
        | InboundKind::Edited { message, .. }
        | InboundKind::Pressed { message, .. }
        | InboundKind::Command { message: Some(message), .. } => rename(message),
        InboundKind::Command { message: None, .. } | InboundKind::Stopped { .. } => {}
    }
    inbound
}
