//! One row for each scenario of the emulator: what the user does, and what the user then reads.

use nemo_bot::sandbox::nemo::Scenario;

/// What the user does while the scenario is played.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Sends this, with a clip in the project.
    Says(&'static str),
    /// Sends a clip.
    Clip,
    /// Sends a clip, for which the free account takes its time.
    First,
    /// Exports a project with a clip.
    Export,
    /// Asks for the balance.
    Credits,
}

/// One row.
pub(super) struct Case {
    pub(super) scenario: Scenario,
    pub(super) act: Act,
    /// What the user reads, one after the other.
    pub(super) sees: &'static [&'static str],
    /// What the user never reads.
    pub(super) never: &'static [&'static str],
    /// The buttons under the last message that has any.
    pub(super) buttons: &'static [&'static str],
    /// Requests to the agent, refused ones included.
    pub(super) posts: usize,
    /// Runs that began.
    pub(super) runs: usize,
    pub(super) settings: &'static [(&'static str, &'static str)],
}

pub(super) const TITLE: &str = "add a title \"Urban Dreams\"";
const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";
const EXPORT: &[&str] = &["Export MP4"];
const LOST: &[&str] = &["Check status", "Try again"];
/// What only somebody may say who has read the project.
const UNCHANGED: &[&str] = &["has not changed", "did not change"];
const RETRY: &[&str] = &["Try again"];
/// Shorter than any limit of a service, longer than any quick step of the emulator.
const IMPATIENT: &[(&str, &str)] = &[("NEMO_BOT__NEMO__SILENCE_TIMEOUT", "1s"), ("NEMO_BOT__NEMO__TURN_TIMEOUT", "4s")];

const fn says(
    scenario: Scenario,
    text: &'static str,
    sees: &'static [&'static str],
    buttons: &'static [&'static str],
) -> Case {
    Case { scenario, act: Act::Says(text), sees, never: &[], buttons, posts: 1, runs: 1, settings: &[] }
}

const fn refused(
    scenario: Scenario,
    sees: &'static [&'static str],
    buttons: &'static [&'static str],
    posts: usize,
) -> Case {
    Case { scenario, act: Act::Says(TITLE), sees, never: &[], buttons, posts, runs: 0, settings: &[] }
}

const fn exports(scenario: Scenario, sees: &'static [&'static str], buttons: &'static [&'static str]) -> Case {
    Case { scenario, act: Act::Export, sees, never: &[], buttons, posts: 0, runs: 0, settings: &[] }
}

const fn clip(scenario: Scenario, sees: &'static [&'static str], buttons: &'static [&'static str]) -> Case {
    Case { scenario, act: Act::Clip, sees, never: &[], buttons, posts: 0, runs: 0, settings: &[] }
}

const DONE: &[&str] = &["Your MP4 is ready"];
const AFTER_EXPORT: &[&str] = &["Edit more", "Titles + tags", "Open in web"];
/// Without an address above it, the file can be had again.
const AFTER_BYTES: &[&str] = &["Export MP4", "Edit more", "Titles + tags", "Open in web"];
const FAILED_TWICE: &[&str] = &["failed twice"];
const AFTER_UPLOAD: &[&str] = &["Titles + tags", "Edit", "Export MP4"];
const WHOLE: &[&str] = &["Titles", "Description", "Tags"];

