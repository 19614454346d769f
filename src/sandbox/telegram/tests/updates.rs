//! What reaches the bot: polls, confirmations, kinds, groups and topics.

use super::*;

#[tokio::test]
async fn a_poll_is_held_until_somebody_writes_and_only_a_higher_offset_confirms() {
    let bench = Bench::new().await;
    let poll = bench.call("getUpdates", json!({ "timeout": 50 }));
    let writes = async {
        bench.journal.wait_for(|entry| entry.kind == "poll").await;
        bench.emulator.says(&bench.user, CHAT, "/start now")
    };
    let (polled, first) = tokio::join!(poll, writes);
    let polled = polled.unwrap();
    assert_eq!(polled[0]["message"]["message_id"], first);
    assert_eq!(polled[0]["message"]["entities"], json!([{ "type": "bot_command", "offset": 0, "length": 6 }]));
    bench.emulator.says(&bench.user, CHAT, "second");

    let again = bench.waiting().await;
    assert_eq!(again.len(), 2, "what is not confirmed comes again");
    assert_eq!(again[0], polled[0]);
    let id = again[0]["update_id"].as_i64().unwrap();
    assert_eq!(again[1]["update_id"], id + 1);
    let rest = bench.call("getUpdates", json!({ "offset": id + 1 })).await.unwrap();
    assert_eq!(rest, json!([again[1]]));
    assert_eq!(bench.waiting().await, [again[1].clone()], "a confirmed update never comes again");
    let handed_out = bench.journal.after(0).into_iter().filter(|entry| entry.kind == "update");
    let handed_out: Vec<Value> = handed_out.map(|entry| entry.data["update_id"].clone()).collect();
    assert_eq!(handed_out, [id, id, id + 1, id + 1, id + 1]);
}

