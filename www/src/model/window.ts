/** Which span of virtual time the charts show, and what of it is shaded. */

import type { Sample } from "./sample.js";

/** The samples that an empty chart has room for. */
const ROOM = 150;

export interface Window {
  readonly from: number;
  readonly to: number;
  /** The rebalances. */
  readonly shaded: readonly (readonly [number, number])[];
}

/** From the oldest sample to the newest; while there are few, as far as `ROOM` of them will reach. */
export function shownWindow(samples: readonly Sample[], interval: number): Window {
  const from = samples[0]?.time ?? 0;
  const last = samples.at(-1)?.time ?? 0;
  return { from, to: Math.max(last, from + ROOM * interval), shaded: rebalances(samples) };
}

function rebalances(samples: readonly Sample[]): [number, number][] {
  const spans: [number, number][] = [];
  let start: number | undefined;
  for (const { time, isRebalancing } of samples) {
    if (isRebalancing) start ??= time;
    else if (start !== undefined) {
      spans.push([start, time]);
      start = undefined;
    }
  }
  if (start !== undefined) spans.push([start, samples.at(-1)!.time]);
  return spans;
}
