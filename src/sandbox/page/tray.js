// Files that wait to be sent, and their way there: picked, dropped or pasted.

import { icon, make, OURS, sentence, size, toast } from "./kit.js";
import { word } from "./words.js";

/// Files that wait at the same time; an album and a message have ten.
const FILES = 10;

export class Tray {
  /// `root` holds the elements; `changed` is told when there are others; `again` sends one that failed.
  constructor(root, { changed, again }) {
    this.root = root;
    this.list = root.querySelector(".tray");
    this.changed = changed;
    this.again = again;
    this.limit = Infinity;
    this.files = [];
    this.picker = root.querySelector("input[type=file]");
    this.picker.addEventListener("change", () => {
      this.stage(this.picker.files);
      this.picker.value = "";
    });
    places.push({ root, tray: this });
  }

  pick() {
    this.picker.click();
  }

  get staged() {
    return this.files.filter(({ state }) => state === "staged");
  }

  stage(files) {
    for (const file of files) {
      if (file.size > this.limit) toast(`${file.name}: ${sentence("too-large")}`, true);
      else if (file.size === 0) toast(`${file.name}: ${sentence("empty")}`, true);
      else if (this.files.length < FILES) this.files.push({ file, state: "staged", done: 0 });
    }
    this.show();
    this.root.querySelector("textarea").focus();
  }

  /// Sends the bytes of one; resolves to the answer, or to nothing if it was called off. A failure stays in the tray.
  async transfer(one, path, about) {
    if (!this.files.includes(one)) return null;
    one.state = "going";
    this.show();
    try {
      const answer = await put(path, one.file, about, one, (done) => {
        one.done = done;
        one.bar?.style.setProperty("--done", done);
        if (one.percent) one.percent.textContent = percent(done);
      });
      this.drop(one);
      return answer;
    } catch (error) {
      if (error.name === "AbortError") this.drop(one);
      else Object.assign(one, { state: "failed", why: error.message });
      this.show();
      return null;
    }
  }

  drop(one) {
    this.files = this.files.filter((other) => other !== one);
    this.show();
  }

  show() {
    this.list.hidden = this.files.length === 0;
    this.list.replaceChildren(...this.files.map((one) => this.chip(one)));
    this.changed();
  }

  chip(one) {
    const about = { staged: size(one.file.size), waiting: word("waiting"), going: percent(one.done), failed: one.why }[one.state];
    one.percent = make("small", {}, about);
    const going = one.state === "going" || one.state === "waiting";
    const close = make("button", { type: "button", class: "small", title: word(going ? "cancel" : "remove"), "aria-label": `${word(going ? "cancel" : "remove")}: ${one.file.name}` }, icon("close"));
    close.addEventListener("click", () => (one.state === "going" ? one.request?.abort() : this.drop(one)));
    const again = make("button", { type: "button", class: "small", title: word("again"), "aria-label": word("again"), hidden: one.state !== "failed" }, icon("again"));
    again.addEventListener("click", () => this.again(one));
    const video = /^(video|audio)\//.test(one.file.type);
    one.bar = make("li", { class: `chip ${one.state}` },
      icon(video ? "film" : "file"),
      make("span", { class: "name" }, make("b", { dir: "auto" }, one.file.name), one.percent),
      again,
      close);
    one.bar.style.setProperty("--done", one.done);
    if (one.state !== "going") one.percent = null;
    return one.bar;
  }
}

/// What the page is told about a file beside its bytes.
export function about(language, { file, ...more } = {}) {
  const about = new URLSearchParams({ language });
  if (file) about.set("name", file.name);
  if (file?.type) about.set("mime", file.type);
  for (const [name, value] of Object.entries(more)) if (value) about.set(name, String(value));
  return about.toString();
}

/// Sends bytes. Only XMLHttpRequest tells how far an upload is.
export function put(path, body, about, one = {}, progress = () => {}) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    one.request = request;
    request.open("POST", path);
    request.responseType = "json";
    for (const [name, value] of Object.entries({ ...OURS, "x-file": about })) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => (request.status === 200 ? done(request.response) : failed(new Error(sentence(request.response?.error))));
    request.onerror = () => failed(new Error(word("error-lost")));
    request.onabort = () => failed(new DOMException("", "AbortError"));
    request.send(body);
  });
}

const percent = (done) => `${Math.floor(done * 100)} %`;

// Files that come from outside go to the chat that they fall on, or that is written in.

const places = [];

function nearest(target) {
  const shown = places.filter(({ root }) => root.offsetParent !== null);
  return shown.find(({ root }) => root.contains(target)) ?? shown[0];
}

document.addEventListener("paste", (event) => {
  if (!event.clipboardData?.files.length) return;
  event.preventDefault();
  nearest(document.activeElement)?.tray.stage(event.clipboardData.files);
});

/// On the whole window: a file that misses the chats must not replace the page.
function drops() {
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let depth = 0;
  const over = (change, target) => {
    depth = Math.max(0, depth + change);
    const at = depth > 0 ? nearest(target) : null;
    for (const { root } of places) root.querySelector(".drop").hidden = root !== at?.root;
  };
  window.addEventListener("dragenter", (event) => hasFiles(event) && over(1, event.target));
  window.addEventListener("dragleave", (event) => hasFiles(event) && over(-1, event.target));
  window.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(0, event.target);
  });
  window.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(-depth);
    const items = [...(event.dataTransfer.items ?? [])];
    if (items.some((item) => item.webkitGetAsEntry?.()?.isDirectory)) return toast(sentence("folder"), true);
    nearest(event.target)?.tray.stage(event.dataTransfer.files);
  });
}
drops();
