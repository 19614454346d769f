//! What people do with groups: open them, add, promote and remove the bot, and make supergroups of them.

use serde_json::{Value, json};

use super::TelegramEmulator;
use super::chats::Person;

impl TelegramEmulator {
    /// Opens a group, so that it has a title.
    pub fn opens_group(&self, who: &Person, chat: i64, title: &str) {
        let mut state = self.shared.state();
        let group = state.meet(who, chat);
        group.wire["title"] = json!(title);
        group.members.insert(who.id, "creator");
    }

    /// Adds the bot to a group, which is opened for it.
    pub fn adds_bot(&self, who: &Person, chat: i64, title: &str) {
        self.opens_group(who, chat, title);
        let now = self.shared.clock.now().as_millis() / 1000;
        let bot = self.shared.bot();
        let mut state = self.shared.state();
        let update = json!({
            "chat": state.meet(who, chat).wire,
            "from": who.wire(),
            "date": now,
            "old_chat_member": { "status": "left", "user": bot },
            "new_chat_member": { "status": "member", "user": bot },
        });
        state.updates.push("my_chat_member", update);
        drop(state);
        self.shared.changed();
    }

    /// Makes the bot an administrator of a group, or an ordinary member again. To an administrator Telegram shows every
    /// message, whatever its privacy mode.
    pub fn promotes_bot(&self, who: &Person, chat: i64, administrator: bool) {
        let (old, new) = if administrator { ("member", "administrator") } else { ("administrator", "member") };
        self.changes_bot(who, chat, old, new);
    }

    /// Takes the bot out of a group. From then on every call to the chat is refused with 403.
    pub fn removes_bot(&self, who: &Person, chat: i64) {
        self.shared.state().meet(who, chat).blocked = true;
        self.changes_bot(who, chat, "member", "kicked");
    }

    fn changes_bot(&self, who: &Person, chat: i64, old: &'static str, new: &'static str) {
        let now = self.shared.clock.now().as_millis() / 1000;
        let bot = self.shared.bot();
        let mut state = self.shared.state();
        let group = state.meet(who, chat);
        group.members.insert(bot["id"].as_i64().unwrap_or_default(), new);
        let update = json!({
            "chat": group.wire,
            "from": who.wire(),
            "date": now,
            "old_chat_member": self.shared.membership(old),
            "new_chat_member": self.shared.membership(new),
        });
        state.updates.push("my_chat_member", update);
        drop(state);
        self.shared.changed();
    }

    /// Makes a supergroup of a group: from now on the old one refuses every call and names the new one. The bot hears
    /// of it beforehand only if `announced`.
    pub fn upgrades_group(&self, who: &Person, from: i64, to: i64, announced: bool) {
        let now = self.shared.clock.now().as_millis() / 1000;
        let mut state = self.shared.state();
        let group = state.meet(who, from);
        group.moved_to = Some(to);
        let (old, members) = (group.wire.clone(), group.members.clone());
        let supergroup = state.meet(who, to);
        supergroup.wire["title"] = old["title"].clone();
        supergroup.members = members;
        let new = supergroup.wire.clone();
        if announced {
            let about = |chat: &Value, field: &str, other: i64| json!({ "message_id": 900_000, "from": who.wire(), "chat": chat, "date": now, field: other });
            state.updates.push("message", about(&old, "migrate_to_chat_id", to));
            state.updates.push("message", about(&new, "migrate_from_chat_id", from));
        }
        drop(state);
        self.shared.changed();
    }

    /// Gives a member of a group a status, as `getChatMember` tells it: `creator`, `administrator`, `member`, `left`.
    pub fn has_status(&self, who: &Person, chat: i64, status: &'static str) {
        self.shared.state().meet(who, chat).members.insert(who.id, status);
    }
}
