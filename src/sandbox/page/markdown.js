// Discord's Markdown as elements. It is text from strangers: what is not understood stays text.

import { make } from "./kit.js";
import { addresses, link, pre } from "./text.js";
import { word } from "./words.js";

/// A block of code, whole or not closed yet.
const FENCE = /```(?:([\w+#.-]*)\n)?([\s\S]*?)(?:```|$)/g;
const INLINE = new RegExp([
  /\\(?<escaped>[^0-9A-Za-z\s])/,
  /(?<tick>`+)(?<code>[^`](?:[\s\S]*?[^`])?)\k<tick>(?!`)/,
  /\[(?<words>(?:\\.|[^\]\\\n])+)\]\(<?(?<to>https?:\/\/[^\s)>]+)>?\)/,
  /<(?<bare>https?:\/\/[^\s>]+)>/,
  /<@!?(?<user>\d+)>/,
  /<#(?<place>\d+)>/,
  /<t:(?<stamp>\d+)(?::\w)?>/,
  /(?<sign>\*\*\*|\*\*|__|~~|\|\||\*|_)(?=\S)(?<inside>(?:\\.|(?!\k<sign>)[\s\S])+?)\k<sign>/,
].map((part) => part.source).join("|"), "g");
const TAGS = { "**": "strong", "*": "em", _: "em", __: "u", "~~": "s" };
const STAMP_LIMIT = 8.64e12;

/// The elements of a text. `names` tells the name of a user or a place by its id.
export function markdown(text, names) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(FENCE)) {
    parts.push(...blocks(text.slice(at, match.index), names), pre((match[2] ?? "").replace(/\n$/, ""), match[1]));
    at = match.index + match[0].length;
    if (text[at] === "\n") at += 1;
  }
  parts.push(...blocks(text.slice(at), names));
  return parts;
}

/// Lines: headings, quotes, lists and small print are blocks of their own, the rest is plain.
function blocks(text, names) {
  const parts = [];
  let plain = [];
  let quoted = [];
  const flush = () => {
    // The line ends around a block are what makes it one; shown too, they would be empty lines.
    const whole = plain.join("\n").replace(parts.length > 0 ? /^\n|\n$/g : /\n$/g, "");
    if (whole.trim() !== "") parts.push(make("div", { class: "plain" }, ...inline(whole, names)));
    if (quoted.length > 0) parts.push(make("blockquote", {}, ...blocks(quoted.join("\n"), names)));
    plain = [];
    quoted = [];
  };
  let rest = false;
  for (const line of text.split("\n")) {
    const quote = rest ? line : (/^>>> (.*)$/.exec(line) ?? /^> ?(.*)$/.exec(line))?.[1];
    if (quote !== undefined && !(quoted.length === 0 && line === ">")) {
      if (plain.length > 0) flush();
      rest ||= line.startsWith(">>> ");
      quoted.push(quote);
      continue;
    }
    if (quoted.length > 0) flush();
    const heading = /^(#{1,3}) +(.+)$/.exec(line);
    const small = /^-# +(.+)$/.exec(line);
    const item = /^( *)([-*]|\d+\.) +(.+)$/.exec(line);
    if (!heading && !small && !item) {
      plain.push(line);
      continue;
    }
    flush();
    if (heading) parts.push(make("div", { class: `head head-${heading[1].length}`, role: "heading", "aria-level": String(heading[1].length + 2) }, ...inline(heading[2], names)));
    if (small) parts.push(make("div", { class: "subtext" }, ...inline(small[1], names)));
    if (item) {
      const sign = /\d/.test(item[2]) ? item[2] : "•";
      parts.push(make("div", { class: `item ${item[1].length > 1 ? "deep" : ""}` }, make("span", { class: "sign" }, sign), make("div", {}, ...inline(item[3], names))));
    }
  }
  flush();
  return parts;
}

function inline(text, names) {
  const parts = [];
  let at = 0;
  INLINE.lastIndex = 0;
  for (let match = INLINE.exec(text); match; match = INLINE.exec(text)) {
    const { sign, escaped } = match.groups;
    // An underscore within a word is a letter.
    if (sign?.startsWith("_") && (/\w/.test(text[match.index - 1] ?? "") || /\w/.test(text[match.index + match[0].length] ?? ""))) {
      INLINE.lastIndex = match.index + sign.length;
      continue;
    }
    const next = match.index + match[0].length;
    parts.push(...live(text.slice(at, match.index)), escaped ?? wrap(match.groups, match[0], names));
    at = next;
    INLINE.lastIndex = next;
  }
  parts.push(...live(text.slice(at)));
  return parts;
}

function wrap({ code, words, to, bare, user, place, stamp, sign, inside }, whole, names) {
  if (code !== undefined) return make("code", {}, code);
  if (to) return link(to, ...inline(words, names));
  if (bare) return link(bare, bare);
  if (user) return make("span", { class: "mention" }, `@${names(user) ?? user}`);
  if (place) return make("button", { type: "button", class: "mention", "data-go": place }, `#${names(place) ?? place}`);
  if (stamp) return Number(stamp) < STAMP_LIMIT ? new Date(Number(stamp) * 1000).toLocaleString() : whole;
  if (sign === "||") return spoiler(inline(inside, names));
  if (sign === "***") return make("strong", {}, make("em", {}, ...inline(inside, names)));
  return make(TAGS[sign], {}, ...inline(inside, names));
}

function spoiler(parts) {
  const button = make("button", { type: "button", class: "spoiler", title: word("spoiler") }, make("span", {}, ...parts));
  button.addEventListener("click", () => button.classList.add("open"));
  return button;
}

/// Plain words with their addresses made live.
function live(text) {
  const parts = [];
  let at = 0;
  for (const address of addresses(text)) {
    parts.push(text.slice(at, address.at), link(address.text, address.text));
    at = address.at + address.text.length;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}
