//! The emulator as a plain HTTP client sees it.

mod guest;

use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use self::guest::{Guest, events, quick, texts};
use super::file::SAMPLE;
use super::{NemoEmulatorSettings, Scenario};

#[tokio::test]
async fn a_clip_becomes_texts_an_edit_and_an_mp4_with_its_own_bytes() {
    let guest = Guest::settles(quick()).await;
    assert!(guest.session.parse::<u64>().unwrap() > 1 << 53);

    let uploaded = guest.uploads("desk_lamp-demo.mp4", SAMPLE.to_vec()).await;
    let clip = &uploaded["data"]["files"][0];
    assert_eq!((clip["width"].as_u64(), clip["height"].as_u64()), (Some(640), Some(360)));
    assert_eq!(uploaded["data"]["session_state_applied"], true);

    let stream = guest.hears("generate titles, descriptions, and tags for my YouTube video").await;
    let said = texts(&stream).join("\n\n");
    assert!(said.contains("Desk Lamp Demo") && said.contains("## Tags"), "{said}");
    assert!(events(&stream).iter().any(|event| event["content"]["role"] == "user"), "a tool result has role user");
    assert!(!stream.contains("\"partial\""));
    assert_eq!(guest.credits().await, (98, 0));

    let before = guest.state().await;
    let stream = guest.hears("add a title \"Urban Dreams\"").await;
    assert!(texts(&stream).join("\n").contains("click Export to save it"));
    let after = guest.state().await;
    assert_ne!(before["draft"], after["draft"]);
    assert!(after["draft"].to_string().contains("Urban Dreams"));
    assert_eq!(guest.credits().await, (48, 0));

    let accepted = guest.exports("render_1").await;
    assert_eq!(accepted.status(), StatusCode::OK);
    let (statuses, told) = guest.polls_to_the_end("render_1").await;
    assert_eq!(statuses, ["pending", "processing", "completed"]);
    let url = told["output"]["url"].as_str().unwrap();
    let film = guest.http.get(url).send().await.unwrap();
    assert_eq!(film.headers()[CONTENT_TYPE], "video/mp4");
    assert_eq!(film.content_length(), Some(SAMPLE.len() as u64));
    assert_eq!(film.bytes().await.unwrap(), SAMPLE);
    assert_eq!(guest.credits().await, (48, 0), "export is free");

    guest.keeps_its_duties();
    let history = serde_json::to_string(&guest.journal.after(0)).unwrap();
    assert!(!history.contains(&guest.token), "no token in the journal");
    guest.nemo.stop().await;
}

#[tokio::test]
async fn the_second_render_answers_in_the_other_shape() {
    let guest = Guest::settles(quick()).await;
    guest.uploads("a.mp4", SAMPLE.to_vec()).await;
    guest.exports("render_a").await;
    guest.exports("render_b").await;
    assert_eq!(guest.polls("render_a").await["taskId"], "render_a");
    assert_eq!(guest.polls("render_b").await["data"]["id"], "render_b");
    let (_, told) = guest.polls_to_the_end("render_b").await;
    assert!(told["outputUrl"].is_string() && told["completedAt"].is_u64());
    guest.keeps_its_duties();
}

