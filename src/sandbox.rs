//! The try-out on one machine: emulators that speak the real wire protocols, the real bot, and a page.
//!
//! An emulator shares no type with the client that it answers: if both used the same struct, a wrong field name would
//! agree with itself and every test would pass. Between the bot and the emulators there are only sockets; what this
//! module knows of the bot is its settings and how to start it.

pub mod discord;
pub mod journal;
mod lines;
pub mod nemo;
pub mod page;
mod scenarios;
pub mod telegram;
mod views;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::discord::{DiscordEmulator, DiscordEmulatorSettings, DiscordTimes};
use self::journal::Journal;
use self::nemo::{NemoEmulator, NemoEmulatorSettings};
use self::page::{Backend as _, Views};
use self::telegram::{TelegramEmulator, TelegramEmulatorSettings, TelegramTimes};
use crate::app;
use crate::settings::{Listen, Settings, StoreUrl};

/// A person watches: a render that takes seconds is asked for often.
const POLL_EVERY: Duration = Duration::from_secs(2);
/// Rechecks after a lost stream, short enough to be watched.
const RECHECK_EVERY: Duration = Duration::from_secs(4);
/// A call without an answer is given up while the person still waits: three of them end before a render is given up.
const CALL_PATIENCE: Duration = Duration::from_secs(20);

/// A render that takes long is told of, and given up, while the person is still there.
const RENDER_PATIENCE: Duration = Duration::from_secs(45);
const RENDER_DEADLINE: Duration = Duration::from_mins(2);

/// How to start the try-out.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// The page's port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// What is played at first, by name.
    pub scenario: Option<String>,
    /// Whether replies grow as drafts.
    pub drafts: bool,
    /// Whether the video service gets the addresses of clips on Discord instead of their bytes.
    pub pass_links: bool,
}

/// Starts emulators, bot and page, and runs until `stop`. `ready` gets the page's address.
pub async fn run(options: SandboxOptions, stop: CancellationToken, ready: impl FnOnce(&str)) -> anyhow::Result<()> {
    if let Some(name) =
        options.scenario.as_deref().filter(|name| views::Service::all().all(|(known, _)| known != *name))
    {
        anyhow::bail!(unknown(name));
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.with_context(|| {
        format!("port {} on 127.0.0.1 is taken: choose another with --port, or --port 0 for a free one", options.port)
    })?;
    let address = format!("http://{}", listener.local_addr()?);

    let journal = Journal::default();
    let times = TelegramEmulatorSettings { times: TelegramTimes::relaxed(), ..TelegramEmulatorSettings::default() };
    let telegram =
        TelegramEmulator::start(times, journal.clone()).await.context("Telegram's emulator cannot be started")?;
    let times = DiscordEmulatorSettings { times: DiscordTimes::relaxed(), ..DiscordEmulatorSettings::default() };
    let discord =
        DiscordEmulator::start(times, journal.clone()).await.context("Discord's emulator cannot be started")?;
    let nemo = NemoEmulator::start(NemoEmulatorSettings::default(), journal.clone())
        .await
        .context("the video service cannot be started")?;
    let nemo = Arc::new(nemo);
    let service = views::Service::new(Arc::clone(&nemo), telegram.clone(), discord.clone());
    if let Some(name) = &options.scenario {
        service.play(name);
    }
    let views = Views {
        chat: Arc::new(views::Private::new(telegram.clone())),
        discord: Arc::new(views::Community::new(discord.clone())),
        backend: Arc::new(service),
        journal,
    };
    let mut settings = settings(&telegram, &discord, &nemo)?;
    settings.telegram.drafts = options.drafts;
    settings.discord.pass_links = options.pass_links;
    if options.scenario.as_deref() == Some(discord::Scenario::TokenShort.name()) {
        settings.discord.token_life = discord::SHORT_TOKEN_LIFE;
    }
    ready(&address);

    let ended = CancellationToken::new();
    let page = page::serve(listener, views, ended.clone());
    let bot = async {
        let outcome = app::run(&settings, stop).await;
        ended.cancel();
        outcome
    };
    let (page, bot) = tokio::join!(page, bot);
    tokio::join!(telegram.stop(), discord.stop());
    bot?;
    page.context("the page ended")
}

/// The sentence for a scenario that is not there: the nearest one, then all.
fn unknown(name: &str) -> String {
    let names: Vec<_> = views::Service::all().map(|(name, _)| name).collect();
    let likeness = |known: &&&str| strsim::jaro_winkler(known, name);
    let nearest = names.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let nearest = nearest.copied().unwrap_or_default();
    format!("there is no scenario \"{name}\"; the nearest is {nearest}. All: {}", names.join(", "))
}

/// The settings of a bot that talks to the emulators and keeps everything in memory.
fn settings(telegram: &TelegramEmulator, discord: &DiscordEmulator, nemo: &NemoEmulator) -> anyhow::Result<Settings> {
    let mut settings = Settings::built_in()?;
    settings.telegram.token = Some(SecretString::from(telegram.token()));
    settings.telegram.api_url = telegram.url().parse()?;
    settings.discord.token = Some(SecretString::from(discord.token()));
    settings.discord.api_url = Some(discord.url().parse()?);
    settings.nemo.api_url = nemo.url().parse()?;
    settings.nemo.render_poll_every = POLL_EVERY;
    settings.nemo.render_patience = RENDER_PATIENCE;
    settings.nemo.render_slow_poll_every = POLL_EVERY * 5;
    settings.nemo.render_deadline = RENDER_DEADLINE;
    settings.nemo.call_timeout = CALL_PATIENCE;
    settings.nemo.recheck_first = RECHECK_EVERY;
    settings.nemo.recheck_every = RECHECK_EVERY;
    settings.nemo.settle_every = POLL_EVERY;
    settings.store.url = StoreUrl::Memory;
    settings.server.listen = Listen::Off;
    settings.run.drain = Duration::from_secs(1);
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn a_slip_in_a_scenarios_name_is_answered_with_the_nearest_one() {
        assert!(unknown("slwo").contains("the nearest is slow."), "{}", unknown("slwo"));
        assert!(unknown("render-slo").contains("the nearest is render-slow."));
        assert!(unknown("telegram-blokced").contains("the nearest is telegram-blocked."));
        assert!(unknown("discord-zombi").contains("the nearest is discord-zombie."));
    }
}
