//! Updates brought by webhook, as Telegram's own server does it: the oldest of each chat at once, up to
//! `max_connections`, never the next one of a chat before the one before it got a 2xx. Anything else is tried again: at
//! once, then after 2, 4, 8 … seconds, or after the `Retry-After` of the answer.
//!
//! Addresses may be plain HTTP on loopback, in place of a proxy with a certificate.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};
use url::{Host, Url};

use super::Shared;
use super::call::Call;
use super::refusal::Refusal;

/// What the service takes if it is told nothing.
const CONNECTIONS: usize = 40;
/// Ports that the service brings updates to.
const PORTS: [u16; 4] = [443, 80, 88, 8443];
/// The longest secret.
const SECRET_LIMIT: usize = 256;
/// The longest wait between two tries, in seconds. The service takes a random one up to twice this.
const LONGEST_WAIT: u32 = 60;
/// The longest wait that an answer may ask for, in seconds.
const LONGEST_ASKED: u32 = 3600;
/// The service waits no longer for an answer.
const ANSWER_PATIENCE: Duration = Duration::from_mins(1);

/// Where updates are brought.
#[derive(Clone, Debug)]
pub(super) struct Hook {
    url: Url,
    secret: Option<String>,
    pub(super) connections: usize,
    /// When the last update could not be brought, by the wall, and why.
    failure: Option<(u64, String)>,
}

/// When an update is brought, and how often it could not be.
#[derive(Debug)]
pub(super) struct Tries {
    pub(super) under_way: bool,
    pub(super) at: Instant,
    failed: u32,
    wait: u32,
}

impl Default for Tries {
    fn default() -> Self {
        Self { under_way: false, at: Instant::now(), failed: 0, wait: 1 }
    }
}

impl Tries {
    /// Forgets what failed; what is under way stays so.
    pub(super) fn begin_anew(&mut self) {
        *self = Self { under_way: self.under_way, ..Self::default() };
    }

    /// One more that failed. `second` is what a second of the service lasts here.
    fn fail(&mut self, asked: Option<u32>, second: Duration) {
        let wait = match asked {
            Some(asked) => asked.min(LONGEST_ASKED),
            None if self.failed == 0 => 0,
            None => {
                self.wait = (self.wait * 2).min(LONGEST_WAIT);
                self.wait
            }
        };
        self.failed += 1;
        self.under_way = false;
        self.at = Instant::now() + second * wait;
    }
}

impl Hook {
    /// Reads what `setWebhook` asks for; an empty address asks for none.
    fn read(call: &Call) -> Result<Option<Self>, Refusal> {
        let bad = |what: &str| Err(Refusal::bad(format!("bad webhook: {what}")));
        let url = call.text("url").unwrap_or_default();
        if url.is_empty() {
            return Ok(None);
        }
        let Ok(url) = Url::parse(url) else { return bad("Invalid URL specified") };
        let local = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            _ => false,
        };
        if !local && url.scheme() != "https" {
            return bad("An HTTPS URL must be provided for webhook");
        }
        if !local && !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
            return bad("Webhook can be set up only on ports 80, 88, 443 or 8443");
        }
        let secret = call.text("secret_token").map(str::to_owned);
        if let Some(secret) = &secret {
            if secret.is_empty() || secret.len() > SECRET_LIMIT {
                return bad("secret token must be 1-256 characters long (the emulator is stricter)");
            }
            if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
                return bad("secret token contains unallowed characters");
            }
        }
        let connections = match call.int("max_connections") {
            None => CONNECTIONS,
            Some(asked) => match usize::try_from(asked) {
                Ok(asked @ 1..=100) => asked,
                _ => return bad("max_connections must be 1-100 (the emulator is stricter)"),
            },
        };
        Ok(Some(Self { url, secret, connections, failure: None }))
    }
}

