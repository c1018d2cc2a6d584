/** What is new since the last time: counters and buckets as differences, within one life of a monitor. */

import type { Histogram } from "../../snapshot-schema.js";

/** Durations by bucket: OpenTelemetry's index; what is below all buckets, and above. */
export type BucketCounts = Map<number, number>;
export const BELOW = Number.NEGATIVE_INFINITY;
export const ABOVE = Number.POSITIVE_INFINITY;

/** Where names go that a monitor keeps no more: those over its limit, and those long idle. */
const OTHER = "(other)";

/** What it takes to compare and to subtract. */
interface Arithmetic<T> {
  total(value: T): number;
  /** now - before - folded, nowhere below 0; `undefined` where nothing is new. */
  growth(now: T, before: T | undefined, folded: readonly T[]): T | undefined;
}

const whole: Arithmetic<number> = {
  total: (value) => value,
  growth(now, before = 0, folded) {
    const delta = folded.reduce((rest, value) => rest - value, now - before);
    return delta > 0 ? delta : undefined;
  },
};

const byBucket: Arithmetic<ScaledCounts> = {
  total: ({ counts }) => [...counts.values()].reduce((sum, count) => sum + count, 0),
  growth(now, before, folded) {
    const counts: BucketCounts = new Map();
    const earlier = [...(before === undefined ? [] : [before]), ...folded];
    // Only merged snapshots change their scale: what is new cannot be told once.
    if (earlier.some(({ scale }) => scale !== now.scale)) return undefined;
    for (const [bucket, count] of now.counts) {
      const delta = earlier.reduce((rest, value) => rest - (value.counts.get(bucket) ?? 0), count);
      if (delta > 0) counts.set(bucket, delta);
    }
    return counts.size === 0 ? undefined : { scale: now.scale, counts };
  },
};

interface ScaledCounts {
  readonly scale: number;
  readonly counts: BucketCounts;
}

/** The last values of one family, and what came on top of them. */
class FamilyState<T> {
  /** By all labels but the last, for names fold within those; then by the last. */
  #groups = new Map<string, Map<string, T>>();
  readonly #arithmetic: Arithmetic<T>;
  readonly #isOneLife: boolean;

  constructor(arithmetic: Arithmetic<T>, isOneLife: boolean) {
    this.#arithmetic = arithmetic;
    this.#isOneLife = isOneLife;
  }

  /**
   * Growth of each series, in their order. A series that is gone was folded into `(other)`, whose count
   * rose by it: that is taken off again, for it was told before. One that is less than it was folded and
   * came again; where many lives are merged, a life has left instead, and nothing is new.
   */
  advance(series: readonly (readonly [labels: readonly string[], value: T])[]): (T | undefined)[] {
    const groups = new Map<string, Map<string, T>>();
    const places = series.map(([labels, value]) => {
      const outer = JSON.stringify(labels.slice(0, -1));
      const inner = labels.at(-1) ?? "";
      let group = groups.get(outer);
      if (group === undefined) groups.set(outer, (group = new Map()));
      group.set(inner, value);
      return [outer, inner, value] as const;
    });
    const deltas = places.map(([outer, inner, value]) => {
      const before = this.#groups.get(outer);
      const folded = inner === OTHER && before !== undefined ? this.#folded(before, groups.get(outer)) : [];
      const earlier = before?.get(inner);
      return this.#arithmetic.growth(value, this.#isNew(value, earlier) ? undefined : earlier, folded);
    });
    this.#groups = groups;
    return deltas;
  }

  /** Whether a series has begun again since. */
  #isNew(now: T | undefined, before: T | undefined): boolean {
    if (before === undefined) return true;
    return now !== undefined && this.#isOneLife && this.#arithmetic.total(now) < this.#arithmetic.total(before);
  }

  #folded(before: ReadonlyMap<string, T>, now: ReadonlyMap<string, T> | undefined): T[] {
    return Array.from(before).flatMap(([label, value]) => {
      const same = now?.get(label);
      return label !== OTHER && (same === undefined || this.#isNew(same, value)) ? [value] : [];
    });
  }
}

/** Labels and what they count. */
export type CountSeries = readonly (readonly [labels: readonly string[], value: number])[];
export type HistogramSeries = readonly (readonly [labels: readonly string[], value: Histogram])[];

/** All counters and histograms of one life, as they were told last. */
export class LifeDeltas {
  readonly #isOneLife: boolean;
  readonly #counters = new Map<string, FamilyState<number>>();
  readonly #histograms = new Map<string, FamilyState<ScaledCounts>>();

  /** Of one monitor, where a count that falls has a reason, or of many merged. */
  constructor(isOneLife: boolean) {
    this.#isOneLife = isOneLife;
  }

  /** What each counter of a family grew by; 0 where it did not. */
  counters(family: string, series: CountSeries): number[] {
    let state = this.#counters.get(family);
    if (state === undefined) this.#counters.set(family, (state = new FamilyState(whole, this.#isOneLife)));
    return state.advance(series).map((delta) => delta ?? 0);
  }

  /** What each histogram of a family got: empty where it got nothing. */
  histograms(family: string, series: HistogramSeries): BucketCounts[] {
    let state = this.#histograms.get(family);
    if (state === undefined) this.#histograms.set(family, (state = new FamilyState(byBucket, this.#isOneLife)));
    const counted = series.map(([labels, value]) => [labels, { scale: value.scale, counts: countsOf(value) }] as const);
    return state.advance(counted).map((delta) => delta?.counts ?? new Map<number, number>());
  }
}

function countsOf(histogram: Histogram): BucketCounts {
  const counts: BucketCounts = new Map();
  if (histogram.below > 0) counts.set(BELOW, histogram.below);
  histogram.buckets.forEach((count, place) => {
    if (count > 0) counts.set(histogram.offset + place, count);
  });
  if (histogram.above > 0) counts.set(ABOVE, histogram.above);
  return counts;
}
