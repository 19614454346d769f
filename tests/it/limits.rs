//! Numbers that were promised: how often the bot looks, how often it speaks, how much it takes.

use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::{FaultAction, FaultRule};
use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::Stage;

const TITLE: &str = "add a title \"Urban Dreams\"";

/// Every entry of this kind after the end of the first run.
fn after_the_run(stage: &Stage, kind: &str) -> Vec<Entry> {
    let entries = stage.journal.after(0);
    entries.into_iter().skip_while(|entry| entry.kind != "run-end").filter(|entry| entry.kind == kind).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_turn_is_looked_at_five_times_in_its_pace_and_no_more(#[values(Telegram, Discord)] on: Platform) {
    let pace = [("NEMO_BOT__NEMO__RECHECK_FIRST", "900ms"), ("NEMO_BOT__NEMO__RECHECK_EVERY", "300ms")];
    let stage = Stage::on_with(on, &pace).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::DroppedUndone);
    user.says(TITLE);
    user.sees_button("Try again").await;
    let ended = stage.journal_has("run-end", |_| true).await.at_ms;
    let looks: Vec<_> = after_the_run(&stage, "state-read").iter().map(|look| look.at_ms).collect();
    assert_eq!(looks.len(), 5, "{}", stage.story());
    // The clock of the bot begins a little before the journal's.
    assert!(looks[0] - ended >= 850, "the first look: {looks:?} after {ended}");
    assert!(looks.windows(2).all(|pair| pair[1] - pair[0] >= 250), "{looks:?}");
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_without_words_says_each_time_that_it_goes_on(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on_with(on, &[("NEMO_BOT__NEMO__STILL_WORKING_EVERY", "1s")]).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::Hang);
    user.says(TITLE);
    let begun = stage.journal_has("run", |_| true).await.at_ms;
    let mut told: Vec<(String, u64)> = Vec::new();
    let third = |edit: &Entry| {
        let text = edit.data["text"].as_str().unwrap_or_default().to_owned();
        if text.contains("Still working… (") && told.iter().all(|(before, _)| *before != text) {
            told.push((text, edit.at_ms - begun));
        }
        told.len() == 3
    };
    stage.journal_has("edited", third).await;
    // A busy machine may be late, and nobody is ever early.
    let early = (1..).zip(&told).find(|(nth, (_, at))| *at < nth * 1_000 - 100);
    assert!(early.is_none(), "{told:?}");
    stage.nemo.release();
    user.sees_no_more("Still working").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn twenty_wait_and_the_next_is_told_so_until_there_is_room(#[values(Telegram, Discord)] on: Platform) {
    // Nobody is held back at the gate before the line.
    let stage = Stage::on_with(on, &[("NEMO_BOT__FLOOD__BURST", "100"), ("NEMO_BOT__RUN__HOLD", "15s")]).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::Hang);
    user.says(TITLE);
    stage.journal_has("run", |_| true).await;
    // The one that runs is among the twenty.
    for wish in 1..=19 {
        user.says(&format!("wish number {wish}"));
    }
    let last = user.sees("number 19 in line").await;
    assert_eq!(user.count("requests waiting"), 0, "{:#?}", user.texts());
    user.says("a wish too many");
    user.sees("You already have 20 requests waiting").await;
    user.presses_on(last.message_id, "Drop it");
    user.sees("Dropped: \"wish number 19\"").await;
    user.says("a wish in its place");
    user.sees("number 19 in line").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_much_is_told_the_limit_once_and_can_still_stop(#[values(Telegram, Discord)] on: Platform) {
    let gate = [("NEMO_BOT__FLOOD__BURST", "3"), ("NEMO_BOT__FLOOD__PER_MINUTE", "1")];
    let stage = Stage::on_with(on, &gate).await;
    let (user, other) = (stage.user_on(on, "en"), stage.user_on(on, "en"));
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about the sea");
    stage.journal_has("run", |_| true).await;
    user.says("/help");
    user.says("/help");
    user.sees_times("I take", 2).await;
    for _ in 0..5 {
        user.says("/help");
    }
    let told = user.sees("You've reached the limit of 1 request per minute").await.text;
    assert!(told.contains("Try again in "), "{told}");
    other.says("/help");
    other.sees("I take").await;
    user.says("/cancel");
    user.sees("Stopped waiting").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!((user.count("You've reached the limit"), user.count("I take")), (1, 2), "{:#?}", user.texts());
    assert_eq!(user.count("requests waiting"), 0, "{:#?}", user.texts());
    // Nobody is left in the belief that an answer comes.
    let quiet = user.waits_for(|| user.messages().iter().all(|said| !said.thinking).then_some(())).await;
    assert!(quiet.is_some(), "a refused command still thinks\n{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_waits_until_its_chat_takes_it_and_holds_nobody_up() {
    let gate = [("NEMO_BOT__FLOOD__BURST", "1"), ("NEMO_BOT__FLOOD__PER_MINUTE", "1")];
    let stage = Stage::with(&gate).await;
    let (user, other) = (stage.user("en"), stage.user("en"));
    let closed = FaultAction::Status {
        code: 429,
        description: "Too Many Requests: retry after 5".to_owned(),
        retry_after: Some(5),
    };
    stage.telegram.fault(FaultRule::on("sendMessage", closed).in_chat(user.chat).containing("reached the limit"));
    user.says("/help");
    user.sees("I take").await;
    user.says("/help");
    stage.journal_has("refused", |_| true).await;
    other.says("/help");
    other.sees("I take").await;
    assert_eq!(user.count("reached the limit"), 0, "{:#?}", user.texts());
    user.sees("You've reached the limit of 1 request per minute").await;
    stage.assert_clean();
}
