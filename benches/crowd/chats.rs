//! A platform without a network: it takes every message and edit at once, and looks at when that came.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use nemo_bot::chat::id::{MessageId, PlaceId};
use nemo_bot::chat::inbound::MediaRef;
use nemo_bot::chat::reply::{Button, Reply};
use nemo_bot::chat::rich::TextLimit;
use nemo_bot::chat::surface::{Capabilities, DeliveryKey, MediaStream, Signal, Surface, SurfaceError, Target};
use nemo_bot::clock::Clock;
use tokio::sync::Notify;

use crate::backend::MARK;

/// As on Telegram, in a private chat.
const CAPABILITIES: Capabilities = Capabilities {
    text_limit: TextLimit::Utf16(4_096),
    caption_limit: TextLimit::Utf16(1_024),
    edit_interval: Duration::from_millis(1_100),
    open_limit: 20_000_000,
    file_limit: 50_000_000,
    files: 10,
    shared: false,
    messages: None,
    threads: false,
    copies: true,
};

/// All chats. A place is named by its number.
#[derive(Debug)]
pub(crate) struct Chats {
    clock: Clock,
    all: Vec<Chat>,
    posted: AtomicU64,
    /// Chats that have shown a word of the agent.
    speaking: AtomicU64,
    speaks: Notify,
    /// How late each edit was, in milliseconds.
    late: Mutex<Vec<u64>>,
}

#[derive(Debug, Default)]
struct Chat {
    /// The newest moment that it has shown.
    shown: AtomicU64,
    edits: AtomicU32,
}

impl Chats {
    pub(crate) fn new(count: usize, clock: Clock) -> Self {
        let all = std::iter::repeat_with(Chat::default).take(count).collect();
        let (posted, speaking, speaks, late) = Default::default();
        Self { clock, all, posted, speaking, speaks, late }
    }

    /// Returns when the agent has spoken in so many chats.
    pub(crate) async fn speak(&self, count: usize) {
        while self.speaking.load(Ordering::Relaxed) < count as u64 {
            self.speaks.notified().await;
        }
    }

    /// From here on edits are counted anew.
    pub(crate) fn begin(&self) {
        self.late.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.all.iter().for_each(|chat| chat.edits.store(0, Ordering::Relaxed));
    }

    /// How late edits were, sorted, and the fewest and the most of a chat.
    pub(crate) fn end(&self) -> (Vec<u64>, [u32; 2]) {
        let mut late = std::mem::take(&mut *self.late.lock().unwrap_or_else(PoisonError::into_inner));
        late.sort_unstable();
        let edits = || self.all.iter().map(|chat| chat.edits.load(Ordering::Relaxed));
        (late, [edits().min().unwrap_or_default(), edits().max().unwrap_or_default()])
    }

    fn look(&self, to: &Target, reply: &Reply) {
        // Laid out as any adapter does it.
        let text = reply.text.drawn().text;
        let Some((_, rest)) = text.rsplit_once(MARK) else { return };
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let Ok(moment) = digits.parse::<u64>() else { return };
        let number: usize = to.conversation.place.as_str().parse().unwrap();
        let before = self.all[number].shown.swap(moment, Ordering::Relaxed);
        if before == moment {
            return;
        }
        if before == 0 {
            self.speaking.fetch_add(1, Ordering::Relaxed);
            self.speaks.notify_one();
        }
        self.all[number].edits.fetch_add(1, Ordering::Relaxed);
        let late = self.clock.now().as_millis().saturating_sub(moment);
        self.late.lock().unwrap_or_else(PoisonError::into_inner).push(late);
    }
}

#[async_trait]
impl Surface for Chats {
    fn capabilities(&self, _: &PlaceId) -> Capabilities {
        CAPABILITIES
    }

    async fn post(&self, to: &Target, reply: &Reply, _: DeliveryKey) -> Result<MessageId, SurfaceError> {
        self.look(to, reply);
        Ok(MessageId::new(self.posted.fetch_add(1, Ordering::Relaxed).to_string()))
    }

    async fn edit(&self, to: &Target, _: &MessageId, reply: &Reply) -> Result<(), SurfaceError> {
        self.look(to, reply);
        Ok(())
    }

    async fn rebutton(&self, _: &Target, _: &MessageId, _: &[Button]) -> Result<(), SurfaceError> {
        Ok(())
    }

    async fn remove(&self, _: &Target, _: &MessageId) -> Result<(), SurfaceError> {
        Ok(())
    }

    async fn signal(&self, _: &Target, _: Signal) -> Result<(), SurfaceError> {
        Ok(())
    }

    async fn open(&self, _: &MediaRef) -> Result<MediaStream, SurfaceError> {
        Err(SurfaceError::Gone)
    }
}
