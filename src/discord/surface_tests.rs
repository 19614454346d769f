//! The outbound side against the emulator: what people see, what Discord was asked, and what the core is told.

mod addresses;
mod follow_ups;
mod gateway;
mod outages;
mod permits;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::place::Spot;
use super::{AWAY_LIMIT, Discord, DiscordSettings, MessageContent};
use crate::chat::choice::{Action, Choice, Signer};
use crate::chat::id::{ConversationId, EventId, MessageId, PlaceId, Platform, UserId};
use crate::chat::inbound::{Inbound, InboundKind, MediaRef};
use crate::chat::reply::{Button, ButtonAction, ButtonStyle, FileSource, OutFile, Reply};
use crate::chat::rich::RichText;
use crate::chat::surface::{DeliveryKey, MediaStream, Signal, Surface, SurfaceError, Target};
use crate::clock::Clock;
use crate::ingress::{Accepted, Busy, Inlet, PlaceNote};
use crate::language::Language;
use crate::sandbox::discord::{
    DiscordEmulator, DiscordEmulatorSettings, DiscordTimes, FaultAction, FaultRule, LimitKind, Person, ShownMessage,
    UserFile, permissions,
};
use crate::sandbox::journal::Journal;

const ME: u64 = 42;

/// An inlet that hands on what it is given.
#[derive(Debug)]
struct Inbox(mpsc::Sender<Inbound>);

#[async_trait]
impl Inlet for Inbox {
    async fn accept(&self, inbound: Inbound) -> Result<Accepted, Busy> {
        self.0.send(inbound).await.map_err(|_| Busy)?;
        Ok(Accepted::New)
    }

    async fn put_off(&self, _: &Inbound) {}

    fn lost(&self) {}

    async fn place(&self, _: Platform, _: &PlaceId) -> Result<PlaceNote, Busy> {
        Ok(PlaceNote::default())
    }

    async fn note(&self, _: Platform, _: &PlaceId, _: PlaceNote) -> Result<(), Busy> {
        Ok(())
    }

    async fn saw(&self, _: Platform, _: &PlaceId, _: &EventId) {}

    async fn active(&self, _: Platform) -> Result<Vec<(PlaceId, EventId)>, Busy> {
        Ok(Vec::new())
    }
}

struct Stage {
    emulator: DiscordEmulator,
    journal: Journal,
    discord: Arc<Discord>,
    surface: Arc<dyn Surface>,
    inbox: Mutex<mpsc::Receiver<Inbound>>,
    me: Person,
    server: u64,
    channel: u64,
    _listening: JoinSet<()>,
}

impl Stage {
    async fn open() -> Self {
        Self::with(DiscordEmulatorSettings::quick(), Duration::from_millis(10)).await
    }

    async fn with(settings: DiscordEmulatorSettings, edit_interval: Duration) -> Self {
        Self::tuned(settings, |bot| bot.edit_interval = edit_interval).await
    }

