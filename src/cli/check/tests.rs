//! `check` against small servers on loopback.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use rstest::rstest;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::*;
use crate::settings::{Settings, Sources};

/// A server with one answer for everything.
struct Stub {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    _running: DropGuard,
}

impl Stub {
    async fn says(status: u16, body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let notes = Arc::clone(&asked);
        let router = Router::new().fallback(move |request: Request<Body>| async move {
            let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-");
            let line = format!(
                "{} {} {} {}",
                request.method(),
                request.uri(),
                header("authorization"),
                header("x-skill-source")
            );
            notes.lock().unwrap().push(line);
            (StatusCode::from_u16(status).unwrap(), body)
        });
        let stop = CancellationToken::new();
        let served = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
        TaskTracker::new().spawn(async move { served.await });
        Self { address, asked, _running: stop.drop_guard() }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// An address where nobody listens.
async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

async fn checked(variables: &[(&str, &str)]) -> (bool, String) {
    let elsewhere = variables.iter().any(|(name, _)| *name == "NEMO_BOT__STORE__URL");
    let memory = (!elsewhere).then_some(&("NEMO_BOT__STORE__URL", "sqlite::memory:"));
    let all = memory.into_iter().chain(variables);
    let variables = all.map(|(name, value)| (name.into(), value.into())).collect();
    let loaded = Settings::load(&Sources { file: None, variables }).unwrap();
    let mut page = Vec::new();
    let fine = everything(&loaded, &mut page).await;
    (fine, String::from_utf8(page).unwrap())
}

fn line(page: &str, service: &str) -> String {
    let found = page.lines().find_map(|line| line.strip_prefix(service)).unwrap_or_else(|| panic!("{page}"));
    found.split_whitespace().collect::<Vec<_>>().join(" ")
}

const ME: &str = r#"{"ok":true,"result":{"id":1,"username":"try_bot","can_read_all_group_messages":false}}"#;

#[tokio::test]
async fn a_bot_that_would_run_is_told_in_a_table() {
    let (telegram, nemo) = (Stub::says(200, ME).await, Stub::says(404, "not here").await);
    let (fine, page) = checked(&[
        ("TELEGRAM_BOT_TOKEN", "1:canary"),
        ("NEMO_BOT__TELEGRAM__API_URL", &format!("http://{}", telegram.address)),
        ("NEMO_API_URL", &format!("http://{}/", nemo.address)),
    ])
    .await;
    assert!(fine, "{page}");
    assert!(page.starts_with("service   state  detail\nsettings  ok     complete and allowed"), "{page}");
    assert_eq!(line(&page, "discord"), "off no token; DISCORD_TOKEN sets one");
    assert_eq!(line(&page, "store"), "warn in memory: everything is lost when the bot stops");
    assert!(line(&page, "telegram").starts_with("ok @try_bot. No local Bot API server configured"), "{page}");
    assert!(line(&page, "nemo").starts_with("ok 127.0.0.1 answers"), "{page}");
    assert!(!page.contains("canary"));
    assert_eq!(telegram.asked(), ["GET /bot1:canary/getMe - -"]);
    assert_eq!(nemo.asked(), ["HEAD / - -"], "without a token a connection is all");
}

#[rstest]
#[case(
    401,
    r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#,
    "FAIL Telegram refuses the token (Unauthorized). Check TELEGRAM_BOT_TOKEN."
)]
#[case(502, "<html>", "FAIL Telegram answers 502 . Check telegram.api_url.")]
#[case(
    400,
    r#"{"ok":false,"description":"no\n1:canary here"}"#,
    "FAIL Telegram answers 400 no … here. Check telegram.api_url."
)]
#[tokio::test]
async fn a_refusal_by_telegram_is_told_without_the_token(
    #[case] status: u16,
    #[case] body: &'static str,
    #[case] told: &str,
) {
    let (telegram, nemo) = (Stub::says(status, body).await, Stub::says(200, "").await);
    let (fine, page) = checked(&[
        ("TELEGRAM_BOT_TOKEN", "1:canary"),
        ("NEMO_BOT__TELEGRAM__API_URL", &format!("http://{}/", telegram.address)),
        ("NEMO_API_URL", &format!("http://{}", nemo.address)),
    ])
    .await;
    assert!(!fine);
    assert_eq!(line(&page, "telegram"), told);
    assert!(!page.contains("canary"), "{page}");
}

