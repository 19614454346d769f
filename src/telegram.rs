//! The Telegram adapter.

#[cfg_attr(not(test), expect(dead_code, reason = "the surface renders with it"))]
mod format;
