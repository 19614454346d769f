//! The bot with its inbox, its crew and its workers, as the program puts them together, and the crowd that uses it.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use nemo_bot::chat::id::{ConversationId, EventId, MessageId, PlaceId, Platform, UserId};
use nemo_bot::chat::inbound::{Inbound, InboundKind};
use nemo_bot::clock::Clock;
use nemo_bot::conversation::forgotten::Forgotten;
use nemo_bot::conversation::inbox::{Inbox, InboxSettings};
use nemo_bot::conversation::person::{Accounts, Leftovers};
use nemo_bot::conversation::picture::Painter;
use nemo_bot::conversation::{ConversationSettings, Surfaces, Worker};
use nemo_bot::ingress::{Accepted, Inlet};
use nemo_bot::language::Language;
use nemo_bot::nemo::{Nemo, NemoSettings, Token};
use nemo_bot::store::{Agenda, StoreKey, Vault};
use nemo_bot::work::Crew;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::chats::Chats;
use crate::home::{Home, Kind};
use crate::spread::percentile;
use crate::{Seen, process};

/// What this process has when only a few stream is not counted: it is there once.
const FEW: usize = 20;
/// So many at most are about to begin at one time.
const BEGINNING: usize = 200;
/// So many wishes come in at one time.
const AT_ONCE: usize = 32;
/// Beginnings and heartbeats come to rest before anything is counted.
const SETTLES: Duration = Duration::from_secs(5);
/// A turn ends after this, and the bench with it.
const PATIENCE: Duration = Duration::from_mins(10);
/// Where no further one comes to stream for this long, none will.
const STUCK: Duration = Duration::from_mins(1);
/// `run.hold`: a heartbeat each third of it.
const HOLD: Duration = Duration::from_secs(15);
const KEEP: Duration = Duration::from_hours(90 * 24);
const SELF: &str = "self";

/// Opens so many conversations and watches them stream for `window` seconds.
pub(crate) async fn measure(store: Kind, conversations: usize, window: u64, backend: &str) -> Seen {
    let home = Home::new(store);
    let clock = Clock::system();
    let chats = Arc::new(Chats::new(conversations, clock));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let inbox = open(&home, backend, &chats, &stop, &tasks, clock).await;

    begin(&inbox, &chats, 0..FEW).await;
    let idle = process::resident(SELF);
    let (begun, cpu) = (Instant::now(), process::cpu(SELF));
    begin(&inbox, &chats, FEW..conversations).await;
    let (ramp, begin) = (begun.elapsed(), process::cpu(SELF).saturating_sub(cpu));

    sleep(SETTLES).await;
    chats.begin();
    let (begun, cpu) = (Instant::now(), process::cpu(SELF));
    sleep(Duration::from_secs(window)).await;
    let (took, cpu) = (begun.elapsed(), process::cpu(SELF).saturating_sub(cpu));
    let (late, edits) = chats.end();
    let memory = process::resident(SELF).saturating_sub(idle) as f64 / 1024.0;
    stop.cancel();

    let counted = (conversations - FEW) as f64;
    Seen {
        conversations,
        ramp: ramp.as_secs_f64(),
        begin: begin.as_secs_f64() * 1e3 / counted,
        memory: memory / counted,
        rate: late.len() as f64 / took.as_secs_f64(),
        cpu: cpu.as_secs_f64() * 1e3 / late.len().max(1) as f64,
        load: cpu.as_secs_f64() * 100.0 / took.as_secs_f64(),
        late: [percentile(&late, 50), percentile(&late, 99), percentile(&late, 100)],
        edits,
    }
}

