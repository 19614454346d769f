//! Buttons in rows, as Telegram's inline keyboard.

use serde_json::{Value, json};

use super::place::Spot;
use crate::chat::choice::Signer;
use crate::chat::id::{PlaceId, Platform};
use crate::chat::reply::{Button, ButtonAction, ButtonStyle};

/// Two labels of this many characters fit beside each other on a phone.
const SHORT: usize = 24;
/// Most that a button puts on the clipboard, in characters. Source: Bot API, `CopyTextButton`.
const COPY_LIMIT: usize = 256;

/// Far more than we put under a message.
const MOST_READ: usize = 32;

/// The keyboard, or nothing where there is no button.
pub(super) fn keyboard(buttons: &[Button], signer: &Signer, spot: Spot) -> Option<Value> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut room = false;
    for button in buttons {
        let Some(key) = key(button, signer, spot) else { continue };
        let short = button.label.chars().count() <= SHORT;
        match rows.last_mut() {
            Some(row) if room && short => {
                row.push(key);
                room = false;
            }
            _ => {
                rows.push(vec![key]);
                room = short;
            }
        }
    }
    (!rows.is_empty()).then(|| json!({ "inline_keyboard": rows }))
}

/// The buttons of a message of ours as Telegram shows it; others' and what we cannot read are left out. Signed for
/// `place`.
pub(super) fn read(message: &Value, signer: &Signer, place: &PlaceId) -> Vec<Button> {
    let rows = message.pointer("/reply_markup/inline_keyboard").and_then(Value::as_array);
    let keys = rows.into_iter().flatten().filter_map(Value::as_array).flatten();
    let button = |key: &Value| {
        let words = |field| key.get(field).and_then(Value::as_str);
        let does = if let Some(data) = words("callback_data") {
            ButtonAction::Press(signer.read(data, Platform::Telegram, place)?)
        } else if let Some(text) = key.pointer("/copy_text/text").and_then(Value::as_str) {
            ButtonAction::Copy(text.to_owned())
        } else {
            ButtonAction::Open(words("url")?.parse().ok()?)
        };
        let style = match words("style") {
            Some("primary") => ButtonStyle::Primary,
            Some("danger") => ButtonStyle::Danger,
            _ => ButtonStyle::Plain,
        };
        Some(Button { label: words("text")?.to_owned(), does, style })
    };
    keys.filter_map(button).take(MOST_READ).collect()
}

/// A button that Telegram would refuse is left out: it would take the whole message with it.
fn key(button: &Button, signer: &Signer, spot: Spot) -> Option<Value> {
    if button.label.trim().is_empty() {
        return None;
    }
    let mut key = json!({ "text": button.label });
    match &button.does {
        ButtonAction::Press(choice) => {
            key["callback_data"] = signer.write(choice, Platform::Telegram, &spot.write()).into();
        }
        ButtonAction::Open(address) => key["url"] = address.as_str().into(),
        ButtonAction::Copy(text) => {
            if text.is_empty() || text.chars().count() > COPY_LIMIT {
                return None;
            }
            key["copy_text"] = json!({ "text": text });
        }
    }
    match button.style {
        ButtonStyle::Plain => {}
        ButtonStyle::Primary => key["style"] = "primary".into(),
        ButtonStyle::Danger => key["style"] = "danger".into(),
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(label: &str, text: &str) -> Button {
        Button { label: label.to_owned(), does: ButtonAction::Copy(text.to_owned()), style: ButtonStyle::Plain }
    }

    fn labels(buttons: &[Button]) -> Vec<Vec<String>> {
        let Some(keyboard) = keyboard(buttons, &Signer::new([1; 32]), Spot::new(5, None)) else { return Vec::new() };
        let text = |key: &Value| key["text"].as_str().unwrap().to_owned();
        let rows = keyboard["inline_keyboard"].as_array().unwrap();
        rows.iter().map(|row| row.as_array().unwrap().iter().map(text).collect()).collect()
    }

    #[test]
    fn two_short_buttons_share_a_row_and_a_long_one_stands_alone() {
        let long = "a label of more than 24 letters";
        let buttons = [copy("a", "x"), copy("b", "x"), copy("c", "x"), copy(long, "x"), copy("d", "x")];
        assert_eq!(labels(&buttons), [vec!["a", "b"], vec!["c"], vec![long], vec!["d"]]);
    }

    #[test]
    fn a_keyboard_reads_back_as_it_was_written_and_nothing_else_does() {
        let (signer, spot) = (Signer::new([1; 32]), Spot::new(5, None));
        let owner = crate::chat::id::UserId::new("7");
        let choice = crate::chat::choice::Choice {
            action: crate::chat::choice::Action::Meta,
            owner,
            project: 3,
            argument: "abc".to_owned(),
        };
        let press = Button { does: ButtonAction::Press(choice), style: ButtonStyle::Danger, ..copy("press", "") };
        let open = Button { does: ButtonAction::Open("https://a.example/x".parse().unwrap()), ..copy("open", "") };
        let buttons = vec![press, copy("copy", "x"), Button { style: ButtonStyle::Primary, ..open }];
        let mut message = json!({ "reply_markup": keyboard(&buttons, &signer, spot).unwrap() });
        assert_eq!(read(&message, &signer, &spot.write()), buttons);
        let keys = message["reply_markup"]["inline_keyboard"].as_array_mut().unwrap();
        keys.extend([
            json!([{ "text": "strange" }, 5, { "text": "forged", "callback_data": "v1.m.7.3.abc.x" }]),
            json!("x"),
        ]);
        assert_eq!(read(&message, &signer, &spot.write()), buttons);
        assert!(read(&json!({}), &signer, &spot.write()).is_empty());
    }

    #[test]
    fn a_button_that_would_be_refused_is_left_out() {
        let long = "x".repeat(COPY_LIMIT + 1);
        let buttons = [copy("", "x"), copy("empty", ""), copy("long", &long), copy("good", &long[1..])];
        assert_eq!(labels(&buttons), [vec!["good"]]);
        assert!(keyboard(&buttons[..3], &Signer::new([1; 32]), Spot::new(5, None)).is_none());
    }
}
