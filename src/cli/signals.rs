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

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn signal_ourselves(name: &str) {
        let id = std::process::id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    // One test, since signals reach the whole process.
    #[tokio::test]
    async fn the_first_signal_asks_and_the_second_ends() {
        let stop = CancellationToken::new();
        // Polled only once the signals are heard.
        let obedient = async {
            signal_ourselves("-TERM");
            stop.cancelled().await;
            "in order"
        };
        let ended = until_stopped(Box::pin(obedient), &stop).await.unwrap();
        assert!(matches!(ended, Ended::ByItself("in order")), "{ended:?}");

        for (name, code) in [("-INT", 130), ("-TERM", 143)] {
            let stop = CancellationToken::new();
            let stubborn = async {
                signal_ourselves("-TERM");
                stop.cancelled().await;
                signal_ourselves(name);
                std::future::pending::<()>().await;
            };
            let ended = until_stopped(Box::pin(stubborn), &stop).await.unwrap();
            assert!(matches!(ended, Ended::AtOnce(seen) if seen == code), "{name}: {ended:?}");
        }
    }
}
