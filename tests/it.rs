//! One test binary: stories over real sockets, with the built program and the emulators.

#[path = "it/bot.rs"]
mod bot;
#[path = "it/journeys.rs"]
mod journeys;
#[path = "it/layers.rs"]
mod layers;
#[path = "it/locales.rs"]
mod locales;