#[tokio::test]
async fn nobody_there_is_told_without_the_address() {
    let address = nobody().await;
    let (fine, page) = checked(&[
        ("TELEGRAM_BOT_TOKEN", "1:canary"),
        ("NEMO_BOT__TELEGRAM__API_URL", &format!("http://{address}")),
        ("NEMO_API_URL", &format!("http://{address}")),
    ])
    .await;
    assert!(!fine);
    let refused = "Connection refused (os error 111)";
    assert_eq!(line(&page, "telegram"), format!("FAIL Telegram cannot be reached: {refused}. Check telegram.api_url."));
    assert_eq!(
        line(&page, "nemo"),
        format!("FAIL The video service cannot be reached: {refused}. Check nemo.api_url.")
    );
    assert!(!page.contains("canary") && !page.contains("getMe"), "{page}");
}

#[rstest]
// Bit 19: the intent is granted to a bot in less than a hundred servers.
#[case(
    200,
    r#"{"id":"1","name":"x","flags":524288,"bot":{"username":"try_bot"}}"#,
    "ok try_bot. MESSAGE CONTENT INTENT is on: clip channels work"
)]
#[case(
    200,
    r#"{"id":"1","name":"try","flags":0}"#,
    "warn try. MESSAGE CONTENT INTENT is off, so clip channels are off. To use them: Developer Portal → Bot → switch it on; or set discord.message_content = \"off\""
)]
#[case(
    401,
    r#"{"message":"401: Unauthorized","code":0}"#,
    "FAIL Discord refuses the token (401: Unauthorized). Check DISCORD_TOKEN."
)]
#[case(502, "<html>", "FAIL Discord answers 502 . Check discord.api_url.")]
#[tokio::test]
async fn discord_tells_who_the_bot_is_and_what_it_may_read(
    #[case] status: u16,
    #[case] body: &'static str,
    #[case] told: &str,
) {
    let (discord, nemo) = (Stub::says(status, body).await, Stub::says(200, "").await);
    let (fine, page) = checked(&[
        ("DISCORD_TOKEN", "canary"),
        ("NEMO_BOT__DISCORD__API_URL", &format!("http://{}", discord.address)),
        ("NEMO_API_URL", &format!("http://{}", nemo.address)),
    ])
    .await;
    assert_eq!(line(&page, "discord"), told);
    assert_eq!(fine, status == 200);
    assert!(!page.contains("canary"), "{page}");
    assert!(discord.asked()[0].starts_with("GET /api/v10/applications/@me "), "{:?}", discord.asked());
}

#[tokio::test]
async fn without_a_platform_there_is_nothing_to_run() {
    let nemo = Stub::says(200, "").await;
    let (fine, page) = checked(&[("NEMO_API_URL", &format!("http://{}", nemo.address))]).await;
    assert!(!fine);
    assert_eq!(line(&page, "telegram"), "off no token; TELEGRAM_BOT_TOKEN sets one");
    assert_eq!(line(&page, "platforms"), format!("FAIL {NO_PLATFORM}"));
}

