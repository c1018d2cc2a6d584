/** Partitions, as the workers' `asdict()` tell of them. */

import type { AsDict } from "streamgauge/sim";

/** A partition and who owns it. */
export interface Owned {
  readonly topic: string;
  readonly partition: number;
  /** The number of the worker. */
  readonly owner: number;
}

/** What is known of a partition. Offsets are unknown from the start of a rebalance to its end. */
export interface PartitionFigures extends Owned {
  /** The offset committed last: the next to be read by whoever takes over. */
  readonly committed: number | undefined;
  /** The offset read last. */
  readonly read: number | undefined;
  /** The end offset: the next to be written. */
  readonly end: number | undefined;
  /** Records written but not yet read. */
  readonly lag: number | undefined;
}

type Offsets = Record<string, Record<string, number>>;

function offsetOf(offsets: Offsets | undefined, topic: string, partition: number): number | undefined {
  // A topic may have any name: only own keys count.
  if (offsets === undefined || !Object.hasOwn(offsets, topic)) return undefined;
  return offsets[topic]?.[partition];
}

/** The end offset less the next to be read: one after the last read, or the committed one before any was read. */
export function lagOf(read: number | undefined, committed: number | undefined, end: number | undefined): number | undefined {
  const next = read === undefined ? committed : read + 1;
  return end === undefined || next === undefined ? undefined : Math.max(0, end - next);
}

/** The figures of every partition, by topic and number. `dicts` are those of the workers, by number. */
export function partitionFigures(owned: readonly Owned[], dicts: readonly AsDict[]): PartitionFigures[] {
  const figures = owned.map(({ topic, partition, owner }) => {
    const dict = dicts[owner];
    const committed = offsetOf(dict?.topic_committed_offsets, topic, partition);
    const read = offsetOf(dict?.topic_read_offsets, topic, partition);
    const end = offsetOf(dict?.topic_end_offsets, topic, partition);
    return { topic, partition, owner, committed, read, end, lag: lagOf(read, committed, end) };
  });
  return figures.sort((a, b) => compareText(a.topic, b.topic) || a.partition - b.partition);
}

/** The sum of the lags; unknown where one of them is. */
export function totalLag(partitions: readonly PartitionFigures[]): number | undefined {
  let total = 0;
  for (const { lag } of partitions) {
    if (lag === undefined) return undefined;
    total += lag;
  }
  return total;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
