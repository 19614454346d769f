//! Clips on their way: whole or not at all, in order, with a way out, and never in memory.

use std::time::Duration;

use nemo_bot::sandbox::discord;
use nemo_bot::sandbox::nemo::{NemoEmulatorSettings, Pace, Scenario};
use nemo_bot::sandbox::telegram::{FaultAction, FaultRule, FileDetails, FileKind, FileSource, TelegramSizes, UserFile};
use rstest::rstest;
use tokio::time::Instant;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Stage, User, file_of};

const MEBIBYTE: u64 = 1 << 20;
/// What a clip may add to the bot's memory, however long it is.
const GROWTH_LIMIT: u64 = 16 * MEBIBYTE;
/// From the end of `run.drain` to the end of the program.
const HANDS_OVER_WITHIN: Duration = Duration::from_secs(2);
/// A claim that is waited out would take this long, one that was let go no time at all.
const LONG_HOLD: (&str, &str) = ("NEMO_BOT__RUN__HOLD", "30s");

/// A clip of this size that holds nothing but zeros and takes no room on disk.
fn hollow(stage: &Stage, name: &str, size: u64) -> UserFile {
    let path = stage.folder.path().join(name);
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    UserFile {
        name: name.to_owned(),
        mime: Some("video/mp4".to_owned()),
        kind: FileKind::Video,
        source: FileSource::Path(path),
        caption: None,
    }
}

