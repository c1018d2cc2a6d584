/** A strip of large figures, each with what stands beside it. */

import { UNKNOWN } from "../format.js";
import { byId, element, setText } from "./dom.js";

export interface Shown {
  readonly value: string;
  readonly unit: string;
  readonly beside: string;
}

export interface Figure<T> {
  readonly id: string;
  readonly label: string;
  readonly show: (source: T) => Shown;
}

export class FigureStrip<T> {
  readonly #figures: readonly Figure<T>[];
  readonly #nodes: readonly { value: HTMLElement; unit: HTMLElement; beside: HTMLElement }[];

  constructor(figures: readonly Figure<T>[]) {
    this.#figures = figures;
    this.#nodes = figures.map(({ id, label }) => {
      const value = element("output", { className: "value", text: UNKNOWN });
      value.id = `figure-${id}`;
      value.setAttribute("aria-label", label);
      value.setAttribute("aria-live", "off");
      return { value, unit: element("span", { className: "unit" }), beside: element("span", { className: "beside" }) };
    });
    const tiles = this.#nodes.map(({ value, unit, beside }, place) => {
      const tile = element("div", { className: `figure figure-${figures[place]!.id}` });
      const number = element("p", { className: "number" });
      number.append(value, unit);
      tile.append(element("h2", { text: figures[place]!.label }), number, beside);
      return tile;
    });
    byId("figures").append(...tiles);
  }

  show(source: T): void {
    for (const [place, { value, unit, beside }] of this.#nodes.entries()) {
      const shown = this.#figures[place]!.show(source);
      setText(value, shown.value);
      setText(unit, shown.unit);
      setText(beside, shown.beside);
    }
  }
}
