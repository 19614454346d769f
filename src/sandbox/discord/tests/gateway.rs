//! The gateway: the handshake, what breaks, and what a resumed session hears.

use super::*;

const DEAD: Duration = Duration::from_millis(150);

#[tokio::test]
async fn heartbeats_are_answered_until_the_peer_freezes() {
    let bench = Bench::new().await;
    let mut line = bench.connect(EVERYTHING).await;
    let guild = line.event("GUILD_CREATE").await;
    assert_eq!(guild["channels"][0]["id"], bench.channel.to_string());
    line.send(json!({ "op": 1, "d": line.seen })).await;
    assert_eq!(line.next().await["op"], 11);
    bench.emulator.asks_heartbeat();
    assert_eq!(line.next().await["op"], 1);
    bench.emulator.freezes();
    bench.journal.wait_for(|entry| entry.data["what"] == "frozen").await;
    bench.emulator.says(&bench.user, bench.channel, "nobody hears this");
    line.send(json!({ "op": 1, "d": line.seen })).await;
    let silence = tokio::time::timeout(DEAD, line.next()).await;
    assert!(silence.is_err(), "{silence:?}");
    let mut second = line.resume_at(&line.resume, bench.emulator.token()).await;
    assert_eq!(second.event("MESSAGE_CREATE").await["content"], "nobody hears this");
    second.event("RESUMED").await;
}

#[tokio::test]
async fn a_session_is_resumed_at_either_address_and_misses_nothing() {
    let bench = Bench::new().await;
    let mut line = bench.connect(EVERYTHING).await;
    line.event("GUILD_CREATE").await;
    bench.emulator.says(&bench.user, bench.channel, "one");
    line.event("MESSAGE_CREATE").await;
    let (first, resume) = (bench.emulator.url().replace("http", "ws"), line.resume.clone());
    assert_ne!(first, resume);
    for (round, address) in [first, resume].into_iter().enumerate() {
        bench.emulator.cuts_gateway();
        let (session, seen) = (line.session.clone(), line.seen);
        assert!(line.breaks().await);
        bench.emulator.says(&bench.user, bench.channel, "meanwhile");
        let mut next = Line::open(&format!("{address}/?v=10&encoding=json")).await;
        let data = json!({ "token": bench.emulator.token(), "session_id": session, "seq": seen });
        next.send(json!({ "op": 6, "d": data })).await;
        let replayed = next.next().await;
        assert_eq!((&replayed["t"], &replayed["s"]), (&json!("MESSAGE_CREATE"), &json!(seen + 1)), "round {round}");
        assert_eq!(next.next().await["t"], "RESUMED");
        next.session = session;
        line = next;
    }
    assert_eq!((bench.emulator.identified(), bench.emulator.resumed()), (1, 2));
    let limits = bench.get("/gateway/bot").await;
    assert_eq!(limits.body["session_start_limit"]["remaining"], 999);
    bench.no_breach();
}

#[tokio::test]
async fn a_refused_resume_and_a_fresh_identify_lose_what_happened_meanwhile() {
    let bench = Bench::new().await;
    let line = bench.connect(EVERYTHING).await;
    bench.emulator.refuses_resume(1);
    bench.emulator.says(&bench.user, bench.channel, "lost");
    let mut next = line.resume_at(&line.resume, bench.emulator.token()).await;
    let invalid = next.next().await;
    assert_eq!((&invalid["op"], &invalid["d"]), (&json!(9), &json!(false)));
    next.identify(bench.emulator.token(), json!({ "intents": EVERYTHING })).await;
    next.event("GUILD_CREATE").await;
    bench.emulator.says(&bench.user, bench.channel, "heard");
    assert_eq!(next.event("MESSAGE_CREATE").await["content"], "heard");
    let again = next.resume_at(&next.resume, "wrong").await;
    assert_eq!(again.closed().await, 4004);
    let mut ahead = next.resume_at(&next.resume, bench.emulator.token()).await;
    ahead.event("RESUMED").await;
    ahead.session.clone_from(&next.session);
    ahead.seen = 1000;
    assert_eq!(ahead.resume_at(&next.resume, bench.emulator.token()).await.closed().await, 4007);
}

