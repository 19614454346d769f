//! What belongs in a private chat: said where others read along it only leads there, with **Open private chat**.

use super::person::AccountKind;
use super::shift::Shift;
use super::voice::Key;
use crate::chat::inbound::{Inbound, InboundKind};
use crate::say::Say;
use crate::work::held::HeldError;

/// What the button asks for: the argument of `/start` in the private chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// The person's own account.
    Connect,
    /// What is kept of the person.
    MyData,
    /// The personal link that keeps the project.
    Register,
}

impl Errand {
    /// Letters only, as an address takes them.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::MyData => "mydata",
            Self::Register => "register",
        }
    }

    fn read(word: &str) -> Option<Self> {
        [Self::Connect, Self::MyData, Self::Register].into_iter().find(|errand| errand.word() == word)
    }
}

impl Shift {
    /// Says that this is for a private chat, and leads there.
    pub(super) async fn lead_away(&self, say: Say, errand: Errand) {
        self.tell_asker(say, vec![Key::private(errand)]).await;
    }

    /// `/start`: a welcome, or what a button in a shared place has led here for.
    pub(super) async fn started(&self, inbound: &Inbound) -> Result<(), HeldError> {
        let InboundKind::Command { argument, .. } = &inbound.kind else { return Ok(()) };
        match Errand::read(argument).filter(|_| !self.shared()) {
            Some(Errand::Connect) => drop(self.tell(Say::ConnectAsk, Vec::new()).await),
            Some(Errand::MyData) => self.my_data().await?,
            Some(Errand::Register) => match self.worker.accounts.find(&self.shelf).await?.map(|account| account.kind) {
                Some(AccountKind::Anonymous(user)) => {
                    let url = self.worker.nemo.register_link(user.as_deref()).to_string();
                    self.tell(Say::CreditsOutAnonymous { url }, Vec::new()).await;
                }
                _ => self.welcome().await,
            },
            None => self.welcome().await,
        }
        Ok(())
    }
}
