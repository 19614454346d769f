//! What the core may rely on, whatever the platform: one contract, two surfaces, each against its emulator.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt as _;
use nemo_bot::chat::choice::{Action, Choice, Signer};
use nemo_bot::chat::id::{ConversationId, EventId, MessageId, PlaceId, Platform as ChatPlatform, UserId};
use nemo_bot::chat::inbound::{Inbound, InboundKind, MediaRef};
use nemo_bot::chat::reply::{Button, ButtonAction, ButtonStyle, FileSource, OutFile, Reply};
use nemo_bot::chat::rich::RichText;
use nemo_bot::chat::surface::{DeliveryKey, Signal, Surface, SurfaceError, Target};
use nemo_bot::clock::Clock;
use nemo_bot::discord::{Discord as DiscordAdapter, DiscordSettings, MessageContent};
use nemo_bot::ingress::{Accepted, Busy, Ingress, Inlet, PlaceNote};
use nemo_bot::language::Language;
use nemo_bot::sandbox::{discord, telegram};
use nemo_bot::telegram::{Telegram as TelegramAdapter, TelegramSettings};
use rstest::rstest;
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Seen, Stage, User, clip};

const PACE: Duration = Duration::from_millis(10);

/// Takes what comes in to the test.
#[derive(Debug)]
struct Hands(mpsc::Sender<Inbound>);

#[async_trait]
impl Inlet for Hands {
    async fn accept(&self, inbound: Inbound) -> Result<Accepted, Busy> {
        self.0.send(inbound).await.map_err(|_| Busy)?;
        Ok(Accepted::New)
    }

    async fn put_off(&self, _: &Inbound) {}

    fn lost(&self) {}

    async fn place(&self, _: ChatPlatform, _: &PlaceId) -> Result<PlaceNote, Busy> {
        Ok(PlaceNote::default())
    }

    async fn note(&self, _: ChatPlatform, _: &PlaceId, _: PlaceNote) -> Result<(), Busy> {
        Ok(())
    }

    async fn saw(&self, _: ChatPlatform, _: &PlaceId, _: &EventId) {}

    async fn active(&self, _: ChatPlatform) -> Result<Vec<(PlaceId, EventId)>, Busy> {
        Ok(Vec::new())
    }
}

/// An adapter and the one person who writes to it.
struct Party {
    stage: Stage,
    on: Platform,
    who: (super::bot::Who, i64),
    surface: Arc<dyn Surface>,
    to: Target,
    came: mpsc::Receiver<Inbound>,
    _listening: JoinSet<()>,
}

impl Party {
    async fn begins(on: Platform) -> Self {
        let stage = Stage::empty_on(on, &[]).await;
        let who = {
            let user = stage.user_on(on, "en");
            (user.person.clone(), user.chat)
        };
        let (hands, came) = mpsc::channel(10);
        let (surface, ingress) = adapter(&stage, on, Arc::new(Hands(hands)));
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            ingress.listen(CancellationToken::new()).await;
        });
        let place = match on {
            Telegram => who.1.to_string(),
            Discord => format!("d{}", who.1),
        };
        let platform = match on {
            Telegram => ChatPlatform::Telegram,
            Discord => ChatPlatform::Discord,
        };
        let user = UserId::new(who.0.id.to_string());
        let conversation = ConversationId { platform, place: PlaceId::new(place), user };
        let to = Target { conversation, back: None, thread: None };
        let mut party = Self { stage, on, who, surface, to, came, _listening: listening };
        party.stage.listens().await;
        // Nobody may be written to who has not written first.
        party.user().says("hello");
        party.comes().await;
        party
    }

    fn user(&self) -> User<'_> {
        User { stage: &self.stage, person: self.who.0.clone(), chat: self.who.1 }
    }

    async fn comes(&mut self) -> Inbound {
        let came = tokio::time::timeout(Duration::from_secs(20), self.came.recv()).await;
        came.unwrap_or_else(|_| panic!("nothing came in\n{}", self.stage.story())).unwrap()
    }

    async fn posts(&self, reply: &Reply) -> Result<MessageId, SurfaceError> {
        self.surface.post(&self.to, reply, DeliveryKey::random()).await
    }

    fn seen(&self) -> Vec<Seen> {
        self.user().bot_messages()
    }

    /// A button of this person's.
    fn stop(&self) -> Button {
        let owner = self.to.conversation.user.clone();
        let choice = Choice { action: Action::Stop, owner, project: 1, argument: String::new() };
        Button { label: "Stop".to_owned(), does: ButtonAction::Press(choice), style: ButtonStyle::Danger }
    }

    /// The next new message meets this.
    fn refuses_next(&self, refusal: &Refusal) {
        match self.on {
            Telegram => {
                let action = match refusal {
                    Refusal::Wait(seconds) => telegram::FaultAction::Status {
                        code: 429,
                        description: format!("Too Many Requests: retry after {seconds}"),
                        retry_after: Some(*seconds),
                    },
                    Refusal::Forbidden => telegram::FaultAction::Status {
                        code: 403,
                        description: "Forbidden: bot was blocked by the user".to_owned(),
                        retry_after: None,
                    },
                    Refusal::Page => telegram::FaultAction::HtmlError(502),
                };
                self.stage.telegram.fault(telegram::FaultRule::on("sendMessage", action).times(9));
            }
            Discord => {
                let action = match refusal {
                    Refusal::Wait(seconds) => discord::FaultAction::Limited {
                        kind: discord::LimitKind::Route,
                        wait: Duration::from_secs(*seconds),
                    },
                    Refusal::Forbidden => discord::FaultAction::Status {
                        status: 403,
                        code: 50_007,
                        message: "Cannot send messages to this user".to_owned(),
                    },
                    Refusal::Page => discord::FaultAction::Page(502),
                };
                let rule = discord::FaultRule::on("POST", "/channels/*/messages", action).times(9);
                self.stage.discord().fault(rule);
            }
        }
    }
}

