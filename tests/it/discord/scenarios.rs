//! The scenarios of Discord by their names: what somebody at the page does in each, and what they then read. A scenario
//! without a row is a failure.

use nemo_bot::sandbox::discord::{DiscordEmulatorSettings, DiscordTimes, SHORT_TOKEN_LIFE, Scenario};
use nemo_bot::sandbox::nemo;

use super::{WHAT_NOW, WISH, channel};
use crate::answers::assert_no_raw_talk;
use crate::bot::Platform::Discord;
use crate::bot::{Seen, Stage};
use crate::rows;

const ANSWER: &[&str] = &["Fits YouTube limits", "Description", "Tags"];
const GENERATE: &str = "Generate metadata";
const GET: &str = "Get result";

/// What the user does while the scenario is played.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Asks for titles and tags in a private chat, with a clip in the project.
    Asks,
    /// Sends a clip in a private chat, and asks once this has happened to the gateway.
    ClipThenAsks(&'static str),
    /// Sends a clip in a private chat.
    Clip,
    /// The same, and again when the first one broke off.
    ClipTwice,
    /// Exports a project with a clip in a private chat.
    Exports,
    /// Sends a clip with the wish into a channel.
    Mentions,
    /// Uses the command on somebody's clip in a channel.
    Uses,
    /// The same where the bot is no member; the answer comes after the token's end.
    UsesElsewhere,
}

/// One row.
struct Case {
    scenario: Scenario,
    act: Act,
    /// What one message holds at the end, and no other does.
    once: &'static [&'static str],
    /// Runs of the agent.
    runs: usize,
    /// Clips that reach the backend, the first one included.
    clips: usize,
    /// It is played until another one is.
    lasts: bool,
    /// What Discord had to do for the scenario to count as played.
    met: fn(&Met) -> bool,
}

/// What came of it at the emulator.
struct Met {
    /// Statuses and codes of refusals; 0 for a cut.
    refused: Vec<(u64, u64)>,
    identified: u32,
}

impl Met {
    fn has(&self, status: u64, code: u64) -> bool {
        self.refused.contains(&(status, code))
    }

    fn times(&self, status: u64) -> usize {
        self.refused.iter().filter(|(known, _)| *known == status).count()
    }
}

const fn row(scenario: Scenario, act: Act, once: &'static [&'static str], met: fn(&Met) -> bool) -> Case {
    let runs = if matches!(act, Act::Clip | Act::ClipTwice | Act::Exports) { 0 } else { 1 };
    Case { scenario, act, once, runs, clips: 1, lasts: false, met }
}

const fn asks(scenario: Scenario, met: fn(&Met) -> bool) -> Case {
    row(scenario, Act::Asks, ANSWER, met)
}

const fn breaks(scenario: Scenario, what: &'static str) -> Case {
    row(scenario, Act::ClipThenAsks(what), ANSWER, |met| met.identified == 2)
}

#[rustfmt::skip]
fn table() -> Vec<Case> {
    use Scenario as S;
    vec![
        // Once: whoever knocks at a closed door is refused again.
        asks(S::LimitBucket, |met| met.has(429, 20_028) && met.times(429) == 1),
        asks(S::LimitNoCode, |met| met.has(429, 0) && met.times(429) == 1),
        asks(S::LimitShared, |met| met.has(429, 0) && met.times(429) == 1),
        asks(S::LimitGlobal, |met| met.has(429, 0) && met.times(429) == 1),
        asks(S::LimitPage, |met| met.times(429) == 1),
        breaks(S::Zombie, "frozen"),
        breaks(S::InvalidSession, "invalid"),
        breaks(S::FreshSession, "closed"),
        asks(S::EditsLost, |met| met.times(0) == 3),
        asks(S::PostLost, |met| met.times(0) == 1),
        asks(S::Edits502, |met| met.times(502) == 3),
        asks(S::Deleted, |met| met.has(404, 10_008)),
        Case { lasts: true, ..row(S::Forbidden, Act::Uses, ANSWER, |met| met.refused.is_empty()) },
        Case { lasts: true, ..row(S::NoThreads, Act::Mentions, &["Fits YouTube limits", "Tags", "Create Public Threads"], |met| met.has(403, 50_013)) },
        row(S::ThreadExists, Act::Mentions, ANSWER, |met| met.has(400, 160_004)),
        row(S::ThreadArchived, Act::Mentions, ANSWER, |met| met.has(400, 50_083)),
        row(S::AddressExpired, Act::Clip, &[WHAT_NOW], |met| met.times(404) == 1 || met.times(0) == 1),
        row(S::DownloadCut, Act::ClipTwice, &["The upload broke off", WHAT_NOW], |_| true),
        row(S::VideoTooLarge, Act::Exports, &["Download: http", "Your MP4 is ready, see above"], |met| met.has(413, 40_005)),
        Case { lasts: true, ..row(S::TokenShort, Act::UsesElsewhere, ANSWER, |_| true) },
    ]
}

