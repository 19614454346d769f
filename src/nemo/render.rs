//! Renders: submitted under an id of ours, then asked about (contract 3.7 to 3.9 and 3.11).

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Method, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::time::timeout;
use url::Url;
use uuid::Uuid;

use super::account::{SessionId, Token};
use super::draft::RawDraft;
use super::error::Reason;
use super::http::{read, send, unavailable};
use super::wire::{Call, Fields, Reply, text};
use super::{Nemo, NemoError};

/// Names a render. It must be stored before the render is submitted: nobody else knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RenderId(String);

impl RenderId {
    /// An id that nobody used before and nobody can guess.
    pub fn random() -> Self {
        Self(format!("render_{}", Uuid::new_v4()))
    }

    /// The id itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How far a render is.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderStatus {
    /// What it is doing.
    pub state: RenderState,
    /// How much is done, in percent, if the backend says so.
    pub progress: Option<u8>,
}

/// What a render is doing.
#[derive(Clone, Debug, PartialEq)]
pub enum RenderState {
    /// It waits or works. An unknown word for its state means this, too.
    Running,
    /// The video is ready.
    Completed {
        /// Where it is; if the backend does not say, ask [`Nemo::render_download`]. To be fetched without the token.
        url: Option<Url>,
        /// How large it is, in bytes.
        size: Option<u64>,
        /// How long it plays.
        duration: Option<Duration>,
    },
    /// It came to nothing: submit once more, under a new id.
    Failed {
        /// What the backend says about it.
        reason: Reason,
    },
}

/// Where a completed render is that named no address.
#[derive(Debug)]
pub enum Download {
    /// At this address, to be fetched without the token.
    At(Url),
    /// Here: the backend sends the file itself.
    Here(RenderFile),
}

/// A rendered file on its way, for one pass over its bytes. Dropping it ends the transfer.
pub struct RenderFile {
    /// Their number, if told.
    pub length: Option<u64>,
    /// The bytes. They end in an error where they break off, or stand still for `nemo.call_timeout`.
    pub bytes: BoxStream<'static, Result<Bytes, NemoError>>,
}

impl fmt::Debug for RenderFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenderFile").field("length", &self.length).finish_non_exhaustive()
    }
}

/// What is asked for. `output` is optional for the backend and always sent.
#[derive(Serialize)]
struct Submission<'a> {
    id: &'a RenderId,
    #[serde(rename = "sessionId")]
    session: &'a SessionId,
    draft: &'a RawValue,
    output: Output,
}

#[derive(Serialize)]
struct Output {
    format: &'static str,
    quality: &'static str,
}

impl Nemo {
    /// Submits a render of `draft`, which goes back as it came. Sent once; after an
    /// [ambiguous](NemoError::is_ambiguous) error ask for the status before submitting again.
    pub async fn submit_render(
        &self,
        token: &Token,
        session: &SessionId,
        id: &RenderId,
        draft: &RawDraft,
    ) -> Result<RenderStatus, NemoError> {
        let output = Output { format: "mp4", quality: "high" };
        let submission = Submission { id, session, draft: draft.raw(), output };
        let request = self.request(Method::POST, &["api", "render", "proxy", "lambda"]).json(&submission);
        let reply = self.ask(Call::Submit, Some(token), request).await?;
        // No error is an acceptance, whatever else is said.
        Ok(read_status(&reply).unwrap_or(RenderStatus { state: RenderState::Running, progress: None }))
    }

    /// Asks how far a render is. Sent once: the next poll is the retry.
    pub async fn render_status(&self, token: &Token, id: &RenderId) -> Result<RenderStatus, NemoError> {
        let request = self.request(Method::GET, &["api", "render", "proxy", "lambda", id.as_str()]);
        let reply = self.ask(Call::Poll, Some(token), request).await?;
        read_status(&reply).ok_or(NemoError::NotUnderstood("no render status"))
    }