#[tokio::test]
async fn a_browser_can_seek_in_the_film() {
    let guest = Guest::settles(quick()).await;
    let clip: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    guest.uploads("a.mov", clip.clone()).await;
    guest.exports("r").await;
    let (_, told) = guest.polls_to_the_end("r").await;
    let url = told["output"]["url"].as_str().unwrap();
    let part = guest.http.get(url).header(RANGE, "bytes=100000-100099").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()[CONTENT_RANGE], "bytes 100000-100099/200000");
    assert_eq!(part.bytes().await.unwrap(), &clip[100_000..100_100]);
    let outside = guest.http.get(url).header(RANGE, "bytes=200000-").send().await.unwrap();
    assert_eq!(outside.status(), StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn free_tokens_are_few() {
    let settings = NemoEmulatorSettings { tokens_per_address: 2, ..quick() };
    let guest = Guest::arrives(settings).await;
    let path = format!("{}/api/auth/anonymous-token", guest.nemo.url());
    let bare = Guest::attributed(guest.http.post(path)).send().await.unwrap();
    assert_eq!(bare.status(), StatusCode::BAD_REQUEST);
    guest.breaks("X-Client-Id");
    for (client, status) in [("a", 200), ("a", 429), ("b", 200), ("c", 429)] {
        assert_eq!(guest.asks_for_token(client).await.status(), status, "{client}");
    }
    guest.nemo.play(Scenario::NoAnonymous);
    assert_eq!(guest.asks_for_token("d").await.status(), 429);
}

#[tokio::test]
async fn without_a_valid_token_there_is_nothing() {
    let guest = Guest::arrives(quick()).await;
    let bare = Guest::attributed(guest.http.get(format!("{}/api/credits/balance/simple", guest.nemo.url())));
    assert_eq!(bare.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    for token in ["nmv_usr_invalid1", "something"] {
        let asked = Guest::attributed(guest.http.get(format!("{}/api/credits/balance/simple", guest.nemo.url())));
        let refused: Value = asked.bearer_auth(token).send().await.unwrap().json().await.unwrap();
        assert_eq!(refused["code"], 1001, "{token}");
    }
}

#[tokio::test]
async fn a_request_without_attribution_is_a_breach_and_its_export_costs_a_402() {
    let guest = Guest::settles(quick()).await;
    guest.uploads("a.mp4", SAMPLE.to_vec()).await;
    guest.keeps_its_duties();
    let refused = guest
        .http
        .post(format!("{}/api/render/proxy/lambda", guest.nemo.url()))
        .bearer_auth(&guest.token)
        .header("X-Skill-Source", "video-meta-ai")
        .header("X-Skill-Version", "1.0.0")
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::PAYMENT_REQUIRED);
    guest.breaks("x-skill-platform is missing");
}

#[tokio::test]
async fn adk_refuses_what_it_does_not_know() {
    let guest = Guest::settles(quick()).await;
    let mut body = guest.message("hello");
    body["new_message"]["id"] = json!(1);
    let refused = guest.sends(&body).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json::<Value>().await.unwrap()["detail"][0]["type"], "extra_forbidden");
    guest.breaks("Extra inputs");

    let mut body = guest.message("hello");
    body["session_id"] = json!("nope");
    let missing = guest.sends(&body).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(missing.text().await.unwrap(), r#"{"detail":"Session not found: nope"}"#);

    let mut body = guest.message("hello");
    body["unknown"] = json!(1);
    assert_eq!(guest.sends(&body).await.status(), StatusCode::OK, "at the top anything goes");
}

#[tokio::test]
async fn the_same_message_again_is_a_breach_unless_the_user_wanted_it() {
    let guest = Guest::settles(quick()).await;
    guest.hears("hello").await;
    guest.nemo.allow_repeat();
    guest.hears("hello").await;
    guest.keeps_its_duties();
    guest.hears("hello").await;
    guest.breaks("sent again");
    let runs = guest.journal.after(0).into_iter().filter(|entry| entry.kind == "run");
    assert_eq!(runs.map(|entry| entry.data["times"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn two_runs_in_one_session_both_go_on_and_are_a_breach() {
    let guest = Guest::settles(quick()).await;
    guest.nemo.play(Scenario::Hang);
    let first = guest.says("hello").await;
    guest.keeps_its_duties();
    let second = guest.says("and another").await;
    guest.breaks("a second run");
    guest.nemo.release();
    for run in [first, second] {
        assert!(run.text().await.unwrap().contains("nemo_agent"));
    }
}

#[tokio::test]
async fn export_is_no_message_for_the_agent() {
    let guest = Guest::settles(quick()).await;
    guest.hears("Export!").await;
    guest.breaks("wish to export");
}

#[tokio::test]
async fn a_changed_draft_and_a_second_use_of_an_id_are_breaches() {
    let guest = Guest::settles(quick()).await;
    guest.uploads("a.mp4", SAMPLE.to_vec()).await;
    guest.exports("one").await;
    guest.keeps_its_duties();
    assert_eq!(guest.exports("one").await.status(), StatusCode::CONFLICT);
    guest.breaks("used before");

    let guest = Guest::settles(quick()).await;
    guest.uploads("a.mp4", SAMPLE.to_vec()).await;
    // A client that reads numbers as f64 writes 1.50 as 1.5.
    let draft = guest.state().await["draft"].to_string().replace("1.50", "1.5");
    guest.exports_draft("two", &draft).await;
    guest.breaks("draft was changed");
}

#[tokio::test]
async fn a_token_belongs_neither_in_an_address_nor_at_the_output() {
    let guest = Guest::settles(quick()).await;
    guest.gets(&format!("/api/credits/balance/simple?token={}", guest.token)).await;
    guest.breaks("stands in the address");

    let guest = Guest::settles(quick()).await;
    guest.uploads("a.mp4", SAMPLE.to_vec()).await;
    guest.exports("one").await;
    let (_, told) = guest.polls_to_the_end("one").await;
    let film = guest.http.get(told["output"]["url"].as_str().unwrap()).header(AUTHORIZATION, "Bearer x");
    assert_eq!(film.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    guest.breaks("output address");
}

#[tokio::test]
async fn a_client_that_leaves_cancels_the_run() {
    let guest = Guest::settles(quick()).await;
    guest.uploads("a.mp4", SAMPLE.to_vec()).await;
    let before = guest.state().await;
    guest.nemo.play(Scenario::Hang);
    let mut run = guest.says("add music").await;
    assert!(run.chunk().await.unwrap().is_some());
    assert_eq!(guest.credits().await, (50, 50));
    drop(run);
    let end = guest.sees("run-end").await;
    assert_eq!(end.data["how"], "cancelled");
    assert_eq!(guest.state().await, before, "nothing was done");
    assert_eq!(guest.credits().await, (100, 0), "and nothing is charged");
    // The next message is not a second run.
    guest.nemo.play(Scenario::Normal);
    guest.hears("add a title").await;
    guest.keeps_its_duties();
}

#[tokio::test]
async fn a_broken_connection_leaves_the_edit_done_or_not() {
    for (scenario, done) in [(Scenario::Dropped, true), (Scenario::DroppedUndone, false)] {
        let guest = Guest::settles(quick()).await;
        guest.uploads("a.mp4", SAMPLE.to_vec()).await;
        let before = guest.state().await;
        guest.nemo.play(scenario);
        assert!(guest.says("add music").await.text().await.is_err(), "{scenario:?}");
        assert_eq!(guest.sees("run-end").await.data["how"], "reset");
        assert_eq!(guest.state().await != before, done, "{scenario:?}");
        assert_eq!(guest.credits().await, if done { (50, 0) } else { (100, 0) });
    }
}

#[tokio::test]
async fn a_silent_turn_says_nothing_whether_or_not_it_did_something() {
    for (scenario, done) in [(Scenario::SilentEdit, true), (Scenario::SilentNothing, false)] {
        let guest = Guest::settles(quick()).await;
        guest.uploads("a.mp4", SAMPLE.to_vec()).await;
        let before = guest.state().await;
        guest.nemo.play(scenario);
        let stream = guest.hears("add music").await;
        assert!(texts(&stream).is_empty() && stream.contains("functionCall"), "{stream}");
        assert_eq!(guest.state().await != before, done, "{scenario:?}");
    }
}

#[tokio::test]
async fn a_slow_tool_gives_signs_of_life_in_every_form() {
    let guest = Guest::settles(quick()).await;
    guest.nemo.play(Scenario::Slow);
    let stream = guest.hears("hello").await;
    for form in [": keep-alive\n", "data: {\"type\":\"heartbeat\"}\n", "data:\n", "data: heartbeat\n", "event: ping\n"]
    {
        assert!(stream.contains(form), "{form:?}");
    }
    assert_eq!(texts(&stream).len(), 1);
}

#[tokio::test]
async fn failures_come_inside_the_stream() {
    let guest = Guest::settles(quick()).await;
    guest.nemo.play(Scenario::ErrorEvent);
    assert!(guest.hears("one").await.contains("\"errorCode\":\"RESOURCE_EXHAUSTED\""));
    guest.nemo.play(Scenario::CrashFrame);
    let stream = guest.hears("two").await;
    assert!(stream.contains("data: {\"error\": \"RuntimeError: backend tool \\\"seedance\\\" exploded\""), "{stream}");
}

#[tokio::test]
async fn the_other_dialects_say_the_same() {
    let guest = Guest::settles(quick()).await;
    let plain = texts(&guest.hears("one").await);
    guest.nemo.play(Scenario::TypedDialect);
    let typed = events(&guest.hears("two").await);
    assert_eq!(typed[0], json!({ "type": "text", "content": plain[0] }));
    guest.nemo.play(Scenario::Deltas);
    let stream = guest.hears("three").await;
    let (deltas, whole): (Vec<Value>, Vec<Value>) =
        events(&stream).into_iter().partition(|event| event["partial"] == true);
    let text = |event: &Value| event["content"]["parts"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!(deltas.iter().map(text).collect::<String>(), plain[0]);
    assert_eq!(whole.iter().map(text).collect::<String>(), plain[0]);
}

#[tokio::test]
async fn credits_run_out() {
    let guest = Guest::settles(quick()).await;
    guest.hears("generate a video of a city at night").await;
    assert_eq!(guest.credits().await, (0, 0));
    assert_eq!(guest.state().await["generated_media"].as_array().unwrap().len(), 1);
    let refused: Value = guest.says("write titles for it").await.json().await.unwrap();
    assert_eq!(refused["code"], 2001);

    let rich = Guest::settles_as_customer(quick()).await;
    assert_eq!(rich.credits().await, (25_000, 0));
    rich.nemo.play(Scenario::OutOfCredits);
    assert_eq!(rich.says("hello").await.json::<Value>().await.unwrap()["code"], 2001);
    assert_eq!(rich.credits().await, (0, 0), "who is refused for lack of credits has none");
    rich.keeps_its_duties();
}

#[tokio::test]
async fn a_token_expires_once_and_comes_back_to_the_same_account() {
    let mut guest = Guest::settles(quick()).await;
    guest.nemo.play(Scenario::TokenExpired);
    assert_eq!(guest.says("hello").await.json::<Value>().await.unwrap()["code"], 1001);
    assert_eq!(guest.says("hello").await.json::<Value>().await.unwrap()["code"], 1001, "the old one stays dead");
    let renewed: Value = guest.asks_for_token("a-client").await.json().await.unwrap();
    guest.token = renewed["data"]["token"].as_str().unwrap().to_owned();
    guest.hears("hello").await;
    guest.keeps_its_duties();
}

#[tokio::test]
async fn a_session_is_lost_once() {
    let mut guest = Guest::settles(quick()).await;
    guest.nemo.play(Scenario::SessionGone);
    let path = format!("/api/state/nemo_agent/me/{}/latest", guest.session);
    assert_eq!(guest.gets(&path).await["code"], 1002);
    assert_eq!(guest.says("hello").await.status(), StatusCode::NOT_FOUND);
    guest.opens_session().await;
    guest.hears("hello").await;
}

#[tokio::test]
async fn a_rate_limit_passes() {
    let guest = Guest::settles(quick()).await;
    guest.nemo.play(Scenario::RateLimited);
    let refused = guest.says("hello").await;
    assert_eq!(
        (refused.status(), refused.headers()["retry-after"].to_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "0")
    );
    guest.hears("hello").await;
    guest.keeps_its_duties();
}

#[tokio::test]
async fn some_files_are_refused() {
    let settings = NemoEmulatorSettings { upload_limit: 1_000, ..quick() };
    let guest = Guest::settles(settings).await;
    assert_eq!(guest.uploads("a.pdf", vec![0; 10]).await["code"], 4001);
    assert_eq!(guest.uploads("a.mp4", vec![0; 1_001]).await["code"], 4002);
    assert_eq!(guest.uploads("a.mp4", vec![0; 1_000]).await["code"], 0);
    guest.nemo.play(Scenario::TooLarge);
    assert_eq!(guest.uploads("b.mp4", vec![0; 10]).await["code"], 4002);
    assert_eq!(guest.state().await["video_infos"].as_array().unwrap().len(), 1);
    assert_eq!(guest.nemo.hub.stored.load(std::sync::atomic::Ordering::Relaxed), 1_000, "refused bytes are gone");
}

#[tokio::test]
async fn several_files_and_addresses_join_one_project() {
    let guest = Guest::settles(quick()).await;
    let path = format!("/api/upload-video/nemo_agent/me/{}", guest.session);
    let form = Form::new()
        .part("files", Part::bytes(SAMPLE).file_name("a.mp4"))
        .part("files", Part::bytes(b"sound".to_vec()).file_name("b.mp3"));
    let reply: Value = guest.post(&path).multipart(form).send().await.unwrap().json().await.unwrap();
    assert_eq!(reply["data"]["files"][1]["file_type"], "audio");
    let body = json!({ "urls": ["https://example.com/video.mp4"], "source_type": "url" });
    assert_eq!(guest.posts(&path, &body).await["data"]["files"][0]["filename"], "video.mp4");
    assert_eq!(guest.state().await["video_infos"].as_array().unwrap().len(), 3);

    let wrong = Form::new().part("file", Part::bytes(SAMPLE).file_name("a.mp4"));
    let refused = guest.post(&path).multipart(wrong).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    guest.breaks("no field named files");
}

#[tokio::test]
async fn renders_fail_wait_or_hide_their_address() {
    let guest = Guest::settles(quick()).await;
    guest.uploads("a.mp4", SAMPLE.to_vec()).await;

    guest.nemo.play(Scenario::RenderFailsOnce);
    guest.exports("one").await;
    assert_eq!(guest.polls_to_the_end("one").await.0.last().unwrap(), "failed");
    guest.exports("two").await;
    assert_eq!(guest.polls_to_the_end("two").await.0.last().unwrap(), "completed");

    guest.nemo.play(Scenario::RenderSlow);
    guest.exports("three").await;
    for _ in 0..5 {
        let told = guest.polls("three").await;
        assert!(!told.to_string().contains("completed"));
    }
    guest.nemo.release();
    assert!(guest.polls("three").await.to_string().contains("completed"));

    guest.nemo.play(Scenario::RenderNoUrl);
    guest.exports("four").await;
    assert!(!guest.polls_to_the_end("four").await.1.to_string().contains("http"));
    let told = guest.gets("/api/render/proxy/four/download").await;
    assert_eq!(told["output"]["size"].as_u64(), Some(SAMPLE.len() as u64));
    assert!(guest.http.get(told["output"]["url"].as_str().unwrap()).send().await.unwrap().status().is_success());

    guest.nemo.play(Scenario::PlanBlocked);
    let blocked: Value = guest.exports("five").await.json().await.unwrap();
    assert_eq!(blocked["code"], 402, "{blocked}");
    guest.keeps_its_duties();
}

#[tokio::test]
async fn a_project_can_be_claimed_and_belongs_to_its_account() {
    let mut guest = Guest::settles(quick()).await;
    let task =
        guest.gets(&format!("/api/state/nemo_agent/me/{}/latest", guest.session)).await["data"]["task_id"].clone();
    let claim = json!({ "task_id": task, "session_id": guest.session });
    let reply = guest.posts("/api/auth/claim-token", &claim).await;
    assert!(reply["data"]["claim_token"].as_str().unwrap().starts_with("clm_"));
    guest.token = "nmv_usr_someone-else".to_owned();
    assert_eq!(guest.posts("/api/auth/claim-token", &claim).await["code"], 1002);
    assert_eq!(guest.says("hello").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn it_stops_while_a_stream_is_open() {
    let guest = Guest::settles(quick()).await;
    guest.nemo.play(Scenario::Hang);
    let run = guest.says("hello").await;
    guest.nemo.stop().await;
    assert!(run.text().await.is_err());
}
