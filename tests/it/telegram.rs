//! What happens to users of other bots on Telegram, and must not happen to ours: one story for each trap.

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::{
    FaultAction, FaultRule, FileDetails, FileKind, FileSource, TelegramEmulatorSettings, UserFile,
};
use serde_json::{Value, json};

use super::bot::{Stage, User, clip, quick_telegram};

const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";
/// Telegram's longest message, in UTF-16 units.
const LONGEST: usize = 4096;
/// A supergroup.
const GROUP: i64 = -1_001_234_567_890;

fn refusal(code: u16, description: &str, retry_after: Option<u64>) -> FaultAction {
    FaultAction::Status { code, description: description.to_owned(), retry_after }
}

/// Calls of the bot to one method, oldest first.
fn calls(stage: &Stage, method: &str) -> Vec<Value> {
    let path = format!("/bot<token>/{method}");
    stage.telegram.calls().into_iter().filter(|call| call["path"] == path).map(|call| call["body"].clone()).collect()
}

/// How often Telegram refused a call with this status.
fn refusals(stage: &Stage, status: u16) -> usize {
    let entries = stage.journal.after(0);
    entries.iter().filter(|entry| entry.kind == "refused" && entry.data["status"] == status).count()
}

/// A bot that reads everything in groups, as an administrator does.
fn attentive() -> TelegramEmulatorSettings {
    TelegramEmulatorSettings { reads_all_group_messages: true, ..quick_telegram() }
}

/// A message as Telegram describes it, with anything in it.
fn message(user: &User<'_>, id: i64, rest: Value) -> Value {
    let kind = if user.chat < 0 { "supergroup" } else { "private" };
    let mut message = json!({
        "message_id": id,
        "from": { "id": user.person.id, "is_bot": false, "first_name": user.person.name, "language_code": "en" },
        "chat": { "id": user.chat, "type": kind, "title": "Group", "first_name": user.person.name },
        "date": 1_790_000_000,
    });
    let Value::Object(rest) = rest else { panic!("fields") };
    message.as_object_mut().unwrap().extend(rest);
    json!({ "message": message })
}

/// The texts of the runs so far.
fn requests(stage: &Stage) -> Vec<String> {
    let entries = stage.journal.after(0);
    let runs = entries.iter().filter(|entry| entry.kind == "run");
    runs.map(|entry| entry.data["text"].as_str().unwrap_or_default().to_owned()).collect()
}