#[test]
fn every_scenario_of_discord_has_a_row() {
    let rows: Vec<_> = table().iter().map(|case| case.scenario).collect();
    for scenario in Scenario::ALL {
        assert_eq!(rows.iter().filter(|row| *row == scenario).count(), 1, "{}", scenario.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_discord_does_the_user_gets_all_of_it_once() {
    rows::play(table().into_iter().map(|case| (case.scenario.name(), case)), journey).await;
}

/// The end of an answer has its buttons.
fn is_whole(message: &Seen) -> bool {
    message.text.contains("Tags") && message.buttons.iter().flatten().any(|button| button.text == "Export MP4")
}

async fn journey(case: Case) {
    let name = case.scenario.name();
    // Several bots at once on a small machine: a claim must not run out in the middle, that is another story.
    let life = format!("{}s", SHORT_TOKEN_LIFE.as_secs());
    let short = [("NEMO_BOT__RUN__HOLD", "30s"), ("NEMO_BOT__DISCORD__TOKEN_LIFE", life.as_str())];
    let settings = if case.scenario == Scenario::TokenShort { &short[..] } else { &short[..1] };
    // Several bots are slow to beat, too, and a command that meets a connection taken for dead is lost. Only where the
    // silence is the story is it noticed soon.
    let zombie = case.scenario == Scenario::Zombie;
    let times = if zombie { DiscordTimes::quick() } else { DiscordTimes::relaxed() };
    let stage =
        Stage::with_discord(DiscordEmulatorSettings { times, ..DiscordEmulatorSettings::quick() }, settings).await;
    let discord = stage.discord();
    let user = match case.act {
        Act::Mentions | Act::Uses => stage.user_on(Discord, "en").at(channel(&stage)),
        Act::UsesElsewhere => {
            stage.user_on(Discord, "en").at(i64::try_from(discord.a_foreign_channel("their clips")).unwrap())
        }
        _ => stage.user_on(Discord, "en"),
    };
    if matches!(case.act, Act::Asks | Act::Exports) {
        user.sends_clip(None).await;
        user.sees_button("Export MP4").await;
    }
    let theirs = match case.act {
        Act::Uses | Act::UsesElsewhere => {
            stage.user_on(Discord, "en").at(user.chat).sends_clip(Some("my holidays")).await
        }
        _ => 0,
    };
    let before: Vec<_> = user.bot_messages().iter().map(|message| message.message_id).collect();
    discord.play(Some(case.scenario));
    match case.act {
        Act::Asks => drop(user.says(WISH)),
        Act::ClipThenAsks(what) => {
            user.sends_clip(None).await;
            user.sees(WHAT_NOW).await;
            stage.journal_has("gateway", |entry| entry.data["what"] == what).await;
            user.says(WISH);
        }
        Act::Clip => drop(user.sends_clip(None).await),
        Act::ClipTwice => {
            user.sends_clip(None).await;
            user.sees("The upload broke off").await;
            user.sends_clip(None).await;
        }
        Act::Exports => drop(user.says("/export")),
        Act::Mentions => drop(user.mentions_with_clip(WISH).await),
        Act::Uses => user.uses_on(theirs, GENERATE),
        Act::UsesElsewhere => {
            stage.nemo.play(nemo::Scenario::Hang);
            user.uses_on(theirs, GENERATE);
            let live = user.sees_button(GET).await;
            stage.journal_has("token-end", |_| true).await;
            stage.nemo.release();
            user.presses_on(live.message_id, GET);
        }
    }
    let inside = matches!(case.scenario, Scenario::ThreadExists | Scenario::ThreadArchived);
    let reads = if inside { user.in_the_thread().await } else { user.at(user.chat) };
    for words in case.once {
        reads.sees(words).await;
    }
    if case.runs > 0 {
        reads.sees_one_of("the answer's buttons", is_whole).await;
    }
    // Whatever follows has come when a later question is answered.
    user.says("/credits");
    user.sees("Credits:").await;
    user.rests().await;
    let all = || [user.bot_messages(), if inside { reads.bot_messages() } else { Vec::new() }].concat();
    let story = || format!("{name}\n{:#?}\n{:#?}\n{}", user.texts(), reads.texts(), stage.story());
    for words in case.once {
        let new = |message: &&Seen| !before.contains(&message.message_id) && message.text.contains(words);
        assert_eq!(all().iter().filter(new).count(), 1, "{words:?} once: {}", story());
    }
    let history = stage.journal.after(0);
    let arrived = history.iter().filter(|entry| entry.kind == "upload" && entry.data["refused"] != true).count();
    assert_eq!((stage.count("run"), arrived), (case.runs, case.clips), "{}", story());
    assert_eq!(all().iter().filter(|message| message.file.is_some()).count(), 0, "{}", story());
    let number = |value: &serde_json::Value| value.as_u64().unwrap_or_default();
    let refusals = history.iter().filter(|entry| entry.kind == "refused");
    let refused = refusals.map(|entry| (number(&entry.data["status"]), number(&entry.data["code"]))).collect();
    assert!((case.met)(&Met { refused, identified: discord.identified() }), "it was not played: {}", story());
    assert_no_raw_talk(&user, name);
    assert_no_raw_talk(&reads, name);
    let left = case.lasts.then_some(case.scenario);
    assert_eq!(discord.playing(), left, "what happens once is over: {}", story());
    discord.play(None);
    assert_eq!(discord.playing(), None);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
