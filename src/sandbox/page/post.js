// One message on Discord as elements.

import { embed } from "./embed.js";
import { copy, icon, make } from "./kit.js";
import { markdown } from "./markdown.js";
import { media } from "./media.js";
import { clock, part } from "./messages.js";
import { harmless } from "./text.js";
import { tag, word } from "./words.js";

/// Types of messages that tell of threads.
const THREAD_CREATED = 18;
const THREAD_STARTER = 21;
/// Discord's styles of buttons.
const STYLES = { 1: "primary", 2: "", 3: "success", 4: "danger" };

/// The elements of a message. `update` changes only what changed, so a video that plays goes on playing.
export class Post {
  constructor(context) {
    this.context = context;
    this.parts = {};
    this.above = make("div", { class: "above", hidden: true });
    this.face = make("span", { class: "avatar", "aria-hidden": "true" });
    this.head = make("div", { class: "who" });
    this.text = make("div", { class: "text", dir: "auto", hidden: true });
    this.embeds = make("div", { class: "embeds", hidden: true });
    this.media = make("div", { class: "gallery", hidden: true });
    this.keys = make("div", { class: "keys", hidden: true });
    this.failure = make("p", { class: "failure", hidden: true });
    this.reactions = make("div", { class: "reactions", hidden: true });
    this.thread = make("button", { type: "button", class: "to-thread", hidden: true });
    this.only = make("div", { class: "only", hidden: true });
    this.more = make("button", { type: "button", class: "more", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("dots"));
    this.more.addEventListener("click", () => context.offers(this));
    const body = make("div", { class: "post-body" }, this.head, this.text, this.embeds, this.media, this.keys, this.failure, this.reactions, this.thread, this.only);
    this.element = make("li", { class: "post" }, this.above, this.face, body, this.more);
    this.element.addEventListener("contextmenu", (event) => {
      // The browser's own menu stays where it is of use.
      if (event.target.closest("a, video, img, pre") || !getSelection()?.isCollapsed) return;
      event.preventDefault();
      context.offers(this);
    });
  }

  update(message) {
    this.message = message;
    const bot = message.from === "bot";
    this.element.dataset.id = message.message_id;
    this.element.classList.add(bot ? "theirs" : "mine");
    this.element.classList.toggle("private", message.only_for !== null);
    this.more.setAttribute("aria-label", word("actions"));
    this.more.title = word("actions");
    this.part("head", [message.name, message.date_ms, tag()], () => {
      this.face.replaceChildren(bot ? make("img", { src: "/icon.svg", alt: "", width: 40, height: 40 }) : [...word("you")][0]);
      const name = make("b", {}, bot ? message.name : word("you"));
      this.head.replaceChildren(name, ...(bot ? [make("span", { class: "app" }, word("app"))] : []), clock(message.date_ms, tag()));
    });
    this.part("above", [message.reply_to, message.command, message.kind, this.context.snippet(message.reply_to)], () => this.origin(message));
    this.part("text", [message.content, message.text, message.edited, message.thinking, message.kind, tag()], () => this.write(message));
    this.part("embeds", message.embeds, () => {
      this.embeds.hidden = message.embeds.length === 0;
      this.embeds.replaceChildren(...message.embeds.map((one) => embed(one, this.context.names)));
    });
    this.part("files", message.files, () => this.files(message.files));
    this.part("keys", message.buttons, () => this.buttons(message.buttons));
    this.part("reactions", message.reactions, () => {
      this.reactions.hidden = message.reactions.length === 0;
      this.reactions.replaceChildren(...message.reactions.map((emoji) => make("span", { class: "reaction" }, emoji, make("i", {}, "1"))));
    });
    this.leads();
    this.part("only", [message.only_for, message.thinking, tag()], () => {
      this.only.hidden = message.only_for === null;
      const dismiss = make("button", { type: "button" }, word("dismiss"));
      dismiss.addEventListener("click", () => this.context.dismiss(message.message_id));
      this.only.replaceChildren(icon("eye"), make("span", {}, word("only-you")), make("span", { "aria-hidden": "true" }, "·"), dismiss);
    });
  }

  /// The way to the message's thread.
  leads() {
    const { thread } = this.message;
    const name = this.context.names(thread);
    this.part("thread", [thread, name], () => {
      this.thread.hidden = !thread || !name;
      this.thread.replaceChildren(icon("thread"), name ?? "");
      this.thread.onclick = () => this.context.go(thread);
    });
  }

  part(name, value, change) {
    part(this.parts, name, value, change);
  }

  /// Writes the words again in another language; a video that plays goes on.
  relabel() {
    this.parts = { files: this.parts.files };
    this.update(this.message);
  }

  /// What the message answers: a command, or another message.
  origin({ reply_to: to, command, kind }) {
    const snippet = this.context.snippet(to);
    const answered = this.context.messages.get(to)?.message;
    this.above.hidden = !command && !snippet && !to;
    if (command) {
      const name = kind === 20 ? `/${command}` : this.context.called(command);
      this.above.replaceChildren(make("b", {}, word("you")), ` ${word("used")} `, make("span", { class: "mention" }, name));
    } else if (to) {
      const quote = make("button", { type: "button", class: "answered" },
        make("b", {}, answered?.from === "bot" ? answered.name : answered ? word("you") : ""), make("span", {}, snippet ?? word("attachment")));
      quote.addEventListener("click", () => this.context.jump(to));
      this.above.replaceChildren(quote);
    }
  }

  write(message) {
    const { content, text, embeds, edited, thinking, kind } = message;
    if (thinking) {
      this.text.hidden = false;
      this.text.replaceChildren(make("span", { class: "thinking" }, make("i"), make("i"), make("i")), ` ${word("bot-thinks", message.name)}`);
      return;
    }
    // Words in components stand with the rest; those of embeds have their cards.
    const words = kind === THREAD_CREATED ? word("thread-opened", content) : kind === THREAD_STARTER ? "" : content || (embeds.length === 0 ? text : "");
    this.text.hidden = !words;
    const parts = markdown(words, this.context.names);
    if (edited && words) {
      const mark = make("span", { class: "edited" }, ` (${word("edited")})`);
      const last = parts.at(-1);
      if (last?.classList?.contains("plain")) last.append(mark);
      else parts.push(mark);
    }
    this.text.replaceChildren(...parts);
  }

  files(files) {
    this.media.hidden = files.length === 0;
    this.media.replaceChildren(...files.map((file) => {
      const { shape, elements } = media(file, `/discord/file/${encodeURIComponent(file.id)}`);
      return make("div", { class: "media", "data-shape": shape }, ...elements);
    }));
  }

  buttons(rows) {
    this.keys.hidden = rows.length === 0;
    this.keys.replaceChildren(...rows.map((row) => make("div", { class: "row" }, ...row.map((button) => this.button(button)))));
  }

  button({ text, custom_id: id, url, disabled, style }) {
    const label = make("span", { dir: "auto" }, text);
    if (url && harmless(url)) {
      return make("a", { class: "key", href: url, target: "_blank", rel: "noopener noreferrer", title: url }, label, icon("out"));
    }
    const key = make("button", { type: "button", class: `key ${STYLES[style] ?? ""}`, disabled: disabled || !id, "data-id": id }, label);
    key.addEventListener("click", () => this.context.press(this.message, id, key));
    return key;
  }

  /// Shows which buttons wait for the bot, and whether the last press came to nothing.
  presses(waiting, failed) {
    for (const key of this.keys.querySelectorAll("button")) {
      if (waiting.includes(key.dataset.id)) key.setAttribute("aria-busy", "true");
      else key.removeAttribute("aria-busy");
    }
    this.failure.hidden = !failed;
    this.failure.textContent = failed ? word("interaction-failed") : "";
  }

  /// Puts the words on the clipboard.
  copies() {
    copy(this.message.content || this.message.text, this.more);
  }
}