#[tokio::test]
async fn reconnects_and_invalid_sessions_come_on_demand() {
    let bench = Bench::new().await;
    let mut line = bench.connect(EVERYTHING).await;
    line.event("GUILD_CREATE").await;
    bench.emulator.asks_reconnect();
    assert_eq!(line.next().await["op"], 7);
    bench.emulator.invalidates(true);
    assert_eq!(line.next().await, json!({ "t": null, "s": null, "op": 9, "d": true }));
    let mut next = line.resume_at(&line.resume, bench.emulator.token()).await;
    next.event("RESUMED").await;
    bench.emulator.invalidates(false);
    assert_eq!(next.next().await["d"], false);
    let mut dead = line.resume_at(&line.resume, bench.emulator.token()).await;
    assert_eq!(dead.next().await["op"], 9, "the session is gone");
    bench.emulator.closes(4000);
    assert_eq!(dead.closed().await, 4000);
}

#[tokio::test]
async fn wrong_words_close_the_gateway_with_their_code() {
    let bench = Bench::with(|settings| settings.message_content = false).await;
    let token = bench.emulator.token();
    let identify = |data: Value| json!({ "op": 2, "d": data });
    let properties = json!({ "os": "linux", "browser": "t", "device": "t" });
    for (frame, code) in [
        (json!({ "op": 3, "d": {} }), 4003),
        (json!({ "op": 99, "d": {} }), 4001),
        (identify(json!({ "token": "wrong", "intents": 1, "properties": properties })), 4004),
        (identify(json!({ "token": token, "intents": EVERYTHING, "properties": properties })), 4014),
        (identify(json!({ "token": token, "intents": 1_u64 << 40, "properties": properties })), 4013),
        (identify(json!({ "token": token, "intents": 1, "properties": properties, "shard": [1, 1] })), 4010),
    ] {
        let mut line = Line::open(&bench.gateway()).await;
        line.send(frame.clone()).await;
        assert_eq!(line.closed().await, code, "{frame}");
    }
    let (mut socket, _) = tokio_tungstenite::connect_async(bench.gateway()).await.unwrap();
    socket.send(Frame::text("no json")).await.unwrap();
    let line = Line { socket, seen: 0, session: String::new(), resume: String::new() };
    assert_eq!(line.closed().await, 4002);
    let (socket, _) = tokio_tungstenite::connect_async(bench.gateway().replace("v=10", "v=9")).await.unwrap();
    assert_eq!(Line { socket, seen: 0, session: String::new(), resume: String::new() }.closed().await, 4012);
    let mut line = bench.connect(NO_CONTENT).await;
    line.identify(token, json!({ "intents": 1 })).await;
    assert_eq!(line.closed().await, 4005);
    bench.emulator.grants_message_content(true);
    let mut line = bench.connect(EVERYTHING).await;
    for _ in 0..121 {
        line.send(json!({ "op": 1, "d": null })).await;
    }
    assert_eq!(line.closed().await, 4008);
}

#[tokio::test]
async fn a_client_without_heartbeats_is_left_and_a_hasty_one_sent_back() {
    let bench = Bench::with(|settings| {
        settings.times.heartbeat = Duration::from_millis(100);
        settings.times.identify_every = Duration::from_mins(1);
    })
    .await;
    let line = bench.connect(EVERYTHING).await;
    assert_eq!(line.closed().await, 4009);
    let mut hasty = Line::open(&bench.gateway()).await;
    hasty.identify(bench.emulator.token(), json!({ "intents": 1 })).await;
    assert_eq!(hasty.next().await["op"], 9);
}

