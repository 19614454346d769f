use tokio_util::task::TaskTracker;

use super::*;

const CHAT: i64 = 5;
const ROOM: i64 = -5;

fn gate() -> Arc<Gate> {
    Arc::new(Gate::new(Duration::from_millis(1100), Duration::from_millis(3100)))
}

/// How many calls pass within `span` when they come as fast as they may.
async fn passed(gate: &Gate, chat: i64, urgency: Urgency, span: Duration) -> usize {
    let end = Instant::now() + span;
    let mut count = 0;
    loop {
        match timeout_at(end, gate.pass(Some(chat), urgency)).await {
            Err(_) => return count,
            Ok(Ok(())) => count += 1,
            Ok(Err(closed)) => sleep(closed.wait).await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_group_sees_at_most_twenty_in_a_minute_edits_included() {
    let minute = Duration::from_millis(59_999);
    for urgency in [Urgency::Answer, Urgency::Edit] {
        let count = passed(&gate(), ROOM, urgency, minute).await;
        assert!((15..=20).contains(&count), "{urgency:?}: {count}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_private_chat_sees_a_short_burst_and_then_one_a_second() {
    let gate = gate();
    let start = Instant::now();
    for _ in 0..3 {
        gate.pass(Some(CHAT), Urgency::Answer).await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    gate.pass(Some(CHAT), Urgency::Answer).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn the_whole_bot_stays_below_thirty_in_any_second() {
    let gate = gate();
    let tasks = TaskTracker::new();
    let start = Instant::now();
    for chat in 1..=60 {
        let gate = Arc::clone(&gate);
        tasks.spawn(async move { gate.pass(Some(chat), Urgency::Answer).await.unwrap() });
    }
    tasks.close();
    tasks.wait().await;
    assert!(start.elapsed() >= Duration::from_millis(2_190), "{:?}", start.elapsed());
    assert!(start.elapsed() <= Duration::from_millis(2_500), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_before_the_edits_that_wait() {
    let gate = gate();
    let tasks = TaskTracker::new();
    let order = Arc::new(Mutex::new(Vec::new()));
    while gate.pass(Some(ROOM), Urgency::Sign).await.is_ok() {}
    let enter = |name: &'static str, urgency| {
        let (gate, order) = (Arc::clone(&gate), Arc::clone(&order));
        tasks.spawn(async move {
            gate.pass(Some(ROOM), urgency).await.unwrap();
            order.lock().unwrap().push(name);
        });
    };
    enter("edit", Urgency::Edit);
    tokio::task::yield_now().await;
    enter("answer", Urgency::Answer);
    tasks.close();
    tasks.wait().await;
    assert_eq!(*order.lock().unwrap(), ["answer", "edit"]);
}

#[tokio::test(start_paused = true)]
async fn edits_of_one_place_take_turns_and_none_waits_for_long() {
    let gate = gate();
    let tasks = TaskTracker::new();
    for _ in 0..20 {
        let gate = Arc::clone(&gate);
        tasks.spawn(async move {
            let start = Instant::now();
            let passed = gate.pass(Some(ROOM), Urgency::Edit).await.is_ok();
            assert!(start.elapsed() <= EDIT_PATIENCE);
            passed
        });
    }
    tasks.close();
    tasks.wait().await;
    assert!(gate.pass(Some(ROOM), Urgency::Answer).await.is_ok(), "the edits leave something for an answer");
}

#[tokio::test(start_paused = true)]
async fn a_sign_goes_at_once_or_not_at_all() {
    let gate = gate();
    let start = Instant::now();
    assert!(gate.pass(Some(CHAT), Urgency::Sign).await.is_ok());
    assert!(gate.pass(Some(CHAT), Urgency::Sign).await.is_ok());
    assert!(gate.pass(Some(CHAT), Urgency::Sign).await.is_err());
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(gate.pass(Some(CHAT), Urgency::Answer).await.is_ok(), "the last slot was held back for an answer");
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_penalty_closes_its_chat_in_full_and_no_other() {
    let gate = gate();
    let wait = gate.penalise(CHAT, Duration::from_secs(238));
    assert!(wait >= Duration::from_secs(238) && wait <= Duration::from_secs(239));
    for urgency in [Urgency::Answer, Urgency::Edit, Urgency::Sign] {
        assert_eq!(gate.pass(Some(CHAT), urgency).await, Err(Closed { wait }));
    }
    gate.pass(Some(CHAT + 1), Urgency::Answer).await.unwrap();
    sleep(Duration::from_secs(237)).await;
    assert!(gate.pass(Some(CHAT), Urgency::Answer).await.is_err());
    sleep(Duration::from_secs(2)).await;
    gate.pass(Some(CHAT), Urgency::Answer).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shorter_penalty_never_cuts_a_longer_one() {
    let gate = gate();
    gate.penalise(CHAT, Duration::from_secs(100));
    gate.penalise(CHAT, Duration::from_secs(1));
    sleep(Duration::from_secs(50)).await;
    assert!(gate.pass(Some(CHAT), Urgency::Answer).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn two_chats_penalised_together_close_the_whole_bot_for_the_shorter_time() {
    let gate = gate();
    gate.penalise(1, Duration::from_secs(50_000));
    gate.pass(Some(3), Urgency::Answer).await.unwrap();
    gate.penalise(2, Duration::from_secs(20));
    assert!(gate.pass(Some(3), Urgency::Answer).await.is_err());
    assert!(gate.pass(None, Urgency::Answer).await.is_err());
    sleep(Duration::from_secs(21)).await;
    gate.pass(Some(3), Urgency::Answer).await.unwrap();
    assert!(gate.pass(Some(1), Urgency::Answer).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_penalised_chat_is_paced_more_slowly_and_recovers() {
    let gate = gate();
    assert_eq!(gate.interval(CHAT), Duration::from_millis(1100));
    gate.penalise(CHAT, Duration::from_secs(1));
    assert_eq!(gate.interval(CHAT), Duration::from_millis(2200));
    for _ in 0..5 {
        gate.penalise(CHAT, Duration::from_secs(1));
    }
    assert_eq!(gate.interval(CHAT), SLOWEST);
    assert_eq!(gate.interval(CHAT + 1), Duration::from_millis(1100));
    sleep(Duration::from_secs(100)).await;
    let slow = passed(&gate, CHAT, Urgency::Edit, Duration::from_secs(100)).await;
    assert!(slow <= 20, "{slow}");
    passed(&gate, CHAT, Urgency::Edit, Duration::from_secs(1000)).await;
    assert_eq!(gate.interval(CHAT), Duration::from_millis(1100));
}

#[tokio::test(start_paused = true)]
async fn idle_chats_are_forgotten_and_penalties_are_not() {
    let gate = gate();
    gate.penalise(CHAT, Duration::from_secs(1_000_000));
    for chat in 0..10_000 {
        gate.pass(Some(1000 + chat), Urgency::Answer).await.unwrap();
    }
    assert!(gate.state().chats.len() <= 2 * SWEEP_AT);
    assert!(gate.pass(Some(CHAT), Urgency::Answer).await.is_err());
}
