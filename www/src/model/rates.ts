/** Rates: how fast totals grew, over the virtual time that really passed. */

import type { Sample } from "./sample.js";

/** Shorter spans of virtual time give a rate that jumps about. */
const LEAST_SPAN = 2;
/** So do spans of few samples, at high speed. */
const LEAST_SAMPLES = 4;

/** Where the span of a rate begins: the newest sample that is old enough, or the first there is. */
export function spanStart(samples: readonly Sample[], end = samples.length - 1): Sample | undefined {
  const last = samples[end];
  if (last === undefined) return undefined;
  let start = end;
  while (start > 0 && (last.time - samples[start]!.time < LEAST_SPAN || end - start < LEAST_SAMPLES)) start -= 1;
  return samples[start];
}

/** Growth per second between two samples; unknown where no time passed. */
export function growth(from: Sample | undefined, to: Sample | undefined, total: (sample: Sample) => number): number | undefined {
  if (from === undefined || to === undefined || to.time <= from.time) return undefined;
  return (total(to) - total(from)) / (to.time - from.time);
}
