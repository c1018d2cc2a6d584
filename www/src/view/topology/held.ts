/** What changes slowly, drawn apart and laid under what moves: boxes, names and figures of a thousand partitions cost too much for every frame. */

import { element } from "../dom.js";
import type { Frame } from "./frame.js";
import { Pen } from "./pen.js";

/** Milliseconds for which it stays: figures that change faster cannot be read. */
export const HOLD = 100;

type Part = (pen: Pen, frame: Frame) => void;

export class Held {
  readonly #pen: Pen;
  #key: readonly unknown[] = [];
  #drawnAt = -Infinity;
  /** Whether what is laid there now was drawn for an earlier frame. */
  isOld = false;

  constructor({ palette }: Pen) {
    this.#pen = new Pen(element("canvas").getContext("2d")!, palette);
  }

  /** Next time it is drawn anew. */
  forget(): void {
    this.#pen.forget();
    this.#key = [];
  }

  draw({ context: onto, palette }: Pen, frame: Frame, ...parts: readonly Part[]): void {
    const { canvas } = onto;
    const { context } = this.#pen;
    const { clock, geometry, selected, scene } = frame;
    const key = [geometry, palette, canvas.width, canvas.height, selected?.kind, selected?.place, scene.isRebalancing, scene.workers.length];
    this.isOld = clock - this.#drawnAt < HOLD && key.every((part, place) => part === this.#key[place]);
    if (!this.isOld) {
      this.#key = key;
      this.#drawnAt = clock;
      this.#pen.palette = palette;
      // Its size alone empties it.
      context.canvas.width = canvas.width;
      context.canvas.height = canvas.height;
      this.#pen.reset();
      context.setTransform(onto.getTransform());
      for (const part of parts) part(this.#pen, frame);
    }
    onto.drawImage(context.canvas, 0, 0, geometry.width, geometry.height);
  }
}
