//! Failures on demand.

use std::time::Duration;

use serde_json::Value;

use super::call::Call;

/// When to fail, and how. Of several rules that fit, the oldest is used.
#[derive(Clone, Debug)]
pub struct FaultRule {
    /// The HTTP method; `None`: any.
    pub method: Option<String>,
    /// The path after `/api/v10`, or of a download, with `*` for any one step: `/channels/*/messages`,
    /// `/attachments/*/*/*`. `None`: any path of the API.
    pub path: Option<String>,
    /// The channel; `None`: any. An interaction's routes count as its channel.
    pub channel: Option<u64>,
    /// Part of the body, text displays and embeds included; `None`: any.
    pub text_contains: Option<String>,
    /// Only a call that carries files.
    pub with_files: bool,
    /// How often it fails before the rule is forgotten.
    pub times: u32,
    /// What happens.
    pub action: FaultAction,
}

impl FaultRule {
    /// Fails the next call of this route.
    pub fn on(method: impl Into<String>, path: impl Into<String>, action: FaultAction) -> Self {
        let (method, path) = (Some(method.into()), Some(path.into()));
        Self { method, path, channel: None, text_contains: None, with_files: false, times: 1, action }
    }

    /// Only in this channel.
    #[must_use]
    pub fn in_channel(mut self, channel: u64) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Only with this part in its body.
    #[must_use]
    pub fn containing(mut self, text: impl Into<String>) -> Self {
        self.text_contains = Some(text.into());
        self
    }

    /// Only with files.
    #[must_use]
    pub fn with_files(mut self) -> Self {
        self.with_files = true;
        self
    }

    /// This often instead of once.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn fits(&self, call: &Call, channel: Option<u64>) -> bool {
        let path = match &self.path {
            Some(pattern) => fits_path(pattern, &call.path),
            None => !call.is_download(),
        };
        path && (!self.with_files || !call.parts.is_empty())
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&call.method))
            && self.channel.is_none_or(|wanted| channel == Some(wanted))
            && self.text_contains.as_ref().is_none_or(|part| holds(&call.body, part))
    }
}

fn fits_path(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(wanted), Some(step)) if wanted == "*" || wanted == step => {}
            _ => return false,
        }
    }
}

/// Whether any text in a body has this part.
fn holds(body: &Value, part: &str) -> bool {
    match body {
        Value::String(text) => text.contains(part),
        Value::Array(items) => items.iter().any(|item| holds(item, part)),
        Value::Object(fields) => fields.values().any(|value| holds(value, part)),
        _ => false,
    }
}

/// What a fault does.
#[derive(Clone, Debug)]
pub enum FaultAction {
    /// Refuses with Discord's JSON.
    Status {
        /// HTTP status.
        status: u16,
        /// `code`.
        code: u32,
        /// `message`.
        message: String,
    },
    /// Refuses with a page, as the servers in front of Discord do: a body that is not JSON.
    Page(u16),
    /// Refuses with 429.
    Limited {
        /// Which kind.
        kind: LimitKind,
        /// How long to wait.
        wait: Duration,
    },
    /// Waits, then does what was asked.
    Delay(Duration),
    /// Does what was asked, then cuts the connection without an answer.
    DropAnswerAfterCommit,
    /// Cuts the connection and does nothing. A download is cut in its middle.
    CutConnection,
    /// Says nothing more and stays open until the other side leaves. A download stops in its middle.
    Stall,
    /// A download comes in pieces of 64 KiB with this pause before each.
    Slow(Duration),
    /// A download comes with this many bytes fewer, in good order.
    Shorter(u64),
    /// A download is said to be at this address instead.
    Elsewhere(String),
    /// Something happens first; then what was asked is tried.
    Meanwhile(Meanwhile),
}

/// What happens between a call and its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meanwhile {
    /// Somebody deletes the message that the call is about.
    Deletes,
    /// The thread that the call is about is archived.
    Archives,
    /// Somebody opens a thread under the message that the call is about.
    OpensThread,
    /// The gateway falls silent; see [`freezes`](super::DiscordEmulator::freezes).
    Freezes,
    /// The session becomes invalid and is not to be resumed.
    Invalidates,
    /// The gateway breaks, and the session is not to be resumed.
    Cuts,
}

/// The kinds of 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// The route's bucket, which is really closed for that time.
    Route,
    /// The same with a `code` in the body.
    RouteWithCode(u32),
    /// Without `Retry-After` in the head; the body tells it.
    WithoutHeader,
    /// Everything of the bot, which is really closed for that time; interaction routes are not.
    Global,
    /// A limit of the resource, not of the bot: does not count as invalid.
    Shared,
    /// 30046: too many edits of old messages.
    OldEdits,
    /// From the servers in front: a page, with no body that a program reads.
    Page,
}

/// The rules in force.
#[derive(Debug, Default)]
pub(super) struct Faults {
    rules: Vec<FaultRule>,
    /// Those of the scenario that is played.
    staged: Vec<FaultRule>,
}

impl Faults {
    pub(super) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    /// How many are still to come, those of a scenario left out.
    pub(super) fn left(&self) -> u32 {
        self.rules.iter().map(|rule| rule.times).sum()
    }

    /// Puts the rules of a scenario in place of those of the one before.
    pub(super) fn stage(&mut self, rules: Vec<FaultRule>) {
        self.staged = rules;
    }

    /// The fault for this call, used up, and whether the scenario has come to its end with it.
    pub(super) fn take(&mut self, call: &Call, channel: Option<u64>) -> Option<(FaultAction, bool)> {
        if let Some(action) = take(&mut self.rules, call, channel) {
            return Some((action, false));
        }
        let action = take(&mut self.staged, call, channel)?;
        Some((action, self.staged.is_empty()))
    }
}

fn take(rules: &mut Vec<FaultRule>, call: &Call, channel: Option<u64>) -> Option<FaultAction> {
    let at = rules.iter().position(|rule| rule.times > 0 && rule.fits(call, channel))?;
    let action = rules[at].action.clone();
    rules[at].times -= 1;
    rules.retain(|rule| rule.times > 0);
    Some(action)
}
