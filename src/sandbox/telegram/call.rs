//! One call as it came in: JSON, form, query or multipart. File parts go to disk as they arrive.

use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::Shared;
use super::refusal::Refusal;

/// Parameters of one call are far smaller; files do not count.
const BODY_LIMIT: usize = 1 << 20;
/// What a local Bot API server takes: 2000 MB.
const LOCAL_UPLOAD: u64 = 2_000_000_000;
/// The reader of an oversized part gives up after this many times the limit.
const PATIENCE: u64 = 4;

/// A file part, stored.
#[derive(Clone, Debug)]
pub(super) struct Uploaded {
    pub(super) path: PathBuf,
    pub(super) size: u64,
    pub(super) name: Option<String>,
    pub(super) mime: Option<String>,
}

/// A call, before and after its parameters were decoded.
#[derive(Debug, Default)]
pub(super) struct Call {
    /// As the documentation spells it, once it is known to exist.
    pub(super) method: String,
    pub(super) parameters: Map<String, Value>,
    pub(super) parts: BTreeMap<String, Uploaded>,
    /// `json`, `form`, `query` or `multipart`.
    pub(super) encoding: &'static str,
    pub(super) http: String,
}

impl Call {
    /// The chat that the call is about, unless it is named by `@username`.
    pub(super) fn chat_id(&self) -> Option<i64> {
        let value = self.parameters.get("chat_id")?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    pub(super) fn int(&self, name: &str) -> Option<i64> {
        self.parameters.get(name)?.as_i64()
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name)?.as_str()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.parameters.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(super) fn list(&self, name: &str) -> Option<&Vec<Value>> {
        self.parameters.get(name)?.as_array()
    }

    /// What the journal needs of it after it was answered.
    pub(super) fn brief(&self) -> Self {
        let kept = ["chat_id", "message_id", "text", "caption"];
        let parameters = self.parameters.iter().filter(|(name, _)| kept.contains(&name.as_str()));
        let parameters = parameters.map(|(name, value)| (name.clone(), value.clone())).collect();
        Self { method: self.method.clone(), parameters, ..Self::default() }
    }

    /// The call as `check_telegram_calls.py` reads it.
    pub(super) fn record(&self) -> Value {
        let mut record = json!({
            "method": self.http,
            "path": format!("/bot<token>/{}", self.method),
            "body": self.parameters,
            "encoding": self.encoding,
        });
        if self.encoding == "multipart" {
            record["files"] = self.parts.keys().map(String::as_str).collect();
        }
        record
    }

    /// Reads the parameters of `method` out of a request. On a refusal what was read so far stays.
    pub(super) async fn read(&mut self, shared: &Shared, method: &str, request: Request) -> Result<(), Refusal> {
        method.clone_into(&mut self.method);
        self.http = request.method().to_string();
        let query = request.uri().query().unwrap_or_default().as_bytes();
        let mut query: Map<String, Value> = pairs(query);
        let content = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let content: Option<mime::Mime> = content.parse().ok();
        let essence = content.as_ref().map(mime::Mime::essence_str).unwrap_or_default();
        if essence == "multipart/form-data" {
            self.encoding = "multipart";
            self.parameters.append(&mut query);
            return self.read_parts(shared, request).await;
        }
        self.encoding = match (essence, query.is_empty()) {
            ("application/json", true) => "json",
            ("application/json" | "application/x-www-form-urlencoded", _) => "form",
            _ if query.is_empty() && request.method() == "POST" => "json",
            _ => "query",
        };
        let is_json = essence == "application/json";
        let body = to_bytes(request.into_body(), BODY_LIMIT).await.map_err(|_| too_large())?;
        self.parameters.append(&mut query);
        if body.is_empty() {
            return Ok(());
        }
        if is_json {
            match serde_json::from_slice(&body) {
                Ok(Value::Object(mut fields)) => self.parameters.append(&mut fields),
                Ok(_) => return Err(Refusal::bad("can't parse request: object expected")),
                Err(_) => return Err(Refusal::bad("can't parse request body as JSON")),
            }
        } else if essence == "application/x-www-form-urlencoded" {
            self.parameters.append(&mut pairs(&body));
        } else {
            return Err(Refusal::bad("unsupported content type (the emulator is stricter)"));
        }
        Ok(())
    }

    async fn read_parts(&mut self, shared: &Shared, request: Request) -> Result<(), Refusal> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let mut read = 0;
        let mut oversized = false;
        while let Some(mut part) = parts.next_field().await.map_err(|_| broken())? {
            let name = part.name().unwrap_or_default().to_owned();
            let Some(file_name) = part.file_name().map(str::to_owned) else {
                let mut text = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                    read += chunk.len();
                    if read > BODY_LIMIT {
                        return Err(too_large());
                    }
                    text.extend_from_slice(&chunk);
                }
                let text = String::from_utf8(text).map_err(|_| Refusal::bad("strings must be encoded in UTF-8"))?;
                self.parameters.insert(name, Value::String(text));
                continue;
            };
            let sizes = &shared.settings.sizes;
            let limit = match self.method.as_str() {
                "sendPhoto" => sizes.photo_upload,
                _ if shared.settings.local => LOCAL_UPLOAD,
                _ => sizes.upload,
            };
            let mime = part.content_type().map(str::to_owned);
            let path = shared.new_path();
            let mut file = File::create(&path).await.map_err(|_| Refusal::new(500, "Internal Server Error"))?;
            let mut size = 0;
            // What is over the limit is read and forgotten: a client that is answered before it has sent everything
            // sees a broken pipe instead of the answer.
            while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                size += chunk.len() as u64;
                if size > limit.saturating_mul(PATIENCE) {
                    return Err(too_large());
                }
                if size <= limit {
                    file.write_all(&chunk).await.map_err(|_| Refusal::new(500, "Internal Server Error"))?;
                }
            }
            file.flush().await.map_err(|_| Refusal::new(500, "Internal Server Error"))?;
            oversized |= size > limit;
            let name_given = Some(file_name).filter(|name| !name.is_empty());
            self.parts.insert(name, Uploaded { path, size, name: name_given, mime });
        }
        if oversized { Err(too_large()) } else { Ok(()) }
    }
}

fn broken() -> Refusal {
    Refusal::bad("can't parse multipart body")
}

fn too_large() -> Refusal {
    Refusal::new(413, "Request Entity Too Large")
}

fn pairs(source: &[u8]) -> Map<String, Value> {
    url::form_urlencoded::parse(source).map(|(name, value)| (name.into_owned(), json!(value))).collect()
}
