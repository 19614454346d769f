//! Commands, presses and completions: in time, once, and as long as the token lives.

use super::*;

/// The path of the first answer, and that of what comes after.
fn paths(wire: &Value) -> (String, String) {
    let text = |name: &str| wire[name].as_str().unwrap();
    let callback = format!("/interactions/{}/{}/callback", text("id"), text("token"));
    (callback, format!("/webhooks/{}/{}", text("application_id"), text("token")))
}

#[tokio::test]
async fn a_command_is_acknowledged_answered_and_followed() {
    let bench = Bench::new().await;
    bench.register_usual().await;
    let mut line = bench.connect(NO_CONTENT).await;
    let id = bench.emulator.uses(&bench.user, bench.channel, "new", &[], Some(clip("a.mp4", 500))).await.unwrap();
    let wire = line.event("INTERACTION_CREATE").await;
    let option = &wire["data"]["options"][0];
    assert_eq!((&option["name"], &option["type"]), (&json!("video"), &json!(11)));
    let file = &wire["data"]["resolved"]["attachments"][option["value"].as_str().unwrap()];
    assert_eq!((&file["filename"], &file["size"], &file["ephemeral"]), (&json!("a.mp4"), &json!(500), &json!(true)));
    assert_eq!(wire["authorizing_integration_owners"]["0"], bench.server.to_string());
    assert_eq!((&wire["context"], &wire["member"]["user"]["id"]), (&json!(0), &json!("42")));
    assert_eq!(wire["attachment_size_limit"], 10 << 20);
    assert!(wire["app_permissions"].as_str().unwrap().parse::<u64>().is_ok());

    let (callback, webhook) = paths(&wire);
    let original = format!("{webhook}/messages/@original");
    assert_eq!(bench.get(&original).await.refusal(), (404, 10015), "before the first answer there is nothing");
    let flagged = json!({ "type": 5, "data": { "flags": 1 << 15 } });
    assert_eq!(bench.flaw("POST", &callback, flagged).await, "data/flags BITFIELD_INVALID");
    let deferred = bench.call("POST", &format!("{callback}?with_response=true"), json!({ "type": 5 })).await;
    assert_eq!(deferred.body["resource"]["message"]["flags"], 1 << 7);
    assert!(bench.emulator.shown(bench.channel)[0].thinking);
    assert_eq!(bench.call("POST", &callback, json!({ "type": 5 })).await.refusal(), (400, 40060));
    let seen = bench.interaction(id);
    assert_eq!((seen.answer, seen.failed), (Some(5), false));
    assert!(seen.after_ms.unwrap() < 3000);

    let words = json!({ "content": "Here", "allowed_mentions": { "parse": [] } });
    assert_eq!(bench.call("PATCH", &original, words).await.body["content"], "Here");
    let shown = bench.emulator.shown(bench.channel);
    assert_eq!((shown[0].text.as_str(), shown[0].thinking, shown[0].edited), ("Here", false, false));
    let secret = json!({ "content": "for you", "flags": 1 << 6, "allowed_mentions": { "parse": [] } });
    let followed = bench.call("POST", &webhook, secret).await.id();
    assert_eq!(bench.emulator.shown_to(&bench.user, bench.channel).len(), 2);
    assert_eq!(bench.emulator.shown_to(&Person::new(43, "Another user"), bench.channel).len(), 1);
    let by_channel = format!("{}/{followed}", messages(bench.channel));
    assert_eq!(bench.get(&by_channel).await.refusal(), (404, 10008), "no channel route reaches it");
    let edit = format!("{webhook}/messages/{followed}");
    assert_eq!(bench.call("PATCH", &edit, json!({ "content": "still" })).await.body["content"], "still");
    assert_eq!(bench.call("DELETE", &original, Value::Null).await.status, 204);
    assert_eq!(bench.get(&original).await.refusal(), (404, 10008));
    bench.no_breach();
}

#[tokio::test]
async fn the_first_follow_up_fills_the_place_of_a_deferred_answer() {
    let bench = Bench::new().await;
    bench.register_usual().await;
    let mut line = bench.connect(NO_CONTENT).await;
    bench.emulator.uses(&bench.user, bench.channel, "new", &[], None).await.unwrap();
    let (callback, webhook) = paths(&line.event("INTERACTION_CREATE").await);
    bench.call("POST", &callback, json!({ "type": 5, "data": { "flags": 64 } })).await;
    bench.call("POST", &webhook, json!({ "content": "one" })).await;
    bench.call("POST", &webhook, json!({ "content": "two" })).await;
    let shown = bench.emulator.shown(bench.channel);
    assert_eq!((shown.len(), shown[0].text.as_str(), shown[0].only_for), (2, "one", Some(42)));
    assert_eq!(shown[1].only_for, None);
}

