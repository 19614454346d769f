//! Connections that break on the way: a request goes out once, a file arrives whole or not at all, and whoever cannot
//! be heard is not waited for without end.

use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;

use super::bot::Stage;
use super::proxy::{Mood, Proxy};

const OPERATOR: (&str, &str) = ("NEMO_TOKEN", "nmv_usr_faults");
const WISH: &str = "add a title that says Urban Dreams";
/// In the middle of an event: the head of the answer has some 150 bytes, the first event many more.
const MIDDLE: u64 = 400;

/// A bot that speaks to the agent through a proxy.
async fn behind_proxy(settings: &[(&str, &str)]) -> (Stage, Proxy) {
    let mut stage = Stage::empty(&[&[OPERATOR], settings].concat()).await;
    let proxy = Proxy::before_calls(&stage.nemo.url(), "POST /run_sse").await;
    stage.sets("NEMO_API_URL", &proxy.http());
    stage.start();
    (stage, proxy)
}

#[rstest]
#[case::reset_before_the_answer(Mood::ResetAt(0))]
#[case::closed_before_the_answer(Mood::CloseAt(0))]
#[case::reset_in_an_event(Mood::ResetAt(MIDDLE))]
#[case::closed_in_an_event(Mood::CloseAt(MIDDLE))]
#[case::spoilt_in_an_event(Mood::CorruptAt(MIDDLE))]
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_never_sends_its_request_again(#[case] mood: Mood) {
    let (stage, proxy) = behind_proxy(&[]).await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    proxy.turns(mood);
    user.says(WISH);
    let told = |text: &str| text.contains("Urban Dreams") || text.contains("the project has not changed");
    user.sees_one_of("how it ended", |message| told(&message.text)).await;
    assert!(proxy.strikes() > 0, "nothing broke");
    proxy.turns(Mood::Fair);
    stage.rests().await.unwrap();
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    user.says("add music");
    user.sees("Warm Breeze").await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_comes_byte_by_byte_and_late_is_read_as_any_other() {
    for mood in [Mood::Split, Mood::Latency(std::time::Duration::from_millis(40)), Mood::Rate(20_000)] {
        let (stage, proxy) = behind_proxy(&[]).await;
        let user = stage.user("en");
        user.sends_clip(None).await;
        user.sees("What should I do with it?").await;
        proxy.turns(mood);
        user.says(WISH);
        user.sees("Title added: \"Urban Dreams\"").await;
        stage.rests().await.unwrap();
        assert_eq!(user.count("The connection broke"), 0, "{mood:?}: {:#?}", user.texts());
        assert_eq!(stage.count("run"), 1, "{mood:?}\n{}", stage.story());
        stage.assert_clean();
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_falls_silent_is_given_up_and_never_sent_again(
    #[values(Mood::HalfOpen, Mood::Blackhole)] mood: Mood,
) {
    let (stage, proxy) = behind_proxy(&[("NEMO_BOT__NEMO__SILENCE_TIMEOUT", "2s")]).await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says(WISH);
    stage.journal_has("run-event", |entry| entry.data["event"] == "hold").await;
    proxy.turns(mood);
    user.sees("took too long").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    proxy.turns(Mood::Fair);
    stage.journal_has("run-end", |_| true).await;
    stage.rests().await.unwrap();
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    user.says("add music");
    user.sees("Warm Breeze").await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_clip_that_breaks_off_on_its_way_is_never_taken_for_whole(
    #[values(Mood::CloseAt(60_000), Mood::ResetAt(60_000))] mood: Mood,
) {
    let mut stage = Stage::empty(&[OPERATOR]).await;
    let proxy = Proxy::before_calls(&stage.telegram.url(), "GET /file/").await;
    stage.sets("NEMO_BOT__TELEGRAM__API_URL", &proxy.http());
    stage.start();
    let user = stage.user("en");
    proxy.turns(mood);
    user.sends_clip(None).await;
    user.sees("The upload broke off at").await;
    assert!(proxy.strikes() > 0, "nothing broke");
    let whole = |entry: &nemo_bot::sandbox::journal::Entry| entry.kind == "upload" && entry.data["refused"] != true;
    assert!(!stage.journal.after(0).iter().any(whole), "{}", stage.story());
    proxy.turns(Mood::Fair);
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.assert_clean();
}
