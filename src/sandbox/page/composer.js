// Where the person writes: text, commands, files with a caption.

import { find, get, icon, make, OURS, sentence, size, toast } from "./kit.js";
import { word } from "./words.js";

/// Files that wait to be sent at the same time; a chat's album has ten.
const FILES = 10;

export class Composer {
  constructor({ language, say }) {
    this.language = language;
    this.say = say;
    this.limit = Infinity;
    this.files = [];
    this.commands = [];
    this.chosen = -1;
    this.form = find("#composer");
    this.text = find("#text");
    this.menu = find("#menu");
    this.picker = find("#picker");

    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.picker.addEventListener("change", () => {
      this.stage(this.picker.files);
      this.picker.value = "";
    });
    document.addEventListener("click", (event) => this.act(event.target.closest?.("[data-do]")?.dataset.do));
    document.addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      this.stage(event.clipboardData.files);
    });
    this.drops();
    this.show();
  }

  act(name) {
    if (name === "attach") this.picker.click();
    if (name === "sample") this.sample();
    if (name === "menu") {
      this.text.value = "/";
      this.text.focus();
      this.typed();
    }
  }

  async learn() {
    this.commands = await get(`/menu?language=${encodeURIComponent(this.language())}`).catch(() => []);
  }

  // Text

  typed() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 160)}px`;
    this.form.classList.toggle("written", this.text.value.trim() !== "");
    this.suggest();
  }

  key(event) {
    // While an input method composes, Enter belongs to it.
    if (event.isComposing || event.keyCode === 229) return;
    if (!this.menu.hidden) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        return this.choose((this.chosen + step + this.menu.childElementCount) % this.menu.childElementCount);
      }
      if (event.key === "Escape") {
        event.preventDefault();
        return this.close();
      }
      if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
        const command = this.menu.children[this.chosen]?.dataset.command;
        if (command) {
          event.preventDefault();
          return this.command(command);
        }
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  async send() {
    const text = this.text.value.trim();
    const waiting = this.files.filter((file) => file.state === "staged");
    if (!text && waiting.length === 0) return;
    this.text.value = "";
    this.typed();
    if (waiting.length > 0) return this.upload(waiting, text);
    if (!(await this.say(text)) && this.text.value === "") {
      this.text.value = text;
      this.typed();
    }
  }

  // The command menu

  suggest() {
    const typed = /^\/([a-z0-9_]*)$/i.exec(this.text.value)?.[1].toLowerCase();
    const fitting = typed === undefined ? [] : this.commands.filter(({ command }) => command.startsWith(typed));
    this.menu.replaceChildren(
      ...fitting.map(({ command, description }, index) => {
        const option = make("li", { role: "option", id: `command-${index}`, "data-command": command },
          make("b", {}, `/${command}`), make("span", { dir: "auto" }, description));
        // Before the field loses its focus.
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          this.command(command);
        });
        return option;
      }),
    );
    this.menu.hidden = fitting.length === 0;
    this.choose(fitting.length > 0 ? 0 : -1);
  }

  choose(index) {
    this.chosen = index;
    [...this.menu.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.menu.children[index];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.text.setAttribute("aria-activedescendant", option.id);
    else this.text.removeAttribute("aria-activedescendant");
  }

  command(command) {
    this.text.value = "";
    this.typed();
    this.say(`/${command}`);
  }

  close() {
    this.menu.hidden = true;
    this.choose(-1);
  }

  // Files

  stage(files) {
    for (const file of files) {
      if (file.size > this.limit) toast(`${file.name}: ${sentence("too-large")}`, true);
      else if (file.size === 0) toast(`${file.name}: ${sentence("empty")}`, true);
      else if (this.files.length < FILES) this.files.push({ file, state: "staged", done: 0 });
    }
    this.show();
    this.text.focus();
  }

  drops() {
    const drop = find("#drop");
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    let depth = 0;
    const over = (change) => {
      depth = Math.max(0, depth + change);
      drop.hidden = depth === 0;
    };
    // On the whole window: a file that misses the chat must not replace the page.
    window.addEventListener("dragenter", (event) => hasFiles(event) && over(1));
    window.addEventListener("dragleave", (event) => hasFiles(event) && over(-1));
    window.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    window.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      over(-depth);
      const items = [...(event.dataTransfer.items ?? [])];
      if (items.some((item) => item.webkitGetAsEntry?.()?.isDirectory)) return toast(sentence("folder"), true);
      this.stage(event.dataTransfer.files);
    });
  }

  /// One after the other, so that they arrive in order; the caption goes with the first.
  async upload(waiting, caption) {
    const asFile = find("#as-file input").checked;
    waiting.forEach((one, index) => Object.assign(one, { state: "waiting", caption: index === 0 ? caption : "", asFile }));
    this.show();
    for (const one of waiting) await this.transfer(one);
  }

  async transfer(one) {
    if (!this.files.includes(one)) return;
    one.state = "going";
    this.show();
    try {
      await this.put("/file", one.file, this.about(one), one);
      this.drop(one);
    } catch (error) {
      if (error.name === "AbortError") return this.drop(one);
      Object.assign(one, { state: "failed", why: error.message });
      this.show();
    }
  }

  async sample() {
    if (this.sampling) return;
    this.sampling = true;
    const caption = this.text.value.trim();
    this.text.value = "";
    this.typed();
    await this.put("/sample", "", this.about({ caption }), {}).catch((error) => toast(error.message, true));
    this.sampling = false;
  }

  about({ file, caption, asFile }) {
    const about = new URLSearchParams({ language: this.language() });
    if (file) about.set("name", file.name);
    if (file?.type) about.set("mime", file.type);
    if (caption) about.set("caption", caption);
    if (asFile) about.set("as_file", "true");
    return about.toString();
  }

  /// Only XMLHttpRequest tells how far an upload is.
  put(path, body, about, one) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      one.request = request;
      request.open("POST", path);
      request.responseType = "json";
      for (const [name, value] of Object.entries({ ...OURS, "x-file": about })) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => {
        one.done = total > 0 ? loaded / total : 0;
        one.bar?.style.setProperty("--done", one.done);
        if (one.percent) one.percent.textContent = percent(one.done);
      };
      request.onload = () => (request.status === 200 ? done() : failed(new Error(sentence(request.response?.error))));
      request.onerror = () => failed(new Error(word("error-lost")));
      request.onabort = () => failed(new DOMException("", "AbortError"));
      request.send(body);
    });
  }

  drop(one) {
    this.files = this.files.filter((other) => other !== one);
    this.show();
  }

  show() {
    const tray = find("#tray");
    tray.hidden = this.files.length === 0;
    tray.replaceChildren(...this.files.map((one) => this.chip(one)));
    const staged = this.files.some(({ state }) => state === "staged");
    find("#as-file").hidden = !staged;
    this.form.classList.toggle("staged", staged);
    this.text.placeholder = word(staged ? "caption" : "write");
    this.text.maxLength = staged ? 1024 : 4096;
  }

  chip(one) {
    const about = { staged: size(one.file.size), waiting: word("waiting"), going: percent(one.done), failed: one.why }[one.state];
    one.percent = make("small", {}, about);
    const going = one.state === "going" || one.state === "waiting";
    const close = make("button", { type: "button", class: "small", title: word(going ? "cancel" : "remove"), "aria-label": `${word(going ? "cancel" : "remove")}: ${one.file.name}` }, icon("close"));
    close.addEventListener("click", () => (one.state === "going" ? one.request?.abort() : this.drop(one)));
    const again = make("button", { type: "button", class: "small", title: word("again"), "aria-label": word("again"), hidden: one.state !== "failed" }, icon("again"));
    again.addEventListener("click", () => this.transfer(one));
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

const percent = (done) => `${Math.floor(done * 100)} %`;