/// Each of them says something, and the agent begins to answer.
async fn begin(inbox: &Inbox, chats: &Chats, numbers: std::ops::Range<usize>) {
    let mut from = numbers.start;
    while from < numbers.end {
        let to = numbers.end.min(from + AT_ONCE);
        timeout(STUCK, chats.speak(to.saturating_sub(BEGINNING))).await.expect("the crowd begins to stream");
        let accepted = join_all((from..to).map(|number| inbox.accept(wish(number)))).await;
        assert!(accepted.into_iter().all(|accepted| accepted.ok() == Some(Accepted::New)));
        from = to;
    }
    timeout(STUCK, chats.speak(numbers.end)).await.expect("all of them stream");
}

fn wish(number: usize) -> Inbound {
    let name = number.to_string();
    let from =
        ConversationId { platform: Platform::Telegram, place: PlaceId::new(name.clone()), user: UserId::new(name) };
    let kind = InboundKind::Message {
        message: MessageId::new("1"),
        text: "write a poem about the sea".to_owned(),
        attachments: Vec::new(),
    };
    let (id, locale) = (EventId::new(number.to_string()), Some("en".to_owned()));
    Inbound { id, from, name: "New user".to_owned(), locale, burst: None, back: None, replies: false, kind }
}

/// The bot, at work until `stop`.
async fn open(
    home: &Home,
    backend: &str,
    chats: &Arc<Chats>,
    stop: &CancellationToken,
    tasks: &TaskTracker,
    clock: Clock,
) -> Inbox {
    let key = StoreKey::generate();
    let vault = Vault::new(home.open().await, &key, &[]);
    let nemo = Arc::new(Nemo::new(nemo_settings(backend)).unwrap());
    let surfaces = Surfaces::default().with(Platform::Telegram, Arc::clone(chats) as _);
    let language = Language::parse("en").unwrap();
    let inbox = InboxSettings {
        flood_burst: NonZeroU32::new(30).unwrap(),
        flood_per_minute: NonZeroU32::new(60).unwrap(),
        album_wait: Duration::from_secs(1),
        keep: KEEP,
        default_language: language.clone(),
    };
    let inbox = Inbox::new(vault.clone(), surfaces.clone(), inbox, tasks.clone(), clock);
    let accounts = Accounts {
        vault: vault.clone(),
        nemo: Arc::clone(&nemo),
        operator: Some(Token::new("nmv_usr_bench")),
        forgotten: Forgotten::new(&key, &[]),
        keep: KEEP,
        leftovers: Leftovers::default(),
        clock,
    };
    let worker = Arc::new(Worker {
        vault: vault.clone(),
        nemo,
        accounts,
        surfaces,
        painter: Painter::new(None, None),
        settings: settings(language),
        clock,
        stopping: stop.clone(),
        drained: stop.clone(),
    });
    let crew = Crew { vault, agenda: Agenda::Conversations, hold: HOLD, hands: 10_000, tasks: tasks.clone() };
    tasks.spawn(crew.run(stop.clone(), move |claim| Arc::clone(&worker).work(claim)));
    inbox
}

fn nemo_settings(backend: &str) -> NemoSettings {
    NemoSettings {
        api_url: backend.parse().unwrap(),
        web_url: "https://example.com".parse().unwrap(),
        skill_source: "s".to_owned(),
        skill_version: "1".to_owned(),
        skill_platform: "p".to_owned(),
        turn_timeout: PATIENCE,
        silence_timeout: PATIENCE,
        call_timeout: Duration::from_mins(1),
        rate_limit_wait: Duration::from_secs(30),
    }
}

/// The values of `config/default.toml`.
fn settings(default_language: Language) -> ConversationSettings {
    ConversationSettings {
        hold: HOLD,
        keep: KEEP,
        album_wait: Duration::from_secs(1),
        still_working_every: Duration::from_mins(2),
        recheck_first: Duration::from_secs(30),
        recheck_every: Duration::from_mins(1),
        rechecks: 5,
        settle_every: Duration::from_secs(10),
        settle_reads: 5,
        rate_limit_wait: Duration::from_secs(30),
        default_language,
        credits_low: 100,
        platforms: vec!["youtube".to_owned()],
        policy_url: None,
    }
}
