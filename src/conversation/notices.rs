//! Words about updates that were not taken. Their loss costs nothing, and nobody's update waits for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::Surfaces;
use super::shift::lock;
use crate::chat::id::ConversationId;
use crate::chat::inbound::{Inbound, InboundKind};
use crate::chat::reply::Reply;
use crate::chat::rich::RichText;
use crate::chat::surface::{DeliveryKey, Surface, SurfaceError, Target};
use crate::language::{self, Language};
use crate::say::Say;

/// A full inbox or a closed gate is mentioned this often at most.
const EVERY: Duration = Duration::from_mins(1);
/// A notice that did not go out may be tried again after this.
const AGAIN: Duration = Duration::from_secs(5);
/// How long a notice is tried again where its chat does not take it: behind the answers to a flood, at one message a
/// second. Each try is bounded by the platform's own patience.
const PATIENCE: Duration = Duration::from_secs(30);
/// Conversations whose last notice is remembered; while there are more, no others are told.
const KEPT: usize = 1024;
/// How soon a platform that could not be reached is tried again.
const UNREACHED_WAIT: Duration = Duration::from_secs(1);
/// Notices on their way. Whoever comes when there are so many is told when the next update comes, or the same again.
const AT_ONCE: usize = 64;

/// Says them beside the intake.
#[derive(Clone)]
pub(super) struct Notices {
    surfaces: Surfaces,
    default_language: Language,
    tasks: TaskTracker,
    room: Arc<Semaphore>,
    /// Until when a conversation is not told again that something was not taken.
    quiet: Arc<Mutex<HashMap<ConversationId, Instant>>>,
}

impl Notices {
    /// The notices go out among these tasks, in this language where nothing tells another.
    pub(super) fn new(surfaces: Surfaces, default_language: Language, tasks: TaskTracker) -> Self {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        Self { surfaces, default_language, tasks, room, quiet: Arc::default() }
    }

    /// Says why this update was not taken; at most once a minute in a conversation. In between, only the sign goes that
    /// it is being answered.
    pub(super) fn refuse(&self, inbound: &Inbound, say: Say) {
        if !self.may_notice(&inbound.from) {
            return self.hush(inbound);
        }
        let (notices, from) = (self.clone(), inbound.from.clone());
        self.say(inbound, say, move |settled| {
            // It may have been on its way for long.
            let wait = if settled { EVERY } else { AGAIN };
            lock(&notices.quiet).insert(from, Instant::now() + wait);
        });
    }

    /// Says it, and tells the caller whether that is settled. If not, it was not said, and may be asked for again.
    pub(super) fn say(&self, inbound: &Inbound, say: Say, settled: impl FnOnce(bool) + Send + 'static) {
        let Some(surface) = self.surfaces.get(inbound.from.platform) else { return settled(true) };
        let Ok(place) = Arc::clone(&self.room).try_acquire_owned() else {
            tracing::debug!(say = say.key(), "Many are being told that nothing is taken; this one later");
            return settled(false);
        };
        let reply = Reply::new(RichText::sentence(&say.text(&self.language(inbound))));
        let target = target_of(inbound);
        self.tasks.spawn(async move {
            let _place = place;
            let posted = post(surface.as_ref(), &target, &reply).await;
            if let Err(error) = &posted {
                tracing::warn!(say = say.key(), %error, "A person could not be told why nothing is taken");
            }
            // The chat is closed to us, or nobody knows whether it went out: left at that.
            settled(!matches!(posted, Err(SurfaceError::RateLimited { .. } | SurfaceError::Unreached(_))));
        });
    }

    /// Takes away the sign that an update is being answered, where there is room for that.
    fn hush(&self, inbound: &Inbound) {
        let surface = self.surfaces.get(inbound.from.platform).filter(|_| inbound.back.is_some());
        let room = Arc::clone(&self.room).try_acquire_owned().ok();
        if let Some((surface, place)) = surface.zip(room) {
            let target = target_of(inbound);
            self.tasks.spawn(async move {
                let _place = place;
                surface.heard(&target).await;
            });
        }
    }

    /// Their own words tell the language; what is stored of them is not asked here.
    fn language(&self, inbound: &Inbound) -> Language {
        let locale = inbound.locale.as_deref().and_then(Language::parse);
        let language = match &inbound.kind {
            InboundKind::Message { text, .. } => language::detect(text).or(locale),
            _ => locale,
        };
        language.unwrap_or_else(|| self.default_language.clone())
    }

    fn may_notice(&self, conversation: &ConversationId) -> bool {
        let now = Instant::now();
        let mut quiet = lock(&self.quiet);
        if quiet.get(conversation).is_some_and(|until| now < *until) {
            return false;
        }
        if quiet.len() >= KEPT {
            quiet.retain(|_, until| now < *until);
        }
        let room = quiet.len() < KEPT;
        if room {
            quiet.insert(conversation.clone(), now + EVERY);
        }
        room
    }
}

fn target_of(inbound: &Inbound) -> Target {
    Target { conversation: inbound.from.clone(), back: inbound.back.clone(), thread: None }
}

/// Posts a notice as soon as its chat takes one, and begins no try later than [`PATIENCE`]. A call under way is not
/// cut: nobody would know whether it went out.
async fn post(surface: &dyn Surface, target: &Target, reply: &Reply) -> Result<(), SurfaceError> {
    let (key, until) = (DeliveryKey::random(), Instant::now() + PATIENCE);
    loop {
        let Err(refused) = surface.post(target, reply, key.clone()).await else { return Ok(()) };
        let wait = match &refused {
            SurfaceError::RateLimited { retry_after } => *retry_after,
            SurfaceError::Unreached(_) => UNREACHED_WAIT,
            _ => return Err(refused),
        };
        if wait > until.saturating_duration_since(Instant::now()) {
            return Err(refused);
        }
        tokio::time::sleep(wait).await;
    }
}

#[cfg(test)]
mod tests;
