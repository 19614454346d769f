//! Files in both directions, and addresses that expire.

use std::collections::BTreeMap;

use reqwest::multipart::{Form, Part};

use super::*;

/// The bytes at an address, or the status.
async fn fetch(address: &str) -> Result<Bytes, u16> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(address).send().await.unwrap();
    let status = answer.status().as_u16();
    if status == 200 { Ok(answer.bytes().await.unwrap()) } else { Err(status) }
}

fn form(body: &Value, parts: &[(&str, &str, usize)]) -> Form {
    parts.iter().fold(Form::new().text("payload_json", body.to_string()), |form, (part, name, size)| {
        let bytes = Part::bytes(vec![7; *size]).file_name((*name).to_owned()).mime_str("video/mp4").unwrap();
        form.part((*part).to_owned(), bytes)
    })
}

#[tokio::test]
async fn a_clip_of_a_person_lies_behind_an_address_that_expires_and_is_renewed() {
    let bench = Bench::new().await;
    let mut line = bench.connect(EVERYTHING).await;
    let files = vec![clip("my holiday.mp4", 100_000), clip("b.mov", 5)];
    bench.emulator.sends_files(&bench.user, bench.channel, files, "two").await.unwrap();
    let message = line.event("MESSAGE_CREATE").await;
    let file = &message["attachments"][0];
    assert_eq!((&file["filename"], &file["size"]), (&json!("my_holiday.mp4"), &json!(100_000)));
    assert_eq!((&file["title"], &file["content_type"]), (&json!("my holiday"), &json!("video/mp4")));
    let address = file["url"].as_str().unwrap();
    let query: BTreeMap<String, String> = url::Url::parse(address).unwrap().query_pairs().into_owned().collect();
    assert!(["ex", "is", "hm"].iter().all(|name| query.contains_key(*name)), "{address}");
    assert_eq!(fetch(address).await.unwrap().len(), 100_000);
    let (bare, _) = address.split_once('?').unwrap();
    assert_eq!(fetch(bare).await, Err(404));
    let forged = address.replace(&query["ex"], "7fffffff");
    assert_eq!(fetch(&forged).await, Err(404), "the signature covers the time");

    bench.emulator.cdn_life(Duration::ZERO);
    let path = format!("{}/{}", messages(bench.channel), message["id"].as_str().unwrap());
    let dead = bench.get(&path).await.body["attachments"][0]["url"].as_str().unwrap().to_owned();
    assert_eq!(fetch(&dead).await, Err(404));
    bench.emulator.cdn_life(Duration::from_mins(1));
    let asked = json!({ "attachment_urls": [dead, format!("{}/attachments/1/2/x.mp4", bench.emulator.url())] });
    let fresh = bench.call("POST", "/attachments/refresh-urls", asked).await;
    let renewed = fresh.body["refreshed_urls"][0]["refreshed"].as_str().unwrap();
    assert_eq!(fetch(renewed).await.unwrap().len(), 100_000);
    let unknown = &fresh.body["refreshed_urls"][1];
    assert_eq!(unknown["original"], unknown["refreshed"], "what is unknown stays as it is");
    let many: Vec<_> = (0..51).map(|_| "x").collect();
    let found = bench.flaw("POST", "/attachments/refresh-urls", json!({ "attachment_urls": many })).await;
    assert_eq!(found, "attachment_urls BASE_TYPE_MAX_LENGTH");
    bench.no_breach();
}

#[tokio::test]
async fn ephemeral_files_cannot_be_renewed() {
    let bench = Bench::new().await;
    bench.register_usual().await;
    let mut line = bench.connect(EVERYTHING).await;
    bench.emulator.uses(&bench.user, bench.channel, "new", &[], Some(clip("a.mp4", 500))).await.unwrap();
    let wire = line.event("INTERACTION_CREATE").await;
    let (_, file) = wire["data"]["resolved"]["attachments"].as_object().unwrap().iter().next().unwrap();
    let address = file["url"].as_str().unwrap();
    assert!(address.contains("/ephemeral-attachments/"));
    assert_eq!(fetch(address).await.unwrap().len(), 500);
    let asked = json!({ "attachment_urls": [address] });
    let fresh = bench.call("POST", "/attachments/refresh-urls", asked).await;
    assert_eq!(fresh.body["refreshed_urls"][0]["refreshed"], address);
}

