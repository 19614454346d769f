//! A plain HTTP client against the emulator. Each answer is also checked against the whole description of the API.

use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bytes::Bytes;
use reqwest::multipart::{Form, Part};

use super::*;

const CHAT: i64 = 42;

static API: LazyLock<(Schema, HashMap<String, String>)> = LazyLock::new(|| {
    let text = include_str!("../../../tests/data/telegram-api.json");
    let whole: Value = serde_json::from_str(text).unwrap();
    let methods = whole["methods"].as_object().unwrap().iter();
    let returns = methods.map(|(name, method)| (name.clone(), method["returns"][0].as_str().unwrap().to_owned()));
    (Schema::read(text).unwrap(), returns.collect())
});

struct Bench {
    emulator: TelegramEmulator,
    journal: Journal,
    client: reqwest::Client,
    user: Person,
}

impl Bench {
    async fn new() -> Self {
        Self::with(|settings| settings.times = TelegramTimes::relaxed()).await
    }

    async fn with(change: impl FnOnce(&mut TelegramEmulatorSettings)) -> Self {
        let mut settings = TelegramEmulatorSettings::default();
        change(&mut settings);
        let journal = Journal::default();
        let emulator = TelegramEmulator::start(settings, journal.clone()).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { emulator, journal, client, user: Person::new(CHAT, "A new user") }
    }

    fn address(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.emulator.url(), self.emulator.token())
    }

    async fn call(&self, method: &str, parameters: Value) -> Result<Value, (u16, String)> {
        let answer = self.client.post(self.address(method)).json(&parameters).send().await.unwrap();
        judge(method, answer).await
    }

    async fn send(&self, text: &str) -> i64 {
        let sent = self.call("sendMessage", json!({ "chat_id": CHAT, "text": text })).await.unwrap();
        sent["message_id"].as_i64().unwrap()
    }

    /// The description of a refusal.
    async fn refused(&self, method: &str, parameters: Value) -> String {
        let (code, description) = self.call(method, parameters).await.unwrap_err();
        assert_eq!(code, 400, "{description}");
        description.strip_prefix("Bad Request: ").unwrap().to_owned()
    }

    /// What waits, without confirming it.
    async fn waiting(&self) -> Vec<Value> {
        self.call("getUpdates", json!({})).await.unwrap().as_array().unwrap().clone()
    }
}

async fn judge(method: &str, answer: reqwest::Response) -> Result<Value, (u16, String)> {
    let status = answer.status().as_u16();
    let mut body: Value = answer.json().await.unwrap();
    if body["ok"] == true {
        let kind = &API.1[method];
        assert_eq!(API.0.check(&body["result"], kind), [], "{method} answers no {kind}: {body}");
        return Ok(body["result"].take());
    }
    assert_eq!(body["error_code"], status);
    Err((status, body["description"].as_str().unwrap().to_owned()))
}

/// The smallest file that is a clip of 640 by 360 and four seconds.
fn clip(size: usize) -> Bytes {
    let boxed = |kind: &[u8; 4], content: &[u8]| {
        let mut out = u32::try_from(content.len() + 8).unwrap().to_be_bytes().to_vec();
        out.extend_from_slice(kind);
        out.extend_from_slice(content);
        out
    };
    let mut mvhd = vec![0; 100];
    mvhd[12..16].copy_from_slice(&1000_u32.to_be_bytes());
    mvhd[16..20].copy_from_slice(&4004_u32.to_be_bytes());
    let mut tkhd = vec![0; 84];
    tkhd[76..80].copy_from_slice(&(640_u32 << 16).to_be_bytes());
    tkhd[80..84].copy_from_slice(&(360_u32 << 16).to_be_bytes());
    let moov = [boxed(b"mvhd", &mvhd), boxed(b"trak", &boxed(b"tkhd", &tkhd))].concat();
    let mut file = boxed(b"ftyp", b"isom\0\0\0\0");
    let padding = size.saturating_sub(file.len() + moov.len() + 16);
    file.extend(boxed(b"mdat", &vec![7; padding]));
    file.extend(boxed(b"moov", &moov));
    file.into()
}

