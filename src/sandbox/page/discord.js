// Discord: a private chat with the bot, a channel and its threads, one of them in view.

import { actions } from "./actions.js";
import { find, icon, make, toast } from "./kit.js";
import { markdown } from "./markdown.js";
import { Messages } from "./messages.js";
import { Post } from "./post.js";
import { word } from "./words.js";
import { Writer } from "./writer.js";

/// Kinds of interactions.
const COMMAND = 2;
const PRESS = 3;
/// Dismissed messages that are remembered until the window closes.
const KEPT_DISMISSED = 200;

export class Discord extends Messages {
  constructor({ language, noticed }) {
    super(find("#discord"), { language, noticed, create: () => new Post(this) });
    this.places = [];
    this.news = new Set();
    this.bot = { id: "", name: "NEMO" };
    this.typing = [];
    this.interactions = [];
    this.dismissed = new Set(remembered());
    this.here = null;
    this.names = (id) => (id === this.bot.id ? this.bot.name : this.places.find((place) => place.id === id)?.title);
    this.list.addEventListener("click", ({ target }) => this.go(target.closest?.("[data-go]")?.dataset.go));
    this.writer = new Writer(this.root, {
      language,
      here: () => this.place(),
      bot: () => this.bot,
      newest: () => this.inOrder().findLast(({ message }) => this.holds(message) && message.from === "user")?.message,
    });
  }

  place() {
    return this.places.find((place) => place.id === this.here) ?? { id: "", kind: "dm", title: "" };
  }

  // Places

  /// Takes what is around the messages.
  around({ bot, places, typing, interactions }) {
    this.bot = bot;
    this.places = places;
    this.typing = typing;
    this.interactions = interactions;
    const known = (id) => places.some((place) => place.id === id);
    if (!known(this.here)) {
      const last = lastPlace();
      this.here = known(last) ? last : places.find(({ kind }) => kind === "dm")?.id ?? null;
    }
    // The way to a thread bears the thread's name, which comes with the places.
    for (const shown of this.messages.values()) if (shown.message.thread) shown.leads();
    this.show();
  }

  go(id) {
    if (!this.places.some((place) => place.id === id)) return;
    this.here = id;
    try {
      sessionStorage.setItem("place", id);
    } catch {
      // Then the next window begins at the private chat.
    }
    this.news.delete(id);
    this.unread = 0;
    this.writer.forget();
    if (this.writer.slash.open) this.writer.slash.end();
    this.show();
    this.scroll.toEnd();
  }

  /// Shows the place that is in view and what is around it.
  show() {
    this.ways();
    const place = this.place();
    const title = place.kind === "dm" ? this.bot.name : place.title;
    find("#dc-title").textContent = title;
    find("#dc-about").textContent = word(`place-${place.kind}`, this.bot.name);
    find("#dc-face").replaceChildren(place.kind === "dm" ? make("img", { src: "/icon.svg", alt: "", width: 28, height: 28 }) : icon(place.kind === "thread" ? "thread" : "hash"));
    const typing = this.typing.includes(this.here);
    find("#dc-typing").hidden = !typing;
    find("#dc-typing-text").textContent = typing ? word("is-typing", this.bot.name) : "";
    for (const { message, element } of this.messages.values()) element.hidden = !this.holds(message);
    this.group();
    this.outcomes();
    const empty = [...this.messages.values()].every(({ message }) => !this.holds(message));
    find("#dc-start").hidden = !empty;
    find("#dc-start-title").textContent = word(place.kind === "dm" ? "dc-start-dm" : "dc-start-channel", title);
    find("#dc-start-text").textContent = word({ dm: "dc-start-dm-text", guest: "dc-start-guest-text" }[place.kind] ?? "dc-start-channel-text", this.bot.name);
    this.writer.show();
  }

  /// The ways to the places. They stay what they are while messages come, or a press would be lost, and the keyboard.
  ways() {
    const list = find("#places");
    const known = new Map([...list.children].map((tab) => [tab.dataset.place, tab]));
    const tabs = this.places.map((place) => this.tab(place, known.get(place.id)));
    tabs.forEach((tab, at) => {
      if (list.children[at] !== tab) list.insertBefore(tab, list.children[at] ?? null);
    });
    while (list.childElementCount > tabs.length) list.lastElementChild.remove();
  }

