//! One test binary: stories over real sockets, with the built program and the emulators.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "it/accounts.rs"]
mod accounts;
#[path = "it/answers.rs"]
mod answers;
#[path = "it/bot.rs"]
mod bot;
#[path = "it/browser.rs"]
mod browser;
#[path = "it/buttons.rs"]
mod buttons;
#[path = "it/card.rs"]
mod card;
#[cfg(feature = "crash-points")]
#[path = "it/checker.rs"]
mod checker;
#[cfg(feature = "crash-points")]
#[path = "it/clocks.rs"]
mod clocks;
#[path = "it/discord.rs"]
mod discord;
#[path = "it/disk.rs"]
mod disk;
#[path = "it/drafts.rs"]
mod drafts;
#[path = "it/explain.rs"]
mod explain;
#[path = "it/files.rs"]
mod files;
#[path = "it/flood.rs"]
mod flood;
#[path = "it/journeys.rs"]
mod journeys;
#[path = "it/languages.rs"]
mod languages;
#[path = "it/layers.rs"]
mod layers;
#[path = "it/limits.rs"]
mod limits;
#[path = "it/locales.rs"]
mod locales;
#[path = "it/lock.rs"]
mod lock;
#[path = "it/outages.rs"]
mod outages;
#[path = "it/page.rs"]
mod page;
#[path = "it/page_discord.rs"]
mod page_discord;
#[path = "it/pane.rs"]
mod pane;
#[path = "it/pictures.rs"]
mod pictures;
#[path = "it/poison.rs"]
mod poison;
#[path = "it/presses.rs"]
mod presses;
#[path = "it/privacy.rs"]
mod privacy;
#[path = "it/readme.rs"]
mod readme;
#[path = "it/redis_checks.rs"]
mod redis_checks;
#[path = "it/redis_pair.rs"]
mod redis_pair;
#[path = "it/redis_server.rs"]
mod redis_server;
#[path = "it/renders.rs"]
mod renders;
#[path = "it/replicas.rs"]
mod replicas;
#[cfg(feature = "crash-points")]
#[path = "it/restart.rs"]
mod restart;
#[path = "it/restore.rs"]
mod restore;
#[path = "it/rows.rs"]
mod rows;
#[path = "it/scenarios.rs"]
mod scenarios;
#[path = "it/setbacks.rs"]
mod setbacks;
#[path = "it/store_contract.rs"]
mod store_contract;
#[path = "it/surface_contract.rs"]
mod surface_contract;
#[path = "it/telegram.rs"]
mod telegram;
#[path = "it/trips.rs"]
mod trips;
#[path = "it/wording.rs"]
mod wording;
