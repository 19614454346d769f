use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::lanes::{REFUSALS, SWEEP_AT};
use super::*;

const HERE: Lane = Lane::Channel(1);
const EVERY: Duration = Duration::from_millis(1200);

fn gate() -> Arc<Gate> {
    Arc::new(Gate::new(EVERY))
}

fn throttled(seconds: u64, global: bool) -> CallError {
    CallError::Throttled { wait: Duration::from_secs(seconds), global }
}

/// So many calls start in any window of this length, at most.
fn most_within(starts: &[Instant], window: Duration) -> usize {
    starts.iter().map(|from| starts.iter().filter(|at| *at >= from && **at < *from + window).count()).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn one_edit_is_on_its_way_at_a_time_and_no_window_is_full() {
    let gate = gate();
    let flying = Arc::new(AtomicUsize::new(0));
    let stream = |_| {
        let (gate, flying) = (Arc::clone(&gate), Arc::clone(&flying));
        async move {
            let mut starts = Vec::new();
            while starts.len() < 5 {
                match gate.pass(HERE, Urgency::Edit, false).await {
                    Ok(_pass) => {
                        starts.push(Instant::now());
                        assert_eq!(flying.fetch_add(1, Ordering::SeqCst), 0, "two at once");
                        sleep(Duration::from_millis(700)).await;
                        flying.fetch_sub(1, Ordering::SeqCst);
                    }
                    Err(Closed { wait }) => sleep(wait).await,
                }
            }
            starts
        }
    };
    let streams = futures::future::join_all((0..6).map(stream)).await;
    let mut starts = streams.concat();
    starts.sort_unstable();
    assert!(most_within(&starts, Duration::from_secs(5)) <= 5);
    // Fair: nobody is done before the others have had all but one of their turns.
    let ends: Vec<_> = streams.iter().map(|starts| starts[4]).collect();
    let spread = *ends.iter().max().unwrap() - *ends.iter().min().unwrap();
    assert!(spread <= EVERY * 12, "{spread:?}");
}

#[tokio::test(start_paused = true)]
async fn a_last_edit_goes_before_those_that_wait() {
    let gate = gate();
    let first = gate.pass(HERE, Urgency::Edit, false).await.unwrap();
    let order = Mutex::new(Vec::new());
    let edit = |name: &'static str, urgency, after| {
        let (gate, order) = (&gate, &order);
        async move {
            sleep(Duration::from_secs(after)).await;
            let _pass = gate.pass(HERE, urgency, false).await.unwrap();
            order.lock().unwrap().push(name);
        }
    };
    // The first takes long; the last edit comes when another already stands at its heels.
    let landing = async {
        sleep(Duration::from_secs(4)).await;
        drop(first);
    };
    tokio::join!(edit("one", Urgency::Edit, 0), edit("two", Urgency::Edit, 0), edit("last", Urgency::Last, 3), landing);
    assert_eq!(*order.lock().unwrap(), ["last", "one", "two"]);
}

#[tokio::test(start_paused = true)]
async fn a_last_edit_that_was_given_up_lets_the_others_go_on() {
    let gate = gate();
    let seat = gate.pass(HERE, Urgency::Edit, false).await.unwrap();
    let given_up = tokio::time::timeout(Duration::from_secs(1), gate.pass(HERE, Urgency::Last, false)).await;
    assert!(given_up.is_err(), "the lane is taken");
    drop(seat);
    gate.pass(HERE, Urgency::Edit, false).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn old_messages_are_edited_more_slowly() {
    let gate = gate();
    let mut starts = Vec::new();
    for _ in 0..8 {
        drop(gate.pass(HERE, Urgency::Edit, true).await.unwrap());
        starts.push(Instant::now());
    }
    assert!(most_within(&starts, Duration::from_secs(6)) <= 3);
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_would_be_out_of_date_is_handed_back() {
    let gate = gate();
    let _seat = gate.pass(HERE, Urgency::Edit, false).await.unwrap();
    let begun = Instant::now();
    gate.pass(HERE, Urgency::Edit, false).await.unwrap_err();
    assert!(begun.elapsed() <= EDIT_PATIENCE + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_penalty_closes_its_lane_and_a_global_one_everything_in_full() {
    let gate = gate();
    let other = Lane::Channel(2);
    gate.heard(HERE, &throttled(30, false));
    for urgency in [Urgency::Post, Urgency::Last, Urgency::Edit, Urgency::Sign] {
        assert_eq!(gate.pass(HERE, urgency, false).await.unwrap_err().wait, Duration::from_secs(30));
    }
    gate.pass(other, Urgency::Post, false).await.unwrap();
    gate.heard(HERE, &throttled(7, true));
    assert_eq!(gate.pass(other, Urgency::Post, false).await.unwrap_err().wait, Duration::from_secs(7));
    sleep(Duration::from_secs(7)).await;
    gate.pass(other, Urgency::Post, false).await.unwrap();
    gate.close(Duration::from_secs(3));
    gate.pass(other, Urgency::Post, false).await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn many_refusals_close_everything_far_below_discords_number() {
    let gate = gate();
    let forbidden = CallError::Forbidden { code: 50013 };
    for call in 0..REFUSALS {
        assert!(gate.pass(Lane::Channel(u64::from(call) + 5), Urgency::Post, false).await.is_ok(), "{call}");
        gate.heard(HERE, &forbidden);
    }
    const { assert!(REFUSALS * 10 < 10_000) };
    let closed = gate.pass(Lane::Channel(2), Urgency::Post, false).await.unwrap_err();
    sleep(closed.wait).await;
    gate.pass(Lane::Channel(2), Urgency::Post, false).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_stops_everything_but_a_dead_interaction_does_not() {
    let gate = gate();
    gate.heard(Lane::Answer(1), &CallError::Token);
    gate.pass(HERE, Urgency::Post, false).await.unwrap();
    gate.heard(HERE, &CallError::Token);
    sleep(Duration::from_hours(1)).await;
    gate.pass(Lane::Channel(2), Urgency::Last, false).await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn signs_go_at_once_or_not_at_all_and_never_where_they_were_refused() {
    let gate = gate();
    let begun = Instant::now();
    let mut gone = 0;
    for _ in 0..10 {
        gone += usize::from(gate.pass(HERE, Urgency::Sign, false).await.is_ok());
    }
    assert!(gone == 5 && begun.elapsed().is_zero(), "{gone}");
    sleep(Duration::from_mins(1)).await;
    gate.hush(HERE);
    gate.pass(HERE, Urgency::Sign, false).await.unwrap_err();
    sleep(HUSH).await;
    gate.pass(HERE, Urgency::Sign, false).await.unwrap();
    for _ in 0..2 {
        gate.pass(HERE, Urgency::Turn, false).await.unwrap();
    }
    gate.pass(HERE, Urgency::Turn, false).await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn idle_lanes_are_forgotten() {
    let gate = gate();
    for lane in 0..5_000 {
        drop(gate.pass(Lane::Answer(lane), Urgency::Edit, false).await.unwrap());
        sleep(Duration::from_millis(100)).await;
    }
    assert!(gate.state().lanes.len() <= 2 * SWEEP_AT);
}
