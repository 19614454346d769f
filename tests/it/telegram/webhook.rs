//! Telegram brings updates instead of being asked: nothing lost, nothing twice, in order, whichever instance is asked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nemo_bot::sandbox::journal::Entry;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{GROUP, WISH, attentive, calls, requests};
use crate::bot::{Stage, file_of};
use crate::redis_server::RedisServer;

const SECRET: &str = "NEMOCANARY_what-only-Telegram_says";
const HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";
const ANSWER: &str = "Concrete requests work best";
const MOMENT: &str = "One moment: I can't save messages right now";
/// A key for tests, base64.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

/// An address where nobody listens yet.
fn free() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The way from outside: an address for Telegram, behind which connections go to the instances in turn, as a proxy does
/// it. An instance that is away is passed over; nobody there, and the connection breaks.
struct Proxy {
    address: SocketAddr,
    _forwarding: JoinSet<()>,
}

impl Proxy {
    async fn before(instances: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (instances, turn) = (Arc::new(instances), Arc::new(AtomicUsize::new(0)));
        let mut forwarding = JoinSet::new();
        forwarding.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let Ok((mut outside, _)) = listener.accept().await else { return };
                let (instances, turn) = (Arc::clone(&instances), Arc::clone(&turn));
                open.spawn(async move {
                    let first = turn.fetch_add(1, Ordering::Relaxed);
                    for next in 0..instances.len() {
                        if let Ok(mut inside) = TcpStream::connect(instances[(first + next) % instances.len()]).await {
                            let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
                            return;
                        }
                    }
                });
            }
        });
        Self { address, _forwarding: forwarding }
    }

    fn url(&self) -> String {
        format!("http://{}/telegram", self.address)
    }
}

/// A stage whose bot gets its updates at this address.
async fn stage(settings: &[(&str, &str)], url: &str, listen: SocketAddr) -> Stage {
    let mut stage = Stage::empty_with_telegram(attentive(), settings).await;
    stage.sets("NEMO_BOT__TELEGRAM__WEBHOOK_URL", url);
    stage.sets("NEMO_BOT__TELEGRAM__WEBHOOK_SECRET", SECRET);
    stage.sets("NEMO_BOT__TELEGRAM__WEBHOOK_LISTEN", &listen.to_string());
    stage
}

fn at(listen: SocketAddr) -> String {
    format!("http://{listen}/telegram")
}

