//! Ways back that end: a message says in time how to get what comes later, and a press brings another way.

use std::time::Duration;

use super::{Shift, lock};
use crate::chat::choice::Action;
use crate::chat::id::Back;
use crate::chat::inbound::InboundKind;
use crate::chat::surface::PARTING;
use crate::conversation::record::Entry;
use crate::conversation::voice::Key;
use crate::render::STOP_RENDER;
use crate::say::Say;
use crate::work::held::HeldError;

/// How often the live message of the moment is looked at once its way is about to end.
const LOOK: Duration = Duration::from_secs(1);

impl Shift {
    /// Where the way back ends, has the live message say so in time; stays.
    pub(super) async fn part_in_time(&self) {
        loop {
            let wait = match self.surface.reaches(&self.target()) {
                None => return std::future::pending().await,
                Some(left) => left.saturating_sub(PARTING),
            };
            let wait = match wait {
                Duration::ZERO => {
                    // Words that come before it would stand below it.
                    if let Some(live) = self.live().filter(|live| live.message().is_some()) {
                        let result = self.buttons(vec![Key::new(Say::BtnGetResult, Action::Result)]).await;
                        live.part(self.worded(&Say::WorkGoesOn), result);
                    }
                    LOOK
                }
                wait => wait,
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.led.notified() => {}
            }
        }
    }

    /// Goes on by the way that a press of **Get result** has brought: the work in hand, or a render.
    pub(in crate::conversation) async fn lead(&self, entry: &Entry) -> Result<(), HeldError> {
        let (InboundKind::Pressed { choice, .. }, Some(back)) = (&entry.inbound.kind, &entry.inbound.back) else {
            return Ok(());
        };
        if choice.argument == STOP_RENDER {
            return self.lead_render(choice.project, back).await;
        }
        self.goes_back(Some(back.clone()));
        // Whoever goes on after us has no other.
        let note = |record: &mut crate::conversation::record::Record| {
            if let Some(turn) = &mut record.turn {
                turn.back = Some(back.clone());
            }
        };
        self.held.note(note).await;
        Ok(())
    }

    /// Answers go by this way from now on.
    pub(in crate::conversation) fn goes_back(&self, back: Option<Back>) {
        *lock(&self.back) = back;
        if let Some(live) = self.live() {
            live.leads_by(self.target());
        }
        self.led.notify_one();
    }

    /// Takes the way of whoever has just come, where what is owed has none of its own. Tells whether it was asked for.
    pub(super) fn goes_by_newest(&self) -> bool {
        let inbox = lock(&self.inbox).clone();
        let newest = inbox.iter().rev().find_map(|(_, entry)| entry.inbound.back.clone());
        if newest.is_some() && self.surface.reaches(&self.target()).is_some() {
            self.goes_back(newest);
        }
        let asks = |entry: &Entry| matches!(&entry.inbound.kind, InboundKind::Pressed { choice, .. } if choice.action == Action::Result);
        inbox.iter().any(|(_, entry)| asks(entry))
    }
}
