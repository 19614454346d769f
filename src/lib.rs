//! **nemo-bot** brings the NEMO video agent into the chats where creators already are.
//!
//! This page is the map of the crate. Arrows between layers point down only; `tests/it/layers.rs` holds that.
//!
//! ```text
//! L4 compose     main  cli  app                     sandbox (sees settings and app, none of the wire code)
//! L3 adapters    telegram  server                   see chat, say, clock, ingress::Inlet
//! L2 core        conversation  render  work  ingress  admission
//! L1 clients     nemo   store                       see clock; each ignorant of the other and of chat
//!    pure        gui  intent  timeline              values in, values out; no I/O, no clock
//! L0 vocabulary  chat  say  language  clock
//!                settings, telemetry                used by app only
//! ```

pub mod admission;
pub mod app;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod conversation;
pub mod gui;
pub mod ingress;
pub mod intent;
pub mod language;
pub mod nemo;
pub mod render;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod say;
pub mod server;
pub mod settings;
pub mod store;
pub mod telegram;
pub mod telemetry;
pub mod timeline;
pub mod work;
