//! A finished video on its way into a channel, as large as its server allows.

use bytes::Bytes;
use nemo_bot::sandbox::discord::{DiscordEmulatorSettings, FileSource, UserFile};
use rstest::rstest;
use serde_json::Value;

use super::{WHAT_NOW, WITHOUT_THREADS};
use crate::bot::Platform::Discord;
use crate::bot::{Stage, clip};

const MEBIBYTE: u64 = 1 << 20;
/// What rings where the video does not go.
const PING: &str = "Your MP4 is ready, see above";

/// How often the bot has tried to send a file.
fn tried(stage: &Stage) -> usize {
    let with_file = |call: &Value| call["files"].is_array() && call["method"] == "POST";
    stage.discord().calls().iter().filter(|call| with_file(call)).count()
}

/// Nothing here comes with an interaction, which would tell the limit.
#[rstest]
#[case::plain(0, 100, 0)]
#[case::boosted(2, 100, 1)]
#[case::boosted_and_refused(2, 10, 1)]
#[tokio::test(flavor = "multi_thread")]
async fn a_video_goes_into_a_channel_as_far_as_its_server_allows_and_else_its_link(
    #[case] tier: u8,
    #[case] takes: u64,
    #[case] tries: usize,
) {
    let mut settings = DiscordEmulatorSettings::quick();
    settings.sizes.upload = takes * MEBIBYTE;
    let stage = Stage::with_discord(settings, &[]).await;
    let server = stage.discord().a_server("Video friends");
    let channel = stage.discord().a_channel(server, "clips");
    stage.discord().allows(channel, WITHOUT_THREADS);
    stage.discord().boosts(server, tier);
    let user = stage.user_on(Discord, "en").at(i64::try_from(channel).unwrap());
    let begins = Bytes::from(std::fs::read(clip("landscape.mp4")).unwrap());
    let long = UserFile { name: "long.mp4".to_owned(), mime: None, source: FileSource::Sparse(begins, 15 * MEBIBYTE) };
    stage.discord().mentions_with_files(&user.person.on_discord(), channel, vec![long], "").await.unwrap();
    user.sees(WHAT_NOW).await;
    user.mentions("export");
    user.sees("Download: http").await;
    let taken = tries == 1 && takes > 15;
    if taken {
        let video = user.sees_video().await;
        assert_eq!(video.file.map(|file| file.size), Some(15 * MEBIBYTE));
    } else {
        user.sees(PING).await;
    }
    user.rests().await;
    assert_eq!((tried(&stage), user.count(PING)), (tries, usize::from(!taken)), "{}", stage.story());
    assert_eq!(user.count("Download: http"), 1, "{:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
