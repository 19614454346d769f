//! Whatever the backend sends: a clear sentence, the whole text, and nothing charged twice. One row for each scenario
//! of the emulator; a scenario without a row is a failure.

use std::time::Duration;

use futures::StreamExt;
use nemo_bot::sandbox::nemo::{CodeForm, Scenario};
use tokio::task::JoinSet;

use super::bot::{Stage, User};

/// What the user does while the scenario is played.
#[derive(Clone, Copy)]
enum Act {
    /// Sends this, with a clip in the project.
    Says(&'static str),
    /// Sends a clip.
    Clip,
    /// Exports a project with a clip.
    Export,
    /// Asks for the balance.
    Credits,
}

/// One row.
struct Case {
    scenario: Scenario,
    act: Act,
    /// What the user reads, one after the other.
    sees: &'static [&'static str],
    /// What the user never reads.
    never: &'static [&'static str],
    /// The buttons under the last message that has any.
    buttons: &'static [&'static str],
    /// Requests to the agent, refused ones included.
    posts: usize,
    /// Runs that began.
    runs: usize,
    settings: &'static [(&'static str, &'static str)],
}

const TITLE: &str = "add a title \"Urban Dreams\"";
const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";
const EXPORT: &[&str] = &["Export MP4"];
const LOST: &[&str] = &["Check status", "Try again"];
const RETRY: &[&str] = &["Try again"];
/// Shorter than any limit of a service, longer than any quick step of the emulator.
const IMPATIENT: &[(&str, &str)] = &[("NEMO_BOT__NEMO__SILENCE_TIMEOUT", "1s"), ("NEMO_BOT__NEMO__TURN_TIMEOUT", "4s")];

const fn says(
    scenario: Scenario,
    text: &'static str,
    sees: &'static [&'static str],
    buttons: &'static [&'static str],
) -> Case {
    Case { scenario, act: Act::Says(text), sees, never: &[], buttons, posts: 1, runs: 1, settings: &[] }
}

const fn refused(
    scenario: Scenario,
    sees: &'static [&'static str],
    buttons: &'static [&'static str],
    posts: usize,
) -> Case {
    Case { scenario, act: Act::Says(TITLE), sees, never: &[], buttons, posts, runs: 0, settings: &[] }
}

const fn exports(scenario: Scenario, sees: &'static [&'static str], buttons: &'static [&'static str]) -> Case {
    Case { scenario, act: Act::Export, sees, never: &[], buttons, posts: 0, runs: 0, settings: &[] }
}

const fn clip(scenario: Scenario, sees: &'static [&'static str], buttons: &'static [&'static str]) -> Case {
    Case { scenario, act: Act::Clip, sees, never: &[], buttons, posts: 0, runs: 0, settings: &[] }
}

const DONE: &[&str] = &["Your MP4 is ready"];
const AFTER_EXPORT: &[&str] = &["Edit more", "Titles + tags"];
const AFTER_UPLOAD: &[&str] = &["Titles + tags", "Edit", "Export MP4"];
const WHOLE: &[&str] = &["Titles", "Description", "Tags"];

