//! The ways in which Telegram can behave, by name: each one sets rules of `faults`, or changes what the person's next
//! deed looks like. One that happens once ends by itself.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};

use super::call::Call;
use super::chats::Person;
use super::faults::{FaultAction, FaultRule};
use super::user::{FileDetails, UserFile};
use super::{Shared, TelegramEmulator};
use crate::sandbox::scenarios::scenarios;

/// What a bot cannot fetch: 20 MB are handed out.
const TOO_BIG: u64 = 25 << 20;
/// Until a slow download begins.
const SLOW_DOWNLOAD: Duration = Duration::from_secs(6);
/// Between the pieces of an album that trickles in.
const JITTER: Duration = Duration::from_millis(300);
/// The clips of that album.
const ALBUM: usize = 3;
/// Until another scenario is played.
const ALWAYS: u32 = u32::MAX;

scenarios! {
    /// A way in which Telegram, or the person's client, behaves. Each name begins with `telegram-`.
    Scenario
    FloodShort "telegram-flood-short" "The next edit is refused with a wait of 3 seconds."
    FloodLong "telegram-flood-long" "The next edit is refused with a wait of 30 seconds."
    FloodLast "telegram-flood-last" "The edit that ends an answer is refused once with a wait of 3 seconds."
    EditsLost "telegram-edits-lost" "The next three edits are done, and the connection breaks instead of an answer."
    PostLost "telegram-post-lost" "The next message is posted, and the connection breaks instead of an answer."
    Html502 "telegram-502" "The next three edits are answered by a proxy's page of HTML."
    VideoTooLarge "telegram-413" "The next video is refused as too large by a page of HTML, by its address and with its bytes."
    FetchRefused "telegram-fetch-refused" "The next video cannot be fetched by its address."
    FormattingRefused "telegram-formatting-refused" "Every text with formatting is refused."
    Deleted "telegram-deleted" "The person deletes the next message while it grows."
    Blocked "telegram-blocked" "The person blocks the bot while an answer grows, until they write again."
    SlowDownload "telegram-slow-download" "The next clip takes its time before its first byte."
    DownloadCut "telegram-download-cut" "The next clip breaks off in the middle once."
    SizeUntold "telegram-size-untold" "The next clip comes without its size."
    TooBig "telegram-too-big" "The next clip claims 25 MB, more than is handed out to bots."
    NoMime "telegram-no-mime" "The next clip comes without its media type and name."
    Unknown "telegram-unknown" "An update of an unknown kind comes, and unknown fields in the next message."
    SecondPoller "telegram-second-poller" "Another process polls with the same token, once."
    DraftsRefused "telegram-drafts-refused" "Every draft is refused."
    FloodAll "telegram-flood-all" "The next message, edit and sign of life are each refused with a wait of 3 seconds."
    DownloadStalls "telegram-download-stalls" "The next clip stands still in the middle."
    QueryTooOld "telegram-query-too-old" "The next press is called too old to be answered."
    Album "telegram-album" "The next clip is an album of three that trickles in."
}

impl Scenario {
    /// What fails, and when.
    fn rules(self) -> Vec<FaultRule> {
        let edit = |action| FaultRule::on("editMessageText", action);
        let rule = match self {
            Self::FloodShort => edit(wait(3)),
            Self::FloodLong => edit(wait(30)),
            Self::FloodLast => edit(wait(3)).at_buttons(),
            Self::EditsLost => edit(FaultAction::DropAnswerAfterCommit).times(3),
            Self::PostLost => FaultRule::on("sendMessage", FaultAction::DropAnswerAfterCommit),
            Self::Html502 => edit(FaultAction::HtmlError(502)).times(3),
            Self::VideoTooLarge => FaultRule::on("sendVideo", FaultAction::HtmlError(413)).times(2),
            Self::FetchRefused => {
                FaultRule::on("sendVideo", refusal(400, "Bad Request: failed to get HTTP URL content"))
            }
            Self::FormattingRefused => {
                let no = || refusal(400, "Bad Request: can't parse entities: no end of entity");
                let rule = |method| FaultRule::on(method, no()).with("entities").times(ALWAYS);
                return vec![rule("editMessageText"), rule("sendMessage")];
            }
            Self::Deleted => edit(FaultAction::DeleteFirst),
            Self::Blocked => edit(FaultAction::BlockFirst),
            Self::SlowDownload => FaultRule::on("download", FaultAction::Delay(SLOW_DOWNLOAD)),
            Self::DownloadCut => FaultRule::on("download", FaultAction::CutConnection),
            Self::FloodAll => {
                let rule = |method| FaultRule::on(method, wait(3));
                return ["sendMessage", "editMessageText", "sendChatAction"].map(rule).into();
            }
            Self::DownloadStalls => FaultRule::on("download", FaultAction::Stall),
            Self::QueryTooOld => {
                let words = "Bad Request: query is too old and response timeout expired or query ID is invalid";
                FaultRule::on("answerCallbackQuery", refusal(400, words))
            }
            Self::SecondPoller => {
                let words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is \
                             running";
                FaultRule::on("getUpdates", refusal(409, words))
            }
            Self::DraftsRefused => {
                let no = refusal(400, "Bad Request: drafts are not available in this chat");
                FaultRule::on("sendMessageDraft", no).times(ALWAYS)
            }
            Self::SizeUntold | Self::TooBig | Self::NoMime | Self::Unknown | Self::Album => return Vec::new(),
        };
        vec![rule]
    }
}

