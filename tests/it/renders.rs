//! Renders and the accounts behind them: delivered whole, healed or ended in the right words, and never in a loop.

use std::time::Duration;

use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::{NemoEmulatorSettings, Pace, Scenario};
use nemo_bot::sandbox::telegram::{FileKind, FileSource, TelegramSizes, UserFile};
use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Seen, Stage, User, clip};

const MEBIBYTE: u64 = 1 << 20;
/// What a file may add to the bot's memory, however long it is.
const GROWTH_LIMIT: u64 = 16 * MEBIBYTE;
const OWN: &str = "nmv_usr_NEMOCANARYOWN";

/// A project with a clip, and this played from now on.
async fn with_clip(user: &User<'_>, scenario: Scenario) {
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.stage.nemo.play(scenario);
}

/// A stage on which long files move.
async fn roomy(settings: &[(&str, &str)]) -> Stage {
    let sizes = TelegramSizes { download: 100 * MEBIBYTE, upload: 100 * MEBIBYTE, ..TelegramSizes::default() };
    let mut stage = Stage::furnished(settings, sizes, NemoEmulatorSettings::quick()).await;
    stage.start();
    stage
}

/// A clip of this size that takes no room on disk.
async fn sends_long_clip(user: &User<'_>, size: u64) {
    let path = user.stage.folder.path().join("long.mp4");
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    let file = UserFile {
        name: "long.mp4".to_owned(),
        mime: Some("video/mp4".to_owned()),
        kind: FileKind::Video,
        source: FileSource::Path(path),
        caption: None,
    };
    user.stage.telegram.sends_file(&user.person, user.chat, file).await.unwrap();
    user.sees("What should I do with it?").await;
}

