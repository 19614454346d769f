//! Names and types of parameters, checked against the description of the Bot API (see `data/README.md`).
//!
//! The real server ignores parameters that it does not know. Here they are found, so that a test notices a name that
//! does nothing.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// How much worse a wrong discriminator is than any wrong field: the member of a union was not meant at all.
const OTHER_MEMBER: usize = 50;

/// The methods and types of the Bot API.
#[derive(Debug, Deserialize)]
pub(super) struct Schema {
    methods: HashMap<String, Object>,
    types: HashMap<String, Object>,
    /// Emoji that `setMessageReaction` takes.
    #[serde(default)]
    pub(super) reactions: Vec<String>,
    /// Kinds that `allowed_updates` may name.
    #[serde(default)]
    pub(super) update_kinds: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Object {
    #[serde(default)]
    fields: Vec<Field>,
    #[serde(default)]
    subtypes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Field {
    name: String,
    types: Vec<String>,
    required: bool,
    /// The one value of a discriminator.
    #[serde(default)]
    always: Option<String>,
}

/// Something that does not agree with the description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// A name that the method or object does not have; the path to it.
    Unknown(String),
    /// A required field that is absent.
    Missing { path: String, field: String, parameter: bool },
    /// A value of none of the allowed types.
    Wrong { path: String, field: String, kind: String },
}

impl Finding {
    /// The answer of the real server, as far as it has one.
    pub(super) fn refusal(&self) -> Refusal {
        match self {
            Self::Unknown(path) => Refusal::bad(format!("unknown parameter {path} (the emulator is stricter)")),
            Self::Missing { field, parameter: true, .. } => Refusal::bad(match field.as_str() {
                "chat_id" => "chat_id is empty".to_owned(),
                "text" => "message text is empty".to_owned(),
                "message_id" => "message identifier is not specified".to_owned(),
                "file_id" => "file_id not specified".to_owned(),
                "video" | "document" | "photo" => format!("there is no {field} in the request"),
                _ => format!("parameter \"{field}\" is required"),
            }),
            Self::Missing { field, .. } => Refusal::bad(format!("can't find field \"{field}\"")),
            Self::Wrong { field, kind, .. } => {
                Refusal::bad(format!("field \"{field}\" must be of type {}", plain_kind(kind)))
            }
        }
    }
}

impl Schema {
    /// Reads a description; see `scripts/reduce-telegram-api.py` for its layout.
    pub(super) fn read(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The method as it is spelled in the documentation. The server compares without regard to case.
    pub(super) fn method(&self, name: &str) -> Option<&str> {
        self.methods.keys().find(|known| known.eq_ignore_ascii_case(name)).map(String::as_str)
    }

    /// Parameters of a form arrive as text: JSON where the method wants something else than text.
    pub(super) fn decode(&self, method: &str, parameters: &mut Map<String, Value>) {
        let Some(object) = self.methods.get(method) else { return };
        for field in &object.fields {
            if field.types.iter().any(|kind| kind == "String" || kind == "InputFile") {
                continue;
            }
            if let Some(Value::String(text)) = parameters.get(&field.name)
                && let Ok(value) = serde_json::from_str(text)
            {
                parameters.insert(field.name.clone(), value);
            }
        }
    }

    /// Everything that is wrong with the parameters of a call. `parts` names the file parts that came with it.
    pub(super) fn check_call(
        &self,
        method: &str,
        parameters: &Map<String, Value>,
        parts: &BTreeMap<String, super::call::Uploaded>,
    ) -> Vec<Finding> {
        let Some(object) = self.methods.get(method) else {
            return vec![Finding::Unknown(method.to_owned())];
        };
        self.check_fields(parameters, &object.fields, method, &|name| parts.contains_key(name), true)
    }

    /// Everything that is wrong with a value that should be of type `kind`.
    #[cfg(test)]
    pub(super) fn check(&self, value: &Value, kind: &str) -> Vec<Finding> {
        self.check_value(value, &[kind.to_owned()], kind, kind)
    }

    fn check_fields(
        &self,
        object: &Map<String, Value>,
        fields: &[Field],
        path: &str,
        is_part: &dyn Fn(&str) -> bool,
        parameter: bool,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        for (name, value) in object {
            match fields.iter().find(|field| field.name == *name) {
                Some(field) => found.extend(self.check_value(value, &field.types, &format!("{path}.{name}"), name)),
                None => found.push(Finding::Unknown(format!("{path}.{name}"))),
            }
        }
        for field in fields.iter().filter(|field| field.required) {
            if !object.contains_key(&field.name) && !is_part(&field.name) {
                found.push(Finding::Missing { path: path.to_owned(), field: field.name.clone(), parameter });
            }
        }
        found
    }

    /// Of several allowed types the one that fits best is reported.
    fn check_value(&self, value: &Value, kinds: &[String], path: &str, field: &str) -> Vec<Finding> {
        if let Value::Array(items) = value {
            let of: Vec<String> =
                kinds.iter().filter_map(|kind| kind.strip_prefix("Array of ")).map(str::to_owned).collect();
            if !of.is_empty() {
                return items
                    .iter()
                    .enumerate()
                    .flat_map(|(at, item)| self.check_value(item, &of, &format!("{path}[{at}]"), field))
                    .collect();
            }
        }
        let mut best: Option<(usize, Vec<Finding>)> = None;
        for kind in self.members(kinds) {
            let (cost, found) = self.check_kind(value, &kind, path, field);
            if found.is_empty() {
                return found;
            }
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, found));
            }
        }
        best.map_or_else(Vec::new, |(_, found)| found)
    }

    /// Unions replaced by their members.
    fn members(&self, kinds: &[String]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut todo: Vec<String> = kinds.iter().rev().cloned().collect();
        while let Some(kind) = todo.pop() {
            match self.types.get(&kind) {
                Some(union) if union.fields.is_empty() && !union.subtypes.is_empty() => {
                    let new = union.subtypes.iter().filter(|member| !out.contains(member) && !todo.contains(member));
                    let new: Vec<String> = new.rev().cloned().collect();
                    todo.extend(new);
                }
                _ if !out.contains(&kind) => out.push(kind),
                _ => {}
            }
        }
        out
    }

    /// What is wrong, and how far the value is from the type.
    fn check_kind(&self, value: &Value, kind: &str, path: &str, field: &str) -> (usize, Vec<Finding>) {
        let wrong = || vec![Finding::Wrong { path: path.to_owned(), field: field.to_owned(), kind: kind.to_owned() }];
        let fits = match kind {
            "Integer" => Some(value.is_i64() || value.is_u64()),
            "Float" => Some(value.is_number()),
            "String" | "InputFile" => Some(value.is_string()),
            "Boolean" => Some(value.is_boolean()),
            "True" => Some(*value == Value::Bool(true)),
            _ => None,
        };
        match (fits, self.types.get(kind), value) {
            (Some(true), _, _) => (0, Vec::new()),
            (None, Some(object), Value::Object(fields)) => {
                let other = object.fields.iter().any(|field| {
                    let given = fields.get(&field.name).and_then(Value::as_str);
                    field.always.as_deref().zip(given).is_some_and(|(always, given)| always != given)
                });
                if other {
                    return (OTHER_MEMBER, wrong());
                }
                let found = self.check_fields(fields, &object.fields, path, &|_| false, false);
                (found.len(), found)
            }
            _ => (if kind.starts_with("Array of ") { 3 } else { 1 }, wrong()),
        }
    }
}

/// The server's word for a type.
fn plain_kind(kind: &str) -> &str {
    match kind {
        "Integer" | "Float" => "Number",
        "True" => "Boolean",
        "String" | "Boolean" => kind,
        "InputFile" => "String",
        _ if kind.starts_with("Array of ") => "Array",
        _ => "Object",
    }
}
