//! The table of sentences: variant, key in the locale files, arguments with their kinds.
//!
//! A kind says which type an argument has and how it is worded; see the methods of [`Measures`].

use std::time::Duration;

use super::locale::Arguments;
use super::measure::Measures;
use crate::clock::Timestamp;

macro_rules! kind {
    (text) => {
        String
    };
    (count) => {
        u64
    };
    (bytes) => {
        u64
    };
    (moment) => {
        Timestamp
    };
    ($duration:ident) => {
        Duration
    };
}

macro_rules! meaning {
    (text) => {
        "A text from outside, or a fragment that is already worded."
    };
    (count) => {
        "A number."
    };
    (bytes) => {
        "In bytes."
    };
    (length) => {
        "How long a clip is; said in whole seconds."
    };
    (position) => {
        "A place in the timeline; said in tenths of a second."
    };
    (seconds) => {
        "A place in the timeline; said in seconds."
    };
    (elapsed) => {
        "How long it has taken."
    };
    (when) => {
        "How long from now."
    };
    (period) => {
        "The span that a limit counts in."
    };
    (moment) => {
        "A moment; said in UTC."
    };
}

macro_rules! worded {
    ($measures:ident, text, $value:ident) => {
        $measures.text($value)
    };
    ($measures:ident, $kind:ident, $value:ident) => {
        $measures.$kind(*$value)
    };
}

macro_rules! sample {
    (text, $count:ident, $text:ident) => {
        $text.to_owned()
    };
    (count, $count:ident, $text:ident) => {
        $count
    };
    (bytes, $count:ident, $text:ident) => {
        $count
    };
    (moment, $count:ident, $text:ident) => {
        Timestamp::from_millis($count)
    };
    ($duration:ident, $count:ident, $text:ident) => {
        Duration::from_secs($count)
    };
}

macro_rules! sentences {
    ($($(#[$doc:meta])* $variant:ident $key:literal $({ $($field:ident: $kind:ident),* })?,)*) => {
        /// One sentence, or one fragment or button of one, with its values.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Say {
            $($(#[$doc])* $variant $({ $(#[doc = meaning!($kind)] $field: kind!($kind)),* })?,)*
        }

        impl Say {
            /// Its name in the locale files.
            pub fn key(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $key,)* }
            }

            /// Its values, worded.
            pub(super) fn arguments(&self, measures: Measures) -> Arguments {
                match self {
                    $(Self::$variant $({ $($field),* })? =>
                        Arguments::from([$($((stringify!($field), worded!(measures, $kind, $field))),*)?]),)*
                }
            }

            /// Names of its values as the locale files must use them, all of them.
            #[doc(hidden)]
            pub fn argument_names(&self) -> &'static [&'static str] {
                match self { $(Self::$variant { .. } => &[$($(stringify!($field)),*)?],)* }
            }

            /// Every variant once, with `count` for each number and time, and `text` for each text. For tests.
            #[doc(hidden)]
            pub fn samples_of(count: u64, text: &str) -> Vec<Self> {
                vec![$(Self::$variant $({ $($field: sample!($kind, count, text)),* })?,)*]
            }

            /// Every variant once, with some values. For tests.
            #[doc(hidden)]
            pub fn samples() -> Vec<Self> {
                Self::samples_of(2, "sample")
            }
        }
    };
}

