//! Where Telegram says no: another poller, a refused token, a block.

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::FaultRule;

use super::{refusal, refusals};
use crate::bot::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_poller_and_a_refused_token_are_told_to_the_operator() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.says("/start");
    user.sees("Share your video clips").await;
    let address = format!("{}/bot{}/getUpdates?timeout=0", stage.telegram.url(), stage.telegram.token());
    reqwest::get(address).await.unwrap();
    stage
        .logs_have("Another process is polling with this Telegram token (409). Stop it or use a different token")
        .await;
    stage.logs_have("retrying every 30 s").await;
    let mut stage = Stage::empty(&[]).await;
    stage.telegram.fault(FaultRule::on("getUpdates", refusal(401, "Unauthorized", None)));
    stage.start();
    stage.logs_have("Telegram refuses the token. Check TELEGRAM_BOT_TOKEN").await;
    assert!(!stage.logs().contains(stage.telegram.token()), "no log holds the token");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_blocked_bot_could_not_say_is_said_at_the_next_start() {
    let stage = Stage::with(&[("NEMO_BOT__RUN__HOLD", "15s")]).await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run-event", |entry| entry.line.contains("waits to be released")).await;
    stage.telegram.blocks(&user.person, true);
    stage.nemo.release();
    stage.journal_has("run-end", |_| true).await;
    stage.journal_has("refused", |entry| entry.data["status"] == 403).await;
    assert_eq!(user.count("Concrete requests work best"), 0);
    stage.telegram.blocks(&user.person, false);
    user.says("/start");
    user.sees("Concrete requests work best").await;
    user.sees("Your answer is ready").await;
    // The same with a video.
    stage.nemo.play(Scenario::RenderSlow);
    user.says("export");
    stage.journal_has("render-poll", |_| true).await;
    stage.telegram.blocks(&user.person, true);
    stage.nemo.release();
    let link = |entry: &nemo_bot::sandbox::journal::Entry| {
        let told = entry.data["text"].as_str().is_some_and(|text| text.contains("Download:"));
        entry.data["status"] == 403 && told
    };
    stage.journal_has("refused", link).await;
    let before = refusals(&stage, 403);
    stage.telegram.blocks(&user.person, false);
    user.says("/start");
    user.sees_video().await;
    assert!(refusals(&stage, 403) <= before + 1, "it does not knock again and again");
    assert_eq!((user.count("Concrete requests work best"), user.count("Download: http")), (1, 1));
    assert_eq!(stage.count("render"), 1);
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert_eq!(user.count("Your answer is ready"), 1, "what was made up for is not owed any more: {:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_one_polls_and_the_other_takes_over() {
    let mut stage = Stage::open().await;
    let other = stage.spawn(&[]);
    let (person, chat) = {
        let user = stage.user("en");
        user.says("/start");
        user.sees("Share your video clips").await;
        stage.logs_have("Running").await;
        for _ in 0..3 {
            user.says("/cancel");
        }
        user.sees_times("Nothing is running", 3).await;
        (user.person.clone(), user.chat)
    };
    assert_eq!(refusals(&stage, 409), 0, "{}", stage.story());
    // A command that was answered and not yet taken out of its line would be answered again.
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    stage.kill().await;
    let user = crate::bot::User { stage: &stage, person, chat };
    user.says("/help");
    user.sees("short, focused clips").await;
    assert_eq!((refusals(&stage, 409), user.bot_messages().len()), (0, 5), "{}", stage.story());
    drop(other);
    stage.assert_clean();
}
