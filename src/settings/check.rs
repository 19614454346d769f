//! What single values cannot know: bounds, and settings that must fit each other.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::field::written;
use super::sections::{Listen, Settings, StoreUrl};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);
/// Nothing that repeats may do so faster.
const SHORTEST: Duration = Duration::from_millis(1);
/// No wait or limit of the service is longer.
const LONGEST: Duration = Duration::from_hours(30 * 24);
/// Telegram holds a poll at most 50 s. Source: Bot API server.
const LONGEST_POLL: Duration = Duration::from_secs(50);
/// Source: Bot API, `setWebhook`.
const WEBHOOK_CONNECTIONS: RangeInclusive<u32> = 1..=100;
/// Ports that Telegram's cloud brings updates to. Source: Bot API, `setWebhook`.
const WEBHOOK_PORTS: [u16; 4] = [443, 80, 88, 8443];
/// Albums settle within seconds; a person waits meanwhile.
const LONGEST_ALBUM: Duration = Duration::from_mins(1);
/// Telegram shows a draft for 30 s; a call may wait some seconds for its turn. Source: Bot API, `sendMessageDraft`.
const LONGEST_RENEWAL: Duration = Duration::from_secs(25);
/// A slower reply is no longer a live one.
const LONGEST_EDIT: Duration = Duration::from_mins(1);
/// A heartbeat goes out each third of the hold, and a claim that nobody holds must be taken over some day.
const HOLD: (Duration, Duration) = (SECOND, Duration::from_hours(1));
/// No turn is longer than `nemo.turn_timeout`, and no supervisor waits longer.
const LONGEST_DRAIN: Duration = Duration::from_hours(1);
/// More confirmations than anybody keeps replicas.
const MOST_REPLICAS: u32 = 16;
/// Ten years; stores count in milliseconds.
const LONGEST_KEEP: Duration = Duration::from_hours(3650 * 24);
/// More looks than this are no longer patience.
const MOST_LOOKS: u32 = 1000;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// A value is not allowed.
    Value {
        /// The key.
        key: String,
        /// What is allowed instead.
        allowed: String,
    },
    /// Anything else, in words.
    Sentence(String),
}

impl Settings {
    /// Everything that is wrong with settings whose single values could be read.
    pub(super) fn validate(&self) -> Vec<Problem> {
        let mut problems = self.out_of_bounds();
        let mut wrong = |key: &str, allowed: String| problems.push(Problem::Value { key: key.into(), allowed });

        let (nemo, telegram, store) = (&self.nemo, &self.telegram, &self.store);
        for (key, looks) in [("nemo.rechecks", nemo.rechecks), ("nemo.settle_reads", nemo.settle_reads)] {
            if looks > MOST_LOOKS {
                wrong(key, format!("0 to {MOST_LOOKS}"));
            }
        }
        if nemo.render_patience > nemo.render_deadline {
            let deadline = written(nemo.render_deadline);
            wrong("nemo.render_patience", format!("at most nemo.render_deadline, which is {deadline}"));
        }
        if telegram.local_files && telegram.api_url.host_str() == Some("api.telegram.org") {
            wrong("telegram.local_files", "false, or true with telegram.api_url set to a local Bot API server".into());
        }
        self.webhook(&mut wrong);
        if store.sweep_every >= self.run.hold {
            wrong("store.sweep_every", format!("less than run.hold, which is {}", written(self.run.hold)));
        }
        if store.replica_acks > 0 && !matches!(store.url, StoreUrl::Redis(_)) {
            wrong("store.replica_acks", "0, where store.url is not that of a Redis".into());
        } else if store.replica_acks > MOST_REPLICAS {
            wrong("store.replica_acks", format!("0 to {MOST_REPLICAS}"));
        }
        if store.key.is_some() && store.key_file.is_some() {
            wrong("store.key_file", "nothing, where store.key is set".into());
        }
        if matches!(store.url, StoreUrl::Redis(_)) && store.key.is_none() && store.key_file.is_none() {
            problems.push(Problem::Sentence(format!(
                "{} needs a key: set store.key or store.key_file. `nemo-bot keygen` prints one.",
                store.url
            )));
        }
        problems
    }

