//! From a call to its answer: checks, faults, budget, then the method itself.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shared;
use super::call::Call;
use super::faults::FaultAction;
use super::media::FileKind;
use super::refusal::Refusal;
use super::scenario::Scenario;
use super::shown::CallbackAnswer;
use super::strict::Finding;
use super::text::utf16;

/// Methods about a chat that cost nothing.
const FREE: &[&str] = &["getChat", "getChatMember"];
/// The largest note of a callback answer.
const ANSWER_LIMIT: usize = 200;

/// What goes back over the wire.
pub(super) enum Answer {
    Json(Result<Value, Refusal>),
    /// A page from a server in front of Telegram.
    Html(u16),
    /// The connection breaks.
    Cut,
}

impl Shared {
    /// Answers a call; `read` tells whether its body could be read.
    pub(super) async fn answer(&self, mut call: Call, read: Result<(), Refusal>) -> Answer {
        let Some(method) = self.schema.method(&call.method).map(str::to_owned) else {
            self.breach(format!("unknown method {}", call.method));
            return Answer::Json(Err(Refusal::new(404, "Not Found: method not found")));
        };
        call.method = method;
        let fault = self.fault_of(&call);
        let mut drops = false;
        match fault {
            None => {}
            Some(FaultAction::Delay(how_long)) => tokio::time::sleep(how_long).await,
            Some(FaultAction::DropAnswerAfterCommit) => drops = true,
            Some(FaultAction::DeleteFirst) => self.delete_first(&call),
            Some(FaultAction::BlockFirst) => self.block_first(&call),
            Some(FaultAction::CutConnection) => return Answer::Cut,
            Some(FaultAction::Stall) => {
                self.stop.cancelled().await;
                return Answer::Cut;
            }
            Some(FaultAction::HtmlError(status)) => return Answer::Html(status),
            Some(FaultAction::Status { code, description, retry_after }) => {
                if let (429, Some(chat), Some(wait)) = (code, call.chat_id(), retry_after) {
                    let wait = std::time::Duration::from_secs(wait);
                    self.state().budget.close(chat, wait, Instant::now());
                }
                return Answer::Json(Err(Refusal { retry_after, ..Refusal::new(code, description) }));
            }
        }
        let result = match read.and_then(|()| self.admit(&mut call)) {
            // Futures of methods that send files are large.
            Ok(()) => Box::pin(self.perform(&call)).await,
            Err(refusal) => Err(refusal),
        };
        if drops { Answer::Cut } else { Answer::Json(result) }
    }

    /// The fault for this call, used up.
    pub(super) fn fault_of(&self, call: &Call) -> Option<FaultAction> {
        let mut state = self.state();
        let changes = state.changes_buttons(call);
        let (action, ended) = state.faults.take(call, changes)?;
        // What they do shows until the bot hears again, or the person takes it back; they end there.
        if ended && !matches!(state.playing, Some(Scenario::SecondPoller | Scenario::Blocked)) {
            state.playing = None;
        }
        Some(action)
    }

    /// Names, types and rates.
    fn admit(&self, call: &mut Call) -> Result<(), Refusal> {
        if call.encoding != "json" {
            self.schema.decode(&call.method, &mut call.parameters);
        }
        // A part that `attach://` names is not a parameter; the others stand for one.
        let findings = self.schema.check_call(&call.method, &call.parameters, &call.parts);
        for finding in &findings {
            if let Finding::Unknown(path) = finding {
                self.breach(format!("unknown parameter {path}"));
            }
        }
        for kind in call.list("allowed_updates").into_iter().flatten().filter_map(Value::as_str) {
            if !self.schema.update_kinds.iter().any(|known| known == kind) {
                self.breach(format!("unknown kind of update {kind}"));
                return Err(Refusal::bad(format!("unknown kind of update {kind} (the emulator is stricter)")));
            }
        }
        if let Some(finding) = findings.first() {
            return Err(finding.refusal());
        }
        match call.chat_id() {
            Some(chat) if !FREE.contains(&call.method.as_str()) => {
                let spent = self.state().budget.spend(&self.settings.times, chat, Instant::now());
                spent.map_err(Refusal::too_many)
            }
            _ => Ok(()),
        }
    }

    async fn perform(&self, call: &Call) -> Result<Value, Refusal> {
        match call.method.as_str() {
            "getUpdates" => self.get_updates(call).await,
            "sendVideo" => self.send_file(call, FileKind::Video).await,
            "sendDocument" => self.send_file(call, FileKind::Document).await,
            "sendPhoto" => self.send_file(call, FileKind::Photo).await,
            "sendMessage" => self.send_message(call),
            "sendMessageDraft" => self.send_draft(call),
            "sendChatAction" => self.chat_action(call),
            "editMessageText" => self.edit_text(call),
            "editMessageCaption" => self.edit_caption(call),
            "editMessageReplyMarkup" => self.edit_markup(call),
            "deleteMessage" => self.delete_message(call),
            "setMessageReaction" => self.react(call),
            "answerCallbackQuery" => self.answer_callback(call),
            "setMyCommands" => self.set_commands(call),
            "getMyCommands" => self.get_commands(call),
            "deleteMyCommands" => self.delete_commands(call),
            "getFile" => self.logged(call, self.get_file(call)),
            "getMe" => self.logged(call, Ok(self.get_me())),
            "getChat" => self.logged(call, self.get_chat(call)),
            "getChatMember" => self.logged(call, self.get_chat_member(call)),
            "deleteWebhook" => self.logged(call, Ok(self.delete_webhook(call))),
            "getWebhookInfo" => Ok(self.webhook_info()),
            "setWebhook" => self.logged(call, self.set_webhook(call)),
            // The description of the API and this table name the same methods; a test holds that.
            other => Err(Refusal::new(501, format!("{other} is not emulated"))),
        }
    }

