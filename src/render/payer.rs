//! Who pays for a render.

use serde::{Deserialize, Serialize};

use crate::conversation::person::{Account, AccountKind};
use crate::nemo::Token;

/// Who pays for a render. Kept with the job, so that it survives a change of account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Payer {
    /// The token.
    pub token: Token,
    /// The account's name at the backend, if it is an anonymous one.
    pub anonymous: Option<String>,
    /// It is the person's own; else, unless it is anonymous, the operator's.
    #[serde(default)]
    pub own: bool,
    /// How often the person had changed accounts by then.
    #[serde(default)]
    pub switches: u32,
}

impl Payer {
    /// The payer behind an account.
    pub fn new(account: Account) -> Self {
        let own = account.kind == AccountKind::Own;
        let anonymous = match account.kind {
            AccountKind::Anonymous(user) => Some(user.unwrap_or_default()),
            AccountKind::Own | AccountKind::Operator => None,
        };
        Self { token: account.token, anonymous, own, switches: account.switches }
    }

    /// The account again.
    pub fn account(&self) -> Account {
        let kind = match &self.anonymous {
            Some(user) => AccountKind::Anonymous(Some(user.clone()).filter(|user| !user.is_empty())),
            None if self.own => AccountKind::Own,
            None => AccountKind::Operator,
        };
        Account { token: self.token.clone(), kind, switches: self.switches }
    }
}
