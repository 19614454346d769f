//! What the operator sees: the log and the metrics.

use std::panic::PanicHookInfo;
use std::sync::OnceLock;
use std::time::Duration;

use metrics::{describe_counter, describe_gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

/// Work that panicked. What a message asked for is given up with an apology, all else is tried again. Counter.
pub const PANICS: &str = "nemo_bot_panics_total";
/// Updates that were stored. Counter.
pub const ACCEPTED: &str = "nemo_bot_accepted_total";
/// Updates that were not stored; label `reason`: `flood` and `inbox_full`, whose senders were told, and `store`, which
/// did not answer for too long. Counter.
pub const DROPPED: &str = "nemo_bot_dropped_total";
/// Turns of the agent that ended; label `outcome`. Counter.
pub const TURNS: &str = "nemo_bot_turns_total";
/// Renders that ended; label `outcome`. Counter.
pub const RENDERS: &str = "nemo_bot_renders_total";
/// 1 while this instance listens to a platform, else 0; label `platform`. Gauge.
pub const LISTENING: &str = "nemo_bot_listening";

/// This crate, as targets are named after it.
const OURS: &str = "nemo_bot";
/// They log whole frames, which hold tokens and messages.
const SILENT: [&str; 3] = ["serenity::gateway::ws", "tungstenite", "tokio_tungstenite"];
/// How often histograms are folded while nobody reads the metrics; they would grow otherwise.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Begins to log to standard error, as `RUST_LOG` says: one JSON object in each line if `json`, else text for people. A
/// second call changes nothing.
pub fn init(json: bool) {
    let wanted = std::env::var("RUST_LOG").unwrap_or_default();
    let (subscriber, unread) = subscriber(json, &wanted, std::io::stderr);
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        return;
    }
    std::panic::set_hook(Box::new(report_panic));
    if unread > 0 {
        tracing::warn!(unread, "RUST_LOG has parts that say nothing about nemo_bot or cannot be read");
    }
}

/// A short name under which the operator finds a line of the log; the user is told it.
pub fn reference() -> String {
    format!("{:08x}", rand::random::<u32>())
}

/// Counts and logs that work on something panicked and was given up. Returns the reference for its user.
pub fn panicked(what: &str) -> String {
    let reference = reference();
    metrics::counter!(PANICS).increment(1);
    tracing::error!(reference, "Work on {what} panicked and is given up");
    reference
}

/// A panic's text may hold what it choked on; a literal one cannot.
fn report_panic(panic: &PanicHookInfo<'_>) {
    let text = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(text not shown)");
    let place = panic.location().map_or_else(String::new, ToString::to_string);
    tracing::error!(place, "A task panicked: {text}");
}

fn subscriber<W>(json: bool, wanted: &str, to: W) -> (Box<dyn Subscriber + Send + Sync>, usize)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let (filter, unread) = filter(wanted);
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(to).with_ansi(false);
    if json {
        return (Box::new(registry.with(layer.json().flatten_event(true))), unread);
    }
    (Box::new(registry.with(layer)), unread)
}

/// What `RUST_LOG` says about this crate, and how many of its parts are about something else. Other crates are capped
/// at `warn` whatever it says: at `debug` they log addresses and bodies.
fn filter(wanted: &str) -> (Targets, usize) {
    let mut filter = Targets::new().with_default(LevelFilter::WARN).with_target(OURS, LevelFilter::INFO);
    let mut unread = 0;
    for part in wanted.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (target, level) = part.split_once('=').unwrap_or(match part.parse::<LevelFilter>() {
            Ok(_) => (OURS, part),
            Err(_) => (part, "trace"),
        });
        let ours = target == OURS || target.strip_prefix(OURS).is_some_and(|rest| rest.starts_with("::"));
        match level.parse::<LevelFilter>() {
            Ok(level) if ours => filter = filter.with_target(target, level),
            _ => unread += 1,
        }
    }
    let silent = SILENT.iter().map(|target| (*target, LevelFilter::OFF));
    (silent.fold(filter, |filter, (target, level)| filter.with_target(target, level)), unread)
}

/// What was counted in this process.
#[derive(Debug)]
pub struct Metrics(PrometheusHandle);

/// The metrics of this process; counting begins with the first call.
pub fn metrics() -> &'static Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("Something else counts already: /metrics stays empty");
        }
        describe();
        begin();
        Metrics(handle)
    })
}

fn describe() {
    describe_counter!(PANICS, "Work that panicked.");
    describe_counter!(ACCEPTED, "Updates that were stored.");
    describe_counter!(
        DROPPED,
        "Updates that were not stored, by reason: flood and inbox_full (told), store (away for too long)."
    );
    describe_counter!(TURNS, "Turns of the agent that ended, by outcome.");
    describe_counter!(RENDERS, "Renders that ended, by outcome.");
    describe_gauge!(LISTENING, "1 while this instance listens to a platform.");
}

/// A counter that appears with its first event hides that event: what cannot be compared with before is no increase.
fn begin() {
    for name in [PANICS, ACCEPTED] {
        metrics::counter!(name).increment(0);
    }
    for reason in ["flood", "inbox_full", "store"] {
        metrics::counter!(DROPPED, "reason" => reason).increment(0);
    }
}

impl Metrics {
    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Keeps histograms small until `stop`, whether anybody reads them or not.
    pub async fn upkeep(&self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(UPKEEP_EVERY)).await.is_some() {
            self.0.run_upkeep();
        }
    }
}

#[cfg(test)]
#[path = "telemetry/tests.rs"]
mod tests;
