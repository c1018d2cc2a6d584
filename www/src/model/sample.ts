/** One reading of everything there is to read, at a moment of virtual time. */

import type { AsDict, SimulationCounts } from "streamgauge/sim";
import { partitionFigures, totalLag, type Owned, type PartitionFigures } from "./partitions.js";

/** What is read from one worker. */
export interface WorkerReading {
  readonly dict: AsDict;
  /** The newest event's run time; `undefined` before the first. */
  readonly newestRuntime: number | undefined;
  readonly isSlow: boolean;
}

export interface Sample {
  /** Virtual seconds. */
  readonly time: number;
  readonly counts: SimulationCounts;
  readonly workers: readonly WorkerReading[];
  readonly partitions: readonly PartitionFigures[];
  /** Records written but not yet read; unknown during a rebalance. */
  readonly lag: number | undefined;
  /** Events that went out of every worker's streams. */
  readonly handled: number;
  readonly isRebalancing: boolean;
}

/** What a simulation offers to be read; `Simulation` does. */
export interface Readable {
  readonly now: number;
  readonly counts: SimulationCounts;
  readonly isRebalancing: boolean;
  readonly workers: readonly {
    readonly id: number;
    readonly owned: readonly { readonly topic: string; readonly partition: number }[];
    readonly isSlow: boolean;
    readonly eventsRuntime: readonly number[];
    asdict(): AsDict;
  }[];
}

export function read(simulation: Readable): Sample {
  const workers = simulation.workers.map((worker) => ({
    dict: worker.asdict(),
    newestRuntime: worker.eventsRuntime.at(-1),
    isSlow: worker.isSlow,
  }));
  const owned = simulation.workers.flatMap((worker): Owned[] =>
    worker.owned.map(({ topic, partition }) => ({ topic, partition, owner: worker.id })),
  );
  const dicts = workers.map((worker) => worker.dict);
  const partitions = partitionFigures(owned, dicts);
  return {
    time: simulation.now,
    counts: simulation.counts,
    workers,
    partitions,
    lag: totalLag(partitions),
    handled: sum(dicts, (dict) => dict.events_total - dict.events_active),
    isRebalancing: simulation.isRebalancing,
  };
}

export function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}
