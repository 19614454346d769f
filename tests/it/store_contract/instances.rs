//! Several instances on one store hear of each other.

use std::collections::HashSet;

use rstest::rstest;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::super::redis_server::RedisCluster;
use super::home::Backend::{self, Cluster, File, Memory, Redis};
use super::home::{Home, settings};
use super::*;

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_claim_side_by_side_and_every_item_is_claimed_once(
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
) {
    const ITEMS: usize = 60;
    let home = Home::of(backend).await;
    let stores = [home.open().await, home.open().await];
    let mut dispatchers = JoinSet::new();
    for worker in 0..6 {
        let store = Arc::clone(&stores[worker % 2]);
        dispatchers.spawn(async move {
            let mut names = Vec::new();
            // Ends by itself when nothing more comes.
            while let Ok(claim) = timeout(Duration::from_secs(2), claim_soon(&*store, LONG)).await {
                names.push(claim.item.name.clone());
                let finish = Batch::new(claim.item.partition).expect(Expect::held(&claim));
                done(&*store, finish.write(Write::rest(&claim, None))).await;
            }
            names
        });
    }
    for n in 0..ITEMS {
        let owner = format!("telegram:{n}");
        let wake = Write::Wake { agenda: AGENDA, item: Item::new(&owner, &owner), after: Duration::ZERO };
        done(&*stores[n % 2], Batch::new(Partition::of(&owner)).write(wake)).await;
    }
    let names: Vec<String> = dispatchers.join_all().await.into_iter().flatten().collect();
    assert_eq!(names.len(), ITEMS);
    assert_eq!(names.into_iter().collect::<HashSet<_>>().len(), ITEMS);
}

#[rstest]
#[tokio::test]
async fn a_stir_from_another_instance_wakes_a_waiting_dispatcher(
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
) {
    let home = Home::of(backend).await;
    let (one, other) = (home.open().await, home.open().await);
    let waiting = claim_soon(&*one, LONG);
    let waking = async {
        tokio::task::yield_now().await;
        done(&*other, accept(1)).await;
    };
    let (claim, ()) = tokio::join!(waiting, waking);
    // Handing over is as quick: nobody waits for a hold to end.
    let taking_over = claim_soon(&*other, LONG);
    let resting = async {
        let rest = Write::rest(&claim, Some(Duration::ZERO));
        done(&*one, batch().expect(Expect::held(&claim)).write(rest)).await;
    };
    let (next, ()) = tokio::join!(taking_over, resting);
    assert_eq!((next.item, next.lapses), (claim.item.clone(), 0));
}

#[rstest]
#[tokio::test]
async fn a_holder_hears_of_a_wake_also_if_it_listens_only_afterwards(
    #[values(File, Memory, Redis, Cluster)] backend: Backend,
) {
    let home = Home::of(backend).await;
    let (one, other) = (home.open().await, home.open().await);
    done(&*one, accept(1)).await;
    claim_soon(&*one, LONG).await;
    let stir = Stir::Item(AGENDA, item());
    for event in 2..4 {
        done(&*other, accept(event)).await;
        // The wait is bounded, so its end proves nothing on Redis unless it comes before patience ends.
        timeout(PATIENCE, one.stirred(&stir)).await.expect("a stir for the holder");
    }
    let (listening, waking) = (timeout(PATIENCE, one.stirred(&stir)), async {
        tokio::task::yield_now().await;
        done(&*other, accept(4)).await
    });
    let (heard, _) = tokio::join!(listening, waking);
    heard.expect("a stir for the holder who listens");
}

#[tokio::test]
async fn a_cluster_shares_the_partitions_among_its_nodes() {
    let cluster = RedisCluster::start();
    let wanted = RedisSettings { sweep_every: SWEEP, ..RedisSettings::new(cluster.url().into()) };
    let store = RedisStore::connect(wanted).await.expect("a store");
    let people: Vec<_> = (0..100).map(|n| Key::new(Kind::Person, &format!("telegram:{n}"), &n.to_string())).collect();
    for person in &people {
        let write = Batch::new(person.partition()).expect(Expect::Absent(person.clone()));
        done(&store, write.write(put(person.clone(), &person.to_string()))).await;
    }
    assert!(cluster.sizes().iter().all(|size| *size > 10), "{:?}", cluster.sizes());
    let got = store.get(&people).await.expect("rows of all nodes");
    assert!(got.iter().zip(&people).all(|(rows, person)| rows[0].value == person.to_string().as_bytes()));
}

#[tokio::test]
async fn another_process_on_the_file_is_noticed_long_before_the_wait_ends() {
    const ROUNDS: u32 = 4;
    let home = Home::of(File).await;
    let (one, other) = (home.open().await, home.open().await);
    done(&*one, accept(0)).await;
    claim_soon(&*one, LONG).await;
    let started = Instant::now();
    for event in 1..=ROUNDS {
        done(&*other, accept(event)).await;
        one.stirred(&Stir::Item(AGENDA, item())).await;
    }
    // Unnoticed, each round would wait for its bound of one second.
    assert!(started.elapsed() < Duration::from_secs(1) * (ROUNDS - 1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_wake_that_no_stir_told_of_is_found_by_the_sweep() {
    let redis = RedisServer::start();
    let quick = RedisSettings { sweep_every: SHORT, prefix: "bot:".into(), ..settings(&redis) };
    let store = RedisStore::connect(quick).await.expect("a store");
    let client = redis::Client::open(redis.url()).expect("a client");
    let mut raw = client.get_multiplexed_async_connection().await.expect("a connection");
    let agenda = format!("bot:{{{}}}a:conversations", Partition::of(OWNER));
    let _: () = redis::cmd("ZADD").arg(agenda).arg(1).arg("telegram:42:7").query_async(&mut raw).await.expect("ZADD");
    assert_eq!(claim_soon(&store, LONG).await.item, item());
}
