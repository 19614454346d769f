//! A platform that gives trouble, while instances die.

use nemo_bot::sandbox::telegram::{FaultAction, FaultRule};

use super::people::People;
use super::{launch, over, rests};
use crate::bot::Platform::Telegram;
use crate::redis_server::RedisServer;

const PEOPLE: usize = 5;
const ROUNDS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_refuses_and_loses_while_instances_die_is_said_in_the_end() {
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[]).await;
    let mut instances = launch(&stage, 2).await;
    let mut people = People::with_clips(&stage, PEOPLE).await;
    for round in 0..ROUNDS {
        let limited =
            FaultAction::Status { code: 429, description: "Too Many Requests".to_owned(), retry_after: Some(2) };
        stage.telegram.fault(FaultRule::on("editMessageText", limited));
        stage.telegram.fault(FaultRule::on("editMessageText", FaultAction::HtmlError(502)).times(3));
        stage.telegram.fault(FaultRule::on("editMessageText", FaultAction::DropAnswerAfterCommit).times(2));
        let runs = stage.count("run");
        people.all_say();
        stage.journal_has("run", |_| stage.count("run") > runs).await;
        // Now and then the one that is in trouble goes.
        if round % 2 == 1 {
            instances[round / 2].kill().await;
            instances[round / 2].starts();
        }
        people.are_answered().await;
    }
    rests(&stage, &redis).await;
    assert_eq!(stage.telegram.faults_left(), 0, "all of them struck\n{}", stage.story());
    people.assert_whole();
    stage.assert_clean();
}