fn user_clip(kind: FileKind, size: usize) -> UserFile {
    let source = FileSource::Bytes(clip(size));
    UserFile { name: "holiday.mp4".to_owned(), mime: None, kind, source, caption: Some("/new with this".to_owned()) }
}

/// A web server that lives as long as the test.
async fn web(router: Router) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    TaskTracker::new().spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

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
        ("setWebhook", json!({ "url": "https://example.com" }), "bad webhook: webhooks are not emulated"),
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
async fn a_clip_makes_the_round_trip_and_every_second_one_hides_its_type() {
    let bench = Bench::new().await;
    for kind in [FileKind::Video, FileKind::Document, FileKind::Animation, FileKind::VideoNote, FileKind::Photo] {
        bench.emulator.sends_file(&bench.user, CHAT, user_clip(kind, 100_000)).await.unwrap();
    }
    let updates = bench.waiting().await;
    for update in &updates {
        assert_eq!(API.0.check(update, "Update"), []);
    }
    let video = &updates[0]["message"]["video"];
    assert_eq!((&video["width"], &video["height"], &video["duration"]), (&json!(640), &json!(360), &json!(4)));
    assert_eq!((&video["mime_type"], &video["file_name"]), (&json!("video/mp4"), &json!("holiday.mp4")));
    assert_eq!(updates[0]["message"]["caption_entities"][0]["type"], "bot_command");
    assert!(updates[1]["message"]["document"].get("mime_type").is_none());
    assert_eq!(updates[2]["message"]["animation"]["mime_type"], "video/mp4");
    assert_eq!(updates[2]["message"]["document"]["file_id"], updates[2]["message"]["animation"]["file_id"]);

    let id = video["file_id"].as_str().unwrap();
    let file = bench.call("getFile", json!({ "file_id": id })).await.unwrap();
    assert_eq!(file["file_path"], "videos/file_0.mp4");
    let address = |path: &str| format!("{}/file/bot{}/{path}", bench.emulator.url(), bench.emulator.token());
    let answer = bench.client.get(address("videos/file_0.mp4")).send().await.unwrap();
    assert_eq!(answer.content_length(), Some(100_000));
    assert_eq!(answer.bytes().await.unwrap(), clip(100_000));
    let escaped = bench.client.get(address("videos%2Ffile_0.mp4")).send().await.unwrap();
    assert_eq!(escaped.status(), 404);
    let shown = bench.emulator.shown(CHAT)[1].file.clone().unwrap();
    assert_eq!((shown.mime.as_str(), shown.kind, shown.size), ("video/mp4", "document", 100_000));
    assert!(bench.emulator.file(&shown.id).unwrap().0.exists());

    let details = FileDetails { claimed_size: Some(25 << 20), without_name: true, ..FileDetails::default() };
    bench.emulator.sends_file_as(&bench.user, CHAT, user_clip(FileKind::Video, 500), details).await.unwrap();
    let big = bench.waiting().await[5]["message"]["video"].take();
    assert!(big.get("file_name").is_none() && big["file_size"] == 25 << 20);
    assert_eq!(bench.refused("getFile", json!({ "file_id": big["file_id"] })).await, "file is too big");

    let album = vec![user_clip(FileKind::Video, 500), user_clip(FileKind::Video, 500)];
    bench.emulator.sends_album(&bench.user, CHAT, album).await.unwrap();
    let updates = bench.waiting().await;
    assert_eq!(updates[6]["message"]["media_group_id"], updates[7]["message"]["media_group_id"]);
}

