/** Where rebalances stand on a recording's time. */

import type { LogEntry } from "../../model/moment.js";

/** From one part of the time to another, 0..1. */
export interface Mark {
  readonly from: number;
  readonly to: number;
}

/** Marks nearer to each other than this are one: nobody could tell them apart. */
const APART = 1 / 500;

/** One for each rebalance, in the order of time; one that never ended lasts to the end, or to the next. */
export function marksOf(entries: readonly LogEntry[], end: number): Mark[] {
  const marks: { from: number; to: number }[] = [];
  if (end <= 0) return marks;
  let start: number | undefined;
  const close = (at: number): void => {
    if (start === undefined) return;
    const mark = { from: start / end, to: Math.min(at / end, 1) };
    const last = marks.at(-1);
    if (last !== undefined && mark.from - last.to < APART) last.to = mark.to;
    else marks.push(mark);
    start = undefined;
  };
  for (const { kind, time } of entries) {
    if (kind === "rebalanceStarted") {
      close(time);
      start = time;
    } else if (kind === "rebalanceEnded") close(time);
  }
  close(end);
  return marks;
}
