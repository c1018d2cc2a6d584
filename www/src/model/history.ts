/** The newest samples, as the columns that charts draw. */

import { growth, spanStart } from "./rates.js";
import type { Sample } from "./sample.js";

/** A chart's data: the times, then one list for each line. A gap is null. */
export type Columns = [number[], ...(number | null)[][]];

/** How many samples are kept. */
export const CAPACITY = 600;

const orGap = (value: number | undefined): number | null => value ?? null;

export class History {
  readonly #samples: Sample[] = [];
  // Rates are worked out once, when their sample comes.
  readonly #arriving: (number | null)[] = [];
  readonly #handled: (number | null)[] = [];

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  add(sample: Sample): void {
    const last = this.last;
    // A second reading of the same moment (a command at a standstill) replaces the first.
    if (last !== undefined && sample.time <= last.time) {
      for (const list of [this.#samples, this.#arriving, this.#handled]) list.pop();
    }
    this.#samples.push(sample);
    const from = spanStart(this.#samples);
    this.#arriving.push(orGap(growth(from, sample, (one) => one.counts.produced)));
    this.#handled.push(orGap(growth(from, sample, (one) => one.handled)));
    if (this.#samples.length > CAPACITY) {
      for (const list of [this.#samples, this.#arriving, this.#handled]) list.shift();
    }
  }

  clear(): void {
    for (const list of [this.#samples, this.#arriving, this.#handled]) list.length = 0;
  }

  get #times(): number[] {
    return this.#samples.map((sample) => sample.time);
  }

  /** Records appended and records handled, per second. */
  throughput(): Columns {
    return [this.#times, [...this.#arriving], [...this.#handled]];
  }

  /** For each worker Faust's median, then for each the newest. A log scale has no place for 0. */
  runtime(workers: number): Columns {
    const positive = (value: number | undefined): number | null => (value !== undefined && value > 0 ? value : null);
    const medians = this.#byWorker(workers, (sample, worker) => positive(sample.workers[worker]?.dict.events_runtime_avg));
    const newest = this.#byWorker(workers, (sample, worker) => positive(sample.workers[worker]?.newestRuntime));
    return [this.#times, ...medians, ...newest];
  }

  /** Messages in flight, for each worker. */
  inFlight(workers: number): Columns {
    const active = this.#byWorker(workers, (sample, worker) => orGap(sample.workers[worker]?.dict.messages_active));
    return [this.#times, ...active];
  }

  totalLag(): Columns {
    return [this.#times, this.#samples.map((sample) => orGap(sample.lag))];
  }

  /** The lag of each partition, in the order of `Sample.partitions`. */
  lagByPartition(partitions: number): Columns {
    const lags = Array.from({ length: partitions }, (_, place) =>
      this.#samples.map((sample) => orGap(sample.partitions[place]?.lag)),
    );
    return [this.#times, ...lags];
  }

  #byWorker(workers: number, figure: (sample: Sample, worker: number) => number | null): (number | null)[][] {
    return Array.from({ length: workers }, (_, worker) => this.#samples.map((sample) => figure(sample, worker)));
  }
}
