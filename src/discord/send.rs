//! Files on their way out: streamed through us as one form of known length, never whole in memory.

use futures::stream::StreamExt;
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value, json};
use url::Url;

use super::api::Api;
use super::error::CallError;
use crate::chat::reply::{FileSource, Opens, OutFile};
use crate::chat::surface::{SurfaceError, exactly};

/// Most files of a message. Source: Discord's API reference, "Create Message".
pub(super) const FILES: usize = 10;
/// A name's length in characters; Discord takes 260.
const NAME_LIMIT: usize = 100;
/// A description's length in UTF-16 units. Discord counts characters, so this can only be too strict. Source: Discord's
/// API reference, "Attachment".
const ALT_LIMIT: usize = 1024;

/// The call's body with its files, besides those that the body keeps of an edited message. Each is opened when this is called, and flows when the form is sent.
pub(super) async fn form(api: &Api, mut body: Map<String, Value>, files: &[OutFile]) -> Result<Form, CallError> {
    let names: Vec<String> = files.iter().map(|file| name(&file.name)).collect();
    let new = names.iter().zip(files).enumerate().map(|(at, (name, file))| {
        let mut entry = json!({ "id": at, "filename": name });
        if let Some(alt) = file.alt.as_deref().filter(|alt| !alt.is_empty()) {
            entry["description"] = head(alt, ALT_LIMIT).into();
        }
        entry
    });
    let kept = body.get("attachments").and_then(Value::as_array).cloned().unwrap_or_default();
    body.insert("attachments".to_owned(), kept.into_iter().chain(new).collect());
    let mut form = Form::new().text("payload_json", Value::Object(body).to_string());
    for (at, (file, name)) in files.iter().zip(names).enumerate() {
        let part = match &file.source {
            FileSource::Link(url) => fetched(api, file, url).await?,
            FileSource::Opens(source) => opened(source.as_ref(), file).await?,
            FileSource::Bytes(bytes) => Part::stream_with_length(bytes.clone(), bytes.len() as u64),
        };
        let mime = if file.mime.parse::<mime::Mime>().is_ok() { &file.mime } else { "application/octet-stream" };
        let part = part.file_name(name).mime_str(mime).map_err(CallError::transport)?;
        form = form.part(format!("files[{at}]"), part);
    }
    Ok(form)
}

/// The file as a part of known length.
async fn fetched(api: &Api, file: &OutFile, url: &Url) -> Result<Part, CallError> {
    // Whatever keeps the file from us keeps it from the chat for certain.
    let Ok(response) = api.fetch(url).await else { return Err(CallError::Gone) };
    if !response.status().is_success() {
        return Err(CallError::Gone);
    }
    // Without a length there is nothing to declare.
    let length = response.content_length().or(file.size).ok_or(CallError::TooLarge)?;
    let pieces = response.bytes_stream().map(|piece| piece.map_err(|error| CallError::transport(error).into()));
    Ok(Part::stream_with_length(Body::wrap_stream(exactly(length, pieces.boxed())), length))
}

/// A file that the core opens, as a part of known length.
async fn opened(source: &dyn Opens, file: &OutFile) -> Result<Part, CallError> {
    let stream = source.open().await.map_err(|error| match error {
        SurfaceError::Unreached(cause) => CallError::Unreached(cause),
        SurfaceError::Unavailable(cause) => CallError::Unavailable(cause),
        SurfaceError::TooLarge => CallError::TooLarge,
        _ => CallError::Gone,
    })?;
    let length = stream.length.or(file.size).ok_or(CallError::TooLarge)?;
    Ok(Part::stream_with_length(Body::wrap_stream(exactly(length, stream.bytes)), length))
}

/// As much of a text as has at most so many UTF-16 units.
fn head(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > most
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// A name that means a file and nothing else: no folders, no marks that a header or a reader could trip over.
fn name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let safe: String = last.chars().map(|c| if safe(c) { c } else { '_' }).collect();
    let safe = safe.trim_start_matches('.');
    let long = safe.chars().count().saturating_sub(NAME_LIMIT);
    // The ending says what it is.
    let safe: String = safe.chars().skip(long).collect();
    if safe.is_empty() { "file".to_owned() } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_cut_between_letters() {
        assert_eq!((head("abc", 3), head("abcd", 3), head("a🎬b", 2), head("", 3)), ("abc", "abc", "a", ""));
    }

    #[test]
    fn a_name_is_the_name_of_a_file() {
        for (given, safe) in [
            ("cut.mp4", "cut.mp4"),
            ("../../etc/passwd", "passwd"),
            ("C:\\clips\\a b\".mp4", "a_b_.mp4"),
            ("..", "file"),
            ("", "file"),
            ("夜骑.mp4", "夜骑.mp4"),
            ("a\r\nX: y.mp4", "a__X__y.mp4"),
        ] {
            assert_eq!(name(given), safe, "{given}");
        }
        assert!(name(&format!("{}.mp4", "x".repeat(300))).ends_with("xxx.mp4"));
    }
}
