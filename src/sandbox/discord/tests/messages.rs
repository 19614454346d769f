//! Messages of the bot: what may stand in them, and what happens to those that may not.

use super::*;

#[tokio::test]
async fn a_message_is_sent_edited_read_and_deleted() {
    let bench = Bench::new().await;
    let id = bench.send(bench.channel, "hello").await;
    let path = format!("{}/{id}", messages(bench.channel));
    let edit = json!({ "content": "hello there", "components": row(&json!([button("Stop", "s")])) });
    let edited = bench.call("PATCH", &path, edit).await;
    assert_eq!(edited.body["content"], "hello there");
    assert!(edited.body["edited_timestamp"].is_string());
    assert!(edited.body["components"][0]["components"][0]["id"].is_u64(), "every component has an id");
    assert_eq!(edited.body["author"]["public_flags"], 0);
    let read = bench.get(&path).await;
    assert_eq!(read.body["content"], "hello there");
    let shown = bench.emulator.shown(bench.channel);
    assert_eq!((shown[0].text.as_str(), shown[0].edits, shown[0].from), ("hello there", 1, "bot"));
    assert_eq!(shown[0].buttons[0][0].custom_id.as_deref(), Some("s"));
    assert_eq!(bench.call("PATCH", &path, json!({ "content": null, "components": [] })).await.refusal(), (400, 50006));
    assert_eq!(bench.call("DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(bench.get(&path).await.refusal(), (404, 10008));
    assert_eq!(bench.emulator.shown(bench.channel).len(), 0);
    bench.no_breach();
}

#[tokio::test]
async fn sizes_are_those_of_bots() {
    let bench = Bench::new().await;
    let path = messages(bench.channel);
    let flaw = async |body| bench.flaw("POST", &path, body).await;
    assert_eq!(bench.call("POST", &path, json!({ "content": "x".repeat(2000) })).await.status, 200);
    assert_eq!(flaw(json!({ "content": "x".repeat(2001) })).await, "content BASE_TYPE_MAX_LENGTH");
    let embed = |size: usize| json!({ "description": "x".repeat(size) });
    assert_eq!(bench.call("POST", &path, json!({ "embeds": [embed(4096), embed(1904)] })).await.status, 200);
    assert_eq!(flaw(json!({ "embeds": [embed(4096), embed(1905)] })).await, "embeds MAX_EMBED_SIZE_EXCEEDED");
    assert_eq!(flaw(json!({ "embeds": [embed(4097)] })).await, "embeds/0/description BASE_TYPE_MAX_LENGTH");
    let eleven: Vec<_> = (0..11).map(|_| embed(1)).collect();
    assert_eq!(flaw(json!({ "embeds": eleven })).await, "embeds BASE_TYPE_MAX_LENGTH");
    assert_eq!(flaw(json!({ "content": "x", "nonce": "x".repeat(26) })).await, "nonce BASE_TYPE_MAX_LENGTH");
    for empty in [json!({}), json!({ "content": "" }), json!({ "content": "  ", "flags": 4096 })] {
        assert_eq!(bench.call("POST", &path, empty).await.refusal(), (400, 50006));
    }
    assert_eq!(flaw(json!({ "content": 5 })).await, "content STRING_TYPE_CONVERT");
    bench.no_breach();
}

#[tokio::test]
async fn buttons_are_whole_and_told_apart() {
    let bench = Bench::new().await;
    let path = messages(bench.channel);
    let flaw = async |buttons| {
        let found = bench.flaw("POST", &path, json!({ "content": "x", "components": row(&buttons) })).await;
        found.replace("components/0/components", "row")
    };
    assert_eq!(
        flaw(json!([button("a", "1"), button("b", "1")])).await,
        "row/1/custom_id COMPONENT_CUSTOM_ID_DUPLICATED"
    );
    assert_eq!(
        flaw(json!([{ "type": 2, "style": 1, "label": "a" }])).await,
        "row/0 BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"
    );
    assert_eq!(flaw(json!([button("a", &"x".repeat(101))])).await, "row/0/custom_id BASE_TYPE_BAD_LENGTH");
    assert_eq!(flaw(json!([button(&"x".repeat(81), "1")])).await, "row/0/label BASE_TYPE_MAX_LENGTH");
    assert_eq!(flaw(json!([{ "type": 2, "style": 5, "label": "a" }])).await, "row/0 BUTTON_COMPONENT_URL_REQUIRED");
    let both = json!([{ "type": 2, "style": 5, "label": "a", "url": "https://example.com", "custom_id": "1" }]);
    assert_eq!(flaw(both).await, "row/0 BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE");
    let six: Vec<_> = (0..6).map(|at| button("a", &at.to_string())).collect();
    assert_eq!(flaw(json!(six)).await, "row BASE_TYPE_BAD_LENGTH");
    let rows: Vec<_> = (0..6).map(|at| row(&json!([button("a", &at.to_string())]))[0].clone()).collect();
    let found = bench.flaw("POST", &path, json!({ "content": "x", "components": rows })).await;
    assert_eq!(found, "components BASE_TYPE_MAX_LENGTH");
    bench.no_breach();
}

#[tokio::test]
async fn components_v2_and_the_old_fields_never_meet() {
    let bench = Bench::new().await;
    let path = messages(bench.channel);
    let text = |size: usize| json!({ "type": 10, "content": "x".repeat(size) });
    let flaw = async |body| bench.flaw("POST", &path, body).await;
    let unflagged = flaw(json!({ "components": [text(1)] })).await;
    assert_eq!(unflagged, "components/0/type UNION_TYPE_CHOICES");
    for (name, value) in [("content", json!("x")), ("embeds", json!([{ "title": "x" }]))] {
        let found = flaw(json!({ "flags": 1 << 15, "components": [text(1)], name: value })).await;
        assert_eq!(found, format!("{name} MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"));
    }
    let v2 = |parts: Value| json!({ "flags": 1 << 15, "components": parts });
    assert_eq!(flaw(v2(json!([text(3000), text(1001)]))).await, "components COMPONENT_MAX_TOTAL_TEXT_LENGTH");
    let forty: Vec<_> = (0..40).map(|_| text(1)).collect();
    let container = |inside: &[Value]| json!([{ "type": 17, "components": inside }]);
    assert_eq!(flaw(v2(container(&forty))).await, "components BASE_TYPE_MAX_LENGTH", "the container counts too");
    assert_eq!(bench.call("POST", &path, v2(container(&forty[..39]))).await.status, 200);
    let card = json!([{ "type": 17, "components": [
        { "type": 10, "content": "## Title" },
        { "type": 9, "components": [text(2)], "accessory": button("Copy", "c") },
        { "type": 14 },
        { "type": 1, "components": [button("Go", "g")] },
    ] }]);
    let id = bench.call("POST", &path, v2(card)).await.id();
    let shown = bench.emulator.shown(bench.channel).pop().unwrap();
    assert_eq!(shown.text, "## Title\n\nxx");
    let labels: Vec<_> = shown.buttons.iter().flatten().map(|button| button.text.as_str()).collect();
    assert_eq!(labels, ["Copy", "Go"]);
    // Once set, the flag stays.
    let edit = format!("{path}/{id}");
    let found = bench.flaw("PATCH", &edit, json!({ "content": "plain again", "flags": 0 })).await;
    assert_eq!(found, "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2");
    let plain = bench.send(bench.channel, "plain").await;
    let edit = format!("{path}/{plain}");
    assert_eq!(bench.call("PATCH", &edit, v2(json!([text(1)]))).await.status, 400, "the old text has to go first");
    let mut body = v2(json!([text(1)]));
    body["content"] = Value::Null;
    assert_eq!(bench.call("PATCH", &edit, body).await.status, 200);
    bench.no_breach();
}

#[tokio::test]
async fn names_that_do_nothing_are_breaches() {
    let bench = Bench::new().await;
    let path = messages(bench.channel);
    bench.flaw("POST", &path, json!({ "content": "x", "silent": true })).await;
    bench.flaw("POST", &path, json!({ "content": "x", "embeds": [{ "titel": "x" }] })).await;
    bench.flaw("POST", &path, json!({ "content": "x", "components": row(&json!([{ "type": 2, "style": 1, "label": "a", "custom_id": "a", "value": "b" }])) })).await;
    bench.get(&format!("{path}?limt=5")).await;
    assert_eq!(bench.emulator.breaches().len(), 4, "{:?}", bench.emulator.breaches());
    for (method, path) in [("GET", "/guilds/1/roles"), ("PATCH", "/users/@me"), ("DELETE", path.as_str())] {
        let answer = bench.request(method, path).send().await.unwrap();
        assert!(matches!(answer.status().as_u16(), 404 | 405));
    }
    let old = format!("{}/api/v9/gateway", bench.emulator.url());
    assert_eq!(bench.client.get(old).send().await.unwrap().status(), 404);
    assert_eq!(bench.emulator.breaches().len(), 8);
    let breach = bench.journal.wait_for(|entry| entry.kind == "breach").await;
    assert_eq!((breach.source, breach.line.as_str()), ("discord", "unknown field silent"));
}

#[tokio::test]
async fn an_enforced_nonce_makes_one_message_of_two_calls() {
    let bench = Bench::new().await;
    let path = messages(bench.channel);
    let body = |text: &str| json!({ "content": text, "nonce": "t1:1", "enforce_nonce": true });
    let rule = FaultRule::on("POST", "/channels/*/messages", FaultAction::DropAnswerAfterCommit).containing("first");
    bench.emulator.fault(rule);
    assert!(bench.request("POST", &path).json(&body("first")).send().await.is_err(), "the answer is lost");
    let again = bench.call("POST", &path, body("first")).await;
    assert_eq!(again.body["content"], "first");
    let other = bench.call("POST", &path, body("second")).await;
    assert_eq!(other.id(), again.id(), "the first message comes back");
    assert_eq!(bench.emulator.shown(bench.channel).len(), 1);
    let free = json!({ "content": "third", "nonce": "t1:1" });
    assert_ne!(bench.call("POST", &path, free).await.id(), again.id(), "without enforce_nonce there are two");
    let elsewhere = bench.emulator.a_channel(bench.server, "other");
    assert_ne!(bench.call("POST", &messages(elsewhere), body("x")).await.id(), again.id());
}

#[tokio::test]
async fn mentions_ring_unless_they_are_held_back() {
    let bench = Bench::new().await;
    let all = permissions::USUAL | permissions::MENTION_EVERYONE;
    bench.emulator.allows(bench.channel, all);
    let original = bench.emulator.says(&bench.user, bench.channel, "a question");
    let path = messages(bench.channel);
    let reply = json!({ "message_id": original.to_string() });
    let body = json!({ "content": "@everyone <@42> <@43>", "message_reference": reply });
    let sent = bench.call("POST", &path, body.clone()).await;
    assert_eq!((&sent.body["type"], &sent.body["mention_everyone"]), (&json!(19), &json!(true)));
    assert_eq!(sent.body["referenced_message"]["content"], "a question");
    let shown = |at: usize| bench.emulator.shown(bench.channel)[at].clone();
    assert_eq!(shown(1).pings, ["42", "43", "everyone"]);
    assert_eq!(shown(1).reply_to, Some(original));
    let mut quiet = body;
    quiet["allowed_mentions"] = json!({ "parse": [] });
    bench.call("POST", &path, quiet).await;
    assert_eq!(shown(2).pings, Vec::<String>::new());
    let gone = json!({ "content": "x", "message_reference": { "message_id": "1" } });
    assert_eq!(bench.flaw("POST", &path, gone.clone()).await, "message_reference REPLIES_UNKNOWN_MESSAGE");
    let mut lenient = gone;
    lenient["message_reference"]["fail_if_not_exists"] = json!(false);
    assert_eq!(bench.call("POST", &path, lenient).await.body["type"], 0);
    bench.no_breach();
}

#[tokio::test]
async fn who_may_not_is_told_so_by_discords_codes() {
    let bench = Bench::new().await;
    let emulator = &bench.emulator;
    let post = async |channel: u64| bench.call("POST", &messages(channel), json!({ "content": "x" })).await.refusal();
    assert_eq!(post(5).await, (404, 10003));
    emulator.allows(bench.channel, permissions::USUAL & !permissions::SEND);
    assert_eq!(post(bench.channel).await, (403, 50013));
    emulator.allows(bench.channel, permissions::USUAL & !permissions::VIEW);
    assert_eq!(post(bench.channel).await, (403, 50001));
    assert_eq!(post(emulator.a_foreign_channel("away")).await, (403, 50001));
    let group = emulator.a_group(&[&bench.user]);
    assert_eq!(post(group).await, (403, 50001));
    assert_eq!(bench.get(&format!("/channels/{group}")).await.refusal(), (403, 50001));
    emulator.allows(bench.channel, permissions::USUAL);
    let theirs = emulator.says(&bench.user, bench.channel, "mine");
    let path = format!("{}/{theirs}", messages(bench.channel));
    assert_eq!(bench.call("PATCH", &path, json!({ "content": "x" })).await.refusal(), (403, 50005));
    assert_eq!(bench.call("DELETE", &path, Value::Null).await.refusal(), (403, 50013));
    emulator.closes_dm(&bench.user);
    assert_eq!(post(emulator.dm(&bench.user)).await, (403, 50007));
    emulator.allows(bench.channel, permissions::VIEW | permissions::READ_HISTORY);
    let react = format!("{path}/reactions/%E2%9C%85/@me");
    assert_eq!(bench.call("PUT", &react, Value::Null).await.refusal(), (403, 50013));
    emulator.allows(bench.channel, permissions::USUAL);
    assert_eq!(bench.call("PUT", &react, Value::Null).await.status, 204);
    assert_eq!(emulator.shown(bench.channel)[0].reactions, ["✅"]);
    let no_emoji = format!("{path}/reactions/eyes/@me");
    assert_eq!(bench.call("PUT", &no_emoji, Value::Null).await.refusal(), (400, 10014));
    bench.no_breach();
}

#[tokio::test]
async fn a_list_goes_on_after_what_was_seen() {
    let bench = Bench::new().await;
    let ids: Vec<_> = (0..5).map(|at| bench.emulator.says(&bench.user, bench.channel, &format!("word {at}"))).collect();
    assert!(ids.is_sorted(), "ids grow");
    let list = async |query: String| {
        let answered = bench.get(&format!("{}{query}", messages(bench.channel))).await;
        let words = answered.body.as_array().unwrap().iter().map(|one| one["content"].as_str().unwrap().to_owned());
        words.collect::<Vec<_>>()
    };
    assert_eq!(list(format!("?after={}&limit=2", ids[1])).await, ["word 3", "word 2"], "the oldest two, newest first");
    assert_eq!(list("?limit=2".to_owned()).await, ["word 4", "word 3"]);
    assert_eq!(
        bench.flaw("GET", &format!("{}?limit=101", messages(bench.channel)), Value::Null).await,
        "limit NUMBER_TYPE_MAX"
    );
    bench.no_breach();
}
