//! One call as it came in: JSON or multipart. File parts go to disk as they arrive.

use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use serde_json::{Value, json};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::Shared;
use super::refusal::{BAD_JSON, Known, Refusal, TOO_LARGE};
use super::routes::Route;

/// Bodies of one call are far smaller; files do not count.
const BODY_LIMIT: usize = 1 << 20;
/// The reader of an oversized part gives up after this many times the limit.
const PATIENCE: u64 = 8;

/// A file part, stored.
#[derive(Clone, Debug)]
pub(super) struct Uploaded {
    pub(super) path: PathBuf,
    pub(super) size: u64,
    pub(super) name: Option<String>,
    pub(super) mime: Option<String>,
}

/// A call.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub(super) method: String,
    /// After `/api/v10`; of a download whole. As it came, escapes included.
    pub(super) path: String,
    pub(super) query: BTreeMap<String, String>,
    raw_query: String,
    pub(super) route: Option<&'static Route>,
    /// What stands for the route's placeholders.
    pub(super) steps: Vec<String>,
    pub(super) body: Value,
    pub(super) parts: BTreeMap<String, Uploaded>,
    pub(super) authorization: String,
    pub(super) agent: String,
    multipart: bool,
}

impl Call {
    /// What its head tells. `path` is the path without the version.
    pub(super) fn new(request: &Request, path: &str) -> Self {
        let head = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let raw_query = request.uri().query().unwrap_or_default().to_owned();
        Self {
            method: request.method().to_string(),
            path: path.to_owned(),
            query: url::form_urlencoded::parse(raw_query.as_bytes()).into_owned().collect(),
            raw_query,
            authorization: head(AUTHORIZATION).to_owned(),
            agent: head(USER_AGENT).to_owned(),
            ..Self::default()
        }
    }

    /// Whether it fetches the bytes of a file.
    pub(super) fn is_download(&self) -> bool {
        let in_cdn = ["/attachments/", "/ephemeral-attachments/"].iter().any(|folder| self.path.starts_with(folder));
        in_cdn && self.route.is_none()
    }

    /// The snowflake at the n-th placeholder.
    pub(super) fn id(&self, at: usize) -> Result<u64, Refusal> {
        let step = self.steps.get(at).map(String::as_str).unwrap_or_default();
        step.parse().map_err(|_| {
            let name = self.route.and_then(|route| route.template.split(['{', '}']).nth(2 * at + 1));
            let words = format!("Value \"{step}\" is not snowflake.");
            Refusal::form(name.unwrap_or_default(), "NUMBER_TYPE_COERCE", words)
        })
    }

    pub(super) fn step(&self, at: usize) -> &str {
        self.steps.get(at).map(String::as_str).unwrap_or_default()
    }

    /// A parameter of the query that says yes.
    pub(super) fn asks(&self, name: &str) -> bool {
        self.query.get(name).is_some_and(|value| matches!(value.as_str(), "true" | "1" | "True"))
    }

    /// Method and template, for people and for the journal.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.method, self.route.map_or(self.path.as_str(), |route| route.template))
    }

    /// The call as `check_discord_calls.py` reads it. Interaction tokens and signatures are left out.
    pub(super) fn record(&self) -> Value {
        if self.is_download() {
            return json!({ "method": self.method, "path": self.path, "body": null });
        }
        let mut path = self.path.clone();
        if self.route.is_some_and(Route::is_interaction) {
            path = path.replace(self.step(1), "token");
        }
        let mark = if self.raw_query.is_empty() { "" } else { "?" };
        let path = format!("/api/v10{path}{mark}{}", self.raw_query);
        let mut record = json!({ "method": self.method, "path": path, "body": self.body });
        if self.multipart {
            record["files"] = self.parts.keys().map(String::as_str).collect();
        }
        record
    }

    /// Reads the body. On a refusal what was read so far stays.
    pub(super) async fn read(&mut self, shared: &Shared, request: Request) -> Result<(), Refusal> {
        let content = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let content: Option<mime::Mime> = content.parse().ok();
        let essence = content.as_ref().map(mime::Mime::essence_str).unwrap_or_default().to_owned();
        if essence == "multipart/form-data" {
            self.multipart = true;
            return self.read_parts(shared, request).await;
        }
        let body = to_bytes(request.into_body(), BODY_LIMIT).await.map_err(|_| Refusal::from(TOO_LARGE))?;
        if body.is_empty() {
            return Ok(());
        }
        if essence != "application/json" {
            let words = "Expected \"Content-Type\" header to be one of {'application/json'}.";
            return Err(Refusal::form("_misc", "CONTENT_TYPE_INVALID", words));
        }
        self.body = serde_json::from_slice(&body).map_err(|_| Refusal::from(BAD_JSON))?;
        Ok(())
    }

    async fn read_parts(&mut self, shared: &Shared, request: Request) -> Result<(), Refusal> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let (limit, total) = shared.upload_limits();
        let (mut read, mut oversized) = (0, false);
        while let Some(mut part) = parts.next_field().await.map_err(|_| broken())? {
            let name = part.name().unwrap_or_default().to_owned();
            let Some(file_name) = part.file_name().map(str::to_owned) else {
                let mut text = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                    text.extend_from_slice(&chunk);
                    if text.len() > BODY_LIMIT {
                        return Err(TOO_LARGE.into());
                    }
                }
                if name == "payload_json" {
                    self.body = serde_json::from_slice(&text).map_err(|_| Refusal::from(BAD_JSON))?;
                } else {
                    shared.breach(format!("form field {name}: only payload_json and files[n] are used"));
                }
                continue;
            };
            let mime = part.content_type().map(str::to_owned);
            let path = shared.new_path();
            let mut file = File::create(&path).await.map_err(|_| internal())?;
            let mut size: u64 = 0;
            // What is over the limit is read and forgotten: a client that is answered before it has sent everything
            // sees a broken pipe instead of the answer.
            while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                size += chunk.len() as u64;
                read += chunk.len() as u64;
                oversized |= size > limit || read > total;
                if size > limit.saturating_mul(PATIENCE) {
                    return Err(TOO_LARGE.into());
                }
                if !oversized {
                    file.write_all(&chunk).await.map_err(|_| internal())?;
                }
            }
            file.flush().await.map_err(|_| internal())?;
            let name_given = Some(file_name).filter(|name| !name.is_empty());
            self.parts.insert(name, Uploaded { path, size, name: name_given, mime });
        }
        if oversized { Err(TOO_LARGE.into()) } else { Ok(()) }
    }
}

fn broken() -> Refusal {
    Refusal::form("_misc", "MULTIPART_INVALID", "The multipart body cannot be read.")
}

fn internal() -> Refusal {
    Known(500, 0, "500: Internal Server Error").into()
}
