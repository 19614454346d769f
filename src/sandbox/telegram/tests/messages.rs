//! Messages, their buttons and what vanishes by itself.

use super::*;

#[tokio::test]
async fn an_edit_replaces_text_and_buttons_and_an_equal_one_is_refused() {
    let bench = Bench::new().await;
    let asked = bench.emulator.says(&bench.user, CHAT, "hello");
    let mut changes = bench.emulator.changes();
    let markup = json!({ "inline_keyboard": [[{ "text": "Stop", "callback_data": "s", "style": "danger" }]] });
    let sent = json!({
        "chat_id": CHAT,
        "text": "Working",
        "reply_markup": markup,
        "reply_parameters": { "message_id": asked },
        "link_preview_options": { "is_disabled": true },
    });
    let id = bench.call("sendMessage", sent).await.unwrap()["message_id"].as_i64().unwrap();
    assert!(changes.has_changed().unwrap());
    changes.mark_unchanged();
    let edit = |text: &str| json!({ "chat_id": CHAT, "message_id": id, "text": text, "reply_markup": markup });
    let words = bench.refused("editMessageText", edit("Working")).await;
    assert!(words.starts_with("message is not modified: specified new message content"), "{words}");
    assert!(!changes.has_changed().unwrap(), "a refused edit shows nothing");
    let edited = bench.call("editMessageText", edit("Working on it")).await.unwrap();
    assert!(edited["edit_date"].is_number() && edited["reply_markup"] == markup);
    let shown = bench.emulator.shown(CHAT).pop().unwrap();
    assert_eq!((shown.text.as_str(), shown.edits, shown.edited), ("Working on it", 1, true));
    assert_eq!((shown.reply_to, shown.preview_disabled), (Some(asked), false));
    assert_eq!(shown.buttons[0][0].style.as_deref(), Some("danger"));

    let bare = json!({ "chat_id": CHAT, "message_id": id });
    bench.call("editMessageReplyMarkup", bare.clone()).await.unwrap();
    assert!(bench.emulator.shown(CHAT)[1].buttons.is_empty());
    assert!(bench.refused("editMessageReplyMarkup", bare.clone()).await.starts_with("message is not modified"));
    assert!(bench.emulator.deletes(CHAT, id));
    assert_eq!(bench.refused("editMessageText", edit("late")).await, "message to edit not found");
    let other = bench.send("to be deleted").await;
    bench.call("deleteMessage", json!({ "chat_id": CHAT, "message_id": other })).await.unwrap();
    assert_eq!(bench.emulator.shown(CHAT).len(), 1);
    let kinds: Vec<String> = bench.journal.after(0).into_iter().map(|entry| entry.kind).collect();
    let expected = ["sent", "refused", "edited", "edited", "refused", "refused", "sent", "deleted"];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn a_pressed_button_asks_the_bot_which_may_answer_twice_but_not_late() {
    let bench = Bench::with(|settings| settings.times.callback_life = Duration::from_millis(300)).await;
    let emulator = &bench.emulator;
    emulator.says(&bench.user, CHAT, "hello");
    let keyboard =
        json!([[{ "text": "Stop", "callback_data": "v1.stop" }, { "text": "Copy", "copy_text": { "text": "t" } }]]);
    let markup = json!({ "inline_keyboard": keyboard });
    let sent = json!({ "chat_id": CHAT, "text": "Working", "reply_markup": markup });
    let id = bench.call("sendMessage", sent).await.unwrap()["message_id"].as_i64().unwrap();
    assert_eq!(emulator.presses(&bench.user, CHAT, id, "Copy"), None);
    assert_eq!(emulator.presses(&bench.user, CHAT, id, "Start"), None);
    let by_label = emulator.presses(&bench.user, CHAT, id, "Stop").unwrap();
    let by_data = emulator.presses(&bench.user, CHAT, id, "v1.stop").unwrap();
    let updates = bench.waiting().await;
    assert_eq!(API.0.check(&updates[1], "Update"), []);
    let query = &updates[1]["callback_query"];
    assert_eq!((&query["id"], &query["data"]), (&json!(by_label), &json!("v1.stop")));
    assert_eq!(query["message"]["reply_markup"]["inline_keyboard"], keyboard);
    for text in ["", "Stopping"] {
        let answer = json!({ "callback_query_id": by_label, "text": text });
        bench.call("answerCallbackQuery", answer).await.unwrap();
    }
    let answers: Vec<(String, i64)> = emulator.answers().into_iter().map(|a| (a.text, a.message_id)).collect();
    assert_eq!(answers, [(String::new(), id), ("Stopping".to_owned(), id)]);
    let pressed = Instant::now();
    tokio::time::sleep_until(pressed + Duration::from_millis(300)).await;
    let words = bench.refused("answerCallbackQuery", json!({ "callback_query_id": by_data })).await;
    assert_eq!(words, "query is too old and response timeout expired or query ID is invalid");
}

#[tokio::test]
async fn actions_and_drafts_vanish_by_themselves_or_with_a_message() {
    let bench = Bench::with(|settings| {
        settings.times.action_life = Duration::from_millis(800);
        settings.times.draft_life = Duration::from_millis(800);
    })
    .await;
    let emulator = &bench.emulator;
    emulator.says(&bench.user, CHAT, "hello");
    let typing = json!({ "chat_id": CHAT, "action": "typing" });
    bench.call("sendChatAction", typing.clone()).await.unwrap();
    assert_eq!(emulator.chat_action(CHAT).as_deref(), Some("typing"));
    let mut changes = emulator.changes();
    while emulator.chat_action(CHAT).is_some() {
        changes.changed().await.unwrap();
    }
    bench.call("sendChatAction", typing).await.unwrap();
    let draft = json!({ "chat_id": CHAT, "draft_id": 1, "text": "so far", "can_stop": true });
    bench.call("sendMessageDraft", draft.clone()).await.unwrap();
    assert_eq!(emulator.draft(CHAT).as_deref(), Some("so far"));
    bench.send("done").await;
    assert_eq!((emulator.chat_action(CHAT), emulator.draft(CHAT)), (None, None));
    assert!(!emulator.stops_draft(CHAT));
    bench.call("sendMessageDraft", draft).await.unwrap();
    assert!(emulator.stops_draft(CHAT));
    assert_eq!(bench.waiting().await[1]["stopped_message_generation"]["draft_id"], 1);
}

#[tokio::test]
async fn a_stopped_draft_goes_or_stays_without_its_button() {
    let bench = Bench::new().await;
    let emulator = &bench.emulator;
    emulator.says(&bench.user, CHAT, "hello");
    let draft = |keep: bool| json!({ "chat_id": CHAT, "draft_id": 1, "text": "so far", "can_stop": true, "keep_on_stop": keep });
    bench.call("sendMessageDraft", draft(false)).await.unwrap();
    assert!(emulator.stops_draft(CHAT));
    assert_eq!(emulator.shown_draft(CHAT), None);
    bench.call("sendMessageDraft", draft(true)).await.unwrap();
    assert!(emulator.stops_draft(CHAT));
    let shown = emulator.shown_draft(CHAT).unwrap();
    assert!(shown.text == "so far" && !shown.can_stop, "{shown:?}");
    assert!(!emulator.stops_draft(CHAT), "it can be stopped once");
}

#[tokio::test]
async fn the_menu_falls_back_from_language_to_default() {
    let bench = Bench::new().await;
    let set = |language: &str, description: &str| {
        json!({
            "commands": [{ "command": "new", "description": description }],
            "scope": { "type": "all_private_chats" },
            "language_code": language,
        })
    };
    bench.call("setMyCommands", set("", "Start over")).await.unwrap();
    bench.call("setMyCommands", set("es", "Empezar de nuevo")).await.unwrap();
    assert_eq!(bench.emulator.menu("es-MX"), [("new".to_owned(), "Empezar de nuevo".to_owned())]);
    assert_eq!(bench.emulator.menu("de"), [("new".to_owned(), "Start over".to_owned())]);
    let key = json!({ "scope": { "type": "all_private_chats" }, "language_code": "es" });
    assert_eq!(bench.call("getMyCommands", key.clone()).await.unwrap()[0]["description"], "Empezar de nuevo");
    assert_eq!(bench.call("getMyCommands", json!({})).await.unwrap(), json!([]));
    bench.call("deleteMyCommands", key).await.unwrap();
    assert_eq!(bench.emulator.menu("es")[0].1, "Start over");
}