    /// The same with a bot of its own kind.
    async fn tuned(settings: DiscordEmulatorSettings, tune: impl FnOnce(&mut DiscordSettings)) -> Self {
        let journal = Journal::default();
        let emulator = DiscordEmulator::start(settings, journal.clone()).await.unwrap();
        let server = emulator.a_server("A server");
        let channel = emulator.a_channel(server, "clips");
        let mut bot = settings_for(&emulator, emulator.token());
        tune(&mut bot);
        let discord = Discord::new(bot, Signer::new([9; 32]), Clock::system()).unwrap();
        let (offered, inbox) = mpsc::channel(100);
        let ingress = discord.ingress(Arc::new(Inbox(offered)));
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            ingress.listen(CancellationToken::new()).await;
        });
        let stage = Self {
            surface: discord.surface(),
            emulator,
            journal: journal.clone(),
            discord,
            inbox: Mutex::new(inbox),
            me: Person::new(ME, "A new user"),
            server,
            channel,
            _listening: listening,
        };
        // What is done before the bot has introduced itself is not brought.
        let connected = journal.wait_for(|entry| entry.kind == "gateway");
        tokio::time::timeout(Duration::from_mins(1), connected).await.expect("the gateway never connected");
        stage
    }

    fn server_target(&self, channel: u64) -> Target {
        target(Spot::Server { guild: self.server, channel })
    }

    fn here(&self) -> Target {
        self.server_target(self.channel)
    }

    /// Uses a command and comes back with the way back.
    async fn commands(&self, channel: u64) -> Target {
        self.emulator.uses(&self.me, channel, "status", &[], None).await.unwrap();
        let inbound = self.next().await;
        assert!(inbound.back.is_some());
        Target { conversation: inbound.from, back: inbound.back, thread: None }
    }

    async fn next(&self) -> Inbound {
        let mut inbox = self.inbox.lock().await;
        tokio::time::timeout(Duration::from_mins(1), inbox.recv()).await.expect("nothing came in").unwrap()
    }

    async fn post(&self, to: &Target, reply: &Reply) -> Result<MessageId, SurfaceError> {
        self.surface.post(to, reply, DeliveryKey::random()).await
    }

    fn shown(&self, channel: u64) -> Vec<ShownMessage> {
        self.emulator.shown_to(&self.me, channel).into_iter().filter(|message| message.from == "bot").collect()
    }

    fn only(&self, channel: u64) -> ShownMessage {
        let mut shown = self.shown(channel);
        assert_eq!(shown.len(), 1, "{shown:#?}");
        shown.remove(0)
    }

    /// Bodies of the calls of one route, oldest first.
    fn calls(&self, method: &str, part: &str) -> Vec<Value> {
        let calls = self.emulator.calls().into_iter();
        calls.filter(|call| call["method"] == method && call["path"].as_str().unwrap().contains(part)).collect()
    }

    /// What must hold at the end of every story: no rule was broken, and each call is as Discord describes it.
    fn is_clean(&self) {
        let breaches = self.emulator.breaches();
        assert!(breaches.is_empty(), "{breaches:#?}");
        let calls: Vec<_> = self.emulator.calls().iter().map(ToString::to_string).collect();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls.jsonl");
        std::fs::write(&file, calls.join("\n")).unwrap();
        let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let output = std::process::Command::new("python3")
            .arg(tests.join("tools/check_discord_calls.py"))
            .arg("--spec")
            .arg(tests.join("data/discord-openapi.json"))
            .arg(&file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

fn discord(emulator: &DiscordEmulator, token: &str, edit_interval: Duration) -> Arc<Discord> {
    let settings = DiscordSettings { edit_interval, ..settings_for(emulator, token) };
    Discord::new(settings, Signer::new([9; 32]), Clock::system()).unwrap()
}

fn settings_for(emulator: &DiscordEmulator, token: &str) -> DiscordSettings {
    DiscordSettings {
        token: SecretString::from(token),
        api_url: Some(emulator.url().parse().unwrap()),
        message_content: MessageContent::On,
        clip_channels: Vec::new(),
        pass_links: true,
        edit_interval: Duration::from_millis(10),
        token_life: Duration::from_mins(15),
        away_limit: AWAY_LIMIT,
        default_language: Language::parse("en").unwrap(),
    }
}

fn target(spot: Spot) -> Target {
    let conversation =
        ConversationId { platform: Platform::Discord, place: spot.write(), user: UserId::new(ME.to_string()) };
    Target { conversation, back: None, thread: None }
}

fn reply(markdown: &str) -> Reply {
    Reply::new(RichText::markdown(markdown))
}

fn stop() -> Button {
    let choice =
        Choice { action: Action::Stop, owner: UserId::new(ME.to_string()), project: 3, argument: String::new() };
    Button { label: "Stop".to_owned(), does: ButtonAction::Press(choice), style: ButtonStyle::Danger }
}

fn file(name: &str, source: FileSource) -> OutFile {
    OutFile {
        name: name.to_owned(),
        mime: "video/mp4".to_owned(),
        source,
        size: None,
        resolution: None,
        duration: None,
        alt: None,
    }
}

/// A file of a person's.
fn movie(name: &str) -> UserFile {
    let source = crate::sandbox::discord::FileSource::Bytes(Bytes::from_static(b"MOVIE!"));
    UserFile { name: name.to_owned(), mime: None, source }
}

async fn read(stream: MediaStream) -> Result<Vec<u8>, SurfaceError> {
    let pieces: Vec<Bytes> = stream.bytes.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test]
async fn a_message_is_posted_edited_and_taken_away_in_a_channel_and_in_private() {
    let stage = Stage::open().await;
    let dm = stage.emulator.dm(&stage.me);
    for (to, channel) in [(stage.here(), stage.channel), (target(Spot::Direct { channel: dm }), dm)] {
        let first = reply("**Bold** @everyone <@42> https://example.com").quietly().with_buttons(vec![stop()]);
        let message = stage.post(&to, &first).await.unwrap();
        let shown = stage.only(channel);
        assert_eq!(shown.content, "**Bold** @\u{2060}everyone <\u{200B}@\u{2060}42> <https://example.com>");
        assert!(shown.silent && shown.pings.is_empty() && shown.flags & 4 != 0, "{shown:#?}");
        let button = &shown.buttons[0][0];
        let data = button.custom_id.clone().unwrap();
        let choice = Signer::new([9; 32]).read(&data, Platform::Discord, &to.conversation.place);
        assert!(button.style == 4 && data.len() <= 48 && choice.is_some());

        stage.surface.edit(&to, &message, &reply("Done")).await.unwrap();
        let shown = stage.only(channel);
        assert!(shown.content == "Done" && shown.buttons.is_empty() && shown.flags & 4 != 0, "{shown:#?}");
        stage.surface.remove(&to, &message).await.unwrap();
        assert!(stage.shown(channel).is_empty());
        stage.surface.remove(&to, &message).await.expect("one that is gone counts as removed");
        let gone = stage.surface.edit(&to, &message, &reply("x")).await;
        assert!(matches!(gone, Err(SurfaceError::Gone)), "{gone:?}");
    }
    stage.is_clean();
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_stands_there_once() {
    let stage = Stage::open().await;
    stage.emulator.fault(FaultRule::on("POST", "/channels/*/messages", FaultAction::DropAnswerAfterCommit));
    let key = DeliveryKey::random();
    let message = stage.surface.post(&stage.here(), &reply("once"), key.clone()).await.unwrap();
    assert_eq!(stage.surface.post(&stage.here(), &reply("once"), key).await.unwrap(), message);
    assert_eq!(stage.only(stage.channel).message_id.to_string(), message.as_str());
    assert_eq!(stage.calls("POST", "/messages").len(), 3);
    stage.is_clean();
}

#[tokio::test]
async fn a_command_is_answered_for_one_and_its_thinking_never_stays() {
    let stage = Stage::open().await;
    let to = stage.commands(stage.channel).await;
    assert!(stage.only(stage.channel).thinking);
    let first = stage.post(&to, &reply("For you").for_asker()).await.unwrap();
    let shown = stage.only(stage.channel);
    assert!(shown.content == "For you" && !shown.thinking && shown.only_for == Some(ME), "{shown:#?}");
    let second = stage.post(&to, &reply("More").for_asker()).await.unwrap();
    assert!(stage.shown(stage.channel).iter().all(|message| message.only_for == Some(ME)));
    stage.surface.edit(&to, &first, &reply("Edited").with_buttons(vec![stop()])).await.unwrap();
    stage.surface.remove(&to, &second).await.unwrap();
    let shown = stage.only(stage.channel);
    assert!(shown.content == "Edited" && shown.buttons.len() == 1, "{shown:#?}");

    // An answer for everyone stands in the channel, and the thinking goes.
    let to = stage.commands(stage.channel).await;
    let message = stage.post(&to, &reply("For all")).await.unwrap();
    let shown = stage.shown(stage.channel);
    assert!(!shown.iter().any(|message| message.thinking), "{shown:#?}");
    assert!(shown.iter().any(|shown| shown.content == "For all" && shown.only_for.is_none()));
    // It is edited without the token of the interaction.
    stage.surface.edit(&stage.here(), &message, &reply("Later")).await.unwrap();
    stage.is_clean();
}

#[tokio::test]
async fn after_a_restart_discord_is_asked_what_still_waits() {
    let stage = Stage::open().await;
    let to = stage.commands(stage.channel).await;
    let restarted = discord(&stage.emulator, stage.emulator.token(), Duration::ZERO).surface();
    restarted.post(&to, &reply("For you").for_asker(), DeliveryKey::random()).await.unwrap();
    let shown = stage.only(stage.channel);
    assert!(shown.content == "For you" && !shown.thinking, "{shown:#?}");
    assert_eq!((stage.calls("GET", "@original").len(), stage.calls("PATCH", "@original").len()), (1, 1));
    stage.is_clean();
}

#[tokio::test]
async fn where_the_bot_is_a_guest_everything_goes_by_the_token() {
    let stage = Stage::open().await;
    let foreign = stage.emulator.a_foreign_channel("elsewhere");
    let to = stage.commands(foreign).await;
    assert_eq!(to.conversation.place, Spot::Guest { channel: foreign }.write());
    let message = stage.post(&to, &reply("Working")).await.unwrap();
    stage.surface.edit(&to, &message, &reply("Done")).await.unwrap();
    assert_eq!(stage.only(foreign).content, "Done");
    stage.surface.signal(&to, Signal::Typing).await.unwrap();
    let lost = Target { back: None, ..to };
    assert!(matches!(stage.post(&lost, &reply("x")).await, Err(SurfaceError::Gone)));
    assert!(matches!(stage.surface.edit(&lost, &message, &reply("x")).await, Err(SurfaceError::Gone)));
    assert_eq!(stage.emulator.invalid_requests(), 0, "no channel was knocked at");
    stage.is_clean();
}

#[tokio::test]
async fn a_press_brings_a_way_back_to_the_message_that_was_pressed() {
    let stage = Stage::open().await;
    let foreign = stage.emulator.a_foreign_channel("elsewhere");
    let to = stage.commands(foreign).await;
    let message = stage.post(&to, &reply("Working").with_buttons(vec![stop()])).await.unwrap();
    let shown = stage.only(foreign);
    stage.emulator.presses(&stage.me, foreign, shown.message_id, "Stop").unwrap();
    let pressed = stage.next().await;
    assert_ne!(pressed.back, to.back);
    let to = Target { conversation: pressed.from, back: pressed.back, thread: None };
    stage.surface.edit(&to, &message, &reply("Done")).await.unwrap();
    assert_eq!(stage.only(foreign).content, "Done");
    stage.is_clean();
}

#[tokio::test]
async fn a_dead_token_is_tried_once_and_the_answer_goes_the_other_way() {
    let times = DiscordTimes { token_life: Duration::ZERO, ..DiscordTimes::quick() };
    let settings = DiscordEmulatorSettings { times, ..DiscordEmulatorSettings::quick() };
    let stage = Stage::with(settings, Duration::ZERO).await;
    let to = stage.commands(stage.channel).await;
    for text in ["one", "two"] {
        stage.post(&to, &reply(text).for_asker()).await.unwrap();
    }
    let shown = stage.emulator.shown(stage.channel);
    assert!(["one", "two"].iter().all(|text| shown.iter().any(|message| message.content == *text)), "{shown:#?}");
    assert_eq!(stage.calls("PATCH", "/webhooks/").len() + stage.calls("POST", "/webhooks/").len(), 1);
    stage.is_clean();
}

#[tokio::test]
async fn what_a_channel_refuses_the_one_who_asked_may_still_read() {
    let stage = Stage::open().await;
    stage.emulator.allows(stage.channel, permissions::VIEW);
    let refused = stage.post(&stage.here(), &reply("x")).await;
    assert!(matches!(refused, Err(SurfaceError::Forbidden)), "{refused:?}");
    let to = stage.commands(stage.channel).await;
    stage.post(&to, &reply("For all")).await.unwrap();
    let shown = stage.only(stage.channel);
    assert!(shown.content == "For all" && shown.only_for == Some(ME), "{shown:#?}");
    assert_eq!(stage.emulator.invalid_requests(), 1, "permissions were known the second time");
    stage.is_clean();
}

#[tokio::test]
async fn an_archived_thread_is_opened_again_for_an_edit() {
    let stage = Stage::open().await;
    let thread = stage.emulator.opens_thread(&stage.me, stage.channel, "a project");
    let to = stage.server_target(thread);
    let message = stage.post(&to, &reply("Working")).await.unwrap();
    stage.emulator.archives(thread, false);
    stage.surface.edit(&to, &message, &reply("Done")).await.unwrap();
    assert_eq!(stage.only(thread).content, "Done");
    assert_eq!(stage.calls("PATCH", "/messages/").len(), 2);
    stage.is_clean();
}

#[tokio::test]
async fn streams_of_one_channel_meet_no_limit_and_their_last_texts_land() {
    let settings = DiscordEmulatorSettings { times: DiscordTimes::default(), ..DiscordEmulatorSettings::quick() };
    let stage = Stage::with(settings, Duration::from_millis(1200)).await;
    let to = stage.here();
    let stream = |name: &'static str| {
        let (stage, to) = (&stage, &to);
        async move {
            let message = stage.post(to, &reply("…").quietly()).await.unwrap();
            for step in 0..2 {
                stage.surface.edit(to, &message, &reply(&format!("{name} {step}")).quietly()).await.unwrap();
            }
            stage.surface.edit(to, &message, &reply(&format!("{name} done"))).await.unwrap();
        }
    };
    tokio::join!(stream("a"), stream("b"), stream("c"));
    let texts: Vec<_> = stage.shown(stage.channel).into_iter().map(|message| message.content).collect();
    assert!(texts.len() == 3 && texts.iter().all(|text| text.ends_with("done")), "{texts:?}");
    assert_eq!(stage.emulator.invalid_requests(), 0);
    stage.is_clean();
}

#[tokio::test]
async fn a_penalty_is_told_and_obeyed() {
    let stage = Stage::open().await;
    let wait = Duration::from_mins(2);
    let limited = FaultAction::Limited { kind: LimitKind::RouteWithCode(20028), wait };
    stage.emulator.fault(FaultRule::on("POST", "/channels/*/messages", limited));
    for _ in 0..3 {
        let refused = stage.post(&stage.here(), &reply("x")).await;
        assert!(matches!(refused, Err(SurfaceError::RateLimited { .. })), "{refused:?}");
    }
    assert_eq!(stage.calls("POST", "/messages").len(), 1, "no call inside the window");
    stage.is_clean();
}

#[tokio::test]
async fn a_refused_token_is_said_once_and_then_nothing_is_sent() {
    let stage = Stage::open().await;
    let surface = discord(&stage.emulator, "MTIz.another.one", Duration::ZERO).surface();
    let refused = surface.post(&stage.here(), &reply("x"), DeliveryKey::random()).await;
    assert!(matches!(refused, Err(SurfaceError::Forbidden)), "{refused:?}");
    for _ in 0..3 {
        let closed = surface.post(&stage.here(), &reply("x"), DeliveryKey::random()).await;
        assert!(matches!(closed, Err(SurfaceError::RateLimited { .. })), "{closed:?}");
    }
    assert_eq!(stage.emulator.invalid_requests(), 1);
}

#[tokio::test]
async fn signs_of_life_are_seen_and_a_channel_that_refuses_them_is_asked_once() {
    let stage = Stage::open().await;
    let asked = stage.emulator.says(&stage.me, stage.channel, "hello");
    let message = MessageId::new(asked.to_string());
    stage.surface.signal(&stage.here(), Signal::Typing).await.unwrap();
    assert!(stage.emulator.typing(stage.channel));
    stage.surface.signal(&stage.here(), Signal::Seen(message.clone())).await.unwrap();
    assert_eq!(stage.emulator.shown(stage.channel)[0].reactions, ["👀"]);
    stage.surface.signal(&stage.here(), Signal::Done(message.clone(), false)).await.unwrap();
    let shown = stage.emulator.shown(stage.channel);
    assert_eq!(shown[0].reactions, ["⚠️"], "how it ended stands in place of the eyes");
    stage.surface.signal(&stage.here(), Signal::Seen(MessageId::new("i7"))).await.unwrap();

    let quiet = stage.emulator.a_channel(stage.server, "quiet");
    stage.emulator.allows(quiet, permissions::VIEW);
    let to = stage.server_target(quiet);
    assert!(stage.surface.signal(&to, Signal::Typing).await.is_err());
    stage.surface.signal(&to, Signal::Typing).await.unwrap();
    assert_eq!(stage.calls("POST", &format!("{quiet}/typing")).len(), 1);
    stage.is_clean();
}

#[tokio::test]
async fn files_go_out_in_a_stream_with_safe_names_and_a_limit_is_a_decision() {
    let stage = Stage::open().await;
    let to = stage.here();
    let bytes = Bytes::from(vec![7; 100_000]);
    let files = vec![file("../a b.mp4", FileSource::Bytes(bytes.clone()))];
    let reply_with = |files| Reply { files, ..reply("Your video").quietly() };
    stage.post(&to, &reply_with(files)).await.unwrap();
    let shown = stage.only(stage.channel);
    assert_eq!((shown.content.as_str(), shown.files[0].name.as_str()), ("Your video", "a_b.mp4"));
    let (path, _) = stage.emulator.file(shown.files[0].id).unwrap();
    assert_eq!(std::fs::read(path).unwrap(), bytes);

    // By its address, for one person, into the acknowledgement of a command.
    let sent = vec![UserFile {
        name: "cut.mp4".to_owned(),
        mime: None,
        source: crate::sandbox::discord::FileSource::Bytes(bytes),
    }];
    stage.emulator.mentions_with_files(&stage.me, stage.channel, sent, "look").await.unwrap();
    let link = address(&stage.next().await);
    let to = stage.commands(stage.channel).await;
    let files = vec![file("cut.mp4", FileSource::Link(link.parse().unwrap()))];
    stage.post(&to, &reply_with(files.clone()).for_asker()).await.unwrap();
    assert!(stage.shown(stage.channel).iter().any(|message| message.only_for == Some(ME) && message.files.len() == 1));

    assert_eq!(stage.surface.capabilities(&to.conversation.place).file_limit, 10 << 20);
    stage.emulator.upload_limit(1000);
    let refused = stage.post(&to, &reply_with(files)).await;
    assert!(matches!(refused, Err(SurfaceError::TooLarge)), "{refused:?}");
    let to = stage.commands(stage.channel).await;
    stage.post(&to, &reply("x")).await.unwrap();
    assert_eq!(stage.surface.capabilities(&to.conversation.place).file_limit, 1000, "learnt from the command");
    stage.is_clean();
}

/// The address in a held attachment.
fn address(inbound: &Inbound) -> String {
    let MediaRef::Held(held) = media(inbound) else { panic!("not held") };
    serde_json::from_str::<Value>(&held).unwrap()["url"].as_str().unwrap().to_owned()
}

fn media(inbound: &Inbound) -> MediaRef {
    let InboundKind::Message { attachments, .. } = &inbound.kind else { panic!("{inbound:?}") };
    attachments[0].media.clone()
}

#[tokio::test]
async fn an_attachment_is_opened_again_after_its_address_has_expired() {
    let stage = Stage::open().await;
    let sends = async |name: &str| {
        stage.emulator.mentions_with_files(&stage.me, stage.channel, vec![movie(name)], "look").await.unwrap();
        media(&stage.next().await)
    };
    let fresh = sends("fresh.mp4").await;
    let stream = stage.surface.open(&fresh).await.unwrap();
    assert_eq!(stream.length, Some(6));
    assert_eq!(read(stream).await.unwrap(), b"MOVIE!");
    assert!(stage.calls("POST", "refresh-urls").is_empty());

    stage.emulator.cdn_life(Duration::ZERO);
    let dead = sends("dead.mp4").await;
    stage.emulator.cdn_life(Duration::from_hours(1));
    assert_eq!(read(stage.surface.open(&dead).await.unwrap()).await.unwrap(), b"MOVIE!");
    assert_eq!(stage.calls("POST", "refresh-urls").len(), 1);

    // Where no new address is given, the message has one.
    let refused = FaultAction::Status { status: 400, code: 50035, message: "Invalid Form Body".to_owned() };
    stage.emulator.fault(FaultRule::on("POST", "/attachments/refresh-urls", refused));
    assert_eq!(read(stage.surface.open(&dead).await.unwrap()).await.unwrap(), b"MOVIE!");

    stage.emulator.fault(FaultRule::on("GET", "/attachments/*/*/*", FaultAction::CutConnection));
    let cut = match stage.surface.open(&fresh).await {
        Ok(stream) => read(stream).await,
        Err(error) => Err(error),
    };
    assert!(matches!(cut, Err(SurfaceError::Unavailable(_))), "a cut body is an error: {cut:?}");
    stage.is_clean();
}

#[tokio::test]
async fn an_attachment_that_was_deleted_is_gone() {
    let stage = Stage::open().await;
    stage.emulator.cdn_life(Duration::ZERO);
    let message =
        stage.emulator.mentions_with_files(&stage.me, stage.channel, vec![movie("a.mp4")], "x").await.unwrap();
    let held = media(&stage.next().await);
    stage.emulator.deletes(stage.channel, message);
    let gone = stage.surface.open(&held).await;
    assert!(matches!(gone, Err(SurfaceError::Gone)), "{gone:?}");
    assert!(Arc::strong_count(&stage.discord) > 0);
    stage.is_clean();
}
