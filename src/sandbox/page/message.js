// One message on Telegram as elements.

import { copy, icon, make } from "./kit.js";
import { media } from "./media.js";
import { clock, part } from "./messages.js";
import { addresses, harmless, link, pre } from "./text.js";
import { tag, word } from "./words.js";

const COMMAND = /(?<![\w/])\/[a-z][a-z0-9_]{0,31}(?![\w/])/g;

/// Plain text with addresses and commands made live.
function plain(text) {
  const found = [];
  for (const address of addresses(text)) found.push({ ...address, make: () => link(address.text, address.text) });
  for (const match of text.matchAll(COMMAND)) {
    found.push({ at: match.index, text: match[0], make: () => command(match[0]) });
  }
  found.sort((one, other) => one.at - other.at);
  const parts = [];
  let at = 0;
  for (const one of found) {
    if (one.at < at) continue;
    parts.push(text.slice(at, one.at), one.make());
    at = one.at + one.text.length;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}

function command(text) {
  return make("button", { type: "button", class: "command", "data-say": text }, text);
}

/// Text with entities. Offsets count UTF-16 units, as strings here do. An entity that sticks out of the one around it
/// is cut there, so wrong ones cannot break the rest.
export function rich(text, entities = []) {
  const sorted = entities
    .filter((entity) => entity.length > 0 && entity.offset < text.length)
    .sort((one, other) => one.offset - other.offset || other.length - one.length);
  let next = 0;
  const span = (from, to, live) => {
    const parts = [];
    let at = from;
    let block = false;
    while (next < sorted.length && sorted[next].offset < to) {
      const entity = sorted[next];
      next += 1;
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (end <= start) continue;
      const nextBlock = BLOCKS.includes(entity.type);
      parts.push(...piece(at, start, live, block, nextBlock));
      const still = live && !["code", "pre", "text_link", "url"].includes(entity.type);
      parts.push(wrap(entity, text.slice(start, end), span(start, end, still)));
      at = end;
      block = nextBlock;
    }
    parts.push(...piece(at, to, live, block, false));
    return parts;
  };
  // The line ends around a block are what makes it one; shown too, they would be empty lines.
  const piece = (first, last, live, afterBlock, beforeBlock) => {
    const from = afterBlock && text[first] === "\n" ? first + 1 : first;
    const to = beforeBlock && last > from && text[last - 1] === "\n" ? last - 1 : last;
    if (from >= to) return [];
    return live ? plain(text.slice(from, to)) : [text.slice(from, to)];
  };
  return span(0, text.length, true);
}

const BLOCKS = ["pre", "blockquote", "expandable_blockquote"];
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote" };

function wrap(entity, text, children) {
  if (entity.type === "pre") return pre(text, entity.language);
  if (entity.type === "text_link") return link(entity.url, ...children);
  if (entity.type === "url") return link(text.includes("://") ? text : `https://${text}`, ...children);
  if (entity.type === "email") return link(`mailto:${text}`, ...children);
  if (entity.type === "bot_command") return command(text);
  if (entity.type === "expandable_blockquote") return folded(children);
  if (TAGS[entity.type]) return make(TAGS[entity.type], {}, ...children);
  return make("span", { class: `entity ${entity.type}` }, ...children);
}

function folded(children) {
  const quote = make("blockquote", { class: "folded" }, make("div", {}, ...children));
  const button = make("button", { type: "button", class: "unfold", "aria-expanded": "false" }, word("more"));
  button.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = word(open ? "less" : "more");
  });
  quote.append(button);
  return quote;
}

/// The elements of a message. `update` changes only what changed, so a video that plays goes on playing.
export class Message {
  constructor(context) {
    this.context = context;
    this.parts = {};
    this.quote = make("button", { type: "button", class: "quote", hidden: true });
    this.media = make("div", { class: "media", hidden: true });
    this.text = make("div", { class: "text", dir: "auto", hidden: true });
    this.time = make("span", { class: "time" });
    this.bubble = make("div", { class: "bubble" }, this.quote, this.media, this.text, this.time);
    this.keys = make("div", { class: "keys", hidden: true });
    this.reaction = make("span", { class: "reaction", hidden: true });
    this.element = make("li", { class: "message" }, make("div", { class: "stack" }, this.bubble, this.keys, this.reaction));
  }

  update(message) {
    this.message = message;
    this.element.classList.add(message.from === "user" ? "mine" : "theirs");
    this.element.dataset.id = message.message_id;
    this.part("text", [message.text, message.entities], () => {
      this.text.hidden = !message.text;
      this.text.replaceChildren(...rich(message.text ?? "", message.entities));
    });
    this.part("file", message.file, () => this.file(message.file, message.text || undefined));
    this.part("keys", message.buttons, () => this.buttons(message.buttons ?? []));
    this.part("quote", message.reply_to, () => {
      const to = this.context.snippet(message.reply_to);
      this.quote.hidden = !to;
      this.quote.textContent = to ?? "";
      this.quote.onclick = () => this.context.jump(message.reply_to);
    });
    this.part("reaction", message.reaction, () => {
      this.reaction.hidden = !message.reaction;
      this.reaction.textContent = message.reaction ?? "";
    });
    this.part("time", [message.date_ms, message.edited, tag()], () => {
      const time = clock(message.date_ms, tag());
      const words = `${message.edited ? `${word("edited")} ` : ""}${time.textContent}`;
      this.bubble.style.setProperty("--time", `${Math.round(14 + 6.4 * widths(words))}px`);
      this.time.replaceChildren(...(message.edited ? [make("span", {}, word("edited")), " "] : []), time);
    });
    this.bubble.classList.toggle("bare", Boolean(message.file) && !message.text && this.media.dataset.shape !== "file");
  }

  part(name, value, change) {
    part(this.parts, name, value, change);
  }

  /// Writes the words again in another language; a video that plays goes on.
  relabel() {
    this.parts = { file: this.parts.file };
    this.update(this.message);
  }

  /// A picture has no words of its own on Telegram but those below it.
  file(file, alt) {
    this.media.hidden = !file;
    this.media.replaceChildren();
    if (!file) return;
    const { shape, elements } = media({ ...file, alt }, `/file/${encodeURIComponent(file.id)}`);
    this.media.dataset.shape = shape;
    this.media.append(...elements);
  }

  buttons(rows) {
    this.keys.hidden = rows.length === 0;
    this.keys.replaceChildren(
      ...rows.map((row) => make("div", { class: "row" }, ...row.map((button) => this.button(button)))),
    );
  }

  button({ text, kind, value, style }) {
    const look = `key ${["primary", "success", "danger"].includes(style) ? style : ""}`;
    if (kind === "url" && harmless(value)) {
      return make("a", { class: look, href: value, target: "_blank", rel: "noopener noreferrer", title: value }, make("span", { dir: "auto" }, text), icon("out"));
    }
    const key = make("button", { type: "button", class: look }, make("span", { dir: "auto" }, text));
    if (kind === "copy") {
      key.append(icon("copy"));
      key.addEventListener("click", () => copy(value, key));
    } else if (kind === "callback") {
      key.addEventListener("click", () => this.context.press(this.message, value, key));
    } else {
      key.disabled = true;
    }
    return key;
  }
}

/// About how wide a short text is, in widths of a Latin letter.
function widths(text) {
  return [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
}
