/** A chart's legend: what each line is, and its value under the cursor. */

import { element, setText } from "../dom.js";
import type { Entry, Kind } from "./picture.js";

interface Item {
  readonly node: HTMLLIElement;
  readonly swatch: HTMLElement;
  readonly label: HTMLElement;
  readonly value: HTMLElement;
}

export class Legend {
  readonly list = element("ul", { className: "legend" });
  readonly #items: Item[] = [];
  #entries: readonly Entry[] = [];

  constructor({ id }: Kind) {
    this.list.id = `charts-${id}-legend`;
  }

  show(entries: readonly Entry[]): void {
    this.#entries = entries;
    while (this.#items.length < entries.length) this.#add();
    for (const [place, { node, swatch, label }] of this.#items.entries()) {
      const entry = entries[place];
      node.hidden = entry === undefined;
      if (entry === undefined) continue;
      const look = `swatch ${entry.shape}`;
      if (swatch.className !== look) swatch.className = look;
      const own = `var(--${entry.colour})`;
      if (swatch.style.getPropertyValue("--own") !== own) swatch.style.setProperty("--own", own);
      node.classList.toggle("selected", entry.isSelected === true);
      setText(label, entry.label);
      if (label.title !== entry.label) label.title = entry.label;
    }
  }

  /** The values at a row. */
  tell(row: number): void {
    for (const [place, { text }] of this.#entries.entries()) setText(this.#items[place]!.value, text(row));
  }

  #add(): void {
    const node = element("li");
    const swatch = element("i");
    const label = element("span", { className: "label" });
    const value = element("span", { className: "value" });
    node.append(swatch, label, value);
    this.list.append(node);
    this.#items.push({ node, swatch, label, value });
  }
}
