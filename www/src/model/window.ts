/** Which span of time the charts show. */

/** Seconds; 0 stands for the whole run. */
export type Range = 60 | 300 | 0;

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Few readings make no curve: a range is as long as this many of them at least. */
const LEAST_READINGS = 40;
/** A run that has just begun has this much room, in seconds. */
const ROOM = 60;
/** The shortest span to zoom into, in seconds. */
const LEAST_SPAN = 2;

/**
 * @param interval seconds from one reading to the next.
 * @param start when the run begins, as far as it is known.
 */
export function shownWindow(range: Range, newest: number, interval: number, zoom: Window | undefined, start = 0): Window {
  if (zoom !== undefined) return zoom;
  const length = range === 0 ? Infinity : Math.max(range, interval * LEAST_READINGS);
  const from = Math.max(newest - length, start);
  return { from, to: Math.max(newest, from + Math.min(length, ROOM)) };
}

/** A part of what is shown, chosen by hand; undefined where that is too short to be meant. */
export function zoomed(one: number, other: number): Window | undefined {
  const from = Math.max(Math.min(one, other), 0);
  const to = Math.max(one, other);
  return to - from < LEAST_SPAN ? undefined : { from, to };
}

/** Closer (`factor` below 1) or farther around a time that keeps its place, no farther than `widest`. */
export function scaled({ from, to }: Window, factor: number, around: number, widest: Window): Window | undefined {
  const next = zoomed(around - (around - from) * factor, around + (to - around) * factor);
  if (next === undefined) return { from, to };
  return next.from <= widest.from && next.to >= widest.to ? undefined : { from: Math.max(next.from, 0), to: Math.min(next.to, widest.to) };
}
