//! Signs of life: at once, again and again while it takes long, and at the end. Losing one loses nothing.

use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::Scenario;

use super::{GROUP, attentive, calls, refusals};
use crate::bot::Stage;

/// From the message to the first sign, in milliseconds.
const SOON: u64 = 300;
/// Between two chat actions, in milliseconds: Telegram shows one for five seconds.
const SHOWN: u64 = 5_000;

fn is_sign(entry: &Entry, method: &str) -> bool {
    entry.kind == "call" && entry.data["method"] == method
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_seen_to_be_heard_at_once_and_how_it_ended() {
    // Each in a group of its own: the last sign of many in one would be left out.
    let groups = [GROUP, GROUP - 1, GROUP - 2];
    let chosen = groups.map(|group| group.to_string()).join(",");
    let stage = Stage::with_telegram(attentive(), &[("NEMO_BOT__TELEGRAM__CLIP_CHATS", &chosen)]).await;
    let mut heard = Vec::new();
    // A busy machine may be slow once; what counts is how it is built.
    for group in groups {
        let user = stage.user("en").at(group);
        let sent = user.sends_clip(None).await;
        user.sees_reaction(sent, "👍").await;
        let of = |entry: &&Entry| entry.data["message_id"] == sent && entry.data["chat"] == group;
        let is_reaction = |entry: &&Entry| of(entry) && is_sign(entry, "setMessageReaction");
        let is_verdict = |entry: &Entry| is_reaction(&entry) && entry.data["what"].to_string().contains('👍');
        // The chat shows it a moment before it is written down.
        stage.journal_has("call", is_verdict).await;
        let entries = stage.journal.after(0);
        let came = entries.iter().filter(of).find(|entry| entry.kind == "update").unwrap().at_ms;
        let first = entries.iter().find(is_reaction).unwrap();
        let asked = entries.iter().find(|entry| entry.source == "nemo" && entry.at_ms >= came);
        let before_all = asked.is_none_or(|asked| asked.at_ms >= first.at_ms);
        let is_seen = first.data["what"].to_string().contains('👀');
        heard.push(is_seen && before_all && first.at_ms - came <= SOON);
    }
    assert!(heard.contains(&true), "not once was it seen soon, before the service was asked\n{}", stage.story());
    let emoji: Vec<_> = calls(&stage, "setMessageReaction").iter().map(|c| c["reaction"][0]["emoji"].clone()).collect();
    assert!(emoji.iter().all(|emoji| ["👀", "👍", "😢"].iter().any(|known| emoji == known)), "{emoji:?}");
    assert_eq!(refusals(&stage, 400), 0, "Telegram takes each of them\n{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_takes_long_the_chat_says_so_without_a_gap() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about the sea");
    for times in 1..=3 {
        let mut seen = 0;
        stage
            .journal_has("call", |entry| {
                seen += usize::from(entry.data["method"] == "sendChatAction");
                seen == times
            })
            .await;
    }
    let entries = stage.journal.after(0);
    let shown: Vec<u64> =
        entries.iter().filter(|entry| is_sign(entry, "sendChatAction")).map(|entry| entry.at_ms).collect();
    for pair in shown.windows(2) {
        let gap = pair[1] - pair[0];
        assert!((SHOWN - 1_500..SHOWN + 500).contains(&gap), "{shown:?}\n{}", stage.story());
    }
    stage.nemo.release();
    user.sees("Concrete requests work best").await;
    stage.assert_clean();
}
