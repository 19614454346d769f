//! An emulator of the Telegram Bot API.