enum Refusal {
    /// Seconds.
    Wait(u64),
    Forbidden,
    /// Of a server in front, that is not JSON.
    Page,
}

fn adapter(stage: &Stage, on: Platform, hands: Arc<dyn Inlet>) -> (Arc<dyn Surface>, Arc<dyn Ingress>) {
    let signer = Signer::new([7; 32]);
    match on {
        Telegram => {
            let settings = TelegramSettings {
                token: SecretString::from(stage.telegram.token()),
                api_url: stage.telegram.url().parse().unwrap(),
                local_files: false,
                clip_chats: Vec::new(),
                edit_interval_private: PACE,
                edit_interval_group: PACE,
                drafts: None,
                poll_timeout: Duration::from_secs(5),
                webhook: None,
                strangers: "Not yours".to_owned(),
            };
            let adapter = TelegramAdapter::new(settings, signer, Clock::system(), Vec::new()).unwrap();
            (adapter.surface(), adapter.ingress(hands))
        }
        Discord => {
            let settings = DiscordSettings {
                token: SecretString::from(stage.discord().token()),
                api_url: Some(stage.discord().url().parse().unwrap()),
                message_content: MessageContent::Auto,
                clip_channels: Vec::new(),
                pass_links: false,
                token_life: Duration::from_mins(15),
                away_limit: nemo_bot::discord::AWAY_LIMIT,
                edit_interval: PACE,
                default_language: Language::parse("en").unwrap(),
            };
            let adapter = DiscordAdapter::new(settings, signer, Clock::system()).unwrap();
            (adapter.surface(), adapter.ingress(hands))
        }
    }
}

