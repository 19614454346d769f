//! Commands: names, sizes, order and counts.

use serde_json::Value;

use super::message::utf16;
use super::{Field, Flaws, Want, step};

/// All names, descriptions and values of one command together.
const TOGETHER: usize = 8000;
/// How many of each type: slash, user, message.
const MOST: [(u64, usize); 3] = [(1, 100), (2, 15), (3, 15)];

const COMMAND: &[Field] = &[
    Field("id", Want::Id),
    Field("type", Want::Int),
    Field("name", Want::Text(1, 32)),
    Field("name_localizations", Want::Languages(32)),
    Field("description", Want::Text(0, 100)),
    Field("description_localizations", Want::Languages(100)),
    Field("options", Want::List(25, &Want::Any)),
    Field("default_member_permissions", Want::TextOrInt(20)),
    Field("dm_permission", Want::Flag),
    Field("default_permission", Want::Flag),
    Field("integration_types", Want::List(2, &Want::Int)),
    Field("contexts", Want::List(3, &Want::Int)),
    Field("nsfw", Want::Flag),
    Field("handler", Want::Int),
];
const OPTION: &[Field] = &[
    Field("type", Want::Int),
    Field("name", Want::Text(1, 32)),
    Field("name_localizations", Want::Languages(32)),
    Field("description", Want::Text(1, 100)),
    Field("description_localizations", Want::Languages(100)),
    Field("required", Want::Flag),
    Field(
        "choices",
        Want::List(
            25,
            &Want::Object(&[
                Field("name", Want::Text(1, 100)),
                Field("name_localizations", Want::Languages(100)),
                Field("value", Want::Any),
            ]),
        ),
    ),
    Field("options", Want::List(25, &Want::Any)),
    Field("channel_types", Want::List(20, &Want::Int)),
    Field("min_value", Want::Any),
    Field("max_value", Want::Any),
    Field("min_length", Want::Int),
    Field("max_length", Want::Int),
    Field("autocomplete", Want::Flag),
    Field("file_types", Want::List(10, &Want::Text(1, 20))),
];

/// Finds everything that is wrong with a list of commands.
pub(in crate::sandbox::discord) fn check_commands(flaws: &mut Flaws, body: &Value) {
    let Some(commands) = body.as_array() else {
        flaws.add("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
        return;
    };
    for (at, command) in commands.iter().enumerate() {
        check_command(flaws, command, &at.to_string());
        let same = |other: &&Value| other["name"] == command["name"] && kind(other) == kind(command);
        if commands[..at].iter().any(|other| same(&other)) {
            let words = "Application command names must be unique";
            flaws.add(&at.to_string(), "APPLICATION_COMMANDS_DUPLICATE_NAME", words);
        }
    }
    for (number, most) in MOST {
        if commands.iter().filter(|command| kind(command) == number).count() > most {
            let words = format!("Maximum number of application commands reached ({most}).");
            flaws.add("", "APPLICATION_COMMANDS_MAX", words);
        }
    }
}

fn kind(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(1)
}

fn check_command(flaws: &mut Flaws, command: &Value, path: &str) {
    if flaws.object(command, COMMAND, path).is_none() {
        return;
    }
    if command["name"].is_null() {
        flaws.missing(&step(path, "name"));
    }
    let described = command["description"].as_str().is_some_and(|text| !text.is_empty());
    if kind(command) == 1 {
        check_name(flaws, command, path);
        if !described {
            flaws.missing(&step(path, "description"));
        }
        check_options(flaws, command, path);
    } else {
        if described {
            let words = "Context menu commands cannot have description";
            flaws.add(&step(path, "description"), "APPLICATION_COMMANDS_DESCRIPTION", words);
        }
        if command["options"].as_array().is_some_and(|options| !options.is_empty()) {
            let words = "Context menu commands cannot have options";
            flaws.add(&step(path, "options"), "APPLICATION_COMMANDS_OPTIONS", words);
        }
    }
    if size(command) > TOGETHER {
        let words = format!("Command exceeds maximum size ({TOGETHER})");
        flaws.add(path, "APPLICATION_COMMAND_TOO_LARGE", words);
    }
}

fn check_options(flaws: &mut Flaws, holder: &Value, path: &str) {
    let mut optional = false;
    let options = holder["options"].as_array().map_or(&[][..], Vec::as_slice);
    for (at, option) in options.iter().enumerate() {
        let here = step(path, &format!("options.{at}"));
        if flaws.object(option, OPTION, &here).is_none() {
            continue;
        }
        for name in ["type", "name", "description"] {
            if option[name].is_null() {
                flaws.missing(&step(&here, name));
            }
        }
        check_name(flaws, option, &here);
        let required = option["required"] == true;
        if required && optional {
            let words = "Required options must be placed before non-required options";
            flaws.add(&here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words);
        }
        optional |= !required;
        if options[..at].iter().any(|other| other["name"] == option["name"]) {
            flaws.add(&here, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name must be unique");
        }
        check_options(flaws, option, &here);
    }
}

/// Lower case letters and digits of any script, `-`, `_` and `'`.
fn check_name(flaws: &mut Flaws, thing: &Value, path: &str) {
    let others = thing["name_localizations"].as_object().into_iter().flatten();
    let own = [("name".to_owned(), &thing["name"])].into_iter();
    for (place, name) in own.chain(others.map(|(language, name)| (format!("name_localizations.{language}"), name))) {
        let Some(name) = name.as_str() else { continue };
        // Devanagari and Thai vowel signs count as letters.
        let fits = |c: char| {
            c.is_alphanumeric() || "-_'".contains(c) || matches!(c, '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}')
        };
        if !name.chars().all(fits) || name.to_lowercase() != name {
            let words = "Command name is invalid";
            flaws.add(&step(path, &place), "APPLICATION_COMMAND_INVALID_NAME", words);
        }
    }
}

/// The longest form of each text counts.
fn size(thing: &Value) -> usize {
    let longest = |field: &str| {
        let forms = thing[format!("{field}_localizations")].as_object().into_iter().flatten().map(|(_, text)| text);
        forms.chain([&thing[field]]).map(|text| text.as_str().map_or(0, utf16)).max().unwrap_or_default()
    };
    let inside = ["options", "choices"].into_iter().flat_map(|list| thing[list].as_array().into_iter().flatten());
    longest("name")
        + longest("description")
        + thing["value"].as_str().map_or(0, utf16)
        + inside.map(size).sum::<usize>()
}
