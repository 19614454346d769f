//! The page of the try-out: both chats as a person would see them, and beside them what the backend sees.
//!
//! It knows the emulators through three small traits only, so that it can be tried without them. It is meant for the
//! person in front of this machine: `guard` keeps out web pages from elsewhere, and nothing is loaded from anywhere.

mod asset;
mod discord;
mod feed;
mod file;
mod guard;
mod upload;
mod view;

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

pub use self::view::{Answer, Backend, ChatView, Deed, DiscordView, Scenario, SentFile, StagedFile};
use super::journal::Journal;

/// A JSON request holds one message; the longest text of a chat is 4,096 UTF-16 units, 12 KB.
const REQUEST_LIMIT: usize = 64 * 1024;
/// Telegram's limit of a text, in UTF-16 units; a real client splits what is longer.
const TEXT_LIMIT: usize = 4096;
/// How many browser windows may follow at once; for each we remember what it has been sent.
const FEEDS: usize = 16;
/// Presses that wait for their answer at the same time. A person has two hands.
const PRESSES: usize = 32;
/// How long a press waits for its answer; platforms take their waiting sign away after some seconds too.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);
/// How long requests may go on after the stop signal: the program is gone two seconds after it.
const STOP_PATIENCE: Duration = Duration::from_secs(1);

