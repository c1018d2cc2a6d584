/** Our histograms as OpenTelemetry's: exponential, which they are already, or with explicit bounds. */

import type { Histogram } from "../../snapshot-schema.js";
import type { ExplicitHistogramLike, ExponentialHistogramLike } from "./types.js";

/** Powers of two at which buckets of every scale end: 2^-20 s (1 us) to 2^10 s (17 minutes). */
const LOWEST = -20;
const BOUNDARIES: readonly number[] = Array.from({ length: 31 }, (_, place) => 2 ** (LOWEST + place));

/** 2^20 s are twelve days: what took longer counts there, so that no duration makes millions of buckets. */
const GREATEST = 2 ** 20;

/**
 * The same histogram: scale, offset and every bucket as they are, and count = zeroCount + sum of buckets.
 *
 * - `below` (up to 2^-20 s, 1 us) becomes `zeroCount`.
 * - `above` (over 2^10 s, 17 minutes) goes into the bucket of the greatest: each was over 1,024 s and at most `max`, and
 *   a quantile that falls among them is `max`, as it is in ours.
 */
export function exponentialHistogram(histogram: Histogram): ExponentialHistogramLike {
  const { count, below, above, scale, max } = histogram;
  const positive = { offset: histogram.offset, bucketCounts: [...histogram.buckets] };
  if (above > 0) {
    const index = bucketIndex(Math.min(max ?? GREATEST, GREATEST), scale);
    if (positive.bucketCounts.length === 0) positive.offset = index;
    const place = index - positive.offset;
    while (positive.bucketCounts.length <= place) positive.bucketCounts.push(0);
    positive.bucketCounts[place] = (positive.bucketCounts[place] ?? 0) + above;
  }
  return {
    count,
    scale,
    zeroCount: below,
    positive,
    negative: { offset: 0, bucketCounts: [] },
    ...extremes(histogram),
  };
}

/** The same durations by powers of two: coarser, for exporters without exponential histograms, but each count exact. */
export function explicitHistogram(histogram: Histogram): ExplicitHistogramLike {
  const counts = new Array<number>(BOUNDARIES.length + 1).fill(0);
  const add = (place: number, count: number): void => {
    counts[place] = (counts[place] ?? 0) + count;
  };
  add(0, histogram.below);
  histogram.buckets.forEach((count, place) => {
    const exponent = Math.ceil((histogram.offset + place + 1) / 2 ** histogram.scale);
    add(exponent - LOWEST, count);
  });
  add(BOUNDARIES.length, histogram.above);
  return { buckets: { boundaries: [...BOUNDARIES], counts }, count: histogram.count, ...extremes(histogram) };
}

function extremes({ sum, min, max }: Histogram): { sum?: number; min?: number; max?: number } {
  return { ...(sum === null ? {} : { sum }), ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) };
}

/** Index of the bucket of a value: over base^index, up to base^(index + 1). */
function bucketIndex(value: number, scale: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1;
}
