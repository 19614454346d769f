//! The way to a live message, which may end before the message does.

use std::sync::PoisonError;

use tokio::time::Instant;

use super::Live;
use super::state::Shut;
use crate::chat::reply::Button;
use crate::chat::rich::RichText;
use crate::chat::surface::Target;

impl Live {
    /// From now on its messages go this way, which the person has just brought.
    pub fn leads_by(&self, target: Target) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = target;
        let mut state = self.state();
        (state.shut, state.failures) = (None, 0);
        (state.parting, state.shown, state.slot) = (None, None, Instant::now());
        drop(state);
        self.changed.notify_one();
    }

    /// The way to its message ends soon: as long as it changes, it says so, with a button that brings another.
    pub fn part(&self, words: RichText, buttons: Vec<Button>) {
        let mut state = self.state();
        let new = state.parting.is_none();
        state.parting = Some((words, buttons));
        drop(state);
        if new {
            self.changed.notify_one();
        }
    }

    /// Looks whether the way leads there: where it does not, nothing goes out.
    pub(super) fn look(&self) {
        let over = self.is_over();
        let mut state = self.state();
        if over {
            state.shut.get_or_insert(Shut::Away);
        } else if state.shut == Some(Shut::Away) {
            state.shut = None;
        }
    }

    /// Whether the way to its messages has ended.
    pub(super) fn is_over(&self) -> bool {
        self.surface.reaches(&self.target()).is_some_and(|left| left.is_zero())
    }

    pub(super) fn target(&self) -> Target {
        self.target.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
