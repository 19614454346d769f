//! Presses: answered at once, and only by who may.

use nemo_bot::sandbox::nemo::Scenario;

use super::{GROUP, attentive, calls};
use crate::bot::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_press_is_answered_within_a_second_whatever_runs() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    let offer = user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    for label in ["Titles + tags", "Export MP4"] {
        let answer = user.is_answered(&user.presses_on(offer.message_id, label)).await;
        assert!(answer.after_ms < 1_000 && answer.text.is_empty(), "{answer:?}");
    }
    let live = user.sees_button("Stop").await;
    let answer = user.is_answered(&user.presses_on(live.message_id, "Stop")).await;
    assert!(answer.after_ms < 1_000, "{answer:?}");
    user.sees("Stopped waiting").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_owner_and_administrator_press_and_a_stranger_is_told() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let owner = stage.user("en").at(GROUP);
    let stranger = stage.user("en").at(GROUP);
    let admin = stage.user("en").at(GROUP);
    for (user, status) in [(&owner, "member"), (&stranger, "member"), (&admin, "administrator")] {
        stage.telegram.has_status(&user.person, GROUP, status);
    }
    owner.says("/status");
    owner.sees("Nothing here yet").await;
    let clip = owner.sends("landscape.mp4", None).await;
    owner.replies(clip, "@nemo_sandbox_bot");
    let offer = owner.sees("What should I do with it?").await;
    let answer = stranger.is_answered(&stranger.presses_on(offer.message_id, "Edit")).await;
    assert!(answer.text.contains("Only the person who asked"), "{answer:?}");
    let answer = admin.is_answered(&admin.presses_on(offer.message_id, "Edit")).await;
    assert!(answer.text.is_empty() && answer.after_ms < 1_000, "{answer:?}");
    owner.sees("What should I change?").await;
    let answer = owner.is_answered(&owner.presses_on(offer.message_id, "Edit")).await;
    assert!(answer.text.is_empty(), "{answer:?}");
    owner.sees_times("What should I change?", 2).await;
    assert_eq!(calls(&stage, "getChatMember").len(), 2, "asked once for each");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_deletes_what_is_kept_of_another_whatever_they_may_do_in_the_group() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let (owner, admin) = (stage.user("en").at(GROUP), stage.user("en").at(GROUP));
    stage.telegram.has_status(&owner.person, GROUP, "member");
    stage.telegram.has_status(&admin.person, GROUP, "administrator");
    owner.says("/forget");
    let asked = owner.sees_button("Delete").await;
    let answer = admin.is_answered(&admin.presses_on(asked.message_id, "Delete")).await;
    assert!(answer.text.contains("Only the person who asked"), "{answer:?}");
    owner.presses_on(asked.message_id, "Keep");
    owner.sees("Nothing was deleted").await;
    assert_eq!(owner.count("Deleted:"), 0, "{:#?}", owner.texts());
    stage.assert_clean();
}
