//! What is answered over HTTP: the operator's endpoints `/healthz`, `/readyz`, `/metrics`, and whatever an adapter asks
//! for, behind a [`Door`] of its own.
//!
//! Liveness depends on nothing else: a supervisor that restarts the bot because a database is down makes it worse.
//! Readiness asks, rarely and with a bound, whatever its maker says.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::Listener;
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::connection::Connection;
use crate::telemetry;

mod connection;
#[cfg(test)]
mod tests;

/// Connections at once. Scrapers and health checks are few; more wait.
const CONNECTIONS: usize = 32;
/// An answer to "are you ready?" is good for this long, so that asking often costs the store nothing.
const FRESH: Duration = Duration::from_secs(1);
/// Whoever does not answer within this is not ready.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);
/// A connection that says nothing for this long is closed.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// Open connections may hold up the end for this long.
const STOP_PATIENCE: Duration = Duration::from_millis(100);

/// What was heard, and when.
type Heard = (Instant, Result<(), String>);
type Ask = dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync;

/// Whether this instance can serve its users.
#[derive(Clone)]
pub struct Readiness {
    stopping: CancellationToken,
    ask: Arc<Ask>,
    last: Arc<Mutex<Option<Heard>>>,
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readiness").finish_non_exhaustive()
    }
}

impl Readiness {
    /// Ready while `ask` says so, and not once `stopping` is cancelled. Its error is shown to whoever asks, so it holds
    /// no secret; it is asked at most once a second and given two.
    pub fn new<F, A>(stopping: CancellationToken, ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self { stopping, ask: Arc::new(move || ask().boxed()), last: Arc::default() }
    }

    /// Asks, or repeats what was just heard.
    async fn now(&self) -> Result<(), String> {
        if self.stopping.is_cancelled() {
            return Err("stopping".to_owned());
        }
        // One asks, all others wait for that answer.
        let mut last = self.last.lock().await;
        if let Some((_, answer)) = last.as_ref().filter(|(at, _)| at.elapsed() < FRESH) {
            return answer.clone();
        }
        let asked = tokio::time::timeout(ANSWER_LIMIT, (self.ask)()).await;
        let answer = asked.unwrap_or_else(|_| Err(format!("no answer within {ANSWER_LIMIT:?}")));
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("{key} {address} cannot be used ({reason}): choose another{alternative}")]
pub struct BindError {
    key: &'static str,
    alternative: &'static str,
    address: SocketAddr,
    reason: io::Error,
}

/// An address that is listened on, where nothing is answered yet.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    address: SocketAddr,
}

impl Door {
    /// Takes the address, which the operator knows as the setting `key`. Port 0 takes a free one.
    pub async fn bind(key: &'static str, listen: SocketAddr) -> Result<Self, BindError> {
        let wrong = |reason| BindError { key, alternative: "", address: listen, reason };
        let listener = TcpListener::bind(listen).await.map_err(wrong)?;
        let address = listener.local_addr().map_err(wrong)?;
        Ok(Self { listener, address })
    }

    /// Answers by `router` until `stop`, over so many connections at once; more wait. What is under way then has a
    /// moment to end.
    pub async fn serve(self, router: Router, connections: usize, stop: CancellationToken) {
        let listener = Bounded { listener: self.listener, room: Arc::new(Semaphore::new(connections)) };
        let served = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
        let patience = async {
            stop.cancelled().await;
            tokio::time::sleep(STOP_PATIENCE).await;
        };
        tokio::select! {
            served = served => {
                if let Err(error) = served {
                    tracing::warn!(%error, address = %self.address, "An address is not answered any more");
                }
            }
            () = patience => {}
        }
    }
}

/// The endpoints, listening but not answering yet.
#[derive(Debug)]
pub struct Server(Door);

impl Server {
    /// Takes the address, and begins to count what `/metrics` shows. Port 0 takes a free one.
    pub async fn bind(listen: SocketAddr) -> Result<Self, BindError> {
        let door = Door::bind("server.listen", listen).await;
        let door = door.map_err(|error| BindError { alternative: ", or \"off\"", ..error })?;
        telemetry::metrics();
        Ok(Self(door))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// Answers until `stop`.
    pub async fn run(self, readiness: Readiness, stop: CancellationToken) {
        let router = Router::new()
            .route("/healthz", get(healthz))
            .route("/readyz", get(readyz))
            .route("/metrics", get(metrics))
            .with_state(readiness);
        let upkeep = telemetry::metrics().upkeep(stop.clone());
        tokio::join!(self.0.serve(router, CONNECTIONS, stop), upkeep);
    }
}

async fn healthz() -> &'static str {
    "ok\n"
}

async fn readyz(State(readiness): State<Readiness>) -> Response {
    match readiness.now().await {
        Ok(()) => "ok\n".into_response(),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")).into_response(),
    }
}

async fn metrics() -> Response {
    let format = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (format, telemetry::metrics().render()).into_response()
}

/// A listener that waits while too many connections are open.
struct Bounded {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Bounded {
    /// None only if the room were closed, which it never is.
    async fn room(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.room).acquire_owned().await.ok()
    }
}

impl Listener for Bounded {
    type Io = Connection<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let room = self.room().await;
        let (stream, from) = Listener::accept(&mut self.listener).await;
        (Connection::new(stream, IDLE_LIMIT, room), from)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
