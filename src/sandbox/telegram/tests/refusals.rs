//! What is refused, how calls may look, rates, and failures on demand.

use std::io::Write;
use std::process::{Command, Stdio};

use axum::http::header::CONTENT_TYPE;
use reqwest::multipart::{Form, Part};

use super::*;

#[tokio::test]
async fn what_telegram_refuses_is_refused_in_its_words() {
    let bench = Bench::new().await;
    bench.emulator.says(&bench.user, CHAT, "hello");
    let text = |text: &str| json!({ "chat_id": CHAT, "text": text });
    let marked = |offset: i64, length: i64| json!({ "chat_id": CHAT, "text": "🎬!", "entities": [{ "type": "bold", "offset": offset, "length": length }] });
    let button =
        |button: Value| json!({ "chat_id": CHAT, "text": "x", "reply_markup": { "inline_keyboard": [[button]] } });
    let unclosed = json!({ "chat_id": CHAT, "text": "<b>x", "parse_mode": "HTML" });
    let topic = json!({ "chat_id": CHAT, "text": "x", "message_thread_id": 1 });
    let reply = json!({ "chat_id": CHAT, "text": "x", "reply_parameters": { "message_id": 99 } });
    for (method, parameters, words) in [
        ("sendMessage", json!({ "text": "x" }), "chat_id is empty"),
        ("sendMessage", json!({ "chat_id": 77, "text": "x" }), "chat not found"),
        ("sendMessage", json!({ "chat_id": CHAT }), "message text is empty"),
        ("sendMessage", json!({ "chat_id": CHAT, "text": 5 }), "field \"text\" must be of type String"),
        (
            "sendMessage",
            json!({ "chat_id": CHAT, "text": "x", "protect_content": "yes" }),
            "field \"protect_content\" must be of type Boolean",
        ),
        ("sendMessage", text(""), "message text is empty"),
        ("sendMessage", text(" \n "), "text must be non-empty"),
        ("sendMessage", text(&"x".repeat(4097)), "message is too long"),
        ("sendMessage", marked(1, 1), "entity begins in a middle of a UTF-16 symbol at byte offset 0"),
        ("sendMessage", marked(0, 1), "entity ends in a middle of a UTF-16 symbol at byte offset 0"),
        ("sendMessage", marked(3, 1), "entity begins after the end of the text at UTF-16 offset 3"),
        (
            "sendMessage",
            marked(2, 2),
            "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 4",
        ),
        ("sendMessage", unclosed, "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("sendMessage", topic, "message thread not found"),
        ("sendMessage", reply, "message to be replied not found"),
        (
            "sendMessage",
            button(json!({ "text": "a" })),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            button(json!({ "text": "a", "callback_data": "b", "url": "https://example.com" })),
            "can't parse inline keyboard button: exactly one action is allowed (the emulator is stricter)",
        ),
        ("sendMessage", button(json!({ "text": "a", "callback_data": "é".repeat(33) })), "BUTTON_DATA_INVALID"),
        ("sendMessage", button(json!({ "text": "a", "copy_text": { "text": "" } })), "BUTTON_COPY_TEXT_INVALID"),
        (
            "sendMessage",
            button(json!({ "text": "a", "copy_text": { "text": "x".repeat(257) } })),
            "BUTTON_COPY_TEXT_INVALID",
        ),
        (
            "sendMessage",
            button(json!({ "text": "a", "url": "not-a-url" })),
            "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
        ),
        ("editMessageText", json!({ "chat_id": CHAT, "message_id": 99, "text": "x" }), "message to edit not found"),
        ("editMessageText", json!({ "chat_id": CHAT, "message_id": 1, "text": "x" }), "message can't be edited"),
        ("deleteMessage", json!({ "chat_id": CHAT, "message_id": 99 }), "message to delete not found"),
        (
            "setMessageReaction",
            json!({ "chat_id": CHAT, "message_id": 1, "reaction": [{ "type": "emoji", "emoji": "✅" }] }),
            "REACTION_INVALID",
        ),
        ("sendChatAction", json!({ "chat_id": CHAT, "action": "thinking" }), "wrong parameter action in request"),
        (
            "answerCallbackQuery",
            json!({ "callback_query_id": "1" }),
            "query is too old and response timeout expired or query ID is invalid",
        ),
        ("getFile", json!({ "file_id": "x" }), "invalid file_id"),
        ("sendVideo", json!({ "chat_id": CHAT }), "there is no video in the request"),
        ("sendVideo", json!({ "chat_id": CHAT, "video": "x" }), "wrong file identifier/HTTP URL specified"),
        (
            "sendVideo",
            json!({ "chat_id": CHAT, "video": "x", "caption": "x".repeat(1025) }),
            "message caption is too long",
        ),
        ("sendMessageDraft", json!({ "chat_id": CHAT, "draft_id": 0, "text": "x" }), "RANDOM_ID_EMPTY"),
        ("setMyCommands", json!({ "commands": [{ "command": "New", "description": "x" }] }), "BOT_COMMAND_INVALID"),
        (
            "setWebhook",
            json!({ "url": "http://example.com" }),
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "setWebhook",
            json!({ "url": "https://example.com:9000" }),
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            "setWebhook",
            json!({ "url": "https://example.com", "secret_token": "a b" }),
            "bad webhook: secret token contains unallowed characters",
        ),
    ] {
        assert_eq!(bench.refused(method, parameters).await, words, "{method}");
    }
    assert_eq!(bench.emulator.shown(CHAT).len(), 1, "nothing of it shows");
    assert_eq!(bench.emulator.breaches(), [""; 0]);
}

#[tokio::test]
async fn unknown_methods_and_parameters_are_breaches_and_a_wrong_token_is_turned_away() {
    let bench = Bench::new().await;
    bench.emulator.says(&bench.user, CHAT, "hello");
    let words = bench.refused("sendMessage", json!({ "chat_id": CHAT, "text": "x", "silent": true })).await;
    assert_eq!(words, "unknown parameter sendMessage.silent (the emulator is stricter)");
    let markup = json!({ "inline_keyboard": [[{ "text": "a", "callback_data": "b", "colour": "red" }]] });
    bench.refused("sendMessage", json!({ "chat_id": CHAT, "text": "x", "reply_markup": markup })).await;
    let (code, description) = bench.call("sendNonsense", json!({})).await.unwrap_err();
    assert_eq!((code, description.as_str()), (404, "Not Found: method not found"));
    assert_eq!(
        bench.emulator.breaches(),
        [
            "unknown parameter sendMessage.silent",
            "unknown parameter sendMessage.reply_markup.inline_keyboard[0][0].colour",
            "unknown method sendNonsense",
        ]
    );
    let address = format!("{}/bot123456:wrong/getMe", bench.emulator.url());
    let answer = bench.client.get(address).send().await.unwrap();
    assert_eq!(judge("getMe", answer).await.unwrap_err(), (401, "Unauthorized".to_owned()));
    assert_eq!(bench.journal.after(0).iter().filter(|entry| entry.kind == "breach").count(), 3);
}

#[tokio::test]
async fn calls_come_as_json_form_query_or_multipart_and_methods_in_any_case() {
    let bench = Bench::new().await;
    bench.emulator.says(&bench.user, CHAT, "hello");
    let markup = r#"{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}"#;
    let fields = [("chat_id", "42"), ("text", "hi"), ("reply_markup", markup), ("disable_notification", "true")];
    let address = bench.address("SENDMESSAGE");
    let form = fields.iter().fold(Form::new(), |form, (name, value)| form.text(*name, *value));
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let with_body = bench.client.post(&address).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    for request in
        [bench.client.get(&address).query(&fields), with_body.body(body), bench.client.post(&address).multipart(form)]
    {
        judge("sendMessage", request.send().await.unwrap()).await.unwrap();
    }
    let shown = bench.emulator.shown(CHAT);
    for message in &shown[1..] {
        assert!(message.silent && message.text == "hi" && message.from == "bot");
        assert_eq!(message.buttons[0][0].value, "b");
    }
    assert_eq!(shown.len(), 4);
    let encodings: Vec<Value> = bench.emulator.calls().iter().map(|call| call["encoding"].clone()).collect();
    assert_eq!(encodings, ["query", "form", "multipart"]);
}

#[tokio::test]
async fn a_storm_of_edits_closes_the_chat_and_each_further_call_lengthens_it() {
    let bench = Bench::with(|_| {}).await;
    bench.emulator.says(&bench.user, CHAT, "hello");
    let id = bench.send("0").await;
    let mut refusal = None;
    for number in 1..10 {
        let edit = json!({ "chat_id": CHAT, "message_id": id, "text": number.to_string() });
        let answer = bench.client.post(bench.address("editMessageText")).json(&edit).send().await.unwrap();
        if answer.status() == 429 {
            refusal = Some(answer.json::<Value>().await.unwrap());
            break;
        }
    }
    let refusal = refusal.expect("edits are counted");
    assert_eq!(refusal["parameters"], json!({ "retry_after": 3 }));
    assert_eq!(refusal["description"], "Too Many Requests: retry after 3");
    for _ in 0..3 {
        bench.call("sendChatAction", json!({ "chat_id": CHAT, "action": "typing" })).await.unwrap_err();
    }
    let (_, description) = bench.call("sendMessage", json!({ "chat_id": CHAT, "text": "x" })).await.unwrap_err();
    assert_eq!(description, "Too Many Requests: retry after 7");
    bench.call("getChat", json!({ "chat_id": CHAT })).await.unwrap();
    assert_eq!(bench.emulator.chat_action(CHAT), None);
}

#[tokio::test]
async fn failures_come_on_demand() {
    let bench = Bench::new().await;
    bench.emulator.says(&bench.user, CHAT, "hello");
    let text = |text: &str| json!({ "chat_id": CHAT, "text": text });
    let emulator = &bench.emulator;
    emulator.fault(FaultRule::on("sendMessage", FaultAction::DropAnswerAfterCommit).containing("final"));
    emulator.fault(FaultRule::on("sendmessage", FaultAction::CutConnection).containing("cut"));
    bench.send("no fault").await;
    for (words, shown) in [("the final text", 3), ("cut", 3)] {
        let broken = bench.client.post(bench.address("sendMessage")).json(&text(words)).send().await;
        assert!(broken.is_err(), "{words}: {broken:?}");
        assert_eq!(emulator.shown(CHAT).len(), shown, "{words}");
    }
    bench.send("the final text").await;

    emulator.fault(FaultRule::on("sendMessage", FaultAction::HtmlError(502)).in_chat(CHAT).times(2));
    for _ in 0..2 {
        let answer = bench.client.post(bench.address("sendMessage")).json(&text("x")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), &answer.headers()[CONTENT_TYPE]), (502, &"text/html".parse().unwrap()));
        assert!(answer.text().await.unwrap().contains("502 Bad Gateway"));
    }
    let delay = Duration::from_millis(20);
    emulator.fault(FaultRule::on("sendMessage", FaultAction::Delay(delay)));
    let before = Instant::now();
    bench.send("late").await;
    assert!(before.elapsed() >= delay);

    let description = "Too Many Requests: retry after 200".to_owned();
    let status = FaultAction::Status { code: 429, description, retry_after: Some(200) };
    emulator.fault(FaultRule { method: None, ..FaultRule::on("", status).in_chat(CHAT) });
    assert_eq!(bench.call("sendMessage", text("x")).await.unwrap_err().0, 429);
    let (code, description) = bench.call("sendMessage", text("x")).await.unwrap_err();
    assert_eq!((code, description.as_str()), (429, "Too Many Requests: retry after 201"), "the chat is really closed");
}

