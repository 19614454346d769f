//! An account and a session before anything else can happen, and the sentence for each way in which the backend may
//! fail.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::person::{Account, AccountError, AccountKind, Waiting};
use super::private::Errand;
use super::record::Record;
use super::shift::Shift;
use super::voice::Key;
use crate::crash;
use crate::language::Language;
use crate::nemo::{Nemo, NemoError, Project, SessionId, media};
use crate::say::Say;
use crate::store::StoreError;
use crate::work::held::{Also, HeldError};

/// Why something did not work: said to the user, or a reason to let go of the conversation.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The backend failed; there is a sentence for it.
    Nemo(NemoError, Option<AccountKind>),
    /// There is no account.
    Account(AccountError),
    /// The claim or the store.
    Held(HeldError),
}

impl Trouble {
    /// Whether it is a wait that may have been cut by the user.
    pub(super) fn is_wait(&self) -> bool {
        matches!(self, Self::Account(_) | Self::Nemo(NemoError::RateLimited { .. }, _))
    }
}

/// The way out of trouble, beside its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// The sentence says all.
    None,
    /// What was asked for may go well another time.
    Again,
    /// The same, after something that is done in the private chat.
    Privately(Errand),
}

impl Remedy {
    /// What stands under the sentence. `again` asks once more for whatever was asked for: a request, a balance, a link.
    pub(super) fn keys(self, again: impl Into<Option<Key>>) -> Vec<Key> {
        match self {
            Self::None => Vec::new(),
            Self::Again => again.into().into_iter().collect(),
            Self::Privately(errand) => std::iter::once(Key::private(errand)).chain(again.into()).collect(),
        }
    }
}

impl From<HeldError> for Trouble {
    fn from(error: HeldError) -> Self {
        Self::Held(error)
    }
}

impl From<AccountError> for Trouble {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => Self::Held(error.into()),
            other => Self::Account(other),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Held(error.into())
    }
}

impl Shift {
    /// The person's account.
    ///
    /// A project that was opened on another one is closed here; whoever needs its session asks for that afterwards. Work in
    /// hand stays on the account that it began with.
    pub(super) async fn account(&self) -> Result<Account, Trouble> {
        if let Some(account) = self.bound() {
            return Ok(account);
        }
        let person = self.person().await?.map(|(_, person)| person).unwrap_or_default();
        let account = if let Some(account) = self.worker.accounts.of(person) {
            account
        } else {
            // This may take long, and other things are answered meanwhile.
            self.busy.send_replace(true);
            self.person_changed();
            self.in_words(async |waiting| self.worker.accounts.obtain(&self.shelf, waiting).await).await?
        };
        let moved = |record: &Record| {
            let project = &record.project;
            record.turn.is_none() && project.session.is_some() && project.switches != account.switches
        };
        if self.held.read(moved).await {
            self.replace_project().await;
        }
        Ok(account)
    }

    /// An account in place of a refused one.
    pub(super) async fn renew(&self, refused: &Account) -> Result<Account, Trouble> {
        let by = &self.shelf.item().name;
        let renew = async |waiting: Waiting<'_>| self.worker.accounts.renew(&self.shelf, by, refused, waiting).await;
        let account = self.in_words(renew).await?;
        self.bind(account.clone());
        Ok(account)
    }

    /// The account and the open project's session; opens one if there is none.
    pub(super) async fn session(&self) -> Result<(Account, SessionId), Trouble> {
        let account = self.account().await?;
        if let Some(session) = self.held.read(|record| record.project.session.clone()).await {
            // The person may change accounts from here on, here or in another place.
            self.bind(account.clone());
            return Ok((account, session));
        }
        let language = self.language();
        let (mut account, mut renewed, mut waited) = (account, false, false);
        let opened = loop {
            match self.worker.nemo.open_session(&account.token, language.for_service()).await {
                Err(NemoError::TokenRefused) if !renewed => {
                    renewed = true;
                    account = self.renew(&account).await?;
                }
                Err(NemoError::RateLimited { retry_after }) if !waited && self.wait_out(retry_after).await => {
                    waited = true;
                }
                opened => break opened.map_err(|error| Trouble::Nemo(error, Some(account.kind.clone())))?,
            }
        };
        crash::point("session.opened");
        let session = opened.session.clone();
        self.bind(account.clone());
        self.held
            .save(
                |record| {
                    record.project.session = Some(opened.session);
                    record.project.task = opened.task;
                    record.project.switches = account.switches;
                },
                Also::default(),
            )
            .await?;
        Ok((account, session))
    }

