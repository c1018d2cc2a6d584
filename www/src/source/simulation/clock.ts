/** Virtual time that passes up to exact moments, in slices of real time. */

/** What of a simulation passes time. */
export interface Passing {
  readonly now: number;
  advance(seconds: number): void;
}

/** The longest that a simulation may advance in one call. */
const LONGEST_ADVANCE = 86_400;
/** A slice grows at most by this much: the next moment may be a burst. */
const GROWTH = 2;

/** The page's clock stands on whole milliseconds: times are short in a link, and exact. */
export const milliseconds = (seconds: number): number => Math.round(seconds * 1000);
export const secondsOf = (milliseconds: number): number => milliseconds / 1000;

/** Lets time pass up to `time`, to the bit: `now + (time - now)` alone may miss it by one. */
export function advanceTo(simulation: Passing, time: number): void {
  while (simulation.now < time) {
    const left = time - simulation.now;
    // A difference is exact from 0, and of numbers within a factor of two.
    const isExact = simulation.now === 0 || left <= simulation.now;
    simulation.advance(Math.min(isExact ? left : left / 2, LONGEST_ADVANCE));
  }
}

/** How much virtual time fits into some real time, from what the last slice took. */
export class Pacer {
  /** Virtual milliseconds in a real one. */
  #speed = 1;

  /** Virtual milliseconds that should take so many real ones: one at least, so that time passes. */
  slice(real: number): number {
    return Math.max(Math.floor(this.#speed * real), 1);
  }

  took(virtual: number, real: number): void {
    // A clock that is too coarse to see the slice says no more than that it was short.
    this.#speed = Math.min(virtual / Math.max(real, 0.05), this.#speed * GROWTH);
  }
}