#[tokio::test]
async fn the_bot_sends_files_within_the_limit_of_the_day() {
    let bench = Bench::with(|settings| settings.sizes.upload = 1000).await;
    let path = messages(bench.channel);
    let send = async |body: Value, parts: &[(&str, &str, usize)]| {
        bench.judge("POST", &path, bench.request("POST", &path).multipart(form(&body, parts))).await
    };
    let listed = json!({ "content": "Done", "attachments": [{ "id": 0, "filename": "out.mp4" }] });
    let sent = send(listed.clone(), &[("files[0]", "ignored.mp4", 1000)]).await;
    assert_eq!(sent.body["attachments"][0]["filename"], "out.mp4");
    assert_eq!(send(listed.clone(), &[("files[0]", "out.mp4", 1001)]).await.refusal(), (413, 40005));
    bench.emulator.upload_limit(2000);
    let big = send(listed.clone(), &[("files[0]", "out.mp4", 2000)]).await;
    let shown = bench.emulator.shown(bench.channel).pop().unwrap();
    assert_eq!((shown.files[0].size, shown.text.as_str()), (2000, "Done"));
    let (file, mime) = bench.emulator.file(shown.files[0].id).unwrap();
    assert_eq!((std::fs::read(file).unwrap().len(), mime.as_str()), (2000, "video/mp4"));
    let missing = send(listed, &[]).await;
    assert_eq!(missing.refusal(), (400, 50035), "a listed file has to come along");

    let card = |name: &str| {
        json!({ "flags": 1 << 15, "attachments": [{ "id": 0, "filename": "out.mp4" }],
            "components": [{ "type": 12, "items": [{ "media": { "url": format!("attachment://{name}") } }] }] })
    };
    assert_eq!(send(card("other.mp4"), &[("files[0]", "out.mp4", 5)]).await.refusal(), (400, 50035));
    let v2 = send(card("out.mp4"), &[("files[0]", "out.mp4", 5)]).await;
    let address = v2.body["components"][0]["items"][0]["media"]["url"].as_str().unwrap().to_owned();
    assert_eq!(fetch(&address).await.unwrap().len(), 5);
    let mut hidden = card("out.mp4");
    hidden["components"] = json!([{ "type": 10, "content": "no gallery" }]);
    send(hidden, &[("files[0]", "out.mp4", 5)]).await;
    assert_eq!(bench.emulator.shown(bench.channel).pop().unwrap().files, [], "nothing shows it");

    let edit = format!("{path}/{}", big.id());
    let kept = big.body["attachments"][0]["id"].clone();
    let body = json!({ "content": "Both", "attachments": [{ "id": kept }, { "id": 0, "filename": "b.mp4" }] });
    let request = bench.request("PATCH", &edit).multipart(form(&body, &[("files[0]", "b.mp4", 9)]));
    let both = bench.judge("PATCH", &edit, request).await;
    assert_eq!(both.body["attachments"].as_array().unwrap().len(), 2);
    let none = bench.call("PATCH", &edit, json!({ "attachments": [] })).await;
    assert_eq!((&none.body["attachments"], &none.body["content"]), (&json!([]), &json!("Both")));
    bench.no_breach();
    send(json!({ "content": "x" }), &[("file", "a.mp4", 5)]).await;
    assert_eq!(bench.emulator.breaches(), ["part file: files are named files[n]"]);
    bench.emulator.allows(bench.channel, permissions::USUAL & !permissions::ATTACH_FILES);
    assert_eq!(send(json!({}), &[("files[0]", "a.mp4", 5)]).await.refusal(), (403, 50013));
}

#[tokio::test]
async fn a_source_can_break_expire_or_crawl_and_be_as_large_as_people_send() {
    let bench = Bench::new().await;
    let mut line = bench.connect(EVERYTHING).await;
    let files = vec![clip("a.mp4", 200_000)];
    bench.emulator.sends_files(&bench.user, bench.channel, files, "").await.unwrap();
    let message = line.event("MESSAGE_CREATE").await;
    let address = message["attachments"][0]["url"].as_str().unwrap();
    let rule = |action| FaultRule::on("GET", "/attachments/*/*/*", action);
    bench.emulator.fault(rule(FaultAction::CutConnection));
    let answer = bench.client.get(address).send().await.unwrap();
    assert_eq!(answer.content_length(), Some(200_000));
    assert!(answer.bytes().await.is_err());
    bench.emulator.fault(rule(FaultAction::Page(502)));
    assert_eq!(fetch(address).await, Err(502));
    let pause = Duration::from_millis(20);
    bench.emulator.fault(rule(FaultAction::Slow(pause)));
    let before = Instant::now();
    assert_eq!(fetch(address).await.unwrap().len(), 200_000);
    assert!(before.elapsed() >= pause * 4, "four pieces");

    let huge = |size: u64| UserFile {
        name: "huge.mp4".to_owned(),
        mime: None,
        source: FileSource::Sparse(Bytes::from_static(b"start"), size),
    };
    let most = 500 << 20;
    bench.emulator.sends_files(&bench.user, bench.channel, vec![huge(most)], "").await.unwrap();
    let message = line.event("MESSAGE_CREATE").await;
    assert_eq!(message["attachments"][0]["size"], most);
    assert!(bench.emulator.sends_files(&bench.user, bench.channel, vec![huge(most + 1)], "").await.is_err());
}
