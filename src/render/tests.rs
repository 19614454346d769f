use proptest::prelude::*;

use super::*;
use crate::chat::id::{ConversationId, PlaceId, Platform, UserId};
use crate::conversation::person::{Account, AccountKind};
use crate::nemo::Token;

const TIMES: RenderTimes = RenderTimes {
    poll_every: Duration::from_secs(30),
    patience: Duration::from_mins(5),
    slow_poll_every: Duration::from_mins(5),
    deadline: Duration::from_hours(24),
};

fn job() -> RenderJob {
    let conversation =
        ConversationId { platform: Platform::Telegram, place: PlaceId::new("5"), user: UserId::new("5") };
    let account = Account { token: Token::new("t"), kind: AccountKind::Operator, switches: 0 };
    let session: SessionId = serde_json::from_str("\"s\"").unwrap();
    RenderJob::new(
        RenderId::random(),
        Target { conversation, back: None, thread: None },
        Language::parse("en").unwrap(),
        Payer::new(account),
        session,
        0,
        None,
        at(0),
    )
}

fn at(secs: u64) -> Timestamp {
    Timestamp::from_millis(secs * 1_000)
}

fn next(job: RenderJob, seen: Seen, secs: u64) -> (RenderJob, Todo) {
    job.next(seen, at(secs), &TIMES, RenderId::random())
}

fn file() -> Finished {
    Finished { url: "https://example.com/a.mp4".parse().ok(), size: None, duration: None, resolution: None }
}

#[test]
fn the_second_id_is_a_difference_that_is_stored_before_it_goes_out() {
    let (sent, _) = next(job(), Seen::Claimed, 0);
    let (again, todo) = next(sent.clone(), Seen::Failed, 1);
    assert_eq!(todo, Todo::Submit);
    assert!(again.differs(&sent) && again.render != sent.render);
}

#[test]
fn a_duplicate_is_our_own_earlier_submit_and_is_asked_for() {
    let (sent, _) = next(job(), Seen::Claimed, 0);
    let (kept, todo) = next(sent.clone(), Seen::Duplicate, 1);
    assert!(matches!(todo, Todo::Wait { .. }), "{todo:?}");
    assert_eq!((kept.render.clone(), kept.attempt), (sent.render, 1));
    let (_, todo) = next(kept, Seen::Claimed, 11);
    assert_eq!(todo, Todo::Ask);
}

#[test]
fn a_busy_backend_is_said_until_it_has_taken_the_job() {
    let (sent, _) = next(job(), Seen::Claimed, 0);
    let wait = Duration::from_secs(7);
    let (busy, todo) = next(sent.clone(), Seen::Busy(wait), 1);
    assert_eq!(todo, Todo::Wait { say: Standing::Busy(wait), rest: wait });
    // The submit broke off, and then the question after it.
    for seen in [Seen::Unsure, Seen::Unreached(Duration::ZERO)] {
        let (_, todo) = next(sent.clone(), seen, 1);
        assert_eq!(todo, Todo::Wait { say: Standing::Unanswered, rest: TIMES.poll_every });
    }
    let (taken, todo) = next(busy, Seen::Accepted, 10);
    assert!(matches!(todo, Todo::Wait { say: Standing::Rendering, .. }), "{todo:?}");
    let (_, todo) = next(taken, Seen::Unreached(Duration::ZERO), 40);
    assert!(matches!(todo, Todo::Wait { say: Standing::Rendering, .. }), "it goes on: {todo:?}");
}

#[test]
fn a_failure_after_the_deadline_is_the_end() {
    let (sent, _) = next(job(), Seen::Claimed, 0);
    let (late, todo) = next(sent, Seen::Failed, 24 * 60 * 60);
    assert_eq!((todo, late.is_settled()), (Todo::Close(Ending::Failed), true));
}