impl Shared {
    /// `setWebhook`.
    pub(super) fn set_webhook(&self, call: &Call) -> Result<Value, Refusal> {
        let hook = Hook::read(call)?;
        {
            let mut state = self.state();
            if call.flag("drop_pending_updates") {
                state.updates.drop_pending();
            }
            if let Some(kinds) = call.list("allowed_updates") {
                let kinds = kinds.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect();
                state.updates.allow(kinds);
            }
            // What was held back for the address before is brought to the new one at once.
            state.updates.set_hook(hook);
        }
        self.stirred.send_modify(|count| *count += 1);
        Ok(json!(true))
    }

    /// `getWebhookInfo`. The secret is never told.
    pub(super) fn webhook_info(&self) -> Value {
        let state = self.state();
        let mut info = json!({
            "url": "",
            "has_custom_certificate": false,
            "pending_update_count": state.updates.pending(),
        });
        if let Some(hook) = state.updates.hook() {
            info["url"] = json!(hook.url.as_str());
            info["max_connections"] = json!(hook.connections);
            if let Some((at, words)) = &hook.failure {
                info["last_error_date"] = json!(at);
                info["last_error_message"] = json!(words);
            }
        }
        if let Some(allowed) = state.updates.allowed() {
            info["allowed_updates"] = json!(allowed);
        }
        info
    }

    /// Brings what waits, as long as the emulator runs.
    pub(super) async fn bring_updates(self: Arc<Self>) {
        let mut stirred = self.stirred.subscribe();
        loop {
            stirred.borrow_and_update();
            let (due, next) = self.state().updates.due(self.settings.times.update_life);
            for (id, body) in due {
                self.tasks.spawn(Arc::clone(&self).bring(id, body));
            }
            tokio::select! {
                _ = stirred.changed() => {}
                () = async { sleep_until(next.unwrap_or_else(Instant::now)).await }, if next.is_some() => {}
                () = self.stop.cancelled() => return,
            }
        }
    }

    async fn bring(self: Arc<Self>, id: i64, body: Value) {
        let Some(hook) = self.state().updates.hook().cloned() else { return };
        self.note_handed_out(id, &body);
        let mut request = self.web.post(hook.url.clone()).timeout(ANSWER_PATIENCE).json(&body);
        if let Some(secret) = &hook.secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        let answered = tokio::select! {
            answered = request.send() => answered,
            () = self.stop.cancelled() => return,
        };
        let status = answered.as_ref().map_or(0, |answer| answer.status().as_u16());
        let asked =
            answered.as_ref().ok().and_then(|answer| answer.headers().get("retry-after")?.to_str().ok()?.parse().ok());
        let words = match &answered {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("Wrong response from the webhook: {}", answer.status())),
            Err(error) if error.is_connect() => Some("Connection refused".to_owned()),
            Err(error) if error.is_timeout() => Some("Read timeout expired".to_owned()),
            Err(_) => Some("Webhook connection closed".to_owned()),
        };
        let text = match answered {
            Ok(answer) => answer.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        };
        if words.is_none() && !text.is_empty() {
            // Telegram would read a call out of it.
            self.breach(format!("an answer to a webhook with a body of {} bytes", text.len()));
        }
        let now = self.clock.now().as_millis() / 1000;
        let times = &self.settings.times;
        {
            let mut state = self.state();
            match &words {
                None => state.updates.brought(id),
                Some(_) => state.updates.not_brought(id, |tries| tries.fail(asked, times.webhook_second)),
            }
            if let (Some(words), Some(hook)) = (&words, state.updates.hook_mut()) {
                hook.failure = Some((now, words.clone()));
            }
        }
        let line = format!("update {id} {}", words.as_deref().unwrap_or("is taken"));
        self.record("brought", line, json!({ "update_id": id, "status": status }));
        self.stirred.send_modify(|count| *count += 1);
    }
}

/// The queue of an update: what happens in one chat comes in its order.
pub(super) fn queue(update: &Value) -> Option<i64> {
    let of = |kind: &Value| kind.pointer("/chat/id").or_else(|| kind.pointer("/message/chat/id"))?.as_i64();
    update.as_object()?.values().find_map(of)
}