#[tokio::test]
async fn a_video_goes_out_by_address_by_multipart_and_by_file_id() {
    let bench = Bench::with(|settings| {
        settings.times = TelegramTimes::relaxed();
        settings.sizes.by_url = 200_000;
        settings.sizes.upload = 300_000;
    })
    .await;
    bench.emulator.says(&bench.user, CHAT, "hello");
    let serve = |kind: &'static str, size| get(move || async move { ([(CONTENT_TYPE, kind)], clip(size)) });
    let routes = Router::new()
        .route("/final.mp4", serve("video/mp4", 100_000))
        .route("/big.mp4", serve("video/mp4", 200_001))
        .route("/page", serve("text/html", 500));
    let web = web(routes).await;
    let video = |address: String| json!({ "chat_id": CHAT, "video": address, "caption": "Done", "width": 1280 });
    let sent = bench.call("sendVideo", video(format!("{web}/final.mp4?signature=a"))).await.unwrap();
    let described = &sent["video"];
    assert_eq!((&described["file_name"], &described["width"]), (&json!("final.mp4"), &json!(1280)));
    assert_eq!((&described["height"], &described["file_size"]), (&json!(360), &json!(100_000)));
    for (path, words) in [
        ("big.mp4", "failed to get HTTP URL content"),
        ("missing", "failed to get HTTP URL content"),
        ("page", "wrong type of the web page content"),
    ] {
        assert_eq!(bench.refused("sendVideo", video(format!("{web}/{path}"))).await, words);
    }

    let part = |size| Part::stream(clip(size)).file_name("my.mp4").mime_str("video/mp4").unwrap();
    let form = Form::new().text("chat_id", "42").text("supports_streaming", "true");
    let form = form.text("video", "attach://clip").part("clip", part(250_000));
    let answer = bench.client.post(bench.address("sendVideo")).multipart(form).send().await.unwrap();
    let uploaded = judge("sendVideo", answer).await.unwrap();
    assert_eq!((&uploaded["video"]["duration"], &uploaded["video"]["file_size"]), (&json!(4), &json!(250_000)));
    let form = Form::new().text("chat_id", "42").part("video", part(300_001));
    let answer = bench.client.post(bench.address("sendVideo")).multipart(form).send().await.unwrap();
    assert_eq!(judge("sendVideo", answer).await.unwrap_err(), (413, "Request Entity Too Large".to_owned()));

    let id = &uploaded["video"]["file_id"];
    let again = bench.call("sendVideo", json!({ "chat_id": CHAT, "video": id })).await.unwrap();
    assert_eq!(&again["video"]["file_id"], id);
    let words = bench.refused("sendDocument", json!({ "chat_id": CHAT, "document": id })).await;
    assert_eq!(words, "can't use file of type Video as Document");
    let edit = json!({ "chat_id": CHAT, "message_id": again["message_id"], "caption": "Here" });
    bench.call("editMessageCaption", edit).await.unwrap();
    let shown = bench.emulator.shown(CHAT);
    assert_eq!(shown.iter().filter(|message| message.file.is_some()).count(), 3);
    assert_eq!(shown[3].text, "Here");
    let (path, mime) = bench.emulator.file(id.as_str().unwrap()).unwrap();
    assert_eq!((std::fs::read(path).unwrap(), mime.as_str()), (clip(250_000).to_vec(), "video/mp4"));
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
    emulator.fault(FaultRule { method: None, chat: Some(CHAT), text_contains: None, times: 1, action: status });
    assert_eq!(bench.call("sendMessage", text("x")).await.unwrap_err().0, 429);
    let (code, description) = bench.call("sendMessage", text("x")).await.unwrap_err();
    assert_eq!((code, description.as_str()), (429, "Too Many Requests: retry after 201"), "the chat is really closed");
}

#[tokio::test]
async fn a_download_can_break_in_its_middle() {
    let bench = Bench::new().await;
    bench.emulator.sends_file(&bench.user, CHAT, user_clip(FileKind::Video, 100_000)).await.unwrap();
    let id = bench.waiting().await[0]["message"]["video"]["file_id"].take();
    let path = bench.call("getFile", json!({ "file_id": id })).await.unwrap()["file_path"].take();
    let address = format!("{}/file/bot{}/{}", bench.emulator.url(), bench.emulator.token(), path.as_str().unwrap());
    bench.emulator.fault(FaultRule::on("download", FaultAction::CutConnection));
    let answer = bench.client.get(&address).send().await.unwrap();
    assert_eq!(answer.content_length(), Some(100_000));
    assert!(answer.bytes().await.is_err());
    assert_eq!(bench.client.get(&address).send().await.unwrap().bytes().await.unwrap().len(), 100_000);
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
        settings.times.action_life = Duration::from_millis(50);
        settings.times.draft_life = Duration::from_millis(50);
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
    let rest = include_str!("methods.rs");
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
