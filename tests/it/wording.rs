//! What people read fits what happened and says how to go on.

use std::collections::BTreeSet;
use std::path::Path;

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::{discord, telegram};
use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::Stage;

const TITLE: &str = "add a title \"Urban Dreams\"";

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_asks_for_a_clip_is_followed_by_how_one_is_sent_here(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says(TITLE);
    let said = user.sees("I don't see any clips in this project yet.").await;
    user.sees("Attach a clip to a message here").await;
    assert!(!said.text.contains("Upload button"), "{}", said.text);
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_a_request_is_not_rung_up_with_an_answer(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::LeftOpen);
    user.says(TITLE);
    user.sees("Title added").await;
    // A newer message stands below, which makes an answer ring.
    user.says("/status");
    user.sees("A request has been running").await;
    user.presses("Stop").await;
    let stopped = user.sees("Stopped waiting").await;
    assert!(!stopped.text.contains("click Export"), "{}", stopped.text);
    user.says("/credits");
    user.sees("Credits:").await;
    assert_eq!(user.count("see above"), 0, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_rings_does_not_call_a_failure_an_answer(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on_with(on, &[("NEMO_BOT__NEMO__RECHECK_FIRST", "8s")]).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    let ends = [
        (Scenario::DroppedUndone, "the project has not changed", "Your request has ended, see above"),
        (Scenario::Dropped, "but the edit went through", "Your answer is ready, see above"),
    ];
    for ((scenario, end, ring), time) in ends.into_iter().zip(1..) {
        stage.nemo.play(scenario);
        user.says(TITLE);
        user.sees("checking whether the edit went through").await;
        user.says("/status");
        user.sees_times("A request has been running", time).await;
        user.sees(end).await;
        user.sees(ring).await;
        stage.nemo.allow_repeat();
    }
    assert_eq!(user.count("see above"), 2, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_project_whose_timeline_cannot_be_read_is_not_called_empty(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::StateString);
    user.says("/status");
    user.sees("I can't read this project's timeline").await;
    stage.nemo.play(Scenario::StateNulls);
    user.says("/status");
    user.sees("There is 1 clip in this project").await;
    assert_eq!(user.count("Nothing here yet") + user.count("(0 tracks)"), 0, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_has_to_wait_says_so(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on_with(on, &[("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "1500ms")]).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::RateLimitedBare);
    user.says(TITLE);
    user.sees("The video service is busy. I'll try again in").await;
    user.sees("Title added").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_clip_that_met_trouble_is_asked_for_again(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    stage.nemo.play(Scenario::StateHtml);
    user.sends_clip(None).await;
    user.sees("I can't reach the video service right now").await;
    user.sees("Then please send the clip again").await;
    stage.assert_clean();
}

/// The scenarios of all emulators.
fn names() -> impl Iterator<Item = &'static str> {
    let backend = Scenario::ALL.iter().map(|scenario| scenario.name());
    let telegram = telegram::Scenario::ALL.iter().map(|scenario| scenario.name());
    backend.chain(telegram).chain(discord::Scenario::ALL.iter().map(|scenario| scenario.name()))
}

/// A script of the page.
fn script(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/page").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The keys of the object that stands under `language` in a table of words, and how often each one stands there.
fn keys<'a>(script: &'a str, language: &str) -> Vec<&'a str> {
    let (_, words) = script.split_once(&format!("\n  {language}: {{\n")).unwrap();
    let (words, _) = words.split_once("\n  },\n").unwrap();
    words.lines().filter_map(|line| line.trim().split_once(": ")).map(|(key, _)| key.trim_matches('"')).collect()
}

#[test]
fn the_page_explains_every_scenario_in_both_of_its_languages() {
    let script = script("scenarios.js");
    let known: BTreeSet<_> = names().collect();
    for language in ["en", "zh"] {
        let keys = keys(&script, language);
        let explained: BTreeSet<_> = keys.iter().copied().collect();
        assert_eq!(known.difference(&explained).collect::<Vec<_>>(), Vec::<&&str>::new(), "no words in {language}");
        assert_eq!(keys.len(), explained.len(), "one stands twice in {language}");
    }
}

#[test]
fn the_menu_of_scenarios_has_a_place_for_each_of_them() {
    let script = script("scenarios.js");
    let (_, groups) = script.split_once("export const GROUPS = [").unwrap();
    let (groups, _) = groups.split_once("\n];").unwrap();
    for group in groups.trim().lines() {
        for heading in ["en: \"", "zh: \""] {
            let (_, rest) = group.split_once(heading).unwrap_or_else(|| panic!("no {heading} in {group}"));
            assert!(!rest.starts_with('"'), "an empty heading in {group}");
        }
    }
    let lists = groups.split("names: [").skip(1).map(|list| list.split(']').next().unwrap());
    let placed: Vec<_> = lists.flat_map(|list| list.split('"').skip(1).step_by(2)).collect();
    for scenario in names() {
        let times = placed.iter().filter(|name| **name == scenario).count();
        assert_eq!(times, 1, "{scenario} stands {times} times in the menu");
    }
    assert_eq!(placed.len(), names().count(), "a name in the menu that no emulator knows");
}

#[test]
fn the_page_says_the_same_in_both_of_its_languages() {
    let script = script("words.js");
    assert_eq!(keys(&script, "en"), keys(&script, "zh"));
}
