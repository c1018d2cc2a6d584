/** What is kept of a trace while it is read: readings over all of its time, in bounded room. */

/** So many are kept at most. */
export const MOST_CHECKPOINTS = 600;
/** Bytes that they may take together. */
export const MOST_BYTES = 32 * 2 ** 20;
/** Seconds between two at first: the monitors sample once a second. */
const FIRST_INTERVAL = 0.25;

export interface Sized {
  /** Seconds since the trace began. */
  readonly time: number;
  /** What it takes, about. */
  readonly bytes: number;
}

/** Where there are too many, every other one goes, and from then on they are kept half as often. */
export class Checkpoints<T extends Sized> {
  #kept: T[] = [];
  #bytes = 0;
  #interval = FIRST_INTERVAL;
  #due = 0;

  /** In the order of time. */
  get all(): readonly T[] {
    return this.#kept;
  }

  /** Seconds between two, at least. */
  get interval(): number {
    return this.#interval;
  }

  /** Whether one is due before what happens at this time. */
  isDue(time: number): boolean {
    return time >= this.#due;
  }

  /** Keeps one; in place of the last, where that was of the same time. @param until the time up to which it holds: of what happens next. */
  add(checkpoint: T, until = checkpoint.time): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && last.time >= checkpoint.time) {
      this.#bytes -= last.bytes;
      this.#kept.pop();
    }
    this.#kept.push(checkpoint);
    this.#bytes += checkpoint.bytes;
    while (this.#kept.length > 2 && (this.#kept.length > MOST_CHECKPOINTS || this.#bytes > MOST_BYTES)) this.#thin();
    this.#due = (Math.floor(until / this.#interval) + 1) * this.#interval;
  }

  /** The first one stays: it shows where the recording begins. */
  #thin(): void {
    // The newest stays: it says what came of it all.
    const last = this.#kept.length - 1;
    this.#kept = this.#kept.filter((_, place) => place % 2 === 0 || place === last);
    this.#bytes = this.#kept.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#interval *= 2;
  }
}