    fn logged(&self, call: &Call, result: Result<Value, Refusal>) -> Result<Value, Refusal> {
        if result.is_ok() {
            self.record_call(call);
        }
        result
    }

    fn get_me(&self) -> Value {
        let mut me = self.bot();
        me["can_join_groups"] = json!(true);
        me["can_read_all_group_messages"] = json!(self.settings.reads_all_group_messages);
        for absent in ["supports_inline_queries", "can_connect_to_business", "has_main_web_app", "has_topics_enabled"] {
            me[absent] = json!(false);
        }
        me
    }

    fn delete_webhook(&self, call: &Call) -> Value {
        if call.flag("drop_pending_updates") {
            self.state().updates.drop_pending();
        }
        if self.state().updates.hook().is_some() {
            self.state().updates.set_hook(None);
        }
        json!(true)
    }

    fn get_chat(&self, call: &Call) -> Result<Value, Refusal> {
        let mut state = self.state();
        let mut wire = state.chat_of(call)?.wire.clone();
        wire["accent_color_id"] = json!(0);
        wire["max_reaction_count"] = json!(11);
        wire["accepted_gift_types"] = json!({
            "unlimited_gifts": false,
            "limited_gifts": false,
            "unique_gifts": false,
            "premium_subscription": false,
            "gifts_from_channels": false,
        });
        Ok(wire)
    }

    fn get_chat_member(&self, call: &Call) -> Result<Value, Refusal> {
        let user = call.int("user_id").unwrap_or_default();
        let mut state = self.state();
        let status = state.chat_of(call)?.members.get(&user).copied();
        let bot = self.bot();
        let person = if bot["id"] == user { Some(bot) } else { state.people.get(&user).map(super::Person::wire) };
        let person = person.ok_or_else(|| Refusal::bad("PARTICIPANT_ID_INVALID"))?;
        Ok(member(status.unwrap_or("left"), &person))
    }

    /// The bot as a member of a chat.
    pub(super) fn membership(&self, status: &str) -> Value {
        member(status, &self.bot())
    }

    /// `answerCallbackQuery`: once or again, but not late.
    fn answer_callback(&self, call: &Call) -> Result<Value, Refusal> {
        let id = call.text("callback_query_id").unwrap_or_default();
        let text = call.text("text").unwrap_or_default();
        if utf16(text) > ANSWER_LIMIT {
            return Err(Refusal::bad("MESSAGE_TOO_LONG"));
        }
        let life = self.settings.times.callback_life;
        let mut state = self.state();
        let Some(callback) = state.callbacks.get(id).filter(|callback| callback.at.elapsed() < life).cloned() else {
            return Err(Refusal::bad("query is too old and response timeout expired or query ID is invalid"));
        };
        state.answers.push(CallbackAnswer {
            query_id: id.to_owned(),
            chat_id: callback.chat,
            message_id: callback.message,
            user_id: callback.user,
            text: text.to_owned(),
            alert: call.flag("show_alert"),
            after_ms: u64::try_from(callback.at.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        drop(state);
        self.changed();
        self.record(
            "call",
            format!("answerCallbackQuery: {text}"),
            json!({
                "method": call.method,
                "chat": callback.chat,
                "message_id": callback.message,
                "query": id,
                "text": text,
            }),
        );
        Ok(json!(true))
    }

    /// Notes a call in the journal that neither sends nor edits.
    pub(super) fn record_call(&self, call: &Call) {
        let what =
            ["action", "file_id", "reaction", "language_code"].iter().find_map(|name| call.parameters.get(*name));
        let line = format!("{} {}", call.method, what.map(Value::to_string).unwrap_or_default());
        let data = json!({
            "method": call.method,
            "chat": call.chat_id(),
            "message_id": call.int("message_id"),
            "text": call.text("text"),
            "what": what,
        });
        self.record("call", line.trim_end(), data);
    }

    pub(super) fn breach(&self, what: String) {
        self.record("breach", what.clone(), json!({ "what": what }));
        self.state().breaches.push(what);
    }
}

/// A `ChatMember` of this status.
fn member(status: &str, user: &Value) -> Value {
    let mut member = json!({ "status": status, "user": user });
    match status {
        "creator" => member["is_anonymous"] = json!(false),
        "administrator" => {
            for right in [
                "can_be_edited",
                "is_anonymous",
                "can_manage_chat",
                "can_delete_messages",
                "can_manage_video_chats",
                "can_restrict_members",
                "can_promote_members",
                "can_change_info",
                "can_invite_users",
                "can_post_stories",
                "can_edit_stories",
                "can_delete_stories",
                "can_send_welcome_messages",
            ] {
                member[right] = json!(right == "can_manage_chat");
            }
        }
        "kicked" => member["until_date"] = json!(0),
        _ => {}
    }
    member
}
