//! The server itself: is it reachable, fit, and what do its errors mean.

use std::time::Duration;

use redis::aio::ConnectionManager;
use redis::io::tcp::TcpSettings;
use redis::{Client, ErrorKind, IntoConnectionInfo, RedisError};

use super::answered;
use crate::store::{OpenError, StoreError};

/// `ZADD … LT` came with it; without, a later wake would push back what is due.
const NEEDED: (u32, u32) = (6, 2);

/// What was sent and not confirmed for this long means that the other host is gone.
#[cfg(target_os = "linux")]
const SILENCE: Duration = Duration::from_secs(10);

pub(super) fn client(url: &str) -> Result<Client, OpenError> {
    let tcp = TcpSettings::default().set_nodelay(true);
    #[cfg(target_os = "linux")]
    let tcp = tcp.set_user_timeout(SILENCE);
    let info = url.into_connection_info().map_err(|_| OpenError::Address)?;
    Client::open(info.set_tcp_settings(tcp)).map_err(|_| OpenError::Address)
}

/// Refuses a server that is too old or drops data. `INFO` says it all, and hosts that forbid `CONFIG` allow it.
pub(super) async fn check(connection: &mut ConnectionManager, bound: Duration) -> Result<(), OpenError> {
    let info = redis::cmd("INFO");
    let info: String =
        answered(bound, info.query_async(connection)).await.map_err(|err| OpenError::Unreachable(err.to_string()))?;
    judge(&info)
}

fn judge(info: &str) -> Result<(), OpenError> {
    let field = |name: &str| info.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'));
    match field("redis_version") {
        Some(found) if version(found) < Some(NEEDED) => {
            return Err(OpenError::Outdated { what: "Redis", found: found.to_owned(), needed: "6.2" });
        }
        Some(_) => {}
        None => tracing::warn!("Redis does not tell its version; 6.2 or newer is needed."),
    }
    match field("maxmemory_policy") {
        Some("noeviction") => {}
        Some(policy) => return Err(OpenError::Evicts { policy: policy.to_owned() }),
        None => tracing::warn!("Redis does not tell its maxmemory-policy; it must be noeviction, or data is dropped."),
    }
    match field("aof_enabled") {
        Some("1") => {}
        Some(_) => tracing::warn!(
            "Redis does not keep an append-only file; a crash loses accepted messages. \
             Set appendonly yes and appendfsync always."
        ),
        None => tracing::warn!("Redis does not tell if it keeps an append-only file; without, a crash loses messages."),
    }
    Ok(())
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

pub(super) fn unreachable(err: &RedisError) -> OpenError {
    OpenError::Unreachable(err.to_string())
}

/// The decision behind an error: whatever may have left the question open is `Unknown`.
pub(super) fn failure(err: &RedisError) -> StoreError {
    // The second for scripts on Redis 6, which wraps the error.
    let is_out_of_memory = err.code() == Some("OOM") || err.to_string().contains("OOM command not allowed");
    match err.kind() {
        _ if is_out_of_memory => StoreError::Full,
        ErrorKind::Server(_)
        | ErrorKind::Extension
        | ErrorKind::AuthenticationFailed
        | ErrorKind::InvalidClientConfig => StoreError::Failed(err.to_string()),
        _ => StoreError::Unknown(err.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(version: &str, policy: &str) -> String {
        format!("# Server\r\nredis_version:{version}\r\nmaxmemory_policy:{policy}\r\naof_enabled:1\r\n")
    }

    #[test]
    fn an_old_server_and_one_that_drops_data_are_refused() {
        assert!(judge(&info("7.0.15", "noeviction")).is_ok());
        assert!(judge(&info("6.2.0", "noeviction")).is_ok());
        assert!(judge(&info("10.0.0", "noeviction")).is_ok());
        assert!(matches!(judge(&info("6.0.16", "noeviction")), Err(OpenError::Outdated { .. })));
        assert!(
            matches!(judge(&info("7.0.15", "allkeys-lru")), Err(OpenError::Evicts { policy }) if policy == "allkeys-lru")
        );
        assert!(judge("# nothing\r\n").is_ok(), "what cannot be checked is a warning");
    }

    #[test]
    fn an_open_question_is_unknown_and_a_refusal_is_not() {
        let dropped = RedisError::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe));
        assert!(matches!(failure(&dropped), StoreError::Unknown(_)));
        let full = redis::make_extension_error("OOM".into(), Some("command not allowed".into()));
        assert_eq!(failure(&full), StoreError::Full);
        let busy = redis::make_extension_error("BUSY".into(), None);
        assert!(matches!(failure(&busy), StoreError::Failed(_)));
    }
}
