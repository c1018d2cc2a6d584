/** A status as a pill: a shape, a word and a colour, so that none of them has to be seen to know it. */

import type { Status } from "streamgauge";
import { element, setText } from "../dom.js";

/** Paths in a square of 12: a tick, a triangle, a square, two bars, two triangles to the left. */
const SHAPES: Readonly<Record<Status | "unknown", string>> = {
  ok: "M1.6 6.4 4.8 9.6 10.6 2.8",
  warn: "M6 1.2 11.2 10.8H.8Z",
  stop: "M1.8 1.8h8.4v8.4H1.8Z",
  stall: "M2.2 1.5h2.4v9H2.2ZM7.4 1.5h2.4v9H7.4Z",
  rewind: "M6 1.6v8.8L.6 6ZM11.4 1.6v8.8L6 6Z",
  unknown: "M2 5.2h8v1.6H2Z",
};
const SVG = "http://www.w3.org/2000/svg";

export class StatusPill {
  readonly root = element("span");
  readonly #path = document.createElementNS(SVG, "path");
  readonly #word = element("span");

  constructor(status?: Status) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 12 12");
    svg.setAttribute("aria-hidden", "true");
    svg.append(this.#path);
    this.root.append(svg, this.#word);
    this.show(status);
  }

  /** Undefined where it is not known. */
  show(status: Status | undefined): void {
    const name = status ?? "unknown";
    if (this.root.dataset["status"] === name) return;
    this.root.dataset["status"] = name;
    this.root.className = `pill pill-${name}`;
    this.#path.setAttribute("d", SHAPES[name]);
    setText(this.#word, name);
  }
}
