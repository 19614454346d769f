//! The emulator's answers agree with Discord's description, and the calls of a well-behaved bot with the checker.

use reqwest::multipart::{Form, Part};

use super::*;

/// Walks through every route once; returns what the gateway told besides, as the checker reads it.
async fn walk(bench: &Bench) -> Vec<Value> {
    bench.register_usual().await;
    let mut line = bench.connect(EVERYTHING).await;
    let (application, channel) = (bench.emulator.application(), bench.channel);
    let quiet = |mut body: Value| {
        body["allowed_mentions"] = json!({ "parse": [] });
        body
    };
    let files = vec![clip("a.mp4", 10)];
    let theirs = bench.emulator.sends_files(&bench.user, channel, files, "my clip").await.unwrap();
    let mut told = vec![json!({ "schema": "MessageResponse", "body": line.event("MESSAGE_CREATE").await })];
    let path = messages(channel);
    for simple in [
        "/gateway",
        "/gateway/bot",
        "/users/@me",
        "/applications/@me",
        "/oauth2/applications/@me",
        &format!("/applications/{application}/commands?with_localizations=true"),
        &format!("/channels/{channel}"),
        &format!("/guilds/{}?with_counts=true", bench.server),
        &format!("/guilds/{}/members/{application}", bench.server),
    ] {
        assert_eq!(bench.get(simple).await.status, 200, "{simple}");
    }
    let reply = json!({ "content": "<@42> an answer", "nonce": "n", "enforce_nonce": true,
        "message_reference": { "message_id": theirs.to_string() }, "embeds": [{ "title": "t", "fields": [{ "name": "a", "value": "b" }] }],
        "components": row(&json!([button("Go", "g"), { "type": 2, "style": 5, "label": "Open", "url": "https://example.com" }])) });
    let own = bench.call("POST", &path, quiet(reply)).await.id();
    told.push(json!({ "schema": "MessageResponse", "body": line.event("MESSAGE_CREATE").await }));
    let body = quiet(json!({ "flags": 1 << 15, "attachments": [{ "id": 0, "filename": "out.mp4" }], "components": [
        { "type": 17, "components": [
            { "type": 10, "content": "## Title" },
            { "type": 9, "components": [{ "type": 10, "content": "x" }], "accessory": button("Copy", "c") },
            { "type": 12, "items": [{ "media": { "url": "attachment://out.mp4" } }] },
            { "type": 14 },
            { "type": 13, "file": { "url": "attachment://out.mp4" } },
            { "type": 9, "components": [{ "type": 10, "content": "y" }],
                "accessory": { "type": 11, "media": { "url": "https://example.com/a.png" } } },
            { "type": 1, "components": [{ "type": 3, "custom_id": "m", "options": [{ "label": "A", "value": "a" }] }] },
        ] }] }));
    let part = Part::bytes(vec![7; 9]).file_name("out.mp4").mime_str("video/mp4").unwrap();
    let form = Form::new().text("payload_json", body.to_string()).part("files[0]", part);
    let card = bench.judge("POST", &path, bench.request("POST", &path).multipart(form)).await;
    assert_eq!(card.status, 200, "{}", card.body);
    let one = format!("{path}/{own}");
    bench.call("PATCH", &one, quiet(json!({ "content": "changed" }))).await;
    bench.call("PUT", &format!("{one}/reactions/%E2%9C%85/@me"), Value::Null).await;
    assert_eq!(bench.get(&one).await.body["reactions"][0]["me"], true);
    bench.get(&path).await;
    bench.call("DELETE", &format!("{one}/reactions/%E2%9C%85/@me"), Value::Null).await;
    bench.call("POST", &format!("/channels/{channel}/typing"), Value::Null).await;
    bench.call("POST", "/users/@me/channels", json!({ "recipient_id": "42" })).await;
    let thread = bench.call("POST", &format!("{one}/threads"), json!({ "name": "t" })).await.id();
    bench.get(&format!("/channels/{thread}")).await;
    bench.get(&format!("/channels/{thread}/messages")).await;
    bench.call("PATCH", &format!("/channels/{thread}"), json!({ "archived": false })).await;
    bench.call("POST", &format!("/channels/{channel}/threads"), json!({ "name": "t", "type": 11 })).await;
    bench.get(&path).await;

    bench.emulator.uses(&bench.user, channel, "new", &[], Some(clip("b.mp4", 5))).await.unwrap();
    let wire = line.event("INTERACTION_CREATE").await;
    let (id, token) = (wire["id"].as_str().unwrap(), wire["token"].as_str().unwrap());
    let callback = format!("/interactions/{id}/{token}/callback");
    bench.call("POST", &format!("{callback}?with_response=true"), json!({ "type": 5 })).await;
    bench.call("POST", &callback, json!({ "type": 5 })).await;
    let webhook = format!("/webhooks/{application}/{token}");
    bench.call("PATCH", &format!("{webhook}/messages/@original"), quiet(json!({ "content": "x" }))).await;
    bench.get(&format!("{webhook}/messages/@original")).await;
    let more = bench.call("POST", &webhook, quiet(json!({ "content": "y", "flags": 64 }))).await.id();
    bench.call("PATCH", &format!("{webhook}/messages/{more}"), quiet(json!({ "content": "z" }))).await;
    bench.call("DELETE", &format!("{webhook}/messages/{more}"), Value::Null).await;
    bench.emulator.presses(&bench.user, channel, own, "Go").unwrap();
    let wire = line.event("INTERACTION_CREATE").await;
    told.push(json!({ "schema": "MessageResponse", "body": wire["message"] }));
    let (id, token) = (wire["id"].as_str().unwrap(), wire["token"].as_str().unwrap());
    let update = json!({ "type": 7, "data": quiet(json!({ "content": "pressed", "components": [] })) });
    bench.call("POST", &format!("/interactions/{id}/{token}/callback?with_response=true"), update).await;
    let old = bench.emulator.shown(channel)[0].files[0].id;
    let address = format!("{}/attachments/{channel}/{old}/a.mp4", bench.emulator.url());
    bench.call("POST", "/attachments/refresh-urls", json!({ "attachment_urls": [address] })).await;
    bench.call("DELETE", &one, Value::Null).await;
    bench.get(&one).await;
    bench.get("/channels/5").await;
    told
}