#[tokio::test]
async fn who_is_late_meets_an_unknown_interaction_and_a_dead_token() {
    let bench = Bench::with(|settings| {
        settings.times.first_answer = Duration::from_millis(200);
        settings.times.token_life = Duration::from_millis(500);
    })
    .await;
    bench.register_usual().await;
    let mut line = bench.connect(NO_CONTENT).await;
    let late = bench.emulator.uses(&bench.user, bench.channel, "new", &[], None).await.unwrap();
    let (callback, _) = paths(&line.event("INTERACTION_CREATE").await);
    let mut changes = bench.emulator.changes();
    while !bench.interaction(late).failed {
        changes.changed().await.unwrap();
    }
    assert_eq!(bench.call("POST", &callback, json!({ "type": 5 })).await.refusal(), (404, 10062));

    let issued = Instant::now();
    bench.emulator.uses(&bench.user, bench.channel, "new", &[], None).await.unwrap();
    let (callback, webhook) = paths(&line.event("INTERACTION_CREATE").await);
    assert_eq!(bench.call("POST", &callback, json!({ "type": 5 })).await.status, 204);
    let original = format!("{webhook}/messages/@original");
    assert_eq!(bench.call("PATCH", &original, json!({ "content": "in time" })).await.status, 200);
    tokio::time::sleep_until(issued + Duration::from_millis(550)).await;
    assert_eq!(bench.call("PATCH", &original, json!({ "content": "late" })).await.refusal(), (401, 50027));
    assert_eq!(bench.call("POST", &webhook, json!({ "content": "late" })).await.refusal(), (401, 50027));
    let stranger = format!("/webhooks/{}/unknown/messages/@original", bench.emulator.application());
    assert_eq!(bench.get(&stranger).await.refusal(), (404, 10015));
    let id = bench.emulator.shown(bench.channel)[0].message_id;
    let path = format!("{}/{id}", messages(bench.channel));
    assert_eq!(bench.call("PATCH", &path, json!({ "content": "by the bot" })).await.status, 200);
}

#[tokio::test]
async fn a_press_updates_its_message_and_a_dead_button_cannot_be_pressed() {
    let bench = Bench::new().await;
    let mut line = bench.connect(NO_CONTENT).await;
    let mut gone = button("Old", "old");
    gone["disabled"] = json!(true);
    let body = json!({ "content": "Working", "components": row(&json!([button("Stop", "v1:s"), gone])) });
    let message = bench.call("POST", &messages(bench.channel), body).await.id();
    assert_eq!(bench.emulator.presses(&bench.user, bench.channel, message, "Old"), None);
    assert_eq!(bench.emulator.presses(&bench.user, bench.channel, message, "Missing"), None);
    bench.emulator.presses(&bench.user, bench.channel, message, "Stop").unwrap();
    let wire = line.event("INTERACTION_CREATE").await;
    assert_eq!((&wire["type"], &wire["data"]["custom_id"]), (&json!(3), &json!("v1:s")));
    assert_eq!(wire["message"]["id"], message.to_string());
    let (callback, webhook) = paths(&wire);
    let update = json!({ "type": 7, "data": { "content": "Stopped", "components": [] } });
    assert_eq!(bench.call("POST", &callback, update).await.status, 204);
    let shown = bench.emulator.shown(bench.channel);
    assert_eq!((shown[0].text.as_str(), shown[0].buttons.len(), shown[0].edits), ("Stopped", 0, 1));
    let original = bench.get(&format!("{webhook}/messages/@original")).await;
    assert_eq!(original.id(), message, "the pressed message is the original");

    let body = json!({ "content": "Again", "components": row(&json!([button("Stop", "v1:t")])) });
    let message = bench.call("POST", &messages(bench.channel), body).await.id();
    bench.emulator.presses(&bench.user, bench.channel, message, "v1:t").unwrap();
    let (callback, _) = paths(&line.event("INTERACTION_CREATE").await);
    assert_eq!(
        bench.flaw("POST", &callback, json!({ "type": 8, "data": { "choices": [] } })).await,
        "type BASE_TYPE_CHOICES"
    );
    assert_eq!(bench.call("POST", &callback, json!({ "type": 6 })).await.status, 204);
    let id = bench.emulator.presses(&bench.user, bench.channel, message, "v1:t").unwrap();
    let (callback, _) = paths(&line.event("INTERACTION_CREATE").await);
    let input = json!({ "type": 4, "custom_id": "words", "style": 2, "label": "Copy", "value": "text" });
    let form = json!({ "custom_id": "f", "title": "Copy this", "components": row(&json!([input])) });
    assert_eq!(bench.call("POST", &callback, json!({ "type": 9, "data": form })).await.status, 204);
    assert_eq!(bench.interaction(id).form.unwrap()["title"], "Copy this");
    bench.emulator.submits(&bench.user, id, &[("words", "text")]).unwrap();
    let submitted = line.event("INTERACTION_CREATE").await;
    assert_eq!((&submitted["type"], &submitted["data"]["custom_id"]), (&json!(5), &json!("f")));
    let menu = json!({ "type": 3, "custom_id": "pick", "options": [{ "label": "A", "value": "a" }] });
    let body = json!({ "content": "Pick", "components": row(&json!([menu])) });
    let message = bench.call("POST", &messages(bench.channel), body).await.id();
    assert_eq!(bench.emulator.picks(&bench.user, bench.channel, message, "pick", &["b"]), None);
    bench.emulator.picks(&bench.user, bench.channel, message, "pick", &["a"]).unwrap();
    assert_eq!(line.event("INTERACTION_CREATE").await["data"]["values"], json!(["a"]));
    bench.no_breach();
}

