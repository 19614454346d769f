// The page: follows the feed, knows the person's language, and tells its parts what happened.

import { Chat, hints } from "./chat.js";
import { Composer } from "./composer.js";
import { Discord } from "./discord.js";
import { find, get, make, post, toast } from "./kit.js";
import { Log, Scenarios } from "./log.js";
import { speak } from "./words.js";

/// How long until a refused feed is asked for again, in milliseconds.
const AGAIN = 2_000;
const TITLE = document.title;

const languages = find("#language");
let language = "en";
let rings = 0;
let run = null;

const speaker = () => language;
const pane = () => document.body.dataset.pane;

/// Sends a text; resolves to whether it went.
async function say(text) {
  try {
    await post("/say", { language, text });
    return true;
  } catch (error) {
    toast(error.message, true);
    return false;
  }
}

const chat = new Chat({ language: speaker, say, noticed: (message) => noticed("chat", message) });
const composer = new Composer({ language: speaker, say });
const discord = new Discord({ language: speaker, noticed: (message) => noticed("discord", message) });
const log = new Log({ noticed: () => pane() === "log" || (find("#log-news").hidden = false) });
const scenarios = new Scenarios();

// Attention

/// The bot wrote in the chat of this pane.
function noticed(name, message) {
  if (pane() !== name) find(`#${name}-news`).hidden = false;
  if (message.silent || message.only_for) return;
  const bar = find(`#${name} .bar`);
  bar.classList.remove("rings");
  requestAnimationFrame(() => bar.classList.add("rings"));
  if (document.hidden || !document.hasFocus()) {
    rings += 1;
    document.title = `(${rings}) ${TITLE}`;
  }
}

function calm() {
  if (document.hidden) return;
  rings = 0;
  document.title = TITLE;
}
window.addEventListener("focus", calm);
document.addEventListener("visibilitychange", calm);

// Panes of a narrow window

for (const tab of document.querySelectorAll(".tabs button")) {
  tab.addEventListener("click", () => {
    document.body.dataset.pane = tab.dataset.pane;
    for (const other of document.querySelectorAll(".tabs button")) {
      other.setAttribute("aria-pressed", String(other === tab));
    }
    tab.querySelector("i").hidden = true;
    ({ chat, discord, log })[tab.dataset.pane].scroll.toEnd();
  });
}

// Language

function remembered() {
  try {
    return localStorage.getItem("language");
  } catch {
    return null;
  }
}

/// The code among `codes` that is nearest to what the browser asks for.
function nearest(codes) {
  for (const wish of [remembered(), ...navigator.languages].filter(Boolean).map((wish) => wish.toLowerCase())) {
    if (codes.includes(wish)) return wish;
    if (wish.startsWith("zh")) return /tw|hk|mo|hant/.test(wish) ? "zh-hant" : "zh-hans";
    const near = codes.find((code) => code.split("-")[0] === wish.split("-")[0]);
    if (near) return near;
  }
  return "en";
}

function become(code) {
  language = code;
  languages.value = code;
  speak(code);
  hints(say);
  chat.relabel();
  discord.relabel();
  chat.action(doing);
  chat.draft(drafted);
  composer.show();
  composer.learn();
  scenarios.relabel();
}

languages.addEventListener("change", () => {
  become(languages.value);
  try {
    localStorage.setItem("language", language);
  } catch {
    // Then it is forgotten with the window.
  }
});

// The feed

let doing = null;
let drafted = null;

const events = {
  hello: (hello) => {
    if (run !== null && run !== hello.run) {
      chat.clear();
      discord.clear();
      log.clear();
      scenarios.learn();
      composer.learn();
    }
    run = hello.run;
    find("#lost").hidden = true;
  },
  chat: (change) => chat.take(change),
  discord: (change) => discord.take(change),
  places: (places) => discord.around(places),
  commands: ({ commands }) => {
    discord.writer.all = commands;
  },
  action: ({ action }) => {
    doing = action;
    chat.action(action);
  },
  draft: ({ draft }) => {
    drafted = draft;
    chat.draft(draft);
  },
  scenario: ({ playing }) => scenarios.playing(playing),
  journal: (entries) => log.take(entries),
};

function followFeed() {
  const feed = new EventSource("/feed");
  for (const [name, take] of Object.entries(events)) {
    feed.addEventListener(name, (event) => take(JSON.parse(event.data)));
  }
  feed.addEventListener("error", () => {
    find("#lost").hidden = false;
    // It comes back by itself after a break, but not after a refusal.
    if (feed.readyState !== EventSource.CLOSED) return;
    setTimeout(followFeed, AGAIN);
  });
}

const people = await get("/people").catch(() => ({ languages: [{ code: "en", name: "English" }] }));
for (const { tray } of [composer, discord.writer]) tray.limit = people.file_limit ?? tray.limit;
languages.replaceChildren(...people.languages.map(({ code, name }) => make("option", { value: code, lang: code }, name)));
await scenarios.learn();
become(nearest(people.languages.map(({ code }) => code)));
followFeed();
// Where there is no keyboard, the focus would open one over the chat.
if (matchMedia("(pointer: fine)").matches) find("#text").focus({ preventScroll: true });
