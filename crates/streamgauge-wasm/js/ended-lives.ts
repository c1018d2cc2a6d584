/** Lives of workers that ended, kept in bounded room: whoever gathers snapshots sees as many as workers crash. */

import type { Snapshot } from "./snapshot-schema.js";

/** `merge` of `streamgauge/snapshot`. */
export type Merge = (snapshots: Iterable<Snapshot>) => Snapshot;

/** What tells two lives of a worker apart that began at once. Seconds. */
export const INSTANT = 0.001;

/** Lives that ended as one that ended: their counters and histograms together. Its gauges do not count. */
export function asOneLife(lives: readonly Snapshot[], merge: Merge): Snapshot {
  const worker = "ended";
  let last = Number.NEGATIVE_INFINITY;
  const ofOneWorker = [...lives]
    .sort((one, other) => one.since - other.since)
    .map((life) => {
      last = Math.max(life.since, last + INSTANT);
      return { ...life, worker, since: last };
    });
  const { sequence } = ofOneWorker.at(-1)!;
  return { ...merge(ofOneWorker), worker, sequence, merged: [], partitions: [] };
}