#[tokio::test]
async fn a_message_command_brings_the_whole_message_without_the_intent() {
    let bench = Bench::with(|settings| settings.message_content = false).await;
    bench.register_usual().await;
    let mut line = bench.connect(NO_CONTENT).await;
    let files = vec![clip("b.mp4", 900)];
    let target = bench.emulator.sends_files(&bench.user, bench.channel, files, "look").await.unwrap();
    let blanked = line.event("MESSAGE_CREATE").await;
    assert_eq!((&blanked["content"], &blanked["attachments"]), (&json!(""), &json!([])));
    let presser = Person::new(43, "Another user").speaking("zh-CN");
    bench.emulator.uses_on(&presser, bench.channel, target, "Generate metadata").unwrap();
    let wire = line.event("INTERACTION_CREATE").await;
    assert_eq!((&wire["locale"], &wire["data"]["type"]), (&json!("zh-CN"), &json!(3)));
    let message = &wire["data"]["resolved"]["messages"][wire["data"]["target_id"].as_str().unwrap()];
    assert_eq!((&message["content"], &message["attachments"][0]["size"]), (&json!("look"), &json!(900)));
    assert_eq!(bench.emulator.uses_on(&presser, bench.channel, target, "Missing"), None);
}

#[tokio::test]
async fn away_from_home_only_the_interaction_speaks_and_five_times() {
    let bench = Bench::new().await;
    bench.register_usual().await;
    let mut line = bench.connect(NO_CONTENT).await;
    let (away, group) = (bench.emulator.a_foreign_channel("away"), bench.emulator.a_group(&[&bench.user]));
    line.event("GUILD_CREATE").await;
    for (place, context) in [(group, 2), (away, 0)] {
        bench.emulator.says(&bench.user, place, "the bot does not hear this");
        bench.emulator.uses(&bench.user, place, "new", &[], None).await.unwrap();
        let wire = line.next().await;
        assert_eq!((&wire["t"], &wire["d"]["context"]), (&json!("INTERACTION_CREATE"), &json!(context)));
        let wire = &wire["d"];
        assert_eq!(wire["authorizing_integration_owners"], json!({ "1": "42" }));
        let (callback, webhook) = paths(wire);
        let sent = bench.call("POST", &callback, json!({ "type": 4, "data": { "content": "Here" } })).await;
        assert_eq!(sent.status, 204);
        assert_eq!(
            bench.call("PATCH", &format!("{webhook}/messages/@original"), json!({ "content": "a" })).await.status,
            200
        );
        for _ in 0..5 {
            assert_eq!(bench.call("POST", &webhook, json!({ "content": "more" })).await.status, 200);
        }
        assert_eq!(bench.call("POST", &webhook, json!({ "content": "more" })).await.refusal(), (400, 40094));
        let body = json!({ "content": "by the bot" });
        assert_eq!(bench.call("POST", &messages(place), body).await.refusal(), (403, 50001));
    }
    let dm = bench.emulator.dm(&bench.user);
    bench.emulator.uses(&bench.user, dm, "new", &[], None).await.unwrap();
    let wire = line.event("INTERACTION_CREATE").await;
    assert_eq!((&wire["context"], &wire["user"]["id"]), (&json!(1), &json!("42")));
    assert!(wire.get("member").is_none() && wire.get("guild_id").is_none());
    bench.no_breach();
}

