//! What is brought to a webhook: the secret, the order, what comes again, and what Telegram tells of it.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::*;

/// Somebody at the webhook, who answers what the test says and tells what was brought, with which secret.
struct Receiver {
    address: String,
    brought: mpsc::UnboundedReceiver<(i64, String)>,
    _serving: JoinSet<()>,
}

#[derive(Clone)]
struct Desk {
    answers: Arc<Mutex<Vec<u16>>>,
    brought: mpsc::UnboundedSender<(i64, String)>,
}

impl Receiver {
    /// Answers with these, the last one first, and then with 200.
    async fn answers(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, brought) = mpsc::unbounded_channel();
        let desk = Desk { answers: Arc::new(Mutex::new(statuses.to_vec())), brought: sender };
        let router = Router::new().fallback(receive).with_state(desk);
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, brought, _serving: serving }
    }

    async fn next(&mut self) -> (i64, String) {
        tokio::time::timeout(Duration::from_secs(20), self.brought.recv()).await.expect("something comes").unwrap()
    }
}

async fn receive(State(desk): State<Desk>, request: Request) -> StatusCode {
    let secret = request.headers().get("x-telegram-bot-api-secret-token");
    let secret = secret.map(|secret| secret.to_str().unwrap().to_owned()).unwrap_or_default();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let update: Value = serde_json::from_slice(&body).unwrap();
    let status = desk.answers.lock().unwrap().pop().unwrap_or(200);
    desk.brought.send((update["message"]["chat"]["id"].as_i64().unwrap(), secret)).unwrap();
    StatusCode::from_u16(status).unwrap()
}

#[tokio::test]
async fn what_gets_no_2xx_comes_again_before_anything_else_of_its_chat() {
    let bench = Bench::new().await;
    let mut receiver = Receiver::answers(&[200, 503, 302, 401]).await;
    let parameters = json!({ "url": receiver.address, "secret_token": "only_we", "max_connections": 1 });
    assert_eq!(bench.call("setWebhook", parameters).await.unwrap(), true);
    let other = Person::new(43, "Another new user");
    bench.emulator.says(&bench.user, CHAT, "first");
    bench.emulator.says(&bench.user, CHAT, "second");
    for _ in 0..3 {
        assert_eq!(receiver.next().await, (CHAT, "only_we".to_owned()));
    }
    let failed = |entry: &crate::sandbox::journal::Entry| entry.kind == "brought" && entry.data["status"] == 503;
    bench.journal.wait_for(failed).await;
    let info = bench.call("getWebhookInfo", json!({})).await.unwrap();
    assert_eq!((&info["url"], &info["pending_update_count"]), (&json!(receiver.address), &json!(2)));
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 503 Service Unavailable");
    assert!(info["last_error_date"].is_i64() && info.get("secret_token").is_none(), "{info}");
    // Another chat does not wait for this one.
    bench.emulator.says(&other, 43, "hello");
    let rest = [receiver.next().await.0, receiver.next().await.0, receiver.next().await.0];
    assert_eq!(rest.iter().filter(|chat| **chat == 43).count(), 1, "{rest:?}");
    let taken = |entry: &crate::sandbox::journal::Entry| entry.kind == "brought" && entry.data["status"] == 200;
    bench.journal.wait_for(|entry| taken(entry) && bench.emulator.pending() == 0).await;
    let brought = bench.journal.after(0).into_iter().filter(|entry| entry.kind == "update");
    let ids: Vec<_> =
        brought.filter(|entry| entry.data["chat"] == CHAT).map(|entry| entry.data["update_id"].clone()).collect();
    assert!(ids.len() == 5 && ids[..4].iter().all(|id| *id == ids[0]) && ids[4] != ids[0], "{ids:?}");
}

#[tokio::test]
async fn polling_and_a_webhook_exclude_each_other() {
    let bench = Bench::new().await;
    let poll = bench.call("getUpdates", json!({ "timeout": 50 }));
    let set = async {
        bench.journal.wait_for(|entry| entry.kind == "poll").await;
        let parameters = json!({ "url": "https://127.0.0.1:1/hook", "allowed_updates": ["message"] });
        bench.call("setWebhook", parameters).await.unwrap()
    };
    let (polled, _) = tokio::join!(poll, set);
    assert_eq!(polled.unwrap_err(), (409, "Conflict: terminated by setWebhook request".to_owned()));
    let (code, words) = bench.call("getUpdates", json!({})).await.unwrap_err();
    assert!(code == 409 && words.contains("while webhook is active"), "{words}");
    bench.emulator.says(&bench.user, CHAT, "hello");
    bench.journal.wait_for(|entry| entry.kind == "brought" && entry.data["status"] == 0).await;
    assert_eq!(bench.call("getWebhookInfo", json!({})).await.unwrap()["allowed_updates"], json!(["message"]));
    assert_eq!(bench.call("deleteWebhook", json!({})).await.unwrap(), true);
    assert_eq!(bench.waiting().await.len(), 1, "what waited is still there");
}
