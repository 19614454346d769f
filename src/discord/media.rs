//! Attachments out of a message's or an interaction's JSON.

use std::time::Duration;

use serde_json::Value;

use super::files::Held;
use super::place::Snowflake;
use crate::chat::inbound::Attachment;
use crate::chat::media::{by_ending, media_type};

/// A message holds at most ten. Source: Discord's API reference, "Uploading Files".
const ATTACHMENTS: usize = 10;

/// A number that Discord writes as text.
pub(super) fn snowflake(value: Option<&Value>) -> Option<Snowflake> {
    match value? {
        Value::String(digits) => digits.parse().ok().filter(|id| *id != 0),
        number => number.as_u64().filter(|id| *id != 0),
    }
}

/// The files of a message: its own, else those of what was forwarded in it.
pub(super) fn attachments(message: &Value, channel: Snowflake) -> Vec<Attachment> {
    let id = snowflake(message.get("id"));
    let read_all = |list: Option<&Value>| -> Vec<Attachment> {
        let list = list.and_then(Value::as_array);
        list.into_iter().flatten().take(ATTACHMENTS).filter_map(|file| attachment(file, channel, id)).collect()
    };
    let own = read_all(message.get("attachments"));
    if !own.is_empty() {
        return own;
    }
    // What was forwarded lies at an address that only this message can renew.
    read_all(message.pointer("/message_snapshots/0/message/attachments"))
}

/// One file. `message` is nothing for an option of a slash command.
pub(super) fn attachment(file: &Value, channel: Snowflake, message: Option<Snowflake>) -> Option<Attachment> {
    let words = |field| file.get(field).and_then(Value::as_str).filter(|words| !words.is_empty());
    let size = file.get("size").and_then(Value::as_u64);
    let held = Held::new(channel, message, snowflake(file.get("id"))?, words("url")?, size);
    let name = words("filename");
    Some(Attachment {
        media: held.write(),
        name: name.and_then(|name| readable(name, words("title"))),
        mime: words("content_type").and_then(media_type).or_else(|| name.and_then(by_ending)),
        size,
        duration: file
            .get("duration_secs")
            .and_then(Value::as_f64)
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    })
}

/// A file's name, of which Discord leaves only what an address may hold; `title` has the rest of it where it came with
/// the event. Nothing, where nothing is left to read: `____.mp4` tells a person less than no name.
fn readable(name: &str, title: Option<&str>) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    match title {
        Some(title) if ending.is_empty() => Some(title.to_owned()),
        Some(title) => Some(format!("{title}.{ending}")),
        None => stem.contains(char::is_alphanumeric).then(|| name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(id: &str) -> Value {
        json!({"id": id, "filename": "a.MOV", "size": 12, "url": "https://cdn.discordapp.com/attachments/1/2/a.MOV?ex=66&is=65&hm=ab"})
    }

    #[test]
    fn a_file_is_kept_with_all_that_finds_it_again() {
        let message = json!({"id": "7", "attachments": [file("3"), {"id": "4"}]});
        let found = attachments(&message, 5);
        assert_eq!(found.len(), 1, "a file without an address is none");
        assert_eq!(found[0].mime.as_deref(), Some("video/quicktime"));
        let held = Held::read(&found[0].media).unwrap();
        assert_eq!((held.attachment, held.channel, held.message), (3, 5, Some(7)));
        assert_eq!(found[0].size, Some(12));
    }

    #[test]
    fn a_forwarded_clip_is_a_clip() {
        let message =
            json!({"id": "7", "attachments": [], "message_snapshots": [{"message": {"attachments": [file("3")]}}]});
        assert_eq!(attachments(&message, 5).len(), 1);
    }

    #[test]
    fn a_name_that_discord_has_emptied_is_none() {
        let name = |file: Value| attachment(&file, 5, None).unwrap().name;
        let with = |key: &str, value: &str| {
            let mut file = file("3");
            file[key] = json!(value);
            file
        };
        assert_eq!(name(file("3")).as_deref(), Some("a.MOV"));
        assert_eq!(name(with("filename", "____.mp4")), None);
        assert_eq!(name(with("filename", "__vlog_2.mp4")).as_deref(), Some("__vlog_2.mp4"));
        assert_eq!(name(with("title", "我的视频")).as_deref(), Some("我的视频.MOV"));
    }

    #[test]
    fn junk_is_no_file() {
        for junk in [json!({}), json!({"attachments": "x"}), json!({"attachments": [7, null, {"id": "x", "url": "y"}]})]
        {
            assert!(attachments(&junk, 5).is_empty(), "{junk}");
        }
    }
}