#[tokio::test]
async fn every_method_in_the_description_is_served() {
    let bench = Bench::new().await;
    let reduced: Value = serde_json::from_str(METHODS).unwrap();
    for method in reduced["methods"].as_object().unwrap().keys() {
        if let Err((code, description)) = bench.call(method, json!({})).await {
            assert_eq!(code, 400, "{method}: {description}");
        }
    }
    // Some refuse an empty call before they are reached.
    let rest = include_str!("../methods.rs");
    for method in reduced["methods"].as_object().unwrap().keys() {
        assert!(rest.contains(&format!("\"{method}\" =>")), "{method} is described and not served");
    }
}

#[tokio::test]
async fn the_calls_of_a_run_pass_the_checker_and_a_bad_one_does_not() {
    let bench = Bench::new().await;
    bench.emulator.says(&bench.user, CHAT, "hello");
    bench.call("getMe", json!({})).await.unwrap();
    let markup = json!({ "inline_keyboard": [[{ "text": "Stop", "callback_data": "s" }]] });
    let sent = json!({ "chat_id": CHAT, "text": "hi", "reply_markup": markup });
    bench.call("sendMessage", sent).await.unwrap();
    let part = Part::stream(clip(500)).file_name("my.mp4").mime_str("video/mp4").unwrap();
    let form = Form::new().text("chat_id", "42").text("width", "640").text("video", "attach://clip").part("clip", part);
    let answer = bench.client.post(bench.address("SendVideo")).multipart(form).send().await.unwrap();
    let sent = judge("sendVideo", answer).await.unwrap();
    let file = bench.call("getFile", json!({ "file_id": sent["video"]["file_id"] })).await.unwrap();
    let path = file["file_path"].as_str().unwrap();
    let address = format!("{}/file/bot{}/{path}", bench.emulator.url(), bench.emulator.token());
    bench.client.get(address).send().await.unwrap();
    bench.waiting().await;
    let calls = bench.emulator.calls();
    assert!(calls.iter().all(|call| !call.to_string().contains(bench.emulator.token())));
    assert_eq!(check(&calls), "6 calls, 0 findings\n");
    bench.refused("sendMessage", json!({ "chat_id": CHAT, "text": "", "silent": true })).await;
    let found = check(&bench.emulator.calls());
    assert!(found.contains("unknown-parameter") && found.contains("text-size"), "{found}");
}

/// What `check_telegram_calls.py` prints.
fn check(calls: &[Value]) -> String {
    let mut lines = tempfile::NamedTempFile::new().unwrap();
    for call in calls {
        writeln!(lines, "{call}").unwrap();
    }
    let tool = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/check_telegram_calls.py");
    let run = Command::new("python3").arg(tool).arg(lines.path()).stderr(Stdio::inherit()).output().unwrap();
    String::from_utf8(run.stdout).unwrap()
}
