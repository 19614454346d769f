//! Instances that die at random moments, under load.

use std::time::Duration;

use super::people::{Dice, People};
use super::{launch, over, rests};
use crate::bot::Platform::Telegram;
use crate::redis_server::RedisServer;

const INSTANCES: usize = 3;
const PEOPLE: usize = 30;
/// How many wish for something before each kill.
const AT_ONCE: usize = 6;
/// The longest between two kills, in milliseconds.
const LONGEST: u64 = 1_200;
/// As many as a daily run of all tests can wait for; `NEMO_BOT_TEST_KILLS` asks for others.
const KILLS: usize = 50;

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "the seed repeats what was found, the figures say how much was tried")]
async fn fifty_random_kills_under_load_lose_nothing_and_double_nothing() {
    let kills = std::env::var("NEMO_BOT_TEST_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let mut dice = Dice::thrown();
    println!("NEMO_BOT_TEST_SEED={}", dice.0);
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[]).await;
    stage.telegram.hands_out_twice();
    let mut instances = launch(&stage, INSTANCES).await;
    let mut people = People::with_clips(&stage, PEOPLE).await;
    for _ in 0..kills {
        people.look();
        for _ in 0..AT_ONCE {
            let who = dice.one_of(PEOPLE);
            (0..=dice.below(2)).for_each(|_| people.says(who));
        }
        tokio::time::sleep(Duration::from_millis(dice.below(LONGEST))).await;
        let dies = &mut instances[dice.one_of(INSTANCES)];
        dies.kill().await;
        dies.starts();
    }
    people.are_answered().await;
    rests(&stage, &redis).await;
    people.look();
    println!("{} wishes, {} runs, {kills} kills", people.wishes(), people.crowd.runs());
    people.assert_whole();
    // Load, and not thirty people who wait for the last of three.
    assert!(people.wishes() >= kills * AT_ONCE / 2, "{} wishes", people.wishes());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_out_twice_to_two_instances_is_done_once() {
    let redis = RedisServer::start();
    let stage = over(&redis, Telegram, &[]).await;
    stage.telegram.hands_out_twice();
    let _instances = launch(&stage, 2).await;
    let mut people = People::with_clips(&stage, 6).await;
    for _ in 0..3 {
        people.all_say();
        people.are_answered().await;
    }
    rests(&stage, &redis).await;
    let handed = stage.journal.after(0).iter().filter(|entry| entry.kind == "update").count();
    assert!(handed >= 2 * 6 * 4, "each at least twice: {handed}\n{}", stage.story());
    people.assert_whole();
    assert_eq!(people.crowd.runs(), people.wishes(), "{}", stage.story());
    stage.assert_clean();
}