#[tokio::test]
async fn without_the_intent_content_is_blank_but_for_what_concerns_the_bot() {
    let bench = Bench::with(|settings| settings.message_content = false).await;
    let mut line = bench.connect(NO_CONTENT).await;
    line.event("GUILD_CREATE").await;
    let (emulator, user, channel) = (&bench.emulator, &bench.user, bench.channel);
    let own = bench.send(channel, "mine").await;
    assert_eq!(line.event("MESSAGE_CREATE").await["content"], "mine");
    let plain = emulator.says(user, channel, "plain");
    assert_eq!(line.event("MESSAGE_CREATE").await["content"], "");
    emulator.mentions(user, channel, "named");
    let named = line.event("MESSAGE_CREATE").await;
    assert_eq!(named["content"], format!("<@{}> named", emulator.application()));
    emulator.replies(user, channel, own, "an answer");
    let answer = line.event("MESSAGE_CREATE").await;
    assert_eq!((&answer["content"], &answer["referenced_message"]["content"]), (&json!("an answer"), &json!("mine")));
    emulator.replies_quietly(user, channel, own, "a quiet one");
    assert_eq!(line.event("MESSAGE_CREATE").await["content"], "");
    let files = vec![clip("a.mp4", 10)];
    let video = emulator.sends_files(user, channel, files, "").await.unwrap();
    assert_eq!(line.event("MESSAGE_CREATE").await["attachments"], json!([]));
    emulator.replies(user, channel, video, &format!("<@{}> this one", emulator.application()));
    let answer = line.event("MESSAGE_CREATE").await;
    assert_eq!(answer["referenced_message"]["attachments"], json!([]), "what others wrote stays blank");
    emulator.says(user, emulator.dm(user), "in private");
    assert_eq!(line.event("MESSAGE_CREATE").await["content"], "in private");
    emulator.edits_own(user, channel, plain, "changed");
    assert_eq!(line.event("MESSAGE_UPDATE").await["content"], "");
    let read = bench.get(&format!("{}/{plain}", messages(channel))).await;
    assert_eq!(read.body["content"], "", "REST blanks as well");
    emulator.grants_message_content(true);
    let mut full = bench.connect(EVERYTHING).await;
    emulator.says(user, channel, "all of it");
    assert_eq!(full.event("MESSAGE_CREATE").await["content"], "all of it");
    let mut deaf = bench.connect(1).await;
    emulator.says(user, channel, "not for the deaf");
    emulator.a_channel(bench.server, "new");
    let event = loop {
        let event = deaf.next().await;
        if event["t"] != "GUILD_CREATE" {
            break event;
        }
    };
    assert_eq!(event["t"], "CHANNEL_CREATE");
}

/// The payloads as a real inflater reads them.
fn inflate(code: &str, frames: &[Vec<u8>]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    for (at, frame) in frames.iter().enumerate() {
        std::fs::write(folder.path().join(at.to_string()), frame).unwrap();
    }
    let run =
        Command::new("python3").args(["-c", code]).arg(folder.path()).arg(frames.len().to_string()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn both_ways_of_compression_are_read_by_a_real_inflater() {
    let bench = Bench::new().await;
    let binary = async |socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>| loop {
        match socket.next().await.unwrap().unwrap() {
            Frame::Binary(bytes) => return bytes.to_vec(),
            Frame::Text(_) => {}
            other => panic!("{other:?}"),
        }
    };
    let identify = json!({ "op": 2, "d": { "token": bench.emulator.token(), "intents": 1, "compress": true,
        "properties": { "os": "linux", "browser": "t", "device": "t" } } });
    let (mut socket, _) = tokio_tungstenite::connect_async(bench.gateway()).await.unwrap();
    socket.send(Frame::text(identify.to_string())).await.unwrap();
    let frames = vec![binary(&mut socket).await, binary(&mut socket).await];
    let each = "import sys, zlib\nfor i in range(int(sys.argv[2])): print(zlib.decompress(open(f'{sys.argv[1]}/{i}','rb').read()).decode())";
    let payloads = inflate(each, &frames);
    assert_eq!((&payloads[0]["t"], &payloads[1]["t"]), (&json!("READY"), &json!("GUILD_CREATE")));

    let address = format!("{}&compress=zlib-stream", bench.gateway());
    let (mut socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
    let mut frames = vec![binary(&mut socket).await];
    socket.send(Frame::text(identify.to_string())).await.unwrap();
    frames.push(binary(&mut socket).await);
    frames.push(binary(&mut socket).await);
    assert!(frames.iter().all(|frame| frame.ends_with(&[0, 0, 0xff, 0xff])));
    let stream = "import sys, zlib\nz = zlib.decompressobj()\nfor i in range(int(sys.argv[2])): print(z.decompress(open(f'{sys.argv[1]}/{i}','rb').read()).decode())";
    let payloads = inflate(stream, &frames);
    assert_eq!((&payloads[0]["op"], &payloads[2]["t"]), (&json!(10), &json!("GUILD_CREATE")));
    bench.no_breach();
}

#[tokio::test]
async fn novelties_appear_where_they_are_wanted() {
    let bench = Bench::with(|settings| settings.behaviour.novelties = true).await;
    let mut line = bench.connect(EVERYTHING).await;
    bench.emulator.says(&bench.user, bench.channel, "hello");
    line.event("SOMETHING_OF_TOMORROW").await;
    let message = line.event("MESSAGE_CREATE").await;
    assert!(message["a_field_of_tomorrow"].is_object() && message["author"]["a_field_of_tomorrow"].is_object());
    bench.emulator.deliver_raw("TYPING_START", &json!({ "channel_id": bench.channel.to_string() }));
    line.event("TYPING_START").await;
    let line = bench.connect(EVERYTHING).await;
    bench.emulator.stop().await;
    assert!(line.breaks().await);
}
