//! A limit of Discord's that one message meets is left alone by all others in its channel: who knocks on is banned in
//! the end. That of the whole bot, which serenity's limiter meets, is told in `src/discord/api_tests.rs`.

use std::time::Duration;

use nemo_bot::sandbox::discord::{FaultAction, FaultRule, LimitKind};
use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::Scenario;

use super::{flat_channel, opened};
use crate::bot::Platform::Discord;
use crate::bot::Stage;

const ANSWER: &str = "Concrete requests work best";
const POEM: &str = "write a poem about the sea";
/// Long enough for a busy machine to do within it what it must not do.
const WAIT: Duration = Duration::from_secs(6);
/// The channel takes too many messages of everybody's. Source: Discord's API reference, "JSON Error Codes".
const CHANNEL_WRITES: u32 = 20_028;

fn limit(kind: LimitKind) -> FaultRule {
    FaultRule::on("PATCH", "/channels/*/messages/*", FaultAction::Limited { kind, wait: WAIT })
}

fn is_limited(entry: &Entry) -> bool {
    entry.data["status"] == 429
}

/// How often the bot was told to wait.
fn limited(stage: &Stage) -> usize {
    stage.journal.after(0).iter().filter(|entry| entry.kind == "refused" && is_limited(entry)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_a_channel_is_left_alone_by_all_messages_in_it() {
    let stage = opened().await;
    let channel = flat_channel(&stage);
    let users = [stage.user_on(Discord, "en").at(channel), stage.user_on(Discord, "en").at(channel)];
    stage.nemo.play(Scenario::Hang);
    for user in &users {
        user.mentions(POEM);
    }
    let mut waiting = 0;
    let waits = |entry: &Entry| {
        waiting += usize::from(entry.line.contains("waits to be released"));
        waiting == users.len()
    };
    stage.journal_has("run-event", waits).await;
    let posted = || (users[0].bot_messages().len() >= users.len()).then_some(());
    users[0].waits_for(posted).await.expect("both have a message that grows");
    stage.discord().fault(limit(LimitKind::RouteWithCode(CHANNEL_WRITES)));
    // Both have their ends to show at one time.
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    stage.journal_has("refused", is_limited).await;
    users[0].sees_times(ANSWER, users.len()).await;
    users[0].rests().await;
    assert_eq!(limited(&stage), 1, "{}", stage.story());
    stage.assert_clean();
}
