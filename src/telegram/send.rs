//! Files on their way out: by address while Telegram fetches them itself, else streamed through us.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::stream::{StreamExt, TryStreamExt};
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::Url;

use super::api::Api;
use super::error::CallError;
use super::files::LOCAL_LIMIT;
use super::format::{Rendered, render};
use crate::chat::reply::{FileSource, Opens, OutFile};
use crate::chat::rich::RichText;
use crate::chat::surface::{SurfaceError, exactly};

/// What Telegram fetches by address, in bytes: "20 MB". Local Bot API servers do not raise it.
const ADDRESS_LIMIT: u64 = 20_000_000;
/// What a bot uploads to Telegram's own servers, in bytes: "50 MB".
const UPLOAD_LIMIT: u64 = 50_000_000;
/// A caption's length in UTF-16 units. Source: Bot API, `sendVideo`.
const CAPTION_LIMIT: usize = 1024;

/// How a file travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Telegram fetches it.
    Address,
    /// We pass it on: piece by piece where we fetch it ourselves.
    Upload,
}

/// The largest file that can be sent, in bytes.
pub(super) fn file_limit(local: bool) -> u64 {
    if local { LOCAL_LIMIT } else { UPLOAD_LIMIT }
}

/// The first way to try. An unknown size is tried by address: Telegram refuses what is too large for it.
pub(super) fn way(file: &OutFile, local: bool) -> Result<Way, CallError> {
    if let FileSource::Bytes(bytes) = &file.source {
        return if bytes.len() as u64 > file_limit(local) { Err(CallError::TooLarge) } else { Ok(Way::Upload) };
    }
    match file.size {
        Some(size) if size > file_limit(local) => Err(CallError::TooLarge),
        _ if matches!(file.source, FileSource::Opens(_)) => Ok(Way::Upload),
        Some(size) if size > ADDRESS_LIMIT => Ok(Way::Upload),
        _ => Ok(Way::Address),
    }
}

/// The fields of the call but for the file itself.
pub(super) fn fields(
    mut body: Map<String, Value>,
    file: &OutFile,
    caption: &Rendered,
) -> Result<Map<String, Value>, CallError> {
    if caption.text.encode_utf16().count() > CAPTION_LIMIT {
        return Err(CallError::TooLarge);
    }
    if caption.text.is_empty() && kind(file).1 == "photo" {
        // Telegram has no other place for what a picture shows.
        if let Some(alt) = &file.alt {
            body.insert("caption".to_owned(), render(&RichText::plain(alt)).text.into());
        }
    }
    if !caption.text.is_empty() {
        body.insert("caption".to_owned(), caption.text.as_str().into());
        if !caption.entities.is_empty() {
            body.insert("caption_entities".to_owned(), json!(caption.entities));
        }
    }
    if kind(file).1 == "video" {
        body.insert("supports_streaming".to_owned(), true.into());
        if let Some((width, height)) = file.resolution {
            body.insert("width".to_owned(), width.into());
            body.insert("height".to_owned(), height.into());
        }
        if let Some(duration) = file.duration {
            body.insert("duration".to_owned(), (duration.as_secs() + u64::from(duration.subsec_nanos() > 0)).into());
        }
    }
    Ok(body)
}

/// Sends one file one way.
pub(super) async fn file<T: DeserializeOwned>(
    api: &Api,
    file: &OutFile,
    way: Way,
    mut body: Map<String, Value>,
    local: bool,
) -> Result<T, CallError> {
    let (method, field) = kind(file);
    match (way, &file.source) {
        (Way::Address, FileSource::Link(url)) => {
            body.insert(field.to_owned(), url.as_str().into());
            api.call(method, &body).await
        }
        (_, source) => {
            let broken = Arc::new(AtomicBool::new(false));
            let part = match source {
                FileSource::Link(url) => fetched(api, file, url, local, &broken).await?,
                FileSource::Opens(source) => opened(source.as_ref(), file, local).await?,
                FileSource::Bytes(bytes) => Part::stream_with_length(bytes.clone(), bytes.len() as u64),
            };
            let part = named(part, file)?;
            let form = body.into_iter().fold(Form::new(), |form, (name, value)| match value {
                Value::String(text) => form.text(name, text),
                other => form.text(name, other.to_string()),
            });
            match api.upload(method, form.part(field, part)).await {
                // It was announced with its length, so nothing whole has arrived.
                Err(CallError::Unavailable(_)) if broken.load(Ordering::Relaxed) => Err(CallError::Gone),
                sent => sent,
            }
        }
    }
}

/// The file as a part of known length. `broken`: it ended early on its way to us. Whatever keeps it from us keeps it
/// from the chat for certain.
async fn fetched(
    api: &Api,
    file: &OutFile,
    url: &Url,
    local: bool,
    broken: &Arc<AtomicBool>,
) -> Result<Part, CallError> {
    let Ok(response) = api.fetch(url).await else { return Err(CallError::Gone) };
    if !response.status().is_success() {
        return Err(CallError::Gone);
    }
    // Without a length there is nothing to hold against the limit.
    let length = response.content_length().or(file.size).ok_or(CallError::TooLarge)?;
    if length > file_limit(local) {
        return Err(CallError::TooLarge);
    }
    let pieces = response.bytes_stream().map(|piece| piece.map_err(|error| CallError::transport(error).into()));
    let broken = Arc::clone(broken);
    let pieces = exactly(length, pieces.boxed()).inspect_err(move |_| broken.store(true, Ordering::Relaxed));
    Ok(Part::stream_with_length(Body::wrap_stream(pieces), length))
}

/// A file that the core opens, as a part of known length.
async fn opened(source: &dyn Opens, file: &OutFile, local: bool) -> Result<Part, CallError> {
    let stream = source.open().await.map_err(|error| match error {
        SurfaceError::Unavailable(cause) => CallError::Unavailable(cause),
        SurfaceError::TooLarge => CallError::TooLarge,
        _ => CallError::Gone,
    })?;
    let length = stream.length.or(file.size).ok_or(CallError::TooLarge)?;
    if length > file_limit(local) {
        return Err(CallError::TooLarge);
    }
    Ok(Part::stream_with_length(Body::wrap_stream(exactly(length, stream.bytes)), length))
}

/// The part with the file's name and type.
fn named(part: Part, file: &OutFile) -> Result<Part, CallError> {
    let mime = if file.mime.parse::<mime::Mime>().is_ok() { &file.mime } else { "application/octet-stream" };
    part.file_name(file.name.clone()).mime_str(mime).map_err(CallError::transport)
}

/// The method for a file, and the parameter that takes it.
fn kind(file: &OutFile) -> (&'static str, &'static str) {
    match file.mime.split('/').next() {
        Some("video") => ("sendVideo", "video"),
        Some("image") if file.mime != "image/gif" => ("sendPhoto", "photo"),
        _ => ("sendDocument", "document"),
    }
}