fn refusal(code: u16, description: &str) -> FaultAction {
    FaultAction::Status { code, description: description.to_owned(), retry_after: None }
}

fn wait(seconds: u64) -> FaultAction {
    let description = format!("Too Many Requests: retry after {seconds}");
    FaultAction::Status { code: 429, description, retry_after: Some(seconds) }
}

impl TelegramEmulator {
    /// Plays a scenario in place of the one before. `None`: all goes well again. Rules of [`Self::fault`] stay.
    pub fn play(&self, scenario: Option<Scenario>) {
        let state = self.shared.state();
        let blocked = state.playing == Some(Scenario::Blocked);
        let who: Vec<_> = state.people.values().filter(|who| blocked && state.blocks(who.id)).cloned().collect();
        drop(state);
        for who in who {
            self.shared.blocks(&who, false);
        }
        let mut state = self.shared.state();
        state.playing = scenario;
        state.budget.open();
        state.faults.stage(scenario.map(Scenario::rules).unwrap_or_default());
        drop(state);
        match scenario {
            Some(Scenario::Unknown) => self.deliver_raw(json!({ "subscription": { "state": "new" } })),
            // The poll that is held would be answered well.
            Some(Scenario::SecondPoller) => self.forget_poller(),
            _ => {}
        }
        self.shared.changed();
    }

    /// What is played; `None` once it has come to its end.
    pub fn playing(&self) -> Option<Scenario> {
        self.shared.state().playing
    }

    /// Sends an album with a pause between its messages. Returns the number of the last one.
    pub(super) async fn sends_album_slowly(
        &self,
        who: &Person,
        chat: i64,
        files: Vec<UserFile>,
        jitter: Duration,
    ) -> io::Result<i64> {
        let album = self.shared.new_album();
        let mut last = 0;
        for (number, mut file) in files.into_iter().enumerate() {
            // The words stand under the first one.
            let caption = file.caption.take().filter(|_| number == 0).unwrap_or_default();
            let stored = self.shared.take_in(file, &FileDetails::default()).await?;
            if number > 0 {
                tokio::time::sleep(jitter).await;
            }
            last = self.shared.post_file(who, chat, stored, &caption, Some(&album));
        }
        Ok(last)
    }
}

impl super::State {
    /// Whether the person of this private chat blocks the bot.
    fn blocks(&self, chat: i64) -> bool {
        self.chats.get(&chat).is_some_and(|chat| chat.blocked)
    }

    /// Whether this scenario is played; it ends with that.
    pub(super) fn ends(&mut self, scenario: Scenario) -> bool {
        let plays = self.playing == Some(scenario);
        if plays {
            self.playing = None;
        }
        plays
    }
}

impl Shared {
    /// The person of the private chat of a call blocks the bot.
    pub(super) fn block_first(&self, call: &Call) {
        let who = call.chat_id().and_then(|id| self.state().people.get(&id).cloned());
        if let Some(who) = who {
            self.blocks(&who, true);
        }
    }

    /// Somebody deletes the message of a call.
    pub(super) fn delete_first(&self, call: &Call) {
        let mut state = self.state();
        if let (Some(chat), Some(message)) = (call.chat_id(), call.int("message_id"))
            && let Some(chat) = state.chats.get_mut(&chat)
        {
            chat.messages.remove(&message);
        }
        drop(state);
        self.changed();
    }

    /// How the person's next file differs from what they would send.
    pub(super) fn next_details(&self) -> FileDetails {
        let mut state = self.state();
        if state.ends(Scenario::SizeUntold) {
            FileDetails { without_size: true, ..FileDetails::default() }
        } else if state.ends(Scenario::TooBig) {
            FileDetails { claimed_size: Some(TOO_BIG), ..FileDetails::default() }
        } else if state.ends(Scenario::NoMime) {
            FileDetails { tells_mime: Some(false), without_name: true, ..FileDetails::default() }
        } else {
            FileDetails::default()
        }
    }

    /// How many messages the person's next file becomes, and what lies between them.
    pub(super) fn next_album(&self) -> Option<(usize, Duration)> {
        self.state().ends(Scenario::Album).then_some((ALBUM, JITTER))
    }

    /// Fields that no library knows, for the person's next message.
    pub(super) fn next_surprise(state: &mut super::State) -> Option<(String, Value)> {
        let surprise = json!({ "blocks": [{ "kind": "elsewhere" }], "reason": null });
        state.ends(Scenario::Unknown).then(|| ("hologram".to_owned(), surprise))
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn every_name_leads_back_to_its_scenario() {
        for scenario in Scenario::ALL {
            assert_eq!(Scenario::parse(scenario.name()), Some(*scenario));
            assert!(scenario.name().starts_with("telegram-"), "{}", scenario.name());
            assert!(scenario.about().ends_with('.'));
        }
        assert_eq!(Scenario::parse("normal"), None, "that is the backend's, and clears this one");
    }
}
