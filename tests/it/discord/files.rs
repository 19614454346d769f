//! Clips on their way in.

use std::time::Duration;

use bytes::Bytes;
use nemo_bot::sandbox::discord::{DiscordEmulatorSettings, FaultAction, FaultRule, FileSource, UserFile};
use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;
use tokio::net::TcpListener;

use super::{WHAT_NOW, calls, opened};
use crate::bot::Platform::Discord;
use crate::bot::{Stage, attachment_of, clip};

const MEBIBYTE: u64 = 1 << 20;
/// What the bot takes, and what people may send.
const LIMIT: u64 = 500 * MEBIBYTE;

/// A stage where people may send more than the bot takes.
async fn roomy() -> Stage {
    let mut settings = DiscordEmulatorSettings::quick();
    settings.sizes.user_upload = 2 * LIMIT;
    Stage::with_discord(settings, &[]).await
}

/// A clip of this size: a real beginning, and nothing after it that takes room.
fn hollow(name: &str, size: u64) -> UserFile {
    let begins = Bytes::from(std::fs::read(clip("landscape.mp4")).unwrap());
    UserFile { name: name.to_owned(), mime: None, source: FileSource::Sparse(begins, size) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_over_the_limit_is_refused_before_a_byte_moves() {
    let stage = roomy().await;
    let user = stage.user_on(Discord, "en");
    for (name, size) in [("long.mp4", LIMIT + 1), ("longer.mp4", LIMIT + MEBIBYTE)] {
        user.sends_attachments(vec![hollow(name, size)], None).await;
        let told = user.sees(name).await;
        assert!(told.text.contains("the limit is"), "{told:?}");
        let downloads = calls(&stage, "GET", name);
        assert!(downloads.is_empty() && stage.count("upload") == 0, "{downloads:#?}\n{}", stage.story());
    }
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_just_under_the_limit_passes_through_without_staying_in_memory() {
    let stage = roomy().await;
    let user = stage.user_on(Discord, "en");
    user.says("/start");
    user.sees("Share your video clips").await;
    let idle = stage.peak_memory();
    user.sends_attachments(vec![hollow("long.mp4", LIMIT - MEBIBYTE)], None).await;
    let upload = stage.comes("upload", 1).await;
    assert_eq!(upload.data["size"], LIMIT - MEBIBYTE, "{}", stage.story());
    user.sees(WHAT_NOW).await;
    let growth = stage.peak_memory() - idle;
    assert!(growth < 32 * MEBIBYTE, "{} MiB more", growth / MEBIBYTE);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_whose_address_ran_out_in_the_queue_is_fetched_by_a_new_one() {
    let stage = Stage::on_with(Discord, &[("NEMO_BOT__NEMO__STILL_WORKING_EVERY", "3s")]).await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    stage.discord().cdn_life(Duration::from_secs(1));
    user.sends("portrait.mp4", None).await;
    stage.discord().cdn_life(Duration::from_hours(1));
    // A sign of time: by now the address is dead.
    user.sees("Still working").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    stage.journal_has("upload", |_| stage.count("upload") == 2).await;
    user.sees_times(WHAT_NOW, 2).await;
    assert_eq!(calls(&stage, "POST", "/attachments/refresh-urls").len(), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_clip_is_named_and_left_where_it_is() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends("README.txt", Some("look")).await;
    user.sees("I can't use TXT files").await;
    assert_eq!(stage.count("upload"), 0);
    assert!(calls(&stage, "GET", "README.txt").is_empty(), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_is_on_its_way_before_its_message_stands() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    // As where a channel has had its messages for now.
    let late = FaultAction::Delay(Duration::from_secs(5));
    stage.discord().fault(FaultRule::on("POST", "/channels/*/messages", late).containing("portrait.mp4"));
    user.sends("portrait.mp4", None).await;
    let arrived = stage.journal_has("upload", |entry| entry.data["name"] == "portrait.mp4").await;
    user.sees_times(WHAT_NOW, 2).await;
    user.rests().await;
    let shown = stage.journal_has("sent", |entry| entry.line.contains("portrait.mp4")).await;
    assert!(arrived.number < shown.number, "{}", stage.story());
    let messages = user.bot_messages();
    assert_eq!((messages.len(), stage.count("upload")), (3, 2), "the notice, and one for each: {:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

/// The clips that the backend has got.
fn arrived(stage: &Stage) -> Vec<String> {
    let entries = stage.journal.after(0).into_iter();
    let uploads = entries.filter(|entry| entry.kind == "upload" && entry.data["refused"] != true);
    uploads.map(|entry| entry.data["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn downloads(action: FaultAction) -> FaultRule {
    FaultRule::on("GET", "/attachments/*/*/*", action)
}

#[rstest]
#[case::dies(FaultAction::CutConnection)]
#[case::is_shorter_than_announced(FaultAction::Shorter(1))]
#[case::stands_still(FaultAction::Stall)]
#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_does_not_give_all_of_a_clip_leaves_nothing_and_it_can_be_sent_again(#[case] fault: FaultAction) {
    // One that stands still is waited for a minute.
    const STANDS_STILL: Duration = Duration::from_secs(100);
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    stage.discord().fault(downloads(fault));
    user.sends_attachments(vec![hollow("long.mp4", 5 * MEBIBYTE)], None).await;
    let mut changes = stage.discord().changes();
    let told = async {
        while user.count("The upload broke off at") == 0 {
            changes.changed().await.unwrap();
        }
    };
    assert!(tokio::time::timeout(STANDS_STILL, told).await.is_ok(), "nobody says so\n{}", stage.story());
    assert_eq!(arrived(&stage), Vec::<String>::new(), "a part is none\n{}", stage.story());
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    assert_eq!(arrived(&stage), ["landscape.mp4"], "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_redirect_leads_away_from_where_attachments_lie() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/secret.mp4", elsewhere.local_addr().unwrap());
    stage.discord().fault(downloads(FaultAction::Elsewhere(address)));
    user.sends_clip(None).await;
    user.sees("The upload broke off at 0%").await;
    let visited = tokio::time::timeout(Duration::ZERO, elsewhere.accept()).await;
    assert!(visited.is_err(), "somebody followed it\n{}", stage.story());
    assert_eq!(arrived(&stage), Vec::<String>::new(), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_whose_address_and_message_are_gone_is_asked_for_again() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(None).await;
    user.sees(WHAT_NOW).await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    stage.discord().cdn_life(Duration::ZERO);
    let sent = user.sends("portrait.mp4", None).await;
    stage.discord().cdn_life(Duration::from_hours(1));
    user.sees_button("Drop it").await;
    assert!(stage.discord().deletes(user.channel(), u64::try_from(sent).unwrap()));
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees("The link to your attachment has expired. Please send the clip again").await;
    user.sends("portrait.mp4", None).await;
    user.sees_times(WHAT_NOW, 2).await;
    assert_eq!(arrived(&stage), ["landscape.mp4", "portrait.mp4"], "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_files_what_got_in_is_told_where_one_did_not() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    let notes = || UserFile { name: "notes.pdf".to_owned(), ..attachment_of("landscape.mp4") };
    user.sends_attachments(vec![notes(), attachment_of("landscape.mp4"), notes()], None).await;
    let said = user.sees("Already in the project from this message: landscape.mp4.").await.text;
    assert_eq!(said.matches("I can't use PDF files").count(), 1, "{said}");
    user.sees_button("Export MP4").await;

    // With fewer clips it may not be what was meant.
    let files = vec![notes(), attachment_of("landscape.mp4")];
    user.sends_attachments(files, Some("add a title that says First Light")).await;
    let said = user.sees_button("Do it").await;
    assert!(said.text.contains("I can't use PDF files"), "{}", said.text);
    user.rests().await;
    assert_eq!(stage.count("run"), 0, "{}", stage.story());
    user.presses("Do it").await;
    let run = stage.journal_has("run", |_| true).await;
    assert_eq!(run.data["text"], "add a title that says First Light\n(landscape-2.mp4)", "{}", stage.story());
    user.sees("Title added").await;
    user.rests().await;

    let stalls = FaultRule::on("GET", "/attachments/*/*/portrait.mp4", FaultAction::Stall);
    stage.discord().fault(stalls);
    user.sends_attachments(vec![attachment_of("landscape.mp4"), attachment_of("portrait.mp4")], None).await;
    user.waits_for(|| (stage.count("upload") == 3).then_some(())).await;
    // Whoever waits has begun, whatever the timeline says.
    user.says("/status");
    user.sees("A request has been running for").await;
    user.presses("Stop").await;
    let said = user.sees("Upload stopped.").await.text;
    assert!(said.contains("from this message: landscape-3.mp4.") && !said.contains("Nothing was added"), "{said}");
    user.rests().await;
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_how_it_stands_during_the_first_upload_is_not_told_to_begin() {
    let stage = opened().await;
    let user = stage.user_on(Discord, "en");
    stage.discord().fault(FaultRule::on("GET", "/attachments/*/*/*", FaultAction::Stall));
    user.sends_clip(None).await;
    user.sees("Uploading").await;
    user.says("/status");
    user.sees("A request has been running for").await;
    assert_eq!(user.count("Send a clip to begin"), 0, "{:#?}", user.texts());
    user.presses("Stop").await;
    user.sees("Nothing was added").await;
    stage.assert_clean();
}