#[rustfmt::skip]
fn table() -> Vec<Case> {
    use Scenario as S;
    vec![
        says(S::Normal, WISH, WHOLE, EXPORT),
        Case { never: &["No free account"], ..says(S::SilentEdit, TITLE, &["Done. What changed: text \"Urban Dreams\"", "Timeline", "Next you could: add music"], EXPORT) },
        says(S::SilentNothing, TITLE, &["I got no answer and the project did not change"], &[]),
        Case { settings: &[("NEMO_BOT__NEMO__STILL_WORKING_EVERY", "30ms")], ..says(S::Slow, TITLE, &["Still working… (", "Urban Dreams"], EXPORT) },
        Case { settings: &[("NEMO_BOT__NEMO__STILL_WORKING_EVERY", "30ms")], ..says(S::SilentWire, TITLE, &["Still working… (", "Urban Dreams"], EXPORT) },
        says(S::Dropped, TITLE, &["The connection broke, but the edit went through. What changed: text \"Urban Dreams\""], EXPORT),
        says(S::DroppedUndone, TITLE, &["The connection broke and the project has not changed"], LOST),
        Case { settings: IMPATIENT, ..says(S::Hang, TITLE, &["This took too long and I stopped waiting"], LOST) },
        Case { settings: IMPATIENT, never: &["click Export"], ..says(S::LeftOpen, TITLE, &["Urban Dreams", "Done. What changed: text \"Urban Dreams\""], EXPORT) },
        says(S::ErrorEvent, TITLE, &["I am looking at your clip", "The video service reported a problem and did not finish this"], RETRY),
        Case { never: &["✅ Done"], ..says(S::ErrorAfterEdit, TITLE, &["The service reported a problem before it was done. What changed all the same: text \"Urban Dreams\""], EXPORT) },
        says(S::ErrorAlone, TITLE, &["The video service reported a problem and did not finish this"], RETRY),
        Case { never: &["seedance", "RuntimeError"], ..says(S::CrashFrame, TITLE, &["I am looking at your clip", "The video service reported a problem and did not finish this"], RETRY) },
        Case { never: &["seedance", "RuntimeError"], ..says(S::CrashFirst, TITLE, &["The video service reported a problem and did not finish this"], RETRY) },
        Case { never: &["seedance", "line two", "line four"], ..says(S::CrashUnescaped, TITLE, &["I am looking at your clip", "The video service reported a problem and did not finish this"], RETRY) },
        refused(S::OutOfCredits, &["No credits left. Register with this personal link"], &[], 1),
        Case { act: Act::Clip, posts: 0, ..refused(S::NoAnonymous, &["no free account left"], &[], 0) },
        exports(S::RenderFailsOnce, DONE, AFTER_EXPORT),
        exports(S::RenderFails, &["The render failed twice"], RETRY),
        Case { settings: &[("NEMO_BOT__NEMO__RENDER_PATIENCE", "400ms"), ("NEMO_BOT__NEMO__RENDER_SLOW_POLL_EVERY", "100ms")], ..exports(S::RenderSlow, &["Still rendering after", "Your MP4 is ready"], AFTER_EXPORT) },
        exports(S::RenderNoUrl, DONE, AFTER_EXPORT),
        Case { settings: &[("NEMO_BOT__NEMO__RENDER_PATIENCE", "300ms"), ("NEMO_BOT__NEMO__RENDER_SLOW_POLL_EVERY", "100ms"), ("NEMO_BOT__NEMO__RENDER_DEADLINE", "1500ms")], ..exports(S::RenderNowhere, &["The render did not finish in"], RETRY) },
        exports(S::RenderOddWord, DONE, AFTER_EXPORT),
        exports(S::RenderPollErrors, DONE, AFTER_EXPORT),
        exports(S::RenderDuplicate, DONE, AFTER_EXPORT),
        exports(S::PlanBlocked, &["Export is not included in this account's plan", "Register at"], &[]),
        says(S::TokenExpired, TITLE, &["Urban Dreams"], EXPORT),
        refused(S::ReauthRefused, &["no free account left"], RETRY, 0),
        refused(S::SessionGone, &["Your earlier session expired"], RETRY, 0),
        refused(S::SessionLostCode, &["Your earlier session expired"], RETRY, 1),
        refused(S::SessionLostAdk, &["Your earlier session expired"], RETRY, 1),
        Case { posts: 2, ..says(S::RateLimited, TITLE, &["Urban Dreams"], EXPORT) },
        Case { posts: 2, ..says(S::RateLimitedBare, TITLE, &["Urban Dreams"], EXPORT) },
        refused(S::RateLimitedAlways, &["The video service is busy"], RETRY, 2),
        refused(S::RunHtml, &["The connection broke and the project has not changed"], LOST, 1),
        refused(S::NotAStream, &["The connection broke and the project has not changed"], LOST, 1),
        refused(S::RunForbidden, &["The video service refused this request"], &[], 1),
        Case { never: &["leak", "missing"], ..refused(S::RunMalformed, &["The video service refused this request"], &[], 1) },
        refused(S::StateHtml, &["I can't reach the video service right now"], RETRY, 0),
        says(S::StateLag, TITLE, &["Done. What changed: text \"Urban Dreams\""], EXPORT),
        says(S::LongRunning, TITLE, &["Done. What changed: text \"Urban Dreams\""], EXPORT),
        Case { never: &["Attach a clip"], ..says(S::StateNulls, WISH, WHOLE, &[]) },
        Case { never: &["<project"], ..says(S::StateString, TITLE, &["Urban Dreams"], EXPORT) },
        says(S::StateStrange, TITLE, &["Urban Dreams"], EXPORT),
        says(S::TypedDialect, WISH, WHOLE, EXPORT),
        says(S::Deltas, WISH, WHOLE, EXPORT),
        says(S::DeltasOnly, WISH, WHOLE, EXPORT),
        Case { never: &["SECRET"], ..says(S::Thoughts, WISH, WHOLE, EXPORT) },
        Case { never: &["ECHO"], ..says(S::Authors, WISH, &["The director has read your wish", "Titles", "Description", "Tags"], EXPORT) },
        says(S::TextWithCall, TITLE, &["Urban Dreams", "Done. What changed: text \"Urban Dreams\""], EXPORT),
        says(S::NoContent, WISH, WHOLE, EXPORT),
        says(S::LineSeparator, WISH, &["Titles", "Description", "Tags", "Before", "after."], EXPORT),
        Case { never: &["temporary issue"], ..says(S::Noise, WISH, WHOLE, EXPORT) },
        says(S::LongReply, WISH, &["line 0001", "line 0405", "line 0810", "That is the whole list."], EXPORT),
        says(S::TwoStage, "generate a video of a cat on a boat", &["The service also added:"], &["Keep", "Only the clip", "Export MP4"]),
        says(S::TwoStageSilent, "generate a video of a cat on a boat", &["Done. What changed: clip added", "The service also added:"], &["Keep", "Only the clip", "Export MP4"]),
        says(S::Heartbeats, WISH, WHOLE, EXPORT),
        says(S::SplitChunks, WISH, WHOLE, EXPORT),
        says(S::ByteByByte, WISH, WHOLE, EXPORT),
        says(S::Crlf, WISH, WHOLE, EXPORT),
        says(S::Unended, TITLE, &["Title added: \"Urban Dreams\" (white"], EXPORT),
        says(S::CutFrame, TITLE, &["The connection broke, but the edit went through. What changed: text \"Urban Dreams\""], EXPORT),
        says(S::EmptyStream, TITLE, &["I got no answer and the project did not change"], &[]),
        says(S::HugeFrame, TITLE, &["The connection broke, but the edit went through. What changed: text \"Urban Dreams\""], EXPORT),
        Case { never: &["the limit is"], ..clip(S::TooLarge, &["The video service finds landscape.mp4", "too large"], &[]) },
        Case { never: &["the limit is"], ..clip(S::BareTooLarge, &["The video service finds landscape.mp4", "too large"], &[]) },
        Case { never: &["I can't use MP4"], ..clip(S::Unsupported, &["The video service can't use landscape.mp4", "in another format"], &[]) },
        Case { never: &["100%"], ..clip(S::UploadHtml, &["The upload did not get through. Nothing was added to the project; please send the clip again"], &[]) },
        clip(S::UploadLost, &["What should I do with it?"], AFTER_UPLOAD),
        clip(S::SlowUpload, &["What should I do with it?"], AFTER_UPLOAD),
        Case { act: Act::Credits, ..clip(S::CreditsFloat, &["Credits: 12.5 available, 8.25 reserved, 20.75 total"], &[]) },
    ]
}

