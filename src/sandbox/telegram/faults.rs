//! Failures on demand.

use std::time::Duration;

use serde_json::Value;

use super::call::Call;

/// When to fail, and how. Of several rules that fit, the oldest is used.
#[derive(Clone, Debug)]
pub struct FaultRule {
    /// The method, without regard to case; `download` for the bytes of a file. `None`: any but `getUpdates`.
    pub method: Option<String>,
    /// The chat; `None`: any.
    pub chat: Option<i64>,
    /// Part of the text or caption; `None`: any.
    pub text_contains: Option<String>,
    /// A parameter that the call must have; `None`: any call.
    pub parameter: Option<&'static str>,
    /// Only an edit that puts other buttons under its message, as the one does that ends an answer.
    pub at_buttons: bool,
    /// How often it fails before the rule is forgotten.
    pub times: u32,
    /// What happens.
    pub action: FaultAction,
}

impl FaultRule {
    /// Fails the next call of `method`.
    pub fn on(method: impl Into<String>, action: FaultAction) -> Self {
        let method = Some(method.into());
        Self { method, chat: None, text_contains: None, parameter: None, at_buttons: false, times: 1, action }
    }

    /// Only in this chat.
    #[must_use]
    pub fn in_chat(mut self, chat: i64) -> Self {
        self.chat = Some(chat);
        self
    }

    /// Only with this part in its text or caption.
    #[must_use]
    pub fn containing(mut self, text: impl Into<String>) -> Self {
        self.text_contains = Some(text.into());
        self
    }

    /// Only with this parameter.
    #[must_use]
    pub fn with(mut self, parameter: &'static str) -> Self {
        self.parameter = Some(parameter);
        self
    }

    /// Only where the buttons change.
    #[must_use]
    pub fn at_buttons(mut self) -> Self {
        self.at_buttons = true;
        self
    }

    /// This often instead of once.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn fits(&self, call: &Call, changes_buttons: bool) -> bool {
        let method = match &self.method {
            Some(method) => method.eq_ignore_ascii_case(&call.method),
            None => call.method != "getUpdates",
        };
        let text = ["text", "caption"].iter().filter_map(|name| call.parameters.get(*name).and_then(Value::as_str));
        method
            && (changes_buttons || !self.at_buttons)
            && self.parameter.is_none_or(|name| call.parameters.contains_key(name))
            && self.chat.is_none_or(|chat| call.chat_id() == Some(chat))
            && self.text_contains.as_ref().is_none_or(|part| text.into_iter().any(|text| text.contains(part)))
    }
}

/// What a fault does.
#[derive(Clone, Debug)]
pub enum FaultAction {
    /// Refuses with Telegram's JSON. With 429 and `retry_after` the chat is really closed for that time, and calls
    /// inside it lengthen it.
    Status {
        /// HTTP status and `error_code`.
        code: u16,
        /// `description`.
        description: String,
        /// `parameters.retry_after`, in seconds.
        retry_after: Option<u64>,
    },
    /// Refuses with a page, as the servers in front of Telegram do (502, 413).
    HtmlError(u16),
    /// Waits, then does what was asked.
    Delay(Duration),
    /// Does what was asked, then cuts the connection without an answer.
    DropAnswerAfterCommit,
    /// The person deletes the message that the call is about; then what was asked is tried.
    DeleteFirst,
    /// The person blocks the bot; then what was asked is tried.
    BlockFirst,
    /// Cuts the connection and does nothing. A download is cut in its middle.
    CutConnection,
    /// Says nothing more and stays open until the other side leaves. A download stops in its middle.
    Stall,
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
    pub(super) fn take(&mut self, call: &Call, changes_buttons: bool) -> Option<(FaultAction, bool)> {
        let fits = |rule: &FaultRule| rule.times > 0 && rule.fits(call, changes_buttons);
        if let Some(action) = take(&mut self.rules, fits) {
            return Some((action, false));
        }
        let action = take(&mut self.staged, fits)?;
        Some((action, self.staged.is_empty()))
    }
}

fn take(rules: &mut Vec<FaultRule>, fits: impl Fn(&FaultRule) -> bool) -> Option<FaultAction> {
    let at = rules.iter().position(fits)?;
    let action = rules[at].action.clone();
    rules[at].times -= 1;
    rules.retain(|rule| rule.times > 0);
    Some(action)
}
