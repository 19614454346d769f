//! One turn of the agent: written ahead, sent once, streamed into the live message, finished in words.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::live::Live;
use super::meta::named_platforms;
use super::person::Account;
use super::recheck::Quiet;
use super::record::{Entry, Phase, Record, Request, Turn};
use super::setup::Trouble;
use super::shape::{Shape, Shaped};
use super::shift::Shift;
use super::voice::Key;
use crate::admission;
use crate::chat::inbound::InboundKind;
use crate::chat::reply::{Button, Reply};
use crate::chat::rich::RichText;
use crate::crash;
use crate::intent;
use crate::nemo::{NemoError, SessionId, Snapshot};
use crate::say::Say;
use crate::store::Version;
use crate::telemetry;
use crate::work::held::{Also, HeldError};

/// A turn that took longer, or that has newer messages below it, ends with a message that rings.
const PING_AFTER: Duration = Duration::from_secs(30);

/// How an opened stream ended for the user.
pub(super) enum Outcome {
    /// The agent's words are complete; whether its last tool result had words after it, a clip was generated, and what
    /// is shown beside them.
    Answered { after_tools: bool, generated: bool, shaped: Box<Shaped> },
    /// The stream closed without words; whether a clip was generated.
    Silent { generated: bool },
    /// The agent reported a failure; what its code asks for, if that is more than to say so.
    Failed(Option<NemoError>),
    /// Nobody knows how it ended: reconcile.
    Lost,
    /// It took too long: say so at once, then reconcile.
    TimedOut,
    /// The user stopped it.
    Stopped,
    /// Already put into words.
    Reported(RichText, Vec<Button>),
}

impl Outcome {
    /// A word for metrics.
    const fn word(&self) -> &'static str {
        match self {
            Self::Answered { .. } => "answered",
            Self::Silent { .. } => "silent",
            Self::Failed(_) => "failed",
            Self::Lost => "lost",
            Self::TimedOut => "timed_out",
            Self::Stopped => "stopped",
            Self::Reported(..) => "resumed",
        }
    }
}

impl Shift {
    /// Sends `request` to the agent and sees it through. `entries` asked for it.
    pub(super) async fn turn(
        &self,
        entries: Vec<(Version, Entry)>,
        request: impl Into<Request>,
    ) -> Result<(), HeldError> {
        let request = request.into();
        let events: Vec<_> = entries.iter().map(|(_, entry)| entry.inbound.id.clone()).collect();
        if let Err(refusal) = admission::admit() {
            self.tell(refusal, Vec::new()).await;
            return self.finish(&entries, |_| (), Vec::new()).await;
        }
        let started = Instant::now();
        let live = self.live_for(&entries).await;
        self.busy.send_replace(true);
        let stands = |record: &Record| (record.project.number, record.project.clips.is_empty());
        let (number, bare) = self.held.read(stands).await;
        // Neither waits for the other: the sign of life goes out while the account, the session and the project are found.
        let ((), ready) = tokio::join!(live.open(self), self.ready());
        let moved = self.held.read(|record| record.project.number != number).await;
        let (account, session, before) = match ready {
            // The person has changed accounts elsewhere, or the session is gone: this speaks of what was in it.
            Ok((account, ..)) if moved && (!bare || of_project(&entries)) => {
                let gone = Trouble::Nemo(NemoError::SessionGone, Some(account.kind));
                return self.refuse(&entries, &live, gone, request).await;
            }
            Ok((account, session, project)) => (account, session, Snapshot::of(&project)),
            Err(trouble) if trouble.is_wait() && self.cut().is_cancelled() => {
                return self.conclude(&entries, &live, Outcome::Stopped, started).await;
            }
            Err(trouble) => return self.refuse(&entries, &live, trouble, request).await,
        };
        if self.cut().is_cancelled() {
            return self.conclude(&entries, &live, Outcome::Stopped, started).await;
        }
        live.foot(self.worded(&Say::WorkStarted), self.buttons(vec![Key::stop()]).await);

        // Write ahead: from here on the request counts as sent, whatever happens.
        let turn = |since| Turn {
            events: events.clone(),
            request: request.clone(),
            phase: Phase::Dispatched,
            before: before.clone(),
            since,
            live: live.kept(),
            rechecks: 0,
            said: None,
            shape: Shape::default(),
            back: None,
        };
        let now = self.worker.clock.now();
        let dispatch = |record: &mut Record| {
            record.turn = Some(turn(now));
        };
        if let Err(error) = self.held.save(dispatch, Also { confirmed: true, ..Also::default() }).await {
            return self.refuse(&entries, &live, error.into(), request).await;
        }
        crash::point("turn.written");
        let outcome = match self.send(&account, &session, &request, &live).await {
            Ok(outcome) => outcome,
            Err(trouble) => return self.refuse(&entries, &live, trouble, request).await,
        };
        if let Outcome::Answered { after_tools, shaped, .. } = &outcome {
            // What the user is about to read must not be taken back by whoever goes on after us.
            let platforms = named_platforms(request.own_words());
            let said = |record: &mut Record| {
                if let Some(turn) = &mut record.turn {
                    turn.live = live.kept();
                    turn.said = Some(*after_tools);
                    turn.shape = shaped.shape.clone();
                }
                record.last_reply.clone_from(&shaped.reply);
                if !platforms.is_empty() {
                    record.project.platforms.clone_from(&platforms);
                }
                if let Some(parsed) = &shaped.parsed {
                    record.project.describe(parsed.clone(), &request);
                }
            };
            self.held.save(said, Also::default()).await?;
            crash::point("turn.said");
        }
        self.conclude(&entries, &live, outcome, started).await
    }