    /// Account, session and the project as it stands.
    pub(super) async fn ready(&self) -> Result<(Account, SessionId, Project), Trouble> {
        let had_clips = self.held.read(|record| !record.project.clips.is_empty()).await;
        let (mut account, session) = self.session().await?;
        match self.project_in_time(&mut account, &session).await {
            Ok(project) => Ok((account, session, project)),
            // Nothing that the user sent is gone with it.
            Err(Trouble::Nemo(NemoError::SessionGone, _)) if !had_clips => {
                let (mut account, session) = self.session().await?;
                let project = self.project(&mut account, &session).await?;
                Ok((account, session, project))
            }
            // The request may speak of clips that are gone: it is offered, never repeated.
            Err(trouble) => Err(trouble),
        }
    }

    /// Reads the project's state. A refused token is renewed in `account`. A session that is gone is replaced by a new
    /// one, unless a turn was sent on it, and still told as `SessionGone`: the timeline is a new one.
    pub(super) async fn project(&self, account: &mut Account, session: &SessionId) -> Result<Project, Trouble> {
        let mut read = self.worker.nemo.project(&account.token, session).await;
        if matches!(read, Err(NemoError::TokenRefused)) {
            *account = self.renew(account).await?;
            read = self.worker.nemo.project(&account.token, session).await;
        }
        if matches!(read, Err(NemoError::SessionGone)) && self.held.read(|record| record.turn.is_none()).await {
            self.replace_session().await?;
        }
        read.map_err(|error| Trouble::Nemo(error, Some(account.kind.clone())))
    }

    /// The same, and once more where the service is busy.
    pub(super) async fn project_in_time(&self, account: &mut Account, session: &SessionId) -> Result<Project, Trouble> {
        match self.project(account, session).await {
            Err(Trouble::Nemo(NemoError::RateLimited { retry_after }, _)) if self.wait_out(retry_after).await => {
                self.project(account, session).await
            }
            read => read,
        }
    }

    /// Waits as long as a busy service asks for, and says so: in the message of the work in hand, else in one of its
    /// own. `false`: the user has stopped it.
    pub(super) async fn wait_out(&self, retry_after: Option<Duration>) -> bool {
        let when = retry_after.unwrap_or(self.worker.settings.rate_limit_wait);
        let busy = Say::WorkBusy { when };
        // A Stop is heard meanwhile.
        self.busy.send_replace(true);
        let live = self.live();
        let before = live.as_ref().map(|live| live.standing());
        let mut told = None;
        if let Some(live) = &live {
            live.foot(self.worded(&busy), self.buttons(vec![Key::stop()]).await);
        } else {
            told = self.tell_asker(busy, Vec::new()).await;
        }
        let cut = self.cut();
        let waited = tokio::select! {
            () = tokio::time::sleep(when) => true,
            () = cut.cancelled() => false,
        };
        if let Some((live, (foot, buttons))) = live.zip(before) {
            live.foot(foot, buttons);
        }
        if let Some(told) = told {
            // The answer takes its place.
            let _ = self.surface.remove(&self.target(), &told).await;
        }
        waited
    }

