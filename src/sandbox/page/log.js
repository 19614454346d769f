// What the emulators saw: one row for each call, with its particulars on demand; and the scenario that is played.

import { find, follow, get, icon, make, post, toast } from "./kit.js";
import { headings, scenario as words, word } from "./words.js";

/// Rows kept for each source, so that a chatty one does not push the others out.
const ROWS = 250;

/// Who sees something.
const SOURCES = ["nemo", "telegram", "discord"];
const none = (make) => Object.fromEntries(SOURCES.map((source) => [source, make()]));

/// Scenarios that hold something up until it is released.
const HELD = ["hang", "left-open", "render-slow", "render-late", "slow-account"];

export class Log {
  constructor({ noticed }) {
    this.noticed = noticed;
    this.rows = find("#rows");
    this.kept = none(() => []);
    this.counts = none(() => 0);
    this.seen = 0;
    this.pill = find("#log-pill");
    this.scroll = follow(find("#rows-scroll"), this.rows, (stuck) => {
      this.pill.hidden = stuck;
    });
    this.pill.addEventListener("click", () => this.scroll.toEnd());
    this.stop = null;
    this.rows.addEventListener("focusin", ({ target }) => target.matches("button.line") && this.stops(target));
    this.rows.addEventListener("keydown", (event) => this.key(event));
    find("#filter").addEventListener("change", (event) => this.filter(event.target.value));
    this.filter(find("#filter input:checked").value);
  }

  filter(source) {
    this.rows.dataset.show = source;
    this.stops(this.lines().at(-1) ?? null);
    this.count();
    this.scroll.toEnd();
  }

  /// The rows in view that tell more.
  lines() {
    const shown = this.rows.dataset.show;
    return [...this.rows.querySelectorAll(shown === "all" ? "button.line" : `.${shown} > button.line`)];
  }

  /// Of all rows one is a stop of the Tab key, the newest until another has the focus; arrows lead on from there.
  stops(line) {
    if (line === this.stop) return;
    if (this.stop) this.stop.tabIndex = -1;
    this.stop = line;
    if (line) line.tabIndex = 0;
  }

  key(event) {
    if (event.target !== this.stop) return;
    const lines = this.lines();
    const at = lines.indexOf(this.stop);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    lines[Math.min(Math.max(to, 0), lines.length - 1)]?.focus();
  }

  take({ entries }) {
    for (const entry of entries) {
      if (entry.number <= this.seen) continue;
      this.seen = entry.number;
      const source = SOURCES.includes(entry.source) ? entry.source : "nemo";
      const row = this.row(entry, source);
      this.rows.append(row);
      this.kept[source].push(row);
      if (this.kept[source].length > ROWS) this.kept[source].shift().remove();
      this.counts[source] += 1;
      const line = row.querySelector("button.line");
      const shown = this.rows.dataset.show;
      const held = document.activeElement === this.stop && this.stop?.isConnected;
      if (line && !held && (shown === "all" || shown === source)) this.stops(line);
    }
    this.count();
    this.noticed();
  }

  count() {
    const all = SOURCES.reduce((sum, source) => sum + this.counts[source], 0);
    for (const [source, count] of Object.entries({ ...this.counts, all })) {
      find(`#filter [value=${source}] + span i`).textContent = count > 0 ? String(count) : "";
    }
    const shown = this.rows.dataset.show;
    find("#quiet").hidden = (shown === "all" ? all : this.counts[shown]) > 0;
  }

  row(entry, source) {
    const tells = entry.data !== null && (typeof entry.data !== "object" || Object.keys(entry.data).length > 0);
    const bad = /refused|breach/.test(entry.kind) || entry.data?.refused === true || entry.data?.status >= 400;
    const line = make(tells ? "button" : "div",
      tells ? { type: "button", class: "line", tabindex: "-1", "aria-expanded": "false" } : { class: "line" },
      make("time", {}, since(entry.at_ms)),
      make("span", { class: "what" },
        make("span", { class: "kind" }, make("span", { class: "unseen" }, `${word(`filter-${source}`)}: `), entry.kind),
        make("span", { class: "said" }, entry.line)),
      tells ? icon("more") : null);
    const row = make("li", { class: `entry ${source} ${bad ? "bad" : ""}` }, line);
    // The particulars become elements when somebody looks at them.
    if (tells) line.addEventListener("click", () => this.open(row, line, entry.data));
    return row;
  }

  open(row, line, data) {
    const open = line.getAttribute("aria-expanded") !== "true";
    line.setAttribute("aria-expanded", String(open));
    this.scroll.hold();
    row.querySelector("pre")?.remove();
    if (open) {
      const text = typeof data === "string" ? data : JSON.stringify(data, null, 2);
      const pre = make("pre", { tabindex: "0" }, text);
      row.append(pre);
      pre.scrollIntoView({ block: "nearest" });
    }
  }

  clear() {
    this.rows.replaceChildren();
    this.kept = none(() => []);
    this.counts = none(() => 0);
    this.seen = 0;
    this.stops(null);
    this.count();
  }
}

/// The menu of scenarios.
export class Scenarios {
  constructor() {
    this.select = find("#scenario");
    this.all = [];
    this.select.addEventListener("change", () => this.play(this.select.value));
    this.release = find("#release");
    this.release.addEventListener("click", () => this.letGo());
  }

  async learn() {
    const { playing, scenarios } = await get("/scenario").catch(() => ({ playing: "", scenarios: [] }));
    this.all = scenarios;
    this.fill();
    this.playing(playing);
  }

  /// The menu under its headings; what stands under none comes last.
  fill() {
    const option = (name) => make("option", { value: name }, name);
    const rest = new Set(this.all.map(({ name }) => name));
    const take = (names) => names.filter((name) => rest.delete(name)).map(option);
    const groups = headings().map(({ label, names }) => make("optgroup", { label }, ...take(names)));
    const chosen = this.select.value;
    this.select.replaceChildren(...groups.filter((group) => group.childElementCount > 0), ...[...rest].map(option));
    this.select.value = chosen;
  }

  playing(name) {
    this.select.value = name;
    this.explain();
  }

  /// Writes the words again in another language.
  relabel() {
    this.fill();
    this.explain();
  }

  explain() {
    const scenario = this.all.find(({ name }) => name === this.select.value);
    this.release.hidden = !HELD.includes(this.select.value);
    find("#scenario-text").textContent = scenario ? (words(scenario.name) ?? scenario.description) : "";
  }

  async letGo() {
    try {
      await post("/release", {});
      toast(word("released"));
    } catch (error) {
      toast(error.message, true);
    }
  }

  async play(name) {
    try {
      this.playing((await post("/scenario", { name })).playing);
      toast(word("playing", name));
    } catch (error) {
      toast(error.message, true);
      this.learn();
    }
  }
}

/// Time since the journal began, such as 1:02.3.
function since(ms) {
  const tenths = Math.floor(ms / 100);
  const seconds = Math.floor(tenths / 10) % 60;
  return `${Math.floor(tenths / 600)}:${String(seconds).padStart(2, "0")}.${tenths % 10}`;
}
