//! From a call to its answer: checks, limits, faults, then the deed itself.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::Shared;
use super::call::Call;
use super::faults::{FaultAction, LimitKind};
use super::limits::Standing;
use super::refusal::{BAD_AGENT, Flaw, Refusal, Scope, UNAUTHORIZED};
use super::routes::{Deed, Route};
use super::settings::Rate;
use super::strict::check_shape;

/// What goes back over the wire.
pub(super) enum Answer {
    Json(u16, Value),
    /// 204.
    Empty,
    Refused(Refusal),
    /// A page from a server in front of Discord.
    Page(u16),
    /// The connection breaks.
    Cut,
}

/// An answer, and how its bucket stands.
pub(super) struct Outcome {
    pub(super) answer: Answer,
    pub(super) standing: Option<Standing>,
}

impl Shared {
    /// Answers a call of a known route; `read` tells whether its body could be read.
    pub(super) async fn answer(&self, call: &Call, read: Result<(), Refusal>) -> Outcome {
        let Some(route) = call.route else { return Outcome { answer: Answer::Cut, standing: None } };
        let (mut standing, spent) = self.spend(call, route);
        let fault = match self.admit(call, route) {
            Ok(()) => {
                let channel = self.channel_of(call);
                self.state().fault_for(call, channel)
            }
            Err(answer) => return Outcome { answer, standing: Some(standing) },
        };
        let mut drops = false;
        match fault {
            None | Some(FaultAction::Slow(_) | FaultAction::Shorter(_) | FaultAction::Elsewhere(_)) => {}
            Some(FaultAction::Meanwhile(deed)) => self.meanwhile(call, deed),
            Some(FaultAction::Delay(how_long)) => tokio::time::sleep(how_long).await,
            Some(FaultAction::DropAnswerAfterCommit) => drops = true,
            Some(FaultAction::CutConnection) => return Outcome { answer: Answer::Cut, standing: None },
            Some(FaultAction::Stall) => {
                self.stop.cancelled().await;
                return Outcome { answer: Answer::Cut, standing: None };
            }
            Some(FaultAction::Page(status)) => {
                return Outcome { answer: Answer::Page(status), standing: Some(standing) };
            }
            Some(FaultAction::Status { status, code, message }) => {
                let refusal = Refusal { status, code: Some(code), message, errors: None, limited: None };
                return Outcome { answer: Answer::Refused(refusal), standing: Some(standing) };
            }
            Some(FaultAction::Limited { kind, wait }) => {
                let answer = self.limit(call, route, kind, wait);
                (standing.left, standing.resets_after) = (0, wait);
                return Outcome { answer, standing: Some(standing) };
            }
        }
        let done = spent.and(read).and_then(|()| {
            let flaws = check_shape(route.deed, &call.body);
            self.judge(&flaws)?;
            self.perform(call, route.deed)
        });
        let answer = match done {
            _ if drops => Answer::Cut,
            Ok(answer) => answer,
            Err(refusal) => Answer::Refused(refusal),
        };
        Outcome { answer, standing: Some(standing) }
    }

    /// Spends the call on its buckets.
    fn spend(&self, call: &Call, route: &Route) -> (Standing, Result<(), Refusal>) {
        let now = Instant::now();
        let times = &self.settings.times;
        let rate: Rate = match route.deed {
            Deed::CreateMessage => times.messages,
            Deed::EditMessage => times.edits,
            Deed::FollowUp | Deed::Answer | Deed::EditAnswer | Deed::DeleteAnswer => times.answers,
            _ => times.others,
        };
        let mut state = self.state();
        let all = if route.is_interaction() { Ok(()) } else { state.limits.all(times.all, now) };
        let (mut standing, spent) = state.limits.route(&bucket(route), &top(call, route), rate, now);
        drop(state);
        let wait = standing.resets_after.as_secs_f64();
        standing.resets_at = Duration::from_millis(self.clock.now().as_millis()).as_secs_f64() + wait;
        (standing, all.and(spent))
    }

    /// What stands before every deed.
    fn admit(&self, call: &Call, route: &Route) -> Result<(), Answer> {
        let times = &self.settings.times;
        let invalid = self.state().limits.invalid(times.invalid.span, Instant::now());
        if invalid >= times.invalid.limit as usize {
            return Err(Answer::Page(429));
        }
        if !call.agent.starts_with("DiscordBot (") {
            self.breach(format!("{}: the User-Agent is not \"DiscordBot (url, version)\"", call.label()));
            return Err(Answer::Refused(BAD_AGENT.into()));
        }
        let open = route.is_interaction() || route.deed == Deed::Gateway;
        if !open && call.authorization != format!("Bot {}", self.settings.token) {
            return Err(Answer::Refused(UNAUTHORIZED.into()));
        }
        for name in call.query.keys().filter(|name| !route.query.contains(&name.as_str())) {
            self.breach(format!("{}: unknown query parameter {name}", call.label()));
        }
        Ok(())
    }

