//! Clips whose signed address is handed to the backend instead of their bytes (`discord.pass_links`).

use nemo_bot::sandbox::journal::Entry;
use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;

use super::{WISH, calls};
use crate::bot::Platform::Discord;
use crate::bot::{Stage, clip};

const CLIP: &str = "landscape.mp4";

async fn stage() -> Stage {
    Stage::on_with(Discord, &[("NEMO_BOT__DISCORD__PASS_LINKS", "true")]).await
}

/// The clips that the backend has got.
fn arrived(stage: &Stage) -> Vec<Entry> {
    let entries = stage.journal.after(0).into_iter();
    entries.filter(|entry| entry.kind == "upload" && entry.data["refused"] != true).collect()
}

/// An address opens its file to whoever has it: it stays out of the log, and is sealed on the disk.
fn assert_address_stays_inside(stage: &Stage) {
    for signed in ["hm=", "/attachments/1", "/ephemeral-attachments/"] {
        assert!(!stage.logs().contains(signed), "{signed} in the log\n{}", stage.story());
        let disk = stage.disk();
        assert!(!disk.windows(signed.len()).any(|part| part == signed.as_bytes()), "{signed} on the disk");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_clip_is_handed_over_and_its_bytes_stay_where_they_are() {
    let stage = stage().await;
    let user = stage.user_on(Discord, "en");
    user.sends_clip(Some(WISH)).await;
    user.sees("Tags").await;
    let [upload] = arrived(&stage).try_into().unwrap();
    assert_eq!((&upload.data["name"], upload.data["size"].is_null()), (&CLIP.into(), true), "{upload:?}");
    let downloads = calls(&stage, "GET", CLIP);
    assert!(downloads.is_empty(), "{downloads:#?}");
    assert_address_stays_inside(&stage);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[case::refused(Scenario::LinksRefused)]
#[case::cannot_be_fetched(Scenario::LinksUnfetched)]
#[case::never_came(Scenario::LinksEmpty)]
#[tokio::test(flavor = "multi_thread")]
async fn a_clip_that_the_backend_does_not_get_by_its_address_is_streamed_after_all(#[case] scenario: Scenario) {
    let stage = stage().await;
    stage.nemo.play(scenario);
    let user = stage.user_on(Discord, "en");
    user.sends_clip(Some(WISH)).await;
    user.sees("Tags").await;
    let [upload] = arrived(&stage).try_into().unwrap();
    let size = std::fs::metadata(clip(CLIP)).unwrap().len();
    assert_eq!(upload.data["size"], size, "{upload:?}");
    assert_eq!(calls(&stage, "GET", CLIP).len(), 1, "{}", stage.story());
    assert_address_stays_inside(&stage);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_service_gets_the_address_a_second_time_and_no_bytes() {
    let stage = stage().await;
    stage.nemo.play(Scenario::UploadBusy);
    let user = stage.user_on(Discord, "en");
    user.sends_clip(Some(WISH)).await;
    user.sees("Tags").await;
    let [upload] = arrived(&stage).try_into().unwrap();
    assert!(upload.data["size"].is_null() && stage.count("upload-refused") == 1, "{}", stage.story());
    assert!(calls(&stage, "GET", CLIP).is_empty(), "{}", stage.story());
    assert_address_stays_inside(&stage);
    stage.assert_clean();
}