#[tokio::test]
async fn a_completion_has_at_most_twenty_five_choices() {
    let bench = Bench::new().await;
    bench.register_usual().await;
    let mut line = bench.connect(NO_CONTENT).await;
    assert_eq!(bench.emulator.autocompletes(&bench.user, bench.channel, "new", "video", "a"), None);
    let id = bench.emulator.autocompletes(&bench.user, bench.channel, "new", "recent", "cl").unwrap();
    let wire = line.event("INTERACTION_CREATE").await;
    let option = &wire["data"]["options"][0];
    assert_eq!((&wire["type"], &option["focused"], &option["value"]), (&json!(4), &json!(true), &json!("cl")));
    let (callback, _) = paths(&wire);
    let choices = |count: usize| -> Vec<_> {
        (0..count).map(|at| json!({ "name": format!("Clip {at}"), "value": format!("j{at}") })).collect()
    };
    let body = |count| json!({ "type": 8, "data": { "choices": choices(count) } });
    assert_eq!(bench.flaw("POST", &callback, body(26)).await, "data/choices BASE_TYPE_MAX_LENGTH");
    assert_eq!(bench.call("POST", &callback, body(25)).await.status, 204);
    assert_eq!(bench.interaction(id).choices.len(), 25);
    bench.no_breach();
}

#[tokio::test]
async fn commands_keep_their_ids_and_wrong_ones_are_refused() {
    let bench = Bench::new().await;
    let path = format!("/applications/{}/commands", bench.emulator.application());
    let new = json!({
        "name": "new",
        "description": "Begin",
        "name_localizations": { "zh-CN": "新建" },
        "description_localizations": { "zh-CN": "开始" },
        "default_member_permissions": "2048",
        "integration_types": [0, 1],
        "contexts": [0, 1, 2],
        "options": [{ "type": 3, "name": "a", "description": "A", "choices": [], "min_value": null, "required": false }],
    });
    let first = bench.register(json!([new])).await;
    let again = bench.register(json!([{ "name": "stop", "description": "End" }, new])).await;
    assert_eq!(first[0]["id"], again[1]["id"]);
    assert_eq!(first[0]["options"], json!([{ "type": 3, "name": "a", "description": "A" }]));
    assert_eq!(bench.emulator.menu("zh-CN")[1], ("新建".to_owned(), "开始".to_owned()));
    assert_eq!(bench.emulator.menu("fr")[1].0, "new");
    let bare = bench.get(&path).await;
    assert!(bare.body[1].get("name_localizations").is_none());
    let full = bench.get(&format!("{path}?with_localizations=true")).await;
    assert_eq!(full.body[1]["name_localizations"]["zh-CN"], "新建");

    let slash = |name: &str| json!({ "name": name, "description": "x" });
    let with = |options: Value| json!([{ "name": "a", "description": "x", "options": options }]);
    let option =
        |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "x", "required": required });
    for (body, found) in [
        (json!([slash("New")]), "0/name APPLICATION_COMMAND_INVALID_NAME"),
        (json!([slash("a b")]), "0/name APPLICATION_COMMAND_INVALID_NAME"),
        (json!([{ "name": "a" }]), "0/description BASE_TYPE_REQUIRED"),
        (json!([slash("a"), slash("a")]), "1 APPLICATION_COMMANDS_DUPLICATE_NAME"),
        (json!([{ "type": 3, "name": "A b", "description": "x" }]), "0/description APPLICATION_COMMANDS_DESCRIPTION"),
        (
            with(json!([option("b", false), option("c", true)])),
            "0/options/1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (json!([{ "name": "a", "description": "x".repeat(101) }]), "0/description BASE_TYPE_MAX_LENGTH"),
    ] {
        assert_eq!(bench.flaw("PUT", &path, body).await, found);
    }
    let choice = |at: usize| json!({ "name": format!("{at:0100}"), "value": format!("{at:0100}") });
    let choices: Vec<_> = (0..25).map(choice).collect();
    let big = |name: &str| json!({ "type": 3, "name": name, "description": "x", "choices": choices });
    assert_eq!(bench.flaw("PUT", &path, with(json!([big("b"), big("c")]))).await, "0 APPLICATION_COMMAND_TOO_LARGE");
    bench.no_breach();
}