    /// Asks for an account. Where the service is busy, the message of the work in hand says so as long as that is waited
    /// out.
    async fn in_words<T>(&self, ask: impl AsyncFnOnce(Waiting<'_>) -> T) -> T {
        let (cut, live) = (self.cut(), self.live());
        let before = live.as_ref().map(|live| live.standing());
        let stop = self.buttons(vec![Key::stop()]).await;
        let told = AtomicBool::new(false);
        let busy = |when| {
            if let Some(live) = &live {
                told.store(true, Ordering::Relaxed);
                live.foot(self.worded(&Say::WorkBusy { when }), stop.clone());
            }
        };
        let answer = ask(Waiting { cut: &cut, busy: &busy }).await;
        if told.into_inner()
            && let Some((live, (foot, buttons))) = live.as_ref().zip(before)
        {
            live.foot(foot, buttons);
        }
        answer
    }

    /// Reads the project once for an answer; trouble means that nothing is added.
    pub(super) async fn current_project(&self) -> Option<Project> {
        let (mut account, session) = self.session().await.ok()?;
        match self.project(&mut account, &session).await {
            Ok(project) => Some(project),
            Err(Trouble::Nemo(NemoError::SessionGone, _)) if self.held.read(|record| record.turn.is_none()).await => {
                self.tell(Say::SessionRenewed, Vec::new()).await;
                None
            }
            Err(_) => None,
        }
    }

    /// Opens a session in place of one that the backend no longer knows. The timeline is a new one.
    pub(super) async fn replace_session(&self) -> Result<(Account, SessionId), Trouble> {
        self.replace_project().await;
        self.session().await
    }

    /// Another project takes the place of the open one, without its person's wish. What waits for that one speaks of
    /// clips that are gone.
    async fn replace_project(&self) {
        let left = self.wishes_in_line().await;
        let replace = |record: &mut Record| {
            record.start_over();
            record.leave(left);
        };
        self.held.note(replace).await;
    }

    /// The sentence for trouble and the way out of it; `Err` if there is nobody to tell.
    pub(super) fn explain(&self, trouble: Trouble) -> Result<(Say, Remedy), HeldError> {
        Ok(match trouble {
            Trouble::Held(HeldError::Store(error @ StoreError::Unconfirmed { .. })) => {
                tracing::error!(%error, "A request is not sent, since a failover could forget that it was");
                (Say::StoreUnconfirmed, Remedy::Again)
            }
            Trouble::Held(error) => return Err(error),
            Trouble::Account(AccountError::NoneLeft) => (Say::AccountNoneLeft, Remedy::Again),
            Trouble::Account(AccountError::OwnRefused) => (Say::AccountExpired, Remedy::None),
            Trouble::Account(AccountError::OperatorRefused) => (operator_down(), Remedy::None),
            Trouble::Account(AccountError::Store(error)) => return Err(error.into()),
            Trouble::Account(AccountError::Nemo(error)) => return self.explain(Trouble::Nemo(error, None)),
            Trouble::Nemo(error, kind) => match error {
                NemoError::TokenRefused if kind == Some(AccountKind::Own) => (Say::AccountExpired, Remedy::None),
                NemoError::TokenRefused if kind == Some(AccountKind::Operator) => {
                    return self.explain(Trouble::Account(AccountError::OperatorRefused));
                }
                NemoError::TokenRefused => (Say::AccountNoneLeft, Remedy::Again),
                // What was asked may speak of clips that are gone: it is offered, never repeated.
                NemoError::SessionGone => (Say::SessionRenewed, Remedy::Again),
                NemoError::OutOfCredits => {
                    let said = out_of_credits(&self.worker.nemo, kind.as_ref(), self.shared());
                    let group = matches!(said, Say::CreditsOutGroup);
                    (said, if group { Remedy::Privately(Errand::Register) } else { Remedy::Again })
                }
                NemoError::PlanBlocked => {
                    (plan_blocked(&self.worker.nemo, kind.as_ref(), &self.language()), Remedy::None)
                }
                NemoError::TooLarge => (Say::UploadTooLargeUnnamed { limit: media::SIZE_LIMIT }, Remedy::None),
                NemoError::Unsupported => {
                    (Say::UploadUnsupportedUnnamed { formats: super::upload::formats() }, Remedy::None)
                }
                NemoError::RateLimited { retry_after } => {
                    let when = retry_after.unwrap_or(self.worker.settings.rate_limit_wait);
                    (Say::LimitService { when }, Remedy::Again)
                }
                error if error.is_passing() => {
                    tracing::warn!(%error, "The video service cannot be reached");
                    (Say::SetupFailed, Remedy::Again)
                }
                error => {
                    let reference = format!("{:08x}", rand::random::<u32>());
                    tracing::error!(reference, %error, "A request to the video service failed");
                    // The same request would be refused for the same reason.
                    let lasting = matches!(error, NemoError::Forbidden | NemoError::Malformed(_));
                    if lasting {
                        (Say::ErrorRefused { reference }, Remedy::None)
                    } else {
                        (Say::ErrorInternal { reference }, Remedy::Again)
                    }
                }
            },
        })
    }

    /// Whether others read what is said here.
    pub(super) fn shared(&self) -> bool {
        self.surface.capabilities(&self.conversation.place).shared
    }
}

/// An account of this kind has no credits left. `shared`: others read it, and the link is personal.
pub(crate) fn out_of_credits(nemo: &Nemo, kind: Option<&AccountKind>, shared: bool) -> Say {
    match kind {
        Some(AccountKind::Anonymous(user)) if !shared => {
            Say::CreditsOutAnonymous { url: nemo.register_link(user.as_deref()).to_string() }
        }
        Some(AccountKind::Anonymous(_)) => Say::CreditsOutGroup,
        Some(AccountKind::Own) => Say::CreditsOutOwn { web: web(nemo) },
        Some(AccountKind::Operator) | None => {
            tracing::error!("The operator's account has no credits left");
            Say::CreditsOutOperator
        }
    }
}

/// The plan of an account of this kind does not include export.
pub(crate) fn plan_blocked(nemo: &Nemo, kind: Option<&AccountKind>, language: &Language) -> Say {
    tracing::warn!("Export was refused (402) although the three X-Skill headers were sent");
    let plan_help = match kind {
        Some(AccountKind::Anonymous(_)) => Say::ExportPlanHelp { web: web(nemo) }.text(language),
        _ => String::new(),
    };
    Say::ExportPlanBlocked { plan_help }
}

/// The operator's token is refused: the operator is told, too.
pub(crate) fn operator_down() -> Say {
    tracing::error!("The service refuses NEMO_TOKEN. New work waits until it is replaced");
    Say::AccountOperatorDown
}

fn web(nemo: &Nemo) -> String {
    nemo.settings().web_url.as_str().trim_end_matches('/').to_owned()
}
