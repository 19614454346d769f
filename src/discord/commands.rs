//! Slash commands and the message command, registered where they differ from what they should be.
//!
//! They are compared first: a start that changes nothing sends nothing.

use serde_json::{Map, Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::ApplicationId;
use tracing::{info, warn};

use super::api::Api;
use super::error::CallError;
use super::interaction::{GENERATE, MANAGE_CHANNELS};
use super::place::Snowflake;
use crate::chat::command::Command;
use crate::language::Language;
use crate::say::{self, LANGUAGES};

/// Types of commands and options. Source: Discord's API reference, "Application Commands".
const CHAT_INPUT: u64 = 1;
const MESSAGE: u64 = 3;
const STRING: u64 = 3;
const ATTACHMENT: u64 = 11;
/// A token is longer than any other text that is typed. Discord allows 6000.
const TOKEN_LETTERS: u64 = 4096;
/// What is compared; Discord adds ids, versions and defaults of its own.
const COMPARED: [&str; 9] = [
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "type",
    "options",
    "default_member_permissions",
    "integration_types",
    "contexts",
];
const COMPARED_IN_OPTIONS: [&str; 8] =
    ["name", "description", "description_localizations", "type", "required", "choices", "max_length", "file_types"];

/// Registers the commands unless they are as they should be. They are a convenience: failure is logged, and the bot
/// goes on.
pub(super) async fn install(api: &Api, application: Snowflake) {
    match install_if_other(api, application).await {
        Ok(true) => info!("The commands on Discord were changed and are registered anew"),
        Ok(false) => {}
        Err(error) => warn!(%error, "The commands on Discord could not be registered"),
    }
}

async fn install_if_other(api: &Api, application: Snowflake) -> Result<bool, CallError> {
    let route = || Route::Commands { application_id: ApplicationId::new(application) };
    let query = vec![("with_localizations", "true".to_owned())];
    let present: Vec<Value> = api.ask(LightMethod::Get, route(), None, Some(query)).await?;
    let wanted = all();
    if same(&present, &wanted) {
        return Ok(false);
    }
    api.call::<Value>(LightMethod::Put, route(), Some(&Value::Array(wanted))).await?;
    Ok(true)
}

/// Whether Discord has these commands, in any order.
fn same(present: &[Value], wanted: &[Value]) -> bool {
    let sorted = |commands: &[Value]| {
        let mut commands: Vec<Value> = commands.iter().map(compared).collect();
        commands.sort_by_key(|command| format!("{}{}", command["type"], command["name"]));
        commands
    };
    sorted(present) == sorted(wanted)
}

/// The parts that count, without those that say nothing.
fn compared(command: &Value) -> Value {
    let mut kept = only(command, &COMPARED);
    if let Some(Value::Array(options)) = kept.get_mut("options") {
        for option in options {
            *option = Value::Object(only(option, &COMPARED_IN_OPTIONS));
        }
    }
    Value::Object(kept)
}

fn only(value: &Value, fields: &[&str]) -> Map<String, Value> {
    let says_nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    };
    let told = |field: &str| value.get(field).filter(|told| !says_nothing(told)).cloned();
    fields.iter().filter_map(|field| Some(((*field).to_owned(), told(field)?))).collect()
}

/// All commands as Discord wants them.
fn all() -> Vec<Value> {
    let slash = Command::ALL.into_iter().map(slash);
    let generate = json!({
        "type": MESSAGE,
        "name": GENERATE,
        "name_localizations": localized(say::message_command),
        "integration_types": [0, 1],
        "contexts": [0, 1, 2],
    });
    slash.chain([generate]).collect()
}

