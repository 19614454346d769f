//! Files of other times: an older store, one of a newer program, and a copy that was put back.

use std::path::Path;

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::{Stage, User, Who, requests};

const ANSWER: &str = "Concrete requests work best";
const OPERATOR: (&str, &str) = ("NEMO_TOKEN", "nmv_usr_restore");

/// A copy as the README says to make it, while the bot runs.
fn copy(from: &Path, to: &Path) {
    let store = rusqlite::Connection::open(from).unwrap();
    store.execute("VACUUM INTO ?1", [to.to_str().unwrap()]).unwrap();
}

/// Puts a copy back in place of what there is, its log included.
fn put_back(copy: &Path, store: &Path) {
    for log in ["bot.db-wal", "bot.db-shm"] {
        let _ = std::fs::remove_file(store.with_file_name(log));
    }
    std::fs::copy(copy, store).unwrap();
}

/// Lives until a run is under way and a wish is in line, makes a copy, goes on until both are answered, and stops.
async fn lives_on_after_a_copy(stage: &mut Stage) -> (Who, i64) {
    stage.start();
    let who = {
        let user = stage.user("en");
        stage.nemo.play(Scenario::Hang);
        user.says("write poem number 1");
        stage.journal_has("run-event", |entry| entry.line.contains("waits to be released")).await;
        user.says("write poem number 2");
        user.sees("number 1 in line").await;
        copy(&stage.folder.path().join("bot.db"), &stage.folder.path().join("copy.db"));
        stage.nemo.play(Scenario::Normal);
        stage.nemo.release();
        user.sees_times(ANSWER, 2).await;
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
        (user.person.clone(), user.chat)
    };
    assert_eq!(stage.stop().await, Some(0));
    put_back(&stage.folder.path().join("copy.db"), &stage.folder.path().join("bot.db"));
    // A wish that was in line is run again, as the README says; it is no mistake of the bot.
    stage.nemo.allow_repeat();
    who
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_what_was_under_way_is_looked_into_and_not_run_again() {
    let mut stage = Stage::empty(&[OPERATOR]).await;
    let who = lives_on_after_a_copy(&mut stage).await;
    stage.start();
    let user = User { stage: &stage, person: who.0, chat: who.1 };
    // Looked into, compared, and said; to run it again is up to the user.
    user.sees_button("Try again").await;
    user.sees_times(ANSWER, 3).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    let asked = requests(&stage);
    let times = |number: u32| asked.iter().filter(|text| text.contains(&format!("number {number}"))).count();
    assert_eq!((times(1), times(2)), (1, 2), "{asked:#?}\n{}", stage.story());
    stage.assert_clean();
}

#[cfg(feature = "crash-points")]
#[tokio::test(flavor = "multi_thread")]
async fn what_an_old_copy_has_in_line_is_turned_away_in_words() {
    let mut stage = Stage::empty(&[OPERATOR]).await;
    let who = lives_on_after_a_copy(&mut stage).await;
    // Two days and an hour later.
    let _bot = stage.spawn(&[("NEMO_BOT_CLOCK_SKEW", "176400")]);
    let user = User { stage: &stage, person: who.0, chat: who.1 };
    user.sees("This message waited for more than two days").await;
    user.says("write poem number 3");
    user.sees_times(ANSWER, 3).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    let asked = requests(&stage);
    assert_eq!(asked.len(), 3, "{asked:#?}\n{}", stage.story());
    assert_eq!(user.count("waited for more than two days"), 1, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_store_ends_the_program_with_a_sentence_and_stays_as_it_is() {
    let mut stage = Stage::empty(&[OPERATOR]).await;
    let file = stage.folder.path().join("bot.db");
    let newer = rusqlite::Connection::open(&file).unwrap();
    newer.execute_batch("CREATE TABLE of_a_newer_program (x); PRAGMA user_version = 99;").unwrap();
    drop(newer);
    let before = std::fs::read(&file).unwrap();
    stage.start();
    assert_eq!(stage.ends().await, Some(1));
    let logs = stage.logs();
    assert!(logs.contains("99"), "it says which: {logs}");
    assert_eq!(std::fs::read(&file).unwrap(), before, "left alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_the_first_schema_opens_and_keeps_what_it_holds() {
    let mut stage = Stage::empty(&[OPERATOR]).await;
    let file = stage.folder.path().join("bot.db");
    let older = rusqlite::Connection::open(&file).unwrap();
    older.execute_batch(include_str!("../data/store-schema-1.sql")).unwrap();
    drop(older);
    stage.start();
    let user = stage.user("en");
    user.says("write poem number 1");
    user.sees(ANSWER).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(stage.rows_under("place:"), 1, "what was there is there\n{}", stage.story());
    assert_eq!(stage.stop().await, Some(0));
    stage.assert_clean();
}
