use super::*;
use crate::store::Kind;

const OWNER: &str = "telegram:42";

fn record() -> Key {
    Key::new(Kind::Record, OWNER, "telegram:42:7")
}

fn claim() -> Claim {
    let item = Item::new(OWNER, "telegram:42:7");
    let now = Timestamp::from_millis(0);
    let (fence, asked) = (Version::random(), Instant::now());
    Claim { agenda: Agenda::Conversations, item, fence, lapses: 0, rows: Vec::new(), now, asked }
}

fn batch() -> Batch {
    Batch::new(Partition::of(OWNER))
}

fn put() -> Write {
    Write::Put { key: record(), value: Vec::new(), ttl: None }
}

#[test]
fn a_put_under_a_claim_alone_is_not_once_but_with_the_version_before_it_is() {
    let under_claim = batch().expect(Expect::held(&claim())).write(put());
    assert_eq!(under_claim.flaw(), Some("it is not once"));
    assert_eq!(under_claim.expect(Expect::At(record(), Version::random())).flaw(), None);
}

#[test]
fn a_put_is_once_if_its_claim_rests_or_its_row_was_absent() {
    let claim = claim();
    assert!(batch().expect(Expect::Absent(record())).write(put()).is_once());
    assert!(batch().expect(Expect::held(&claim)).write(put()).write(Write::rest(&claim, None)).is_once());
}

#[test]
fn a_heartbeat_and_a_wake_may_come_twice() {
    let claim = claim();
    let second = Duration::from_secs(1);
    let wake = Write::Wake { agenda: Agenda::Ingresses, item: claim.item.clone(), after: second };
    assert_eq!(batch().write(wake).flaw(), None);
    assert_eq!(batch().expect(Expect::held(&claim)).write(Write::hold(&claim, second)).flaw(), None);
}

#[test]
fn a_rest_must_expect_its_own_claim() {
    let (ours, other) = (claim(), claim());
    let flawed = batch().expect(Expect::held(&other)).write(Write::rest(&ours, None));
    assert_eq!(flawed.flaw(), Some("a hold or rest does not expect its claim"));
}

#[test]
fn a_batch_stays_in_its_partition_and_respects_kinds() {
    let elsewhere = Batch { partition: Partition::of("telegram:43"), ..batch().write(put()) };
    assert_eq!(elsewhere.flaw(), Some("a key or item is in another partition"));
    let pushed = Write::Push { key: record(), value: Vec::new() };
    assert!(batch().write(pushed).flaw().is_some_and(|flaw| flaw.contains("like a queue")));
}

#[test]
fn debug_prints_no_value() {
    let write = Write::Put { key: record(), value: b"canary".to_vec(), ttl: None };
    let row = Row { version: Version::random(), value: b"canary".to_vec() };
    let shown = format!("{write:?} {row:?}");
    assert!(!shown.contains("canary") && !shown.contains("99, 97"), "{shown}");
}