    fn webhook(&self, wrong: &mut impl FnMut(&str, String)) {
        let telegram = &self.telegram;
        if !WEBHOOK_CONNECTIONS.contains(&telegram.webhook_connections) {
            let (least, most) = WEBHOOK_CONNECTIONS.into_inner();
            wrong("telegram.webhook_connections", format!("{least} to {most}"));
        }
        match (&telegram.webhook_url, &telegram.webhook_secret) {
            (None, None) => return,
            (Some(_), None) => wrong(
                "telegram.webhook_secret",
                "what `openssl rand -hex 32` prints, for one, where telegram.webhook_url is set".into(),
            ),
            (None, Some(_)) => wrong("telegram.webhook_url", "an address, where telegram.webhook_secret is set".into()),
            (Some(url), Some(_)) => {
                let port = url.port_or_known_default().unwrap_or_default();
                let cloud = telegram.api_url.host_str() == Some("api.telegram.org");
                // A server of one's own brings updates over plain HTTP, too, and to any port.
                if cloud && (url.scheme() != "https" || !WEBHOOK_PORTS.contains(&port)) {
                    let ports = WEBHOOK_PORTS.map(|port| port.to_string()).join(", ");
                    wrong("telegram.webhook_url", format!("an https address on one of the ports {ports}"));
                }
            }
        }
        let listen = telegram.webhook_listen;
        if listen.port() != 0 && self.server.listen == Listen::At(listen) {
            wrong("telegram.webhook_listen", "another address than server.listen".into());
        }
    }

    fn out_of_bounds(&self) -> Vec<Problem> {
        let Self { nemo, telegram, stream, store, run, privacy, .. } = self;
        let bounds = [
            ("nemo.turn_timeout", nemo.turn_timeout, SECOND, LONGEST),
            ("nemo.silence_timeout", nemo.silence_timeout, SECOND, LONGEST),
            ("nemo.still_working_every", nemo.still_working_every, SHORTEST, LONGEST),
            ("nemo.recheck_first", nemo.recheck_first, SHORTEST, LONGEST),
            ("nemo.recheck_every", nemo.recheck_every, SHORTEST, LONGEST),
            ("nemo.settle_every", nemo.settle_every, SHORTEST, LONGEST),
            ("nemo.render_poll_every", nemo.render_poll_every, SHORTEST, LONGEST),
            ("nemo.render_patience", nemo.render_patience, SHORTEST, LONGEST),
            ("nemo.render_slow_poll_every", nemo.render_slow_poll_every, SHORTEST, LONGEST),
            ("nemo.render_deadline", nemo.render_deadline, SHORTEST, LONGEST),
            ("nemo.call_timeout", nemo.call_timeout, SECOND, LONGEST),
            ("nemo.rate_limit_wait", nemo.rate_limit_wait, Duration::ZERO, LONGEST),
            ("telegram.album_wait", telegram.album_wait, Duration::ZERO, LONGEST_ALBUM),
            ("telegram.draft_renewal", telegram.draft_renewal, SECOND, LONGEST_RENEWAL),
            ("telegram.poll_timeout", telegram.poll_timeout, SECOND, LONGEST_POLL),
            ("privacy.keep", privacy.keep, DAY, LONGEST_KEEP),
            ("stream.edit_interval_telegram_private", stream.edit_interval_telegram_private, SHORTEST, LONGEST_EDIT),
            ("stream.edit_interval_telegram_group", stream.edit_interval_telegram_group, SHORTEST, LONGEST_EDIT),
            ("stream.edit_interval_discord", stream.edit_interval_discord, SHORTEST, LONGEST_EDIT),
            ("store.sweep_every", store.sweep_every, SHORTEST, LONGEST),
            ("run.hold", run.hold, HOLD.0, HOLD.1),
            ("run.drain", run.drain, Duration::ZERO, LONGEST_DRAIN),
        ];
        let outside = bounds.into_iter().filter(|(_, value, least, most)| !(least..=most).contains(&value));
        outside
            .map(|(key, _, least, most)| {
                let least = if least.is_zero() { "0s".to_owned() } else { written(least) };
                Problem::Value { key: key.into(), allowed: format!("{least} to {}", written(most)) }
            })
            .collect()
    }
}
