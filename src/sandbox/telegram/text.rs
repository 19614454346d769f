//! Text and captions: sizes, entities, and what Telegram makes of them before it shows them.

use serde_json::{Value, json};

use super::html;
use super::refusal::Refusal;

/// The largest text after its entities are parsed, in UTF-16 units (core.telegram.org/bots/api#sendmessage).
const TEXT_LIMIT: usize = 4096;
/// The largest caption.
const CAPTION_LIMIT: usize = 1024;
/// The largest text before its entities are parsed, in bytes.
const RAW_LIMIT: usize = 32 * 1024;

/// What a text is for; sizes and refusals differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The text of a message: never empty.
    Text,
    /// The words under a file.
    Caption,
    /// The text of a draft: may be empty.
    Draft,
}

/// A text as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Composed {
    pub(super) text: String,
    /// Entities in the order of their offsets, those that Telegram finds itself included.
    pub(super) entities: Vec<Value>,
}

/// Length in UTF-16 units.
pub(super) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Reads a text as `sendMessage` and its kin do.
pub(super) fn compose(
    text: &str,
    parse_mode: Option<&str>,
    entities: Option<&Vec<Value>>,
    purpose: Purpose,
) -> Result<Composed, Refusal> {
    let too_long = match purpose {
        Purpose::Text | Purpose::Draft => Refusal::bad("message is too long"),
        Purpose::Caption => Refusal::bad("message caption is too long"),
    };
    if text.is_empty() && purpose == Purpose::Text {
        return Err(Refusal::bad("message text is empty"));
    }
    if text.len() > RAW_LIMIT {
        return Err(too_long);
    }
    let (text, entities) = match (parse_mode, entities) {
        (Some(_), Some(entities)) if !entities.is_empty() => {
            return Err(Refusal::bad("parse_mode and entities together (the emulator is stricter)"));
        }
        (Some(mode), _) if mode.eq_ignore_ascii_case("html") => html::read(text)?,
        (Some(mode), _) if !mode.is_empty() => return Err(Refusal::bad("unsupported parse_mode")),
        (_, entities) => {
            let entities = entities.cloned().unwrap_or_default();
            check_entities(text, &entities)?;
            (text.to_owned(), entities)
        }
    };
    check_links(&entities)?;
    let mut composed = trim(&text, entities);
    if composed.text.is_empty() && purpose == Purpose::Text {
        return Err(Refusal::bad("text must be non-empty"));
    }
    let limit = if purpose == Purpose::Caption { CAPTION_LIMIT } else { TEXT_LIMIT };
    if utf16(&composed.text) > limit {
        return Err(too_long);
    }
    add_found(&mut composed);
    Ok(composed)
}

/// A text as a person types it: commands, mentions and links are found, nothing else is marked.
pub(super) fn typed(text: &str) -> Composed {
    let mut composed = Composed { text: text.to_owned(), entities: Vec::new() };
    add_found(&mut composed);
    composed
}

/// A person's long text as Telegram's own clients cut it: in messages that fit.
pub(super) fn cut(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut units = 0;
    for character in text.chars() {
        if units + character.len_utf16() > TEXT_LIMIT {
            parts.push(String::new());
            units = 0;
        }
        units += character.len_utf16();
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

/// Whether `address` is one that Telegram links to.
pub(super) fn check_address(address: &str) -> Result<(), &'static str> {
    if address.is_empty() {
        return Err("URL host is empty");
    }
    let full = if address.contains("://") || address.starts_with("tg:") || address.starts_with("mailto:") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let url = url::Url::parse(&full).map_err(|_| "Wrong HTTP URL")?;
    match url.scheme() {
        "tg" | "ton" | "tonsite" => Ok(()),
        "http" | "https" => match url.host() {
            Some(url::Host::Domain(host)) if !host.contains('.') => Err("Wrong HTTP URL"),
            Some(_) => Ok(()),
            None => Err("URL host is empty"),
        },
        _ => Err("Unsupported URL protocol"),
    }
}

const KINDS: &[&str] = &[
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
];

fn check_entities(text: &str, entities: &[Value]) -> Result<(), Refusal> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let inside_pair = |at: usize| units.get(at).is_some_and(|unit| (0xDC00..=0xDFFF).contains(unit));
    for entity in entities {
        if !entity["type"].as_str().is_some_and(|kind| KINDS.contains(&kind)) {
            return Err(Refusal::bad("can't parse MessageEntity: Unsupported type specified"));
        }
        let (given, length) = (entity["offset"].as_i64().unwrap_or(-1), entity["length"].as_i64().unwrap_or(-1));
        let Ok(offset) = usize::try_from(given) else {
            return Err(Refusal::bad(format!("receive an entity with incorrect offset {given}")));
        };
        let Some(length) = usize::try_from(length).ok().filter(|length| *length > 0) else {
            return Err(Refusal::bad(format!("receive an entity with incorrect length {length}")));
        };
        let end = offset + length;
        if offset >= units.len() {
            return Err(Refusal::bad(format!("entity begins after the end of the text at UTF-16 offset {offset}")));
        }
        if end > units.len() {
            return Err(Refusal::bad(format!(
                "entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
            )));
        }
        if inside_pair(offset) {
            let bytes = String::from_utf16_lossy(&units[..offset - 1]).len();
            return Err(Refusal::bad(format!("entity begins in a middle of a UTF-16 symbol at byte offset {bytes}")));
        }
        if inside_pair(end) {
            let bytes = String::from_utf16_lossy(&units[..end - 1]).len();
            return Err(Refusal::bad(format!("entity ends in a middle of a UTF-16 symbol at byte offset {bytes}")));
        }
    }
    Ok(())
}

