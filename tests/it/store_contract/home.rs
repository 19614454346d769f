//! Where the stores of these tests are kept.

use std::sync::{Mutex, PoisonError, Weak};

use tempfile::TempDir;

use super::super::redis_server::RedisCluster;
use super::*;

#[derive(Clone, Copy, Debug)]
pub(super) enum Backend {
    File,
    Memory,
    Redis,
    Cluster,
}
use Backend::{Cluster, File, Memory, Redis};

/// A place where a store is kept, which can be opened more than once.
pub(super) struct Home {
    pub(super) directory: TempDir,
    pub(super) redis: Option<RedisServer>,
    cluster: Option<(Arc<RedisCluster>, String)>,
    memory: Option<Arc<dyn Store>>,
}

impl Home {
    pub(super) async fn of(backend: Backend) -> Self {
        let memory: Option<Arc<dyn Store>> = match backend {
            Memory => Some(Arc::new(SqliteStore::memory().await.expect("a store in memory"))),
            File | Redis | Cluster => None,
        };
        let redis = matches!(backend, Redis).then(RedisServer::start);
        let cluster = matches!(backend, Cluster).then(cluster);
        Self { directory: tempfile::tempdir().expect("a directory"), redis, cluster, memory }
    }

    /// Opens the store as another instance would; in memory there is only one.
    pub(super) async fn open(&self) -> Arc<dyn Store> {
        match (&self.memory, &self.redis, &self.cluster) {
            (Some(store), ..) => Arc::clone(store),
            (_, Some(redis), _) => Arc::new(RedisStore::connect(settings(redis)).await.expect("a store on Redis")),
            (.., Some((cluster, prefix))) => {
                let wanted = RedisSettings {
                    sweep_every: SWEEP,
                    prefix: prefix.clone(),
                    ..RedisSettings::new(cluster.url().into())
                };
                Arc::new(RedisStore::connect(wanted).await.expect("a store on a Redis Cluster"))
            }
            _ => Arc::new(SqliteStore::open(&self.file()).await.expect("a store in a file")),
        }
    }

    /// Opens the only store of a test and keeps its home until the test ends.
    pub(super) async fn open_alone(self) -> Lodger {
        Lodger { store: self.open().await, _home: self }
    }

    pub(super) fn file(&self) -> std::path::PathBuf {
        self.directory.path().join("data/nemo-bot.db")
    }

    /// Where everything that survives is.
    pub(super) fn disk(&self) -> std::path::PathBuf {
        self.redis.as_ref().map_or_else(|| self.directory.path().join("data"), RedisServer::directory)
    }
}

/// A store together with its home.
pub(super) struct Lodger {
    store: Arc<dyn Store>,
    _home: Home,
}

impl std::ops::Deref for Lodger {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        &*self.store
    }
}

pub(super) fn settings(redis: &RedisServer) -> RedisSettings {
    RedisSettings { sweep_every: SWEEP, ..RedisSettings::new(redis.url().into()) }
}

/// The cluster of all tests that run now, since it takes seconds to make one; and keys of a test's own in it. It ends
/// with the last of them.
fn cluster() -> (Arc<RedisCluster>, String) {
    static SHARED: Mutex<Weak<RedisCluster>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let cluster = shared.upgrade().unwrap_or_else(|| Arc::new(RedisCluster::start()));
    *shared = Arc::downgrade(&cluster);
    (cluster, format!("bot-{:08x}:", rand::random::<u32>()))
}