#[tokio::test]
async fn a_second_poller_ends_the_first_one_with_409() {
    let bench = Bench::new().await;
    let first = bench.call("getUpdates", json!({ "timeout": 50 }));
    let second = async {
        bench.journal.wait_for(|entry| entry.kind == "poll").await;
        bench.call("getUpdates", json!({})).await
    };
    let (first, second) = tokio::join!(first, second);
    let (code, description) = first.unwrap_err();
    assert_eq!(code, 409);
    assert!(description.starts_with("Conflict: terminated by other getUpdates request"), "{description}");
    assert_eq!(second.unwrap(), json!([]));

    let third = bench.call("getUpdates", json!({ "timeout": 50 }));
    let forget = async {
        bench.journal.wait_for(|entry| entry.kind == "refused").await;
        while bench.emulator.calls().len() < 3 {
            tokio::task::yield_now().await;
        }
        bench.emulator.says(&bench.user, CHAT, "hello");
    };
    let (third, ()) = tokio::join!(third, forget);
    assert_eq!(third.unwrap().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_the_kinds_that_the_bot_asked_for_are_delivered() {
    let bench = Bench::new().await;
    bench.call("getUpdates", json!({ "allowed_updates": ["edited_message"] })).await.unwrap();
    let message = bench.emulator.says(&bench.user, CHAT, "hello");
    assert!(bench.emulator.edits_own(&bench.user, CHAT, message, "hello again"));
    let updates = bench.waiting().await;
    assert_eq!(updates.len(), 1, "the choice stays in force: {updates:?}");
    assert_eq!(updates[0]["edited_message"]["text"], "hello again");
    bench.call("getUpdates", json!({ "offset": -1, "allowed_updates": [] })).await.unwrap();
    bench.emulator.blocks(&bench.user, true);
    assert_eq!(bench.waiting().await[1]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    let (code, description) = bench.call("sendMessage", json!({ "chat_id": CHAT, "text": "x" })).await.unwrap_err();
    assert_eq!((code, description.as_str()), (403, "Forbidden: bot was blocked by the user"));
}

#[tokio::test]
async fn a_group_keeps_its_privacy_and_takes_no_drafts() {
    let group = -1_001_234_567_890;
    let bench = Bench::new().await;
    let (emulator, user) = (&bench.emulator, &bench.user);
    emulator.opens_group(user, group, "Cutting room");
    emulator.says(user, group, "just talking");
    emulator.says(user, group, "/export@another_bot");
    emulator.says(user, group, "/export");
    emulator.says(user, group, "🎬 @Nemo_Sandbox_Bot cut it");
    let sent = bench.call("sendMessage", json!({ "chat_id": group, "text": "Here" })).await.unwrap();
    emulator.replies(user, group, sent["message_id"].as_i64().unwrap(), "thanks");
    let texts: Vec<Value> = bench.waiting().await.iter().map(|update| update["message"]["text"].clone()).collect();
    assert_eq!(texts, ["/export", "🎬 @Nemo_Sandbox_Bot cut it", "thanks"]);
    assert_eq!(emulator.shown(group).len(), 6);
    let draft = json!({ "chat_id": group, "draft_id": 1, "text": "x" });
    assert_eq!(bench.refused("sendMessageDraft", draft).await, "TEXTDRAFT_PEER_INVALID");
    let member = json!({ "chat_id": group, "user_id": user.id });
    assert_eq!(bench.call("getChatMember", member.clone()).await.unwrap()["status"], "creator");
    emulator.has_status(user, group, "administrator");
    bench.call("getChatMember", member).await.unwrap();
    assert_eq!(bench.call("getChat", json!({ "chat_id": group })).await.unwrap()["title"], "Cutting room");
    assert_eq!(emulator.chats()[0].kind, "supergroup");
}

#[tokio::test]
async fn an_administrator_is_shown_every_message_and_who_was_removed_none() {
    let (group, supergroup) = (-5, -1_001_234_567_890);
    let bench = Bench::new().await;
    let (emulator, user) = (&bench.emulator, &bench.user);
    emulator.opens_group(user, group, "Cutting room");
    emulator.says(user, group, "just talking");
    emulator.promotes_bot(user, group, true);
    emulator.says(user, group, "talking on");
    let me = bench.call("getMe", json!({})).await.unwrap()["id"].take();
    let member = bench.call("getChatMember", json!({ "chat_id": group, "user_id": me })).await.unwrap();
    assert_eq!(member["status"], "administrator");
    emulator.promotes_bot(user, group, false);
    emulator.says(user, group, "and on");
    emulator.removes_bot(user, group);
    emulator.says(user, group, "/export");
    let updates = bench.waiting().await;
    for update in &updates {
        assert_eq!(API.0.check(update, "Update"), []);
    }
    let texts: Vec<&Value> = updates.iter().filter_map(|update| update["message"].get("text")).collect();
    assert_eq!(texts, ["talking on"]);
    assert_eq!(updates.last().unwrap()["my_chat_member"]["new_chat_member"]["status"], "kicked");
    emulator.opens_group(user, supergroup, "Another");
    emulator.removes_bot(user, supergroup);
    for (chat, words) in [(group, "group"), (supergroup, "supergroup")] {
        let said = bench.call("sendMessage", json!({ "chat_id": chat, "text": "x" })).await.unwrap_err();
        assert_eq!(said, (403, format!("Forbidden: bot was kicked from the {words} chat")));
    }
}

#[tokio::test]
async fn a_topic_that_an_update_brought_can_be_answered() {
    let bench = Bench::new().await;
    let chat = json!({ "id": -1_009, "title": "Forum", "type": "supergroup", "is_forum": true });
    let message = json!({
        "message_id": 7,
        "message_thread_id": 5,
        "is_topic_message": true,
        "from": { "id": 9, "is_bot": false, "first_name": "A new user" },
        "chat": chat,
        "date": 1,
        "text": "hello",
    });
    bench.emulator.deliver_raw(json!({ "message": message }));
    assert_eq!(bench.waiting().await.len(), 1);
    let answer =
        json!({ "chat_id": -1_009, "message_thread_id": 5, "text": "hi", "reply_parameters": { "message_id": 7 } });
    let sent = bench.call("sendMessage", answer).await.unwrap();
    assert_eq!((&sent["message_id"], &sent["message_thread_id"]), (&json!(8), &json!(5)));
}

#[tokio::test]
async fn after_a_stop_connections_break_and_the_port_is_free() {
    let bench = Bench::new().await;
    let poll = bench.client.post(bench.address("getUpdates")).json(&json!({ "timeout": 50 })).send();
    let stop = async {
        bench.journal.wait_for(|entry| entry.kind == "poll").await;
        bench.emulator.stop().await;
    };
    let (polled, ()) = tokio::join!(poll, stop);
    assert!(polled.is_err());
    assert!(TcpListener::bind(bench.emulator.shared.address).await.is_ok());
}
