//! A second client, stricter than ours: twilight reads every event into its own types and resumes as Discord wants.

use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt as _};
use twilight_model::application::interaction::InteractionData;
use twilight_model::channel::{Channel, Message};
use twilight_model::gateway::payload::incoming::InteractionCreate;
use twilight_model::user::CurrentUser;

use super::*;

/// Long enough for a loaded machine; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

struct Twilight(Shard);

impl Twilight {
    fn new(bench: &Bench) -> Self {
        let intents = Intents::from_bits_truncate(EVERYTHING);
        let address = bench.emulator.url().replace("http", "ws");
        let config = ConfigBuilder::new(bench.emulator.token().to_owned(), intents).proxy_url(address).build();
        Self(Shard::with_config(ShardId::ONE, config))
    }

    /// The next event that `wanted` picks. An event that twilight cannot read fails the test; a lost connection does
    /// not.
    async fn next<T>(&mut self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let found = async {
            loop {
                match self.0.next_event(EventTypeFlags::all()).await.expect("the shard lives") {
                    Ok(event) => {
                        if let Some(found) = wanted(event) {
                            return found;
                        }
                    }
                    Err(error) => assert!(!format!("{error:?}").contains("Deserializing"), "{error:?}"),
                }
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("the event comes")
    }

    async fn message(&mut self) -> Box<Message> {
        self.next(|event| match event {
            Event::MessageCreate(message) => Some(Box::new(message.message)),
            _ => None,
        })
        .await
    }

    async fn interaction(&mut self) -> Box<InteractionCreate> {
        self.next(|event| match event {
            Event::InteractionCreate(interaction) => Some(interaction),
            _ => None,
        })
        .await
    }
}

fn read<T: serde::de::DeserializeOwned>(answered: &Answered) -> T {
    serde_json::from_str(&answered.body.to_string()).unwrap_or_else(|error| panic!("{error}: {}", answered.body))
}

#[tokio::test]
async fn a_stricter_client_reads_all_that_happens() {
    let bench = Bench::with(|settings| settings.behaviour.novelties = true).await;
    bench.register_usual().await;
    let mut twilight = Twilight::new(&bench);
    twilight.next(|event| matches!(event, Event::GuildCreate(_)).then_some(())).await;
    let (emulator, user, channel) = (&bench.emulator, &bench.user, bench.channel);
    let files = vec![clip("a.mp4", 500)];
    let theirs = emulator.sends_files(user, channel, files, "my clip").await.unwrap();
    assert_eq!(twilight.message().await.attachments[0].size, 500);
    let body = json!({ "flags": 1 << 15, "components": [
        { "type": 17, "components": [{ "type": 10, "content": "## Title" }, { "type": 14 }] },
        { "type": 1, "components": [button("Go", "g")] },
    ] });
    let answered = bench.call("POST", &messages(channel), body).await;
    let card: Message = read(&answered);
    assert_eq!(card.components.len(), 2);
    assert_eq!(twilight.message().await.id, card.id);
    emulator.replies(user, channel, answered.id(), "an answer");
    assert!(twilight.message().await.referenced_message.is_some());
    emulator.edits_own(user, channel, theirs, "changed");
    twilight.next(|event| matches!(event, Event::MessageUpdate(_)).then_some(())).await;

    emulator.presses(user, channel, answered.id(), "Go").unwrap();
    let press = twilight.interaction().await;
    assert!(matches!(&press.data, Some(InteractionData::MessageComponent(data)) if data.custom_id == "g"));
    emulator.uses(user, channel, "new", &[], Some(clip("b.mp4", 5))).await.unwrap();
    let slash = twilight.interaction().await;
    let Some(InteractionData::ApplicationCommand(data)) = &slash.data else { panic!("{slash:?}") };
    assert_eq!(data.resolved.as_ref().unwrap().attachments.len(), 1);
    emulator.uses_on(user, channel, theirs, "Generate metadata").unwrap();
    let on = twilight.interaction().await;
    let Some(InteractionData::ApplicationCommand(data)) = &on.data else { panic!("{on:?}") };
    assert_eq!(data.resolved.as_ref().unwrap().messages.len(), 1);
    for place in [emulator.dm(user), emulator.a_group(&[user]), emulator.a_foreign_channel("away")] {
        emulator.uses(user, place, "new", &[], None).await.unwrap();
        twilight.interaction().await;
    }
    emulator.autocompletes(user, channel, "new", "recent", "a").unwrap();
    let completion = twilight.interaction().await;
    let callback = format!("/interactions/{}/{}/callback", slash.id, slash.token);
    bench.call("POST", &callback, json!({ "type": 4, "data": { "content": "Here" } })).await;
    assert!(twilight.message().await.interaction_metadata.is_some());
    assert_ne!(completion.id, slash.id);

    let path = format!("{}/{theirs}/threads", messages(channel));
    let _: Channel = read(&bench.call("POST", &path, json!({ "name": "t" })).await);
    twilight.next(|event| matches!(event, Event::ThreadCreate(_)).then_some(())).await;
    twilight.message().await;
    emulator.archives(theirs, false);
    twilight.next(|event| matches!(event, Event::ThreadUpdate(_)).then_some(())).await;
    emulator.deletes(channel, theirs);
    twilight.next(|event| matches!(event, Event::MessageDelete(_)).then_some(())).await;
    let _: CurrentUser = read(&bench.get("/users/@me").await);
    let _: Channel = read(&bench.get(&format!("/channels/{channel}")).await);
    bench.no_breach();
}

#[tokio::test]
async fn a_frozen_peer_is_left_and_the_session_resumed_where_discord_says() {
    let bench = Bench::with(|settings| settings.times.heartbeat = Duration::from_millis(400)).await;
    let mut twilight = Twilight::new(&bench);
    twilight.next(|event| matches!(event, Event::GuildCreate(_)).then_some(())).await;
    for upset in [DiscordEmulator::freezes, DiscordEmulator::cuts_gateway, DiscordEmulator::asks_reconnect] {
        upset(&bench.emulator);
        bench.emulator.says(&bench.user, bench.channel, "not lost");
        assert_eq!(twilight.message().await.content, "not lost");
        twilight.next(|event| matches!(event, Event::Resumed).then_some(())).await;
    }
    assert_eq!((bench.emulator.identified(), bench.emulator.resumed()), (1, 3));
    let doors = bench.journal.after(0).into_iter().filter(|entry| entry.data["what"] == "resume");
    let doors: Vec<_> = doors.map(|entry| entry.data["door"].clone()).collect();
    assert_eq!(doors, ["resume_gateway_url"; 3]);
    bench.no_breach();
}
