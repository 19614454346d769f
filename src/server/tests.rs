//! The endpoints over real sockets.

use std::sync::atomic::{AtomicUsize, Ordering};

use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::task::TaskTracker;

use super::*;

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
}

async fn running(readiness: Readiness) -> Running {
    let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let running = Running { address: server.address(), stop: CancellationToken::new(), tasks: TaskTracker::new() };
    running.tasks.spawn(server.run(readiness, running.stop.clone()));
    running.tasks.close();
    running
}

async fn ask(address: SocketAddr, path: &str) -> (u16, String) {
    let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn readiness(answer: Result<(), &'static str>) -> Readiness {
    Readiness::new(CancellationToken::new(), move || async move { answer.map_err(str::to_owned) })
}

#[rstest]
#[case(Ok(()), (200, "ok\n"))]
#[case(Err("the store does not answer"), (503, "the store does not answer\n"))]
#[tokio::test]
async fn a_bot_lives_whether_it_is_ready_or_not(
    #[case] answer: Result<(), &'static str>,
    #[case] (status, text): (u16, &str),
) {
    let bot = running(readiness(answer)).await;
    assert_eq!(ask(bot.address, "/readyz").await, (status, text.to_owned()));
    assert_eq!(ask(bot.address, "/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(ask(bot.address, "/").await.0, 404);
}

#[tokio::test]
async fn metrics_come_as_prometheus_reads_them() {
    let bot = running(readiness(Ok(()))).await;
    telemetry::metrics();
    metrics::counter!(telemetry::ACCEPTED).increment(1);
    let answer = reqwest::get(format!("http://{}/metrics", bot.address)).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert!(answer.text().await.unwrap().contains("\nnemo_bot_accepted_total "));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_not_ready_and_is_asked_once_a_second() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let readiness = Readiness::new(CancellationToken::new(), move || {
        let turn = count.fetch_add(1, Ordering::Relaxed);
        async move {
            if turn == 0 {
                std::future::pending::<()>().await;
            }
            Ok(())
        }
    });
    let (one, other) = tokio::join!(readiness.now(), readiness.now());
    assert_eq!(one, Err("no answer within 2s".to_owned()));
    assert_eq!(other, one, "the second waits for the first one's answer");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    tokio::time::advance(FRESH).await;
    assert_eq!(readiness.now().await, Ok(()));
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_bot_that_stops_is_alive_and_not_ready() {
    let stopping = CancellationToken::new();
    let bot = running(Readiness::new(stopping.clone(), || async { Ok(()) })).await;
    assert_eq!(ask(bot.address, "/readyz").await.0, 200);
    stopping.cancel();
    assert_eq!(ask(bot.address, "/readyz").await, (503, "stopping\n".to_owned()));
    assert_eq!(ask(bot.address, "/healthz").await.0, 200);
}

#[tokio::test]
async fn a_connection_that_says_nothing_does_not_hold_up_the_end() {
    let bot = running(readiness(Ok(()))).await;
    let mut silent = TcpStream::connect(bot.address).await.unwrap();
    silent.write_all(b"GET /healthz HTTP/1.1\r\n").await.unwrap();
    assert_eq!(ask(bot.address, "/healthz").await.0, 200);
    bot.stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), bot.tasks.wait()).await.expect("it ends");
    assert!(TcpStream::connect(bot.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_taken_address_is_told_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let error = Server::bind(address).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("server.listen {address} cannot be used (")), "{error}");
    assert!(error.ends_with("choose another, or \"off\""), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_loses_its_place() {
    let room = Arc::new(Semaphore::new(1));
    let place = Arc::clone(&room).try_acquire_owned().unwrap();
    let (mut client, stream) = tokio::io::duplex(64);
    let mut connection = Connection::new(stream, IDLE_LIMIT, Some(place));
    let began = Instant::now();

    tokio::time::advance(IDLE_LIMIT / 2).await;
    client.write_all(b"x").await.unwrap();
    assert_eq!(connection.read_u8().await.unwrap(), b'x');
    let error = connection.read_u8().await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!(began.elapsed() >= IDLE_LIMIT + IDLE_LIMIT / 2, "what moves puts the end off");

    drop(connection);
    assert_eq!(room.available_permits(), 1);
}
