//! Discord: who is the bot there, and may it read what is posted?

use secrecy::ExposeSecret;

use super::ask::{Answer, Asker, quoted};
use super::{Finding, State};
use crate::settings::{Discord, MessageContent};

const SERVICE: &str = "discord";
/// The application may read messages: verified for it, or granted to a bot in less than a hundred servers. Source: API
/// reference, "Application Flags".
const MESSAGE_CONTENT: u64 = 1 << 18 | 1 << 19;

pub(super) async fn probe(settings: &Discord) -> Finding {
    let Some(token) = &settings.token else {
        return Finding::new(SERVICE, State::Off, "no token; DISCORD_TOKEN sets one");
    };
    let base = settings.api_url.as_ref().map_or("https://discord.com", |url| url.as_str().trim_end_matches('/'));
    let bot = format!("Bot {}", token.expose_secret());
    let asker = settings.api_url.as_ref().map_or_else(Asker::of_the_world, Asker::of);
    let answer = match asker {
        Ok(asker) => asker.get(&format!("{base}/api/v10/applications/@me"), &[("authorization", &bot)]).await,
        Err(reason) => Err(reason),
    };
    let (state, detail) = match answer {
        Ok(answer) if answer.status.is_success() => signed_in(settings, &answer),
        Ok(answer) => {
            let said = quoted(answer.json["message"].as_str().unwrap_or_default(), Some(token));
            match answer.status.as_u16() {
                401 => (State::Fail, format!("Discord refuses the token ({said}). Check DISCORD_TOKEN.")),
                status => (State::Fail, format!("Discord answers {status} {said}. Check discord.api_url.")),
            }
        }
        Err(reason) => (State::Fail, format!("Discord cannot be reached: {reason}. Check discord.api_url.")),
    };
    Finding::new(SERVICE, state, detail)
}

fn signed_in(settings: &Discord, answer: &Answer) -> (State, String) {
    let me = &answer.json;
    let name = me["bot"]["username"].as_str().or(me["name"].as_str()).unwrap_or("a bot without a name");
    let name = quoted(name, settings.token.as_ref());
    let granted = me["flags"].as_u64().unwrap_or_default() & MESSAGE_CONTENT != 0;
    let fix = "Developer Portal → Bot → switch it on";
    match (settings.message_content, granted) {
        (MessageContent::Off, _) => {
            (State::Fine, format!("{name}. Ordinary messages are not read: clip channels are off"))
        }
        (_, true) => (State::Fine, format!("{name}. MESSAGE CONTENT INTENT is on: clip channels work")),
        (MessageContent::Auto, false) => (
            State::Warn,
            format!(
                "{name}. MESSAGE CONTENT INTENT is off, so clip channels are off. To use them: {fix}; or set \
                 discord.message_content = \"off\""
            ),
        ),
        (MessageContent::On, false) => (
            State::Fail,
            format!(
                "{name}. MESSAGE CONTENT INTENT is off and discord.message_content is \"on\": {fix}, or set \"auto\""
            ),
        ),
    }
}
