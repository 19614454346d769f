//! A render outlives its owner: whoever dies over it, another one delivers its link, once.

use std::time::Duration;

use futures::StreamExt;

use super::{over, rests};
use crate::bot::Platform::Telegram;
use crate::bot::Stage;
use crate::checker::{self, Deeds};
use crate::redis_server::RedisServer;

/// Where the owner dies.
const POINTS: [&str; 8] = [
    "export.stored",
    "render.claimed",
    "render.submitting",
    "render.submitted",
    "render.polled",
    "render.completed",
    "render.shown",
    "render.ringing",
];
/// From the finished render to its link: the poll, the hold and five seconds.
const LINK_WITHIN: Duration = Duration::from_millis(150 + 2_000 + 5_000);
/// Stories that are played beside each other.
const PLAYED: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn a_render_whose_owners_die_is_delivered_once_by_another_instance() {
    let stories = futures::stream::iter(POINTS).map(|point| async move { (point, owners_die(point).await) });
    let played: Vec<_> = stories.buffer_unordered(PLAYED).collect().await;
    let wrong: Vec<_> = played.iter().filter(|(_, broken)| !broken.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Two instances that die when they come to `point`, each once.
async fn owners_die(point: &str) -> Vec<String> {
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[]).await;
    let armed = format!("{point}:1");
    let mut instances = [stage.instance(&[("NEMO_BOT_CRASH", &armed)]), stage.instance(&[("NEMO_BOT_CRASH", &armed)])];
    let [one, other] = &mut instances;
    let mut broken = tokio::select! {
        broken = export(&stage, &redis) => broken,
        // The one that died second comes back; the one that died first stays away.
        _ = async { tokio::join!(one.is_over(), other.is_over()) } => {
            let _third = stage.instance(&[]);
            judged(&stage, &redis).await
        }
    };
    if !stage.logs().contains(&format!("Passed crash point {point}")) {
        broken.push("nobody died".to_owned());
    }
    if !broken.is_empty() {
        broken.push(stage.story());
    }
    broken
}

async fn export(stage: &Stage, redis: &RedisServer) -> Vec<String> {
    let user = stage.user("en");
    user.sends_clip(Some("add a title that says Urban Dreams")).await;
    user.sees("Title added").await;
    rests(stage, redis).await;
    user.says("export");
    judged(stage, redis).await
}

async fn judged(stage: &Stage, redis: &RedisServer) -> Vec<String> {
    let has_link = |entry: &nemo_bot::sandbox::journal::Entry| {
        matches!(entry.kind.as_str(), "sent" | "edited")
            && entry.data["text"].as_str().is_some_and(|text| text.contains("Download: http"))
    };
    // From here on nobody does anything more about it.
    rests(stage, redis).await;
    let history = stage.journal.after(0);
    let Some(done) = history.iter().find(|entry| entry.kind == "render-done") else {
        return vec!["all is at rest, and nothing was ever rendered".to_owned()];
    };
    let Some(link) = history.iter().find(|entry| has_link(entry)) else {
        return vec!["all is at rest, and no link ever came".to_owned()];
    };
    let chat = link.data["chat"].as_i64().unwrap();
    let deeds = Deeds { chat, clips: 1, exports: 1, orphans: 2 };
    let mut broken = checker::broken(&history, deeds);
    let after = Duration::from_millis(link.at_ms.saturating_sub(done.at_ms));
    if after > LINK_WITHIN {
        broken.push(format!("the link came after {after:?}"));
    }
    broken
}
