// The chat on Telegram: its list of messages, what the bot does and previews, buttons that press.

import { find, make, post, toast } from "./kit.js";
import { Message } from "./message.js";
import { Messages } from "./messages.js";
import { word } from "./words.js";

export class Chat extends Messages {
  constructor({ language, say, noticed }) {
    super(find("#chat"), { language, noticed, create: () => new Message(this) });
    this.list.addEventListener("click", (event) => {
      const text = event.target.closest?.("[data-say]")?.dataset.say;
      if (text) say(text);
      if (event.target.closest?.(".unfold")) this.scroll.hold();
    }, { capture: true });
  }

  take(change) {
    super.take(change);
    find("#start").hidden = this.messages.size > 0;
  }

  action(action) {
    const typing = find("#typing");
    typing.hidden = !action;
    const text = action ? (word(`action-${action}`) ?? word("action-other")) : "";
    find("#typing-text").textContent = text;
    const status = find("#status");
    status.textContent = text || word("online");
    status.classList.toggle("busy", Boolean(action));
  }

  /// Shows what the bot previews: no message yet, so it stands below all of them, with the platform's own Stop.
  draft(draft) {
    const place = find("#draft");
    place.hidden = !draft;
    if (!draft) {
      place.replaceChildren();
      this.drafted = null;
      return;
    }
    if (!this.drafted) {
      this.drafted = new Message({ snippet: () => null, jump: () => {}, press: (message, data, key) => this.stop(key) });
      this.drafted.element.classList.add("draft");
      place.replaceChildren(this.drafted.element);
    }
    const buttons = draft.can_stop ? [[{ text: word("stop"), kind: "callback", value: "stop", style: "danger" }]] : [];
    const text = draft.text || word("thinking");
    this.drafted.update({ from: "bot", text, entities: draft.text ? draft.entities : [], buttons, date_ms: Date.now() });
    this.drafted.time.textContent = word("draft");
  }

  async stop(key) {
    key.disabled = true;
    try {
      await post("/stop", {});
    } catch (error) {
      toast(error.message, true);
    }
  }

  async press(message, data, key) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    try {
      const { answer } = await post("/press", { language: this.language(), message_id: message.message_id, data });
      if (!answer) toast(word("answer-none"));
      else if (answer.alert && answer.text) this.alert(answer.text);
      else if (answer.text) toast(answer.text);
    } catch (error) {
      toast(error.message, true);
    }
    key.removeAttribute("aria-busy");
  }

  alert(text) {
    const dialog = find("#alert");
    dialog.querySelector("p").textContent = text;
    dialog.showModal();
  }
}

/// The suggestions on an empty chat.
export function hints(say) {
  find("#hints").replaceChildren(
    ...word("hints").map((text) => make("button", { type: "button", class: "hint", onclick: () => say(text) }, text)),
  );
}
