//! Each mood does what it says: a story with a proxy that spoils nothing would prove nothing.

use tokio::time::{Instant, timeout};

use super::*;

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(10);

/// A server that sends back what it gets, and a connection to it through a proxy.
async fn echo(begins: &'static str) -> (Proxy, TcpStream, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let mut open = JoinSet::new();
        while let Ok((mut socket, _)) = listener.accept().await {
            open.spawn(async move {
                let (mut from, mut to) = socket.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
            });
        }
    });
    let proxy = Proxy::before_calls(&format!("http://{at}"), begins).await;
    let client = TcpStream::connect(proxy.at).await.unwrap();
    (proxy, client, serving)
}

/// What comes back of `words`, and how it ended: `Some(true)` in order, `Some(false)` by a reset, `None` not at all.
async fn says(client: &mut TcpStream, words: &str) -> (Vec<u8>, Option<bool>) {
    client.write_all(words.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    loop {
        let mut chunk = [0; 1024];
        match timeout(SHORT, client.read(&mut chunk)).await {
            Err(_) => return (heard, None),
            Ok(Ok(0)) => return (heard, Some(true)),
            Ok(Ok(read)) => heard.extend_from_slice(&chunk[..read]),
            Ok(Err(_)) => return (heard, Some(false)),
        }
    }
}

#[tokio::test]
async fn fair_and_split_pass_everything_on() {
    for mood in [Mood::Fair, Mood::Split] {
        let (proxy, mut client, _echo) = echo("").await;
        proxy.turns(mood);
        assert_eq!(says(&mut client, "hello").await, (b"hello".to_vec(), None), "{mood:?}");
        assert_eq!(proxy.strikes(), 0);
        client.shutdown().await.unwrap();
        let mut rest = Vec::new();
        let read = timeout(LONG, client.read_to_end(&mut rest)).await;
        assert_eq!(read.expect("the end is passed on").unwrap(), 0);
    }
}

#[tokio::test]
async fn what_is_split_comes_byte_by_byte() {
    let (proxy, mut client, _echo) = echo("").await;
    proxy.turns(Mood::Split);
    client.write_all(&[7; 64]).await.unwrap();
    let mut chunk = [0; 64];
    assert!(timeout(LONG, client.read(&mut chunk)).await.unwrap().unwrap() < chunk.len(), "not in one piece");
}

#[tokio::test]
async fn latency_and_rate_take_their_time() {
    for mood in [Mood::Latency(SHORT), Mood::Rate(20)] {
        let (proxy, mut client, _echo) = echo("").await;
        proxy.turns(mood);
        let before = Instant::now();
        client.write_all(b"hello!").await.unwrap();
        let mut heard = [0; 6];
        timeout(LONG, client.read_exact(&mut heard)).await.unwrap().unwrap();
        assert!(before.elapsed() >= 2 * SHORT, "there and back: {:?}", before.elapsed());
        assert_eq!(&heard, b"hello!");
    }
}

#[tokio::test]
async fn a_blackhole_swallows_and_a_half_open_line_keeps_until_it_is_fair() {
    for (mood, later) in [(Mood::Blackhole, &b""[..]), (Mood::HalfOpen, b"hello")] {
        let (proxy, mut client, _echo) = echo("").await;
        assert_eq!(says(&mut client, "a").await.0, b"a");
        proxy.turns(mood);
        assert_eq!(says(&mut client, "hello").await, (Vec::new(), None), "{mood:?}: nothing, and it stays open");
        proxy.turns(Mood::Fair);
        let expected = [later, b"b"].concat();
        assert_eq!(says(&mut client, "b").await.0, expected, "{mood:?}");
    }
}

#[tokio::test]
async fn a_cut_comes_at_its_byte_and_in_its_way() {
    for (mood, in_order) in [(Mood::ResetAt(3), false), (Mood::CloseAt(3), true)] {
        let (proxy, mut client, _echo) = echo("").await;
        proxy.turns(mood);
        let (heard, ended) = says(&mut client, "hello").await;
        assert_eq!(ended, Some(in_order), "{mood:?}");
        // A reset may throw away what was not read yet.
        assert!(if in_order { heard == b"hel" } else { b"hel".starts_with(&heard) }, "{mood:?}: {heard:?}");
        assert_eq!(proxy.strikes(), 1);
    }
}

#[tokio::test]
async fn one_byte_is_spoilt_and_no_other() {
    let (proxy, mut client, _echo) = echo("").await;
    proxy.turns(Mood::CorruptAt(1));
    assert_eq!(says(&mut client, "hello").await.0, b"h\xffllo");
    assert_eq!(says(&mut client, "hello").await.0, b"hello", "it was the second byte of all");
    assert_eq!(proxy.strikes(), 1);
}

#[tokio::test]
async fn connections_that_begin_otherwise_are_left_alone() {
    let (proxy, mut client, _echo) = echo("POST /run").await;
    proxy.turns(Mood::ResetAt(0));
    assert_eq!(says(&mut client, "GET /state").await.0, b"GET /state");
    let mut other = TcpStream::connect(proxy.at).await.unwrap();
    assert_eq!(says(&mut other, "POST /run").await, (Vec::new(), Some(false)));
}
