//! One agent turn: `POST /run_sse` and the reading of its answer (contract 3.3, 4, 5.2).

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{BoxStream, Stream, StreamExt};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, Response};
use serde_json::json;
use sse_stream::{Sse, SseByteStream};
use tokio::time::{Instant, Sleep, sleep_until, timeout, timeout_at};

use super::Nemo;
use super::account::{SessionId, Token};
use super::error::{NemoError, TurnLimit};
use super::frame::{Failure, Frame, ToolKind};
use super::http::{bearer, error_body, unavailable};
use super::meter::{Cut, FRAME_LIMIT, Memory, Metered};
use super::refusal::refusal;
use super::transcript::Transcript;
use super::wire::Call;

/// No headers for this long is logged, not cut: a proxy may hold them back until the first event.
const HEADERS_LATE: Duration = Duration::from_secs(30);

/// Something that happened in a turn. What was said is in [`AgentEvents::transcript`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentEvent {
    /// The text changed: look at the transcript when it is time to show it.
    Text,
    /// A tool began or ended its work.
    Progress(ToolKind),
    /// The project may have changed.
    StateChanged,
    /// The run failed. More may follow until the stream closes.
    Failed(Failure),
    /// The agent does something that is not shown: it thinks, or hands over.
    Activity,
    /// A sign of life without substance. It holds up no limit.
    Heartbeat,
}

/// Why the answer to a turn ended before its end. The turn may still run: never send it again, read the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// A time limit of ours.
    #[error("{0}")]
    Overdue(TurnLimit),
    /// The connection broke, or what came was no event stream.
    #[error("the stream broke: {0}")]
    Broken(BreakKind),
}

/// How a stream broke, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BreakKind {
    /// The connection was lost.
    #[error("connection lost")]
    Connection,
    /// A frame over 16 MiB, or too much in all streams together.
    #[error("frame too large")]
    FrameTooLarge,
    /// Bytes that are not UTF-8.
    #[error("not UTF-8")]
    NotText,
}

impl Nemo {
    /// Opens one agent turn. Sends the request once and never again: sending it twice runs, and charges, the turn
    /// twice. Returns when the answer begins, which may take minutes.
    ///
    /// After `TokenRefused` that was healed, and after the wait of a `RateLimited`, the caller may call this once more,
    /// because nothing has run. After an error that is [ambiguous](NemoError::is_ambiguous) it must not.
    pub async fn converse(&self, token: &Token, session: &SessionId, text: &str) -> Result<AgentEvents, NemoError> {
        let started = Instant::now();
        // Exactly these fields: ADK refuses unknown ones inside `new_message`.
        let body = json!({
            "app_name": "nemo_agent",
            "user_id": "me",
            "session_id": session,
            "new_message": { "parts": [{ "text": text }] },
        });
        let request = self
            .turns
            .request(Method::POST, self.address(&["run_sse"]))
            .header(ACCEPT, "text/event-stream")
            .header(ACCEPT_ENCODING, "identity")
            .json(&body);
        let request = bearer(request, token)?;
        let limits = Limits { silence: self.settings.silence_timeout, turn: self.settings.turn_timeout };
        let (deadline, limit) = limits.deadline(started, started);
        let answer = timeout_at(deadline, async {
            let mut sending = std::pin::pin!(request.send());
            if let Ok(response) = timeout(HEADERS_LATE, &mut sending).await {
                return response;
            }
            tracing::info!("The agent has sent no headers for {HEADERS_LATE:?}; waiting on");
            sending.await
        });
        let response = match answer.await {
            Err(_) => return Err(NemoError::Overdue(limit)),
            Ok(Err(error)) if error.is_timeout() && !error.is_connect() => return Err(NemoError::Overdue(limit)),
            Ok(Err(error)) => return Err(unavailable(&error)),
            Ok(Ok(response)) => response,
        };
        if response.status().as_u16() != 200 || !is_event_stream(response.headers()) {
            let refused = timeout_at(deadline, not_a_stream(response, token)).await;
            return Err(refused.unwrap_or(NemoError::Overdue(limit)));
        }
        let bytes = response
            .bytes_stream()
            .map(|chunk| chunk.map_err(|error| if error.is_timeout() { Cut::Idle } else { Cut::Broken }));
        Ok(AgentEvents::new(bytes.boxed(), limits, started, Arc::clone(&self.memory), Some(token.clone())))
    }
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).and_then(|kind| kind.parse().ok());
    kind.is_some_and(|kind: mime::Mime| kind.essence_str() == mime::TEXT_EVENT_STREAM.essence_str())
}

