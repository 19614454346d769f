//! How a shift speaks: sentences into messages, and buttons that carry their project.

use std::sync::atomic::Ordering;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::live::while_it_may;
use super::private::Errand;
use super::record::Request;
use super::shift::Shift;
use crate::chat::choice::{ARGUMENT_LIMIT, Action, Choice};
use crate::chat::id::MessageId;
use crate::chat::reply::{Button, ButtonAction, ButtonStyle, Reply, text_file};
use crate::chat::rich::RichText;
use crate::chat::surface::{DeliveryKey, SurfaceError};
use crate::say::Say;

/// How often a message that did not get through is tried; with the waits below, about a minute.
const TRIES: u32 = 7;
/// First wait after a platform could not be reached; doubles.
const UNREACHED_WAIT: Duration = Duration::from_millis(500);

/// When a new message is sent again. An edit may always be repeated; a new message that went out unheard would stand in
/// the chat twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeat {
    /// Only when it certainly did not go out.
    Unsent,
    /// Also when nobody knows.
    Unsure,
}

/// What a button says and does, before it gets its owner and project.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) says: Say,
    pub(super) action: Action,
    pub(super) argument: String,
    /// What it sends to the agent: kept with the conversation, under the argument.
    pub(super) request: Option<Request>,
    pub(super) style: ButtonStyle,
    /// Opens the private chat instead; left out where that has no address.
    pub(super) leads: Option<Errand>,
}

impl Key {
    /// A button that may be pressed again and again.
    pub(super) fn new(says: Say, action: Action) -> Self {
        Self { says, action, argument: String::new(), request: None, style: ButtonStyle::Plain, leads: None }
    }

    /// **Open private chat**.
    pub(super) fn private(errand: Errand) -> Self {
        Self { leads: Some(errand), ..Self::new(Say::BtnOpenPrivate, Action::Wait) }
    }

    /// A button that runs once: a second press finds its mark.
    pub(super) fn once(says: Say, action: Action) -> Self {
        Self { argument: super::mark(), ..Self::new(says, action) }
    }

    pub(super) fn styled(mut self, style: ButtonStyle) -> Self {
        self.style = style;
        self
    }

    /// Puts the sign of the card that it stands under before the argument; a mark loses its last letter to it.
    pub(super) fn of_card(mut self, sign: char) -> Self {
        let mark = self.argument.chars().take(ARGUMENT_LIMIT - 1);
        self.argument = std::iter::once(sign).chain(mark).collect();
        self
    }

    pub(super) fn stop() -> Self {
        Self::new(Say::BtnStop, Action::Stop).styled(ButtonStyle::Danger)
    }

    /// **Try again**: what was asked for goes to the agent once more.
    pub(super) fn retry(request: Request) -> Self {
        Self { request: Some(request), ..Self::once(Say::BtnRetry, Action::Retry) }
    }

    /// **Do it**: an edit that the agent left to its user.
    pub(super) fn do_it(edit: Request) -> Self {
        Self { request: Some(edit), ..Self::once(Say::BtnDoIt, Action::DoIt) }
    }

    pub(super) fn export() -> Self {
        Self::new(Say::BtnExport, Action::Export)
    }

    pub(super) fn status() -> Self {
        Self::new(Say::BtnStatus, Action::Status)
    }
}

/// Six letters or digits out of a number: what fits a button's argument.
pub(super) fn tag(number: u64) -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = number;
    (0..ARGUMENT_LIMIT)
        .map(|_| {
            let letter = LETTERS[usize::try_from(rest % 36).unwrap_or_default()];
            rest /= 36;
            char::from(letter)
        })
        .collect()
}

