// One message as elements. What the bot writes is text from strangers: it only ever becomes text nodes, and an address
// only becomes a link if its scheme is harmless.

import { copy, icon, make, size } from "./kit.js";
import { tag, word } from "./words.js";

/// Schemes that a link may have.
const SCHEMES = ["http:", "https:", "mailto:", "tg:"];
const PLAIN_LINK = /https?:\/\/[^\s<>"'“”‘’「」『』（）【】，。！？；：、]+/g;
const COMMAND = /(?<![\w/])\/[a-z][a-z0-9_]{0,31}(?![\w/])/g;

function harmless(address) {
  try {
    return SCHEMES.includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

function link(address, ...children) {
  if (!harmless(address)) return make("span", {}, ...children);
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/// Plain text with addresses and commands made live.
function plain(text) {
  const found = [];
  for (const match of text.matchAll(PLAIN_LINK)) {
    const address = match[0].replace(/[.,;:!?)\]}*_]+$/, "");
    found.push({ at: match.index, text: address, make: () => link(address, address) });
  }
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

function pre(text, language) {
  const button = make("button", { type: "button", class: "copy" }, icon("copy"), make("span", {}, word("copy")));
  button.addEventListener("click", () => copy(text, button));
  const head = make("div", { class: "pre-head" }, make("span", { class: "lang" }, language ?? ""), button);
  return make("div", { class: "pre" }, head, make("pre", { tabindex: "0" }, make("code", {}, text)));
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
    this.part("file", message.file, () => this.file(message.file));
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
      const at = new Date(message.date_ms);
      const clock = at.toLocaleTimeString(tag(), { hour: "2-digit", minute: "2-digit" });
      const time = make("time", { datetime: at.toISOString(), title: at.toLocaleString(tag()) }, clock);
      const words = `${message.edited ? `${word("edited")} ` : ""}${clock}`;
      this.bubble.style.setProperty("--time", `${Math.round(14 + 6.4 * widths(words))}px`);
      this.time.replaceChildren(...(message.edited ? [make("span", {}, word("edited")), " "] : []), time);
    });
    this.bubble.classList.toggle("bare", Boolean(message.file) && !message.text && this.media.dataset.shape !== "file");
  }

  part(name, value, change) {
    const now = JSON.stringify(value ?? null);
    if (this.parts[name] === now) return;
    this.parts[name] = now;
    change();
  }

  file(file) {
    this.media.hidden = !file;
    this.media.replaceChildren();
    if (!file) return;
    const source = `/file/${encodeURIComponent(file.id)}`;
    const shape = shapeOf(file);
    this.media.dataset.shape = shape;
    if (shape === "video") {
      const video = make("video", { src: source, controls: true, playsinline: true, preload: "metadata", "aria-label": file.name ?? "" });
      if (file.kind === "animation") Object.assign(video, { muted: true, loop: true });
      fit(video, file.width, file.height);
      video.addEventListener("loadedmetadata", () => fit(video, video.videoWidth, video.videoHeight));
      this.media.append(video);
    } else if (shape === "picture") {
      const picture = make("img", { src: source, alt: file.name ?? "" });
      fit(picture, file.width, file.height);
      picture.addEventListener("load", () => fit(picture, picture.naturalWidth, picture.naturalHeight));
      this.media.append(picture);
    } else if (shape === "audio") {
      this.media.append(make("audio", { src: source, controls: true, preload: "metadata" }));
    }
    if (shape === "file" || shape === "audio") {
      const about = [size(file.size), file.mime].filter(Boolean).join(" · ");
      this.media.append(
        make("a", { class: "file", href: source, download: file.name ?? "", title: word("download") },
          make("span", { class: "sheet" }, icon("file")),
          make("span", {}, make("b", { dir: "auto" }, file.name ?? "file"), make("small", {}, about))),
      );
    }
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

function shapeOf({ kind, mime = "" }) {
  if (["video", "animation", "video_note"].includes(kind)) return "video";
  if (kind === "photo" || kind === "sticker") return "picture";
  if (kind === "audio" || kind === "voice") return "audio";
  return mime?.startsWith("video/") && kind !== "document" ? "video" : "file";
}

/// Gives a picture its shape before its bytes are here, within a bubble and a screen.
function fit(element, width, height) {
  if (!(width > 0 && height > 0)) return;
  const scale = Math.min(440 / width, 420 / height, Math.max(1, 260 / width));
  element.style.aspectRatio = `${width} / ${height}`;
  element.style.width = `${Math.round(width * scale)}px`;
}