/// Free tokens that were given out.
fn minted(stage: &Stage) -> usize {
    stage
        .journal
        .after(0)
        .iter()
        .filter(|entry| entry.kind == "token" && entry.line.starts_with("A free token"))
        .count()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_an_address_comes_whole_and_once(#[values(Telegram, Discord)] on: Platform) {
    for (scenario, sent) in [(Scenario::RenderBytes, 2), (Scenario::RenderBytesCut, 3)] {
        let stage = Stage::on(on).await;
        let user = stage.user_on(on, "en");
        with_clip(&user, scenario).await;
        user.says("export");
        let video = user.sees_video().await;
        assert_eq!(user.downloads(&video), std::fs::read(clip("landscape.mp4")).unwrap());
        let result = user.sees("The file comes as the next message").await;
        assert!(result.text.contains("Your MP4 is ready: ") && !result.text.contains("http"), "{result:?}");
        assert_eq!(stage.count("file-sent"), sent, "one look, and each fetch\n{}", stage.story());
        stage.nemo.play(Scenario::Normal);
        user.says("/status");
        user.sees("Timeline").await;
        let is_video = |message: &Seen| message.file.as_ref().is_some_and(|file| file.kind == "video");
        let videos = user.bot_messages().iter().filter(|message| is_video(message)).count();
        assert_eq!(videos, 1, "{:#?}", user.texts());
        stage.assert_clean();
        if scenario == Scenario::RenderBytes {
            // A call that broke off in the middle is not one that the checker can judge.
            stage.assert_calls_pass_the_checker();
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_breaks_off_each_time_is_announced_no_longer(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    with_clip(&user, Scenario::RenderBytesLost).await;
    user.says("export");
    let result = user.sees("The file comes as the next message").await;
    let lost = "I could not get the file from the video service";
    user.sees_one("the result, corrected", |seen| seen.message_id == result.message_id && seen.text.contains(lost))
        .await;
    // In the result, and in the message that rings.
    user.sees_times(lost, 2).await;
    assert_eq!(user.count("comes as the next message"), 0, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_file_without_an_address_passes_through_without_staying_in_memory() {
    let stage = roomy(&[("NEMO_BOT__TELEGRAM__LOCAL_FILES", "true")]).await;
    let user = stage.user("en");
    sends_long_clip(&user, 60 * MEBIBYTE).await;
    stage.nemo.play(Scenario::RenderBytes);
    let before = stage.peak_memory();
    user.says("export");
    let video = user.sees_video().await;
    assert_eq!(video.file.as_ref().unwrap().size, 60 * MEBIBYTE, "{video:?}");
    let growth = stage.peak_memory() - before;
    assert!(growth <= GROWTH_LIMIT, "{growth} bytes more than before");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_an_address_that_is_too_large_is_said_with_a_way_on() {
    let mut stage = roomy(&[("NEMO_BOT__TELEGRAM__LOCAL_FILES", "true")]).await;
    let (person, chat) = {
        let user = stage.user("en");
        sends_long_clip(&user, 60 * MEBIBYTE).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    stage.sets("NEMO_BOT__TELEGRAM__LOCAL_FILES", "false");
    stage.start();
    let user = User { stage: &stage, person, chat };
    stage.nemo.play(Scenario::RenderBytes);
    user.says("export");
    let result = user.sees("It is too large to send here, and the service gave no link").await;
    assert!(result.text.contains("Your MP4 is ready: ") && result.text.contains("60"), "{result:?}");
    assert!(result.buttons.iter().flatten().any(|button| button.text == "Export MP4"), "{result:?}");
    user.sees("Your MP4 is ready, see above").await;
    assert_eq!(stage.count("file-sent"), 1, "only looked at\n{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_render_renews_a_free_account_at_each_of_its_calls(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    with_clip(&user, Scenario::RenderTokenExpired).await;
    user.says("export");
    user.sees_video().await;
    assert_eq!(user.count("Download: http"), 1, "{:#?}", user.texts());
    assert_eq!(stage.count("render"), 1, "submitted once\n{}", stage.story());
    assert_eq!(minted(&stage), 4, "one for each that was refused\n{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_render_on_a_refused_token_of_ones_own_or_the_operators_says_so_and_asks_for_no_other(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says(&format!("/connect {OWN}"));
    user.sees("Connected").await;
    with_clip(&user, Scenario::RenderTokenExpired).await;
    user.says("export");
    let said = user.sees("Your account token no longer works. Send a new one with /connect").await;
    assert!(said.buttons.is_empty(), "{said:?}");
    assert_eq!((user.count("Rendering"), minted(&stage)), (0, 0), "{}", stage.story());
    stage.assert_clean();

    let stage = Stage::on_with(on, &[("NEMO_TOKEN", "nmv_usr_operator")]).await;
    let user = stage.user_on(on, "en");
    with_clip(&user, Scenario::RenderTokenLost).await;
    user.says("export");
    user.sees("This bot's account needs attention. The operator has been told").await;
    assert!(stage.logs().contains("The service refuses NEMO_TOKEN"), "{}", stage.story());
    assert_eq!((user.count("Rendering"), minted(&stage)), (0, 0), "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_account_is_asked_for_once_more_after_the_wait(#[values(Telegram, Discord)] on: Platform) {
    const WAIT: u64 = 1_500;
    let stage = Stage::on_with(on, &[("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "1500ms")]).await;
    let user = stage.user_on(on, "en");
    with_clip(&user, Scenario::ReauthBusy).await;
    user.says("add a title \"Urban Dreams\"");
    user.sees("Urban Dreams").await;
    let entries = stage.journal.after(0);
    let asked: Vec<_> = entries.iter().filter(|entry| entry.kind == "token").collect();
    let refused = asked.iter().position(|entry| entry.data["refused"] == true).expect("refused once");
    assert_eq!(asked.len(), refused + 2, "asked once more, and no more than that\n{}", stage.story());
    assert!(asked[refused + 1].at_ms - asked[refused].at_ms >= WAIT, "not at once\n{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_was_refused_an_account_after_waiting_is_answered_at_once_the_next_time(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on_with(on, &[("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "1s")]).await;
    let user = stage.user_on(on, "en");
    stage.nemo.play(Scenario::NoAnonymous);
    let asked = || stage.journal.after(0).iter().filter(|entry| entry.kind == "token").count();
    user.says("write a poem about the sea");
    user.sees_times("no free account left", 1).await;
    assert_eq!(asked(), 2, "asked once more after the wait\n{}", stage.story());
    user.says("and one about the wind");
    user.sees_times("no free account left", 2).await;
    assert_eq!(asked(), 3, "asked once, without another wait\n{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_came_while_the_store_did_not_answer_is_not_lost(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    stage.nemo.play(Scenario::SlowAccount);
    user.sends_clip(None).await;
    stage.journal_has("token-waits", |_| true).await;
    let store = rusqlite::Connection::open(stage.folder.path().join("bot.db")).unwrap();
    store.execute_batch("BEGIN IMMEDIATE").unwrap();
    stage.nemo.release();
    stage.logs_have("could not be counted").await;
    stage.logs_have("A conversation was left").await;
    store.execute_batch("ROLLBACK").unwrap();
    stage.nemo.play(Scenario::Normal);
    user.sees("What should I do with it?").await;
    assert_eq!(user.count("no free account left"), 0, "{:#?}", user.texts());
    let asked = stage.journal.after(0).iter().filter(|entry| entry.kind == "token").count();
    assert_eq!(asked, 1, "the service gives none twice\n{}", stage.story());
    let counted = stage.logs().matches("An anonymous token was obtained; the service gives").count();
    assert_eq!(counted, 1, "the ledger counts it once");
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_render_of_an_earlier_project_is_stopped_by_its_own_button_and_by_cancel(
    #[values(Telegram, Discord)] on: Platform,
) {
    // It ends by a stop alone.
    let quick = NemoEmulatorSettings::quick();
    let endless = NemoEmulatorSettings { pace: Pace { slow_polls: u32::MAX, ..quick.pace }, ..quick };
    let stage = Stage::on_backend(on, endless, &[]).await;
    let user = stage.user_on(on, "en");
    for (round, by_button) in [(1, true), (2, false), (3, true)] {
        stage.nemo.play(Scenario::Normal);
        user.sends_clip(None).await;
        user.sees_times("What should I do with it?", round).await;
        stage.nemo.play(Scenario::RenderSlow);
        user.says("export");
        let submitted = stage.journal_has("render", |_| stage.count("render") == round).await;
        let status = user.sees_button("Stop").await;
        user.says("/new");
        user.sees_times("New project", round).await;
        if round == 3 {
            // While something else runs, it is answered at once.
            stage.nemo.play(Scenario::Hang);
            user.says("write a poem about the sea");
            stage.journal_has("run", |_| true).await;
        }
        if by_button {
            user.presses_on(status.message_id, "Stop");
        } else {
            user.says("/cancel");
        }
        stage.journal_has("render-cancel", |entry| entry.data["id"] == submitted.data["id"]).await;
        user.sees_times("Export stopped", round).await;
    }
    stage.nemo.release();
    assert_eq!(
        (user.count("belongs to an earlier project"), user.count("Nothing is running")),
        (0, 0),
        "{:#?}",
        user.texts()
    );
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_counts_also_where_the_file_was_done_and_nobody_knew(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    with_clip(&user, Scenario::RenderLate).await;
    user.says("export");
    stage.journal_has("render-late", |_| true).await;
    user.says("/cancel");
    stage.has_rows("job:%:stop").await;
    stage.nemo.release();
    user.sees("Export stopped").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!((user.count("Download: http"), user.count("Nothing is running")), (0, 0), "{:#?}", user.texts());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_render_is_stopped_in_words_too(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    with_clip(&user, Scenario::RenderSlow).await;
    user.says("export");
    user.sees_button("Stop").await;
    user.says("stop");
    user.sees("Export stopped").await;
    // With nothing running it is meant for the agent.
    stage.nemo.play(Scenario::Normal);
    user.says("never mind");
    stage.journal_has("run-end", |_| true).await;
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.nemo.release();
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_second_wish_to_export_joins_the_first_and_a_later_one_comes_in_the_other_shape(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    with_clip(&user, Scenario::RenderSlow).await;
    user.says("export");
    stage.journal_has("render-poll", |_| true).await;
    user.says("/export");
    user.sees("This render is already running").await;
    assert_eq!(stage.count("render"), 1, "{}", stage.story());
    stage.nemo.release();
    user.sees_video().await;
    stage.nemo.play(Scenario::Normal);
    user.says("export");
    user.sees_times("Download: http", 2).await;
    assert_eq!(stage.count("render"), 2, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_project_with_a_session_and_nothing_in_it_is_not_rendered(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says("write a poem about the sea");
    stage.journal_has("run-end", |_| true).await;
    user.says("export");
    user.sees("There is nothing to export yet").await;
    assert_eq!((stage.count("render"), stage.count("render-refused")), (0, 0), "{}", stage.story());
    let begun = |entry: &Entry| entry.data["text"].as_str().is_some_and(|text| text.contains("Rendering"));
    assert!(!stage.journal.after(0).iter().any(begun), "none is begun, either\n{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[case::too_many(Scenario::RenderBusy, ("NEMO_BOT__NEMO__RATE_LIMIT_WAIT", "2s"))]
#[case::a_proxy_in_between(Scenario::RenderTrouble, ("NEMO_BOT__NEMO__RENDER_POLL_EVERY", "2s"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_service_is_said_and_when_it_is_asked_again(
    #[values(Telegram, Discord)] on: Platform,
    #[case] scenario: Scenario,
    #[case] wait: (&str, &str),
) {
    const BUSY: &str = "The video service is busy. I'll try again";
    let stage = Stage::on_with(on, &[wait]).await;
    let user = stage.user_on(on, "en");
    with_clip(&user, scenario).await;
    user.says("export");
    let said = user.sees(BUSY).await;
    assert!(said.buttons.iter().flatten().any(|button| button.text == "Stop"), "{said:?}");
    if matches!(scenario, Scenario::RenderBusy) {
        // It has to be free the next time.
        stage.nemo.play(Scenario::RenderSlow);
        user.sees("Rendering… ").await;
        stage.nemo.release();
    }
    user.sees_video().await;
    assert_eq!((user.count(BUSY), user.count("Download: http")), (0, 1), "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_message_that_says_the_same_is_not_edited() {
    // Discord lets through what would wait for its turn on Telegram.
    let stage = Stage::on(Platform::Discord).await;
    let user = stage.user_on(Platform::Discord, "en");
    with_clip(&user, Scenario::RenderSlow).await;
    user.says("export");
    user.sees("Rendering… ").await;
    user.says("/export");
    user.sees("This render is already running").await;
    let asked = stage.count("render-poll");
    stage.journal_has("render-poll", |_| stage.count("render-poll") > asked + 2).await;
    user.sees_video().await;
    let entries = stage.journal.after(0);
    let said: Vec<_> =
        entries.iter().filter(|entry| entry.kind == "edited" && entry.line.contains("Rendering…")).collect();
    assert!(!said.is_empty(), "{}", stage.story());
    for pair in said.windows(2) {
        assert_ne!(pair[0].line, pair[1].line, "{}", stage.story());
    }
    stage.assert_clean();
}

#[cfg(feature = "crash-points")]
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_render_that_kills_its_worker_three_times_is_given_up_in_words(#[values(Telegram, Discord)] on: Platform) {
    const LIVES: usize = 3;
    let mut stage = Stage::on(on).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        with_clip(&user, Scenario::RenderSlow).await;
        (user.person.clone(), user.chat)
    };
    stage.kill().await;
    let user = User { stage: &stage, person, chat };
    user.says("export");
    for life in 1..=LIVES {
        let mut bot = stage.spawn(&[("NEMO_BOT_CRASH", "render.claimed:1")]);
        let died = tokio::time::timeout(Duration::from_secs(40), bot.wait()).await;
        assert!(died.is_ok_and(|status| !status.unwrap().success()), "life {life}\n{}", stage.story());
    }
    let _bot = stage.spawn(&[]);
    let said = user.sees("Something went wrong on my side").await;
    assert!(said.buttons.iter().flatten().any(|button| button.text == "Try again"), "{said:?}");
    assert_eq!(stage.count("render"), 0, "{}", stage.story());
    // Nothing stands in the way of the next.
    stage.nemo.play(Scenario::Normal);
    user.presses("Try again").await;
    user.sees_video().await;
    assert_eq!(user.count("Something went wrong"), 1, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_more_than_the_service_renders_is_told_and_gets_what_there_is() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    user.says("/export 4K");
    user.sees("The service exports at most 1080x1920").await;
    user.sees_video().await;
    user.rests().await;
    user.says("/export 1080p");
    user.sees_times("Your MP4 is ready:", 2).await;
    assert_eq!(user.count("at most 1080x1920"), 1, "{:#?}", user.texts());
    stage.assert_clean();
}