/// The same for the same text.
pub(super) fn digest_tag(text: &str) -> String {
    tag(Sha256::digest(text.as_bytes()).iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

impl Shift {
    /// A sentence in the language of this conversation.
    pub(super) fn worded(&self, say: &Say) -> RichText {
        RichText::sentence(&say.text(&self.language()))
    }

    /// Buttons for the open project.
    pub(super) async fn buttons(&self, keys: Vec<Key>) -> Vec<Button> {
        let number = self.held.read(|record| record.project.number).await;
        let language = self.language();
        let mut buttons = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(request) = key.request {
                self.held.note(|record| record.offer(key.argument.clone(), request)).await;
            }
            let does = match key.leads {
                Some(errand) => match self.surface.private_chat(errand.word()).await {
                    Some(address) => ButtonAction::Open(address),
                    None => continue,
                },
                None => ButtonAction::Press(Choice {
                    action: key.action,
                    owner: self.conversation.user.clone(),
                    project: number,
                    argument: key.argument,
                }),
            };
            buttons.push(Button { label: key.says.text(&language), does, style: key.style });
        }
        buttons
    }

    /// Says one sentence in a message of its own.
    pub(super) async fn tell(&self, say: Say, keys: Vec<Key>) -> Option<MessageId> {
        let buttons = self.buttons(keys).await;
        self.post(Reply::new(self.worded(&say)).with_buttons(buttons)).await
    }

    /// Says one sentence whose loss costs nothing, at most once: where nobody knows whether it went out, it is left at
    /// that.
    pub(super) async fn mention(&self, reply: Reply) -> Option<MessageId> {
        self.below.store(true, Ordering::Relaxed);
        self.post_one(&reply, Repeat::Unsent).await
    }

    /// Says one sentence that only the asker needs to read.
    pub(super) async fn tell_asker(&self, say: Say, keys: Vec<Key>) -> Option<MessageId> {
        let buttons = self.buttons(keys).await;
        self.post(Reply::new(self.worded(&say)).with_buttons(buttons).for_asker()).await
    }

    /// Posts a reply, in several messages where it is long, and returns the last one. It answers somebody, who would
    /// rather read it twice than never: where nobody knows whether it went out, it is sent again. A failure is logged:
    /// whoever asked finds the state by asking again.
    pub(super) async fn post(&self, reply: Reply) -> Option<MessageId> {
        self.post_below(0, reply).await
    }

    /// The same where so many messages of the answer stand already. What is more than the place takes of one answer
    /// ends with a file that holds all of it.
    pub(super) async fn post_below(&self, stand: usize, reply: Reply) -> Option<MessageId> {
        self.below.store(true, Ordering::Relaxed);
        let place = self.surface.capabilities(&self.conversation.place);
        let mut parts = reply.text.split(place.text_limit);
        let most = place.messages.map_or(usize::MAX, |most| most.saturating_sub(stand).max(1));
        let rest = if parts.len() > most { parts.split_off(most - 1) } else { Vec::new() };
        let last = match parts.pop() {
            Some(last) if rest.is_empty() => last,
            // What the last message has no room for stands in the file alone.
            kept => {
                parts.extend(kept);
                let says = self.worded(&Say::ReplyWhole);
                let room = place.text_limit.less(says.length(place.text_limit) + 2);
                let begins = rest.first().and_then(|part| part.split(room).into_iter().next());
                begins.unwrap_or_default().then(if rest.is_empty() { RichText::default() } else { says })
            }
        };
        for part in parts {
            self.post_part(&reply, part).await?;
        }
        let ends = self.post_one(&Reply { text: last, ..reply.clone() }, Repeat::Unsure).await?;
        if rest.is_empty() {
            return Some(ends);
        }
        let files = vec![text_file(&reply.text.plain_text())];
        let file = Reply { text: RichText::default(), buttons: Vec::new(), files, quiet: true, ..reply.clone() };
        if self.post_one(&file, Repeat::Unsure).await.is_none() {
            // The chat takes no files, and nothing of it may be lost.
            for part in rest {
                self.post_part(&reply, part).await?;
            }
        }
        Some(ends)
    }

    /// One part of a long reply that is not its last.
    async fn post_part(&self, reply: &Reply, text: RichText) -> Option<MessageId> {
        let part = Reply { text, buttons: Vec::new(), files: Vec::new(), ..reply.clone() };
        self.post_one(&part, Repeat::Unsure).await
    }

    async fn post_one(&self, reply: &Reply, repeat: Repeat) -> Option<MessageId> {
        let (target, key) = (self.target(), DeliveryKey::random());
        let mut wait = UNREACHED_WAIT;
        for _ in 0..TRIES {
            // Without the claim another instance speaks here. A store that is away is not waited for without end.
            tokio::time::timeout(self.worker.settings.hold, self.held.until_fresh()).await.ok()?;
            let posting = self.surface.post(&target, reply, key.clone());
            match while_it_may(|| self.held.is_fresh(), posting).await {
                Ok(message) => {
                    if let Some(live) = self.live() {
                        live.renew();
                    }
                    return Some(message);
                }
                Err(SurfaceError::RateLimited { retry_after }) => tokio::time::sleep(retry_after).await,
                Err(SurfaceError::Unavailable(cause)) if repeat == Repeat::Unsent => {
                    tracing::info!(%cause, "Nobody knows whether a message arrived; it is not sent again");
                    return None;
                }
                Err(SurfaceError::Unavailable(cause) | SurfaceError::Unreached(cause)) => {
                    tracing::debug!(%cause, "A message could not be sent; trying again");
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                Err(refused) => {
                    tracing::warn!(place = %self.conversation.place, error = %refused, "A message was refused");
                    return None;
                }
            }
        }
        tracing::error!(place = %self.conversation.place, "A message could not be delivered");
        None
    }
}
