//! Components: what each kind may hold, and where it may stand.

use serde_json::Value;

use super::message::utf16;
use super::{Field, Flaws, Want, step};

/// The code of too much text.
pub(super) const TEXT_DISPLAYS: &str = "COMPONENT_MAX_TOTAL_TEXT_LENGTH";

const TYPE: Field = Field("type", Want::Int);
const ID: Field = Field("id", Want::Int);
const CUSTOM_ID: Field = Field("custom_id", Want::Text(1, 100));
const NESTED: Field = Field("components", Want::List(40, &Want::Any));
const MEDIA: Want = Want::Object(&[Field("url", Want::Text(1, 2048))]);
const SPOILER: Field = Field("spoiler", Want::Flag);
const EMOJI: Want =
    Want::Object(&[Field("id", Want::Id), Field("name", Want::Text(0, 100)), Field("animated", Want::Flag)]);
const OPTION: Want = Want::Object(&[
    Field("label", Want::Text(1, 100)),
    Field("value", Want::Text(1, 100)),
    Field("description", Want::Text(0, 100)),
    Field("emoji", EMOJI),
    Field("default", Want::Flag),
]);
const BUTTON: &[Field] = &[
    TYPE,
    ID,
    CUSTOM_ID,
    Field("style", Want::Int),
    Field("label", Want::Text(0, 80)),
    Field("emoji", EMOJI),
    Field("url", Want::Text(1, 512)),
    Field("disabled", Want::Flag),
    Field("sku_id", Want::Id),
];
const SELECT: &[Field] = &[
    TYPE,
    ID,
    CUSTOM_ID,
    Field("options", Want::List(25, &OPTION)),
    Field("placeholder", Want::Text(0, 150)),
    Field("min_values", Want::Int),
    Field("max_values", Want::Int),
    Field("disabled", Want::Flag),
    Field("channel_types", Want::List(20, &Want::Int)),
    Field("default_values", Want::List(25, &Want::Any)),
];
const ITEM: Want = Want::Object(&[Field("media", MEDIA), Field("description", Want::Text(0, 1024)), SPOILER]);

