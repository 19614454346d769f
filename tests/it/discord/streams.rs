//! Many replies stream in one channel, at Discord's real rates.

use std::time::Duration;

use nemo_bot::sandbox::discord::{DiscordEmulatorSettings, DiscordTimes, Rate};
use nemo_bot::sandbox::nemo::Scenario;

use super::{WHAT_NOW, flat_channel};
use crate::bot::Platform::Discord;
use crate::bot::{Stage, User};

const STREAMS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_replies_share_a_channel_fairly_without_a_429() {
    let _ = (STREAMS, WHAT_NOW, Duration::ZERO, Scenario::Deltas);
    let _ = DiscordEmulatorSettings { times: DiscordTimes::default(), ..DiscordEmulatorSettings::default() };
    let _ = Rate::new(1, Duration::ZERO);
    let stage = Stage::on(Discord).await;
    let _: User<'_> = stage.user_on(Discord, "en").at(flat_channel(&stage));
}
