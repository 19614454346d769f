//! `/connect` and **Disconnect**: the person's own account in place of the others.
//!
//! The message with the token is taken out of the chat before anything else. The token goes to the backend, to see that
//! it works, and then into the person's sealed row; no reply, log line, queue notice or file repeats it.

use super::private::Errand;
use super::record::Record;
use super::shift::Shift;
use super::voice::Key;
use crate::chat::choice::Action;
use crate::chat::inbound::{Inbound, InboundKind};
use crate::nemo::{NemoError, Token};
use crate::say::Say;
use crate::work::held::HeldError;

/// Longer than any token that is known, short enough for a header.
const TOKEN_LIMIT: usize = 4096;

impl Shift {
    /// Takes the token that the command holds into use.
    pub(super) async fn connect(&self, inbound: &Inbound) -> Result<(), HeldError> {
        // Asked for in words, it brings no token.
        let (message, given) = match &inbound.kind {
            InboundKind::Command { message, argument, .. } => (message.as_ref(), argument.trim()),
            _ => (None, ""),
        };
        if given.is_empty() {
            if self.shared() {
                self.lead_away(Say::GroupPrivateOnly, Errand::Connect).await;
            } else {
                self.tell_asker(Say::ConnectAsk, Vec::new()).await;
            }
            return Ok(());
        }
        if let Some(message) = message
            && let Err(error) = self.surface.remove(&self.target(), message).await
        {
            tracing::warn!(%error, "A message with an account token could not be taken out of the chat");
        }
        if self.shared() {
            self.lead_away(Say::ConnectLeaked, Errand::Connect).await;
            return Ok(());
        }
        let web = self.worker.nemo.settings().web_url.to_string().trim_end_matches('/').to_owned();
        // What cannot stand in a header is no token.
        if given.len() > TOKEN_LIMIT || !given.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.tell_asker(Say::ConnectBad { web }, Vec::new()).await;
            return Ok(());
        }
        let token = Token::new(given);
        match self.worker.nemo.credits(&token).await {
            Ok(_) => {}
            Err(error) if error.is_passing() || matches!(error, NemoError::NotUnderstood(_)) => {
                tracing::warn!(%error, "An account token could not be tried");
                self.tell_asker(Say::SetupFailed, Vec::new()).await;
                return Ok(());
            }
            Err(error) => {
                tracing::info!(%error, "An account token was refused");
                self.tell_asker(Say::ConnectBad { web }, Vec::new()).await;
                return Ok(());
            }
        }
        self.switch(|person| person.connect(token.clone())).await?;
        self.tell_asker(Say::ConnectDone, vec![Key::new(Say::BtnDisconnect, Action::Disconnect)]).await;
        Ok(())
    }

    /// Deletes the person's own token.
    pub(super) async fn disconnect(&self) -> Result<(), HeldError> {
        let switched = self.switch(super::person::Person::disconnect).await?;
        let say = if switched { Say::ConnectRemoved } else { Say::ButtonDone };
        self.tell_asker(say, Vec::new()).await;
        Ok(())
    }

    /// Changes the account, and with it the project once the work in hand has ended. Projects in other places find out
    /// when they are next used.
    async fn switch(&self, mut change: impl FnMut(&mut super::person::Person) -> bool) -> Result<bool, HeldError> {
        // The work in hand belongs to the account that it began with.
        let works = *self.busy.borrow() && self.held.read(|record| record.project.session.is_some()).await;
        if works && let Ok(account) = self.account().await {
            self.bind(account);
        }
        let mut switched = false;
        let left = if works { self.wishes_in_line().await } else { Vec::new() };
        let note = |record: &mut Record| record.start_over_after = true;
        let before = self.held.read(|record| record.start_over_after).await;
        let list = |person: &mut super::person::Person| {
            switched = change(person);
            Vec::new()
        };
        self.save_with_person(list, note).await?;
        if switched {
            self.told_new.store(true, std::sync::atomic::Ordering::Relaxed);
            self.held.note(|record| record.leave(left)).await;
        } else {
            self.held.note(|record| record.start_over_after = before).await;
        }
        Ok(switched)
    }
}
