// The menu of a message: what the person can do with it.

import { make } from "./kit.js";

let open = null;

/// Opens a menu at a button: actions of a `label`, what each does, and a `note` before those of a group of their own.
/// Escape, a click elsewhere or another menu closes it.
export function actions(button, items) {
  const again = open?.button === button;
  close();
  if (again) return;
  const list = make("ul", { class: "actions", role: "menu" });
  for (const { label, note, act } of items) {
    const item = make("button", { type: "button", role: "menuitem", tabindex: "-1" }, make("span", { dir: "auto" }, label), note && make("small", {}, note));
    item.addEventListener("click", () => {
      close();
      act();
    });
    list.append(make("li", { role: "none" }, item));
  }
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    }
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
      button.focus();
    }
  });
  button.setAttribute("aria-expanded", "true");
  button.after(list);
  open = { button, list };
  // Upwards where there is no room below.
  const box = button.closest(".scroll")?.getBoundingClientRect();
  list.classList.toggle("up", Boolean(box) && list.getBoundingClientRect().bottom > box.bottom);
  list.querySelector("button")?.focus({ preventScroll: true });
}

function close() {
  open?.list.remove();
  open?.button.setAttribute("aria-expanded", "false");
  open = null;
}

document.addEventListener("mousedown", ({ target }) => {
  if (open && !open.list.contains(target) && !open.button.contains(target)) close();
});
