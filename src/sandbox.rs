//! The try-out on one machine: emulators that speak the real wire protocols, the real bot, and a page.
//!
//! An emulator shares no type with the client that it answers: if both used the same struct, a wrong field name would
//! agree with itself and every test would pass.

pub mod journal;
pub mod nemo;
pub mod page;
pub mod telegram;
