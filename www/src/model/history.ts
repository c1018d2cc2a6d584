/** What was read so far, thinned out as it grows: always the whole run, in bounded memory. */

import type { Moment } from "./moment.js";

/** So many at most. */
const MOST = 600;

export class History {
  #moments: Moment[] = [];

  /** In the order of time. */
  get moments(): readonly Moment[] {
    return this.#moments;
  }

  get last(): Moment | undefined {
    return this.#moments.at(-1);
  }

  add(moment: Moment): void {
    const last = this.#moments.at(-1);
    if (last !== undefined && moment.time <= last.time) this.#moments[this.#moments.length - 1] = moment;
    else this.#moments.push(moment);
    if (this.#moments.length > MOST) this.#moments = this.#moments.filter((_, place) => place % 2 === 0 || place === MOST);
  }

  /** These and no others. */
  fill(moments: readonly Moment[]): void {
    this.#moments = [...moments];
  }

  clear(): void {
    this.#moments = [];
  }
}
