// A slash command with fields for its options.

import { icon, make, toast } from "./kit.js";
import { composes } from "./menu.js";
import { about, put } from "./tray.js";
import { word } from "./words.js";

/// Types of options.
const ATTACHMENT = 11;
/// Discord's names of the languages that the page offers, where they differ.
const LOCALES = { en: "en-US", "zh-hans": "zh-CN", "zh-hant": "zh-TW", es: "es-ES", "pt-br": "pt-BR" };

/// A text of a command in the person's language.
export function local(thing, field, language) {
  return thing[`${field}_localizations`]?.[LOCALES[language] ?? language] ?? thing[field] ?? "";
}

export class Slash {
  /// `send` gets a command's name, its options and the numbers of its files; resolves to whether it went.
  constructor(bar, { language, send, ended }) {
    this.bar = bar;
    this.language = language;
    this.send = send;
    this.ended = ended;
    bar.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || composes(event)) return;
      event.preventDefault();
      this.end();
    });
  }

  get open() {
    return !this.bar.hidden;
  }

  begin(command) {
    this.command = command;
    this.fields = (command.options ?? []).map((option) => this.field(option));
    const close = make("button", { type: "button", class: "small", title: word("cancel"), "aria-label": word("cancel") }, icon("close"));
    close.addEventListener("click", () => this.end());
    const go = make("button", { type: "submit", class: "tool send", title: word("send"), "aria-label": word("send") }, icon("send"));
    this.bar.replaceChildren(
      make("div", { class: "slash-head" }, make("b", {}, `/${command.name}`), make("span", { dir: "auto" }, local(command, "description", this.language())), close),
      make("div", { class: "options" }, ...this.fields.map(({ element }) => element), go),
    );
    this.bar.hidden = false;
    this.bar.querySelector("input, select, .pick")?.focus();
  }

  end() {
    this.bar.hidden = true;
    this.bar.replaceChildren();
    this.command = null;
    this.ended();
  }

  async go() {
    const command = this.command;
    const options = {};
    const files = [];
    this.bar.inert = true;
    try {
      for (const { name, value, file } of this.fields) {
        if (value?.()) options[name] = value();
        if (file?.()) files.push((await file().stage()).file);
      }
      if (await this.send(command.name, options, files)) this.end();
    } catch (error) {
      toast(error.message, true);
    }
    this.bar.inert = false;
  }

  /// An option as a field: a file, one of some choices, or words.
  field(option) {
    const label = make("span", {}, option.name);
    const help = local(option, "description", this.language());
    if (option.type === ATTACHMENT) return this.attachment(option, label, help);
    if (option.choices?.length > 0) {
      const select = make("select", {}, make("option", { value: "" }, "—"),
        ...option.choices.map(({ name, value }) => make("option", { value }, name)));
      return { name: option.name, value: () => select.value, element: make("label", { class: "option", title: help }, label, select) };
    }
    const input = make("input", { type: "text", maxlength: option.max_length ?? 6000, placeholder: help, dir: "auto", autocomplete: "off" });
    return { name: option.name, value: () => input.value.trim(), element: make("label", { class: "option", title: help }, label, input) };
  }

  attachment(option, label, help) {
    let chosen = null;
    const video = option.file_types?.includes("video");
    const picker = make("input", { type: "file", hidden: true, accept: video ? "video/*" : null });
    const pick = make("button", { type: "button", class: "pick" }, help);
    const choose = (name, stage) => {
      chosen = { stage };
      pick.textContent = name;
      pick.classList.add("chosen");
    };
    pick.addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      const file = picker.files[0];
      if (file) choose(file.name, () => put("/discord/stage", file, about(this.language(), { file })));
    });
    const sample = make("button", { type: "button", class: "small", title: word("sample"), "aria-label": word("sample") }, icon("film"));
    sample.addEventListener("click", () => choose("sample.mp4", () => put("/discord/sample", "", about(this.language()))));
    const element = make("div", { class: "option", title: help }, label, pick, sample, picker);
    return { name: option.name, file: () => chosen, element };
  }
}
