//! Several instances over one Redis: whichever dies, freezes or is asked to stop, nothing is lost and nothing doubled.

#[path = "fleet/kills.rs"]
mod kills;
#[path = "fleet/leading.rs"]
mod leading;
#[path = "fleet/partition.rs"]
mod partition;
#[path = "fleet/people.rs"]
mod people;
#[path = "fleet/renders.rs"]
mod renders;
#[path = "fleet/rolling.rs"]
mod rolling;
#[path = "fleet/trouble.rs"]
mod trouble;
#[path = "fleet/turns.rs"]
mod turns;

use super::bot::{Instance, Platform, Stage};
use super::redis_server::{REST_PATIENCE, RedisServer, rests};

/// A key for tests, base64.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

/// A stage without a bot, over this Redis, on an account of the operator.
async fn over(redis: &RedisServer, on: Platform, settings: &[(&str, &str)]) -> Stage {
    let url = redis.url();
    let shared = [("NEMO_BOT__STORE__URL", url.as_str()), ("NEMO_BOT__STORE__KEY", KEY)];
    let more = [("NEMO_TOKEN", "nmv_usr_fleet"), ("NEMO_BOT__FLOOD__BURST", "1000")];
    Stage::empty_on(on, &[&shared, &more, settings].concat()).await
}

/// So many instances at work.
async fn launch(stage: &Stage, many: usize) -> Vec<Instance<'_>> {
    let instances: Vec<_> = (0..many).map(|_| stage.instance(&[])).collect();
    for instance in &instances {
        instance.runs().await;
    }
    stage.listens().await;
    instances
}