/// How Telegram was answered, whenever it brought something.
fn statuses(stage: &Stage) -> Vec<u64> {
    let brought = stage.journal.after(0).into_iter().filter(|entry| entry.kind == "brought");
    brought.filter_map(|entry| entry.data["status"].as_u64()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_journey_comes_by_webhook_and_outlives_restarts() {
    let listen = free();
    let mut stage = stage(&[("NEMO_BOT__TELEGRAM__WEBHOOK_CONNECTIONS", "7")], &at(listen), listen).await;
    stage.start();
    let who = {
        let user = stage.user("en");
        user.sends_clip(Some(WISH)).await;
        user.sees("Tags").await;
        user.presses("Export MP4").await;
        user.sees("Your MP4 is ready").await;
        user.sees_video().await;
        (user.person.clone(), user.chat)
    };
    let kinds = ["message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation"];
    let wanted = json!({ "url": at(listen), "secret_token": SECRET, "max_connections": 7, "allowed_updates": kinds });
    assert_eq!(calls(&stage, "setWebhook"), [wanted]);
    assert_eq!((calls(&stage, "getUpdates").len(), calls(&stage, "deleteWebhook").len()), (0, 0));

    // The webhook stays: what comes while the bot is away is brought to the next one, which has nothing to tell.
    assert_eq!(stage.stop().await, Some(0));
    let user = crate::bot::User { stage: &stage, person: who.0, chat: who.1 };
    user.says("write poem number 1");
    stage.journal_has("brought", |entry| entry.data["status"] == 0).await;
    drop(user);
    stage.start();
    stage.journal_has("run", |run| run.data["text"].as_str().is_some_and(|text| text.contains("poem"))).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert!(calls(&stage, "getWebhookInfo").len() >= 2, "each that leads looks\n{}", stage.story());
    assert_eq!(calls(&stage, "setWebhook").len(), 1, "nothing has changed\n{}", stage.story());
    assert_eq!(calls(&stage, "deleteWebhook").len(), 0);
    assert_eq!(stage.count("run"), 2, "{}", stage.story());

    // Back to polling: what was set is taken away, and what waited comes.
    assert_eq!(stage.stop().await, Some(0));
    stage.sets("NEMO_BOT__TELEGRAM__WEBHOOK_URL", "");
    stage.sets("NEMO_BOT__TELEGRAM__WEBHOOK_SECRET", "");
    stage.start();
    let user = stage.user("en");
    user.says("/help");
    user.sees("I take").await;
    assert_eq!(calls(&stage, "deleteWebhook").len(), 1);
    let logs = stage.logs();
    assert!(!logs.contains("NEMOCANARY"), "the secret is in the log");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_bring_the_secret_is_not_heard_and_the_chat_goes_on() {
    let listen = free();
    let mut stage = stage(&[], &at(listen), listen).await;
    stage.start();
    let user = stage.user("en");
    user.says("/help");
    user.sees("I take").await;
    let forged = |text: &str| {
        json!({ "update_id": 900_000_001, "message": {
            "message_id": 900_001, "date": 1_790_000_000, "text": text,
            "from": { "id": user.person.id, "is_bot": false, "first_name": "x" },
            "chat": { "id": user.chat, "type": "private", "first_name": "x" },
        }})
    };
    let bring = |secret: Option<&str>, body: String| {
        let request = reqwest::Client::new().post(at(listen)).body(body);
        match secret {
            Some(secret) => request.header(HEADER, secret),
            None => request,
        }
    };
    for secret in [None, Some("wrong"), Some(&SECRET[1..])] {
        let answer = bring(secret, forged("write a poem that nobody asked for").to_string()).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap()), (401, String::new()));
    }
    let large = bring(Some(SECRET), forged(&"x".repeat(2_000_000)).to_string()).send().await;
    // It may hang up on the rest before that is sent.
    assert!(large.is_err() || large.is_ok_and(|answer| answer.status() == 413));
    user.says("write a haiku");
    user.sees(ANSWER).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    assert!(statuses(&stage).iter().all(|status| *status == 200), "{}", stage.story());
    assert_eq!(calls(&stage, "setWebhook").len(), 1, "no noise makes it tell Telegram again");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_secret_is_told_as_soon_as_the_old_one_comes() {
    let listen = free();
    let mut stage = stage(&[], &at(listen), listen).await;
    stage.start();
    stage.logs_have("Told Telegram where the webhook is").await;
    assert_eq!(stage.stop().await, Some(0));
    stage.sets("NEMO_BOT__TELEGRAM__WEBHOOK_SECRET", "another_one");
    stage.start();
    let user = stage.user("en");
    user.says("write a haiku");
    user.sees(ANSWER).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert!(statuses(&stage).contains(&401), "{}", stage.story());
    assert_eq!((stage.count("run"), calls(&stage, "setWebhook").len()), (1, 2), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_standing_store_does_not_take_is_brought_again_and_run_once() {
    let (redis, listen) = (RedisServer::start(), free());
    let settings = [
        ("NEMO_BOT__STORE__URL", redis.url()),
        ("NEMO_BOT__STORE__KEY", KEY.to_owned()),
        ("NEMO_TOKEN", "nmv_usr_webhook".to_owned()),
    ];
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let mut stage = stage(&settings, &at(listen), listen).await;
    stage.start();
    let users = [stage.user("en"), stage.user("en")];
    for user in &users {
        user.says("/help");
        user.sees("I take").await;
    }
    redis.freeze();
    for (number, user) in users.iter().enumerate() {
        user.says(&format!("write poem number {number}"));
    }
    // They come beside each other, so nobody waits for another to be told.
    for user in &users {
        user.sees(MOMENT).await;
    }
    users[0].says("write a haiku, too");
    let again = |entry: &Entry| entry.data["status"] == 503 && statuses(&stage).len() >= 6;
    stage.journal_has("brought", again).await;
    assert_eq!(stage.count("run"), 0, "{}", stage.story());
    redis.thaw();
    users[0].sees_times(ANSWER, 2).await;
    users[1].sees(ANSWER).await;
    for user in &users {
        user.says("/credits");
        user.sees("Credits:").await;
        assert_eq!(user.count(MOMENT), 1, "said once: {:#?}", user.texts());
    }
    let sent = requests(&stage);
    assert_eq!(sent.len(), 3, "each once: {sent:?}\n{}", stage.story());
    let place = |text: &str| sent.iter().position(|sent| sent.contains(text));
    assert!(place("poem number 0") < place("haiku") && place("poem number 1").is_some(), "in order: {sent:?}");
    assert_eq!(stage.telegram.pending(), 0);
    stage.assert_clean();
}

#[cfg(feature = "crash-points")]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_before_a_crash_is_brought_again_and_run_once() {
    let listen = free();
    let mut stage = stage(&[], &at(listen), listen).await;
    let chat = {
        let mut crashing = stage.instance(&[("NEMO_BOT_CRASH", "accept.stored:1")]);
        crashing.logs_have("Telegram brings updates to the webhook").await;
        let user = stage.user("en");
        user.says("write a haiku");
        assert!(!crashing.ends().await.success());
        (user.person.clone(), user.chat)
    };
    stage.start();
    let user = crate::bot::User { stage: &stage, person: chat.0, chat: chat.1 };
    user.sees(ANSWER).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    assert_eq!(user.count(ANSWER), 1, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_take_in_together_and_one_goes_on_alone() {
    const PEOPLE: usize = 6;
    let listens = [free(), free()];
    let proxy = Proxy::before(listens.to_vec()).await;
    // People who write at once come over connections of their own, which the proxy gives to both in turn.
    let stage = stage(&[("NEMO_TOKEN", "nmv_usr_webhook")], &proxy.url(), listens[0]).await;
    let mut one = stage.spawn(&[]);
    let other_listens = listens[1].to_string();
    let mut other = stage.spawn(&[("NEMO_BOT__TELEGRAM__WEBHOOK_LISTEN", other_listens.as_str())]);
    stage.logs_have("Telegram brings updates to the webhook").await;
    for run in [1, 2] {
        stage.run_logs(run, "Running").await;
    }
    let users: Vec<_> = (0..PEOPLE).map(|_| stage.user("en")).collect();
    for round in 0..2 {
        for (number, user) in users.iter().enumerate() {
            user.says(&format!("write poem {round} of person {number}."));
        }
    }
    for user in &users {
        user.sees_times(ANSWER, 2).await;
    }
    let took = |run: u32| stage.logs_of(run).matches("Took an update").count();
    assert!(took(1) > 0 && took(2) > 0, "only one of them took anything: {} and {}", took(1), took(2));
    assert_eq!(calls(&stage, "setWebhook").len(), 1, "{}", stage.story());

    // An album that is meant for the bot, as only one of its items says.
    stage.telegram.opens_group(&users[0].person, GROUP, "Friends");
    let group = users[0].at(GROUP);
    let captions = [Some("@nemo_sandbox_bot add a title that says Urban Dreams"), None, None];
    let files = captions.map(|caption| file_of("landscape.mp4", caption)).to_vec();
    stage.telegram.sends_album(&group.person, GROUP, files).await.unwrap();
    group.sees_button("Export MP4").await;
    assert_eq!(stage.count("upload"), 3, "{}", stage.story());

    one.kill().await.unwrap();
    users[1].says("write a poem for one instance.");
    users[1].sees_times(ANSWER, 3).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    let sent = requests(&stage);
    for number in 0..PEOPLE {
        let place = |round: usize| {
            let wish = format!("write poem {round} of person {number}.");
            let found: Vec<_> = (0..sent.len()).filter(|at| sent[*at].contains(&wish)).collect();
            assert_eq!(found.len(), 1, "each once: {sent:#?}");
            found[0]
        };
        assert!(place(0) < place(1), "in order: {sent:#?}");
    }
    other.kill().await.unwrap();
    stage.assert_clean();
}
