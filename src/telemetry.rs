//! Logs and metrics.
/// Panics in work on an item.
pub const PANICS: &str = "nemo_bot_panics_total";
/// Updates that were stored.
pub const ACCEPTED: &str = "nemo_bot_accepted_total";
/// Updates that were not, by reason.
pub const DROPPED: &str = "nemo_bot_dropped_total";
