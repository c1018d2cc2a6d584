/** The figures of the moment, in a strip. */

import type { Session } from "../../app/session.js";
import { UNKNOWN } from "../../format.js";
import { figuresOf, LABELS, MEANINGS, type Figure, type FigureName } from "../../model/figures.js";
import { byId, element, setText } from "../dom.js";

interface Tile {
  readonly node: HTMLElement;
  readonly value: HTMLElement;
  readonly unit: HTMLElement;
  readonly beside: HTMLElement;
}

export class FiguresView {
  readonly #root = byId("figures");
  readonly #tiles = new Map<FigureName, Tile>();

  constructor(session: Session) {
    const list = element("dl");
    for (const [name, label] of Object.entries(LABELS) as [FigureName, string][]) {
      const tile = tileOf(name, label);
      this.#tiles.set(name, tile);
      list.append(tile.node);
    }
    this.#root.append(list);
    session.on("begin", () => {
      for (const tile of this.#tiles.values()) show(tile, { value: UNKNOWN, unit: "", beside: "no snapshot yet" });
    });
    session.on("moment", (moment) => {
      for (const [name, figure] of Object.entries(figuresOf(moment, session.history)) as [FigureName, Figure][]) show(this.#tiles.get(name)!, figure);
      this.#root.dataset["time"] = String(moment.time);
    });
  }
}

function tileOf(name: FigureName, label: string): Tile {
  const node = element("div", { className: "figure" });
  node.id = `figures-${name}`;
  node.title = MEANINGS[name];
  const number = element("dd", { className: "number" });
  const value = element("span", { className: "value", text: UNKNOWN });
  const unit = element("span", { className: "unit" });
  number.append(value, unit);
  const beside = element("dd", { className: "beside" });
  node.append(element("dt", { text: label }), number, beside);
  return { node, value, unit, beside };
}

function show({ node, value, unit, beside }: Tile, figure: Figure): void {
  setText(value, figure.value);
  setText(unit, figure.unit);
  setText(beside, figure.beside);
  // The line may be cut short where there is little room.
  if (beside.title !== figure.beside) beside.title = figure.beside;
  node.classList.toggle("alarming", figure.isAlarming === true);
}
