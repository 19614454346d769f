//! Calls to the Bot API over our own HTTP clients.
//!
//! teloxide's client sleeps ten seconds inside a call on any 5xx and reads the HTML of a 413 or 502 as broken JSON;
//! here the status is read before the body. The token stands in every address, so errors lose theirs before they leave.

use std::fmt;
use std::time::Duration;

use reqwest::multipart::Form;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::error::{CallError, Parameters};

/// A host that does not answer within this is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Telegram answers ordinary calls within a few seconds.
const CALL_TIMEOUT: Duration = Duration::from_mins(1);
/// A transfer may take any time in all, but not this long between two pieces.
const READ_TIMEOUT: Duration = Duration::from_mins(1);
/// A call answers with one message: 4096 characters, entities, a keyboard and what it replies to.
const ANSWER_LIMIT: usize = 1024 * 1024;

/// The Bot API of one bot.
pub(super) struct Api {
    base: String,
    token: SecretString,
    calls: Client,
    transfers: Client,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("base", &self.base).finish_non_exhaustive()
    }
}

/// An answer's envelope. Source: Bot API, "Making requests".
#[derive(Deserialize)]
struct Answer<T> {
    ok: bool,
    result: Option<T>,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

impl Api {
    /// Clients for calls and for transfers. Calls follow no redirects: an address with the token goes nowhere else.
    pub(super) fn new(base: &Url, token: SecretString) -> Result<Self, reqwest::Error> {
        Self::timed(base, token, CALL_TIMEOUT, READ_TIMEOUT)
    }

    fn timed(base: &Url, token: SecretString, call: Duration, read: Duration) -> Result<Self, reqwest::Error> {
        let client = || Client::builder().connect_timeout(CONNECT_TIMEOUT).referer(false);
        Ok(Self {
            base: base.as_str().trim_end_matches('/').to_owned(),
            token,
            calls: client().timeout(call).redirect(reqwest::redirect::Policy::none()).build()?,
            transfers: client().read_timeout(read).build()?,
        })
    }

    /// One call with a JSON body.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, CallError> {
        finish(self.calls.post(self.address(method)).json(body), ANSWER_LIMIT).await
    }

    /// One call that the server holds open for up to `held`, with a bound for its answer.
    pub(super) async fn wait<T: DeserializeOwned>(
        &self,
        method: &'static str,
        body: &(impl Serialize + Sync),
        held: Duration,
        limit: usize,
    ) -> Result<T, CallError> {
        let request = self.calls.post(self.address(method)).json(body).timeout(held + CALL_TIMEOUT);
        finish(request, limit).await
    }

    /// One call that carries a file. It may take any time in all.
    pub(super) async fn upload<T: DeserializeOwned>(&self, method: &'static str, form: Form) -> Result<T, CallError> {
        finish(self.transfers.post(self.address(method)).multipart(form), ANSWER_LIMIT).await
    }

    /// Opens a file of Telegram's. `path` is what `getFile` told.
    pub(super) async fn file(&self, path: &str) -> Result<Response, CallError> {
        let address = format!("{}/file/bot{}/{path}", self.base, self.token.expose_secret());
        self.transfers.get(address).send().await.map_err(CallError::transport)
    }

    /// Opens a file that lies elsewhere, with no credentials of any kind.
    pub(super) async fn fetch(&self, link: &Url) -> Result<Response, CallError> {
        self.transfers.get(link.clone()).send().await.map_err(CallError::transport)
    }

    fn address(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.base, self.token.expose_secret())
    }
}

async fn finish<T: DeserializeOwned>(request: RequestBuilder, limit: usize) -> Result<T, CallError> {
    let response = request.send().await.map_err(CallError::transport)?;
    let status = response.status();
    // Proxies on the way answer these two with a page of HTML.
    if status == StatusCode::PAYLOAD_TOO_LARGE || status.is_server_error() {
        return Err(CallError::refusal(status.as_u16(), "", &Parameters::default()));
    }
    let body = bounded(response, limit).await?;
    let Ok(answer) = serde_json::from_slice::<Answer<T>>(&body) else {
        return Err(match status {
            StatusCode::OK => CallError::nonsense("an answer that cannot be read"),
            _ => CallError::refusal(status.as_u16(), "no reason given", &Parameters::default()),
        });
    };
    match answer.result {
        Some(result) if answer.ok => Ok(result),
        _ if answer.ok => Err(CallError::nonsense("an answer without a result")),
        _ => Err(CallError::refusal(
            answer.error_code.unwrap_or(status.as_u16()),
            answer.description.as_deref().unwrap_or_default(),
            &answer.parameters.unwrap_or_default(),
        )),
    }
}

async fn bounded(mut response: Response, limit: usize) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(CallError::transport)? {
        if body.len() + chunk.len() > limit {
            return Err(CallError::Overlong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    const CALL: Duration = Duration::from_millis(500);
    const READ: Duration = Duration::from_secs(1);
    const PIECES: usize = 8;

    /// A file of eight bytes: `sent` of them come one by one, 200 ms apart, and then nothing.
    async fn trickle(sent: usize) -> Result<Vec<u8>, CallError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let source = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 4096]).await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {PIECES}\r\n\r\n");
            socket.write_all(head.as_bytes()).await.unwrap();
            for _ in 0..sent {
                tokio::time::sleep(Duration::from_millis(200)).await;
                socket.write_all(b"x").await.unwrap();
            }
            std::future::pending::<()>().await;
        };
        let api = Api::timed(&base, "123:abc".to_owned().into(), CALL, READ).unwrap();
        let file = async { bounded(api.file("videos/file_0.mp4").await?, PIECES).await };
        tokio::select! {
            file = file => file,
            () = source => unreachable!("it stays open"),
        }
    }

    #[tokio::test]
    async fn a_transfer_that_trickles_longer_than_any_call_may_take_arrives() {
        assert_eq!(trickle(PIECES).await.unwrap(), [b'x'; PIECES]);
    }

    #[tokio::test]
    async fn a_transfer_that_stalls_ends() {
        let ended = tokio::time::timeout(READ * 5, trickle(PIECES / 2)).await.expect("it ends");
        assert!(matches!(ended, Err(CallError::Unavailable(_))), "{ended:?}");
    }
}
