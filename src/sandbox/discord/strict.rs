//! Names, types and sizes in bodies.
//!
//! Discord ignores fields that it does not know. Here they are found, so that a test notices a name that does nothing.
//! The tables are written from Discord's documentation.

mod commands;
mod components;
mod message;

use serde_json::{Map, Value};

use super::refusal::Flaw;
use super::routes::Deed;

pub(super) use commands::check_commands;
pub(super) use components::{attachment_names, count as count_components, custom_ids};
pub(super) use message::{Purpose, check_message, utf16};

/// What a field may hold; null is always allowed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want {
    /// Text of this many UTF-16 units at least and at most.
    Text(usize, usize),
    Int,
    Flag,
    /// A snowflake, as text or as a number.
    Id,
    /// Text or a number.
    TextOrInt(usize),
    Any,
    Object(&'static [Field]),
    List(usize, &'static Want),
    /// Texts by language.
    Languages(usize),
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field(pub(super) &'static str, pub(super) Want);

/// What is wrong in a body, found step by step.
#[derive(Debug, Default)]
pub(super) struct Flaws(pub(super) Vec<Flaw>);

impl Flaws {
    pub(super) fn add(&mut self, path: &str, code: &str, message: impl Into<String>) {
        self.0.push(Flaw { path: path.to_owned(), code: code.to_owned(), message: message.into(), unknown: false });
    }

    fn unknown(&mut self, path: &str) {
        let (path, code) = (path.to_owned(), "UNKNOWN_FIELD".to_owned());
        let message = "No such field (the emulator is stricter).".to_owned();
        self.0.push(Flaw { path, code, message, unknown: true });
    }

    pub(super) fn missing(&mut self, path: &str) {
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    pub(super) fn length(&mut self, path: &str, least: usize, most: usize, has: usize) {
        if has > most && least == 0 {
            self.add(path, "BASE_TYPE_MAX_LENGTH", format!("Must be {most} or fewer in length."));
        } else if has < least || has > most {
            self.add(path, "BASE_TYPE_BAD_LENGTH", format!("Must be between {least} and {most} in length."));
        }
    }

    pub(super) fn object<'a>(
        &mut self,
        value: &'a Value,
        fields: &[Field],
        path: &str,
    ) -> Option<&'a Map<String, Value>> {
        let Some(object) = value.as_object() else {
            self.add(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
            return None;
        };
        for (name, value) in object {
            let here = step(path, name);
            match fields.iter().find(|field| field.0 == name) {
                Some(field) => self.value(value, field.1, &here),
                None => self.unknown(&here),
            }
        }
        Some(object)
    }

    pub(super) fn value(&mut self, value: &Value, want: Want, path: &str) {
        match (want, value) {
            (_, Value::Null) | (Want::Any, _) | (Want::Flag, Value::Bool(_)) => {}
            (Want::Text(least, most), Value::String(text)) => self.length(path, least, most, utf16(text)),
            (Want::TextOrInt(most), Value::String(text)) => self.length(path, 0, most, utf16(text)),
            (Want::Text(..), _) => self.add(path, "STRING_TYPE_CONVERT", "Could not interpret value as string."),
            (Want::Flag, _) => self.add(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false."),
            (Want::Int | Want::Id | Want::TextOrInt(_), Value::Number(number))
                if number.is_u64() || number.is_i64() => {}
            (Want::Id, Value::String(text)) if text.parse::<u64>().is_ok() => {}
            (Want::Int | Want::Id | Want::TextOrInt(_), _) => {
                self.add(path, "NUMBER_TYPE_COERCE", format!("Value {value} is not int."));
            }
            (Want::Object(fields), _) => drop(self.object(value, fields, path)),
            (Want::List(most, of), Value::Array(items)) => {
                self.length(path, 0, most, items.len());
                for (at, item) in items.iter().enumerate() {
                    self.value(item, *of, &step(path, &at.to_string()));
                }
            }
            (Want::List(..), _) => self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
            (Want::Languages(most), Value::Object(texts)) => {
                for (language, text) in texts {
                    let here = step(path, language);
                    if !LOCALES.contains(&language.as_str()) {
                        self.add(&here, "ENUM_TYPE_COERCE", format!("Value \"{language}\" is not a valid enum value."));
                    }
                    self.value(text, Want::Text(1, most), &here);
                }
            }
            (Want::Languages(_), _) => {
                self.add(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
            }
        }
    }
}

/// Discord's languages.
const LOCALES: &[&str] = &[
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko", "ar",
    "he",
];

/// A place one step further in.
pub(super) fn step(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

const THREAD: &[Field] = &[
    Field("name", Want::Text(1, 100)),
    Field("auto_archive_duration", Want::Int),
    Field("rate_limit_per_user", Want::Int),
    Field("type", Want::Int),
    Field("invitable", Want::Flag),
];
const CHANNEL: &[Field] = &[
    Field("name", Want::Text(1, 100)),
    Field("archived", Want::Flag),
    Field("locked", Want::Flag),
    Field("auto_archive_duration", Want::Int),
    Field("rate_limit_per_user", Want::Int),
];
const CALLBACK: &[Field] = &[Field("type", Want::Int), Field("data", Want::Any)];
const ADDRESSES: &[Field] = &[Field("attachment_urls", Want::List(50, &Want::Text(1, 2048)))];

/// Everything wrong with a body whose shape a table tells; messages, callbacks' data and commands are checked where
/// they are read.
pub(super) fn check_shape(deed: Deed, body: &Value) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    let (fields, required): (&[Field], &[&str]) = match deed {
        Deed::ThreadFromMessage | Deed::Thread => (THREAD, &["name"]),
        Deed::PatchChannel => (CHANNEL, &[]),
        Deed::OpenDm => (&[Field("recipient_id", Want::Id)], &["recipient_id"]),
        Deed::Callback => (CALLBACK, &["type"]),
        Deed::RefreshUrls => (ADDRESSES, &["attachment_urls"]),
        Deed::CreateMessage | Deed::EditMessage | Deed::FollowUp | Deed::EditAnswer | Deed::PutCommands => {
            return Vec::new();
        }
        _ => {
            // serenity writes an empty object where there is no body.
            if !body.is_null() && body.as_object().is_none_or(|fields| !fields.is_empty()) {
                flaws.unknown("body");
            }
            return flaws.0;
        }
    };
    if let Some(object) = flaws.object(body, fields, "") {
        for name in required {
            if object.get(*name).is_none_or(Value::is_null) {
                flaws.missing(name);
            }
        }
    }
    flaws.0
}
