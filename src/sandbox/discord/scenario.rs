//! The ways in which Discord can behave, by name: each one sets rules of `faults`. One that happens once ends by itself.

use std::time::Duration;

use super::call::Call;
use super::faults::{FaultAction, FaultRule, LimitKind, Meanwhile};
use super::gateway::Upset;
use super::messages::open_message;
use super::world::State;
use super::{DiscordEmulator, Shared};
use crate::sandbox::scenarios::scenarios;

/// How long the token of an interaction lives in [`Scenario::TokenShort`]. A bot that is to know of it is started so.
pub const SHORT_TOKEN_LIFE: Duration = Duration::from_secs(30);
/// What each 429 asks for.
const WAIT: Duration = Duration::from_secs(3);
/// The channel takes too many messages of everybody's. Source: Discord's API reference, "JSON Error Codes".
const CHANNEL_WRITES: u32 = 20_028;
/// A permission is missing.
const MISSING: u32 = 50_013;
/// The request is too large.
const TOO_LARGE: u32 = 40_005;
/// Until another scenario is played.
const ALWAYS: u32 = u32::MAX;

scenarios! {
    /// A way in which Discord behaves. Each name begins with `discord-`.
    Scenario
    LimitBucket "discord-limit-bucket" "The next edit meets the limit of its channel (429 with a code)."
    LimitNoCode "discord-limit-no-code" "The next edit meets the limit of its route (429 without a code)."
    LimitShared "discord-limit-shared" "The next edit meets a limit that all bots share (429)."
    LimitGlobal "discord-limit-global" "The next edit meets the limit of the whole bot (429)."
    LimitPage "discord-limit-page" "The next edit is answered by a page that says 429."
    Zombie "discord-zombie" "With the bot's next message the gateway falls silent and stays open."
    InvalidSession "discord-invalid-session" "With the bot's next message its session at the gateway becomes invalid."
    FreshSession "discord-fresh-session" "With the bot's next message the gateway breaks, and the session is not resumed."
    EditsLost "discord-edits-lost" "The next three edits are done, and the connection breaks instead of an answer."
    PostLost "discord-post-lost" "The next message is posted, and the connection breaks instead of an answer."
    Edits502 "discord-502" "The next three edits are answered by a page of HTML."
    Deleted "discord-deleted" "Somebody deletes the next message while it grows."
    Forbidden "discord-forbidden" "The bot may not write in channels."
    NoThreads "discord-no-threads" "The bot may not open threads."
    ThreadExists "discord-thread-exists" "Somebody opens a thread just before the bot does."
    ThreadArchived "discord-thread-archived" "The next thread is archived while an answer grows in it."
    AddressExpired "discord-address-expired" "The address of the next clip has expired."
    DownloadCut "discord-download-cut" "The next clip breaks off in the middle once."
    VideoTooLarge "discord-413" "The next file of the bot is refused as too large."
    TokenShort "discord-token-short" "An answer to a command can be changed for 30 seconds only."
}

