//! Telegram: who is the bot there, and does it get on with the webhook?

use secrecy::ExposeSecret;
use url::Url;

use super::ask::{Answer, Asker, quoted};
use super::{Finding, State};
use crate::settings::Telegram;

const SERVICE: &str = "telegram";

pub(super) async fn probe(settings: &Telegram) -> Finding {
    let Some(token) = &settings.token else {
        return Finding::new(SERVICE, State::Off, "no token; TELEGRAM_BOT_TOKEN sets one");
    };
    let base = settings.api_url.as_str().trim_end_matches('/');
    let answer = match Asker::of(&settings.api_url) {
        Ok(asker) => asker.get(&format!("{base}/bot{}/getMe", token.expose_secret()), &[]).await,
        Err(reason) => Err(reason),
    };
    let (state, detail) = match answer {
        Ok(answer) if answer.json["ok"] == true => {
            let found = signed_in(settings, &answer);
            return webhook(settings, base, found).await;
        }
        Ok(answer) => {
            let words = answer.json["description"].as_str().unwrap_or_default();
            let said = quoted(words, Some(token));
            match answer.status.as_u16() {
                // What is not a token at all gets a 404.
                401 | 404 => (State::Fail, format!("Telegram refuses the token ({said}). Check TELEGRAM_BOT_TOKEN.")),
                status => (State::Fail, format!("Telegram answers {status} {said}. Check telegram.api_url.")),
            }
        }
        Err(reason) => (State::Fail, format!("Telegram cannot be reached: {reason}. Check telegram.api_url.")),
    };
    Finding::new(SERVICE, state, detail)
}

/// Looks at the webhook, where one is configured, and adds what is to be known of it.
async fn webhook(settings: &Telegram, base: &str, (state, detail): (State, String)) -> Finding {
    let (Some(url), Some(token)) = (&settings.webhook_url, &settings.token) else {
        return Finding::new(SERVICE, state, detail);
    };
    let address = format!("{base}/bot{}/getWebhookInfo", token.expose_secret());
    let asked = match Asker::of(&settings.api_url) {
        Ok(asker) => asker.get(&address, &[]).await,
        Err(reason) => Err(reason),
    };
    let (worse, more) = match asked {
        Ok(answer) if answer.json["ok"] == true => hooked(settings, url, &answer),
        Ok(answer) => (State::Warn, format!("Telegram does not tell of the webhook ({}).", answer.status.as_u16())),
        Err(reason) => (State::Warn, format!("Telegram does not tell of the webhook: {reason}.")),
    };
    let state = if worse == State::Fine { state } else { worse };
    Finding::new(SERVICE, state, format!("{detail} {more}"))
}

fn hooked(settings: &Telegram, url: &Url, answer: &Answer) -> (State, String) {
    let info = &answer.json["result"];
    let listen = settings.webhook_listen;
    let set = info["url"].as_str().and_then(|set| Url::parse(set).ok());
    if set.as_ref() != Some(url) {
        return (State::Fine, format!("The webhook is set when the bot starts, which listens at {listen}."));
    }
    let waiting = info["pending_update_count"].as_u64().unwrap_or_default();
    match info["last_error_message"].as_str() {
        Some(words) if waiting > 0 => {
            let said = quoted(words, settings.webhook_secret.as_ref());
            (
                State::Warn,
                format!(
                    "The webhook is set, and {waiting} updates wait; the last failure: {said}. Does the address lead to \
                     {listen}?"
                ),
            )
        }
        _ => (State::Fine, format!("The webhook is set and leads to {listen}; {waiting} updates wait.")),
    }
}

fn signed_in(settings: &Telegram, answer: &Answer) -> (State, String) {
    let me = &answer.json["result"];
    let name = quoted(me["username"].as_str().unwrap_or("a bot without a name"), settings.token.as_ref());
    if !settings.clip_chats.is_empty() && me["can_read_all_group_messages"] == false {
        let fix = "switch it off with BotFather (/setprivacy) or make the bot an administrator there";
        return (State::Warn, format!("@{name}; its privacy mode hides clips in telegram.clip_chats: {fix}"));
    }
    let limits = "No local Bot API server configured: downloads are limited to 20 MB, uploads to 50 MB.";
    (State::Fine, if settings.local_files { format!("@{name}") } else { format!("@{name}. {limits}") })
}
