//! serenity with its own limiter, as in production, and that an address in place of Discord's is the only one called.
//!
//! With the limiter on, serenity calls `discord.com` whatever address is set. So the emulator is put behind a TLS front
//! that is `discord.com` for one client: by a certificate authority made for the test, and a name that is resolved to
//! this machine.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Certificate;
use reqwest::dns::{Name, Resolve, Resolving};
use serde::de::IgnoredAny;
use serde_json::json;
use serenity::http::Route;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_native_tls::TlsAcceptor;
use tokio_native_tls::native_tls::Identity;

use super::*;
use crate::discord::gate::{Gate, Lane, Urgency};
use crate::sandbox::discord::{
    DiscordEmulator, DiscordEmulatorSettings, DiscordTimes, FaultAction, FaultRule, LimitKind,
};
use crate::sandbox::journal::Journal;

/// The emulator as `discord.com`, for whoever trusts the authority.
struct Front {
    emulator: DiscordEmulator,
    authority: Vec<u8>,
    address: SocketAddr,
    _serving: JoinSet<()>,
}

impl Front {
    /// At Discord's real rates.
    async fn open() -> Self {
        let settings = DiscordEmulatorSettings { times: DiscordTimes::default(), ..DiscordEmulatorSettings::default() };
        let emulator = DiscordEmulator::start(settings, Journal::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let in_folder = |arguments: &str| {
            let arguments = arguments.split_whitespace().map(|one| one.replace('_', " "));
            let made = Command::new("openssl").args(arguments).current_dir(folder.path()).output().unwrap();
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        };
        in_folder(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=Thrown_away \
             -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign",
        );
        in_folder(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout own.key -out own.pem -subj /CN=discord.com \
             -CA ca.pem -CAkey ca.key -addext subjectAltName=DNS:discord.com -addext basicConstraints=CA:FALSE",
        );
        let read = |name: &str| std::fs::read(Path::new(folder.path()).join(name)).unwrap();
        let identity = Identity::from_pkcs8(&read("own.pem"), &read("own.key")).unwrap();
        let acceptor = TlsAcceptor::from(tokio_native_tls::native_tls::TlsAcceptor::new(identity).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, behind) = (listener.local_addr().unwrap(), emulator.url().replace("http://", ""));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((line, _)) = listener.accept().await {
                let (acceptor, behind) = (acceptor.clone(), behind.clone());
                lines.spawn(async move {
                    let mut line = acceptor.accept(line).await.ok()?;
                    let mut inner = TcpStream::connect(behind).await.ok()?;
                    tokio::io::copy_bidirectional(&mut line, &mut inner).await.ok()
                });
            }
        });
        Self { emulator, authority: read("ca.pem"), address, _serving: serving }
    }

    /// An API as in production. Nothing of it can leave this machine.
    fn api(&self, closed: impl Fn(Duration) + Send + Sync + 'static) -> Api {
        let begin = || {
            let here = Client::builder().resolve("discord.com", self.address).no_proxy();
            here.add_root_certificate(Certificate::from_pem(&self.authority).unwrap())
        };
        Api::over(begin, None, &SecretString::from(self.emulator.token()), closed).unwrap()
    }

    async fn edit(&self, api: &Api, channel: u64, message: u64, text: &str) {
        let route = Route::ChannelMessage { channel_id: channel.into(), message_id: message.into() };
        let body = json!({ "content": text, "allowed_mentions": { "parse": [] } });
        api.call::<IgnoredAny>(LightMethod::Patch, route, Some(&body)).await.unwrap();
    }

    /// A channel with a message of the bot.
    async fn message(&self, api: &Api) -> (u64, u64) {
        let channel = self.emulator.a_channel(self.emulator.a_server("A server"), "clips");
        let route = Route::ChannelMessages { channel_id: channel.into() };
        let body = json!({ "content": "0", "allowed_mentions": { "parse": [] } });
        api.call::<IgnoredAny>(LightMethod::Post, route, Some(&body)).await.unwrap();
        (channel, self.emulator.shown(channel)[0].message_id)
    }
}

