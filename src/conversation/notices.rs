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
/// How long a notice may wait for its chat to take it: behind the answers to a flood, at one message a second.
const PATIENCE: Duration = Duration::from_secs(30);
/// Conversations whose last notice is remembered; while there are more, no others are told.
const KEPT: usize = 1024;
/// How soon a platform that could not be reached is tried again.
const UNREACHED_WAIT: Duration = Duration::from_secs(1);
/// Notices on their way. Whoever comes when there are so many is told after the next update.
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

    /// Says why this update was not taken; at most once a minute in a conversation.
    pub(super) fn refuse(&self, inbound: &Inbound, say: Say) {
        if !self.may_notice(&inbound.from) {
            return;
        }
        let (notices, from) = (self.clone(), inbound.from.clone());
        self.say(inbound, say, move |said| {
            if !said {
                lock(&notices.quiet).insert(from, Instant::now() + AGAIN);
            }
        });
    }

    /// Says it, and tells the caller whether it was said, as far as is known.
    pub(super) fn say(&self, inbound: &Inbound, say: Say, told: impl FnOnce(bool) + Send + 'static) {
        let surface = self.surfaces.get(inbound.from.platform);
        let Some((surface, place)) = surface.zip(Arc::clone(&self.room).try_acquire_owned().ok()) else {
            tracing::warn!(say = say.key(), "Too many are to be told that nothing is taken: not said");
            return told(false);
        };
        let reply = Reply::new(RichText::sentence(&say.text(&self.language(inbound))));
        let target = Target { conversation: inbound.from.clone(), back: inbound.back.clone(), thread: None };
        self.tasks.spawn(async move {
            let _place = place;
            let said = tokio::time::timeout(PATIENCE, post(surface.as_ref(), &target, &reply)).await;
            match &said {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(say = say.key(), %error, "A person could not be told why nothing is taken");
                }
                Err(_) => tracing::warn!(say = say.key(), "A person could not be told in time why nothing is taken"),
            }
            told(matches!(said, Ok(Ok(()))));
        });
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

/// Posts a notice as soon as its chat takes one. Where nobody knows whether it went out it is left at that.
async fn post(surface: &dyn Surface, target: &Target, reply: &Reply) -> Result<(), SurfaceError> {
    let key = DeliveryKey::random();
    loop {
        match surface.post(target, reply, key.clone()).await {
            Ok(_) => return Ok(()),
            Err(SurfaceError::RateLimited { retry_after }) => tokio::time::sleep(retry_after).await,
            Err(SurfaceError::Unreached(_)) => tokio::time::sleep(UNREACHED_WAIT).await,
            Err(refused) => return Err(refused),
        }
    }
}
