/** What happened between two readings of a histogram, in its own buckets. */

import type { Histogram } from "streamgauge";

/** Durations of a span of time, counted in buckets. */
export interface Distribution {
  /** OpenTelemetry's: bucket `i` is over 2^(i/2^scale) and up to 2^((i+1)/2^scale) seconds. */
  readonly scale: number;
  /** All of them. */
  readonly count: number;
  /** Too short for a bucket. */
  readonly below: number;
  /** Too long for a bucket. */
  readonly above: number;
  /** Index of the first bucket. */
  readonly offset: number;
  readonly counts: Float64Array;
}

/** Where the buckets end, in seconds. */
const SHORTEST = 2 ** -20;
const LONGEST = 2 ** 10;

/** The lower bound of a bucket, in seconds. */
export const bound = (scale: number, index: number): number => 2 ** (index / 2 ** scale);

/** What was counted since; null where a count went back, which another life of the monitor does. */
export function difference(before: Histogram | null, after: Histogram | null): Distribution | null {
  if (after === null) return null;
  const { scale, offset, buckets } = after;
  // A monitor's scale never changes; that of a sum of different monitors could.
  if (before !== null && before.scale !== scale) return null;
  const counts = Float64Array.from(buckets);
  const below = after.below - (before?.below ?? 0);
  const above = after.above - (before?.above ?? 0);
  if (below < 0 || above < 0) return null;
  for (const [place, count] of (before?.buckets ?? []).entries()) {
    if (count === 0) continue;
    const at = before!.offset + place - offset;
    const left = (counts[at] ?? 0) - count;
    if (left < 0) return null;
    counts[at] = left;
  }
  return trimmed({ scale, below, above, offset, counts });
}

/** Both together. */
export function added(one: Distribution, other: Distribution): Distribution {
  if (one.scale !== other.scale) {
    const scale = Math.min(one.scale, other.scale);
    return added(coarser(one, scale), coarser(other, scale));
  }
  const offset = Math.min(one.offset, other.offset);
  const end = Math.max(one.offset + one.counts.length, other.offset + other.counts.length);
  const counts = new Float64Array(end - offset);
  for (const { offset: first, counts: more } of [one, other]) {
    for (let place = 0; place < more.length; place += 1) counts[first - offset + place]! += more[place]!;
  }
  return { scale: one.scale, count: one.count + other.count, below: one.below + other.below, above: one.above + other.above, offset, counts };
}

/**
 * The nearest-rank quantile in seconds, as a snapshot has it, but for the shortest and the longest duration, which
 * nobody knows of a difference; null where nothing happened.
 */
export function quantile({ scale, count, below, offset, counts }: Distribution, share: number): number | null {
  if (count === 0) return null;
  const rank = Math.max(Math.ceil(share * count - 1e-9), 1);
  let reached = below;
  if (rank <= reached) return SHORTEST;
  for (let place = 0; place < counts.length; place += 1) {
    reached += counts[place]!;
    if (rank <= reached) {
      const lower = bound(scale, offset + place);
      const upper = bound(scale, offset + place + 1);
      return (2 * lower * upper) / (lower + upper);
    }
  }
  return LONGEST;
}

/** In wider buckets, each of which holds whole narrower ones. */
function coarser(fine: Distribution, scale: number): Distribution {
  const shift = 2 ** (fine.scale - scale);
  const offset = Math.floor(fine.offset / shift);
  const counts = new Float64Array(Math.max(Math.floor((fine.offset + fine.counts.length - 1) / shift) - offset + 1, 0));
  for (let place = 0; place < fine.counts.length; place += 1) counts[Math.floor((fine.offset + place) / shift) - offset]! += fine.counts[place]!;
  return { ...fine, scale, offset, counts };
}

/** Without the empty buckets at both ends. */
function trimmed({ scale, below, above, offset, counts }: Omit<Distribution, "count">): Distribution {
  let first = 0;
  let end = counts.length;
  while (first < end && counts[first] === 0) first += 1;
  while (end > first && counts[end - 1] === 0) end -= 1;
  const kept = counts.slice(first, end);
  return { scale, count: kept.reduce((sum, count) => sum + count, below + above), below, above, offset: offset + first, counts: kept };
}
