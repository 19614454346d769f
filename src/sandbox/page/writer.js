// Where the person writes on Discord: messages with files, answers, corrections, commands, mentions.

import { icon, make, post, toast } from "./kit.js";
import { composes, grow, Menu } from "./menu.js";
import { local, Slash } from "./slash.js";
import { about, put, Tray } from "./tray.js";
import { word } from "./words.js";

/// Types of commands.
const SLASH = 1;
const ON_MESSAGE = 3;
/// Who installed the bot: a server, or a person for themselves.
const SERVER = 0;
const PERSON = 1;
/// Where a command is of use: in a server, in the chat with the bot.
const CONTEXTS = { text: 0, guest: 0, thread: 0, dm: 1 };

export class Writer {
  /// `here` tells the place, `bot` who the bot is, `newest` the person's own latest message here.
  constructor(root, { language, here, bot, newest }) {
    Object.assign(this, { language, here, bot, newest });
    this.all = [];
    this.context = null;
    this.form = root.querySelector(".composer");
    this.text = root.querySelector("textarea");
    this.bar = root.querySelector(".context");
    this.menu = new Menu(root.querySelector(".menu"), this.text);
    this.tray = new Tray(root, { changed: () => this.show(), again: (one) => { one.state = "staged"; this.tray.show(); } });
    this.slash = new Slash(root.querySelector(".slash-bar"), {
      language,
      send: (command, options, files) => this.does({ does: "use", command, options, files }),
      ended: () => {
        this.form.hidden = false;
        this.text.focus();
      },
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("click", (event) => this.act(event.target.closest?.("[data-do]")?.dataset.do));
  }

  act(name) {
    if (name === "attach") this.tray.pick();
    if (name === "sample") this.sample();
    if (name === "menu") this.begins("/");
  }

  begins(text) {
    this.text.value = text;
    this.text.focus();
    this.typed();
  }

  /// Does something here; resolves to whether it was done.
  async does(deed) {
    try {
      await post("/discord", { language: this.language(), channel: this.here().id, ...deed });
      return true;
    } catch (error) {
      toast(error.message, true);
      return false;
    }
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
    if (event.key === "Escape" && this.context) this.forget();
    if (event.key === "ArrowUp" && this.text.value === "" && !this.context) {
      const own = this.newest();
      if (own) {
        event.preventDefault();
        this.edits(own);
      }
    }
  }

  async send() {
    const typed = this.text.value.trim();
    const waiting = this.tray.staged;
    if (!typed && waiting.length === 0) return;
    const text = this.meant(typed);
    const { edits, answers, quiet } = this.context ?? {};
    this.text.value = "";
    this.typed();
    const files = await this.upload(waiting);
    if (files === null) return this.giveBack(typed);
    const deed = edits ? { does: "edit", message: edits.message_id, text } : { does: "say", text, answers: answers?.message_id, quiet, files };
    if (await this.does(deed)) this.forget();
    else this.giveBack(typed);
  }

  giveBack(typed) {
    if (this.text.value !== "") return;
    this.text.value = typed;
    this.typed();
  }

  /// A name that was picked becomes a mention.
  meant(text) {
    const { id, name } = this.bot();
    return text.replaceAll(new RegExp(`(^|\\s)@${name}\\b`, "g"), `$1<@${id}>`);
  }

  // Menus

  suggest() {
    if (this.context?.edits) return this.menu.offer([]);
    const slash = /^\/([a-z0-9_-]*)$/i.exec(this.text.value)?.[1].toLowerCase();
    if (slash !== undefined) {
      const fitting = this.commands(SLASH).filter(({ name }) => name.startsWith(slash));
      return this.menu.offer(fitting.map((command) => ({ element: this.line(command), take: () => this.choose(command) })));
    }
    const { name } = this.bot();
    const at = /(^|\s)@(\w*)$/.exec(this.text.value.slice(0, this.text.selectionStart));
    if (!at || !name.toLowerCase().startsWith(at[2].toLowerCase())) return this.menu.offer([]);
    const element = make("li", {}, make("b", {}, `@${name}`), make("span", {}, word("app")));
    this.menu.offer([{ element, take: () => this.mention(at[2].length + 1) }]);
  }

  line(command) {
    const options = (command.options ?? []).map(({ name }) => make("code", {}, name));
    return make("li", { "data-command": command.name }, make("b", {}, `/${command.name}`), ...options,
      make("span", { dir: "auto" }, local(command, "description", this.language())));
  }

  /// The commands of a kind that can be used here.
  commands(kind) {
    const context = CONTEXTS[this.here().kind];
    const owner = this.here().kind === "guest" ? PERSON : SERVER;
    return this.all.filter(({ type, contexts, integration_types: owners }) =>
      type === kind && (contexts?.includes(context) ?? true) && (context === 1 || (owners ?? [SERVER]).includes(owner)));
  }

  onMessages() {
    return this.commands(ON_MESSAGE).map((command) => ({ name: command.name, label: local(command, "name", this.language()) }));
  }

  choose(command) {
    this.text.value = "";
    this.typed();
    if (!command.options?.length) return this.does({ does: "use", command: command.name });
    this.form.hidden = true;
    this.slash.begin(command);
  }

  mention(typed) {
    const at = this.text.selectionStart;
    const { name } = this.bot();
    this.text.setRangeText(`@${name} `, at - typed, at, "end");
    this.typed();
  }

  // Answers and corrections

  answers(message) {
    this.context = { answers: message, quiet: false };
    this.showContext();
  }

  edits(message) {
    this.context = { edits: message };
    const { id, name } = this.bot();
    this.begins(message.content.replaceAll(`<@${id}>`, `@${name}`));
    this.showContext();
  }

  forget() {
    if (!this.context) return;
    if (this.context.edits) this.text.value = "";
    this.context = null;
    this.typed();
    this.showContext();
  }

  showContext() {
    const { answers, edits, quiet } = this.context ?? {};
    this.bar.hidden = !this.context;
    if (!this.context) return;
    const close = make("button", { type: "button", class: "small", title: word("cancel"), "aria-label": word("cancel") }, icon("close"));
    close.addEventListener("click", () => this.forget());
    const ping = answers && make("button", { type: "button", class: "ping", "aria-pressed": String(!quiet), title: word("ping") }, quiet ? word("ping-off") : word("ping-on"));
    ping?.addEventListener("click", () => {
      this.context.quiet = !quiet;
      this.showContext();
    });
    const name = answers?.from === "bot" ? answers.name : word("you");
    const said = make("span", {}, edits ? word("editing") : word("replying", name));
    this.bar.replaceChildren(...[said, ping, close].filter(Boolean));
    this.text.focus();
  }

  // Files

  /// Sends the bytes of these; resolves to their numbers, or to `null` if one failed.
  async upload(waiting) {
    const numbers = [];
    for (const one of waiting) one.state = "waiting";
    for (const one of waiting) {
      const answer = await this.tray.transfer(one, "/discord/stage", about(this.language(), { file: one.file }));
      if (answer) numbers.push(answer.file);
      else if (one.state === "failed") return null;
    }
    return numbers;
  }

  async sample() {
    if (this.sampling) return;
    this.sampling = true;
    const typed = this.text.value.trim();
    this.text.value = "";
    this.typed();
    try {
      const { file } = await put("/discord/sample", "", about(this.language()));
      const answers = this.context?.answers?.message_id;
      if (await this.does({ does: "say", text: this.meant(typed), answers, files: [file] })) this.forget();
      else this.giveBack(typed);
    } catch (error) {
      toast(error.message, true);
    }
    this.sampling = false;
  }

  show() {
    this.form.classList.toggle("staged", this.tray.staged.length > 0);
    const { kind, title } = this.here();
    this.text.placeholder = kind === "dm" ? word("write-to", `@${this.bot().name}`) : word("write-to", kind === "thread" ? title : `#${title}`);
    this.text.setAttribute("aria-label", this.text.placeholder);
  }
}
