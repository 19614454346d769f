//! The application: itself, its way to the gateway, its commands.

use serde_json::{Value, json};

use super::Shared;
use super::answer::Answer;
use super::call::Call;
use super::messages::number;
use super::refusal::{MISSING_ACCESS, Refusal, UNKNOWN_APPLICATION};
use super::sessions::IDENTIFIES;
use super::strict::{Flaws, check_commands};

/// Flag of an application with the message content intent, in fewer than 100 servers.
const CONTENT_LIMITED: u64 = 1 << 19;
/// Fields of options that Discord drops where they say nothing.
const OPTION_LISTS: [&str; 3] = ["choices", "options", "channel_types"];

impl Shared {
    pub(super) fn gateway_bot(&self) -> Answer {
        let (left, wait) = self.state().sessions.left();
        Answer::Json(
            200,
            json!({
                "url": self.gateway_url(),
                "shards": 1,
                "session_start_limit": {
                    "total": IDENTIFIES,
                    "remaining": left,
                    "reset_after": u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                    "max_concurrency": 1,
                },
            }),
        )
    }

    pub(super) fn application_flags(&self) -> u64 {
        if self.reads_content() { CONTENT_LIMITED } else { 0 }
    }

    pub(super) fn application(&self) -> Value {
        let state = self.state();
        let id = self.settings.application.to_string();
        let servers = state.guilds.values().filter(|guild| guild.has_bot).count();
        let mut owner = self.user(&state, 1);
        owner["username"] = json!("owner");
        let mut wire = json!({
            "id": id,
            "name": self.settings.name,
            "description": "",
            "verify_key": "0".repeat(64),
            "flags": self.application_flags(),
            "flags_new": self.application_flags().to_string(),
            "redirect_uris": [],
            "owner": owner,
            "approximate_guild_count": servers,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
            "bot_public": true,
            "bot_require_code_grant": false,
            "integration_types_config": { "0": {}, "1": {} },
            "bot": self.user(&state, self.settings.application),
        });
        for absent in ["icon", "type", "interactions_endpoint_url", "role_connections_verification_url", "team"] {
            wire[absent] = Value::Null;
        }
        self.add_novelty(&mut wire);
        wire
    }

    pub(super) fn commands(&self, call: &Call) -> Result<Answer, Refusal> {
        self.check_application(call)?;
        let mut commands = self.state().commands.clone();
        if !call.asks("with_localizations") {
            commands.iter_mut().for_each(forget_languages);
        }
        self.record_call(call, &format!("{} commands", commands.len()));
        Ok(Answer::Json(200, Value::Array(commands)))
    }

    /// Sets all commands; those whose name and type stay keep their id.
    pub(super) fn put_commands(&self, call: &Call) -> Result<Answer, Refusal> {
        self.check_application(call)?;
        let mut flaws = Flaws::default();
        check_commands(&mut flaws, &call.body);
        self.judge(&flaws.0)?;
        let now_ms = self.clock.now().as_millis();
        let mut state = self.state();
        let mut commands = Vec::new();
        for sent in call.body.as_array().into_iter().flatten() {
            let kind = sent["type"].as_u64().unwrap_or(1);
            let known = state.commands.iter().find(|old| old["type"] == kind && old["name"] == sent["name"]);
            let known = known.map(|old| old["id"].clone());
            let id = known.unwrap_or_else(|| json!(state.next_id(now_ms).to_string()));
            let version = state.next_id(now_ms).to_string();
            let or =
                |name: &str, other: Value| sent.get(name).filter(|value| !value.is_null()).cloned().unwrap_or(other);
            let mut command = json!({
                "id": id,
                "application_id": self.settings.application.to_string(),
                "version": version,
                "default_member_permissions": or("default_member_permissions", Value::Null),
                "type": kind,
                "name": sent["name"],
                "name_localizations": languages(&sent["name_localizations"]),
                "description": or("description", json!("")),
                "description_localizations": languages(&sent["description_localizations"]),
                "dm_permission": or("dm_permission", json!(true)),
                "contexts": or("contexts", Value::Null),
                "integration_types": or("integration_types", json!([0])),
                "nsfw": or("nsfw", json!(false)),
            });
            let options: Vec<_> = sent["options"].as_array().into_iter().flatten().map(option).collect();
            if !options.is_empty() {
                command["options"] = json!(options);
            }
            commands.push(command);
        }
        state.commands.clone_from(&commands);
        drop(state);
        self.changed();
        self.record_call(call, &format!("{} commands", commands.len()));
        Ok(Answer::Json(200, Value::Array(commands)))
    }

    fn check_application(&self, call: &Call) -> Result<(), Refusal> {
        match call.id(0)? {
            id if id == self.settings.application => Ok(()),
            id if number(&json!(id)).is_none() => Err(UNKNOWN_APPLICATION.into()),
            _ => Err(MISSING_ACCESS.into()),
        }
    }
}

/// Texts by language; none is null.
fn languages(sent: &Value) -> Value {
    match sent.as_object() {
        Some(texts) if !texts.is_empty() => sent.clone(),
        _ => Value::Null,
    }
}

fn option(sent: &Value) -> Value {
    let mut option = sent.clone();
    let Some(fields) = option.as_object_mut() else { return option };
    fields.retain(|name, value| {
        let says_nothing = value.is_null() || *value == false || value.as_array().is_some_and(Vec::is_empty);
        name == "autocomplete" && *value == true || !says_nothing
    });
    for list in OPTION_LISTS {
        if let Some(Value::Array(items)) = fields.get_mut(list) {
            items.iter_mut().filter(|item| item.is_object()).for_each(|item| *item = self::option(item));
        }
    }
    for name in ["name_localizations", "description_localizations"] {
        if let Some(texts) = fields.get_mut(name) {
            *texts = languages(texts);
        }
    }
    option
}

/// Without `with_localizations` a list of commands tells no other languages.
fn forget_languages(thing: &mut Value) {
    if let Some(fields) = thing.as_object_mut() {
        fields.shift_remove("name_localizations");
        fields.shift_remove("description_localizations");
        for list in OPTION_LISTS {
            fields.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().for_each(forget_languages);
        }
    }
}