#[tokio::test]
async fn with_serenitys_limiter_five_edits_go_at_once_and_the_sixth_waits_without_a_429() {
    let front = Front::open().await;
    let api = front.api(|_| panic!("no limit is met"));
    let (channel, message) = front.message(&api).await;
    let begun = Instant::now();
    let mut after = Vec::new();
    for text in 1..=7 {
        front.edit(&api, channel, message, &text.to_string()).await;
        after.push(begun.elapsed());
    }
    assert!(after[4] < Duration::from_secs(3), "{after:?}");
    assert!(after[5] > Duration::from_secs(3) && after[6] < Duration::from_secs(9), "{after:?}");
    assert_eq!(front.emulator.invalid_requests(), 0, "no 429");
    assert_eq!(front.emulator.shown(channel)[0].text, "7");
    assert_eq!(front.emulator.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn a_global_limit_that_serenity_meets_closes_our_gate_for_every_channel() {
    let front = Front::open().await;
    let gate = Arc::new(Gate::new(Duration::from_millis(1)));
    let (closing, met) = (Arc::clone(&gate), Arc::new(Mutex::new(Vec::new())));
    let waits = Arc::clone(&met);
    let api = front.api(move |wait| {
        closing.close(wait);
        let others = closing.pass(Lane::Channel(1), Urgency::Sign, false);
        waits.lock().unwrap().push((wait, futures::FutureExt::now_or_never(others).is_some_and(|pass| pass.is_err())));
    });
    let (channel, message) = front.message(&api).await;
    assert!(gate.pass(Lane::Channel(1), Urgency::Sign, false).await.is_ok(), "it is open");
    let action = FaultAction::Limited { kind: LimitKind::Global, wait: Duration::from_secs(1) };
    front.emulator.fault(FaultRule::on("PATCH", "/channels/*/messages/*", action));
    front.edit(&api, channel, message, "after it").await;
    let met = met.lock().unwrap().clone();
    assert_eq!(met.len(), 1, "{met:?}");
    assert!(met[0].0 >= Duration::from_secs(1) && met[0].1, "{met:?}");
    assert_eq!(front.emulator.shown(channel)[0].text, "after it");
}

/// Finds no host, and remembers which were looked for.
#[derive(Clone, Default)]
struct Guard(Arc<Mutex<Vec<String>>>);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        self.0.lock().unwrap().push(name.as_str().to_owned());
        Box::pin(async { Err("nothing leaves this machine".into()) })
    }
}

async fn calls_everything(api: &Api, link: &Url) {
    let route = || Route::ChannelMessages { channel_id: 1.into() };
    let _ = api.call::<IgnoredAny>(LightMethod::Post, route(), Some(&json!({ "content": "a" }))).await;
    let _ = api.ask::<IgnoredAny>(LightMethod::Get, route(), None, Some(vec![("limit", "1".to_owned())])).await;
    let _ = api.direct::<IgnoredAny>(Method::GET, "/webhooks/1/t/messages/@original", None, false).await;
    let _ = api.upload::<IgnoredAny>(Method::POST, "/channels/1/messages", Form::new(), true).await;
    let _ = api.fetch(link).await;
    let http = api.another_http();
    let _ = http.get_gateway().await;
    let _ = http.get_current_user().await;
}

#[tokio::test]
async fn with_an_address_in_place_of_discords_no_other_host_is_looked_for() {
    let emulator = DiscordEmulator::start(DiscordEmulatorSettings::quick(), Journal::default()).await.unwrap();
    let instead: Url = emulator.url().parse().unwrap();
    let token = SecretString::from(emulator.token());
    let over = |instead: Option<&Url>| {
        let guard = Guard::default();
        let begin = || Client::builder().dns_resolver(Arc::new(guard.clone())).no_proxy();
        (Api::over(begin, instead, &token, |_| ()).unwrap(), guard.0.clone())
    };
    let (api, looked) = over(Some(&instead));
    calls_everything(&api, &instead).await;
    assert_eq!(*looked.lock().unwrap(), Vec::<String>::new());
    assert!(!emulator.calls().is_empty(), "they came here");
    // The guard sees what goes to Discord itself: without an address, everything of the API does.
    let (api, looked) = over(None);
    calls_everything(&api, &instead).await;
    let looked = looked.lock().unwrap().clone();
    assert!(looked.len() >= 6 && looked.iter().all(|name| name == "discord.com"), "{looked:?}");
}
