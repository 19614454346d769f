//! An instance that loses sight of the store, while the others see it.

use std::time::Duration;

use nemo_bot::sandbox::nemo::Scenario;

use super::people::People;
use super::{over, rests};
use crate::bot::Platform::Telegram;
use crate::proxy::{Mood, Proxy};
use crate::redis_server::RedisServer;

const PEOPLE: usize = 8;
/// The hold of these stories twice, and some: others have taken up everything.
const CUT_OFF: Duration = Duration::from_secs(6);

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_is_cut_off_from_the_store_harms_nobody_and_comes_back() {
    for mood in [Mood::HalfOpen, Mood::ResetAt(0)] {
        let redis = RedisServer::start();
        let stage = over(&redis, Telegram, &[]).await;
        let proxy = Proxy::before(&redis.url()).await;
        let far = stage.instance(&[("NEMO_BOT__STORE__URL", &proxy.redis())]);
        far.runs().await;
        let mut people = People::with_clips(&stage, PEOPLE).await;
        stage.nemo.play(Scenario::Slow);
        people.all_say();
        // It has them all in hand when it is cut off.
        stage.journal_has("run", |_| stage.count("run") >= PEOPLE).await;
        let near = stage.instance(&[]);
        near.runs().await;
        proxy.turns(mood);
        far.is_gone("cut off");
        stage.nemo.play(Scenario::Normal);
        people.all_say();
        people.are_answered().await;
        tokio::time::sleep(CUT_OFF).await;
        proxy.turns(Mood::Fair);
        for _ in 0..3 {
            people.all_say();
            people.are_answered().await;
        }
        rests(&stage, &redis).await;
        people.assert_whole();
        assert_eq!(people.crowd.runs(), people.wishes(), "{mood:?}\n{}", stage.story());
        stage.assert_clean();
    }
}
