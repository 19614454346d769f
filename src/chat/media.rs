//! What kind of file an attachment is, by what its platform tells of it.

use super::inbound::Attachment;

/// Media types by a name's ending, for files that come without one.
const ENDINGS: [(&str, &str); 19] = [
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("mov", "video/quicktime"),
    ("qt", "video/quicktime"),
    ("webm", "video/webm"),
    ("mkv", "video/x-matroska"),
    ("avi", "video/x-msvideo"),
    ("mpg", "video/mpeg"),
    ("mpeg", "video/mpeg"),
    ("3gp", "video/3gpp"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("wav", "audio/wav"),
    ("ogg", "audio/ogg"),
];
/// A well-formed media type that says something.
pub fn media_type(text: &str) -> Option<String> {
    let parsed: mime::Mime = text.trim().parse().ok()?;
    (parsed.essence_str() != "application/octet-stream").then(|| parsed.essence_str().to_owned())
}

/// The media type that a name's ending stands for.
pub fn by_ending(name: &str) -> Option<String> {
    let (_, ending) = name.rsplit_once('.')?;
    ENDINGS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known)).map(|(_, mime)| (*mime).to_owned())
}

/// Whether a message posts a clip. Music, pictures and papers posted in a clip chat are no clips.
pub fn is_clip(attachment: &Attachment) -> bool {
    attachment.mime.as_deref().is_some_and(|mime| mime.starts_with("video/"))
}
