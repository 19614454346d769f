// Where the person writes on Telegram: text, commands, files with a caption.

import { find, get, make, toast } from "./kit.js";
import { composes, grow, Menu } from "./menu.js";
import { about, put, Tray } from "./tray.js";
import { word } from "./words.js";

export class Composer {
  constructor({ language, say }) {
    this.language = language;
    this.say = say;
    this.commands = [];
    this.form = find("#composer");
    this.text = find("#text");
    this.menu = new Menu(find("#menu"), this.text);
    this.tray = new Tray(find("#chat"), { changed: () => this.show(), again: (one) => this.transfer(one) });

    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    find("#chat").addEventListener("click", (event) => this.act(event.target.closest?.("[data-do]")?.dataset.do));
  }

  act(name) {
    if (name === "attach") this.tray.pick();
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
    grow(this.text);
    this.form.classList.toggle("written", this.text.value.trim() !== "");
    this.suggest();
  }

  key(event) {
    if (composes(event) || this.menu.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  async send() {
    const text = this.text.value.trim();
    const waiting = this.tray.staged;
    if (!text && waiting.length === 0) return;
    this.text.value = "";
    this.typed();
    if (waiting.length > 0) return this.upload(waiting, text);
    if (!(await this.say(text)) && this.text.value === "") {
      this.text.value = text;
      this.typed();
    }
  }

  suggest() {
    const typed = /^\/([a-z0-9_]*)$/i.exec(this.text.value)?.[1].toLowerCase();
    const fitting = typed === undefined ? [] : this.commands.filter(({ command }) => command.startsWith(typed));
    this.menu.offer(fitting.map(({ command, description }) => ({
      element: make("li", { "data-command": command }, make("b", {}, `/${command}`), make("span", { dir: "auto" }, description)),
      take: () => this.command(command),
    })));
  }

  command(command) {
    this.text.value = "";
    this.typed();
    this.say(`/${command}`);
  }

  // Files

  /// One after the other, so that they arrive in order; the caption goes with the first.
  async upload(waiting, caption) {
    const asFile = find("#as-file input").checked;
    waiting.forEach((one, index) => Object.assign(one, { state: "waiting", caption: index === 0 ? caption : "", asFile }));
    this.tray.show();
    for (const one of waiting) await this.transfer(one);
  }

  transfer(one) {
    const { file, caption, asFile } = one;
    return this.tray.transfer(one, "/file", about(this.language(), { file, caption, as_file: asFile }));
  }

  async sample() {
    if (this.sampling) return;
    this.sampling = true;
    const caption = this.text.value.trim();
    this.text.value = "";
    this.typed();
    await put("/sample", "", about(this.language(), { caption })).catch((error) => toast(error.message, true));
    this.sampling = false;
  }

  show() {
    const staged = this.tray.staged.length > 0;
    find("#as-file").hidden = !staged;
    this.form.classList.toggle("staged", staged);
    this.text.placeholder = word(staged ? "caption" : "write");
    this.text.maxLength = staged ? 1024 : 4096;
  }
}
