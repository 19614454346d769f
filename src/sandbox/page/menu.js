// What can be chosen below or above a field, by keys and by touch: commands, names.

/// A list box that belongs to a text field.
export class Menu {
  constructor(list, field) {
    this.list = list;
    this.field = field;
    this.options = [];
    this.chosen = -1;
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  get open() {
    return !this.list.hidden;
  }

  /// Offers these: elements `li`, and what choosing each does.
  offer(options) {
    this.options = options;
    options.forEach(({ element, take }, index) => {
      element.id = `${this.list.id}-${index}`;
      element.setAttribute("role", "option");
      // Before the field loses its focus.
      element.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take();
      });
    });
    this.list.replaceChildren(...options.map(({ element }) => element));
    this.list.hidden = options.length === 0;
    this.choose(options.length > 0 ? 0 : -1);
  }

  choose(index) {
    this.chosen = index;
    this.options.forEach(({ element }, at) => element.setAttribute("aria-selected", String(at === index)));
    const element = this.options[index]?.element;
    element?.scrollIntoView({ block: "nearest" });
    if (element) this.field.setAttribute("aria-activedescendant", element.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list.hidden = true;
    this.choose(-1);
  }

  /// Whether a key was for the menu.
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.choose((this.chosen + step + this.options.length) % this.options.length);
      return true;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
      return true;
    }
    const takes = event.key === "Tab" || (event.key === "Enter" && !event.shiftKey);
    if (!takes || this.chosen < 0) return false;
    event.preventDefault();
    this.options[this.chosen].take();
    return true;
  }
}

/// Whether an input method composes: then keys belong to it.
export const composes = (event) => event.isComposing || event.keyCode === 229;

/// Makes a field as high as its text.
export function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
}