// ── The answer ──────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test(flavor = "multi_thread")]
async fn flood_control_at_the_end_delays_the_answer_and_doubles_nothing() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.telegram.fault(
        FaultRule::on("editMessageText", refusal(429, "Too Many Requests: retry after 3", Some(3)))
            .containing("## ")
            .in_chat(user.chat),
    );
    stage.telegram.fault(
        FaultRule::on("editMessageText", refusal(429, "Too Many Requests: retry after 3", Some(3)))
            .containing("Tags")
            .in_chat(user.chat),
    );
    user.sends_clip(Some(WISH)).await;
    user.sees_button("Export MP4").await;
    assert_eq!(user.count("Tags"), 1, "{:#?}", user.texts());
    assert_eq!(stage.count("run"), 1);
    assert_eq!(refusals(&stage, 429), 1, "nothing was sent inside the window\n{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_whose_answer_was_lost_is_repeated_and_never_becomes_a_second_message() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let lost = |action| FaultRule::on("editMessageText", action).containing("Tags").in_chat(user.chat);
    stage.telegram.fault(lost(FaultAction::DropAnswerAfterCommit).times(2));
    stage.telegram.fault(lost(FaultAction::HtmlError(502)));
    stage.telegram.fault(lost(FaultAction::CutConnection));
    user.sends_clip(Some(WISH)).await;
    user.sees_button("Export MP4").await;
    assert_eq!(user.count("Tags"), 1, "{:#?}", user.texts());
    assert_eq!(stage.count("run"), 1);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_goes_on_in_further_messages_with_nothing_lost_or_doubled() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::LongReply);
    user.says(WISH);
    user.sees("That is the whole list.").await;
    let texts = user.texts();
    assert!(texts.iter().all(|text| text.encode_utf16().count() <= LONGEST));
    let all = texts.join("\n");
    for line in 1..=810 {
        let words = format!("line {line:04}");
        assert_eq!(all.matches(&words).count(), 1, "{words}");
    }
    assert!(!all.contains("```"), "marks are formatting, also where a message ends");
    let unchanged = stage.journal.after(0).into_iter().filter(|entry| {
        entry.kind == "refused" && entry.data["description"].as_str().is_some_and(|text| text.contains("not modified"))
    });
    assert_eq!(unchanged.count(), 0, "no edit without a change\n{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn formatting_that_is_refused_goes_once_as_plain_text() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.telegram.fault(
        FaultRule::on("editMessageText", refusal(400, "Bad Request: can't parse entities: no end of entity", None))
            .containing("Tags")
            .in_chat(user.chat),
    );
    user.sends_clip(Some(WISH)).await;
    user.sees_button("Export MP4").await;
    assert_eq!(user.count("Tags"), 1, "{:#?}", user.texts());
    assert_eq!(refusals(&stage, 400), 1, "{}", stage.story());
    let with_tags: Vec<_> = calls(&stage, "editMessageText")
        .into_iter()
        .filter(|call| call["text"].as_str().is_some_and(|text| text.contains("Tags")))
        .map(|call| call.get("entities").is_some())
        .collect();
    assert_eq!(with_tags.get(..2), Some(&[true, false][..]), "refused with marks, then without");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_message_the_user_deleted_comes_once_in_a_new_one() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    let live = user.sees_button("Stop").await;
    assert!(stage.telegram.deletes(user.chat, live.message_id));
    stage.nemo.release();
    let answer = user.sees("Concrete requests work best").await;
    assert!(answer.message_id > live.message_id);
    stage.journal_has("run-end", |_| true).await;
    user.says("/credits");
    user.sees("Credits:").await;
    assert_eq!(user.count("Concrete requests work best"), 1, "{:#?}", user.texts());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

// ── What comes in ───────────────────────────────────────────────────────────────────────────────────────────────────