    /// The live message of a turn: the one that told its place in line or showed its upload, or a new one.
    async fn live_for(&self, entries: &[(Version, Entry)]) -> Arc<Live> {
        if let Some(live) = self.live() {
            return live;
        }
        let open = self.take_notice(entries).await;
        let new = self.held.read(|record| record.project.session.is_none()).await;
        let live = self.begin_reply(open);
        let say = if new { Say::SetupConnecting } else { Say::WorkStarted };
        live.foot(self.worded(&say), self.buttons(vec![Key::stop()]).await);
        live
    }

    /// Sends the request: once, and once more only if it was definitely refused before it ran.
    async fn send(
        &self,
        account: &Account,
        session: &SessionId,
        request: &Request,
        live: &Live,
    ) -> Result<Outcome, Trouble> {
        let words = request.words();
        let mut account = account.clone();
        let mut again = false;
        loop {
            self.held.until_fresh().await;
            crash::point("turn.posting");
            let cut = self.cut();
            let answer = tokio::select! {
                biased;
                () = cut.cancelled() => return Ok(Outcome::Stopped),
                answer = self.worker.nemo.converse(&account.token, session, &words) => answer,
            };
            let refusal = match answer {
                Ok(events) => return Ok(self.follow(events, live, &request.text).await),
                Err(refusal) => refusal,
            };
            match refusal {
                NemoError::TokenRefused if !again => {
                    account = self.renew(&account).await?;
                }
                NemoError::RateLimited { retry_after } if !again => {
                    let wait = retry_after.unwrap_or(self.worker.settings.rate_limit_wait);
                    live.foot(self.worded(&Say::WorkBusy { when: wait }), self.buttons(vec![Key::stop()]).await);
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = cut.cancelled() => return Ok(Outcome::Stopped),
                    }
                }
                NemoError::SessionGone => {
                    self.replace_session().await?;
                    return Err(Trouble::Nemo(NemoError::SessionGone, Some(account.kind)));
                }
                error if error.is_ambiguous() => {
                    tracing::warn!(%error, "Nobody knows whether a request ran; it is not sent again");
                    return Ok(Outcome::Lost);
                }
                error => return Err(Trouble::Nemo(error, Some(account.kind))),
            }
            again = true;
            live.foot(self.worded(&Say::WorkStarted), self.buttons(vec![Key::stop()]).await);
            let dispatch = |record: &mut Record| {
                if let Some(turn) = &mut record.turn {
                    turn.phase = Phase::DispatchedAgain;
                }
            };
            self.held.save(dispatch, Also { confirmed: true, ..Also::default() }).await?;
        }
    }

    /// Puts the end of a turn into words and closes it.
    pub(super) async fn conclude(
        &self,
        entries: &[(Version, Entry)],
        live: &Live,
        outcome: Outcome,
        started: Instant,
    ) -> Result<(), HeldError> {
        match outcome {
            Outcome::Answered { .. } | Outcome::Silent { .. } => self.judge(true),
            Outcome::Failed(_) => self.judge(false),
            _ => {}
        }
        let answered = matches!(outcome, Outcome::Answered { .. });
        let exports = match &outcome {
            Outcome::Answered { shaped, .. } if shaped.shape.file => {
                let asked = |record: &Record| {
                    record.turn.as_ref().is_some_and(|turn| intent::asks_file(turn.request.own_words()))
                };
                self.held.read(asked).await
            }
            _ => false,
        };
        metrics::counter!(telemetry::TURNS, "outcome" => outcome.word()).increment(1);
        let (foot, buttons) = match outcome {
            Outcome::Answered { after_tools, generated, shaped } => {
                self.with_balance(self.answered(after_tools, generated, &shaped.shape).await).await
            }
            Outcome::Silent { generated } => self.settle(Quiet::Silent { generated }).await?,
            Outcome::Failed(None) => self.settle(Quiet::Failed).await?,
            Outcome::Failed(Some(error)) => Box::pin(self.refused_inside(error)).await?,
            Outcome::Stopped => {
                let start_over = self.held.read(|record| record.start_over_after).await;
                self.told_new.store(start_over, Ordering::Relaxed);
                if start_over {
                    self.pay_stop();
                    (self.worded(&Say::NewDone), Vec::new())
                } else {
                    self.stopped().await
                }
            }
            Outcome::Lost => self.recheck(live, Say::WorkRechecking).await?,
            Outcome::TimedOut => self.recheck(live, Say::WorkTimeout).await?,
            Outcome::Reported(foot, buttons) => (foot, buttons),
        };
        // A long timeline does not fit under the text; what is too much for one message follows it.
        let limit = self.surface.capabilities(&self.conversation.place).text_limit;
        let mut parts = if foot.length(limit) > limit.max() { foot.split(limit) } else { vec![foot] };
        let rest = parts.split_off(1.min(parts.len()));
        let here = if rest.is_empty() { buttons.clone() } else { Vec::new() };
        live.foot(parts.pop().unwrap_or_default(), here);
        let shown = self.land_last(live).await;
        crash::point("turn.landed");
        if let Some(rest) = rest.into_iter().reduce(RichText::then) {
            self.post_below(live.messages(), Reply::new(rest).with_buttons(buttons).quietly()).await;
        }
        // Whoever has stopped it knows, and looks at it.
        let stopped = !answered && self.cut().is_cancelled();
        let late = started.elapsed() > PING_AFTER || self.below.load(Ordering::Relaxed);
        // Where only a token leads, one person sees the answer, and what comes next stands right below it.
        let for_one = self.surface.reaches(&self.target()).is_some();
        if shown && late && !stopped && !for_one && !live.rang() {
            let say = if self.went_well() { Say::WorkPing } else { Say::WorkPingEnded };
            self.mention(Reply::new(self.worded(&say))).await;
        }
        if shown {
            self.show_moved().await;
        }
        // The agent left the file to its user, who had asked for it.
        if exports && !self.cut().is_cancelled() {
            return Box::pin(self.export(entries.to_vec())).await;
        }
        let close = |record: &mut Record| {
            record.turn = None;
            record.upload = None;
        };
        self.finish(entries, close, Vec::new()).await
    }

    /// A turn that could not be begun, or was definitely refused: say why and close it.
    pub(super) async fn refuse(
        &self,
        entries: &[(Version, Entry)],
        live: &Live,
        trouble: Trouble,
        request: Request,
    ) -> Result<(), HeldError> {
        let (say, remedy) = self.explain(trouble)?;
        self.judge(false);
        live.foot(self.worded(&say), self.buttons(remedy.keys(Key::retry(request))).await);
        self.land_last(live).await;
        let close = |record: &mut Record| {
            record.turn = None;
            record.upload = None;
        };
        self.finish(entries, close, Vec::new()).await
    }
}

/// Whether a button of a project asked for this.
fn of_project(entries: &[(Version, Entry)]) -> bool {
    let of = |entry: &Entry| matches!(&entry.inbound.kind, InboundKind::Pressed { choice, .. } if choice.action.of_project());
    entries.iter().any(|(_, entry)| of(entry))
}
