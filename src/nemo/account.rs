//! Who asks: tokens, sessions, credits, and the link that opens a project in a browser.

use std::fmt;
use std::time::Duration;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;
use uuid::Uuid;

use super::wire::{Call, Fields};
use super::{Nemo, NemoError};
use crate::clock::Timestamp;

/// The longest token that is taken, in bytes; real ones have a few dozen.
const TOKEN_LIMIT: usize = 4096;
/// The name that a new project gets in the backend. It shows in the user's workspace there.
const TASK_NAME: &str = "project";

/// An account's token. It prints nothing and compares with nothing; serializing exposes it, which is for sealed
/// storage alone.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// Takes a token as it came.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into().into())
    }

    /// The token itself. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Names a session. Its digits pass 2^53, so it is text wherever it goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(String);

impl SessionId {
    /// The id as the backend gave it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a new anonymous account consists of.
#[derive(Clone, Debug)]
pub struct AnonymousAccount {
    /// Its token.
    pub token: Token,
    /// Its id, which begins with `anon_`; the `bind` of the registration link.
    pub user_id: Option<String>,
    /// When the token ends. If the backend does not say: seven days.
    pub expires: Option<Timestamp>,
    /// What it may spend.
    pub credits: Option<Amount>,
}

/// An open project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub session: SessionId,
    /// The task that it belongs to; needed for the link into the browser alone.
    pub task: Option<String>,
    /// The account's id, if the backend tells it here.
    pub user_id: Option<String>,
}

/// An amount of credits. The backend may count in whole numbers or in parts; it prints as `25000` or `12.5`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(f64);

impl Amount {
    /// An amount of `credits`.
    pub const fn new(credits: f64) -> Self {
        Self(credits)
    }

    /// The number.
    pub const fn as_f64(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Hundredths are enough for people; adding zero turns -0 into 0.
        write!(f, "{}", (self.0 * 100.0).round() / 100.0 + 0.0)
    }
}

/// What an account may spend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Credits {
    /// Free to spend.
    pub available: Amount,
    /// Held for work in progress.
    pub frozen: Amount,
    /// Both together.
    pub total: Amount,
}

/// The secret of a link that opens a project in the browser, and how long it lasts. It has no access to the API.
#[derive(Clone, Debug)]
pub struct ClaimToken {
    secret: SecretString,
    /// How long the link works from now; seven days if the backend does not say.
    pub expires_in: Option<Duration>,
}

impl ClaimToken {
    /// The secret, to be put into [`Nemo::claim_link`].
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl Nemo {
    /// Obtains the token of an anonymous account, with `client_id` as the identity of the asker: ask with the same one
    /// after expiry, and never with a new one to get round a limit (contract 3.1). Repeats once after network trouble.
    pub async fn anonymous_token(&self, client_id: &Uuid) -> Result<AnonymousAccount, NemoError> {
        let reply = self
            .once_more(|| {
                let request = self.request(Method::POST, &["api", "auth", "anonymous-token"]);
                self.ask(Call::Anonymous, None, request.header("X-Client-Id", client_id.to_string()))
            })
            .await?;
        let data = reply.data()?;
        let token = data.id("token", TOKEN_LIMIT).ok_or(NemoError::NotUnderstood("no token"))?;
        Ok(AnonymousAccount {
            token: Token::new(token),
            user_id: data.short("user_id"),
            expires: data.moment("expires_at"),
            credits: data.number("credits").map(Amount),
        })
    }

    /// Opens a project. `language` is the ISO code of the user's first message (contract 3.2). Repeats once after
    /// network trouble, which may leave an empty session behind.
    pub async fn open_session(&self, token: &Token, language: &str) -> Result<Session, NemoError> {
        let body = json!({ "task_name": TASK_NAME, "language": language });
        let reply = self
            .once_more(|| {
                let request = self.request(Method::POST, &["api", "tasks", "me", "with-session", "nemo_agent"]);
                self.ask(Call::Session, Some(token), request.json(&body))
            })
            .await?;
        let data = reply.data()?;
        let session = data.short("session_id").ok_or(NemoError::NotUnderstood("no session"))?;
        Ok(Session { session: SessionId(session), task: data.short("task_id"), user_id: data.short("user_id") })
    }

    /// Reads the balance (contract 3.5). Repeats with backoff after network trouble.
    pub async fn credits(&self, token: &Token) -> Result<Credits, NemoError> {
        let reply = self
            .with_backoff(|| {
                let request = self.request(Method::GET, &["api", "credits", "balance", "simple"]);
                self.ask(Call::Credits, Some(token), request)
            })
            .await?;
        read_credits(&reply.data()?).ok_or(NemoError::NotUnderstood("no balance"))
    }

    /// Obtains the secret of a link that opens the project in the browser (contract 3.10). A convenience: any failure
    /// means "no link". Repeats once after network trouble.
    pub async fn claim_token(&self, token: &Token, session: &SessionId, task: &str) -> Result<ClaimToken, NemoError> {
        let body = json!({ "task_id": task, "session_id": session });
        let reply = self
            .once_more(|| {
                let request = self.request(Method::POST, &["api", "auth", "claim-token"]);
                self.ask(Call::Claim, Some(token), request.json(&body))
            })
            .await?;
        let data = reply.data()?;
        let secret = data.id("claim_token", TOKEN_LIMIT).ok_or(NemoError::NotUnderstood("no claim token"))?;
        Ok(ClaimToken { secret: secret.into(), expires_in: data.whole("expires_in").map(Duration::from_secs) })
    }
}

/// The balance as far as it is told: the parts give the sum, and the sum the missing part.
fn read_credits(data: &Fields<'_>) -> Option<Credits> {
    let (available, frozen, total) = (data.number("available"), data.number("frozen"), data.number("total"));
    let held = frozen.unwrap_or(0.0);
    let available = available.or_else(|| total.map(|total| total - held))?;
    let total = total.unwrap_or(available + held);
    Some(Credits { available: Amount(available), frozen: Amount(held), total: Amount(total) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_prints_nothing_and_survives_storage() {
        let token = Token::new("nmv_usr_CANARY");
        assert_eq!(format!("{token:?}"), "Token");
        let stored = serde_json::to_string(&token).unwrap();
        assert_eq!(serde_json::from_str::<Token>(&stored).unwrap().expose(), "nmv_usr_CANARY");
        let claim = ClaimToken { secret: "clm_CANARY".to_owned().into(), expires_in: None };
        assert!(!format!("{claim:?}").contains("CANARY"));
    }

    #[test]
    fn an_amount_prints_as_people_write_it() {
        for (number, shown) in [(25000.0, "25000"), (12.5, "12.5"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (99.999, "100")] {
            assert_eq!(Amount(number).to_string(), shown);
        }
    }

    #[test]
    fn a_balance_is_read_from_what_is_there() {
        let read = |json| read_credits(&Fields::read(json).unwrap()).map(|c| (c.available.0, c.frozen.0, c.total.0));
        assert_eq!(read(r#"{"available":25000,"frozen":40,"total":25040}"#), Some((25000.0, 40.0, 25040.0)));
        assert_eq!(read(r#"{"available":12.5}"#), Some((12.5, 0.0, 12.5)));
        assert_eq!(read(r#"{"total":"50","frozen":8.5}"#), Some((41.5, 8.5, 50.0)));
        assert_eq!(read(r#"{"available":null}"#), None);
    }
}
