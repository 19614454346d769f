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

use std::time::Duration;

use super::bot::{Instance, Platform, Stage};
use super::redis_server::RedisServer;

/// A key for tests, base64.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
/// Parts of the store. Source: `store::Partition`.
const PARTITIONS: u8 = 64;
/// All that was asked is answered within this, holds and looks at the project included.
const REST_PATIENCE: Duration = Duration::from_mins(2);

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

/// Waits until nobody has anything left to do about any conversation or render.
async fn rests(stage: &Stage, redis: &RedisServer) {
    let client = redis::Client::open(redis.url()).unwrap();
    // On a busy machine even a free server takes its time.
    let patient = redis::AsyncConnectionConfig::new()
        .set_connection_timeout(Some(REST_PATIENCE))
        .set_response_timeout(Some(REST_PATIENCE));
    let mut connection = client.get_multiplexed_async_connection_with_config(&patient).await.unwrap();
    let mut flight = redis::pipe();
    for partition in 0..PARTITIONS {
        for agenda in ["conversations", "renders"] {
            flight.cmd("ZCARD").arg(format!("nemo-bot:{{p{partition:02}}}a:{agenda}"));
        }
    }
    let quiet = async {
        loop {
            let left: Vec<u32> = flight.query_async(&mut connection).await.unwrap();
            if stage.telegram.pending() == 0 && left.iter().sum::<u32>() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(REST_PATIENCE, quiet).await.is_ok(), "they never rest\n{}", stage.story());
}
