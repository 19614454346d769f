//! Clips: multipart to disk, or addresses that are never fetched.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::mp4::{self, Facts};
use super::server::{Refusal, account_at, object, success};
use super::world::{Clip, Held, Hub, digest, hex};
use super::{Scenario, draft, faults};

/// Addresses in one request.
const URLS_LIMIT: usize = 20;
/// A list of addresses is short.
const BODY_LIMIT: usize = 256 * 1024;
/// A refused file is read on, so that the client hears the answer, but not for ever.
const DRAIN_FACTOR: u64 = 4;
/// What a film without readable boxes is taken for.
const UNREAD: Facts = Facts { seconds: 30.5, width: 1920, height: 1080 };

/// Extension, media type, kind.
const FORMATS: [(&str, &str, &str); 14] = [
    ("mp4", "video/mp4", "video"),
    ("mov", "video/quicktime", "video"),
    ("avi", "video/x-msvideo", "video"),
    ("webm", "video/webm", "video"),
    ("mkv", "video/x-matroska", "video"),
    ("jpg", "image/jpeg", "image"),
    ("jpeg", "image/jpeg", "image"),
    ("png", "image/png", "image"),
    ("gif", "image/gif", "image"),
    ("webp", "image/webp", "image"),
    ("mp3", "audio/mpeg", "audio"),
    ("wav", "audio/wav", "audio"),
    ("m4a", "audio/mp4", "audio"),
    ("aac", "audio/aac", "audio"),
];

/// One file of an upload.
#[derive(Debug)]
struct Arrived {
    clip: Clip,
    facts: Facts,
    hash: String,
    cdn_url: String,
}