/// The languages that the person can have: the code that a client reports, and the name in its own language. More than
/// the page itself speaks, since the bot may speak them.
const LANGUAGES: [(&str, &str); 15] = [
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("es", "Español"),
    ("pt-br", "Português"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("it", "Italiano"),
    ("ru", "Русский"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("hi", "हिन्दी"),
    ("ar", "العربية"),
    ("id", "Indonesia"),
    ("vi", "Tiếng Việt"),
];

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Views {
    /// The chat on Telegram.
    pub chat: Arc<dyn ChatView>,
    /// Discord.
    pub discord: Arc<dyn DiscordView>,
    /// The backend's emulator.
    pub backend: Arc<dyn Backend>,
    /// What the emulators saw.
    pub journal: Journal,
}

#[derive(Debug)]
struct Page {
    views: Views,
    /// Names this run: a browser that outlived the last one forgets what it saw there.
    run: String,
    stop: CancellationToken,
    feeds: Arc<Semaphore>,
    presses: Semaphore,
    staged: upload::Stage,
    uploads: TempDir,
    /// Bytes that were sent in this run or lie in `uploads`.
    uploaded: Arc<AtomicU64>,
}

/// Serves the page until `stop`. What the person uploads lies in a temporary folder that goes away with it.
pub async fn serve(listener: TcpListener, views: Views, stop: CancellationToken) -> io::Result<()> {
    let page = Arc::new(Page {
        views,
        run: format!("{:016x}", rand::random::<u64>()),
        stop: stop.clone(),
        feeds: Arc::new(Semaphore::new(FEEDS)),
        presses: Semaphore::new(PRESSES),
        staged: upload::Stage::default(),
        uploads: tempfile::Builder::new().prefix("nemo-bot-page-").tempdir()?,
        uploaded: Arc::default(),
    });
    let server = axum::serve(listener, router(page)).with_graceful_shutdown(stop.clone().cancelled_owned());
    let patience = async {
        stop.cancelled().await;
        tokio::time::sleep(STOP_PATIENCE).await;
    };
    tokio::select! {
        result = server => result,
        () = patience => Ok(()),
    }
}

fn router(page: Arc<Page>) -> Router {
    Router::new()
        .route("/feed", get(feed::follow))
        .route("/say", post(say))
        .route("/press", post(press))
        .route("/stop", post(stop_draft))
        .route("/file", post(upload::receive))
        .route("/sample", post(upload::sample))
        .route("/file/{id}", get(file::of_telegram))
        .route("/discord", post(discord::act))
        .route("/discord/stage", post(upload::stage))
        .route("/discord/sample", post(upload::stage_sample))
        .route("/discord/file/{id}", get(file::of_discord))
        .route("/scenario", get(scenario).post(play))
        .route("/release", post(release))
        .route("/menu", get(menu))
        .route("/people", get(people))
        .fallback(get(asset::send))
        .layer(DefaultBodyLimit::max(REQUEST_LIMIT))
        .layer(middleware::from_fn_with_state(page.clone(), until_stop))
        // Outermost: nothing behind it runs for a stranger.
        .layer(middleware::from_fn(guard::guard))
        .with_state(page)
}

/// Cuts whatever a request waits for when the page ends.
async fn until_stop(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    tokio::select! {
        response = next.run(request) => response,
        () = page.stop.cancelled() => Refusal::Stopping.into_response(),
    }
}

#[derive(Deserialize)]
struct Say {
    language: String,
    text: String,
}

async fn say(State(page): State<Arc<Page>>, Json(say): Json<Say>) -> Result<Json<Value>, Refusal> {
    let language = known(&say.language)?;
    let text = say.text.trim();
    if text.is_empty() {
        return Err(Refusal::Wrong);
    }
    if text.encode_utf16().count() > TEXT_LIMIT {
        return Err(Refusal::TooLong);
    }
    Ok(Json(json!({ "message_id": page.views.chat.says(language, text) })))
}

#[derive(Deserialize)]
struct Press {
    language: String,
    message_id: i64,
    data: String,
}

/// Presses a button and waits for the bot's answer, as the waiting sign on a real button does.
async fn press(State(page): State<Arc<Page>>, Json(press): Json<Press>) -> Result<Json<Value>, Refusal> {
    let language = known(&press.language)?;
    let _one = page.presses.try_acquire().map_err(|_| Refusal::Busy)?;
    let chat = &page.views.chat;
    let mut changes = chat.changes();
    let name = chat.presses(language, press.message_id, &press.data).ok_or(Refusal::Gone)?;
    let answered = async {
        loop {
            changes.mark_unchanged();
            if let Some(answer) = chat.answer(&name) {
                return Some(answer);
            }
            changes.changed().await.ok()?;
        }
    };
    let answer = tokio::time::timeout(ANSWER_PATIENCE, answered).await.ok().flatten();
    Ok(Json(json!({ "answer": answer })))
}

async fn stop_draft(State(page): State<Arc<Page>>) -> Result<Json<Value>, Refusal> {
    if page.views.chat.stops_draft() { Ok(Json(json!({}))) } else { Err(Refusal::Gone) }
}

async fn scenario(State(page): State<Arc<Page>>) -> Json<Value> {
    let backend = &page.views.backend;
    Json(json!({ "playing": backend.playing(), "scenarios": backend.scenarios() }))
}

#[derive(Deserialize)]
struct Play {
    name: String,
}

async fn play(State(page): State<Arc<Page>>, Json(play): Json<Play>) -> Result<Json<Value>, Refusal> {
    if !page.views.backend.play(&play.name) {
        return Err(Refusal::Gone);
    }
    Ok(Json(json!({ "playing": page.views.backend.playing() })))
}

async fn release(State(page): State<Arc<Page>>) -> Json<Value> {
    page.views.backend.release();
    Json(json!({}))
}

#[derive(Deserialize)]
struct Menu {
    language: String,
}

async fn menu(State(page): State<Arc<Page>>, Query(menu): Query<Menu>) -> Result<Json<Value>, Refusal> {
    let commands = page.views.chat.menu(known(&menu.language)?);
    let commands: Vec<_> =
        commands.into_iter().map(|(name, does)| json!({ "command": name, "description": does })).collect();
    Ok(Json(Value::Array(commands)))
}

/// Whom the person can be, and what they may send.
async fn people() -> Json<Value> {
    let languages: Vec<_> = LANGUAGES.iter().map(|(code, name)| json!({ "code": code, "name": name })).collect();
    Json(json!({ "languages": languages, "file_limit": upload::FILE_LIMIT, "text_limit": TEXT_LIMIT }))
}

/// Our own copy of a language code, if we know it.
fn known(language: &str) -> Result<&'static str, Refusal> {
    LANGUAGES.iter().map(|(code, _)| *code).find(|code| *code == language).ok_or(Refusal::Wrong)
}

/// Why the page did not do what the browser asked. Its script has a sentence for each word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("stranger")]
    Stranger,
    #[error("wrong")]
    Wrong,
    #[error("gone")]
    Gone,
    #[error("too-long")]
    TooLong,
    #[error("too-large")]
    TooLarge,
    #[error("empty")]
    Empty,
    #[error("full")]
    Full,
    #[error("broken-off")]
    BrokenOff,
    #[error("disk")]
    Disk,
    #[error("busy")]
    Busy,
    #[error("stopping")]
    Stopping,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Stranger => StatusCode::FORBIDDEN,
            Self::Wrong | Self::Empty | Self::BrokenOff => StatusCode::BAD_REQUEST,
            Self::Gone => StatusCode::NOT_FOUND,
            Self::TooLong | Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Disk => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy | Self::Stopping => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}

#[cfg(test)]
mod tests;