async fn not_a_stream(response: Response, token: &Token) -> NemoError {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = error_body(response).await;
    refusal(Call::Converse, status, &headers, &body, Some(token))
        .unwrap_or(NemoError::NotUnderstood("the answer to a turn is not an event stream"))
}

/// How long a turn may take.
#[derive(Clone, Copy, Debug)]
struct Limits {
    silence: Duration,
    turn: Duration,
}

impl Limits {
    /// When the next limit is reached, and which.
    fn deadline(self, started: Instant, substance: Instant) -> (Instant, TurnLimit) {
        let (total, silent) = (started + self.turn, substance + self.silence);
        if silent < total { (silent, TurnLimit::Silent) } else { (total, TurnLimit::Total) }
    }
}

/// The answer to one turn, as it comes. Ends with `None` when the agent closed the stream, which is the end of the
/// turn, or after one error. Then the transcript is complete: pending text is committed.
///
/// Dropping it closes the connection, and the run may be cancelled halfway: do so only at a limit or for the user.
pub struct AgentEvents {
    frames: BoxStream<'static, Result<Sse, sse_stream::Error>>,
    ready: VecDeque<AgentEvent>,
    transcript: Transcript,
    token: Option<Token>,
    limits: Limits,
    started: Instant,
    limit: TurnLimit,
    alarm: Pin<Box<Sleep>>,
    ended: bool,
    /// The one error at the end, until it was given.
    error: Option<StreamError>,
}

impl AgentEvents {
    fn new(
        bytes: BoxStream<'static, Result<Bytes, Cut>>,
        limits: Limits,
        started: Instant,
        memory: Arc<Memory>,
        token: Option<Token>,
    ) -> Self {
        // A last frame without its blank line would be lost. The parser stops at an error, so this follows a clean end.
        let end = futures::stream::iter([Ok(Bytes::from_static(b"\n\n"))]);
        let frames = SseByteStream::new(Metered::new(bytes, FRAME_LIMIT, memory).chain(end)).boxed();
        let (deadline, limit) = limits.deadline(started, started);
        Self {
            frames,
            ready: VecDeque::new(),
            transcript: Transcript::default(),
            token,
            limits,
            started,
            limit,
            alarm: Box::pin(sleep_until(deadline)),
            ended: false,
            error: None,
        }
    }

    /// What was said until now.
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// What was said, when the stream is over.
    pub fn into_transcript(self) -> Transcript {
        self.transcript
    }

    fn hear(&mut self, sse: &Sse) {
        let frame = Frame::read(sse, self.token.as_ref());
        if frame != Frame::Heartbeat {
            let (deadline, limit) = self.limits.deadline(self.started, Instant::now());
            self.limit = limit;
            self.alarm.as_mut().reset(deadline);
        }
        self.ready.extend(self.transcript.fold(frame));
    }

    /// Stops reading, and commits what is pending.
    fn end(&mut self, error: Option<StreamError>) {
        self.frames = futures::stream::empty().boxed();
        if self.transcript.close() {
            self.ready.push_back(AgentEvent::Text);
        }
        self.ended = true;
        self.error = error;
    }
}

impl Stream for AgentEvents {
    type Item = Result<AgentEvent, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            if self.ended {
                return Poll::Ready(self.error.take().map(Err));
            }
            // The limit first: a stream that is always ready must not outrun it.
            if self.alarm.as_mut().poll(cx).is_ready() {
                let limit = self.limit;
                self.end(Some(StreamError::Overdue(limit)));
                continue;
            }
            match self.frames.as_mut().poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(sse))) => self.hear(&sse),
                Poll::Ready(Some(Err(error))) => self.end(Some(broken(&error))),
                Poll::Ready(None) => self.end(None),
            }
        }
    }
}

fn broken(error: &sse_stream::Error) -> StreamError {
    let kind = match error {
        sse_stream::Error::Body(cause) => match cause.downcast_ref::<Cut>() {
            Some(Cut::Idle) => return StreamError::Overdue(TurnLimit::Silent),
            Some(Cut::FrameTooLarge) => BreakKind::FrameTooLarge,
            Some(Cut::Broken) | None => BreakKind::Connection,
        },
        _ => BreakKind::NotText,
    };
    StreamError::Broken(kind)
}

impl fmt::Debug for AgentEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AgentEvents").field("ended", &self.ended).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod poison_tests;
#[cfg(test)]
mod tests;
