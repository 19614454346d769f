//! What people do, and what of it shows.

use super::*;

#[tokio::test]
async fn the_bot_hears_of_words_edits_and_deletions() {
    let bench = Bench::new().await;
    let mut line = bench.connect(EVERYTHING).await;
    let id = bench.emulator.says(&bench.user, bench.channel, "hello");
    let message = line.event("MESSAGE_CREATE").await;
    assert_eq!((&message["author"]["id"], &message["author"]["public_flags"]), (&json!("42"), &json!(0)));
    assert_eq!(message["guild_id"], bench.server.to_string());
    assert!(message["member"]["joined_at"].is_string());
    let update = bench.journal.wait_for(|entry| entry.kind == "update").await;
    assert_eq!((&update.data["update_id"], &update.data["chat"]), (&json!(id), &json!(bench.channel)));
    assert!(bench.emulator.edits_own(&bench.user, bench.channel, id, "hello there"));
    assert_eq!(line.event("MESSAGE_UPDATE").await["content"], "hello there");
    assert!(!bench.emulator.edits_own(&Person::new(43, "Another user"), bench.channel, id, "mine"));
    assert!(bench.emulator.deletes(bench.channel, id));
    assert_eq!(line.event("MESSAGE_DELETE").await["id"], id.to_string());
    assert!(!bench.emulator.deletes(bench.channel, id));
    let dm = bench.emulator.dm(&bench.user);
    let opened = bench.call("POST", "/users/@me/channels", json!({ "recipient_id": "42" })).await;
    assert_eq!(opened.id(), dm, "the same private chat");
    bench.emulator.says(&bench.user, dm, "psst");
    assert!(line.event("MESSAGE_CREATE").await.get("guild_id").is_none());
    bench.emulator.throws_out(bench.server);
    line.event("GUILD_DELETE").await;
    let post = bench.call("POST", &messages(bench.channel), json!({ "content": "x" })).await;
    assert_eq!(post.refusal(), (403, 50001));
    bench.no_breach();
}

#[tokio::test]
async fn typing_shows_until_it_ends_or_words_come() {
    let bench = Bench::with(|settings| settings.times.typing = Duration::from_millis(100)).await;
    let path = format!("/channels/{}/typing", bench.channel);
    assert_eq!(bench.call("POST", &path, Value::Null).await.status, 204);
    assert!(bench.emulator.typing(bench.channel));
    let mut changes = bench.emulator.changes();
    while bench.emulator.typing(bench.channel) {
        changes.changed().await.unwrap();
    }
    bench.call("POST", &path, Value::Null).await;
    bench.send(bench.channel, "words").await;
    assert!(!bench.emulator.typing(bench.channel));
}

#[tokio::test]
async fn what_shows_is_read_from_top_to_bottom() {
    let bench = Bench::new().await;
    let embed = json!({ "author": { "name": "1" }, "title": "2", "description": "3",
        "fields": [{ "name": "4", "value": "5" }], "footer": { "text": "6" } });
    let link =
        json!({ "type": 2, "style": 5, "label": "Open", "url": "https://example.com", "emoji": { "name": "🔗" } });
    let body = json!({ "content": "0", "embeds": [embed], "flags": 1 << 12, "components": row(&json!([link])) });
    bench.call("POST", &messages(bench.channel), body).await;
    let shown = bench.emulator.shown(bench.channel).pop().unwrap();
    assert_eq!(shown.text.replace("\n\n", " "), "0 1 2 3 4 5 6");
    assert!(shown.silent);
    let button = &shown.buttons[0][0];
    assert_eq!(
        (button.text.as_str(), button.url.as_deref(), button.style),
        ("🔗 Open", Some("https://example.com"), 5)
    );
    assert_eq!(bench.emulator.presses(&bench.user, bench.channel, shown.message_id, "🔗 Open"), None);
    let sent = bench.journal.wait_for(|entry| entry.kind == "sent").await;
    assert_eq!((sent.source, &sent.data["chat"]), ("discord", &json!(bench.channel)));
    assert_eq!(sent.data["message_id"], shown.message_id);
}
