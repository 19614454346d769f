//! What happens to users of other bots on Telegram, and must not happen to ours: one story for each trap.

#[path = "telegram/answer.rs"]
mod answer;
#[path = "telegram/buttons.rs"]
mod buttons;
#[path = "telegram/delivery.rs"]
mod delivery;
#[path = "telegram/groups.rs"]
mod groups;
#[path = "telegram/intake.rs"]
mod intake;
#[path = "telegram/local.rs"]
mod local;
#[path = "telegram/moving.rs"]
mod moving;
#[path = "telegram/refusals.rs"]
mod refusals;
#[path = "telegram/signs.rs"]
mod signs;
#[path = "telegram/webhook.rs"]
mod webhook;

use nemo_bot::sandbox::telegram::{FaultAction, FileKind, FileSource, TelegramEmulatorSettings, UserFile};
use serde_json::{Value, json};

use super::bot::{Stage, User, clip, quick_telegram};

const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";
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

/// A clip that somebody sends as this kind of file, under this name.
fn file(kind: FileKind, name: &str) -> UserFile {
    let source = FileSource::Path(clip("landscape.mp4"));
    UserFile { name: name.to_owned(), mime: None, kind, source, caption: None }
}