impl Scenario {
    /// What fails, and when.
    fn rules(self) -> Vec<FaultRule> {
        let edit = |action| FaultRule::on("PATCH", "/channels/*/messages/*", action);
        let post = |action| FaultRule::on("POST", "/channels/*/messages", action);
        let thread = |action| FaultRule::on("POST", "/channels/*/messages/*/threads", action);
        let download = |action| FaultRule::on("GET", "/attachments/*/*/*", action);
        let limited = |kind| edit(FaultAction::Limited { kind, wait: WAIT });
        let rule = match self {
            Self::LimitBucket => limited(LimitKind::RouteWithCode(CHANNEL_WRITES)),
            Self::LimitNoCode => limited(LimitKind::Route),
            Self::LimitShared => limited(LimitKind::Shared),
            Self::LimitGlobal => limited(LimitKind::Global),
            Self::LimitPage => limited(LimitKind::Page),
            Self::Zombie => post(FaultAction::Meanwhile(Meanwhile::Freezes)),
            Self::InvalidSession => post(FaultAction::Meanwhile(Meanwhile::Invalidates)),
            Self::FreshSession => post(FaultAction::Meanwhile(Meanwhile::Cuts)),
            Self::EditsLost => edit(FaultAction::DropAnswerAfterCommit).times(3),
            Self::PostLost => post(FaultAction::DropAnswerAfterCommit),
            Self::Edits502 => edit(FaultAction::Page(502)).times(3),
            Self::Deleted => edit(FaultAction::Meanwhile(Meanwhile::Deletes)),
            Self::Forbidden => post(refusal(403, MISSING, "Missing Permissions")).times(ALWAYS),
            Self::NoThreads => {
                let refused = || refusal(403, MISSING, "Missing Permissions");
                // Those that begin with a message, and those that stand alone.
                let alone = FaultRule::on("POST", "/channels/*/threads", refused()).times(ALWAYS);
                return vec![thread(refused()).times(ALWAYS), alone];
            }
            Self::ThreadExists => thread(FaultAction::Meanwhile(Meanwhile::OpensThread)),
            Self::ThreadArchived => edit(FaultAction::Meanwhile(Meanwhile::Archives)),
            Self::AddressExpired => download(FaultAction::Page(404)),
            Self::DownloadCut => download(FaultAction::CutConnection),
            Self::VideoTooLarge => post(refusal(413, TOO_LARGE, "Request entity too large")).with_files(),
            Self::TokenShort => return Vec::new(),
        };
        vec![rule]
    }
}

fn refusal(status: u16, code: u32, message: &str) -> FaultAction {
    FaultAction::Status { status, code, message: message.to_owned() }
}

impl DiscordEmulator {
    /// Plays a scenario in place of the one before. `None`: all goes well again. Rules of [`Self::fault`] stay.
    pub fn play(&self, scenario: Option<Scenario>) {
        let mut state = self.shared.state();
        state.playing = scenario;
        state.limits.open();
        state.faults.stage(scenario.map(Scenario::rules).unwrap_or_default());
        drop(state);
        self.shared.changed();
    }

    /// What is played; `None` once it has come to its end.
    pub fn playing(&self) -> Option<Scenario> {
        self.shared.state().playing
    }
}

impl State {
    /// The fault for this call, used up; a scenario may end with it.
    pub(super) fn fault_for(&mut self, call: &Call, channel: Option<u64>) -> Option<FaultAction> {
        let (action, last) = self.faults.take(call, channel)?;
        if last {
            self.playing = None;
        }
        Some(action)
    }
}

impl Shared {
    /// How long the token of an interaction lives that begins now.
    pub(super) fn token_life(&self, state: &State) -> Duration {
        let short = state.playing == Some(Scenario::TokenShort);
        if short { SHORT_TOKEN_LIFE } else { self.settings.times.token_life }
    }

    /// Lets happen what comes between a call and its turn.
    pub(super) fn meanwhile(&self, call: &Call, deed: Meanwhile) {
        let (Some(channel), message) = (self.channel_of(call), self.message_of(call)) else { return };
        let mut guard = self.state();
        let state = &mut *guard;
        let message = message.and_then(|id| open_message(state, channel, id).ok().cloned());
        match deed {
            Meanwhile::Deletes => {
                if let Some(message) = message {
                    self.remove(state, &message);
                }
            }
            Meanwhile::Archives => self.archive(state, channel, false),
            Meanwhile::OpensThread => {
                if let Some(message) = message {
                    self.open_thread(state, call, channel, message.id, Some(&message));
                    if let Some(thread) = state.channels.get_mut(&message.id) {
                        thread.owner = message.author;
                    }
                }
            }
            Meanwhile::Freezes => self.upset(Upset::Freeze),
            Meanwhile::Invalidates => self.upset(Upset::Invalid(false)),
            Meanwhile::Cuts => {
                state.sessions.refusals = 1;
                self.upset(Upset::Cut);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn every_name_leads_back_to_its_scenario() {
        for scenario in Scenario::ALL {
            assert_eq!(Scenario::parse(scenario.name()), Some(*scenario));
            assert!(scenario.name().starts_with("discord-"), "{}", scenario.name());
            assert!(scenario.about().ends_with('.'));
        }
        assert_eq!(Scenario::parse("telegram-blocked"), None);
    }
}
