//! Commands that people use, buttons that they press, words that they begin to type.

use std::io;

use serde_json::{Value, json};

use super::files::UserFile;
use super::interactions::{Act, COMMAND, COMPLETION, COMPONENT, FORM};
use super::message::EPHEMERAL;
use super::world::{Channel, Person, State};
use super::{DiscordEmulator, Shared};

/// Options of a command, by type.
const SUB_COMMAND: u64 = 1;
const ATTACHMENT: u64 = 11;
/// Types of commands.
const SLASH: u64 = 1;
const ON_MESSAGE: u64 = 3;

impl DiscordEmulator {
    /// Uses a slash command, with a file for its attachment option. Returns the interaction's id. Fails if the bot has
    /// registered no such command or option, or the file is too large.
    pub async fn uses(
        &self,
        who: &Person,
        channel: u64,
        command: &str,
        options: &[(&str, Value)],
        attachment: Option<UserFile>,
    ) -> io::Result<u64> {
        let file = match attachment {
            Some(file) => Some(self.shared.take_in(file).await?),
            None => None,
        };
        let now_ms = self.shared.clock.now().as_millis();
        let mut guard = self.shared.state();
        let state = &mut *guard;
        state.meet(who, channel);
        let known = state.command(SLASH, command).ok_or_else(|| missing(command))?;
        let mut data = begin(&known);
        let mut chosen = chosen(&known, options)?;
        if let Some(mut file) = file {
            let slot = known["options"].as_array().into_iter().flatten().find(|slot| slot["type"] == ATTACHMENT);
            let slot = slot.ok_or_else(|| missing("an attachment option"))?;
            file.id = state.next_id(now_ms);
            (file.channel, file.ephemeral) = (self.shared.settings.application, true);
            chosen.push(json!({ "name": slot["name"], "type": ATTACHMENT, "value": file.id.to_string() }));
            data["resolved"] = json!({ "attachments": self.shared.resolved_file(&file) });
            state.files.keep(file);
        }
        for slot in known["options"].as_array().into_iter().flatten().filter(|slot| slot["required"] == true) {
            if !chosen.iter().any(|option| option["name"] == slot["name"]) {
                return Err(missing(slot["name"].as_str().unwrap_or_default()));
            }
        }
        data["options"] = json!(chosen);
        let act = Act { kind: COMMAND, name: command, command: 1, message: None, data };
        self.shared.interact(state, who.id, channel, &act).ok_or_else(|| missing("the channel"))
    }

    /// Uses a command of the menu of a message. The message comes with it whole, whatever the bot may read. `None` if
    /// there is no such command or message.
    pub fn uses_on(&self, who: &Person, channel: u64, message: u64, command: &str) -> Option<u64> {
        let mut guard = self.shared.state();
        let state = &mut *guard;
        state.meet(who, channel);
        let known = state.command(ON_MESSAGE, command)?;
        let target = state.channels.get(&channel)?.messages.get(&message)?;
        let wire = self.shared.message(state, target);
        let mut data = begin(&known);
        data["target_id"] = json!(message.to_string());
        data["resolved"] = json!({ "messages": { message.to_string(): wire } });
        let act = Act { kind: COMMAND, name: command, command: 3, message: Some(message), data };
        self.shared.interact(state, who.id, channel, &act)
    }

    /// Presses a button, named by its label or its `custom_id`. `None` if the person sees no such button that can be
    /// pressed.
    pub fn presses(&self, who: &Person, channel: u64, message: u64, label_or_id: &str) -> Option<u64> {
        let mut guard = self.shared.state();
        let state = &mut *guard;
        let shown = self.shared.seen(state, who, channel, message)?;
        let mut buttons = shown.buttons.into_iter().flatten().filter(|button| !button.disabled);
        let fits = |button: &super::ShownButton| {
            button.text == label_or_id || button.custom_id.as_deref() == Some(label_or_id)
        };
        let id = buttons.find(|button| button.custom_id.is_some() && fits(button))?.custom_id?;
        state.meet(who, channel);
        let data = json!({ "component_type": 2, "custom_id": id, "id": component(state, channel, message, &id) });
        let act = Act { kind: COMPONENT, name: &id, command: 0, message: Some(message), data };
        self.shared.interact(state, who.id, channel, &act)
    }

    /// Picks values of a select menu. `None` if the person sees no such menu or value.
    pub fn picks(&self, who: &Person, channel: u64, message: u64, id: &str, values: &[&str]) -> Option<u64> {
        let mut guard = self.shared.state();
        let state = &mut *guard;
        let shown = self.shared.seen(state, who, channel, message)?;
        let menu = shown.selects.iter().find(|menu| menu["custom_id"] == id && menu["disabled"] != true)?;
        let has =
            |value: &&str| menu["options"].as_array().is_some_and(|all| all.iter().any(|one| one["value"] == **value));
        if !values.iter().all(has) {
            return None;
        }
        state.meet(who, channel);
        let data = json!({ "component_type": menu["type"], "custom_id": id, "id": menu["id"], "values": values });
        let act = Act { kind: COMPONENT, name: id, command: 0, message: Some(message), data };
        self.shared.interact(state, who.id, channel, &act)
    }