fn check_links(entities: &[Value]) -> Result<(), Refusal> {
    for entity in entities.iter().filter(|entity| entity["type"] == "text_link") {
        let Some(address) = entity["url"].as_str() else {
            return Err(Refusal::bad("can't parse MessageEntity: Can't find field \"url\""));
        };
        check_address(address).map_err(|why| Refusal::bad(format!("entity URL '{address}' is invalid: {why}")))?;
    }
    Ok(())
}

/// Telegram cuts white space at both ends; at the start only what no entity covers.
fn trim(text: &str, entities: Vec<Value>) -> Composed {
    let kept = text.trim_end();
    let blank = utf16(kept) - utf16(kept.trim_start());
    let first = entities.iter().filter_map(offset_of).min();
    let lead = if first.is_none_or(|first| first >= blank) { blank } else { 0 };
    let shown = if lead == 0 { kept } else { kept.trim_start() };
    let end = utf16(shown);
    let mut entities: Vec<Value> = entities
        .into_iter()
        .filter_map(|mut entity| {
            let offset = offset_of(&entity)?.checked_sub(lead)?;
            let length = length_of(&entity)?.min(end.checked_sub(offset)?);
            entity["offset"] = json!(offset);
            entity["length"] = json!(length);
            (length > 0).then_some(entity)
        })
        .collect();
    entities.sort_by_key(offset_of);
    Composed { text: shown.to_owned(), entities }
}

fn offset_of(entity: &Value) -> Option<usize> {
    entity["offset"].as_u64().and_then(|offset| usize::try_from(offset).ok())
}

fn length_of(entity: &Value) -> Option<usize> {
    entity["length"].as_u64().and_then(|length| usize::try_from(length).ok())
}

/// Adds commands, mentions and links that nobody marked.
fn add_found(composed: &mut Composed) {
    let closed: Vec<(usize, usize)> = composed
        .entities
        .iter()
        .filter(|entity| {
            ["code", "pre", "text_link", "url", "mention", "bot_command"].iter().any(|kind| entity["type"] == *kind)
        })
        .filter_map(|entity| Some((offset_of(entity)?, offset_of(entity)? + length_of(entity)?)))
        .collect();
    let mut offset = 0;
    let mut before: Option<char> = None;
    let mut rest = composed.text.as_str();
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let hit = mark(before, rest);
        let taken = hit.map_or(first.len_utf8(), |(_, length)| length);
        let units = utf16(&rest[..taken]);
        if let Some((kind, _)) = hit
            && !closed.iter().any(|(start, end)| offset < *end && offset + units > *start)
        {
            found.push(json!({ "type": kind, "offset": offset, "length": units }));
        }
        before = rest[..taken].chars().next_back();
        offset += units;
        rest = &rest[taken..];
    }
    composed.entities.extend(found);
    composed.entities.sort_by_key(offset_of);
}

/// What begins at the start of `rest`, and its length in bytes.
fn mark(before: Option<char>, rest: &str) -> Option<(&'static str, usize)> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let name = |source: &str| source.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    if before.is_some_and(is_word) {
        return None;
    }
    if rest.starts_with("http://") || rest.starts_with("https://") {
        let end = rest.find(|character: char| character.is_whitespace() || "<>\"".contains(character));
        let address = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
        return check_address(address).is_ok().then_some(("url", address.len()));
    }
    if let Some(after) = rest.strip_prefix('@') {
        let length = name(after);
        return (3..=32).contains(&length).then_some(("mention", length + 1));
    }
    let after = rest.strip_prefix('/').filter(|_| before != Some('/'))?;
    let length = name(after);
    if !(1..=64).contains(&length) {
        return None;
    }
    let to = after[length..].strip_prefix('@').map_or(0, name);
    let end = 1 + length + if (3..=32).contains(&to) { to + 1 } else { 0 };
    let next = rest[end..].chars().next();
    (!next.is_some_and(|next| is_word(next) || next == '/')).then_some(("bot_command", end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_mentions_and_links_are_found() {
        let composed = typed("/new@nemo_bot 🎬 ask @nemo_bot at https://example.com/a?b=c. not/this a@bcd");
        assert_eq!(
            composed.entities,
            [
                json!({ "type": "bot_command", "offset": 0, "length": 13 }),
                json!({ "type": "mention", "offset": 21, "length": 9 }),
                json!({ "type": "url", "offset": 34, "length": 25 }),
            ]
        );
    }

    #[test]
    fn white_space_at_the_ends_is_cut_and_entities_follow() {
        let bold = vec![json!({ "type": "bold", "offset": 2, "length": 4 })];
        let composed = compose("  ab  ", None, Some(&bold), Purpose::Text).unwrap();
        assert_eq!(composed.text, "ab");
        assert_eq!(composed.entities, [json!({ "type": "bold", "offset": 0, "length": 2 })]);
    }

    #[test]
    fn a_text_is_measured_in_utf16_units_after_parsing() {
        let limit = "🎬".repeat(TEXT_LIMIT / 2);
        assert!(compose(&format!("<b>{limit}</b>"), Some("HTML"), None, Purpose::Text).is_ok());
        let refusal = compose(&format!("{limit}x"), None, None, Purpose::Text).unwrap_err();
        assert_eq!(refusal.description, "Bad Request: message is too long");
        let refusal = compose(&"x".repeat(1025), None, None, Purpose::Caption).unwrap_err();
        assert_eq!(refusal.description, "Bad Request: message caption is too long");
        assert_eq!(cut(&format!("{limit}x")), [limit, "x".to_owned()]);
    }
}