#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "a table with a line for each answer")]
pub(super) fn table() -> Vec<Case> {
    use Scenario as S;
    vec![
        says(S::Normal, WISH, WHOLE, EXPORT),
        Case { never: &["No free account"], ..says(S::SilentEdit, TITLE, &["Done. What changed: text \"Urban Dreams\"", "Timeline", "Next you could: add music"], EXPORT) },
        says(S::SilentNothing, TITLE, &["I got no answer and the project did not change"], RETRY),
        Case { settings: &[("NEMO_BOT__NEMO__STILL_WORKING_EVERY", "30ms")], ..says(S::Slow, TITLE, &["Still working… (", "Urban Dreams"], EXPORT) },
        Case { settings: &[("NEMO_BOT__NEMO__STILL_WORKING_EVERY", "30ms")], ..says(S::SilentWire, TITLE, &["Still working… (", "Urban Dreams"], EXPORT) },
        says(S::Dropped, TITLE, &["The connection broke, but the edit went through. What changed: text \"Urban Dreams\""], EXPORT),
        says(S::DroppedUndone, TITLE, &["The connection broke and the project has not changed"], LOST),
        Case { never: UNCHANGED, ..says(S::DroppedUnread, TITLE, &["I can't read the project right now"], LOST) },
        Case { never: UNCHANGED, ..says(S::SilentUnread, TITLE, &["I can't read the project right now"], LOST) },
        Case { settings: IMPATIENT, ..says(S::Hang, TITLE, &["This took too long and I stopped waiting"], LOST) },
        Case { settings: IMPATIENT, never: &["click Export"], ..says(S::LeftOpen, TITLE, &["Urban Dreams", "Done. What changed: text \"Urban Dreams\""], EXPORT) },
        says(S::ErrorEvent, TITLE, &["I am looking at your clip", "The video service reported a problem and did not finish this"], RETRY),
        Case { never: &["✅ Done"], ..says(S::ErrorAfterEdit, TITLE, &["The service reported a problem before it was done. What changed all the same: text \"Urban Dreams\""], EXPORT) },
        says(S::ErrorAlone, TITLE, &["The video service reported a problem and did not finish this"], RETRY),
        Case { never: &["seedance", "RuntimeError"], ..says(S::CrashFrame, TITLE, &["I am looking at your clip", "The video service reported a problem and did not finish this"], RETRY) },
        Case { never: &["seedance", "RuntimeError"], ..says(S::CrashFirst, TITLE, &["The video service reported a problem and did not finish this"], RETRY) },
        Case { never: &["seedance", "line two", "line four"], ..says(S::CrashUnescaped, TITLE, &["I am looking at your clip", "The video service reported a problem and did not finish this"], RETRY) },
        refused(S::OutOfCredits, &["No credits left. Register with this personal link"], RETRY, 1),
        Case { act: Act::Clip, posts: 0, ..refused(S::NoAnonymous, &["no free account left"], &[], 0) },
        exports(S::RenderFailsOnce, DONE, AFTER_EXPORT),
        exports(S::RenderFails, &["The render failed twice"], RETRY),
        Case { settings: &[("NEMO_BOT__NEMO__RENDER_PATIENCE", "400ms"), ("NEMO_BOT__NEMO__RENDER_SLOW_POLL_EVERY", "100ms")], ..exports(S::RenderSlow, &["Still rendering after", "Your MP4 is ready"], AFTER_EXPORT) },
        exports(S::RenderNoUrl, DONE, AFTER_EXPORT),
        exports(S::RenderSigned, &["Your MP4 is ready", "Download it before 2100-01-01 00:00 UTC"], AFTER_EXPORT),
        Case { settings: &[("NEMO_BOT__NEMO__RENDER_PATIENCE", "300ms"), ("NEMO_BOT__NEMO__RENDER_SLOW_POLL_EVERY", "100ms"), ("NEMO_BOT__NEMO__RENDER_DEADLINE", "1500ms")], ..exports(S::RenderNowhere, &["The render did not finish in"], RETRY) },
        exports(S::RenderOddWord, DONE, AFTER_EXPORT),
        exports(S::RenderPollErrors, DONE, AFTER_EXPORT),
        exports(S::RenderDuplicate, DONE, AFTER_EXPORT),
        exports(S::RenderBytes, &["Your MP4 is ready", "The file comes as the next message"], AFTER_BYTES),
        exports(S::RenderBytesCut, &["Your MP4 is ready", "The file comes as the next message"], AFTER_BYTES),
        exports(S::RenderBytesLost, &["Your MP4 is ready", "I could not get the file from the video service"], EXPORT),
        Case { never: FAILED_TWICE, ..exports(S::RenderTokenExpired, DONE, AFTER_EXPORT) },
        Case { never: FAILED_TWICE, ..exports(S::RenderTokenLost, &["no free account left"], RETRY) },
        Case { never: FAILED_TWICE, ..exports(S::RenderTrouble, DONE, AFTER_EXPORT) },
        Case { never: FAILED_TWICE, ..exports(S::RenderSubmitLost, DONE, AFTER_EXPORT) },
        Case { never: FAILED_TWICE, settings: &[("NEMO_BOT__NEMO__CALL_TIMEOUT", "1s")], ..exports(S::RenderHangs, DONE, AFTER_EXPORT) },
        Case { never: FAILED_TWICE, settings: &[("NEMO_BOT__NEMO__CALL_TIMEOUT", "1s")], ..exports(S::RenderLate, DONE, AFTER_EXPORT) },
        Case { never: FAILED_TWICE, ..exports(S::RenderBusy, &["The video service is busy"], RETRY) },
        Case { never: FAILED_TWICE, ..exports(S::RenderRefused, &["The video service refused to render this (reference", "Your project is unchanged"], RETRY) },
        Case { never: FAILED_TWICE, ..exports(S::RenderNoCredits, &["No credits left. Register with this personal link"], &[]) },
        Case { never: FAILED_TWICE, ..exports(S::RenderSessionLost, &["The video service no longer has this project"], &[]) },
        clip(S::UploadTokenExpired, &["What should I do with it?"], AFTER_UPLOAD),
        Case { act: Act::First, ..clip(S::SlowAccount, &["What should I do with it?"], AFTER_UPLOAD) },
        says(S::ReauthBusy, TITLE, &["Urban Dreams"], EXPORT),
        Case { never: &["reported a problem"], ..says(S::ErrorCredits, TITLE, &["I am looking at your clip", "No credits left. Register with this personal link"], RETRY) },
        exports(S::PlanBlocked, &["Export is not included in this account's plan", "Register at"], &[]),
        says(S::TokenExpired, TITLE, &["Urban Dreams"], EXPORT),
        refused(S::ReauthRefused, &["no free account left"], RETRY, 0),
        refused(S::SessionGone, &["Your earlier session expired"], RETRY, 0),
        refused(S::SessionLostCode, &["Your earlier session expired"], RETRY, 1),
        refused(S::SessionLostAdk, &["Your earlier session expired"], RETRY, 1),
        Case { posts: 2, ..says(S::RateLimited, TITLE, &["Urban Dreams"], EXPORT) },
        Case { posts: 2, ..says(S::RateLimitedBare, TITLE, &["Urban Dreams"], EXPORT) },
        refused(S::RateLimitedAlways, &["The video service is busy"], RETRY, 2),
        refused(S::RunHtml, &["The connection broke and the project has not changed"], LOST, 1),
        refused(S::NotAStream, &["The connection broke and the project has not changed"], LOST, 1),
        refused(S::RunForbidden, &["The video service refused this request"], &[], 1),
        Case { never: &["leak", "missing"], ..refused(S::RunMalformed, &["The video service refused this request"], &[], 1) },
        refused(S::StateHtml, &["I can't reach the video service right now"], RETRY, 0),
        says(S::StateLag, TITLE, &["Done. What changed: text \"Urban Dreams\""], EXPORT),
        says(S::LongRunning, TITLE, &["Done. What changed: text \"Urban Dreams\""], EXPORT),
        Case { never: &["Attach a clip"], ..says(S::StateNulls, WISH, WHOLE, &[]) },
        Case { never: &["<project"], ..says(S::StateString, TITLE, &["Urban Dreams"], EXPORT) },
        says(S::StateStrange, TITLE, &["Urban Dreams"], EXPORT),
        says(S::TypedDialect, WISH, WHOLE, EXPORT),
        says(S::Deltas, WISH, WHOLE, EXPORT),
        says(S::DeltasOnly, WISH, WHOLE, EXPORT),
        Case { never: &["SECRET"], ..says(S::Thoughts, WISH, WHOLE, EXPORT) },
        Case { never: &["ECHO"], ..says(S::Authors, WISH, &["The director has read your wish", "Titles", "Description", "Tags"], EXPORT) },
        says(S::TextWithCall, TITLE, &["Urban Dreams", "Done. What changed: text \"Urban Dreams\""], EXPORT),
        says(S::NoContent, WISH, WHOLE, EXPORT),
        says(S::LineSeparator, WISH, &["Titles", "Description", "Tags", "Before", "after."], EXPORT),
        Case { never: &["temporary issue"], ..says(S::Noise, WISH, WHOLE, EXPORT) },
        says(S::LongReply, WISH, &["line 0001", "line 0405", "line 0810", "That is the whole list."], EXPORT),
        says(S::TwoStage, "generate a video of a cat on a boat", &["The service also made changes of its own:"], &["Keep", "Only the clip", "Export MP4"]),
        says(S::TwoStageSilent, "generate a video of a cat on a boat", &["Done. What changed: clip added", "The service also made changes of its own:"], &["Keep", "Only the clip", "Export MP4"]),
        says(S::Heartbeats, WISH, WHOLE, EXPORT),
        says(S::SplitChunks, WISH, WHOLE, EXPORT),
        says(S::ByteByByte, WISH, WHOLE, EXPORT),
        says(S::Crlf, WISH, WHOLE, EXPORT),
        says(S::Unended, TITLE, &["Title added: \"Urban Dreams\" (white"], EXPORT),
        says(S::CutFrame, TITLE, &["The connection broke, but the edit went through. What changed: text \"Urban Dreams\""], EXPORT),
        says(S::EmptyStream, TITLE, &["I got no answer and the project did not change"], RETRY),
        says(S::HugeFrame, TITLE, &["The connection broke, but the edit went through. What changed: text \"Urban Dreams\""], EXPORT),
        Case { never: &["the limit is"], ..clip(S::TooLarge, &["The video service finds landscape.mp4", "too large"], &[]) },
        Case { never: &["the limit is"], ..clip(S::BareTooLarge, &["The video service finds landscape.mp4", "too large"], &[]) },
        Case { never: &["I can't use MP4"], ..clip(S::Unsupported, &["The video service can't use landscape.mp4", "in another format"], &[]) },
        Case { never: &["100%"], ..clip(S::UploadHtml, &["The upload did not get through. Nothing was added to the project; please send the clip again"], &[]) },
        clip(S::UploadLost, &["What should I do with it?"], AFTER_UPLOAD),
        clip(S::SlowUpload, &["What should I do with it?"], AFTER_UPLOAD),
        clip(S::SessionBusy, &["What should I do with it?"], AFTER_UPLOAD),
        clip(S::UploadBusy, &["What should I do with it?"], AFTER_UPLOAD),
        Case { never: &["broke off", "did not get through"], ..clip(S::UploadBusyAlways, &["The video service is busy", "Then please send the clip again"], &[]) },
        says(S::StateBusy, TITLE, &["Urban Dreams"], EXPORT),
        Case { act: Act::Credits, never: &["can't read the balance"], ..clip(S::CreditsBusy, &["Credits: "], &[]) },
        clip(S::LinksRefused, &["What should I do with it?"], AFTER_UPLOAD),
        clip(S::LinksUnfetched, &["What should I do with it?"], AFTER_UPLOAD),
        clip(S::LinksEmpty, &["What should I do with it?"], AFTER_UPLOAD),
        Case { act: Act::Credits, ..clip(S::CreditsFloat, &["Credits: 12.5 available, 8.25 reserved, 20.75 total"], &[]) },
    ]
}

/// The scenarios in which a code or a refusal of the service matters: played in both forms.
pub(super) fn has_codes(scenario: Scenario) -> bool {
    use Scenario as S;
    matches!(
        scenario,
        S::OutOfCredits
            | S::TokenExpired
            | S::ReauthRefused
            | S::SessionGone
            | S::SessionLostCode
            | S::TooLarge
            | S::Unsupported
            | S::PlanBlocked
            | S::RunForbidden
            | S::RateLimitedBare
            | S::RateLimitedAlways
            | S::RenderBusy
            | S::RenderNoCredits
            | S::RenderSessionLost
            | S::RenderTokenExpired
            | S::UploadTokenExpired
    )
}

/// The scenarios in which a message is refused with a code that means the same inside the stream.
pub(super) fn tells_inside(scenario: Scenario) -> bool {
    matches!(scenario, Scenario::OutOfCredits | Scenario::SessionLostCode)
}

/// The scenarios that end the same way on Discord. A long reply ends with a file there, which is a story of its own.
pub(super) fn plays_on_discord(scenario: Scenario) -> bool {
    scenario != Scenario::LongReply
}
