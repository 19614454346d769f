//! A group becomes a supergroup: another id, other numbers for its messages, the same people and projects.

use nemo_bot::sandbox::nemo::Scenario;

use super::{GROUP, attentive, calls, refusals};
use crate::bot::{Stage, User};

/// The group, before.
const OLD: i64 = -4_567;

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_becomes_a_supergroup_gets_its_answers_there() {
    for announced in [false, true] {
        let stage = Stage::with_telegram(attentive(), &[]).await;
        let user = stage.user("en").at(OLD);
        stage.nemo.play(Scenario::Hang);
        user.says("@nemo_sandbox_bot write a poem about the sea");
        stage.journal_has("run", |_| true).await;
        stage.telegram.upgrades_group(&user.person, OLD, GROUP, announced);
        stage.nemo.play(Scenario::Normal);
        stage.nemo.release();
        stage.journal_has("run-end", |_| true).await;
        let there = user.at(GROUP);
        there.says("/credits@nemo_sandbox_bot");
        there.sees("Credits:").await;
        there.sees("Concrete requests work best").await;
        there.sees("Credits:").await;
        assert!(refusals(&stage, 400) <= 1, "told once, and believed\n{}", stage.story());
        stage.assert_clean();
        stage.assert_calls_pass_the_checker();
    }
}

/// A project with a clip in the group.
async fn begins(user: &User<'_>) {
    let clip = user.sends_clip(None).await;
    user.replies(clip, "@nemo_sandbox_bot");
    user.sees("What should I do with it?").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_goes_on_in_the_supergroup_also_after_a_restart() {
    let mut stage = Stage::with_telegram(attentive(), &[]).await;
    let (person, chat) = {
        let user = stage.user("en").at(OLD);
        begins(&user).await;
        stage.telegram.upgrades_group(&user.person, OLD, GROUP, true);
        let there = user.at(GROUP);
        let wish = there.says("@nemo_sandbox_bot add a title that says Urban Dreams");
        there.sees_button("Export MP4").await;
        // Its message is found by its number there.
        there.sees_reaction(wish, "👍").await;
        (there.person.clone(), there.chat)
    };
    assert_eq!(stage.stop().await, Some(0));
    stage.start();
    let there = User { stage: &stage, person, chat };
    there.says("/status@nemo_sandbox_bot");
    there.sees("Timeline").await;
    // Its buttons were made there and work there.
    there.presses("Export MP4").await;
    there.sees_video().await;
    assert_eq!((stage.count("session"), stage.count("token"), stage.count("run")), (1, 1, 1), "{}", stage.story());
    assert_eq!(there.at(OLD).count("Export MP4"), 0);
    let late = calls(&stage, "sendMessage").into_iter().filter(|call| call["chat_id"] == OLD).count();
    assert_eq!(late, there.at(OLD).bot_messages().len(), "nothing was tried at the old address\n{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_render_that_runs_is_delivered_where_its_group_went() {
    for announced in [true, false] {
        let stage = Stage::with_telegram(attentive(), &[]).await;
        let user = stage.user("en").at(OLD);
        begins(&user).await;
        stage.nemo.play(Scenario::RenderSlow);
        user.presses("Export MP4").await;
        stage.journal_has("render-poll", |_| true).await;
        stage.telegram.upgrades_group(&user.person, OLD, GROUP, announced);
        stage.nemo.play(Scenario::Normal);
        stage.nemo.release();
        let there = user.at(GROUP);
        there.sees_video().await;
        assert_eq!((there.count("Download: http"), user.count("Download: http")), (1, 0), "{:#?}", there.texts());
        there.says("/status@nemo_sandbox_bot");
        there.sees("Timeline").await;
        assert_eq!((stage.count("render"), stage.count("session")), (1, 1), "{}", stage.story());
        assert!(refusals(&stage, 400) <= 1, "told once, and believed\n{}", stage.story());
        stage.assert_clean();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clips_are_taken_on_whoever_said_so() {
    for by_operator in [true, false] {
        let chosen = OLD.to_string();
        let settings: &[_] = if by_operator { &[("NEMO_BOT__TELEGRAM__CLIP_CHATS", chosen.as_str())] } else { &[] };
        let stage = Stage::with_telegram(attentive(), settings).await;
        let admin = stage.user("en").at(OLD);
        stage.telegram.has_status(&admin.person, OLD, "creator");
        if !by_operator {
            admin.says("/clips on");
            admin.sees("From now on I take every clip").await;
        }
        stage.telegram.upgrades_group(&admin.person, OLD, GROUP, true);
        let there = stage.user("en").at(GROUP);
        let clip = there.sends_clip(None).await;
        there.sees("What should I do with it?").await;
        there.sees_reaction(clip, "👍").await;
        if !by_operator {
            admin.at(GROUP).says("/clips off");
            there.sees("here I only answer when addressed").await;
            there.sends_clip(None).await;
            there.says("/cancel@nemo_sandbox_bot");
            there.sees("Nothing is running").await;
        }
        assert_eq!(stage.count("upload"), 1, "{}", stage.story());
        stage.assert_clean();
    }
}
