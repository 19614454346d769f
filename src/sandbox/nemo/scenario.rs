//! What the emulator plays: one name per way in which the service can behave.

use crate::sandbox::scenarios::scenarios;

// What each does stands where it happens (`agent`, `run`, `wire`, `faults`, `render`, `accounts`, `upload`, `sessions`).
scenarios! {
    /// A way in which the service behaves.
    #[derive(Default)]
    Scenario
    #[default]
    Normal "normal" "Everything works."
    SilentEdit "silent-edit" "The edit is done, and the agent says nothing about it."
    SilentUnread "silent-unread" "The edit is done without a word, and the state cannot be read from then on."
    SilentNothing "silent-nothing" "The agent says nothing, and nothing changes."
    Slow "slow" "A long tool call, with heartbeats only."
    Dropped "dropped" "The connection breaks in the middle of a run; the edit was done."
    DroppedUndone "dropped-undone" "The connection breaks in the middle of a run; nothing was done."
    DroppedUnread "dropped-unread" "The connection breaks in the middle of a run; the edit was done, and the state cannot be read from then on."
    Hang "hang" "A run stops in the middle and stays open until it is released."
    ErrorEvent "error-event" "The run fails with an error event."
    CrashFrame "crash-frame" "The run ends with the server's own error frame."
    OutOfCredits "out-of-credits" "Every run is refused because the credits are used up."
    NoAnonymous "no-anonymous" "No free account is to be had."
    RenderFailsOnce "render-fails-once" "The next render fails, those after it succeed."
    RenderFails "render-fails" "Every render fails."
    RenderSlow "render-slow" "A render takes many polls, or until it is released."
    RenderNoUrl "render-no-url" "A finished render names no address; the download call does."
    PlanBlocked "plan-blocked" "Export is refused on the free plan."
    TokenExpired "token-expired" "The account's token expires once."
    SessionGone "session-gone" "The session of the next call is lost, once."
    RateLimited "rate-limited" "The next run is refused once, with a time to wait."
    TooLarge "too-large" "Every upload is too large."
    TypedDialect "typed-dialect" "The stream speaks the second dialect."
    Deltas "deltas" "The stream carries words, then the whole text again."
    DeltasOnly "deltas-only" "The stream carries words and never the whole text."
    Thoughts "thoughts" "The agent thinks aloud, beside its words and in events of their own."
    Authors "authors" "Several agents of a team speak, and the user's own words come back."
    TextWithCall "text-with-call" "All words stand in the event of a tool's call; after the tool nothing is said."
    LongRunning "long-running" "A call goes on after the stream has closed; the edit shows at the second look."
    NoContent "no-content" "Between the words come events without content or with empty parts."
    LineSeparator "line-separator" "The words hold raw line separators, which end no line of the stream."
    Noise "noise" "Behind the reply comes talk of a temporary issue, although all went well."
    LongReply "long-reply" "A reply of more than 20,000 characters, with long blocks of code."
    TwoStage "two-stage" "A clip is generated; music and a title that nobody asked for follow."
    TwoStageSilent "two-stage-silent" "The same, and the agent says nothing about it."
    Heartbeats "heartbeats" "Every form of heartbeat, many of them, between all events."
    SilentWire "silent-wire" "A long tool call without a single byte."
    SplitChunks "split-chunks" "Chunks end in the middle of frames and of characters."
    ByteByByte "byte-by-byte" "The stream comes one byte at a time."
    Crlf "crlf" "A proxy has turned the ends of lines into CRLF."
    Unended "unended" "The last frame comes without its blank line."
    CutFrame "cut-frame" "The connection breaks inside a frame and inside a character; the edit was done."
    EmptyStream "empty-stream" "The stream closes without a single event; nothing was done."
    LeftOpen "left-open" "After the last event the connection stays open until it is released."
    HugeFrame "huge-frame" "A frame of more than 16 MiB comes after the edit."
    ErrorAlone "error-alone" "The run fails with an error event and nothing else."
    ErrorAfterEdit "error-after-edit" "The run fails with an error event, after the edit was done."
    CrashFirst "crash-first" "The server's error frame is all that comes."
    CrashUnescaped "crash-unescaped" "The run ends with an error frame as ADK 1.22.1 writes it: not JSON, on several lines."
    NotAStream "not-a-stream" "A message to the agent is answered with JSON that says neither yes nor no."
    RunHtml "run-html" "A message to the agent is answered by a proxy's page of HTML."
    RunForbidden "run-forbidden" "A message to the agent is refused for lack of a right."
    RunMalformed "run-malformed" "A message to the agent is refused as malformed."
    RateLimitedBare "rate-limited-bare" "The next run is refused once, without a time to wait."
    RateLimitedAlways "rate-limited-always" "Every run is refused because there are too many."
    SessionLostCode "session-lost-code" "The session is lost when the next message comes; the service's own code says so."
    SessionLostAdk "session-lost-adk" "The session is lost when the next message comes; ADK's words say so."
    ReauthRefused "reauth-refused" "The account's token expires, and no other one is given out."
    CreditsFloat "credits-float" "Credits are counted in parts."
    StateHtml "state-html" "The state is answered by a proxy's page of HTML."
    StateLag "state-lag" "The edit is done without a word and shows at the second look."
    StateNulls "state-nulls" "The state holds nulls and lacks fields."
    StateString "state-string" "The timeline is a string that cannot be read as tracks."
    StateStrange "state-strange" "The timeline holds segments of strange forms."
    Unsupported "unsupported" "No upload has a type that is taken."
    BareTooLarge "bare-413" "A proxy finds every upload too large and says so without a word."
    UploadHtml "upload-html" "An upload is answered by a proxy's page of HTML, and nothing has arrived."
    UploadLost "upload-lost" "An upload is answered by a proxy's page of HTML, and the clip has arrived."
    SlowUpload "slow-upload" "An upload takes its time."
    RenderOddWord "render-odd-word" "A render's status is a word that nobody knows, until it is done."
    RenderPollErrors "render-poll-errors" "Questions about a render fail in several ways before they are answered."
    RenderSigned "render-signed" "The address of a finished render tells until when it works."
    RenderNowhere "render-nowhere" "A finished render has no address anywhere."
    RenderDuplicate "render-duplicate" "The next render's id is said to be used already."
    RenderBytes "render-bytes" "A finished render names no address; the download call sends the file itself."
    RenderBytesCut "render-bytes-cut" "The same, and the file breaks off in the middle once."
    RenderBytesLost "render-bytes-lost" "The same, and the file breaks off in the middle each time."
    RenderTokenExpired "render-token-expired" "The account's token expires at the submit of a render, at the first question and at the download."
    RenderTokenLost "render-token-lost" "The account's token expires while a render runs, and no other one is given out."
    RenderTrouble "render-trouble" "The submit of a render and its download are answered by a proxy or refused a few times before they go well."
    RenderSubmitLost "render-submit-lost" "A render is taken, and the answer is a proxy's page of HTML."
    RenderHangs "render-hangs" "The submit of a render, the first question and the download stay without an answer once."
    RenderLate "render-late" "The answer that a render is done comes only when it is released."
    RenderBusy "render-busy" "Every render is refused because there are too many."
    RenderRefused "render-refused" "Every render is refused as malformed."
    RenderNoCredits "render-no-credits" "Every render is refused because the credits are used up."
    RenderSessionLost "render-session-lost" "The session is lost when a render is submitted."
    UploadTokenExpired "upload-token-expired" "The account's token expires when a clip arrives, once."
    ReauthBusy "reauth-busy" "The account's token expires, and another one is given out at the second asking."
    ErrorCredits "error-credits" "The run fails with an error event in the middle because the credits are used up."
    SessionBusy "session-busy" "The next session is refused once because there are too many."
    StateBusy "state-busy" "The state is refused once because there are too many questions."
    UploadBusy "upload-busy" "The next upload is refused once because there are too many."
    UploadBusyAlways "upload-busy-always" "Every upload is refused because there are too many."
    CreditsBusy "credits-busy" "The balance is refused once because there are too many questions."
    LinksRefused "links-refused" "A clip by its address is refused; the clip itself is taken."
    LinksUnfetched "links-unfetched" "The service cannot fetch a clip by its address; the clip itself is taken."
    LinksEmpty "links-empty" "A clip by its address is taken and never comes; the clip itself does."
    SlowAccount "slow-account" "A free account is given out, and its token comes only when it is released."
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn every_name_leads_back_to_its_scenario() {
        for scenario in Scenario::ALL {
            assert_eq!(Scenario::parse(scenario.name()), Some(*scenario));
            assert!(scenario.about().ends_with('.'));
        }
        assert_eq!(Scenario::parse("no-such-thing"), None);
    }
}