fn slash(command: Command) -> Value {
    let mut whole = json!({
        "type": CHAT_INPUT,
        "name": command.name(),
        "description": say::describe(command, &LANGUAGES[0]),
        "description_localizations": localized(|language| say::describe(command, language)),
        "integration_types": [0, 1],
        "contexts": [0, 1, 2],
    });
    let options = match command {
        Command::Upload => vec![
            // The client offers only videos; what is chosen is still looked at.
            option("clip", ATTACHMENT, &[("file_types", json!(["video"]))]),
            option("link", STRING, &[]),
        ],
        Command::Connect => vec![option("token", STRING, &[("max_length", json!(TOKEN_LETTERS))])],
        Command::Language => {
            let choices: Vec<_> =
                LANGUAGES.iter().map(|spoken| json!({"name": spoken.own_name(), "value": spoken.tag()})).collect();
            vec![option("language", STRING, &[("choices", json!(choices))])]
        }
        Command::Clips => {
            // Only in servers, and shown only to who may manage channels; whoever uses it is looked at again.
            whole["default_member_permissions"] = MANAGE_CHANNELS.to_string().into();
            whole["integration_types"] = json!([0]);
            whole["contexts"] = json!([0]);
            let choices = json!([{"name": "on", "value": "on"}, {"name": "off", "value": "off"}]);
            vec![option("state", STRING, &[("choices", choices)])]
        }
        _ => Vec::new(),
    };
    if !options.is_empty() {
        whole["options"] = Value::Array(options);
    }
    whole
}

fn option(name: &str, kind: u64, more: &[(&str, Value)]) -> Value {
    let mut whole = json!({
        "type": kind,
        "name": name,
        "description": say::describe_option(name, &LANGUAGES[0]),
        "description_localizations": localized(|language| say::describe_option(name, language)),
    });
    for (field, value) in more {
        whole[*field] = value.clone();
    }
    whole
}

/// A text in every language but the first, under the names that Discord has for them.
fn localized(text: impl Fn(&Language) -> String) -> Value {
    let mut all = Map::new();
    for language in &LANGUAGES[1..] {
        for locale in locales(language) {
            all.insert((*locale).to_owned(), text(language).into());
        }
    }
    Value::Object(all)
}

/// Discord's names of a language. Source: Discord's API reference, "Locales".
fn locales(language: &Language) -> &'static [&'static str] {
    match language.tag() {
        "zh-Hans" => &["zh-CN"],
        "zh-Hant" => &["zh-TW"],
        "es" => &["es-ES", "es-419"],
        "pt-BR" => &["pt-BR"],
        "ja" => &["ja"],
        "ko" => &["ko"],
        "de" => &["de"],
        "fr" => &["fr"],
        "ru" => &["ru"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_discord_gives_back_with_its_own_additions_is_the_same() {
        let mut present = all();
        present.reverse();
        for (number, command) in present.iter_mut().enumerate() {
            command["id"] = number.to_string().into();
            command["version"] = "9".into();
            command["nsfw"] = false.into();
            command["default_member_permissions"] = command["default_member_permissions"].take();
            if command["type"] == 3 {
                command["description"] = "".into();
            }
        }
        assert!(same(&present, &all()));
        present[3]["description"] = "other".into();
        assert!(!same(&present, &all()));
        assert!(!same(&present[1..], &all()));
    }

    #[test]
    fn every_language_but_the_first_has_a_name_at_discord() {
        for language in &LANGUAGES[1..] {
            assert!(!locales(language).is_empty(), "{}", language.tag());
        }
    }

    #[test]
    fn no_command_is_longer_than_discord_takes() {
        for command in all() {
            let longest = |field: &str| -> usize {
                let localized = command[format!("{field}_localizations")].as_object();
                let other =
                    localized.into_iter().flatten().filter_map(|(_, text)| Some(text.as_str()?.chars().count()));
                other.chain([command[field].as_str().unwrap_or_default().chars().count()]).max().unwrap()
            };
            assert!(longest("name") <= 32 && longest("description") <= 100, "{command}");
            assert!(command["type"] == MESSAGE || longest("description") >= 1, "{command}");
        }
    }
}
