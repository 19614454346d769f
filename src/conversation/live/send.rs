//! One thing after the other goes out, each in its slot.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::time::Instant;

use super::state::{Plan, Step};
use super::{HELD_LOOK, Keeper, Live, UNKEPT_WAIT};
use crate::chat::choice::Action;
use crate::chat::id::MessageId;
use crate::chat::reply::{ButtonAction, Reply};
use crate::chat::surface::{DeliveryKey, SurfaceError};
use crate::crash;

/// A reply that was posted in vain more often than this has worse troubles than what it left behind.
const LOST_KEPT: usize = 8;

impl Live {
    /// Does what is to be done next, once it may go out.
    pub(super) async fn step_in_slot(&self, keeper: &impl Keeper, renews: bool) -> Step {
        let _sending = self.sending.lock().await;
        if !self.store(keeper).await {
            return Step::Wait;
        }
        self.look();
        let slot = {
            let state = self.state();
            // What has landed does not wait for a slot that it has no use for.
            if matches!(state.plan(self.limit(), renews), Plan::Nothing) {
                return Step::Idle;
            }
            state.slot
        };
        tokio::time::sleep_until(slot).await;
        while !keeper.may() {
            tokio::time::sleep(HELD_LOOK).await;
        }
        self.step(keeper, renews).await
    }

    /// Has the parts stored, if that is due. `false`: they are not yet.
    async fn store(&self, keeper: &impl Keeper) -> bool {
        let unkept = self.state().unkept;
        if !unkept {
            return true;
        }
        while !keeper.may() {
            tokio::time::sleep(HELD_LOOK).await;
        }
        if !keeper.keep().await {
            tokio::time::sleep(UNKEPT_WAIT).await;
            return false;
        }
        self.state().unkept = false;
        crash::point("live.kept");
        true
    }

    async fn step(&self, keeper: &impl Keeper, renews: bool) -> Step {
        let now = Instant::now();
        let (plan, growing) = {
            let state = self.state();
            (state.plan(self.limit(), renews), state.is_growing())
        };
        let doing = async {
            match &plan {
                Plan::Nothing => Ok(()),
                Plan::Post(reply) => self.post_marked(reply).await.map(|message| {
                    let mut state = self.state();
                    (state.open, state.deleted) = (Some(message), false);
                    // A first part is stored with its turn, before the request goes out; not so one that was previewed, or of
                    // an upload.
                    state.unkept = state.at_once || state.closed > 0 || state.preview.is_some();
                    state.shown = Some((reply.text.clone(), reply.buttons.clone()));
                }),
                Plan::Edit(message, reply) => self.surface.edit(&self.target(), message, reply).await.inspect(|()| {
                    self.state().shown = Some((reply.text.clone(), reply.buttons.clone()));
                }),
                Plan::Preview(id, reply) => self.surface.preview(&self.target(), *id, reply).await.inspect(|()| {
                    let mut state = self.state();
                    state.shown = Some((reply.text.clone(), reply.buttons.clone()));
                    if let Some(preview) = &mut state.preview {
                        preview.was_shown(now);
                    }
                    drop(state);
                    // Whoever pumps has to know when it is due.
                    self.changed.notify_one();
                }),
                Plan::Close(Some(message), reply, taken) => {
                    self.surface.edit(&self.target(), message, reply).await.inspect(|()| self.state().close(taken))
                }
                Plan::File => {
                    let reply = self.state().file();
                    self.post(&reply).await.map(|_| {
                        let mut state = self.state();
                        (state.overrun.filed, state.unkept) = (true, true);
                    })
                }
                Plan::Close(None, reply, taken) => self.post(reply).await.map(|_| self.state().close(taken)),
            }
        };
        let outcome = while_it_may(|| keeper.may(), doing).await;
        if matches!(outcome, Err(SurfaceError::Gone)) && self.is_over() {
            // Nothing is wrong with the message: the way to it has ended.
            self.look();
            return Step::Idle;
        }
        self.state().after(&plan, growing, outcome)
    }

    /// Posts a message that changes later. Its Stop bears a mark of this attempt: should the answer be lost, a press
    /// tells by it that it stands on a message which will never change.
    async fn post_marked(&self, reply: &Reply) -> Result<MessageId, SurfaceError> {
        let (mut marked, mark) = (reply.clone(), crate::conversation::mark());
        for button in &mut marked.buttons {
            if let ButtonAction::Press(choice) = &mut button.does
                && choice.action == Action::Stop
            {
                choice.argument.clone_from(&mark);
            }
        }
        let posted = self.post(&marked).await;
        if matches!(posted, Err(SurfaceError::Unavailable(_))) && marked.buttons != reply.buttons {
            let mut state = self.state();
            state.lost.push(mark);
            if state.lost.len() > LOST_KEPT {
                state.lost.remove(0);
            }
        }
        posted
    }

    async fn post(&self, reply: &Reply) -> Result<MessageId, SurfaceError> {
        let message = self.surface.post(&self.target(), reply, DeliveryKey::random()).await?;
        crash::point("live.posted");
        Ok(message)
    }
}

/// Sends something, and goes on with it only while that may be: whoever slept while it waited for its slot at the
/// platform would speak in between whoever works now. What is on its way already is not given up, since its answer may
/// name a message.
pub(in crate::conversation) async fn while_it_may<T>(may: impl Fn() -> bool, sending: impl Future<Output = T>) -> T {
    let mut sending = pin!(sending);
    loop {
        let step = poll_fn(|cx| if may() { sending.as_mut().poll(cx).map(Some) } else { Poll::Ready(None) }).await;
        match step {
            Some(sent) => return sent,
            None => tokio::time::sleep(HELD_LOOK).await,
        }
    }
}
