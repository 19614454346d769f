//! What a test does to the gateway and to the emulator itself.

use std::time::Duration;

use tokio::time::Instant;

use super::faults::FaultRule;
use super::gateway::Upset;
use super::sessions::Day;
use super::{DiscordEmulator, Shared};

impl DiscordEmulator {
    /// Adds a failure of REST or of a download.
    pub fn fault(&self, rule: FaultRule) {
        self.shared.state().faults.add(rule);
    }

    /// How many failures have not happened yet.
    pub fn faults_left(&self) -> u32 {
        self.shared.state().faults.left()
    }

    /// How many events the bot has not been sent yet.
    pub fn pending(&self) -> usize {
        self.shared.state().sessions.pending()
    }

    /// Every open connection to the gateway falls silent: it stays open and neither answers heartbeats nor sends
    /// events. A new connection works.
    pub fn freezes(&self) {
        self.upset(Upset::Freeze);
    }

    /// Closes every open connection with a code of its own, such as 4000.
    pub fn closes(&self, code: u16) {
        self.upset(Upset::Close(code));
    }

    /// Asks every client to connect again (op 7).
    pub fn asks_reconnect(&self) {
        self.upset(Upset::Reconnect);
    }

    /// Tells every client that its session is invalid (op 9), and whether it may resume it all the same.
    pub fn invalidates(&self, resumable: bool) {
        self.upset(Upset::Invalid(resumable));
    }

    /// Breaks every open connection without a word.
    pub fn cuts_gateway(&self) {
        self.upset(Upset::Cut);
    }

    /// Ends every open connection in good order, and without a close frame.
    pub fn hangs_up(&self) {
        self.upset(Upset::HangUp);
    }

    /// Asks every client for a heartbeat (op 1).
    pub fn asks_heartbeat(&self) {
        self.upset(Upset::AskBeat);
    }

    /// Refuses this many RESUMEs: their sessions are forgotten, and with them what happened meanwhile.
    pub fn refuses_resume(&self, times: u32) {
        self.shared.state().sessions.refusals = times;
    }

    /// Whoever wants to come in from now on, or in again, is turned away with this code; `None`: nobody is.
    pub fn turns_away(&self, code: Option<u16>) {
        self.shared.state().sessions.turned_away = code;
    }

    /// So many introductions are left of the day, which ends that soon.
    pub fn ends_the_day(&self, left: u32, within: Duration) {
        self.shared.state().sessions.day = Some(Day { left, ends: Instant::now() + within });
    }

    /// How often a client identified itself.
    pub fn identified(&self) -> u32 {
        self.shared.state().sessions.identified
    }

    /// How often a session was resumed.
    pub fn resumed(&self) -> u32 {
        self.shared.state().sessions.resumed
    }

    /// How many connections to the gateway are open.
    pub fn connections(&self) -> usize {
        self.shared.upsets.receiver_count()
    }

    /// Grants the message content intent, or takes it away. Open sessions keep what they have.
    pub fn grants_message_content(&self, granted: bool) {
        self.shared.tunable().message_content = granted;
    }

    /// Sets how long addresses of attachments live from now on; with zero they are dead at once.
    pub fn cdn_life(&self, life: Duration) {
        self.shared.tunable().cdn_life = life;
    }

    /// Sets the largest file that the bot may send.
    pub fn upload_limit(&self, bytes: u64) {
        self.shared.tunable().upload = bytes;
    }

    /// How many calls of the last ten minutes Discord counts as invalid: 401, 403, and 429 but the shared ones.
    pub fn invalid_requests(&self) -> usize {
        let span = self.shared.settings.times.invalid.span;
        self.shared.state().limits.invalid(span, Instant::now())
    }

    fn upset(&self, upset: Upset) {
        self.shared.upset(upset);
    }
}

impl Shared {
    pub(super) fn upset(&self, upset: Upset) {
        // Nobody is connected: nothing to upset.
        let _ = self.upsets.send(upset);
    }
}
