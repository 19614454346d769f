//! What happens to users of other bots on Discord, and must not happen to ours: one story for each trap.

#[path = "discord/acknowledging.rs"]
mod acknowledging;
#[path = "discord/clips.rs"]
mod clips;
#[path = "discord/commands.rs"]
mod commands;
#[path = "discord/files.rs"]
mod files;
#[path = "discord/gateway.rs"]
mod gateway;
#[path = "discord/guests.rs"]
mod guests;
#[path = "discord/limits.rs"]
mod limits;
#[path = "discord/links.rs"]
mod links;
#[path = "discord/long.rs"]
mod long;
#[path = "discord/permissions.rs"]
mod permissions;
#[path = "discord/refusals.rs"]
mod refusals;
#[path = "discord/results.rs"]
mod results;
#[path = "discord/scenarios.rs"]
mod scenarios;
#[path = "discord/servers.rs"]
mod servers;
#[path = "discord/streams.rs"]
mod streams;
#[path = "discord/threads.rs"]
mod threads;

use nemo_bot::sandbox::discord::permissions::{CREATE_THREADS, USUAL};
use serde_json::Value;

use super::bot::{Platform, Stage, User, attachment_of};

const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";
/// What the bot says when a clip came without words.
const WHAT_NOW: &str = "What should I do with it?";
/// A bot may do this in a channel where projects get no threads.
const WITHOUT_THREADS: u64 = USUAL & !CREATE_THREADS;

/// A channel of a server with the bot.
fn channel(stage: &Stage) -> i64 {
    let server = stage.discord().a_server("Video friends");
    i64::try_from(stage.discord().a_channel(server, "clips")).unwrap()
}

/// A channel where the bot opens no threads.
fn flat_channel(stage: &Stage) -> i64 {
    let channel = channel(stage);
    stage.discord().allows(u64::try_from(channel).unwrap(), WITHOUT_THREADS);
    channel
}

impl<'a> User<'a> {
    /// Writes with the bot's name before the words.
    fn mentions(&self, text: &str) -> i64 {
        let sent = self.stage.discord().mentions(&self.person.on_discord(), self.channel(), text);
        i64::try_from(sent).unwrap()
    }

    /// Sends a clip with the bot's name before the words.
    async fn mentions_with_clip(&self, text: &str) -> i64 {
        let (who, files) = (self.person.on_discord(), vec![attachment_of("landscape.mp4")]);
        let sent = self.stage.discord().mentions_with_files(&who, self.channel(), files, text).await;
        i64::try_from(sent.unwrap()).unwrap()
    }

    /// Uses a command of a message's menu.
    fn uses_on(&self, message: i64, command: &str) {
        let message = u64::try_from(message).unwrap();
        let used = self.stage.discord().uses_on(&self.person.on_discord(), self.channel(), message, command);
        assert!(used.is_some(), "no command {command:?}\n{}", self.stage.story());
    }

    /// Waits for the thread that was opened in this channel, and goes there.
    async fn in_the_thread(&self) -> User<'a> {
        let parent = Some(self.channel());
        let opened = || {
            let mut channels = self.stage.discord().channels().into_iter();
            channels.find(|channel| channel.kind == "thread" && channel.parent == parent)
        };
        let Some(thread) = self.waits_for(opened).await else { panic!("no thread\n{}", self.stage.story()) };
        User { stage: self.stage, person: self.person.clone(), chat: i64::try_from(thread.id).unwrap() }
    }
}

/// Calls of the bot, by method and the end of their path, oldest first.
fn calls(stage: &Stage, method: &str, ends: &str) -> Vec<Value> {
    let fits = |call: &Value| {
        let path = call["path"].as_str().unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        call["method"] == method && path.ends_with(ends)
    };
    stage.discord().calls().into_iter().filter(fits).collect()
}

/// A stage with Discord as it is for most stories.
async fn opened() -> Stage {
    Stage::on(Platform::Discord).await
}