fn reply(markdown: &str) -> Reply {
    Reply::new(RichText::markdown(markdown))
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_posted_edited_and_taken_away(#[values(Telegram, Discord)] on: Platform) {
    let party = Party::begins(on).await;
    let stop = party.stop();
    let message = party.posts(&reply("**Bold** and *more*").with_buttons(vec![stop])).await.unwrap();
    let [seen] = party.seen().try_into().unwrap();
    assert_eq!(seen.buttons[0][0].text, "Stop");
    assert!(seen.text.starts_with("Bold and"), "{seen:?}");
    // The same once more is no error, and what is edited loses the buttons that it is not given again.
    for _ in 0..2 {
        party.surface.edit(&party.to, &message, &reply("Other words")).await.unwrap();
    }
    let [seen] = party.seen().try_into().unwrap();
    assert_eq!((seen.text.as_str(), seen.buttons.len()), ("Other words", 0), "{seen:?}");
    for _ in 0..2 {
        party.surface.remove(&party.to, &message).await.unwrap();
    }
    assert!(party.seen().is_empty(), "{:#?}", party.seen());
    let edited = party.surface.edit(&party.to, &message, &reply("Too late")).await;
    assert!(matches!(edited, Err(SurfaceError::Gone)), "{edited:?}");
    party.stage.assert_clean();
    party.stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn parts_within_the_limit_go_out_and_longer_ones_do_not(#[values(Telegram, Discord)] on: Platform) {
    let party = Party::begins(on).await;
    let limit = party.surface.capabilities(&party.to.conversation.place).text_limit;
    let lines: Vec<_> = (0..400).map(|n| format!("- line {n:04} with *signs*, a_name and 100% <b>&amp;</b>")).collect();
    let long = RichText::markdown(&lines.join("\n"));
    let parts = long.split(limit);
    assert!(parts.len() > 2);
    for part in parts {
        party.posts(&Reply::new(part)).await.unwrap();
    }
    let whole: String = party.user().texts().join("\n");
    for n in 0..400 {
        assert_eq!(whole.matches(&format!("line {n:04}")).count(), 1, "line {n}");
    }
    let refused = party.posts(&Reply::new(long)).await;
    assert!(matches!(refused, Err(SurfaceError::TooLarge | SurfaceError::Refused(_))), "{refused:?}");
    party.stage.assert_clean();
    party.stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_out_and_comes_in_byte_for_byte(#[values(Telegram, Discord)] on: Platform) {
    let mut party = Party::begins(on).await;
    let original = std::fs::read(clip("landscape.mp4")).unwrap();
    let file = OutFile {
        name: "cut.mp4".to_owned(),
        mime: "video/mp4".to_owned(),
        source: FileSource::Bytes(Bytes::from(original.clone())),
        size: Some(original.len() as u64),
        resolution: None,
        duration: None,
        alt: None,
    };
    party.posts(&Reply { files: vec![file], ..reply("Here it is") }).await.unwrap();
    let video = party.user().sees_video().await;
    assert!(party.user().downloads(&video) == original, "it is another file");

    party.user().sends_clip(Some("look")).await;
    let InboundKind::Message { attachments, .. } = party.comes().await.kind else { panic!("no message") };
    let [attachment] = attachments.try_into().unwrap();
    assert!(matches!(attachment.media, MediaRef::Held(_)));
    assert_eq!(attachment.size, Some(original.len() as u64));
    let opened = party.surface.open(&attachment.media).await.unwrap();
    assert_eq!(opened.length, attachment.size);
    let pieces: Vec<Bytes> = opened.bytes.try_collect().await.unwrap();
    assert!(pieces.concat() == original, "it is another file");
    let nonsense = party.surface.open(&MediaRef::Held("{}".to_owned())).await;
    assert!(matches!(nonsense, Err(SurfaceError::Refused(_))), "{nonsense:?}");
    party.stage.assert_clean();
    party.stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn signs_of_life_show_and_never_fail(#[values(Telegram, Discord)] on: Platform) {
    let mut party = Party::begins(on).await;
    let said = party.user().says("make it shorter");
    let InboundKind::Message { message, .. } = party.comes().await.kind else { panic!("no message") };
    party.surface.signal(&party.to, Signal::Seen(message)).await.unwrap();
    party.user().sees_reaction(said, "👀").await;
    for signal in [Signal::Typing, Signal::SendingVideo] {
        party.surface.signal(&party.to, signal).await.unwrap();
    }
    party.stage.assert_clean();
    party.stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_penalty_is_told_with_a_wait_that_is_long_enough(#[values(Telegram, Discord)] on: Platform) {
    let party = Party::begins(on).await;
    party.refuses_next(&Refusal::Wait(25));
    let refused = party.posts(&reply("now")).await;
    let Err(SurfaceError::RateLimited { retry_after }) = refused else { panic!("{refused:?}") };
    // Discord's library loses the number where its own limiter is off; then it is half a minute.
    assert!((24..=30).contains(&retry_after.as_secs()), "{retry_after:?}");
    assert_eq!(party.stage.count("refused"), 1, "{}", party.stage.story());
    party.stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_be_written_to_is_forbidden_and_not_asked_again(#[values(Telegram, Discord)] on: Platform) {
    let party = Party::begins(on).await;
    party.refuses_next(&Refusal::Forbidden);
    let refused = party.posts(&reply("now")).await;
    assert!(matches!(refused, Err(SurfaceError::Forbidden)), "{refused:?}");
    assert_eq!(party.stage.count("refused"), 1, "{}", party.stage.story());
    party.stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_claims_to_know_what_a_proxy_did(#[values(Telegram, Discord)] on: Platform) {
    let party = Party::begins(on).await;
    party.refuses_next(&Refusal::Page);
    let refused = party.posts(&reply("now")).await;
    assert!(matches!(refused, Err(SurfaceError::Unavailable(_))), "{refused:?}");
    party.stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_listens_nothing_went_out(#[values(Telegram, Discord)] on: Platform) {
    let party = Party::begins(on).await;
    match on {
        Telegram => party.stage.telegram.stop().await,
        Discord => party.stage.discord().stop().await,
    }
    // A connection that was open may die under the first request, and then nobody knows.
    let first = party.posts(&reply("now")).await;
    assert!(matches!(first, Err(SurfaceError::Unreached(_) | SurfaceError::Unavailable(_))), "{first:?}");
    let refused = party.posts(&reply("now")).await;
    assert!(matches!(refused, Err(SurfaceError::Unreached(_))), "{refused:?}");
}