#[test]
fn times_count_from_the_first_claim_by_the_clock_that_they_are_compared_with() {
    // The instance that took the wish has a clock that is an hour ahead.
    let asked = RenderJob { requested: at(3_600), ..job() };
    let (sent, _) = next(asked, Seen::Claimed, 0);
    let (_, todo) = next(sent, Seen::Running, TIMES.patience.as_secs());
    assert_eq!(todo, Todo::Wait { say: Standing::StillRendering, rest: TIMES.slow_poll_every });
}

#[test]
fn a_stop_comes_too_late_for_a_finished_file() {
    let (sent, _) = next(job(), Seen::Claimed, 0);
    let (done, _) = next(sent, Seen::Done(file()), 1);
    assert_eq!(next(done.clone(), Seen::Stopped, 2).1, Todo::Show(file()));
    assert!(!done.can_stop(), "nobody is promised a stop that does not come");
    let (ringing, todo) = next(done, Seen::Shown, 2);
    assert_eq!(todo, Todo::Ring(file()));
    assert_eq!(next(ringing, Seen::Claimed, 3).1, Todo::Leave, "whoever takes it up now does not ring again");
}

fn submitted() -> impl Strategy<Value = Seen> {
    prop_oneof![
        3 => Just(Seen::Accepted),
        2 => Just(Seen::Unsure),
        1 => Just(Seen::Busy(Duration::from_secs(30))),
        1 => Just(Seen::Duplicate),
        1 => Just(Seen::Refused(Ending::Refused)),
    ]
}

fn asked() -> impl Strategy<Value = Seen> {
    prop_oneof![
        4 => Just(Seen::Running),
        2 => Just(Seen::Unreached(Duration::ZERO)),
        1 => Just(Seen::Unreached(Duration::from_hours(100))),
        1 => Just(Seen::Unknown),
        1 => Just(Seen::Failed),
        1 => Just(Seen::Done(file())),
    ]
}

#[test]
fn a_job_that_costs_three_workers_their_lives_is_given_up_and_never_taken_up_again() {
    let (sent, _) = next(job(), Seen::Claimed, 0);
    for phase in [Phase::Requested { sent: false }, Phase::Rendering, Phase::Delivering(file())] {
        let (closing, todo) = next(RenderJob { phase, ..sent.clone() }, Seen::Poisoned, 1);
        assert_eq!(todo, Todo::Close(Ending::Poisoned));
        assert!(closing.is_settled() && !closing.has_ended(), "it is still to be said");
        // To say it kills as well.
        let (ended, todo) = next(closing, Seen::Poisoned, 2);
        assert_eq!((todo, ended.has_ended()), (Todo::Leave, true));
    }
    let ringing = RenderJob { phase: Phase::Ringing(file()), ..sent };
    assert_eq!(next(ringing, Seen::Poisoned, 1).1, Todo::Leave);
}

#[test]
fn too_many_requests_are_waited_out_once() {
    let (sent, _) = next(job(), Seen::Claimed, 0);
    let wait = Duration::from_secs(40);
    let (waiting, todo) = next(sent.clone(), Seen::Busy(wait), 1);
    assert_eq!(todo, Todo::Wait { say: Standing::Busy(wait), rest: wait });
    let (asked, todo) = next(waiting, Seen::Claimed, 41);
    assert_eq!(todo, Todo::Ask);
    let (again, todo) = next(asked.clone(), Seen::Unknown, 41);
    assert_eq!((todo, &again.render), (Todo::Submit, &asked.render));
    assert_eq!(next(again, Seen::Busy(wait), 42).1, Todo::Close(Ending::Busy(wait)));
    let days = Duration::from_hours(48);
    assert_eq!(next(sent, Seen::Busy(days), 1).1, Todo::Close(Ending::Busy(days)), "nobody waits for days");
}

