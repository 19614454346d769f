//! Clips on their way into a project: streamed with a declared length, never held (contract 3.4).

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{BoxStream, Stream};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Method};
use serde_json::json;
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use url::Url;

use super::account::{SessionId, Token};
use super::wire::{Call, Fields, Reply};
use super::{Nemo, NemoError, media};

/// How long an upload may stand still, before we give it up. After the last byte the backend stores and measures the
/// file, which takes its time.
pub(super) const STALL: Duration = Duration::from_mins(5);
/// How many uploaded files of one answer are looked at. An album has ten.
const FILES_LIMIT: usize = 100;

/// What went wrong at a source. It stays there: such an error may hold an address with a bot's token.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A file to upload, for one pass over its bytes.
pub struct UploadFile {
    /// The name that the agent will know it by.
    pub name: String,
    /// Its media type, as [`media::accepts`] gave it.
    pub mime: String,
    /// Its exact length in bytes. Without one an upload cannot be told from half of one.
    pub length: u64,
    /// Its bytes.
    pub bytes: BoxStream<'static, Result<Bytes, BoxError>>,
}

impl fmt::Debug for UploadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadFile").field("mime", &self.mime).field("length", &self.length).finish_non_exhaustive()
    }
}

/// What the backend says about an upload. It may say nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uploaded {
    /// The files, at most a hundred.
    pub files: Vec<UploadedFile>,
    /// Whether the project knows them already, if the backend says so.
    pub applied: Option<bool>,
}

/// One file as the backend sees it. Nothing here is certain to be told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UploadedFile {
    /// Its name.
    pub name: Option<String>,
    /// `video`, and probably `image` or `audio`.
    pub kind: Option<String>,
    /// How long it plays.
    pub duration: Option<Duration>,
    /// Width and height in pixels.
    pub size: Option<(u64, u64)>,
}

impl Nemo {
    /// Uploads one file. An early refusal is returned at once, without reading the rest of the source. Dropping the
    /// future stops the upload; the backend then has nothing.
    ///
    /// After `Unavailable` and `Server` look at [`Project::video_infos`](super::Project::video_infos) before a second
    /// try: the file may have arrived.
    pub async fn upload(&self, token: &Token, session: &SessionId, file: UploadFile) -> Result<Uploaded, NemoError> {
        if file.length > media::SIZE_LIMIT {
            return Err(NemoError::TooLarge);
        }
        let name = media::safe_name(&file.name, &file.mime);
        let gauge =
            Arc::new(Gauge { announced: file.length, sent: AtomicU64::new(0), truncated: AtomicBool::new(false) });
        let stop = CancellationToken::new();
        let source = Source {
            bytes: Some(file.bytes),
            gauge: Arc::clone(&gauge),
            stopped: Box::pin(stop.clone().cancelled_owned()),
        };
        // After an early refusal the HTTP library would hold on to the source for as long as the connection stays.
        let _stop = stop.drop_guard();
        let part = Part::stream_with_length(Body::wrap_stream(source), file.length)
            .file_name(name)
            .mime_str(&file.mime)
            .map_err(|_| NemoError::Unsupported)?;
        let request = self.upload_request(session).multipart(Form::new().part("files", part));
        let reply = self.ask_within(Call::Upload, Some(token), request, stalled(&gauge)).await;
        let truncated = gauge.truncated.load(Ordering::Acquire);
        match reply {
            // Our own breaking off shows as network trouble. A refusal that came first is worth more.
            Ok(_) | Err(NemoError::Unavailable { .. }) if truncated => {
                Err(NemoError::Truncated { sent: gauge.sent.load(Ordering::Acquire), announced: gauge.announced })
            }
            reply => Ok(read_uploaded(&reply?)),
        }
    }

    /// Lets the backend fetch files by their addresses. Never one that holds a token; one of a platform's only where its
    /// adapter gives it out for that.
    pub async fn upload_links(&self, token: &Token, session: &SessionId, links: &[Url]) -> Result<Uploaded, NemoError> {
        let body = json!({ "urls": links, "source_type": "url" });
        let request = self.upload_request(session).json(&body);
        let reply = self.ask_within(Call::Upload, Some(token), request, sleep(STALL)).await?;
        Ok(read_uploaded(&reply))
    }

    fn upload_request(&self, session: &SessionId) -> reqwest::RequestBuilder {
        self.request(Method::POST, &["api", "upload-video", "nemo_agent", "me", session.as_str()])
    }
}

/// Ends when no byte moved for [`STALL`], at the latest after twice that.
async fn stalled(gauge: &Gauge) {
    let mut before = None;
    loop {
        let sent = gauge.sent.load(Ordering::Relaxed);
        if before == Some(sent) {
            return;
        }
        before = Some(sent);
        sleep(STALL).await;
    }
}

/// What is known of an upload on its way.
#[derive(Debug)]
struct Gauge {
    announced: u64,
    sent: AtomicU64,
    truncated: AtomicBool,
}

/// The bytes of an upload, counted. Gives as many as were announced or fails: a body that ends early but cleanly could
/// be taken for the whole file.
struct Source {
    bytes: Option<BoxStream<'static, Result<Bytes, BoxError>>>,
    gauge: Arc<Gauge>,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Source {
    fn fail(&mut self) -> Poll<Option<Result<Bytes, Broken>>> {
        self.bytes = None;
        self.gauge.truncated.store(true, Ordering::Release);
        Poll::Ready(Some(Err(Broken)))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the source of an upload broke off")]
struct Broken;

impl Stream for Source {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.stopped.as_mut().poll(cx).is_ready() {
            self.bytes = None;
            return Poll::Ready(Some(Err(Broken)));
        }
        let Some(bytes) = &mut self.bytes else { return Poll::Ready(None) };
        let next = std::task::ready!(bytes.as_mut().poll_next(cx));
        let before = self.gauge.sent.load(Ordering::Relaxed);
        match next {
            Some(Ok(chunk)) => {
                let sent = before.saturating_add(chunk.len() as u64);
                self.gauge.sent.store(sent, Ordering::Release);
                if sent > self.gauge.announced { self.fail() } else { Poll::Ready(Some(Ok(chunk))) }
            }
            None if before == self.gauge.announced => {
                self.bytes = None;
                Poll::Ready(None)
            }
            Some(Err(_)) | None => self.fail(),
        }
    }
}

/// The upload succeeded; what is said about it is only read as far as it is there.
fn read_uploaded(reply: &Reply) -> Uploaded {
    let Ok(data) = reply.data() else { return Uploaded::default() };
    let files = data.list("files").unwrap_or_default().into_iter().take(FILES_LIMIT);
    let files = files.filter_map(|file| Fields::read(file.get())).map(|file| UploadedFile {
        name: file.short("filename"),
        kind: file.short("file_type"),
        duration: file.number("duration").and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        size: file.whole("width").zip(file.whole("height")),
    });
    Uploaded { files: files.collect(), applied: data.flag("session_state_applied") }
}
