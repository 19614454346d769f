//! A Redis server and the replica that follows it. The wire between them and the one to the bot are ours, so that a
//! story can cut the replica off and let it take the server's place.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::redis_server::RedisServer;

#[derive(Debug)]
pub(super) struct RedisPair {
    primary: RedisServer,
    replica: RedisServer,
    /// What clients know of either.
    front: Wire,
    /// How the replica hears of the primary.
    between: Wire,
}

impl RedisPair {
    /// Both, once the replica has all that the primary has.
    pub(super) fn start() -> Self {
        let (primary, replica) = (RedisServer::start_quick(), RedisServer::start_quick());
        let (front, between) = (Wire::to(primary.port()), Wire::to(primary.port()));
        replica.follow(between.port);
        primary.is_followed();
        Self { primary, replica, front, between }
    }

    /// Leads to whichever of both is the primary.
    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.front.port)
    }

    /// From here on the replica hears nothing new, and both believe that they are connected.
    pub(super) fn part(&self) {
        self.between.hold(true);
    }

    /// The replica hears everything that it missed.
    pub(super) fn join(&self) {
        self.between.hold(false);
    }

    /// A further server that follows the one which stands in.
    pub(super) fn heir(&self) -> RedisServer {
        let heir = RedisServer::start_quick();
        heir.follow(self.replica.port());
        self.replica.is_followed();
        heir
    }

    /// The primary is gone, and the replica stands in for it.
    pub(super) fn fail_over(&mut self) {
        self.primary.kill();
        self.replica.lead();
        self.front.turn_to(self.replica.port());
    }
}

/// Carries bytes from a port of its own to another, or holds them.
#[derive(Debug)]
struct Wire {
    port: u16,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    ends: Mutex<Ends>,
    changed: Condvar,
}

#[derive(Debug)]
struct Ends {
    target: u16,
    held: bool,
    closed: bool,
    open: Vec<TcpStream>,
}

impl Wire {
    fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let ends = Mutex::new(Ends { target, held: false, closed: false, open: Vec::new() });
        let state = Arc::new(State { ends, changed: Condvar::new() });
        let wire = Self { port, state: Arc::clone(&state) };
        thread::spawn(move || {
            for near in listener.incoming() {
                let target = state.ends().target;
                if state.ends().closed {
                    return;
                }
                // Nobody there: whoever connected is let go.
                let (Ok(near), Ok(far)) = (near, TcpStream::connect(("127.0.0.1", target))) else { continue };
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let both = from.set_nodelay(true).and_then(|()| Ok((from.try_clone()?, to.try_clone()?)));
                    let ((from, to), state) = (both.expect("a socket"), Arc::clone(&state));
                    thread::spawn(move || state.carry(from, to));
                }
                state.ends().open.extend([near, far]);
            }
        });
        wire
    }

    fn hold(&self, held: bool) {
        self.state.ends().held = held;
        self.state.changed.notify_all();
    }

    fn turn_to(&self, target: u16) {
        let mut ends = self.state.ends();
        ends.target = target;
        for end in ends.open.drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

impl State {
    fn carry(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 16 * 1024];
        while let Ok(1..) = from.read(&mut bytes).and_then(|read| {
            let held = self.changed.wait_while(self.ends(), |ends| ends.held && !ends.closed);
            drop(held);
            to.write_all(&bytes[..read]).map(|()| read)
        }) {}
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }

    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.state.ends().closed = true;
        self.state.changed.notify_all();
        let port = self.port;
        self.turn_to(port);
        // Wakes who listens, to end.
        drop(TcpStream::connect(("127.0.0.1", port)));
    }
}
