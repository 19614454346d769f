// A list of messages, edited in place, with a scroll that does not fight the reader. What a message looks like, and in
// which order they stand, is the chat's own.

import { follow, make } from "./kit.js";
import { word } from "./words.js";

/// Messages of one sender this close together form a group, in milliseconds.
const GROUP = 180_000;
/// How long a streamed text rests before it is read aloud, in milliseconds.
const REST = 1_500;

export class Messages {
  /// `root` holds the elements of the chat, `create` makes an empty message.
  constructor(root, { language, noticed, create }) {
    this.root = root;
    this.language = language;
    this.noticed = noticed;
    this.create = create;
    this.list = root.querySelector(".messages");
    this.live = root.querySelector(".live");
    this.messages = new Map();
    this.unread = 0;
    this.pill = root.querySelector(".pill");
    this.scroll = follow(root.querySelector(".scroll"), root.querySelector(".list"), () => this.mark());
    this.pill.addEventListener("click", () => this.scroll.toEnd());
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
  }

  put(message, first) {
    let shown = this.messages.get(message.message_id);
    const fresh = !shown;
    if (fresh) {
      shown = this.create();
      this.messages.set(message.message_id, shown);
      this.list.insertBefore(shown.element, this.after(message.message_id));
    }
    shown.update(message);
    if (first || !this.holds(message)) return;
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

  /// Whether a message is in what the reader looks at.
  holds() {
    return true;
  }

  /// The element before which a message of this id stands; nearly always none.
  after(id) {
    let next = null;
    for (let element = this.list.lastElementChild; element; element = element.previousElementSibling) {
      if (isBefore(element.dataset.id, String(id))) break;
      next = element;
    }
    return next;
  }

  group() {
    let before = null;
    for (const { message, element } of this.inOrder()) {
      if (!this.holds(message)) continue;
      const joined = before && this.belongs(before, message) && message.date_ms - before.date_ms < GROUP;
      element.classList.toggle("joined", Boolean(joined));
      before = message;
    }
  }

  /// Whether a message goes on where the one before it ended.
  belongs(before, message) {
    return before.from === message.from;
  }

  inOrder() {
    const byId = new Map([...this.messages].map(([id, shown]) => [String(id), shown]));
    return [...this.list.children].map((element) => byId.get(element.dataset.id)).filter(Boolean);
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
      const text = message.text || message.file?.name || message.files?.[0]?.name || "";
      this.live.textContent = `${word("bot")}: ${text.slice(0, 400)}`;
    }, REST);
  }

  snippet(id) {
    if (!id) return null;
    const message = this.messages.get(id)?.message;
    const text = message?.text || message?.file?.name || message?.files?.[0]?.name;
    return text ? text.split("\n")[0].slice(0, 120) : null;
  }

  jump(id) {
    const element = this.messages.get(id)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.classList.remove("found");
    requestAnimationFrame(() => element.classList.add("found"));
  }

  /// Writes the words again in another language.
  relabel() {
    for (const shown of this.messages.values()) shown.relabel();
    this.mark();
  }

  clear() {
    this.list.replaceChildren();
    this.messages.clear();
    this.unread = 0;
  }
}

/// Ids are numbers that grow, written out; longer is later.
function isBefore(one, other) {
  return one.length === other.length ? one < other : one.length < other.length;
}

/// Does `change` if the value of this name is another than the last time: so a video that plays goes on playing.
export function part(parts, name, value, change) {
  const now = JSON.stringify(value ?? null);
  if (parts[name] === now) return;
  parts[name] = now;
  change();
}

/// The time of a message.
export function clock(ms, tag) {
  const at = new Date(ms);
  const time = at.toLocaleTimeString(tag, { hour: "2-digit", minute: "2-digit" });
  return make("time", { datetime: at.toISOString(), title: at.toLocaleString(tag) }, time);
}
