/** How fast partitions fill and empty: the difference of two moments. */

import type { Moment, TopicPartition } from "./moment.js";

export interface Flow {
  /** Records written per second. */
  readonly arriving: number | null;
  /** Records fetched per second. */
  readonly leaving: number | null;
}

/** By `keyOf`. */
export type Flows = ReadonlyMap<string, Flow>;

export const keyOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;

/** Empty unless both have figures, and time passed between them. */
export function flowsBetween(earlier: Moment | undefined, later: Moment | undefined): Flows {
  const flows = new Map<string, Flow>();
  if (earlier?.snapshot === undefined || later?.snapshot === undefined || later.time <= earlier.time) return flows;
  const seconds = later.time - earlier.time;
  const before = new Map(earlier.snapshot.partitions.map((partition) => [keyOf(partition), partition]));
  const speed = (from: number | null | undefined, to: number | null): number | null =>
    from === null || from === undefined || to === null ? null : Math.max(to - from, 0) / seconds;
  for (const partition of later.snapshot.partitions) {
    const was = before.get(keyOf(partition));
    flows.set(keyOf(partition), { arriving: speed(was?.end, partition.end), leaving: speed(was?.position, partition.position) });
  }
  return flows;
}
