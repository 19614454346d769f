//! The composition root: settings in, a running bot out.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::chat::choice::Signer;
use crate::chat::id::Platform;
use crate::clock::Clock;
use crate::conversation::forgotten::Forgotten;
use crate::conversation::inbox::{Inbox, InboxSettings};
use crate::conversation::person::{Accounts, Leftovers};
use crate::conversation::picture::Painter;
use crate::conversation::{ConversationSettings, Surfaces, Worker};
use crate::discord::{self, Discord, DiscordSettings, MessageContent};
use crate::ingress::{self, Ingress, Inlet, Leaders};
use crate::language::Language;
use crate::nemo::{Nemo, NemoSettings, Token};
use crate::render::RenderTimes;
use crate::render::courier::Courier;
use crate::say::{self, LANGUAGES, Say};
use crate::server::{Door, Readiness, Server};
use crate::settings::{self, Listen, PictureTheme, Settings, StoreUrl};
use crate::store::redis::{RedisSettings, RedisStore};
use crate::store::sqlite::SqliteStore;
use crate::store::{Agenda, Store, StoreKey, Vault};
use crate::telegram::{Menu, Telegram, TelegramSettings, WebhookSettings};
use crate::work::Crew;

/// Conversations that one instance works on at once. A streaming one costs some 100 KB (`cargo bench --bench crowd`), so
/// this is about 1 GB.
const CONVERSATIONS: usize = 10_000;
/// Renders that one instance asks after at once; each is a short call.
const RENDERS: usize = 64;
/// A listener that died is followed within 10 s, however long the work is held: this, and the start of another one.
const LISTENER_HOLD: Duration = Duration::from_secs(6);
/// Connections to the webhook at once. Telegram opens as many as `telegram.webhook_connections` says, at most 100; a proxy
/// may keep some more open.
const WEBHOOK_CONNECTIONS: usize = 256;
/// After `run.drain`, this long for last words and for handing over; the program ends at most two seconds after it.
const LAST_WORDS: Duration = Duration::from_millis(1_800);

