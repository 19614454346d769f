//! Attachments out of a message's raw JSON, in every shape that Telegram gives them.
//!
//! Clips come as `video`, `animation`, `video_note`, or a `document`, often without a media type, a name or a size.

use std::time::Duration;

use serde_json::Value;

use super::files::Held;
use crate::chat::inbound::Attachment;
use crate::chat::media::{by_ending, media_type};

/// Field, and the media type where Telegram leaves it out. An animation repeats itself as `document` and a live photo
/// as `photo`, so the first match is the only one.
const SHAPES: [(&str, Option<&str>); 7] = [
    ("video", Some("video/mp4")),
    ("animation", Some("video/mp4")),
    ("video_note", Some("video/mp4")),
    ("live_photo", Some("video/mp4")),
    ("audio", Some("audio/mpeg")),
    ("voice", Some("audio/ogg")),
    ("document", None),
];
/// Some libraries write this for "unknown".
const NO_SIZE: u64 = u32::MAX as u64;

/// The file of a message, or of what it replies to.
pub(super) fn attachment(message: &Value) -> Option<Attachment> {
    SHAPES
        .iter()
        .find_map(|(field, ordinary)| read(message.get(*field)?, *ordinary))
        .or_else(|| read(largest(message.get("photo")?)?, Some("image/jpeg")))
}

fn read(file: &Value, ordinary: Option<&str>) -> Option<Attachment> {
    let id = file.get("file_id")?.as_str().filter(|id| !id.is_empty())?;
    let name = file.get("file_name").and_then(Value::as_str).filter(|name| !name.is_empty());
    let size = file.get("file_size").and_then(Value::as_u64).filter(|size| *size != 0 && *size != NO_SIZE);
    let mime = file
        .get("mime_type")
        .and_then(Value::as_str)
        .and_then(media_type)
        .or_else(|| name.and_then(by_ending))
        .or_else(|| ordinary.map(str::to_owned));
    Some(Attachment {
        media: Held { file: id.to_owned(), size }.write(),
        name: name.map(str::to_owned),
        mime,
        size,
        duration: file.get("duration").and_then(Value::as_u64).filter(|secs| *secs != 0).map(Duration::from_secs),
    })
}

/// A photo comes in several sizes, without a promised order.
fn largest(photo: &Value) -> Option<&Value> {
    let side = |size: &Value, field| size.get(field).and_then(Value::as_u64).unwrap_or_default();
    photo.as_array()?.iter().max_by_key(|size| side(size, "width").saturating_mul(side(size, "height")))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn id(attachment: &Attachment) -> String {
        Held::read(&attachment.media).unwrap().file
    }

    #[rstest]
    #[case::video(json!({"video": {"file_id": "A", "mime_type": "video/quicktime"}}), "video/quicktime")]
    #[case::no_type(json!({"video": {"file_id": "A"}}), "video/mp4")]
    #[case::null_type(json!({"video": {"file_id": "A", "mime_type": null, "file_size": null}}), "video/mp4")]
    #[case::bad_type(json!({"video": {"file_id": "A", "mime_type": "video"}}), "video/mp4")]
    #[case::type_by_name(json!({"video": {"file_id": "A", "file_name": "a.MOV"}}), "video/quicktime")]
    #[case::animation(json!({"animation": {"file_id": "A"}, "document": {"file_id": "B"}}), "video/mp4")]
    #[case::note(json!({"video_note": {"file_id": "A", "length": 240}}), "video/mp4")]
    #[case::live(json!({"live_photo": {"file_id": "A"}, "photo": [{"file_id": "B"}]}), "video/mp4")]
    #[case::document(json!({"document": {"file_id": "A", "mime_type": "video/mp4"}}), "video/mp4")]
    #[case::by_name(json!({"document": {"file_id": "A", "file_name": "x.y.mkv"}}), "video/x-matroska")]
    #[case::octets(
        json!({"document": {"file_id": "A", "file_name": "x.mp4", "mime_type": "application/octet-stream"}}),
        "video/mp4"
    )]
    #[case::audio(json!({"audio": {"file_id": "A"}}), "audio/mpeg")]
    #[case::voice(json!({"voice": {"file_id": "A"}}), "audio/ogg")]
    fn every_shape_gives_its_file(#[case] message: Value, #[case] mime: &str) {
        let found = attachment(&message).unwrap();
        assert_eq!((id(&found).as_str(), found.mime.as_deref()), ("A", Some(mime)));
    }

    #[test]
    fn a_photo_gives_its_largest_size() {
        let photo = json!({"photo": [
            {"file_id": "S", "width": 90, "height": 90},
            {"file_id": "L", "width": 1280, "height": 720, "file_size": 99},
            {"file_id": "M", "width": 320, "height": 180},
        ]});
        let found = attachment(&photo).unwrap();
        assert_eq!((id(&found).as_str(), found.size), ("L", Some(99)));
    }

    #[test]
    fn a_document_that_says_nothing_is_still_a_file() {
        let found = attachment(&json!({"document": {"file_id": "A"}})).unwrap();
        assert_eq!((found.mime, found.name, found.size), (None, None, None));
    }

    #[rstest]
    #[case(json!(4_294_967_295_u64), None)]
    #[case(json!(0), None)]
    #[case(json!(null), None)]
    #[case(json!("12"), None)]
    #[case(json!(5_000_000_000_u64), Some(5_000_000_000))]
    fn a_size_is_known_or_it_is_not(#[case] size: Value, #[case] known: Option<u64>) {
        let found = attachment(&json!({"video": {"file_id": "A", "file_size": size}})).unwrap();
        assert_eq!(found.size, known);
        assert_eq!(Held::read(&found.media).unwrap().size, known);
    }

    #[rstest]
    #[case(json!({}))]
    #[case(json!({"video": null, "photo": null}))]
    #[case(json!({"video": {"file_id": 7}, "photo": []}))]
    #[case(json!({"video": "x", "photo": "y", "document": []}))]
    fn junk_is_no_file(#[case] message: Value) {
        assert_eq!(attachment(&message), None);
    }
}