    /// Asks where a completed render is that did not say so, or opens the file itself: its type decides (contract 3.9).
    /// `None` if that is not said here either.
    pub async fn render_download(&self, token: &Token, id: &RenderId) -> Result<Option<Download>, NemoError> {
        let request = self.request(Method::GET, &["api", "render", "proxy", id.as_str(), "download"]);
        let answer = timeout(self.settings.call_timeout, async {
            let response = send(request, Some(token)).await?;
            let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
            if response.status().is_redirection() {
                return Ok(header(LOCATION).and_then(web_address).map(Download::At));
            }
            let kind: Option<mime::Mime> = header(CONTENT_TYPE).and_then(|kind| kind.parse().ok());
            if response.status() == StatusCode::OK && kind.is_some_and(|kind| is_file(&kind)) {
                return Ok(Some(Download::Here(self.file(response))));
            }
            let reply = read(Call::Download, Some(token), response).await?;
            Ok(output_url(&reply.data()?).map(Download::At))
        });
        answer.await.unwrap_or(Err(NemoError::Unavailable { sent: true }))
    }

    fn file(&self, response: Response) -> RenderFile {
        let (length, patience) = (response.content_length(), self.settings.call_timeout);
        let pieces = response.bytes_stream().map(|piece| piece.map_err(|error| unavailable(&error))).boxed();
        let bytes = stream::unfold(Some(pieces), move |pieces| async move {
            let mut pieces = pieces?;
            match timeout(patience, pieces.next()).await {
                Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
                Ok(Some(Err(error))) => Some((Err(error), None)),
                Ok(None) => None,
                Err(_) => Some((Err(NemoError::Unavailable { sent: true }), None)),
            }
        });
        RenderFile { length, bytes: bytes.boxed() }
    }

    /// Asks to stop a pending render. Hardly documented: best effort, and its answer may be ignored.
    pub async fn cancel_render(&self, token: &Token, id: &RenderId) -> Result<(), NemoError> {
        let request = self.request(Method::POST, &["api", "render", "proxy", "lambda", id.as_str(), "cancel"]);
        self.ask(Call::Cancel, Some(token), request).await.map(drop)
    }
}

/// A page of HTML is no film, whatever its status says.
fn is_file(kind: &mime::Mime) -> bool {
    kind.type_() == mime::VIDEO || kind.subtype() == mime::OCTET_STREAM || kind.subtype() == mime::MP4
}

/// Reads both shapes: flat, and wrapped in `data`. None if it is not even an object.
fn read_status(reply: &Reply) -> Option<RenderStatus> {
    let fields = reply.fields().ok()?;
    let fields = fields.object("data").filter(|data| data.has("status")).unwrap_or(fields);
    let output = fields.object("output");
    let of_output = |key| output.as_ref().and_then(|output| output.number(key)).or_else(|| fields.number(key));
    let state = match fields.text("status").unwrap_or_default().to_lowercase().as_str() {
        "completed" => RenderState::Completed {
            url: output_url(&fields),
            size: of_output("size").and_then(super::wire::whole),
            duration: of_output("duration").and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        },
        "failed" => RenderState::Failed { reason: Reason::new(&failure(&fields), None) },
        _ => RenderState::Running,
    };
    let progress = fields.whole("progress").and_then(|progress| u8::try_from(progress.min(100)).ok());
    Some(RenderStatus { state, progress })
}

/// The first address among the names that it goes by.
fn output_url(fields: &Fields<'_>) -> Option<Url> {
    let nested = fields.object("output").and_then(|output| output.text("url"));
    let flat = || ["outputUrl", "output_url", "url", "output"].iter().find_map(|key| fields.text(key));
    nested.or_else(flat).as_deref().and_then(web_address)
}

