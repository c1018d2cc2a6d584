/** Points of equal length, one after the other: always a bounded number of them. */

import { joined, type Point } from "./point.js";

/** What to do where there are too many. */
export type Overflow = "forgetOldest" | "doubleStep";

export class Track {
  readonly #most: number;
  readonly #overflow: Overflow;
  readonly #firstStep: number;
  #step: number;
  #points: Point[] = [];

  /** @param step seconds: points that end within the same multiple of it are one. */
  constructor(step: number, most: number, overflow: Overflow) {
    this.#step = this.#firstStep = step;
    this.#most = most;
    this.#overflow = overflow;
  }

  /** In the order of time. The newest may still grow. */
  get points(): readonly Point[] {
    return this.#points;
  }

  /** Seconds that a point covers. */
  get step(): number {
    return this.#step;
  }

  add(point: Point): void {
    this.#append(this.#points, point);
    while (this.#points.length > this.#most) {
      if (this.#overflow === "forgetOldest") this.#points.shift();
      else {
        this.#step *= 2;
        const wider: Point[] = [];
        for (const one of this.#points) this.#append(wider, one);
        this.#points = wider;
      }
    }
  }

  clear(): void {
    this.#points = [];
    this.#step = this.#firstStep;
  }

  #append(points: Point[], point: Point): void {
    const last = points.at(-1);
    if (last !== undefined && this.#slot(last.time) === this.#slot(point.time)) points[points.length - 1] = joined(last, point);
    else points.push(point);
  }

  /** A point that ends at a multiple of the step ends its slot. */
  #slot(time: number): number {
    return Math.ceil(time / this.#step - 1e-6);
  }
}
