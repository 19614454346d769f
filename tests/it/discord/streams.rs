//! Many replies stream in one channel, within rates like Discord's.

use std::collections::BTreeMap;
use std::time::Duration;

use nemo_bot::sandbox::discord::{DiscordEmulatorSettings, DiscordTimes, FaultAction, FaultRule, Rate};
use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::{NemoEmulatorSettings, Pace, Scenario};

use super::flat_channel;
use crate::bot::Platform::Discord;
use crate::bot::{Stage, User};

const STREAMS: usize = 20;
/// Words come so slowly that the first reply still grows when the last one begins: a message each 1.7 seconds.
const WORD: Duration = Duration::from_millis(1_500);

#[tokio::test(flavor = "multi_thread")]
async fn twenty_replies_share_a_channel_fairly_without_a_429() {
    // Messages as in reality, edits four times as fast, and the bot as well.
    let real = DiscordTimes::default();
    let quick = DiscordTimes::quick();
    let times = DiscordTimes {
        heartbeat: quick.heartbeat,
        identify_every: quick.identify_every,
        edits: Rate::new(real.edits.limit, real.edits.span / 4),
        ..real
    };
    let backend = NemoEmulatorSettings::quick();
    let backend = NemoEmulatorSettings { pace: Pace { word: WORD, ..backend.pace }, ..backend };
    let settings = [
        ("NEMO_TOKEN", "nmv_usr_streams"),
        ("NEMO_BOT__STREAM__EDIT_INTERVAL_DISCORD", "300ms"),
        ("NEMO_BOT__RUN__HOLD", "15s"),
    ];
    let discord = DiscordEmulatorSettings { times, ..DiscordEmulatorSettings::default() };
    let stage = Stage::with_discord_and(discord, backend, &settings).await;
    let place = flat_channel(&stage);
    // No thread, and no word about it.
    let refused = FaultAction::Status { status: 400, code: 50_035, message: "Invalid Form Body".to_owned() };
    stage.discord().fault(FaultRule::on("POST", "/channels/*/messages/*/threads", refused).times(99));
    stage.nemo.play(Scenario::Deltas);

    let users: Vec<User<'_>> = (0..STREAMS).map(|_| stage.user_on(Discord, "en").at(place)).collect();
    for user in &users {
        user.mentions("write a poem about the sea");
    }
    let last = stage.comes("run", STREAMS).await;
    let end = stage.comes("run-end", STREAMS).await;
    // The last edit of each is behind its end; the message that rings comes after it.
    users[0].sees_times("Your answer is ready", STREAMS).await;

    let history = stage.journal.after(0);
    let refusals: Vec<_> = history.iter().filter(|entry| entry.kind == "refused").collect();
    assert!(refusals.iter().all(|entry| entry.data["status"] != 429), "{refusals:#?}");
    let answers: Vec<_> = users[0].texts().into_iter().filter(|text| !text.contains("is ready, see above")).collect();
    assert_eq!(answers.len(), STREAMS, "{answers:#?}");
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.len() > 40), "{answers:#?}");

    let between = |entry: &&Entry| entry.number > last.number && entry.number < end.number;
    let mut edits = BTreeMap::<i64, usize>::new();
    for edit in history.iter().filter(|entry| entry.kind == "edited").filter(between) {
        *edits.entry(edit.data["message_id"].as_i64().unwrap()).or_default() += 1;
    }
    let (most, fewest) = (edits.values().max().copied(), edits.values().min().copied());
    assert_eq!(edits.len(), STREAMS, "each grows while all do: {edits:?}");
    assert!(most <= fewest.map(|fewest| fewest * 2), "unfair: {edits:?}");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

impl Stage {
    /// Waits for the `times`-th entry of a kind, long.
    pub(super) async fn comes(&self, kind: &str, times: usize) -> Entry {
        let mut seen = 0;
        let entry = self.journal.wait_for(|entry| {
            seen += usize::from(entry.kind == kind);
            seen == times
        });
        let Ok(entry) = tokio::time::timeout(Duration::from_mins(4), entry).await else {
            panic!("no {times} entries `{kind}`\n{}", self.story());
        };
        entry
    }
}