/// The fields of a kind, those that must be there, and what may stand inside.
fn kind(number: u64) -> Option<(&'static [Field], &'static [&'static str], &'static [u64])> {
    Some(match number {
        1 => (&[TYPE, ID, NESTED], &["components"], &[2, 3, 5, 6, 7, 8]),
        2 => (BUTTON, &["style"], &[]),
        3 => (SELECT, &["custom_id", "options"], &[]),
        5..=8 => (SELECT, &["custom_id"], &[]),
        9 => (&[TYPE, ID, NESTED, Field("accessory", Want::Any)], &["components", "accessory"], &[10]),
        10 => (&[TYPE, ID, Field("content", Want::Text(1, 4000))], &["content"], &[]),
        11 => (&[TYPE, ID, Field("media", MEDIA), Field("description", Want::Text(0, 1024)), SPOILER], &["media"], &[]),
        12 => (&[TYPE, ID, Field("items", Want::List(10, &ITEM))], &["items"], &[]),
        13 => (&[TYPE, ID, Field("file", MEDIA), SPOILER], &["file"], &[]),
        14 => (&[TYPE, ID, Field("divider", Want::Flag), Field("spacing", Want::Int)], &[], &[]),
        17 => {
            (&[TYPE, ID, NESTED, Field("accent_color", Want::Int), SPOILER], &["components"], &[1, 9, 10, 12, 13, 14])
        }
        _ => return None,
    })
}

/// Checks a component, which has to be one of `allowed`, and all in it.
pub(super) fn check(flaws: &mut Flaws, part: &Value, allowed: &[u64], path: &str) {
    let number = part["type"].as_u64().unwrap_or_default();
    let Some((fields, required, inside)) = kind(number).filter(|_| allowed.contains(&number)) else {
        let list: Vec<_> = allowed.iter().map(u64::to_string).collect();
        let words = format!("Value of field \"type\" must be one of ({},).", list.join(", "));
        flaws.add(&step(path, "type"), "UNION_TYPE_CHOICES", words);
        return;
    };
    let Some(object) = flaws.object(part, fields, path) else { return };
    for name in required {
        if object.get(*name).is_none_or(Value::is_null) {
            flaws.missing(&step(path, name));
        }
    }
    match number {
        1 => check_row(flaws, part, path),
        2 => check_button(flaws, part, path),
        3 => {
            let options = part["options"].as_array().map_or(0, Vec::len);
            flaws.length(&step(path, "options"), 1, 25, options);
        }
        9 => {
            check(flaws, &part["accessory"], &[2, 11], &step(path, "accessory"));
            let texts = part["components"].as_array().map_or(0, Vec::len);
            flaws.length(&step(path, "components"), 1, 3, texts);
        }
        12 => flaws.length(&step(path, "items"), 1, 10, part["items"].as_array().map_or(0, Vec::len)),
        13 if !part["file"]["url"].as_str().is_some_and(|url| url.starts_with("attachment://")) => {
            flaws.add(&step(path, "file.url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('attachment',).");
        }
        _ => {}
    }
    for (at, part) in part["components"].as_array().into_iter().flatten().enumerate() {
        check(flaws, part, inside, &step(path, &format!("components.{at}")));
    }
}

fn check_row(flaws: &mut Flaws, row: &Value, path: &str) {
    let parts = row["components"].as_array().map_or(&[][..], Vec::as_slice);
    let selects = parts.iter().filter(|part| part["type"] != 2).count();
    let most = if selects > 0 { 1 } else { 5 };
    flaws.length(&step(path, "components"), 1, most, parts.len());
}

fn check_button(flaws: &mut Flaws, button: &Value, path: &str) {
    let style = button["style"].as_u64().unwrap_or_default();
    let has = |name: &str| button[name].as_str().is_some_and(|text| !text.is_empty());
    if !(1..=6).contains(&style) {
        flaws.add(&step(path, "style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).");
    }
    if style == 5 && !has("url") {
        flaws.add(path, "BUTTON_COMPONENT_URL_REQUIRED", "A url is required");
    }
    if style < 5 && has("url") {
        flaws.add(path, "BUTTON_COMPONENT_INVALID_URL", "A url is only allowed on link buttons");
    }
    if style < 5 && !has("custom_id") {
        flaws.add(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required");
    }
    if style == 5 && has("custom_id") {
        let words = "A custom id and url cannot both be specified";
        flaws.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words);
    }
    if style < 6 && !has("label") && !button["emoji"].is_object() {
        flaws.add(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required");
    }
    if style == 5
        && !button["url"].as_str().is_none_or(|url| {
            url.starts_with("http://") || url.starts_with("https://") || url.starts_with("discord://")
        })
    {
        let words = "Scheme must be one of ('http', 'https', 'discord').";
        flaws.add(&step(path, "url"), "URL_TYPE_INVALID_SCHEME", words);
    }
}

/// Every component with its place, nested ones included.
fn walk<'a>(parts: &'a Value, path: &str, found: &mut Vec<(String, &'a Value)>) {
    for (at, part) in parts.as_array().into_iter().flatten().enumerate() {
        let here = step(path, &at.to_string());
        found.push((here.clone(), part));
        walk(&part["components"], &step(&here, "components"), found);
        if part["accessory"].is_object() {
            found.push((step(&here, "accessory"), &part["accessory"]));
        }
    }
}

fn all<'a>(parts: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    walk(parts, path, &mut found);
    found
}

/// How many components there are, nested ones included.
pub(in crate::sandbox::discord) fn count(parts: &Value) -> usize {
    all(parts, "").len()
}

/// The length of all text displays together.
pub(super) fn text(parts: &Value) -> usize {
    all(parts, "").iter().map(|(_, part)| part["content"].as_str().map_or(0, utf16)).sum()
}

/// Every `custom_id` with its component's place.
pub(in crate::sandbox::discord) fn custom_ids(parts: &Value, path: &str) -> Vec<(String, String)> {
    let id = |part: &Value| part["custom_id"].as_str().map(str::to_owned);
    all(parts, path).into_iter().filter_map(|(place, part)| Some((place, id(part)?))).collect()
}

/// The names behind `attachment://` anywhere in a value.
pub(in crate::sandbox::discord) fn attachment_names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(attachment_names).collect(),
        Value::Object(fields) => {
            let named = fields.get("url").and_then(Value::as_str).and_then(|url| url.strip_prefix("attachment://"));
            let inside = fields.values().flat_map(attachment_names);
            named.map(str::to_owned).into_iter().chain(inside).collect()
        }
        _ => Vec::new(),
    }
}
