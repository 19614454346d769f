//! Which acknowledged commands still show "thinking…".
//!
//! In memory only: after a restart the surface asks Discord instead. Bounded, and forgotten with the token.

use std::collections::HashMap;
use std::sync::Mutex;

use super::back::TOKEN_LIFE;
use super::place::Snowflake;
use crate::clock::{Clock, Timestamp};

/// More commands than one bot may answer within the life of a token. Beyond it all is forgotten, and Discord asked.
const LIMIT: usize = 100_000;

/// What is known of the "thinking…" message of an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Original {
    /// It waits for its text.
    Waits,
    /// It has its text, or was taken away.
    Taken,
    /// This instance has not seen it.
    Unknown,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Waiting {
    clock: Clock,
    known: Mutex<HashMap<Snowflake, (Timestamp, bool)>>,
}

impl Waiting {
    /// Nothing is known yet.
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, known: Mutex::default() }
    }

    /// A command was acknowledged.
    pub(super) fn waits(&self, interaction: Snowflake) {
        self.set(interaction, true);
    }

    /// Its message has its text now, or is gone.
    pub(super) fn taken(&self, interaction: Snowflake) {
        self.set(interaction, false);
    }

    /// What is known.
    pub(super) fn ask(&self, interaction: Snowflake) -> Original {
        let known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match known.get(&interaction) {
            Some((_, true)) => Original::Waits,
            Some((_, false)) => Original::Taken,
            None => Original::Unknown,
        }
    }

    fn set(&self, interaction: Snowflake, waits: bool) {
        let now = self.clock.now();
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() >= LIMIT {
            known.retain(|_, (at, _)| now.since(*at) < TOKEN_LIFE);
        }
        if known.len() >= LIMIT {
            known.clear();
        }
        known.insert(interaction, (now, waits));
    }
}
