//! A store that takes nothing for longer than anybody insists.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::*;
use crate::discord::intake::Intake;
use crate::discord::order::Order;
use crate::discord::{interaction, message};

/// An inlet that is away until it is not.
#[derive(Debug)]
struct Away {
    away: AtomicBool,
    took: mpsc::Sender<Inbound>,
}

#[async_trait]
impl Inlet for Away {
    async fn accept(&self, inbound: Inbound) -> Result<Accepted, Busy> {
        self.place(Platform::Discord, &PlaceId::new("")).await?;
        self.took.send(inbound).await.map_err(|_| Busy)?;
        Ok(Accepted::New)
    }

    async fn put_off(&self, _: &Inbound) {}

    fn lost(&self) {}

    async fn place(&self, _: Platform, _: &PlaceId) -> Result<PlaceNote, Busy> {
        if self.away.load(Ordering::SeqCst) { Err(Busy) } else { Ok(PlaceNote::default()) }
    }

    async fn note(&self, _: Platform, _: &PlaceId, _: PlaceNote) -> Result<(), Busy> {
        Ok(())
    }

    async fn saw(&self, _: Platform, _: &PlaceId, _: &EventId) {}

    async fn active(&self, _: Platform) -> Result<Vec<(PlaceId, EventId)>, Busy> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn what_a_store_did_not_take_for_long_is_read_again_once_it_answers() {
    let journal = Journal::default();
    let emulator = DiscordEmulator::start(DiscordEmulatorSettings::quick(), journal).await.unwrap();
    let (server, me) = (emulator.a_server("A server"), Person::new(ME, "A new user"));
    let channel = emulator.a_channel(server, "clips");
    let adapter = discord(&emulator, emulator.token(), Duration::from_millis(10));
    let (took, mut came) = mpsc::channel(10);
    let inlet = Arc::new(Away { away: AtomicBool::new(true), took });
    let intake = Intake {
        api: Arc::clone(&adapter.api),
        waiting: Arc::clone(&adapter.waiting),
        sizes: Arc::clone(&adapter.sizes),
        inlet: Arc::clone(&inlet) as Arc<dyn Inlet>,
        messages: message::Rules { me: 1, clip_channels: [].into(), reads_posts: true },
        interactions: interaction::Rules {
            signer: adapter.signer.clone(),
            reads_posts: true,
            default_language: Language::parse("en").unwrap(),
        },
        homes: Arc::default(),
        order: Order::default(),
        missed: Arc::default(),
        clock: Clock::system(),
        stop: CancellationToken::new(),
    };
    // Of two people's private chats and a channel, in which one message was taken.
    let other = Person::new(ME + 1, "Another new user");
    let mut said = Vec::new();
    for (who, channel, guild) in
        [(&me, emulator.dm(&me), None), (&other, emulator.dm(&other), None), (&me, channel, Some(server.to_string()))]
    {
        let id = emulator.replies(who, channel, emulator.says(who, channel, "before"), "<@1> hello");
        let mut message = json!({
            "id": id.to_string(), "channel_id": channel.to_string(), "content": "<@1> hello",
            "author": {"id": if who == &me { ME } else { ME + 1 }.to_string(), "username": "x"},
        });
        if let Some(guild) = guild {
            message["guild_id"] = guild.into();
        }
        said.push(format!("m{id}"));
        tokio::time::pause();
        intake.posted(&message).await;
        tokio::time::resume();
    }
    inlet.away.store(false, Ordering::SeqCst);
    assert!(intake.catch_up().await);
    let mut read = Vec::new();
    while let Ok(inbound) = came.try_recv() {
        read.push(inbound.id.to_string());
    }
    read.sort();
    said.sort();
    assert_eq!(read, said, "each once, and nothing that was said before");
    assert!(intake.catch_up().await && came.try_recv().is_err(), "nothing is left to be read");
}
