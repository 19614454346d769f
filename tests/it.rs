//! One test binary: stories over real sockets, with the built program and the emulators.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "it/redis_server.rs"]
mod redis_server;
#[path = "it/store_contract.rs"]
mod store_contract;