/// Runs the bot until `stop`; then running turns go on for `run.drain`, and the rest is cut, stored and handed over.
pub async fn run(settings: &Settings, stop: CancellationToken) -> anyhow::Result<()> {
    // First, so that a taken address is told before anything has begun.
    let server = match settings.server.listen {
        Listen::At(listen) => Some(Server::bind(listen).await?),
        Listen::Off => None,
    };
    let door = match webhook(settings) {
        Some(_) => Some(Door::bind("telegram.webhook_listen", settings.telegram.webhook_listen).await?),
        None => None,
    };
    let (vault, key, previous) = open_store(settings).await?;
    let clock = Clock::system();
    let nemo = Arc::new(Nemo::new(nemo_settings(settings)).context("the client of the video service")?);

    let buttons = Signer::new(key.derive("buttons"));
    let telegram = telegram(settings, &buttons, clock)?;
    let discord = discord(settings, &buttons, clock)?;
    let mut surfaces = Surfaces::default();
    if let Some(telegram) = &telegram {
        surfaces = surfaces.with(Platform::Telegram, telegram.surface());
    }
    if let Some(discord) = &discord {
        surfaces = surfaces.with(Platform::Discord, discord.surface());
    }
    let tasks = TaskTracker::new();
    let inbox = Inbox::new(vault.clone(), surfaces.clone(), inbox_settings(settings), tasks.clone(), clock);
    let inbox: Arc<dyn Inlet> = Arc::new(inbox);
    let webhook = telegram.as_ref().and_then(|telegram| telegram.webhook(Arc::clone(&inbox)));
    let telegram = telegram.iter().map(|telegram| telegram.ingress(Arc::clone(&inbox)));
    let discord = discord.iter().map(|discord| discord.ingress(Arc::clone(&inbox)));
    let ingresses: Vec<Arc<dyn Ingress>> = telegram.chain(discord).collect();

    let drained = CancellationToken::new();
    let accounts = Accounts {
        vault: vault.clone(),
        nemo: Arc::clone(&nemo),
        operator: settings.nemo.token.as_ref().map(|token| Token::new(token.expose_secret())),
        forgotten: Forgotten::new(&key, &previous),
        keep: settings.privacy.keep,
        leftovers: Leftovers::default(),
        clock,
    };
    let worker = Arc::new(Worker {
        vault: vault.clone(),
        nemo: Arc::clone(&nemo),
        accounts: accounts.clone(),
        surfaces: surfaces.clone(),
        painter: painter(settings),
        settings: conversation_settings(settings),
        clock,
        stopping: stop.clone(),
        drained: drained.clone(),
    });
    let courier = Arc::new(Courier {
        vault: vault.clone(),
        nemo,
        accounts,
        surfaces,
        times: RenderTimes {
            poll_every: settings.nemo.render_poll_every,
            patience: settings.nemo.render_patience,
            slow_poll_every: settings.nemo.render_slow_poll_every,
            deadline: settings.nemo.render_deadline,
        },
        hold: settings.run.hold,
        keep: settings.privacy.keep,
        clock,
        drained: drained.clone(),
    });
    let crew =
        |agenda, hands| Crew { vault: vault.clone(), agenda, hold: settings.run.hold, hands, tasks: tasks.clone() };
    let watch = Watch { tasks: tasks.clone(), stop: stop.clone(), ended: Arc::default() };
    let conversations = crew(Agenda::Conversations, CONVERSATIONS);
    watch.over("conversations", conversations.run(stop.clone(), move |claim| Arc::clone(&worker).work(claim)));
    let renders = crew(Agenda::Renders, RENDERS);
    watch.over("renders", renders.run(stop.clone(), move |claim| Arc::clone(&courier).work(claim)));
    let names = ingresses.iter().map(|ingress| ingress.name().to_owned()).collect();
    let hold = settings.run.hold.min(LISTENER_HOLD);
    let leaders = Leaders { vault: vault.clone(), hold, ingresses, tasks: tasks.clone() };
    watch.over("ingresses", leaders.run(stop.clone()));
    if let Some((door, webhook)) = door.zip(webhook) {
        watch.over("webhook", door.serve(webhook, WEBHOOK_CONNECTIONS, stop.clone()));
    }
    // Not among the tasks: it answers until everything else has ended.
    let (serving, served) = (TaskTracker::new(), CancellationToken::new());
    if let Some(server) = server {
        serving.spawn(server.run(readiness(vault, names, stop.clone()), served.clone()));
    }
    serving.close();
    tracing::info!("Running");

    stop.cancelled().await;
    drain(&tasks, &drained, settings.run.drain).await;
    served.cancel();
    serving.wait().await;
    watch.outcome()
}

/// Sees that no loop ends before the program is to stop: a bot without one of them would live on and hear or do nothing.
/// A loop holds nothing of its own, so the program stops in order, with an error, and is started again by whoever keeps
/// it alive.
struct Watch {
    tasks: TaskTracker,
    stop: CancellationToken,
    /// The loop that ended first.
    ended: Arc<OnceLock<&'static str>>,
}

impl Watch {
    fn outcome(&self) -> anyhow::Result<()> {
        match self.ended.get() {
            Some(name) => anyhow::bail!("the loop of {name} ended by a fault of ours; start the program again"),
            None => Ok(()),
        }
    }

    fn over(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let (stop, ended) = (self.stop.clone(), Arc::clone(&self.ended));
        self.tasks.spawn(async move {
            let panicked = AssertUnwindSafe(work).catch_unwind().await.is_err();
            if panicked || !stop.is_cancelled() {
                tracing::error!(name, panicked, "A loop has ended that must not; stopping the program");
                let _ = ended.set(name);
                stop.cancel();
            }
        });
    }
}

