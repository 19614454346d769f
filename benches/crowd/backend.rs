//! A backend whose agent goes on speaking until the process ends: in each stream a paragraph, again and again, which
//! tells when it was said.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Response, header};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use futures::{StreamExt, stream};
use nemo_bot::clock::Clock;
use tokio::net::TcpListener;
use tokio::time::{Instant, interval_at};

/// Between two paragraphs of one stream. Slower than any chat's pace, so that each gets an edit of its own.
pub(crate) const EVERY: Duration = Duration::from_secs(5);
/// Stands before the moment in milliseconds.
pub(crate) const MARK: &str = "moment ";

/// Says where it is, and serves.
pub(crate) async fn serve() {
    let clock = Clock::system();
    let app = Router::new()
        .route("/api/tasks/me/with-session/nemo_agent", post(async || json(r#"{"session_id":"s1","task_id":"t1"}"#)))
        .route("/api/state/nemo_agent/me/{session}/latest", get(async || json(r#"{"session_id":"s1","state":{}}"#)))
        .route("/api/credits/balance/simple", get(async || json(r#"{"available":25000,"frozen":0,"total":25000}"#)))
        .route("/run_sse", post(async move || speech(clock)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    // Without this the kernel holds small events back for a moment.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, app).await.unwrap();
}

fn json(data: &str) -> Response<Body> {
    let body = format!(r#"{{"code":0,"message":"success","data":{data}}}"#);
    Response::builder().header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap()
}

fn speech(clock: Clock) -> Response<Body> {
    // The first word comes at once; after it nobody speaks in step.
    let begin = Instant::now() + EVERY.mul_f64(rand::random());
    let later = stream::unfold(interval_at(begin, EVERY), |mut beats| async {
        beats.tick().await;
        Some(((), beats))
    });
    let frames = stream::once(async {}).chain(later).map(move |()| Ok::<_, Infallible>(paragraph(clock)));
    let head = Response::builder().header(header::CONTENT_TYPE, "text/event-stream");
    head.body(Body::from_stream(frames)).unwrap()
}

fn paragraph(clock: Clock) -> Bytes {
    let now = clock.now().as_millis();
    let text =
        format!("At {MARK}{now} the agent says a sentence of ordinary length, so that its text grows as one does.");
    let frame =
        format!(r#"data: {{"author":"nemo_agent","content":{{"role":"model","parts":[{{"text":"{text}"}}]}}}}"#);
    Bytes::from(frame + "\n\n")
}
