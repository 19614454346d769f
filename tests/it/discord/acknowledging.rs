//! Discord waits three seconds for the first answer to a command or press: it goes out before anything else.

use std::time::Duration;

use nemo_bot::sandbox::discord::{FaultAction, FaultRule};
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

#[tokio::test(flavor = "multi_thread")]
async fn a_command_comes_before_what_was_written_after_it_however_late_it_is_acknowledged() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    user.rests().await;
    let late = FaultAction::Delay(Duration::from_secs(1));
    stage.discord().fault(FaultRule::on("POST", "/interactions/*/*/callback", late));
    let new = user.says("/new");
    let wish = user.says("write a poem about the sea");
    stage.takes(3).await;
    user.rests().await;
    let logs = stage.logs();
    let place = |event: String| logs.find(&event).unwrap_or_else(|| panic!("{event}\n{}", stage.story()));
    assert!(place(format!("event=i{new} ")) < place(format!("event=m{wish} ")), "{}", stage.story());
    assert_eq!(stage.count("session"), 2, "the wish is one of the new project's\n{}", stage.story());
    stage.assert_clean();
}
