//! Rates, and the failures that come on demand.

use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn edits_are_five_in_five_seconds_and_of_old_messages_three_in_six() {
    let bench = Bench::with(|settings| {
        settings.times = DiscordTimes { identify_every: Duration::ZERO, ..DiscordTimes::default() };
        settings.times.old_message = Duration::from_millis(300);
    })
    .await;
    let old = bench.send(bench.channel, "old").await;
    let elsewhere = bench.emulator.a_channel(bench.server, "other");
    let aged = Instant::now() + Duration::from_millis(310);
    let edit = async |channel: u64, id: u64, text: usize| {
        let body = json!({ "content": format!("edit {text}"), "allowed_mentions": { "parse": [] } });
        bench.call("PATCH", &format!("{}/{id}", messages(channel)), body).await
    };
    tokio::time::sleep_until(aged).await;
    for left in [4, 3, 2] {
        let answered = edit(bench.channel, old, left).await;
        assert_eq!(
            (answered.status, answered.headers["x-ratelimit-remaining"].as_bytes()),
            (200, left.to_string().as_bytes())
        );
    }
    let refused = edit(bench.channel, old, 9).await;
    assert_eq!(refused.refusal(), (429, 30046), "the fourth edit of an old message");
    assert!(refused.body["retry_after"].as_f64().unwrap() > 4.0);

    let young = bench.send(elsewhere, "young").await;
    for left in (0..5).rev() {
        assert_eq!(edit(elsewhere, young, left).await.status, 200);
    }
    let refused = edit(elsewhere, young, 9).await;
    assert_eq!(refused.status, 429);
    assert!(refused.body.get("code").is_none(), "mostly there is no code: {}", refused.body);
    assert_eq!(
        (&refused.body["global"], &refused.headers["x-ratelimit-scope"]),
        (&json!(false), &"user".parse().unwrap())
    );
    let (wait, head) = (refused.body["retry_after"].as_f64().unwrap(), &refused.headers["retry-after"]);
    let head: f64 = head.to_str().unwrap().parse().unwrap();
    assert!(wait > 3.0 && head >= wait && head < wait + 1.0, "{wait} {head}");
    assert_eq!(bench.emulator.invalid_requests(), 2);
    assert_eq!(bench.get(&format!("{}/{young}", messages(elsewhere))).await.status, 200, "another method");
}

#[tokio::test]
async fn all_together_are_fifty_in_a_second_without_those_of_interactions() {
    let bench = Bench::with(|settings| {
        settings.times.others = Rate::new(1000, SECOND);
        settings.times.all = Rate::new(50, Duration::from_mins(1));
    })
    .await;
    for _ in 0..50 {
        assert_eq!(bench.get("/users/@me").await.status, 200);
    }
    let refused = bench.get("/users/@me").await;
    assert_eq!((refused.status, &refused.body["global"]), (429, &json!(true)));
    assert_eq!(refused.headers["x-ratelimit-global"], "true");
    let stranger = bench.call("POST", "/interactions/1/x/callback", json!({ "type": 5 })).await;
    assert_eq!(stranger.refusal(), (404, 10062), "interactions do not count");
}

#[tokio::test]
async fn each_token_has_its_own_rate() {
    let bench = Bench::with(|settings| settings.times.answers = Rate::new(2, Duration::from_mins(1))).await;
    bench.register_usual().await;
    let mut line = bench.connect(EVERYTHING).await;
    let mut webhooks = Vec::new();
    for _ in 0..2 {
        bench.emulator.uses(&bench.user, bench.channel, "new", &[], None).await.unwrap();
        let wire = line.event("INTERACTION_CREATE").await;
        let (id, token) = (wire["id"].as_str().unwrap(), wire["token"].as_str().unwrap());
        bench.call("POST", &format!("/interactions/{id}/{token}/callback"), json!({ "type": 5 })).await;
        webhooks.push(format!("/webhooks/{}/{token}/messages/@original", bench.emulator.application()));
    }
    for _ in 0..2 {
        assert_eq!(bench.call("PATCH", &webhooks[0], json!({ "content": "x" })).await.status, 200);
    }
    assert_eq!(bench.call("PATCH", &webhooks[0], json!({ "content": "x" })).await.status, 429);
    assert_eq!(bench.call("PATCH", &webhooks[1], json!({ "content": "x" })).await.status, 200);
}

