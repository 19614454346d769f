//! The scenarios of Telegram by their names: what somebody at the page does in each, and what they then read. A
//! scenario without a row is a failure. What each trap means in full stands in the stories of `telegram`.

use nemo_bot::sandbox::telegram::Scenario;

use super::answers::assert_no_raw_talk;
use super::bot::Stage;
use super::rows;

const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";
const TAKEN: &str = "What should I do with it?";

/// What the user does while the scenario is played.
#[derive(Clone, Copy)]
enum Act {
    /// Asks for titles and tags, with a clip in the project.
    Asks,
    /// The same, and writes again once the bot was refused.
    AsksAndWrites,
    /// Sends a clip.
    Clip,
    /// Sends a clip, and again when the first one broke off.
    ClipTwice,
    /// Sends a clip, and stops it.
    ClipAndStop,
    /// Presses the button that asks for titles and tags.
    Presses,
    /// Exports a project with a clip.
    Exports,
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
    /// Videos in the chat at the end that the bot sent.
    videos: usize,
    settings: &'static [(&'static str, &'static str)],
}

const fn asks(scenario: Scenario) -> Case {
    let once = &["Fits YouTube limits", "Description", "Tags"];
    Case { scenario, act: Act::Asks, once, runs: 1, clips: 1, videos: 0, settings: &[] }
}

const fn clip(scenario: Scenario, once: &'static [&'static str], clips: usize) -> Case {
    Case { scenario, act: Act::Clip, once, runs: 0, clips, videos: 0, settings: &[] }
}

const fn exports(scenario: Scenario, once: &'static [&'static str], videos: usize) -> Case {
    Case { scenario, act: Act::Exports, once, runs: 0, clips: 1, videos, settings: &[] }
}

#[rustfmt::skip]
fn table() -> Vec<Case> {
    use Scenario as S;
    vec![
        asks(S::FloodShort),
        asks(S::FloodLong),
        asks(S::FloodLast),
        asks(S::EditsLost),
        asks(S::PostLost),
        asks(S::Html502),
        asks(S::FormattingRefused),
        asks(S::Deleted),
        Case { act: Act::AsksAndWrites, once: &["Fits YouTube limits", "Description", "Tags", "Your answer is ready"], ..asks(S::Blocked) },
        asks(S::Unknown),
        asks(S::SecondPoller),
        Case { settings: &[("NEMO_BOT__TELEGRAM__DRAFTS", "true")], ..asks(S::DraftsRefused) },
        exports(S::VideoTooLarge, &["Download: http", "Your MP4 is ready, see above"], 0),
        exports(S::FetchRefused, &["Download: http"], 1),
        clip(S::SlowDownload, &[TAKEN], 1),
        Case { act: Act::ClipTwice, ..clip(S::DownloadCut, &["The upload broke off", TAKEN], 1) },
        clip(S::SizeUntold, &[TAKEN], 1),
        clip(S::TooBig, &["Telegram lets me download files up to"], 0),
        clip(S::NoMime, &[TAKEN], 1),
        asks(S::FloodAll),
        Case { act: Act::ClipAndStop, ..clip(S::DownloadStalls, &["Upload stopped. Nothing was added"], 0) },
        Case { act: Act::Presses, ..asks(S::QueryTooOld) },
        clip(S::Album, &[TAKEN], 3),
    ]
}

/// Scenarios that last until another one is played.
const LASTING: &[Scenario] = &[Scenario::FormattingRefused, Scenario::DraftsRefused];

#[test]
fn every_scenario_of_telegram_has_a_row() {
    let rows: Vec<_> = table().iter().map(|case| case.scenario).collect();
    for scenario in Scenario::ALL {
        assert_eq!(rows.iter().filter(|row| *row == scenario).count(), 1, "{}", scenario.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_telegram_does_the_user_gets_all_of_it_once() {
    rows::play(table().into_iter().map(|case| (case.scenario.name(), case)), journey).await;
}

async fn journey(case: Case) {
    let name = case.scenario.name();
    // Several bots at once on a small machine: a claim must not run out in the middle, that is another story.
    let settings = [case.settings, &[("NEMO_BOT__RUN__HOLD", "30s")]].concat();
    let stage = Stage::with(&settings).await;
    let user = stage.user("en");
    if matches!(case.act, Act::Asks | Act::AsksAndWrites | Act::Presses | Act::Exports) {
        user.sends_clip(None).await;
        user.sees_button("Export MP4").await;
    }
    let before = user.bot_messages().len();
    stage.telegram.play(Some(case.scenario));
    match case.act {
        Act::Asks => drop(user.says(WISH)),
        Act::AsksAndWrites => {
            user.says(WISH);
            stage.journal_has("refused", |entry| entry.data["status"] == 403).await;
            stage.journal_has("run-end", |_| true).await;
            user.says("/help");
        }
        Act::Clip => drop(user.sends_clip(None).await),
        Act::ClipTwice => {
            user.sends_clip(None).await;
            user.sees("The upload broke off").await;
            user.sends_clip(None).await;
        }
        Act::ClipAndStop => {
            user.sends_clip(None).await;
            stage.journal_has("call", |entry| entry.data["method"] == "download").await;
            user.presses("Stop").await;
        }
        Act::Presses => user.presses("Titles + tags").await,
        Act::Exports => drop(user.says("/export")),
    }
    for words in case.once {
        user.sees(words).await;
    }
    if case.videos > 0 {
        user.sees_video().await;
    }
    if case.runs > 0 {
        // The end of an answer has its buttons.
        user.sees_one_of("the answer's buttons", |message| {
            message.text.contains("Tags") && message.buttons.iter().flatten().any(|button| button.text == "Export MP4")
        })
        .await;
    }
    // Whatever follows has come when a later question is answered.
    user.says("/credits");
    user.sees("Credits:").await;
    // What a lost answer makes the bot repeat comes seconds later, and shows nothing new.
    assert!(stage.rests().await.is_ok(), "{name}\n{}", stage.story());
    let story = || format!("{name}\n{:#?}\n{}", user.texts(), stage.story());
    for words in case.once {
        let held = user.bot_messages().iter().skip(before.saturating_sub(1)).filter(|m| m.text.contains(words)).count();
        assert_eq!(held, 1, "{words:?} once: {}", story());
    }
    let videos = user.bot_messages().iter().filter(|message| message.file.is_some()).count();
    let arrived = stage.journal.after(0).iter().filter(|e| e.kind == "upload" && e.data["refused"] != true).count();
    assert_eq!((stage.count("run"), arrived, videos), (case.runs, case.clips, case.videos), "{}", story());
    if matches!(case.scenario, Scenario::PostLost) {
        // Telegram tells nobody the number of a message whose answer was lost: that sign of life stays.
        assert_eq!(user.count("Working on it…"), 1, "{}", story());
    } else {
        assert_no_raw_talk(&user, name);
    }
    if matches!(case.scenario, Scenario::FloodAll) {
        // A chat that is closed gets no sign of life: whether that is refused too is up to the moment.
        let refused = stage.journal.after(0).iter().filter(|e| e.kind == "refused" && e.data["status"] == 429).count();
        assert!(refused >= 2, "a message and an edit: {}", story());
    } else {
        let left = LASTING.contains(&case.scenario).then_some(case.scenario);
        assert_eq!(stage.telegram.playing(), left, "what happens once is over: {}", story());
    }
    stage.telegram.play(None);
    assert_eq!(stage.telegram.playing(), None);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
