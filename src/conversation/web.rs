//! The project in a browser: a link for one person.

use super::person::AccountKind;
use super::record::Record;
use super::shift::Shift;
use super::voice::Key;
use crate::chat::choice::Action;
use crate::chat::reply::{Button, ButtonAction, ButtonStyle, Reply};
use crate::say::Say;
use crate::work::held::HeldError;

impl Shift {
    /// Whether the open project may be handed to its person: the operator's projects stay with the operator, and the
    /// link is for nobody else's eyes.
    pub(super) async fn has_web(&self, kind: &AccountKind) -> bool {
        !self.shared()
            && !matches!(kind, AccountKind::Operator)
            && self.held.read(|record| record.project.task.is_some()).await
    }

    /// **Open in web**: the link is made when it is asked for, since it ends after some days.
    pub(super) async fn open_web(&self) -> Result<(), HeldError> {
        let known = |record: &Record| record.project.session.clone().zip(record.project.task.clone());
        let open = || Key::new(Say::BtnOpenWeb, Action::Web);
        let account = match self.account().await {
            Ok(account) => account,
            Err(trouble) => {
                let (say, remedy) = self.explain(trouble)?;
                self.tell_asker(say, remedy.keys(open())).await;
                return Ok(());
            }
        };
        let project = self.held.read(known).await;
        let Some((session, task)) = project.filter(|_| !matches!(account.kind, AccountKind::Operator)) else {
            self.tell_asker(Say::ButtonStale, Vec::new()).await;
            return Ok(());
        };
        if self.shared() {
            self.tell_asker(Say::GroupPrivateOnly, Vec::new()).await;
            return Ok(());
        }
        match self.worker.nemo.claim_token(&account.token, &session, &task).await {
            Ok(claim) => {
                let does = ButtonAction::Open(self.worker.nemo.claim_link(claim.expose()));
                let label = Say::BtnOpenWeb.text(&self.language());
                let button = Button { label, does, style: ButtonStyle::Primary };
                self.post(Reply::new(self.worded(&Say::WebLink)).with_buttons(vec![button]).for_asker()).await;
            }
            Err(error) => {
                tracing::warn!(%error, "There is no link into the browser");
                self.tell_asker(Say::SetupFailed, vec![open()]).await;
            }
        }
        Ok(())
    }
}
