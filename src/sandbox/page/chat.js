// The chat: messages edited in place, buttons that press, a scroll that does not fight the reader.

import { find, follow, make, post, toast } from "./kit.js";
import { Message } from "./message.js";
import { word } from "./words.js";

/// Messages of one sender this close together form a group, in milliseconds.
const GROUP = 180_000;
/// How long a streamed text rests before it is read aloud, in milliseconds.
const REST = 1_500;

export class Chat {
  constructor({ language, say, noticed }) {
    this.language = language;
    this.noticed = noticed;
    this.list = find("#messages");
    this.messages = new Map();
    this.unread = 0;
    this.pill = find("#pill");
    this.scroll = follow(find("#scroll"), find("#list"), () => this.mark());
    this.pill.addEventListener("click", () => this.scroll.toEnd());
    this.list.addEventListener("click", (event) => {
      const text = event.target.closest?.("[data-say]")?.dataset.say;
      if (text) say(text);
      if (event.target.closest?.(".unfold")) this.scroll.hold();
    }, { capture: true });
  }

  /// Takes messages that are new or changed. `full`: there are no others.
  take({ full, messages, gone }) {
    const first = full && this.messages.size === 0;
    const known = new Set(messages.map((message) => message.message_id));
    const lost = full ? [...this.messages.keys()].filter((id) => !known.has(id)) : gone;
    for (const id of lost) {
      this.messages.get(id)?.element.remove();
      this.messages.delete(id);
    }
    for (const message of messages) this.put(message, first);
    this.group();
    find("#start").hidden = this.messages.size > 0;
  }

  put(message, first) {
    let shown = this.messages.get(message.message_id);
    const fresh = !shown;
    if (fresh) {
      shown = new Message(this);
      this.messages.set(message.message_id, shown);
      this.list.insertBefore(shown.element, this.after(message.message_id));
    }
    shown.update(message);
    if (first) return;
    if (fresh && message.from === "user") this.scroll.toEnd();
    if (message.from !== "bot") return;
    if (fresh) {
      shown.element.classList.add("fresh");
      if (!this.scroll.stuck) this.unread += 1;
      this.mark();
      this.noticed(message);
    }
    this.read(message);
  }

  /// The element before which a message of this id stands; nearly always none.
  after(id) {
    let next = null;
    for (let element = this.list.lastElementChild; element; element = element.previousElementSibling) {
      if (Number(element.dataset.id) < id) break;
      next = element;
    }
    return next;
  }

  group() {
    let before = null;
    for (const element of this.list.children) {
      const { message } = this.messages.get(Number(element.dataset.id)) ?? {};
      if (!message) continue;
      const joined = before?.from === message.from && message.date_ms - before.date_ms < GROUP;
      element.classList.toggle("joined", joined);
      before = message;
    }
  }

  mark() {
    if (this.scroll.stuck) this.unread = 0;
    this.pill.hidden = this.scroll.stuck;
    this.pill.classList.toggle("news", this.unread > 0);
    this.pill.querySelector("span").textContent = this.unread > 0 ? word("news", this.unread) : word("to-end");
  }

  /// Reads a message aloud once it rests: a streamed one is not read word by word.
  read(message) {
    clearTimeout(this.reading);
    this.reading = setTimeout(() => {
      const text = message.text || message.file?.name || "";
      find("#live").textContent = `${word("bot")}: ${text.slice(0, 400)}`;
    }, REST);
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

  snippet(id) {
    if (!id) return null;
    const message = this.messages.get(id)?.message;
    const text = message?.text || message?.file?.name;
    return text ? text.split("\n")[0].slice(0, 120) : null;
  }

  jump(id) {
    const element = this.messages.get(id)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.classList.remove("found");
    requestAnimationFrame(() => element.classList.add("found"));
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

  /// Writes the words again in another language.
  relabel() {
    for (const shown of this.messages.values()) {
      shown.parts = { file: shown.parts.file };
      shown.update(shown.message);
    }
    this.mark();
  }

  clear() {
    this.list.replaceChildren();
    this.messages.clear();
    this.unread = 0;
  }
}

/// The suggestions on an empty chat.
export function hints(say) {
  find("#hints").replaceChildren(
    ...word("hints").map((text) => make("button", { type: "button", class: "hint", onclick: () => say(text) }, text)),
  );
}
