use std::collections::VecDeque;

use async_trait::async_trait;

use super::*;
use crate::chat::id::{MessageId, PlaceId, Platform, UserId};
use crate::chat::inbound::MediaRef;
use crate::chat::reply::Button;
use crate::chat::surface::{Capabilities, MediaStream, Signal, Surface};

/// A chat that answers each post as it was told, after a time; then takes everything.
#[derive(Debug, Default)]
struct Chat {
    answers: Mutex<VecDeque<(Duration, Option<SurfaceError>)>>,
    taken: Mutex<usize>,
}

#[async_trait]
impl Surface for Chat {
    async fn post(&self, _: &Target, _: &Reply, _: DeliveryKey) -> Result<MessageId, SurfaceError> {
        let answer = lock(&self.answers).pop_front();
        if let Some((late, refused)) = answer {
            tokio::time::sleep(late).await;
            refused.map_or(Ok(()), Err)?;
        }
        *lock(&self.taken) += 1;
        Ok(MessageId::new("1"))
    }

    fn capabilities(&self, _: &PlaceId) -> Capabilities {
        unreachable!("a notice is one sentence")
    }

    async fn edit(&self, _: &Target, _: &MessageId, _: &Reply) -> Result<(), SurfaceError> {
        unreachable!("a notice stays as it is")
    }

    async fn rebutton(&self, _: &Target, _: &MessageId, _: &[Button]) -> Result<(), SurfaceError> {
        unreachable!("a notice has no buttons")
    }

    async fn remove(&self, _: &Target, _: &MessageId) -> Result<(), SurfaceError> {
        unreachable!("a notice stays")
    }

    async fn signal(&self, _: &Target, _: Signal) -> Result<(), SurfaceError> {
        unreachable!("nothing is under way")
    }

    async fn open(&self, _: &MediaRef) -> Result<MediaStream, SurfaceError> {
        unreachable!("nothing is read")
    }
}

/// How the notice ended, how often the chat took it, and how long it took.
async fn told(answers: Vec<(Duration, Option<SurfaceError>)>) -> (Result<(), SurfaceError>, usize, Duration) {
    let chat = Chat { answers: Mutex::new(answers.into()), ..Chat::default() };
    let conversation =
        ConversationId { platform: Platform::Telegram, place: PlaceId::new("5"), user: UserId::new("5") };
    let target = Target { conversation, back: None, thread: None };
    let begun = Instant::now();
    let outcome = post(&chat, &target, &Reply::new(RichText::sentence("One moment"))).await;
    let taken = *lock(&chat.taken);
    (outcome, taken, begun.elapsed())
}

fn wait(seconds: u64) -> (Duration, Option<SurfaceError>) {
    (Duration::ZERO, Some(SurfaceError::RateLimited { retry_after: Duration::from_secs(seconds) }))
}

#[tokio::test(start_paused = true)]
async fn a_notice_waits_for_its_chat_and_no_longer_than_its_time() {
    let (outcome, taken, _) = told(vec![wait(12), wait(12)]).await;
    assert!(outcome.is_ok() && taken == 1);
    let (outcome, taken, took) = told(vec![wait(12), wait(25)]).await;
    assert!(matches!(outcome, Err(SurfaceError::RateLimited { .. })), "{outcome:?}");
    assert!(taken == 0 && took < PATIENCE);
}

#[tokio::test(start_paused = true)]
async fn a_call_under_way_is_not_cut_and_so_never_repeated() {
    let (outcome, taken, _) = told(vec![(PATIENCE * 3 / 2, None)]).await;
    assert!(outcome.is_ok() && taken == 1, "{outcome:?}");
    let lost = SurfaceError::Unavailable("the answer was lost".into());
    let (outcome, taken, _) = told(vec![(PATIENCE, Some(lost))]).await;
    assert!(matches!(outcome, Err(SurfaceError::Unavailable(_))) && taken == 0, "{outcome:?}");
}
