/** The rebalances of a group, out of those of its workers; and workers that started again. */

import type { LogEntry } from "../../model/moment.js";

/** Entries kept: the newest. */
const MOST_ENTRIES = 2000;

export class Journal {
  #entries: LogEntry[] = [];
  #number = 0;
  /** Workers that a rebalance goes on in. */
  readonly #open = new Set<string>();
  #since = 0;
  #rebalances = 0;

  /** The newest 2,000, in the order of time. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** How many were written in all. */
  get written(): number {
    return this.#number;
  }

  /** How often the group was rebalanced so far. */
  get rebalances(): number {
    return this.#rebalances;
  }

  /** Hears of a worker's call. */
  hear(label: string, call: string, time: number): void {
    if (call === "on_rebalance_start") {
      // One that was in it already never heard of its end: this is another.
      if (this.#open.size === 0 || this.#open.has(label)) this.#start(time);
      this.#open.add(label);
    } else if (call === "on_rebalance_end" && this.#open.delete(label) && this.#open.size === 0) {
      this.#write(time, "rebalanceEnded", null, `rebalance ${this.#rebalances} is over after ${(time - this.#since).toFixed(2)} s`);
    }
  }

  /** A worker ended, and began anew under the same name. */
  restarted(label: string, worker: number, name: string, time: number): void {
    this.#open.delete(label);
    this.#write(time, "workerRestarted", worker, `${name} starts again`);
  }

  #start(time: number): void {
    this.#open.clear();
    this.#since = time;
    this.#rebalances += 1;
    this.#write(time, "rebalanceStarted", null, `rebalance ${this.#rebalances} starts`);
  }

  #write(time: number, kind: string, worker: number | null, text: string): void {
    this.#entries.push({ number: this.#number, time, kind, worker, text });
    this.#number += 1;
    if (this.#entries.length > 2 * MOST_ENTRIES) this.#entries = this.#entries.slice(-MOST_ENTRIES);
  }
}