    /// Fails with all flaws of a body; unknown names are breaches besides.
    pub(super) fn judge(&self, flaws: &[Flaw]) -> Result<(), Refusal> {
        for flaw in flaws.iter().filter(|flaw| flaw.unknown) {
            self.breach(format!("unknown field {}", flaw.path));
        }
        if flaws.is_empty() { Ok(()) } else { Err(Refusal::forms(flaws)) }
    }

    fn limit(&self, call: &Call, route: &Route, kind: LimitKind, wait: Duration) -> Answer {
        let now = Instant::now();
        let (scope, code) = match kind {
            LimitKind::Page => return Answer::Page(429),
            LimitKind::Route | LimitKind::WithoutHeader => (Scope::User, None),
            LimitKind::RouteWithCode(code) => (Scope::User, Some(code)),
            LimitKind::Global => (Scope::Global, None),
            LimitKind::Shared => (Scope::Shared, None),
            LimitKind::OldEdits => (Scope::User, Some(30046)),
        };
        match kind {
            LimitKind::Global => self.state().limits.close_all(wait, now),
            LimitKind::Route | LimitKind::RouteWithCode(_) => {
                self.state().limits.close(&bucket(route), &top(call, route), wait, now);
            }
            _ => {}
        }
        let mut refusal = Refusal::limited(wait, scope, code);
        if let Some(limited) = &mut refusal.limited {
            limited.header = kind != LimitKind::WithoutHeader;
        }
        Answer::Refused(refusal)
    }

    fn perform(&self, call: &Call, deed: Deed) -> Result<Answer, Refusal> {
        match deed {
            Deed::Gateway => Ok(Answer::Json(200, json!({ "url": self.gateway_url() }))),
            Deed::GatewayBot => Ok(self.gateway_bot()),
            Deed::Me => {
                let me = self.me(&self.state());
                self.record_call(call, "");
                Ok(Answer::Json(200, me))
            }
            Deed::Application => Ok(Answer::Json(200, self.application())),
            Deed::Commands => self.commands(call),
            Deed::PutCommands => self.put_commands(call),
            Deed::Channel => self.get_channel(call),
            Deed::PatchChannel => self.patch_channel(call),
            Deed::Messages => self.list_messages(call),
            Deed::Message => self.get_message(call),
            Deed::CreateMessage => self.create_message(call),
            Deed::EditMessage => self.edit_message(call),
            Deed::DeleteMessage => self.delete_message(call),
            Deed::Typing => self.typing(call),
            Deed::React => self.react(call, true),
            Deed::Unreact => self.react(call, false),
            Deed::ThreadFromMessage => self.thread_from_message(call),
            Deed::Thread => self.thread(call),
            Deed::OpenDm => self.open_dm(call),
            Deed::Guild => self.get_guild(call),
            Deed::Member => self.get_member(call),
            Deed::Callback => self.callback(call),
            Deed::FollowUp => self.follow_up(call),
            Deed::Answer => self.get_answer(call),
            Deed::EditAnswer => self.edit_answer(call),
            Deed::DeleteAnswer => self.delete_answer(call),
            Deed::RefreshUrls => Ok(self.refresh_urls(call)),
        }
    }

    /// The channel that a call is about.
    pub(super) fn channel_of(&self, call: &Call) -> Option<u64> {
        let route = call.route?;
        if route.template.starts_with("/channels/") {
            return call.step(0).parse().ok();
        }
        let state = self.state();
        let mut known = state.interactions.values();
        known.find(|one| route.is_interaction() && one.token == call.step(1)).map(|one| one.channel)
    }

    /// The message that a call is about.
    pub(super) fn message_of(&self, call: &Call) -> Option<u64> {
        let route = call.route?;
        if route.template.starts_with("/channels/") {
            return call.step(1).parse().ok();
        }
        if call.step(2) != "@original" {
            return call.step(2).parse().ok();
        }
        let state = self.state();
        state.interactions.values().find(|one| one.token == call.step(1))?.original
    }

    /// Notes a call in the journal that neither sends nor edits.
    pub(super) fn record_call(&self, call: &Call, what: &str) {
        let (chat, message) = (self.channel_of(call), self.message_of(call));
        let data = json!({ "method": call.label(), "chat": chat, "message_id": message, "what": what });
        self.record("call", format!("{} {what}", call.label()).trim_end(), data);
    }
}

/// The bucket's name: opaque, and the same for each top-level id.
fn bucket(route: &Route) -> String {
    let digest = Sha256::digest(format!("{} {}", route.method, route.template));
    digest.iter().take(16).fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// The top-level id of a call: channel, server, or webhook with its token.
fn top(call: &Call, route: &Route) -> String {
    if route.template.starts_with("/webhooks/") || route.template.starts_with("/interactions/") {
        format!("{} {}", call.step(0), call.step(1))
    } else if route.template.starts_with("/channels/") || route.template.starts_with("/guilds/") {
        call.step(0).to_owned()
    } else {
        String::new()
    }
}
