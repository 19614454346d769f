//! Discord waits three seconds for the first answer to a command or press: it goes out before anything else.

use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::Scenario;

use super::{WHAT_NOW, flat_channel, opened};
use crate::bot::Platform::Discord;
use crate::bot::Stage;

/// How often each is done.
const ROUNDS: usize = 2;

/// What the emulators have noted of the newest interaction, from when it was handed out until it was acknowledged. Nothing
/// else happens meanwhile, so all of it is the bot's reaction.
async fn until_acknowledged(stage: &Stage, interaction: u64) -> Vec<Entry> {
    let handed_out = |entry: &Entry| entry.kind == "update" && entry.data["kind"] == "INTERACTION_CREATE";
    let acknowledged = stage.journal_has("acknowledged", |entry| entry.data["interaction"] == interaction).await.number;
    let before: Vec<_> = stage.journal.after(0).into_iter().filter(|entry| entry.number < acknowledged).collect();
    let handed = before.iter().rposition(handed_out).unwrap_or_else(|| panic!("no event\n{}", stage.story()));
    before[handed + 1..].to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_interaction_is_acknowledged_before_anything_else_goes_out() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(flat_channel(&stage));
    let clip = user.mentions_with_clip("").await;
    let asked = user.sees(WHAT_NOW).await;
    user.rests().await;
    stage.nemo.play(Scenario::Hang);
    let (who, channel) = (user.person.on_discord(), user.channel());
    let number = |message: i64| u64::try_from(message).unwrap();
    let mut acts = 0;
    for _ in 0..ROUNDS {
        for act in 0..3 {
            let discord = stage.discord();
            let interaction = match act {
                0 => discord.uses(&who, channel, "status", &[], None).await.unwrap(),
                1 => discord.presses(&who, channel, number(asked.message_id), "Edit").unwrap(),
                _ => discord.uses_on(&who, channel, number(clip), "Generate metadata").unwrap(),
            };
            let meanwhile = until_acknowledged(&stage, interaction).await;
            assert!(meanwhile.is_empty(), "before the acknowledgement: {meanwhile:#?}\n{}", stage.story());
            acts += 1;
            if act == 2 {
                // It hangs, and is taken away for the next round.
                user.says("/cancel");
            }
            user.rests().await;
        }
    }
    assert_eq!(acts, 3 * ROUNDS);
    stage.assert_clean();
}