/// How Telegram brings updates, where it does: the platform is on, and has an address to bring them to.
fn webhook(settings: &Settings) -> Option<WebhookSettings> {
    let telegram = &settings.telegram;
    telegram.token.as_ref()?;
    Some(WebhookSettings {
        url: telegram.webhook_url.clone()?,
        secret: telegram.webhook_secret.clone()?,
        connections: telegram.webhook_connections,
    })
}

/// The Telegram adapter, where the platform is on.
fn telegram(settings: &Settings, buttons: &Signer, clock: Clock) -> anyhow::Result<Option<Arc<Telegram>>> {
    let Some(token) = &settings.telegram.token else { return Ok(None) };
    let wanted = TelegramSettings {
        token: token.clone(),
        api_url: settings.telegram.api_url.clone(),
        local_files: settings.telegram.local_files,
        clip_chats: settings.telegram.clip_chats.clone(),
        edit_interval_private: settings.stream.edit_interval_telegram_private,
        edit_interval_group: settings.stream.edit_interval_telegram_group,
        drafts: settings.telegram.drafts.then_some(settings.telegram.draft_renewal),
        poll_timeout: settings.telegram.poll_timeout,
        webhook: webhook(settings),
        strangers: Say::GroupNotYoursUnnamed.text(&settings.language.default),
    };
    Ok(Some(Telegram::new(wanted, buttons.clone(), clock, menus())?))
}

/// The Discord adapter, where the platform is on.
fn discord(settings: &Settings, buttons: &Signer, clock: Clock) -> anyhow::Result<Option<Arc<Discord>>> {
    let Some(token) = &settings.discord.token else { return Ok(None) };
    let wanted = DiscordSettings {
        token: token.clone(),
        api_url: settings.discord.api_url.clone(),
        message_content: match settings.discord.message_content {
            settings::MessageContent::Auto => MessageContent::Auto,
            settings::MessageContent::On => MessageContent::On,
            settings::MessageContent::Off => MessageContent::Off,
        },
        clip_channels: settings.discord.clip_channels.clone(),
        pass_links: settings.discord.pass_links,
        edit_interval: settings.stream.edit_interval_discord,
        token_life: settings.discord.token_life,
        away_limit: discord::AWAY_LIMIT,
        default_language: settings.language.default.clone(),
    };
    Ok(Some(Discord::new(wanted, buttons.clone(), clock)?))
}

/// Ready is who can read the store, and finds there that somebody listens to each platform.
fn readiness(vault: Vault, platforms: Vec<String>, stop: CancellationToken) -> Readiness {
    Readiness::new(stop, move || {
        let (vault, platforms) = (vault.clone(), platforms.clone());
        async move {
            for platform in platforms {
                match ingress::is_led(&vault, &platform).await {
                    Ok(true) => {}
                    Ok(false) => return Err(format!("nobody listens to {platform} yet")),
                    Err(_) => return Err("the store does not answer".to_owned()),
                }
            }
            Ok(())
        }
    })
}

/// Waits for what runs, then cuts it.
async fn drain(tasks: &TaskTracker, drained: &CancellationToken, patience: Duration) {
    tasks.close();
    tracing::info!(tasks = tasks.len(), "Stopping: what runs goes on for at most {patience:?}");
    if tokio::time::timeout(patience, tasks.wait()).await.is_ok() {
        return;
    }
    drained.cancel();
    if tokio::time::timeout(LAST_WORDS, tasks.wait()).await.is_err() {
        tracing::warn!(tasks = tasks.len(), "Some work did not end in time; its claims will run out");
    }
}

