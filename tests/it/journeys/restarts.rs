//! The power is cut, or the bot is asked to stop, in the middle.

use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;

use super::{WISH, requests};
use crate::bot::Platform::{self, Discord, Telegram};
use crate::bot::{Stage, User};
use crate::redis_server::RedisServer;

/// 32 bytes for tests, base64.
const STORE_KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_while_streaming_the_turn_is_reconciled_and_never_sent_again(#[values(Telegram, Discord)] on: Platform) {
    // Long enough for the words in between to pass the pace of edits.
    let mut stage = Stage::on_with(on, &[("NEMO_BOT__NEMO__RECHECK_FIRST", "3s")]).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::Hang);
        user.says("add a title");
        stage.journal_has("run", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.nemo.play(Scenario::Normal);
    stage.start();
    let user = User { stage: &stage, person, chat };
    user.sees("I was restarted while working on this").await;
    user.sees("The connection broke").await;
    assert_eq!(stage.count("run"), 1, "never sent again\n{}", stage.story());
    // The next wish goes through.
    user.says("add music");
    stage.journal_has("run", |entry| entry.data["text"].as_str().is_some_and(|text| text.contains("music"))).await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_while_rendering_the_mp4_comes_once(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on(on).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::RenderSlow);
        user.presses("Export MP4").await;
        stage.journal_has("render-poll", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.start();
    stage.nemo.release();
    let user = User { stage: &stage, person, chat };
    user.sees("Your MP4 is ready").await;
    user.sees_video().await;
    assert_eq!(stage.count("render"), 1, "submitted once\n{}", stage.story());
    assert_eq!(user.count("Download: http"), 1, "one link");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_while_the_bot_is_down_is_answered_when_it_is_back(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on(on).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.says("/start");
        user.sees("Share your video clips").await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    let user = User { stage: &stage, person: person.clone(), chat };
    user.sends_clip(Some(WISH)).await;
    stage.start();
    let user = User { stage: &stage, person, chat };
    user.sees_button("Export MP4").await;
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_in_the_middle_it_says_so_and_goes_on_after_the_restart(
    #[values(Telegram, Discord)] on: Platform,
) {
    let mut stage = Stage::on(on).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::Hang);
        user.says("add a title");
        stage.journal_has("run", |_| true).await;
        (user.person.clone(), user.chat)
    };
    assert_eq!(stage.stop().await, Some(0), "an orderly stop\n{}", stage.story());
    let user = User { stage: &stage, person: person.clone(), chat };
    user.sees("I'm being restarted").await;
    stage.start();
    let user = User { stage: &stage, person, chat };
    user.sees("The connection broke").await;
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_turn_of_an_album_no_part_of_it_comes_again(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on(on).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        stage.nemo.play(Scenario::Hang);
        user.sends_album(2, Some(WISH)).await;
        stage.journal_has("run", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.nemo.play(Scenario::Normal);
    stage.start();
    let user = User { stage: &stage, person, chat };
    user.sees_button("Check status").await;
    stage.listens().await;
    user.says("/credits");
    user.sees("Credits:").await;
    assert_eq!(stage.count("run"), 1, "never sent again\n{}", stage.story());
    assert_eq!(stage.count("upload"), 2, "never uploaded again\n{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_report_on_a_lost_turn_stays_when_the_next_wish_is_answered(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on(on).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::Hang);
        user.says("add a title");
        stage.journal_has("run", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    let user = User { stage: &stage, person: person.clone(), chat };
    user.says("add music");
    stage.nemo.play(Scenario::Normal);
    stage.start();
    let user = User { stage: &stage, person, chat };
    stage.journal_has("run", |entry| entry.data["text"].as_str().is_some_and(|text| text.contains("music"))).await;
    // Its place in line, if it was told one, becomes its answer.
    user.sees_no_more("number 1 in line").await;
    user.sees_no_more("Working on it").await;
    user.sees("The connection broke").await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_corrected_before_its_turn_is_sent_as_corrected(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on(on).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    let user = User { stage: &stage, person, chat };
    user.says("write a poem about it");
    let second = user.says("make it red");
    user.corrects(second, "make it blue");
    stage.start();
    stage.journal_has("run-end", |_| stage.count("run-end") == 2).await;
    assert_eq!(requests(&stage), ["write a poem about it", "make it blue"], "{}", stage.story());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn on_redis_the_same_with_a_power_cut_while_rendering(#[values(Telegram, Discord)] on: Platform) {
    let redis = RedisServer::start();
    let mut stage =
        Stage::empty_on(on, &[("NEMO_BOT__STORE__URL", &redis.url()), ("NEMO_BOT__STORE__KEY", STORE_KEY)]).await;
    stage.start();
    stage.listens().await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(Some(WISH)).await;
        user.sees_button("Export MP4").await;
        stage.nemo.play(Scenario::RenderSlow);
        user.says("export");
        stage.journal_has("render-poll", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.start();
    stage.nemo.release();
    let user = User { stage: &stage, person, chat };
    user.sees_video().await;
    assert_eq!((stage.count("run"), stage.count("render")), (1, 1), "{}", stage.story());
    assert_eq!(user.count("Download: http"), 1, "one link");
    stage.assert_clean();
}