/// The scenarios in which a code or a refusal of the service matters: played in both forms.
fn has_codes(scenario: Scenario) -> bool {
    use Scenario as S;
    matches!(
        scenario,
        S::OutOfCredits
            | S::TokenExpired
            | S::ReauthRefused
            | S::SessionGone
            | S::SessionLostCode
            | S::TooLarge
            | S::Unsupported
    )
}

#[test]
fn every_scenario_has_a_row() {
    let rows: Vec<_> = table().iter().map(|case| case.scenario).collect();
    for scenario in Scenario::ALL {
        assert_eq!(rows.iter().filter(|row| *row == scenario).count(), 1, "{}", scenario.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_backend_sends_the_user_gets_a_clear_sentence() {
    play(table(), CodeForm::InBody).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_as_a_status_of_http_means_the_same() {
    play(table().into_iter().filter(|case| has_codes(case.scenario)).collect(), CodeForm::WithStatus).await;
}

/// Plays rows, a few at a time. `NEMO_SCENARIO` picks some by their names.
async fn play(cases: Vec<Case>, codes: CodeForm) {
    let only = std::env::var("NEMO_SCENARIO").ok();
    let cases = cases
        .into_iter()
        .filter(|case| only.as_deref().is_none_or(|only| only.split(',').any(|only| only == case.scenario.name())));
    let played: Vec<_> = futures::stream::iter(cases)
        .map(|case| async move {
            let name = case.scenario.name();
            // A panic of one row lets the others play on.
            let mut row = JoinSet::new();
            row.spawn(journey(case, codes));
            (name, row.join_next().await.is_some_and(|outcome| outcome.is_ok()))
        })
        .buffer_unordered(4)
        .collect()
        .await;
    assert!(!played.is_empty(), "no such scenario");
    let failed: Vec<_> = played.iter().filter(|(_, well)| !well).map(|(name, _)| name).collect();
    assert!(failed.is_empty(), "these went wrong: {failed:?}");
}

async fn journey(case: Case, codes: CodeForm) {
    let name = case.scenario.name();
    // Several bots at once on a small machine: a claim must not run out in the middle, that is another story.
    let settings = [case.settings, &[("NEMO_BOT__RUN__HOLD", "30s")]].concat();
    let stage = Stage::with_codes(&settings, codes).await;
    let user = stage.user("en");
    match case.act {
        Act::Says(_) | Act::Export => {
            user.sends_clip(None).await;
            user.sees_button("Export MP4").await;
        }
        Act::Clip => {}
        Act::Credits => {
            user.sends_clip(None).await;
            user.sees("What should I do with it?").await;
        }
    }
    let before = user.bot_messages().len();
    stage.nemo.play(case.scenario);
    match case.act {
        Act::Says(text) => drop(user.says(text)),
        Act::Export => drop(user.says("export")),
        Act::Credits => drop(user.says("/credits")),
        Act::Clip => drop(user.sends_clip(None).await),
    }
    for words in case.sees {
        user.sees(words).await;
    }
    if !case.buttons.is_empty() {
        user.sees_buttons(case.buttons, before).await;
    }
    // Every step of the turn is over when its messages do not change any more; a second answer would come before this.
    stage.nemo.release();
    user.rests().await;
    let story = || format!("{name}\n{:#?}\n{}", user.texts(), stage.story());
    for words in case.sees.iter().filter(|words| !words.starts_with("Still")) {
        assert!(
            user.count(words) == 1 || matches!(case.act, Act::Export) || is_common(words),
            "{words:?} once: {}",
            story()
        );
    }
    for words in case.never {
        assert_eq!(user.count(words), 0, "{words:?}: {}", story());
    }
    assert_eq!(last_buttons(&user, before), case.buttons, "{}", story());
    assert_eq!(stage.count("run"), case.runs, "runs: {}", story());
    assert_eq!(stage.count("run") + stage.count("run-refused"), case.posts, "posts: {}", story());
    if matches!(case.scenario, Scenario::LongReply) {
        assert_long_reply_is_whole(&user);
    }
    assert_no_raw_talk(&user, name);
    stage.assert_clean();
}

/// Words that stand in several places of one answer.
fn is_common(words: &str) -> bool {
    ["Urban Dreams", "Titles", "Description", "Tags", "after.", "Before", "Timeline"].contains(&words)
}

fn last_buttons(user: &User<'_>, before: usize) -> Vec<String> {
    let messages = user.bot_messages();
    let last = messages.iter().skip(before).rev().find(|message| !message.buttons.is_empty());
    last.map(|message| message.buttons.iter().flatten().map(|button| button.text.clone()).collect()).unwrap_or_default()
}

/// No JSON, no code, no status, no markup of a proxy, no placeholder that was left behind.
fn assert_no_raw_talk(user: &User<'_>, name: &str) {
    for text in user.texts() {
        let plain = text.to_lowercase();
        // The names of files in addresses are random and may hold any digits.
        let plain: Vec<_> = plain.split_whitespace().filter(|word| !word.starts_with("http")).collect();
        let plain = plain.join(" ");
        for raw in [
            "{\"",
            "\"}",
            "code\":",
            "http 4",
            "http 5",
            "<html",
            "<head",
            "bad gateway",
            "nmv_usr_",
            "errorcode",
            "resource_exhausted",
            "runtimeerror",
            "stacktrace",
            "functioncall",
            "edit_multitrack",
            "insufficient credits",
            "rate limited",
            "session not found",
            "not found",
            "1001",
            "1002",
            "2001",
            "4001",
            "4002",
        ] {
            assert!(!plain.contains(raw), "{name}: {raw:?} in {text:?}");
        }
        for status in ["400", "401", "402", "403", "404", "413", "422", "429", "500", "502", "503"] {
            let word = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()) == status;
            let allowed = name == "long-reply" || plain.contains("the limit is");
            assert!(allowed || !plain.split_whitespace().any(word), "{name}: {status} in {text:?}");
        }
        assert!(!text.trim().is_empty() && text.trim() != "…", "{name}: an empty message");
        assert!(!plain.contains("setting up") && !plain.contains("working on it…"), "{name}: left behind: {text:?}");
    }
}

/// Every line once, in order, over all messages.
fn assert_long_reply_is_whole(user: &User<'_>) {
    let whole = user.texts().join("\n");
    let numbers: Vec<usize> = whole.split("line ").skip(1).filter_map(|rest| rest.get(..4)?.parse().ok()).collect();
    assert_eq!(numbers, (1..=810).collect::<Vec<_>>(), "{whole}");
    assert!(!whole.contains("```"), "a fence shows as code, not as marks");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_added_by_itself_is_taken_out_again_or_kept() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::TwoStage);
    user.says("generate a video of a cat on a boat");
    user.sees("The service also added: ").await;
    user.presses("Keep").await;
    user.sees("Timeline").await;
    stage.nemo.play(Scenario::Normal);
    user.presses("Only the clip").await;
    let sent = stage.journal_has("run", |entry| entry.data["number"] == 2).await;
    assert!(
        sent.data["text"].as_str().unwrap().starts_with("Remove the music, title and effects"),
        "{}",
        stage.story()
    );
    stage.journal_has("run-end", |entry| entry.data["number"] == 2).await;
    user.rests().await;
    assert_eq!(user.count("The service also added"), 1, "said of the generation alone: {:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_a_lost_session_is_offered_and_sent_again_only_by_the_user() {
    for scenario in [Scenario::SessionLostCode, Scenario::SessionLostAdk] {
        let stage = Stage::open().await;
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees_button("Export MP4").await;
        stage.nemo.play(scenario);
        user.says(TITLE);
        user.sees("Your earlier session expired").await;
        user.sees_button("Try again").await;
        assert_eq!(stage.count("run"), 0, "not by itself\n{}", stage.story());
        user.presses("Try again").await;
        let sent = stage.journal_has("run", |_| true).await;
        assert_eq!(sent.data["text"], TITLE, "{}", stage.story());
        stage.assert_clean();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_for_a_busy_service_is_cut_by_stop_and_nothing_is_sent() {
    let stage = Stage::with(&[("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "10m")]).await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::RateLimitedBare);
    user.says(TITLE);
    stage.journal_has("run-refused", |_| true).await;
    user.presses("Stop").await;
    user.sees("Stopped waiting").await;
    user.rests().await;
    assert_eq!((stage.count("run"), stage.count("run-refused")), (0, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn both_limits_of_a_turn_are_said_at_once_and_without_buttons() {
    let total = [
        // The other limit would come too late for anybody.
        ("NEMO_BOT__NEMO__SILENCE_TIMEOUT", "10m"),
        ("NEMO_BOT__NEMO__TURN_TIMEOUT", "1s"),
        ("NEMO_BOT__NEMO__RECHECK_FIRST", "3s"),
    ];
    let silent = [
        ("NEMO_BOT__NEMO__SILENCE_TIMEOUT", "1s"),
        ("NEMO_BOT__NEMO__TURN_TIMEOUT", "15m"),
        ("NEMO_BOT__NEMO__RECHECK_FIRST", "3s"),
    ];
    for limits in [total, silent] {
        let stage = Stage::with(&limits).await;
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees_button("Export MP4").await;
        stage.nemo.play(Scenario::Hang);
        user.says(TITLE);
        let told = user.sees("This took too long").await;
        assert!(told.buttons.is_empty(), "{told:?}");
        // The buttons come when the project has been looked at.
        user.sees_button("Try again").await;
        assert_eq!(stage.count("run"), 1, "{}", stage.story());
        stage.assert_clean();
    }
}

impl User<'_> {
    /// Waits until the newest buttons behind the first `before` messages are these.
    async fn sees_buttons(&self, labels: &[&str], before: usize) {
        self.sees_one_of(&format!("{labels:?}"), |_| last_buttons(self, before) == labels).await;
    }

    /// Waits until the chat has not changed for a while, long against every step of the stage.
    pub(crate) async fn rests(&self) {
        const STILL: Duration = Duration::from_millis(900);
        let mut changes = self.stage.telegram.changes();
        loop {
            changes.borrow_and_update();
            if tokio::time::timeout(STILL, changes.changed()).await.is_err() {
                return;
            }
        }
    }
}
