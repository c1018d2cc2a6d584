/** Durations of buckets as values with weights, which is how a StatsD server can take them. */

import type { Histogram } from "../../snapshot-schema.js";
import { ABOVE, BELOW, type BucketCounts } from "./deltas.js";

/** A duration in seconds that stands for so many. */
export interface Weighted {
  readonly seconds: number;
  readonly weight: number;
}

/**
 * One value for each bucket that got something, shortest first: its point of least relative error, within
 * the histogram's least and greatest. What has no bucket stands for itself as the least, or the greatest.
 */
export function valuesOf(histogram: Histogram, counts: BucketCounts): Weighted[] {
  const least = histogram.min ?? 0;
  const greatest = histogram.max ?? least;
  const inOrder = [...counts].sort(([a], [b]) => a - b);
  return inOrder.map(([bucket, weight]) => {
    if (bucket === BELOW) return { seconds: least, weight };
    if (bucket === ABOVE) return { seconds: greatest, weight };
    const lower = 2 ** (bucket * 2 ** -histogram.scale);
    const upper = 2 ** ((bucket + 1) * 2 ** -histogram.scale);
    const point = (2 * lower * upper) / (lower + upper);
    return { seconds: Math.min(Math.max(point, least), greatest), weight };
  });
}

/**
 * At most `most` of them, evenly by rank: each stands for as many of its neighbours as fall to it, so
 * that the weights still add up to all, exactly. Nothing is left to chance.
 */
export function thinned(values: readonly Weighted[], most: number): Weighted[] {
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  const kept = Math.min(total, most);
  const samples: Weighted[] = [];
  let place = 0;
  let reached = values[0]?.weight ?? 0;
  for (let taken = 0; taken < kept; taken += 1) {
    const first = Math.floor((taken * total) / kept);
    const after = Math.floor(((taken + 1) * total) / kept);
    const middle = Math.floor((first + after - 1) / 2);
    while (middle >= reached && place < values.length - 1) {
      place += 1;
      reached += values[place]?.weight ?? 0;
    }
    samples.push({ seconds: values[place]?.seconds ?? 0, weight: after - first });
  }
  return samples;
}

/** Values by weight, for those of one weight can share a line. */
export function byWeight(values: readonly Weighted[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const { seconds, weight } of values) {
    const group = groups.get(weight);
    if (group === undefined) groups.set(weight, [seconds]);
    else group.push(seconds);
  }
  return groups;
}
