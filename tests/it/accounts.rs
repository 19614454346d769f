//! Whose account it is, and what is kept of a person: connecting, the scarce free accounts, seeing and deleting it all.

use std::time::Duration;

use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;
use serde_json::Value;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Seen, Stage, User, Who};
use super::redis_server::RedisServer;

/// Two keys for tests, base64.
const OLD_KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const NEW_KEY: &str = "ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=";
const OWN: &str = "nmv_usr_NEMOCANARYOWN";

/// The same person in the same chat, after the stage has changed.
fn again(stage: &Stage, person: Who, chat: i64) -> User<'_> {
    User { stage, person, chat }
}

/// Waits until `holds` does; for what has no event, such as a file.
async fn until(stage: &Stage, what: &str, holds: impl Fn() -> bool) {
    let looking = async {
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        while !holds() {
            looks.tick().await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), looking).await;
    assert!(found.is_ok(), "{what}\n{}", stage.story());
}

fn holds(disk: &[u8], words: &str) -> bool {
    disk.windows(words.len()).any(|window| window == words.as_bytes())
}

/// What stands in the chat, from whomever.
fn chat(user: &User<'_>) -> String {
    user.messages().into_iter().map(|message| message.text + "\n").collect()
}

/// The newest file of the bot.
async fn my_data(user: &User<'_>) -> Value {
    let mut changes = user.changes();
    let found = async {
        loop {
            changes.borrow_and_update();
            let files = user.bot_messages().into_iter().rev();
            let is_document = |message: &Seen| message.file.as_ref().is_some_and(|file| file.kind == "document");
            if let Some(message) = files.into_iter().find(is_document) {
                let file = message.file.as_ref().unwrap();
                assert_eq!((file.name.as_str(), file.mime.as_str()), ("my-data.json", "application/json"));
                return serde_json::from_slice(&user.downloads(&message)).unwrap();
            }
            changes.changed().await.unwrap();
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), found).await;
    found.unwrap_or_else(|_| panic!("no file came\n{}", user.stage.story()))
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_own_account_takes_over_survives_a_restart_and_is_let_go(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on_with(on, &[("RUST_LOG", "trace,hyper=trace,reqwest=trace")]).await;
    let (person, place) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        user.says("/connect");
        user.sees("Send /connect with your NEMO account token").await;
        user.says(&format!("/connect {OWN}"));
        user.sees("Connected. Your next clip starts a new project").await;
        assert!(!chat(&user).contains("CANARY"), "the message with the token is gone: {}", chat(&user));
        user.says("/status");
        user.sees("Nothing here yet").await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.start();
    stage.listens().await;
    let user = again(&stage, person, place);
    user.says("/credits");
    user.sees("Credits: 25000 available").await;
    user.sends_clip(None).await;
    user.sees_times("What should I do with it?", 2).await;
    user.says("/privacy");
    user.presses("My data").await;
    let data = my_data(&user).await;
    assert_eq!(data["person"]["own"], true, "{data:#}");
    assert!(!data.to_string().contains("nmv_usr"), "{data:#}");
    user.presses("Disconnect").await;
    user.sees("Disconnected. I deleted the token here").await;
    user.says("/credits");
    user.sees("Credits: 100 available").await;
    user.sends_clip(None).await;
    user.sees_times("What should I do with it?", 3).await;
    assert_eq!(stage.count("session"), 3, "each change began a project\n{}", stage.story());
    assert_eq!(stage.count("token"), 1, "the free account is the same\n{}", stage.story());
    assert!(!stage.logs().contains("NEMOCANARY"), "the token is in the log");
    assert!(!holds(&stage.disk(), "NEMOCANARY"), "the token is readable on the disk");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_work_is_not_kept(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says("/connect nmv_usr_invalid_NEMOCANARY");
    user.sees("That token was not accepted").await;
    user.says("/connect two words");
    user.sees_times("That token was not accepted", 2).await;
    assert!(!chat(&user).contains("CANARY") && !chat(&user).contains("two words"), "{}", chat(&user));
    user.says("/credits");
    user.sees("Credits: 100 available").await;
    assert_eq!(user.count("Connected"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_a_group_is_called_leaked_and_not_kept() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let group = User { stage: &stage, person: user.person.clone(), chat: -1_000_000_007_001 };
    stage.telegram.opens_group(&user.person, group.chat, "Film club");
    group.says(&format!("/connect {OWN}"));
    group.sees("Others may have seen this token").await;
    assert!(!group.texts().concat().contains("CANARY"));
    group.says("/privacy");
    group.presses("My data").await;
    group.sees("Please do this in a private chat with me").await;
    user.says("/credits");
    user.sees("Credits: 100 available").await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn connecting_while_a_turn_runs_leaves_that_turn_on_its_account(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("add a title that says Urban Dreams");
    stage.journal_has("run", |_| true).await;
    user.says(&format!("/connect {OWN}"));
    user.sees("Connected").await;
    assert!(!chat(&user).contains("CANARY"), "{}", chat(&user));
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    // It waits in line, so the turn is over when it is answered.
    user.says("/upload");
    user.sees("send /upload with a public link").await;
    user.says("/status");
    user.sees("Nothing here yet").await;
    user.says("/credits");
    user.sees("Credits: 25000 available").await;
    assert_eq!(user.count("session expired"), 0, "{:#?}", user.texts());
    assert_eq!(stage.count("session"), 1, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_a_project_of_the_old_account_is_not_charged_to_the_new_one(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("add a title that says Urban Dreams");
    stage.journal_has("run", |_| true).await;
    user.says("make it shorter");
    let line = user.sees("number 1 in line").await;
    user.says(&format!("/connect {OWN}"));
    user.sees("Connected").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    let dropped = user.sees("Dropped: \"make it shorter\"").await;
    assert_eq!(dropped.message_id, line.message_id, "{:#?}", user.texts());
    user.rests().await;
    assert_eq!((stage.count("run"), stage.count("session")), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_a_project_that_another_account_has_replaced_is_offered() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let group = User { stage: &stage, person: user.person.clone(), chat: -1_000_000_007_004 };
    stage.telegram.opens_group(&user.person, group.chat, "Film club");
    group.sends_clip(Some("@nemo_sandbox_bot")).await;
    let offer = group.sees("What should I do with it?").await;
    user.says(&format!("/connect {OWN}"));
    user.sees("Connected").await;
    group.presses_on(offer.message_id, "Titles + tags");
    group.sees("Your earlier session expired").await;
    group.sees_button("Try again").await;
    group.rests().await;
    assert_eq!(stage.count("run"), 0, "without its clip\n{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_in_another_place_is_closed_when_the_account_has_changed() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let group = User { stage: &stage, person: user.person.clone(), chat: -1_000_000_007_002 };
    stage.telegram.opens_group(&user.person, group.chat, "Film club");
    group.says("@nemo_sandbox_bot write a poem about the sea");
    stage.journal_has("run-end", |_| true).await;
    user.says(&format!("/connect {OWN}"));
    user.sees("Connected").await;
    // It waits in line, so the turn is over when it is answered.
    group.says("/upload@nemo_sandbox_bot");
    group.sees("send /upload with a public link").await;
    group.says("/status@nemo_sandbox_bot");
    group.sees("Nothing here yet").await;
    assert_eq!(group.count("session expired"), 0);
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_own_token_that_is_refused_later_is_told_and_never_swapped(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says(&format!("/connect {OWN}"));
    user.sees("Connected").await;
    stage.nemo.play(Scenario::TokenExpired);
    user.says("write a poem about the sea");
    user.sees("Your account token no longer works").await;
    let entries = stage.journal.after(0);
    assert!(!entries.iter().any(|entry| entry.line.contains("free token")), "{}", stage.story());
    assert_eq!(stage.count("run"), 0, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn while_a_free_account_is_waited_for_other_things_are_answered(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on_with(on, &[("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "30s")]).await;
    let user = stage.user_on(on, "en");
    stage.nemo.play(Scenario::NoAnonymous);
    user.says("write a poem about the sea");
    stage.journal_has("token", |_| true).await;
    user.says("/help");
    user.sees("I take").await;
    user.says("/cancel");
    user.sees("Stopped waiting").await;
    assert_eq!(stage.count("token"), 1, "nobody asks again at once\n{}", stage.story());
    // Whoever stopped does not stand in the way of the next.
    stage.nemo.play(Scenario::Normal);
    user.says("write a haiku about the sea");
    stage.journal_has("run-end", |_| true).await;
    until(&stage, "the ledger speaks", || stage.logs().contains("An anonymous token was obtained")).await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_the_balance_while_the_account_is_opened_gets_it(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    stage.nemo.play(Scenario::SlowAccount);
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    stage.journal_has("token-waits", |_| true).await;
    user.says("/credits");
    stage.takes(2).await;
    stage.nemo.release();
    user.sees("Credits: ").await;
    assert_eq!((user.count("can't read the balance"), stage.count("token")), (0, 1), "{:#?}", user.texts());

    // Where it takes longer nobody waits in silence.
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    until(&stage, "another account is asked for", || stage.count("token-waits") == 2).await;
    user.says("/credits");
    user.sees("can't read the balance").await;
    stage.nemo.release();
    user.sees("What should I do with it?").await;
    user.presses("Try again").await;
    user.sees("Credits: ").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_free_accounts_is_asked_twice_and_the_operator_told(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    for obtained in 1..=2 {
        let other = stage.user_on(on, "en");
        other.sends_clip(None).await;
        other.sees("What should I do with it?").await;
        let said = format!("about 10 per address in 7 days obtained={obtained}");
        assert!(stage.logs().contains(&said), "{said}\n{}", stage.story());
    }
    let user = stage.user_on(on, "en");
    stage.nemo.play(Scenario::NoAnonymous);
    user.says("write a poem about the sea");
    user.sees("no free account left").await;
    assert_eq!(stage.count("token"), 2 + 2, "{}", stage.story());
    let said = "The service refused a new anonymous token (429). It allows about 10 per address in 7 days. \
        Set NEMO_TOKEN obtained=2";
    assert!(stage.logs().contains(said), "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn my_data_holds_what_is_kept_and_no_token(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on_with(on, &[("NEMO_BOT__PRIVACY__POLICY_URL", "https://example.com/privacy")]).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(Some("add a title that says Urban Dreams")).await;
    user.sees_button("Export MP4").await;
    user.says("export");
    user.sees_video().await;
    user.says("/privacy");
    let text = user.sees("for at most 90 days").await.text;
    assert!(text.contains("Full policy: https://example.com/privacy"), "{text}");
    user.presses("My data").await;
    let data = my_data(&user).await;
    let project = &data["conversations"][0]["record"]["project"];
    assert_eq!(data["user"], format!("{on}:{}", user.person.id), "{data:#}");
    assert_eq!(project["clips"][0], "landscape.mp4", "{data:#}");
    assert!(project["session"].is_string(), "{data:#}");
    assert!(data["conversations"][0]["record"]["offers"].as_array().unwrap().is_empty(), "{data:#}");
    assert_eq!(data["renders"].as_array().map(Vec::len), Some(1), "{data:#}");
    assert!(data["person"]["account"]["user_id"].as_str().unwrap().starts_with("anon_"), "{data:#}");
    let text = data.to_string();
    assert!(!text.contains("nmv_usr") && !text.contains("\"token\""), "{data:#}");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_keeps_the_data_keeps_it(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.says("/forget");
    user.sees("This deletes your settings").await;
    user.presses("Keep").await;
    user.sees("Nothing was deleted").await;
    user.says("/status");
    user.sees("Timeline").await;
    stage.assert_clean();
}

/// A slow render takes a number of polls, and must outlast what is said beside it.
const SLOW_RENDERS: (&str, &str) = ("NEMO_BOT__NEMO__RENDER_POLL_EVERY", "2s");

/// Work in all shapes, then `/forget`: a render, a turn, a wish in line.
async fn forgets_everything(stage: &Stage, on: Platform) -> (Who, i64) {
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::RenderSlow);
    user.says("export");
    stage.journal_has("render-poll", |_| true).await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("and a haiku");
    user.sees("number 1 in line").await;
    user.says("/forget");
    user.sees("This deletes your settings").await;
    user.presses("Delete").await;
    user.sees("Deleted:").await;
    user.sees("Export stopped").await;
    user.sees_no_more("in line").await;
    (user.person.clone(), user.chat)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_forgotten_leaves_nothing_behind_and_what_ran_is_stopped(
    #[values(Telegram, Discord)] on: Platform,
) {
    let mut stage = Stage::on_with(on, &[SLOW_RENDERS]).await;
    let (person, place) = forgets_everything(&stage, on).await;
    stage.journal_has("render-cancel", |_| true).await;
    let id = person.id.to_string();
    until(&stage, "the person is still on the disk", || !holds(&stage.disk(), &id)).await;
    assert!(holds(&stage.disk(), "forgotten:"), "the mark is there");
    assert!(!holds(&stage.disk(), "anon_"), "sealed, and gone");
    stage.kill().await;
    assert!(!holds(&stage.disk(), &id), "the person is still on the disk");
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    stage.start();
    stage.listens().await;
    let user = again(&stage, person, place);
    user.sends_clip(None).await;
    user.sees("no free account left").await;
    assert_eq!((stage.count("run"), stage.count("upload")), (1, 1), "nothing came back\n{}", stage.story());
    assert_eq!(stage.count("token"), 1, "no second free account\n{}", stage.story());
    assert!(!stage.logs().contains("refused a new anonymous token"), "nobody asked the service");
    // With an account of one's own everything works at once.
    user.says(&format!("/connect {OWN}"));
    user.sees("Connected").await;
    user.sends_clip(None).await;
    user.sees_times("What should I do with it?", 2).await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_was_forgotten_is_known_after_the_key_was_changed(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on_with(on, &[("NEMO_BOT__STORE__KEY", OLD_KEY)]).await;
    let (person, place) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        user.says("/forget");
        user.presses("Delete").await;
        user.sees("Deleted:").await;
        (user.person.clone(), user.chat)
    };
    assert_eq!(stage.stop().await, Some(0));
    stage.sets("NEMO_BOT__STORE__KEY", NEW_KEY);
    stage.sets("NEMO_BOT__STORE__PREVIOUS_KEYS", OLD_KEY);
    stage.start();
    stage.listens().await;
    let user = again(&stage, person, place);
    user.sends_clip(None).await;
    user.sees("no free account left").await;
    assert_eq!(stage.count("token"), 1, "no second free account\n{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_redis_a_person_is_forgotten_as_well() {
    let redis = RedisServer::start();
    let settings = [("NEMO_BOT__STORE__URL", &*redis.url()), ("NEMO_BOT__STORE__KEY", OLD_KEY), SLOW_RENDERS];
    let mut stage = Stage::empty(&settings).await;
    stage.start();
    let (person, place) = forgets_everything(&stage, Telegram).await;
    stage.nemo.play(Scenario::Normal);
    let user = again(&stage, person, place);
    user.sends_clip(None).await;
    user.sees("no free account left").await;
    assert_eq!((stage.count("token"), stage.count("run")), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_old_key_sealed_opens_after_the_key_was_changed() {
    let mut stage = Stage::with(&[("NEMO_BOT__STORE__KEY", OLD_KEY)]).await;
    let (person, place) = {
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        (user.person.clone(), user.chat)
    };
    assert_eq!(stage.stop().await, Some(0));
    stage.sets("NEMO_BOT__STORE__KEY", NEW_KEY);
    stage.sets("NEMO_BOT__STORE__PREVIOUS_KEYS", OLD_KEY);
    stage.start();
    let user = again(&stage, person, place);
    user.says("/status");
    user.sees("Timeline").await;
    assert_eq!((stage.count("token"), stage.count("session")), (1, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_requests_of_one_person_that_meet_a_refused_token_ask_for_one_new_token() {
    const PLACES: i64 = 100;
    // Each in a place of its own, so that they run beside each other.
    let stage = Stage::with(&[("NEMO_BOT__FLOOD__BURST", "1000"), ("NEMO_BOT__RUN__HOLD", "30s")]).await;
    let user = stage.user("en");
    user.says("write a poem about the sea");
    user.sees("Concrete requests work best").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    // A second one is refused by the service: whoever asked for it has asked in vain, and has asked.
    let asks =
        |entry: &Entry| entry.kind == "token" && (entry.data["credits"].is_number() || entry.data["refused"] == true);
    let asked = || stage.journal.after(0).into_iter().filter(asks).collect::<Vec<_>>();
    assert_eq!(asked().len(), 1, "{}", stage.story());
    let places: Vec<_> = (1..=PLACES).map(|number| user.at(-1_001_234_000_000 - number)).collect();
    for place in &places {
        stage.telegram.opens_group(&user.person, place.chat, "Friends");
    }
    stage.nemo.play(Scenario::TokenExpired);
    for place in &places {
        place.says("@nemo_sandbox_bot write a limerick");
    }
    let answered = async {
        for place in &places {
            place.sees("Concrete requests work best").await;
        }
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
    };
    // One more than may be is told at once: nobody need be answered for that.
    tokio::select! {
        () = answered => {}
        _ = stage.journal.wait_for(|entry| asks(entry) && asked().len() > 2) => {}
    }
    let asked = asked();
    assert_eq!(asked.len(), 2, "{asked:#?}\n{}", stage.story());
    assert_eq!(asked[0].data["user"], asked[1].data["user"], "the same account");
    assert_eq!(stage.count("run"), places.len() + 1, "{}", stage.story());
    stage.assert_clean();
}