/// A file that Telegram knows, to be named in made-up messages.
async fn known_file(user: &User<'_>) -> String {
    let id = user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    let shown = user.stage.telegram.shown(user.chat);
    shown.iter().find(|message| message.message_id == id).and_then(|message| message.file.clone()).unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_that_trickles_in_is_one_request() {
    let stage = Stage::with(&[("NEMO_BOT__TELEGRAM__ALBUM_WAIT", "1s")]).await;
    let user = stage.user("en");
    let file = known_file(&user).await;
    for item in 0..4 {
        let mut fields = json!({ "media_group_id": "99", "video": { "file_id": file, "file_unique_id": "u" } });
        if item == 2 {
            fields["caption"] = json!(WISH);
        }
        stage.telegram.deliver_raw(message(&user, 100 + item, fields));
        // The next one comes when this one has been read and confirmed.
        stage.journal_has("poll", |_| stage.telegram.pending() == 0).await;
    }
    user.sees("Tags").await;
    user.sees_button("Export MP4").await;
    assert_eq!((stage.count("upload"), stage.count("run")), (5, 1), "{}", stage.story());
    assert_eq!(user.count("Got 4 files") + user.count("Tags"), 1, "one acknowledgement, which became the answer");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

fn file(kind: FileKind, name: &str) -> UserFile {
    let source = FileSource::Path(clip("landscape.mp4"));
    UserFile { name: name.to_owned(), mime: None, kind, source, caption: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_over_the_limit_is_refused_with_its_size_before_a_byte_moves() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let claims = FileDetails { claimed_size: Some(25 << 20), ..FileDetails::default() };
    let video = || file(FileKind::Video, "holiday.mp4");
    stage.telegram.sends_file_as(&user.person, user.chat, video(), claims.clone()).await.unwrap();
    let said = user.sees("Telegram lets me download files up to").await.text;
    let (limit, rest) = said.split_once("; this one has ").expect("the limit, then the size");
    let (size, way) = rest.split_once(". ").expect("the size, then the way round");
    assert!(limit.ends_with("up to 20 MB") || limit.ends_with("up to 21 MB"), "the limit: {said}");
    assert!(["25 MB", "26 MB", "26.2 MB"].contains(&size), "the size: {said}");
    assert!(way.contains("Send a link to the file"), "the way round: {said}");
    assert_eq!(calls(&stage, "getFile").len(), 0);
    // The same where Telegram keeps the size to itself.
    let silent = FileDetails { without_size: true, ..claims };
    stage.telegram.sends_file_as(&user.person, user.chat, video(), silent).await.unwrap();
    user.sees("this one is larger").await;
    assert_eq!((calls(&stage, "getFile").len(), stage.count("upload")), (1, 0), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn clips_in_every_shape_are_clips() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let silent = FileDetails { tells_mime: Some(false), ..FileDetails::default() };
    let nameless = FileDetails { without_name: true, without_size: true, ..silent.clone() };
    let shapes = [
        (FileKind::VideoNote, nameless.clone()),
        (FileKind::Animation, silent.clone()),
        (FileKind::Document, silent),
        (FileKind::Video, nameless),
    ];
    for (nth, (kind, details)) in (1..).zip(shapes) {
        stage.telegram.sends_file_as(&user.person, user.chat, file(kind, "clip.mp4"), details).await.unwrap();
        user.sees_times("What should I do with it?", nth).await;
        assert_eq!(stage.count("upload"), nth, "{kind:?}\n{}", stage.story());
    }
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_library_knows_loses_no_message() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.telegram.deliver_raw(json!({ "subscription": { "state": "new" } }));
    stage.telegram.deliver_raw(message(
        &user,
        100,
        json!({
            "text": "/start",
            "entities": [{ "type": "bot_command", "offset": 0, "length": 6 }, { "type": "hologram", "offset": 0, "length": 1 }],
            "external_reply": { "origin": { "type": "elsewhere" }, "surprise": [1, 2] },
            "quote": null,
            "reply_markup": { "inline_keyboard": [[{ "text": "no", "disabled": { "reason": 1 } }]] },
            "rich_message": { "blocks": [] },
            "via_bot": null,
        }),
    ));
    user.sees("Share your video clips").await;
    let unreadable = json!({ "message": { "message_id": 201, "date": 1, "chat": "?" } });
    stage.telegram.deliver_raw(unreadable);
    let huge = json!({ "file_id": "A", "file_size": 5_000_000_000_u64, "mime_type": "", "qualities": [{}] });
    stage.telegram.deliver_raw(message(&user, 300, json!({ "video": huge })));
    user.sees("the limit is").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caption_corrected_in_time_is_what_counts() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about the sea");
    stage.journal_has("run", |_| true).await;
    let sent = user.sends_clip(Some("add a red title")).await;
    user.sees("number 1 in line").await;
    user.corrects(sent, "add a blue title");
    stage.journal_has("update", |entry| entry.data["kind"] == "edited_message").await;
    stage.journal_has("poll", |_| stage.telegram.pending() == 0).await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees_button("Export MP4").await;
    let requests = requests(&stage);
    assert!(requests.len() == 2 && requests[1].starts_with("add a blue title"), "{requests:?}");
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_answers_nothing_a_second_time() {
    let mut stage = Stage::open().await;
    let (person, chat) = {
        let user = stage.user("en");
        user.says("/start");
        user.sees("Share your video clips").await;
        user.says("/help");
        user.sees("short, focused clips").await;
        (user.person.clone(), user.chat)
    };
    assert_eq!(stage.stop().await, Some(0));
    stage.start();
    let user = User { stage: &stage, person, chat };
    user.says("/cancel");
    user.sees("Nothing is running").await;
    assert_eq!(user.bot_messages().len(), 3, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn seventy_two_messages_of_one_chat_stop_no_other() {
    let stage = Stage::with(&[("NEMO_BOT__RUN__HOLD", "15s")]).await;
    let (loud, calm) = (stage.user("en"), stage.user("en"));
    loud.sends_clip(None).await;
    loud.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    loud.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    for line in 0..72 {
        loud.says(&format!("and line {line}"));
    }
    calm.says("/start");
    calm.sees("Share your video clips").await;
    loud.sees("requests waiting").await;
    // And what runs can still be stopped.
    let pressed = std::time::Duration::from_millis(stage.journal.after(0).last().unwrap().at_ms);
    loud.presses("Stop").await;
    let ended = stage.journal_has("run-end", |_| true).await;
    let took = std::time::Duration::from_millis(ended.at_ms).saturating_sub(pressed);
    assert!(took.as_secs() < 5, "Stop waited {took:?} behind the line\n{}", stage.story());
    loud.sees("Stopped waiting").await;
    stage.assert_clean();
}

// ── Buttons ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test(flavor = "multi_thread")]
async fn a_press_is_answered_within_a_second_whatever_runs() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    let offer = user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    for label in ["Titles + tags", "Export MP4"] {
        let answer = user.is_answered(&user.presses_on(offer.message_id, label)).await;
        assert!(answer.after_ms < 1_000 && answer.text.is_empty(), "{answer:?}");
    }
    let live = user.sees_button("Stop").await;
    let answer = user.is_answered(&user.presses_on(live.message_id, "Stop")).await;
    assert!(answer.after_ms < 1_000, "{answer:?}");
    user.sees("Stopped waiting").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_owner_and_administrator_press_and_a_stranger_is_told() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let owner = stage.user("en").at(GROUP);
    let stranger = stage.user("en").at(GROUP);
    let admin = stage.user("en").at(GROUP);
    for (user, status) in [(&owner, "member"), (&stranger, "member"), (&admin, "administrator")] {
        stage.telegram.has_status(&user.person, GROUP, status);
    }
    owner.says("/status");
    owner.sees("Nothing here yet").await;
    let clip = owner.sends("landscape.mp4", None).await;
    owner.replies(clip, "@nemo_sandbox_bot");
    let offer = owner.sees("What should I do with it?").await;
    let answer = stranger.is_answered(&stranger.presses_on(offer.message_id, "Edit")).await;
    assert!(answer.text.contains("Only the person who asked"), "{answer:?}");
    let answer = admin.is_answered(&admin.presses_on(offer.message_id, "Edit")).await;
    assert!(answer.text.is_empty() && answer.after_ms < 1_000, "{answer:?}");
    owner.sees("Ready. Send a clip").await;
    let answer = owner.is_answered(&owner.presses_on(offer.message_id, "Edit")).await;
    assert!(answer.text.is_empty(), "{answer:?}");
    owner.sees_times("Ready. Send a clip", 2).await;
    assert_eq!(calls(&stage, "getChatMember").len(), 2, "asked once for each");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

// ── Groups and topics ───────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_it_speaks_when_spoken_to() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let user = stage.user("en").at(GROUP);
    stage.telegram.adds_bot(&user.person, GROUP, "Video friends");
    let hello = user.sees("In this chat I answer commands, mentions, and replies").await;
    user.says("lovely weather");
    user.sends_clip(Some("look at my dog")).await;
    user.says("/status@other_bot");
    user.says("somebody@nemo_sandbox_bots said so");
    user.says("/cancel@nemo_sandbox_bot");
    user.sees("Nothing is running").await;
    assert_eq!(user.bot_messages().len(), 2, "chatter is none of its business: {:#?}", user.texts());
    user.replies(hello.message_id, "write a poem about the sea");
    user.sees("Concrete requests work best").await;
    assert_eq!(requests(&stage), ["write a poem about the sea"]);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reaction_hurts_nobody_and_a_failure_is_told_by_another() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let user = stage.user("en").at(GROUP);
    stage.telegram.fault(FaultRule::on("setMessageReaction", refusal(400, "Bad Request: REACTION_INVALID", None)));
    stage.nemo.play(Scenario::OutOfCredits);
    let asked = user.says("@nemo_sandbox_bot write a poem about the sea");
    let said = user.sees("No credits left").await.text;
    assert!(!said.contains("http"), "no personal link where others read: {said}");
    user.sees_reaction(asked, "😢").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_say_whether_every_clip_is_taken() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let (member, admin) = (stage.user("en").at(GROUP), stage.user("en").at(GROUP));
    stage.telegram.has_status(&member.person, GROUP, "member");
    stage.telegram.has_status(&admin.person, GROUP, "creator");
    member.says("/clips on");
    member.sees("Only an administrator can change this").await;
    admin.says("/clips on");
    admin.sees("From now on I take every clip").await;
    member.says("no clip, no answer");
    member.sends_clip(None).await;
    member.sees("What should I do with it?").await;
    admin.says("/clips off");
    admin.sees("here I only answer when addressed").await;
    member.sends_clip(None).await;
    member.says("/cancel");
    member.sees("Nothing is running").await;
    assert_eq!(stage.count("upload"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_can_say_where_every_clip_is_taken() {
    let stage = Stage::with_telegram(attentive(), &[("NEMO_BOT__TELEGRAM__CLIP_CHATS", &GROUP.to_string())]).await;
    let user = stage.user("en").at(GROUP);
    let clip = user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    // Where others wonder, the message itself shows that it was heard, and how it ended.
    user.sees_reaction(clip, "👍").await;
    let reactions = calls(&stage, "setMessageReaction");
    let reactions: Vec<_> = reactions.iter().map(|call| call["reaction"][0]["emoji"].clone()).collect();
    assert_eq!(reactions, ["👀", "👍"]);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_clip_is_reached_by_a_reply_to_it() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let (poster, user) = (stage.user("en").at(GROUP), stage.user("en").at(GROUP));
    let clip = poster.sends_clip(None).await;
    user.replies(clip, &format!("@nemo_sandbox_bot {WISH}"));
    user.sees_button("Export MP4").await;
    assert_eq!((stage.count("upload"), stage.count("run")), (1, 1), "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_replies_to_anothers_answer_speaks_to_a_project_of_their_own() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let (one, other) = (stage.user("en").at(GROUP), stage.user("en").at(GROUP));
    let clip = one.sends_clip(None).await;
    one.replies(clip, "@nemo_sandbox_bot");
    let offer = one.sees("What should I do with it?").await;
    other.replies(offer.message_id, "add a title");
    other.sees("I don't see any clips in this project yet").await;
    let sessions = stage.count("session");
    assert_eq!((sessions, stage.count("token"), stage.count("upload")), (2, 2, 1), "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_stay_in_their_topic_and_general_is_never_named() {
    let stage = Stage::with_telegram(attentive(), &[]).await;
    let user = stage.user("en").at(GROUP);
    let topic = json!({ "text": "/start", "message_thread_id": 7, "is_topic_message": true });
    stage.telegram.deliver_raw(message(&user, 100, topic));
    user.sees_times("In this chat I answer", 1).await;
    let general = json!({ "text": "/start", "message_thread_id": 1, "is_topic_message": true });
    stage.telegram.deliver_raw(message(&user, 200, general));
    user.sees_times("In this chat I answer", 2).await;
    // A plain reply in General carries a thread that is none.
    stage.telegram.deliver_raw(message(&user, 300, json!({ "text": "/start", "message_thread_id": 33 })));
    user.sees_times("In this chat I answer", 3).await;
    let threads: Vec<_> = calls(&stage, "sendMessage").iter().map(|call| call["message_thread_id"].clone()).collect();
    assert_eq!(threads, [json!(7), Value::Null, Value::Null]);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_becomes_a_supergroup_gets_its_answers_there() {
    const OLD: i64 = -4_567;
    for announced in [false, true] {
        let stage = Stage::with_telegram(attentive(), &[]).await;
        let user = stage.user("en").at(OLD);
        stage.nemo.play(Scenario::Hang);
        user.says("@nemo_sandbox_bot write a poem about the sea");
        stage.journal_has("run", |_| true).await;
        stage.telegram.upgrades_group(&user.person, OLD, GROUP, announced);
        stage.nemo.play(Scenario::Normal);
        stage.nemo.release();
        stage.journal_has("run-end", |_| true).await;
        let there = user.at(GROUP);
        there.says("/credits@nemo_sandbox_bot");
        there.sees("Credits:").await;
        there.sees("Concrete requests work best").await;
        there.sees("Credits:").await;
        assert!(refusals(&stage, 400) <= 1, "told once, and believed\n{}", stage.story());
        stage.assert_clean();
        stage.assert_calls_pass_the_checker();
    }
}

// ── Where Telegram says no ──────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test(flavor = "multi_thread")]
async fn a_second_poller_and_a_refused_token_are_told_to_the_operator() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.says("/start");
    user.sees("Share your video clips").await;
    let address = format!("{}/bot{}/getUpdates?timeout=0", stage.telegram.url(), stage.telegram.token());
    reqwest::get(address).await.unwrap();
    stage
        .logs_have("Another process is polling with this Telegram token (409). Stop it or use a different token")
        .await;
    stage.logs_have("retrying every 30 s").await;
    let mut stage = Stage::empty(&[]).await;
    stage.telegram.fault(FaultRule::on("getUpdates", refusal(401, "Unauthorized", None)));
    stage.start();
    stage.logs_have("Telegram refuses the token. Check TELEGRAM_BOT_TOKEN").await;
    assert!(!stage.logs().contains(stage.telegram.token()), "no log holds the token");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_blocked_bot_could_not_say_is_said_at_the_next_start() {
    let stage = Stage::with(&[("NEMO_BOT__RUN__HOLD", "15s")]).await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run-event", |entry| entry.line.contains("waits to be released")).await;
    stage.telegram.blocks(&user.person, true);
    stage.nemo.release();
    stage.journal_has("run-end", |_| true).await;
    stage.journal_has("refused", |entry| entry.data["status"] == 403).await;
    assert_eq!(user.count("Concrete requests work best"), 0);
    stage.telegram.blocks(&user.person, false);
    user.says("/start");
    user.sees("Concrete requests work best").await;
    user.sees("Your answer is ready").await;
    // The same with a video.
    stage.nemo.play(Scenario::RenderSlow);
    user.says("export");
    stage.journal_has("render-poll", |_| true).await;
    stage.telegram.blocks(&user.person, true);
    stage.nemo.release();
    let link = |entry: &nemo_bot::sandbox::journal::Entry| {
        let told = entry.data["text"].as_str().is_some_and(|text| text.contains("Download:"));
        entry.data["status"] == 403 && told
    };
    stage.journal_has("refused", link).await;
    let before = refusals(&stage, 403);
    stage.telegram.blocks(&user.person, false);
    user.says("/start");
    user.sees_video().await;
    assert!(refusals(&stage, 403) <= before + 1, "it does not knock again and again");
    assert_eq!((user.count("Concrete requests work best"), user.count("Download: http")), (1, 1));
    assert_eq!(stage.count("render"), 1);
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_bot_api_server_lifts_the_limit_and_its_files_are_read_from_the_disk() {
    let local = TelegramEmulatorSettings { local: true, ..quick_telegram() };
    let stage = Stage::with_telegram(local, &[("NEMO_BOT__TELEGRAM__LOCAL_FILES", "true")]).await;
    let user = stage.user("en");
    let video = file(FileKind::Video, "long.mp4");
    // Larger than Telegram's own servers hand out: a clip with a long silence behind it.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.mp4");
    std::fs::copy(clip("landscape.mp4"), &path).unwrap();
    let grown = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    grown.set_len(30 << 20).unwrap();
    let video = UserFile { source: FileSource::Path(path), ..video };
    stage.telegram.sends_file(&user.person, user.chat, video).await.unwrap();
    user.sees("What should I do with it?").await;
    assert_eq!(stage.count("upload"), 1);
    assert!(!stage.telegram.calls().iter().any(|call| call["method"] == "GET"), "nothing came over HTTP");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
