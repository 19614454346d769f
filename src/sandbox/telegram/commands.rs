//! The command menus, by scope and language.

use serde_json::{Value, json};

use super::call::Call;
use super::refusal::Refusal;
use super::text::utf16;
use super::{Shared, State};

/// More commands than this are refused.
const COMMANDS: usize = 100;

impl Shared {
    /// `setMyCommands`.
    pub(super) fn set_commands(&self, call: &Call) -> Result<Value, Refusal> {
        let commands = call.list("commands").cloned().unwrap_or_default();
        if commands.len() > COMMANDS {
            return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
        }
        for command in &commands {
            let name = command["command"].as_str().unwrap_or_default();
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if !(1..=32).contains(&name.len()) || !name.bytes().all(plain) {
                return Err(Refusal::bad("BOT_COMMAND_INVALID"));
            }
            if !(1..=256).contains(&utf16(command["description"].as_str().unwrap_or_default())) {
                return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
            }
        }
        let key = key(call)?;
        let mut state = self.state();
        if commands.is_empty() {
            state.commands.remove(&key);
        } else {
            state.commands.insert(key, commands);
        }
        drop(state);
        self.changed();
        self.record_call(call);
        Ok(json!(true))
    }

    /// `getMyCommands`: exactly what was set for this scope and language, without falling back.
    pub(super) fn get_commands(&self, call: &Call) -> Result<Value, Refusal> {
        let key = key(call)?;
        Ok(json!(self.state().commands.get(&key).cloned().unwrap_or_default()))
    }

    /// `deleteMyCommands`.
    pub(super) fn delete_commands(&self, call: &Call) -> Result<Value, Refusal> {
        let key = key(call)?;
        self.state().commands.remove(&key);
        self.changed();
        self.record_call(call);
        Ok(json!(true))
    }
}

impl State {
    /// The menu of a private chat for somebody with this language: the narrower scope wins, then the language.
    pub(super) fn menu(&self, language: &str) -> Vec<(String, String)> {
        // Telegram compares two letters.
        let language: String = language.chars().take(2).collect();
        let scopes = ["all_private_chats", "default"].map(|scope| json!({ "type": scope }).to_string());
        let found = scopes.iter().flat_map(|scope| [&language[..], ""].map(|language| (scope, language)));
        let commands =
            found.into_iter().find_map(|(scope, language)| self.commands.get(&(scope.clone(), language.to_owned())));
        let field = |command: &Value, name: &str| command[name].as_str().unwrap_or_default().to_owned();
        let pair = |command: &Value| (field(command, "command"), field(command, "description"));
        commands.map_or_else(Vec::new, |commands| commands.iter().map(pair).collect())
    }
}

fn key(call: &Call) -> Result<(String, String), Refusal> {
    let scope = call.parameters.get("scope").cloned().unwrap_or_else(|| json!({ "type": "default" }));
    let language = call.text("language_code").unwrap_or_default();
    let two_letters = language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase());
    if !language.is_empty() && !two_letters {
        return Err(Refusal::bad("invalid language code specified"));
    }
    Ok((scope.to_string(), language.to_owned()))
}