    /// Sends the form that an interaction opened, with these words in its fields. `None` if none opened.
    pub fn submits(&self, who: &Person, interaction: u64, words: &[(&str, &str)]) -> Option<u64> {
        let mut guard = self.shared.state();
        let state = &mut *guard;
        let opened = state.interactions.get(&interaction)?.clone();
        let id = opened.form.as_ref()?["custom_id"].as_str()?.to_owned();
        let field = |(id, value): &(&str, &str)| {
            let input = json!({ "type": 4, "id": 2, "custom_id": id, "value": value });
            json!({ "type": 1, "id": 1, "components": [input] })
        };
        let data = json!({ "custom_id": id, "components": words.iter().map(field).collect::<Vec<_>>() });
        let act = Act { kind: FORM, name: &id, command: 0, message: opened.message, data };
        self.shared.interact(state, who.id, opened.channel, &act)
    }

    /// Types in an option that completes itself. `None` if there is no such command or option.
    pub fn autocompletes(&self, who: &Person, channel: u64, command: &str, option: &str, typed: &str) -> Option<u64> {
        let mut guard = self.shared.state();
        let state = &mut *guard;
        state.meet(who, channel);
        let known = state.command(SLASH, command)?;
        let slot = known["options"].as_array()?.iter().find(|slot| slot["name"] == option)?;
        if slot["autocomplete"] != true {
            return None;
        }
        let mut data = begin(&known);
        data["options"] = json!([{ "name": option, "type": slot["type"], "value": typed, "focused": true }]);
        let act = Act { kind: COMPLETION, name: command, command: 1, message: None, data };
        self.shared.interact(state, who.id, channel, &act)
    }
}

impl Shared {
    /// A message as somebody sees it, if they do.
    fn seen(&self, state: &State, who: &Person, channel: u64, message: u64) -> Option<super::ShownMessage> {
        let message = state.channels.get(&channel)?.messages.get(&message)?;
        let visible = message.flags & EPHEMERAL == 0 || message.only_for == Some(who.id);
        visible.then(|| self.show(state, message))
    }
}

impl State {
    fn command(&self, kind: u64, name: &str) -> Option<Value> {
        self.commands.iter().find(|command| command["type"] == kind && command["name"] == name).cloned()
    }
}

fn missing(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("there is no {what}"))
}

fn begin(command: &Value) -> Value {
    json!({ "id": command["id"], "name": command["name"], "type": command["type"] })
}

/// The options as the bot gets them; a first option that is a subcommand takes the rest into itself.
fn chosen(command: &Value, options: &[(&str, Value)]) -> io::Result<Vec<Value>> {
    let slots = command["options"].as_array().map_or(&[][..], Vec::as_slice);
    if let Some(((name, _), rest)) = options.split_first()
        && let Some(sub) = slots.iter().find(|slot| slot["name"] == *name && slot["type"] == SUB_COMMAND)
    {
        return Ok(vec![json!({ "name": name, "type": SUB_COMMAND, "options": chosen(sub, rest)? })]);
    }
    let fill = |(name, value): &(&str, Value)| {
        let slot = slots.iter().find(|slot| slot["name"] == *name).ok_or_else(|| missing(name))?;
        let choices = slot["choices"].as_array().filter(|choices| !choices.is_empty());
        if choices.is_some_and(|choices| !choices.iter().any(|choice| choice["value"] == *value)) {
            return Err(missing(&format!("choice {value} of {name}")));
        }
        Ok(json!({ "name": name, "type": slot["type"], "value": value }))
    };
    options.iter().map(fill).collect()
}

/// The number of a button in its message.
fn component(state: &State, channel: u64, message: u64, id: &str) -> Value {
    fn find(parts: &Value, id: &str) -> Option<Value> {
        parts.as_array().into_iter().flatten().find_map(|part| {
            let here = (part["custom_id"] == id).then(|| part["id"].clone());
            let beside = (part["accessory"]["custom_id"] == id).then(|| part["accessory"]["id"].clone());
            here.or(beside).or_else(|| find(&part["components"], id))
        })
    }
    let parts = |at: &Channel| Some(json!(at.messages.get(&message)?.components));
    state.channels.get(&channel).and_then(parts).and_then(|parts| find(&parts, id)).unwrap_or(json!(1))
}