/// `POST /api/upload-video/nemo_agent/me/{session}`.
pub(super) async fn upload(
    State(hub): State<Arc<Hub>>,
    Path(session): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Refusal> {
    let user = account_at(&hub, &headers, "upload");
    let belongs = |user: &str| hub.world().sessions.get(&session).is_some_and(|found| found.user == user);
    let allowed =
        user.and_then(|user| if belongs(&user) { Ok(()) } else { Err(Refusal::code(&hub, 1002, "session not found")) });
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let arrived = if kind.starts_with("multipart/form-data") {
        let parts = Multipart::from_request(request, &()).await;
        let parts = parts.map_err(|err| Refusal::detail(StatusCode::BAD_REQUEST, err.body_text()))?;
        take_files(&hub, parts, allowed).await
    } else {
        allowed?;
        let body = axum::body::to_bytes(request.into_body(), BODY_LIMIT).await;
        take_urls(&hub, &object(&body.unwrap_or_default())?)
    };
    let arrived = match arrived {
        Ok(arrived) => arrived,
        Err(refusal) => {
            hub.note("upload", "An upload is refused.", json!({ "session": session, "refused": true }));
            return Err(refusal);
        }
    };
    let pace = &hub.settings.pace;
    tokio::time::sleep(if hub.world().plays(Scenario::SlowUpload) { pace.slow } else { pace.upload }).await;
    let applied = apply(&hub, &session, &arrived)?;
    if hub.world().plays(Scenario::UploadLost) {
        return Ok(faults::page(StatusCode::BAD_GATEWAY));
    }
    Ok(applied.into_response())
}

/// Reads every part to its end, whatever is wrong: a client that still writes cannot read our answer. What is too large
/// by the scenario is refused at once, and the rest is read on beside the answer.
async fn take_files(
    hub: &Arc<Hub>,
    mut parts: Multipart,
    mut verdict: Result<(), Refusal>,
) -> Result<Vec<Arrived>, Refusal> {
    let bad = |err: axum::extract::multipart::MultipartError| Refusal::detail(StatusCode::BAD_REQUEST, err.body_text());
    if hub.world().plays(Scenario::TooLarge) && verdict.is_ok() {
        // Only once the file has begun to come.
        drop(parts.next_field().await);
        let beside = Arc::clone(hub);
        hub.drains.spawn(async move {
            let rest = async {
                let mut read = 0;
                while let Ok(Some(part)) = parts.next_field().await {
                    if drain(&beside, part, &mut read).await.is_err() {
                        return;
                    }
                }
            };
            beside.stop.run_until_cancelled(rest).await;
        });
        return Err(too_large(hub));
    }
    let mut arrived = Vec::new();
    let mut read = 0;
    while let Some(part) = parts.next_field().await.map_err(bad)? {
        if verdict.is_ok() && part.name() == Some("files") {
            match take_file(hub, part, &mut read).await {
                Ok(file) => arrived.push(file),
                Err(refusal) => verdict = Err(refusal),
            }
        } else {
            drain(hub, part, &mut read).await?;
        }
    }
    verdict?;
    if arrived.is_empty() {
        hub.breach("POST upload-video: the multipart body has no field named files");
        let detail = json!([{ "type": "missing", "loc": ["body", "files"], "msg": "Field required", "input": null }]);
        return Err(Refusal::detail(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    Ok(arrived)
}

async fn drain(hub: &Hub, mut part: Field<'_>, read: &mut u64) -> Result<(), Refusal> {
    while let Ok(Some(chunk)) = part.chunk().await {
        *read += chunk.len() as u64;
        if *read > hub.settings.upload_limit.saturating_mul(DRAIN_FACTOR) {
            return Err(too_large(hub));
        }
    }
    Ok(())
}

async fn take_file(hub: &Hub, mut part: Field<'_>, read: &mut u64) -> Result<Arrived, Refusal> {
    let name = part.file_name().unwrap_or("upload").to_owned();
    let Some(kind) = kind_of(&name, part.content_type()) else {
        drain(hub, part, read).await?;
        return Err(Refusal::code(hub, 4001, "unsupported file type"));
    };
    let broken = |what: &str| Refusal::status(StatusCode::INTERNAL_SERVER_ERROR, what);
    let file = tempfile::Builder::new().prefix("clip-").tempfile_in(hub.folder.path());
    let (file, path) = file.map_err(|_| broken("no room for the file"))?.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let (mut size, mut hash) = (0_u64, Sha256::new());
    while let Some(chunk) = part.chunk().await.map_err(|_| broken("the upload broke off"))? {
        size += chunk.len() as u64;
        let room = hub.settings.disk_limit.saturating_sub(hub.stored.load(Ordering::Relaxed));
        if size > hub.settings.upload_limit.min(room) {
            *read += size;
            drain(hub, part, read).await?;
            return Err(too_large(hub));
        }
        hash.update(&chunk);
        file.write_all(&chunk).await.map_err(|_| broken("the file could not be written"))?;
    }
    *read += size;
    file.flush().await.map_err(|_| broken("the file could not be written"))?;
    let held = Arc::new(Held::new(path, size, &hub.stored));
    let facts = facts_of(held.clone()).await;
    let cdn_url = cdn_url(&name);
    Ok(Arrived { clip: Clip { name, kind, held: Some(held) }, facts, hash: hex(&hash.finalize()), cdn_url })
}

async fn facts_of(held: Arc<Held>) -> Facts {
    let read = tokio::task::spawn_blocking(move || mp4::read(&mut std::fs::File::open(&held.path).ok()?));
    read.await.ok().flatten().unwrap_or(UNREAD)
}

fn take_urls(hub: &Hub, body: &Value) -> Result<Vec<Arrived>, Refusal> {
    let scenario = hub.world().scenario();
    match scenario {
        Scenario::TooLarge => return Err(too_large(hub)),
        Scenario::LinksRefused => return Err(Refusal::status(StatusCode::BAD_REQUEST, "not an address of a file")),
        Scenario::LinksUnfetched => return Err(Refusal::status(StatusCode::BAD_GATEWAY, "the file cannot be fetched")),
        Scenario::LinksEmpty => return Ok(Vec::new()),
        _ => {}
    }
    let urls: Vec<&str> =
        body["urls"].as_array().into_iter().flatten().filter_map(Value::as_str).take(URLS_LIMIT).collect();
    if urls.is_empty() {
        return Err(Refusal::detail(StatusCode::UNPROCESSABLE_ENTITY, "urls is empty"));
    }
    let take = |text: &&str| {
        let url = url::Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
        let url = url.ok_or_else(|| Refusal::status(StatusCode::BAD_REQUEST, "not a web address"))?;
        if url.path().contains("/bot") && url.path().contains("/file/") {
            hub.breach("POST upload-video: an address of Telegram's files holds the bot's token");
        }
        let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let name = if last.is_empty() { "video.mp4" } else { last };
        // An address need not end like a file.
        let kind = if name.contains('.') { kind_of(name, None) } else { Some("video") };
        let kind = kind.ok_or_else(|| Refusal::code(hub, 4001, "unsupported file type"))?;
        let clip = Clip { name: name.to_owned(), kind, held: None };
        Ok(Arrived { clip, facts: UNREAD, hash: digest(text.as_bytes()), cdn_url: cdn_url(name) })
    };
    urls.iter().map(take).collect()
}

/// By the end of the name, else by the media type.
fn kind_of(name: &str, media_type: Option<&str>) -> Option<&'static str> {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    let by_name = FORMATS.iter().find(|(known, ..)| end.as_deref() == Some(*known));
    let by_type = || FORMATS.iter().find(|(_, known, _)| end.is_none() && media_type == Some(*known));
    by_name.or_else(by_type).map(|(.., kind)| *kind)
}

/// An address as the service names one. Nothing answers there.
fn cdn_url(name: &str) -> String {
    format!("https://cdn.example.com/videos/{}/{}", &Uuid::new_v4().simple().to_string()[..8], name)
}

fn too_large(hub: &Hub) -> Refusal {
    Refusal::code(hub, 4002, "file too large")
}

/// Puts the files into the session's state and answers.
fn apply(hub: &Hub, id: &str, arrived: &[Arrived]) -> Result<Json<Value>, Refusal> {
    let files: Vec<Value> = arrived.iter().map(described).collect();
    {
        let mut world = hub.world();
        let Some(session) = world.sessions.get_mut(id) else {
            return Err(Refusal::code(hub, 1002, "session not found"));
        };
        for (Arrived { clip, facts, cdn_url, .. }, file) in arrived.iter().zip(&files) {
            session.video_infos.push(file.clone());
            session.clips.push(clip.clone());
            if clip.kind == "video" {
                let size = (facts.width, facts.height);
                draft::add_clip(&mut session.draft, &clip.name, cdn_url, millis(facts.seconds), size);
            }
        }
    }
    for (Arrived { clip, hash, .. }, file) in arrived.iter().zip(&files) {
        let size = clip.held.as_ref().map(|held| held.size);
        let data = json!({ "session": id, "name": clip.name, "kind": clip.kind, "size": size, "hash": hash });
        let line = match (size, file["duration"].as_f64()) {
            (Some(size), Some(seconds)) => format!("{}: {} kB, {seconds:.1} s", clip.name, size / 1_000),
            (Some(size), None) => format!("{}: {} kB", clip.name, size / 1_000),
            (None, _) => format!("{}: by its address", clip.name),
        };
        hub.note("upload", line, data);
    }
    hub.note("state", "The project holds the new clips.", json!({ "session": id, "change": "upload" }));
    Ok(success(&json!({ "files": files, "session_state_applied": true })))
}

fn described(file: &Arrived) -> Value {
    let Arrived { clip, facts, hash, cdn_url } = file;
    let mut about = json!({ "filename": clip.name, "file_type": clip.kind, "cdn_url": cdn_url, "hash": hash });
    if clip.kind != "audio" {
        about["width"] = json!(facts.width);
        about["height"] = json!(facts.height);
    }
    if clip.kind != "image" {
        about["duration"] = json!(facts.seconds);
    }
    if clip.kind == "video" {
        about["fps"] = json!(30);
    }
    about
}

/// The draft counts in milliseconds.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length in milliseconds, never negative")]
fn millis(seconds: f64) -> u64 {
    (seconds * 1_000.0).round() as u64
}

#[cfg(test)]
mod tests {
    use super::kind_of;

    #[test]
    fn the_name_decides_and_then_the_media_type() {
        assert_eq!(kind_of("a.MP4", None), Some("video"));
        assert_eq!(kind_of("clip", Some("video/webm")), Some("video"));
        assert_eq!(kind_of("a.pdf", Some("video/mp4")), None);
        assert_eq!(kind_of("a.zip", None), None);
    }
}