sentences! {
    // Start, help, groups.
    /// `/start`, first private message, bot added.
    StartWelcome "start-welcome",
    /// An example request: its clips made into a video. What the button under the welcome says for the user.
    Example1 "example-1",
    /// An example request: metadata. What the button under the welcome says for the user.
    Example3 "example-3",
    /// What is written on the button of example 1.
    ExampleLabel1 "example-label-1",
    /// What is written on the button of example 2.
    ExampleLabel2 "example-label-2",
    /// What is written on the button of example 3.
    ExampleLabel3 "example-label-3",
    /// Once per person, before the first upload.
    StartNotice "start-notice",
    /// `/start` with a project open.
    StartReturning "start-returning" { tracks: count, duration: length },
    /// `/help`.
    HelpText "help-text" { formats: text, limit: bytes, commands: text },
    /// Bot added to a group or server.
    GroupIntro "group-intro",
    /// Discord: a reply to the bot came without its text.
    GroupMentionMe "group-mention-me",
    /// Discord: words in a project's thread came without their text.
    ThreadMentionMe "thread-mention-me",
    /// The same where the owner's name is not known.
    GroupNotYoursUnnamed "group-not-yours-unnamed",
    /// Token or other private data in a group.
    GroupPrivateOnly "group-private-only",
    /// `/clips` on.
    ClipsOn "clips-on",
    /// `/clips` off.
    ClipsOff "clips-off",
    /// `/clips` by someone else.
    ClipsAdminsOnly "clips-admins-only",
    /// `/clips` on, Discord, no message content.
    ClipsNeedIntent "clips-need-intent",
    /// `/clips` on, Telegram, privacy mode.
    ClipsHidden "clips-hidden",
    /// Something else than video is asked for.
    NotVideo "not-video",
    /// A platform permission is absent.
    PermMissing "perm-missing" { permission: text },
    /// A permission for [`Say::PermMissing`].
    PermThreads "perm-threads",
    /// Another.
    PermView "perm-view",
    /// Another.
    PermSend "perm-send",
    /// Another.
    PermSendThreads "perm-send-threads",
    /// Another.
    PermFiles "perm-files",
    /// Another.
    PermHistory "perm-history",
    /// Button of an earlier project, as a message to the asker.
    ButtonStale "button-stale",
    /// Second press, as a message to the asker.
    ButtonDone "button-done",
    /// Button whose meaning is no longer kept, as a message to the asker.
    ButtonOld "button-old",

    // Session and account.
    /// First call of a session.
    SetupConnecting "setup-connecting",
    /// Backend unreachable.
    SetupFailed "setup-failed",
    /// Session gone, new one made.
    SessionRenewed "session-renewed",
    /// No anonymous account to be had, or within 7 days of `/forget`.
    AccountNoneLeft "account-none-left",
    /// The user's own token is refused.
    AccountExpired "account-expired",
    /// The operator's token is refused.
    AccountOperatorDown "account-operator-down",
    /// `/connect` without a token.
    ConnectAsk "connect-ask",
    /// Token accepted.
    ConnectDone "connect-done",
    /// Token refused.
    ConnectBad "connect-bad" { web: text },
    /// Token posted in a group.
    ConnectLeaked "connect-leaked",
    /// Disconnect pressed.
    ConnectRemoved "connect-removed",

    // Upload.
    /// File accepted.
    UploadReceived "upload-received" { name: text, size: bytes, duration: length },
    /// The same where the platform does not tell how long it is.
    UploadReceivedPlain "upload-received-plain" { name: text, size: bytes },
    /// Edited at most every 5 s.
    UploadProgress "upload-progress" { name: text, pct: count, done: bytes, size: bytes },
    /// Finished, no caption.
    UploadDone "upload-done",
    /// Finished, the clip had a caption.
    UploadCaptionUsed "upload-caption-used" { request: text },
    /// Several files.
    UploadAlbum "upload-album" { n: count },
    /// Over what the platform lets a bot download.
    UploadTooLargePlatform "upload-too-large-platform" { limit: bytes, size: bytes },
    /// The same where the platform did not tell the size beforehand.
    UploadTooLargeUntold "upload-too-large-untold" { limit: bytes },
    /// Over the service's limit.
    UploadTooLargeService "upload-too-large-service" { name: text, size: bytes, limit: bytes },
    /// The service refuses a size that should be within its limit.
    UploadRefusedSize "upload-refused-size" { name: text, size: bytes },
    /// The same where the file is not known by name.
    UploadTooLargeUnnamed "upload-too-large-unnamed" { limit: bytes },
    /// Wrong type, where the file is not known by name.
    UploadUnsupportedUnnamed "upload-unsupported-unnamed" { formats: text },
    /// Wrong type.
    UploadUnsupported "upload-unsupported" { ext: text, formats: text },
    /// The service refuses a type that it should take.
    UploadRefusedType "upload-refused-type" { name: text, formats: text },
    /// Not a web address, a private one, or refused by the service.
    UploadLinkBad "upload-link-bad",
    /// An attachment whose size the platform does not tell.
    UploadNoLength "upload-no-length",
    /// The platform's file link has run out.
    UploadExpired "upload-expired",
    /// Broke off.
    UploadFailed "upload-failed" { pct: count },
    /// Below another reason why a clip did not get in.
    UploadAgain "upload-again",
    /// User stopped it.
    UploadCancelled "upload-cancelled",
    /// User stopped it, and some of its files are in the project; the next one follows.
    UploadStopped "upload-stopped",
    /// Below why one of several files did not get in.
    UploadPartly "upload-partly" { names: text },
    /// `/upload` with nothing, “I want to upload”.
    UploadHow "upload-how",
    /// Edit wished, project empty.
    UploadNoneYet "upload-none-yet",

    // Work.
    /// The request is sent.
    WorkStarted "work-started",
    /// Every 2 min of silence, in the same message.
    WorkStill "work-still" { elapsed: elapsed },
    /// The way to this message ends soon, and the work does not; beside **Get result**.
    WorkGoesOn "work-goes-on",
    /// Below the last message of a reply whose file follows.
    ReplyWhole "reply-whole",
    /// The same where the file does not hold all of it.
    ReplyPart "reply-part",
    /// Refused for now: the request goes out once more after a while.
    WorkBusy "work-busy" { when: when },
    /// A further request while one runs; becomes the live message of its turn.
    WorkQueued "work-queued" { place: count },
    /// In place of [`Self::WorkStarted`]: a tool looks at clips.
    WorkLooking "work-looking",
    /// A tool makes a clip; with [`Self::WorkLong`].
    WorkGenerating "work-generating",
    /// A tool makes or changes sound.
    WorkMusic "work-music",
    /// A tool reads or changes the timeline.
    WorkEditing "work-editing",
    /// With [`Self::WorkGenerating`].
    WorkLong "work-long",
    /// After an edit, two or three steps.
    WorkNext "work-next" { steps: text },
    /// **Edit**.
    EditAsk "edit-ask" { steps: text },
    /// A step: words on the picture.
    NextTitle "next-title",
    /// A step: music.
    NextMusic "next-music",
    /// A step: less of it.
    NextShorter "next-shorter",
    /// A step: the file.
    NextExport "next-export",
    /// The first result of a generation, while the service goes on and has not spoken of it.
    WorkRawReady "work-raw-ready",
    /// Short new message after a turn over 30 s, or with newer messages below.
    WorkPing "work-ping",
    /// The same where it ended otherwise.
    WorkPingEnded "work-ping-ended",
    /// A message is edited while it is worked on.
    EditTooLate "edit-too-late",
    /// The inbox is full; at most once a minute.
    WorkQueueFull "work-queue-full" { n: count },
    /// Waiting request dropped.
    WorkDropped "work-dropped" { request: text },
    /// User stopped.
    WorkStopped "work-stopped",
    /// No substance for 10 min, or 15 min in all; buttons come after the rechecks.
    WorkTimeout "work-timeout",
    /// No words, project changed.
    WorkSilentDone "work-silent-done" { diff: text },
    /// No words, project as before.
    WorkSilentNochange "work-silent-nochange" { example: text },
    /// The run failed, and no change is to be seen.
    WorkFailed "work-failed" { reference: text },
    /// The run failed, and the project changed all the same.
    WorkFailedChanged "work-failed-changed" { diff: text },
    /// The service added more after the first result.
    WorkSecondStage "work-second-stage" { diff: text },
    /// Bot restarted in mid-work.
    WorkResumed "work-resumed",
    /// Stream lost.
    WorkRechecking "work-rechecking",
    /// State changed after a lost stream.
    WorkRecovered "work-recovered" { diff: text },
    /// Still unchanged after all checks.
    WorkUnknown "work-unknown",
    /// The project could not be read after a lost answer, so nobody knows.
    WorkUnread "work-unread",
    /// A request failed inside the bot three times.
    WorkGaveUp "work-gave-up" { reference: text },
    /// A message waited for too long to be begun.
    WorkTooOld "work-too-old",
    /// Orderly stop during a request, below the text so far.
    WorkBackSoon "work-back-soon",
    /// `/cancel` with nothing running.
    CancelNothing "cancel-nothing",
    /// `/new`.
    NewDone "new-done",
    /// `/new` while a request runs.
    NewBusy "new-busy",
    /// The bot cannot save.
    StoreDown "store-down",
    /// Too few replicas of the store have a request, so it was not sent.
    StoreUnconfirmed "store-unconfirmed",
    /// Anything unforeseen.
    ErrorInternal "error-internal" { reference: text },
    /// The service refuses the request, and would again.
    ErrorRefused "error-refused" { reference: text },
    /// What was kept of a conversation or a person does not open.
    KeptUnreadable "kept-unreadable" { reference: text },
    /// Own limiter; at most once a minute.
    LimitRate "limit-rate" { n: count, period: period, when: when },
    /// 429 from the service, after its one retry.
    LimitService "limit-service" { when: when },

    // Metadata.
    /// Head of the card.
    MetaResult "meta-result" { name: text },
    /// The same where nothing tells the clip.
    MetaResultUnnamed "meta-result-unnamed",
    /// Above titles alone.
    MetaTitles "meta-titles",
    /// Above the description.
    MetaDescription "meta-description",
    /// Above the tags.
    MetaTags "meta-tags",
    /// Above the hashtags.
    MetaHashtags "meta-hashtags",
    /// Above the chapters.
    MetaChapters "meta-chapters",
    /// A title that the agent recommends.
    MetaRecommended "meta-recommended" { title: text },
    /// A field in a count: a title.
    MetaPartTitle "meta-part-title",
    /// A field in a count: the description.
    MetaPartDescription "meta-part-description",
    /// A field in a count: the one text of a platform.
    MetaPartCaption "meta-part-caption",
    /// A field in a count: the tags.
    MetaPartTags "meta-part-tags",
    /// A field in a count: the hashtags.
    MetaPartHashtags "meta-part-hashtags",
    /// A field in a count: the chapters.
    MetaPartChapters "meta-part-chapters",
    /// A field in a count: people who are mentioned.
    MetaPartMentions "meta-part-mentions",
    /// A field with its count.
    MetaCount "meta-count" { part: text, count: count, limit: count },
    /// All rules pass, on a platform with other fields than YouTube's.
    MetaCheckFits "meta-check-fits" { platform: text, counts: text },
    /// Some field is too long, or there is too much of it.
    MetaCheckOver "meta-check-over" { platform: text, counts: text },
    /// All rules pass.
    MetaCheckOk "meta-check-ok" { platform: text, t: count, tmax: count, d: count, dmax: count, g: count, gmax: count },
    /// A title is too long.
    MetaCheckBad "meta-check-bad" { n: count, len: count, platform: text, max: count },
    /// A description is too long in bytes.
    MetaCheckBadBytes "meta-check-bad-bytes" { len: count, platform: text, max: count },
    /// Allowed, not advised.
    MetaCheckWarn "meta-check-warn" { platform: text, shown: count, n: count },
    /// Tags over budget.
    MetaTrimmed "meta-trimmed" { n: count, platform: text, max: count, list: text },
    /// Automatic repairs.
    MetaRepaired "meta-repaired" { platform: text, list: text },
    /// What was adjusted: angle brackets.
    MetaFixAngles "meta-fix-angles",
    /// What was adjusted: characters that nobody sees.
    MetaFixInvisible "meta-fix-invisible",
    /// What was adjusted: the same twice.
    MetaFixRepeated "meta-fix-repeated" { list: text },
    /// What was adjusted: tags that are too long.
    MetaFixLong "meta-fix-long" { list: text },
    /// What was adjusted: too many.
    MetaFixMany "meta-fix-many" { list: text },
    /// What was adjusted: hashtags.
    MetaFixHashtags "meta-fix-hashtags" { list: text },
    /// Allowed, not advised: too much of something.
    MetaCheckAdvice "meta-check-advice" { platform: text, counts: text },
    /// Chapters break the rules.
    MetaChaptersBad "meta-chapters-bad" { platform: text, reason: text },
    /// Why chapters are ignored.
    MetaChaptersStart "meta-chapters-start",
    /// Why chapters are ignored.
    MetaChaptersFew "meta-chapters-few",
    /// Why chapters are ignored.
    MetaChaptersOrder "meta-chapters-order",
    /// Why chapters are ignored.
    MetaChaptersClose "meta-chapters-close",
    /// Why chapters are ignored.
    MetaChaptersBeyond "meta-chapters-beyond",
    /// **Another language** pressed.
    MetaLanguageAsk "meta-language-ask",
    /// A post too long for X, in several.
    MetaThread "meta-thread" { n: count },
    /// Files attached, where nothing tells the clip.
    MetaFilesUnnamed "meta-files-unnamed",
    /// A button of titles, description and tags that are no longer kept.
    MetaGone "meta-gone",
    /// Files attached.
    MetaFiles "meta-files" { name: text },
    /// **Generate metadata** on a message without a clip.
    MetaNoClip "meta-no-clip",

    // Status and credits.
    /// `/status`.
    StatusTimeline "status-timeline" { n: count },
    /// One per track.
    StatusLine "status-line" { i: count, track: text, segments: text },
    /// Inside a line; a title's text is quoted, the volume only if known (`, 35%`).
    StatusSegment "status-segment" { name: text, from: seconds, to: seconds, volume: text },
    /// The text of a title, inside a line.
    StatusText "status-text" { text: text },
    /// Behind the times of a segment that has a sound.
    StatusVolume "status-volume" { percent: count },
    /// Between the segments of a line.
    StatusAlso "status-also" { first: text, second: text },
    /// More tracks or segments than shown.
    StatusMore "status-more" { n: count },
    /// Alt text of the picture.
    StatusAlt "status-alt" { duration: length, n: count, lines: text },
    /// No draft.
    StatusEmpty "status-empty",
    /// Clips, and no timeline.
    StatusClips "status-clips" { n: count },
    /// A timeline that cannot be read.
    StatusUnreadable "status-unreadable",
    /// With the timeline, while a request runs.
    StatusWorking "status-working" { elapsed: elapsed },
    /// `/credits`, visible to the asker only where the platform can.
    CreditsShow "credits-show" { available: text, frozen: text, total: text },
    /// Below the threshold after a job.
    CreditsLow "credits-low" { available: text },
    /// Balance cannot be read.
    CreditsUnknown "credits-unknown",
    /// Out of credits, anonymous account, only the asker reads it.
    CreditsOutAnonymous "credits-out-anonymous" { url: text },
    /// The same where others read it.
    CreditsOutGroup "credits-out-group",
    /// Out of credits, the user's own account.
    CreditsOutOwn "credits-out-own" { web: text },
    /// Out of credits, operator's account.
    CreditsOutOperator "credits-out-operator",

    // Export.
    /// `/export` accepted.
    ExportQueued "export-queued",
    /// Each poll, same message.
    ExportProgress "export-progress" { elapsed: elapsed },
    /// A submit or a question about it was not answered.
    ExportUnanswered "export-unanswered",
    /// `/export` while one runs.
    ExportRunning "export-running" { elapsed: elapsed },
    /// Not done after 5 min.
    ExportPatience "export-patience" { elapsed: elapsed },
    /// Not done at the deadline.
    ExportGaveUp "export-gave-up" { elapsed: elapsed },
    /// `/cancel` or Stop during a render.
    ExportStopped "export-stopped",
    /// What was kept of a render does not open.
    ExportLost "export-lost" { reference: text },
    /// More than the service gives is asked for.
    ExportMax "export-max",
    /// The status message becomes the result, with one of the two lines below.
    ExportDone "export-done" { details: text },
    /// The same where nothing is known of the file.
    ExportDonePlain "export-done-plain",
    /// Two things of a list.
    Joined "joined" { first: text, second: text },
    /// Two lines that stand in one.
    JoinedLines "joined-lines" { first: text, second: text },
    /// How long a file plays, among its details.
    FileLength "file-length" { duration: length },
    /// How large a file is, among its details.
    FileSize "file-size" { size: bytes },
    /// Expiry known.
    ExportLinkExpiring "export-link-expiring" { expiry: moment, url: text },
    /// Expiry unknown.
    ExportLink "export-link" { url: text },
    /// Below a result: the project in a browser, for one person.
    WebLink "web-link",
    /// There is no link, and the file is about to be sent.
    ExportFileNext "export-file-next",
    /// There is no link, and the file is too large for the chat.
    ExportFileTooLarge "export-file-too-large",
    /// There is no link, and the file could not be sent.
    ExportFileLost "export-file-lost",
    /// The service does not know the project any more.
    ExportSessionGone "export-session-gone",
    /// Short new message, because an edit does not notify; the video instead, where it fits.
    ExportPing "export-ping",
    /// No segment in the draft.
    ExportNothing "export-nothing",
    /// Failed twice.
    ExportFailed "export-failed",
    /// The service refused it for no reason of the user's.
    ExportRefused "export-refused" { reference: text },
    /// The plan does not allow it.
    ExportPlanBlocked "export-plan-blocked" { plan_help: text },
    /// Inside the former, anonymous account.
    ExportPlanHelp "export-plan-help" { web: text },

    // Language, privacy.
    /// `/language`.
    LanguageAsk "language-ask" { languages: text },
    /// On the buttons below it.
    LanguageName "language-name" { language: text },
    /// Chosen.
    LanguageSet "language-set" { language: text },
    /// Not understood.
    LanguageUnknown "language-unknown" { value: text },
    /// `/privacy`.
    PrivacyText "privacy-text" { days: count },
    /// Below the former, where the operator has a policy.
    PrivacyPolicy "privacy-policy" { url: text },
    /// `/forget`, first step.
    PrivacyForget "privacy-forget",
    /// `/forget`, second step.
    PrivacyForgotten "privacy-forgotten" { n: count },
    /// Keep pressed.
    PrivacyKept "privacy-kept",

    // What changed.
    /// `clip added at {$at} ({$duration})`.
    DiffClipAdded "diff-clip-added" { at: position, duration: length },
    /// `clip removed at {$at}`.
    DiffClipRemoved "diff-clip-removed" { at: position },
    /// `clip at {$at}: {$before} → {$after}`.
    DiffClipTrimmed "diff-clip-trimmed" { at: position, before: position, after: position },
    /// `clip moved from {$before} to {$after}`.
    DiffClipMoved "diff-clip-moved" { before: position, after: position },
    /// `text "{$text}" at {$from}–{$to}`.
    DiffTextAdded "diff-text-added" { text: text, from: position, to: position },
    /// `text at {$at} now "{$text}"`.
    DiffTextChanged "diff-text-changed" { at: position, text: text },
    /// `text removed at {$at}`.
    DiffTextRemoved "diff-text-removed" { at: position },
    /// `{$name} added ({$volume})`.
    DiffAudioAdded "diff-audio-added" { name: text, volume: text },
    /// `{$name}: {$before} → {$after}`.
    DiffAudioChanged "diff-audio-changed" { name: text, before: text, after: text },
    /// `{$name} removed`.
    DiffAudioRemoved "diff-audio-removed" { name: text },
    /// `picture {$before} → {$after}`.
    DiffCanvas "diff-canvas" { before: text, after: text },
    /// `length {$before} → {$after}`.
    DiffDuration "diff-duration" { before: position, after: position },
    /// `{$n} new files`.
    DiffMedia "diff-media" { n: count },
    /// `other changes`.
    DiffOther "diff-other",

    // The picture of a timeline.
    /// Above it.
    PictureTitle "picture-title" { n: count, duration: length },
    /// Above it, where no length is known.
    PictureTitleUntimed "picture-title-untimed" { n: count },
    /// Tracks that are not drawn.
    PictureMore "picture-more" { n: count },
    /// Below it.
    PictureChanged "picture-changed" { diff: text },

    // Track names.
    /// `Video`.
    TrackVideo "track-video",
    /// `BGM`.
    TrackAudio "track-audio",
    /// `Title`.
    TrackText "track-text",
    /// `Track {$n}`.
    TrackOther "track-other" { n: count },

    // Buttons.
    /// `Try again`.
    BtnRetry "btn-retry",
    /// `Copy title {$n}`.
    BtnCopyTitle "btn-copy-title" { n: count },
    /// `Stop`.
    BtnStop "btn-stop",
    /// `Copy description`.
    BtnCopyDescription "btn-copy-description",
    /// `Get result`.
    BtnGetResult "btn-get-result",
    /// `Copy tags`.
    BtnCopyTags "btn-copy-tags",
    /// `Check status`.
    BtnStatus "btn-status",
    /// `More titles`.
    BtnMoreTitles "btn-more-titles",
    /// `Drop it`.
    BtnDrop "btn-drop",
    /// `Shorter`.
    BtnShorter "btn-shorter",
    /// `Export MP4`.
    BtnExport "btn-export",
    /// `Another language`.
    BtnOtherLanguage "btn-other-language",
    /// `Edit`.
    BtnEdit "btn-edit",
    /// `Files`.
    BtnFiles "btn-files",
    /// `Edit more`.
    BtnEditMore "btn-edit-more",
    /// `Shorten it`.
    BtnShorten "btn-shorten",
    /// `Titles + tags`.
    BtnMeta "btn-meta",
    /// `Fix it`.
    BtnFix "btn-fix",
    /// `Do it`.
    BtnDoIt "btn-do-it",
    /// `Use title {$n}`.
    BtnUseTitle "btn-use-title" { n: count },
    /// `Full reply`.
    BtnFullReply "btn-full-reply",
    /// `Open in web`.
    BtnOpenWeb "btn-open-web",
    /// `Keep`.
    BtnKeep "btn-keep",
    /// `Delete`.
    BtnDelete "btn-delete",
    /// `Only the clip`.
    BtnOnlyClip "btn-only-clip",
    /// `Disconnect`.
    BtnDisconnect "btn-disconnect",
    /// `Start a new one`.
    BtnNew "btn-new",
    /// `Wait`.
    BtnWait "btn-wait",
    /// `Open private chat`.
    BtnOpenPrivate "btn-open-private",
    /// `Share here`.
    BtnShare "btn-share",
    /// `My data`.
    BtnMyData "btn-my-data",

    // Instructions sent to the agent.
    /// `/meta`, Titles + tags, **Generate metadata**.
    AskMeta "ask-meta" { platforms: text },
    /// The same, right after an upload.
    AskMetaClip "ask-meta-clip" { name: text, platforms: text },
    /// More titles.
    AskMoreTitles "ask-more-titles",
    /// Shorter.
    AskShorter "ask-shorter",
    /// Shorten it.
    AskShortenTitle "ask-shorten-title" { n: count, max: count, title: text },
    /// Another language.
    AskOtherLanguage "ask-other-language" { language: text },
    /// Use title N.
    AskUseTitle "ask-use-title" { n: count, title: text },
    /// Only the clip.
    AskOnlyClip "ask-only-clip",
}
