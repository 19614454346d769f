// Small things that every part of the page uses.

import { word } from "./words.js";

export const find = (selector) => document.querySelector(selector);

/// Makes an element. Text only ever becomes a text node, so no message can turn into markup.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/// The header by which the page knows its own script.
export const OURS = { "x-nemo-sandbox": "1" };

/// Posts JSON. Throws an Error whose message is a sentence for people.
export async function post(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { ...OURS, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error(word("error-lost"));
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(sentence(answer.error));
  return answer;
}

/// The sentence for a refusal of the page.
export function sentence(refusal) {
  return word(`error-${refusal}`) ?? word("error-other");
}

export async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(word("error-other"));
  return response.json();
}

/// A number of bytes as people write it.
export function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} KB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/// Says something for a moment, in a corner.
export function toast(text, bad = false) {
  const note = make("p", { class: bad ? "bad" : "" }, text);
  const toasts = find("#toasts");
  toasts.append(note);
  while (toasts.childElementCount > 3) toasts.firstElementChild.remove();
  setTimeout(() => note.remove(), Math.min(12_000, 2_500 + text.length * 60));
}

/// Puts a text on the clipboard and says so on the button.
export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without permission, or where the page was opened by a plain address.
    const field = make("textarea", { class: "unseen", readonly: true });
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    button.focus();
    if (!copied) return toast(word("error-copy"), true);
  }
  const label = button.querySelector("span");
  const sign = button.querySelector("use");
  const before = button.dataset.label ?? label?.textContent;
  button.dataset.label = before ?? "";
  button.dataset.sign ??= sign?.getAttribute("href") ?? "";
  button.classList.add("copied");
  if (label) label.textContent = word("copied");
  sign?.setAttribute("href", "#i-done");
  clearTimeout(Number(button.dataset.timer));
  button.dataset.timer = setTimeout(() => {
    button.classList.remove("copied");
    if (label) label.textContent = before;
    sign?.setAttribute("href", button.dataset.sign);
  }, 1_600);
}

/// Keeps a scrolling box at its end while the reader is there, and never otherwise.
export function follow(box, content, onChange) {
  let stuck = true;
  const NEAR = 60;
  const toEnd = () => {
    box.scrollTop = box.scrollHeight;
  };
  let last = 0;
  box.addEventListener("scroll", () => {
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    // Far from the end without having moved up: the content grew, and the watcher will catch up.
    const now = near || (stuck && box.scrollTop >= last);
    last = box.scrollTop;
    if (now !== stuck) {
      stuck = now;
      onChange(stuck);
    }
  }, { passive: true });
  // A video that learns its size, a text that grows, a keyboard that opens.
  const watcher = new ResizeObserver(() => stuck && toEnd());
  watcher.observe(content);
  watcher.observe(box);
  return {
    get stuck() {
      return stuck;
    },
    /// The reader looks at something: what grows now must not move it away.
    hold() {
      stuck = false;
      requestAnimationFrame(() => box.dispatchEvent(new Event("scroll")));
    },
    toEnd() {
      stuck = true;
      toEnd();
      onChange(true);
    },
  };
}