#[tokio::test]
async fn every_kind_of_429_comes_on_demand() {
    let bench = Bench::new().await;
    let path = messages(bench.channel);
    let limited = async |kind| {
        let action = FaultAction::Limited { kind, wait: Duration::from_millis(100) };
        bench.emulator.fault(FaultRule::on("POST", "/channels/*/messages", action));
        bench.request("POST", &path).json(&json!({ "content": "x" })).send().await.unwrap()
    };
    for (kind, code, scope) in [
        (LimitKind::WithoutHeader, None, "user"),
        (LimitKind::Shared, None, "shared"),
        (LimitKind::OldEdits, Some(30046), "user"),
        (LimitKind::RouteWithCode(20028), Some(20028), "user"),
        (LimitKind::Global, None, "global"),
    ] {
        let answer = limited(kind).await;
        assert_eq!(answer.headers()["x-ratelimit-scope"], scope);
        assert_eq!(answer.headers().contains_key("retry-after"), kind != LimitKind::WithoutHeader);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["code"].as_u64(), code, "{kind:?}");
        assert!(body["retry_after"].is_number());
    }
    assert_eq!(bench.get("/users/@me").await.status, 429, "a global one really closes everything");
    assert!(limited(LimitKind::Page).await.json::<Value>().await.is_err());
}

#[tokio::test]
async fn faults_pick_route_channel_and_words() {
    let bench = Bench::new().await;
    let elsewhere = bench.emulator.a_channel(bench.server, "other");
    let status = FaultAction::Status { status: 500, code: 0, message: "500: Internal Server Error".to_owned() };
    let rule = FaultRule::on("POST", "/channels/*/messages", status.clone()).in_channel(elsewhere).containing("boom");
    bench.emulator.fault(rule.times(2));
    let send = async |channel: u64, text: &str| {
        let body = json!({ "embeds": [{ "title": text }] });
        bench.call("POST", &messages(channel), body).await.status
    };
    assert_eq!(send(bench.channel, "boom").await, 200);
    assert_eq!(send(elsewhere, "hello").await, 200);
    assert_eq!((send(elsewhere, "boom").await, send(elsewhere, "boom").await), (500, 500));
    assert_eq!(send(elsewhere, "boom").await, 200);
    let delay = Duration::from_millis(100);
    bench.emulator.fault(FaultRule::on("GET", "/users/@me", FaultAction::Delay(delay)));
    let before = Instant::now();
    bench.get("/users/@me").await;
    assert!(before.elapsed() >= delay);
    bench.emulator.fault(FaultRule::on("GET", "/users/@me", FaultAction::CutConnection));
    assert!(bench.request("GET", "/users/@me").send().await.is_err());
    bench.emulator.fault(FaultRule::on("GET", "/users/@me", FaultAction::Page(502)));
    let page = bench.request("GET", "/users/@me").send().await.unwrap();
    assert!(page.text().await.unwrap().contains("502 Bad Gateway"));
    bench.no_breach();
}

#[tokio::test]
async fn who_knocks_without_a_name_or_key_is_counted_and_shut_out() {
    let bench = Bench::with(|settings| settings.times.invalid = Rate::new(3, Duration::from_mins(1))).await;
    let address = format!("{}/api/v10/users/@me", bench.emulator.url());
    let answer = bench.client.get(&address).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({ "message": "401: Unauthorized", "code": 0 }));
    let nameless = reqwest::Client::builder().no_proxy().build().unwrap();
    let key = format!("Bot {}", bench.emulator.token());
    let answer = nameless.get(&address).header("authorization", &key).send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], 40333);
    assert_eq!(bench.emulator.breaches().len(), 1);
    bench.emulator.allows(bench.channel, 0);
    assert_eq!(bench.get(&format!("/channels/{}", bench.channel)).await.refusal(), (403, 50001));
    assert_eq!(bench.emulator.invalid_requests(), 3);
    let shut = bench.request("GET", "/users/@me").send().await.unwrap();
    assert_eq!(shut.status(), 429);
    assert!(shut.json::<Value>().await.is_err(), "a page of the servers in front");
}
