//! Signals: the first asks for an end, the second makes one.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How the work ended.
#[derive(Debug)]
pub(super) enum Ended<T> {
    /// It came to its end, asked or not.
    ByItself(T),
    /// A second signal came; this is the exit code that shells give to it.
    AtOnce(u8),
}

/// Shells add a signal's number to this.
const KILLED_BY: u8 = 128;
/// SIGINT, SIGTERM.
const NUMBERS: (u8, u8) = (2, 15);

/// Waits for `work`. The first signal cancels `stop`, the second drops the work.
pub(super) async fn until_stopped<T>(
    mut work: impl Future<Output = T> + Unpin,
    stop: &CancellationToken,
) -> io::Result<Ended<T>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    loop {
        let number = tokio::select! {
            ended = &mut work => return Ok(Ended::ByItself(ended)),
            Some(()) = interrupt.recv() => NUMBERS.0,
            Some(()) = terminate.recv() => NUMBERS.1,
        };
        if stop.is_cancelled() {
            return Ok(Ended::AtOnce(KILLED_BY + number));
        }
        stop.cancel();
    }
}