#[tokio::test]
async fn every_answer_agrees_with_discords_description() {
    let bench = Bench::new().await;
    let mut lines = walk(&bench).await;
    bench.no_breach();
    lines.extend(bench.answers.lock().unwrap().iter().cloned());
    let found = check("check_discord_answers.py", &lines);
    assert_eq!(found, format!("{} answers, 0 findings\n", lines.len()));
    let mut broken = lines.iter().find(|line| line["schema"].is_string()).unwrap().clone();
    broken["body"]["author"].as_object_mut().unwrap().remove("public_flags");
    assert!(check("check_discord_answers.py", &[broken]).contains("public_flags"), "it can fail");
}

#[tokio::test]
async fn the_calls_of_a_run_pass_the_checker_and_a_bad_one_does_not() {
    let bench = Bench::new().await;
    walk(&bench).await;
    let calls = bench.emulator.calls();
    assert!(calls.iter().all(|call| !call.to_string().contains("aW50ZXJhY3Rpb246")), "no token is kept");
    assert_eq!(check("check_discord_calls.py", &calls), format!("{} calls, 0 findings\n", calls.len()));
    let path = messages(bench.channel);
    bench.call("POST", &path, json!({ "content": "@everyone", "silent": true })).await;
    let found = check("check_discord_calls.py", &bench.emulator.calls());
    assert!(found.contains("mentions") && found.contains("silent"), "{found}");
}

#[test]
fn the_checker_finds_every_fault_of_its_samples() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/");
    let run = |arguments: &[&str]| {
        let tool = format!("{folder}check_discord_calls.py");
        let run = Command::new("python3").arg(tool).args(arguments).stderr(Stdio::inherit()).output().unwrap();
        (run.status.code(), String::from_utf8(run.stdout).unwrap())
    };
    assert_eq!(run(&[&format!("{folder}discord_sample_good.jsonl")]).0, Some(0));
    let (code, found) = run(&["--expect", &format!("{folder}discord_sample_bad.jsonl")]);
    assert_eq!(code, Some(0), "{found}");
}
