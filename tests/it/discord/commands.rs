//! Slash commands and the command of a message's menu.

use nemo_bot::sandbox::nemo::Scenario;

use super::{Stage, WHAT_NOW, calls, channel, flat_channel, opened};
use crate::bot::Platform::Discord;
use crate::bot::attachment_of;

const GENERATE: &str = "Generate metadata";

#[tokio::test(flavor = "multi_thread")]
async fn generate_metadata_works_on_anybodys_clip_in_a_server() {
    let stage = opened().await;
    let place = channel(&stage);
    let (poster, user) = (stage.user_on(Discord, "en").at(place), stage.user_on(Discord, "en").at(place));
    let clip = poster.sends_clip(Some("my holidays")).await;
    user.uses_on(clip, GENERATE);
    let thread = user.in_the_thread().await;
    thread.sees("Tags").await;
    thread.sees_button("Export MP4").await;
    assert_eq!((stage.count("upload"), stage.count("run")), (1, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn generate_metadata_asks_for_the_platforms_that_the_operator_has_set() {
    let stage = Stage::on_with(Discord, &[("NEMO_BOT__METADATA__PLATFORMS", "tiktok,xiaohongshu")]).await;
    let user = stage.user_on(Discord, "en");
    let clip = user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.uses_on(clip, GENERATE);
    let run = stage.journal_has("run", |_| true).await;
    let asked = run.data["text"].as_str().unwrap();
    assert!(asked.contains("for TikTok, Xiaohongshu."), "{asked}");
    user.sees("Fits TikTok limits").await;
    user.rests().await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_stops_something_does_not_think_for_ever() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    let thinking = || user.messages().iter().filter(|message| message.thinking).count();
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("/cancel");
    user.sees("Stopped waiting").await;
    user.rests().await;
    assert_eq!(thinking(), 0, "beside a turn\n{}", stage.story());
    stage.nemo.release();

    stage.nemo.play(Scenario::RenderLate);
    user.says("export");
    stage.journal_has("render-late", |_| true).await;
    user.says("/cancel");
    stage.has_rows("job:%:stop").await;
    stage.nemo.release();
    user.sees("Export stopped").await;
    user.rests().await;
    assert_eq!(thinking(), 0, "beside a render\n{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_beside_running_work_is_answered_by_its_own_way() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("/credits");
    user.sees("Credits:").await;
    let thinking = user.messages().iter().filter(|message| message.thinking).count();
    assert_eq!(thinking, 0, "a command is left without its answer\n{}", stage.story());
    stage.nemo.release();
    user.rests().await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn generate_metadata_works_in_a_private_chat() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    let clip = user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    user.uses_on(clip, GENERATE);
    user.sees("Tags").await;
    user.sees_button("Export MP4").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn generate_metadata_works_where_the_bot_is_no_member() {
    let stage = opened().await;
    let place = i64::try_from(stage.discord().a_foreign_channel("their clips")).unwrap();
    let (poster, user) = (stage.user_on(Discord, "en").at(place), stage.user_on(Discord, "en").at(place));
    let clip = poster.sends_clip(Some("my holidays")).await;
    user.uses_on(clip, GENERATE);
    user.sees("Tags").await;
    let answer = user.sees_button("Export MP4").await;
    assert!(answer.private, "nobody else there has asked: {answer:?}");
    stage.rests().await.unwrap();
    assert_eq!(user.count("see above"), 0, "it would stand right below the answer: {:#?}", user.texts());
    user.presses("Export MP4").await;
    user.sees("Your MP4 is ready").await;
    assert_eq!((stage.count("upload"), stage.count("run")), (1, 1), "{}", stage.story());
    assert_eq!(poster.bot_messages().len(), 0, "{:#?}", poster.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
    let routes = calls(&stage, "POST", "/messages");
    let at_place = format!("/channels/{place}/");
    assert!(!routes.iter().any(|call| call["path"].as_str().unwrap().contains(&at_place)), "{routes:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn upload_takes_a_file_of_its_own() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en").at(flat_channel(&stage));
    let (who, clip) = (user.person.on_discord(), attachment_of("landscape.mp4"));
    stage.discord().uses(&who, user.channel(), "upload", &[], Some(clip)).await.unwrap();
    user.sees(WHAT_NOW).await;
    assert_eq!(stage.count("upload"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_registered_once_in_every_language() {
    let mut stage = opened().await;
    let english = stage.discord().menu("en-US");
    let locales = ["zh-CN", "zh-TW", "es-ES", "es-419", "pt-BR", "ja", "ko", "de", "fr", "ru"];
    let menus = locales.map(|locale| stage.discord().menu(locale));
    for (locale, menu) in locales.iter().zip(&menus) {
        let described = english.iter().zip(menu).all(|((name, does), (same, theirs))| name == same && does != theirs);
        assert!(described && menu.len() == english.len(), "{locale}: {menu:#?}");
    }
    assert!(menus[0] != menus[1] && menus[2] == menus[3], "{menus:#?}");
    assert_eq!(stage.stop().await, Some(0));
    stage.start();
    stage.listens().await;
    let put = calls(&stage, "PUT", "/commands");
    assert_eq!(put.len(), 1, "a restart changes nothing, so it sends nothing: {put:#?}");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_a_clip_has_nothing_to_be_described() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    let words = user.says("look at my holidays");
    user.rests().await;
    let runs = stage.count("run");
    user.uses_on(words, GENERATE);
    user.sees("That message has no clip. Choose a message with a video.").await;
    user.rests().await;
    assert_eq!(stage.count("run"), runs, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
