//! Holders that die over a message are counted against that message, and only as long as it has no answer.

use super::bot::Stage;

const OPERATOR: (&str, &str) = ("NEMO_TOKEN", "nmv_usr_lapses");

/// Two wishes wait when the bot comes up, and it dies in each of its first lives, at these places.
async fn dies(at: &[&str]) -> Stage {
    // On a busy machine a heartbeat may come late, and a claim that is lost by that counts as a lapse, too.
    let stage = Stage::empty(&[OPERATOR, ("NEMO_BOT__RUN__HOLD", "5s")]).await;
    let user = stage.user("en");
    user.says("write a poem about the sea");
    user.says("and a haiku");
    for point in at {
        let mut life = stage.spawn(&[("NEMO_BOT_CRASH", &format!("{point}:1"))]);
        let ended = tokio::time::timeout(std::time::Duration::from_secs(40), life.wait()).await;
        assert!(ended.is_ok(), "it never came to {point}\n{}", stage.story());
    }
    stage
}

/// Both are answered, each in one message, and nothing was given up.
async fn are_answered(mut stage: Stage) {
    stage.start();
    stage.journal_has("run-end", |_| stage.count("run-end") == 2).await;
    stage.rests().await.unwrap();
    let texts: Vec<_> = stage.telegram.chats().iter().flat_map(|chat| stage.telegram.shown(chat.id)).collect();
    let says = |words: &str| texts.iter().filter(|message| message.text.contains(words)).count();
    assert_eq!((says("Concrete requests work best"), says("could not process")), (2, 0), "{}", stage.story());
    assert_eq!(stage.count("run"), 2, "each once\n{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_stands_is_not_followed_by_words_that_there_is_none() {
    are_answered(dies(&["turn.said", "turn.landed", "turn.landed"]).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_died_over_one_message_is_not_held_against_the_next() {
    are_answered(dies(&["claim.taken", "claim.taken", "finish.after"]).await).await;
}