/// Opens the store and finds its key, and those before it.
async fn open_store(settings: &Settings) -> anyhow::Result<(Vault, StoreKey, Vec<StoreKey>)> {
    let store: Arc<dyn Store> = match &settings.store.url {
        StoreUrl::Memory => Arc::new(SqliteStore::memory().await?),
        StoreUrl::File(path) => Arc::new(SqliteStore::open(path).await?),
        StoreUrl::Redis(url) => {
            let store = RedisStore::connect(redis_settings(&settings.store, url)).await?;
            for concern in store.concerns() {
                tracing::warn!("{concern}");
            }
            Arc::new(store)
        }
    };
    let key = match (&settings.store.key, settings.store.key_path()) {
        (Some(key), _) => StoreKey::parse(key.expose_secret())?,
        (None, Some(path)) => {
            let (key, made) = StoreKey::load_or_create(&path)?;
            if made {
                tracing::warn!(
                    path = %path.display(),
                    "No store key was set. A new one is in this file (mode 0600). Back it up apart from the database"
                );
            }
            key
        }
        // What is in memory ends with the program, and so may its key.
        (None, None) => StoreKey::generate(),
    };
    let previous = settings.store.previous_keys.iter().map(|key| StoreKey::parse(key.expose_secret()));
    let previous = previous.collect::<Result<Vec<_>, _>>()?;
    Ok((Vault::new(store, &key, &previous), key, previous))
}

/// The store of these settings on the Redis at `url`.
pub(crate) fn redis_settings(store: &settings::Store, url: &SecretString) -> RedisSettings {
    let (sweep_every, replica_acks) = (store.sweep_every, store.replica_acks);
    RedisSettings { sweep_every, replica_acks, ..RedisSettings::new(url.clone()) }
}

fn nemo_settings(settings: &Settings) -> NemoSettings {
    let nemo = &settings.nemo;
    NemoSettings {
        api_url: nemo.api_url.clone(),
        web_url: nemo.web_url.clone(),
        skill_source: nemo.skill_source.clone(),
        skill_version: nemo.skill_version.clone(),
        skill_platform: nemo.skill_platform.clone(),
        turn_timeout: nemo.turn_timeout,
        silence_timeout: nemo.silence_timeout,
        call_timeout: nemo.call_timeout,
        rate_limit_wait: nemo.rate_limit_wait,
    }
}

fn inbox_settings(settings: &Settings) -> InboxSettings {
    InboxSettings {
        flood_burst: settings.flood.burst,
        flood_per_minute: settings.flood.per_minute,
        album_wait: settings.telegram.album_wait,
        keep: settings.privacy.keep,
        default_language: settings.language.default.clone(),
    }
}

fn conversation_settings(settings: &Settings) -> ConversationSettings {
    let nemo = &settings.nemo;
    ConversationSettings {
        hold: settings.run.hold,
        keep: settings.privacy.keep,
        album_wait: settings.telegram.album_wait,
        still_working_every: nemo.still_working_every,
        recheck_first: nemo.recheck_first,
        recheck_every: nemo.recheck_every,
        rechecks: nemo.rechecks,
        settle_every: nemo.settle_every,
        settle_reads: nemo.settle_reads,
        rate_limit_wait: nemo.rate_limit_wait,
        default_language: settings.language.default.clone(),
        credits_low: u32::try_from(settings.credits.low).unwrap_or(u32::MAX),
        platforms: settings.metadata.platforms.clone(),
        policy_url: settings.privacy.policy_url.clone(),
    }
}

fn painter(settings: &Settings) -> Painter {
    let dark = match settings.picture.theme {
        PictureTheme::Auto => None,
        PictureTheme::Dark => Some(true),
        PictureTheme::Light => Some(false),
    };
    Painter::new(dark, settings.picture.fonts.as_deref())
}

/// The command menu in each language that there is; English for all others.
fn menus() -> Vec<Menu> {
    let menu = |language: &Language, code: Option<String>| Menu {
        language: code,
        commands: say::commands(language)
            .into_iter()
            .map(|(command, does)| (command.name().to_owned(), does))
            .collect(),
    };
    let mut menus: Vec<_> = LANGUAGES.first().map(|english| menu(english, None)).into_iter().collect();
    for language in LANGUAGES.iter().skip(1) {
        // Telegram knows main tags only, so both kinds of Chinese share one menu: that of the script listed first.
        let code = Some(language.primary().to_owned());
        if menus.iter().all(|menu| menu.language != code) {
            menus.push(menu(language, code));
        }
    }
    menus
}
