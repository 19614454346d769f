//! Where the server is, and what its errors mean.

use redis::io::tcp::TcpSettings;
use redis::{
    ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo, RedisError, RedisResult, ServerErrorKind, Value,
};

use super::link::{Link, is_replica};
use crate::store::{OpenError, StoreError};

/// What was sent and not confirmed for this long means that the other host is gone.
#[cfg(target_os = "linux")]
const SILENCE: std::time::Duration = std::time::Duration::from_secs(10);

pub(super) fn address(url: &str) -> Result<ConnectionInfo, OpenError> {
    let tcp = TcpSettings::default().set_nodelay(true);
    #[cfg(target_os = "linux")]
    let tcp = tcp.set_user_timeout(SILENCE);
    let info = url.into_connection_info().map_err(|_| OpenError::Address)?;
    Ok(info.set_tcp_settings(tcp))
}

/// The nodes of a cluster, in no order, each reached as `known` is. Hints can be heard at any of them.
pub(super) async fn nodes(link: &mut Link, known: &ConnectionInfo) -> RedisResult<Vec<ConnectionInfo>> {
    // A range of slots, then its nodes: first what serves it, then replicas of that; each an address, a port, more.
    let ranges: Vec<Vec<Value>> = redis::cmd("CLUSTER").arg("SLOTS").query_async(link).await?;
    let mut nodes = Vec::new();
    for node in ranges.into_iter().flat_map(|range| range.into_iter().skip(2)) {
        let Value::Array(node) = node else { continue };
        let mut node = node.into_iter();
        let (Some(host), Some(Value::Int(port))) = (node.next(), node.next()) else { continue };
        let host: Option<String> = redis::from_redis_value(host)?;
        let Ok(port) = u16::try_from(port) else { continue };
        // A node that does not know its own name is where we found it.
        let host = host.filter(|host| !host.is_empty());
        let addr = match (known.addr(), host) {
            (ConnectionAddr::TcpTls { insecure, tls_params, host: first, .. }, host) => ConnectionAddr::TcpTls {
                host: host.unwrap_or_else(|| first.clone()),
                port,
                insecure: *insecure,
                tls_params: tls_params.clone(),
            },
            (ConnectionAddr::Tcp(first, _), host) => ConnectionAddr::Tcp(host.unwrap_or_else(|| first.clone()), port),
            (other, _) => other.clone(),
        };
        if !nodes.contains(&addr) {
            nodes.push(addr);
        }
    }
    Ok(nodes.into_iter().map(|addr| known.clone().set_addr(addr)).collect())
}

pub(super) fn unreachable(err: &RedisError) -> OpenError {
    OpenError::Unreachable(err.to_string())
}

/// The decision behind an error: whatever may have left the question open is `Unknown`. So is a server that passes its
/// work on, or begins: an earlier copy of the same batch may stand where the next one goes.
pub(super) fn failure(err: &RedisError) -> StoreError {
    use ServerErrorKind::{Ask, BusyLoading, ClusterDown, MasterDown, Moved, TryAgain};
    // The second for scripts on Redis 6, which wraps the error.
    let is_out_of_memory = err.code() == Some("OOM") || err.to_string().contains("OOM command not allowed");
    match err.kind() {
        _ if is_out_of_memory => StoreError::Full,
        _ if is_replica(err) => StoreError::Unknown(err.to_string()),
        ErrorKind::Server(Ask | BusyLoading | ClusterDown | MasterDown | Moved | TryAgain) => {
            StoreError::Unknown(err.to_string())
        }
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

    #[test]
    fn an_open_question_is_unknown_and_a_refusal_is_not() {
        let dropped = RedisError::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe));
        assert!(matches!(failure(&dropped), StoreError::Unknown(_)));
        let full = redis::make_extension_error("OOM".into(), Some("command not allowed".into()));
        assert_eq!(failure(&full), StoreError::Full);
        let busy = redis::make_extension_error("BUSY".into(), None);
        assert!(matches!(failure(&busy), StoreError::Failed(_)));
    }

    #[test]
    fn a_server_that_fails_over_leaves_the_question_open() {
        use ServerErrorKind::{BusyLoading, ClusterDown, MasterDown, ReadOnly};
        for kind in [BusyLoading, ClusterDown, MasterDown, ReadOnly] {
            let moving = RedisError::from((ErrorKind::Server(kind), "in a failover"));
            assert!(matches!(failure(&moving), StoreError::Unknown(_)), "{moving}");
        }
    }
}
