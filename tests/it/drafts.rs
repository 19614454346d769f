//! Replies that grow as drafts: `telegram.drafts`.

use std::time::Duration;

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::{FaultAction, FaultRule, ShownDraft, TelegramEmulatorSettings, TelegramTimes};
use serde_json::{Value, json};

use super::bot::{Stage, User, quick_telegram};

const ON: (&str, &str) = ("NEMO_BOT__TELEGRAM__DRAFTS", "true");
const RENEWAL: &str = "NEMO_BOT__TELEGRAM__DRAFT_RENEWAL";
const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";
/// What the agent says to that before it hangs, and what it says in the end.
const BEGUN: &str = "landscape.mp4";
const WHOLE: &str = "Tags";
const PATIENCE: Duration = Duration::from_secs(30);
const GROUP: i64 = -1_001_234;

#[tokio::test(flavor = "multi_thread")]
async fn a_private_reply_grows_as_a_draft_and_ends_in_exactly_one_message() {
    let stage = Stage::with(&[ON]).await;
    let user = ready(&stage).await;
    let before = calls(&user).len();
    stage.nemo.play(Scenario::Hang);
    user.says(WISH);
    let draft = sees_draft(&user, BEGUN).await;
    assert!(draft.draft_id != 0 && draft.can_stop, "{draft:?}");
    assert_eq!(texts_since(&user, before), Vec::<String>::new(), "no message before the text is complete");
    stage.nemo.release();
    let answer = user.sees(WHOLE).await;
    user.sees_button("Export MP4").await;
    assert!(!answer.silent, "the answer rings");
    user.rests().await;
    let since = &calls(&user)[before..];
    assert_eq!(count(since, "sendMessage"), 1, "{}", stage.story());
    assert_eq!(count(since, "editMessageText"), 0, "{}", stage.story());
    let ids: Vec<_> = drafts(since).map(|body| body["draft_id"].clone()).collect();
    assert!(ids.len() >= 2 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let progress: Vec<_> =
        drafts(since).filter(|body| body["text"].as_str().unwrap().contains("Working on it")).collect();
    assert!(!progress.is_empty(), "it shows that it works before there is a text");
    assert_eq!(user.count("Working on it"), 0);
    assert_eq!(stage.telegram.draft(user.chat), None);
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_with_words_is_confirmed_and_the_answer_grows_as_a_draft() {
    let stage = Stage::with(&[ON]).await;
    let user = stage.user("en");
    user.sends_clip(Some(WISH)).await;
    user.sees(WHOLE).await;
    user.sees_button("Export MP4").await;
    user.rests().await;
    let calls = calls(&user);
    let (answer, upload) = (user.sees(WHOLE).await, user.sees("✅ Uploaded. Working on").await);
    assert!(answer.message_id > upload.message_id && upload.buttons.is_empty(), "{}", stage.story());
    assert_eq!(answer.edits, 0, "the answer is one message that was sent once");
    assert!(drafts(&calls).count() > 0, "{}", stage.story());
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_to_which_nothing_new_comes_is_shown_again_before_it_ends() {
    let times = TelegramTimes { draft_life: Duration::from_secs(4), ..TelegramTimes::relaxed() };
    let telegram = TelegramEmulatorSettings { times, ..quick_telegram() };
    let stage = Stage::with_telegram(telegram, &[ON, (RENEWAL, "1s")]).await;
    let user = ready(&stage).await;
    stage.nemo.play(Scenario::Hang);
    user.says(WISH);
    let draft = sees_draft(&user, BEGUN).await;
    // Calls go out once a second: as many as take two of its lives.
    let renewed = |calls: &[Call]| drafts(calls).filter(|body| body["text"] == draft.text.as_str()).count();
    until(&user, "nine renewals", || (renewed(&calls(&user)) > 8).then_some(())).await;
    assert_eq!(stage.telegram.shown_draft(user.chat), Some(draft), "it never went\n{}", stage.story());
    stage.nemo.release();
    user.sees(WHOLE).await;
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_another_message_of_ours_took_away_comes_back() {
    // With the ordinary renewal, so that it is not that which brings it back.
    let stage = Stage::with(&[ON]).await;
    let user = ready(&stage).await;
    stage.nemo.play(Scenario::Hang);
    user.says(WISH);
    let draft = sees_draft(&user, BEGUN).await;
    user.says("/credits");
    user.sees("Credits:").await;
    assert_eq!(sees_draft(&user, BEGUN).await, draft);
    stage.nemo.release();
    user.sees(WHOLE).await;
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn telegrams_stop_ends_the_run_and_what_was_said_stays_as_a_message() {
    let stage = Stage::with(&[ON]).await;
    let user = ready(&stage).await;
    let before = calls(&user).len();
    stage.nemo.play(Scenario::Hang);
    user.says(WISH);
    let draft = sees_draft(&user, BEGUN).await;
    assert!(stage.telegram.stops_draft(user.chat));
    let stopped = user.sees("Stopped waiting").await;
    assert!(stopped.text.contains(BEGUN), "{}", stopped.text);
    let end = stage.journal_has("run-end", |_| true).await;
    assert_eq!(end.data["how"], "cancelled", "{end:?}");
    user.rests().await;
    let since = &calls(&user)[before..];
    assert_eq!((count(since, "sendMessage"), count(since, "editMessageText")), (1, 0), "{}", stage.story());

    // The same press once more must not stop the next reply.
    stage.nemo.allow_repeat();
    user.says(WISH);
    sees_draft(&user, BEGUN).await;
    let chat = json!({ "id": user.chat, "type": "private", "first_name": "New user" });
    stage.telegram.deliver_raw(json!({ "stopped_message_generation": { "chat": chat, "draft_id": draft.draft_id } }));
    user.says("/credits");
    user.sees("Credits:").await;
    stage.nemo.release();
    user.sees(WHOLE).await;
    assert_eq!(user.count("Stopped waiting"), 1);
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_draft_makes_the_rest_of_that_reply_go_on_by_edits() {
    let refusals = [
        (404, "Not Found: method not found", None),
        (404, "Not Found", None),
        (400, "Bad Request: TEXTDRAFT_PEER_INVALID", None),
        (400, "Bad Request: something new", Some(BEGUN)),
    ];
    let stage = Stage::with(&[ON]).await;
    let user = ready(&stage).await;
    for (code, description, at) in refusals {
        let before = calls(&user).len();
        let seen = user.count(WHOLE);
        let refusal = FaultAction::Status { code, description: description.to_owned(), retry_after: None };
        let rule = FaultRule::on("sendMessageDraft", refusal);
        stage
            .telegram
            .fault(at.map_or(rule.clone(), |text| FaultRule { text_contains: Some(text.to_owned()), ..rule }));
        stage.nemo.allow_repeat();
        stage.nemo.play(Scenario::Hang);
        let begun = user.count(BEGUN);
        user.says(WISH);
        until(&user, "words in a message", || (user.count(BEGUN) > begun).then_some(())).await;
        stage.nemo.play(Scenario::Normal);
        stage.nemo.release();
        until(&user, "the answer", || (user.count(WHOLE) > seen).then_some(())).await;
        user.rests().await;
        assert_eq!(user.count(WHOLE), seen + 1, "{description}: once\n{}", stage.story());
        let since = calls(&user).split_off(before);
        let last = since.iter().rposition(|(method, _)| method == "sendMessageDraft").unwrap();
        let edits = since.iter().position(|(method, _)| method == "editMessageText").unwrap();
        assert!(last < edits, "{description}: no draft after the first edit\n{}", stage.story());
        assert_eq!(count(&since, "sendMessage"), 1, "{description}\n{}", stage.story());
    }
    // The next reply tries again.
    let before = calls(&user).len();
    stage.nemo.allow_repeat();
    user.says(WISH);
    until(&user, "a reply by drafts", || (count(&calls(&user)[before..], "sendMessage") == 1).then_some(())).await;
    user.rests().await;
    assert_eq!(count(&calls(&user)[before..], "editMessageText"), 0, "{}", stage.story());
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_penalty_on_drafts_is_waited_out_and_the_answer_comes_once() {
    let stage = Stage::with(&[ON]).await;
    let user = ready(&stage).await;
    let before = calls(&user).len();
    let wait = FaultAction::Status {
        code: 429,
        description: "Too Many Requests: retry after 2".to_owned(),
        retry_after: Some(2),
    };
    stage
        .telegram
        .fault(FaultRule { text_contains: Some(BEGUN.to_owned()), ..FaultRule::on("sendMessageDraft", wait) });
    stage.nemo.play(Scenario::Hang);
    user.says(WISH);
    sees_draft(&user, BEGUN).await;
    assert!(
        drafts(&calls(&user)).filter(|body| body["text"].as_str().unwrap().contains(BEGUN)).count() > 1,
        "refused once"
    );
    stage.nemo.release();
    user.sees(WHOLE).await;
    user.rests().await;
    let since = &calls(&user)[before..];
    assert_eq!((count(since, "sendMessage"), count(since, "editMessageText")), (1, 0), "{}", stage.story());
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_sees_edits_and_never_a_draft() {
    let stage = Stage::with(&[ON]).await;
    let user = stage.user("en");
    let group = user.at(GROUP);
    stage.telegram.adds_bot(&user.person, GROUP, "Video friends");
    group.sees("In this chat I answer").await;
    group.says("write a poem about the sea, @nemo_sandbox_bot");
    let answer = group.sees("Concrete requests work best").await;
    assert!(answer.edits > 0, "{answer:?}");
    assert_eq!(drafts(&calls(&group)).count(), 0, "{}", stage.story());
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_reply_rolls_over_into_messages_that_hold_all_of_it() {
    // Slow enough for a part to fill while it grows.
    let stage = Stage::with(&[ON, ("NEMO_BOT__STREAM__EDIT_INTERVAL_TELEGRAM_PRIVATE", "1ms")]).await;
    let user = ready(&stage).await;
    let before = calls(&user).len();
    stage.nemo.play(Scenario::LongReply);
    user.says(WISH);
    user.sees("That is the whole list.").await;
    user.sees_button("Export MP4").await;
    user.rests().await;
    let whole = user.texts().join("\n");
    let numbers: Vec<usize> = whole.split("line ").skip(1).filter_map(|rest| rest.get(..4)?.parse().ok()).collect();
    assert_eq!(numbers, (1..=810).collect::<Vec<_>>(), "{whole}");
    let since = &calls(&user)[before..];
    assert_eq!(count(since, "editMessageText"), 0, "{}", stage.story());
    assert!(count(since, "sendMessage") >= 6, "{}", stage.story());
    // A part has a draft of its own, and none comes back once its part is a message.
    let mut last = 0;
    for (method, body) in since {
        if method == "sendMessageDraft" {
            let id = body["draft_id"].as_u64().unwrap();
            assert!(id >= last, "{}", stage.story());
            last = id;
        }
    }
    let parts: Vec<_> = user.bot_messages().into_iter().filter(|message| message.text.contains("line 0")).collect();
    let (end, full) = parts.split_last().unwrap();
    assert!(full.iter().all(|part| part.silent && part.buttons.is_empty()) && !end.silent, "{parts:#?}");
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_a_draft_shows_the_text_comes_once_as_a_message_and_the_run_is_not_repeated() {
    let settings = [ON, (RENEWAL, "1s"), ("NEMO_BOT__NEMO__RECHECK_FIRST", "3s")];
    let mut stage = Stage::with(&settings).await;
    let (person, chat, before) = {
        let user = ready(&stage).await;
        let before = calls(&user).len();
        stage.nemo.play(Scenario::Hang);
        user.says(WISH);
        let draft = sees_draft(&user, BEGUN).await;
        // Some seconds: a heartbeat has stored the text meanwhile.
        let shown = |calls: &[Call]| drafts(calls).filter(|body| body["text"] == draft.text.as_str()).count();
        until(&user, "four renewals", || (shown(&calls(&user)) >= 4).then_some(())).await;
        (user.person.clone(), user.chat, before)
    };
    stage.kill().await;
    stage.nemo.play(Scenario::Normal);
    stage.start();
    let user = User { stage: &stage, person, chat };
    let draft = sees_draft(&user, "I was restarted").await;
    assert!(draft.text.contains(BEGUN), "{draft:?}");
    let report = user.sees("The connection broke").await;
    assert!(report.text.contains(BEGUN), "{}", report.text);
    user.rests().await;
    let since = &calls(&user)[before..];
    assert_eq!((count(since, "sendMessage"), count(since, "editMessageText")), (1, 0), "{}", stage.story());
    assert_eq!(stage.count("run"), 1, "never sent again\n{}", stage.story());
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_while_a_draft_shows_it_says_so_in_the_draft_and_posts_after_the_restart() {
    let mut stage = Stage::with(&[ON]).await;
    let (person, chat, before) = {
        let user = ready(&stage).await;
        let before = calls(&user).len();
        stage.nemo.play(Scenario::Hang);
        user.says(WISH);
        sees_draft(&user, BEGUN).await;
        (user.person.clone(), user.chat, before)
    };
    assert_eq!(stage.stop().await, Some(0), "an orderly stop\n{}", stage.story());
    let user = User { stage: &stage, person: person.clone(), chat };
    let last = drafts(&calls(&user)).last().unwrap().clone();
    assert!(last["text"].as_str().unwrap().contains("I'm being restarted"), "{last}");
    stage.start();
    let user = User { stage: &stage, person, chat };
    let report = user.sees("The connection broke").await;
    assert!(report.text.contains(BEGUN), "{}", report.text);
    user.rests().await;
    let since = &calls(&user)[before..];
    assert_eq!((count(since, "sendMessage"), count(since, "editMessageText")), (1, 0), "{}", stage.story());
    assert_eq!(stage.count("run"), 1);
    ends_clean(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_setting_there_is_no_draft() {
    let stage = Stage::open().await;
    let user = ready(&stage).await;
    user.says(WISH);
    user.sees(WHOLE).await;
    user.sees_button("Export MP4").await;
    assert_eq!(drafts(&calls(&user)).count(), 0, "{}", stage.story());
    ends_clean(&stage);
}

/// A method and what it was called with.
type Call = (String, Value);

/// A user with a clip in the project.
async fn ready(stage: &Stage) -> User<'_> {
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user
}

/// The calls about the user's chat, refused ones included.
fn calls(user: &User<'_>) -> Vec<Call> {
    let calls = user.stage.telegram.calls().into_iter().filter(|call| call["body"]["chat_id"] == user.chat);
    calls.map(|mut call| (method(&call), call["body"].take())).collect()
}

fn method(call: &Value) -> String {
    call["path"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned()
}

fn count(calls: &[Call], method: &str) -> usize {
    calls.iter().filter(|(called, _)| called == method).count()
}

fn drafts(calls: &[Call]) -> impl Iterator<Item = &Value> {
    calls.iter().filter(|(method, _)| method == "sendMessageDraft").map(|(_, body)| body)
}

/// What was sent as a message since so many calls.
fn texts_since(user: &User<'_>, before: usize) -> Vec<String> {
    let sent = calls(user).split_off(before).into_iter().filter(|(method, _)| method == "sendMessage");
    sent.map(|(_, body)| body["text"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn sees_draft(user: &User<'_>, words: &str) -> ShownDraft {
    let draft = || user.stage.telegram.shown_draft(user.chat).filter(|draft| draft.text.contains(words));
    until(user, words, draft).await
}

/// Waits until something that shows makes `found` find.
async fn until<T>(user: &User<'_>, what: &str, found: impl Fn() -> Option<T>) -> T {
    let mut changes = user.stage.telegram.changes();
    let wait = async {
        loop {
            changes.borrow_and_update();
            if let Some(found) = found() {
                return found;
            }
            changes.changed().await.unwrap();
        }
    };
    let found = tokio::time::timeout(PATIENCE, wait).await;
    found.unwrap_or_else(|_| panic!("{what:?} never came\n{:#?}\n{}", user.texts(), user.stage.story()))
}

fn ends_clean(stage: &Stage) {
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
