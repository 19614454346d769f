//! What may be uploaded (contract 3.4).

/// The largest file, in bytes. The documents say "500 MB"; this is the larger reading of it, so that nothing is refused
/// here that the backend would take: its own answer decides.
pub const SIZE_LIMIT: u64 = 500 * 1024 * 1024;

/// Extensions that the backend takes, and the media type that goes with each. `jpeg` is not documented, but probable.
const FORMATS: [(&str, &str); 14] = [
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("avi", "video/x-msvideo"),
    ("webm", "video/webm"),
    ("mkv", "video/x-matroska"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
];
/// Other names of the same media types.
const ALIASES: [(&str, &str); 9] = [
    ("video/avi", "video/x-msvideo"),
    ("video/msvideo", "video/x-msvideo"),
    ("video/matroska", "video/x-matroska"),
    ("image/jpg", "image/jpeg"),
    ("audio/mp3", "audio/mpeg"),
    ("audio/x-wav", "audio/wav"),
    ("audio/wave", "audio/wav"),
    ("audio/x-m4a", "audio/mp4"),
    ("audio/x-aac", "audio/aac"),
];
/// The longest file name that is passed on, in characters, its extension aside.
const NAME_LIMIT: usize = 100;

/// The accepted formats, to be named to a user.
pub fn formats() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|(extension, _)| *extension).filter(|extension| *extension != "jpeg")
}

/// The media type under which a file is uploaded; none if the backend would not take it. The name decides if its
/// extension is an accepted one; else what the sender says (`mime`), since a clip sent from a phone often has no name.
pub fn accepts(name: &str, mime: Option<&str>) -> Option<&'static str> {
    by_extension(name).or_else(|| by_mime(mime?))
}

fn by_extension(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    FORMATS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)).map(|(_, mime)| *mime)
}

fn by_mime(mime: &str) -> Option<&'static str> {
    let mime: mime::Mime = mime.parse().ok()?;
    let essence = mime.essence_str();
    let essence = ALIASES.iter().find(|(alias, _)| *alias == essence).map_or(essence, |(_, known)| known);
    FORMATS.iter().find(|(_, known)| *known == essence).map(|(_, mime)| *mime)
}

/// A name that is safe in a header and tells the backend the format: no control characters, no path, and the extension
/// of `mime` if it has no accepted one.
pub(super) fn safe_name(name: &str, mime: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = name.chars().filter(|c| !c.is_control() && *c != '"').collect();
    let known = FORMATS.iter().find(|(_, known)| *known == mime).map(|(extension, _)| *extension);
    let (stem, extension) = match clean.rsplit_once('.') {
        Some((stem, extension)) if by_extension(&clean).is_some() => (stem, Some(extension)),
        _ => (clean.as_str(), known),
    };
    let stem: String = stem.trim().chars().take(NAME_LIMIT).collect();
    let stem = if stem.is_empty() { "clip" } else { &stem };
    extension.map_or_else(|| stem.to_owned(), |extension| format!("{stem}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides_then_what_the_sender_says() {
        assert_eq!(accepts("a.MOV", Some("application/octet-stream")), Some("video/quicktime"));
        assert_eq!(accepts("a.b.jpeg", None), Some("image/jpeg"));
        assert_eq!(accepts("", Some("video/mp4")), Some("video/mp4"));
        assert_eq!(accepts("clip.final", Some("Video/MP4; codecs=avc1")), Some("video/mp4"));
        assert_eq!(accepts("voice", Some("audio/x-m4a")), Some("audio/mp4"));
        assert_eq!(accepts("notes.pdf", Some("application/pdf")), None);
        assert_eq!(accepts("mp4", None), None);
        assert_eq!(accepts("a.exe", Some("nonsense")), None);
    }

    #[test]
    fn every_accepted_format_is_named_once() {
        let named: Vec<_> = formats().collect();
        assert_eq!(named.len(), 13);
        assert!(named.iter().all(|extension| accepts(&format!("a.{extension}"), None).is_some()));
        assert!(ALIASES.iter().all(|(_, known)| FORMATS.iter().any(|(_, mime)| mime == known)));
    }

    #[test]
    fn a_name_cannot_break_a_header_and_ends_in_its_format() {
        assert_eq!(safe_name("a.mp4", "video/mp4"), "a.mp4");
        assert_eq!(safe_name("../b\r\nX: y\"z.mp4", "video/mp4"), "bX: yz.mp4");
        assert_eq!(safe_name("", "video/quicktime"), "clip.mov");
        assert_eq!(safe_name(".mp4", "video/mp4"), "clip.mp4");
        assert_eq!(safe_name("clip.final", "video/mp4"), "clip.final.mp4");
        assert_eq!(safe_name(&"é".repeat(300), "image/jpeg"), format!("{}.jpg", "é".repeat(100)));
    }
}
