// What the texts of both chats are made of. What the bot writes is text from strangers: it only ever becomes text nodes,
// and an address only becomes a link if its scheme is harmless.

import { copy, icon, make } from "./kit.js";
import { word } from "./words.js";

/// Schemes that a link may have.
const SCHEMES = ["http:", "https:", "mailto:", "tg:"];
/// An address in plain words.
const PLAIN_LINK = /https?:\/\/[^\s<>"'“”‘’「」『』（）【】，。！？；：、]+/g;

/// Where addresses stand in plain words, without the signs that end a sentence.
export function addresses(text) {
  return [...text.matchAll(PLAIN_LINK)].map((match) => ({ at: match.index, text: match[0].replace(/[.,;:!?)\]}*_]+$/, "") }));
}

export function harmless(address) {
  try {
    return SCHEMES.includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

/// A link that says to the browser where it leads, or its words alone.
export function link(address, ...children) {
  if (!harmless(address)) return make("span", {}, ...children);
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/// A block of code with a button that copies it.
export function pre(text, language) {
  const button = make("button", { type: "button", class: "copy" }, icon("copy"), make("span", {}, word("copy")));
  button.addEventListener("click", () => copy(text, button));
  const head = make("div", { class: "pre-head" }, make("span", { class: "lang" }, language ?? ""), button);
  return make("div", { class: "pre" }, head, make("pre", { tabindex: "0" }, make("code", {}, text)));
}
