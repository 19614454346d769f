//! What goes wrong inside: rows that do not open, faults of ours, a platform that stays away. The person hears of it,
//! and everything else goes on.

use std::time::Duration;

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::{FaultAction, FaultRule};
use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Stage, User, Who};
#[cfg(feature = "crash-points")]
use super::checker;
use super::redis_server::RedisServer;

const OPERATOR: (&str, &str) = ("NEMO_TOKEN", "nmv_usr_setbacks");
const ANSWER: &str = "Concrete requests work best";
/// A key for tests, base64.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

/// The same person in the same chat, after the stage has changed.
fn again(stage: &Stage, person: Who, chat: i64) -> User<'_> {
    User { stage, person, chat }
}

fn store(stage: &Stage) -> rusqlite::Connection {
    rusqlite::Connection::open(stage.folder.path().join("bot.db")).unwrap()
}

/// Damages what is kept under keys that begin so, while the bot is down. Returns how many rows that were.
fn damages(stage: &Stage, table: &str, key: &str) -> usize {
    let sql =
        format!("UPDATE {table} SET value = CAST(x'00112233' || substr(value, 5) AS BLOB) WHERE key LIKE '{key}%'");
    store(stage).execute(&sql, []).unwrap()
}

fn count(stage: &Stage, key: &str) -> u32 {
    let sql = format!("SELECT count(*) FROM rows WHERE key LIKE '{key}%'");
    store(stage).query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// How many messages wait in line.
fn waiting(stage: &Stage) -> u32 {
    store(stage).query_row("SELECT count(*) FROM queues", [], |row| row.get(0)).unwrap()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_does_not_open_is_told_once_and_the_chat_goes_on(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on_with(on, &[OPERATOR]).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    assert_eq!(damages(&stage, "rows", "record:"), 1);
    stage.start();
    stage.listens().await;
    let user = again(&stage, person, chat);
    user.says("/help");
    user.sees("I can't read what I had stored here (reference ").await;
    user.sees("I take").await;
    user.says("write a poem about the sea");
    user.sees(ANSWER).await;
    assert_eq!(user.count("I can't read"), 1, "{:#?}", user.texts());
    assert_eq!(count(&stage, &format!("aside:record:{on}:")), 1, "what was there is kept");
    assert!(stage.logs().contains("kind=\"record\""), "{}", stage.story());
    user.says("/forget");
    user.presses("Delete").await;
    user.sees("Deleted:").await;
    assert_eq!(count(&stage, "aside:"), 0, "and forgotten with the rest");
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_does_not_open_is_told_once_and_served(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on_with(on, &[OPERATOR]).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.says("/help");
        user.sees("I take").await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    assert_eq!(damages(&stage, "rows", "person:"), 1);
    stage.start();
    stage.listens().await;
    let user = again(&stage, person, chat);
    user.says("write a poem about the sea");
    user.sees("I can't read what I had stored here").await;
    user.sees(ANSWER).await;
    assert_eq!(user.count("I can't read"), 1, "{:#?}", user.texts());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    assert_eq!(count(&stage, &format!("aside:person:{on}:")), 1, "what was there is kept");
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_message_that_does_not_open_is_given_up_in_words(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on_with(on, &[OPERATOR]).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        stage.nemo.play(Scenario::Hang);
        user.says("write a poem about the sea");
        stage.journal_has("run", |_| true).await;
        user.says("and a haiku");
        user.sees("number 1 in line").await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    assert_eq!(damages(&stage, "queues", "inbox:"), 2);
    stage.start();
    stage.listens().await;
    let user = again(&stage, person, chat);
    user.sees("I could not process this message (reference ").await;
    user.says("write a limerick about the sea");
    user.sees(ANSWER).await;
    let left = stage.rests().await;
    assert!(left.is_ok(), "the rows are still in line\n{}", stage.story());
    assert_eq!(waiting(&stage), 0, "put aside, they wait no more");
    assert_eq!(user.count("I could not process"), 1, "{:#?}", user.texts());
    assert_eq!(count(&stage, &format!("aside:inbox:{on}:")), 1);
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_render_that_does_not_open_is_told_and_started_again_by_a_press(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on_with(on, &[OPERATOR]).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(Some("add a title that says Urban Dreams")).await;
        user.sees_button("Export MP4").await;
        stage.nemo.play(Scenario::RenderSlow);
        user.says("export");
        stage.journal_has("render-poll", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    assert_eq!(damages(&stage, "rows", "job:"), 1);
    stage.start();
    stage.listens().await;
    let user = again(&stage, person, chat);
    let lost = user.sees("I lost track of your export (reference ").await;
    user.presses_on(lost.message_id, "Export MP4");
    user.sees_video().await;
    assert_eq!(user.count("I lost track"), 1, "{:#?}", user.texts());
    assert_eq!(count(&stage, &format!("aside:job:{on}:")), 1);
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_last_text_outlives_a_platform_that_stays_away_and_holds_up_nothing() {
    let stage = Stage::with(&[OPERATOR]).await;
    let user = stage.user("en");
    // All edits of the answer fail, far longer than they are tried in one go.
    stage.telegram.fault(FaultRule::on("editMessageText", FaultAction::HtmlError(502)).containing(ANSWER).times(11));
    user.says("write a poem about the sea");
    stage.journal_has("run-end", |_| true).await;
    stage.logs_have_within("A last text cannot be shown now", Duration::from_secs(100)).await;
    assert_eq!(user.count(ANSWER), 0);
    // Meanwhile something else is answered, and tries the old text on the way.
    user.says("/help");
    user.sees("I take").await;
    user.sees(ANSWER).await;
    user.sees("Your answer is ready, see above").await;
    assert_eq!((user.count(ANSWER), stage.count("run")), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_in_one_place_is_let_go_at_once_in_another() {
    // A heartbeat would notice after twenty seconds, and a look of the store's own after thirty.
    let (redis, hold, sweep) = (RedisServer::start(), "60s", "30s");
    let stage = Stage::with(&[
        OPERATOR,
        ("NEMO_BOT__STORE__URL", &redis.url()),
        ("NEMO_BOT__STORE__KEY", KEY),
        ("NEMO_BOT__STORE__SWEEP_EVERY", sweep),
        ("NEMO_BOT__RUN__HOLD", hold),
    ])
    .await;
    let user = stage.user("en");
    let group = user.at(-1_000_000_009_001);
    stage.telegram.opens_group(&user.person, group.chat, "Film club");
    stage.nemo.play(Scenario::Hang);
    group.says("@nemo_sandbox_bot write a poem about the sea");
    stage.journal_has("run", |_| true).await;
    user.says("/forget");
    user.presses("Delete").await;
    let pressed = stage.journal.after(0).last().map(|entry| entry.at_ms).unwrap();
    let end = stage.journal_has("run-end", |_| true).await;
    assert!(end.at_ms < pressed + 2_500, "only after {} ms\n{}", end.at_ms - pressed, stage.story());
    user.sees("Deleted:").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_goes_out_while_the_chat_still_paces() {
    let pace = ("NEMO_BOT__STREAM__EDIT_INTERVAL_TELEGRAM_PRIVATE", "5s");
    let stage = Stage::with(&[OPERATOR, pace]).await;
    let user = stage.user("en");
    user.says("write a poem about the sea");
    let sign = stage.journal_has("sent", |_| true).await;
    let run = stage.journal_has("run", |_| true).await;
    assert!(run.at_ms < sign.at_ms + 2_500, "only after {} ms\n{}", run.at_ms - sign.at_ms, stage.story());
}

#[cfg(feature = "crash-points")]
mod panics {
    use nemo_bot::sandbox::journal::Entry;

    use super::*;

    /// A bot in which the task that passes `point` for the first time panics.
    async fn with_fault(on: Platform, point: &str) -> Stage {
        let fault = format!("{point}:1:panic");
        Stage::on_with(on, &[OPERATOR, ("NEMO_BOT_CRASH", &fault)]).await
    }

    #[rstest]
    #[tokio::test(flavor = "multi_thread")]
    async fn a_fault_in_a_turn_is_apologised_for_and_the_next_message_works(#[values(Telegram, Discord)] on: Platform) {
        let stage = with_fault(on, "turn.first-event").await;
        let (user, other) = (stage.user_on(on, "en"), stage.user_on(on, "en"));
        user.says("write a poem about the sea");
        user.sees("Something went wrong on my side (reference ").await;
        user.sees_button("Try again").await;
        user.says("write a haiku about the sea");
        other.says("write a poem about the sea");
        user.sees(ANSWER).await;
        other.sees(ANSWER).await;
        assert_eq!(user.count("Something went wrong"), 1, "{:#?}", user.texts());
        assert_eq!((other.count("Something went wrong"), stage.count("run")), (0, 3), "{}", stage.story());
        stage.assert_clean();
    }

    #[rstest]
    #[tokio::test(flavor = "multi_thread")]
    async fn a_fault_in_a_command_is_apologised_for_and_the_turn_beside_it_goes_on(
        #[values(Telegram, Discord)] on: Platform,
    ) {
        let stage = with_fault(on, "command.answered").await;
        let user = stage.user_on(on, "en");
        stage.nemo.play(Scenario::Hang);
        user.says("write a poem about the sea");
        stage.journal_has("run-event", |entry| entry.line.contains("waits to be released")).await;
        user.says("/help");
        user.sees("Something went wrong on my side (reference ").await;
        user.says("/help");
        user.sees("I take").await;
        stage.nemo.release();
        user.sees(ANSWER).await;
        assert_eq!(stage.count("run"), 1, "{}", stage.story());
        stage.assert_clean();
    }

    #[rstest]
    #[tokio::test(flavor = "multi_thread")]
    async fn a_fault_in_a_render_is_apologised_for_and_another_one_works(#[values(Telegram, Discord)] on: Platform) {
        let stage = with_fault(on, "render.polled").await;
        let user = stage.user_on(on, "en");
        user.sends_clip(Some("add a title that says Urban Dreams")).await;
        user.sees_button("Export MP4").await;
        user.says("export");
        let sorry = user.sees("Something went wrong on my side (reference ").await;
        user.presses_on(sorry.message_id, "Try again");
        user.sees_video().await;
        stage.assert_clean();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_fault_in_the_intake_or_in_a_heartbeat_leaves_nobody_deaf() {
        for (point, told) in [("poll.handed", "An ingress panicked"), ("held.beat", "Work on an item panicked")] {
            let stage = with_fault(Telegram, point).await;
            let user = stage.user("en");
            user.says("/help");
            user.sees("I take").await;
            stage.logs_have(told).await;
            user.says("/privacy");
            user.sees("for at most 90 days").await;
            stage.assert_clean();
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_fault_in_a_loop_ends_the_program_with_an_error() {
        let stage = Stage::empty(&[OPERATOR, ("NEMO_BOT_CRASH", "crew.claimed:1:panic")]).await;
        let ended = tokio::time::timeout(Duration::from_secs(30), stage.spawn(&[]).wait_with_output()).await;
        let status = ended.unwrap_or_else(|_| panic!("it lives on\n{}", stage.story())).unwrap().status;
        assert_eq!(status.code(), Some(1), "{}", stage.story());
        assert!(stage.logs().contains("A loop has ended that must not"), "{}", stage.story());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_upload_that_was_stopped_is_not_begun_again_after_a_crash() {
        let stage = Stage::empty(&[OPERATOR]).await;
        let user = stage.user("en");
        let mut bot = stage.spawn(&[("NEMO_BOT_CRASH", "stop.stored:1")]);
        stage.telegram.fault(FaultRule::on("download", FaultAction::Stall));
        user.sends_clip(None).await;
        stage.journal_has("call", |entry| entry.data["method"] == "download").await;
        user.presses("Stop").await;
        assert!(!bot.wait().await.unwrap().success());
        let _bot = stage.spawn(&[]);
        user.sees("Upload stopped. Nothing was added").await;
        let arrived = |entry: &&Entry| entry.kind == "upload" && entry.data["refused"] != true;
        assert_eq!(stage.journal.after(0).iter().filter(arrived).count(), 0, "{}", stage.story());
        stage.assert_clean();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn killed_where_a_part_is_full_no_line_is_lost_doubled_or_taken_back() {
        for point in ["live.posted:3", "live.kept:1", "live.kept:4"] {
            // No heartbeat comes in time to store what stands in the chat.
            let stage = Stage::empty(&[OPERATOR, ("NEMO_BOT__RUN__HOLD", "60s")]).await;
            let user = stage.user("en");
            stage.nemo.play(Scenario::LongReply);
            let mut bot = stage.spawn(&[("NEMO_BOT_CRASH", point)]);
            user.says("write a long list");
            assert!(!bot.wait().await.unwrap().success(), "{point}");
            // Its claims run out now and not in a minute.
            store(&stage).execute("UPDATE agenda SET due = 0", []).unwrap();
            let _bot = stage.spawn(&[]);
            stage
                .journal_has("sent", |entry| {
                    entry.data["text"].as_str().is_some_and(|text| text.contains("I was restarted"))
                        || stage.journal.after(entry.number).iter().any(|later| later.kind == "edited")
                })
                .await;
            let last = |text: &str| text.contains("That is the whole list.") || text.contains("The connection broke");
            user.sees_one_of("the end", |message| last(&message.text)).await;
            let all = user.texts().join("\n");
            for line in 1..=810 {
                let words = format!("line {line:04}");
                assert!(all.matches(&words).count() <= 1, "{point}: {words} is doubled\n{}", stage.story());
            }
            let history = stage.journal.after(0);
            assert_eq!(checker::taken_back(&history, user.chat), Vec::<String>::new(), "{point}");
            stage.assert_clean();
        }
    }
}