  tab(place, known) {
    const tab = known ?? this.way(place);
    tab.className = `place ${place.kind}`;
    tab.setAttribute("aria-pressed", String(place.id === this.here));
    const title = place.kind === "dm" ? this.bot.name : place.title;
    const name = tab.querySelector("span");
    if (name.textContent !== title) name.textContent = title;
    const mark = tab.querySelector(":scope > i");
    if (this.news.has(place.id) && !mark) tab.append(make("i"));
    if (!this.news.has(place.id)) mark?.remove();
    return tab;
  }

  way(place) {
    const sign = { dm: "at", text: "hash", thread: "thread" }[place.kind] ?? "hash";
    const open = () => this.go(place.id);
    return make("button", { type: "button", "data-place": place.id, onclick: open }, icon(sign), make("span", { dir: "auto" }));
  }

  // Messages

  take(change) {
    super.take(change);
    this.show();
  }

  put(message, first) {
    const fresh = !this.messages.has(message.message_id);
    super.put(message, first);
    const { element } = this.messages.get(message.message_id);
    element.hidden = !this.holds(message);
    if (first || !fresh || message.channel_id === this.here || message.from !== "bot") return;
    this.news.add(message.channel_id);
    this.noticed(message);
  }

  holds(message) {
    return message.channel_id === this.here && !this.dismissed.has(message.message_id);
  }

  belongs(before, message) {
    return super.belongs(before, message) && !message.reply_to && !message.command && before.only_for === message.only_for;
  }

  /// Only the person's own window forgets it.
  dismiss(id) {
    this.dismissed.add(id);
    try {
      sessionStorage.setItem("dismissed", JSON.stringify([...this.dismissed].slice(-KEPT_DISMISSED)));
    } catch {
      // Then it comes back with the next window.
    }
    this.show();
  }

  /// Its words without the signs of their looks.
  snippet(id) {
    const words = super.snippet(id);
    return words && make("span", {}, ...markdown(words, this.names)).textContent;
  }

  jump(id) {
    const message = this.messages.get(id)?.message;
    if (message && message.channel_id !== this.here) this.go(message.channel_id);
    super.jump(id);
  }

  // Presses and commands

  async press(message, button, key) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    if (!(await this.writer.does({ does: "press", channel: message.channel_id, message: message.message_id, button }))) {
      key.removeAttribute("aria-busy");
    }
  }

  /// What became of presses and commands: a sign on the button, a sentence where nothing came.
  outcomes() {
    const presses = Map.groupBy(this.interactions.filter(({ kind }) => kind === PRESS), ({ message_id: id }) => id);
    for (const [id, shown] of this.messages) {
      const here = presses.get(id) ?? [];
      const waiting = here.filter(({ answered, failed }) => !answered && !failed).map(({ name }) => name);
      shown.presses(waiting, here.at(-1)?.failed === true);
    }
    const failed = this.interactions.filter((one) => one.kind === COMMAND && one.failed && one.channel_id === this.here && !this.dismissed.has(one.id));
    find("#dc-notices").replaceChildren(...failed.map((one) => {
      const dismiss = make("button", { type: "button" }, word("dismiss"));
      dismiss.addEventListener("click", () => this.dismiss(one.id));
      return make("li", { class: "failure" }, make("span", {}, `${one.message_id ? one.name : `/${one.name}`}: ${word("no-response")}`), dismiss);
    }));
  }

  /// What a command that was used on a message is called here.
  called(name) {
    return this.writer.onMessages().find((command) => command.name === name)?.label ?? name;
  }

  /// Opens the menu of a message.
  offers(shown) {
    const { message } = shown;
    const items = [
      { label: word("reply"), act: () => this.writer.answers(message) },
      message.from === "user" && { label: word("edit"), act: () => this.writer.edits(message) },
      (message.content || message.text) && { label: word("copy-text"), act: () => shown.copies() },
      ...this.writer.onMessages().map(({ name, label }) => ({
        label,
        note: word("apps"),
        act: () => this.writer.does({ does: "use-on", channel: message.channel_id, message: message.message_id, command: name }),
      })),
    ].filter(Boolean);
    // Nobody answers or uses what only they see.
    const offered = message.only_for === null ? items : items.filter(({ label }) => label === word("copy-text"));
    if (offered.length === 0) return toast(word("error-gone"));
    actions(shown.more, offered);
  }

  relabel() {
    super.relabel();
    this.show();
  }

  clear() {
    super.clear();
    this.news.clear();
    this.here = null;
  }
}

/// The place that was in view before the page was loaded again.
function lastPlace() {
  try {
    return sessionStorage.getItem("place");
  } catch {
    return null;
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem("dismissed") ?? "[]");
  } catch {
    return [];
  }
}
