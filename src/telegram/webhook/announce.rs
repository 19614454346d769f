//! Tells Telegram where to bring updates, and looks now and then whether it still knows.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};
use url::Url;

use super::WebhookSettings;
use crate::ingress::Ingress;
use crate::telegram::intake::{ALLOWED, Intake, Refused};
use crate::telegram::menu::{self, Menu};
use crate::telegram::polling::TOKEN_WAIT;

/// How often Telegram is asked how it gets on with the webhook.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// After somebody came without the secret, the time that Telegram needs to notice, and in which others may come too.
const STRANGER_WAIT: Duration = Duration::from_secs(2);
/// Noise from the open web is no reason to ask Telegram more often than this.
const STRANGERS_EVERY: Duration = Duration::from_secs(15);
/// A secret that was set is not set again before, should somebody in between refuse it in our place.
const CURE_EVERY: Duration = Duration::from_mins(10);
/// What Telegram says of the last update that it could not bring is a short sentence; more would be somebody's page.
const WORDS_LIMIT: usize = 120;

/// The ingress of whoever leads: it listens to nothing itself, since every instance does.
#[derive(Debug)]
pub(in crate::telegram) struct Announcer {
    pub(in crate::telegram) intake: Intake,
    pub(in crate::telegram) menu: Vec<Menu>,
    pub(in crate::telegram) wanted: WebhookSettings,
    pub(in crate::telegram) stranger: Arc<Notify>,
}

/// What Telegram knows of the webhook. It does not tell the secret. Source: Bot API, `WebhookInfo`.
#[derive(Debug, Default, Deserialize)]
struct Info {
    #[serde(default)]
    url: String,
    max_connections: Option<u32>,
    allowed_updates: Option<Vec<String>>,
    last_error_date: Option<u64>,
    last_error_message: Option<String>,
}

impl Info {
    fn leads_to(&self, wanted: &WebhookSettings) -> bool {
        Url::parse(&self.url).is_ok_and(|url| url == wanted.url)
    }

    fn agrees(&self, wanted: &WebhookSettings) -> bool {
        let kinds = |kinds: &[&str]| {
            let mut kinds: Vec<_> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            kinds.sort_unstable();
            kinds
        };
        let told: Vec<_> = self.allowed_updates.iter().flatten().map(String::as_str).collect();
        self.leads_to(wanted)
            && self.max_connections == Some(wanted.connections)
            && kinds(&told) == kinds(&ALLOWED)
            && !self.is_stranger()
    }

    /// We refuse nobody but whoever has another secret, and nothing else that we answer is a 401.
    fn is_stranger(&self) -> bool {
        self.last_error_message.as_deref().is_some_and(|words| words.contains("401"))
    }

    /// The last failure and when it was.
    fn failure(&self) -> Option<(u64, String)> {
        let words = self.last_error_message.as_deref()?;
        let words = words.chars().take(WORDS_LIMIT).map(|letter| if letter.is_control() { ' ' } else { letter });
        Some((self.last_error_date?, words.collect()))
    }
}

#[async_trait]
impl Ingress for Announcer {
    fn name(&self) -> &'static str {
        "telegram"
    }

    /// The webhook stays when we stop: what comes meanwhile waits at Telegram, or another instance takes it.
    async fn listen(&self, stop: CancellationToken) -> Option<Duration> {
        let Err(Refused) = stop.run_until_cancelled(self.watch()).await?;
        error!("Telegram refuses the token. Check TELEGRAM_BOT_TOKEN; other platforms keep running");
        Some(TOKEN_WAIT)
    }
}

impl Announcer {
    async fn watch(&self) -> Result<Infallible, Refused> {
        let me = self.intake.introduce().await?;
        let info: Info = self.intake.insist("getWebhookInfo", &json!({})).await?;
        let mut failed = info.failure();
        let (mut cured, mut calm) = (None, Instant::now());
        if !info.agrees(&self.wanted) {
            cured = info.is_stranger().then(Instant::now);
            self.announce().await?;
        }
        menu::install(&self.intake.api, &self.menu).await;
        info!(bot = %me.username, "Telegram brings updates to the webhook");
        loop {
            tokio::select! {
                () = sleep(LOOK_EVERY) => {}
                () = self.stranger_since(calm) => calm = Instant::now() + STRANGERS_EVERY,
            }
            let info: Info = match self.intake.api.call("getWebhookInfo", &json!({})).await {
                Ok(info) => info,
                Err(error) => {
                    debug!(%error, "Telegram does not tell how it gets on with the webhook");
                    continue;
                }
            };
            if !info.leads_to(&self.wanted) {
                error!("Somebody else uses this Telegram token: the webhook was taken away. Setting it again");
                self.announce().await?;
                continue;
            }
            let failure = info.failure().filter(|failure| failed.as_ref() != Some(failure));
            if let Some((_, words)) = &failure {
                warn!(reason = %words, "Telegram could not bring an update to the webhook, and tries again");
                let due = cured.is_none_or(|cured: Instant| cured.elapsed() >= CURE_EVERY);
                if info.is_stranger() && due {
                    warn!("Telegram knows another secret than telegram.webhook_secret; telling it this one");
                    cured = Some(Instant::now());
                    self.announce().await?;
                }
                failed = failure;
            }
        }
    }

    /// Somebody came without the secret, and Telegram has had time to notice if it was that.
    async fn stranger_since(&self, calm: Instant) {
        sleep_until(calm).await;
        self.stranger.notified().await;
        sleep(STRANGER_WAIT).await;
    }

    async fn announce(&self) -> Result<(), Refused> {
        let body: Value = json!({
            "url": self.wanted.url.as_str(),
            "secret_token": self.wanted.secret.expose_secret(),
            "max_connections": self.wanted.connections,
            "allowed_updates": ALLOWED,
        });
        let _: bool = self.intake.insist("setWebhook", &body).await?;
        info!("Told Telegram where the webhook is");
        Ok(())
    }
}
