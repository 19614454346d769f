//! The bot's command menu, per language.

use serde_json::json;
use teloxide::types::BotCommand;
use tracing::warn;

use super::api::Api;
use super::error::CallError;

/// The commands for the users of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// A two-letter code (ISO 639-1), or nothing for all other languages.
    pub language: Option<String>,
    /// Each command without its slash, with its description (1 to 256 characters).
    pub commands: Vec<(String, String)>,
}

/// Sets each menu that is not as it should be. A menu is a convenience: failure is logged, and the bot goes on.
pub(super) async fn install(api: &Api, menus: &[Menu]) {
    for menu in menus {
        if let Err(error) = install_one(api, menu).await {
            warn!(%error, language = menu.language, "The command menu could not be set");
        }
    }
}

async fn install_one(api: &Api, menu: &Menu) -> Result<(), CallError> {
    let wanted: Vec<BotCommand> =
        menu.commands.iter().map(|(name, description)| BotCommand::new(name, description)).collect();
    let mut body = json!({});
    if let Some(language) = &menu.language {
        body["language_code"] = language.as_str().into();
    }
    let present: Vec<BotCommand> = api.call("getMyCommands", &body).await?;
    if present == wanted {
        return Ok(());
    }
    body["commands"] = json!(wanted);
    api.call::<bool>("setMyCommands", &body).await.map(drop)
}