/// What the backend has taken in: names, in order.
fn arrived(stage: &Stage) -> Vec<String> {
    let entries = stage.journal.after(0);
    let uploads = entries.iter().filter(|entry| entry.kind == "upload" && entry.data["refused"] != true);
    uploads.map(|entry| entry.data["name"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn sends(user: &User<'_>, file: UserFile) {
    user.stage.telegram.sends_file(&user.person, user.chat, file).await.unwrap();
}

/// The same on either platform.
async fn sends_long(user: &User<'_>, name: &str, size: u64) {
    match user.person.platform {
        Telegram => sends(user, hollow(user.stage, name, size)).await,
        Discord => {
            let source = discord::FileSource::Sparse(bytes::Bytes::new(), size);
            let file = discord::UserFile { name: name.to_owned(), mime: Some("video/mp4".to_owned()), source };
            user.sends_attachments(vec![file], None).await;
        }
    }
}

/// The next download stands still in its middle.
fn stalls(stage: &Stage, on: Platform) {
    match on {
        Telegram => stage.telegram.fault(FaultRule::on("download", FaultAction::Stall)),
        Discord => {
            let download = discord::FaultRule::on("GET", "/attachments/*/*/*", discord::FaultAction::Stall);
            stage.discord().fault(download);
        }
    }
}

async fn downloads(stage: &Stage) {
    stage.journal_has("call", |entry| entry.data["method"] == "download").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_dies_in_the_middle_leaves_nothing_and_the_clip_can_be_sent_again() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.telegram.fault(FaultRule::on("download", FaultAction::CutConnection));
    sends(&user, hollow(&stage, "long.mp4", 5 * MEBIBYTE)).await;
    user.sees("The upload broke off at").await;
    assert_eq!(arrived(&stage), Vec::<String>::new(), "half a clip is none\n{}", stage.story());
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    assert_eq!(arrived(&stage), ["landscape.mp4"], "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_stands_still_ends_in_words_and_the_clip_can_be_sent_again() {
    // It is waited for a minute.
    const STANDS_STILL: Duration = Duration::from_secs(100);
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.telegram.fault(FaultRule::on("download", FaultAction::Stall));
    sends(&user, hollow(&stage, "slow.mp4", 5 * MEBIBYTE)).await;
    downloads(&stage).await;
    let mut changes = stage.telegram.changes();
    let told = async {
        while user.count("The upload broke off at") == 0 {
            changes.changed().await.unwrap();
        }
    };
    assert!(tokio::time::timeout(STANDS_STILL, told).await.is_ok(), "nobody says so\n{}", stage.story());
    assert_eq!(arrived(&stage), Vec::<String>::new(), "half a clip is none\n{}", stage.story());
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    assert_eq!(arrived(&stage), ["landscape.mp4"], "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_that_is_not_as_long_as_announced_is_not_sent_on() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    for claimed in [5 * MEBIBYTE - 1, 5 * MEBIBYTE + 1] {
        let details = FileDetails { claimed_size: Some(claimed), ..FileDetails::default() };
        let file = hollow(&stage, "odd.mp4", 5 * MEBIBYTE);
        stage.telegram.sends_file_as(&user.person, user.chat, file, details).await.unwrap();
    }
    user.sees_times("The upload broke off at 0%", 2).await;
    assert_eq!(stage.count("upload"), 0, "nothing went out\n{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_whose_size_the_message_does_not_tell_arrives_whole() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let details = FileDetails { without_size: true, without_name: true, ..FileDetails::default() };
    let file = file_of("landscape.mp4", None);
    stage.telegram.sends_file_as(&user.person, user.chat, file, details).await.unwrap();
    user.sees("What should I do with it?").await;
    let upload = stage.journal_has("upload", |_| true).await;
    let size = std::fs::metadata(super::bot::clip("landscape.mp4")).unwrap().len();
    assert_eq!(upload.data["size"], size, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_does_not_hand_out_is_said_with_the_way_round_which_works() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    sends(&user, hollow(&stage, "holiday.mp4", 25 * MEBIBYTE)).await;
    let said = user.sees("Telegram lets me download files up to").await;
    assert!(said.text.contains("; this one has 2"), "{}", said.text);
    assert!(said.text.contains("Send a link to the file"), "{}", said.text);
    assert_eq!(stage.telegram.calls().iter().filter(|call| call["method"] == "getFile").count(), 0);
    user.says("https://example.com/holiday.mp4");
    user.sees("What should I do with it?").await;
    assert_eq!(arrived(&stage), ["holiday.mp4"], "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn several_clips_go_into_one_project_in_their_order(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    let names = ["portrait.mp4", "landscape.mov", "tone.m4a", "landscape.mp4"];
    for name in names {
        user.sends(name, None).await;
    }
    user.sees_times("What should I do with it?", names.len()).await;
    assert_eq!(arrived(&stage), names, "{}", stage.story());
    assert_eq!(stage.count("session"), 1, "one project\n{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn stop_in_the_middle_of_the_bytes_leaves_nothing(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    stalls(&stage, on);
    sends_long(&user, "slow.mp4", 5 * MEBIBYTE).await;
    downloads(&stage).await;
    user.presses("Stop").await;
    user.sees("Upload stopped. Nothing was added").await;
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    assert_eq!(arrived(&stage), ["landscape.mp4"], "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_works_while_the_platform_does_not_even_open_the_file() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.telegram.fault(FaultRule::on("getFile", FaultAction::Stall));
    user.sends_clip(None).await;
    user.presses("Stop").await;
    user.sees("Upload stopped. Nothing was added").await;
    assert_eq!(stage.count("upload"), 0, "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn stop_while_the_service_looks_at_the_clip_leaves_nothing(#[values(Telegram, Discord)] on: Platform) {
    let pace = Pace { upload: Duration::from_mins(10), ..NemoEmulatorSettings::quick().pace };
    let nemo = NemoEmulatorSettings { pace, ..NemoEmulatorSettings::quick() };
    let stage = Stage::on_backend(on, nemo, &[]).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    downloads(&stage).await;
    user.presses("Stop").await;
    user.sees("Upload stopped. Nothing was added").await;
    assert_eq!(arrived(&stage), Vec::<String>::new(), "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_early_refusal_is_told_while_the_bytes_still_come(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    stage.nemo.play(Scenario::TooLarge);
    // The second half never comes, so whoever waits for the end of the file waits for ever.
    stalls(&stage, on);
    sends_long(&user, "huge.mp4", 10 * MEBIBYTE).await;
    user.sees("Compress or trim it").await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_megabytes_pass_through_without_staying_in_memory() {
    let sizes = TelegramSizes { download: 100 * MEBIBYTE, ..TelegramSizes::default() };
    let settings = [("NEMO_BOT__TELEGRAM__LOCAL_FILES", "true")];
    let mut stage = Stage::furnished(&settings, sizes, NemoEmulatorSettings::quick()).await;
    stage.start();
    let user = stage.user("en");
    user.says("/start");
    user.sees("Share your video clips").await;
    let idle = stage.peak_memory();
    sends(&user, hollow(&stage, "long.mp4", 60 * MEBIBYTE)).await;
    user.sees("What should I do with it?").await;
    let upload = stage.journal_has("upload", |_| true).await;
    assert_eq!(upload.data["size"], 60 * MEBIBYTE, "{}", stage.story());
    let growth = stage.peak_memory() - idle;
    #[allow(clippy::print_stderr, reason = "a figure to be read")]
    {
        eprintln!("60 MiB went through: {} KiB idle, at most {} KiB more", idle / 1024, growth / 1024);
    }
    assert!(growth <= GROWTH_LIMIT, "{growth} bytes more than idle");
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_in_an_upload_it_hands_over_and_the_clip_arrives_once(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on_with(on, &[LONG_HOLD]).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        stalls(&stage, on);
        sends_long(&user, "slow.mp4", 5 * MEBIBYTE).await;
        downloads(&stage).await;
        (user.person.clone(), user.chat)
    };
    stops_in_time(&mut stage).await;
    let begun = Instant::now();
    stage.start();
    stage.listens().await;
    let user = User { stage: &stage, person, chat };
    user.sees("What should I do with it?").await;
    assert!(begun.elapsed() < Duration::from_secs(20), "its claim was waited out\n{}", stage.story());
    assert_eq!(arrived(&stage), ["slow.mp4"], "{}", stage.story());
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_in_the_middle_of_a_poll_it_hands_over_and_the_mp4_comes_once(
    #[values(Telegram, Discord)] on: Platform,
) {
    let mut stage = Stage::on_with(on, &[LONG_HOLD]).await;
    let (person, chat) = {
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        stage.nemo.play(Scenario::RenderSlow);
        // The courier is in the middle of a call when the program is to end.
        match on {
            Telegram => {
                let edit = FaultRule::on("editMessageText", FaultAction::Stall);
                stage.telegram.fault(edit.containing("Rendering…"));
            }
            Discord => {
                let edit = discord::FaultRule::on("PATCH", "/channels/*/messages/*", discord::FaultAction::Stall);
                stage.discord().fault(edit.containing("Rendering…"));
            }
        }
        user.presses("Export MP4").await;
        stage.journal_has("render", |_| true).await;
        (user.person.clone(), user.chat)
    };
    stops_in_time(&mut stage).await;
    let begun = Instant::now();
    stage.start();
    stage.listens().await;
    stage.nemo.release();
    let user = User { stage: &stage, person, chat };
    user.sees_video().await;
    assert!(begun.elapsed() < Duration::from_secs(20), "its claim was waited out\n{}", stage.story());
    assert_eq!(stage.count("render"), 1, "{}", stage.story());
    assert_eq!(user.count("Download: http"), 1, "one link");
    stage.assert_clean();
}

/// Asks the bot to stop, which it does `run.drain` and a little later, by itself.
async fn stops_in_time(stage: &mut Stage) {
    // As the harness sets `run.drain`.
    let drain = Duration::from_secs(1);
    let asked = Instant::now();
    assert_eq!(stage.stop().await, Some(0), "an orderly stop\n{}", stage.story());
    let took = asked.elapsed();
    assert!(took <= drain + HANDS_OVER_WITHIN, "it took {took:?}\n{}", stage.story());
}
