//! Buttons as Discord's action rows. There is no button that copies: what is to be copied stands in a code block, which
//! has one of its own.

use serde_json::{Value, json};

use crate::chat::choice::Signer;
use crate::chat::id::{PlaceId, Platform};
use crate::chat::reply::{Button, ButtonAction, ButtonStyle};

/// Most rows of a message, and most buttons of a row. Source: Discord's API reference, "Action Row".
const ROWS: usize = 5;
const ROW: usize = 5;
/// A label's length in UTF-16 units. Source: Discord's API reference, "Button Structure"; so is the next.
const LABEL_LIMIT: usize = 80;
/// An address's length.
const ADDRESS_LIMIT: usize = 512;

/// The rows; an empty list takes the buttons of an edited message away.
pub(super) fn rows(buttons: &[Button], signer: &Signer, place: &PlaceId) -> Vec<Value> {
    let mut keys: Vec<Value> = Vec::new();
    for key in buttons.iter().filter_map(|button| key(button, signer, place)) {
        // The same twice would take the whole message with it.
        if !keys.iter().any(|known| known.get("custom_id").is_some() && known.get("custom_id") == key.get("custom_id"))
        {
            keys.push(key);
        }
    }
    keys.truncate(ROWS * ROW);
    keys.chunks(ROW).map(|row| json!({ "type": 1, "components": row })).collect()
}

/// A button that Discord would refuse is left out: it would take the whole message with it.
fn key(button: &Button, signer: &Signer, place: &PlaceId) -> Option<Value> {
    let label = label(&button.label);
    if label.is_empty() {
        return None;
    }
    match &button.does {
        ButtonAction::Press(choice) => {
            let data = signer.write(choice, Platform::Discord, place);
            Some(json!({ "type": 2, "style": style(button.style), "label": label, "custom_id": data }))
        }
        ButtonAction::Open(address) if address.as_str().encode_utf16().count() <= ADDRESS_LIMIT => {
            matches!(address.scheme(), "http" | "https")
                .then(|| json!({ "type": 2, "style": 5, "label": label, "url": address.as_str() }))
        }
        ButtonAction::Open(_) | ButtonAction::Copy(_) => None,
    }
}

/// The buttons of a message of ours as Discord shows it; what we cannot read is left out. Signed for `place`.
pub(super) fn read(message: &Value, signer: &Signer, place: &PlaceId) -> Vec<Button> {
    let rows = message.get("components").and_then(Value::as_array);
    let keys = rows.into_iter().flatten().filter_map(|row| row.get("components")?.as_array()).flatten();
    let button = |key: &Value| {
        let words = |field| key.get(field).and_then(Value::as_str);
        let does = match words("custom_id") {
            Some(data) => ButtonAction::Press(signer.read(data, Platform::Discord, place)?),
            None => ButtonAction::Open(words("url")?.parse().ok()?),
        };
        let style = match key.get("style").and_then(Value::as_u64) {
            Some(1 | 5) => ButtonStyle::Primary,
            Some(4) => ButtonStyle::Danger,
            _ => ButtonStyle::Plain,
        };
        Some(Button { label: words("label")?.to_owned(), does, style })
    };
    keys.filter_map(button).take(ROWS * ROW).collect()
}

/// Source: Discord's API reference, "Button Styles".
fn style(style: ButtonStyle) -> u8 {
    match style {
        ButtonStyle::Primary => 1,
        ButtonStyle::Plain => 2,
        ButtonStyle::Danger => 4,
    }
}

/// The label, cut where it is too long.
fn label(words: &str) -> String {
    let words = words.trim();
    if words.encode_utf16().count() <= LABEL_LIMIT {
        return words.to_owned();
    }
    let mut left = LABEL_LIMIT - 1;
    let fitting = words.chars().take_while(|c| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    fitting.collect::<String>().trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::choice::{Action, Choice, DATA_LIMIT};
    use crate::chat::id::UserId;

    fn press(label: &str, argument: &str) -> Button {
        let owner = UserId::new(u64::MAX.to_string());
        let choice = Choice { action: Action::Stop, owner, project: u64::MAX, argument: argument.to_owned() };
        Button { label: label.to_owned(), does: ButtonAction::Press(choice), style: ButtonStyle::Danger }
    }

    fn drawn(buttons: &[Button]) -> Vec<Value> {
        rows(buttons, &Signer::new([1; 32]), &PlaceId::new("g7.1"))
    }

    #[test]
    fn buttons_stand_in_rows_of_five_and_what_is_over_is_left_out() {
        let buttons: Vec<_> = (0..30).map(|at| press("a", &format!("x{at}"))).collect();
        let rows = drawn(&buttons);
        assert_eq!(rows.iter().map(|row| row["components"].as_array().unwrap().len()).collect::<Vec<_>>(), [5; 5]);
        assert_eq!(drawn(&buttons[..6]).len(), 2);
        assert!(drawn(&[]).is_empty());
    }

    #[test]
    fn buttons_read_back_as_they_were_written_and_nothing_else_does() {
        let address = "https://a.example/x".parse().unwrap();
        let open = Button { does: ButtonAction::Open(address), style: ButtonStyle::Primary, ..press("open", "") };
        let buttons = vec![press("a", "x"), Button { style: ButtonStyle::Plain, ..press("b", "y") }, open];
        let mut rows = drawn(&buttons);
        rows.push(
            json!({ "type": 1, "components": [{ "type": 2, "label": "forged", "custom_id": "v1.s.1.1..x" }, 5] }),
        );
        rows.push(json!({ "type": 10, "content": "words" }));
        let (signer, place) = (Signer::new([1; 32]), PlaceId::new("g7.1"));
        assert_eq!(read(&json!({ "components": rows }), &signer, &place), buttons);
        assert!(read(&json!({}), &signer, &place).is_empty());
    }

    #[test]
    fn what_discord_would_refuse_is_left_out_or_cut() {
        let open = |url: &str| Button {
            label: "Open".to_owned(),
            does: ButtonAction::Open(url.parse().unwrap()),
            style: ButtonStyle::Primary,
        };
        let copy = Button { does: ButtonAction::Copy("x".to_owned()), ..press("copy", "") };
        let long = format!("https://a.example/{}", "x".repeat(ADDRESS_LIMIT));
        let buttons = [
            press("one", "a"),
            press("again", "a"),
            press("  ", "b"),
            copy,
            open(&long),
            open("ftp://a.example"),
            open("https://a.example/x"),
            press(&"🎬".repeat(60), "c"),
        ];
        let rows = drawn(&buttons);
        let keys = rows[0]["components"].as_array().unwrap();
        let labels: Vec<_> = keys.iter().map(|key| key["label"].as_str().unwrap()).collect();
        assert_eq!(labels, ["one", "Open", &("🎬".repeat(39) + "…")]);
        assert!(labels.iter().all(|label| label.encode_utf16().count() <= LABEL_LIMIT));
        assert_eq!((&keys[1]["style"], keys[1].get("custom_id")), (&json!(5), None));
        assert!(keys[0]["custom_id"].as_str().unwrap().len() <= DATA_LIMIT);
    }
}
