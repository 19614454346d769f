//! Whatever the backend sends: a clear sentence, the whole text, and nothing charged twice. One row for each scenario
//! of the emulator; a scenario without a row is a failure.

use std::time::Duration;

use nemo_bot::sandbox::nemo::{CodeForm, Scenario};
use rstest::rstest;

use self::table::{Act, Case, TITLE, has_codes, plays_on_discord, table, tells_inside};
use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{SeenButton, Stage, User};
use super::rows;

#[path = "answers/table.rs"]
mod table;

const LINK: &str = "https://example.com/holiday.mp4";

#[test]
fn every_scenario_has_a_row() {
    let rows: Vec<_> = table().iter().map(|case| case.scenario).collect();
    for scenario in Scenario::ALL {
        assert_eq!(rows.iter().filter(|row| *row == scenario).count(), 1, "{}", scenario.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_backend_sends_the_user_gets_a_clear_sentence() {
    play(Telegram, table(), CodeForm::InBody).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_as_a_status_of_http_means_the_same() {
    play(Telegram, table().into_iter().filter(|case| has_codes(case.scenario)).collect(), CodeForm::WithStatus).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_inside_the_stream_means_the_same() {
    play(Telegram, table().into_iter().filter(|case| tells_inside(case.scenario)).collect(), CodeForm::InStream).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_discord_the_same() {
    play(Discord, table().into_iter().filter(|case| plays_on_discord(case.scenario)).collect(), CodeForm::InBody).await;
}

async fn play(on: Platform, cases: Vec<Case>, codes: CodeForm) {
    let rows = cases.into_iter().map(|case| (case.scenario.name(), case));
    rows::play(rows, |case| journey(on, case, codes)).await;
}

async fn journey(on: Platform, case: Case, codes: CodeForm) {
    let name = case.scenario.name();
    // Several bots at once on a small machine: a claim must not run out in the middle, that is another story.
    let settings = [case.settings, &[("NEMO_BOT__RUN__HOLD", "30s")]].concat();
    let stage = Stage::with_codes_on(on, &settings, codes).await;
    let user = stage.user_on(on, "en");
    match case.act {
        Act::Says(_) | Act::Export => {
            user.sends_clip(None).await;
            user.sees_button("Export MP4").await;
        }
        Act::Clip | Act::First => {}
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
        Act::First => {
            user.sends_clip(None).await;
            stage.journal_has("token-waits", |_| true).await;
            stage.nemo.release();
        }
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
    let most = if matches!(case.scenario, Scenario::RenderFails | Scenario::RenderFailsOnce) { 2 } else { 1 };
    assert!(stage.count("render") <= most, "rendered more than once: {}", story());
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

/// What a card has, and an answer whose words the chat shows in another shape: told of in stories of their own.
const OF_THE_SHAPE: [&str; 7] =
    ["More titles", "Shorter", "Another language", "Use title 1", "Files", "Full reply", "Do it"];

fn last_buttons(user: &User<'_>, before: usize) -> Vec<String> {
    let messages = user.bot_messages();
    let last = messages.iter().skip(before).rev().find(|message| !message.buttons.is_empty());
    let labels = |button: &SeenButton| {
        (!OF_THE_SHAPE.contains(&button.text.as_str()) && button.kind != "copy").then(|| button.text.clone())
    };
    last.map(|message| message.buttons.iter().flatten().filter_map(labels).collect()).unwrap_or_default()
}

/// No JSON, no code, no status, no markup of a proxy, no placeholder that was left behind.
pub(crate) fn assert_no_raw_talk(user: &User<'_>, name: &str) {
    for message in user.bot_messages() {
        let text = message.text;
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
        // A picture says in its description what it shows.
        let shows = message.file.is_some();
        assert!(shows || !text.trim().is_empty() && text.trim() != "…", "{name}: an empty message");
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
async fn what_was_added_by_itself_is_taken_out_again() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::TwoStage);
    user.says("generate a video of a cat on a boat");
    let said = user.sees("The service also made changes of its own: ").await.text;
    let (_, added) = said.split_once("changes of its own: ").unwrap();
    assert!(!added.contains("a cat on a boat"), "the title says what was asked for: {said}");
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
    user.says("add some music");
    user.sees("Warm Breeze").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(user.count("The service also made changes"), 1, "said of the generation alone: {:#?}", user.texts());
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

/// A service that is busy once, what is asked of it and what comes in the end. The words on the wait are gone by then.
#[rstest]
#[case::a_session(Scenario::SessionBusy, None, "What should I do with it?")]
#[case::an_upload(Scenario::UploadBusy, None, "What should I do with it?")]
#[case::an_upload_by_link(Scenario::UploadBusy, Some(LINK), "What should I do with it?")]
#[case::a_turn(Scenario::StateBusy, Some(TITLE), "Title added")]
#[case::a_look(Scenario::StateBusy, Some("/status"), "Timeline")]
#[case::an_export(Scenario::StateBusy, Some("/export"), "Your MP4 is ready")]
#[case::a_balance(Scenario::CreditsBusy, Some("/credits"), "Credits: ")]
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_service_is_waited_out_once_and_in_words_whatever_it_was_asked_for(
    #[case] scenario: Scenario,
    #[case] asks: Option<&str>,
    #[case] comes: &str,
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on_with(on, &[("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "2s")]).await;
    let user = stage.user_on(on, "en");
    if scenario != Scenario::SessionBusy {
        user.sends_clip(None).await;
        user.sees_button("Export MP4").await;
    }
    let before = user.count(comes);
    stage.nemo.play(scenario);
    match asks {
        Some(text) => drop(user.says(text)),
        None => drop(user.sends_clip(None).await),
    }
    user.sees("The video service is busy. I'll try again in 2 s").await;
    user.sees_times(comes, before + 1).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(user.count("The video service is busy"), 0, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_waits_for_a_busy_service_is_stopped_at_once() {
    let stage = Stage::with(&[("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "10m")]).await;
    let user = stage.user("en");
    stage.nemo.play(Scenario::UploadBusy);
    user.sends_clip(None).await;
    user.sees("The video service is busy. I'll try again in 10 min").await;
    user.presses("Stop").await;
    user.sees("Upload stopped. Nothing was added").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    let arrived = stage.journal.after(0).iter().any(|entry| entry.kind == "upload" && entry.data["refused"] != true);
    assert!(!arrived, "{}", stage.story());
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
        // A bot that still has something to do may only be slow.
        const STILL_AT_WORK: Duration = Duration::from_secs(4);
        let mut changes = self.changes();
        loop {
            changes.borrow_and_update();
            let still = if self.stage.is_at_work() { STILL_AT_WORK } else { STILL };
            if tokio::time::timeout(still, changes.changed()).await.is_err() {
                return;
            }
        }
    }
}
