//! Threads.

use super::*;

#[tokio::test]
async fn a_thread_hangs_on_its_message_and_begins_twice() {
    let bench = Bench::with(|settings| settings.behaviour.starter_copy = true).await;
    let mut line = bench.connect(EVERYTHING).await;
    let message = bench.emulator.says(&bench.user, bench.channel, "my clip");
    line.event("MESSAGE_CREATE").await;
    let path = format!("{}/{message}/threads", messages(bench.channel));
    let opened = bench.call("POST", &path, json!({ "name": "My clip", "auto_archive_duration": 1440 })).await;
    assert_eq!((opened.status, opened.id()), (201, message), "it has the message's id");
    assert_eq!(line.event("THREAD_CREATE").await["newly_created"], true);
    let starter = line.event("MESSAGE_CREATE").await;
    assert_eq!((&starter["type"], &starter["channel_id"]), (&json!(21), &json!(message.to_string())));
    assert_eq!(starter["referenced_message"]["content"], "my clip");
    let copy = line.event("MESSAGE_CREATE").await;
    assert_eq!(
        (&copy["type"], &copy["id"], &copy["content"]),
        (&json!(0), &json!(message.to_string()), &json!("my clip"))
    );
    assert_eq!(bench.call("POST", &path, json!({ "name": "Again" })).await.refusal(), (400, 160_004));
    bench.send(message, "in the thread").await;
    assert_eq!(bench.emulator.shown(message).last().unwrap().text, "in the thread");
    assert_eq!(bench.emulator.shown(bench.channel)[0].thread, Some(message));
    let nested = format!("{}/threads", messages(message).replace("/messages", ""));
    assert_eq!(bench.call("POST", &nested, json!({ "name": "x", "type": 11 })).await.refusal(), (400, 50024));
    bench.no_breach();
}

#[tokio::test]
async fn an_archived_thread_wakes_by_words_or_by_hand_unless_it_is_locked() {
    let bench = Bench::new().await;
    let path = format!("/channels/{}/threads", bench.channel);
    let thread = bench.call("POST", &path, json!({ "name": "By itself", "type": 11 })).await.id();
    assert_eq!(bench.emulator.shown(bench.channel)[0].kind, 18);
    let message = bench.send(thread, "hello").await;
    let edit = format!("{}/{message}", messages(thread));
    bench.emulator.archives(thread, false);
    assert_eq!(bench.call("PATCH", &edit, json!({ "content": "x" })).await.refusal(), (400, 50083));
    let react = format!("{edit}/reactions/%F0%9F%91%80/@me");
    assert_eq!(bench.call("PUT", &react, Value::Null).await.refusal(), (400, 50083));
    let woken = bench.call("PATCH", &format!("/channels/{thread}"), json!({ "archived": false })).await;
    assert_eq!(woken.body["thread_metadata"]["archived"], false);
    assert_eq!(bench.call("PATCH", &edit, json!({ "content": "x" })).await.status, 200);
    bench.emulator.archives(thread, false);
    bench.send(thread, "words wake it").await;
    assert_eq!(bench.call("PATCH", &edit, json!({ "content": "y" })).await.status, 200);
    bench.emulator.archives(thread, true);
    let post = bench.call("POST", &messages(thread), json!({ "content": "x" })).await;
    assert_eq!(post.refusal(), (400, 50083));
    let wake = bench.call("PATCH", &format!("/channels/{thread}"), json!({ "archived": false })).await;
    assert_eq!(wake.refusal(), (403, 50013));
    bench.no_breach();
}

#[tokio::test]
async fn threads_have_permissions_of_their_own() {
    let bench = Bench::new().await;
    let message = bench.send(bench.channel, "here").await;
    let path = format!("{}/{message}/threads", messages(bench.channel));
    bench.emulator.allows(bench.channel, permissions::USUAL & !permissions::CREATE_THREADS);
    assert_eq!(bench.call("POST", &path, json!({ "name": "x" })).await.refusal(), (403, 50013));
    bench.emulator.allows(bench.channel, permissions::USUAL & !permissions::SEND_IN_THREADS);
    assert_eq!(bench.flaw("POST", &path, json!({})).await, "name BASE_TYPE_REQUIRED");
    assert_eq!(
        bench.flaw("POST", &path, json!({ "name": "x", "auto_archive_duration": 5 })).await,
        "auto_archive_duration BASE_TYPE_CHOICES"
    );
    let thread = bench.call("POST", &path, json!({ "name": "x" })).await.id();
    let post = bench.call("POST", &messages(thread), json!({ "content": "x" })).await;
    assert_eq!(post.refusal(), (403, 50013));
    let private = format!("/channels/{}/threads", bench.channel);
    assert_eq!(bench.call("POST", &private, json!({ "name": "x" })).await.refusal(), (403, 50013), "no type: private");
    bench.no_breach();
}

#[tokio::test]
async fn a_bot_that_may_open_no_threads_opens_none_at_all() {
    let bench = Bench::new().await;
    let message = bench.send(bench.channel, "here").await;
    bench.emulator.play(Some(Scenario::NoThreads));
    let below = format!("{}/{message}/threads", messages(bench.channel));
    let alone = format!("/channels/{}/threads", bench.channel);
    for path in [&below, &alone] {
        let refused = bench.call("POST", path, json!({ "name": "x", "type": 11 })).await;
        assert_eq!(refused.refusal(), (403, 50013), "{path}");
    }
}
