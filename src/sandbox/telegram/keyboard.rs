//! The buttons under a message.

use serde_json::Value;

use super::refusal::Refusal;
use super::shown::ShownButton;
use super::text::{check_address, utf16};

/// The largest `callback_data`, in bytes.
const DATA_LIMIT: usize = 64;
/// The largest text to copy, in UTF-16 units.
const COPY_LIMIT: usize = 256;
/// More buttons than this are refused.
const BUTTONS: usize = 100;
const ACTIONS: &[&str] = &[
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
];
const STYLES: &[&str] = &["danger", "success", "primary"];

/// The inline keyboard of a call, if it has one that shows anything.
pub(super) fn check(markup: Option<&Value>) -> Result<Option<Value>, Refusal> {
    let Some(rows) = markup.and_then(|markup| markup["inline_keyboard"].as_array()) else { return Ok(None) };
    let buttons: Vec<&Value> = rows.iter().filter_map(Value::as_array).flatten().collect();
    if buttons.len() > BUTTONS {
        return Err(Refusal::bad("reply markup is too long"));
    }
    for button in &buttons {
        check_button(button)?;
    }
    Ok(markup.filter(|_| !buttons.is_empty()).cloned())
}

fn check_button(button: &Value) -> Result<(), Refusal> {
    let actions: Vec<&str> = ACTIONS.iter().copied().filter(|action| button.get(action).is_some()).collect();
    let parse = |what: &str| Refusal::bad(format!("can't parse inline keyboard button: {what}"));
    if button["text"].as_str().is_none_or(|text| text.trim().is_empty()) {
        return Err(Refusal::bad("BUTTON_TEXT_INVALID"));
    }
    if let Some(style) = button.get("style")
        && !style.as_str().is_some_and(|style| STYLES.contains(&style))
    {
        return Err(parse("Invalid button style specified"));
    }
    match actions.as_slice() {
        [] => Err(parse("Text buttons are unallowed in the inline keyboard")),
        ["callback_data"] => match button["callback_data"].as_str().map_or(0, str::len) {
            0 => Err(parse("Text buttons are unallowed in the inline keyboard")),
            1..=DATA_LIMIT => Ok(()),
            _ => Err(Refusal::bad("BUTTON_DATA_INVALID")),
        },
        ["copy_text"] => {
            let size = button["copy_text"]["text"].as_str().map_or(0, utf16);
            if (1..=COPY_LIMIT).contains(&size) { Ok(()) } else { Err(Refusal::bad("BUTTON_COPY_TEXT_INVALID")) }
        }
        ["url"] => {
            let address = button["url"].as_str().unwrap_or_default();
            check_address(address)
                .map_err(|why| Refusal::bad(format!("inline keyboard button URL '{address}' is invalid: {why}")))
        }
        ["pay" | "callback_game"] => Err(Refusal::bad("BUTTON_TYPE_INVALID")),
        [_] => Ok(()),
        _ => Err(parse("exactly one action is allowed (the emulator is stricter)")),
    }
}

/// The buttons as a person sees them.
pub(super) fn shown(markup: &Value) -> Vec<Vec<ShownButton>> {
    let rows = markup["inline_keyboard"].as_array().map_or(&[][..], Vec::as_slice);
    rows.iter()
        .filter_map(Value::as_array)
        .map(|row| row.iter().map(button).collect::<Vec<_>>())
        .filter(|row| !row.is_empty())
        .collect()
}

fn button(button: &Value) -> ShownButton {
    let field = |name: &str| button[name].as_str().unwrap_or_default().to_owned();
    let (kind, value) = if button.get("callback_data").is_some() {
        ("callback", field("callback_data"))
    } else if button.get("url").is_some() {
        ("url", field("url"))
    } else if button.get("copy_text").is_some() {
        ("copy", button["copy_text"]["text"].as_str().unwrap_or_default().to_owned())
    } else {
        ("other", String::new())
    };
    ShownButton { text: field("text"), kind, value, style: button["style"].as_str().map(str::to_owned) }
}
