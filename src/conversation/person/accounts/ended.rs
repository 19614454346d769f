//! A token that has ended, perhaps by our clock alone.

use super::{Account, AccountError, AccountKind, Accounts, Shelf};

impl Accounts {
    /// The account whose token has ended by our clock, where the service gives no other one. Ours may be ahead: whether a
    /// token still works is for the service to say.
    pub(super) async fn ended_by_our_clock(
        &self,
        shelf: &Shelf,
        refused: Option<&Account>,
    ) -> Result<Account, AccountError> {
        let person = self.person(shelf).await?;
        let ended = person.account.filter(|ended| {
            ended.expires <= self.clock.now()
                && refused.is_none_or(|refused| ended.token.expose() != refused.token.expose())
        });
        let switches = person.switches;
        let account =
            ended.map(|ended| Account { token: ended.token, kind: AccountKind::Anonymous(ended.user_id), switches });
        account.ok_or(AccountError::NoneLeft)
    }
}