#[rstest]
#[case(
    "",
    "ok @try_bot. No local Bot API server configured: downloads are limited to 20 MB, uploads to 50 MB. \
    The webhook is set when the bot starts, which listens at 127.0.0.1:8443."
)]
#[case(
    r#","url":"https://bot.example.com/tg""#,
    "ok @try_bot. No local Bot API server configured: downloads are \
    limited to 20 MB, uploads to 50 MB. The webhook is set and leads to 127.0.0.1:8443; 0 updates wait."
)]
#[case(
    r#","url":"https://bot.example.com/tg","pending_update_count":3,"last_error_message":"Connection refused""#,
    "warn @try_bot. No local Bot API server configured: downloads are limited to 20 MB, uploads to 50 MB. The webhook \
    is set, and 3 updates wait; the last failure: Connection refused. Does the address lead to 127.0.0.1:8443?"
)]
#[tokio::test]
async fn what_telegram_says_of_the_webhook_is_told(#[case] info: &str, #[case] told: &str) {
    let both = format!(r#"{{"ok":true,"result":{{"id":1,"username":"try_bot"{info}}}}}"#);
    let (telegram, nemo) = (Stub::says(200, both.leak()).await, Stub::says(200, "").await);
    let (fine, page) = checked(&[
        ("TELEGRAM_BOT_TOKEN", "1:canary"),
        ("NEMO_BOT__TELEGRAM__API_URL", &format!("http://{}", telegram.address)),
        ("NEMO_BOT__TELEGRAM__WEBHOOK_URL", "https://bot.example.com/tg"),
        ("NEMO_BOT__TELEGRAM__WEBHOOK_SECRET", "canary"),
        ("NEMO_API_URL", &format!("http://{}", nemo.address)),
    ])
    .await;
    assert!(fine && !page.contains("canary"), "{page}");
    assert_eq!(line(&page, "telegram"), told);
    assert_eq!(telegram.asked(), ["GET /bot1:canary/getMe - -", "GET /bot1:canary/getWebhookInfo - -"]);
}

#[tokio::test]
async fn privacy_mode_hides_clips() {
    let (telegram, nemo) = (Stub::says(200, ME).await, Stub::says(200, "").await);
    let (fine, page) = checked(&[
        ("TELEGRAM_BOT_TOKEN", "1:canary"),
        ("NEMO_BOT__TELEGRAM__CLIP_CHATS", "-1001"),
        ("NEMO_BOT__TELEGRAM__API_URL", &format!("http://{}", telegram.address)),
        ("NEMO_API_URL", &format!("http://{}", nemo.address)),
    ])
    .await;
    assert!(fine, "{page}");
    assert!(line(&page, "telegram").starts_with("warn @try_bot; its privacy mode hides clips"), "{page}");
}

#[rstest]
#[case(200, r#"{"code":0,"data":{"available":25000,"frozen":40,"total":25040}}"#, true, "ok 25000 credits available")]
#[case(
    200,
    r#"{"code":0,"data":{"available":12.5}}"#,
    true,
    "warn 12.5 credits available, fewer than credits.low (100)"
)]
#[case(
    200,
    r#"{"code":1001,"message":"canary token"}"#,
    false,
    "FAIL The service refuses NEMO_TOKEN. New work waits until it is replaced."
)]
#[case(401, "", false, "FAIL The service refuses NEMO_TOKEN. New work waits until it is replaced.")]
#[case(500, r#"{"detail":"broken nmv_canary"}"#, false, "FAIL The service answers 500 broken …. Check nemo.api_url.")]
#[case(200, "hello", false, "FAIL The service answers 200 . Check nemo.api_url.")]
#[tokio::test]
async fn an_account_is_asked_for_its_credits_once(
    #[case] status: u16,
    #[case] body: &'static str,
    #[case] fine: bool,
    #[case] told: &str,
) {
    let (telegram, nemo) = (Stub::says(200, ME).await, Stub::says(status, body).await);
    let (ended, page) = checked(&[
        ("TELEGRAM_BOT_TOKEN", "1:t"),
        ("NEMO_TOKEN", "nmv_canary"),
        ("NEMO_BOT__TELEGRAM__API_URL", &format!("http://{}", telegram.address)),
        ("NEMO_API_URL", &format!("http://{}", nemo.address)),
    ])
    .await;
    assert_eq!((ended, line(&page, "nemo").as_str()), (fine, told));
    assert!(!page.contains("canary"), "{page}");
    assert_eq!(nemo.asked(), ["GET /api/credits/balance/simple Bearer nmv_canary video-meta-ai"]);
}

#[tokio::test]
async fn a_redis_that_is_not_there_is_told_without_its_password() {
    let address = nobody().await;
    let (fine, page) = checked(&[
        ("NEMO_BOT__STORE__URL", &format!("redis://:canary@{address}")),
        ("NEMO_BOT__STORE__KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ("NEMO_API_URL", &format!("http://{address}")),
    ])
    .await;
    assert!(!fine);
    assert!(
        line(&page, "store").starts_with(&format!("FAIL redis://{address}: the Redis server cannot be used: ")),
        "{page}"
    );
    assert!(!page.contains("canary") && !page.contains("AAEC"), "{page}");
}

async fn lives(listen: Listen) -> (bool, String) {
    let mut page = Vec::new();
    let alive = live(listen, &mut page).await;
    (alive, String::from_utf8(page).unwrap())
}

#[tokio::test]
async fn a_container_asks_only_whether_the_bot_lives() {
    let bot = Stub::says(200, "ok").await;
    assert_eq!(lives(Listen::At(bot.address)).await, (true, "The bot is alive.\n".to_owned()));
    assert_eq!(bot.asked(), ["GET /healthz - -"]);
    let everywhere = SocketAddr::from(([0, 0, 0, 0], bot.address.port()));
    assert!(lives(Listen::At(everywhere)).await.0);
}

#[tokio::test]
async fn a_bot_that_does_not_live_fails() {
    let (sick, gone) = (Stub::says(500, "").await, nobody().await);
    assert_eq!(
        lives(Listen::At(sick.address)).await,
        (false, format!("{} answers 500 Internal Server Error.\n", sick.address))
    );
    let told = format!("The bot does not answer at {gone}: Connection refused (os error 111).\n");
    assert_eq!(lives(Listen::At(gone)).await, (false, told));
    assert_eq!(lives(Listen::Off).await, (false, "server.listen is off, so nobody can be asked.\n".to_owned()));
}
