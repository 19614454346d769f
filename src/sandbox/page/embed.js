// Cards in a message: embeds, and links that unfold.

import { make } from "./kit.js";
import { markdown } from "./markdown.js";
import { harmless, link } from "./text.js";

/// The elements of an embed. Pictures from elsewhere are named and not loaded: nothing leaves this machine.
export function embed({ color, author, title, url, description, fields, image, footer }, names) {
  const card = make("div", { class: "embed" },
    author?.name && make("div", { class: "embed-author" }, author.name),
    title && make("div", { class: "embed-title" }, ...(url ? [link(url, title)] : markdown(title, names))),
    description && make("div", {}, ...markdown(description, names)),
    fields?.length > 0 && make("dl", {}, ...fields.map(({ name, value, inline }) =>
      make("div", { class: inline ? "" : "wide" }, make("dt", {}, ...markdown(name, names)), make("dd", {}, ...markdown(value, names))))),
    image?.url && harmless(image.url) && make("div", {}, link(image.url, image.url)),
    footer?.text && make("small", {}, footer.text));
  if (Number.isInteger(color)) card.style.setProperty("--bar", `#${color.toString(16).padStart(6, "0")}`);
  return card;
}