fn web_address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn failure(fields: &Fields<'_>) -> String {
    let error = fields.raw("error");
    error
        .and_then(|error| text(error).or_else(|| Fields::read(error.get())?.text("message")))
        .or_else(|| fields.text("message"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(json: &str) -> RenderStatus {
        read_status(&Reply(json.to_owned())).unwrap()
    }

    fn url(json: &str) -> Option<String> {
        match status(json).state {
            RenderState::Completed { url, .. } => url.map(String::from),
            other => panic!("{json}: {other:?}"),
        }
    }

    #[test]
    fn both_shapes_are_read() {
        let flat = r#"{"taskId":"render_x","status":"completed","progress":100,
            "output":{"url":"https://cdn.example.com/o.mp4","duration":30.5,"size":15728640}}"#;
        let expected = RenderState::Completed {
            url: Some("https://cdn.example.com/o.mp4".parse().unwrap()),
            size: Some(15_728_640),
            duration: Some(Duration::from_millis(30_500)),
        };
        assert_eq!(status(flat), RenderStatus { state: expected, progress: Some(100) });
        let wrapped = r#"{"success":true,"data":{"id":"render_x","status":"completed","progress":100,
            "outputUrl":"https://cdn.example.com/o.mp4","createdAt":1773423613616}}"#;
        assert_eq!(url(wrapped).as_deref(), Some("https://cdn.example.com/o.mp4"));
    }

    #[test]
    fn the_address_is_found_under_every_name_and_may_be_missing() {
        for (key, value) in [
            ("output_url", r#""https://a.example/v""#),
            ("url", r#""https://a.example/v""#),
            ("output", r#""https://a.example/v""#),
        ] {
            let found = url(&format!(r#"{{"status":"COMPLETED","{key}":{value}}}"#));
            assert_eq!(found.as_deref(), Some("https://a.example/v"), "{key}");
        }
        assert_eq!(url(r#"{"status":"completed"}"#), None);
        assert_eq!(url(r#"{"status":"completed","url":"file:///etc/passwd"}"#), None);
        assert_eq!(url(r#"{"status":"completed","url":"/relative"}"#), None);
    }

    #[test]
    fn an_unknown_word_means_that_it_still_runs() {
        for json in [
            r#"{"status":"pending"}"#,
            r#"{"status":"Processing"}"#,
            r#"{"status":"warming-up"}"#,
            r#"{"data":{"id":"x"}}"#,
            "{}",
        ] {
            assert_eq!(status(json).state, RenderState::Running, "{json}");
        }
        assert_eq!(status(r#"{"data":{"status":"processing","progress":49.7}}"#).progress, Some(49));
        assert_eq!(status(r#"{"status":"processing","progress":900}"#).progress, Some(100));
        assert_eq!(status(r#"{"status":"processing","progress":"x"}"#).progress, None);
    }

    #[test]
    fn a_failure_tells_its_reason() {
        for (json, said) in [
            (r#"{"status":"failed","error":"no memory"}"#, "no memory"),
            (r#"{"status":"FAILED","error":{"message":"no memory"}}"#, "no memory"),
            (r#"{"data":{"status":"failed","message":"no memory"}}"#, "no memory"),
            (r#"{"status":"failed"}"#, ""),
        ] {
            let RenderState::Failed { reason } = status(json).state else { panic!("{json}") };
            assert_eq!(reason.for_log(), said);
        }
    }

    #[test]
    fn a_submission_holds_the_draft_unchanged_as_json() {
        let json = "{ \"t\": [1.10],\"b\":\"\\u00e9\" }";
        let draft = RawDraft::parse(json).unwrap();
        let submission = Submission {
            id: &RenderId("render_x".to_owned()),
            session: &SessionId::new("5529798706024415232"),
            draft: draft.raw(),
            output: Output { format: "mp4", quality: "high" },
        };
        let sent = serde_json::to_string(&submission).unwrap();
        let expected = format!(
            r#"{{"id":"render_x","sessionId":"5529798706024415232","draft":{json},"output":{{"format":"mp4","quality":"high"}}}}"#
        );
        assert_eq!(sent, expected);
    }
}