#[test]
fn an_end_that_could_not_be_said_is_said_later() {
    let (sent, _) = next(job(), Seen::Claimed, 0);
    let (closing, _) = next(sent, Seen::Refused(Ending::OwnRefused), 1);
    assert_eq!(next(closing.clone(), Seen::Claimed, 90).1, Todo::Close(Ending::OwnRefused));
    assert_eq!(next(closing.clone(), Seen::Stopped, 90).1, Todo::Close(Ending::OwnRefused));
    let (ended, todo) = next(closing, Seen::Said, 91);
    assert_eq!((todo, ended.phase), (Todo::Leave, Phase::Ended(Ending::OwnRefused)));
}

proptest! {
    /// The courier's loop with a crash after any step: what was stored last is what the next holder finds.
    #[test]
    fn whatever_is_answered_and_wherever_it_crashes(
        submits in proptest::collection::vec((submitted(), any::<bool>()), 1..8),
        asks in proptest::collection::vec((asked(), any::<bool>()), 1..20),
        crashes in proptest::collection::vec(any::<bool>(), 0..30),
        stop_at in proptest::option::of(0usize..20),
    ) {
        let (mut submits, mut asks) = (submits.into_iter().cycle(), asks.into_iter().cycle());
        let mut crashes = crashes.into_iter();
        let mut crash = || crashes.next().unwrap_or(false);
        let mut stored = job();
        let (mut rings, mut shown, mut closed) = (0, 0, 0);
        let mut ids: Vec<RenderId> = Vec::new();
        let (mut now, mut late, mut lapses) = (0, 0, 0);
        for claim in 0.. {
            prop_assert!(late <= 4, "it ends by the deadline: {:?}", stored.phase);
            late += usize::from(at(now).since(stored.requested) >= TIMES.deadline);
            let mut work = stored.clone();
            let mut seen = match stop_at {
                _ if lapses >= 3 => Seen::Poisoned,
                Some(stop) if claim >= stop => Seen::Stopped,
                _ => Seen::Claimed,
            };
            // Until it rests in order, this holder counts as one that vanished.
            lapses += 1;
            let ended = loop {
                now += 1;
                let before = work.clone();
                let (after, todo) = next(work, seen, now);
                work = after;
                if work.differs(&before) && !matches!(todo, Todo::Wait { .. } | Todo::Leave) {
                    stored = work.clone();
                }
                if crash() {
                    now += 15;
                    break false;
                }
                seen = match todo {
                    Todo::Submit => {
                        prop_assert_eq!(&work.render, &stored.render, "an id is stored before it goes out");
                        if !ids.contains(&work.render) {
                            ids.push(work.render.clone());
                        }
                        submits.next().unwrap().0
                    }
                    Todo::Ask => asks.next().unwrap().0,
                    Todo::Show(_) => {
                        shown += 1;
                        Seen::Shown
                    }
                    Todo::Ring(_) => {
                        prop_assert!(matches!(stored.phase, Phase::Ringing(_)), "stored before it rings");
                        rings += 1;
                        Seen::Rang
                    }
                    Todo::Wait { rest, .. } => {
                        stored = work.clone();
                        now += rest.as_secs();
                        lapses = 0;
                        break false;
                    }
                    Todo::Close(_) => {
                        closed += 1;
                        Seen::Said
                    }
                    Todo::Leave => {
                        stored = work.clone();
                        break true;
                    }
                };
                if crash() {
                    now += 15;
                    break false;
                }
            };
            if ended {
                break;
            }
        }
        prop_assert!(stored.has_ended());
        prop_assert!(rings <= 1, "it rings {rings} times");
        prop_assert!(ids.len() <= 2, "{} ids", ids.len());
        // The end is said, and said again only where its holder vanished.
        let ended = matches!(stored.phase, Phase::Ended(_));
        prop_assert!(closed <= 5 && (closed == 0 || ended) && (closed > 0 || !ended || lapses >= 4), "{closed} {lapses}");
        prop_assert!(shown > 0 || matches!(stored.phase, Phase::Ended(_)));
    }
}
