//! Telegram: who is the bot there?

use secrecy::ExposeSecret;

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
        Ok(answer) if answer.json["ok"] == true => signed_in(settings, &answer),
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
