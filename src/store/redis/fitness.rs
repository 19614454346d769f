//! Whether a server is fit to keep messages: what is refused, and what an operator has to hear.

use std::collections::HashMap;
use std::time::Duration;

use redis::RedisResult;

use super::answered;
use super::link::Link;
use crate::store::OpenError;

/// `ZADD … LT` came with it; without, a later wake would push back what is due.
const NEEDED: (u32, u32) = (6, 2);

/// What is wrong with a server, or cannot be known, and is no reason to stop. Each is a sentence for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Concern {
    /// What is not on disk is lost in a crash.
    #[error(
        "Redis keeps no append-only file: a crash loses accepted messages. Set appendonly yes and appendfsync always."
    )]
    NoAppendOnly,
    /// The file is behind what was answered.
    #[error("Redis writes with appendfsync {0}: a crash can lose what came in last. Set appendfsync always.")]
    LateSync(String),
    /// Fewer replicas than have to confirm.
    #[error("Redis has {had} replicas, and {wanted} have to confirm each message: none is taken before that is so.")]
    FewReplicas {
        /// How many there are.
        had: u32,
        /// `store.replica_acks`.
        wanted: u32,
    },
    /// The server does not tell.
    #[error("Redis does not tell its {what}, which must be {needed}. Ask whoever runs it.")]
    Unknown {
        /// The setting, as Redis calls it.
        what: &'static str,
        /// What is needed.
        needed: &'static str,
    },
}

/// What servers tell of themselves.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// `INFO` of the server, or of each node that takes writes.
    pub(super) infos: Vec<String>,
    /// What `CONFIG GET` gives of the settings that matter; many hosts forbid it.
    pub(super) config: HashMap<String, String>,
}

impl Account {
    /// Asks.
    pub(super) async fn of(link: &mut Link, bound: Duration) -> Result<Self, OpenError> {
        let unreachable = |err: crate::store::StoreError| OpenError::Unreachable(err.to_string());
        let info = redis::cmd("INFO");
        let infos = match link {
            Link::Server(_) => vec![answered(bound, info.query_async(link)).await.map_err(unreachable)?],
            Link::Cluster(_) => {
                let told: HashMap<String, String> =
                    answered(bound, info.query_async(link)).await.map_err(unreachable)?;
                told.into_values().collect()
            }
        };
        let mut config = HashMap::new();
        for setting in ["maxmemory-policy", "appendonly", "appendfsync"] {
            let mut ask = redis::cmd("CONFIG");
            ask.arg("GET").arg(setting);
            let told: RedisResult<HashMap<String, String>> =
                tokio::time::timeout(bound, ask.query_async(link)).await.unwrap_or_else(|_| Ok(HashMap::new()));
            config.extend(told.unwrap_or_default());
        }
        Ok(Self { infos, config })
    }

    /// Whether the server is a node of a cluster.
    pub(super) fn is_cluster(&self) -> bool {
        self.infos.iter().any(|info| field(info, "cluster_enabled") == Some("1"))
    }

    /// Refuses servers that are too old or drop data.
    pub(super) fn judge(&self, replica_acks: u32) -> Result<Vec<Concern>, OpenError> {
        let mut concerns = Vec::new();
        for info in &self.infos {
            for concern in self.judge_one(info, replica_acks)? {
                if !concerns.contains(&concern) {
                    concerns.push(concern);
                }
            }
        }
        Ok(concerns)
    }

    fn judge_one(&self, info: &str, replica_acks: u32) -> Result<Vec<Concern>, OpenError> {
        let mut concerns = Vec::new();
        let configured = |setting: &str| self.config.get(setting).map(String::as_str);
        match field(info, "redis_version") {
            Some(found) if version(found) < Some(NEEDED) => {
                return Err(OpenError::Outdated { what: "Redis", found: found.to_owned(), needed: "6.2" });
            }
            Some(_) => {}
            None => concerns.push(Concern::Unknown { what: "version", needed: "6.2 or newer" }),
        }
        match field(info, "maxmemory_policy").or_else(|| configured("maxmemory-policy")) {
            Some("noeviction") => {}
            Some(policy) => return Err(OpenError::Evicts { policy: policy.to_owned() }),
            None => concerns.push(Concern::Unknown { what: "maxmemory-policy", needed: "noeviction" }),
        }
        match (field(info, "aof_enabled").or_else(|| configured("appendonly")), configured("appendfsync")) {
            (Some("1" | "yes"), Some("always")) => {}
            (Some("1" | "yes"), Some(sync)) => concerns.push(Concern::LateSync(sync.to_owned())),
            (Some("1" | "yes"), None) => concerns.push(Concern::Unknown { what: "appendfsync", needed: "always" }),
            (Some(_), _) => concerns.push(Concern::NoAppendOnly),
            (None, _) => concerns.push(Concern::Unknown { what: "appendonly", needed: "yes" }),
        }
        if replica_acks > 0 {
            match field(info, "connected_slaves").map(str::parse) {
                Some(Ok(had)) if had < replica_acks => {
                    concerns.push(Concern::FewReplicas { had, wanted: replica_acks });
                }
                Some(Ok(_)) => {}
                _ => {
                    concerns.push(Concern::Unknown { what: "number of replicas", needed: "store.replica_acks or more" })
                }
            }
        }
        Ok(concerns)
    }
}

fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'))
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAREFUL: [(&str, &str); 1] = [("appendfsync", "always")];

    fn account(info: &str, config: &[(&str, &str)]) -> Account {
        let config = config.iter().map(|(setting, value)| ((*setting).to_owned(), (*value).to_owned())).collect();
        Account { infos: vec![info.to_owned()], config }
    }

    fn info(version: &str, policy: &str, aof: &str) -> String {
        format!(
            "# Server\r\nredis_version:{version}\r\nmaxmemory_policy:{policy}\r\naof_enabled:{aof}\r\n\
             connected_slaves:1\r\n"
        )
    }

    #[test]
    fn an_old_server_and_one_that_drops_data_are_refused() {
        for version in ["6.2.0", "7.0.15", "10.0.0"] {
            assert_eq!(account(&info(version, "noeviction", "1"), &CAREFUL).judge(1).unwrap(), []);
        }
        let old = account(&info("6.0.16", "noeviction", "1"), &CAREFUL).judge(0);
        assert!(matches!(old, Err(OpenError::Outdated { .. })));
        let dropping = account(&info("7.0.15", "allkeys-lru", "1"), &CAREFUL).judge(0);
        assert!(matches!(dropping, Err(OpenError::Evicts { policy }) if policy == "allkeys-lru"));
    }

    #[test]
    fn what_a_crash_or_a_failover_would_lose_is_told() {
        let judge = |aof, config: &[(&str, &str)], acks| {
            account(&info("7.0.15", "noeviction", aof), config).judge(acks).expect("fit")
        };
        assert_eq!(judge("0", &[], 0), [Concern::NoAppendOnly]);
        assert_eq!(judge("1", &[("appendfsync", "everysec")], 0), [Concern::LateSync("everysec".into())]);
        assert_eq!(judge("1", &CAREFUL, 2), [Concern::FewReplicas { had: 1, wanted: 2 }]);
    }

    #[test]
    fn what_a_server_does_not_tell_is_said_to_be_unknown() {
        let told = |config: &[(&str, &str)]| account("# nothing\r\n", config).judge(1).expect("no reason to refuse");
        let unknown = |concerns: Vec<Concern>| -> Vec<&str> {
            let what = |concern: &Concern| match concern {
                Concern::Unknown { what, .. } => *what,
                other => panic!("{other}"),
            };
            concerns.iter().map(what).collect()
        };
        assert_eq!(unknown(told(&[])), ["version", "maxmemory-policy", "appendonly", "number of replicas"]);
        let config = [("maxmemory-policy", "noeviction"), ("appendonly", "yes")];
        assert_eq!(unknown(told(&config)), ["version", "appendfsync", "number of replicas"]);
        let dropping = account("", &[("maxmemory-policy", "volatile-ttl")]).judge(0);
        assert!(matches!(dropping, Err(OpenError::Evicts { .. })));
    }

    #[test]
    fn of_several_nodes_each_is_judged_and_a_concern_told_once() {
        let good = info("7.0.15", "noeviction", "1");
        let nodes = |infos: Vec<String>| Account { infos, config: account("", &CAREFUL).config };
        let lax = info("7.0.15", "noeviction", "0");
        assert_eq!(nodes(vec![good.clone(), lax.clone(), lax]).judge(0).unwrap(), [Concern::NoAppendOnly]);
        let dropping = info("7.0.15", "allkeys-lru", "1");
        assert!(nodes(vec![good, dropping]).judge(0).is_err());
        assert!(account("cluster_enabled:1\r\n", &[]).is_cluster() && !account("", &[]).is_cluster());
    }
}
